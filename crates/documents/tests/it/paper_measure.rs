//! The layout of GB/T 9704-2012 measured on the rendered pages: a PDF is drawn by poppler at 20 dots a millimetre and
//! its ink is measured, so that nothing the writer believes of itself is taken for granted. The table is printed with
//! every measured value and its tolerance.

mod ink;

use crate::paper_support::{heading, sample, sample_table};
use bihuan_documents::paper::{Attachment, Block, Head, Imprint, Paper, Run, Sign};
use ink::{BLACK, DOTS, Drawn, Inked, Measured, RED, draw, tools};
use std::process::Command;

const WHOLE: (f64, f64, f64, f64) = (0.0, 0.0, 210.0, 297.0);
/// The type area, with a little more room than it has.
const AREA: (f64, f64, f64, f64) = (20.0, 30.0, 200.0, 263.5);

/// A page of nothing but one character that fills its square.
fn full_page() -> Paper {
    let line = "国".repeat(28);
    let text: String = line.repeat(70);
    let style = Block::Centred(vec![Run::new(text)]);
    Paper { blocks: vec![style], ..Paper::default() }
}

#[test]
fn a_full_page_has_the_standard_s_margins_and_grid() {
    let Some(fonts) = tools() else { return };
    let drawn = draw("grid", &full_page(), &fonts);
    let page = drawn.page(2);
    let mut table = Measured::default();
    table.value("paper width", 210.0, 0.2, page.width as f64 / DOTS);
    table.value("paper height", 297.0, 0.2, page.height as f64 / DOTS);
    let text = page.extent(BLACK, AREA).unwrap();
    table.value("top margin 天头, to the ink", 37.0, 1.0, text.top);
    table.value("left margin 订口, to the ink", 28.0, 1.0, text.left);
    table.value("right margin, to the ink", 26.0, 1.0, 210.0 - text.right);
    let rows = page.rows(BLACK, AREA);
    let lines: Vec<f64> = grouped(&rows, 4.0);
    table.value("lines of a full page (count)", 22.0, 0.0, lines.len() as f64);
    table.value(
        "line pitch 225 / 22",
        225.0 / 22.0,
        0.05,
        (lines[lines.len() - 1] - lines[0]) / (lines.len() - 1) as f64,
    );
    let first = (0.0, text.top - 0.5, 210.0, text.top + 6.0);
    let columns = grouped(&page.columns(BLACK, first), 3.0);
    table.value("characters of a line (count)", 28.0, 0.0, columns.len() as f64);
    table.value(
        "character pitch 156 / 28",
        156.0 / 28.0,
        0.03,
        (columns[columns.len() - 1] - columns[0]) / (columns.len() - 1) as f64,
    );
    let em = drawn_size(&drawn, 2);
    table.value("3号 in points", 16.0, 0.1, em);
    let last = rows.last().unwrap().1;
    table.value("type area bottom, last line within", 262.0, 5.0, last);
    number_at_the_edge(&mut table, &drawn);
    table.end("A full page");
}

/// Beginnings that lie at least so far apart.
fn grouped(runs: &[(f64, f64)], apart: f64) -> Vec<f64> {
    let mut out: Vec<f64> = Vec::new();
    for (from, _) in runs {
        if out.last().is_none_or(|last| from - last >= apart) {
            out.push(*from);
        }
    }
    out
}

/// Size of the type of a page's first text, as poppler reads it from the file.
fn drawn_size(drawn: &Drawn, page: usize) -> f64 {
    let page = page.to_string();
    let out = Command::new("pdftohtml")
        .args(["-xml", "-i", "-stdout", "-zoom", "3", "-f", &page, "-l", &page])
        .arg(drawn.folder.join("paper.pdf"))
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let size = text.split("<fontspec").nth(1).and_then(|spec| spec.split("size=\"").nth(1));
    size.and_then(|rest| rest.split('"').next()).and_then(|size| size.parse::<f64>().ok()).unwrap_or(0.0)
        / 3.0
}

/// Odd pages right, even pages left, one character in; the dash 7 mm below the type area.
fn number_at_the_edge(table: &mut Measured, drawn: &Drawn) {
    for (number, right) in [(1usize, true), (2, false)] {
        let page = drawn.page(number);
        let mark = page.extent(BLACK, (0.0, 264.0, 210.0, 280.0)).unwrap();
        let dash = page.extent(BLACK, (mark.left, 264.0, mark.left + 3.0, 280.0)).unwrap();
        let side = if right { "right" } else { "left" };
        table.value(
            &format!("page {number}: dash below the type area"),
            7.0,
            0.3,
            (dash.top + dash.bottom) / 2.0 - 262.0,
        );
        let offset = if right { 184.0 - mark.right } else { mark.left - 28.0 };
        table.value(&format!("page {number}: one character from the {side}"), 5.64, 0.8, offset);
        let width = mark.right - mark.left;
        table.value(&format!("page {number}: width of — {number} — in 4号"), 14.0, 4.5, width);
    }
}

#[test]
fn an_official_document_has_every_element_where_the_standard_wants_it() {
    let Some(fonts) = tools() else { return };
    let mut paper = sample();
    paper.title = vec!["关于整改情况的汇报".to_owned()];
    let drawn = draw("document", &paper, &fonts);
    let page = drawn.page(1);
    let mut table = Measured::default();
    let mark = page.extent(RED, (0.0, 37.0, 210.0, 100.0)).unwrap();
    table.value("mark: top edge below the type area's top", 35.0, 0.3, mark.top - 37.0);
    table.value("mark: centred, middle of the line", 106.0, 1.0, (mark.left + mark.right) / 2.0);
    let red = page.rules(RED, 150.0, (90.0, 200.0));
    table.value("red line: width", 156.0, 0.3, line_width(&page, RED, red[0].0));
    let serial = grouped(&page.rows(BLACK, (20.0, 30.0, 120.0, 70.0)), 5.0);
    table.value("份号 on the first line", 37.0, 1.5, serial[0]);
    table.value("标注 on the second line", 10.23, 1.0, serial[1] - serial[0]);
    table.value("紧急程度 on the third line", 10.23, 0.6, serial[2] - serial[1]);
    let serial_left = page.extent(BLACK, (20.0, 30.0, 120.0, 70.0)).unwrap();
    table.value("份号、标注、紧急程度 flush left", 28.0, 1.0, serial_left.left);
    let number = page.extent(BLACK, (20.0, mark.bottom + 2.0, 200.0, red[0].0 - 0.2)).unwrap();
    table.value("发文字号: two blank lines below the mark", 2.0 * 10.23, 3.0, number.top - mark.bottom);
    table.value("发文字号: centred", 106.0, 1.5, (number.left + number.right) / 2.0);
    table.value("red line 4 mm below 发文字号", 4.0, 0.8, red[0].0 - number.bottom);
    let title = page.extent(BLACK, (20.0, red[0].1 + 1.0, 200.0, red[0].1 + 32.0)).unwrap();
    table.value("title: two blank lines below the red line", 2.0 * 10.23, 1.5, title.top - red[0].1);
    table.value("title: centred", 106.0, 1.0, (title.left + title.right) / 2.0);
    table.value("title: 2号, height of its ink (22 pt)", 7.4, 0.8, title.bottom - title.top);
    let rest = grouped(&page.rows(BLACK, (20.0, title.bottom + 3.0, 200.0, 262.0)), 5.0);
    table.value("主送机关: one blank line below the title", 10.23, 3.0, rest[0] - title.bottom);
    let addressee = page.extent(BLACK, (20.0, rest[0] - 0.5, 200.0, rest[0] + 6.0)).unwrap();
    table.value("主送机关: flush left", 28.0, 1.0, addressee.left);
    let first = page.extent(BLACK, (20.0, rest[1] - 0.5, 200.0, rest[1] + 6.0)).unwrap();
    table.value("一、 indented by two characters", 28.0 + 2.0 * 5.57, 1.2, first.left);
    table.holds("正文 begins on the first page", "yes", rest.len() > 3);
    let third = page.extent(BLACK, (20.0, rest[3] - 0.5, 200.0, rest[3] + 6.0)).unwrap();
    table.value("正文: turned lines flush left", 28.0, 1.0, third.left);
    faces(&mut table, &drawn);
    last_page(&mut table, &drawn);
    tables(&mut table, &drawn);
    table.end("An official document");
}

fn line_width(page: &Inked, ink: u8, top: f64) -> f64 {
    let found = page.extent(ink, (0.0, top + 0.05, 210.0, top + 0.2)).unwrap();
    found.right - found.left
}

/// Which faces the levels are set in, as the file's fonts say.
fn faces(table: &mut Measured, drawn: &Drawn) {
    let out = Command::new("pdfinfo").arg(drawn.folder.join("paper.pdf")).output().unwrap();
    let info = String::from_utf8_lossy(&out.stdout).into_owned();
    for face in ["仿宋：", "小标宋：", "黑体：", "楷体：", "宋体："] {
        table.holds(&format!("the PDF names its font for {face}"), "yes", info.contains(face));
    }
    let fonts = line_fonts(drawn);
    for (level, begins, face) in [
        ("一、", "一、", "黑体"),
        ("（一）", "（一）", "楷体"),
        ("1.", "1.乡镇", "仿宋"),
        ("（1）", "（1）青", "仿宋"),
    ] {
        let named = info.split(&format!("{face}：")).nth(1).unwrap_or_default();
        let named = named.split(['，', '\n']).next().unwrap_or_default();
        let used = fonts.iter().find(|(text, _)| text.starts_with(begins)).map(|(_, font)| font.as_str());
        let used = used.unwrap_or_default();
        table.holds(&format!("{level} is set in what stands for {face}: {used}"), "yes", same(named, used));
    }
}

/// A font's name as the file's properties say it, and as the file's font table does; poppler leaves the weight out.
fn same(named: &str, used: &str) -> bool {
    let plain = |name: &str| -> String {
        let name = name.rsplit('+').next().unwrap_or_default().to_lowercase();
        let name = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
        ["regular", "medium", "bold"].iter().fold(name, |name, weight| name.replace(weight, ""))
    };
    !used.is_empty() && plain(named) == plain(used)
}

/// The first words of each line of text with the font they are set in, as poppler reads them from the file.
fn line_fonts(drawn: &Drawn) -> Vec<(String, String)> {
    let file = drawn.folder.join("paper.pdf");
    let out = Command::new("pdftohtml").args(["-xml", "-i", "-stdout"]).arg(file).output().unwrap();
    let xml = String::from_utf8_lossy(&out.stdout).into_owned();
    let value = |tag: &str, name: &str| -> String {
        let rest = tag.split(&format!("{name}=\"")).nth(1).unwrap_or_default();
        rest.split('"').next().unwrap_or_default().to_owned()
    };
    let specs: Vec<(String, String)> =
        xml.split("<fontspec ").skip(1).map(|tag| (value(tag, "id"), value(tag, "family"))).collect();
    let texts = xml.split("<text ").skip(1).map(|tag| {
        let inner = tag.split_once('>').map_or("", |(_, rest)| rest);
        let inner = inner.split("</text>").next().unwrap_or_default();
        let words = inner.replace("<b>", "").replace("</b>", "").trim().to_owned();
        let id = value(tag, "font");
        let font = specs.iter().find(|(have, _)| *have == id).map(|(_, family)| family.clone());
        (words, font.unwrap_or_default())
    });
    texts.collect()
}

/// 署名, 日期, 附件 and 版记.
fn last_page(table: &mut Measured, drawn: &Drawn) {
    let last = drawn.pages.len();
    let page = drawn.page(last);
    let rules = page.rules(BLACK, 150.0, (200.0, 263.5));
    table.value("版记: lines (count)", 3.0, 0.0, rules.len() as f64);
    table.value("版记: first line's thickness", 0.35, 0.08, rules[0].1 - rules[0].0);
    table.value("版记: middle line's thickness", 0.25, 0.08, rules[1].1 - rules[1].0);
    table.value("版记: last line's thickness", 0.35, 0.08, rules[2].1 - rules[2].0);
    table.value("版记: width of the lines", 156.0, 0.3, line_width(&page, BLACK, rules[2].0));
    table.value("版记: last line on the type area's bottom", 262.0, 0.3, rules[2].1);
    let printer = page.extent(BLACK, (20.0, rules[1].1 + 0.3, 200.0, rules[2].0 - 0.3)).unwrap();
    table.value("印发机关: one character from the left", 28.0 + 4.94, 1.2, printer.left);
    table.value("印发日期: one character from the right", 184.0 - 4.94, 1.2, printer.right);
    let copies = page.extent(BLACK, (20.0, rules[0].1 + 0.3, 200.0, rules[1].0 - 0.3)).unwrap();
    table.value("抄送: one character from the left", 28.0 + 4.94, 1.2, copies.left);
    let rows = grouped(&page.rows(BLACK, (20.0, 30.0, 200.0, 120.0)), 5.0);
    table.value("附件: 附件2 on the first line", 37.0, 1.2, rows[0]);
    table.value("附件: title on the third line", 37.0 + 2.0 * 10.23, 1.5, rows[1]);
    let title = page.extent(BLACK, (20.0, rows[1] - 0.5, 200.0, rows[1] + 8.0)).unwrap();
    table.value("附件: title centred", 106.0, 1.0, (title.left + title.right) / 2.0);
    let sign = (1..=last).find(|n| drawn.words(*n).iter().any(|(w, _)| w.starts_with("（联系人"))).unwrap();
    signature(table, &drawn.page(sign));
}

fn signature(table: &mut Measured, page: &Inked) {
    let rows = grouped(&page.rows(BLACK, (20.0, 30.0, 200.0, 262.0)), 5.0);
    let from = rows.len() - 3;
    let line = |at: usize| page.extent(BLACK, (20.0, rows[at] - 0.3, 200.0, rows[at] + 6.5)).unwrap();
    let (unit, day, remark) = (line(from), line(from + 1), line(from + 2));
    table.value("署名: two characters from the right", 184.0 - 2.0 * 5.57, 1.2, unit.right);
    table.value("日期: first character two in from 署名's", 2.0 * 5.57, 1.2, day.left - unit.left);
    table.value("日期: on the next line", 10.23, 0.8, day.top - unit.top);
    table.value("署名: one blank line under the text", 2.0 * 10.23, 1.0, rows[from] - rows[from - 1]);
    table.value("附注: two characters in, bracket's ink", 28.0 + 3.0 * 5.57, 2.8, remark.left);
    let names = line(from - 2);
    table.value("附件说明: two characters in", 28.0 + 2.0 * 5.57, 1.2, names.left);
    let second = line(from - 1);
    table.value("附件说明: names below each other", 28.0 + 5.0 * 5.57, 1.2, second.left);
}

/// Heads repeated on every page a table reaches, and the page laid across.
fn tables(table: &mut Measured, drawn: &Drawn) {
    let pages: Vec<usize> =
        (1..=drawn.pages.len()).filter(|n| drawn.words(*n).iter().any(|(word, _)| word == "序号")).collect();
    let heads = pages.len();
    table.holds("tables: the head stands on each of their pages", &format!("{heads} pages"), heads >= 5);
    let both = pages.iter().filter(|n| {
        let words = drawn.words(**n);
        ["总数", "已销号", "备注"].iter().all(|name| words.iter().any(|(word, _)| word == name))
    });
    table.holds("tables: both rows of the head are repeated", "yes", both.count() == heads);
    let out = Command::new("pdfinfo")
        .args(["-f", "1", "-l", "99"])
        .arg(drawn.folder.join("paper.pdf"))
        .output()
        .unwrap();
    let info = String::from_utf8_lossy(&out.stdout).into_owned();
    let across = info.lines().position(|line| line.contains("rot:") && line.trim_end().ends_with("90"));
    let number = across
        .and_then(|at| info.lines().nth(at)?.split_whitespace().find_map(|word| word.parse::<usize>().ok()));
    let number = number.expect("a page is laid across");
    // Poppler draws it as it is read; turned back, its number is where all others are.
    let page = drawn.page(number);
    table.value("across: A4 as it is read, width", 297.0, 0.2, page.width as f64 / DOTS);
    table.value("across: A4 as it is read, height", 210.0, 0.2, page.height as f64 / DOTS);
    let mark = page.extent(BLACK, (10.0, 20.0, 33.0, 200.0)).unwrap();
    let dash = page.extent(BLACK, (10.0, mark.top, 33.0, mark.top + 3.0)).unwrap();
    table.value(
        "across: number 7 mm below the type area",
        297.0 - 269.0,
        0.4,
        (dash.left + dash.right) / 2.0,
    );
    let odd = number % 2 == 1;
    let offset = if odd { 184.0 - mark.bottom } else { mark.top - 28.0 };
    table.value("across: number one character from its edge", 5.64, 0.8, offset);
    let text = page.extent(BLACK, (34.0, 0.0, 297.0, 210.0)).unwrap();
    table.value("across: head of the table at the left edge", 28.0, 6.0, text.top);
}

#[test]
fn a_letter_has_its_red_lines_and_no_number_on_its_first_page() {
    let Some(fonts) = tools() else { return };
    let paper = Paper {
        sign: Some(Sign {
            unit: "云溪县整改办公室".to_owned(),
            day: "2024年3月5日".to_owned(),
            sealed: true,
        }),
        ..crate::support::letter()
    };
    let drawn = draw("letter", &paper, &fonts);
    let page = drawn.page(1);
    let mut table = Measured::default();
    let mark = page.extent(RED, (25.0, 10.0, 190.0, 60.0)).unwrap();
    table.value("mark: top edge below the paper's top", 30.0, 0.3, mark.top);
    let lines = page.rules(RED, 165.0, (0.0, 297.0));
    table.value("red lines (count)", 4.0, 0.0, lines.len() as f64);
    table.value("red lines: width", 170.0, 0.3, line_width(&page, RED, lines[0].0));
    table.holds("upper double line: thick over thin", "yes", thickness(lines[0]) > 2.0 * thickness(lines[1]));
    table.holds("lower double line: thin over thick", "yes", thickness(lines[3]) > 2.0 * thickness(lines[2]));
    table.value("lower double line above the paper's bottom", 20.0, 0.3, 297.0 - lines[3].1);
    let number = page.extent(BLACK, (100.0, lines[1].1 + 0.3, 200.0, lines[1].1 + 14.0)).unwrap();
    table.value("发文字号: flush right", 184.0, 1.0, number.right);
    table.holds(
        "no number on the first page",
        "none",
        page.extent(BLACK, (0.0, 264.0, 210.0, 276.0)).is_none(),
    );
    let rows = grouped(&page.rows(BLACK, (20.0, 60.0, 200.0, 262.0)), 5.0);
    let day =
        page.extent(BLACK, (20.0, rows[rows.len() - 1] - 0.3, 200.0, rows[rows.len() - 1] + 6.5)).unwrap();
    table.value("with a seal: 日期 four characters from the right", 184.0 - 4.0 * 5.57, 1.2, day.right);
    table.end("A letter");
}

fn thickness(line: (f64, f64)) -> f64 {
    line.1 - line.0
}

#[test]
fn a_document_that_goes_up_names_its_signers_beside_its_number() {
    let Some(fonts) = tools() else { return };
    let paper = Paper {
        head: Some(Head {
            mark: "云溪县整改办公室文件".to_owned(),
            number: "云整改办发〔2024〕9号".to_owned(),
            signers: vec!["周正清".to_owned(), "何秋林".to_owned(), "沈立夏".to_owned()],
            ..Head::default()
        }),
        title: vec!["关于整改情况的请示".to_owned()],
        blocks: vec![heading(1, "一、情况"), Block::Paragraph(vec![Run::new("正文。")])],
        attachments: vec![Attachment {
            title: "清单".to_owned(),
            blocks: vec![Block::Table(sample_table(3))],
        }],
        imprint: Some(Imprint {
            printer: "云溪县整改办公室".to_owned(),
            day: "2024年3月5日".to_owned(),
            ..Imprint::default()
        }),
        ..Paper::default()
    };
    let drawn = draw("upward", &paper, &fonts);
    let page = drawn.page(1);
    let mut table = Measured::default();
    let red = page.rules(RED, 150.0, (90.0, 200.0));
    let mark = page.extent(RED, (0.0, 37.0, 210.0, red[0].0 - 5.0)).unwrap();
    let rows = grouped(&page.rows(BLACK, (20.0, mark.bottom + 1.0, 200.0, red[0].0)), 5.0);
    table.value("three signers take two lines (count)", 2.0, 0.0, rows.len() as f64);
    let last = page.extent(BLACK, (20.0, rows[1] - 0.3, 200.0, rows[1] + 6.5)).unwrap();
    table.value("发文字号: one character from the left", 28.0 + 5.57, 1.0, last.left);
    let first = page.extent(BLACK, (20.0, rows[0] - 0.3, 200.0, rows[0] + 6.5)).unwrap();
    table.value("签发人: one character from the right", 184.0 - 5.57, 1.2, first.right);
    table.holds(
        "ink outside the paper's margins",
        "none",
        page.extent(BLACK, (0.0, 0.0, 26.0, 297.0)).is_none(),
    );
    let _ = WHOLE;
    table.end("A document that goes up");
}

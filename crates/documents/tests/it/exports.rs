//! Ledgers given back: unchanged they differ in nothing, changed only where they were changed.

use std::io::Read;

use bihuan_documents::diff::diff;
use bihuan_documents::export::{
    Change, PlainColumn, neutral, write_ledger, write_plain_csv, write_plain_ledger,
};
use bihuan_documents::ledger::{Field, LedgerRow, propose, read_workbook};
use bihuan_documents::sheet::{read_any, read_csv};

use crate::layouts::{TWO_ROW_HEADER, TWO_ROW_MERGES};
use crate::support::{column, dev_ledgers, docx, p, read_rows, tr, xlsx};

fn first_mapping(bytes: &[u8]) -> bihuan_documents::ledger::Mapping {
    let readings = read_workbook(&read_any("a", bytes).unwrap());
    readings.into_iter().find(|r| r.verdict.is_offered()).unwrap().proposal.mapping
}

fn set(row: u32, field: Field, text: &str) -> Change {
    Change::Set { row, field, text: text.to_owned() }
}

fn part(bytes: &[u8], name: &str) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut out = Vec::new();
    zip.by_name(name).unwrap().read_to_end(&mut out).unwrap();
    out
}

fn two_row_ledger() -> Vec<u8> {
    let merges: Vec<&str> = TWO_ROW_MERGES.iter().copied().filter(|m| *m != "A7:A7").collect();
    xlsx("台账", TWO_ROW_HEADER, &merges)
}

/// Changes one field of every problem and expects exactly that difference.
fn change_one_field(bytes: &[u8], rows: &[LedgerRow], mapping: &bihuan_documents::ledger::Mapping) {
    for field in
        [Field::StatusText, Field::Remark, Field::Progress, Field::ResponsibleUnits, Field::DeadlineText]
    {
        for row in rows.iter().filter(|r| r.sheet == mapping.sheet).take(4) {
            let written = write_ledger(bytes, mapping, &[set(row.row, field, "新填写的内容")]).unwrap();
            if !written.skipped.is_empty() {
                assert!(
                    !mapping.has(field) || mapping.columns_of(field).count() > 1,
                    "{:?}",
                    written.skipped
                );
                continue;
            }
            let back = [set(row.row, field, &row.text_of(field))];
            let restored = write_ledger(&written.bytes, mapping, &back).unwrap();
            let restored = read_rows("a", &restored.bytes);
            assert!(
                diff(rows, &restored).iter().all(|d| d.is_same()),
                "{field:?} of row {} put back",
                row.row
            );
            let again = read_rows("a", &written.bytes);
            let changed: Vec<_> = diff(rows, &again).into_iter().filter(|d| !d.is_same()).collect();
            assert_eq!(changed.len(), 1, "{field:?} of row {}: {changed:?}", row.row);
            let bihuan_documents::diff::Difference::Changed { fields, .. } = &changed[0] else {
                panic!("{changed:?}")
            };
            assert!(fields.iter().all(|f| f.field == field && f.new.ends_with("新填写的内容")), "{fields:?}");
        }
    }
}

#[test]
fn every_dev_ledger_comes_back_unchanged_and_with_single_changes() {
    for file in dev_ledgers() {
        let bytes = std::fs::read(&file).unwrap();
        let rows = read_rows("a.xlsx", &bytes);
        let offered: Vec<_> = read_workbook(&read_any("a", &bytes).unwrap());
        for reading in offered.into_iter().filter(|r| r.verdict.is_offered()) {
            let mapping = reading.proposal.mapping;
            let written = write_ledger(&bytes, &mapping, &[]).unwrap();
            assert_eq!(written.bytes, bytes);
            assert!(diff(&rows, &read_rows("a.xlsx", &written.bytes)).iter().all(|d| d.is_same()));
            change_one_field(&bytes, &rows, &mapping);
        }
    }
}

#[test]
fn an_edited_cell_changes_and_every_other_part_stays_byte_for_byte() {
    let bytes = two_row_ledger();
    let rows = read_rows("a", &bytes);
    let mapping = first_mapping(&bytes);
    change_one_field(&bytes, &rows, &mapping);
    let written = write_ledger(&bytes, &mapping, &[set(5, Field::Progress, "=1+1 <全部>")]).unwrap();
    for name in ["xl/styles.xml", "xl/workbook.xml", "[Content_Types].xml"] {
        assert_eq!(part(&bytes, name), part(&written.bytes, name), "{name}");
    }
    let xml = String::from_utf8(part(&written.bytes, "xl/worksheets/sheet1.xml")).unwrap();
    assert!(xml.contains("t=\"inlineStr\"") && !xml.contains("<f>"), "a text is never a formula");
    assert_eq!(read_rows("a", &written.bytes)[0].progress, "=1+1 <全部>");
}

#[test]
fn new_problems_go_below_the_last_in_its_style_and_sums_and_notes_move_down() {
    let bytes = two_row_ledger();
    let mapping = first_mapping(&bytes);
    let add = |problem: &str| Change::Add {
        values: vec![(Field::Problem, problem.to_owned()), (Field::ResponsibleUnits, "县水利局".to_owned())],
    };
    let written = write_ledger(&bytes, &mapping, &[add("闸门锈蚀"), add("堤防渗漏")]).unwrap();
    let rows = read_rows("a", &written.bytes);
    let seqs: Vec<_> = rows.iter().map(|r| (r.seq.as_str(), r.problem.as_str(), r.row)).collect();
    assert_eq!(
        seqs,
        [
            ("1", "青石镇三处垃圾堆积", 5),
            ("2", "白沙镇污水直排", 6),
            ("3", "闸门锈蚀", 7),
            ("4", "堤防渗漏", 8)
        ]
    );
    let workbook = read_any("a", &written.bytes).unwrap();
    assert_eq!(workbook.sheets[0].text(8, 0), "合计");
    assert_eq!(workbook.sheets[0].text(10, 0), "填表人：张某某");
}

#[test]
fn a_region_over_several_problems_is_taken_apart_when_one_of_them_changes() {
    let lines = ["序号|问题|责任单位", "1|甲处积水未排|县住建局", "2|乙处路灯不亮|", "3|丙处井盖缺失|"];
    let bytes = xlsx("S", &lines, &["C2:C4"]);
    let mapping = first_mapping(&bytes);
    let written = write_ledger(&bytes, &mapping, &[set(3, Field::ResponsibleUnits, "县城管局")]).unwrap();
    let rows = read_rows("a", &written.bytes);
    let units: Vec<String> = rows.iter().map(|r| r.responsible_units.join("、")).collect();
    assert_eq!(units, ["县住建局", "县城管局", "县住建局"]);
}

#[test]
fn a_form_and_ticks_are_written_in_place() {
    let form = xlsx(
        "S",
        &["表", "存在问题|例会流于形式", "责任单位|县委办", "整改措施|明确议题", "完成情况|"],
        &["A1:B1"],
    );
    let written = write_ledger(&form, &first_mapping(&form), &[set(2, Field::StatusText, "已完成")]).unwrap();
    assert_eq!(written.skipped, []);
    assert_eq!(read_rows("a", &written.bytes)[0].status_text, "已完成");
    let ticks =
        ["序号|存在问题|整改进展||", "||已完成|正在整改|未整改", "1|甲处积水未排||√|", "2|乙处路灯不亮|||√"];
    let ticks = xlsx("S", &ticks, &["A1:A2", "B1:B2", "C1:E1"]);
    let mapping = first_mapping(&ticks);
    let written = write_ledger(&ticks, &mapping, &[set(3, Field::StatusText, "已完成")]).unwrap();
    let statuses: Vec<_> = read_rows("a", &written.bytes).into_iter().map(|r| r.status_text).collect();
    assert_eq!(statuses, ["已完成", "未整改"]);
    let refused = write_ledger(&ticks, &mapping, &[set(3, Field::Goal, "无处可写")]).unwrap();
    assert_eq!(refused.skipped.len(), 1);
    assert_eq!(refused.bytes, ticks);
}

#[test]
fn csv_keeps_its_encoding_line_ends_and_untouched_bytes() {
    let text =
        "序号,存在问题,完成情况\r\n1,\"甲处\"\"积水\"\"未排\",整改中\r\n2,乙处路灯不亮,整改中\r\n合计,2,\r\n";
    let (gbk, _, _) = encoding_rs::GBK.encode(text);
    let mapping = first_mapping(&gbk);
    assert_eq!(write_ledger(&gbk, &mapping, &[]).unwrap().bytes, gbk.as_ref());
    let add = Change::Add { values: vec![(Field::Problem, "丙处,井盖缺失".to_owned())] };
    let changes = [set(3, Field::StatusText, "已完成"), add];
    let written = write_ledger(&gbk, &mapping, &changes).unwrap();
    let (back, _, wrong) = encoding_rs::GBK.decode(&written.bytes);
    assert!(!wrong);
    assert_eq!(
        back,
        "序号,存在问题,完成情况\r\n1,\"甲处\"\"积水\"\"未排\",整改中\r\n2,乙处路灯不亮,已完成\r\n3,\"丙处,井盖缺失\",\r\n合计,2,\r\n"
    );
}

#[test]
fn formulas_are_harmless_in_every_export_and_read_back_the_same() {
    for bad in ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1"] {
        assert!(neutral(bad).starts_with('\''), "{bad:?}");
    }
    assert_eq!(neutral("-5.2%"), "-5.2%");
    assert_eq!(neutral("县住建局"), "县住建局");
    let csv = "序号,存在问题,备注\n1,甲处积水未排,=HYPERLINK(\"x\")\n".as_bytes();
    let mapping = first_mapping(csv);
    let written = write_ledger(csv, &mapping, &[]).unwrap();
    assert!(String::from_utf8_lossy(&written.bytes).contains("'=HYPERLINK"));
    let again = write_ledger(&written.bytes, &mapping, &[]).unwrap();
    assert_eq!(again.bytes, written.bytes, "the apostrophe is not doubled");
    assert!(diff(&read_rows("a", csv), &read_rows("a", &written.bytes)).iter().all(|d| d.is_same()));
    let plain = write_plain_csv(&["问题".to_owned()], &[vec!["=1+1".to_owned()]]);
    assert_eq!(read_csv(&plain).unwrap().sheets[0].text(1, 0), "=1+1");
    assert!(String::from_utf8(plain).unwrap().contains("'=1+1"));
}

#[test]
fn a_plain_ledger_reads_back_as_it_was_written() {
    let columns =
        [("序号", 6.0), ("存在问题", 40.0), ("责任单位", 20.0), ("整改时限", 14.0), ("完成情况", 12.0)]
            .map(|(h, w)| PlainColumn::new(h, w));
    let rows = vec![
        ["1", "=甲处积水", "县住建局、青石镇", "2024年底前", "已完成"].map(str::to_owned).to_vec(),
        ["2", "乙处路灯不亮", "县城管局", "长期坚持", "整改中"].map(str::to_owned).to_vec(),
    ];
    let meta = ["单位：云溪县督查办".to_owned(), "2024年3月5日".to_owned()];
    let bytes = write_plain_ledger("问题整改台账", &meta, &columns, &rows).unwrap();
    let read = read_rows("a", &bytes);
    assert_eq!(read.len(), 2);
    assert_eq!(read[0].problem, "=甲处积水");
    assert_eq!(read[0].responsible_units, ["县住建局", "青石镇"]);
    let workbook = String::from_utf8(part(&bytes, "xl/workbook.xml")).unwrap();
    assert!(workbook.contains("Print_Titles") && workbook.contains("Print_Area"));
}

/// A document with a title, a table and a signature, in the manner of a word processor.
fn document(rows: &[String]) -> Vec<u8> {
    let head = tr(&["序号", "存在问题", "责任单位", "整改时限", "整改进展", "完成情况"]);
    let table = format!("<w:tbl><w:tblPr/><w:tblGrid/>{head}{}</w:tbl>", rows.concat());
    docx(&format!("{}{table}{}", p("云溪县试行整改台账"), p("填报人：某某")))
}

#[test]
fn a_docx_is_given_back_with_only_the_changed_cells_replaced() {
    let styled = tr(&["1", "渠道淤积", "青石镇", "2024年6月底前", "正在清淤", "整改中"]).replace(
        "<w:p><w:r><w:t>正在清淤</w:t></w:r></w:p>",
        "<w:p w:x=\"1\"><w:pPr><w:jc w:val=\"left\"/><w:rPr><w:b/></w:rPr></w:pPr><w:r><w:rPr><w:i/></w:rPr><w:t>正在</w:t></w:r><w:r><w:t>清淤</w:t></w:r></w:p>",
    );
    let picture = tr(&["3", "路灯不亮", "县住建局", "2024年5月底前", "照片", "整改中"])
        .replace("<w:t>照片</w:t>", "<w:t>照片</w:t><w:drawing/>");
    let rows = [
        styled,
        tr(&[
            "2",
            "账目没有公开",
            "青石镇",
            "2024年5月底前",
            "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>",
            "整改中",
        ])
        .replace("<w:t><w:del>", "<w:t/><w:del>")
        .replace("</w:del></w:t>", "</w:del>"),
        picture,
    ];
    let bytes = document(&rows);
    let book = read_any("a", &bytes).unwrap();
    let mapping = propose(&book.sheets[0]).mapping;
    assert_eq!(write_ledger(&bytes, &mapping, &[]).unwrap().bytes, bytes, "unchanged, byte for byte");

    let set = |row, field, text: &str| Change::Set { row, field, text: text.to_owned() };
    let add = Change::Add {
        values: vec![
            (Field::Problem, "新增：桥栏杆缺失 <2米>".to_owned()),
            (Field::StatusText, "待交办".to_owned()),
        ],
    };
    let changes = [
        set(2, Field::Progress, "已清淤 3 处\n余下 1 处"),
        set(3, Field::StatusText, "已解决"),
        set(4, Field::Progress, "已更换"),
        add,
    ];
    let written = write_ledger(&bytes, &mapping, &changes).unwrap();
    assert_eq!(written.skipped.len(), 1, "a cell with a picture keeps it: {:?}", written.skipped);
    let again = read_rows("a", &written.bytes);
    assert_eq!(column(&again, Field::Progress), ["已清淤 3 处\n余下 1 处", "", "照片", ""]);
    assert_eq!(column(&again, Field::StatusText), ["整改中", "已解决", "整改中", "待交办"]);
    assert_eq!((again[3].seq.as_str(), again[3].problem.as_str()), ("4", "新增：桥栏杆缺失 <2米>"));
    let xml = String::from_utf8(part(&written.bytes, "word/document.xml")).unwrap();
    assert!(
        xml.contains("<w:drawing/>") && xml.contains("填报人：某某") && xml.contains("云溪县试行整改台账")
    );
    let kept = "<w:p><w:pPr><w:jc w:val=\"left\"/><w:rPr><w:b/></w:rPr></w:pPr><w:r><w:rPr><w:i/></w:rPr><w:t xml:space=\"preserve\">余下 1 处</w:t></w:r></w:p>";
    assert!(xml.contains(kept), "paragraph and run keep their look: {xml}");
    // Everything but the changed cells and the new row stands as before.
    let before = String::from_utf8(part(&bytes, "word/document.xml")).unwrap();
    assert!(xml.starts_with(&before[..before.find("<w:p w:x").unwrap()]));
    assert!(xml.ends_with(&before[before.rfind("</w:tbl>").unwrap()..]));
}

#[test]
fn a_region_of_a_docx_over_several_problems_is_taken_apart_where_one_changes() {
    let rows = [
        tr(&["1", "甲处渠道淤积", "青石镇", "v2024年6月底前", "正在整改", "整改中"]),
        tr(&["2", "乙处渠道淤积", "青石镇", "^", "正在整改", "整改中"]),
        tr(&["3", "丙处渠道淤积", "青石镇", "^", "正在整改", "整改中"]),
    ];
    let bytes = document(&rows);
    let mapping = propose(&read_any("a", &bytes).unwrap().sheets[0]).mapping;
    let change = Change::Set { row: 3, field: Field::DeadlineText, text: "2024年9月底前".to_owned() };
    let written = write_ledger(&bytes, &mapping, &[change]).unwrap();
    assert_eq!(written.skipped, []);
    let again = read_rows("a", &written.bytes);
    assert_eq!(column(&again, Field::DeadlineText), ["2024年6月底前", "2024年9月底前", "2024年6月底前"]);
}

#[test]
fn running_text_has_no_place_to_write_to_and_says_so() {
    let body: String = [
        "（一）灌渠淤积三处（牵头单位：县水利局）",
        "整改措施：清淤。",
        "（二）路灯不亮（牵头单位：县住建局）",
        "整改措施：更换。",
    ]
    .map(p)
    .concat();
    let bytes = docx(&body);
    let mapping = propose(&read_any("a", &bytes).unwrap().sheets[0]).mapping;
    let change = Change::Set { row: 1, field: Field::StatusText, text: "已解决".to_owned() };
    let written = write_ledger(&bytes, &mapping, &[change]).unwrap();
    assert_eq!((written.bytes == bytes, written.skipped.len()), (true, 1));
}

#[test]
fn rows_of_a_plain_ledger_are_as_high_as_their_longest_text() {
    use bihuan_documents::export::{PlainColumn, PlainLedger};
    let columns = [PlainColumn::new("序号", 8.0), PlainColumn::new("存在问题", 21.0)];
    let mut ledger = PlainLedger::begin("台账", &["单位：云溪县".to_owned()], &columns).unwrap();
    ledger.push(&["1".to_owned(), "渠道淤积".repeat(10)]).unwrap();
    let mut out = std::io::Cursor::new(Vec::new());
    ledger.finish(&mut out).unwrap();
    let xml = String::from_utf8(part(out.get_ref(), "xl/worksheets/sheet1.xml")).unwrap();
    let height = |row: usize| {
        let tag =
            xml.split(&format!("<row r=\"{row}\"")).nth(1).unwrap().split('>').next().unwrap().to_owned();
        tag.split("ht=\"").nth(1).and_then(|t| t.split('"').next()?.parse::<f64>().ok()).unwrap_or(15.0)
    };
    assert!(height(1) > 30.0, "the title: {xml}");
    assert!(height(4) > 50.0, "eighty columns of text in a width of twenty: {xml}");
    assert!(xml.contains("paperSize=\"9\""));
}

#[test]
fn a_row_of_fixed_height_grows_with_its_new_text_and_never_shrinks() {
    let columns = [("序号", 6.0), ("存在问题", 40.0), ("责任单位", 20.0), ("整改进展", 20.0)]
        .map(|(h, w)| PlainColumn::new(h, w));
    let row = |n: &str, problem: &str| [n, problem, "县住建局", "无"].map(str::to_owned).to_vec();
    let rows = [row("1", "甲处积水未排"), row("2", &"乙处路灯不亮".repeat(30)), row("3", "丙处井盖缺失")];
    let bytes = write_plain_ledger("台账", &["单位：云溪县".to_owned()], &columns, &rows).unwrap();
    let height = |bytes: &[u8], row: usize| -> f64 {
        let xml = String::from_utf8(part(bytes, "xl/worksheets/sheet1.xml")).unwrap();
        let tag =
            xml.split(&format!("<row r=\"{row}\"")).nth(1).unwrap().split('>').next().unwrap().to_owned();
        tag.split(" ht=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
    };
    let long = "已完成现场勘查和方案比选，正在组织施工，预计月底前完成全部管道铺设。";
    let changes = [set(4, Field::Progress, long), set(5, Field::Progress, "无变化")];
    let written = write_ledger(&bytes, &first_mapping(&bytes), &changes).unwrap();
    assert!(height(&written.bytes, 4) > 2.0 * height(&bytes, 4), "the new text is cut off");
    for row in [5, 6] {
        assert_eq!(height(&written.bytes, row), height(&bytes, row), "row {row}");
    }
}

//! Tables whose head repeats, and charts as the word processor draws them.

use super::{Stand, Type, Writer, escaped, mm, twips};
use crate::paper::{Cell, Chart, Face, Note, Run, Table, placed};
use std::fmt::Write as _;

/// Height of a chart: room for its title and axis, and for each bar, in EMU.
const CHART_EMU: i64 = 900_000;
const BAR_EMU: i64 = 300_000;
/// Most that fits on a page, in EMU.
const CHART_EMU_MAX: i64 = 7_600_000;
/// Between a cell's line and its words, in twips: as in the PDF, so that the same words stand on a line.
const CELL_TWIPS: i64 = 80;
/// EMU of a twip.
const EMU: i64 = 635;

impl Writer<'_> {
    fn width(&self) -> i64 {
        mm(if self.landscape { self.profile.area_height_mm } else { self.profile.area_width_mm })
    }

    pub(super) fn table(&mut self, table: &Table) {
        let columns = table
            .head
            .iter()
            .chain(&table.rows)
            .map(|row| row.iter().map(|cell| cell.columns.max(1)).sum())
            .chain([table.widths.len()])
            .max()
            .unwrap_or(0);
        if columns == 0 {
            return;
        }
        self.caption(table);
        let shares: Vec<i64> =
            (0..columns).map(|at| i64::from(table.widths.get(at).copied().unwrap_or(10).max(1))).collect();
        let all: i64 = shares.iter().sum();
        let widths: Vec<i64> = shares.iter().map(|share| share * self.width() / all).collect();
        let _ = write!(
            self.xml,
            "<w:tbl><w:tblPr><w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/><w:tblBorders>",
            widths.iter().sum::<i64>()
        );
        for side in ["top", "left", "bottom", "right", "insideH", "insideV"] {
            let _ =
                write!(self.xml, "<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>");
        }
        let _ = write!(
            self.xml,
            "</w:tblBorders><w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"{CELL_TWIPS}\" w:type=\"dxa\"/><w:right w:w=\"{CELL_TWIPS}\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>"
        );
        for width in &widths {
            let _ = write!(self.xml, "<w:gridCol w:w=\"{width}\"/>");
        }
        self.xml.push_str("</w:tblGrid>");
        self.rows(&table.head, &widths, true);
        self.rows(&table.rows, &widths, false);
        self.xml.push_str("</w:tbl>");
        // Word wants a paragraph between tables.
        let stand = Stand { line: twips(10.0), ..Stand::default() };
        self.paragraph(&[], self.text_type(), stand);
    }

    fn caption(&mut self, table: &Table) {
        if !table.caption.is_empty() {
            let kind = Type { face: Face::Hei, size: self.profile.small_pt, ..self.text_type() };
            let stand = Stand { line: self.line(), align: "center", keep_next: true, ..Stand::default() };
            self.paragraph(&[Run { note: table.caption_note, ..Run::new(&table.caption) }], kind, stand);
        }
        if !table.unit.is_empty() {
            let kind = Type { size: self.profile.table_pt, ..self.text_type() };
            let stand = Stand { line: self.line(), align: "right", keep_next: true, ..Stand::default() };
            self.paragraph(&[Run::new(format!("单位：{}", table.unit))], kind, stand);
        }
    }

    fn rows(&mut self, rows: &[Vec<Cell>], widths: &[i64], head: bool) {
        // Where a cell from above still reaches down: how many rows, and how many columns it covers.
        let mut covered: Vec<(usize, usize)> = vec![(0, 1); widths.len()];
        for row in placed(rows, widths.len()) {
            self.xml.push_str("<w:tr><w:trPr><w:cantSplit/>");
            if head {
                self.xml.push_str("<w:tblHeader/>");
            }
            self.xml.push_str("</w:trPr>");
            let mut at = 0;
            let mut cells = row.into_iter().peekable();
            while at < widths.len() {
                let (left, span) = covered[at];
                if left > 0 {
                    self.cell(None, &widths[at..(at + span).min(widths.len())], "<w:vMerge/>", head);
                    covered[at].0 -= 1;
                    at += span;
                    continue;
                }
                let Some((_, cell)) = cells.next_if(|(column, _)| *column == at) else {
                    self.cell(None, &widths[at..=at], "", head);
                    at += 1;
                    continue;
                };
                let end = (at + cell.columns.max(1)).min(widths.len());
                let merge = if cell.rows > 1 { "<w:vMerge w:val=\"restart\"/>" } else { "" };
                self.cell(Some(cell), &widths[at..end], merge, head);
                covered[at] = (cell.rows.max(1) - 1, end - at);
                at = end;
            }
            self.xml.push_str("</w:tr>");
        }
    }

    fn cell(&mut self, cell: Option<&Cell>, widths: &[i64], merge: &str, head: bool) {
        let width: i64 = widths.iter().sum();
        let _ = write!(self.xml, "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>");
        if widths.len() > 1 {
            let _ = write!(self.xml, "<w:gridSpan w:val=\"{}\"/>", widths.len());
        }
        let _ = write!(self.xml, "{merge}<w:vAlign w:val=\"center\"/></w:tcPr>");
        let face = if head { Face::Hei } else { Face::Fang };
        let kind = Type { face, size: self.profile.table_pt, spacing: 0, red: false };
        let centred = cell.is_some_and(|cell| cell.centred);
        let align = if centred { "center" } else { "left" };
        let stand = Stand { align, off_grid: true, ..Stand::default() };
        let empty = Vec::new();
        self.paragraph(cell.map_or(&empty, |cell| &cell.runs), kind, stand);
        self.xml.push_str("</w:tc>");
    }

    pub(super) fn chart(&mut self, chart: &Chart) {
        if chart.bars.is_empty() {
            return;
        }
        self.charts.push(chart_xml(chart));
        let at = self.charts.len();
        let number = self.relation("chart", format!("charts/chart{at}.xml"), false);
        let bars = i64::try_from(chart.bars.len()).unwrap_or(1);
        let height = (CHART_EMU + bars * BAR_EMU).min(CHART_EMU_MAX);
        let width = self.width() * EMU;
        let drawing = format!(
            "<w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{width}\" cy=\"{height}\"/><wp:docPr id=\"{at}\" name=\"{title}\" descr=\"{words}\"/><a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/chart\"><c:chart r:id=\"rId{number}\"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>",
            title = escaped(&chart.title),
            words = escaped(&words(chart)),
        );
        self.xml.push_str("<w:p><w:pPr><w:snapToGrid w:val=\"0\"/><w:jc w:val=\"center\"/></w:pPr>");
        // One comment says what every bar counts; a bar of its own cannot carry one.
        let notes = chart.notes.iter().filter_map(|note| self.paper.notes.get(*note));
        let words: Vec<String> = notes.map(Note::words).collect();
        match words.is_empty() {
            true => self.xml.push_str(&drawing),
            false => self.noted(&drawing, &words.join("；"), ""),
        }
        self.xml.push_str("</w:p>");
    }
}

/// What a chart shows, for those who do not see it.
fn words(chart: &Chart) -> String {
    let bars: Vec<String> =
        chart.bars.iter().map(|(label, value)| format!("{label}{value}{}", chart.unit)).collect();
    format!("{}：{}", chart.title, bars.join("，"))
}

/// A bar chart that carries its numbers in itself.
fn chart_xml(chart: &Chart) -> String {
    let mut labels = String::new();
    let mut values = String::new();
    for (at, (label, value)) in chart.bars.iter().enumerate() {
        let _ = write!(labels, "<c:pt idx=\"{at}\"><c:v>{}</c:v></c:pt>", escaped(label));
        let _ = write!(values, "<c:pt idx=\"{at}\"><c:v>{value}</c:v></c:pt>");
    }
    let count = chart.bars.len();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<c:chartSpace xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><c:chart><c:title><c:tx><c:rich><a:bodyPr/><a:p><a:r><a:rPr lang=\"zh-CN\" sz=\"1200\"/><a:t>{title}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val=\"0\"/></c:title><c:autoTitleDeleted val=\"0\"/><c:plotArea><c:layout/><c:barChart><c:barDir val=\"bar\"/><c:grouping val=\"clustered\"/><c:varyColors val=\"0\"/><c:ser><c:idx val=\"0\"/><c:order val=\"0\"/><c:tx><c:v>{unit}</c:v></c:tx><c:spPr><a:solidFill><a:srgbClr val=\"8C99AD\"/></a:solidFill></c:spPr><c:invertIfNegative val=\"0\"/><c:dLbls><c:showLegendKey val=\"0\"/><c:showVal val=\"1\"/><c:showCatName val=\"0\"/><c:showSerName val=\"0\"/><c:showPercent val=\"0\"/><c:showBubbleSize val=\"0\"/></c:dLbls><c:cat><c:strLit><c:ptCount val=\"{count}\"/>{labels}</c:strLit></c:cat><c:val><c:numLit><c:formatCode>General</c:formatCode><c:ptCount val=\"{count}\"/>{values}</c:numLit></c:val></c:ser><c:gapWidth val=\"60\"/><c:axId val=\"1\"/><c:axId val=\"2\"/></c:barChart><c:catAx><c:axId val=\"1\"/><c:scaling><c:orientation val=\"maxMin\"/></c:scaling><c:delete val=\"0\"/><c:axPos val=\"l\"/><c:crossAx val=\"2\"/></c:catAx><c:valAx><c:axId val=\"2\"/><c:scaling><c:orientation val=\"minMax\"/></c:scaling><c:delete val=\"1\"/><c:axPos val=\"b\"/><c:crossAx val=\"1\"/></c:valAx></c:plotArea><c:plotVisOnly val=\"1\"/></c:chart></c:chartSpace>",
        title = escaped(&chart.title),
        unit = escaped(&chart.unit),
    )
}

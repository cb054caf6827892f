//! The attachment that says what the figures of a report mean: one line a definition, with the short links of the figures
//! that stand in its sentences. Cells of tables bear theirs themselves.

use super::compose::Making;
use super::figures::Known;
use super::typed::Typed;
use bihuan_documents::paper::{Attachment, Block, Cell, Paper, Run, Table};
use bihuan_domain::report::EditionFigure;
use bihuan_domain::report::text::FigureName;

/// The head of its table.
pub(crate) const EXPLANATION_HEAD: [&str; 4] = ["名称", "定义", "分母", "数值和短链接"];
/// Short links written out for one definition.
const LINKS_MAX: usize = 12;

/// What all figures mean and which numbers were typed; `None` where there are none.
pub(super) fn explanation(
    figures: &[EditionFigure],
    typed: &[Typed],
    paper: &Paper,
    source: &str,
) -> Option<Attachment> {
    if figures.is_empty() && typed.is_empty() {
        return None;
    }
    let mut groups: Vec<Vec<&EditionFigure>> = Vec::new();
    for figure in figures {
        let same = |group: &&mut Vec<&EditionFigure>| {
            group.first().is_some_and(|one| {
                (&one.definition, &one.denominator) == (&figure.definition, &figure.denominator)
            })
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(figure),
            None => groups.push(vec![figure]),
        }
    }
    let beside = beside(&paper.blocks);
    let head = EXPLANATION_HEAD.map(|name| Cell::text(name).centred()).to_vec();
    let rows = groups.iter().map(|group| row(group, beside)).chain(typed_rows(typed)).collect();
    let noted = if beside.is_empty() {
        String::new()
    } else {
        format!("{beside}中的数字各有批注，写明口径和短链接。")
    };
    let table = Table {
        caption: String::new(),
        caption_note: None,
        unit: String::new(),
        widths: vec![16, 40, 20, 28],
        head: vec![head],
        rows,
    };
    Some(Attachment {
        title: "数字说明".to_owned(),
        blocks: vec![Block::Paragraph(vec![Run::new(format!("{source}{noted}"))]), Block::Table(table)],
    })
}

impl Known {
    /// Where the figures come from, as of which entry, and how their short links open.
    pub(super) fn source(&self, making: &Making<'_>) -> String {
        let source = if self.deeds.is_some() {
            "问题台账、规定动作、任务和督办单"
        } else {
            "问题台账"
        };
        let opens = match (&making.number, making.origin) {
            (None, _) => "短链接在签发后生成。".to_owned(),
            (Some(_), "") => "短链接加在本系统的网址后面打开。".to_owned(),
            (Some(_), origin) => format!("短链接加在{origin}后面打开。"),
        };
        let (seq, day) = (self.at.seq, self.at.day.in_chinese());
        format!("本文数字取自{source}，截至第{seq}号记录（{day}）。{opens}")
    }
}

/// What else than prose figures stand in.
fn beside(blocks: &[Block]) -> &'static str {
    fn any(blocks: &[Block], is: fn(&Block) -> bool) -> bool {
        blocks.iter().any(|block| match block {
            Block::Landscape(inner) => any(inner, is),
            other => is(other),
        })
    }
    let table = any(blocks, |block| matches!(block, Block::Table(_)));
    let chart = any(blocks, |block| matches!(block, Block::Chart(_)));
    match (table, chart) {
        (true, true) => "表和图",
        (true, false) => "表",
        (false, true) => "图",
        (false, false) => "",
    }
}

/// One line for those who typed the same numbers.
fn typed_rows(typed: &[Typed]) -> Vec<Vec<Cell>> {
    let mut groups: Vec<(&str, Vec<Run>)> = Vec::new();
    for one in typed {
        let number = Run { typed: true, note: Some(one.note), ..Run::new(&one.text) };
        let place = format!("（第{}行）", one.line);
        match groups.iter_mut().find(|(by, _)| *by == one.by) {
            Some((_, runs)) => runs.extend([Run::new("、"), number, Run::new(place)]),
            None => groups.push((&one.by, vec![number, Run::new(place)])),
        }
    }
    let row = |(by, runs): (&str, Vec<Run>)| {
        vec![Cell::text("手工填写的数字"), Cell::text(by), Cell::text(""), Cell::new(runs)]
    };
    groups.into_iter().map(row).collect()
}

fn row(group: &[&EditionFigure], beside: &str) -> Vec<Cell> {
    let in_prose: Vec<&&EditionFigure> =
        group.iter().filter(|one| FigureName::parse(&one.name).is_some()).collect();
    let mut labels: Vec<&str> = in_prose.iter().map(|one| one.label.as_str()).collect();
    if labels.is_empty() {
        labels.extend(group.first().map(|one| one.label.as_str()));
    }
    let link = |one: &EditionFigure| {
        let link = if one.code.is_empty() { String::new() } else { format!(" /f/{}", one.code) };
        format!("{}{}{link}", if in_prose.len() > 1 { one.label.as_str() } else { "" }, one.shown)
    };
    let mut links: Vec<String> = in_prose.iter().take(LINKS_MAX).map(|one| link(one)).collect();
    let rest = group.len() - links.len();
    if rest > 0 {
        let where_else = if beside.is_empty() { "正文" } else { beside };
        links.push(format!("{}{rest}个见{where_else}中的批注", if links.is_empty() { "" } else { "另有" }));
    }
    let first = group[0];
    vec![
        Cell::text(labels.join("、")),
        Cell::text(&first.definition),
        Cell::text(&first.denominator),
        Cell::text(links.join("；")),
    ]
}

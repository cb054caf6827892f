//! The attachment that says what the figures of a report mean: one line a definition, with the short links of the figures
//! that stand in its sentences. Cells of tables bear theirs themselves.

use super::figures::Known;
use bihuan_documents::paper::{Attachment, Block, Cell, Run, Table};
use bihuan_domain::report::EditionFigure;
use bihuan_domain::report::text::FigureName;

/// The head of its table.
pub(crate) const EXPLANATION_HEAD: [&str; 4] = ["名称", "定义", "分母", "数值和短链接"];
/// Short links written out for one definition.
const LINKS_MAX: usize = 12;

/// What all figures mean.
pub(super) fn explanation(figures: &[EditionFigure], known: &Known) -> Attachment {
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
    let head = EXPLANATION_HEAD.map(|name| Cell::text(name).centred()).to_vec();
    let rows = groups.iter().map(|group| row(group)).collect();
    let source = if known.deeds.is_some() {
        "问题台账、规定动作、任务和督办单"
    } else {
        "问题台账"
    };
    let intro = format!(
        "本文数字取自{source}，截至第{}号记录（{}）。表和图中的数字各有批注，写明口径和短链接。",
        known.at.seq,
        known.at.day.in_chinese()
    );
    let table = Table {
        caption: String::new(),
        unit: String::new(),
        widths: vec![16, 40, 20, 28],
        head: vec![head],
        rows,
    };
    Attachment {
        title: "数字说明".to_owned(),
        blocks: vec![Block::Paragraph(vec![Run::new(intro)]), Block::Table(table)],
    }
}

fn row(group: &[&EditionFigure]) -> Vec<Cell> {
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
        links.push(format!("{}{rest}个见表、图中的批注", if links.is_empty() { "" } else { "另有" }));
    }
    let first = group[0];
    vec![
        Cell::text(labels.join("、")),
        Cell::text(&first.definition),
        Cell::text(&first.denominator),
        Cell::text(links.join("；")),
    ]
}

//! What a change of a template changes: line by line, and in plain words.

use crate::Coded as _;
use crate::template::Template;

/// Most pairs of lines that are compared one by one. Beyond this a changed stretch is shown as replaced as a whole,
/// so that no text makes the comparison slow.
pub const TEXT_LINES_COMPARED: usize = 4_000_000;

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LineChange {
    /// In both texts.
    Kept,
    /// Only in the old text.
    Removed,
    /// Only in the new text.
    Added,
}

/// A line of two compared texts.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DiffLine {
    /// What became of it.
    pub change: LineChange,
    /// Its number in the old text, from 1; for an added line none.
    pub old: Option<usize>,
    /// Its number in the new text, from 1; for a removed line none.
    pub new: Option<usize>,
    /// The line.
    pub text: String,
}

/// Compares two texts line by line: the longest common sequence is kept.
pub fn changed_lines(old: &str, new: &str) -> Vec<DiffLine> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let mut lines = Vec::with_capacity(old.len().max(new.len()));
    let (mut at_old, mut at_new) = (0, 0);
    let mut push = |change: LineChange| {
        let text = if change == LineChange::Added { new[at_new] } else { old[at_old] };
        let (mut line_old, mut line_new) = (None, None);
        if change != LineChange::Added {
            at_old += 1;
            line_old = Some(at_old);
        }
        if change != LineChange::Removed {
            at_new += 1;
            line_new = Some(at_new);
        }
        lines.push(DiffLine { change, old: line_old, new: line_new, text: text.to_owned() });
    };
    (0..head).for_each(|_| push(LineChange::Kept));
    compare(&old[head..old.len() - tail], &new[head..new.len() - tail]).into_iter().for_each(&mut push);
    (0..tail).for_each(|_| push(LineChange::Kept));
    lines
}

/// The changes that lead from one stretch to the other.
fn compare(old: &[&str], new: &[&str]) -> Vec<LineChange> {
    let width = new.len() + 1;
    let mut changes = Vec::with_capacity(old.len() + new.len());
    let (mut row, mut column) = (0, 0);
    if old.len().saturating_mul(new.len()) <= TEXT_LINES_COMPARED {
        // `common[i * width + j]`: length of the longest common sequence of `old[i..]` and `new[j..]`.
        let mut common = vec![0_u32; (old.len() + 1) * width];
        for i in (0..old.len()).rev() {
            for j in (0..new.len()).rev() {
                let (below, beside) = (common[(i + 1) * width + j], common[i * width + j + 1]);
                let longest =
                    if old[i] == new[j] { common[(i + 1) * width + j + 1] + 1 } else { below.max(beside) };
                common[i * width + j] = longest;
            }
        }
        while row < old.len() && column < new.len() {
            if old[row] == new[column] {
                changes.push(LineChange::Kept);
                (row, column) = (row + 1, column + 1);
            } else if common[(row + 1) * width + column] >= common[row * width + column + 1] {
                changes.push(LineChange::Removed);
                row += 1;
            } else {
                changes.push(LineChange::Added);
                column += 1;
            }
        }
    }
    changes.extend((row..old.len()).map(|_| LineChange::Removed));
    changes.extend((column..new.len()).map(|_| LineChange::Added));
    changes
}

/// The rules of a template as label and value, in plain words; the same order for every template.
pub fn rules_in_words(template: &Template) -> Vec<(&'static str, String)> {
    let days = |count: i32, none: &str| if count == 0 { none.to_owned() } else { format!("{count}天") };
    let (screening, closure, colour) = (&template.screening, &template.closure, &template.colour);
    let names = |names: Vec<&String>| names.into_iter().cloned().collect::<Vec<_>>().join("、");
    let steps = format!("{}、{}", screening.first_step, screening.second_step);
    vec![
        ("模板", template.name.clone()),
        (
            "参加层级",
            if template.levels.is_empty() {
                "全部层级".to_owned()
            } else {
                template.levels.iter().map(|level| level.label()).collect::<Vec<_>>().join("、")
            },
        ),
        ("问题审核", if screening.enabled { steps } else { "登记后直接交办".to_owned() }),
        ("拟销号公示", days(closure.notice_days, "不公示")),
        ("回头看", days(closure.look_back_days, "不安排")),
        ("反向核查", format!("抽查已销号问题的{}%", closure.sample_percent)),
        ("最少佐证", format!("{}件", closure.evidence_min)),
        ("亮黄", format!("距时限{}天起", colour.yellow_days)),
        (
            "按退回亮红",
            match colour.red_after_send_backs {
                0 => "不按退回亮红".to_owned(),
                times => format!("退回{times}次起"),
            },
        ),
        ("立行立改", format!("{}个工作日", template.deadline.immediate_working_days)),
        ("长期坚持", format!("每{}天复查一次", template.deadline.recheck_days)),
        ("重点措施", names(template.strands.iter().map(|entry| &entry.name).collect())),
        ("问题类别", names(template.categories.iter().map(|entry| &entry.name).collect())),
        ("问题来源", names(template.sources.iter().map(|entry| &entry.name).collect())),
        (
            "其中群众诉求",
            names(template.sources.iter().filter(|one| one.appeals).map(|one| &one.name).collect()),
        ),
        ("任务类别", names(template.task_kinds.iter().map(|kind| &kind.name).collect())),
        ("督办单", names(template.slips.iter().map(|slip| &slip.name).collect())),
        ("另外提示的空泛用语", names(template.vagueness.words.iter().collect())),
    ]
}

/// Rules in plain words that differ: label, old value, new value. Without an old template the old values are empty.
pub fn changed_rules(old: Option<&Template>, new: &Template) -> Vec<(&'static str, String, String)> {
    let before = old.map(rules_in_words).unwrap_or_default();
    rules_in_words(new)
        .into_iter()
        .enumerate()
        .map(|(at, (label, value))| {
            let was = before.get(at).map(|(_, value)| value.clone()).unwrap_or_default();
            (label, was, value)
        })
        .filter(|(_, was, now)| was != now)
        .collect()
}

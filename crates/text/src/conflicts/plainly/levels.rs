//! 3个省级试点、2个市级试点等5个市级试点; 2家二级医院等9家一级医疗机构: what is listed in front of 等 is of another level than all of them.

use super::super::levels::is_item;
use super::super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};

/// How far in front of 等 what is listed may begin, in code points.
const LISTED: usize = 40;
const LEVELS: [&str; 17] = [
    "院级",
    "校级",
    "局级",
    "厅级",
    "国家级",
    "省级",
    "市级",
    "县级",
    "区级",
    "乡级",
    "镇级",
    "村级",
    "一级",
    "二级",
    "三级",
    "自治区级",
    "部级",
];

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let whole = &mentions[i];
    let listed = whole.start > 0 && chars[whole.start - 1] == '等'
        || chars[..whole.start].ends_with(&['在', '内', '的']);
    let Some(own) = LEVELS.iter().find(|level| stands(chars, whole.end, level)).filter(|_| listed) else {
        return;
    };
    let behind = whole.end + own.chars().count();
    if stands(chars, behind, "以上") || stands(chars, behind, "及") || stands(chars, behind, "和") {
        return;
    }
    let from = whole.start.saturating_sub(LISTED).max(whole.clause.0);
    let other = LEVELS
        .iter()
        .filter(|level| *level != own)
        .filter_map(|level| find(chars, from, whole.start, level).map(|at| (at, level)))
        // 市级示范区 is no level of what is in it.
        .filter(|(at, _)| !any(chars, *at, whole.start, "以上"))
        .max();
    let Some((at, other)) =
        other.filter(|(at, level)| is_item(chars, (from, *at), at + level.chars().count(), whole))
    else {
        return;
    };
    let item = |c: &char| matches!(c, '、' | '和' | '，' | '对' | '将');
    let begin = chars[from..at].iter().rposition(item).map_or(from, |n| from + n + 1);
    let reason = format!("把{other}算进{own}，部分与整体不是同一层级");
    let spans = [(begin, whole.start), (whole.start, behind)];
    found.tell(&spans, ConflictKind::Category, Certainty::Certain, reason);
}

//! 对25个项目进行绩效评价，评价为优秀和良好的共28个: no more are judged to be so than were judged.

use super::super::reckon::{bare, same_unit};
use super::super::{Found, exceeds};
use super::counted;
use crate::figures::Mention;
use crate::lexicon::find;

/// How far apart both may stand, in code points.
const NEAR: usize = 60;
/// By which act something is found to be so.
const ACTS: [&str; 8] = ["评价", "评定", "鉴定", "认定", "判定", "评估", "考核", "测评"];

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let Some([all, some]) = i.checked_sub(1).and_then(|from| mentions.get(from..=i)) else { return };
    let one = all.sentence == some.sentence && some.start.saturating_sub(all.end) <= NEAR;
    let alike = counted(all) && counted(some) && same_unit(chars, all, some) && !bare(chars, some).is_empty();
    if !one || !alike || some.amount(chars) <= all.amount(chars) || some.clause.0 < all.end {
        return;
    }
    let judged = |act: &&str| {
        find(chars, some.clause.0, some.number.start, &format!("{act}为")).is_some()
            && find(chars, all.end, some.clause.0, act).is_some()
    };
    if ACTS.iter().any(judged) {
        exceeds::tell(found, all, some);
    }
}

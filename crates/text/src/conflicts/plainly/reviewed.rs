//! 送审9.63亿元，审定8.42亿元，审减1.12亿元: what went in, what came out and what was cut, by the names that the field has for them;
//! 消除大班额43个，大班额由61个下降到24个.

use super::super::facts::label;
use super::super::reckon::{Range, all_han, measure, same_unit};
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found};
use super::counted;
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};

/// How far apart the first and the last of the three may stand, in code points.
const NEAR: usize = 50;
/// Before, after, and the difference of both.
const NAMES: [(&str, &str, &str); 4] = [
    ("送审 报审", "审定 核定", "审减 核减"),
    ("预算金额 预算价 控制价 采购预算", "成交 中标 合同", "节约 节支 节省"),
    ("应收", "实收", "未收 欠收"),
    ("应退", "实退 已退", "未退"),
];

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    three(found, mentions, i);
    removed(found, mentions, i);
}

fn three(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let Some([all, out, cut]) = mentions.get(i..i + 3) else { return };
    let one = all.sentence == cut.sentence && cut.start - all.end <= NEAR;
    let alike = [all, out, cut].iter().all(|m| measure(m) && same_unit(chars, m, all));
    let says = |at: usize, names: &str| {
        let name = label(chars, mentions, at);
        any(name, 0, name.len(), names)
    };
    let named = NAMES.iter().any(|(a, b, c)| says(i, a) && says(i + 1, b) && says(i + 2, c));
    if one && alike && named && !chars[all.end..cut.start].contains(&'；') {
        let computed = Range::of(chars, all).minus(Range::of(chars, out));
        if !computed.meets(Range::told(chars, cut)) {
            found.left((all, out, cut), ConflictKind::Sum);
        }
    }
}

/// 消除大班额43个，全县大班额由年初的61个下降到24个.
fn removed(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    const CUT: [&str; 5] = ["消除", "压减", "减少", "撤并", "化解"];
    let chars = found.chars;
    let Some([gone, old, new]) = mentions.get(i..i + 3) else { return };
    let one = gone.clause.1 + 1 == old.clause.0 && old.clause == new.clause && gone.sentence == new.sentence;
    let alike = [gone, old, new].iter().all(|m| counted(m) && same_unit(chars, m, gone));
    let name = label(chars, mentions, i);
    let Some(noun) = CUT.iter().find_map(|w| find(name, 0, name.len(), w).map(|at| &name[at + 2..])) else {
        return;
    };
    let from = find(chars, old.clause.0, old.number.start, "由");
    let same =
        from.is_some_and(|at| chars[old.clause.0..at].ends_with(noun)) && noun.len() > 1 && all_han(noun);
    let fell = ["下降到", "减少到", "下降至", "减少至", "降至", "减至", "压减到", "压减至", "降到"]
        .iter()
        .any(|w| stands(chars, old.end, w) && new.number.start == old.end + w.chars().count());
    let other = any(chars, gone.clause.0, new.clause.1, "新增 累计 去年 上年 三年");
    let fewer = old.amount(chars) - new.amount(chars);
    if one && alike && same && fell && !other && (fewer - gone.amount(chars)).abs() > 1e-9 {
        let reason = format!(
            "{}减到{}是减少{}，前面为{}",
            plain(old.amount(chars)),
            plain(new.amount(chars)),
            plain(fewer),
            plain(gone.amount(chars))
        );
        found.between(&[gone, old, new], ConflictKind::Change, Certainty::Certain, reason);
    }
}

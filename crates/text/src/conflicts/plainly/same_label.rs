//! 7处，其中县级挂牌2处、县级挂牌5处: two parts of one whole by one name.

use super::super::facts::{List, behind, label};
use super::super::reckon::all_han;
use super::super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::ending;

/// The shortest name, and the longest that is read whole.
const NAME: std::ops::Range<usize> = 3..14;

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention], lists: &[List]) {
    let chars = found.chars;
    for list in lists.iter().filter(|list| list.whole.is_some()) {
        for pair in list.items.windows(2) {
            let [a, b] = [pair[0], pair[1]].map(|at| label(chars, mentions, at));
            let (one, other) = (&mentions[pair[0]], &mentions[pair[1]]);
            let same =
                a == b && NAME.contains(&a.len()) && all_han(a) && behind(chars, one) == behind(chars, other);
            let apart =
                chars[one.end..other.number.start].iter().filter(|c| matches!(c, '、' | '，')).count() == 1;
            // 小（一）型, C类: what parts them may stand in front of what is read as their name.
            let whole = pair.iter().zip([a, b]).all(|(at, name)| is_whole(chars, &mentions[*at], name));
            if same && apart && whole {
                let name: String = a.iter().collect();
                let reason = format!("两项都叫“{name}”，应有一项是别的");
                found.between(&[one, other], ConflictKind::Category, Certainty::Certain, reason);
            }
        }
    }
}

/// Whether a mark, or 其中, stands in front of the name in front of a number.
fn is_whole(chars: &[char], m: &Mention, name: &[char]) -> bool {
    let from = m.clause.0.max(m.number.start.saturating_sub(3 * NAME.end));
    let at = (from..m.number.start).find(|at| chars[*at..m.number.start].starts_with(name));
    at.is_some_and(|at| {
        at == m.clause.0 || matches!(chars[at - 1], '、' | '，' | '：') || ending(chars, at, "其中").is_some()
    })
}

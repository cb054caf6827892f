//! Another place's name left in a text that was taken over from there.

use std::collections::HashMap;

use super::names::named_places;
use super::{FaultKind, Found};
use crate::lexicon::{any, ending, words};

/// Kinds of places whose documents are taken over from one another.
const KINDS: [&str; 3] = ["县", "镇", "区"];
/// How often the place of the text itself is named at least.
const OWN: usize = 2;
/// How far behind the name the words stand by which a text speaks of its own place.
const SPEAKS: usize = 14;

/// 平岗县教育体育局将……, 为河湾镇经济社会高质量发展: named once, where the text speaks of its own place.
pub(super) fn strangers(found: &mut Found<'_>, lines: &[(usize, usize)]) {
    const OWN_FUTURE: &str = "经济社会 高质量发展 安全稳定大局 发展大局 现代化建设";
    const BODIES: &str = "局将 委将 办将 府将 委员会将 院将 中心将 局党组将 局党组从 局继续 委继续";
    let chars = found.chars;
    let Some(&(_, first)) = lines.get(2).or(lines.last()) else { return };
    for kind in KINDS {
        let places: Vec<usize> = named_places(chars, (0, chars.len()), kind).collect();
        let mut named: HashMap<&[char], usize> = HashMap::new();
        for at in &places {
            *named.entry(&chars[*at..*at + 2]).or_default() += 1;
        }
        // The place of the text stands in its first lines, and again and again.
        let own = places
            .iter()
            .filter(|at| **at < first)
            .map(|at| &chars[*at..*at + 2])
            .max_by_key(|name| named[name]);
        // Or in its title only, and bodies of the other place speak for it.
        let titled = |own: &&[char]| {
            lines.first().is_some_and(|(from, to)| chars[*from..*to].windows(2).any(|two| two == *own))
        };
        let Some(own) = own.filter(|own| named[own] >= OWN || titled(own)) else { continue };
        for at in places.iter().filter(|at| **at >= first) {
            let name = &chars[*at..*at + 2];
            let end = at + 2 + kind.chars().count();
            let stop = (end + SPEAKS).min(chars.len());
            let mark = chars[end..stop]
                .iter()
                .position(|c| matches!(c, '，' | '。' | '、' | '；'))
                .map_or(stop, |n| end + n);
            let advised = ending(chars, *at, "建议").is_some();
            let body = any(chars, end, mark, BODIES) || advised;
            let speaks = body || named[own] >= OWN && any(chars, end, mark, OWN_FUTURE);
            if name != own && named[name] == 1 && speaks {
                let (other, own) = (words(chars, *at, end), words(own, 0, 2));
                let reason = format!("全文写的是“{own}{kind}”，这里写作“{other}”，可能照搬别处稿件");
                found.tell(*at, end, FaultKind::Other, "another place", reason, Some(format!("{own}{kind}")));
            }
        }
    }
}

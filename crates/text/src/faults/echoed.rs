//! Four characters of which the last echoes the second, where it does not: 应通尽, 应入尽人, 能脱就拖.

use super::heard::plainly_alike;
use super::{FaultKind, Found, han};
use crate::lexicon::words;

/// What stands behind 应 without being what is to be done: 应当尽快.
const NO_DEED: &str = "当该予对付用急变力聘届邀景从及须先需将声试要能";
/// What stands behind 尽 where nothing is echoed: 尽快, 尽职.
const OTHER_ENDS: &str = "快早力量心责职管可善头致情然失孝义到";

pub(super) fn echoed(found: &mut Found<'_>) {
    let chars = found.chars;
    for at in 0..chars.len().saturating_sub(3) {
        match (chars[at], chars[at + 2]) {
            ('应', '尽') => all_of_them(found, at),
            ('能', '就' | '则' | '尽') => as_can_be(found, at),
            _ => {}
        }
    }
}

/// 应通尽 and a mark behind it, 应入尽人.
fn all_of_them(found: &mut Found<'_>, at: usize) {
    let chars = found.chars;
    let (deed, last) = (chars[at + 1], chars[at + 3]);
    // 反应堆, 相应提高: a piece of another word.
    let inner = at > 0 && "反相适响供效感对".contains(chars[at - 1]);
    if !han(Some(&deed)) || NO_DEED.contains(deed) || deed == last || inner || OTHER_ENDS.contains(last) {
        return;
    }
    // 应通尽，: nothing is written for the echo.
    let end = if han(Some(&last)) { at + 4 } else { at + 3 };
    tell(found, (at, end), deed);
}

/// 能脱就拖: the two are taken for one another.
fn as_can_be(found: &mut Found<'_>, at: usize) {
    let (one, other) = (found.chars[at + 1], found.chars[at + 3]);
    if one != other && han(Some(&one)) && han(Some(&other)) && plainly_alike(one, other) {
        tell(found, (at, at + 4), other);
    }
}

fn tell(found: &mut Found<'_>, (start, end): (usize, usize), deed: char) {
    let chars = found.chars;
    let right: String = [chars[start], deed, chars[start + 2], deed].iter().collect();
    let reason = format!("“{}”前后两处应是同一个字", words(chars, start, end));
    found.tell(start, end, FaultKind::WrongChar, "echoed", reason, Some(right));
}

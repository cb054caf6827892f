//! Names of laws, of regulations and of the Party's rules in title marks that are nearly, but not quite, one in force.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::law_names::{LAWS, REGULATIONS};
use super::phrases::alike;
use super::{FaultKind, Found};
use crate::lexicon::{ending, stands, words};

/// Longest name in title marks that is looked at, in code points.
const NAME_MAX: usize = 40;
/// Shortest name without the name of the state of which a near one is told, in code points: 森林法 and 草原法 are both laws.
const NAME_LEAST: usize = 5;
/// From this length on a name of any one other character is taken for the right one, in code points; a shorter one where
/// the two characters look or sound alike: 城市供热条例 is no slip of 城市供水条例.
const LONG: usize = 9;
/// Shortest right name into which a word may have slipped, in code points.
const SLIPPED_INTO: usize = 7;
/// The same for each character left out.
const LEFT_OUT: usize = 6;
/// By how many characters a name may differ from the right one to be taken for it.
const AWAY_MAX: usize = 2;
/// How much longer or shorter the right name may be.
const LONGER_MAX: usize = 2;
const STATE: &str = "中华人民共和国";

struct Names {
    all: HashSet<Vec<char>>,
    /// Names by their length, in code points.
    by_length: HashMap<usize, Vec<Vec<char>>>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let all: HashSet<Vec<char>> = LAWS
        .split_whitespace()
        .chain(REGULATIONS.split_whitespace())
        .map(|name| name.chars().collect())
        .collect();
    let mut by_length: HashMap<usize, Vec<Vec<char>>> = HashMap::new();
    for name in &all {
        by_length.entry(name.len()).or_default().push(name.clone());
    }
    by_length.values_mut().for_each(|names| names.sort_unstable());
    Names { all, by_length }
});

/// 《中华人民共和国生产安全法》, 《乡村医生执业管理条例》.
pub(super) fn laws(found: &mut Found<'_>) {
    let chars = found.chars;
    for open in (0..chars.len()).filter(|at| chars[*at] == '《') {
        let inside = chars[open + 1..].iter().take(NAME_MAX).position(|c| matches!(c, '》' | '《' | '\n'));
        let Some(end) = inside.map(|n| open + 1 + n).filter(|end| chars[*end] == '》') else { continue };
        let Some(right) = meant(&chars[open + 1..end]) else { continue };
        let written = words(chars, open, end + 1);
        let reason = format!("没有名为{written}的，应为《{right}》");
        found.tell(
            open,
            end + 1,
            FaultKind::WrongChar,
            "name of a law",
            reason,
            Some(format!("《{right}》")),
        );
    }
}

/// The name in force that was meant, where this one is none and near to exactly one.
fn meant(name: &[char]) -> Option<String> {
    let full = stands(name, 0, STATE);
    let core = if full { &name[STATE.chars().count()..] } else { name };
    // （试行）, （2023年修订）
    let core = core.split(|c| *c == '（').next().filter(|core| !core.is_empty())?;
    let least = if full { 3 } else { NAME_LEAST };
    if core.len() < least || !law_like(core) || known(core) || local(core) {
        return None;
    }
    let lengths = core.len().saturating_sub(LONGER_MAX)..=core.len() + LONGER_MAX;
    let names = lengths.filter_map(|length| NAMES.by_length.get(&length)).flatten();
    let near = names.filter_map(|right| away(core, right, full).map(|away| (away, right)));
    let mut near: Vec<(usize, &Vec<char>)> = near.collect();
    near.sort_unstable();
    let (least, right) = *near.first()?;
    // Two that are as near: which was meant cannot be told.
    let only = near.get(1).is_none_or(|(next, _)| *next > least);
    only.then(|| {
        let right: String = right.iter().collect();
        if full { format!("{STATE}{right}") } else { right }
    })
}

/// Whether the name ends as those of rules do, or with what is typed for it.
fn law_like(core: &[char]) -> bool {
    let ends = ["法", "发", "条例", "条列", "规定", "准则", "规则", "办法", "意见"];
    ends.iter().any(|end| ending(core, core.len(), end).is_some())
}

/// Whether it is a name in force, or the rules for carrying one out.
fn known(core: &[char]) -> bool {
    let carried_out =
        ["实施条例", "实施细则", "实施办法", "实施规定", "实施意见", "若干规定", "暂行办法", "司法解释"];
    let short = |name: &[char]| NAMES.all.contains(name);
    short(core)
        || carried_out.iter().any(|tail| {
            ending(core, core.len(), tail).is_some_and(|at| at == 0 || short(&core[..at]))
        })
        // 中国共产党 is left out of the names of its rules as often as not.
        || NAMES.all.contains(&"中国共产党".chars().chain(core.iter().copied()).collect::<Vec<_>>())
}

/// Whether it is the rule of a place: 青岚省安全生产条例.
fn local(core: &[char]) -> bool {
    let place = |c: &char| matches!(c, '省' | '市' | '县' | '州' | '旗');
    let district = core.windows(3).any(|three| three == ['自', '治', '区']);
    core.iter().take(6).any(place) && !core.starts_with(&['城', '市']) && !core.starts_with(&['省', '级'])
        || district
}

/// By how many characters two names differ, if one may be a slip of the other: characters put in, left out, taken for
/// others, and two words that changed places, which count least. A name with that of the state is a law's and may differ more.
fn away(written: &[char], right: &[char], full: bool) -> Option<usize> {
    let front = written.iter().zip(right).take_while(|(a, b)| a == b).count();
    let most = written.len().min(right.len()) - front;
    let back = written.iter().rev().zip(right.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    let (a, b) = (&written[front..written.len() - back], &right[front..right.len() - back]);
    // 道路安全交通法, 监督使用: the same characters in another order.
    let mut sorted = [a.to_vec(), b.to_vec()];
    sorted.iter_mut().for_each(|part| part.sort_unstable());
    if sorted[0] == sorted[1] {
        return (a.len() <= 4).then_some(0);
    }
    let away = a.len().max(b.len());
    // What both have in common must be more than what parts them.
    if away > AWAY_MAX || front + back <= away {
        return None;
    }
    let slip = match (a, b) {
        ([wrong], [meant]) => written.len() >= LONG || alike(*wrong, *meant),
        // 党纪处分 for 纪律处分: a word for another that it shares a character with, in a long name.
        ([_, _], [_, _]) => written.len() >= LONG && a.iter().any(|c| b.contains(c)),
        (_, []) => right.len() >= SLIPPED_INTO && front > 0 && back > 0,
        ([], _) => right.len() >= LEFT_OUT * b.len() && front > 0 && back > 0,
        _ => false,
    };
    (full || slip).then_some(away)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn right_of(name: &str) -> Option<String> {
        meant(&name.chars().collect::<Vec<_>>())
    }

    #[test]
    fn a_name_that_is_nearly_one_in_force_is_told_m43() {
        for (written, right) in [
            ("中华人民共和国生产安全法", "中华人民共和国安全生产法"),
            ("中华人民共和国道路安全交通法", "中华人民共和国道路交通安全法"),
            ("中华人民共和国环境保护发", "中华人民共和国环境保护法"),
            ("中华人民共和国职业病预防法", "中华人民共和国职业病防治法"),
            ("乡村医生执业管理条例", "乡村医生从业管理条例"),
            ("生产安全事故报告和处理调查条例", "生产安全事故报告和调查处理条例"),
            ("中国共产党记律处分条例", "中国共产党纪律处分条例"),
            ("中国共产党党纪处分条例", "中国共产党纪律处分条例"),
        ] {
            assert_eq!(right_of(written).as_deref(), Some(right), "{written}");
        }
    }

    #[test]
    fn names_in_force_and_rules_of_places_are_left_alone_m43() {
        for name in [
            "中华人民共和国安全生产法",
            "安全生产法",
            "森林法",
            "中华人民共和国森林法实施条例",
            "青岚省安全生产条例",
            "青岚县城市管理办法",
            "地方党政领导干部安全生产责任制规定",
            "纪律处分条例",
            "安全生产管理办法",
            "关于加强安全生产工作的意见",
            "优化营商环境条例",
            "城市供热条例",
            "城市管理条例",
            "物业服务管理条例",
            "机关事务管理办法",
            "工作办法",
            "",
        ] {
            assert_eq!(right_of(name), None, "{name}");
        }
    }

    #[test]
    fn no_name_is_taken_for_another_one() {
        for name in &NAMES.all {
            assert_eq!(meant(name), None);
        }
    }
}

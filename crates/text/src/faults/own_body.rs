//! The body whose document it is, called by the name of another below: 县水务局 in a document of 岩渡县水利局, 青岚县第二高级中学 in one of
//! 青岚县第二中学.

use super::own_name::{LAST_LINES, apart, body, tell};
use super::{Found, han};
use crate::lexicon::{any, stands};

/// Names of which one county has one only: who has the one has no other.
const ONE_OF: [&[&str]; 11] = [
    &["医疗保障局", "医疗保险局"],
    &["水利局", "水务局"],
    &["教育体育局", "教育局", "教育科技局", "教育科技体育局"],
    &["农业农村局", "农业局", "农牧局"],
    &["卫生健康局", "卫生健康委员会", "卫生局", "卫生和计划生育局"],
    &["文化和旅游局", "文化旅游局", "文化广电旅游局", "文化广电新闻出版局", "文化体育和旅游局"],
    &["自然资源局", "国土资源局", "自然资源和规划局"],
    &["生态环境局", "环境保护局"],
    &["应急管理局", "安全生产监督管理局"],
    &["市场监督管理局", "工商行政管理局", "市场监督局"],
    &["住房和城乡建设局", "城乡建设局", "住房保障和房产管理局"],
];
/// Kinds of places that stand in front of the name of a body.
const PLACES: &str = "省市县区乡镇旗";
/// The shortest name of a body behind its place, in characters.
const LEAST: usize = 4;
/// How many characters of two such names may differ.
const APART: usize = 2;
/// From how many characters on a name is the same whichever of its characters differs: 城市建设投资集团 and 城镇建设投资集团.
const LONG: usize = 7;
/// The rule, and where the right name stands.
pub(super) const SIGNED: (&str, &str) = ("name of the body", "落款");
/// By which one body is told from its like: 第一中学 and 第二中学.
const TELLS: &str = "一二三四五六七八九十东西南北中新老大小男女职特幼附";

/// Tells where the body of the document is called otherwise.
pub(super) fn renamed(found: &mut Found<'_>, lines: &[(usize, usize)]) {
    let chars = found.chars;
    let Some(own) = own(chars, lines) else { return };
    let Some(place) = place_end(chars, own) else { return };
    let name: Vec<char> = chars[place + 1..own.1].to_vec();
    let named: String = name.iter().collect();
    if let Some(others) = ONE_OF.iter().find(|names| names.contains(&named.as_str())) {
        for other in others.iter().filter(|other| **other != named) {
            once(found, lines, &chars[place..=place], other, &named);
        }
    } else if name.len() >= LEAST {
        of_one_place(found, lines, &chars[own.0..=place], &name);
    }
}

/// Where the name of the place ends in front of that of its body: its last character.
pub(super) fn place_end(chars: &[char], own: (usize, usize)) -> Option<usize> {
    (own.0 + 1..own.1).find(|at| PLACES.contains(chars[*at]))
}

/// The name of the body that signs.
pub(super) fn own(chars: &[char], lines: &[(usize, usize)]) -> Option<(usize, usize)> {
    let mut signs = lines.iter().skip(1).rev().take(LAST_LINES).map(|line| body(chars, line.0, line.1));
    signs.find(|(from, to)| {
        let name = &chars[*from..*to];
        (5..=32).contains(&name.len())
            && name.iter().all(|c| han(Some(c)))
            && name.last().is_some_and(|c| "局会院校学司社团".contains(*c))
    })
}

/// 县水务局 once in a document of 岩渡县水利局.
fn once(found: &mut Found<'_>, lines: &[(usize, usize)], kind: &[char], other: &str, named: &str) {
    let chars = found.chars;
    let length = other.chars().count();
    let Some(&(from, begin)) = lines.first() else { return };
    // The title itself names the other: who signs is told against it.
    if (from..begin).any(|at| stands(chars, at, other)) {
        return;
    }
    let places: Vec<usize> = (begin.max(1)..chars.len())
        .filter(|at| chars[*at - 1] == kind[0] && stands(chars, *at, other))
        .filter(|at| !stands(chars, *at, named))
        .collect();
    // What was called so before, or elsewhere.
    let before = |at: usize| any(chars, at.saturating_sub(12), at, "原 时任 外 学习 考察 撤销 更名 由");
    if let [at] = places[..]
        && !before(at)
    {
        tell(found, (at - 1, at + length), format!("{}{named}", kind[0]), SIGNED);
    }
}

/// 青岚县第二高级中学 once in a document of 青岚县第二中学.
fn of_one_place(found: &mut Found<'_>, lines: &[(usize, usize)], place: &[char], name: &[char]) {
    let chars = found.chars;
    let begin = lines.first().map_or(0, |line| line.1);
    let last_two = |name: &[char]| name[name.len() - 2..].to_vec();
    let kinds: [&[char]; 2] = [name, name.strip_suffix(&['有', '限', '公', '司'][..]).unwrap_or(name)];
    let mut others = Vec::new();
    for at in (begin..chars.len()).filter(|at| chars[*at..].starts_with(place)) {
        let from = at + place.len();
        let to = chars[from..].iter().take(name.len() + APART).take_while(|c| han(Some(c))).count() + from;
        // The longest stretch that ends as the body's own name does.
        let end = |own: &[char]| {
            (from + LEAST..=to)
                .rev()
                .find(|end| last_two(&chars[from..*end]) == last_two(own) && same(&chars[from..*end], own))
        };
        if kinds.iter().any(|own| chars[from..].starts_with(own)) {
            continue;
        }
        others.extend(kinds.iter().find_map(|own| end(own).map(|end| (at, end, own.to_vec()))));
    }
    if let [(at, end, own)] = &others[..] {
        let right = format!("{}{}", place.iter().collect::<String>(), own.iter().collect::<String>());
        tell(found, (*at, *end), right, SIGNED);
    }
}

/// Whether one name is most likely the other, miswritten, and of no other body.
fn same(written: &[char], own: &[char]) -> bool {
    let far = apart(written, own);
    let told_apart = |a: &[char], b: &[char]| a.iter().any(|c| TELLS.contains(*c) && !b.contains(c));
    (1..=APART).contains(&far)
        && far * 2 <= own.len()
        && (written[..2] == own[..2] || far == 1 && own.len() >= LONG)
        && !told_apart(written, own)
        && !told_apart(own, written)
}

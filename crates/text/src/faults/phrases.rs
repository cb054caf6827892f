//! Set phrases with one wrong character, words that are often written wrong, and words in the wrong company.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::confusions::{LOOKALIKE, MISWRITTEN};
use super::heard::{is_common, plainly_alike};
use super::idioms::MORE_IDIOMS;
use super::set_phrases::PHRASES;
use super::verses::VERSES;
use super::words::{ALIKE, COMPANY, CONTINUED, IDIOMS, ORDERED, WRONG};
use super::{FaultKind, Found, OwnWords};
use crate::lexicon::{Hit, Lexicon, Quick, find, stands, words};
use crate::sieve::PairSieve;

/// Longest phrase looked for, in code points; a longer one of an office's own is left out.
const MAX_PHRASE: usize = 120;

/// Words that are always wrong.
pub(super) fn wrong(found: &mut Found<'_>, own: &OwnWords) {
    static KNOWN: LazyLock<Lexicon> =
        LazyLock::new(|| Lexicon::new(&[(1, &WRONG.iter().map(|(w, _)| *w).collect::<Vec<_>>().join(" "))]));
    let chars = found.chars;
    for hit in KNOWN.scan(chars, 0, chars.len()) {
        let word = words(chars, hit.start, hit.end);
        let Some((_, right)) = WRONG.iter().find(|(w, _)| *w == word) else { continue };
        found.tell(
            hit.start,
            hit.end,
            FaultKind::WrongChar,
            "often written wrong",
            format!("“{word}”应作“{right}”"),
            Some((*right).to_string()),
        );
    }
    for (wrong, right) in &own.wrong {
        let mut from = 0;
        while let Some(at) = find(chars, from, chars.len(), wrong).filter(|_| !wrong.is_empty()) {
            from = at + wrong.chars().count();
            found.tell(
                at,
                from,
                FaultKind::Other,
                "own word list",
                format!("本单位词表：“{wrong}”应作“{right}”"),
                Some(right.clone()),
            );
        }
    }
}

/// A word written for another: the right one, and what may not stand behind and in front of it.
struct Slip {
    right: &'static str,
    behind: &'static str,
    front: &'static str,
}

/// The words that are written for others, from the data: `right:wrong^behind<front`.
fn slips() -> (Lexicon, HashMap<&'static str, Slip>) {
    let mut known = HashMap::new();
    for entry in MISWRITTEN.split_whitespace() {
        let Some((right, list)) = entry.split_once(':') else { continue };
        for item in list.split(',') {
            // What stands behind ^ and < goes on to the other sign, whichever comes first.
            let part = |sign: char| {
                item.split_once(sign).map_or("", |(_, rest)| rest.split(['^', '<']).next().unwrap_or(""))
            };
            let (wrong, behind, front) =
                (item.split(['^', '<']).next().unwrap_or(item), part('^'), part('<'));
            known.insert(wrong, Slip { right, behind, front });
        }
    }
    let words: Vec<&str> = known.keys().copied().collect();
    (Lexicon::new(&[(1, &words.join(" "))]), known)
}

/// Words that are taken for others in typing, and 帐 where no tent is meant.
pub(super) fn miswritten(found: &mut Found<'_>) {
    static KNOWN: LazyLock<(Lexicon, HashMap<&'static str, Slip>)> = LazyLock::new(slips);
    let chars = found.chars;
    for hit in KNOWN.0.scan(chars, 0, chars.len()) {
        let word = words(chars, hit.start, hit.end);
        let Some(slip) = KNOWN.1.get(word.as_str()) else { continue };
        let behind = chars.get(hit.end).is_some_and(|c| slip.behind.contains(*c));
        let front = hit.start > 0 && slip.front.contains(chars[hit.start - 1]);
        if !behind && !front {
            let reason = format!("“{word}”疑为“{}”之误", slip.right);
            let right = Some(slip.right.to_string());
            found.tell(hit.start, hit.end, FaultKind::WrongChar, "taken for another word", reason, right);
        }
    }
    for at in (0..chars.len()).filter(|at| chars[*at] == '帐') {
        let tent = chars.get(at + 1).is_some_and(|c| "篷幕子房顶帘中".contains(*c))
            || at > 0 && "营蚊帷军罗纱青床".contains(chars[at - 1]);
        if !tent {
            let reason = "银钱货物往来的记载用“账”".to_string();
            found.tell(
                at,
                at + 1,
                FaultKind::WrongChar,
                "taken for another word",
                reason,
                Some("账".to_string()),
            );
        }
    }
}

/// Phrases ready for the search of near misses.
struct Phrases {
    phrases: Vec<Vec<char>>,
    /// Whether only a character that sounds or looks alike is taken for a slip: lines of verse are changed on purpose.
    strict: bool,
    /// Whether they are names, in which no little word may vary either.
    names: bool,
    /// By the first two characters of either half: phrase and where that half begins in it.
    halves: HashMap<(char, char), Vec<(usize, usize)>, Quick>,
    /// The pairs that begin a half.
    sieve: PairSieve<2048>,
}

impl Phrases {
    fn new<'a>(list: impl Iterator<Item = &'a str>, strict: bool) -> Self {
        let phrases: Vec<Vec<char>> = list
            .map(|p| p.chars().collect::<Vec<_>>())
            .filter(|p| (4..=MAX_PHRASE).contains(&p.len()))
            .collect();
        let mut halves: HashMap<(char, char), Vec<(usize, usize)>, Quick> = HashMap::default();
        let mut sieve = PairSieve::new();
        for (i, phrase) in phrases.iter().enumerate() {
            for at in [0, phrase.len() / 2] {
                sieve.put(phrase[at], phrase[at + 1]);
                halves.entry((phrase[at], phrase[at + 1])).or_default().push((i, at));
            }
        }
        Self { phrases, strict, names: false, halves, sieve }
    }
}

/// Places that differ from a set phrase by one character.
pub(super) fn near(found: &mut Found<'_>, own: &OwnWords) {
    static KNOWN: LazyLock<Phrases> = LazyLock::new(|| {
        let idioms = IDIOMS.split_whitespace().chain(MORE_IDIOMS.split_whitespace());
        Phrases::new(PHRASES.split_whitespace().chain(idioms), false)
    });
    static LINES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(VERSES.split_whitespace(), true));
    near_of(found, &KNOWN);
    near_of(found, &LINES);
    if !own.phrases.is_empty() {
        let names = Phrases::new(own.phrases.iter().map(String::as_str), false);
        near_of(found, &Phrases { names: true, ..names });
    }
}

/// A near miss: where it stands, which phrase was meant.
struct Miss {
    start: usize,
    end: usize,
    phrase: usize,
}

fn near_of(found: &mut Found<'_>, known: &Phrases) {
    let chars = found.chars;
    let mut exact: Vec<(usize, usize)> = Vec::new();
    let mut misses: Vec<Miss> = Vec::new();
    for at in 0..chars.len().saturating_sub(1) {
        if !known.sieve.holds(chars[at], chars[at + 1]) {
            continue;
        }
        let Some(halves) = known.halves.get(&(chars[at], chars[at + 1])) else { continue };
        for &(i, half) in halves {
            let phrase = &known.phrases[i];
            // One more character of the half, or of two behind it one, is as in the phrase: else neither it nor a near miss stands
            // there.
            let same = |n: usize| chars.get(at + n) == phrase.get(half + n);
            let rest = if half == 0 { phrase.len() / 2 } else { phrase.len() - half };
            if !same(2) && (rest > 2 || half == 0 && !same(3)) {
                continue;
            }
            if half == 0 && chars[at..].starts_with(phrase) {
                exact.push((at, at + phrase.len()));
            } else if half == 0 {
                misses.extend(tail_miss(chars, at, phrase, known.names).map(|end| Miss {
                    start: at,
                    end,
                    phrase: i,
                }));
            } else {
                misses.extend(head_miss(chars, at, phrase, half, known.names).map(|(start, end)| Miss {
                    start,
                    end,
                    phrase: i,
                }));
            }
        }
    }
    misses.sort_by_key(|m| (m.start, std::cmp::Reverse(m.end)));
    let mut last = 0;
    for miss in misses {
        // Exact phrases are in the order of their starts, and none is longer than MAX_PHRASE.
        let from = exact.partition_point(|(start, _)| start + MAX_PHRASE <= miss.start);
        let near = exact[from..].iter().take_while(|(start, _)| *start < miss.end);
        // A term that is right inside of a longer one does not make the longer one right.
        let phrase = &known.phrases[miss.phrase];
        let read = &chars[miss.start..miss.end];
        let other = known.strict
            && (read.len() != phrase.len() || read.iter().zip(phrase).any(|(a, b)| a != b && !alike(*a, *b)));
        let inner = |(s, e): &(usize, usize)| phrase.windows(e - s).any(|w| *w == chars[*s..*e]);
        let shielded = near.into_iter().any(|own| {
            miss.start < own.1 && (own.1 - own.0) >= (miss.end - miss.start).min(4) && !inner(own)
        });
        // 巡视 is the word of the centre and of the provinces.
        let above = read.starts_with(&['巡', '视'])
            && crate::lexicon::any(
                chars,
                0,
                chars.len(),
                "中央巡视 省委巡视 区党委巡视 市委巡视 省级巡视 巡视组",
            );
        if miss.start < last || shielded || other || above || another_word(read, phrase) {
            continue;
        }
        last = miss.end;
        let right: String = known.phrases[miss.phrase].iter().collect();
        let reason = format!("与固定表述“{right}”差一个字");
        found.tell(miss.start, miss.end, FaultKind::WrongChar, "near a set phrase", reason, Some(right));
    }
}

/// 有限空间企业 and 有限空间作业: whether a short phrase ends in another word that everybody knows, unlike its own.
fn another_word(read: &[char], phrase: &[char]) -> bool {
    let n = read.len();
    if n != phrase.len() || !(5..8).contains(&n) {
        return false;
    }
    let apart = (n - 2..n).filter(|i| read[*i] != phrase[*i]).collect::<Vec<_>>();
    matches!(apart[..], [at] if !plainly_alike(read[at], phrase[at])) && is_common(&read[n - 2..])
}

/// The first half stands at `at`; the rest differs by one edit. Gives the end.
fn tail_miss(chars: &[char], at: usize, phrase: &[char], names: bool) -> Option<usize> {
    let half = phrase.len() / 2;
    if !chars[at..].starts_with(&phrase[..half]) {
        return None;
    }
    edit(&chars[at + half..], &phrase[half..], phrase.len(), names).map(|n| at + half + n)
}

/// The second half stands at `at`; what is in front differs by one edit. Gives start and end.
fn head_miss(chars: &[char], at: usize, phrase: &[char], half: usize, names: bool) -> Option<(usize, usize)> {
    if !chars[at..].starts_with(&phrase[half..]) {
        return None;
    }
    // One of two characters is another: where neither is the same, nothing need be turned around.
    let near = |n: usize| at >= n && chars[at - n] == phrase[half - n];
    if half == 2 && !near(1) && !near(2) {
        return None;
    }
    let before: Vec<char> = chars[at.saturating_sub(half + 1)..at].iter().rev().copied().collect();
    let wanted: Vec<char> = phrase[..half].iter().rev().copied().collect();
    edit(&before, &wanted, phrase.len(), names).map(|n| (at - n, at + phrase.len() - half))
}

/// How many characters of `text` stand for `wanted` with exactly one edit, if they do.
///
/// Short phrases may only have one character changed; longer ones may also have one too few or too many
/// inside. Little words and commas may vary.
fn edit(text: &[char], wanted: &[char], whole: usize, names: bool) -> Option<usize> {
    let same = text.iter().zip(wanted).take_while(|(a, b)| a == b).count();
    if same == wanted.len() {
        return None;
    }
    let (left, right) = (text.get(same..)?, &wanted[same..]);
    let little =
        |c: &char| !(names && han_letter(*c)) && "的和与及并，、；。“”‘’《》（）\n 地之而了".contains(*c);
    let first = left.first()?;
    let changed = left.len() >= right.len() && left[1..right.len()] == right[1..];
    // 与 for 于 sounds alike; other little words may vary.
    let near = matches!((*first, right[0]), ('与' | '以', '于') | ('和', '合') | ('之', '至'));
    if changed && (near || !little(first) && !little(&right[0])) && han_letter(*first) {
        let edge = right.len() == 1;
        // Four characters have many lawful cousins: only what sounds alike is taken for a slip.
        let told = if whole < 5 {
            plainly_alike(*first, right[0])
        } else {
            whole >= 8 || !edge || plainly_alike(*first, right[0])
        };
        return told.then_some(wanted.len());
    }
    if whole < 8 || right.len() < 2 {
        return None;
    }
    let fewer = left.starts_with(&right[1..]) && (!little(&right[0]) || right[0] == '、');
    if fewer {
        return Some(wanted.len() - 1);
    }
    let more =
        left.len() > right.len() && left[1..=right.len()] == *right && !little(first) && han_letter(*first);
    more.then_some(wanted.len() + 1)
}

/// Whether two characters are taken for one another in typing or reading.
pub(super) fn alike(a: char, b: char) -> bool {
    let a = alike_groups(a);
    !a.is_empty() && alike_groups(b).iter().any(|group| a.contains(group))
}

/// The numbers of the groups of characters taken for one another that a character is in.
pub(super) fn alike_groups(c: char) -> &'static [u16] {
    // By the character: where its groups begin among all of them. Asked often, of characters that stand in none.
    static GROUPS: LazyLock<(Vec<u16>, Vec<u16>)> = LazyLock::new(|| {
        let groups = ALIKE.split_whitespace().chain(LOOKALIKE.split_whitespace()).enumerate();
        let mut of: Vec<(u16, u16)> =
            groups.flat_map(|(i, group)| group.chars().map(move |c| (c as u32 as u16, i as u16))).collect();
        of.sort_unstable();
        let begins = (0..=u16::MAX).map(|c| of.partition_point(|(own, _)| *own < c) as u16).collect();
        (begins, of.into_iter().map(|(_, group)| group).collect())
    });
    let (begins, all) = &*GROUPS;
    match (begins.get(c as usize), begins.get(c as usize + 1)) {
        (Some(from), Some(to)) => &all[usize::from(*from)..usize::from(*to)],
        _ => &[],
    }
}

/// Classes of the fixed words.
const ORDER: u32 = 1;
const CONTINUATION: u32 = 2;
const SHORT_NAME: u32 = 4;
const UNTIL: u32 = 8;
const TERM: u32 = 16;

/// A term with its first two words changed about.
fn swapped(term: &str) -> String {
    let c: Vec<char> = term.chars().collect();
    c[2..4].iter().chain(&c[..2]).chain(&c[4..]).collect()
}

/// Fixed order, fixed continuation, short names, 截止 for 截至, terms in the wrong company: all in one walk.
pub(super) fn fixed(found: &mut Found<'_>) {
    static KNOWN: LazyLock<Lexicon> = LazyLock::new(|| {
        let order: Vec<String> = ORDERED.iter().map(|term| swapped(term)).collect();
        let begun: Vec<&str> = CONTINUED.iter().map(|(term, _)| *term).collect();
        let terms: Vec<&str> = COMPANY.iter().map(|(term, _)| *term).collect();
        Lexicon::new(&[
            (ORDER, &order.join(" ")),
            (CONTINUATION, &begun.join(" ")),
            (SHORT_NAME, "习总书记"),
            (UNTIL, "截止"),
            (TERM, &terms.join(" ")),
        ])
    });
    let chars = found.chars;
    for at in 0..chars.len() {
        for hit in KNOWN.all_at(chars, at) {
            match hit.tags {
                ORDER => order_of(found, hit),
                CONTINUATION => continuation(found, hit),
                SHORT_NAME => short_name(found, hit.start),
                UNTIL => until(found, hit.start),
                _ => company(found, hit),
            }
        }
    }
}

fn order_of(found: &mut Found<'_>, hit: Hit) {
    let word = words(found.chars, hit.start, hit.end);
    let Some(term) = ORDERED.iter().find(|term| swapped(term) == word) else { return };
    let reason = format!("语序颠倒，应作“{term}”");
    found.tell(hit.start, hit.end, FaultKind::WrongChar, "order of words", reason, Some((*term).to_string()));
}

fn continuation(found: &mut Found<'_>, Hit { start, end, .. }: Hit) {
    let chars = found.chars;
    let word = words(chars, start, end);
    let Some((term, next)) = CONTINUED.iter().find(|(term, _)| *term == word) else { return };
    let fine = if next.is_empty() {
        !han_letter(chars.get(end).copied().unwrap_or('。')) || "和与础中上，".contains(chars[end])
    } else {
        stands(chars, end, next)
    };
    if !fine {
        let to = (end + usize::from(!next.is_empty())).min(chars.len());
        let (reason, right) = (format!("固定表述为“{term}{next}”"), format!("{term}{next}"));
        found.tell(start, to, FaultKind::WrongChar, "set continuation", reason, Some(right));
    }
}

fn short_name(found: &mut Found<'_>, at: usize) {
    // 学习总书记重要讲话 holds the same characters.
    if at == 0 || !"学复研练温自补".contains(found.chars[at - 1]) {
        let reason = "公文中不用“习总书记”的简称".to_string();
        found.tell(at, at + 4, FaultKind::Other, "short name", reason, Some("习近平总书记".to_string()));
    }
}

/// 截止 for 截至 in front of a time.
fn until(found: &mut Found<'_>, at: usize) {
    const TIMES: [&str; 8] = ["今年", "上月", "本月", "去年", "昨天", "今天", "当前", "现在"];
    let chars = found.chars;
    let next = chars.get(at + 2).copied().unwrap_or('。');
    if next.is_ascii_digit() || TIMES.iter().any(|w| stands(chars, at + 2, w)) {
        let reason = "表示统计到某时，应用“截至”".to_string();
        found.tell(at, at + 2, FaultKind::WrongChar, "until", reason, Some("截至".to_string()));
    }
}

fn han_letter(c: char) -> bool {
    super::han(Some(&c))
}

/// Set terms behind a verb that does not go with them (强化“四个意识”).
fn company(found: &mut Found<'_>, Hit { start: at, end, .. }: Hit) {
    const VERBS: [&str; 26] = [
        "强化", "提升", "提高", "加强", "贯彻", "落实", "增强", "坚定", "做到", "树立", "树牢", "拥护",
        "捍卫", "领悟", "理解", "践行", "牢记", "坚持", "维护", "巩固", "深化", "保持", "执行", "忠于",
        "坚守", "遵守",
    ];
    let chars = found.chars;
    let term = words(chars, at, end);
    let Some((_, fine)) = COMPANY.iter().find(|(known, _)| *known == term) else { return };
    let Some(start) = at.checked_sub(2) else { return };
    let verb = words(chars, start, at);
    let known = VERBS.contains(&verb.as_str());
    let accepted = fine.split_whitespace().any(|f| stands(chars, at.saturating_sub(f.chars().count()), f));
    // In a row with “两个维护” each term has its own verb.
    let row = verb == "增强"
        && term == "“四个自信”"
        && find(chars, end, (end + 10).min(chars.len()), "“两个维护”").is_some();
    if known && (!accepted || row) {
        let right = fine.split_whitespace().next().unwrap_or_default();
        let reason = format!("“{verb}{term}”搭配不当，规范表述为“{right}{term}”");
        found.tell(start, end, FaultKind::WrongChar, "wrong company", reason, Some(format!("{right}{term}")));
    }
}

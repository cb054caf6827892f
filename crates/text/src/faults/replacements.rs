//! What a careless replacement put in: 地街道 for 地区, D员 for 党员, names that were struck out.

use std::sync::LazyLock;

use super::words::{BROKEN, BROKEN_BY_COUNTY, BROKEN_BY_LEVEL, REPLACED};
use super::{FaultKind, Found, han};
use crate::lexicon::{Hit, Lexicon, stands, words};

/// A class for lists of one class.
const ONE: u32 = 1;
const LEVEL: u32 = 2;
const COUNTY: u32 = 4;

/// 锚地街道, 柳林街道, 梅园街道: a name of two characters in front of 街道, of which the first makes no word with what is in front.
fn ward_of_a_name(chars: &[char], hit: &Hit) -> bool {
    const NO_NAME: &str = "个山的在各全到向从对与和及由是把将为入进驻本该我新老大小、，。“（国重多有";
    let street = hit.end == hit.start + 3 && stands(chars, hit.start + 1, "街道") && chars[hit.start] != '社';
    let Some(front) = hit.start.checked_sub(1).filter(|_| street) else { return false };
    let first = chars[front];
    if !han(Some(&first)) || NO_NAME.contains(first) {
        return false;
    }
    // 边境地街道, 产业园街道: what 区 ended.
    let word = front > 0 && han(Some(&chars[front - 1])) && super::heard::is_word(&chars[front - 1..=front]);
    let own = ["党工委", "办事处", "办主任", "纪工委", "人大工委"].iter().any(|w| stands(chars, hit.end, w));
    own || !word
}

/// Words broken by replacing one word everywhere, and letters put in for words.
pub(super) fn substitutions(found: &mut Found<'_>) {
    let chars = found.chars;
    // 区 → 街道 everywhere: 社区, 地区, 示范区 cannot end so. Longer ones first.
    static KNOWN: LazyLock<Lexicon> = LazyLock::new(|| {
        Lexicon::new(&[(ONE, BROKEN), (LEVEL, BROKEN_BY_LEVEL), (COUNTY, BROKEN_BY_COUNTY)])
    });
    let mut at = 0;
    while at < chars.len() {
        // 市街道、县街道 are told only where the ward cannot be meant: followed by another unit of the same row.
        let ward =
            |end: usize| end == at + 3 && matches!(chars[at], '市' | '县') && chars.get(end) != Some(&'）');
        // 供销社县级: a level may follow such a word.
        let firm = || at > 0 && "作销报公行信".contains(chars[at - 1]);
        let meant = |hit: &Hit| {
            if hit.is(COUNTY) {
                county_meant(chars, hit)
            } else if hit.is(LEVEL) {
                firm()
            } else {
                // 属地街道, 驻地街道: the ward of the place.
                let of_place = at > 0 && chars[at] == '地' && "属驻所当".contains(chars[at - 1]);
                ward(hit.end) || of_place || ward_of_a_name(chars, hit)
            }
        };
        if let Some(hit) = KNOWN.at(chars, at, chars.len()).filter(|hit| !meant(hit)) {
            // 街道 or one character of a level stands for 区, 县 for 市.
            let put = if hit.is(LEVEL) { 1 } else { 2 };
            let word = words(chars, at, hit.end);
            let right = match hit.is(COUNTY) {
                true => word.replace('县', "市"),
                false => words(chars, at, hit.end - put) + "区",
            };
            let reason = format!("“{right}”被批量替换成“{word}”");
            found.tell(at, hit.end, FaultKind::Substitution, "replaced everywhere", reason, Some(right));
            at = hit.end;
            continue;
        }
        if latin(chars[at]) {
            letter_for_word(found, at);
        }
        at += 1;
    }
    struck_names(found);
    replaced(found);
}

/// 全县场站, 石桥县场: where 县 is that of a place, which some word or the name in front of it says.
fn county_meant(chars: &[char], hit: &Hit) -> bool {
    let opens = chars[hit.start] == '县';
    let front = hit.start.checked_sub(1).map(|i| chars[i]);
    let level = opens && front.is_some_and(|c| "全我该本各外跨邻市省两出进".contains(c));
    let behind = chars.get(hit.end).copied().unwrap_or(' ');
    // 县场站, 县值班室, 县价格局; 集县直机关之力, 都县级领导.
    let goes_on = match opens {
        true => hit.end == hit.start + 2 && "站馆班守得勤钱格目".contains(behind),
        false => "级委政直里城区域乡镇人纪局长内外处办".contains(behind),
    };
    level || goes_on
}

/// Words that are written in letters, with the words of which one must stand behind.
const IN_LETTERS: [(&str, &str, &str); 6] = [
    ("ZF", "政府", ""),
    ("zf", "政府", ""),
    ("zhengfu", "政府", ""),
    ("JC", "检察", "机关 院"),
    ("GA", "公安", "机关 部门 局"),
    ("dang", "党", "支部 总支 员 委 组织 内 课 建 中央 的"),
];

/// A Latin letter, of whatever width.
fn latin(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ')
}

/// D员、Z府、J委.
fn letter_for_word(found: &mut Found<'_>, at: usize) {
    let chars = found.chars;
    let half = crate::fold::fold(chars[at]).to_ascii_uppercase();
    // 数字ZF, 区ZF办公室.
    let lone = |c: Option<&char>| !c.is_some_and(char::is_ascii_alphanumeric);
    let begins = at == 0 || lone(chars.get(at - 1));
    for (letters, right, behind) in IN_LETTERS {
        let end = at + letters.chars().count();
        let meant = behind.is_empty() || behind.split(' ').any(|word| stands(chars, end, word));
        if begins && stands(chars, at, letters) && lone(chars.get(end)) && meant {
            let reason = format!("用字母“{letters}”代替“{right}”");
            found.tell(
                at,
                end,
                FaultKind::Substitution,
                "letter for a word",
                reason,
                Some(right.to_string()),
            );
            return;
        }
    }
    let (word, after, before): (&str, &str, &str) = match half {
        'D' => (
            "党",
            "员委组支总中央章课的性风纪建内外史龄校旗徽费务政群日代小",
            "全入我在为建爱跟对从治管两党向",
        ),
        'Z' => ("政", "府治策协务", "行市县省民"),
        'J' => ("纪", "委律检", "党市县省"),
        'G' => ("国", "家务企", "中全爱"),
        _ => return,
    };
    let lone = |c: Option<&char>| !c.is_some_and(|c| c.is_ascii_alphanumeric());
    let prev = at.checked_sub(1).and_then(|i| chars.get(i));
    let next = chars.get(at + 1);
    let communist = half == 'D' && at >= 2 && stands(chars, at - 2, "共产");
    let hit = communist
        || next.is_some_and(|c| after.contains(*c))
        || prev.is_some_and(|c| before.contains(*c))
            && (han(next) || next.is_some_and(|c| "，。、”".contains(*c)));
    // 评定为D级的 is a grade.
    let grade = matches!(next, Some('级' | '类' | '档' | '等' | '型'));
    if lone(prev) && lone(next) && hit && !grade {
        let end = (at + 2).min(chars.len());
        let rest = crate::lexicon::words(chars, at + 1, end);
        found.tell(
            at,
            end,
            FaultKind::Substitution,
            "letter for a word",
            format!("用字母“{}”代替“{word}”", chars[at]),
            Some(format!("{word}{rest}")),
        );
    }
}

/// Words broken by replacing another word everywhere: 农社区群众, where 村 was replaced by 社区.
fn replaced(found: &mut Found<'_>) {
    static KNOWN: LazyLock<Lexicon> = LazyLock::new(|| {
        Lexicon::new(&[(ONE, &REPLACED.iter().map(|(wrong, _)| *wrong).collect::<Vec<_>>().join(" "))])
    });
    for hit in KNOWN.scan(found.chars, 0, found.chars.len()) {
        let word = words(found.chars, hit.start, hit.end);
        let Some((_, right)) = REPLACED.iter().find(|(wrong, _)| *wrong == word) else { continue };
        let reason = format!("“{right}”被批量替换成“{word}”");
        let right = Some((*right).to_string());
        found.tell(hit.start, hit.end, FaultKind::Substitution, "replaced everywhere", reason, right);
    }
}

/// Names that were struck out and left a sentence that cannot stand.
fn struck_names(found: &mut Found<'_>) {
    let chars = found.chars;
    const STRUCK: [(&str, &str); 12] = [
        ("以新时代中国特色社会主义思想为指导", "以习近平新时代中国特色社会主义思想为指导"),
        ("学习新时代中国特色社会主义思想", "学习习近平新时代中国特色社会主义思想"),
        ("用新时代中国特色社会主义思想", "用习近平新时代中国特色社会主义思想"),
        ("我市市委", "我市"),
        ("我市市政府", "我市"),
        ("省我市", "我市"),
        ("市市两级", "省市两级"),
        ("以同志为核心", "以习近平同志为核心"),
        ("以为核心的党中央", "以习近平同志为核心的党中央"),
        ("《著作选读》", "《习近平著作选读》"),
        ("《谈治国理政》", "《习近平谈治国理政》"),
        ("贯彻新时代中国特色社会主义思想", "贯彻习近平新时代中国特色社会主义思想"),
    ];
    static KNOWN: LazyLock<Lexicon> =
        LazyLock::new(|| Lexicon::new(&[(ONE, &STRUCK.map(|(wrong, _)| wrong).join(" "))]));
    for at in 0..chars.len() {
        let Some(hit) = KNOWN.at(chars, at, chars.len()) else { continue };
        let word = words(chars, hit.start, hit.end);
        let right = STRUCK.iter().find(|(wrong, _)| *wrong == word).map(|(_, right)| (*right).to_string());
        let reason = "名称被删去".to_string();
        found.tell(hit.start, hit.end, FaultKind::Substitution, "name struck out", reason, right);
    }
}

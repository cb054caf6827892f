//! A clause that breaks off where a word was left out: 提出的对策太，, 纪律意识有所；, 执法不的问题, 个别单位还有做到.

use super::{FaultKind, Found, han};
use crate::lexicon::{any, ending, stands, words};

/// Words that end no clause: something has to follow them.
const OPEN_ENDS: [&str; 9] = ["有所", "得不", "更加", "非常", "十分", "较为", "极其", "做得", "显得"];
/// What has to follow them where it is 太 or 很.
const VERY: &str = "太很";
/// What 没有 is in front of, where only 还有 was written.
const NOT_YET: &str = "做到 动起来 改到位 落实到位 整改到位 得到解决 得到有效 得到根本 完全解决 引起足够 引起重视 形成合力 把自己 把责任 把问题 把工作 真正做到 真正落实 真正改 彻底解决 跟上";

pub(super) fn hanging(found: &mut Found<'_>) {
    let chars = found.chars;
    for at in 1..chars.len() {
        match chars[at] {
            '，' | '。' | '；' | '！' => breaks_off(found, at),
            '的' if chars[at - 1] == '不' => denies_nothing(found, at),
            '有' if chars[at - 1] == '还' => not_yet(found, at - 1),
            _ => {}
        }
    }
}

/// 传帮带做得不，: nothing is said behind a word that says how much.
fn breaks_off(found: &mut Found<'_>, at: usize) {
    let chars = found.chars;
    let front = |n: usize| at.checked_sub(n).map(|i| chars[i]);
    let very = front(1).is_some_and(|c| VERY.contains(c))
        && front(2).is_some_and(|c| han(Some(&c)) && !"得不大太老师".contains(c));
    let from = if very { at.checked_sub(2) } else { OPEN_ENDS.iter().find_map(|w| ending(chars, at, w)) };
    // 万分、十分: a score; 大有所为 goes on.
    let Some(from) = from.filter(|from| *from > 0 && han(Some(&chars[from - 1]))) else { return };
    if stands(chars, from, "十分") && any(chars, from.saturating_sub(2), from, "满 得 扣 记 加 减 分 每")
    {
        return;
    }
    let reason = format!("“{}”后面缺少内容，句子没有写完", words(chars, from, at));
    found.tell(from, at + 1, FaultKind::WrongChar, "breaks off", reason, None);
}

/// 执法不的问题: what is denied was left out.
fn denies_nothing(found: &mut Found<'_>, at: usize) {
    let chars = found.chars;
    let inner = at < 2 || !han(Some(&chars[at - 2])) || "要可得是好能不".contains(chars[at - 2]);
    if !inner && han(chars.get(at + 1)) {
        let reason = "“不”和“的”之间缺少内容".to_owned();
        found.tell(at - 2, at + 1, FaultKind::WrongChar, "breaks off", reason, None);
    }
}

/// 个别单位还有做到件件有着落: 没 was left out.
fn not_yet(found: &mut Found<'_>, at: usize) {
    let chars = found.chars;
    let Some(word) = NOT_YET.split(' ').find(|word| stands(chars, at + 2, word)) else { return };
    let end = at + 2 + word.chars().count();
    let stop = (end + 12).min(chars.len());
    let clause = (end..stop).find(|i| matches!(chars[*i], '，' | '。' | '；' | '、')).unwrap_or(stop);
    // 还有做到位的单位: there are such.
    if !chars[end..clause].contains(&'的') || stands(chars, at + 2, "把") {
        let right = format!("还没有{word}");
        let reason = "“还有”疑为“还没有”之误，漏了“没”".to_owned();
        found.tell(at, end, FaultKind::WrongChar, "not left out", reason, Some(right));
    }
}

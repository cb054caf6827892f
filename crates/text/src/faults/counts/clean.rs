//! Lists so even that their number is certain: 四个环节，即提醒、审核、处置; 开茶节、红叶节、年货节四大节会; 6个部门（甲局、乙局）.

use super::super::{FaultKind, Found, han};
use super::{MAX_ITEMS, behind_mark, next_mark, off, two_to_nine, whole_number};
use crate::lexicon::{any, ending, stands, words};
use crate::numbers::Number;

/// Longest item, in code points.
const ITEM: usize = 14;
/// Farthest list behind its number, in code points.
const NEAR: usize = 14;

/// Whether items are of one make: as long as each other, or beginning or ending with the same character.
fn even(items: &[&[char]]) -> bool {
    let Some(head) = items.first().filter(|head| !head.is_empty()) else { return false };
    let all = |same: &dyn Fn(&[char]) -> bool| items.iter().all(|item| !item.is_empty() && same(item));
    let long = head.len() >= 2 && all(&|item| item.len() == head.len());
    long || all(&|item| item.last() == head.last()) || all(&|item| item.first() == head.first())
}

/// Whether nothing in the list hides a further item, a mark or a figure.
fn plain(list: &[char]) -> bool {
    listed(list) && !list.contains(&'不')
}

/// The same of a list that is told to be one: its items may be what is not so.
fn listed(list: &[char]) -> bool {
    !list.is_empty()
        && list.iter().all(|c| han(Some(c)) || matches!(c, '、' | '“' | '”'))
        && !any(list, 0, list.len(), "等 含 其中 主要 包括")
        && list.split(|c| *c == '、').all(|item| (2..=ITEM).contains(&item.len()))
}

/// How many items there may be: a last one joined by 和 may be two.
fn range(items: &[&[char]]) -> (usize, usize) {
    let joined = items.iter().any(|item| item.iter().any(|c| matches!(c, '和' | '及' | '与' | '或')));
    (items.len(), items.len() + usize::from(joined))
}

fn tell(found: &mut Found<'_>, number: &Number, (start, end): (usize, usize), items: usize) {
    // What another rule has told of need not be told again.
    if !found.is_told((start, end), FaultKind::CountMismatch) {
        let reason = format!("说的是{}，列了{items}项", words(found.chars, number.start, number.end));
        found.tell(start, end, FaultKind::CountMismatch, "even list", reason, None);
    }
}

/// 四个环节，即提醒、审核、处置; “四清”目标，即……; 五个专班：…….
pub(in super::super) fn behind_it(found: &mut Found<'_>) {
    let chars = found.chars;
    for at in found.counted_inside() {
        let Some(number) = whole_number(chars, at).filter(two_to_nine) else {
            continue;
        };
        let quoted = chars[at - 1] == '“';
        if !quoted && !chars.get(number.end).is_some_and(|c| "个项条张类支大种道级".contains(*c)) {
            continue;
        }
        let stop = chars.len().min(number.end + NEAR);
        let Some(mark) = (number.end..stop).find(|i| !han(chars.get(*i)) && chars[*i] != '”') else {
            continue;
        };
        let namely = ["，即", "，分别是", "，分别为", "，就是"].iter().find(|word| stands(chars, mark, word));
        let from = match namely {
            Some(word) => mark + word.chars().count(),
            None if chars[mark] == '：' => mark + 1,
            None => continue,
        };
        let from = from + usize::from(chars.get(from) == Some(&'：'));
        let end = next_mark(chars, from, |c| matches!(c, '，' | '。' | '；' | '\n'));
        let list = &chars[from..end];
        let items: Vec<&[char]> = list.split(|c| *c == '、').collect();
        let goes_on = chars.get(end) == Some(&'，') && (namely.is_none() || more(chars, end + 1, &items));
        // 六个专项预案，分别是……: names each of them, however long. Of a number in digits only such a list is taken for all.
        let each = namely.is_some_and(|word| word.contains("分别")) && chars.get(end) != Some(&'，');
        if items.len() >= 2
            && (each && listed(list) || number.han && even(&items) && plain(list))
            && !goes_on
            && off(&number, range(&items))
        {
            tell(found, &number, (at - usize::from(quoted), mark), items.len());
        }
    }
}

/// Whether the clause behind the list begins with one more item of its make.
fn more(chars: &[char], from: usize, items: &[&[char]]) -> bool {
    let stop = next_mark(chars, from, |c| matches!(c, '，' | '、' | '。' | '；' | '\n'));
    let mut all = items.to_vec();
    all.push(&chars[from..stop]);
    even(&all)
}

/// 综合协调、案件查办、宣传报道六个专项工作组, 开茶节、红叶节、年货节五大节会, 思想引领、强基固本“五大行动”.
pub(in super::super) fn in_front(found: &mut Found<'_>) {
    const NOUNS: &str = "工作组 专项组 小组 专班 行动 工程 体系 机制 清单 品牌 板块 专题 制度 计划 战役 节会 活动 环节 平台 阵地 关键 维度 层面 步骤 阶段 模块 栏目 举措 项目";
    let chars = found.chars;
    for at in found.counted_inside() {
        let Some(number) = whole_number(chars, at) else { continue };
        let quoted = usize::from(chars[at - 1] == '“');
        let measure = chars.get(number.end).copied().unwrap_or(' ');
        if !(3.0..=10.0).contains(&number.value) || !"个大项张支类家".contains(measure) || at <= quoted
        {
            continue;
        }
        let noun = number.end + 1;
        let end = (noun..chars.len().min(noun + 8)).find(|i| !han(chars.get(*i))).unwrap_or(noun + 4);
        let known = NOUNS.split(' ').any(|word| (noun..end).any(|i| stands(chars, i, word)));
        if !known && !matches!(measure, '大' | '家') {
            continue;
        }
        let front = at - quoted;
        let from = behind_mark(chars, front, |c| matches!(c, '，' | '。' | '；' | '：' | '\n' | '（' | '》'));
        let list = &chars[from..front];
        let items: Vec<&[char]> = list.split(|c| *c == '、').collect();
        // In front of the first item its verb may stand.
        let of = |items: &[&[char]]| items.len() >= 2 && even(items) && items[0].len() >= 2;
        let even = items.len() >= 3 && of(&items[1..]) && plain(&items[1..].join(&'、'))
            || items.len() == 2 && set_up(&items);
        // 公安局、住建局、民政局三家会审: whoever is told by name is one of them.
        let body = |item: &&[char]| item.last().is_some_and(|c| "局委办院".contains(*c));
        let even = even && (measure != '家' || items.iter().all(body));
        if even && !matches!(list.last(), Some('的' | '这' | '”')) && off(&number, (items.len(), items.len()))
        {
            tell(found, &number, (at - quoted, end.min(noun + 6)), items.len());
        }
    }
}

/// 下设综合协调、督查指导三个工作组: of two items as long as one another the first stands behind its verb.
fn set_up(items: &[&[char]]) -> bool {
    const VERBS: [&str; 6] = ["下设", "设立", "设置", "成立", "组建", "推出"];
    let [first, second] = items else { return false };
    let verb = first.len().checked_sub(second.len());
    verb.is_some_and(|end| VERBS.iter().any(|verb| ending(first, end, verb).is_some()))
        && plain(&items.join(&'、'))
}

/// 6个部门（公安局、住建局）: all that are counted stand between the brackets.
pub(in super::super) fn in_brackets(found: &mut Found<'_>) {
    const BODIES: &str = "部门 单位 乡镇 街道 社区 村 县 镇 乡 机构 小组 专班";
    let chars = found.chars;
    for open in (1..chars.len()).filter(|at| chars[*at] == '（') {
        // Asked at every bracket: of many in a row none but the last holds a list.
        let close = next_mark(chars, open + 1, |c| matches!(c, '）' | '（' | '，' | '。' | '\n'));
        if chars.get(close) != Some(&'）') {
            continue;
        }
        let list = &chars[open + 1..close];
        let items: Vec<&[char]> = list.split(|c| *c == '、').collect();
        if items.len() < 2 || !plain(list) {
            continue;
        }
        let far = open.saturating_sub(NEAR);
        let clause =
            (far..open).rfind(|i| !han(chars.get(*i)) && !chars[*i].is_ascii_digit()).map_or(far, |i| i + 1);
        let mut number = (clause..open).filter_map(|at| whole_number(chars, at));
        let Some(number) = number.next_back().filter(|n| (2.0..=MAX_ITEMS).contains(&n.value)) else {
            continue;
        };
        let counts = BODIES.split(' ').find(|word| {
            chars.get(number.end).is_some_and(|c| "个家".contains(*c)) && stands(chars, number.end + 1, word)
        });
        let Some(body) = counts else { continue };
        let end = number.end + 1 + body.chars().count();
        let direct = end == open;
        // 由6个部门组成的专班（公安局、……）: only where the items are such bodies themselves.
        let bodies = matches!(body, "部门" | "单位")
            && items.iter().all(|item| item.last().is_some_and(|c| "局队委办处院会社".contains(*c)));
        if (direct || bodies) && off(&number, range(&items)) {
            tell(found, &number, (number.start, end), items.len());
        }
    }
}

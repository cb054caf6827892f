//! Gaps where a number, a day or a name was never filled in, and the brackets of a document's number.

use super::{FaultKind, Found, han};
use crate::lexicon::{any, stands, words};

/// How many blanks a gap has at most.
const BLANKS: usize = 12;
/// What may be counted behind a gap of two blanks and more.
const COUNTED: [&str; 12] =
    ["万元", "亿元", "元", "个百分点", "人次", "户", "名", "项", "件", "家", "亩", "公里"];
/// How far in front of a name in brackets it is said that it is to be filled in.
const FORM: usize = 10;
/// Words that are spread over their place by blanks: 姓  名.
const SPREAD: &str = "姓名 罪名 户名 品名 地名 人名 署名 签名 书名 学名 国家 大家 专家 作家 农户 用户 住户 商户 账户 帐户 客户 事项 选项 文件 条件 附件 证件 案件 邮件 公元 单元 美元";
/// Names in brackets that stand for what was to be filled in.
const NAMES: [&str; 6] = ["姓名", "单位名称", "填写姓名", "此处填写", "待核", "待核对"];

pub(super) fn gaps(found: &mut Found<'_>) {
    let chars = found.chars;
    let taken = found.taken(FaultKind::Placeholder);
    for at in 1..chars.len() {
        let told = match chars[at] {
            '号' => document_number(chars, at),
            '日' | '年' => day(chars, at),
            '组' | '批' | '轮' => which(chars, at),
            ']' | '］' => between_brackets(chars, at),
            '】' | '）' => name(chars, at),
            '%' | '％' => percent(chars, at),
            '万' | '亿' => money(chars, at),
            _ => counted(chars, at),
        };
        if let Some((start, end, what)) = told.filter(|(start, end, _)| !taken[*start..*end].contains(&true))
        {
            found.tell(start, end, FaultKind::Placeholder, "gap", format!("{what}空缺"), None);
        }
        year_in_brackets(found, at);
    }
}

/// Where the blanks begin that end in front of a place.
fn blanks(chars: &[char], at: usize) -> usize {
    let blank = |c: &&char| matches!(c, ' ' | '\u{3000}' | '\u{A0}');
    at - chars[..at].iter().rev().take(BLANKS).take_while(blank).count()
}

/// 〔2024〕 号.
fn document_number(chars: &[char], at: usize) -> Option<(usize, usize, &'static str)> {
    let from = blanks(chars, at);
    let year = from.checked_sub(6)?;
    let digits = chars[year + 1..from - 1].iter().all(char::is_ascii_digit);
    let brackets = matches!((chars[year], chars[from - 1]), ('〔', '〕') | ('[', ']') | ('［', '］'));
    // “X政发〔2024〕 号”: how such numbers are made up.
    let quoted =
        chars.get(at + 1) == Some(&'”') || any(chars, at + 1, chars.len().min(at + 6), "文件编排 格式");
    (digits && brackets && !quoted).then_some((year, at + 1, "文号"))
}

/// 2024年9月 日, 20 年.
fn day(chars: &[char], at: usize) -> Option<(usize, usize, &'static str)> {
    let from = blanks(chars, at);
    let before = chars.get(from.checked_sub(1)?)?;
    if from == at {
        return None;
    }
    // 8月 日均: a word of its own.
    let word = chars.get(at + 1).is_some_and(|c| "均常前照程".contains(*c));
    let month =
        chars[at] == '日' && *before == '月' && from >= 2 && chars[from - 2].is_ascii_digit() && !word;
    let year = chars[at] == '年'
        && from >= 2
        && chars[from - 2..from] == ['2', '0']
        && from.checked_sub(3).is_none_or(|i| !chars[i].is_ascii_digit());
    // 工作 20 年: so many years, with blanks around all digits. A day has its month behind.
    let next = chars[at + 1..].iter().find(|c| !matches!(c, ' ' | '\u{3000}' | '\u{A0}'));
    let begun = from.checked_sub(3).is_none_or(|i| matches!(chars[i], '\n' | '。'));
    let year = year && (at - from > 1 || begun || matches!(next, None | Some('月' | '\n')));
    (month || year).then_some((from.checked_sub(2)?, at + 1, "日期"))
}

/// 督察第组: which of them.
fn which(chars: &[char], at: usize) -> Option<(usize, usize, &'static str)> {
    let groups = ["督察", "巡察", "巡视", "督导", "检查", "专项", "在", "了", "县委", "市委", "区委", "省委"];
    let first = chars[at - 1] == '第'
        && groups.iter().any(|word| crate::lexicon::ending(chars, at - 1, word).is_some());
    first.then_some((at - 1, at + 1, "“第”后的序号"))
}

/// 派出[ ]名专家.
fn between_brackets(chars: &[char], at: usize) -> Option<(usize, usize, &'static str)> {
    let from = blanks(chars, at);
    let open = from.checked_sub(1).filter(|i| matches!(chars[*i], '[' | '［'))?;
    // 同意[ ]不同意[ ]: boxes to tick.
    let unit = chars.get(at + 1).is_some_and(|c| "名人个项件户家次万元条处场份亩年月日天".contains(*c));
    let inside = open > 0 && han(chars.get(open - 1)) && unit;
    inside.then_some((open, at + 1, "数目"))
}

/// 自筹比例不到%，: no number, sign or letter in front of the percent sign of a sentence.
fn percent(chars: &[char], at: usize) -> Option<(usize, usize, &'static str)> {
    const FRONT: &str =
        "不到 超过 达到 达 约 占 为 低于 高于 不足 接近 增长 下降 提高 降低 提升 提高到 降至 升至";
    let word = FRONT.split(' ').find(|word| crate::lexicon::ending(chars, at, word).is_some())?;
    let ends = chars.get(at + 1).is_none_or(|c| "，。；、\n以".contains(*c));
    ends.then_some((at - word.chars().count(), at + 1, "数目"))
}

/// 落实配套资金万元，: no number between what is paid and its unit.
fn money(chars: &[char], at: usize) -> Option<(usize, usize, &'static str)> {
    const PAID: &str = "资金 投资 经费 补助 补贴 贷款 罚款 借款 货款 补偿款 拨款 捐款 款项";
    if chars.get(at + 1) != Some(&'元') || chars.get(at + 2).is_some_and(|c| !"，。；、\n".contains(*c))
    {
        return None;
    }
    let word = PAID.split(' ').find(|word| crate::lexicon::ending(chars, at, word).is_some())?;
    Some((at - word.chars().count(), at + 2, "数目"))
}

/// （姓名）, 【待核】: a note of who wrote it to himself.
fn name(chars: &[char], at: usize) -> Option<(usize, usize, &'static str)> {
    let name = NAMES.iter().find(|name| crate::lexicon::ending(chars, at, name).is_some())?;
    let open = (at - name.chars().count()).checked_sub(1).filter(|i| matches!(chars[*i], '（' | '【'))?;
    // 签字人（姓名）： in a form is meant to be filled in by hand.
    let form = chars.get(at + 1).is_some_and(|c| matches!(c, '：' | ':' | '\u{3000}' | ' '));
    // 代理人（姓名）和代理权限: what a form has to hold.
    let listed = chars.get(at + 1).is_some_and(|c| matches!(c, '和' | '、' | '或' | '及'));
    let form = form || listed || any(chars, open.saturating_sub(FORM), open, "载明 注明 填写 示例 由 写明");
    (!form).then_some((open, at + 1, "内容"))
}

/// 人均补助   元.
fn counted(chars: &[char], at: usize) -> Option<(usize, usize, &'static str)> {
    // Asked at every character: nearly none stands behind a blank.
    if !matches!(chars[at - 1], ' ' | '\u{3000}' | '\u{A0}') {
        return None;
    }
    let unit = COUNTED.iter().find(|unit| stands(chars, at, unit))?;
    let from = blanks(chars, at);
    // 姓  名：, 国  家、集体: a word spread over its place; 元月 is a month.
    let next = chars.get(at + unit.chars().count());
    let label = next.is_some_and(|c| matches!(c, '：' | ':' | ' ' | '\u{3000}' | '\u{A0}'));
    let month = *unit == "元" && matches!(next, Some('月' | '旦'));
    let word =
        from.checked_sub(1).is_some_and(|i| SPREAD.split(' ').any(|w| w.chars().eq([chars[i], chars[at]])));
    if label || month || word {
        return None;
    }
    let sentence = any(chars, at, chars.len().min(at + 12), "， 。 ； 、");
    (at - from >= 2 && han(chars.get(from.checked_sub(1)?)) && sentence).then_some((
        from,
        at + unit.chars().count(),
        "数目",
    ))
}

/// 市政发[2023]31号: GB/T 9704 has 〔2023〕 there.
fn year_in_brackets(found: &mut Found<'_>, at: usize) {
    let chars = found.chars;
    if !matches!(chars[at], '[' | '［' | '【') || !han(chars.get(at - 1)) {
        return;
    }
    let digits = |from: usize| chars[from..].iter().take_while(|c| c.is_ascii_digit()).count();
    let close = at + 1 + digits(at + 1);
    let closed = close == at + 5 && matches!(chars.get(close), Some(']' | '］' | '】'));
    if !closed {
        return;
    }
    let number = digits(close + 1);
    let end = close + 1 + number;
    if number > 0 && number < 5 && chars.get(end) == Some(&'号') {
        let right = format!("〔{}〕{}号", words(chars, at + 1, close), words(chars, close + 1, end));
        let reason = "发文字号的年份用六角括号“〔〕”".to_string();
        found.tell(at, end + 1, FaultKind::Punctuation, "year of a number", reason, Some(right));
    }
}

//! Numbers with their units, wherever they stand.

use super::FigureKind;
use crate::lexicon::{any, stands, words};
use crate::numbers::{Number, number_at};
use crate::segment::is_sentence_end;

/// Units; longer ones first where one begins another.
const UNITS: &[&str] = &[
    "分",
    "标箱",
    "架次",
    "剂次",
    "校次",
    "大类",
    "口",
    "封",
    "顶",
    "盒",
    "款",
    "辆次",
    "艘次",
    "所次",
    "处次",
    "座次",
    "项次",
    "村次",
    "站次",
    "航次",
    "台次",
    "家次",
    "例",
    "部",
    "宗",
    "个百分点",
    "人次",
    "场次",
    "批次",
    "条次",
    "件次",
    "户次",
    "车次",
    "班次",
    "课时",
    "学时",
    "小时",
    "周岁",
    "分钟",
    "个月",
    "个位次",
    "位次",
    "平方公里",
    "平方米",
    "立方米",
    "公里",
    "公顷",
    "公斤",
    "千米",
    "千瓦",
    "兆瓦",
    "吨",
    "亩",
    "元",
    "个",
    "次",
    "名",
    "位",
    "条",
    "场",
    "票",
    "份",
    "件",
    "篇",
    "家",
    "户",
    "周",
    "种",
    "类",
    "本",
    "方面",
    "天",
    "人",
    "项",
    "张",
    "期",
    "批",
    "处",
    "台",
    "辆",
    "套",
    "所",
    "座",
    "间",
    "栋",
    "幢",
    "支",
    "对",
    "组",
    "米",
    "万",
    "亿",
    "成",
    "节",
    "堂",
    "轮",
    "遍",
    "倍",
    "岁",
    "毫米",
    "厘米",
    "毫升",
    "毫克",
    "微克",
    "千克",
    "摄氏度",
    "千伏",
    "册",
    "卷",
    "箱",
    "袋",
    "瓶",
    "眼",
    "艘",
    "架",
    "枚",
    "页",
    "幢",
    "趟",
    "笔",
    "斤",
    "面",
    "字",
    "具",
    "孔",
    "起",
    "宗",
    "幅",
    "块",
    "棵",
    "株",
    "头",
    "只",
    "盏",
    "根",
    "层",
    "床",
    "门",
    "例",
    "单",
    "步",
    "村",
    "县",
    "镇",
    "点",
    "秒",
    "%",
    "％",
    "‰",
];

/// How far behind the word 得分 a score with decimals may stand, in code points.
const SCORED: usize = 40;
/// Longest way to the ends of a sentence, in code points: a text without marks must not take quadratic time.
const MAX_SENTENCE: usize = 1000;

/// Longest name in quotes or title with its marks, in code points.
const MAX_NAME: usize = 24;

/// A number with its unit and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Mention {
    pub start: usize,
    pub end: usize,
    pub number: Number,
    pub unit: (usize, usize),
    pub kind: FigureKind,
    pub approx: Option<String>,
    /// Whether 万 or 亿 belongs to the unit.
    pub big: bool,
    /// Whether it stands inside of quotes or a title.
    pub quoted: bool,
    /// 每两周一次: how often something is done.
    pub rhythm: bool,
    pub clause: (usize, usize),
    pub sentence: (usize, usize),
}

impl Mention {
    /// The number as a plain one, 万 and 亿 counted in.
    pub(crate) fn amount(&self, chars: &[char]) -> f64 {
        let unit = &chars[self.unit.0..self.unit.1];
        let scale = match unit.first() {
            Some('万') if unit.get(1) == Some(&'亿') => 1e12,
            Some('万') => 1e4,
            Some('亿') => 1e8,
            _ => 1.0,
        };
        // 4.35亿 is 435000000 and not 434999999.99999994.
        if scale > 1.0 { (self.number.value * scale * 100.0).round() / 100.0 } else { self.number.value }
    }

    /// The unit without 万 and 亿.
    pub(crate) fn plain_unit(&self, chars: &[char]) -> String {
        words(chars, self.unit.0, self.unit.1).trim_start_matches(['万', '亿']).replace('％', "%")
    }

    /// Whether the printed value is exact.
    pub(crate) fn exact(&self) -> bool {
        self.approx.is_none()
    }

    /// The words behind the unit up to the next mark or number; empty where a verb goes on.
    pub(crate) fn named(&self, chars: &[char]) -> String {
        let stop = |c: &char| {
            matches!(c, '、' | '，' | '。' | '；' | '：' | '（' | '）' | '\n') || c.is_ascii_digit()
        };
        let to = chars[self.end..self.clause.1].iter().position(stop).map_or(self.clause.1, |i| self.end + i);
        let behind = &chars[self.end..to];
        let verb = behind.first().is_none_or(|c| "进得已均全正被以及和与并共".contains(*c));
        if verb { String::new() } else { behind.iter().collect() }
    }

    /// What is counted: the words behind, or those in front where nothing stands behind.
    pub(crate) fn what(&self, chars: &[char]) -> String {
        let stop = |c: &char| {
            matches!(c, '、' | '，' | '。' | '；' | '：' | '（' | '）' | '\n') || c.is_ascii_digit()
        };
        let named = self.named(chars);
        if !named.is_empty() {
            return named;
        }
        let from = chars[self.clause.0..self.start]
            .iter()
            .rposition(stop)
            .map_or(self.clause.0, |i| self.clause.0 + i + 1);
        chars[from..self.start].iter().collect()
    }
}

/// All numbers with units, in the order of the text. Dates, ordinals and numbers without a unit are left out.
pub(crate) fn mentions(chars: &[char]) -> Vec<Mention> {
    let mut out = Vec::new();
    let mut quoted = false;
    let mut at = 0;
    while at < chars.len() {
        match chars[at] {
            '“' | '《' => quoted = true,
            '”' | '》' | '\n' => quoted = false,
            _ => {}
        }
        let found = mention(chars, at);
        at = found.as_ref().map_or_else(|| past_number(chars, at), |m| m.end);
        if let Some(mut mention) = found {
            // A long quotation may tell figures; a name of a few characters does not.
            mention.quoted = quoted && in_name(chars, mention.start);
            out.push(mention);
        }
    }
    out
}

/// Behind the number that begins here, or behind this character.
fn past_number(chars: &[char], at: usize) -> usize {
    if chars[at].is_ascii_digit() { number_at(chars, at).map_or(at + 1, |n| n.end) } else { at + 1 }
}

fn in_name(chars: &[char], at: usize) -> bool {
    // Looked for no farther than a name is long: a mark that nothing closes may have a whole text behind it.
    let (from, to) = (at.saturating_sub(MAX_NAME), chars.len().min(at + MAX_NAME + 1));
    let open =
        chars[from..at].iter().rposition(|c| matches!(c, '“' | '《' | '\n')).map_or(from, |i| from + i);
    let close = chars[at..to].iter().position(|c| matches!(c, '”' | '》' | '\n')).map_or(to, |i| at + i);
    close - open <= MAX_NAME
}

fn mention(chars: &[char], at: usize) -> Option<Mention> {
    let number = number_at(chars, at)?;
    let before = at.checked_sub(1).map(|i| chars[i]);
    if before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-') {
        return None;
    }
    let (clause, sentence) = (bounds(chars, at, true), bounds(chars, at, false));
    let rank = before == Some('第');
    if rank && !ranked(chars, &number, clause.0) {
        return None;
    }
    let rhythm = number.value >= 1.0 && often(chars, &number, clause.0);
    if number.han && !rank && !rhythm && !counts_in_words(chars, &number) {
        return None;
    }
    let (unit, big) = unit(chars, number.end, clause.1)?;
    // 32字方针 has its name; 1.1万字 is how much was written.
    if chars[unit.1 - 1] == '字' && !big {
        return None;
    }
    let kind = if rank { FigureKind::Rank } else { kind(chars, unit) };
    let (start, end, approx) = approximate(chars, &number, unit, clause, rank);
    Some(Mention { start, end, number, unit, kind, approx, big, quoted: false, rhythm, clause, sentence })
}

/// The clause or sentence around a place.
fn bounds(chars: &[char], at: usize, clause: bool) -> (usize, usize) {
    let digit = |i: usize| chars.get(i).is_some_and(char::is_ascii_digit);
    let ends = |i: usize| {
        is_sentence_end(chars[i])
            || clause && matches!(chars[i], '，' | '；' | '：' | ';')
            || clause && chars[i] == ',' && !digit(i + 1)
    };
    let from = (at.saturating_sub(MAX_SENTENCE)..at)
        .rev()
        .find(|i| ends(*i))
        .map_or(at.saturating_sub(MAX_SENTENCE), |i| i + 1);
    let to = (at..chars.len().min(at + MAX_SENTENCE))
        .find(|i| ends(*i))
        .unwrap_or(chars.len().min(at + MAX_SENTENCE));
    (from, to)
}

/// 第10名 in 位列第10名 is a result; 第32届 and 第1次 are names.
fn ranked(chars: &[char], number: &Number, from: usize) -> bool {
    matches!(chars.get(number.end), Some('名' | '位'))
        && any(chars, from, number.start, "位列 排名 列 居 排 升 提升到 前进到 名列 获得 取得 荣获 到")
}

/// 每季度检查一次, 每月2次.
fn often(chars: &[char], number: &Number, from: usize) -> bool {
    stands(chars, number.end, "次")
        && any(chars, from, number.start, "每月 每周 每两周 每季度 每年 每半月 每半年 每天 每日 每双周 每旬")
        && !any(chars, from, number.start, "要 应 须")
}

/// Numbers in words count only from two, and with a unit that counts.
fn counts_in_words(chars: &[char], number: &Number) -> bool {
    let half = number.value == 0.5 && matches!(chars.get(number.end), Some('天'));
    half || number.value >= 2.0
        && ["天", "个月", "周", "个", "家", "名", "次", "场", "轮", "期", "项", "户", "万", "亿", "余"]
            .iter()
            .any(|u| stands(chars, number.end, u))
}

/// The unit behind the number, with 多 or 余 and 万 or 亿 in front of it.
fn unit(chars: &[char], at: usize, end: usize) -> Option<((usize, usize), bool)> {
    let mut from = at;
    while matches!(chars.get(from), Some('多' | '余' | ' ' | '几')) {
        from += 1;
    }
    let mut to = from;
    // 412万千瓦: 千 begins the unit.
    let unit =
        |at: usize| ["千瓦", "千克", "千米", "千伏", "百分"].iter().any(|unit| stands(chars, at, unit));
    while matches!(chars.get(to), Some('万' | '亿' | '千' | '百')) && !unit(to) {
        to += 1;
    }
    let big = to > from;
    while big && matches!(chars.get(to), Some('多' | '余')) {
        to += 1;
    }
    // 分钟 before 分: the longest that stands here.
    let stands_here = |u: &&&str| stands(chars, to, u) && !(big && matches!(**u, "万" | "亿"));
    if let Some(unit) = UNITS.iter().filter(stands_here).max_by_key(|u| u.len()) {
        let stop = to + unit.chars().count();
        // 10点 and 3点30分 are hours; 100名单 is no count of people.
        let hour = *unit == "点" && !chars.get(stop).is_some_and(|c| *c == '建' || *c == '意');
        // 平均成绩92.4分: behind a score, or with decimals and no word of 分.
        let score = *unit == "分" && !scored(chars, at, stop);
        let other = *unit == "具" && chars.get(stop).is_some_and(|c| "体有备".contains(*c));
        let word =
            score || other || *unit == "成" && chars.get(stop).is_some_and(|c| "立员果为功绩就".contains(*c));
        return (!hour && !word && stop <= end).then_some(((from, stop), big));
    }
    (big && to <= end).then_some(((from, to), big))
}

/// Whether 分 behind a number counts points.
fn scored(chars: &[char], number_end: usize, stop: usize) -> bool {
    let from = (0..number_end).rev().take_while(|at| chars[*at].is_ascii_digit() || chars[*at] == '.').last();
    let Some(from) = from else { return false };
    let other =
        chars.get(stop).is_some_and(|c| "之类别析局队公管工解组级段批期散支店享布管钟秒行区".contains(*c));
    let said = ["成绩", "得分", "均分", "分数", "评分", "满分", "测评"];
    // 平均得分84.6分，比上年的81.2分提高4.4分: with decimals also farther behind the word.
    let near = from.saturating_sub(if chars[from..number_end].contains(&'.') { SCORED } else { 6 });
    !other && said.iter().any(|word| crate::lexicon::find(chars, near, from, word).is_some())
}

fn kind(chars: &[char], (from, to): (usize, usize)) -> FigureKind {
    let unit = words(chars, from, to);
    if unit.ends_with(['%', '％', '‰']) || unit == "个百分点" || unit.ends_with('倍') || unit.ends_with('成')
    {
        FigureKind::Rate
    } else if unit.ends_with('元') {
        FigureKind::Money
    } else if ["天", "个月", "周", "小时", "分钟", "秒"].contains(&unit.as_str()) {
        FigureKind::Duration
    } else if unit.ends_with("位次") {
        FigureKind::Rank
    } else {
        FigureKind::Count
    }
}

/// 签约214户, 附近20米, 赶超3家: whether the character that may make a number inexact only ends a word.
fn ends_a_word(chars: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).map_or(' ', |i| chars[i]);
    match chars[at] {
        '约' => "签预节违履解赴如爽特邀续合条公契失集简".contains(before),
        '近' => "附靠邻最临亲".contains(before),
        '超' => "赶反".contains(before),
        _ => false,
    }
}

/// The span of the figure and what makes it inexact.
fn approximate(
    chars: &[char],
    number: &Number,
    unit: (usize, usize),
    clause: (usize, usize),
    rank: bool,
) -> (usize, usize, Option<String>) {
    let start = number.start - usize::from(rank);
    for word in ["超过", "突破", "接近", "将近", "大约", "不到", "不足", "近", "约", "超"] {
        let length = word.chars().count();
        let front = start >= clause.0 + length && stands(chars, start - length, word);
        if front && !ends_a_word(chars, start - length) {
            return (start, unit.1, Some(word.to_string()));
        }
    }
    for word in ["以上", "以内", "以下", "左右", "上下", "多", "余"] {
        if stands(chars, unit.1, word) && !stands(chars, unit.1, "以上公") && !stands(chars, unit.1, "多渠")
        {
            return (start, unit.1, Some(word.to_string()));
        }
    }
    let inner = chars[number.end..unit.1].iter().find(|c| matches!(c, '多' | '余'));
    (start, unit.1, inner.map(char::to_string))
}

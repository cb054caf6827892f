//! What stands around each number of a text.

use std::collections::HashMap;

use super::super::decimals;
use super::super::reckon::{all_han, bare};
use super::holds;
use crate::figures::{FigureKind, Mention};
use crate::lexicon::any;

/// How far in front of a number its words are read, in code points.
const FRONT: usize = 16;
/// The same of the words that say what the number is.
const NEAR: usize = 8;
/// How far behind its unit.
const BEHIND: usize = 14;
/// The same of the words that say what became of it.
const DIRECTLY: usize = 6;
/// Units of time and age, of which no wholes are made.
const TIMES: [&str; 10] = ["岁", "周岁", "年", "月", "天", "时", "分", "小时", "分钟", "级"];
/// Words near a number, by what they say of it.
const GROUPS: [&str; 11] = [
    "共 总 全 现有 合计 累计 应 任务 排查 受理 列入 涉及 摸排 组织 抽查 检查 收到 立案 核查 纳入 梳理 发现 查出",
    "已 完成 整改 办结 化解 销号 解决 到位 建成 完工 落实 办 结 合格 通过 达标",
    LEFT,
    "这 该 上述 前述 其中",
    EARLIER,
    AHEAD,
    "另 此外 新增 新 再 又 同时 其他",
    "每 均 平均 各 分别 单",
    "增加 减少 增长 下降 提高 净 降 增 超",
    "以上 以下 不少于 以内 至少 不低于 不超过 以 至 超过",
    "共 合计 总计 累计 总",
];
const LEFT: &str = "其余 剩余 尚 仍 还 未 剩 不";
const DONE: &str = GROUPS[1];
const EARLIER: &str = "上年 去年 同期 上半年 往年 较 比 由 从 原 上月 上季 前年 一季度 二季度 三季度 上一";
const AHEAD: &str = "下一步 将 计划 力争 目标 拟 明年 要 确保 预计";
/// Where in [`Sign::values`] the words of a group are told.
pub(super) const STATED: usize = 1;
pub(super) const REMAINING: usize = 2;
pub(super) const PAST: usize = 4;
pub(super) const FUTURE: usize = 5;
pub(super) const OTHER: usize = 6;
pub(super) const EACH: usize = 7;
pub(super) const GROWN: usize = 8;
pub(super) const WHOLE: usize = 0;
pub(super) const BEHIND_LEFT: usize = GROUPS.len();
/// How many values tell of one number.
const VALUES: usize = GROUPS.len() + 11;

/// A number and what stands around it.
#[derive(Debug)]
pub(super) struct Sign<'a> {
    pub m: &'a Mention,
    /// Which number of the text it is.
    pub at: usize,
    pub amount: f64,
    /// How many digits are printed behind its point.
    pub decimals: usize,
    /// By what 万 and 亿 multiply what is printed.
    pub scale: f64,
    pub paragraph: usize,
    /// Where its words in front begin.
    pub from: usize,
    /// Where its words behind end.
    pub to: usize,
    /// Pairs of Chinese characters in front and behind, in order.
    pub front: Vec<u64>,
    pub behind: Vec<u64>,
    pub all: Vec<u64>,
    /// In how many relations that hold it takes part, and in how many that hardly hold by chance.
    pub holds: usize,
    pub holds_well: usize,
    /// Lists that make a whole and that it is an item of.
    pub lists: Vec<usize>,
}

/// All numbers of a text that can be reckoned with.
#[derive(Debug)]
pub(super) struct Signs<'a> {
    pub chars: &'a [char],
    pub mentions: &'a [Mention],
    pub all: Vec<Sign<'a>>,
    /// Which of them count in one unit, in the order of the text; not the rates.
    pub units: Vec<Vec<usize>>,
    /// Which of them are rates.
    pub rates: Vec<usize>,
    /// Which of them count things, in whatever unit: 5个乡镇、9个部门共15家单位.
    pub things: Vec<usize>,
    /// How often each amount is told of a unit, as a whole number of millionths.
    told: Vec<HashMap<i64, usize>>,
    /// Around how many numbers a pair of characters stands.
    known: HashMap<u64, usize>,
}

impl<'a> Signs<'a> {
    pub(super) fn of(chars: &'a [char], mentions: &'a [Mention]) -> Self {
        let (mut all, mut paragraph, mut read) = (Vec::new(), 0, 0);
        for (at, m) in mentions.iter().enumerate() {
            paragraph += chars[read..m.start].iter().filter(|c| **c == '\n').count();
            read = m.start;
            if counted(chars, m) {
                all.push(sign(chars, mentions, at, paragraph));
            }
        }
        let mut known = HashMap::new();
        for pair in all.iter().flat_map(|sign| &sign.all) {
            *known.entry(*pair).or_default() += 1;
        }
        let mut signs = Self {
            chars,
            mentions,
            all,
            units: Vec::new(),
            rates: Vec::new(),
            things: Vec::new(),
            told: Vec::new(),
            known,
        };
        signs.sort_by_unit();
        signs.told = signs.groups().chain([&signs.things]).map(|unit| signs.amounts(unit)).collect();
        holds::count(&mut signs);
        signs
    }

    fn sort_by_unit(&mut self) {
        let mut place: HashMap<&[char], usize> = HashMap::new();
        for (at, sign) in self.all.iter().enumerate() {
            if is_rate(self.chars, sign.m) {
                self.rates.push(at);
                continue;
            }
            if sign.m.kind == FigureKind::Count && sign.m.number.value.fract() == 0.0 {
                self.things.push(at);
            }
            let unit = match bare(self.chars, sign.m) {
                ['名' | '位'] => &['人'],
                unit => unit,
            };
            let next = place.len();
            let place = *place.entry(unit).or_insert(next);
            if place == self.units.len() {
                self.units.push(Vec::new());
            }
            self.units[place].push(at);
        }
    }

    /// The numbers of each unit, and the rates last.
    pub(super) fn groups(&self) -> impl Iterator<Item = &Vec<usize>> {
        self.units.iter().chain([&self.rates])
    }

    fn amounts(&self, unit: &[usize]) -> HashMap<i64, usize> {
        let mut told = HashMap::new();
        unit.iter().for_each(|n| *told.entry(millionths(self.all[*n].amount)).or_default() += 1);
        told
    }

    /// How often an amount is told of the group at a place.
    pub(super) fn times_told(&self, group: usize, amount: f64) -> usize {
        self.told[group].get(&millionths(amount)).copied().unwrap_or(0)
    }

    /// What the words around a number say of it.
    pub(super) fn values(&self, sign: &Sign<'_>) -> [f64; VALUES] {
        let (chars, m) = (self.chars, sign.m);
        let near = m.number.start.saturating_sub(NEAR).max(m.clause.0);
        let behind = sign.to.min(m.end + DIRECTLY);
        let mut values = [0.0; VALUES];
        for (value, words) in values.iter_mut().zip(GROUPS) {
            *value = f64::from(any(chars, near, m.number.start, words));
        }
        let of = matches!(m.number.start.checked_sub(1).map(|at| chars[at]), Some('的' | '这' | '该'));
        let rest = [
            f64::from(any(chars, m.end, behind, LEFT)),
            f64::from(any(chars, m.end, behind, DONE)),
            f64::from(of),
            f64::from(any(chars, m.clause.0, m.clause.1, AHEAD)),
            f64::from(any(chars, m.clause.0, m.clause.1, EARLIER)),
            f64::from(sign.amount < 10.0),
            f64::from(m.number.han),
            (m.number.start - sign.from.min(m.number.start)) as f64,
            (sign.to - m.end) as f64,
            sign.holds.min(4) as f64,
            sign.holds_well.min(4) as f64,
        ];
        values[GROUPS.len()..].copy_from_slice(&rest);
        values
    }

    /// How many pairs of characters two numbers share, and the same with rare ones counted more.
    pub(super) fn shared(&self, a: &Sign<'_>, b: &Sign<'_>) -> (f64, f64) {
        let both = common(&a.all, &b.all);
        let weight = both.iter().map(|pair| 1.0 / self.known.get(pair).map_or(1.0, |n| *n as f64)).sum();
        (both.len() as f64, weight)
    }

    /// Whether a word stands in the clause of a number.
    pub(super) fn says(&self, sign: &Sign<'_>, words: &str) -> bool {
        any(self.chars, sign.m.clause.0, sign.m.clause.1, words)
    }
}

fn millionths(amount: f64) -> i64 {
    (amount * 1e6).round() as i64
}

/// Whether a number can be a whole, a part or a share.
fn counted(chars: &[char], m: &Mention) -> bool {
    let exact = m.exact() && !m.rhythm && !m.quoted && m.number.value > 0.0;
    let unit: String = bare(chars, m).iter().collect();
    exact && !matches!(m.kind, FigureKind::Rank | FigureKind::Duration) && !TIMES.contains(&unit.as_str())
}

fn is_rate(chars: &[char], m: &Mention) -> bool {
    m.plain_unit(chars) == "%"
}

/// What stands around one number.
pub(super) fn sign<'a>(chars: &[char], mentions: &'a [Mention], at: usize, paragraph: usize) -> Sign<'a> {
    let m = &mentions[at];
    let before = at.checked_sub(1).map_or(0, |n| mentions[n].end);
    let before = if before <= m.number.start { before } else { 0 };
    let from = m.clause.0.max(before).max(m.number.start.saturating_sub(FRONT)).min(m.number.start);
    let next = mentions.get(at + 1).map_or(chars.len(), |m| m.number.start);
    let to = m.clause.1.min(next).min(m.end + BEHIND).max(m.end);
    let (front, behind) = (pairs(&chars[from..m.number.start]), pairs(&chars[m.end..to]));
    let mut all = [front.clone(), behind.clone()].concat();
    all.sort_unstable();
    all.dedup();
    let amount = m.amount(chars);
    Sign {
        m,
        at,
        amount,
        decimals: decimals(chars, m),
        scale: amount / m.number.value,
        paragraph,
        from,
        to,
        front,
        behind,
        all,
        holds: 0,
        holds_well: 0,
        lists: Vec::new(),
    }
}

/// The pairs of Chinese characters of a stretch, in order, each once.
pub(super) fn pairs(chars: &[char]) -> Vec<u64> {
    let mut pairs: Vec<u64> = chars
        .windows(2)
        .filter(|pair| all_han(pair))
        .map(|pair| u64::from(u32::from(pair[0])) << 32 | u64::from(u32::from(pair[1])))
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// What stands in both, of two lists in order.
pub(super) fn common(a: &[u64], b: &[u64]) -> Vec<u64> {
    let (mut i, mut j, mut both) = (0, 0, Vec::new());
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                both.push(*x);
                i += 1;
                j += 1;
            }
        }
    }
    both
}

/// Units that say nothing of what is counted.
const PLAIN: [&str; 13] = ["个", "件", "户", "人", "名", "位", "家", "次", "处", "项", "元", "条", "场"];

/// Whether a number is counted in a unit that says nothing of what it is.
pub(super) fn plain_unit(chars: &[char], m: &Mention) -> f64 {
    let unit: String = bare(chars, m).iter().collect();
    f64::from(PLAIN.contains(&unit.as_str()))
}

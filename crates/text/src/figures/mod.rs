//! Figures in a document: numbers told of work done or under way, of its result, and of how things stand.
//!
//! Every number with a unit is a mention; a figure is a mention that tells of something, not a date, the name of
//! a set, a target, a demand or a blank.

mod mention;

use serde::Serialize;

pub(crate) use mention::{Mention, mentions};

use crate::lexicon::{any, find, stands, words};
use crate::numbers::{Number, number_at};
use crate::obligations::tense::{accounts, recounts, told as told_sentence};
use crate::obligations::zone::{Genre, Zone, paragraphs};
use crate::segment::numbering_of;

/// From how many numbers in words above ten on a text writes its numbers in words.
const IN_WORDS: usize = 3;
/// From which on a number in words counts something, whatever stands around it.
const WRITTEN_OUT: f64 = 11.0;

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureKind {
    /// Things, people, times.
    Count,
    /// A share or a change in percent.
    Rate,
    /// Money.
    Money,
    /// A stretch of time.
    Duration,
    /// A place in an order.
    Rank,
}

/// One figure told in a text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// First code point of number and unit.
    pub start: usize,
    /// Code point behind.
    pub end: usize,
    /// Number and unit as printed.
    pub quote: String,
    /// What is counted, in the words of the clause.
    pub what: String,
    /// The value as printed; the unit carries 万 and 亿.
    pub value: f64,
    /// The unit as printed.
    pub unit: String,
    /// What it counts.
    pub kind: FigureKind,
    /// 多, 余, 超过 and the like, where the figure is not exact.
    pub approx: Option<String>,
    /// Name of the rule by which the number was taken for a figure.
    pub rule: &'static str,
}

/// The figures of a text, in its order.
pub fn figures(text: &str) -> Vec<Figure> {
    let chars: Vec<char> = text.chars().collect();
    figures_of(&chars).into_iter().map(|(mention, rule)| figure(&chars, &mention, rule)).collect()
}

/// Every number with a unit that a text states, whatever sort of text it is and whether or not it tells of something
/// done: all but what is quoted, a bound, planned or asked for.
pub fn stated(text: &str) -> Vec<Figure> {
    let chars: Vec<char> = text.chars().collect();
    let is = |m: &Mention| {
        // 拟销号 is where something stands, no plan.
        let stage = any(&chars, m.clause.0, m.number.start, "拟销号");
        let modal =
            any(&chars, m.clause.0, m.number.start, "必须 应当 应该 务必 确保 不少于 不低于 不超过 至少");
        !m.quoted && !threshold(&chars, m) && !basis(&chars, m) && (stage || !planned(&chars, m)) && !modal
    };
    let all = mentions(&chars).into_iter().filter(is);
    all.map(|mention| figure(&chars, &mention, "number as stated")).collect()
}

fn figures_of(chars: &[char]) -> Vec<(Mention, &'static str)> {
    let numbers = numbering_of(chars);
    let (genre, paragraphs) = paragraphs(chars, &numbers);
    let mut out = Vec::new();
    let mentions = mentions(chars);
    let accounts: Vec<bool> = paragraphs.iter().map(|p| accounts(chars, p.start, p.end)).collect();
    let in_words = mentions.iter().filter(|m| written_out(chars, m)).count() >= IN_WORDS;
    for mention in mentions {
        let at = paragraphs.partition_point(|p| p.end < mention.end);
        let Some(paragraph) = paragraphs.get(at) else { continue };
        // A short line that ends as a sentence does is no heading.
        let heading = paragraph.heading && !chars[paragraph.start..paragraph.end].contains(&'。');
        if heading && paragraphs.len() > 1 && genre != Genre::Report {
            continue;
        }
        let (from, to) = mention.sentence;
        let looks_back = told_sentence(chars, from, to) || accounts[at] || recounts(chars, from, to);
        let asked = match genre {
            Genre::Report => !matches!(paragraph.zone, Zone::Account | Zone::Preface),
            Genre::Speech => !matches!(paragraph.zone, Zone::Account | Zone::Preface) && !looks_back,
            Genre::Other => paragraph.zone == Zone::Aim || paragraph.plain && !looks_back,
        };
        if let Some(rule) = told(chars, &mention, genre, asked, in_words) {
            out.push((mention, rule));
        }
    }
    out
}

/// By which rule the number is told of something, if it is.
fn told(chars: &[char], m: &Mention, genre: Genre, asked: bool, in_words: bool) -> Option<&'static str> {
    if m.quoted
        || named_set(chars, m, genre)
        || population(chars, m)
        || threshold(chars, m)
        || basis(chars, m)
    {
        return None;
    }
    let planned = planned(chars, m);
    let modal = chars[m.sentence.0..m.number.start].windows(2).enumerate().any(|(i, w)| {
        w[0] == '要'
            && !"求点素么害义领件".contains(w[1])
            && !(i > 0 && "重主需首必只纪摘概简".contains(chars[m.sentence.0 + i - 1]))
    }) || any(chars, m.sentence.0, m.number.start, "必须 应当 应该 务必");
    let bounded = any(chars, m.clause.0, m.number.start, "不少于 不低于 不超过 至少")
        && (modal || genre == Genre::Other);
    let required = bounded || ["的要求", "的标准", "的规定"].iter().any(|w| stands(chars, m.end, w));
    if planned || required || asked || modal && genre != Genre::Report {
        return None;
    }
    if m.rhythm {
        return (genre == Genre::Report || done(chars, m)).then_some("rhythm of work");
    }
    if m.number.han {
        let span = m.kind == FigureKind::Duration
            && any(chars, m.clause.0, m.number.start, "为期 历时 通过 用 连续 提前 安排 开展 经过 集中 持续");
        // 开展了两轮督导
        let times = m.number.value >= 2.0
            && ["次", "轮", "场", "期"].iter().any(|u| stands(chars, m.number.end, u))
            && any(
                chars,
                m.number.start.saturating_sub(3),
                m.number.start,
                "开展了 举办了 召开了 组织了 进行了 先后",
            );
        if times {
            return Some("times told in words");
        }
        // 谈心谈话二十三人次; where all is so written, 四次 as well.
        if written_out(chars, m) || in_words && m.number.value >= 2.0 && counts(chars, m) {
            return Some("number told in words");
        }
        let of_set = m.number.value >= 2.0 && genre == Genre::Report && subset(chars, m);
        return if span { Some("stretch of time") } else { of_set.then_some("part of a set") };
    }
    match genre {
        Genre::Report => Some("number in a report"),
        Genre::Speech => Some("number in the account of a speech"),
        Genre::Other => (done(chars, m)
            || stands_for_state(chars, m)
            || told_sentence(chars, m.sentence.0, m.sentence.1)
            || recounts(chars, m.sentence.0, m.sentence.1))
        .then_some("number of something done"),
    }
}

/// Whether a number above ten is written in words with what it counts: 二十三人次, 两千八百六十户.
fn written_out(chars: &[char], m: &Mention) -> bool {
    m.number.han
        && !m.quoted
        && m.number.value >= WRITTEN_OUT
        && m.number.end >= m.number.start + 2
        && counts(chars, m)
}

/// Whether people, times or things are counted, no parts of a whole and no years.
fn counts(chars: &[char], m: &Mention) -> bool {
    const COUNTED: [&str; 26] = [
        "人次", "场次", "次", "户", "名", "人", "件", "家", "页", "本", "天", "笔", "场", "期", "份", "篇",
        "起", "遍", "处", "盏", "台", "栋", "间", "亩", "公里", "元",
    ];
    COUNTED.contains(&m.plain_unit(chars).as_str())
}

/// 两个省级……等5个: a small number in words whose set follows in figures.
fn subset(chars: &[char], m: &Mention) -> bool {
    let stop = m.clause.1.min(m.end + 24);
    (m.end..stop).any(|i| chars[i] == '等' && chars.get(i + 1).is_some_and(char::is_ascii_digit))
}

/// 4项重点任务, 6个方面, 3个步骤: names and methods, not results. A report may count them.
fn named_set(chars: &[char], m: &Mention, genre: Genre) -> bool {
    let stop = m.clause.1.min(m.end + 6);
    let named = any(chars, m.number.end, stop, "重点措施 重点任务 步骤 环节 调研方式 基本原则 原则 总要求");
    let aspects = any(chars, m.number.end, stop, "方面 专题 维度 层面 关系 领域 字")
        && genre != Genre::Report
        && !m.big;
    // 8种规定书目 counts books; 6种方式 counts ways.
    let ways = any(chars, m.number.end, stop, "方式 方法 形式 途径") && stands(chars, m.number.end, "种");
    named || aspects || ways
}

/// 占年度任务4万亩的85%: what something is held against, not what was done.
fn basis(chars: &[char], m: &Mention) -> bool {
    chars.get(m.end) == Some(&'的')
        && number_at(chars, m.end + 1).is_some_and(|n| matches!(chars.get(n.end), Some('%' | '％')))
        && any(chars, m.clause.0, m.start, "任务 计划 目标 指标 占全")
}

/// 收入50万元以上的村, 20万元至50万元的村: which ones are counted.
pub(crate) fn bracket_of(chars: &[char], m: &Mention) -> bool {
    let from = ["以上的", "以下的", "以内的", "至", "到", "—"].iter().any(|w| stands(chars, m.end, w));
    let range = |at: usize| number_at(chars, at + 1).is_some_and(|n| n.end < m.clause.1);
    let next = matches!(chars.get(m.end), Some('至' | '到' | '—')) && range(m.end);
    let behind =
        m.start > 1 && matches!(chars[m.start - 1], '至' | '到' | '—') && chars.get(m.end) == Some(&'的');
    let short = any(chars, m.start.saturating_sub(3).max(m.clause.0), m.start, "不足 低于 不到 超过")
        && m.clause.1 == m.end
        && m.clause.1 < m.sentence.1
        && any(chars, m.clause.0, m.start, "有");
    matches!(m.kind, FigureKind::Money)
        && (short || next || behind || from && !matches!(chars.get(m.end), Some('至' | '到' | '—')))
}

/// 50岁以上的保安, 围墙低于2米, 今年前4个月: a bound or a time by which things are counted, no count.
fn threshold(chars: &[char], m: &Mention) -> bool {
    let unit = m.plain_unit(chars);
    let size = matches!(unit.as_str(), "米" | "岁" | "平方米" | "公里");
    let behind = ["以上的", "以下的", "以内的", "以上", "以下"].iter().any(|w| stands(chars, m.end, w));
    let before = any(chars, m.number.start.saturating_sub(2), m.number.start, "低于 高于 大于 小于");
    let months = unit == "个月" && m.start > 1 && chars[m.start - 1] == '前' && chars[m.start - 2] != '提';
    months
        || bracket_of(chars, m)
        || size && (behind || before)
        || unit == "岁" && !any(chars, m.clause.0, m.start, "平均 年龄")
}

/// 在全市9个县区位列第3名: the number of competitors is no result.
fn population(chars: &[char], m: &Mention) -> bool {
    let before = any(chars, m.number.start.saturating_sub(4), m.number.start, "全省 全国 全市 全县 全区");
    before
        && any(chars, m.end, m.clause.1.min(m.end + 16), "位列 排名 排在 排第 位居 名列 列第 居第 中列 中排")
}

/// 力争年底前销号100件, 下一步: what is to be, not what is.
fn planned(chars: &[char], m: &Mention) -> bool {
    any(
        chars,
        m.clause.0,
        m.number.start,
        "力争 计划新 计划建 计划完 计划投 计划实 计划在 计划于 计划开 计划用 计划到 计划安 计划发 计划培 拟 预计 目标是 到2025年 到2027年 到2030年 到2035年 将于 将在 将会 将达 将实现 将建 将完成 将新 将有 要达到 须达",
    ) || any(chars, m.sentence.0, (m.sentence.0 + 6).min(m.sentence.1), "下一步 接下来 今后 明年")
}

/// Words that tell of something done.
fn done(chars: &[char], m: &Mention) -> bool {
    any(
        chars,
        m.sentence.0,
        m.sentence.1,
        "已 先后 累计 共有 共计 总计 达到 达 了 增长 下降 提高到 提升到 截至 截止 占",
    )
}

/// Shares and large amounts tell how things stand.
fn stands_for_state(chars: &[char], m: &Mention) -> bool {
    matches!(m.kind, FigureKind::Rate | FigureKind::Money)
        || m.big
        || any(chars, m.clause.0, m.number.start, "约 近 超过 仅 有")
}

fn figure(chars: &[char], m: &Mention, rule: &'static str) -> Figure {
    Figure {
        start: m.start,
        end: m.end,
        quote: words(chars, m.start, m.end),
        what: m.what(chars),
        value: m.number.value,
        unit: words(chars, m.unit.0, m.unit.1),
        kind: m.kind,
        approx: m.approx.clone(),
        rule,
    }
}

/// 东湖街道98.6%、南苑街道97.2%、柳溪镇965%: a rate without a point beside others that have one.
fn without_point(chars: &[char], at: usize, end: usize) -> bool {
    const BESIDE: usize = 14;
    let front = &chars[at.saturating_sub(BESIDE)..at];
    let whole = chars[at..end].iter().all(char::is_ascii_digit);
    let Some(sign) = front.iter().rposition(|c| matches!(c, '%' | '％')) else { return false };
    let rate: String = front[..sign].iter().rev().take_while(|c| c.is_ascii_digit() || **c == '.').collect();
    let gap = &front[sign + 1..];
    let joined = gap.iter().filter(|c| matches!(c, '、' | '和')).count() == 1
        && !gap.iter().any(|c| matches!(c, '，' | '。' | '；' | '增' | '超'));
    whole && end - at == 3 && joined && rate.contains('.') && rate.len() <= 4
}

/// 投资完成率112%: more than a plan can be done, but not more than all problems that were found.
fn of_a_plan(chars: &[char], from: usize, at: usize) -> bool {
    const FOUND: &str = "整改 隐患 问题 销号 办结 信访 线索 案件 举报 投诉 换届";
    const PLAN: &str = "计划 任务 目标 指标 投资 年度 产值 收入 预算 序时";
    find(chars, from, at, "完成率").is_some_and(|rate| {
        let name = rate.saturating_sub(12).max(from);
        !any(chars, name, rate, FOUND) || any(chars, from, at, PLAN)
    })
}

/// Longest way back to the start of the clause of a rate, in code points: a text without marks must not take quadratic time.
const MAX_CLAUSE: usize = 400;

/// Rates told above a hundred percent where the thing cannot exceed it, with the start of their clause.
pub(crate) fn impossible_rates(chars: &[char]) -> Vec<(usize, Number)> {
    let mut out = Vec::new();
    for at in 1..chars.len() {
        if !chars[at].is_ascii_digit() || chars[at - 1].is_ascii_digit() || chars[at - 1] == '.' {
            continue;
        }
        let Some(number) =
            number_at(chars, at).filter(|n| n.value > 100.0 && matches!(chars.get(n.end), Some('%' | '％')))
        else {
            continue;
        };
        let far = at.saturating_sub(MAX_CLAUSE);
        let from =
            (far..at).rev().find(|i| matches!(chars[*i], '，' | '。' | '；' | '\n')).map_or(far, |i| i + 1);
        let rate = ["率", "满意度", "知晓度", "占比", "比例", "比重"]
            .iter()
            .filter_map(|w| find(chars, from, at, w))
            .next_back();
        let grows = || {
            any(
                chars,
                from,
                at,
                "增长 增速 增幅 同比 超额 负债 杠杆 拨备 利润率 收益 回报 增加 提高了 提升了 上涨 涨幅 产能利用率 能力利用率 设备利用率 床位利用率 床位使用率 资金利用率 时间利用率 周转率 入住率 投资率 净 倍 保值增值",
            ) || of_a_plan(chars, from, at)
        };
        // 电子化支付率由年初的96.2%提高到993%
        let by_year = chars[..at].ends_with(&['年', '的']);
        let front = if by_year { at.saturating_sub(9) } else { at.saturating_sub(3) };
        let risen = any(chars, front.max(from), at, "到 至") && chars[from..at].contains(&'%');
        if let Some(rate) = rate.filter(|r| (at - r <= 8 || risen && at - r <= 30) && !grows()) {
            out.push((from.min(rate), number));
        } else if number.value >= 200.0 && without_point(chars, at, number.end) {
            out.push((from, number));
        }
    }
    out
}

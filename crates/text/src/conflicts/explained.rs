//! More of what looks like a conflict and is none: a value that was left behind, what came to it, what is counted in
//! elsewhere, what is left of what is left.

use super::facts::label;
use super::reckon::{Range, all_han, quantity, same_unit};
use super::{Conflict, ConflictKind};
use crate::figures::Mention;
use crate::lexicon::any;

/// How far apart the numbers may stand that explain one another, in code points.
const FAR: usize = 160;

/// Whether the numbers beside those told explain them.
pub(super) fn explained(
    chars: &[char],
    mentions: &[Mention],
    conflict: &Conflict,
    told: &[&Mention],
) -> bool {
    match conflict.kind {
        ConflictKind::SubsetExceedsSet => {
            let [whole, part] = told else { return false };
            of_all(chars, mentions, whole, part)
                || came_to(chars, mentions, whole, part)
                || counted_in(chars, whole, part)
                || left_behind(chars, whole, part)
        }
        ConflictKind::TwoValues => {
            let [one, other] = told else { return false };
            let together = both(chars, mentions, one, other) || both(chars, mentions, other, one);
            together || told.iter().any(|m| before_a_change(chars, m)) || of_some(chars, one, other)
        }
        ConflictKind::Sum => {
            rest_of_the_rest(chars, told)
                || of_another_name(chars, mentions, told)
                || two_kinds(chars, told)
                || told.last().is_some_and(|by| told_as_change(chars, by))
                    && changed_otherwise(chars, mentions, told)
                || of_two_wholes(chars, mentions, told)
                || shares_of_their_own(chars, told)
        }
        ConflictKind::Share => {
            of_the_year_before(chars, told)
                || of_two_together(chars, mentions, told)
                || of_any(chars, mentions, told)
                || of_another_place(chars, told)
        }
        ConflictKind::Change => changed_otherwise(chars, mentions, told),
        ConflictKind::Product => told
            .first()
            .zip(told.last())
            .is_some_and(|(first, last)| any(chars, first.end, last.start, "另有 另外 另")),
        // 小区数占89.1%，套数占90%: each names what it is a share of.
        ConflictKind::SharesOfWhole => {
            told.iter().all(|m| any(chars, m.clause.0, m.start, "数占 量占 额占 积占"))
        }
        _ => false,
    }
}

fn near<'a>(mentions: &'a [Mention], m: &'a Mention) -> impl Iterator<Item = &'a Mention> {
    let sentence = m.sentence;
    mentions.iter().filter(move |n| n.sentence == sentence && n.start != m.start)
}

/// 保留53项，新建8项，现行61项: the other number of the sentence came to it.
fn came_to(chars: &[char], mentions: &[Mention], whole: &Mention, part: &Mention) -> bool {
    let by = part.amount(chars) - whole.amount(chars);
    let here = |m: &Mention| m.sentence == whole.sentence || m.sentence == part.sentence;
    let came = |m: &Mention| {
        let other = m.start != whole.start && m.start != part.start;
        here(m) && other && quantity(m) && same_unit(chars, m, part) && (m.amount(chars) - by).abs() < 1e-9
    };
    let said = whole.sentence == part.sentence
        || any(chars, part.sentence.0, part.sentence.1.min(part.end + 30), "含 包括 连同 加上");
    said && mentions.iter().any(came)
}

/// 检查发现312条，已整改298条，其余14条正在整改，其中甲类76条: of all that were found, not of what is left.
fn of_all(chars: &[char], mentions: &[Mention], whole: &Mention, part: &Mention) -> bool {
    const ASIDE: &str = "其余 剩余 正在 未 尚 节约 节省 结余 审减 不合格";
    let among = any(chars, whole.end.min(part.start), part.start, "其中");
    let aside =
        any(chars, whole.clause.0, whole.start, ASIDE) || any(chars, whole.end, whole.clause.1, "正在");
    let larger = |m: &Mention| {
        m.end <= whole.start
            && quantity(m)
            && same_unit(chars, m, part)
            && m.amount(chars) >= part.amount(chars)
    };
    among && aside && near(mentions, part).any(larger)
}

/// 净减少126户: how much something has changed, and no part of a sum.
fn told_as_change(chars: &[char], by: &Mention) -> bool {
    any(chars, by.number.start.saturating_sub(4).max(by.clause.0), by.number.start, "净 增 减 多 少 下降")
}

/// Whether the change is that of both changes together, or of another number of the sentence.
fn changed_otherwise(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    net_of_two(chars, mentions, told) || of_another_value(chars, mentions, told)
}

/// 新增412户、退出538户，较上年末的6968户净减少126户: what both changes make together.
fn net_of_two(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    let [.., by] = told else { return false };
    let net = any(chars, by.number.start.saturating_sub(4).max(by.clause.0), by.number.start, "净 增加 减少");
    let here: Vec<&Mention> = mentions
        .iter()
        .filter(|m| m.sentence == by.sentence && m.end <= by.start && quantity(m) && same_unit(chars, m, by))
        .collect();
    let makes = |pair: &[&Mention]| {
        ((pair[0].amount(chars) - pair[1].amount(chars)).abs() - by.amount(chars)).abs() < 1e-9
    };
    told.len() == 3 && net && here.windows(2).any(makes)
}

/// 金牌10枚，共27枚，比上届的21枚增加6枚: another number of the sentence has changed by so much.
fn of_another_value(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    let [values @ .., by] = told else { return false };
    let changed = |m: &Mention| {
        values.iter().any(|v| {
            m.start != v.start
                && same_unit(chars, m, v)
                && ((m.amount(chars) - v.amount(chars)).abs() - by.amount(chars)).abs() < 1e-6
        })
    };
    values.len() == 2
        && same_unit(chars, values[0], by)
        && near(mentions, by).filter(|m| m.end <= by.start).any(changed)
}

/// 一般隐患3218条，重大隐患57条。从来源看，……: the parts are those of both together.
fn of_two_wholes(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    let [whole, parts @ ..] = told else { return false };
    let sum = parts.iter().fold(Range::exactly(0.0), |sum, m| sum.plus(Range::of(chars, m)));
    let next_to =
        |m: &Mention| m.start.saturating_sub(whole.end).max(whole.start.saturating_sub(m.end)) <= 16;
    let beside = |m: &Mention| {
        next_to(m)
            && m.number.value >= 10.0
            && quantity(m)
            && same_unit(chars, m, whole)
            && m.end <= parts.first().map_or(0, |p| p.start)
            && Range::of(chars, m).plus(Range::of(chars, whole)).meets(sum)
    };
    parts.len() > 1 && near(mentions, whole).any(beside)
}

/// 生产环节225批次，不合格4批次；流通环节1438批次，不合格28批次: what did not pass is no kind of them.
fn two_kinds(chars: &[char], told: &[&Mention]) -> bool {
    let not = |m: &Mention| any(chars, m.clause.0, m.start, "不合格 不达标 未通过");
    let nots = told[1.min(told.len())..].iter().filter(|m| not(m)).count();
    nots > 0 && nots + 1 < told.len() && told.len() > 3
}

/// 电气故障133起，占42.6%；……28起，占9.0%: each is a share by itself, and none is the whole of the others.
fn shares_of_their_own(chars: &[char], told: &[&Mention]) -> bool {
    let share = |m: &Mention| chars.get(m.end) == Some(&'，') && chars.get(m.end + 1) == Some(&'占');
    told.len() > 2 && told[..2].iter().all(|m| share(m))
}

/// 税收43.11亿元，非税19.37亿元，税收占比69.0%: some number of the sentence is the share of one in front.
fn of_any(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    let Some(rate) = told.iter().find(|m| m.plain_unit(chars) == "%") else { return false };
    let rough = !chars[rate.number.start..rate.number.end].contains(&'.');
    let here = |m: &&Mention| m.end <= rate.start && rate.start - m.end <= FAR / 4 && quantity(m);
    // 税收 in both: the rate names its part.
    let name = &chars[rate.clause.0..rate.number.start];
    let named = |part: &&Mention| {
        chars[part.clause.0..part.start].windows(2).any(|w| all_han(w) && name.windows(2).any(|v| v == w))
    };
    !rough
        && near(mentions, rate).filter(named).filter(here).any(|part| {
            mentions.iter().any(|whole| {
                whole.end <= part.start
                    && part.start - whole.end <= FAR
                    && quantity(whole)
                    && same_unit(chars, whole, part)
                    && whole.amount(chars) > part.amount(chars)
                    && super::reckon::is_share(chars, part, whole, rate)
            })
        })
}

/// 与上年同期企业自查占42.7%相比: of other counts.
fn of_the_year_before(chars: &[char], told: &[&Mention]) -> bool {
    let before = |m: &Mention| any(chars, m.clause.0, m.number.start, "上年 去年 同期");
    told.iter().any(|m| m.plain_unit(chars) == "%" && before(m)) && told.iter().any(|m| !before(m))
}

/// 全市水库156座，完工103座，我县完工率为70.8%: of another place.
fn of_another_place(chars: &[char], told: &[&Mention]) -> bool {
    const OWN: &str = "我县 我市 我区 我镇 我乡 我局 我省";
    let Some(rate) = told.iter().find(|m| m.plain_unit(chars) == "%") else { return false };
    let own = |m: &Mention| any(chars, m.clause.0, m.number.start, OWN);
    own(rate) && !told.iter().any(|m| m.start != rate.start && own(m))
}

/// 占定点医疗机构230家的58.3%, 6个均已到位，已计入完成整改的71个之中.
fn counted_in(chars: &[char], whole: &Mention, part: &Mention) -> bool {
    let base = chars.get(part.end) == Some(&'的')
        && any(chars, part.start.saturating_sub(12).max(part.clause.0), part.start, "占");
    base || any(chars, whole.end.min(part.start), part.start, "计入 含在 并入")
}

/// 由27家压减到2家，其中注销19家: the parts are of what went.
fn left_behind(chars: &[char], whole: &Mention, part: &Mention) -> bool {
    const WENT: &str = "注销 转为 取消 合并 退出 关停 撤销 废止";
    let changed = any(chars, whole.clause.0, whole.start, "由 从 原");
    changed
        && any(chars, whole.end.min(part.number.start), part.number.start, WENT)
        && any(
            chars,
            whole.number.start.saturating_sub(3).max(whole.clause.0),
            whole.number.start,
            "到 至 为",
        )
}

/// 由年初的389户减少到364户: a value that is no more.
fn before_a_change(chars: &[char], m: &Mention) -> bool {
    let stop = m.clause.1.min(m.end + 8);
    any(chars, m.start.saturating_sub(10).max(m.clause.0), m.start, "由 从")
        && any(chars, m.end, stop, "到 至 为 降 升 增 减 压")
}

/// 省级24件、市级63件 …… 省、市两级交办的87件: the one with another number beside it makes the other.
fn both(chars: &[char], mentions: &[Mention], one: &Mention, sum: &Mention) -> bool {
    let by = sum.amount(chars) - one.amount(chars);
    let beside = |m: &Mention| {
        quantity(m)
            && same_unit(chars, m, one)
            && m.start.abs_diff(one.start) <= FAR / 4
            && (m.amount(chars) - by).abs() < 1e-9
    };
    let together =
        any(chars, sum.clause.0, sum.start, "两级 两类 两项 三级 三类 各级 合计 共 以上 上述 、 和 及");
    by > 0.0 && together && near(mentions, one).any(beside)
}

/// 上线率48.7%，…… 其中应届生上线率47.8%: of some of them.
fn of_some(chars: &[char], one: &Mention, other: &Mention) -> bool {
    let some = |m: &Mention| any(chars, m.sentence.0, m.start, "其中");
    one.plain_unit(chars) == "%" && some(other) && !some(one)
}

/// 其余89件转由部门协调，截至8月底还有12件未化解: the last is left of the one in front of it, and the others make the whole.
fn rest_of_the_rest(chars: &[char], told: &[&Mention]) -> bool {
    let [all, parts @ .., last] = told else { return false };
    let [.., rest] = parts else { return false };
    let sum: f64 = parts.iter().map(|m| m.amount(chars)).sum();
    // 未开工4座；至11月15日，未开工的4座中: told again.
    let again = chars.get(last.end) == Some(&'中') && (last.amount(chars) - rest.amount(chars)).abs() < 1e-9;
    let of_rest = again
        || any(chars, rest.clause.0, rest.start, "其余 剩余 剩下 余下")
            && last.amount(chars) < rest.amount(chars);
    of_rest && (sum - all.amount(chars)).abs() < 1e-9
}

/// 报名2683人，上线1307人。其中应届生报名2214人，上线1058人: the last is a part of another number, by its name.
fn of_another_name(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    let [all, parts @ ..] = told else { return false };
    if parts.len() < 2 {
        return false;
    }
    let at = |m: &Mention| mentions.iter().position(|n| n.start == m.start);
    parts[1..].iter().any(|part| {
        let Some(name) = at(part).map(|at| label(chars, mentions, at)).filter(|name| name.len() >= 4) else {
            return false;
        };
        mentions.iter().enumerate().any(|(n, m)| {
            m.start > all.start
                && m.end < parts[0].start
                && same_unit(chars, m, part)
                && m.amount(chars) > part.amount(chars)
                && label(chars, mentions, n) == name
        })
    })
}

/// 升学437人，就业164人，升学就业率98.2%: both together.
fn of_two_together(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    let Some(rate) = told.iter().find(|m| m.plain_unit(chars) == "%") else { return false };
    let parts: Vec<&Mention> = mentions
        .iter()
        .filter(|m| {
            m.end <= rate.start && rate.start - m.end <= FAR / 2 && m.sentence == rate.sentence && quantity(m)
        })
        .collect();
    parts.windows(3).any(|w| {
        let [whole, a, b] = w else { return false };
        let same = same_unit(chars, whole, a) && same_unit(chars, a, b);
        let sum = Range::of(chars, a).plus(Range::of(chars, b));
        let short = whole.amount(chars) > sum.low.midpoint(sum.high);
        same && short && sum.over(Range::of(chars, whole)).times(100.0).meets(Range::told(chars, rate))
    })
}

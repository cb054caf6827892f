//! What looks like a conflict and is none: another pair of numbers makes the rate right, parts overlap by the text's own word.

use super::explained::explained;
use super::mistaken::mistaken;
use super::reckon::{Range, is_share, parted, quantity, same_unit};
use super::{Conflict, ConflictKind};
use crate::figures::Mention;
use crate::lexicon::{any, find};

/// Whether the text itself explains the numbers.
pub(super) fn innocent(chars: &[char], mentions: &[Mention], conflict: &Conflict) -> bool {
    let of = |span: &[usize; 2]| mentions.iter().find(|m| [m.start, m.end] == *span);
    let told: Vec<&Mention> = conflict.spans.iter().filter_map(of).collect();
    if explained(chars, mentions, conflict, &told) || mistaken(chars, mentions, conflict, &told) {
        return true;
    }
    match conflict.kind {
        ConflictKind::Share => share(chars, mentions, &told) || of_its_own(chars, mentions, &told),
        ConflictKind::Sum => {
            sum(chars, &told)
                || told.iter().filter(|m| opinion(chars, m)).count() > 1
                || of_another_batch(chars, &told)
                || is_a_share(chars, &told)
                || makes_another(chars, &told)
                || summed_elsewhere(chars, mentions, &told)
        }
        ConflictKind::Average => averaged(chars, mentions, &told),
        ConflictKind::Product => of_others(chars, mentions, &told),
        // 按户计占70.4%，按人计占69.5%: shares of two wholes.
        ConflictKind::SharesOfWhole => {
            many_chosen(chars, &told)
                || told.iter().filter(|m| any(chars, m.clause.0, m.start, "按")).count() > 1
                || told.iter().any(|rate| has_a_whole(chars, mentions, rate))
        }
        ConflictKind::Change => {
            told.iter().any(|m| aim(chars, m)) || changed_elsewhere(chars, mentions, &told)
        }
        ConflictKind::SubsetExceedsSet => subset(chars, mentions, &told),
        ConflictKind::AllDoneVsUnfinished => {
            told.iter().any(|m| elsewhere(chars, m)) || conflict.spans.iter().any(|span| due(chars, *span))
        }
        _ => false,
    }
}

/// 不合格30批次，合格率97.6%; 431户1302人，按户计占70.4%; 企业11家，投保率100%.
fn share(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    let Some(rate) = told.iter().find(|m| m.plain_unit(chars) == "%") else { return false };
    let before: Vec<&Mention> = mentions
        .iter()
        .filter(|m| m.sentence == rate.sentence && m.end <= rate.start && quantity(m))
        .collect();
    let said = Range::told(chars, rate);
    // 共12.6万亩，其中……1.9万亩，为年度计划12万亩的105%: the sum against the plan.
    let planned = told.iter().filter(|whole| aim(chars, whole)).any(|whole| {
        before
            .iter()
            .filter(|m| same_unit(chars, m, whole) && told.iter().all(|t| t.start != m.start))
            .any(|done| is_share(chars, done, whole, rate))
    });
    if planned {
        return true;
    }
    // 占年度任务4万亩的85%: it says itself what it is of.
    let last = told.iter().filter(|m| m.start < rate.start).map(|m| m.end).max().unwrap_or(0);
    if rate.start.saturating_sub(last) <= 1 {
        return false;
    }
    let fits = |part: &Mention, whole: &Mention| {
        let ratio = Range::of(chars, part).over(Range::of(chars, whole)).times(100.0);
        // 不合格30批次，合格率97.6%: the rate is of the others.
        let others = any(chars, part.clause.0, part.start, "不 未 剩余 其余 没有");
        ratio.meets(said) || others && Range::exactly(100.0).minus(ratio).meets(said)
    };
    // 转办5185件……转办件中已办结5037件，办结率97.1%: the whole stands sentences in front.
    let least =
        told.iter().filter(|m| m.start != rate.start).map(|m| m.amount(chars)).fold(f64::MAX, f64::min);
    let is_part = |m: &&&Mention| m.start != rate.start && m.amount(chars) <= least;
    let farther = told.iter().filter(is_part).any(|part| {
        let in_front = |m: &&Mention| {
            m.end <= part.start && part.start - m.end <= EXPLAINED && quantity(m) && same_unit(chars, m, part)
        };
        mentions.iter().filter(in_front).any(|whole| {
            let rough = !chars[rate.number.start..rate.number.end].contains(&'.');
            is_share(chars, part, whole, rate)
                && !(rough && parted(chars, whole.end, part.start))
                && part.amount(chars) < whole.amount(chars)
        })
    });
    let explained = farther
        || before.iter().any(|whole| {
            let smaller =
                |part: &&&Mention| same_unit(chars, part, whole) && part.amount(chars) < whole.amount(chars);
            before.iter().filter(smaller).any(|part| fits(part, whole))
        });
    // A count of its own, of the same unit, stands between what was told and the rate.
    let own = before
        .iter()
        .any(|m| m.start >= last && told.iter().any(|t| t.start != rate.start && same_unit(chars, t, m)));
    explained || own && rate.number.value >= 100.0
}

/// 112个村中，建成储备点的98个，占87.5%；配备电话的42个，占37.5%: each of them is a share by itself, told against its count.
fn has_a_whole(chars: &[char], mentions: &[Mention], rate: &Mention) -> bool {
    let Some(at) = mentions.iter().rposition(|m| m.end <= rate.start) else { return false };
    let part = &mentions[at];
    let own = part.sentence == rate.sentence && rate.start - part.end <= 8 && quantity(part);
    own && mentions[..at]
        .iter()
        .rev()
        .take_while(|m| part.start - m.end <= EXPLAINED)
        .any(|whole| quantity(whole) && same_unit(chars, whole, part) && is_share(chars, part, whole, rate))
}

/// 两类身份兼有的681人，去重后共3506人; 完成年度任务1.75万人的105.1%，其中; 到期应办的1098件均已办结.
fn sum(chars: &[char], told: &[&Mention]) -> bool {
    let (Some(first), Some(last)) = (told.first(), told.last()) else { return false };
    let stop = last.sentence.1.min(last.end + 30);
    let overlap =
        any(chars, first.start, stop, "去重 兼有 重复计 同时 双重 两种 均患 交叉 重叠 重合 均包含 均含在");
    let whole = told.iter().max_by(|a, b| a.amount(chars).total_cmp(&b.amount(chars)));
    let due = told[1..].iter().any(|m| any(chars, m.clause.0, m.start, "应办的 到期的 应办结的 期满的"));
    // 完成目标任务192.0万人的97.1%，还差6.6万人: what is wanting is of what was aimed at.
    let wanting = any(chars, last.clause.0, last.start, "差");
    overlap || due || !wanting && whole.is_some_and(|whole| aim(chars, whole))
}

/// 开工108部，其中投入使用63部、正在施工45部: one of the numbers is made by some of the others, and belongs to them.
fn makes_another(chars: &[char], told: &[&Mention]) -> bool {
    let value = |m: &&Mention| m.amount(chars);
    let made = |whole: f64, others: &[f64]| {
        (2..others.len()).any(|n| {
            others
                .windows(n)
                .any(|w| w.iter().all(|v| *v > 0.0) && (w.iter().sum::<f64>() - whole).abs() < 1e-9 * whole)
        })
    };
    // 每年改造1.2万亩，三年完成3.6万亩; 四个县（市）55个: what is told of each, or of the places, is no part.
    let each = |m: &&Mention| {
        any(chars, m.number.start.saturating_sub(6).max(m.clause.0), m.number.start, "每")
            || m.number.han
                && m.number.value < 10.0
                && matches!(chars.get(m.end), Some('县' | '区' | '镇' | '乡' | '街'))
    };
    if told.iter().any(each) || without_the_inner(chars, told) {
        return true;
    }
    // More than so many are no list somebody typed.
    (4..=24).contains(&told.len())
        && told.iter().enumerate().any(|(at, m)| {
            let others: Vec<f64> =
                told.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, m)| value(m)).collect();
            let among = told.get(at + 1).is_some_and(|next| any(chars, m.end, next.start.max(m.end), "其中"));
            at > 0 && among && made(value(m), &others)
        })
}

/// 粮油类210批次，全部合格；肉类186批次，合格184批次: without what is told of the parts themselves they make the whole.
fn without_the_inner(chars: &[char], told: &[&Mention]) -> bool {
    const OF_THE_PART: &str = "包括 含 其中 合格 达标 办结 完成 通过 已";
    let [whole, parts @ ..] = told else { return false };
    let (mut sum, mut inner) = (0.0, false);
    for pair in told.windows(2).filter(|pair| pair[0].end <= pair[1].number.start) {
        let gap = &chars[pair[0].end..pair[1].number.start];
        // 包括高校食堂5家、中学食堂118家；: up to the next greater mark.
        let begins = pair[0].start != whole.start && any(gap, 0, gap.len(), OF_THE_PART);
        let of_one = begins && !gap.contains(&'；') && !gap.contains(&'。');
        inner = of_one || inner && gap.contains(&'、');
        sum += if inner { 0.0 } else { pair[1].amount(chars) };
    }
    // 职工29.7亿元、支出24.1亿元，结余5.6亿元: each of them is told twice, as itself and as what makes it.
    let twice = parts.iter().map(|m| m.amount(chars)).sum::<f64>() / whole.amount(chars).max(1e-9);
    parts.len() > 3 && ((sum - whole.amount(chars)).abs() < 1e-9 * sum || (twice - 2.0).abs() < 1e-9)
}

/// 共6个课题……实地察看27个村，每个课题召开3场，合计18场: another number in front makes it.
fn of_others(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    let [.., each, total] = told else { return false };
    let from = mentions.partition_point(|m| m.end + EXPLAINED / 2 < each.start);
    let makes = |m: &&Mention| {
        m.end <= each.start && (m.amount(chars) * each.amount(chars) - total.amount(chars)).abs() < 1e-9
    };
    mentions[from..].iter().take_while(|m| m.start < each.start).any(|m| makes(&m))
}

/// 2025年底前，36个村全部建成: what is to be done by a day has not been told as done.
fn due(chars: &[char], [start, end]: [usize; 2]) -> bool {
    const FRONT: usize = 14;
    let ends = |c: &char| matches!(c, '。' | '；' | '\n');
    let from = chars[..start].iter().rposition(ends).map_or(0, |at| at + 1);
    let by = ["底前", "日前", "年前", "月前"]
        .iter()
        .filter_map(|word| find(chars, from.max(start.saturating_sub(FRONT)), end, word))
        .max();
    // 全部是应于12月底前完成的: what sort they are.
    if any(chars, start, end.min(start + 6), "全部是 全部为 均为 都是") {
        return true;
    }
    let all = |at: usize| any(chars, at, end, "全部 全面 悉数") && !any(chars, at, end, "已 了");
    by.is_some_and(all)
}

/// Words of people who are asked for what they think, or of places for what they lack.
const ASKED: &str = "认为 表示 反映 觉得 希望 担心 不满意 不知道";
/// 第一批936处已全部整改；第二批整改1105处，剩余17处: what stands in front of its whole behind another mark is no part of it.
fn of_another_batch(chars: &[char], told: &[&Mention]) -> bool {
    let Some((whole, parts)) = told.split_first() else { return false };
    parts.len() == 2 && parts.iter().any(|m| m.end < whole.start && chars[m.end..whole.start].contains(&'；'))
}

/// 203户……占54%；……121户，占32.2%；其余52户……占13.8%: parts, each with its share.
fn is_a_share(chars: &[char], told: &[&Mention]) -> bool {
    let share = |m: &&&Mention| {
        let stop = m.sentence.1.min(m.end + OPINION).max(m.end);
        let end =
            chars[m.end..stop].iter().position(|c| matches!(c, '；' | '。')).map_or(stop, |n| m.end + n);
        find(chars, m.end, end, "占").is_some_and(|at| chars[at..end].contains(&'%'))
    };
    told.len() == 3 && told.iter().filter(share).count() == 3
}

/// Whether a number is told of people who are asked: 389人表示愿意.
fn opinion(chars: &[char], m: &Mention) -> bool {
    any(chars, m.end, m.clause.1.min(m.end + 3).max(m.end), "认为 表示 觉得 希望 担心")
}

/// How far in front of its share such a word stands.
const OPINION: usize = 45;

/// （可多选）: shares of answers of which each may give several.
fn many_chosen(chars: &[char], told: &[&Mention]) -> bool {
    let (Some(first), Some(last)) = (told.first(), told.last()) else { return false };
    let stop = chars.len().min(last.end + 60);
    any(chars, first.start.saturating_sub(60), stop, "多选 多项选择 多项填报 可选多项")
        // 有198人表示……，占65.1%；有113人认为……，占37.2%: each may say both.
        || told.iter().map(|m| m.number.value).sum::<f64>() > 100.0
            && told.iter().all(|m| any(chars, m.sentence.0.max(m.start.saturating_sub(OPINION)), m.start, ASKED))
}

/// How far behind its own count a rate may stand, in code points.
const OWN: usize = 10;

/// 市辖三区27个，完工率65.9%；县（市）31个，完工率56.4%: a rate right behind a count that is none of those told; or one that makes
/// the same whole as the share beside it.
fn of_its_own(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    let Some(rate) = told.iter().find(|m| m.plain_unit(chars) == "%") else { return false };
    // 新增59个，治理率由47.5%提高到53.8%: the rate of before, and of no number of now.
    if rate.number.start > 0 && matches!(chars[rate.number.start - 1], '由' | '从') {
        return true;
    }
    let Some(at) = mentions.iter().rposition(|m| m.end <= rate.start) else { return false };
    let own = &mentions[at];
    let near = own.sentence == rate.sentence && quantity(own);
    let said = any(chars, own.end, rate.number.start, "率");
    let others = told.iter().all(|m| m.start != own.start) && told.iter().any(|m| same_unit(chars, m, own));
    // Where a whole in front makes it right.
    let right = || {
        let whole = |m: &&Mention| {
            m.end <= own.start && own.start - m.end <= EXPLAINED && quantity(m) && same_unit(chars, m, own)
        };
        mentions[..at].iter().filter(whole).any(|whole| is_share(chars, own, whole, rate))
    };
    near && (rate.start - own.end <= OWN && said && others && right() || beside_of_one(chars, mentions, at))
}

/// 243户，占65.5%；186户，占50.1%: both make the same whole, told or not.
fn beside_of_one(chars: &[char], mentions: &[Mention], at: usize) -> bool {
    let base = |at: usize| {
        let (part, rate) = (mentions.get(at)?, mentions.get(at + 1)?);
        let share = rate.plain_unit(chars) == "%"
            && rate.start - part.end <= 2 * OWN
            && chars[part.end..rate.start].contains(&'占')
            && quantity(part);
        share.then(|| Range::of(chars, part).over(Range::told(chars, rate)).times(100.0))
    };
    let Some(own) = base(at) else { return false };
    let near = |n: &usize| mentions[*n].sentence == mentions[at].sentence && *n != at;
    let from = at.saturating_sub(8);
    let others: Vec<Range> = (from..(at + 8).min(mentions.len()))
        .filter(near)
        .filter(|n| same_unit(chars, &mentions[*n], &mentions[at]))
        .filter_map(base)
        .collect();
    if others.len() > 1 && others.iter().all(|other| other.meets(own)) {
        return true;
    }
    // One of them agrees, and so does a whole that is told: 113份，占20%；28份，占5% of 564份.
    let agree: Vec<&Range> = others.iter().filter(|other| other.meets(own)).collect();
    let sharp = own.high - own.low < 0.01 * own.high;
    let told = |m: &&Mention| {
        let far = if same_unit(chars, m, &mentions[at]) || !agree.is_empty() && sharp {
            4 * EXPLAINED
        } else {
            EXPLAINED
        };
        m.end <= mentions[at].start && mentions[at].start - m.end <= far && quantity(m)
    };
    mentions[..at].iter().filter(told).any(|whole| {
        let whole = Range::of(chars, whole);
        whole.meets(own) && agree.iter().any(|other| whole.meets(**other))
    })
}

/// How far in front of the parts the whole may stand that makes them right, in code points.
const EXPLAINED: usize = 400;

/// 反馈问题1086个，其中第三轮368个；已整改1042个，未整改的44个: the parts are those of another whole in front.
fn summed_elsewhere(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    let Some(whole) = told.iter().max_by(|a, b| a.amount(chars).total_cmp(&b.amount(chars))) else {
        return false;
    };
    // 19人，其中乡镇干部7人、村干部14人: a list of its own is not that of another number.
    let [first, second, ..] = told else { return false };
    let listed = any(chars, first.end, second.start, "其中")
        && !chars[second.start..told[told.len() - 1].start].iter().any(|c| matches!(c, '；' | '。' | '已'));
    if listed && first.start == whole.start {
        return false;
    }
    let sums = [Some(whole.start), told.first().map(|m| m.start), told.last().map(|m| m.start)];
    sums.into_iter().flatten().any(|of| {
        let parts: Vec<&&Mention> = told.iter().filter(|m| m.start != of).collect();
        let total: f64 = parts.iter().map(|m| m.amount(chars)).sum();
        let first = parts.first().map_or(0, |m| m.start);
        parts.len() > 1
            && mentions.iter().any(|m| {
                m.end <= first
                    && first - m.end <= EXPLAINED
                    && !parted(chars, m.end, first)
                    && quantity(m)
                    && m.number.value >= 10.0
                    && same_unit(chars, m, parts[0])
                    && (m.amount(chars) - total).abs() < 1e-9
            })
    })
}

/// 326起，其中……其他29起，较上年同期的252起增长29.4%: another number of the sentence is the one that grew.
fn changed_elsewhere(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    let Some(rate) = told.iter().find(|m| m.plain_unit(chars) == "%") else { return false };
    let values: Vec<&&Mention> = told.iter().filter(|m| m.start != rate.start).collect();
    let said = Range::told(chars, rate);
    let here = |m: &&Mention| {
        m.sentence == rate.sentence
            && m.end <= rate.start
            && quantity(m)
            && values.iter().all(|v| v.start != m.start && same_unit(chars, v, m))
            // 9个部门 explains nothing of 15个工作日.
            && (m.plain_unit(chars) != "个"
                || values.iter().any(|v| chars.get(m.end..m.end + 2) == chars.get(v.end..v.end + 2)))
    };
    mentions.iter().filter(here).any(|now| {
        values.iter().any(|old| {
            let change = Range::of(chars, now).minus(Range::of(chars, old)).over(Range::of(chars, old));
            change.times(if change.high < 0.0 { -100.0 } else { 100.0 }).meets(said)
        })
    })
}

/// 清退42.7万元，其中……9.4万元，涉及学生2135人，人均200元: the average of a total farther in front.
fn averaged(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    let [.., each] = told else { return false };
    // 用于以下七个方面: how many kinds of things there are.
    if told.iter().any(|m| chars[m.end..].starts_with(&['方', '面'])) {
        return true;
    }
    let of = |m: &&&Mention| m.start != each.start && !same_unit(chars, m, each);
    let Some(number) = told.iter().find(of) else { return false };
    mentions.iter().any(|m| {
        let here = m.sentence == each.sentence && m.start < each.start && quantity(m);
        let average = Range::of(chars, m).over(Range::of(chars, number));
        here && same_unit(chars, m, each) && average.meets(Range::told(chars, each))
    }) || of_those_in_front(chars, mentions, number, each)
}

/// 党支部124个……涉及27个单位，测试党员620名，平均每个支部5名: the number of those told farther in front.
fn of_those_in_front(chars: &[char], mentions: &[Mention], number: &Mention, each: &Mention) -> bool {
    let far = |m: &&Mention| m.end <= each.start && each.start - m.end <= EXPLAINED && quantity(m);
    let totals =
        mentions.iter().filter(far).filter(|m| m.sentence == each.sentence && same_unit(chars, m, each));
    let numbers: Vec<&Mention> =
        mentions.iter().filter(far).filter(|m| same_unit(chars, m, number)).collect();
    totals.into_iter().any(|total| {
        numbers.iter().any(|number| {
            number.number.value >= 10.0
                && (total.amount(chars) - number.amount(chars) * each.amount(chars)).abs() < 1e-9
        })
    })
}

/// 为年度目标4000人的107.8%: what was aimed at and not what there is.
fn aim(chars: &[char], m: &Mention) -> bool {
    let from = m.start.saturating_sub(6).max(m.clause.0);
    chars.get(m.end) == Some(&'的') && any(chars, from, m.start, "目标 任务 计划 指标")
}

/// 抽检1250批次，不合格30批次；其中食用农产品182批次: of all that were tested.
fn subset(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    let [whole, part] = told else { return false };
    // 东村34户已搬迁33户，西村52户已搬迁48户: the part has a whole of its own in its clause.
    let own = |m: &&Mention| {
        m.clause == part.clause && m.end <= part.start && m.start > whole.start && same_unit(chars, m, part)
    };
    let own = whole.clause != part.clause
        && mentions.iter().filter(own).any(|m| m.amount(chars) >= part.amount(chars));
    // 结对村占全县231个行政村的66.2%: what it is a share of is no part; （含上述11个）: an aside is no whole.
    let base = any(chars, part.number.start.saturating_sub(4).max(part.clause.0), part.number.start, "占");
    let open = chars[whole.sentence.0..whole.start].iter().rposition(|c| matches!(c, '（' | '）'));
    let held = |n: usize| {
        let open = whole.sentence.0 + n;
        chars[open] == '（' && any(chars, open, whole.start, "含 包括")
    };
    if base || open.is_some_and(held) {
        return true;
    }
    // 净增5个，其中新成立9个，撤销4个: what is left of both.
    let net = any(chars, whole.clause.0, whole.start, "净增 净减 净流");
    if own || net {
        return true;
    }
    let of = |m: &&Mention| m.sentence == part.sentence && m.start < part.start && same_unit(chars, m, part);
    // 正在办理的13件和阶段性办结的29件: one beside the other.
    let beside = whole.end < part.start && matches!(chars[whole.end], '和' | '及' | '与');
    // 214家，比上年增加26家，其中社会团体97家: a change is no whole.
    let change = any(chars, whole.clause.0, whole.start, "增加 减少 新增 净增 增收 减收 同比")
        && mentions.iter().filter(of).any(|m| m.amount(chars) >= part.amount(chars));
    // 1176个行政村、248个社区中，……的有1381个: both together are the whole.
    let listed = |m: &&Mention| {
        m.end <= whole.start
            && whole.start - m.end <= 10
            && chars[m.end..whole.start].iter().any(|c| matches!(c, '、' | '和'))
    };
    let both = mentions.iter().filter(of).find(listed).map_or(0.0, |m| m.amount(chars));
    if beside || change || both > 0.0 && both + whole.amount(chars) >= part.amount(chars) {
        return true;
    }
    // 办结27891件，正在办理569件；其中9月份上报3215件: of all, not of what is left.
    let apart = chars[whole.end.min(part.start)..part.start].contains(&'；');
    // 抽检2460批次，合格2418批次；其中监督抽检1320批次
    let among = any(chars, part.clause.0, part.start, "其中");
    let larger = among
        && mentions.iter().filter(of).any(|m| m.end <= whole.start && m.amount(chars) >= part.amount(chars));
    let rest = apart && (larger || any(chars, whole.clause.0, whole.start, "正在 其余 剩余 尚有"));
    let not = rest || any(chars, whole.clause.0, whole.start, "不合格 不达标 未通过 不符合");
    not && mentions.iter().any(|m| {
        m.sentence == part.sentence
            && m.end <= whole.start
            && same_unit(chars, m, part)
            && m.amount(chars) >= part.amount(chars)
    })
}

/// 其余55条不属于欠薪，已转有关部门: not left open.
fn elsewhere(chars: &[char], m: &Mention) -> bool {
    let stop = m.sentence.1.min(m.end + 20);
    any(
        chars,
        m.end,
        stop,
        "不属于 不在受理 不予受理 已转 已移送 已移交 均移送 均移交 移送至 移交至 移送公安 移交公安 移送司法 移送有关 移交有关 移送纪 移交纪",
    )
}

//! Shares of a whole that stands farther in front, shares of money, shares in words, and shares with a rest.

use super::base;
use super::fraction::{Fraction, fractions};
use super::reckon::{
    Range, alike, all_han, bare, in_front, is_share, parted, quantity, same_unit, word_before,
};
use super::share::{self, truncated};
use super::within::plain;
use super::{Certainty, Conflict, ConflictKind, Found, rounding};
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};

/// How far in front of its part the whole may stand that a share is told against, in code points.
const WHOLE: usize = 320;
/// The same of a whole that the share is told to be of by name.
const NAMED: usize = 600;
/// Words by which a rate is of all levels, or of what was done in time.
pub(super) const WIDER: &str = "综合 总体 按期 按时 限期 及时 总办结 总整改 总完成 总化解 总销号";
/// How far in front a whole may stand that makes the share right.
const EXPLAINED: usize = 2_000;
/// How many percentage points a rate by name may be from the computed one and still be meant as it.
const FAR_OFF: f64 = 30.0;
/// How far in front of its rate the part may stand.
const PART: usize = 48;
/// Words by which a share in words is a change, or of several together.
const OTHERWISE: &str = "增长 提高 下降 减少 比 较 压缩 缩短 降低 每 低于 高于 合计 共占";

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    for i in 0..mentions.len() {
        if mentions[i].plain_unit(found.chars) == "%" && mentions[i].exact() {
            rate(found, mentions, i);
            with_rest(found, mentions, i);
        } else if quantity(&mentions[i]) {
            in_words(found, mentions, i);
        }
    }
}

/// What a share is of: its name in the text, or nothing where only 占 stands.
struct Told<'a> {
    part: usize,
    /// Where the whole is named: 占到位资金的76.7%.
    of: &'a [char],
}

/// 已收回2405万元，收回率94%; 完成投资3.2亿元，占到位资金的76.7%.
fn rate(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let rate = &mentions[i];
    let span = [rate.start, rate.end];
    // That all shares make too much says less than which of them is wrong.
    let told = |c: &Conflict| c.kind != ConflictKind::SharesOfWhole && c.spans.contains(&span);
    if found.conflicts.iter().any(told) {
        return;
    }
    // 分别占12.2%、34.3%和53.5%: each of its own part.
    if any(chars, rate.clause.0, rate.number.start, "分别") {
        return;
    }
    let told = by_name(chars, mentions, i).or_else(|| by_share(chars, mentions, i));
    let told = told.or_else(|| among(chars, mentions, i)).or_else(|| by_theme(chars, mentions, i));
    let Some(mut told) = told else { return };
    // 纯电动公交车占更新车辆的75%: of the part that its own clause names.
    if let Some(named) = base::part_named_here(chars, mentions, i) {
        told.part = named;
    }
    let part = &mentions[told.part];
    let fits = |whole: &Mention| {
        let computed = Range::of(chars, part).over(Range::of(chars, whole)).times(100.0);
        computed.meets(Range::told(chars, rate)) || truncated(chars, computed.low, rate)
    };
    // 37个问题已整改28个: with the whole in its own clause the part is of no other.
    let own = mentions[..told.part]
        .iter()
        .any(|m| m.clause == part.clause && quantity(m) && same_unit(chars, m, part));
    // A share without decimals fits some number of a long text by chance.
    let rough = !chars[rate.number.start..rate.number.end].contains(&'.');
    let far = if own && told.of.is_empty() { EXPLAINED / 25 } else { EXPLAINED };
    // 占高标准农田面积的25%: what it is named to be of decides, whatever else would fit.
    let by_name: Vec<&Mention> = in_front(chars, mentions, told.part, EXPLAINED)
        .filter(|m| {
            told.of.len() > 2 && m.amount(chars) > part.amount(chars) && base::names_it(chars, m, told.of)
        })
        .collect();
    let named = !by_name.is_empty() && by_name.iter().all(|whole| !fits(whole));
    // 完成投资113.2亿元，其中甲58.7亿元、乙21.6亿元，占年度计划的85.5%: of all and not of the last.
    let all = |m: &&Mention| {
        m.sentence == rate.sentence && quantity(m) && m.start != part.start && same_unit(chars, m, part)
    };
    let of_all =
        |m: &Mention| by_name.iter().any(|whole| whole.start != m.start && is_share(chars, m, whole, rate));
    if named && mentions[..i].iter().filter(all).any(of_all) {
        return;
    }
    let mut may = in_front(chars, mentions, told.part, far);
    if !named && may.any(|whole| fits(whole) && !(rough && parted(chars, whole.end, part.start))) {
        return;
    }
    // 65岁以上老人体检2180人，体检率71.5%: of no number that is told, or of one in another unit.
    let off = |whole: &Mention| {
        told.of.is_empty()
            && !any(chars, rate.clause.0, rate.number.start, "占")
            && (part.amount(chars) / whole.amount(chars).max(1e-9) * 100.0 - rate.number.value).abs()
                > FAR_OFF
    };
    let here = |m: &&Mention| m.sentence == rate.sentence && m.end <= rate.start && quantity(m);
    let other_unit =
        |m: &Mention| !same_unit(chars, m, part) && m.amount(chars) > part.amount(chars) && fits(m);
    if !rough
        && told.of.is_empty()
        && mentions[..i].iter().rev().take_while(|m| m.sentence == rate.sentence).filter(here).any(other_unit)
    {
        return;
    }
    let beside = base::of_those_beside(chars, mentions, told.part);
    if let Some(whole) =
        beside.or_else(|| whole_of(chars, mentions, &told)).filter(|whole| !fits(whole) && !off(whole))
    {
        share::tell(found, whole, part, rate, Certainty::Certain);
    } else if let Some(whole) = base::but_for_a_digit(chars, mentions, told.part, rate) {
        share::tell(found, whole, part, rate, Certainty::Query);
    }
}

/// The part that a rate names: 收回率 and 已收回.
fn by_name<'a>(chars: &'a [char], mentions: &[Mention], i: usize) -> Option<Told<'a>> {
    const NOT: &str = "增长 同比 支持 知晓 下降 上升 利用 使用 占有 普及 死亡 贡献 负债 出生 城镇化 税 利 汇 收益 效 概 频 覆盖 合格 压减 精简 压缩 削减 缩短 减少 核减 节约 节支";
    const SAME: [(&str, &str); 9] = [
        ("回收", "收回"),
        ("完成", "完工 竣工 建成 整改到位 落实到位"),
        ("整改", "销号 到位"),
        ("化解", "调解 调处"),
        ("成功", "调解 化解"),
        ("参训", "参加 实到"),
        ("到位", "到账"),
        ("追缴", "追回"),
        ("拨付", "支付 兑现"),
    ];
    let rate = &mentions[i];
    let from = rate.number.start.saturating_sub(9).max(rate.clause.0);
    let at = word_before(chars, from, rate.number.start, "率")?;
    let between = &chars[at..rate.number.start];
    // 整改率分别为, 完成率低于60%: of several, or a bound.
    if between.iter().any(|c| "由从比较年月别低高超足".contains(*c)) || at < rate.clause.0 + 3 {
        return None;
    }
    let name: String = chars[at - 3..at - 1].iter().collect();
    // 按期办结1270件，按期办结率为93%: of just those.
    let told_so = at > 5
        && mentions[..i]
            .iter()
            .rev()
            .take_while(|m| m.sentence == rate.sentence)
            .any(|m| chars[m.clause.0..m.start].windows(4).any(|w| w == &chars[at - 5..at - 1]));
    let wider = any(chars, rate.clause.0, at, WIDER) && !told_so;
    let not = name == "合格" && at >= 4 && chars[at - 4] == '不';
    if wider || !not && NOT.split_whitespace().any(|word| name.ends_with(word)) {
        return None;
    }
    let others = SAME.iter().find(|(n, _)| *n == name).map_or("", |(_, others)| others);
    let says = |m: &Mention| {
        let clause = (m.clause.0, m.clause.1);
        (find(chars, clause.0, clause.1, &name).is_some() || any(chars, clause.0, clause.1, others))
            && !any(chars, clause.0, m.start, "未 剩余 其余 正在 基本 部分 应 计划 需")
            && not == any(chars, clause.0, m.start, "不")
    };
    let near = |m: &&usize| rate.start - mentions[**m].end <= PART && mentions[**m].sentence == rate.sentence;
    let candidates: Vec<usize> = (0..i).rev().collect();
    let part =
        candidates.iter().take_while(near).find(|m| quantity(&mentions[**m]) && says(&mentions[**m]))?;
    // Two that say it: which of them is meant is not clear.
    let again = candidates
        .iter()
        .take_while(near)
        .filter(|m| *m != part && quantity(&mentions[**m]) && says(&mentions[**m]))
        .any(|m| mentions[*m].amount(chars) < mentions[*part].amount(chars));
    (!again).then_some(Told { part: *part, of: &[] })
}

/// 163个行政村中已通快递的有127个，覆盖率为77.9%: whole and part in one clause, and right behind a rate of any name.
fn among<'a>(chars: &'a [char], mentions: &[Mention], i: usize) -> Option<Told<'a>> {
    let rate = &mentions[i];
    let part = i.checked_sub(1)?;
    let whole = &mentions[part.checked_sub(1)?];
    let part_at = &mentions[part];
    let same = quantity(whole) && quantity(part_at) && same_unit(chars, whole, part_at);
    // 742个行政村中，已有705个配建设施，覆盖率98.2%
    let next = whole.clause.1 + 1 == part_at.clause.0 && chars[whole.clause.1 - 1] == '中';
    let among = next || whole.clause == part_at.clause && chars[whole.end..part_at.start].contains(&'中');
    let at = word_before(chars, part_at.end, rate.number.start, "率")?;
    let close = rate.start - part_at.end <= 14 && rate.number.start - at <= 3;
    let other = any(
        chars,
        part_at.end,
        at,
        "增长 同比 满意 普及 其中 由 从 比 综合 总体 压减 精简 压缩 削减 缩短 减少 核减",
    ) || any(chars, part_at.end, at, WIDER);
    (same && among && close && !other).then_some(Told { part, of: &[] })
}

/// The part in front of 占, and what it is said to be a share of.
fn by_share<'a>(chars: &'a [char], mentions: &[Mention], i: usize) -> Option<Told<'a>> {
    let rate = &mentions[i];
    // 有27个村收入不足5万元，占34.6%: a bound in between is no part.
    let last = i.checked_sub(1)?;
    let part = if mentions[last].exact() { last } else { last.checked_sub(1)? };
    let from = rate.number.start.saturating_sub(18).max(mentions[part].end);
    let between = &chars[mentions[part].end..rate.start];
    // 分别为8起和4起，合计占事故总数的85.7%: of both together.
    if any(between, 0, between.len(), "合计 共占 共计 两项 三项 两者 总共") {
        return None;
    }
    let marks = between.iter().filter(|c| matches!(c, '，' | '：')).count();
    let near = between.len() <= 28 && mentions[part].sentence == rate.sentence && marks <= 1;
    let near = near && !between.contains(&'；');
    if !near || !quantity(&mentions[part]) || from > rate.number.start {
        return None;
    }
    let mut of = named_whole(chars, from, rate.number.start)?;
    // 其中……工程中心27家，省级平台占比22.9%: of something that its own clause names.
    let at = word_before(chars, from, rate.number.start, "占").map_or(rate.clause.0, |at| at - 1);
    let named = at > rate.clause.0 + 2
        && rate.clause.0 >= mentions[part].clause.1
        && all_han(&chars[rate.clause.0..at]);
    let subject = (rate.clause.0, at);
    let front = &chars[mentions[part].clause.0..mentions[part].start];
    let item = front
        .iter()
        .rposition(|c| *c == '、')
        .map_or(mentions[part].clause.0, |n| mentions[part].clause.0 + n);
    let own = alike(chars, subject, (item, mentions[part].end)) || any(chars, subject.0, subject.1, "分别");
    if named && !own && of.is_empty() && base::part_named_here(chars, mentions, i).is_none() {
        return None;
    }
    // 78户……，占在档户数的56.9%: by the unit of the part.
    if let [name @ .., unit, '数'] = of
        && name.len() > 1
        && bare(chars, &mentions[part]) == [*unit]
    {
        of = name;
    }
    // 114.8万人次，占总诊疗人次的56.1%
    let unit = bare(chars, &mentions[part]);
    if let Some(name) = of.strip_suffix(unit).filter(|name| unit.len() > 1 && name.len() > 1) {
        of = name.strip_prefix(&['总']).filter(|name| name.len() > 1).unwrap_or(name);
    }
    Some(Told { part, of })
}

/// The part of a share whose own sentence tells none.
fn by_theme<'a>(chars: &'a [char], mentions: &[Mention], i: usize) -> Option<Told<'a>> {
    let rate = &mentions[i];
    let of = named_whole(chars, rate.clause.0, rate.number.start)?;
    base::part_named_before(chars, mentions, i)
        .or_else(|| base::part_named_here(chars, mentions, i))
        .or_else(|| base::part_of_list(chars, mentions, i))
        .map(|part| Told { part, of })
}

/// 到位资金 in 占到位资金的; empty in 占, 占比达, 占总数的.
fn named_whole(chars: &[char], from: usize, to: usize) -> Option<&[char]> {
    let at = word_before(chars, from, to, "占")?;
    if matches!(chars.get(at), Some('地' | '道' | '用' | '压'))
        || chars.get(at) == Some(&'全') && !stands(chars, at, "全部") && !of_this_place(chars, at)
        || stands(chars, at, "同期")
    {
        return None;
    }
    // 占比提高到32%
    if chars.get(at) == Some(&'比') {
        return Some(&[]);
    }
    let mut of = &chars[at..to];
    if of.iter().any(|c| matches!(c, '，' | '；' | '。' | '、')) {
        return None;
    }
    loop {
        let shorter = match of {
            [rest @ .., '的' | '达' | '到' | '为' | '约' | '近' | '比' | '重'] => rest,
            [rest @ .., '面', '积'] | [rest @ .., '规', '模'] if rest.len() > 1 => rest,
            [rest @ .., '总', '数' | '量' | '额' | '人'] | [rest @ .., '总' | '超' | '过'] => rest,
            ['全', '部', rest @ ..] => rest,
            ['全', '街', '道', rest @ ..] if rest.len() > 1 => rest,
            ['全', '省' | '市' | '县' | '区' | '镇' | '乡', rest @ ..] if rest.len() > 1 => rest,
            ['到' | '所' | '应' | '全' | '总', rest @ ..] if rest.len() != 1 => rest,
            _ => break,
        };
        of = shorter;
    }
    (of.len() <= 8).then_some(of)
}

/// 占全街道工单总量的: whether the text tells of that place as its own, with a name of the whole behind.
fn of_this_place(chars: &[char], at: usize) -> bool {
    let length = if stands(chars, at, "全街道") { 3 } else { 2 };
    let Some(place) = chars.get(at..at + length).map(|place| place.iter().collect::<String>()) else {
        return false;
    };
    let mut others = 0;
    let mut from = 0;
    while let Some(next) = find(chars, from, chars.len(), &place) {
        others += usize::from(next == 0 || chars[next - 1] != '占');
        from = next + length;
    }
    others > 1 && chars.get(at + length).is_some_and(|c| !matches!(c, '总' | '的' | '第'))
}

/// The whole that a share is told against, where it is clear which one is meant.
fn whole_of<'a>(chars: &'a [char], mentions: &'a [Mention], told: &Told<'_>) -> Option<&'a Mention> {
    let part = &mentions[told.part];
    let more = |m: &&Mention| m.amount(chars) > part.amount(chars);
    if !told.of.is_empty() {
        // 占全区行政村总数的: a name of three characters is known from afar.
        let far = if told.of.len() > 2 { EXPLAINED } else { NAMED };
        return in_front(chars, mentions, told.part, far)
            .filter(more)
            .find(|m| base::names_it(chars, m, told.of));
    }
    // 162户中有返乡创业妇女58户，占45.8%
    let own =
        told.part.checked_sub(1).map(|at| &mentions[at]).filter(|m| {
            m.clause == part.clause && chars.get(m.end) == Some(&'中') && same_unit(chars, m, part)
        });
    if own.is_some_and(|m| quantity(m) && more(&m)) {
        return own;
    }
    let before =
        in_front(chars, mentions, told.part, WHOLE).filter(|m| more(m) && !parted(chars, m.end, part.start));
    let before: Vec<&Mention> = before.collect();
    let here: Vec<&Mention> = before.iter().copied().filter(|m| m.sentence == part.sentence).collect();
    // 全市共查摆问题3100个……全市合计整改完成2530个: the one that is counted up.
    let counted: Vec<&Mention> =
        before.iter().copied().filter(|m| chars[m.clause.0..m.start].contains(&'共')).collect();
    if let ([], [whole], true) = (&here[..], &counted[..], before.len() > 1) {
        return Some(whole);
    }
    match (&here[..], &before[..]) {
        ([whole], _) => Some(whole),
        // The parts of the whole may stand between: 共86个，其中班子24个……
        ([.., first], _) => {
            let most = here.iter().all(|m| m.amount(chars) <= first.amount(chars));
            let sum = chars[first.clause.0..first.start].contains(&'共');
            // 426名从业人员中，……64人，占15%.
            let among = first.clause.1 > 0 && chars[first.clause.1 - 1] == '中';
            (most && (sum || among) && part.start - first.end <= 120).then_some(first)
        }
        ([], [whole]) => {
            let alike = alike(chars, (whole.clause.0, whole.clause.1), (part.clause.0, part.clause.1));
            let sum = chars[whole.clause.0..whole.start].contains(&'共');
            (alike || sum || part.kind == crate::figures::FigureKind::Money).then_some(whole)
        }
        _ => None,
    }
}

/// 甲占46.3%，乙占30.2%，其余占28.5%: with the rest they make a hundred.
fn with_rest(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let last = &mentions[i];
    let share = |m: &Mention| {
        m.plain_unit(chars) == "%" && m.exact() && any(chars, m.clause.0, m.number.start, "占 占比")
    };
    let rest = any(chars, last.clause.0, last.number.start, "其余 其他 其它 剩余 余下");
    if !rest || !share(last) {
        return;
    }
    let mut shares = vec![last];
    for before in mentions[..i].iter().rev() {
        let next = shares[shares.len() - 1];
        if before.sentence != last.sentence || next.start - before.end > STEP {
            break;
        }
        if share(before) {
            shares.push(before);
        } else if before.plain_unit(chars) == "%" {
            break;
        }
    }
    let total: f64 = shares.iter().map(|m| m.number.value).sum();
    let slack: f64 = shares.iter().map(|m| rounding(chars, m)).sum::<f64>() + 1e-9;
    shares.reverse();
    let fits = (total - 100.0).abs() <= slack.max(0.11);
    let kinds = any(chars, shares[0].sentence.0, last.start, "其中");
    if shares.len() > 1 && !fits && (total > 100.0 || !kinds && total > 80.0) {
        let told: Vec<(usize, usize)> = shares.iter().map(|m| (m.start, m.end)).collect();
        if !found
            .conflicts
            .iter()
            .any(|c| c.spans.len() == told.len() && c.spans[0] == [told[0].0, told[0].1])
        {
            let reason = format!("各部分连同其余相加为{total:.1}%，应为100%");
            found.tell(&told, ConflictKind::SharesOfWhole, Certainty::Certain, reason);
        }
    }
}

/// How far shares of one whole may stand from one another.
const STEP: usize = 30;

/// 81处，占一半以上; 已追缴158万元，占应收租金的三分之二.
fn in_words(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let part = &mentions[i];
    let next = mentions.get(i + 1).map_or(chars.len(), |m| m.start);
    let stop = (part.end + 24).min(part.sentence.1);
    let Some(share) = fractions(chars, part.end, stop).first().copied().filter(|s| s.start < next) else {
        return;
    };
    // 40岁及以下的约占六成: an age is no part.
    if part.plain_unit(chars).ends_with('岁') {
        return;
    }
    let Some(of) = said_of(chars, part, share) else { return };
    let told = Told { part: i, of };
    let fits = |whole: &Mention| {
        let ratio = Range::of(chars, part).over(Range::of(chars, whole));
        ratio.meets(share.range)
    };
    // 整改率 is of what was found, not of the villages walked through.
    let rated = rate_named(chars, part.end, share.start);
    let own = |m: &Mention| {
        (m.sentence == part.sentence || !partial(chars, m)) && (!rated || found_so_many(chars, m))
    };
    if in_front(chars, mentions, i, EXPLAINED).filter(|m| own(m)).any(fits) {
        return;
    }
    let whole = if of.is_empty() {
        in_front(chars, mentions, i, WHOLE)
            .find(|m| {
                m.amount(chars) > part.amount(chars) && (m.sentence == part.sentence || !partial(chars, m))
            })
            .filter(|m| {
                m.sentence == part.sentence
                    || rated && found_so_many(chars, m)
                    || !parted(chars, m.end, part.start)
                        && alike(
                            chars,
                            (m.clause.0, m.clause.1),
                            (part.clause.0, part.clause.1.min(part.end + 6)),
                        )
            })
    } else {
        whole_of(chars, mentions, &told)
    };
    let Some(whole) = whole else { return };
    let computed = part.amount(chars) / whole.amount(chars) * 100.0;
    let reason = format!(
        "{}÷{}为{computed:.1}%，与文中所说不符",
        plain(part.amount(chars)),
        plain(whole.amount(chars))
    );
    found.tell(
        &[(whole.start, whole.end), (part.start, part.end), (share.start, share.end)],
        ConflictKind::Share,
        Certainty::Certain,
        reason,
    );
}

/// What the share in words is told of: the name behind 占, or nothing where it is only 达到八成.
fn said_of<'a>(chars: &'a [char], part: &Mention, share: Fraction) -> Option<&'a [char]> {
    let between = &chars[part.end..share.start];
    let marks = between.iter().filter(|c| matches!(c, '，' | '；' | '：')).count();
    if marks > 1 || any(chars, part.end, share.start, OTHERWISE) {
        return None;
    }
    if let Some(of) = named_whole(chars, part.end, share.start) {
        let of = ["近", "超过", "不足", "约", "接近"].iter().fold(of, |of, word| {
            let word: Vec<char> = word.chars().collect();
            of.strip_suffix(&word[..]).unwrap_or(of)
        });
        return Some(of);
    }
    let rated = marks == 1 && between.len() <= 12 && rate_named(chars, part.end, share.start);
    if rated {
        return Some(&[]);
    }
    let reached =
        marks == 1 && any(chars, part.end, share.start, "，达到 ，达 ，已达 ，完成 ，超过 ，不足 ，接近");
    (reached && between.len() <= 6).then_some(&[])
}

/// 算下来整改率有八成五: a share in words that has the name of a rate.
fn rate_named(chars: &[char], start: usize, end: usize) -> bool {
    any(chars, start, end, "整改率 办结率 完成率 销号率 化解率 转化率 解决率 落实率")
}

/// Whether a count is told as what was found, of which a part is done.
fn found_so_many(chars: &[char], m: &Mention) -> bool {
    any(chars, m.clause.0, m.end, "查摆 检视 排查 受理 收到 收集 梳理 征集 发现 登记 列出 查出 查找")
}

/// Whether a count is itself told as a part: behind 其中, or as what is done or left.
fn partial(chars: &[char], m: &Mention) -> bool {
    any(chars, m.sentence.0, m.start, "其中")
        || any(chars, m.clause.0, m.start, "已 未 剩余 其余 完成 销号 办结")
        || any(chars, m.end, m.clause.1.min(m.end + 4), "已")
        || same_unit(chars, m, m) && chars[m.clause.0..m.start].contains(&'占')
}

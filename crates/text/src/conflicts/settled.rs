//! All of a number told as done where another place tells how many of them are still open, and how many are done.

use super::days::{as_of, of_other_years};
use super::reckon::{all_han, of_them, quantity, same_unit, word_before};
use super::retold::{shared_name, shared_words};
use super::within::plain;
use super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};

/// How far from one another what is done and what is open may stand, in code points.
const FAR: usize = 4_000;
/// How far behind a number it may be told as all done.
const SAID: usize = 36;
/// How far from what is open those done may stand.
const BESIDE: usize = 160;
/// How far from what is open its whole may stand.
const WHOLE: usize = 400;
/// Shared characters by which what is open is known as some of all.
const NAMED: usize = 4;
/// The longest line that is a heading, and how many lines in front it is looked for.
const HEADING: usize = 24;
const LINES: usize = 30;
/// Words that say that none is left.
const ALL: [&str; 8] = ["全部", "均已", "都已", "悉数", "已全面", "均得到", "全都", "全数"];
/// Words of finishing.
const FINISHED: &str = "完成 完工 竣工 建成 投用 交付 整改 办结 解决 销号 化解 到位 清零 清退 退还 退回 追回 收回 拆除 关闭 取缔 兑现 入库 入账 验收 修复 接入 治理 整治 处置 上缴 归还 拨付 发放 投运 开工 通过 突破 超过 达标 实现 签订 配备 抢通 恢复 返回 撤离 安置 到岗 上岗 落实完毕 落实到位 迁移 停用 开放 运行 营业 通车 供水";
/// Words by which a count is told as still open.
const OPEN: &str = "正在 尚未 尚在 仍在 仍未 还未 还在 还没有 没有 未能 未完成 未整改 未办结 未到位 未化解 在建 推进中 整改中 办理中 收尾 将于 计划 预计 力争 拟于 限期";

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let open: Vec<usize> = (0..mentions.len()).filter(|i| still_open(chars, &mentions[*i])).collect();
    if open.is_empty() {
        return;
    }
    for (at, all) in mentions.iter().enumerate() {
        let next = mentions.get(at + 1).map_or(all.sentence.1, |m| m.start);
        let near = open.partition_point(|at| mentions[*at].start + FAR < all.start);
        let told = |at: &&usize| mentions[**at].start <= all.start + FAR;
        let proven = open[near..].iter().take_while(told).find(|at| is_rest_of(chars, mentions, **at, all));
        let done = all_done(chars, all, next, proven.is_some());
        let Some(said) = done.or_else(|| behind_its_parts(chars, mentions, at)) else {
            continue;
        };
        let of = |at: &&usize| left_of(chars, around(mentions, &mentions[**at]), &mentions[**at], all);
        let sure = proven.or_else(|| open[near..].iter().take_while(told).find(of));
        let asked = || open[near..].iter().take_while(told).find(|at| may_be_of(chars, &mentions[**at], all));
        let strength = if sure.is_some() { Certainty::Certain } else { Certainty::Query };
        if let Some(&at) = sure.or_else(asked) {
            let left = &mentions[at];
            let reason = format!(
                "这里称{}全部完成，另一处还有{}没有完成",
                plain(all.amount(chars)),
                plain(left.amount(chars))
            );
            let mut spans = [(all.start, said), (left.start, left.end)];
            spans.sort_unstable();
            found.tell(&spans, ConflictKind::AllDoneVsUnfinished, strength, reason);
        }
    }
}

/// 软弱涣散党组织17个……已有14个通过验收，其余3个正在整顿: whether the open ones are just those that are left of as many.
fn is_rest_of(chars: &[char], mentions: &[Mention], at: usize, all: &Mention) -> bool {
    let left = &mentions[at];
    let of = all.amount(chars);
    let may = quantity(all) && of > 9.0 && left.amount(chars) < of && left.sentence != all.sentence;
    if !may || !same_unit(chars, left, all) {
        return false;
    }
    let before: Vec<&Mention> = super::reckon::in_front(chars, mentions, at, BESIDE).collect();
    let is = |m: &&&Mention, value: f64| (m.amount(chars) - value).abs() < 1e-9;
    // 已完工24个；正在施工13个；尚未开工5个: those told in front make the others together.
    let others: f64 = before.iter().filter(|m| m.sentence == left.sentence).map(|m| m.amount(chars)).sum();
    let all_others = (others + left.amount(chars) - of).abs() < 1e-9;
    let done =
        before.iter().find(|m| m.sentence == left.sentence && (all_others || is(m, of - left.amount(chars))));
    done.is_some_and(|done| {
        let whole = |m: &&&Mention| {
            m.start < done.start && m.start != all.start && is(m, of) && !of_other_things(chars, m, all)
        };
        before.iter().any(|m| whole(&m)) && !only_begun(chars, left, all) && !later(chars, left, all)
    })
}

/// 34个问题已全部整改到位 and 还有3个问题尚未完成整改: of the same noun, so somebody should ask.
fn may_be_of(chars: &[char], left: &Mention, all: &Mention) -> bool {
    let noun = |m: &Mention| chars.get(m.end..m.end + 2).filter(|noun| all_han(noun));
    let long = |m: &Mention| chars.get(m.end..m.end + 4).filter(|noun| all_han(noun));
    let alike = same_unit(chars, left, all) || long(left).is_some() && long(left) == long(all);
    let fewer = alike && left.amount(chars) < all.amount(chars);
    // 214个项目全部开工 and 18个未竣工; 西山镇排查248件，全部化解: another act, another place.
    let place = chars[all.clause.0..all.start].iter().any(|c| matches!(c, '镇' | '乡' | '村'));
    let apart = fewer
        && !only_begun(chars, left, all)
        && !place
        && left.sentence != all.sentence
        && !later(chars, left, all);
    // 7件问题线索已全部办结 and 正在核查的2件巡察移交线索: both end in 线索.
    let of = of_them(chars, left) && still_open(chars, left);
    let tail = last_word(chars, left);
    if of && apart && tail.is_some() && tail == last_word(chars, all) {
        return true;
    }
    // 涉水的14个问题已全部销号 and 2个涉水问题仍未整改: both end in 问题, and all is of 涉水 too.
    let own = noun(left).is_some_and(|noun| chars[all.clause.0..all.start].windows(2).any(|w| w == noun));
    let same_tail = tail.is_some() && tail == last_word(chars, all);
    if own && apart && (of || not_yet(chars, left) && same_tail) {
        return true;
    }
    // 排查隐患312条，已全部销号 and 尚有11条因资金问题正在施工: the unit says what they are.
    let unit = super::reckon::bare(chars, left).first();
    let own = unit.is_some_and(|unit| "条件处户起宗座栋".contains(*unit))
        && noun(left).is_none_or(|w| matches!(w[0], '因' | '正' | '尚' | '未' | '涉' | '需'));
    let found_so = any(chars, all.clause.0, all.start, "共 排查 发现 反馈 受理 查出 交办 梳理");
    if own && found_so && apart && still_open(chars, left) {
        return true;
    }
    let firm = not_yet(chars, left) || not_done_of(chars, left);
    firm && apart
        && noun(left).is_some()
        && noun(left) == noun(all)
        && left.sentence != all.sentence
        && !later(chars, left, all)
}

/// 96件重复信访事项已全部化解: where the words that say so end.
fn all_done(chars: &[char], all: &Mention, next: usize, any_act: bool) -> Option<usize> {
    if !quantity(all) || all.number.value < 2.0 {
        return None;
    }
    // 43件，件件有着落，目前已全部办结: so far as no other number stands between.
    let stop = all.sentence.1.min(all.end + SAID).min(next.max(all.clause.1));
    let said = |from: usize, to: usize| ALL.iter().filter_map(|word| find(chars, from, to, word)).min();
    let at = said(all.end, stop).or_else(|| behind_an_aside(chars, all))?;
    let ends = |c: &char| matches!(c, '，' | '；' | '。');
    let end = chars[at..all.sentence.1].iter().position(ends).map_or(all.sentence.1, |n| at + n);
    // 其余7个问题均已明确责任人, 力争全部完成.
    let wished = any(chars, all.clause.0, end, "确保 力争 要 将 计划 争取 拟 预计 应 尚未 未 督促")
        || any(chars, all.clause.0, all.start, "推动 推进 加快 抓好 实现") && in_plans(chars, all.start)
        || any(chars, at, end, "制定 明确 纳入 建立 列入 措施 落实包案 落实了 组织 开展 启动");
    // （含在287处内）已全部整改: in brackets it is an aside.
    let open = chars[all.sentence.0..all.start].iter().rposition(|c| matches!(c, '（' | '）'));
    let aside =
        open.is_some_and(|n| chars[all.sentence.0 + n] == '（') && chars[all.end.min(at)..at].contains(&'）');
    let rest = any(chars, all.clause.0, all.start, "其余 剩余 剩下 已");
    let finished = any_act || any(chars, at, end, FINISHED);
    (finished && !wished && !rest && !aside).then_some(end.min(at + 16))
}

/// Whether the place stands in the part of the text that tells what is to be done: 四、下一步打算.
fn in_plans(chars: &[char], at: usize) -> bool {
    let lines = chars[..at].rsplit(|c| *c == '\n');
    let heading = |line: &&[char]| {
        let start = line.iter().position(|c| !c.is_whitespace()).unwrap_or(line.len());
        let line = &line[start..];
        line.len() <= HEADING && line.get(1..4).is_some_and(|front| front.contains(&'、'))
    };
    lines.take(LINES).find(heading).is_some_and(|line| {
        any(line, 0, line.len(), "下一步 下步 下一阶段 打算 工作安排 工作计划 今后")
            && !any(line, 0, line.len(), "问题 不足 短板")
    })
}

/// 收到欠薪线索9件，涉及农民工156人、金额287万元，目前已全部办结: the words stand behind what else is told of them.
fn behind_an_aside(chars: &[char], all: &Mention) -> Option<usize> {
    let stop = all.sentence.1.min(all.clause.1 + SAID);
    let aside = any(chars, all.clause.1, stop.min(all.clause.1 + 4), "涉及 金额 涉案 共涉");
    ALL.iter().filter_map(|word| find(chars, all.clause.1, stop, word)).min().filter(|_| aside)
}

/// 信访件186件，其中大气62件、水41件、……，截至9月底已全部办结: the words stand behind the parts.
fn behind_its_parts(chars: &[char], mentions: &[Mention], at: usize) -> Option<usize> {
    let all = &mentions[at];
    let parts: Vec<&Mention> = mentions[at + 1..]
        .iter()
        .take_while(|m| m.sentence == all.sentence && same_unit(chars, m, all) && quantity(m))
        .collect();
    let (first, last) = (parts.first()?, parts.last()?);
    let sum: f64 = parts.iter().map(|m| m.amount(chars)).sum();
    let listed = any(chars, all.end, first.start, "其中") && (sum - all.amount(chars)).abs() < 1e-9;
    let stop = all.sentence.1.min(last.end + SAID / 2);
    let from = ALL.iter().filter_map(|word| find(chars, last.end, stop, word)).min().filter(|_| listed)?;
    let end = chars[from..all.sentence.1]
        .iter()
        .position(|c| matches!(c, '，' | '；' | '。'))
        .map_or(all.sentence.1, |n| from + n);
    let wished = any(chars, last.end, end, "确保 力争 要 将 计划 争取 拟 预计 应 尚未 未");
    (any(chars, from, end, FINISHED) && !wished).then_some(end)
}

/// Whether the number is told as what is not done yet.
fn still_open(chars: &[char], m: &Mention) -> bool {
    if !quantity(m) {
        return false;
    }
    let from = m.number.start.saturating_sub(8).max(m.clause.0);
    let told = |words: &str| word_before(chars, from, m.number.start, words).is_some();
    // 剩余17件均已落实包案领导: what is left is open whatever is said of it, but for what has ended otherwise.
    let left = told("剩余 余下 还剩 尚余")
        && !any(chars, m.end, m.clause.1, "已转 移送 移交 不属于 不符合 均已完成 均已办结 全部");
    let open = told("其余 剩余 剩下 余下 尚有 还有 仍有 还剩 尚余 另有")
        && any(chars, m.end, m.sentence.1.min(m.end + 30), OPEN);
    let from = m.number.start.saturating_sub(14).max(m.clause.0);
    let doing = word_before(chars, from, m.number.start, "正在 仍在").is_some() && of_them(chars, m);
    left || doing || open || undone(chars, m) || not_yet(chars, m)
}

/// 尚未完成整改的3个: told by what has not been done.
fn undone(chars: &[char], m: &Mention) -> bool {
    let from = m.number.start.saturating_sub(14).max(m.clause.0);
    word_before(chars, from, m.number.start, "尚未 未 没有").is_some() && of_them(chars, m)
}

/// 尚未完成整改的3个问题: with what they are.
fn not_done_of(chars: &[char], m: &Mention) -> bool {
    chars.get(m.end..m.end + 2).is_some_and(all_han) && undone(chars, m)
}

/// 32个小区全部开工 and 8个正在施工, 18个未竣工: begun is not done.
fn only_begun(chars: &[char], left: &Mention, all: &Mention) -> bool {
    any(chars, all.end, all.sentence.1.min(all.end + 10), "开工")
        && !any(chars, left.clause.0, left.sentence.1.min(left.end + 20), "未开工 未动工 没有开工")
}

/// 2个立行立改类问题至今没有完成整改.
fn not_yet(chars: &[char], m: &Mention) -> bool {
    let stop = m.sentence.1.min(m.end + 30);
    let from = m.number.start.saturating_sub(6).max(m.clause.0);
    // 仍有11份不规范合同因故未重新签订, 还有8个村收入不足5万元
    let some = word_before(chars, from, m.number.start, "仍有 还有 尚有").is_some()
        && any(chars, m.end, stop, "未 没有 不足 低于 尚");
    let since =
        "未能 至今仍 至今没有 至今尚未 至今未 仍在 仍未 尚未 还没有 没有办结 没有完成 没有整改 没有解决";
    // 在建4个、未开工1个
    let none = m.number.start.checked_sub(3).is_some_and(|at| at >= m.clause.0 && chars[at] == '未');
    some || none || any(chars, m.end, stop, since)
}

/// The numbers that may say of what some are left: those not too far from it.
fn around<'a>(mentions: &'a [Mention], left: &Mention) -> &'a [Mention] {
    let from = mentions.partition_point(|m| m.start + FAR < left.start);
    let to = mentions.partition_point(|m| m.start <= left.start + FAR);
    &mentions[from..to]
}

/// Whether what is open is of those that are said to be all done: with those done it makes as many, near by or by name.
fn left_of(chars: &[char], mentions: &[Mention], left: &Mention, all: &Mention) -> bool {
    let fewer = same_unit(chars, left, all) && left.amount(chars) < all.amount(chars);
    // 另排查12处，2处尚未整改: of others.
    let others = any(chars, left.sentence.0, left.start, "另排查 另有 另行 另查 另外 另发现");
    let other = others || only_begun(chars, left, all) || of_another_act(chars, left, all);
    if !fewer || other || left.sentence == all.sentence || later(chars, left, all) {
        return false;
    }
    if some_done(chars, all) {
        return false;
    }
    // 责任落实方面的7个问题: of that field alone.
    let field = all.number.start.checked_sub(5).filter(|at| stands(chars, at + 2, "方面的"));
    let own = |at: usize| chars[left.clause.0..left.clause.1].windows(2).any(|w| w == &chars[at..at + 2]);
    if field.is_some_and(|at| !own(at)) {
        return false;
    }
    let done = all.amount(chars) - left.amount(chars);
    let near = |m: &&Mention, far: usize| {
        m.start != left.start
            && m.start.abs_diff(left.start) <= far
            && quantity(m)
            && same_unit(chars, m, all)
    };
    let is = |m: &Mention, value: f64| (m.amount(chars) - value).abs() < 1e-9;
    // Of another 126 than those, told beside what is open.
    let other = |m: &Mention| {
        m.sentence == left.sentence && is(m, all.amount(chars)) && of_other_things(chars, m, all)
    };
    if mentions.iter().any(other) {
        return false;
    }
    // Those done stand beside what is open, or are told as all beside it.
    let with = mentions.iter().any(|m| near(&m, BESIDE) && m.start != all.start && is(m, done));
    // 已完工22个，其余4个: those done are not all of which some are left.
    let whole = |m: &Mention| {
        !of_other_things(chars, m, all)
            && is(m, all.amount(chars))
            && !any(chars, m.clause.0, m.start, "已 完成 完工 办结 整改到位")
    };
    let of =
        mentions.iter().any(|m| near(&m, WHOLE) && m.start != all.start && m.start < left.start && whole(m));
    let here = |m: &Mention| {
        m.sentence == left.sentence && m.start < left.start && quantity(m) && same_unit(chars, m, all)
    };
    let of_here = mentions.iter().any(|m| here(m) && whole(m));
    let shared = shared_name(chars, left, all);
    let many = all.number.value >= 20.0;
    let firm = not_yet(chars, left) || not_done_of(chars, left);
    // 查出隐患2310处 and 查出的隐患仍有146处: two words of both.
    let named = shared >= NAMED || same_theme(chars, left, all) || only_such(chars, mentions, left, all);
    // 已完成27个，基本完成3个，还有2个: with those told in front of what is open they are as many.
    let told: f64 = mentions.iter().filter(|m| here(m)).map(|m| m.amount(chars)).sum();
    // 仍有3处重大事故隐患正在整改 of 重大事故隐患37处: by their whole name.
    let by_name = shared > NAMED;
    let of_here = of_here || by_name || many && (told - done).abs() < 1e-9;
    let theme = shared >= 1 || same_theme(chars, left, all);
    with && (many && theme && (done >= 20.0 || same_theme(chars, left, all)) || shared >= 2 || of && firm)
        || of && (shared > 2 || shared > 1 && firm && left.number.value < 10.0)
        || of_here
        || firm && named
}

/// 整改到位的82个问题全部经过核验: those done are some of them already.
pub(super) fn some_done(chars: &[char], all: &Mention) -> bool {
    const DONE_OF: &str = "到位 销号 办结 整改 完成 已 后的";
    let of = all.start > all.clause.0 && chars[all.start - 1] == '的';
    of && any(chars, all.clause.0, all.start, DONE_OF)
}

/// 用工问题126个全部解决 and 去年签约的126个项目: by the nouns that stand next to them.
fn of_other_things(chars: &[char], a: &Mention, b: &Mention) -> bool {
    const NOUNS: [&str; 8] = ["问题", "项目", "隐患", "线索", "信访", "案件", "企业", "小区"];
    let noun = |m: &Mention| {
        let front = m.number.start.saturating_sub(2);
        NOUNS.iter().find(|noun| stands(chars, m.end, noun) || stands(chars, front, noun))
    };
    noun(a).zip(noun(b)).is_some_and(|(a, b)| a != b)
}

/// 34个问题已全部整改到位 and 还有3个问题尚未完成: there are no other 问题 in the text of which they could be.
fn only_such(chars: &[char], mentions: &[Mention], left: &Mention, all: &Mention) -> bool {
    let noun = |m: &Mention| chars.get(m.end..m.end + 2).map(<[char]>::to_vec);
    let of = noun(left).filter(|noun| all_han(noun));
    let other = |m: &&Mention| {
        quantity(m)
            && same_unit(chars, m, all)
            && m.amount(chars) > left.amount(chars)
            && (noun(m) == of || of.as_ref().is_some_and(|of| chars[..m.start].ends_with(of)))
            && (m.amount(chars) - all.amount(chars)).abs() > 1e-9
    };
    of.is_some() && of == noun(all) && !mentions.iter().any(|m| other(&m))
}

/// 查出隐患2310处 and 查出的隐患中，仍有146处: two words in front of what is open are those of all.
fn same_theme(chars: &[char], left: &Mention, all: &Mention) -> bool {
    let own = &chars[left.sentence.0..left.start];
    let of = &chars[all.clause.0..all.start];
    shared_words(of, own) > 1
}

/// Whether all are told as done on a later day than what was open, which is how it went on, or of another year.
fn later(chars: &[char], left: &Mention, all: &Mention) -> bool {
    if of_other_years(chars, (all.clause.0, all.start), (left.sentence.0, left.start)) {
        return true;
    }
    let day = |m: &Mention| as_of(chars, m.sentence.0, m.start);
    match (day(left), day(all)) {
        (Some(left), Some(all)) => all.1 > left.1 && (all.0 == left.0 || all.0 * left.0 == 0),
        (Some(_), None) => {
            all.start > left.start
                && any(chars, all.sentence.0, all.start, "随后 最终 此后 目前 现已 到目前 至此 如今")
        }
        _ => any(chars, all.sentence.0, all.start, "随后 最终 此后 至此"),
    }
}

/// 184名的补助金均已发放 and 3名未能上岗: what is open is something else than what is done.
fn of_another_act(chars: &[char], left: &Mention, all: &Mention) -> bool {
    const ACTS: &str =
        "上岗 入住 搬迁 发放 开工 竣工 完工 投用 接入 拆除 开放 签订 撤离 迁移 通车 通水 就业 培训 注销";
    let stop = left.sentence.1.min(left.end + 30);
    let open = ACTS.split_whitespace().find(|act| {
        ["未", "未能", "没有", "尚未"]
            .iter()
            .any(|not| find(chars, left.clause.0, stop, &format!("{not}{act}")).is_some())
    });
    let done = all.sentence.1.min(all.end + SAID);
    let built = any(chars, all.end, done, "建成 完工 竣工 开放 投用 交付 通车 投运");
    // 109个已开工项目手续全部办结 and 19个未开工项目: others than those.
    let begun =
        |act: &str| find(chars, all.clause.0, all.sentence.1.min(all.end + 6), &format!("已{act}")).is_some();
    let other = |act: &str| !any(chars, all.clause.0, done, act) && (act != "开工" || !built);
    let acts = ACTS.split_whitespace().any(|act| any(chars, all.end, done, act));
    open.is_some_and(|act| begun(act) || other(act) && acts)
}

/// The last two characters of the name behind the unit: 线索 of 7件问题线索已全部办结.
fn last_word<'a>(chars: &'a [char], m: &Mention) -> Option<&'a [char]> {
    let behind = &chars[m.end..chars.len().min(m.end + 12)];
    let ends = |c: &char| !all_han(&[*c]) || "已均都全尚仍未正中的因分".contains(*c);
    let name = &behind[..behind.iter().position(ends).unwrap_or(behind.len())];
    let front = || m.start.checked_sub(2).map(|from| &chars[from..m.start]).filter(|front| all_han(front));
    name.len().checked_sub(2).map(|from| &name[from..]).or_else(front)
}

//! Which clauses carry on what the clause in front of them began.

use super::clause::{Clause, Role, plain_to};
use super::fronts::hands;
use super::words::*;
use crate::lexicon::{Hit, any, find, stands, words};
use crate::numbers::number_at;

/// Longest clause that only says what has to be so by a day, behind the day, in code points.
const MAX_SETTLED: usize = 12;
/// Longest clause that only says that something is kept up, in code points.
const MAX_KEPT: usize = 8;
/// Longest clause that only says how much falls to each, in code points.
const MAX_SHARE: usize = 24;

/// Whether a clause carries on the action of the clause in front of it.
pub(super) fn joins(chars: &[char], before: &Clause, clause: &Clause) -> bool {
    if clause.subject.is_some() || clause.modal && !settles(chars, before, clause) {
        return false;
    }
    // 向县委办交一份书面说明: something of its own that somebody gets.
    let own = counted(chars, clause) || any(chars, clause.front, clause.end, "一份 一本 一张");
    if chars.get(clause.front) == Some(&'向') && own && !counted(chars, before) && clause.role == Role::Act {
        return false;
    }
    if assured(chars, before, clause) || by_ways(chars, before) {
        return true;
    }
    if aimed(chars, clause) {
        return false;
    }
    let yields = clause.verb.is_some_and(|verb| yields(chars, clause, verb));
    let result = prepares(chars, before) && (yields || gathers(chars, before, clause));
    if clause.time.is_some() {
        return settles(chars, before, clause)
            || closes(chars, before, clause)
            || before.time.is_none() && result;
    }
    if details(chars, clause) || spells_out(chars, before, clause) || result && lists(clause) {
        return true;
    }
    if carries_on(chars, clause) || serves(chars, before, clause) {
        return true;
    }
    // 开展学习研讨，每月不少于1次: only how often.
    if often(chars, clause) && before.rhythm.is_none() && before.verb.is_some() {
        return true;
    }
    // Another rhythm is another thing to be asked about.
    if clause.rhythm.is_some() && clause.front < clause.end && before.verb.is_some() {
        return false;
    }
    let at_least = any(chars, clause.start, clause.end, "不少于 不低于") && clause.verb.is_some();
    if counted(chars, clause) && (at_least && !measure(chars, clause) || counted(chars, before)) {
        return false;
    }
    // What is done so often or at least so much is a thing by itself.
    let least = before.rhythm.is_some() && any(chars, before.start, before.end, "不少于 至少 不低于");
    if least && clause.end - clause.head > 8 {
        return false;
    }
    let Some(verb) = clause.verb else { return true };
    if ["定期", "每逢", "常态化"].iter().any(|w| stands(chars, clause.front, w)) {
        return false;
    }
    !apart(chars, before, clause, verb) && same_thing(chars, before, clause, verb, result)
}

/// 通过设置意见箱、开通热线等方式: the ways by which the next clause is done.
fn by_ways(chars: &[char], before: &Clause) -> bool {
    const WAYS: [&str; 6] = ["等方式", "等形式", "等途径", "等渠道", "等办法", "等手段"];
    let to = before.end;
    let ends = to - before.head > 3 && WAYS.iter().any(|way| stands(chars, to - 3, way));
    ends && any(chars, before.head, to, "通过 采取 采用 运用 利用 以")
}

/// Whether a clause with a verb of its own goes on with the thing of the clause in front. `result`: it gives what that one
/// looked for.
fn same_thing(chars: &[char], before: &Clause, clause: &Clause, verb: Hit, result: bool) -> bool {
    let recorded = ["建档", "建账", "建册", "造册", "登记造册"].iter().any(|w| stands(chars, verb.start, w));
    let quoted = verb.is(MAKE) && chars[verb.end..clause.end].contains(&'“');
    let things =
        recorded || quoted || clause.hits.iter().any(|h| h.is(ARTEFACT | EVENT | MECHANISM) && !h.is(NOISE));
    if clause.end - clause.head <= 8 && !things
        || chars[clause.head] != '对' && chars[clause.head] == chars[before.head.min(before.end - 1)]
    {
        return true;
    }
    let (named, named_before) = (named(chars, clause), named(chars, before));
    let opens = verb.start <= clause.head + 4;
    let batch = |c: &Clause| any(chars, c.start, c.end, "一批");
    if batch(before) && batch(clause) || result {
        return true;
    }
    if !named && acts_of(chars, before).iter().any(|word| acts_of(chars, clause).contains(word)) {
        return true;
    }
    if opens && stands(chars, verb.start, "明确") {
        return true;
    }
    if verb.is(FOLLOW) && opens {
        return !(named && named_before && verb.is(MAKE));
    }
    let made = before.verb.is_some_and(|v| v.is(MAKE));
    let own = clause
        .hits
        .iter()
        .any(|h| h.start >= verb.end && h.is(OBJECT | ARTEFACT | EVENT | MECHANISM) && !h.is(NOISE));
    !(named || own || made && named_before)
}

/// 对落后的村进行约谈, 名单在网站公示: a clause whose own object stands in front of its verb, at its end.
fn apart(chars: &[char], before: &Clause, clause: &Clause, verb: Hit) -> bool {
    let to = chars[clause.head] == '对'
        && plain_to(chars, Hit { end: clause.head + 1, start: clause.head, tags: 0 });
    // 暗访结果: a verb may stand at the front of the name.
    let mut nouns = clause.hits.iter().filter(|h| !(h.is(DET | JOIN) && h.end - h.start == 1)).take(2);
    let passive = verb.is(MAKE)
        && verb.start > clause.head + 3
        && nouns.any(|h| h.is(ARTEFACT | OBJECT) && h.start < verb.start && h.start <= clause.head + 2);
    // 对顶风违纪的坚决查处、决不手软: a case of its own.
    if to && chars[clause.head..verb.start].contains(&'的') && verb.start > clause.head + 4 {
        return true;
    }
    let fronted = |c: &Clause| matches!(chars[c.head.min(c.end - 1)], '把' | '将');
    verb.end == clause.end && (to || passive) || fronted(clause) && !fronted(before)
}

/// A clause that only says until when what the one in front of it asks is done: 7月5日前完成, 10月底前报县委办.
fn closes(chars: &[char], before: &Clause, clause: &Clause) -> bool {
    const ENDS: [&str; 20] = [
        "完成",
        "办结",
        "到位",
        "结束",
        "印发实施",
        "印发",
        "出台",
        "报送",
        "上报",
        "完成整改",
        "公布",
        "公示",
        "发布",
        "公开",
        "通水",
        "通车",
        "贯通",
        "投用",
        "兑现",
        "见效",
    ];
    let ends = ENDS.iter().any(|word| {
        let from = clause.end.checked_sub(word.chars().count());
        from.is_some_and(|from| from >= clause.front && from <= clause.front + 4 && stands(chars, from, word))
    });
    let handed = ["交", "报", "送", "提交", "上交", "存", "发到", "发至", "下发", "发放到", "印发到", "反馈"]
        .iter()
        .any(|word| stands(chars, clause.front, word))
        && clause.end - clause.front <= 16
        && !clause.hits.iter().any(|h| h.is(ARTEFACT) && !h.is(NOISE));
    before.time.is_none() && (ends || handed || hands_over_result(chars, before, clause))
}

/// 12月20日前全部交付使用, 年内办结并向社会公布: a day and what has to be so by then, of the thing that the clause in front
/// names. With a thing or a count of its own it is another demand.
fn settles(chars: &[char], before: &Clause, clause: &Clause) -> bool {
    let dated = clause.time.as_ref().is_some_and(|t| t.start <= clause.body + 2 && t.end <= clause.front);
    let own = |h: &Hit| {
        h.is(ARTEFACT | EVENT | MECHANISM | OBJECT | HEAD | STRAND)
            && !h.is(MAKE | DO | NOISE)
            && h.start >= clause.front
    };
    let once = any(chars, clause.front, clause.end, "一次 一场 一轮 一期 一份");
    let number = once || chars[clause.front..clause.end].iter().any(char::is_ascii_digit);
    // 完成实地调研 names a work of its own.
    let takes = ["完成", "开展", "做好", "抓好", "搞好", "组织", "进行", "启动", "推进", "加强"];
    let work =
        clause.verb.is_some_and(|v| v.end < clause.end && takes.iter().any(|w| stands(chars, v.start, w)));
    dated
        && !work
        && before.time.is_none()
        && before.role == Role::Act
        && clause.end - clause.front <= MAX_SETTLED
        && !number
        && !clause.hits.iter().any(own)
        && clause.hits.iter().any(|h| h.start >= clause.front && h.is(MAKE | DO | PURPOSE))
        && !matches!(chars[clause.front.min(clause.end - 1)], '把' | '将' | '对')
}

/// 人人都要领题，围绕产业升级选准一个课题: a verb alone, and then with all that belongs to it.
fn spells_out(chars: &[char], before: &Clause, clause: &Clause) -> bool {
    let alone = before.verb.is_some_and(|v| v.end == before.end && v.start <= before.head + 2);
    let theme = ["围绕", "结合", "针对", "聚焦", "立足", "瞄准"];
    alone && before.modal && theme.iter().any(|w| stands(chars, clause.front, w))
}

/// 逐项写明办结时间, 拿出过硬措施加以解决: how the clause in front is to be done.
fn details(chars: &[char], clause: &Clause) -> bool {
    const WRITES: [&str; 5] = ["写明", "注明", "列明", "标明", "载明"];
    let writes = (clause.front..(clause.front + 3).min(clause.end))
        .any(|at| WRITES.iter().any(|w| stands(chars, at, w)));
    writes || clause.end >= clause.front + 4 && stands(chars, clause.end.saturating_sub(4), "加以")
}

/// 建立转化清单, 拉出指标清单: a paper that holds what was gathered.
fn lists(clause: &Clause) -> bool {
    let paper = |h: &Hit| h.is(ARTEFACT) && !h.is(NOISE);
    clause.verb.is_some_and(|v| clause.hits.iter().any(|h| h.start >= v.end && paper(h)))
}

/// 进行全面总结，12月20日前将总结报告报县委: what the clause in front made is handed over.
fn hands_over_result(chars: &[char], before: &Clause, clause: &Clause) -> bool {
    let placed = matches!(chars[clause.front.min(clause.end - 1)], '把' | '将');
    let over = any(chars, clause.front, clause.end, "报县 报市 报省 报区 报镇 报乡 报送 上报 提交 报主题");
    placed && over && acts_of(chars, before).iter().any(|act| any(chars, clause.front, clause.end, act))
}

/// What becomes of what the clause in front made: it is approved, sent on, bound together.
fn carries_on(chars: &[char], clause: &Clause) -> bool {
    // 修订预案，经县政府审定后印发 is one thing.
    let approved = stands(chars, clause.front, "经")
        && any(chars, clause.front, clause.end, "后印发 后实施 后公布 后报 同意后 审定后 批准后");
    // 编印汇编，发至各乡镇: what becomes of it.
    let sent = [
        "发至",
        "发送至",
        "下发至",
        "印发至",
        "发放至",
        "发到",
        "发放到",
        "分发",
        "汇编成册",
        "整理成册",
        "提炼成",
        "提交",
    ]
    .iter()
    .any(|w| stands(chars, clause.front, w));
    // 编制课题清单，报县委办备案, 形成情况报告，连同方案一并上报: what was made is handed on.
    let handed = clause.rhythm.is_none() && hands(chars, clause.front, clause.end);
    approved || sent || handed || stands(chars, clause.front, "连同")
}

/// 及时掌握情况, 帮助各地解决难题, 对各县进行指导 behind sending a group: what the clause in front is good for.
fn serves(chars: &[char], before: &Clause, clause: &Clause) -> bool {
    const LEARNS: [&str; 7] = ["及时掌握", "及时了解", "随时掌握", "动态掌握", "全面掌握", "下设", "帮助各"];
    let sends = before.verb.is_some_and(|v| {
        ["派出", "选派", "抽调", "组建", "组成", "成立"].iter().any(|w| stands(chars, v.start, w))
            || stands(chars, v.start, "组织")
                && before.hits.iter().any(|h| h.is(MECHANISM) && h.end == before.end)
    });
    let guides = chars[clause.front.min(clause.end - 1)] == '对'
        && any(
            chars,
            clause.front,
            clause.end,
            "进行指导 进行督导 全程指导 巡回指导 开展督导 开展指导 进行检查 开展检查 进行巡回 开展巡回 进行督查 开展督查 开展抽查 开展暗访 走一遍 查一遍",
        );
    let more = chars[clause.front.min(clause.end - 1)] == '多' && !counted(chars, clause);
    let helps = stands(chars, clause.front, "帮助") && !counted(chars, clause);
    helps || LEARNS.iter().any(|w| stands(chars, clause.front, w)) || sends && guides || more
}

/// 力争年内新开工项目30个: a goal with a number or a day of its own.
fn aimed(chars: &[char], clause: &Clause) -> bool {
    let goal = ["力争", "确保", "争取", "实现", "保证"].iter().any(|w| stands(chars, clause.body, w));
    let number = chars[clause.body..clause.end].iter().any(char::is_ascii_digit);
    goal && number && clause.verb.is_some()
}

/// 确保年底前全部完成: only until when what the clause in front asks is done, all of it.
fn assured(chars: &[char], before: &Clause, clause: &Clause) -> bool {
    let sure = ["确保", "保证"].iter().any(|w| stands(chars, clause.body, w));
    let Some(time) = clause.time.as_ref().filter(|_| sure && before.time.is_none()) else { return false };
    let behind = &chars[time.end.min(clause.end)..clause.end];
    behind.len() <= 10
        && any(behind, 0, behind.len(), "全部 全面")
        && !behind.iter().any(char::is_ascii_digit)
}

/// Whether a clause counts times or things of its own.
fn counted(chars: &[char], clause: &Clause) -> bool {
    let unit = |at: usize| chars.get(at).is_some_and(|c| "次场名个家户件篇期人项份处台条张起".contains(*c));
    let times = |at: usize| chars.get(at).is_some_and(|c| "次场遍轮期篇".contains(*c));
    (clause.front..clause.end).any(|at| {
        number_at(chars, at)
            .is_some_and(|n| n.end <= clause.end && if n.han { times(n.end) } else { unit(n.end) })
    })
}

/// A clause that only says how much: 时间不少于5天, 每次不超过半天.
pub(super) fn bound(chars: &[char], clause: &Clause) -> bool {
    let counted = chars[clause.start..clause.end]
        .iter()
        .any(|c| c.is_ascii_digit() || "一二三四五六七八九十半两".contains(*c));
    counted
        && clause.subject.is_none()
        && clause.end - clause.start <= 20
        && any(
            chars,
            clause.start,
            clause.end,
            "不少于 不低于 不超过 至少 不多于 以上 以内 得少于 能少于 得低于 得超过",
        )
}

/// 对点位统一把关，雷同的剔除，从中确定6个: what is picked from what the clause in front goes through, and what
/// stands between them.
pub(super) fn picks(chars: &[char], clauses: &[Clause], at: usize) -> bool {
    let from = |c: &Clause| c.subject.is_none() && stands(chars, c.front, "从中");
    let between = |c: &Clause| c.subject.is_none() && !c.modal && c.role != Role::Act;
    from(&clauses[at]) || between(&clauses[at]) && clauses.get(at + 1).is_some_and(from)
}

/// 每个部门不少于2次, 每人不少于一个月: how much of it falls to each.
pub(super) fn share(chars: &[char], clause: &Clause) -> bool {
    // 年底前每人不少于2次.
    let at = clause.time.as_ref().filter(|t| t.start == clause.body).map_or(clause.body, |t| t.end);
    !clause.modal
        && clause.rhythm.is_none()
        && chars.get(at) == Some(&'每')
        && clause.end - clause.body <= MAX_SHARE
        && any(chars, clause.body, clause.end, "不少于 不低于 得少于 得低于")
}

/// 每月不少于1次, 每季度1次: a rhythm with a count of times and nothing that is done.
fn often(chars: &[char], clause: &Clause) -> bool {
    // 每周上门探访不少于1次: of nothing in particular.
    let least = find(chars, clause.front, clause.end, "不少于");
    let bare = least.is_some_and(|at| clause.hits.iter().any(|h| h.end == at && h.is(DO | MAKE)))
        && !clause.hits.iter().any(|h| h.is(ARTEFACT | EVENT | MECHANISM | OBJECT | HEAD) && !h.is(NOISE));
    // 每周刊播2个案例: of something that is done.
    let times = (clause.front..clause.end)
        .find_map(|at| number_at(chars, at).filter(|n| n.end < clause.end))
        .is_some_and(|n| "次场遍轮回".contains(chars[n.end]));
    (clause.verb.is_none() && times || bare)
        && clause.rhythm.is_some()
        && clause.end - clause.start <= 12
        && counted(chars, clause)
}

/// 并长期坚持: what is done by a day is kept up for good.
pub(super) fn kept_up(chars: &[char], clause: &Clause) -> bool {
    const KEPT: [&str; 4] = ["长期坚持", "长期执行", "长期保持", "持续坚持"];
    clause.subject.is_none()
        && clause.end - clause.front <= MAX_KEPT
        && !counted(chars, clause)
        && KEPT.iter().any(|w| stands(chars, clause.front, w))
}

/// 核查比例不低于30%: only how much of what the clause in front asks.
pub(super) fn measure(chars: &[char], clause: &Clause) -> bool {
    // 至少解剖2个后进村: something else to be done, and how much.
    let act = find(chars, clause.start, clause.end, "至少").is_some_and(|at| {
        let behind = &chars[at + 2..clause.end];
        behind.len() > 6 && behind[..2].iter().all(|c| !c.is_ascii_digit() && !"一二三两半几每".contains(*c))
    });
    !act && bound(chars, clause) && clause.verb.is_none() && clause.rhythm.is_none()
        || bound(chars, clause)
            && clause.rhythm.is_none()
            && clause.time.is_none()
            && any(chars, clause.start, clause.end, "比例 时间 时长 人数 面积 次数 频次 数量 覆盖面")
}

/// The verb of a clause and one that follows it directly (跟进学习).
fn acts_of(chars: &[char], clause: &Clause) -> Vec<String> {
    let Some(verb) = clause.verb else { return Vec::new() };
    let next = clause.hits.iter().find(|h| h.start == verb.end && h.is(DO));
    [Some(&verb), next].into_iter().flatten().map(|h| words(chars, h.start, h.end)).collect()
}

/// Looking, gathering and thinking in front of a result.
pub(super) fn prepares(chars: &[char], before: &Clause) -> bool {
    const LOOKING: [&str; 25] = [
        "盘点",
        "摸清",
        "归集",
        "归并",
        "倒查",
        "清查",
        "起底",
        "过一遍",
        "过筛",
        "会商",
        "核查",
        "查找",
        "梳理",
        "分析",
        "研究",
        "深挖",
        "摸排",
        "排查",
        "收集",
        "征求",
        "汇总",
        "查摆",
        "检视",
        "调研",
        "走访",
    ];
    // 再过一遍筛子: looking, in the words of every day.
    let sifts = || any(chars, before.head, before.end, "过一遍 过筛 捋一遍 理一遍 查一遍");
    // 开展全面自查, 进行摸排.
    let work =
        before.verb.is_some_and(|v| ["开展", "进行", "组织"].iter().any(|w| stands(chars, v.start, w)));
    let looks = || {
        ["自查", "摸排", "排查", "梳理", "盘点", "普查", "清查", "摸底"]
            .iter()
            .any(|w| stands(chars, before.end.saturating_sub(2), w))
    };
    work && looks()
        || before.verb.is_none() && sifts()
        || before.verb.is_some_and(|v| LOOKING.iter().any(|w| stands(chars, v.start, w)))
}

/// Whether the next clause gives the result of looking (结合……，形成清单).
pub(super) fn leads_to_result(chars: &[char], clauses: &[Clause], manner: usize) -> bool {
    let next = clauses.get(manner + 1);
    clauses[manner].role == Role::Manner
        && clauses[manner].subject.is_none()
        && next.is_some_and(|n| n.verb.is_some_and(|v| yields(chars, n, v)))
}

/// The result of it, or more of the same.
fn yields(chars: &[char], clause: &Clause, verb: Hit) -> bool {
    let is = |list: &[&str]| list.iter().any(|w| stands(chars, verb.start, w));
    is(&["形成", "列出", "提出", "拿出", "梳理"]) && verb.start <= clause.head + 6
}

/// 建立台账, 拉出清单: the paper into which goes what the clause in front gathered, unless that one has a day of its own.
fn gathers(chars: &[char], before: &Clause, clause: &Clause) -> bool {
    let Some(verb) = clause.verb else { return false };
    let is = |list: &[&str]| list.iter().any(|w| stands(chars, verb.start, w));
    // 三本台账: so many are a thing of their own.
    let several = (verb.end..clause.end).any(|at| {
        number_at(chars, at).is_some_and(|n| chars.get(n.end).is_some_and(|c| "本份套张类".contains(*c)))
    });
    !several
        && is(&["建立", "编制", "拉出", "列入", "修订", "整理成"])
        && before.time.is_none()
        && lists(clause)
        && !chars[verb.end..clause.end].contains(&'“')
        && verb.start <= clause.head + 6
}

/// Whether a clause names its object: a document, an event, a body, something in quotes.
pub(super) fn named(chars: &[char], clause: &Clause) -> bool {
    let Some(verb) = clause.verb else { return false };
    let thing =
        clause.hits.iter().any(|h| h.start >= verb.end && h.is(ARTEFACT | EVENT | MECHANISM) && !h.is(NOISE));
    let fronted = matches!(chars[clause.head.min(clause.end - 1)], '把' | '将');
    let from = if fronted { clause.head } else { verb.end };
    (thing && verb.is(MAKE)) || chars[from..clause.end].iter().any(|c| matches!(c, '“' | '《'))
}

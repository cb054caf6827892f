//! The fields of an obligation: rhythm, limit, hardness, strand, level of the subject. Its count is in `count`.

use super::clause::{Clause, Role, Setting};
use super::count::{Count, count};
use super::words::*;
use super::{Hardness, Obligation, Reason};
use crate::deadline::{Deadline, Sort};
use crate::lexicon::{Hit, any, find, stands, words};

/// Rhythms that have no name of their own among the fields.
const OTHER_RHYTHMS: &str =
    "每天 每日 每旬 按旬 逐旬 每半月 每半年 每半个月 每两周 每双周 每学期 每10天 每十天 每两个月 每两月";
/// How many times as long as the action what leads to it may be and still belong to the span.
const MAX_LEAD: usize = 2;
/// Longest case in front of what is done in it, in code points.
const MAX_CASE: usize = 30;
/// Most words behind a verb of making among which its thing is looked for: a clause without end must not take quadratic time.
const MAX_BEHIND: usize = 100;

/// Fills the fields of a group of clauses.
pub(super) fn fill(
    setting: &Setting<'_>,
    clauses: &[Clause],
    group: &[usize],
    subject: Option<(usize, usize)>,
    mut reasons: Vec<Reason>,
) -> Obligation {
    let chars = setting.chars;
    let (first, last) = (&clauses[group[0]], &clauses[group[group.len() - 1]]);
    let end = last.end;
    let start = tight(chars, clauses, group).unwrap_or_else(|| opening(chars, first));
    let act =
        group.iter().map(|i| &clauses[*i]).find(|c| c.role == Role::Act && c.part.is_none()).unwrap_or(first);
    let closing = group.iter().rev().map(|i| &clauses[*i]).find(|c| c.role != Role::Frame).unwrap_or(last);
    let count = count(chars, start, end);
    let cadence = cadence(chars, start, end, &clauses[group[0]..=group[group.len() - 1]]);
    let own_time = group.iter().any(|i| clauses[*i].time.is_some());
    // 由县委办公室逐月跟踪: the day in front is not that of a rhythm.
    let time = sentence_time(clauses, group).filter(|_| own_time || cadence.is_none());
    let subject_words = subject.map(|(s, e)| words(chars, s, e));
    let charged = group.iter().any(|i| clauses[*i].subject.is_some());
    // 能够马上改的，三天之内改到位: asked of nobody in particular, where the case arises.
    let case = !charged && case_by_case(chars, start, end);
    let all = || group.iter().map(|i| &clauses[*i]);
    let hard = hard(chars, start, end, all().filter(|c| c.role == Role::Act), &mut reasons)
        .or_else(|| count.as_ref().map(|_| "H1"))
        .or_else(|| cadence.filter(|c| *c != "continuous" || any(chars, start, end, "每 定期")).map(|_| "H2"))
        .or_else(|| any(chars, start, end, OTHER_RHYTHMS).then_some("H2"))
        .or_else(|| time.as_ref().filter(|t| t.settled()).map(|_| "H3"))
        .or_else(|| time.as_ref().filter(|t| t.sort == Sort::Within && !case).map(|_| "H3"));
    let one = count.as_ref().is_none_or(|c| c.value == 1.0 || c.stretch());
    // A stretch of days, 10月中旬到12月下旬, is none of them.
    let dated = time.as_ref().is_some_and(|t| t.day.is_some() && !any(chars, t.start, t.end, "到 至 - — ～"));
    let stretch =
        count.as_ref().is_some_and(Count::stretch) && any(chars, start, end, "读书班 培训班 示范班");
    let once = count.as_ref().is_some_and(|c| c.value == 1.0 && c.event)
        || dated && one && all().filter(|c| c.role == Role::Act).any(|c| happens_once(chars, c, end))
        || stretch;
    // 每月5日前, 每半月: the words say more than the name of the rhythm.
    let unnamed = || other_rhythm(chars, start, end).filter(|_| cadence == Some("continuous"));
    let due = all().find_map(|c| c.due).filter(|_| cadence.is_some()).or_else(unnamed);
    let deadline = time.as_ref().map(|t| (t.start, t.end)).or(due).map(|(from, to)| words(chars, from, to));
    if let Some(rule) = hard {
        reasons.push(Reason { rule: "hard", words: rule.to_string() });
    }
    Obligation {
        start,
        end,
        quote: words(chars, start, end),
        subject_level: subject_words.as_deref().and_then(level),
        subject: subject_words,
        action: words(chars, act.head.min(closing.end), closing.end),
        measure: measure(chars, start, end),
        quantity: count.as_ref().map(|c| c.value),
        quantity_unit: count.as_ref().map(|c| c.unit.clone()),
        comparator: count.as_ref().and_then(|c| c.comparator),
        cadence: cadence.or(once.then_some("once")),
        deadline_resolved: time.and_then(|t| t.day),
        deadline,
        hardness: if hard.is_some() { Hardness::Hard } else { Hardness::Soft },
        reasons,
    }
}

/// Where the span begins: behind numbering, connecting words and a leading modal verb, at the subject or time.
fn opening(chars: &[char], first: &Clause) -> usize {
    let mut at = first.body;
    if first.subject.is_none() && first.time.is_none() {
        at = first.rhythm.unwrap_or(first.front).max(first.body);
    }
    while at < first.end && matches!(chars[at], '，' | '、' | ' ') {
        at += 1;
    }
    at.min(first.end.saturating_sub(1))
}

/// Where the span begins when what stands in front of the first action is much longer than the actions.
fn tight(chars: &[char], clauses: &[Clause], group: &[usize]) -> Option<usize> {
    let act = group.iter().position(|i| clauses[*i].role == Role::Act)?;
    // A subject belongs to its action however much stands between them.
    let lead = &clauses[group[0]];
    if lead.subject.is_some() && lead.role != Role::Attitude {
        return None;
    }
    // 对笼统空泛、避重就轻的，要退回重报: the case belongs to what is done in it.
    let case = act > 0 && lead.end - lead.start <= MAX_CASE;
    if case && matches!(chars[lead.body], '对' | '凡') {
        return None;
    }
    let acts = clauses[group[group.len() - 1]].end - clauses[group[act]].start;
    let mut first = act;
    while first > 0 && clauses[group[act]].start - clauses[group[first - 1]].start <= MAX_LEAD * acts {
        first -= 1;
    }
    (first > 0).then(|| opening(chars, &clauses[group[first]]))
}

/// The time of the group, or of a clause in front of it in the same sentence.
fn sentence_time(clauses: &[Clause], group: &[usize]) -> Option<Deadline> {
    // A time in front of its subject holds for the whole sentence, one behind it for its own group.
    let leads = |c: &Clause| c.time.clone().filter(|t| c.subject.is_none_or(|(s, _)| t.start < s));
    let own = || group.iter().filter_map(|i| clauses[*i].time.clone());
    // 会后，请于11月25日前报送: the day is the limit.
    own()
        .find(|t| t.sort > Sort::Open)
        .or_else(|| own().next())
        .or_else(|| clauses[..group[0]].iter().rev().find_map(leads))
}

/// What is to be done by a day is done then, unless it is a state to be reached, a rule to be lived by or many cases.
fn happens_once(chars: &[char], clause: &Clause, end: usize) -> bool {
    const REACHED: &str =
        "推行 实行 实施 建成 办结 落实 明确 配备 实现 达到 达标 突破 力争 修复 改造 开工 投产";
    const REPEATED: &str = "应检尽检 逐一 逐户 每月 每周 每季 每半 定期 常态化 推动计划 全面开工 所有 全部 集中开展 每个 每名 每户 每处 每所 每村 每镇 每家";
    let Some(verb) = clause.verb else { return passes_up(chars, clause) };
    let reached = REACHED.split_whitespace().any(|word| stands(chars, verb.start, word));
    // 配送到每个党支部 is done once, however many get it.
    let each = |at: usize| at > clause.start && matches!(chars[at - 1], '到' | '至' | '给' | '向');
    let many = REPEATED.split(' ').any(|w| find(chars, clause.start, end, w).is_some_and(|at| !each(at)));
    !reached && !many
}

/// The first rhythm of the span that has no name of its own.
fn other_rhythm(chars: &[char], start: usize, end: usize) -> Option<(usize, usize)> {
    let place = |word: &str| find(chars, start, end, word).map(|at| (at, at + word.chars().count()));
    OTHER_RHYTHMS.split_whitespace().filter_map(place).min()
}

fn cadence(chars: &[char], start: usize, end: usize, clauses: &[Clause]) -> Option<&'static str> {
    const RHYTHMS: [(&str, &str); 4] = [
        ("monthly", "每月 每个月 按月 逐月 月调度 月通报 月例会 月会商 月研判"),
        ("weekly", "每周 按周 每星期 逐周 周调度 一周一 周例会 周会商 周研判"),
        ("quarterly", "每季度 每季 按季 逐季"),
        ("yearly", "每年 按年 每年度 逐年"),
    ];
    const ALWAYS: &str = "定期 持续 常态化 经常 长期 滚动";
    let other = other_rhythm(chars, start, end).map(|(at, _)| at);
    let told = || RHYTHMS.iter().filter(|(_, list)| any(chars, start, end, list));
    // 每周调度、每月通报: the first of several. Most spans have none.
    let first = |list: &str| list.split(' ').filter_map(|word| find(chars, start, end, word)).min();
    // 每半月通报一次 holds 月通报 by accident.
    let named = told().map(|(name, list)| (first(list), *name)).min();
    if let Some((at, name)) = named
        && (other.is_none() || at < other)
    {
        return Some(name);
    }
    if other.is_some() {
        return Some("continuous");
    }
    let leads = |c: &Clause| {
        c.verb.is_some_and(|v| c.head < v.start + 1 && any(chars, c.head, v.start.max(c.head), ALWAYS))
    };
    let always = clauses.iter().any(leads)
        || any(
            chars,
            start,
            end,
            "动态管理 跟进学习 滚动销号 长期坚持 长期执行 长期保持 持续坚持 持续整改 持续跟进",
        );
    always.then_some("continuous")
}

/// Which of the grounds H1 and H4 to H6 the words give.
fn hard<'a>(
    chars: &[char],
    start: usize,
    end: usize,
    acts: impl Iterator<Item = &'a Clause>,
    reasons: &mut Vec<Reason>,
) -> Option<&'static str> {
    if any(chars, start, end, "汇编成册 整理成册 装订成册 编印成册") {
        return Some("H4");
    }
    if any(chars, start, end, "探索") || case_by_case(chars, start, end) {
        return None;
    }
    for clause in acts {
        let Some(verb) = clause.verb else { continue };
        // 拿出过硬措施加以解决: how, no paper.
        if clause.end >= clause.head + 4 && stands(chars, clause.end.saturating_sub(4), "加以") {
            continue;
        }
        if let Some(found) = handed_over(chars, clause) {
            reasons.push(Reason { rule: "hard by", words: words(chars, verb.start, clause.end) });
            return Some(found);
        }
        if super::weigh::allots(chars, clause) {
            reasons.push(Reason { rule: "hard by", words: "who answers for what".to_string() });
            return Some("H6");
        }
        if sets_up(chars, clause, verb) || passes_up(chars, clause) {
            reasons.push(Reason { rule: "hard by", words: words(chars, clause.head, clause.end) });
            return Some("H4");
        }
        let whole =
            |h: &&Hit| h.is(MAKE) && h.start >= verb.start && (h.end - h.start > 1 || h.start == verb.start);
        for make in clause.hits.iter().filter(whole) {
            let first = clause.hits.partition_point(|h| h.start < make.end);
            let behind = clause.hits[first..].iter().filter(|h| !h.is(NOISE));
            for thing in behind.take(MAX_BEHIND) {
                let sets_up = "成立 组建 组成 建立 设立 推行 实行 实施 开设 建好 建成 搭建 设置 增设 开通 创办 配备 配齐 选派 建".split_whitespace();
                let found = if thing.is(ARTEFACT) {
                    Some("H4")
                } else if thing.is(EVENT) && !any(chars, clause.head, thing.start, "统筹") {
                    Some("H5")
                } else if thing.is(MECHANISM)
                    && sets_up.clone().any(|w| stands(chars, make.start, w))
                    && !any(chars, make.start, make.start + 4, "建立健全 建立完善")
                {
                    Some("H6")
                } else {
                    None
                };
                if found.is_some() {
                    reasons.push(Reason { rule: "hard by", words: words(chars, make.start, thing.end) });
                    return found;
                }
            }
        }
    }
    // Who answers for what is spelled out: a named person keeps touch with, or takes on, a named body.
    let pairing = any(chars, start, end, "带头联系 联系包 包抓 包案 挂钩联系 结对联系 领衔包")
        && any(chars, start, end, "书记 领导 班子成员 负责同志");
    if pairing && any(chars, start, end, "机制 制度") {
        reasons.push(Reason { rule: "hard by", words: "who answers for what".to_string() });
        return Some("H6");
    }
    const WHOLE: &str = "全覆盖 100% 100％ 百分之百 逐户 逐村 逐宗 逐企 逐校 逐人 逐单位 逐案 逐件 逐笔 逐镇 逐店 逐点位 逐路段 逐家 逐篇 逐处 逐段 逐栋 逐口 逐站 逐桥 逐组 人人 每名 每人 每个 每户 每一场 每场";
    // 对照上述问题逐一认领: how one looks at oneself; 逐一复核 can be counted.
    let own = any(chars, start, end, "对照 认领 引以为戒");
    (any(chars, start, end, WHOLE) || !own && any(chars, start, end, "逐一 逐项 逐个")).then_some("H1")
}

/// 开设曝光台, 编制标准, 推行“周末不打烊”服务: what these verbs make can be shown, whatever it is called.
fn sets_up(chars: &[char], clause: &Clause, verb: Hit) -> bool {
    const MADE: [&str; 12] =
        ["成立", "组建", "组成", "设立", "开设", "增设", "制定", "编制", "起草", "编印", "公布", "公示"];
    let is = |list: &[&str]| list.iter().any(|w| stands(chars, verb.start, w));
    let named = chars[verb.end..clause.end].contains(&'“') && is(&["推行", "实行", "建立"]);
    verb.end + 2 < clause.end && (is(&MADE) || named)
}

/// 整治方案报市委办公室备案: a named document goes to a named body.
fn passes_up(chars: &[char], clause: &Clause) -> bool {
    let at = (clause.head..clause.end.saturating_sub(1))
        .find(|i| chars[*i] == '报' && "省市县区州镇乡".contains(chars[*i + 1]));
    at.is_some_and(|at| {
        at == clause.head
            || clause.hits.iter().any(|h| h.is(ARTEFACT) && h.end <= at && h.start >= clause.start)
    })
}

/// Something named is handed to somebody named, or a choice is to be fixed.
fn handed_over(chars: &[char], clause: &Clause) -> Option<&'static str> {
    let verb = clause.verb?;
    let does = |list: &str| list.split_whitespace().any(|w| stands(chars, verb.start, w));
    if does("报给 报送 报市 报县 报省 报党 上报给 呈报 报告给") {
        return Some("H4");
    }
    if does("发放 发送 印发 配发 下发 公布 公开 公示 列入 纳入 列为") {
        let named =
            clause.hits.iter().any(|h| h.is(ARTEFACT) && h.start < verb.start && h.start >= clause.head);
        if named || chars[clause.head..verb.start].contains(&'《') {
            return Some("H4");
        }
    }
    // 发放明细在公开栏公示, 整改情况要向群众公布: what is put before the public can be looked for.
    if verb.end == clause.end
        && (does("公布 公示 张贴公布 张榜公布")
            || does("通报") && any(chars, clause.head, verb.start, "范围内 公开栏 全县 全市 全镇"))
        && clause.end > clause.body + 6
    {
        return Some("H4");
    }
    // 修订《管理办法》, 编印《口袋书》: a named paper, whatever it is called.
    let writes = |h: &&Hit| {
        h.is(MAKE)
            && chars.get(h.end) == Some(&'《')
            && !any(chars, h.start, h.end, "落实 学习 实施 实行 推行 完成")
    };
    if clause.hits.iter().find(writes).is_some() {
        return Some("H4");
    }
    let placed = matches!(chars[clause.head], '把' | '将') && does("列入 纳入 并入 编入");
    if placed && any(chars, verb.end, clause.end, "专项整治 清单 台账 计划 考核 议程 预算 规划")
    {
        return Some("H4");
    }
    if does("确定 选定 选准 确立") && any(chars, verb.end, clause.end, "项目 课题 案例 对象 名单 选题 议题")
    {
        return Some("H4");
    }
    None
}

/// 对不胜任的……要: asked only where the case arises.
fn case_by_case(chars: &[char], start: usize, end: usize) -> bool {
    if super::manner::CASES.iter().any(|w| stands(chars, start, w))
        || stands(chars, start, "对")
        || stands(chars, start, "具备")
        || stands(chars, start, "不具备")
    {
        let stop = (start + 24).min(end);
        return find(chars, start, stop, "的要").is_some()
            || find(chars, start, stop, "的，").is_some()
            || find(chars, start, stop, "的及时").is_some();
    }
    false
}

fn level(subject: &str) -> Option<&'static str> {
    let has = |words: &str| words.split_whitespace().any(|w| subject.contains(w));
    if has("主题教育办 办公室 工作组 指导组 督导组 联络组 联络小组") {
        Some("office")
    } else if has("班子 领导干部 领导人员 书记 负责同志 负责人 主要领导") {
        Some("leader")
    } else if has("党支部 基层党组织 地党组织") {
        Some("branch")
    } else if has("党员 每人 人人") {
        Some("member")
    } else if subject.starts_with("市") || has("市里 团市委 市委 两级") {
        Some("city")
    } else if has("县里 县委 各县") || subject == "各地" {
        Some("county")
    } else {
        Some("unit")
    }
}

/// The strand, by the words of the span.
fn measure(chars: &[char], start: usize, end: usize) -> Option<&'static str> {
    let lists = [
        ("research", "调研 调查研究 课题 案例 回访"),
        ("rectification", "整改 检视 查摆 整治 销号 民主生活会 组织生活会 问题清单 剖析 意见 认领"),
        ("publicity", "宣传 典型 报道 媒体 氛围 标语"),
        ("theory-study", "学习 读书班 党课 研讨 教材 书目 培训 自学 通读 研读"),
        ("institution", "制度 长效 建章立制 机制"),
        ("organisation", "党组织 支部 督导 指导 领导小组 考核 调度 问责 约谈 干部"),
        ("development", "发展 项目 产业 民生 实事 群众 服务 企业 招商 改革 安全"),
    ];
    lists.iter().find(|(_, list)| any(chars, start, end, list)).map(|(name, _)| *name)
}

//! Which clauses carry on what the clause in front of them began.

use super::clause::{Clause, Role, plain_to};
use super::words::*;
use crate::lexicon::{Hit, any, stands, words};
use crate::numbers::number_at;

/// Whether a clause carries on the action of the clause in front of it.
pub(super) fn joins(chars: &[char], before: &Clause, clause: &Clause) -> bool {
    if clause.subject.is_some() || clause.modal {
        return false;
    }
    let result = prepares(chars, before) && clause.verb.is_some_and(|verb| yields(chars, clause, verb));
    if clause.time.is_some() {
        return closes(chars, before, clause) || before.time.is_none() && result;
    }
    // 修订预案，经县政府审定后印发 is one thing.
    let approved = stands(chars, clause.front, "经")
        && any(chars, clause.front, clause.end, "后印发 后实施 后公布 后报 同意后 审定后 批准后");
    if approved {
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
    if apart(chars, before, clause, verb) {
        return false;
    }
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
    let noun = clause.hits.iter().find(|h| !(h.is(DET | JOIN) && h.end - h.start == 1));
    let passive = verb.is(MAKE)
        && verb.start > clause.head + 3
        && noun.is_some_and(|h| h.is(ARTEFACT | OBJECT) && h.start < verb.start);
    let fronted = |c: &Clause| matches!(chars[c.head.min(c.end - 1)], '把' | '将');
    verb.end == clause.end && (to || passive) || fronted(clause) && !fronted(before)
}

/// A clause that only says until when what the one in front of it asks is done: 7月5日前完成, 10月底前报县委办.
fn closes(chars: &[char], before: &Clause, clause: &Clause) -> bool {
    const ENDS: [&str; 10] =
        ["完成", "办结", "到位", "结束", "印发实施", "印发", "出台", "报送", "上报", "完成整改"];
    let ends = ENDS.iter().any(|word| {
        let from = clause.end.checked_sub(word.chars().count());
        from.is_some_and(|from| from >= clause.front && from <= clause.front + 4 && stands(chars, from, word))
    });
    let handed =
        ["交", "报", "送", "提交", "上交", "存"].iter().any(|word| stands(chars, clause.front, word))
            && clause.end - clause.front <= 16
            && !clause.hits.iter().any(|h| h.is(ARTEFACT) && !h.is(NOISE));
    before.time.is_none() && (ends || handed)
}

/// Whether a clause counts times or things of its own.
fn counted(chars: &[char], clause: &Clause) -> bool {
    let unit = |at: usize| chars.get(at).is_some_and(|c| "次场名个家户件篇期人项份处台条张起".contains(*c));
    (clause.front..clause.end)
        .any(|at| number_at(chars, at).is_some_and(|n| !n.han && n.end <= clause.end && unit(n.end)))
}

/// A clause that only says how much: 时间不少于5天, 每次不超过半天.
pub(super) fn bound(chars: &[char], clause: &Clause) -> bool {
    let counted = chars[clause.start..clause.end]
        .iter()
        .any(|c| c.is_ascii_digit() || "一二三四五六七八九十半两".contains(*c));
    counted
        && clause.subject.is_none()
        && clause.end - clause.start <= 20
        && any(chars, clause.start, clause.end, "不少于 不低于 不超过 至少 不多于 以上 以内")
}

/// 核查比例不低于30%: only how much of what the clause in front asks.
pub(super) fn measure(chars: &[char], clause: &Clause) -> bool {
    bound(chars, clause) && clause.verb.is_none()
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
    const LOOKING: [&str; 16] = [
        "会商", "核查", "查找", "梳理", "分析", "研究", "深挖", "摸排", "排查", "收集", "征求", "汇总",
        "查摆", "检视", "调研", "走访",
    ];
    before.verb.is_some_and(|v| LOOKING.iter().any(|w| stands(chars, v.start, w)))
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
    let result = ["形成", "列出", "提出", "拿出", "梳理"].iter().any(|w| stands(chars, verb.start, w));
    result && verb.start <= clause.head + 6
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

//! What speaks for a clause being something that is asked.

use super::Reason;
use super::clause::{Clause, Role};
use super::words::*;
use crate::lexicon::{any, stands, words};

/// Words that make 问题 more than a word of course.
const PARTICULAR: &str = "一批 突出 重点 难点 急难愁盼 群众 反馈 清单 民生 困难 历史遗留 上级 信访 反映";

/// 县民政局牵头整治某类问题: a named body takes the lead in a named matter, told plainly.
pub(super) fn allots(chars: &[char], clause: &Clause) -> bool {
    let leads = clause.subject.is_some_and(|(_, to)| {
        ["牵头", "负责", "主抓"].iter().any(|w| stands(chars, to, w)) && clause.end > to + 6
    });
    leads && !clause.modal && clause.verb.is_some()
}

/// Who answers for what, or something named that is to be tried.
fn spelled_out(chars: &[char], clause: &Clause, verb: crate::lexicon::Hit, reasons: &mut Vec<Reason>) -> i32 {
    let mut points = 0;
    if ["包抓", "包案", "包联", "包保"].iter().any(|w| stands(chars, verb.start, w)) {
        points += 1;
        reasons.push(Reason { rule: "who answers for what", words: words(chars, clause.start, clause.end) });
    }
    let tried = stands(chars, verb.start, "探索")
        && (chars[verb.end..clause.end].contains(&'“')
            || any(chars, clause.end - 2, clause.end, "办法 路径 模式 做法"));
    if tried {
        points += 1;
        reasons.push(Reason {
            rule: "something named to be tried",
            words: words(chars, verb.start, clause.end),
        });
    }
    if allots(chars, clause) {
        points += 1;
        reasons.push(Reason { rule: "who answers for what", words: words(chars, clause.start, clause.end) });
    }
    points
}

/// 由区国资中心重新评估: said of somebody who is given it to do.
fn given(chars: &[char], clause: &Clause) -> bool {
    clause.subject.is_some_and(|(from, _)| from > 0 && chars[from - 1] == '由')
}

/// What speaks for one clause of action.
pub(super) fn worth(chars: &[char], clause: &Clause, fronted: bool) -> (i32, Vec<Reason>) {
    let mut reasons = Vec::new();
    let Some(verb) = clause.verb else {
        return (i32::from(clause.role == Role::Act), reasons);
    };
    let result = stands(chars, verb.start, "形成") && !clause.hits.iter().any(|h| h.is(ARTEFACT));
    let mut points = if verb.is(MAKE) && !result { 2 } else { 1 };
    reasons.push(Reason {
        rule: if verb.is(MAKE) { "verb of making" } else { "verb of doing" },
        words: words(chars, verb.start, verb.end),
    });
    let objects: Vec<_> = clause
        .hits
        .iter()
        .filter(|h| h.start >= clause.head && h.start != verb.start && !h.is(NOISE))
        .collect();
    if let Some(thing) = objects.iter().find(|h| h.is(ARTEFACT | EVENT | MECHANISM)) {
        points += if verb.is(MAKE) { 2 } else { 1 };
        reasons.push(Reason {
            rule: "named document, event or body",
            words: words(chars, thing.start, thing.end),
        });
    } else if let Some(thing) = objects.iter().find(|h| h.is(OBJECT)) {
        let bare = words(chars, thing.start, thing.end) == "问题"
            && !any(chars, clause.head, clause.end, PARTICULAR);
        points += i32::from(!bare);
        reasons.push(Reason { rule: "object", words: words(chars, thing.start, thing.end) });
    }
    if reasons.len() == 1 && verb.is(MAKE) && chars[verb.end..clause.end].contains(&'“') {
        points += 1;
        reasons.push(Reason { rule: "named in quotes", words: words(chars, verb.end, clause.end) });
    }
    let bare = reasons.len() == 1 && ["开展", "实施"].iter().any(|w| stands(chars, verb.start, w));
    if bare && clause.end >= verb.end + 3 && objects.iter().all(|h| !h.is(STRAND | ABSTRACT)) {
        points += 1;
        reasons.push(Reason { rule: "named activity", words: words(chars, verb.end, clause.end) });
    }
    points += spelled_out(chars, clause, verb, &mut reasons);
    let secured = clause.secures(chars, verb);
    if let Some(last) =
        objects.last().filter(|h| !secured && h.is(ABSTRACT) && !h.is(OBJECT) && h.end + 1 >= clause.end)
    {
        points -= 2;
        reasons.push(Reason { rule: "quality, no thing", words: words(chars, last.start, last.end) });
    }
    if objects.iter().all(|h| h.is(JOIN | ADVERB | DET)) {
        points -= i32::from(
            verb.end + 1 >= clause.end
                && !fronted
                && !(clause.subject.is_some() && clause.modal || given(chars, clause)),
        );
    }
    // 清理结果要张榜公布: the thing stands first, what becomes of it last.
    let handed = ["移交", "移送", "退给", "退还", "交给", "报"].iter().any(|w| stands(chars, verb.start, w));
    let passive = verb.is(MAKE | DO) && verb.end == clause.end || stands(chars, verb.start, "纳入") || handed;
    // 冒领的养老金要抓紧追回: which things, and what becomes of them.
    if clause.topic && passive && chars[clause.body..clause.head].contains(&'的') {
        points += 2;
        reasons
            .push(Reason { rule: "what becomes of a thing", words: words(chars, clause.body, clause.end) });
    }
    if clause.topic && !passive {
        points -= 2;
        reasons.push(Reason { rule: "said of a thing", words: words(chars, clause.start, clause.head) });
    }
    if clause.hits.iter().any(|h| h.is(STRAND) && h.end + 1 >= clause.end && h.start <= verb.end + 8) {
        points -= 1;
        reasons.push(Reason { rule: "a whole strand", words: words(chars, verb.start, clause.end) });
    }
    (points, reasons)
}

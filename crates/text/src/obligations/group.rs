//! Clauses of one sentence that carry one action.

use super::clause::{Clause, Role, Setting, read};
use super::tense::{bare_rate, told};
use super::words::*;
use super::zone::{Paragraph, Zone, pivot};
use super::{Obligation, Reason, fields};
use crate::lexicon::{Hit, any, stands, words};
use crate::numbers::number_at;
use crate::segment::{Mark, Numbering, is_clause_end, is_sentence_end};

/// Words that make 问题 more than a word of course.
const PARTICULAR: &str = "一批 突出 重点 难点 急难愁盼 群众 反馈 清单 民生 困难 历史遗留 上级 信访 反映";

/// How much must speak for a group before it is proposed.
const THRESHOLD: i32 = 3;

/// A sentence of a paragraph, without its mark.
struct Sentence {
    start: usize,
    end: usize,
}

/// What is carried from sentence to sentence of a paragraph.
#[derive(Default)]
struct Carry {
    subject: Option<(usize, usize)>,
    /// Points that the part of the text speaks against what stands in it.
    against: i32,
}

/// Proposes the obligations of a paragraph.
pub(super) fn obligations(
    setting: &Setting<'_>,
    paragraph: &Paragraph,
    numbers: &[Numbering],
    found: &mut Vec<Obligation>,
) {
    if paragraph.heading && paragraph.zone != Zone::Tasks {
        return;
    }
    let chars = setting.chars;
    let sentences = sentences(chars, paragraph.start, paragraph.end);
    let pivot = pivot(chars, paragraph.start, paragraph.end);
    let listed = sentences.iter().filter(|s| item(numbers, s.start).is_some()).count() > 1;
    let mut begun = false;
    let mut carry = Carry::default();
    for (i, sentence) in sentences.iter().enumerate() {
        let number = item(numbers, sentence.start);
        if let Some(number) = number {
            if !matches!(number.mark, Mark::Is | Mark::Must) {
                carry.subject = None;
            }
            begun |= !number.line_start || matches!(number.mark, Mark::Is | Mark::Must);
        }
        if answer(chars, sentence) {
            continue;
        }
        if pivot.is_some_and(|p| p >= sentence.start && p < sentence.end) {
            continue;
        }
        let clauses = clauses(setting, sentence, numbers);
        // An item that the next item follows at once says all it says itself.
        let more = sentences.get(i + 1).is_some_and(|next| {
            number.is_none_or(|own| item(numbers, next.start).is_none_or(|other| other.mark != own.mark))
        });
        let title = title(chars, sentence, &clauses, number, more);
        carry.against = match paragraph.zone {
            Zone::Account | Zone::Aim => 9,
            Zone::Preface => 2,
            Zone::Closing => 3,
            Zone::Tasks if listed && !begun => 2,
            // In a plan or a notice what stands under a numbered task is a task.
            Zone::Tasks => -i32::from(paragraph.plain && i > 0),
        };
        if title {
            if let Some(subject) = clauses.iter().find_map(|c| c.subject) {
                carry.subject.get_or_insert(subject);
            }
            continue;
        }
        sentence_obligations(setting, paragraph, &clauses, &mut carry, found);
    }
}

/// （责任单位：县住建局） behind a task says who answers for it.
fn answer(chars: &[char], sentence: &Sentence) -> bool {
    const WHO: [&str; 6] = ["责任单位", "牵头单位", "责任部门", "牵头部门", "责任领导", "配合单位"];
    let from = sentence.start + usize::from(matches!(chars[sentence.start], '（' | '('));
    WHO.iter().any(|w| stands(chars, from, w) && matches!(chars.get(from + 4), Some('：' | ':')))
}

/// The number with which a sentence begins.
fn item(numbers: &[Numbering], start: usize) -> Option<&Numbering> {
    let from = numbers.partition_point(|n| n.span.start < start);
    numbers.get(from).filter(|n| n.span.start <= start + 2)
}

fn sentences(chars: &[char], start: usize, end: usize) -> Vec<Sentence> {
    let mut out = Vec::new();
    let mut from = start;
    for at in start..=end {
        if at == end || is_sentence_end(chars[at]) || matches!(chars[at], '；' | ';') {
            let mut first = from;
            while first < at && (chars[first].is_whitespace() || matches!(chars[first], '”' | '）')) {
                first += 1;
            }
            if first < at {
                out.push(Sentence { start: first, end: at });
            }
            from = at + 1;
        }
    }
    out
}

fn clauses(setting: &Setting<'_>, sentence: &Sentence, numbers: &[Numbering]) -> Vec<Clause> {
    let chars = setting.chars;
    let mut out = Vec::new();
    let mut from = sentence.start;
    let mut quoted = 0_i32;
    for at in sentence.start..=sentence.end {
        let stop = at == sentence.end;
        if !stop {
            match chars[at] {
                '“' | '（' | '《' => quoted += 1,
                '”' | '）' | '》' => quoted = (quoted - 1).max(0),
                _ => {}
            }
        }
        if stop || (quoted == 0 && is_clause_end(chars, at)) {
            if at > from {
                let mark = chars.get(at).copied().unwrap_or('\n');
                out.push(read(setting, from, at, mark, item(numbers, from).filter(|n| n.span.end <= at)));
            }
            from = at + 1;
        }
    }
    out
}

/// Whether a sentence only announces what the following ones say.
fn title(
    chars: &[char],
    sentence: &Sentence,
    clauses: &[Clause],
    number: Option<&Numbering>,
    more: bool,
) -> bool {
    let length = sentence.end - sentence.start;
    let ended = chars.get(sentence.end) == Some(&'。');
    if !more || !ended {
        return false;
    }
    let time = clauses.iter().any(|c| c.time.is_some());
    let acts = clauses.iter().filter(|c| !matches!(c.role, Role::Frame | Role::Telling)).count();
    match number {
        Some(n) if n.line_start && matches!(n.mark, Mark::Han | Mark::HanBracket | Mark::Ordinal) => true,
        Some(_) => length <= 40 && !time,
        None => {
            length <= 22
                && acts == 1
                && clauses.iter().all(|c| c.subject.is_none())
                && !time
                && clauses.iter().any(|c| c.modal)
        }
    }
}

/// Makes groups of the clauses of a sentence and proposes those for which enough speaks.
fn sentence_obligations(
    setting: &Setting<'_>,
    paragraph: &Paragraph,
    clauses: &[Clause],
    carry: &mut Carry,
    found: &mut Vec<Obligation>,
) {
    let (Some(first), Some(last)) = (clauses.first(), clauses.last()) else { return };
    if told(setting.chars, first.start, last.end) {
        return;
    }
    let mut group: Vec<usize> = Vec::new();
    let mut pending: Vec<usize> = Vec::new();
    let done = |group: &mut Vec<usize>, carry: &Carry, found: &mut Vec<Obligation>| {
        if !group.is_empty() {
            propose(setting, paragraph, clauses, group, carry, found);
            group.clear();
        }
    };
    for (i, clause) in clauses.iter().enumerate() {
        if clause.mark == '：' && i + 1 < clauses.len() {
            done(&mut group, carry, found);
            pending.clear();
            continue;
        }
        if clause.subject.is_some() {
            done(&mut group, carry, found);
            // What another was said to think or be is no part of it.
            pending.retain(|i| !matches!(clauses[*i].role, Role::Attitude | Role::Telling));
        }
        if let Some(subject) = clause.subject.filter(|_| clause.role != Role::Telling) {
            carry.subject = Some(subject);
        }
        match clause.role {
            Role::Act if !group.is_empty() && clause.verb.is_some() && measure(setting.chars, clause) => {
                group.push(i);
            }
            Role::Act => {
                let joins = !group.is_empty()
                    && pending.is_empty()
                    && joins(setting.chars, &clauses[*group.last().unwrap_or(&0)], clause);
                if !joins {
                    done(&mut group, carry, found);
                    group.append(&mut pending);
                }
                group.append(&mut pending);
                group.push(i);
            }
            Role::Frame if clause.subject.is_none() && clause.time.is_none() => {}
            Role::Frame | Role::Manner => {
                let wait = group.last().is_some_and(|last| prepares(setting.chars, &clauses[*last]))
                    && leads_to_result(setting.chars, clauses, i);
                if wait {
                    group.push(i);
                    continue;
                }
                done(&mut group, carry, found);
                pending.push(i);
            }
            Role::Telling | Role::Attitude if !group.is_empty() && bound(setting.chars, clause) => {
                group.push(i)
            }
            Role::Purpose | Role::Attitude | Role::Negative | Role::Telling => {
                done(&mut group, carry, found);
                pending.clear();
                if clause.subject.is_some() || clause.time.is_some() {
                    pending.push(i);
                }
            }
        }
    }
    done(&mut group, carry, found);
}

/// Whether a clause carries on the action of the clause in front of it.
fn joins(chars: &[char], before: &Clause, clause: &Clause) -> bool {
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
    if counted(chars, before) && counted(chars, clause) {
        return false;
    }
    let Some(verb) = clause.verb else { return true };
    if ["定期", "每逢", "常态化"].iter().any(|w| stands(chars, clause.front, w)) {
        return false;
    }
    let recorded = ["建档", "建账", "建册", "造册", "登记造册"].iter().any(|w| stands(chars, verb.start, w));
    let quoted = verb.is(MAKE) && chars[verb.end..clause.end].contains(&'“');
    let things =
        recorded || quoted || clause.hits.iter().any(|h| h.is(ARTEFACT | EVENT | MECHANISM) && !h.is(NOISE));
    if clause.end - clause.head <= 8 && !things
        || chars[clause.head] == chars[before.head.min(before.end - 1)]
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
fn bound(chars: &[char], clause: &Clause) -> bool {
    let counted = chars[clause.start..clause.end]
        .iter()
        .any(|c| c.is_ascii_digit() || "一二三四五六七八九十半两".contains(*c));
    counted
        && clause.subject.is_none()
        && clause.end - clause.start <= 20
        && any(chars, clause.start, clause.end, "不少于 不低于 不超过 至少 不多于 以上 以内")
}

/// 核查比例不低于30%: only how much of what the clause in front asks.
fn measure(chars: &[char], clause: &Clause) -> bool {
    bound(chars, clause)
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
fn prepares(chars: &[char], before: &Clause) -> bool {
    const LOOKING: [&str; 16] = [
        "会商", "核查", "查找", "梳理", "分析", "研究", "深挖", "摸排", "排查", "收集", "征求", "汇总",
        "查摆", "检视", "调研", "走访",
    ];
    before.verb.is_some_and(|v| LOOKING.iter().any(|w| stands(chars, v.start, w)))
}

/// Whether the next clause gives the result of looking (结合……，形成清单).
fn leads_to_result(chars: &[char], clauses: &[Clause], manner: usize) -> bool {
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
fn named(chars: &[char], clause: &Clause) -> bool {
    let Some(verb) = clause.verb else { return false };
    let thing =
        clause.hits.iter().any(|h| h.start >= verb.end && h.is(ARTEFACT | EVENT | MECHANISM) && !h.is(NOISE));
    let fronted = matches!(chars[clause.head.min(clause.end - 1)], '把' | '将');
    let from = if fronted { clause.head } else { verb.end };
    (thing && verb.is(MAKE)) || chars[from..clause.end].iter().any(|c| matches!(c, '“' | '《'))
}

fn propose(
    setting: &Setting<'_>,
    paragraph: &Paragraph,
    clauses: &[Clause],
    group: &[usize],
    carry: &Carry,
    found: &mut Vec<Obligation>,
) {
    let chars = setting.chars;
    let mut reasons = Vec::new();
    let mut points = -carry.against;
    let acts: Vec<&Clause> = group.iter().map(|i| &clauses[*i]).filter(|c| c.role == Role::Act).collect();
    let subject = group.iter().find_map(|i| clauses[*i].subject);
    if let Some((s, e)) = subject {
        points += i32::from(!matches!(chars[s], '我' | '大' | '同'));
        reasons.push(Reason { rule: "subject", words: words(chars, s, e) });
    }
    let modal = clauses[..=group[group.len() - 1]].iter().any(|c| c.modal);
    if modal {
        points += 1;
    } else if paragraph.zone == Zone::Preface {
        return;
    }
    if acts.iter().all(|c| bare_rate(chars, c.front, c.end)) {
        return;
    }
    let preposed = |c: &&Clause| {
        c.hits.first().is_some_and(|h| h.is(PREPOSITION) && matches!(chars[h.start], '对' | '将'))
    };
    let fronted = group.iter().map(|i| &clauses[*i]).find(preposed);
    if let Some(object) = fronted.filter(|c| c.role == Role::Manner || !named(chars, c)) {
        points += 1;
        reasons.push(Reason { rule: "object in front", words: words(chars, object.body, object.end) });
    }
    let best = acts.iter().map(|c| worth(chars, c, fronted.is_some())).max_by_key(|(p, _)| *p);
    if let Some((p, mut why)) = best {
        points += p;
        reasons.append(&mut why);
    }
    let mut obligation = fields::fill(setting, clauses, group, subject.or(carry.subject), reasons);
    if obligation.quantity.is_some() {
        points += 2;
    }
    if obligation.cadence.is_some() {
        points += 1;
    }
    if obligation.deadline_resolved.is_some() {
        points += 3;
    }
    let dropped = setting
        .own
        .dropped
        .iter()
        .any(|words| !words.is_empty() && obligation.quote.contains(words.as_str()));
    if points >= THRESHOLD && !dropped {
        obligation.reasons.push(Reason { rule: "points", words: points.to_string() });
        found.push(obligation);
    }
}

/// What speaks for one clause of action.
fn worth(chars: &[char], clause: &Clause, fronted: bool) -> (i32, Vec<Reason>) {
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
    if let Some(last) = objects.last().filter(|h| h.is(ABSTRACT) && !h.is(OBJECT) && h.end + 1 >= clause.end)
    {
        points -= 2;
        reasons.push(Reason { rule: "quality, no thing", words: words(chars, last.start, last.end) });
    }
    if objects.iter().all(|h| h.is(JOIN | ADVERB | DET)) {
        points -=
            i32::from(verb.end + 1 >= clause.end && !fronted && !(clause.subject.is_some() && clause.modal));
    }
    if clause.topic {
        points -= 2;
        reasons.push(Reason { rule: "said of a thing", words: words(chars, clause.start, clause.head) });
    }
    if clause.hits.iter().any(|h| h.is(STRAND) && h.end + 1 >= clause.end && h.start <= verb.end + 8) {
        points -= 1;
        reasons.push(Reason { rule: "a whole strand", words: words(chars, verb.start, clause.end) });
    }
    (points, reasons)
}

//! Clauses of one sentence that carry one action.

use super::clause::{Clause, Part, Role, Setting, read};
use super::dispatch::{dispatch, goes_on_telling};
use super::join::{bound, joins, kept_up, leads_to_result, measure, named, picks, prepares, share};
use super::rhetoric::{pair_of_ways, says_of_it};
use super::subject::subject_end;
use super::tense::{accounts, bare_rate, narrates, reports, told};
use super::weigh::worth;
use super::words::*;
use super::zone::{Paragraph, Zone, pivot};
use super::{Obligation, Reason, fields};
use crate::deadline::Sort;
use crate::lexicon::{ending, stands, words};
use crate::segment::{Mark, Numbering, is_clause_end, is_sentence_end};

/// How much must speak for a group before it is proposed.
const THRESHOLD: i32 = 3;

/// Most clauses of a sentence that tell who leads and who helps in one thing.
const MAX_PARTS: usize = 12;

/// A sentence of a paragraph, without its mark.
struct Sentence {
    start: usize,
    end: usize,
}

/// What is carried from sentence to sentence of a paragraph.
#[derive(Default)]
struct Carry {
    subject: Option<(usize, usize)>,
    /// Whether the item of a list that is being read began with 要 (三要防风险。……).
    must: bool,
    /// Points that the part of the text speaks against what stands in it.
    against: i32,
}

impl Carry {
    /// Takes over who is named in a clause; 每人 are each of those who were named before.
    fn name(&mut self, chars: &[char], clause: &Clause) {
        let Some(subject) = clause.subject.filter(|_| clause.role != Role::Telling) else { return };
        self.subject = self.subject.filter(|_| each_of_them(chars, subject)).or(Some(subject));
    }
}

/// 每人 by itself: each of those who were named before.
fn each_of_them(chars: &[char], (start, end): (usize, usize)) -> bool {
    end == start + 2 && stands(chars, start, "每人")
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
    if bare_heading(chars, paragraph, numbers) {
        return;
    }
    if !paragraph.plain && accounts(chars, paragraph.start, paragraph.end) {
        return;
    }
    let sentences = sentences(chars, paragraph.start, paragraph.end);
    let pivot = pivot(chars, paragraph.start, paragraph.end);
    let listed = sentences.iter().filter(|s| item(numbers, s.start).is_some()).count() > 1;
    let mut begun = false;
    let mut carry = Carry::default();
    let mut read: Vec<Vec<Clause>> = sentences.iter().map(|s| clauses(setting, s, numbers)).collect();
    dispatch(chars, &mut read);
    for (i, sentence) in sentences.iter().enumerate() {
        let number = item(numbers, sentence.start);
        if let Some(number) = number {
            carry.must = number.mark == Mark::Must;
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
        let clauses = std::mem::take(&mut read[i]);
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
            Zone::Tasks => -i32::from(paragraph.plain && (i > 0 || number.is_none())),
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

/// 关于……的通知, or 二、紧盯关键环节，高质量完成各项任务 on a line of its own: it names what follows. A line with a day, a count
/// or somebody named who has to is no heading.
fn bare_heading(chars: &[char], paragraph: &Paragraph, numbers: &[Numbering]) -> bool {
    const TITLES: [&str; 9] =
        ["的通知", "的方案", "的意见", "的决定", "的办法", "的通报", "的报告", "的讲话", "实施方案"];
    let end = (paragraph.start..paragraph.end).rev().find(|at| !chars[*at].is_whitespace());
    let Some(end) = end.map(|at| at + 1) else { return false };
    let begun = (paragraph.start..end).find(|at| !chars[*at].is_whitespace()).unwrap_or(end);
    if end >= begun + 6 && TITLES.iter().any(|w| ending(chars, end, w).is_some()) {
        return ["关于", "在"].iter().any(|w| stands(chars, begun, w)) || paragraph.heading;
    }
    // A number so near may open the next line.
    let number = item(numbers, begun).filter(|n| n.line_start && n.span.end <= end);
    let numbered = number.is_some_and(|n| matches!(n.mark, Mark::Han | Mark::HanBracket | Mark::Ordinal));
    let body = number.map_or(begun, |n| n.span.end);
    let names = body < end && subject_end(chars, body, end).is_some();
    let told = chars[body..end].iter().any(|c| c.is_ascii_digit() || matches!(c, '；' | '。')) || names;
    paragraph.heading && numbered && !told
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
    if only_tells(setting.chars, paragraph, clauses) {
        return;
    }
    let before = carry.subject;
    groups(setting, paragraph, clauses, carry, found);
    // Who leads one thing leads no other that the next sentence asks.
    if clauses.iter().any(|c| c.part.is_some() && c.subject == carry.subject) {
        carry.subject = before;
    }
}

/// Makes the groups of a sentence that asks for something.
fn groups(
    setting: &Setting<'_>,
    paragraph: &Paragraph,
    clauses: &[Clause],
    carry: &mut Carry,
    found: &mut Vec<Obligation>,
) {
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
        if belongs(setting.chars, clauses, &group, i) {
            group.push(i);
            continue;
        }
        if supports(clauses, i) {
            pending.push(i);
            continue;
        }
        if clause.subject.is_some() {
            done(&mut group, carry, found);
            drop_others(&mut pending, clauses, clause);
        }
        carry.name(setting.chars, clause);
        match role_in(setting.chars, clauses, i) {
            Role::Act if !group.is_empty() && measure(setting.chars, clause) => {
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
            Role::Telling | Role::Attitude | Role::Negative
                if !group.is_empty() && bound(setting.chars, clause) =>
            {
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

/// Whether a clause only adds to the group in front of it: how much to each, for how long, who takes the lead.
fn belongs(chars: &[char], clauses: &[Clause], group: &[usize], at: usize) -> bool {
    let clause = &clauses[at];
    !group.is_empty()
        && (share(chars, clause)
            || picks(chars, clauses, at)
            || kept_up(chars, clause)
            || names_lead(clauses, group, at))
}

/// Drops what waits for an action, where somebody else is named for it.
fn drop_others(pending: &mut Vec<usize>, clauses: &[Clause], clause: &Clause) {
    // What another was said to think or be is no part of it.
    pending.retain(|i| !matches!(clauses[*i].role, Role::Attitude | Role::Telling));
    // 由各乡镇牵头，县水利局派出技术人员: the one who does it has a name of its own.
    let full = pending.len() > MAX_PARTS;
    pending.retain(|i| !full && clause.part.is_some() || clauses[*i].part.is_none());
}

/// 县住建局牵头，县财政局配合: who helps where somebody else takes the lead is not who has to.
fn supports(clauses: &[Clause], at: usize) -> bool {
    clauses[at].part == Some(Part::Helps)
        && clauses[at.saturating_sub(MAX_PARTS)..at]
            .iter()
            .any(|c| c.role == Role::Frame && c.subject.is_some())
}

/// ……完成改造，由县住建局牵头，县财政局配合: who takes the lead in what stands in front, at the end of the sentence.
fn names_lead(clauses: &[Clause], group: &[usize], at: usize) -> bool {
    let frame = |c: &Clause| c.role == Role::Frame && c.subject.is_some();
    clauses.len() - at <= MAX_PARTS
        && group.iter().all(|i| clauses[*i].subject.is_none() || frame(&clauses[*i]))
        && clauses[at].time.is_none()
        && clauses[at..].iter().all(frame)
}

/// Whether a sentence tells how things stand, what was done or what a part of a plan is about.
fn only_tells(chars: &[char], paragraph: &Paragraph, clauses: &[Clause]) -> bool {
    let (Some(first), Some(last)) = (clauses.first(), clauses.last()) else { return true };
    told(chars, first.start, last.end)
        || !paragraph.plain && reports(chars, first.start, last.end)
        || !paragraph.plain && narrates(chars, first.start, last.end)
        || first.outlines(chars) && !clauses.iter().any(|c| c.modal)
}

/// What a clause does, by what it says and by the clauses beside it.
fn role_in(chars: &[char], clauses: &[Clause], at: usize) -> Role {
    let clause = &clauses[at];
    // 学习和工作，从来都是一体的: the next clause says what this one is.
    let topic = !clause.modal && clause.subject.is_none();
    if topic && clauses.get(at + 1).is_some_and(|next| says_of_it(chars, next)) {
        return Role::Telling;
    }
    // 谁快谁慢，都在图上亮出来: more of what was told.
    if at > 0 && all_of_it(chars, clause) && clauses[at - 1].role == Role::Telling {
        return Role::Telling;
    }
    // 县委已经成立领导小组，抽调64名干部: more of what was done.
    if goes_on_telling(chars, clauses, at) {
        return Role::Telling;
    }
    clause.role
}

/// Whether a clause begins with 都 and names nobody: what it is about stands in front of it.
fn all_of_it(chars: &[char], clause: &Clause) -> bool {
    chars.get(clause.body) == Some(&'都') && clause.subject.is_none() && !clause.modal
}

/// Whether it is offices that are named, not 我们 or 大家.
fn bodies(chars: &[char], (start, end): (usize, usize)) -> bool {
    end - start >= 3 && !matches!(chars[start], '我' | '大' | '同' | '党' | '每')
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
    let acts: Vec<&Clause> = group.iter().map(|i| &clauses[*i]).filter(|c| c.role == Role::Act).collect();
    let subject = group.iter().find_map(|i| clauses[*i].subject);
    // 各级各部门要对照上述问题逐一认领: asked of somebody named, also where the part only tells.
    let named_there =
        group.iter().any(|i| clauses[*i].modal && clauses[*i].subject.is_some_and(|s| bodies(chars, s)));
    let account = matches!(paragraph.zone, Zone::Account | Zone::Preface) && named_there;
    let mut points = if account { -carry.against.min(1) } else { -carry.against };
    if let Some((s, e)) = subject {
        let all =
            matches!(chars[s], '我' | '大' | '同') && chars.get(s + 1).is_some_and(|c| "们家志".contains(*c));
        points += i32::from(!all);
        reasons.push(Reason { rule: "subject", words: words(chars, s, e) });
    }
    // 由支部委员送学上门: said of somebody who is given it to do.
    let given = acts.iter().any(|c| c.subject.is_some_and(|(s, _)| s > 0 && chars[s - 1] == '由'));
    let modal = given || carry.must || clauses[..=group[group.len() - 1]].iter().any(|c| c.modal);
    if modal {
        points += 1;
    } else if paragraph.zone == Zone::Preface {
        return;
    }
    let pairs = |c: &&Clause| pair_of_ways(chars, c);
    if subject.is_none() && group.len() == 1 && acts.iter().all(pairs) {
        return;
    }
    if acts.iter().all(|c| bare_rate(chars, c.front, c.end)) {
        return;
    }
    let preposed = |c: &&Clause| {
        let owned = c.subject.is_some_and(|s| bodies(chars, s)) && chars.get(c.head) == Some(&'把');
        owned || c.hits.first().is_some_and(|h| h.is(PREPOSITION) && matches!(chars[h.start], '对' | '将'))
    };
    let fronted = group.iter().map(|i| &clauses[*i]).find(preposed);
    if let Some(object) = fronted.filter(|c| c.role == Role::Manner || !named(chars, c)) {
        points += 1;
        reasons.push(Reason { rule: "object in front", words: words(chars, object.body, object.end) });
    }
    // 对走过场的，及时提醒纠正: what follows where the case arises, asked by saying so.
    let case =
        group.iter().map(|i| &clauses[*i]).find(|c| c.role == Role::Manner && chars[c.end - 1] == '的');
    if case.is_some() && fronted.is_none() {
        points += 1;
    }
    points += i32::from(case.is_some() && !modal);
    let fronted = fronted.or(case);
    let best = acts.iter().map(|c| worth(chars, c, fronted.is_some())).max_by_key(|(p, _)| *p);
    if let Some((p, mut why)) = best {
        points += p;
        reasons.append(&mut why);
    }
    let each = subject.is_some_and(|subject| each_of_them(chars, subject));
    let subject = subject.filter(|_| !each || carry.subject.is_none()).or(carry.subject);
    let mut obligation = fields::fill(setting, clauses, group, subject, reasons);
    points += field_points(chars, clauses, group, &obligation);
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

/// What the fields of a draft add: a count, a rhythm, a limit.
fn field_points(chars: &[char], clauses: &[Clause], group: &[usize], obligation: &Obligation) -> i32 {
    let mut points = 0;
    if obligation.quantity.is_some() {
        points += 2;
    }
    if obligation.cadence.is_some() {
        points += 1;
    }
    let by_day = |c: &Clause| c.due.is_some_and(|(_, to)| chars[to - 1] == '前');
    let of_sort = |sort| group.iter().any(|i| clauses[*i].time.as_ref().is_some_and(|t| t.sort == sort));
    if obligation.deadline_resolved.is_some() || of_sort(Sort::Feast) {
        points += 3;
    } else if of_sort(Sort::Within) || group.iter().any(|i| by_day(&clauses[*i])) {
        points += 2;
    }
    points
}

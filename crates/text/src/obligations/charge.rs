//! Who has to and until when, where the modal verb stands inside of the clause or behind it.

use super::clause::{Clause, Part, Role, Setting};
use super::subject::{names_somebody, subject_end};
use super::words::*;
use crate::deadline::{Deadline, Sort, deadline_at, deadline_in};
use crate::lexicon::{Hit, any, ending, stands};
use crate::segment::is_blank;

/// Longest clause that only names who has to, in code points.
const MAX_NAME: usize = 30;

impl Clause {
    /// A modal verb inside of the clause: what stands in front of it is a topic (对……要, 调研选题必须).
    pub(super) fn middle_modal(&mut self, setting: &Setting<'_>) {
        let chars = setting.chars;
        if self.modal {
            return;
        }
        let is = |h: &Hit| h.is(MODAL) && !h.is(NOISE);
        let Some(modal) = self.unquoted(chars, self.body, is) else { return };
        self.modal = true;
        let fronted = self.hits.iter().find(|h| !h.is(ADVERB)).is_some_and(|h| h.is(PREPOSITION));
        // 财务部12月10日前要: the limit stands between the name and the modal verb.
        let between =
            deadline_in(chars, self.head, modal.start, setting.times).filter(|t| t.end == modal.start);
        let to = between.as_ref().map_or(modal.start, |t| t.start);
        let head = self.hits.iter().any(|h| h.is(HEAD) && h.end == to);
        if !fronted && self.subject.is_none() && to > self.head && names_somebody(chars, self.head, to, head)
        {
            self.subject = Some((self.head, to));
            self.time = self.time.take().or(between);
        } else if !fronted && self.subject.is_none() {
            self.topic = true;
        }
        self.with_attribute(setting, modal.start);
        self.head = modal.end;
        self.time_behind(setting);
    }

    /// 县委派出的督导组本月底前要进驻: what a name in front does to another name behind 的 makes the other one the subject.
    fn with_attribute(&mut self, setting: &Setting<'_>, modal: usize) {
        let chars = setting.chars;
        let Some((from, to)) = self.subject.filter(|(_, to)| *to < modal) else { return };
        if !chars[to..modal].contains(&'的') {
            return;
        }
        let time = deadline_in(chars, to, modal, setting.times);
        let close = time.as_ref().filter(|t| t.end == modal).map_or(modal, |t| t.start);
        let heads = self.hits.iter().filter(|h| h.is(HEAD) && !h.is(NOISE) && h.end <= modal);
        // 县委组织部选派的第一书记每月要……
        let ends = |h: &&Hit| h.end == close || h.end < close && chars[h.end] == '每';
        if let Some(head) = heads.rev().find(ends) {
            self.subject = Some((from, head.end));
            self.time = self.time.take().or(time);
        }
    }

    /// 所在乡镇要于6月底前拆除: the time behind a modal verb inside of the clause.
    fn time_behind(&mut self, setting: &Setting<'_>) {
        let chars = setting.chars;
        let link = usize::from(chars.get(self.head).is_some_and(|c| matches!(c, '在' | '于' | '到')));
        let time = deadline_at(chars, self.head + link, self.end, setting.times);
        if let Some(time) = time.filter(|t| t.end < self.end) {
            self.head = time.end;
            // 年初确定的实事必须在12月15日以前交账: the day behind the modal verb is the limit.
            if self.time.as_ref().is_none_or(|t| t.day.is_none() && t.sort <= time.sort) {
                self.time = Some(time);
            }
        }
    }

    /// A time inside of the clause (力争年内……).
    pub(super) fn inner_time(&mut self, setting: &Setting<'_>) {
        if self.time.is_none() {
            let chars = setting.chars;
            let time = deadline_in(chars, self.head, self.end, setting.times);
            // 材料齐全的两周内办结 is a limit, 实行3日内办结制度 and 春节前食品安全 name a thing.
            let linked = |t: &Deadline| {
                let done = WORDS.at(chars, t.end, self.end).is_some_and(|w| w.is(MAKE | DO | ADVERB));
                let set_up = any(chars, t.end, self.end, "制度 机制 要求 规定");
                (matches!(chars[t.start.saturating_sub(1)], '在' | '于') || done) && !set_up
            };
            let limit = |t: &Deadline| match t.sort {
                Sort::Within | Sort::Feast => linked(t),
                _ => t.day.is_some(),
            };
            self.time = time.filter(|t| limit(t) && chars.get(t.end) != Some(&'的'));
        }
    }

    /// 县教育局牵头, 县财政局积极配合: somebody named who takes the lead or helps, with nothing that is done.
    fn shares_out(&mut self, chars: &[char]) -> bool {
        const LEADS: [&str; 7] = ["牵头抓总", "牵头负责", "牵头", "总牵头", "抓总", "负总责", "具体负责"];
        const HELPS: [&str; 6] = ["配合", "协助", "协同", "参与", "协同配合", "共同参与"];
        const HOW: [&str; 6] = ["积极", "密切", "主动", "全力", "共同", "做好"];
        let from = |how: &&str| stands(chars, self.head, how).then(|| self.head + how.chars().count());
        let head = HOW.iter().find_map(from).unwrap_or(self.head);
        let all = |at: usize, word: &&str| stands(chars, at, word) && at + word.chars().count() == self.end;
        let helped = HELPS.iter().any(|w| ending(chars, self.end, w).is_some());
        let row = |word: &&str| {
            helped
                && stands(chars, self.head, word)
                && chars.get(self.head + word.chars().count()) == Some(&'、')
        };
        if LEADS.iter().any(|w| all(self.head, w) || row(w) && !self.modal) {
            self.part = Some(Part::Leads);
        } else if HELPS.iter().any(|w| all(head, w)) {
            self.part = Some(Part::Helps);
        }
        let frame =
            self.subject.is_some() && self.part.is_some_and(|part| part == Part::Leads || !self.modal);
        if frame {
            self.role = Role::Frame;
        }
        frame
    }

    /// 县教育局牵头, 某某科负责: a clause that only names who answers for what follows.
    pub(super) fn answers(&mut self, chars: &[char]) -> bool {
        if self.shares_out(chars) {
            return true;
        }
        const ENDS: [&str; 8] =
            ["具体负责", "牵头负责", "牵头", "负责", "负总责", "抓总", "配合", "共同配合"];
        let behind = |from: &usize| *from > self.body;
        let Some(to) = ENDS.iter().find_map(|w| ending(chars, self.end, w).filter(behind)) else {
            return false;
        };
        while self.body < to && is_blank(chars[self.body]) {
            self.body += 1;
        }
        let from =
            chars[self.body..to].iter().position(|c| *c == '由').map_or(self.body, |i| self.body + i + 1);
        // 明确专人负责 asks for something.
        let asks = WORDS.at(chars, self.body, to).is_some_and(|h| h.is(MAKE));
        let named = self.subject.is_none() && to >= from + 2 && to - from <= 20 && !self.modal && !asks;
        if named {
            let helps = chars[to..self.end].contains(&'配');
            self.subject = Some((from, to));
            self.part = Some(if helps { Part::Helps } else { Part::Leads });
            self.role = Role::Frame;
        }
        named
    }

    /// 年初承诺的十件实事，要在11月底前办结: the clause names the thing, and the modal verb opens the next one.
    pub(super) fn names_what(&self, chars: &[char]) -> bool {
        let next = self.end + 1;
        let stop = (next + 20).min(chars.len());
        let modal = WORDS.at_of(chars, next, stop, MODAL).is_some()
            || subject_end(chars, next, stop).is_some_and(|to| WORDS.at_of(chars, to, stop, MODAL).is_some());
        let thing = |h: &Hit| h.is(OBJECT | ARTEFACT) && !h.is(NOISE | TELLING) && h.end == self.end;
        let of = chars[self.body..self.end].iter().rposition(|c| *c == '的').map(|i| self.body + i);
        let verb = |h: &Hit| of.is_some_and(|of| h.start < of && h.end + 2 >= of && h.is(MAKE | DO));
        self.mark == '，'
            && modal
            && !self.modal
            && self.subject.is_none()
            && !stands(chars, self.body, "以及")
            && self.end - self.body <= MAX_NAME
            && self.hits.last().is_some_and(thing)
            && self.hits.iter().any(verb)
    }

    /// 还没有办完读书班的乡镇和单位，要在11月20日前补上: the clause names who has to, and the modal verb opens the next one.
    pub(super) fn names_who(&mut self, chars: &[char]) -> bool {
        let next = self.end + 1;
        let modal = WORDS.at_of(chars, next, (next + 4).min(chars.len()), MODAL).is_some();
        let attribute = chars[self.body..self.end].contains(&'的');
        let own =
            self.subject.is_none_or(|(from, to)| from == self.body && chars[to..self.end].contains(&'的'));
        let head = self.hits.last().is_some_and(|h| h.is(HEAD) && h.end == self.end);
        let opens = WORDS.at(chars, self.body, self.end).is_some_and(|h| h.is(PREPOSITION));
        let short = self.end - self.body <= MAX_NAME;
        let names = self.mark == '，' && modal && !self.modal && attribute && own && head && short && !opens;
        if names {
            // 还没有……的单位: a part of the name here, no connecting word.
            self.body -= usize::from(self.body > self.start && chars[self.body - 1] == '还');
            self.subject = Some((self.body, self.end));
        }
        names
    }
}

//! One clause of a sentence: what stands in front of the verb, the verb, and what kind of clause that makes.

use super::OwnTerms;
use super::count::times;
use super::fronts::{aims, hands, names_receiver};
use super::subject::{before_rhythm, behind_by, own_subject, subject_end};
use super::words::*;
use crate::deadline::{Deadline, Times};
use crate::lexicon::{Hit, any, stands};
use crate::segment::{Numbering, is_blank};

/// What a clause does in its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Only a time, a subject or a connecting word.
    Frame,
    /// A phrase of manner or means, whose verb is still to come.
    Manner,
    /// Something to be done.
    Act,
    /// What it is for.
    Purpose,
    /// Attitude, understanding, conduct.
    Attitude,
    /// What must not be.
    Negative,
    /// Something told or explained.
    Telling,
}

/// What somebody does for what others do as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// 县住建局牵头.
    Leads,
    /// 县财政局配合.
    Helps,
}

/// A clause and what was found in it.
#[derive(Clone, Debug)]
pub(super) struct Clause {
    pub start: usize,
    pub end: usize,
    /// Behind numbering and connecting words.
    pub body: usize,
    /// The mark behind the clause, or a line feed.
    pub mark: char,
    pub subject: Option<(usize, usize)>,
    pub modal: bool,
    /// Whether a thing, no person, stands in front of the modal verb.
    pub topic: bool,
    /// Behind subject, time and modal verb at the front of the clause.
    pub front: usize,
    /// Behind subject, time and modal verb, wherever the modal verb stands.
    pub head: usize,
    pub time: Option<Deadline>,
    /// Where it is said how often, in front of the verb.
    pub rhythm: Option<usize>,
    /// By when in each period of the rhythm: 每月5日前.
    pub due: Option<(usize, usize)>,
    /// Whether the clause only names who takes the lead or helps.
    pub part: Option<Part>,
    pub verb: Option<Hit>,
    pub role: Role,
    pub hits: Vec<Hit>,
}

/// Verbs that put an object somewhere.
const PUTTING: [&str; 11] =
    ["并入", "编入", "写入", "纳入", "列入", "列为", "报送", "上报", "移交", "移送", "印发"];

/// What the clauses of a text have in common.
pub(super) struct Setting<'a> {
    pub chars: &'a [char],
    pub times: Times<'a>,
    pub own: &'a OwnTerms,
}

/// Reads one clause.
pub(super) fn read(
    setting: &Setting<'_>,
    start: usize,
    end: usize,
    mark: char,
    number: Option<&Numbering>,
) -> Clause {
    let chars = setting.chars;
    let mut clause = Clause {
        start,
        end,
        body: number.map_or(start, |n| n.span.end),
        mark,
        subject: None,
        modal: number.is_some_and(|n| chars[n.span.end - 1] == '要'),
        topic: false,
        front: start,
        head: start,
        time: None,
        rhythm: None,
        due: None,
        part: None,
        verb: None,
        role: Role::Telling,
        hits: Vec::new(),
    };
    clause.front(setting);
    clause.hits = WORDS.scan(chars, clause.head, end);
    clause.judge(setting);
    clause.counted(chars);
    clause
}

/// 对 by itself, not 对照 or 对标.
pub(super) fn plain_to(chars: &[char], word: Hit) -> bool {
    chars[word.start] == '对' && !(word.end > word.start + 1 && matches!(chars[word.start + 1], '照' | '标'))
}

impl Clause {
    /// Takes off connecting words, times, subject and modal verb, in whatever order they stand.
    fn front(&mut self, setting: &Setting<'_>) {
        let chars = setting.chars;
        let mut at = self.body;
        let mut leading = true;
        let mut asked = false;
        loop {
            while at < self.end
                && (is_blank(chars[at]) || matches!(chars[at], '“' | '，' | '、'))
                && chars[at] != '“'
            {
                at += 1;
            }
            if let Some(to) = self.take_time(setting, at) {
                at = to;
                leading = false;
                continue;
            }
            if let Some(to) = self.take_rhythm(chars, at) {
                at = to;
                leading = false;
                continue;
            }
            if stands(chars, at, "将")
                && !self.takes_object(chars, at)
                && (self.subject.is_some() || self.time.is_some())
                && !self.modal
            {
                self.modal = true;
                at += 1;
                continue;
            }
            if let Some(modal) =
                WORDS.at_of(chars, at, self.end, MODAL).filter(|m| longest_is(chars, *m, self.end))
            {
                self.modal = true;
                at = modal.end;
                continue;
            }
            if self.subject.is_none() && !names_receiver(chars, at, self.end) {
                let from = behind_by(chars, at, self.end).unwrap_or(at);
                let name = own_subject(setting, from, self.end)
                    .or_else(|| subject_end(chars, from, self.end))
                    .or_else(|| before_rhythm(chars, from, self.end));
                if let Some(to) = name {
                    self.subject = Some((from, to));
                    self.modal |= asked;
                    at = to;
                    leading = false;
                    continue;
                }
            }
            if self.subject.is_some_and(|(_, to)| to == at) && self.charged(chars, at) {
                self.modal = true;
                at += 2;
                continue;
            }
            match WORDS.at_of(chars, at, self.end, CONNECT) {
                Some(word) if longest_is(chars, word, self.end) => {
                    asked |= chars[word.end - 1] == '请';
                    at = word.end;
                    if leading {
                        self.body = at;
                    }
                }
                _ => break,
            }
        }
        self.head = at;
        self.front = at;
    }

    fn judge(&mut self, setting: &Setting<'_>) {
        let chars = setting.chars;
        let (head, end) = (self.head, self.end);
        if head >= end {
            self.role = Role::Frame;
            return;
        }
        if self.done(chars) || self.answers(chars) || self.likens(chars) {
            return;
        }
        if let Some(role) = self.only_names(chars) {
            self.role = role;
            return;
        }
        if hands(chars, head, end) {
            self.verb = Some(Hit { start: head, end: head + 1, tags: MAKE });
            self.role = Role::Act;
            return;
        }
        self.middle_modal(setting);
        // The first word behind the adverbs decides what kind of clause this is.
        let ahead = |h: &&Hit| h.start >= self.head && !h.is(NOISE);
        let opening =
            self.hits.iter().filter(ahead).find(|h| !h.is(ADVERB)).or_else(|| self.hits.iter().find(ahead));
        let Some(opening) = opening.copied().filter(|h| self.near_head(chars, *h)) else {
            self.role = if self.subject.is_some() && end - head <= 2 && !stands(chars, head, "到位") {
                Role::Frame
            } else {
                Role::Telling
            };
            return;
        };
        if opening.is(NEGATIVE) || self.forbids(chars, opening) {
            self.role = Role::Negative;
            return;
        }
        // 各县可参照……开展: permitted where 可 stands in front of the first verb.
        let first_verb = self.hits.iter().find(|h| h.is(MAKE | DO) && !h.is(NOISE)).map_or(end, |h| h.start);
        let permits = |h: &Hit| h.is(PERMIT) && (h.start <= first_verb || h.end > h.start + 1 && !self.modal);
        let permitted = self.hits.iter().any(permits);
        let says = self
            .hits
            .iter()
            .any(|h| h.is(TELLING) && h.start > head && stands(chars, h.start, "是") && h.end == h.start + 1);
        if opening.is(TELLING) || permitted || says && !self.modal {
            self.role = Role::Telling;
            return;
        }
        self.inner_time(setting);
        let aimed = self.time.as_ref().is_some_and(|t| t.day.is_some()) || aims(chars, head, end);
        if self.topic && self.of_thing(chars) {
            self.role = Role::Attitude;
            return;
        }
        if opening.is(PURPOSE) && aimed {
            self.role = Role::Act;
            self.verb = Some(opening);
            return;
        }
        if opening.is(PURPOSE) && !opening.is(MAKE | DO) {
            self.role = Role::Purpose;
            self.verb = Some(opening);
            return;
        }
        if self.regards(chars) || self.sets_out(chars, opening) {
            self.role = Role::Attitude;
            return;
        }
        self.verb = self.main_verb(chars, opening);
        self.role = self.side_role(chars, opening).unwrap_or_else(|| self.role_of(chars, opening));
    }

    /// A clause that only names the case or who has to, and leaves what is done to the next one.
    fn only_names(&mut self, chars: &[char]) -> Option<Role> {
        if self.names_case(chars) {
            return Some(Role::Manner);
        }
        if self.names_who(chars) {
            return Some(Role::Frame);
        }
        if self.names_what(chars) {
            return Some(Role::Manner);
        }
        self.outlines(chars).then_some(Role::Telling)
    }

    /// What the clause does, by its first word and its verb.
    fn role_of(&mut self, chars: &[char], opening: Hit) -> Role {
        let single = opening.end == opening.start + 1;
        let handled = single && matches!(chars[opening.start], '把' | '将');
        let quality = self.hits.last().is_some_and(|h| h.is(ABSTRACT) && !h.is(OBJECT) && h.end == self.end);
        match self.verb {
            // 把……作为干部选拔的重要依据 can be looked up.
            Some(v) if handled && any(chars, self.head, self.end, "作为") && self.judged(chars) => {
                self.verb = Some(Hit { tags: DO, ..v });
                Role::Act
            }
            Some(v)
                if quality
                    && !stands(chars, v.start, "改善")
                    && !self.charges(chars, v)
                    && !self.secures(chars, v) =>
            {
                Role::Attitude
            }
            // 把情况摸清楚, 把……结合起来 say how to work; 把……列入清单 says what to do.
            Some(v) if single && chars[opening.start] == '把' && !self.places(chars, v) => Role::Attitude,
            None if self.modal && opening.is(PREPOSITION) && plain_to(chars, opening) => Role::Act,
            None if opening.is(PREPOSITION) => Role::Manner,
            None => Role::Telling,
            Some(v) if v.is(MAKE | DO) => Role::Act,
            Some(_) => Role::Attitude,
        }
    }

    /// 讲专题党课: a verb of one character directly in front of a named thing.
    fn with_thing(&self, verb: &Hit) -> bool {
        let thing = |h: &&Hit| h.start == verb.end && h.is(ARTEFACT | EVENT) && !h.is(NOISE);
        verb.is(MAKE) && self.hits.iter().find(thing).is_some()
    }

    /// 讲一堂党课: a verb of one character directly in front of a count.
    fn with_count(&self, chars: &[char], verb: &Hit) -> bool {
        verb.is(MAKE) && crate::numbers::number_at(chars, verb.end).is_some_and(|n| n.end < self.end)
    }

    /// Whether a word is a verb by itself: 上, 讲 and 建 are only in front of a named thing or a count.
    fn whole(&self, chars: &[char], hit: &Hit) -> bool {
        let single =
            hit.end == hit.start + 1 && matches!(chars[hit.start], '上' | '讲' | '建' | '设' | '办' | '抓');
        let counted = crate::numbers::number_at(chars, hit.end).is_some();
        !single
            || self.with_thing(hit)
            || counted
            || self.modal && hit.start == self.head
            || hit.start > self.head && chars[hit.start - 1] == '下'
    }

    /// 县城管局负责提高……: 负责 in front of a verb says who has to.
    fn charged(&self, chars: &[char], at: usize) -> bool {
        stands(chars, at, "负责") && at + 4 <= self.end
    }

    /// Whether 将 stands for 把: what follows is handed over or turned into something.
    fn takes_object(&self, chars: &[char], at: usize) -> bool {
        any(
            chars,
            at + 1,
            self.end,
            "报送 上报 报县 报市 报区 报省 报至 报主题 报办 提交 纳入 列入 列为 作为 发放 转化 录入 汇总 移交 融入 贯穿 印发 反馈",
        )
    }

    /// Whether the verb behind 把 puts its object somewhere or makes something of it.
    fn places(&self, chars: &[char], verb: Hit) -> bool {
        const AS: &str = "作为重要 作为首要 作为检验 作为根本 作为头等 作为衡量 作为一项 作为落实 作为推动 作为加强 作为出发点 作为政治 作为主题 作为当前";
        if any(chars, self.head, self.end, AS) {
            return any(chars, verb.start, self.end, "考核 评价 选拔 评优");
        }
        // 把思想和行动统一到决策部署上来: of minds, not of things.
        const MINDS: &str = "思想和行动 思想行动 思想认识 心思 精力 智慧和力量 智慧力量 温暖 关怀 关爱";
        if any(chars, self.head, verb.start, MINDS) {
            return false;
        }
        // 把问题清单全部审核一遍 can be counted.
        if times(chars, verb.end, self.end).is_some() {
            return true;
        }
        // 把病根找出来, 把药方开出来: said of nobody, a way to work.
        // 各村要把底数摸清楚: of somebody who has to.
        let found = ["摸清", "核清", "查清", "理清", "弄清"].iter().any(|w| stands(chars, verb.start, w));
        if found && self.modal && self.subject.is_some() {
            return true;
        }
        let kept = any(chars, self.head, self.end, "固定 制度 机制 清单 台账");
        if self.subject.is_none()
            && !kept
            && ["出来", "下来"].iter().any(|w| stands(chars, self.end.saturating_sub(2), w))
        {
            return false;
        }
        const PLACING: &str = "汇总 整理成 归集 收集 提炼 分发 交到 送到 发到 张贴 列入 纳入 列为 传达到 传达给 并入 编入 写入 归入 吸收到 固化 转化 固定 发放 移交 统一到 分解 落实到 报送 上报 贯通 形成 制定";
        verb.is(MAKE) || any(chars, self.head, self.end, PLACING)
    }

    /// Whether something is told as done: 已、了 behind a verb.
    pub(super) fn done(&self, chars: &[char]) -> bool {
        let verb = |h: &Hit| {
            h.is(MAKE | DO | ATTITUDE | FOLLOW) && chars.get(h.end) == Some(&'了') && h.end < self.end
        };
        let past = |h: &Hit| {
            h.is(TELLING) && matches!(chars[h.start], '已' | '曾') && !chars[h.end..self.end].contains(&'的')
        };
        self.hits.iter().any(|h| verb(h) || past(h))
            || any(chars, self.start, self.end, "先后 截至目前 截止目前")
            || any(chars, self.start, self.end, "累计")
                && !any(chars, self.start, self.end, "不少于 不低于 至少")
    }

    /// Whether only adverbs stand between the head of the clause and this word.
    fn near_head(&self, chars: &[char], hit: Hit) -> bool {
        let mut at = self.head;
        for h in self.hits.iter().filter(|h| h.start >= self.head).take_while(|h| h.start < hit.start) {
            if h.start > at + 1 {
                return false;
            }
            at = h.end;
        }
        hit.start <= at + 2 || chars[at..hit.start].iter().all(|c| matches!(c, '、' | '，' | '“' | '”'))
    }

    /// Behind a preposition the verb stands last, in front of its object; else it opens the clause.
    fn main_verb(&self, chars: &[char], opening: Hit) -> Option<Hit> {
        let verb = MAKE | DO | ATTITUDE;
        // 查找的问题, 查找出来的问题.
        let attribute = |h: &Hit| {
            let rest = &chars[h.end..self.end];
            let direction = rest.iter().take(2).take_while(|c| "出来到过下好".contains(**c)).count();
            rest.get(direction) == Some(&'的')
        };
        if opening.is(PREPOSITION) {
            let behind: Vec<Hit> = self
                .hits
                .iter()
                .copied()
                .filter(|h| {
                    h.start >= opening.end
                        && (h.end - h.start > 1 || self.with_thing(h) || self.with_count(chars, h))
                        && h.is(verb)
                        && !h.is(NOISE | TELLING)
                        && !attribute(h)
                })
                .collect();
            // 把……纳入督查计划, 会同……制定管理办法: what is done to the object, not a verb inside of its name.
            let puts = |h: &&Hit| PUTTING.iter().any(|w| stands(chars, h.start, w));
            let handled = matches!(chars[opening.start], '把' | '将') && opening.end == opening.start + 1;
            // 把企业名单报县招商中心.
            let handed = (opening.end..self.end).find(|at| hands(chars, *at, self.end) && chars[*at] == '报');
            if let Some(start) = handed.filter(|_| handled) {
                return Some(Hit { start, end: start + 1, tags: MAKE });
            }
            let put = behind.iter().find(puts).filter(|_| handled);
            let things = |t: &&Hit| t.is(ARTEFACT | EVENT | MECHANISM) && !t.is(NOISE);
            let last = self.hits.iter().rfind(things);
            let thing = |h: &Hit| last.is_some_and(|t| t.start >= h.end);
            let made = behind.iter().rfind(|h| h.is(MAKE) && thing(h) && !h.is(OBJECT | EVENT));
            let last = behind.iter().rfind(|h| h.is(MAKE | DO)).or(behind.last());
            return put.or(made).or(last).copied();
        }
        let verbs = self.hits.iter().copied();
        let mut verbs = verbs.filter(|h| {
            h.start >= opening.start && h.is(verb) && !h.is(NOISE) && !attribute(h) && self.whole(chars, h)
        });
        let first = verbs.next()?;
        // 集中会商: a verb that only says how, directly in front of another.
        let next = verbs.next().filter(|n| first.is(ADVERB) && n.start == first.end && n.is(MAKE | DO));
        Some(next.unwrap_or(first))
    }
}

/// Whether no longer word of the lexicon begins at the same place (要 in 要求).
pub(super) fn longest_is(chars: &[char], hit: Hit, end: usize) -> bool {
    WORDS.at(chars, hit.start, end).is_none_or(|longest| longest.end == hit.end)
}

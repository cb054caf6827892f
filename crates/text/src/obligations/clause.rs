//! One clause of a sentence: what stands in front of the verb, the verb, and what kind of clause that makes.

use super::OwnTerms;
use super::words::*;
use crate::deadline::{Deadline, deadline_at, deadline_in};
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
    pub verb: Option<Hit>,
    pub role: Role,
    pub hits: Vec<Hit>,
}

/// How often, in front of the verb.
const RHYTHMS: [&str; 10] =
    ["每半个月", "每两周", "每半月", "每半年", "每季度", "每个月", "每月", "每周", "每年", "每天"];

/// What the clauses of a text have in common.
pub(super) struct Setting<'a> {
    pub chars: &'a [char],
    pub year: Option<i32>,
    pub closing: Option<&'a str>,
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
fn plain_to(chars: &[char], word: Hit) -> bool {
    chars[word.start] == '对' && !(word.end > word.start + 1 && matches!(chars[word.start + 1], '照' | '标'))
}

impl Clause {
    /// Takes off connecting words, times, subject and modal verb, in whatever order they stand.
    fn front(&mut self, setting: &Setting<'_>) {
        let chars = setting.chars;
        let mut at = self.body;
        let mut leading = true;
        loop {
            while at < self.end
                && (is_blank(chars[at]) || matches!(chars[at], '“' | '，' | '、'))
                && chars[at] != '“'
            {
                at += 1;
            }
            let link = usize::from(["在", "于", "到", "从", "自"].iter().any(|w| stands(chars, at, w)));
            if let Some(time) = deadline_at(chars, at + link, self.end, setting.year, setting.closing) {
                at = time.end;
                self.time.get_or_insert(time);
                leading = false;
                continue;
            }
            if let Some(word) = RHYTHMS.iter().find(|w| stands(chars, at, w)) {
                self.rhythm.get_or_insert(at);
                at += word.chars().count();
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
            if self.subject.is_none()
                && let Some(to) =
                    own_subject(setting, at, self.end).or_else(|| subject_end(chars, at, self.end))
            {
                self.subject = Some((at, to));
                at = to;
                leading = false;
                continue;
            }
            match WORDS.at_of(chars, at, self.end, CONNECT) {
                Some(word) if longest_is(chars, word, self.end) => {
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
        if self.done(chars) || self.answers(chars) {
            return;
        }
        self.middle_modal(chars);
        // The first word behind the adverbs decides what kind of clause this is.
        let ahead = |h: &&Hit| h.start >= self.head && !h.is(NOISE);
        let opening =
            self.hits.iter().filter(ahead).find(|h| !h.is(ADVERB)).or_else(|| self.hits.iter().find(ahead));
        let Some(opening) = opening.copied().filter(|h| self.near_head(chars, *h)) else {
            self.role = if self.subject.is_some() && end - head <= 2 { Role::Frame } else { Role::Telling };
            return;
        };
        if opening.is(NEGATIVE) {
            self.role = Role::Negative;
            return;
        }
        if opening.is(TELLING)
            || self.hits.iter().any(|h| h.is(PERMIT) && h.start >= self.body && h.start <= opening.start + 2)
        {
            self.role = Role::Telling;
            return;
        }
        self.inner_time(setting);
        if opening.is(PURPOSE) && self.time.as_ref().is_some_and(|t| t.day.is_some()) {
            self.role = Role::Act;
            self.verb = Some(opening);
            return;
        }
        if opening.is(PURPOSE) && !opening.is(MAKE | DO) {
            self.role = Role::Purpose;
            self.verb = Some(opening);
            return;
        }
        self.verb = self.main_verb(chars, opening);
        if opening.is(PREPOSITION) && self.frames(chars) {
            self.role = Role::Manner;
            return;
        }
        let quality = self.hits.last().is_some_and(|h| h.is(ABSTRACT) && !h.is(OBJECT) && h.end == end);
        self.role = match self.verb {
            Some(_) if quality => Role::Attitude,
            // 把情况摸清楚, 把……结合起来 say how to work; 把……列入清单 says what to do.
            Some(v)
                if chars[opening.start] == '把'
                    && opening.end == opening.start + 1
                    && !self.places(chars, v) =>
            {
                Role::Attitude
            }
            None if self.modal && opening.is(PREPOSITION) && plain_to(chars, opening) => Role::Act,
            None if opening.is(PREPOSITION) => Role::Manner,
            None => Role::Telling,
            Some(v) if v.is(MAKE | DO) => Role::Act,
            Some(_) => Role::Attitude,
        };
    }

    /// Whether the words in front of the modal verb end as the name of a body or of persons ends.
    fn names_somebody(&self, chars: &[char], to: usize) -> bool {
        const ENDS: &str = "局委办镇乡村县市区院校站所队组处科室部厅社团";
        let head = self.hits.iter().any(|h| h.is(HEAD) && h.end == to);
        let name = to >= self.head + 3 && to - self.head <= 20 && ENDS.contains(chars[to - 1]);
        to > self.head && (head && to - self.head <= 40 || name)
    }

    /// A time inside of the clause (力争年内……).
    fn inner_time(&mut self, setting: &Setting<'_>) {
        if self.time.is_none() {
            let time = deadline_in(setting.chars, self.head, self.end, setting.year, setting.closing);
            self.time = time.filter(|t| t.day.is_some() && setting.chars.get(t.end) != Some(&'的'));
        }
    }

    /// 县教育局牵头, 某某科负责: a clause that only names who answers for what follows.
    fn answers(&mut self, chars: &[char]) -> bool {
        const ENDS: [&str; 6] = ["具体负责", "牵头负责", "牵头", "负责", "负总责", "抓总"];
        let Some(word) = ENDS.iter().find(|w| {
            self.end - self.body > w.chars().count() && stands(chars, self.end - w.chars().count(), w)
        }) else {
            return false;
        };
        let to = self.end - word.chars().count();
        while self.body < to && is_blank(chars[self.body]) {
            self.body += 1;
        }
        let named = self.subject.is_none() && to >= self.body + 2 && to - self.body <= 20 && !self.modal;
        if named {
            self.subject = Some((self.body, to));
            self.role = Role::Frame;
        }
        named
    }

    /// A rhythm or a limit with a count asks for something even where the verb is no known one (每季度作1次报告).
    fn counted(&mut self, chars: &[char]) {
        let number =
            chars[self.front..self.end].iter().any(|c| c.is_ascii_digit() || matches!(c, '一' | '两' | '三'));
        let dated = self.time.as_ref().is_some_and(|t| t.day.is_some());
        if self.role == Role::Telling && number && (self.rhythm.is_some() || dated) && !self.done(chars) {
            self.role = Role::Act;
        }
    }

    /// A modal verb inside of the clause: what stands in front of it is a topic (对……要, 调研选题必须).
    fn middle_modal(&mut self, chars: &[char]) {
        if self.modal {
            return;
        }
        let Some(modal) = self.hits.iter().copied().find(|h| h.is(MODAL) && !h.is(NOISE)) else { return };
        self.modal = true;
        let fronted = self.hits.iter().find(|h| !h.is(ADVERB)).is_some_and(|h| h.is(PREPOSITION));
        if !fronted && self.subject.is_none() && self.names_somebody(chars, modal.start) {
            self.subject = Some((self.head, modal.start));
        } else if !fronted && self.subject.is_none() {
            self.topic = true;
        }
        self.head = modal.end;
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
            return false;
        }
        const PLACING: &str =
            "列入 纳入 列为 转化 固定 发放 移交 统一到 分解 落实到 报送 上报 贯通 形成 制定";
        verb.is(MAKE) || any(chars, self.head, self.end, PLACING)
    }

    /// Whether something is told as done: 已、了 behind a verb.
    fn done(&self, chars: &[char]) -> bool {
        let verb = |h: &Hit| {
            h.is(MAKE | DO | ATTITUDE | FOLLOW) && chars.get(h.end) == Some(&'了') && h.end < self.end
        };
        let past = |h: &Hit| {
            h.is(TELLING) && matches!(chars[h.start], '已' | '曾') && !chars[h.end..self.end].contains(&'的')
        };
        self.hits.iter().any(|h| verb(h) || past(h))
            || any(chars, self.start, self.end, "先后 累计 截至目前 截止目前")
    }

    /// Whether the clause ends as a phrase of manner or time ends: 基础上、形式、为契机.
    fn frames(&self, chars: &[char]) -> bool {
        const SHORT: [char; 4] = ['时', '中', '下', '后'];
        const ENDS: [&str; 27] = [
            "基础上",
            "过程中",
            "前提下",
            "的同时",
            "形式",
            "方式",
            "方法",
            "渠道",
            "途径",
            "为重点",
            "为契机",
            "为主线",
            "为抓手",
            "为载体",
            "为目标",
            "为主题",
            "精神",
            "要求",
            "原则",
            "部署",
            "步骤",
            "为牵引",
            "出发",
            "入手",
            "角度",
            "为导向",
            "方针",
        ];
        let by_rule = ["按照", "根据", "依照", "遵照"].iter().any(|w| stands(chars, self.head, w));
        if by_rule
            && ["安排", "规定", "意见", "决定", "通知", "规划"].iter().any(|w| stands(chars, self.end - 2, w))
        {
            return true;
        }
        const WHOLE: [&str; 8] = ["着眼", "立足", "瞄准", "紧盯", "紧扣", "本着", "针对", "奔着"];
        if WHOLE.iter().any(|w| stands(chars, self.head, w)) {
            return true;
        }
        if SHORT.contains(&chars[self.end - 1]) && matches!(chars[self.head], '在' | '当' | '从') {
            return true;
        }
        ENDS.iter().any(|w| {
            self.end - self.head > w.chars().count() && stands(chars, self.end - w.chars().count(), w)
        })
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
        let attribute = |h: &Hit| h.end < self.end && chars[h.end] == '的';
        if opening.is(PREPOSITION) {
            let behind: Vec<Hit> = self
                .hits
                .iter()
                .copied()
                .filter(|h| {
                    h.start >= opening.end
                        && h.end - h.start > 1
                        && h.is(verb)
                        && !h.is(NOISE | TELLING)
                        && !attribute(h)
                })
                .collect();
            return behind.iter().copied().rfind(|h| h.is(MAKE | DO)).or(behind.last().copied());
        }
        self.hits
            .iter()
            .copied()
            .find(|h| h.start >= opening.start && h.is(verb) && !h.is(NOISE) && !attribute(h))
    }
}

/// Whether no longer word of the lexicon begins at the same place (要 in 要求).
fn longest_is(chars: &[char], hit: Hit, end: usize) -> bool {
    WORDS.at(chars, hit.start, end).is_none_or(|longest| longest.end == hit.end)
}

/// Where a name of the office's own that begins at `at` ends.
fn own_subject(setting: &Setting<'_>, at: usize, end: usize) -> Option<usize> {
    let ends = |name: &String| at + name.chars().count();
    let names = setting.own.subjects.iter().filter(|n| !n.is_empty() && stands(setting.chars, at, n));
    names.map(ends).filter(|to| *to <= end).max()
}

/// Where the name of persons or bodies that begins at `at` ends, if one does and a predicate follows.
fn subject_end(chars: &[char], at: usize, end: usize) -> Option<usize> {
    let mut to = at;
    let mut last_head = None;
    while to < end {
        let hit = WORDS.at_of(chars, to, end, HEAD | DET | JOIN);
        let Some(hit) = hit else { break };
        to = hit.end;
        if hit.is(HEAD) || chars[hit.end - 1] == '等' && last_head.is_some() {
            last_head = Some(to);
        }
    }
    let to = last_head?;
    let rest = &chars[to..end];
    // 党员意识, 干部队伍: a name in front of another noun is no subject.
    let follows = rest.is_empty() || rest.first().is_some_and(|c| "要都也将应须需在必每".contains(*c)) || {
        let next = WORDS.at(chars, to, end);
        next.is_some_and(|n| {
            n.is(MODAL | ADVERB | PREPOSITION | MAKE | DO | ATTITUDE | NEGATIVE | TELLING)
                && !n.is(HEAD | OBJECT | ABSTRACT)
        })
    };
    follows.then_some(to)
}

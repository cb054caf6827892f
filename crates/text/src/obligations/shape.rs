//! Clauses without a verb that is known, which ask for something by their shape: a count, a rhythm, a thing put first.

use std::sync::LazyLock;

use super::clause::{Clause, Role};
use super::count::{count, times};
use super::words::*;
use crate::deadline::{Deadline, Sort};
use crate::lexicon::{Hit, Lexicon, any, ending, stands};

/// Shortest clause of something owed without a verb that is known, behind its front, in code points.
const MIN_OWED: usize = 5;

/// Whether these are offices or persons of a kind that are named, not 我们 or 大家.
fn names_body(chars: &[char], (from, to): (usize, usize)) -> bool {
    to >= from + 2
        && !matches!(chars[from], '我' | '大' | '同' | '人')
        && !any(chars, from, to, "全党 各级 广大")
}

/// 走一遍, 3个晚上, 5天: times or a stretch of time, counted.
fn lasts(chars: &[char], start: usize, end: usize) -> bool {
    let nights = any(chars, start, end, "个晚上 个白天 个工作日 个月 天 晚")
        && (start..end).any(|at| crate::numbers::number_at(chars, at).is_some());
    nights || times(chars, start, end).is_some()
}

impl Clause {
    /// A rhythm or a limit with a count asks for something even where the verb is no known one (每季度作1次报告), and so
    /// does a least count (每日洒水不少于4次), and what a named body has to do with a thing that is known.
    pub(super) fn counted(&mut self, chars: &[char]) {
        // 检测结果在公开栏公布: the verb in front is the beginning of a name.
        if self.role == Role::Act
            && let Some(verb) =
                self.passive(chars).filter(|_| self.verb.is_some_and(|v| self.names_result(chars, v)))
        {
            self.verb = Some(verb);
            return;
        }
        let bare = self.role == Role::Manner && self.verb.is_none();
        if self.role != Role::Telling && !bare || self.done(chars) {
            return;
        }
        if bare {
            // 每月到联系点蹲点不少于1次: said where first, and then how much.
            let least = any(chars, self.front, self.end, "不少于 不低于 至少");
            // 书记要把各村走一遍, 成员要在村里住3个晚上: of somebody who has to.
            let charged = self.modal && self.subject.is_some() && lasts(chars, self.front, self.end);
            if least && self.end > self.head + 6 || charged || self.owes_answer(chars) {
                self.role = Role::Act;
            }
            return;
        }
        if let Some(verb) = self.takes_on(chars) {
            self.verb = Some(verb);
            self.role = Role::Act;
            return;
        }
        if let Some(verb) = self.passive(chars) {
            self.verb = Some(verb);
            self.role = Role::Act;
            return;
        }
        let least = any(chars, self.front, self.end, "不少于 不低于 至少");
        let things = ARTEFACT | EVENT | MECHANISM | OBJECT;
        let thing = self.hits.iter().any(|h| h.is(things) && h.start > self.head && !h.is(NOISE | TELLING));
        let charged = self.modal && self.subject.is_some() && !self.topic && thing;
        let told = self.hits.iter().any(|h| h.is(TELLING | PERMIT | NEGATIVE) && !h.is(NOISE));
        // 一律再过一遍筛子.
        let again = self.modal && !self.topic && times(chars, self.head, self.end).is_some();
        let case = self.modal && chars[self.body] == '对' && chars[self.body..self.head].contains(&'的');
        if !told && (charged || case || again || least && !self.topic) {
            self.role = Role::Act;
            return;
        }
        let number =
            chars[self.front..self.end].iter().any(|c| c.is_ascii_digit() || matches!(c, '一' | '两' | '三'));
        let dated = self.time.as_ref().is_some_and(Deadline::settled);
        let spans = any(chars, self.front, self.end, "开始 结束");
        // 10月底前全线贯通: a limit with what has to be so by then.
        let limit =
            self.time.as_ref().is_some_and(|t| t.end <= self.front && "前内底".contains(chars[t.end - 1]));
        let limit =
            limit || self.subject.is_some() && self.time.as_ref().is_some_and(|t| t.end <= self.front);
        if dated && limit && !told && self.end >= self.front + 2 && !spans {
            self.role = Role::Act;
            return;
        }
        if number && (self.rhythm.is_some() || dated) && !spans {
            self.role = Role::Act;
        }
    }

    /// 财务部12月10日前要把往来款逐笔核一遍, 县信访局把老案落实到包案领导: what somebody named has to, or what has to be so by a
    /// day, whatever its verb. `dispatched`: the paragraph hands out work, so that a name and what it does are enough.
    pub(super) fn owed(&mut self, chars: &[char], dispatched: bool, leads_on: bool) {
        let handled = matches!(chars.get(self.head), Some('把' | '将'));
        let open = match self.role {
            Role::Telling | Role::Manner => true,
            Role::Attitude => handled,
            _ => false,
        };
        if !open || self.topic || self.end < self.head + MIN_OWED {
            return;
        }
        let fronted = |t: &Deadline| t.end <= self.front && t.settled();
        let limit = self.due.is_some() || self.time.as_ref().is_some_and(fronted);
        let named = self.subject.is_some_and(|subject| names_body(chars, subject));
        let rule = self.introduces(chars);
        // Most clauses end here: nobody is named and no day.
        if !named && !limit && rule.is_none() || self.done(chars) || self.of_mind(chars) {
            return;
        }
        if rule.is_some() {
            self.verb = rule;
            self.role = Role::Act;
            return;
        }
        // 逐一过一遍: the little word is a verb here.
        let passes = |h: &Hit| h.end == h.start + 1 && chars[h.start] == '过';
        let told = |h: &Hit| h.is(TELLING | PERMIT | NEGATIVE) && !h.is(NOISE) && !passes(h);
        if self.hits.iter().any(told) || chars[self.end - 1] == '的' {
            return;
        }
        let number = count(chars, self.front, self.end).is_some();
        let always = ["定期", "常态化"].iter().any(|w| stands(chars, self.front, w));
        let counted = number && (self.rhythm.is_some() || dispatched) || always && dispatched;
        let to = matches!(chars.get(self.head), Some('对' | '向' | '给' | '到'));
        let to = to && !["对照", "对标", "到位"].iter().any(|w| stands(chars, self.head, w));
        let soon = dispatched && self.time.as_ref().is_some_and(|t| t.end <= self.front);
        let moved = handled && (self.modal || dispatched) || to && self.modal;
        // 要把方案吃透，3天内拿出计划: the next clause says what comes of it.
        let bare = !limit && self.rhythm.is_none() && !number;
        if leads_on && (bare || handled || to) {
            return;
        }
        if named && (moved || limit || counted || soon) || limit && (handled || to) {
            self.role = Role::Act;
        }
    }

    /// 瓶装气推行实名配送制度: what is to be the rule from now on, for something named in front.
    fn introduces(&self, chars: &[char]) -> Option<Hit> {
        let sets = |h: &&Hit| h.is(MAKE) && ["实行", "推行"].iter().any(|w| stands(chars, h.start, w));
        let rule = self.hits.iter().find(|h| h.is(MECHANISM) && !h.is(NOISE) && h.end == self.end)?;
        let told = self.hits.iter().any(|h| h.is(TELLING | PERMIT | NEGATIVE) && !h.is(NOISE));
        self.hits.iter().find(sets).copied().filter(|h| !told && h.start > self.head && h.end < rule.end)
    }

    /// 把思想和行动统一到……上来, 把责任扛在肩上: of minds and manners, not of things.
    fn of_mind(&self, chars: &[char]) -> bool {
        const MINDS: &str = "思想 行动统一 认识 心思 精力 智慧 力量 温暖 关怀 关爱 责任扛 使命 初心 责任放 放在心上 放在首位 摆在 贯穿 当作 当成 看作 看成 作为当前 作为头等 作为首要 作为重要 作为检验 作为根本 作为政治 融入 体现 纪律挺 规矩挺 功夫 压力 动力 劲头 党性 作风 担子";
        let quality = self.hits.last().is_some_and(|h| h.is(ABSTRACT) && !h.is(OBJECT) && h.end == self.end);
        static KNOWN: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(&[(1, MINDS)]));
        quality
            || (self.head..self.end).any(|at| KNOWN.at(chars, at, self.end).is_some())
            || self.hits.iter().any(|h| h.is(ATTITUDE) && h.start == self.head)
    }

    /// 12月底前给群众一个交代: an answer that is owed to somebody by a day.
    fn owes_answer(&self, chars: &[char]) -> bool {
        let answer = ["交代", "答复", "说法", "回音"].iter().any(|w| ending(chars, self.end, w).is_some());
        answer && self.time.as_ref().is_some_and(|t| t.end <= self.front && t.sort > Sort::Open)
    }

    /// 检测结果, 整改情况: a verb at the head of the clause and what comes of it.
    fn names_result(&self, chars: &[char], verb: Hit) -> bool {
        const RESULTS: [&str; 6] = ["结果", "情况", "进度", "进展", "名单", "排名"];
        !self.modal && verb.start == self.head && RESULTS.iter().any(|w| stands(chars, verb.end, w))
    }

    /// 每人牵头1个调研课题: what a named person takes on, with its count.
    fn takes_on(&self, chars: &[char]) -> Option<Hit> {
        const TAKES: [&str; 6] = ["牵头", "领衔", "主抓", "带头领办", "分包", "负责"];
        let (_, to) = self.subject?;
        let at = (to..(to + 6).min(self.end)).find(|at| TAKES.iter().any(|w| stands(chars, *at, w)))?;
        let word = TAKES.iter().find(|w| stands(chars, at, w))?;
        let end = at + word.chars().count();
        let counted = crate::numbers::number_at(chars, end).is_some_and(|n| n.end < self.end);
        counted.then_some(Hit { start: at, end, tags: MAKE })
    }

    /// 名单在县政府网站公示, 违规资金全部追回: the thing stands first and what becomes of it last.
    pub(super) fn passive(&self, chars: &[char]) -> Option<Hit> {
        const LAST: [&str; 19] = [
            "通报",
            "张榜公布",
            "召回",
            "下架",
            "专题报告",
            "公布",
            "公示",
            "公开",
            "追回",
            "备案",
            "存档",
            "归档",
            "印发",
            "上报",
            "移交",
            "退还",
            "清退",
            "清零",
            "销号",
        ];
        let end = self.end;
        let behind = |from: &usize| *from >= self.head + 4;
        let start = LAST.iter().find_map(|w| ending(chars, end, w).filter(behind))?;
        let little = |h: &&Hit| h.is(DET | JOIN) && h.end - h.start == 1;
        let noun = |h: &Hit| h.is(ARTEFACT | OBJECT | EVENT) && !h.is(NOISE) && h.start <= self.head + 8;
        // 评比结果: a verb may stand at the front of the name.
        let mut front = self.hits.iter().filter(|h| h.end <= start && !little(h)).take(2);
        let told = self.hits.iter().any(|h| h.is(TELLING | PERMIT | NEGATIVE) && !h.is(NOISE | DET));
        (front.any(noun) && !told && self.subject.is_none()).then_some(Hit { start, end, tags: MAKE })
    }
}

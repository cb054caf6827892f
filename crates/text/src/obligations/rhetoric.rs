//! Clauses that say what a thing is, what it is like, what it is worth or which it is: talk, nothing that is asked.

use super::clause::Clause;
use super::tense::asks;
use super::words::*;
use crate::lexicon::{Hit, any, ending, stands};

/// Words with which a clause says what its first words are.
const COPULAS: [&str; 15] = [
    "都是",
    "就是",
    "也是",
    "才是",
    "从来",
    "历来",
    "向来",
    "不是",
    "无一不",
    "无非",
    "意味着",
    "好比",
    "如同",
    "犹如",
    "等于",
];

impl Clause {
    /// 抓作风就是抓发展, 办一件实事胜过说百句空话, 反馈归反馈: said of something, asked of nobody.
    pub(super) fn likens(&self, chars: &[char]) -> bool {
        if any(chars, self.head, self.end, "基本结束 起步、") || stands(chars, self.head, "都是") {
            return true;
        }
        if self.modal || self.rhythm.is_some() || self.time.is_some() {
            return false;
        }
        let said = self.unquoted(chars, self.start, |h| h.is(LIKENS) && h.end < self.end).is_some();
        let last = chars[self.end - 1];
        let case = last == '的' || matches!(chars[self.head], '对' | '凡');
        !case && (said || self.keeps_apart(chars) || self.unless(chars)) && !asks(chars, self.head, self.end)
    }

    /// 主要整治牌子过多过滥的问题, 由分管负责同志任成员: what a part of a plan is about, who is what.
    pub(super) fn outlines(&self, chars: &[char]) -> bool {
        const POSTS: [&str; 8] =
            ["任组长", "任副组长", "任成员", "任主任", "任副主任", "为组长", "为副组长", "为成员"];
        let made = self.hits.iter().any(|h| h.is(MAKE) && !h.is(NOISE));
        let post = !made && self.ends(chars, &POSTS);
        let mainly = stands(chars, self.body, "主要")
            && !["主要领", "主要负"].iter().any(|w| stands(chars, self.body, w));
        !self.modal && self.time.is_none() && (post || mainly && self.subject.is_none())
    }

    /// 把学习与工作结合起来, 咬住目标不放松: how one should work.
    pub(super) fn blends(&self, chars: &[char]) -> bool {
        const TOGETHER: [&str; 8] =
            ["结合起来", "统一起来", "贯通起来", "衔接起来", "不放松", "不松劲", "不动摇", "不停步"];
        self.ends(chars, &TOGETHER)
    }

    /// Whether the clause ends with one of the words.
    fn ends(&self, chars: &[char], words: &[&str]) -> bool {
        words.iter().any(|w| ending(chars, self.end, w).is_some_and(|from| from > self.body))
    }

    /// The first of such words that stands in no quotation marks opened behind `from`.
    pub(super) fn unquoted(&self, chars: &[char], from: usize, is: impl Fn(&Hit) -> bool) -> Option<Hit> {
        let (mut read, mut open) = (from, 0_i32);
        self.hits.iter().copied().filter(|h| is(h)).find(|h| {
            for c in &chars[read..h.start] {
                open += i32::from(matches!(c, '“' | '《')) - i32::from(matches!(c, '”' | '》'));
            }
            read = h.start;
            open <= 0
        })
    }

    /// 学归学, 反馈归反馈、工作归工作: two things that are no excuse for each other.
    fn keeps_apart(&self, chars: &[char]) -> bool {
        (self.head + 1..self.end.saturating_sub(1)).any(|i| {
            chars[i] == '归'
                && (chars[i - 1] == chars[i + 1]
                    || i >= self.head + 2 && i + 2 < self.end && chars[i - 2..i] == chars[i + 1..i + 3])
        })
    }

    /// 问题不解决不销号: what must not come before something else, a rule and no task.
    fn unless(&self, chars: &[char]) -> bool {
        let not = |i: &usize| {
            chars[*i] == '不' && !chars.get(i + 1).is_some_and(|c| "断少低超多定仅同足".contains(*c))
        };
        let nots: Vec<usize> = (self.head..self.end).filter(not).take(3).collect();
        matches!(nots[..], [first, second, ..] if second >= first + 3 && second <= first + 6 && self.end - second <= 4)
    }

    /// 把主题教育当作一次洗礼: how one should see something, however it counts.
    pub(super) fn regards(&self, chars: &[char]) -> bool {
        const AS: &str = "当作 当成 看作 看成 视作 视为";
        // 担当作为 holds one of them by accident.
        let brave = any(chars, self.head, self.end, "担当作为");
        !brave && any(chars, self.head, self.end, AS) && !self.judged(chars) && self.time.is_none()
    }

    /// 相互提醒、相互补台, 多往困难多的地方走: how people should be among others, asked of nobody in particular.
    pub(super) fn minds_itself(&self, chars: &[char]) -> bool {
        if self.time.is_some()
            || self.rhythm.is_some()
            || chars[self.head..self.end].iter().any(char::is_ascii_digit)
        {
            return false;
        }
        let one_another = ["相互", "互相"].iter().any(|w| stands(chars, self.head, w));
        let next = chars.get(self.head + 1).copied().unwrap_or('。');
        let oftener =
            matches!(chars[self.head], '多' | '少') && "到往跟同向听看去走问讲想做从为".contains(next);
        let general = self.subject.is_none_or(|(from, to)| {
            any(chars, from, to, "各级 党员 干部 大家 同志们 我们") && !chars[from..to].contains(&'的')
        });
        one_another || oftener && general
    }

    /// 从群众最盼的事情做起, 多往困难多的地方走: how one should go about it.
    pub(super) fn sets_out(&self, chars: &[char], opening: Hit) -> bool {
        let from = chars[opening.start] == '从' && opening.end == opening.start + 1;
        const OUT: [&str; 8] = ["想起", "做起", "抓起", "改起", "严起", "干起", "学起", "说起"];
        from && OUT.iter().any(|w| stands(chars, self.end.saturating_sub(2), w))
    }
}

/// 统筹推进、一体落实: two ways of doing, four characters each, and nothing that is done.
pub(super) fn pair_of_ways(chars: &[char], clause: &Clause) -> bool {
    let thing = |h: &Hit| h.is(ARTEFACT | EVENT | MECHANISM | OBJECT | HEAD) && !h.is(NOISE);
    clause.end == clause.head + 9
        && chars[clause.head + 4] == '、'
        && clause.time.is_none()
        && clause.rhythm.is_none()
        && !clause.hits.iter().any(thing)
}

/// Whether the clause begins as one that says what the clause in front of it is.
pub(super) fn says_of_it(chars: &[char], clause: &Clause) -> bool {
    clause.subject.is_none() && COPULAS.iter().any(|w| stands(chars, clause.body, w))
}

//! Clauses that say how, by which rule or in which case, and leave what is done to the next one.

use super::clause::{Clause, plain_to};
use super::words::*;
use crate::lexicon::{Hit, any, stands};

impl Clause {
    /// Whether the clause ends as a phrase of manner or time ends: 基础上、形式、为契机.
    pub(super) fn frames(&self, chars: &[char]) -> bool {
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
        if self.of_a_case(chars) {
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

    /// Whether something is made a ground on which people are judged.
    pub(super) fn judged(&self, chars: &[char]) -> bool {
        any(chars, self.head, self.end, "考核 评价 选拔 评优 评先 任用")
    }

    /// 做好资金和物资保障: what is to be at hand.
    pub(super) fn secures(&self, chars: &[char], verb: Hit) -> bool {
        ["做好", "落实", "抓好"].iter().any(|w| stands(chars, verb.start, w))
            && stands(chars, self.end - 2, "保障")
    }

    /// 督促工地落实“六个百分百”要求: somebody is made to keep named rules.
    pub(super) fn charges(&self, chars: &[char], verb: Hit) -> bool {
        let made = ["督促", "指导", "组织", "监督"].iter().any(|w| stands(chars, verb.start, w));
        made && chars[verb.end..self.end].iter().any(|c| matches!(c, '“' | '《'))
    }

    /// 对虚假整改、纸面整改的, 对检查发现的问题: names the case, and what is asked follows.
    fn of_a_case(&self, chars: &[char]) -> bool {
        let to = chars[self.head] == '对'
            && plain_to(chars, Hit { start: self.head, end: self.head + 1, tags: 0 });
        let last = (self.head..self.end).rev().find(|at| chars[*at] == '的');
        let verb =
            |at: usize| self.hits.iter().any(|h| h.start > at && h.is(MAKE | DO) && !h.is(NOISE | OBJECT));
        to && self.mark == '，' && last.is_some_and(|at| self.end - at <= 9 && !verb(at))
    }
}

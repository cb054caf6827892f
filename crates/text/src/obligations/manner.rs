//! Clauses that say how, by which rule or in which case, and leave what is done to the next one.

use super::clause::{Clause, Role, plain_to};
use super::words::*;
use crate::lexicon::{Hit, any, ending, stands};

/// What one brings along to a work, no work itself.
const SPIRIT: &str = "干劲 姿态 状态 作风 精神 热情 劲头 决心 勇气 担当 实绩 实效 成效 态度 力度 标准 意识 视角 胸怀 定力 魄力 行动";

/// How a clause begins that names a case.
pub(super) const CASES: [&str; 12] =
    ["凡", "能", "可以", "需要", "一时", "暂时", "确实", "确因", "因客观", "因特殊", "本级", "条件"];
/// Longest clause that only names a case, in code points.
const MAX_CASE: usize = 30;

impl Clause {
    /// 任何单位不得增加负担, 学习内容不能打折扣: what must not be, said of somebody or something in front.
    pub(super) fn forbids(&self, chars: &[char], opening: Hit) -> bool {
        const NOT: &str = "不能 不得 不可 不准 不许 不允许 严禁 不应";
        let case = chars[self.end - 1] == '的' || opening.is(PREPOSITION) && plain_to(chars, opening);
        !self.modal
            && !case
            && any(chars, self.head, self.end, NOT)
            && !any(chars, self.head, self.end, "不得少于 不能少于 不得低于 不得超过 不能超过")
    }

    /// What the clause is where it does not ask for its verb: manner, purpose, attitude.
    pub(super) fn side_role(&self, chars: &[char], opening: Hit) -> Option<Role> {
        let brief = self.end - self.body <= 6 && !self.modal;
        if (opening.is(PREPOSITION) || brief) && self.frames(chars) {
            return Some(Role::Manner);
        }
        if self.minds_itself(chars) || self.blends(chars) {
            return Some(Role::Attitude);
        }
        let verb = self.verb?;
        let counted = chars[self.head..self.end].iter().any(char::is_ascii_digit);
        let dated = self.time.as_ref().is_some_and(|t| t.day.is_some());
        if counted || dated || self.rhythm.is_some() {
            return None;
        }
        // 以长效机制巩固整改成果, 以冲刺的姿态推进: by what, and with what spirit.
        let with = chars[opening.start] == '以' && opening.end == opening.start + 1;
        if with && any(chars, opening.end, verb.start, SPIRIT) {
            return Some(Role::Attitude);
        }
        const LEADS: &str = "推动 促进 巩固 提升 保障 检验 带动 引领 激发 确保 深化 提高 增强 服务 倒逼 助推";
        let leads = LEADS.split_whitespace().any(|w| stands(chars, verb.start, w));
        // 通过解决一个问题带动破解一类问题: what comes of it.
        let moves = any(chars, opening.end, self.end, "带动 推动 促进 倒逼 撬动");
        if stands(chars, opening.start, "通过") && moves && self.subject.is_none() && !self.modal {
            return Some(Role::Purpose);
        }
        if with && leads && self.subject.is_none() && !self.modal {
            return Some(Role::Purpose);
        }
        // 从政治的高度来看待: how one should see it.
        let seen = chars[opening.start] == '从'
            && any(chars, opening.end, self.end, "高度 角度 大局")
            && any(chars, opening.end, self.end, "看待 认识 审视 把握 理解 谋划 思考 来抓 来做");
        // 注重总结经验, 注意做好衔接: what to mind, no task of its own.
        let minds = ["注重", "注意"].iter().any(|w| stands(chars, self.head, w))
            && !self.hits.iter().any(|h| h.is(ARTEFACT | EVENT | MECHANISM) && !h.is(NOISE))
            && self.end - self.head <= 14
            && !chars[self.head..self.end].contains(&'“');
        (seen || minds || self.of_quality(chars, verb)).then_some(Role::Attitude)
    }

    /// 报告要有数据、有分析, 课题要小切口: said of a thing, how it should be.
    pub(super) fn of_thing(&self, chars: &[char]) -> bool {
        const HOW: [&str; 9] = ["有", "体现", "突出", "见人", "真实", "具体", "简明", "务实", "符合"];
        HOW.iter().any(|w| stands(chars, self.head, w))
            && !chars[self.head..self.end].iter().any(char::is_ascii_digit)
    }

    /// 拿出抽丝剥茧的耐心, 讲好云溪故事: how a thing should be, how one should be.
    fn of_quality(&self, chars: &[char], verb: Hit) -> bool {
        let shown = ["拿出", "鼓足", "提振", "焕发"].iter().any(|w| stands(chars, verb.start, w));
        let tells = ["讲好", "讲活", "讲透"].iter().any(|w| stands(chars, verb.start, w))
            && stands(chars, self.end.saturating_sub(2), "故事");
        shown
            && any(
                chars,
                verb.end,
                self.end,
                "勇气 耐心 决心 信心 韧劲 干劲 狠劲 拼劲 魄力 毅力 精神 担当 诚意 劲头",
            )
            || tells
    }

    /// Whether the clause ends as a phrase of manner or time ends: 基础上、形式、为契机.
    pub(super) fn frames(&self, chars: &[char]) -> bool {
        const SHORT: [char; 4] = ['时', '中', '下', '后'];
        const ENDS: [&str; 28] = [
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
            "的高度",
            "为导向",
            "方针",
        ];
        let by_rule = ["按照", "根据", "依照", "遵照"].iter().any(|w| stands(chars, self.head, w));
        if by_rule
            && ["安排", "规定", "意见", "决定", "通知", "规划"]
                .iter()
                .any(|w| stands(chars, self.end.saturating_sub(2), w))
        {
            return true;
        }
        if self.of_a_case(chars) {
            return true;
        }
        const WHOLE: [&str; 8] = ["着眼", "立足", "瞄准", "紧盯", "紧扣", "本着", "针对", "奔着"];
        // 各乡镇要紧扣课题搞好上下同题: somebody named has to do what stands behind.
        let behind = self.subject.is_some()
            && self.modal
            && self.hits.iter().any(|h| {
                h.is(MAKE | DO)
                    && !h.is(NOISE | OBJECT | EVENT)
                    && h.start > self.head + 4
                    && h.end < self.end
                    && chars[h.end] != '的'
            });
        if WHOLE.iter().any(|w| stands(chars, self.head, w)) && !behind {
            return true;
        }
        // 工作推进中, 调研结束后.
        if self.end - self.body <= 6 && self.subject.is_none() && matches!(chars[self.end - 1], '中' | '后')
        {
            return true;
        }
        if SHORT.contains(&chars[self.end - 1]) && matches!(chars[self.head], '在' | '当' | '从') {
            return true;
        }
        ENDS.iter().any(|w| ending(chars, self.end, w).is_some_and(|from| from > self.head))
    }

    /// Whether something is made a ground on which people are judged.
    pub(super) fn judged(&self, chars: &[char]) -> bool {
        any(chars, self.head, self.end, "考核 评价 选拔 评优 评先 任用")
    }

    /// 做好资金和物资保障: what is to be at hand.
    pub(super) fn secures(&self, chars: &[char], verb: Hit) -> bool {
        ["做好", "落实", "抓好"].iter().any(|w| stands(chars, verb.start, w))
            && stands(chars, self.end.saturating_sub(2), "保障")
    }

    /// 督促工地落实“六个百分百”要求: somebody is made to keep named rules.
    pub(super) fn charges(&self, chars: &[char], verb: Hit) -> bool {
        let made = ["督促", "指导", "组织", "监督"].iter().any(|w| stands(chars, verb.start, w));
        made && chars[verb.end..self.end].iter().any(|c| matches!(c, '“' | '《'))
    }

    /// 能够当下改的, 一时解决不了的: the cases for which the next clause tells what is done.
    pub(super) fn names_case(&self, chars: &[char]) -> bool {
        let long = self.end >= self.body + 5 && self.end <= self.body + MAX_CASE;
        // 局里解决不了的, 一时整改不了的.
        let beyond = stands(chars, self.end.saturating_sub(3), "不了的");
        let begins = self.subject.is_none() && CASES.iter().any(|w| stands(chars, self.head, w));
        self.mark == '，'
            && !self.modal
            && long
            && (beyond || begins && (chars[self.end - 1] == '的' || chars[self.head] == '凡'))
    }

    /// 对虚假整改、纸面整改的, 对检查发现的问题: names the case, and what is asked follows.
    fn of_a_case(&self, chars: &[char]) -> bool {
        if chars[self.head] == '凡' && self.mark == '，' && chars[self.end - 1] == '的' {
            return true;
        }
        let to = chars[self.head] == '对'
            && plain_to(chars, Hit { start: self.head, end: self.head + 1, tags: 0 });
        let last = (self.head..self.end).rev().find(|at| chars[*at] == '的');
        let verb =
            |at: usize| self.hits.iter().any(|h| h.start > at && h.is(MAKE | DO) && !h.is(NOISE | OBJECT));
        to && self.mark == '，' && last.is_some_and(|at| self.end - at <= 9 && !verb(at))
    }
}

//! 到场求职人员520人，达成就业意向的610人; 参加面试的126人，最终有138人通过: more came through than had gone in.

use super::super::reckon::{in_front, same_unit};
use super::super::{Found, exceeds};
use super::counted;
use crate::figures::Mention;
use crate::lexicon::{any, find};

/// How far in front those may stand of whom some came through, in code points.
const FAR: usize = 110;
/// How much more may be told and still be meant of the same.
const MEANT: f64 = 1.6;
/// Who went in, and who came through.
const STEPS: [(&str, &str); 20] = [
    ("毕业生 考生", "参加高考 参加中考"),
    ("征求意见函 征求意见表 征求意见稿", "收到反馈 收回 回收"),
    ("共有 现有 建有 有", "正常开放 正常运行 正常使用"),
    ("笔试", "进入面试 入围面试"),
    ("报名 参赛 参评", "获奖 获评"),
    ("核查 复核 审核 评审", "符合条件 符合政策 审核通过"),
    ("总数 总人数 现有 在册", "参加 参训 参学 应参"),
    ("到场 求职 进场", "达成 签约 签订 录用"),
    ("参加面试 参加考试 参加笔试 参加测试 参考 应考", "通过 合格 录取 录用 入围"),
    ("报名", "录取 录用 入围 入选"),
    ("申请 申报 报送", "通过 批准 获批 入库 入选 立项"),
    ("意见 建议 诉求", "采纳 吸收"),
    ("线索", "查实 立案"),
    ("上站体检 参加体检", "体检合格"),
    ("求职登记", "实现就业 上岗"),
    ("发放问卷 发放调查问卷 发出问卷 发放调查表", "收回 回收"),
    ("参训 参加培训 培训学员", "取得证书 结业 取证 获得证书"),
    ("候选", "当选"),
    ("抽检 抽查", "不合格"),
    ("到期贷款 到期", "收回"),
];
/// Words by which those behind are others.
const OTHER: &str =
    "累计 去年 上年 历年 往年 往届 另 共计 合计 总计 人次 同期 计划 目标 全市 全省 连同 含 包括 结转 以来";

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let part = &mentions[i];
    if !counted(part) {
        return;
    }
    let Some(whole) = in_front(chars, mentions, i, FAR).next() else { return };
    let near = whole.sentence == part.sentence || whole.sentence.1 + 1 == part.sentence.0;
    let apart = chars[whole.end.min(part.start)..part.start].iter().any(|c| matches!(c, '；' | '\n'));
    let (all, some) = (whole.amount(chars), part.amount(chars));
    if !near || apart || some <= all || some > all * MEANT || !same_unit(chars, whole, part) {
        return;
    }
    // A number of another unit in the clause: 召开2场，达成……
    let other = any(chars, part.sentence.0.max(whole.end), part.number.start, OTHER)
        || any(chars, whole.clause.0, whole.number.start, OTHER)
        || any(chars, whole.clause.0, whole.number.start, "其余 剩余 未 仅")
        || find(chars, whole.end.min(part.start), part.start, "其中").is_some();
    let ends = |m: &Mention| m.clause.1.min(m.end + 16).max(m.end);
    let (from, to) = (whole.clause.0.max(whole.sentence.0), ends(whole));
    let step = STEPS.iter().any(|(into, through)| {
        any(chars, from, to, into)
            && any(chars, part.clause.0.max(whole.end), ends(part), through)
            && !any(chars, from, whole.end, through)
    });
    if step && !other {
        exceeds::tell(found, whole, part);
    }
}

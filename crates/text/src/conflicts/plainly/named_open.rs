//! 25个村服务站全部挂牌运行 …… 石门村、长坪村服务站因改建尚未挂牌; 全部12个乡镇均完成了换届 …… 白沙镇因故尚未完成换届: so many all done, and one of them,
//! named, is not.

use super::super::claims::clauses;
use super::super::days::as_of;
use super::super::reckon::{all_han, holds, word_before};
use super::super::{Certainty, ConflictKind, Found};
use super::counted;
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};

/// How far apart both may be told, in code points.
const FAR: usize = 4_000;
/// How far behind the word that says all, or not, its act may stand.
const ACT: usize = 8;
/// The longest name of what is counted.
const NAME: usize = 20;
/// Most statements that are held against one another.
const MOST: usize = 60;
const ALL: [&str; 8] = ["均已", "都已", "已全部", "全部", "悉数", "全都", "均", "都"];
const NOT: [&str; 9] = ["至今没有", "至今未", "尚未", "仍未", "还未", "未能", "还没有", "没有", "仍在"];
/// Words by which something is only wished.
const WISHED: &str =
    "确保 力争 要 将 计划 争取 拟 预计 应 须 督促 推动 下一步 去年 上年 第一批 首批 年底前 月底前";
/// What is done to the last; what has not come to a step of a line has not come to the later ones.
const LINES: [&[&str]; 4] = [
    &["开工", "施工", "完工", "竣工", "建成", "投用", "交付", "投入使用"],
    &["签订", "签约"],
    &["挂牌", "授牌"],
    &["动迁", "搬迁", "入住"],
];
const ACTS: &str = "开工 施工 完工 竣工 建成 投用 交付 投入使用 签订 签约 挂牌 授牌 动迁 搬迁 入住 配备 安装 接入 公示 公开 启用 运行 通车 通水 供水 复工 \
                    换届 备案 归档 验收 改造 拆除 清退 成立 组建 设立 建立 出台 印发 报送 上报 缴纳 兑付 发放 恢复 抢通 到岗";
/// Places of which a list counts so many.
const KINDS: [&str; 20] = [
    "企业",
    "公司",
    "厂",
    "隐患点",
    "村",
    "镇",
    "乡",
    "街道",
    "社区",
    "小区",
    "县",
    "区",
    "水库",
    "学校",
    "小学",
    "中学",
    "卫生院",
    "敬老院",
    "景区",
    "园区",
];

/// 25个村服务站全部挂牌: what is counted, its name, and what was done.
struct Claim<'a> {
    count: &'a Mention,
    name: (usize, usize),
    act: (usize, usize),
    end: usize,
    /// Where its clause ends.
    stop: usize,
}

/// 石门村、长坪村服务站因改建尚未挂牌.
struct Open<'a> {
    clause: (usize, usize),
    kind: &'static str,
    /// What stands between the place and the word for not.
    thing: &'a [char],
    act: (usize, usize),
    still: bool,
}

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let clauses = clauses(chars);
    let claims: Vec<Claim<'_>> =
        clauses.iter().filter_map(|c| claim(chars, mentions, *c)).take(MOST).collect();
    if claims.is_empty() {
        return;
    }
    let open = clauses.iter().filter_map(|c| open(chars, mentions, *c)).take(MOST);
    for open in open {
        let says = |claim: &&Claim<'_>| {
            let near = claim.count.start.abs_diff(open.clause.0) <= FAR;
            let apart = open.clause.1 <= claim.count.start || open.clause.0 >= claim.end;
            near && apart && agree(chars, claim, &open)
        };
        if let Some(claim) = claims.iter().find(says) {
            let mut spans = [(claim.count.start, claim.end), open.clause];
            spans.sort_unstable();
            let reason = "一处称全部完成，另一处点名说还有没有完成的".to_string();
            found.tell(&spans, ConflictKind::AllDoneVsUnfinished, Certainty::Certain, reason);
        }
    }
}

fn act(chars: &[char], from: usize, to: usize) -> Option<(usize, usize)> {
    let at = |word: &'static str| find(chars, from, to, word).map(|at| (at, at + word.chars().count()));
    let listed = ACTS.split_whitespace().filter_map(at).min();
    // 均已更新, 至今没有更新: any word directly behind.
    let plain = || {
        let from = from + usize::from(chars.get(from).is_some_and(|c| matches!(c, '已' | '得' | '按')));
        chars.get(from..from + 2).filter(|word| from + 2 <= to && all_han(word)).map(|_| (from, from + 2))
    };
    listed.or_else(plain)
}

fn claim<'a>(chars: &[char], mentions: &'a [Mention], clause: (usize, usize)) -> Option<Claim<'a>> {
    let from = mentions.partition_point(|m| m.start < clause.0);
    let count = mentions.get(from).filter(|m| m.end < clause.1 && counted(m) && m.number.value > 2.0)?;
    let (at, word) =
        ALL.iter().filter_map(|w| find(chars, count.end, clause.1, w).map(|at| (at, *w))).min()?;
    let act = act(chars, at + word.chars().count(), clause.1.min(at + ACT))?;
    let some = any(chars, clause.0, at, "其余 剩余 除 其他 其它 已有 其中")
        || any(chars, clause.0, clause.1, WISHED);
    let denied = any(chars, at, act.0, "未 没 不");
    let name = (count.end, at);
    (!some && !denied && name.1 - name.0 <= NAME).then_some(Claim {
        count,
        name,
        act,
        end: act.1,
        stop: clause.1,
    })
}

fn open<'a>(chars: &'a [char], mentions: &[Mention], clause: (usize, usize)) -> Option<Open<'a>> {
    let (at, word) =
        NOT.iter().filter_map(|w| find(chars, clause.0, clause.1, w).map(|at| (at, *w))).min()?;
    let still = word == "仍在";
    let act = act(chars, at + word.chars().count(), clause.1.min(at + word.chars().count() + ACT))?;
    let counted =
        mentions[mentions.partition_point(|m| m.start < clause.0)..].iter().take_while(|m| m.start < at);
    if counted.count() > 0
        || any(chars, clause.0, clause.1, WISHED)
        || any(chars, clause.0, at, "凡 对 如 若 经 个别")
    {
        return None;
    }
    // Why it is so says nothing of what it is.
    let to = find(chars, clause.0 + 2, at, "因").unwrap_or(at);
    let (end, kind) = KINDS
        .iter()
        .filter_map(|kind| word_before(chars, clause.0, to, kind).map(|end| (end, *kind)))
        .max_by_key(|(end, kind)| (*end, kind.chars().count()))?;
    let name = &chars[clause.0..end - kind.chars().count()];
    let named = name.len() >= 2
        && all_han(&name[name.len() - 2..])
        && !any(name, name.len() - 2, name.len(), "部分 少数 有的 一些 多数 各 全 该 个 等 行政 我 乡 农 城");
    let thing = &chars[end..to];
    let thing =
        thing.strip_suffix(&['至', '今']).or_else(|| thing.strip_suffix(&['目', '前'])).unwrap_or(thing);
    let plain =
        thing.len() <= NAME / 2 && all_han(thing) && !any(thing, 0, thing.len(), "的 个 由于 部分 和 与");
    (named && plain).then_some(Open { clause, kind, thing, act, still })
}

fn agree(chars: &[char], claim: &Claim<'_>, open: &Open<'_>) -> bool {
    let name = &chars[claim.name.0..claim.name.1];
    // 9个镇街, 9个街镇: a street office is one of them.
    let kind = match open.kind {
        "街道" if holds(name, &['镇', '街']) => "镇街",
        "街道" if holds(name, &['街', '镇']) => "街镇",
        "公司" | "厂" => "企业",
        "乡" | "镇" if holds(name, &['乡', '镇']) => "乡镇",
        kind => kind,
    };
    let of_kind = holds(name, &kind.chars().collect::<Vec<_>>());
    let behind = word_before(chars, claim.name.0, claim.name.1, kind).unwrap_or(claim.name.0);
    // 25个村（社区）服务站 and 长坪村服务站: of one thing, or of none on both sides.
    let rest: Vec<char> = chars[behind..claim.name.1].iter().filter(|c| **c != '的').copied().collect();
    let rest = rest.iter().rposition(|c| *c == '）').map_or(&rest[..], |n| &rest[n + 1..]);
    let same_thing = match (rest, open.thing) {
        ([], []) => true,
        // 18个乡镇均已编制完成国土空间规划 and 白鹭乡规划尚未编制
        ([], thing) => thing.len() < 2 || holds(&chars[claim.end..claim.stop], thing),
        (thing, []) => thing.len() < 2,
        (a, b) => a.len() > 1 && b.len() > 1 && (a.ends_with(b) || b.ends_with(a)),
    };
    let day = as_of(chars, sentence(chars, claim.count.start), claim.end)
        .zip(as_of(chars, sentence(chars, open.clause.0), open.clause.1))
        .is_some_and(|(a, b)| a.1 != b.1);
    of_kind && same_thing && !day && acts_agree(chars, claim, open)
}

/// Where the sentence begins.
fn sentence(chars: &[char], at: usize) -> usize {
    chars[..at].iter().rposition(|c| matches!(c, '。' | '\n')).map_or(0, |n| n + 1)
}

/// Whether what one has not come to is what all have done, or comes before it.
fn acts_agree(chars: &[char], claim: &Claim<'_>, open: &Open<'_>) -> bool {
    let (done, not) = (&chars[claim.act.0..claim.act.1], &chars[open.act.0..open.act.1]);
    let step =
        |line: &[&str], act: &[char]| line.iter().position(|word| word.chars().eq(act.iter().copied()));
    let before = LINES.iter().any(|line| {
        let (a, b) = (step(line, done), step(line, not));
        a.zip(b).is_some_and(|(a, b)| if open.still { b < a } else { b <= a })
    });
    // 签订责任书 and 签订合同 are two things.
    let object = |end: usize| -> Vec<char> {
        let behind = chars[end..].iter().take(4).skip_while(|c| **c == '了');
        behind.take_while(|c| all_han(&[**c])).copied().collect()
    };
    let (a, b) = (object(claim.act.1), object(open.act.1));
    let other = a.len() > 1
        && b.len() > 1
        && !a.windows(2).any(|w| holds(&b, w))
        && !stands(chars, open.act.1, "建设")
        && !stands(chars, claim.act.1, "运行")
        && !stands(chars, claim.act.1, "并");
    before && !other || done == not && !open.still && !other
}

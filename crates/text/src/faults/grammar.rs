//! 的 where 地 or 得 belongs.

use std::sync::LazyLock;

use super::{FaultKind, Found};
use crate::lexicon::{Lexicon, any, stands, words};

/// Words that only say how something is done, in front of a verb.
const HOW: &str = "深刻 清醒 充分 切实 真切 有机 逐项 逐条 逐一 逐个 自觉 认真 及时 扎实 坚决 牢牢 紧紧 不断 原原本本 旗帜鲜明 坚定不移 毫不动摇 持之以恒 实实在在 真真正正 进一步";
/// Verbs that no noun is.
const DONE: &str = "认识到 意识到 感受到 体会到 感觉到 看到 做到 结合起来 统一起来 融入到 运用到 落实到 转化为 给予 投入到 参与到 解决好 抓好 抓实 做好 推进 完成 学习 研究 梳理 排查 整改 加以 予以 提高 贯彻 履行";
/// Verbs whose outcome is judged behind them.
const JUDGED: &str = "听固绷抓做学钻悟走沉想摸盯压改讲谈查挖落管";

/// 深刻的认识到, 逐项的研究, 绷的不够紧.
pub(super) fn particles(found: &mut Found<'_>) {
    static ENDS: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(&[(1, HOW), (2, DONE)]));
    let chars = found.chars;
    for at in (2..chars.len()).filter(|at| chars[*at] == '的') {
        let how = (2..=4)
            .filter_map(|n| at.checked_sub(n))
            .find(|from| ENDS.at_of(chars, *from, at, 1).is_some_and(|h| h.end == at));
        let verb = ENDS.at_of(chars, at + 1, chars.len(), 2);
        if let (Some(from), Some(verb)) = (how, verb) {
            // 认真的学习态度, 及时的排查机制: a noun may follow after all.
            let noun = any(
                chars,
                verb.end,
                (verb.end + 2).min(chars.len()),
                "态度 精神 机制 情况 工作 任务 方案 措施 计划 报告 能力 方法 成果 作风 问题 事项 结果",
            );
            let short = verb.end - verb.start == 2
                && (noun || !chars.get(verb.end).is_some_and(|c| ('\u{4E00}'..='\u{9FFF}').contains(c)));
            // 要扎实的推进，: it has to be done so.
            let asked = how.is_some_and(|from| from > 0 && "要应须能会都".contains(chars[from - 1]))
                && !noun
                && verb.end - verb.start == 2;
            if !short || asked {
                tell(found, (from, verb.end), at, "地");
            }
        } else if JUDGED.contains(chars[at - 1]) && judged_behind(chars, at) {
            tell(found, (at - 1, (at + 3).min(chars.len())), at, "得");
        }
    }
}

/// 抓的不够, 做的越来越糙, 管的松。: what is said of how it was done.
fn judged_behind(chars: &[char], at: usize) -> bool {
    const HOW_WELL: &str = "松紧严细粗糙浅糟";
    let plain = any(chars, at + 1, (at + 3).min(chars.len()), "不够 不深 不实 不细 不严 不紧");
    let more = ["还不牢", "还不够", "还不深", "还不实", "越来越", "还不细", "怎么样", "清清楚楚", "明明白白"]
        .iter()
        .any(|w| stands(chars, at + 1, w));
    let short = chars.get(at + 1).is_some_and(|c| HOW_WELL.contains(*c))
        && chars.get(at + 2).is_some_and(|c| matches!(c, '，' | '。' | '；'))
        && at >= 2
        && "上面里是题识".contains(chars[at - 2]);
    plain || more || short
}

fn tell(found: &mut Found<'_>, (start, end): (usize, usize), at: usize, right: &str) {
    let fixed = words(found.chars, start, at) + right + &words(found.chars, at + 1, end);
    let reason = format!("这里的“的”应作“{right}”");
    found.tell(start, end, FaultKind::WrongChar, "particle", reason, Some(fixed));
}

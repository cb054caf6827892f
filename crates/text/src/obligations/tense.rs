//! Whether a sentence tells how things stand or asks for something.

use std::sync::LazyLock;

use crate::lexicon::{Lexicon, any, find, stands};
use crate::numbers::number_at;

/// Ways in which a sentence says in its first words that it looks back.
const BACK: &str = "截至 截止 去年 今年以来 近年来 前期 前一阶段 前阶段 前段时间 前一段 一段时间以来 开展以来 刚才 上半年，全 \
    期间，共 目前，全 目前全 目前已 从督查 从检查 从督导 从调研 从调度 从掌握 从审计 总的看 总体上看 总体看 但从";
/// Words of a clause that tell of what was done or is so.
const TOLD: &str = "主持召开 先后 同比 环比 仍有 尚有 还有个 仍存在 还存在 依然存在 均已 至今 尚未 得到了 取得了 涌现出 \
    有的同志 有的单位 有的地方 有的乡镇 有的部门 有的干部 有的村 一些地方 一些单位 一些干部 一些同志 少数单位 少数干部 个别单位 个别干部 \
    个别同志 不够到位 不够深入 不够扎实 不够有力 不平衡 不到位，仍 落后于 经核查 经排查 都在加班 正在加班 共确定";

/// Whether the sentence lays something on somebody: 要, 必须, 务必 and the like, not 重要 or 要求.
pub(crate) fn asks(chars: &[char], start: usize, end: usize) -> bool {
    let word = |at: usize| {
        let next = chars.get(at + 1).copied().unwrap_or('。');
        let before = if at > start { chars[at - 1] } else { '。' };
        !"求点素么害义领件紧闻塞道冲".contains(next) && !"重主需首只纪摘概简扼紧".contains(before)
    };
    (start..end).any(|at| chars[at] == '要' && word(at))
        || any(chars, start, end, "必须 应当 务必 请 力争 确保 严禁 不得 下一步 接下来 将于 将在")
}

/// Whether the sentence only tells: it asks nothing, and looks back or counts what was done.
pub(crate) fn told(chars: &[char], start: usize, end: usize) -> bool {
    let attends = ["要看到", "要清醒", "要认识到", "必须引起", "要正视", "需要引起"];
    let asked = asks(chars, start, end) && !attends.iter().any(|w| find(chars, start, end, w).is_some());
    !asked
        && (looks_back(chars, start, end)
            || any(chars, start, end, TOLD)
            || sums(chars, start, end)
            || counts(chars, start, end))
}

/// 为群众办理实事580余件, 帮助216家企业解决了困难: about so many, or done, with nothing asked and no day ahead.
pub(crate) fn reports(chars: &[char], start: usize, end: usize) -> bool {
    let mut counted = false;
    let mut about = false;
    let mut at = start;
    while at < end {
        let Some(number) = number_at(chars, at).filter(|n| !n.han && n.end <= end) else {
            at += 1;
            continue;
        };
        let next = chars.get(number.end).copied().unwrap_or('。');
        counted |= !"年月日号：:".contains(next);
        about |= matches!(next, '余' | '多') && chars.get(number.end + 1) != Some(&'元');
        at = number.end;
    }
    let done = || {
        (start + 2..end.saturating_sub(2)).any(|i| {
            chars[i] == '了' && "决成现到起出立好完办".contains(chars[i - 1]) && chars[i + 1] != '就'
        })
    };
    counted
        && (about || done())
        && !asks(chars, start, end)
        && !any(chars, start, end, "日前 底前 月底 年底 年内 旬前 每月 每周 每季 每年")
}

/// 累计走访320户, not 累计不少于15天.
fn sums(chars: &[char], start: usize, end: usize) -> bool {
    any(chars, start, end, "累计") && !any(chars, start, end, "不少于 不低于 至少")
}

/// 今年前4个月, 今年1至4月, 一季度，全县, 近三年.
fn looks_back(chars: &[char], start: usize, end: usize) -> bool {
    let head = (start + 12).min(end);
    let first = (start..head).find(|at| !chars[*at].is_whitespace()).unwrap_or(start);
    let months =
        ["今年前", "今年1", "1至", "1—", "1-", "近三年", "近两年", "近几年", "过去", "一年来", "年初以来"];
    any(chars, start, head, BACK)
        || months.iter().any(|w| stands(chars, first, w)) && !any(chars, first, head, "日前 底前")
        || chars[start..head].windows(2).any(|w| w == ['以', '来'] || w == ['天', '来'] || w == ['月', '来'])
}

/// 共下发图斑137个, 已拆除25个, 存在问题的有9个: a number behind a word that sums up what is so.
fn counts(chars: &[char], start: usize, end: usize) -> bool {
    (start..end).any(|at| {
        let sums = match chars[at] {
            '共' => !chars.get(at + 1).is_some_and(|c| "同享建产治识".contains(*c)),
            '已' => true,
            '仅' | '仍' => true,
            _ => false,
        };
        let stop = (at + 12).min(end);
        sums && (at + 1..stop).any(|i| {
            number_at(chars, i).is_some_and(|n| !matches!(chars.get(n.end), Some('月' | '日' | '年')))
        })
    })
}

/// A rate with its value told plainly, as no target is: 整改率61%.
pub(crate) fn bare_rate(chars: &[char], start: usize, end: usize) -> bool {
    let Some(rate) = find(chars, start, end, "率") else { return false };
    let number = number_at(chars, rate + 1);
    number.is_some_and(|n| matches!(chars.get(n.end), Some('%' | '％')) && n.end + 1 == end)
}

/// What is found, taken in or brought to an end: a count right behind such a word was counted.
const COUNTED: &str = "受理 收到 接到 查处 查实 查出 发现 发现问题 检视出 排查出 排查 梳理出 移交 追回 追缴 收回 退还 退回 清退 处分 立案 化解 调处 派出 办结 审结 收案 盘活 拨付 上缴 征求到 收集到 走访 听取 兑现 家访 处理处分 涉及 投入 完成 销号 反馈 反馈问题 整改 整改到位 处置";
/// Days and rhythms that lie ahead.
const AHEAD: &str = "日前 底前 月前 年前 年内 以前 之前 之内 以内 每月 每周 每季 每年 每名 每个 每人 每户 不少于 至少 不低于 不超过 明年 下个月 下月 将派 将召 将组 将开 将对 将会 将按 将选 将举 将建 将安";
/// From how many numbers on a paragraph is an account of what was done, where one sentence of it says so and nothing is asked.
const MANY: usize = 4;

/// 县委派出6个调查组，跑了48个村，听了520名群众的意见: told as done by its verbs, with nothing asked and no day ahead.
pub(crate) fn narrates(chars: &[char], start: usize, end: usize) -> bool {
    (done_there(chars, start, end) || year_there(chars, start, end)) && !looks_ahead(chars, start, end)
}

/// The same, also by what is counted behind words that only tell: 受理信访举报96件. A demand may be told so as well.
pub(crate) fn recounts(chars: &[char], start: usize, end: usize) -> bool {
    narrates(chars, start, end) || counted_there(chars, start, end) && !looks_ahead(chars, start, end)
}

/// Whether something is asked or a day ahead is named.
fn looks_ahead(chars: &[char], start: usize, end: usize) -> bool {
    static WORDS: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(&[(1, AHEAD)]));
    (start..end).any(|at| WORDS.at(chars, at, end).is_some()) || asks(chars, start, end)
}

/// 今年支部组织集中学习24次: a stretch of time that is told of, and a count behind it.
fn year_there(chars: &[char], start: usize, end: usize) -> bool {
    const TIMES: [&str; 8] = ["今年", "去年", "上半年", "全年", "这学期", "本学期", "这一年", "前三季度"];
    let at = (start..(start + 12).min(end)).find(|at| TIMES.iter().any(|w| stands(chars, *at, w)));
    let Some(at) = at else { return false };
    !any(chars, start, end, "计划 拟 目标 任务 打算 准备 安排 年底 底前")
        && (at + 2..end).any(|i| {
            chars[i].is_ascii_digit()
                && !chars[i - 1].is_ascii_digit()
                && number_at(chars, i).is_some_and(|n| !matches!(chars.get(n.end), Some('月' | '日' | '年')))
        })
}

/// Whether a whole paragraph gives an account: it tells of something done, with many numbers, and asks nothing.
pub(crate) fn accounts(chars: &[char], start: usize, end: usize) -> bool {
    let begins =
        |at: &usize| chars[*at].is_ascii_digit() && !chars[at - 1].is_ascii_digit() && chars[at - 1] != '.';
    (start + 1..end).filter(begins).nth(MANY - 1).is_some() && recounts(chars, start, end)
}

/// 跑了, 收到过: something done, by the little word behind the verb.
fn done_there(chars: &[char], start: usize, end: usize) -> bool {
    (start + 1..end).any(|at| {
        let (front, next) = (chars[at - 1], chars.get(at + 1).copied().unwrap_or('。'));
        match chars[at] {
            '了' => !"为除罢极明得不".contains(front) && !"解然却结算".contains(next),
            '过' => "跑看讲找来去开办查听问谈到做".contains(front) && !"程于关渡得".contains(next),
            _ => false,
        }
    })
}

/// 受理信访举报96件: a count behind what is only told as done.
fn counted_there(chars: &[char], start: usize, end: usize) -> bool {
    let digits = |at: usize| {
        let stop = (at + 9).min(end);
        let near = (at..stop).take_while(|i| !matches!(chars[*i], '，' | '、' | '；' | '率' | '于'));
        near.filter(|i| chars[*i].is_ascii_digit()).any(|i| {
            number_at(chars, i).is_some_and(|n| !matches!(chars.get(n.end), Some('月' | '日' | '年')))
        })
    };
    static WORDS: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(&[(1, COUNTED)]));
    // Most sentences hold no digit at all.
    chars[start..end].iter().any(char::is_ascii_digit)
        && (start..end).any(|at| WORDS.at(chars, at, end).is_some_and(|word| digits(word.end)))
}

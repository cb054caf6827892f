//! What part of a speech a paragraph is: only some parts lay down what shall be done.

use crate::lexicon::{any, find};
use crate::segment::{Mark, Numbering};

/// What a paragraph is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zone {
    /// Before the speaker comes to the points: greeting, occasion, what was done.
    Preface,
    /// What is asked.
    Tasks,
    /// What was achieved, what is wrong, why it matters.
    Account,
    /// What is to be reached, in general.
    Aim,
    /// The close of the speech.
    Closing,
}

/// How a document speaks of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Genre {
    /// Tells of work done.
    Report,
    /// Lays down work, after telling of some.
    Speech,
    /// Anything else.
    Other,
}

/// The genre, by title, opening words and whether the speaker comes to points.
fn genre(chars: &[char], title: (usize, usize), pivot: bool) -> Genre {
    let head = title.1.min(title.0 + 80);
    let opening = chars.len().min(title.1 + 800);
    let names = "汇报 情况报告 工作总结 通报 简报 专报 进展情况 情况的报告 小结 工作情况 信息 纪实";
    if any(chars, title.0, head, names)
        || any(chars, title.0, head, "反馈意见 情况反馈") && !any(chars, title.0, head, "整改 方案 落实")
        || any(chars, title.0, opening, "汇报如下 报告如下 总结如下 通报如下 反馈如下 情况如下")
    {
        return Genre::Report;
    }
    if pivot { Genre::Speech } else { Genre::Other }
}

/// A line of the text with its part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paragraph {
    pub start: usize,
    pub end: usize,
    pub zone: Zone,
    /// Whether the line is a heading and nothing else.
    pub heading: bool,
    /// Whether it is a numbered item of a plan or a notice.
    pub plain: bool,
}

/// Words in the titles of documents that lay down work item by item; a lecture or a study has none of them.
const ORDERS: &str = "方案 通知 要点 意见 办法 计划 纪要 分工 清单 决定 措施";

/// Longest heading on a line of its own, in code points.
const MAX_HEADING: usize = 60;

/// Cuts a text into lines and tells its genre and each line's part.
pub(crate) fn paragraphs(chars: &[char], numbers: &[Numbering]) -> (Genre, Vec<Paragraph>) {
    let mut lines = Vec::new();
    let mut start = 0;
    for at in 0..=chars.len() {
        if at == chars.len() || chars[at] == '\n' {
            if chars[start..at].iter().any(|c| !c.is_whitespace()) {
                lines.push((start, at));
            }
            start = at + 1;
        }
    }
    let pivot = lines.iter().position(|(s, e)| pivot(chars, *s, *e).is_some());
    let genre = genre(chars, lines.first().copied().unwrap_or((0, 0)), pivot.is_some());
    let mut zone = match genre {
        Genre::Report => Zone::Account,
        Genre::Speech => Zone::Preface,
        Genre::Other => Zone::Tasks,
    };
    let mut out: Vec<Paragraph> = Vec::new();
    let mut seen = false;
    let title = lines.first().copied().unwrap_or((0, 0));
    let orders = genre == Genre::Other && any(chars, title.0, title.1, ORDERS);
    for (i, &(start, end)) in lines.iter().enumerate() {
        let first = numbers.partition_point(|n| n.span.start < start);
        let number = numbers.get(first).filter(|n| n.span.start < start + 4 && n.line_start);
        let top = number.is_some_and(|n| matches!(n.mark, Mark::Han | Mark::Ordinal));
        let heading_end = heading_end(chars, start, end);
        let heading =
            end - start <= MAX_HEADING && !chars[start..end].iter().any(|c| matches!(c, '；' | '：'));
        if top {
            zone = part(chars, start, heading_end, genre);
        } else if genre == Genre::Report && ahead(chars, start, (start + 12).min(end)) {
            zone = Zone::Tasks;
        }
        let closing = i + 3 >= lines.len()
            && any(chars, start, (start + 8).min(end), "同志们 最后 谢谢 我就讲")
            && i > 2;
        let here = if closing { Zone::Closing } else { zone };
        seen |= top;
        let plain = orders && (number.is_some() || seen && !heading);
        out.push(Paragraph { start, end, zone: here, heading, plain });
        if pivot == Some(i) && !top && genre == Genre::Speech {
            zone = Zone::Tasks;
        }
    }
    (genre, out)
}

/// The end of the first sentence of a line.
fn heading_end(chars: &[char], start: usize, end: usize) -> usize {
    (start..end).find(|at| chars[*at] == '。').unwrap_or(end)
}

/// Whether a report comes to what will be done.
fn ahead(chars: &[char], start: usize, end: usize) -> bool {
    any(
        chars,
        start,
        end,
        "下一步 下步 今后 接下来 下阶段 下一阶段 下半年 下季度 明年工作 来年 工作打算 工作安排 重点工作安排 工作计划 努力方向 工作建议 意见建议 意见和建议 整改意见 整改要求",
    )
}

/// What a section is for, by its heading.
fn part(chars: &[char], start: usize, end: usize, genre: Genre) -> Zone {
    if genre == Genre::Report {
        let measures = end - start <= 15 && any(chars, start, end, "整改措施 改进措施 整改方向 今后措施");
        return if measures || ahead(chars, start, end) { Zone::Tasks } else { Zone::Account };
    }
    let aims = "工作目标 总体目标 主要目标 目标要求 指导思想 总体要求 总体思路 基本原则 工作原则";
    if end - start <= 12 && any(chars, start, end, aims) {
        return Zone::Aim;
    }
    let told = "存在的问题 存在问题 主要问题 工作情况 开展情况 进展情况 完成情况 落实情况 基本情况 总体情况 情况通报 主要成效 主要做法 紧迫感 看清形势 认清形势 肯定成绩 正视问题 正视差距";
    if any(chars, start, end, told) && !any(chars, start, end, "解决 整改 检查 报送") {
        return Zone::Account;
    }
    if any(chars, start, end, "确保 坚持 聚焦 扎实 进一步 全力 推动") && !any(chars, start, end, "认识")
    {
        return Zone::Tasks;
    }
    let account = "交出了 成绩单 合格答卷 满意答卷 见行见效 开局良好 来之不易 基本经验 经验启示 取得 成绩 回顾 重要意义 重大意义 深刻认识 充分认识 提高认识 思想认识 提高政治站位 统一思想 主要特点 主要做法 存在的问题 存在问题 重要性 必要性 紧迫性";
    if any(chars, start, end, account) { Zone::Account } else { Zone::Tasks }
}

/// Where the speaker comes to the points: 下面，我讲三点意见.
pub(crate) fn pivot(chars: &[char], start: usize, end: usize) -> Option<usize> {
    let lead = ["下面", "接下来", "就做好", "在这里", "借此机会", "这里", "我就讲", "我只讲"]
        .iter()
        .find_map(|w| find(chars, start, end, w))?;
    let stop = (lead + 80).min(end);
    let says = any(chars, lead, stop, "讲 强调 谈 提 说 安排");
    let count = any(
        chars,
        lead,
        stop,
        "点意见 几点 方面 点要求 个方面 意见 点建议 点： 两点 三点 四点 五点 六点 几点 个问题 件事 句话",
    );
    (says && count).then_some(lead)
}

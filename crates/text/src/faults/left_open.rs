//! Where a quote, a title or a bracket that was opened and never closed most likely ends: “一张进度表的办法, 《……整改方案，.

use super::{FaultKind, Found, han};
use crate::lexicon::{stands, words};

/// How far behind its beginning the end is looked for, in code points.
const REACH: usize = 60;
/// How much of it is shown where no end is plain.
const SHOWN: usize = 8;
/// What a quote is the name of: “……”的办法. Behind one of these words without 的 a short name ends as well: “回头看”工作.
const NAMED: &str = "办法 要求 模式 工作 目标 理念 原则 精神 机制 做法 思路 问题 现象 工程 行动 活动 标准 方针 号召 口号 说法 教育 制度 格局 体系 方式 意识 氛围 责任 态度 方法 路径 理由 名义 心态 思想 倾向 清单 平台 服务 课堂 经验";
/// With what the name of a document ends.
const DOCUMENTS: &str = "通知 意见 方案 办法 规定 条例 规划 纲要 决定 报告 细则 制度 清单 准则 规程 规范 标准 通报 公告 章程 法 指南 计划 预案 手册";
/// The longest name that stands in quotes in front of what it is the name of, in code points.
const SHORT: usize = 8;

/// Tells a mark that is not closed in its paragraph, from it to where it most likely should be.
pub(super) fn tell(found: &mut Found<'_>, at: usize, end: usize, (open, close): (char, char), name: &str) {
    let chars = found.chars;
    let reach = (at + REACH).min(end);
    let guess = match open {
        '“' => quote(chars, at, reach),
        '《' => title(chars, at, reach),
        _ => None,
    };
    let reason = format!("{name}没有配对：只有“{open}”没有“{close}”");
    let to = guess.unwrap_or((at + SHOWN).min(end));
    let fix = guess.map(|to| format!("{}{close}", words(chars, at, to)));
    found.tell(at, to, FaultKind::Quotes, "not closed", reason, fix);
}

fn stops(c: char) -> bool {
    matches!(c, '，' | '。' | '；' | '！' | '？' | '：' | '\n')
}

/// Where a quote ends: what somebody says with its sentence, a name in front of what it is the name of, anything else with its clause.
fn quote(chars: &[char], at: usize, reach: usize) -> Option<usize> {
    let said = at > 0 && matches!(chars[at - 1], '：' | '说' | '道');
    let begin = at + 2;
    // ”纸面整改“。: it was meant to close.
    if chars.get(at + 1).is_none_or(|c| stops(*c) || matches!(c, '、' | '的')) {
        return None;
    }
    let named = |from: usize| NAMED.split(' ').any(|word| stands(chars, from, word));
    let sentence = (at..reach).find(|to| matches!(chars[*to], '。' | '；' | '\n')).unwrap_or(reach);
    let of = (begin..sentence).find(|to| chars[*to] == '的' && named(to + 1) || chars[*to] == '“');
    if let Some(of) = of.filter(|of| !said && chars[*of] == '的') {
        return Some(of);
    }
    for to in begin..reach {
        if said {
            if matches!(chars[to], '。' | '！' | '？') {
                return Some(to + 1);
            }
            continue;
        }
        if stops(chars[to]) {
            return Some(to);
        }
        if to - at <= SHORT && named(to) && chars[at + 1..to].iter().all(|c| han(Some(c))) && to > begin {
            return Some(to);
        }
    }
    None
}

/// Where the title of a document ends: behind the last word of its clause that such a title ends with.
fn title(chars: &[char], at: usize, reach: usize) -> Option<usize> {
    let stop = (at + 1..reach).find(|to| stops(chars[*to]) || matches!(chars[*to], '《' | '、'))?;
    let ends = |to: &usize| {
        DOCUMENTS.split(' ').any(|word| {
            let length = word.chars().count();
            *to > at + 2 + length && stands(chars, *to - length, word)
        })
    };
    (at + 4..=stop).rev().find(ends).or(Some(stop))
}

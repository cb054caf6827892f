//! What a download or a print left in a text: advertising, addresses, numbers of pages.

use std::sync::LazyLock;

use super::words::TRACES;
use super::{FaultKind, Found};
use crate::lexicon::{Lexicon, any};

/// All words of the list are of one class.
const ONE: u32 = 1;

/// Advertising, addresses and other traces of a download.
pub(super) fn residue(found: &mut Found<'_>) {
    let chars = found.chars;
    static KNOWN: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(&[(ONE, TRACES)]));
    let mut last = 0;
    for at in 0..chars.len() {
        if at < last {
            continue;
        }
        if let Some(end) = page_number(chars, at) {
            let reason = "残留页码".to_string();
            found.tell(at, end, FaultKind::Residue, "page number", reason, Some(String::new()));
            last = end;
        } else if let Some(hit) = KNOWN.at(chars, at, chars.len()).filter(|_| !in_address(chars, at)) {
            last = hit.end;
            // One address or one line of advertising is one record.
            while let Some(next) = goes_on(chars, last, &KNOWN) {
                last = next;
            }
            found.tell(
                at,
                last,
                FaultKind::Residue,
                "trace of a download",
                "残留网址、广告或下载痕迹".to_string(),
                Some(String::new()),
            );
        }
    }
}

/// Where it goes on behind a trace: an address, or another trace with next to nothing between, 【打印本页】【关闭窗口】.
fn goes_on(chars: &[char], at: usize, known: &Lexicon) -> Option<usize> {
    /// How many characters may stand between two traces.
    const BETWEEN: usize = 4;
    if chars.get(at)?.is_ascii_graphic() {
        return Some(at + 1);
    }
    let breaks = |c: &char| matches!(c, '\n' | '。' | '！' | '；' | '，');
    let near = (at..=at + BETWEEN).take_while(|to| *to == at || !chars.get(to - 1).is_none_or(breaks));
    near.into_iter().find_map(|to| known.at(chars, to, chars.len())).map(|hit| hit.end)
}

/// 更多公文范文请关注公众号领取。 and 上一篇：没有了 下一篇：没有了: sentences of those who spread a text, and not of it.
pub(super) fn advertising(found: &mut Found<'_>) {
    let chars = found.chars;
    let told = found.taken(FaultKind::Residue);
    let ends = |c: &char| matches!(c, '\n' | '。' | '！' | '；');
    let mut start = 0;
    for end in (0..=chars.len()).filter(|at| chars.get(*at).is_none_or(ends)) {
        let (from, to) = (start, end);
        start = end + 1;
        let says = |words: &str| any(chars, from, to, words);
        let follow = || {
            says("公众号 微信号 小程序")
                && says("请关注 欢迎关注 敬请关注 关注领取 关注公众号 领取 点赞 扫码 搜索关注")
                && says("更多 请 欢迎 领取 点赞")
                // 请群众关注公众号“云溪发布”: an office asks for it as well, and names its own.
                && !says("干部 群众 市民 职工 各单位 各乡镇 广大 引导 宣传 推广 开通 发布")
        };
        let pages = || says("上一篇") && says("下一篇");
        // 【来源：某网　分享到：微信　微博】, （责任编辑：小陈　字号：大　中　小）
        let bracketed = || {
            chars.get(from).is_some_and(|c| "【［[（(〔".contains(*c)) && "】］]）)〕".contains(chars[to - 1])
        };
        let printed =
            || bracketed() && says("责任编辑 责编： 字号： 分享到 点击数 浏览次数 阅读次数 打印本页 来源：");
        let short = to > from && to - from <= ADVERTISING_MAX;
        if short && (printed() || follow() || pages()) && !told[from..to].contains(&true) {
            let reason = "残留网址、广告或下载痕迹".to_string();
            found.tell(from, to, FaultKind::Residue, "advertising", reason, Some(String::new()));
        }
    }
}

/// The longest sentence of advertising, in code points.
const ADVERTISING_MAX: usize = 60;

/// 第4页 共12页 as a line by itself.
fn page_number(chars: &[char], at: usize) -> Option<usize> {
    let begins = at == 0 || chars[at - 1] == '\n';
    if !begins || chars[at] != '第' {
        return None;
    }
    let line: String = chars[at..].iter().take(24).take_while(|c| **c != '\n').collect();
    let plain: String = line.chars().filter(|c| !c.is_whitespace() && !"，,/、".contains(*c)).collect();
    let of = plain.strip_prefix('第')?.trim_start_matches(|c: char| c.is_ascii_digit());
    let total = of.strip_prefix("页共")?.trim_start_matches(|c: char| c.is_ascii_digit());
    (total == "页").then(|| at + line.trim_end().chars().count())
}

/// Longest address of mail that is looked for in front of its end, in code points.
const ADDRESS_MAX: usize = 64;

/// 邮箱：bgs@yunxi.com: an address of mail is meant to stand there.
fn in_address(chars: &[char], at: usize) -> bool {
    let word = chars[at.saturating_sub(ADDRESS_MAX)..at].iter().rev().take_while(|c| c.is_ascii_graphic());
    word.into_iter().any(|c| *c == '@')
}

//! Words that say how, not when: at once, for good, some time, done already, roughly.

/// Wording that means "begin and finish at once".
pub(super) const IMMEDIATE: [&str; 31] = [
    "立行立改",
    "立整立改",
    "立查立改",
    "即知即改",
    "即查即改",
    "即行即改",
    "即交即办",
    "即接即办",
    "立知立改",
    "立说立行",
    "边审边改",
    "边查边改",
    "边督边改",
    "边整边改",
    "边学边改",
    "边巡边改",
    "边检边改",
    "立即",
    "立刻",
    "马上",
    "即刻",
    "即行",
    "即时",
    "随即",
    "当场",
    "现场整改",
    "第一时间",
    "立改",
    "即改",
    "从速",
    "火速",
];

/// Wording that means "for good": no end, proof again and again.
pub(super) const CONTINUOUS: [&str; 24] = [
    "长期坚持",
    "长期整改",
    "长期推进",
    "长期落实",
    "长期执行",
    "长期",
    "持续",
    "常态化",
    "常态",
    "经常性",
    "长效",
    "不间断",
    "永久",
    "一直坚持",
    "始终坚持",
    "常抓不懈",
    "坚持不懈",
    "并坚持",
    "坚持下去",
    "常年",
    "贯穿始终",
    "不断推进",
    "滚动推进",
    "久久为功",
];

/// What may follow 持续 or 长期 without meaning a duty for good.
pub(super) const UNTIL: [&str; 4] = ["至", "到", "时间", "目标"];

/// Wording that asks for a limit without giving one.
pub(super) const UNSPECIFIED: [&str; 29] = [
    "限期",
    "尽快",
    "尽早",
    "尽量",
    "抓紧",
    "及时",
    "近期",
    "近日",
    "适时",
    "择期",
    "择机",
    "待定",
    "另行",
    "视情",
    "未定",
    "未明确",
    "不定",
    "按要求",
    "按期",
    "按时",
    "规定时间",
    "规定期限",
    "规定时限",
    "短期",
    "中期",
    "早日",
    "待研究",
    "时限不明",
    "根据实际",
];

/// A cell that says there is nothing.
pub(super) const NOTHING: [&str; 14] =
    ["无", "-", "/", "\\", "空", "暂无", "未填", "不详", "没有", "none", "n/a", "N/A", "null", "?"];

/// Wording that reports instead of promising.
pub(super) const DONE: [&str; 8] =
    ["已完成", "已整改", "已办结", "已销号", "已落实", "已解决", "已到位", "已全部"];

/// What is done again and again after a milestone.
pub(super) const REPEATED_AFTER: [&str; 5] = ["以后每", "此后每", "之后每", "今后每", "完成后每"];

/// Wording of an estimate: no commitment before a person confirms it.
pub(super) const ESTIMATE: [&str; 10] =
    ["预计", "预期", "估计", "预估", "有望", "暂定", "大概", "大约", "初步", "预测"];

/// Units beside which a placeholder such as X stands for a number nobody filled in.
pub(super) const PLACEHOLDER_UNITS: [char; 9] = ['年', '月', '日', '天', '个', '周', '季', '号', '旬'];

/// Whether a placeholder (X月X日, __日) was left in.
pub(super) fn has_placeholder(folded: &[char]) -> bool {
    folded.windows(2).any(|pair| {
        matches!(pair[0], 'x' | 'X' | '×' | '*' | '_' | '□' | '△' | 'N' | 'n' | '?')
            && PLACEHOLDER_UNITS.contains(&pair[1])
    })
}

/// Where the first of the words stands, in characters.
pub(super) fn first(folded: &str, words: &[&str]) -> Option<usize> {
    words.iter().filter_map(|word| folded.find(word)).min().map(|bytes| folded[..bytes].chars().count())
}

/// Where a duty for good is laid on, in characters; 持续到 is none.
pub(super) fn continuous(folded: &str) -> Option<usize> {
    CONTINUOUS
        .iter()
        .flat_map(|word| folded.match_indices(word))
        .filter(|(at, word)| !UNTIL.iter().any(|until| folded[at + word.len()..].starts_with(until)))
        .filter(|(at, word)| !(*word == "长期" && folded[..*at].ends_with('中')))
        .map(|(at, _)| folded[..at].chars().count())
        .min()
}

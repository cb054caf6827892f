//! How much an obligation asks for: the number, its unit, and whether it is a bound.

use crate::lexicon::{any, stands, words};
use crate::numbers::number_at;

/// Units that count something asked for. Longer ones first.
const UNITS: &[&str] = &[
    "人次",
    "场次",
    "批次",
    "小时",
    "学时",
    "课时",
    "个月",
    "个工作日",
    "个星期",
    "个百分点",
    "亿元",
    "万元",
    "万户",
    "万人",
    "公里",
    "平方米",
    "次",
    "场",
    "篇",
    "户",
    "名",
    "件",
    "条",
    "项",
    "份",
    "个",
    "家",
    "堂",
    "期",
    "周",
    "天",
    "遍",
    "轮",
    "节",
    "人",
    "本",
    "处",
    "亩",
    "元",
    "批",
    "类",
    "支",
    "所",
    "座",
    "间",
    "册",
    "起",
    "台",
    "套",
    "辆",
    "棵",
    "株",
    "吨",
    "盏",
    "张",
    "对",
    "组",
    "队",
    "%",
    "％",
];
/// Words behind a count that make it a count of methods or aspects.
const NOT_COUNTED: &str =
    "方面 阶段 步骤 方式 种方式 环节 原则 维度 层面 关系 关键 大局 大领域 领域 字 种 张清单";

/// 一个, 一份 count only behind words that ask for so many; 一次, 一场 always do.
fn counts_one(chars: &[char], start: usize, number: usize, unit: &str) -> bool {
    const PEOPLE: &str = "认领 领办 选准 选定 选取 选择 调研 牵头 明确 确定 配 包 固定 聘请 配备 指定 安排 选派 落实 联系 解决 包抓 领办 派 推荐 推选";
    const PAPERS: &str = "写出 写 列出 制定 汇编 汇编成 印发 各拿出 拿出 提交 形成 编印 编写 撰写 报送 上报 编制 起草 制作 提供 交 完成";
    let behind = |words: &str| any(chars, number.saturating_sub(3).max(start), number, words);
    match unit {
        "名" | "个" => behind(PEOPLE),
        "份" | "本" | "册" | "张" => behind(PAPERS),
        _ => {
            matches!(unit, "次" | "场" | "篇" | "周" | "天" | "遍" | "轮" | "堂" | "期" | "户" | "件" | "节")
        }
    }
}

/// Where a range ends whose lower bound ends at `at`: 3至5个, 1—2名.
fn upper_bound(chars: &[char], at: usize) -> Option<usize> {
    let link = chars.get(at).is_some_and(|c| matches!(c, '至' | '到' | '—' | '-' | '～' | '~'));
    number_at(chars, at + 1).filter(|_| link).map(|upper| upper.end)
}

/// How much is asked for.
pub(super) struct Count {
    pub(super) value: f64,
    pub(super) unit: String,
    /// `>=`, `>` or `<=` where the number is a bound.
    pub(super) comparator: Option<&'static str>,
    /// Whether times or a stretch of time are counted.
    pub(super) event: bool,
}

impl Count {
    /// Whether a stretch of time is counted: 为期5天.
    pub(super) fn stretch(&self) -> bool {
        matches!(self.unit.as_str(), "天" | "周" | "个月" | "个工作日" | "个星期" | "小时" | "学时" | "课时")
    }
}

/// The first count of the span.
pub(super) fn count(chars: &[char], start: usize, end: usize) -> Option<Count> {
    let mut at = start;
    let mut quoted = false;
    while at < end {
        quoted = match chars[at] {
            '“' | '《' => true,
            '”' | '》' => false,
            _ => quoted,
        };
        if quoted {
            at += 1;
            continue;
        }
        let Some(number) =
            number_at(chars, at).filter(|_| at == 0 || !matches!(chars[at - 1], '第' | '“' | '《' | '每'))
        else {
            at += 1;
            continue;
        };
        at = number.end;
        // 3至5个: at least so many are asked for.
        let mut to = upper_bound(chars, number.end).unwrap_or(number.end);
        while to < end && matches!(chars[to], '多' | '余') {
            to += 1;
        }
        let big = matches!(chars.get(to), Some('万' | '亿'));
        let Some(unit) = UNITS.iter().find(|u| stands(chars, to, u) || big && stands(chars, to + 1, u))
        else {
            continue;
        };
        let unit_end = to + unit.chars().count() + usize::from(big && !stands(chars, to, unit));
        if number.han && number.value == 1.0 && !counts_one(chars, start, number.start, unit) {
            continue;
        }
        let behind = (unit_end + 4).min(end);
        // 二期标准厂房 is the second of them.
        if number.han
            && (*unit == "批"
                || *unit == "期" && chars.get(unit_end).is_some_and(|c| "标工项厂建改".contains(*c)))
        {
            continue;
        }
        if matches!(*unit, "组" | "队") && numbered_part(chars, start, number.start) {
            continue;
        }
        // 年初确定的十件民生实事: a set that has its name.
        if number.han && named_set(chars, start, number.start) {
            continue;
        }
        if number.han && number.value == 0.5 && !matches!(*unit, "天" | "周" | "个月") {
            continue;
        }
        if any(chars, number.end, behind, NOT_COUNTED)
            || chars.get(number.end) == Some(&'月')
            || unit_end > end
        {
            continue;
        }
        let before = number.start.saturating_sub(4).max(start);
        if condition(chars, &number, unit, (unit_end, end), before) {
            continue;
        }
        let comparator = comparator(chars, (before, number.start), (unit_end, end));
        let event = matches!(
            *unit,
            "次" | "场" | "篇" | "份" | "本" | "周" | "堂" | "期" | "遍" | "轮" | "节" | "天"
        );
        return Some(Count { value: number.value, unit: words(chars, to, unit_end), comparator, event });
    }
    None
}

/// 望月村三组, 云溪社区2队: the third part of a place, no three of them.
fn numbered_part(chars: &[char], start: usize, number: usize) -> bool {
    let before = |back: usize| number.checked_sub(back).filter(|at| *at >= start).map(|at| chars[at]);
    before(1).is_some_and(|c| "村乡镇区庄屯寨".contains(c))
        && before(2).is_some_and(|c| !"各每全本".contains(c))
}

/// Whether the words in front say that the set is known: 年初承诺的, 票决的, 上述.
fn named_set(chars: &[char], start: usize, number: usize) -> bool {
    const KNOWN: [&str; 10] =
        ["确定的", "承诺的", "票决的", "公布的", "部署的", "明确的", "列出的", "提出的", "上述", "前述"];
    KNOWN.iter().any(|w| {
        let from = number.saturating_sub(w.chars().count());
        from >= start && stands(chars, from, w)
    })
}

/// 一遍, 两轮, 3次: where a count of times ends.
pub(super) fn times(chars: &[char], start: usize, end: usize) -> Option<usize> {
    (start..end).find_map(|at| {
        let number = number_at(chars, at).filter(|n| n.end < end)?;
        "遍轮次趟".contains(chars[number.end]).then_some(number.end + 1)
    })
}

/// Whether the count is a bound, by the words in front of it and behind its unit.
fn comparator(chars: &[char], front: (usize, usize), (to, end): (usize, usize)) -> Option<&'static str> {
    let behind = |words: &str| any(chars, to, (to + 3).min(end), words);
    let before = |words: &str| any(chars, front.0, front.1, words);
    if behind("以上") || before("至少 不少于 不低于 不下于") {
        Some(">=")
    } else if before("突破 超过 超") {
        Some(">")
    } else {
        (behind("以内 以下") || before("不超过 不多于 不高于 最多")).then_some("<=")
    }
}

/// 低于80%的乡镇, 连续两次排名末位的: a number that says whom it concerns, not how much is asked.
fn condition(
    chars: &[char],
    number: &crate::numbers::Number,
    unit: &str,
    (to, end): (usize, usize),
    before: usize,
) -> bool {
    let times = matches!(unit, "次" | "场" | "篇" | "遍" | "轮" | "期" | "天");
    let least = any(chars, before, number.start, "至少 不少于 不低于");
    let of = ["的", "以上的", "以下的", "以内的"].iter().any(|w| stands(chars, to, w) && to < end);
    // 50万元以上的项目 says which; 3件以上群众可感可及的实事 says how many.
    let size = ["元", "亩", "人", "%", "％", "公里", "米", "吨", "个月"].iter().any(|w| unit.ends_with(w));
    let above = ["以上", "以下"].iter().any(|w| stands(chars, to, w))
        && (size || stands(chars, to + 2, "的"))
        && chars[to..end].iter().take(12).any(|c| *c == '的');
    // 3天内 is a limit.
    let within = matches!(unit, "天" | "周" | "个月" | "个工作日" | "个星期" | "小时")
        && ["内", "之内", "以内"].iter().any(|w| stands(chars, to, w));
    // 压缩至3个工作日以内 says how much.
    if within {
        return !chars[..number.start].last().is_some_and(|c| matches!(c, '至' | '到' | '为'));
    }
    let counted_before = number.start > before && matches!(chars[number.start - 1], '近' | '前' | '这');
    counted_before || any(chars, before, number.start, "连续") || !least && !times && (of || above)
}

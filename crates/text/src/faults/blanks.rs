//! What was left to be filled in: signs, letters and numbers that are missing.

use std::sync::LazyLock;

use super::words::COUNTED_VERBS;
use super::{FaultKind, Found, han};
use crate::lexicon::{Lexicon, any, ending, stands};

/// A class for lists of one class.
const ONE: u32 = 1;

pub(super) fn blanks(found: &mut Found<'_>) {
    let chars = found.chars;
    let mut at = 0;
    while at < chars.len() {
        let told = match chars[at] {
            c if han(Some(&c)) && c != '某' => {
                missing(chars, at).map(|(to, what)| (to, "number missing", format!("{what}空缺")))
            }
            _ => sign_or_note(chars, at).map(|(to, rule, reason)| (to, rule, reason.to_string())),
        };
        let Some((to, rule, reason)) = told else {
            at += 1;
            continue;
        };
        found.tell(at, to, FaultKind::Placeholder, rule, reason, None);
        at = to;
    }
    some_place(found);
}

/// A sign or a note that stands for what was to be filled in.
fn sign_or_note(chars: &[char], at: usize) -> Option<(usize, &'static str, &'static str)> {
    let sign = signs(chars, at).or_else(|| letters(chars, at));
    let sign = sign.map(|to| (to, "sign for a blank", "占位符没有填写"));
    sign.or_else(|| to_be_filled(chars, at).map(|to| (to, "to be filled in", "留待补充的内容没有填写")))
}

/// * ** × ×× ＿＿ ____ □□ ……（empty brackets)
fn signs(chars: &[char], at: usize) -> Option<usize> {
    let c = chars[at];
    let sign = matches!(
        c,
        '*' | '＊' | '×' | '╳' | '✕' | '_' | '＿' | '□' | '△' | '○' | '●' | '■' | '▲' | '（' | '('
    );
    if !sign || at > 0 && chars[at - 1] == c && !matches!(c, '（' | '(') {
        return None;
    }
    // Several brackets in a row hold no blank, and how many they are must not be counted at each of them.
    let most = if matches!(c, '（' | '(') { 2 } else { usize::MAX };
    let run = chars[at..].iter().take(most).take_while(|d| **d == c).count();
    let near = han(chars.get(at + run))
        || at > 0 && han(chars.get(at - 1))
        || at > 0 && "“《（第，。、”》".contains(chars[at - 1])
        || run >= 2 && at > 0 && matches!(chars[at - 1], '：' | ':');
    let digits =
        at > 0 && chars[at - 1].is_ascii_digit() && chars.get(at + run).is_some_and(char::is_ascii_digit);
    // 8*00人: a digit that was struck out.
    let struck = digits && matches!(c, '*' | '＊') && in_a_count(chars, at + run);
    match c {
        '*' | '＊' | '×' | '╳' | '✕' if near && !digits || struck => Some(at + run),
        '_' | '＿' if run >= 2 && near => Some(at + run),
        // 每年＿月底前.
        '＿' if near && chars.get(at + 1).is_some_and(|c| "年月日".contains(*c)) => Some(at + 1),
        '□' | '△' | '○' | '●' | '■' | '▲'
            if near && (run >= 2 || at > 0 && han(chars.get(at - 1)) && han(chars.get(at + run))) =>
        {
            Some(at + run)
        }
        '（' | '(' if near => {
            let blank =
                chars[at + 1..].iter().take_while(|c| matches!(c, ' ' | '\u{3000}' | '\u{A0}')).count();
            let end = at + 1 + blank;
            matches!(chars.get(end), Some('）' | ')')).then_some(end + 1)
        }
        _ => None,
    }
}

/// Whether the digits from here on count people, money or things.
fn in_a_count(chars: &[char], at: usize) -> bool {
    let digits = chars[at..].iter().take(8).take_while(|c| c.is_ascii_digit()).count();
    chars.get(at + digits).is_some_and(|c| "人户名件万亿元".contains(*c))
}

/// XX、xxx、AAA、某某 in front of or behind Chinese words.
fn letters(chars: &[char], at: usize) -> Option<usize> {
    let c = chars[at];
    let letter = matches!(c, 'x' | 'X' | 'Ｘ' | 'ｘ' | 'A' | 'B' | 'C' | 'a' | 'b' | 'c' | 'N' | 'n' | '某');
    if !letter || at > 0 && (chars[at - 1].is_ascii_alphanumeric() || chars[at - 1] == c) {
        return None;
    }
    let run = chars[at..].iter().take_while(|d| **d == c).count();
    let next = chars.get(at + run);
    let alone = !next.is_some_and(char::is_ascii_alphanumeric);
    let near = han(next)
        || at > 0 && (han(chars.get(at - 1)) || run >= 3 && matches!(chars[at - 1], '：' | ':'))
        || run >= 2 && at > 0 && matches!(chars[at - 1], '：' | ':')
        // 0XX-XXXXXXX: a telephone number.
        || run >= 4 && at > 0 && chars[at - 1] == '-'
        || run >= 3 && at > 0 && matches!(chars[at - 1], '\u{3000}' | ' ') && next.is_none_or(|c| *c == '\n')
        || next.is_some_and(|c| "》”）".contains(*c));
    let blank = match c {
        'x' | 'X' | 'Ｘ' | 'ｘ' => {
            run >= 2
                || at > 0 && chars[at - 1] == '第' && han(next)
                || next.is_some_and(|c| {
                    "市县区省镇乡村局委办年月日个名次项条场份件人家位同年亿万元组".contains(*c)
                })
        }
        // AA乡
        'A' | 'B' | 'C' | 'a' | 'b' | 'c' | 'N' | 'n' => {
            run >= 3 || run == 2 && (c == 'N' || next.is_some_and(|c| "乡镇村县市区".contains(*c)))
        }
        '某' => {
            let to = if run >= 2 { run } else { 0 };
            return (to > 0 && near || run == 1 && someone(chars, at)).then_some(at + run);
        }
        _ => false,
    };
    (blank && alone && near).then_some(at + run)
}

/// 联系人：李某: a name that was not told.
fn someone(chars: &[char], at: usize) -> bool {
    const WHO: [&str; 9] =
        ["联系人", "负责人", "承办人", "经办人", "签发人", "签发", "审核人", "填报人", "汇报人"];
    let colon = (at.saturating_sub(3)..at).find(|i| matches!(chars[*i], '：' | ':'));
    let ends = chars.get(at + 1).is_none_or(|c| !han(Some(c)));
    ends && colon.is_some_and(|i| WHO.iter().any(|w| ending(chars, i, w).is_some()))
}

/// 某市某局 as the name of a unit.
fn some_place(found: &mut Found<'_>) {
    let chars = found.chars;
    let mut told = false;
    // In a title it is the name of the unit whose document it is.
    let title = chars.iter().position(|c| *c == '\n').unwrap_or(0);
    for at in 0..chars.len() {
        if chars[at] != '某' || told {
            continue;
        }
        let name = chars.get(at + 1).is_some_and(|c| "市县区省镇乡局村".contains(*c))
            || at < title && (stands(chars, at + 1, "党支部") || stands(chars, at + 1, "支部"));
        let general = at > 0 && matches!(chars[at - 1], '在' | '某' | '对' | '的');
        if name && !general {
            let end = chars[at..]
                .iter()
                .take(16)
                .position(|c| matches!(c, '，' | '。' | '\n' | '在'))
                .map_or(at + 2, |i| at + i);
            found.tell(
                at,
                end,
                FaultKind::Placeholder,
                "unnamed place",
                "用“某”代替名称，没有填写".to_string(),
                None,
            );
            told = true;
        }
    }
}

/// 【待补充】, （此处补充数据）: a note to whoever writes, between brackets.
fn to_be_filled(chars: &[char], at: usize) -> Option<usize> {
    const LONGEST: usize = 16;
    const NOTES: &str = "待补充 待核实 此处待核 填写股室 填写单位 填写部门 填写姓名 填写名称 填写时间 填写地点 待填 待定 待完善 待更新 待确认 此处补充 此处填 此处插入 请补充 请填写 数据待 补充数据 填写数据";
    if !matches!(chars[at], '【' | '（' | '(' | '[' | '［' | '〔') {
        return None;
    }
    let length = chars[at + 1..]
        .iter()
        .take(LONGEST)
        .position(|c| matches!(c, '】' | '）' | ')' | ']' | '］' | '〕'))?;
    let inside = &chars[at + 1..at + 1 + length];
    any(inside, 0, inside.len(), NOTES).then_some(at + length + 2)
}

/// 第督导组, （第　期）, 第季度: 第 without its number.
fn ordinal_missing(chars: &[char], at: usize) -> Option<(usize, &'static str)> {
    const GROUPS: [&str; 11] =
        ["巡回", "督导", "指导", "督查", "巡视", "巡察", "联络", "调研组", "检查组", "考核组", "考核巡查组"];
    if let Some(word) = GROUPS.iter().find(|w| stands(chars, at + 1, w)) {
        return Some((at + 1 + word.chars().count(), "“第”后的序号"));
    }
    // （第　期）
    let blank = chars[at + 1..].iter().take_while(|c| matches!(c, ' ' | '\u{3000}' | '\u{A0}')).count();
    let (unit, close) = (chars.get(at + 1 + blank), chars.get(at + 2 + blank));
    if blank > 0 && unit.is_some_and(|c| "期号批".contains(*c)) && close.is_none_or(|c| "）)\n".contains(*c))
    {
        return Some((at + 2 + blank, "“第”后的序号"));
    }
    // 在第届茶博会上, 第期培训班.
    let bare = chars.get(at + 1).is_some_and(|c| "届期轮批".contains(*c)) && han(chars.get(at + 2));
    (bare || stands(chars, at + 1, "季度")).then_some((at + 2, "“第”后的序号"))
}

/// A place where a number or a name must have stood.
fn missing(chars: &[char], at: usize) -> Option<(usize, &'static str)> {
    if chars[at] == '第' {
        return ordinal_missing(chars, at);
    }
    if chars[at] == '年' && (stands(chars, at, "年月日") || stands(chars, at, "年月至"))
        || chars[at] == '月' && stands(chars, at, "月日前")
    {
        return Some((at + 3, "日期"));
    }
    if matches!(chars[at], '有' | '共' | '达') && matches!(chars.get(at + 1), Some('，' | '。' | '；'))
    {
        const COUNTED: [&str; 12] = [
            "问题",
            "人员",
            "党员",
            "企业",
            "项目",
            "干部",
            "群众",
            "线索",
            "信访件",
            "件数",
            "党组织",
            "单位",
        ];
        let behind = COUNTED.iter().find(|w| ending(chars, at, w).is_some());
        let asked = chars[..at].iter().rev().take(12).any(|c| matches!(c, '还' | '没' | '所' | '只'));
        if behind.is_some() && !asked {
            return Some((at + 1, "数目"));
        }
    }
    // 联系人：　　　，电话：　　　。
    if matches!(chars[at], '联' | '电')
        && let Some(end) = ["联系人：", "电话：", "联系电话："]
            .iter()
            .find_map(|word| stands(chars, at, word).then(|| at + word.chars().count()))
    {
        let blank = chars[end..].iter().take_while(|c| matches!(c, ' ' | '\u{3000}' | '\u{A0}')).count();
        let ends = chars.get(end + blank).is_none_or(|c| matches!(c, '，' | '。' | '；' | '、' | '\n'));
        return (blank > 1 && ends).then_some((end + blank, "联系方式"));
    }
    let whole = || chars.get(at + 1).is_some_and(|c| "个项件篇处".contains(*c));
    if chars[at] == '有' && at > 0 && (whole() || "的共仍还尚各".contains(chars[at - 1])) {
        // 审批服务方面的有，园区运营方面的19条.
        let much = chars[at - 1] == '的' && chars.get(at + 1) == Some(&'，');
        let others = chars[at + 1..].iter().take(24).any(char::is_ascii_digit)
            && chars[..at].iter().rev().take(24).any(char::is_ascii_digit);
        if much && others {
            return Some((at + 1, "数目"));
        }
        // 其中涉及招投标的有项，
        let unit = chars.get(at + 1).is_some_and(|c| "项个次件家名户人条份处起场篇亩".contains(*c));
        let ends = chars.get(at + 2).is_none_or(|c| "，。；、\n".contains(*c));
        if unit && ends {
            return Some((at + 2, "数目"));
        }
    }
    thing_and_unit(chars, at).or_else(|| verb_and_unit(chars, at))
}

/// 形成调研报告篇，: a classifier between what is counted and a mark.
fn thing_and_unit(chars: &[char], at: usize) -> Option<(usize, &'static str)> {
    const THINGS: [(&str, &str); 9] = [
        ("篇", "报告 文章 论文 信息 简报 材料 稿件 心得 成果 体会 案例"),
        ("条", "问题 建议 意见 线索 信息 措施 差距 诉求 短板 举措 经验"),
        ("项", "措施 制度 任务 举措 清单 事项 工作 机制 实事 成果 整改"),
        ("件", "案件 实事 信访 提案 诉求 线索 好事 积案 纠纷"),
        ("处", "隐患 问题 点位 违建"),
        ("人", "从业者 党员 干部 群众 人员 代表 学员 志愿者 老人 职工"),
        ("名", "党员 干部 群众 人员 代表 学员 志愿者 职工 队员"),
        ("个", "问题 项目 支部 党组织 课题 小组 单位 村庄 站点 网点"),
        ("场次", "宣讲 活动 培训"),
    ];
    const VERBS: &str = "形成 撰写 完成 梳理 查摆 征集 收集 制定 出台 建立 办理 化解 排查 发现 在册的 登记 培训 慰问 走访 组织 开展 提出 解决 整改 报送 编发 调研 电商 发展 选派";
    if !matches!(chars[at], '篇' | '条' | '项' | '件' | '处' | '人' | '名' | '个' | '场') {
        return None;
    }
    let (unit, things) = THINGS.iter().find(|(unit, _)| stands(chars, at, unit))?;
    let end = at + unit.chars().count();
    if chars.get(end).is_some_and(|c| !"，。；、\n".contains(*c)) {
        return None;
    }
    // The noun must follow its verb: 形成报告篇, 梳理问题条. In 代表人、党员人 the word goes on.
    let thing = things.split(' ').find(|thing| ending(chars, at, thing).is_some_and(|from| from >= 2))?;
    let front = ending(chars, at, thing)?;
    let verb_by = |end: usize| VERBS.split(' ').any(|verb| ending(chars, end, verb).is_some());
    // A word of two characters may stand between them: 形成调研报告.
    (verb_by(front) || front > 2 && verb_by(front - 2)).then_some((end, "数目"))
}

/// 召开次会议、发放份问卷: a classifier directly behind its verb.
fn verb_and_unit(chars: &[char], at: usize) -> Option<(usize, &'static str)> {
    // Asked at every character: most begin no verb.
    static VERBS: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(&[(ONE, COUNTED_VERBS)]));
    let unit = VERBS.at(chars, at, chars.len())?.end;
    let next = *chars.get(unit)?;
    let then = chars.get(unit + 1).copied().unwrap_or('\n');
    let wrong = match next {
        '次' => !"数序要级第日品".contains(then),
        '场' => !"地所景面合次馆".contains(then) && han(Some(&then)),
        '条' => !"件例块文款目令理".contains(then) && han(Some(&then)),
        '份' => !"额内外量".contains(then) && han(Some(&then)),
        '件' => !"数".contains(then) && (han(Some(&then)) || "，。；、".contains(then)),
        '个' => "问项重突典难".contains(then) || "，。；、".contains(then),
        '户' => "困农群贫脱".contains(then) || "，。；、".contains(then),
        '家' => "企单商门".contains(then) || "，。；".contains(then),
        '名' => "党干群职教学".contains(then) || "，。；".contains(then),
        '处' => "隐安问违风".contains(then) || "，。；".contains(then),
        '篇' => !"章幅".contains(then) && han(Some(&then)),
        '余' => "次个条份件名场篇项人".contains(then),
        _ => false,
    };
    wrong.then_some((unit + 1, "数目"))
}

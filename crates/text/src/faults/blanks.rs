//! What was left to be filled in, what a careless replacement put in, what a download left behind.

use std::sync::LazyLock;

use super::words::{BROKEN, BROKEN_BY_COUNTY, BROKEN_BY_LEVEL, COUNTED_VERBS, REPLACED};
use super::{FaultKind, Found, han};
use crate::lexicon::{Hit, Lexicon, any, ending, stands, words};

/// A class for lists of one class.
const ONE: u32 = 1;
const LEVEL: u32 = 2;
const COUNTY: u32 = 4;

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

/// Words broken by replacing one word everywhere, and letters put in for words.
/// 锚地街道, 柳林街道, 梅园街道: a name of two characters in front of 街道, of which the first makes no word with what is in front.
fn ward_of_a_name(chars: &[char], hit: &Hit) -> bool {
    const NO_NAME: &str = "个山的在各全到向从对与和及由是把将为入进驻本该我新老大小、，。“（国重多有";
    let street = hit.end == hit.start + 3 && stands(chars, hit.start + 1, "街道") && chars[hit.start] != '社';
    let Some(front) = hit.start.checked_sub(1).filter(|_| street) else { return false };
    let first = chars[front];
    if !han(Some(&first)) || NO_NAME.contains(first) {
        return false;
    }
    // 边境地街道, 产业园街道: what 区 ended.
    let word = front > 0 && han(Some(&chars[front - 1])) && super::heard::is_word(&chars[front - 1..=front]);
    let own = ["党工委", "办事处", "办主任", "纪工委", "人大工委"].iter().any(|w| stands(chars, hit.end, w));
    own || !word
}

pub(super) fn substitutions(found: &mut Found<'_>) {
    let chars = found.chars;
    // 区 → 街道 everywhere: 社区, 地区, 示范区 cannot end so. Longer ones first.
    static KNOWN: LazyLock<Lexicon> = LazyLock::new(|| {
        Lexicon::new(&[(ONE, BROKEN), (LEVEL, BROKEN_BY_LEVEL), (COUNTY, BROKEN_BY_COUNTY)])
    });
    let mut at = 0;
    while at < chars.len() {
        // 市街道、县街道 are told only where the ward cannot be meant: followed by another unit of the same row.
        let ward =
            |end: usize| end == at + 3 && matches!(chars[at], '市' | '县') && chars.get(end) != Some(&'）');
        // 供销社县级: a level may follow such a word.
        let firm = || at > 0 && "作销报公行信".contains(chars[at - 1]);
        let meant = |hit: &Hit| {
            if hit.is(COUNTY) {
                county_meant(chars, hit)
            } else if hit.is(LEVEL) {
                firm()
            } else {
                // 属地街道, 驻地街道: the ward of the place.
                let of_place = at > 0 && chars[at] == '地' && "属驻所当".contains(chars[at - 1]);
                ward(hit.end) || of_place || ward_of_a_name(chars, hit)
            }
        };
        if let Some(hit) = KNOWN.at(chars, at, chars.len()).filter(|hit| !meant(hit)) {
            // 街道 or one character of a level stands for 区, 县 for 市.
            let put = if hit.is(LEVEL) { 1 } else { 2 };
            let word = words(chars, at, hit.end);
            let right = match hit.is(COUNTY) {
                true => word.replace('县', "市"),
                false => words(chars, at, hit.end - put) + "区",
            };
            let reason = format!("“{right}”被批量替换成“{word}”");
            found.tell(at, hit.end, FaultKind::Substitution, "replaced everywhere", reason, Some(right));
            at = hit.end;
            continue;
        }
        if latin(chars[at]) {
            letter_for_word(found, at);
        }
        at += 1;
    }
    struck_names(found);
    replaced(found);
}

/// 全县场站, 石桥县场: where 县 is that of a place, which some word or the name in front of it says.
fn county_meant(chars: &[char], hit: &Hit) -> bool {
    let opens = chars[hit.start] == '县';
    let front = hit.start.checked_sub(1).map(|i| chars[i]);
    let level = opens && front.is_some_and(|c| "全我该本各外跨邻市省两出进".contains(c));
    let behind = chars.get(hit.end).copied().unwrap_or(' ');
    // 县场站, 县值班室, 县价格局; 集县直机关之力, 都县级领导.
    let goes_on = match opens {
        true => hit.end == hit.start + 2 && "站馆班守得勤钱格目".contains(behind),
        false => "级委政直里城区域乡镇人纪局长内外处办".contains(behind),
    };
    level || goes_on
}

/// Words that are written in letters, with the words of which one must stand behind.
const IN_LETTERS: [(&str, &str, &str); 6] = [
    ("ZF", "政府", ""),
    ("zf", "政府", ""),
    ("zhengfu", "政府", ""),
    ("JC", "检察", "机关 院"),
    ("GA", "公安", "机关 部门 局"),
    ("dang", "党", "支部 总支 员 委 组织 内 课 建 中央 的"),
];

/// A Latin letter, of whatever width.
fn latin(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ')
}

/// D员、Z府、J委.
fn letter_for_word(found: &mut Found<'_>, at: usize) {
    let chars = found.chars;
    let half = crate::fold::fold(chars[at]).to_ascii_uppercase();
    // 数字ZF, 区ZF办公室.
    let lone = |c: Option<&char>| !c.is_some_and(char::is_ascii_alphanumeric);
    let begins = at == 0 || lone(chars.get(at - 1));
    for (letters, right, behind) in IN_LETTERS {
        let end = at + letters.chars().count();
        let meant = behind.is_empty() || behind.split(' ').any(|word| stands(chars, end, word));
        if begins && stands(chars, at, letters) && lone(chars.get(end)) && meant {
            let reason = format!("用字母“{letters}”代替“{right}”");
            found.tell(
                at,
                end,
                FaultKind::Substitution,
                "letter for a word",
                reason,
                Some(right.to_string()),
            );
            return;
        }
    }
    let (word, after, before): (&str, &str, &str) = match half {
        'D' => (
            "党",
            "员委组支总中央章课的性风纪建内外史龄校旗徽费务政群日代小",
            "全入我在为建爱跟对从治管两党向",
        ),
        'Z' => ("政", "府治策协务", "行市县省民"),
        'J' => ("纪", "委律检", "党市县省"),
        'G' => ("国", "家务企", "中全爱"),
        _ => return,
    };
    let lone = |c: Option<&char>| !c.is_some_and(|c| c.is_ascii_alphanumeric());
    let prev = at.checked_sub(1).and_then(|i| chars.get(i));
    let next = chars.get(at + 1);
    let communist = half == 'D' && at >= 2 && stands(chars, at - 2, "共产");
    let hit = communist
        || next.is_some_and(|c| after.contains(*c))
        || prev.is_some_and(|c| before.contains(*c))
            && (han(next) || next.is_some_and(|c| "，。、”".contains(*c)));
    // 评定为D级的 is a grade.
    let grade = matches!(next, Some('级' | '类' | '档' | '等' | '型'));
    if lone(prev) && lone(next) && hit && !grade {
        let end = (at + 2).min(chars.len());
        let rest = crate::lexicon::words(chars, at + 1, end);
        found.tell(
            at,
            end,
            FaultKind::Substitution,
            "letter for a word",
            format!("用字母“{}”代替“{word}”", chars[at]),
            Some(format!("{word}{rest}")),
        );
    }
}

/// Words broken by replacing another word everywhere: 农社区群众, where 村 was replaced by 社区.
fn replaced(found: &mut Found<'_>) {
    static KNOWN: LazyLock<Lexicon> = LazyLock::new(|| {
        Lexicon::new(&[(ONE, &REPLACED.iter().map(|(wrong, _)| *wrong).collect::<Vec<_>>().join(" "))])
    });
    for hit in KNOWN.scan(found.chars, 0, found.chars.len()) {
        let word = words(found.chars, hit.start, hit.end);
        let Some((_, right)) = REPLACED.iter().find(|(wrong, _)| *wrong == word) else { continue };
        let reason = format!("“{right}”被批量替换成“{word}”");
        let right = Some((*right).to_string());
        found.tell(hit.start, hit.end, FaultKind::Substitution, "replaced everywhere", reason, right);
    }
}

/// Names that were struck out and left a sentence that cannot stand.
fn struck_names(found: &mut Found<'_>) {
    let chars = found.chars;
    const STRUCK: [(&str, &str); 12] = [
        ("以新时代中国特色社会主义思想为指导", "以习近平新时代中国特色社会主义思想为指导"),
        ("学习新时代中国特色社会主义思想", "学习习近平新时代中国特色社会主义思想"),
        ("用新时代中国特色社会主义思想", "用习近平新时代中国特色社会主义思想"),
        ("我市市委", "我市"),
        ("我市市政府", "我市"),
        ("省我市", "我市"),
        ("市市两级", "省市两级"),
        ("以同志为核心", "以习近平同志为核心"),
        ("以为核心的党中央", "以习近平同志为核心的党中央"),
        ("《著作选读》", "《习近平著作选读》"),
        ("《谈治国理政》", "《习近平谈治国理政》"),
        ("贯彻新时代中国特色社会主义思想", "贯彻习近平新时代中国特色社会主义思想"),
    ];
    static KNOWN: LazyLock<Lexicon> =
        LazyLock::new(|| Lexicon::new(&[(ONE, &STRUCK.map(|(wrong, _)| wrong).join(" "))]));
    for at in 0..chars.len() {
        let Some(hit) = KNOWN.at(chars, at, chars.len()) else { continue };
        let word = words(chars, hit.start, hit.end);
        let right = STRUCK.iter().find(|(wrong, _)| *wrong == word).map(|(_, right)| (*right).to_string());
        let reason = "名称被删去".to_string();
        found.tell(hit.start, hit.end, FaultKind::Substitution, "name struck out", reason, right);
    }
}

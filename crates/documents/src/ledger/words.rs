//! The words of headers: which header means which field, and how sure that is.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{Field, Role};

/// What a header's words alone say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Guess {
    pub(super) role: Role,
    pub(super) confidence: f32,
    pub(super) nature: Nature,
}

/// How the guess may be overruled by the other columns or by what the column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nature {
    /// The words decide.
    Plain,
    /// 办理情况 and the like: a status or an account of progress, told by the values.
    Outcome,
    /// 单位, 部门: the unit that owes the problem, or the place it was found at, told by the other columns.
    BareUnit,
    /// 项目, 名称: the problem only where nothing better is there.
    WeakProblem,
    /// 是否销号: a yes or no; a worded status is better where there is one.
    YesNo,
}

const fn plain(role: Role, confidence: f32) -> Guess {
    Guess { role, confidence, nature: Nature::Plain }
}

const fn guess(field: Field, confidence: f32, nature: Nature) -> Guess {
    Guess { role: Role::Field(field), confidence, nature }
}

/// A header or label without blanks, line breaks, marks and with one kind of bracket.
pub(super) fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_whitespace() || matches!(c, '\u{3000}' | '\u{feff}' | '\u{200b}' | '*' | '★') => {}
            '（' | '［' | '【' | '[' | '〔' => out.push('('),
            '）' | '］' | '】' | ']' | '〕' => out.push(')'),
            '／' => out.push('/'),
            c => out.push(c),
        }
    }
    while out.ends_with(['：', ':', '；', ';', '。']) {
        out.pop();
    }
    out
}

/// The text outside brackets.
pub(super) fn without_brackets(text: &str) -> String {
    let (mut out, mut depth) = (String::new(), 0usize);
    for c in text.chars() {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// What the words of a header are kept as; see the notes in the file.
const HEADERS: &str = include_str!("headers.txt");

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Field(Field),
    OutcomeStatus,
    OutcomeProgress,
    BareUnit,
    WeakProblem,
    Extra,
}

/// Every header word with its kind.
static WORDS: LazyLock<HashMap<&'static str, Kind>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for paragraph in HEADERS.split("\n\n") {
        let mut lines = paragraph.lines().filter(|l| !l.starts_with('#'));
        let Some(kind) = lines.next().and_then(kind_of) else { continue };
        for word in lines.flat_map(str::split_whitespace) {
            words.entry(word).or_insert(kind);
        }
    }
    // The keys of `ledger read --json`, for tables made from it.
    for field in Field::ALL {
        words.entry(field.key()).or_insert(Kind::Field(field));
    }
    words
});

fn kind_of(key: &str) -> Option<Kind> {
    match key {
        "outcome_status" => Some(Kind::OutcomeStatus),
        "outcome_progress" => Some(Kind::OutcomeProgress),
        "bare_unit" => Some(Kind::BareUnit),
        "weak_problem" => Some(Kind::WeakProblem),
        "extra" => Some(Kind::Extra),
        _ => Field::ALL.into_iter().find(|f| f.key() == key).map(Kind::Field),
    }
}

/// What the words of one header cell say; `None` where they say nothing.
pub(super) fn guess_header(text: &str) -> Option<Guess> {
    let name = normal(text);
    let length = name.chars().count();
    if length == 0 || length > 24 {
        return None;
    }
    if let Some(found) = exact(&name, 0.98) {
        return Some(found);
    }
    let bare = without_brackets(&name);
    if let Some(found) = mixed(&name) {
        return Some(found);
    }
    // 责任单位及责任人: the units of the cell are told from the persons when it is read.
    let unit_first = UNIT_WORDS.iter().any(|word| name.contains(&format!("责任{word}")));
    if names_persons(&name) && unit_first && name.contains(['及', '和', '、', '/', '(', '与']) {
        return Some(guess(Field::ResponsibleUnits, 0.65, Nature::Plain));
    }
    // 整改情况(月), 存在问题(10个): what stands in brackets only qualifies.
    if bare != name
        && !bare.is_empty()
        && let Some(found) = exact(&bare, 0.94)
    {
        return Some(found);
    }
    if length > 16 || name.contains(['。', '；', '，', '：', ':']) {
        return None;
    }
    contained(if bare.is_empty() { &name } else { &bare })
}

fn exact(name: &str, confidence: f32) -> Option<Guess> {
    Some(match WORDS.get(name)? {
        Kind::Field(field) => guess(*field, confidence, Nature::Plain),
        Kind::OutcomeStatus => guess(Field::StatusText, confidence - 0.1, Nature::Outcome),
        Kind::OutcomeProgress => guess(Field::Progress, confidence - 0.1, Nature::Outcome),
        Kind::BareUnit => guess(Field::ResponsibleUnits, 0.7, Nature::BareUnit),
        Kind::WeakProblem => guess(Field::Problem, 0.6, Nature::WeakProblem),
        Kind::Extra => plain(Role::Extra, confidence),
    })
}

/// 责任（配合）单位, 牵头及配合单位: one column for two roles.
fn mixed(name: &str) -> Option<Guess> {
    let has = |words: &[&str]| words.iter().any(|w| name.contains(w));
    let kinds =
        [has(&["责任", "承办", "整改单位"]), has(&["牵头", "主办"]), has(&["配合", "协办", "协助", "协同"])];
    let count = kinds.iter().filter(|k| **k).count();
    let joined = name.contains(['(', '/', '、', '及', '和', '与', '|']);
    // 牵头整改责任单位 has two words but one meaning, and 责任单位及责任人 is about persons.
    (count >= 2 && joined && has(&["单位", "部门"]) && !has(&["责任人", "领导"]))
        .then_some(plain(Role::MixedUnits, 0.9))
}

fn contained(name: &str) -> Option<Guess> {
    let has = |words: &[&str]| words.iter().any(|w| name.contains(w));
    let ends = |words: &[&str]| words.iter().any(|w| name.ends_with(w));
    // 未发现问题, 无隐患: what a cell says, not what a column asks.
    let denies = name.starts_with(['未', '无']) && !ends(&["原因", "情况", "理由", "说明"]);
    if denies || ends(&["单", "表", "台账", "报告", "通知书", "通报", "卡"]) {
        // The name of a paper, not of a column.
        return None;
    }
    let unit = ends(&["单位", "部门", "科室", "股室", "主体"]);
    if has(&[
        "责任人",
        "负责人",
        "领导",
        "联系",
        "电话",
        "照片",
        "图片",
        "附件",
        "材料",
        "金额",
        "原因",
        "检查人",
    ]) || ends(&["率", "总数", "个数", "数量", "总量", "数", "(个)"])
    {
        return Some(plain(Role::Extra, 0.85));
    }
    let field = if has(&["受检", "被检", "被督"]) {
        Field::Place
    } else if unit
        && has(&["督导", "督查", "督办", "验收", "监督", "监管", "检查", "核查", "审核", "填报", "交办"])
    {
        return Some(plain(Role::Extra, 0.8));
    } else if unit && has(&["牵头", "牵办", "主办", "主责"]) {
        Field::LeadUnit
    } else if unit && has(&["配合", "协办", "协同", "协助", "参与", "会办", "联办", "协作"]) {
        Field::AssistingUnits
    } else if unit && has(&["责任", "整改", "承办", "落实", "办理", "归属", "主管", "实施"]) {
        Field::ResponsibleUnits
    } else if unit && has(&["隐患", "问题", "违法", "违规"]) {
        Field::Place
    } else {
        return contained_other(name);
    };
    Some(guess(field, 0.85, Nature::Plain))
}

fn contained_other(name: &str) -> Option<Guess> {
    let has = |words: &[&str]| words.iter().any(|w| name.contains(w));
    let ends = |words: &[&str]| words.iter().any(|w| name.ends_with(w));
    let sure = |field| Some(guess(field, 0.8, Nature::Plain));
    if has(&["时限", "期限", "截止", "限期", "限办", "限时"]) {
        return sure(Field::DeadlineText);
    }
    if has(&["时间", "日期", "节点"]) {
        let planned = has(&["完成", "整改", "办结"]) && !has(&["实际", "已"]);
        return if planned { sure(Field::DeadlineText) } else { Some(plain(Role::Extra, 0.75)) };
    }
    if ends(&["序号", "编号"]) {
        return sure(Field::Seq);
    }
    let advice = ends(&["建议", "意见"]) && has(&["处理", "整改", "审计", "解决", "整治", "处置"]);
    if advice || has(&["措施", "举措", "整改要求"]) {
        return sure(Field::Measures);
    }
    if has(&["目标"]) {
        return sure(Field::Goal);
    }
    if name.starts_with("是否") || ends(&["是否到位", "是否完成", "完成否", "整改否", "销号否", "办结否"])
    {
        // 是否移交线索, 是否立案 ask for something else than whether it is done.
        const DONE: &[&str] = &[
            "完成", "整改", "整治", "销号", "到位", "办结", "解决", "落实", "处置", "治理", "验收", "改正",
            "达标",
        ];
        let kind = Guess { role: Role::Field(Field::StatusText), confidence: 0.8, nature: Nature::YesNo };
        return Some(if has(DONE) { kind } else { plain(Role::Extra, 0.75) });
    }
    if ends(&["状态"]) || has(&["销号"]) {
        return sure(Field::StatusText);
    }
    if has(&["进展", "进度", "成效"]) {
        return sure(Field::Progress);
    }
    let told = ends(&["内容", "情形", "描述", "概述", "简述", "摘要", "概况"]);
    if told && has(&["意见", "建议", "诉求", "反映", "信访", "问题", "隐患", "违法", "违规", "举报", "投诉"])
    {
        return sure(Field::Problem);
    }
    let outcome = ends(&["情况", "结果", "结果分类", "结果类别"]);
    if outcome && has(&["整改", "完成", "落实", "办理", "处理", "处置", "督办", "查处", "整治"])
    {
        return Some(guess(Field::Progress, 0.7, Nature::Outcome));
    }
    contained_last(name)
}

/// Remarks, kinds, problems and places, where nothing else is asked for.
fn contained_last(name: &str) -> Option<Guess> {
    let has = |words: &[&str]| words.iter().any(|w| name.contains(w));
    let ends = |words: &[&str]| words.iter().any(|w| name.ends_with(w));
    let sure = |field| Some(guess(field, 0.8, Nature::Plain));
    if ends(&["备注", "说明"]) {
        return sure(Field::Remark);
    }
    if ends(&["类别", "类型", "分类", "归类", "来源", "领域"]) && !has(&["结果", "结论", "办结"])
    {
        return sure(Field::Category);
    }
    if ends(&["问题", "隐患", "任务", "事项", "线索", "诉求", "问题描述", "问题内容", "表现"])
        || has(&[
            "存在问题",
            "发现问题",
            "发现的问题",
            "反映问题",
            "反馈问题",
            "违法行为",
            "违规行为",
            "隐患",
        ])
    {
        return sure(Field::Problem);
    }
    if ends(&[
        "地点", "点位", "位置", "路段", "地址", "区域", "区划", "乡镇", "街道", "社区", "村", "辖区", "场所",
        "小区", "学校",
    ]) {
        return Some(guess(Field::Place, 0.75, Nature::Plain));
    }
    let spot =
        name.ends_with('点') && has(&["察", "检查", "督查", "抽查", "巡查", "暗访", "走访", "曝光", "实地"]);
    if spot {
        return Some(guess(Field::Place, 0.75, Nature::Plain));
    }
    // 问题明细, 问题现状: what begins so and asks for nothing known is the problem itself.
    (name.starts_with("问题") && !ends(&["级", "级别", "性质", "程度", "归口", "图", "人", "时间", "日期"]))
        .then_some(guess(Field::Problem, 0.65, Nature::Plain))
}

/// Whether a text is a status by itself, such as a header of a tick column or a section 已完成整改（12个）.
pub(super) fn is_status_word(text: &str) -> bool {
    let name = without_brackets(&normal(text));
    let name = name.trim_end_matches(['个', '项', '件', '条', '的', '类']);
    let length = name.chars().count();
    if length == 0 || length > 12 {
        return false;
    }
    let core = name
        .trim_end_matches("问题")
        .trim_end_matches("事项")
        .trim_end_matches("任务")
        .trim_end_matches('的');
    const WORDS: &[&str] = &[
        "已完成",
        "已完成整改",
        "完成整改",
        "已整改",
        "已整改完成",
        "已整改到位",
        "整改完成",
        "整改到位",
        "已销号",
        "未销号",
        "拟销号",
        "待销号",
        "已办结",
        "未办结",
        "正在办理",
        "阶段性办结",
        "正在整改",
        "整改中",
        "未整改",
        "尚未整改",
        "未完成",
        "未完成整改",
        "基本完成",
        "基本完成整改",
        "部分完成",
        "持续整改",
        "长期坚持",
        "持续推进",
        "正在推进",
        "推进中",
        "待整改",
        "待验收",
        "已验收",
        "需长期持续整改",
        "完成整改并通过验收",
        "无法整改",
        "已解决",
        "未解决",
        "正在解决",
        "立行立改",
        "限期整改",
        "未启动",
        "进行中",
        "办理中",
        "办结",
        "处置中",
        "已处置",
        "未处置",
        "已改正",
        "未改正",
        "部分整改",
        "已落实",
        "未落实",
        "落实中",
        "完成",
    ];
    WORDS.contains(&core)
}

/// Whether a text is a status, or gives one in brackets: A类（已解决）.
pub(super) fn names_state(text: &str) -> bool {
    let inside = text.trim().trim_end_matches([')', '）']).rsplit_once(['(', '（']);
    is_status_word(text) || inside.is_some_and(|(_, inside)| is_status_word(inside))
}

/// Whether a cell is a drawn tick, which is no wording of its own.
pub(super) fn is_mark(text: &str) -> bool {
    matches!(text.trim(), "√" | "✓" | "✔" | "☑" | "✅")
}

/// What offices call the parts they are made of.
const UNIT_WORDS: [&str; 6] = ["单位", "部门", "科室", "处室", "股室", "机关"];

/// Whether a header asks for persons beside units: 责任单位及责任人.
pub(super) fn names_persons(header: &str) -> bool {
    UNIT_WORDS.iter().any(|word| header.contains(word))
        && ["责任人", "负责人", "领导"].iter().any(|w| header.contains(w))
}

/// Whether a cell is a tick.
pub(super) fn is_tick(text: &str) -> bool {
    matches!(text.trim(), "√" | "✓" | "✔" | "☑" | "■" | "●" | "是" | "1" | "V" | "v" | "○" | "✅")
}

/// A cell that says "nothing" in so many words.
pub(super) fn is_void(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty()
        && text.chars().all(|c| matches!(c, '/' | '／' | '-' | '—' | '－' | '–' | '\\' | '＼' | '─'))
}

/// A cell that says "as above".
pub(super) fn is_same_as_above(text: &str) -> bool {
    matches!(
        text.trim(),
        "同上" | "〃" | "″" | "″″" | "同上条" | "〞" | "\"" | "\"\"" | "（同上）" | "(同上)" | "′′"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_paragraph_of_the_header_file_has_a_known_key_and_words() {
        for paragraph in HEADERS.split("\n\n").skip(1) {
            let key = paragraph.lines().next().unwrap();
            assert!(kind_of(key).is_some(), "{key}");
        }
        for field in Field::ALL {
            assert!(WORDS.values().any(|k| *k == Kind::Field(field)), "{}", field.key());
        }
        assert_eq!(WORDS["存在问题"], Kind::Field(Field::Problem));
    }

    #[test]
    fn headers_seen_in_the_field_are_understood() {
        let field = |text: &str| match guess_header(text).map(|g| g.role) {
            Some(Role::Field(f)) => f.key(),
            Some(Role::MixedUnits) => "mixed",
            Some(Role::Extra) => "extra",
            Some(Role::StatusChoice) => "choice",
            None => "",
        };
        for (text, wanted) in [
            ("责任（配合）单位", "mixed"),
            ("牵头整改责任单位", "lead_unit"),
            ("牵头及配合单位", "mixed"),
            ("审计整改要求和建议", "measures"),
            ("整改情况(月)", "progress"),
            ("措施(目标)", "goal"),
            ("一季度形象进度", "progress"),
            ("验收责任单位", "extra"),
            ("责任单位责任人", "extra"),
            ("责任单位及责任人", "responsible_units"),
            ("隐患单位", "place"),
            ("督查发现的主要问题", "problem"),
            ("整改完成时间", "deadline_text"),
            ("实际完成时间", "extra"),
            ("是否按期完成", "status_text"),
            ("青石镇", ""),
            ("县住建局", ""),
        ] {
            assert_eq!(field(text), wanted, "{text}");
        }
    }
}

//! The words of headers: which header means which field, and how sure that is.

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

const EXACT: &[(Field, &[&str])] = &[
    (
        Field::Seq,
        &[
            "序号",
            "序",
            "号",
            "编号",
            "No",
            "NO",
            "No.",
            "NO.",
            "no",
            "问题编号",
            "问题序号",
            "整改任务序号",
            "任务序号",
            "省序号",
            "市序号",
            "台账编号",
            "任务编号",
            "案件编号",
            "受理编号",
            "项目序号",
            "条目",
        ],
    ),
    (
        Field::Category,
        &[
            "类别",
            "类型",
            "分类",
            "种类",
            "问题类别",
            "问题类型",
            "问题分类",
            "整治类别",
            "整改类别",
            "来源",
            "问题来源",
            "线索来源",
            "任务来源",
            "问题线索类别",
            "污染类型",
            "检查类别",
            "隐患类别",
            "隐患类型",
            "领域",
            "所属领域",
            "问题领域",
            "方面",
            "专项",
            "专项行动",
            "板块",
            "大类",
            "小类",
            "项目类别",
            "一级指标",
            "二级指标",
            "考核项目",
            "诉求类别",
            "事项类别",
        ],
    ),
    (
        Field::Place,
        &[
            "地点",
            "点位",
            "位置",
            "具体位置",
            "具体地点",
            "路段",
            "路段名称",
            "路名",
            "道路",
            "道路名称",
            "地段",
            "场所",
            "村",
            "行政村",
            "村名",
            "自然村",
            "村(社区)",
            "村居",
            "社区",
            "小区",
            "小区名称",
            "乡镇",
            "乡(镇)",
            "镇",
            "镇街",
            "街道",
            "乡镇(街道)",
            "镇(街道)",
            "镇(街)",
            "所在乡镇",
            "所属乡镇",
            "县区",
            "县(区)",
            "县(市、区)",
            "区县",
            "地区",
            "区域",
            "属地",
            "辖区",
            "网格",
            "受检单位",
            "被检查单位",
            "被检单位",
            "受检查单位",
            "受检对象",
            "检查对象",
            "检查地点",
            "检查点位",
            "检查场所",
            "检查部位",
            "企业名称",
            "企业",
            "店铺",
            "商户",
            "商户名称",
            "学校",
            "学校名称",
            "部位",
            "所在地",
            "所在位置",
            "问题地点",
            "问题点位",
            "发生地点",
            "地址",
            "详细地址",
            "测评点位",
            "实地点位",
            "曝光地点",
            "受检单位(项目)",
            "项目(单位)",
        ],
    ),
    (
        Field::Problem,
        &[
            "存在问题",
            "存在的问题",
            "存在主要问题",
            "存在的主要问题",
            "反馈问题",
            "反馈的问题",
            "问题",
            "问题描述",
            "问题表述",
            "问题标题",
            "问题名称",
            "具体问题",
            "主要问题",
            "突出问题",
            "发现问题",
            "发现的问题",
            "发现的主要问题",
            "审计发现的问题",
            "审计发现问题",
            "巡察发现问题",
            "督查发现问题",
            "督察发现问题",
            "检查发现问题",
            "检查发现的问题",
            "问题内容",
            "问题事项",
            "问题情况",
            "问题摘要",
            "问题清单",
            "问题和隐患",
            "问题隐患",
            "隐患",
            "隐患问题",
            "隐患内容",
            "隐患描述",
            "隐患情况",
            "安全隐患",
            "事故隐患",
            "存在隐患",
            "存在的隐患",
            "存在问题和隐患",
            "存在问题及隐患",
            "问题及隐患",
            "整改任务",
            "整改事项",
            "整改问题",
            "整改内容",
            "任务",
            "任务内容",
            "任务事项",
            "重点任务",
            "工作任务",
            "主要任务",
            "重点工作",
            "问题线索",
            "线索内容",
            "概要",
            "内容",
            "事项",
            "反映问题",
            "反映的问题",
            "反映内容",
            "反映情况",
            "诉求内容",
            "投诉内容",
            "信访事项",
            "举报内容",
            "交办问题",
            "交办事项",
            "督办事项",
            "具体表现",
            "问题表现",
            "表现形式",
            "违法违规行为",
            "扣分原因",
            "不足",
            "短板",
            "短板弱项",
            "曝光问题",
            "通报问题",
            "questionDetail",
            "problem",
            "Problem",
        ],
    ),
    (
        Field::Measures,
        &[
            "整改措施",
            "具体措施",
            "措施",
            "整改具体措施",
            "审计整改要求和建议",
            "审计建议",
            "整改建议",
            "整改要求",
            "整改意见",
            "工作措施",
            "主要措施",
            "下步措施",
            "下一步措施",
            "下步整改措施",
            "下一步整改措施",
            "下一步打算",
            "实施步骤",
            "解决措施",
            "治理措施",
            "防控措施",
            "处置措施",
            "整改方案",
            "工作举措",
            "具体举措",
            "整改举措",
            "举措",
            "重点措施",
            "推进措施",
            "整治措施",
            "处理措施",
            "整改办法",
            "解决办法",
        ],
    ),
    (
        Field::Goal,
        &[
            "整改目标",
            "目标任务",
            "目标",
            "措施(目标)",
            "工作目标",
            "预期目标",
            "预期成效",
            "整改标准",
            "达到目标",
            "目标要求",
            "整治目标",
            "任务目标",
            "整改目标要求",
            "完成标准",
            "达标要求",
        ],
    ),
    (
        Field::DeadlineText,
        &[
            "整改时限",
            "完成时限",
            "整改期限",
            "计划完成时间",
            "完成时间",
            "时间节点",
            "时限",
            "期限",
            "时限要求",
            "整改时间",
            "限期",
            "限改时间",
            "限改日期",
            "要求完成时间",
            "整改截止时间",
            "整改完成时限",
            "整改完成时间",
            "截止时间",
            "截止日期",
            "完成日期",
            "预计完成时间",
            "拟完成时间",
            "计划完成时限",
            "办结时限",
            "办理时限",
            "办理期限",
            "审计整改期限",
            "整改时限要求",
            "完成期限",
            "限期整改时间",
            "整改限期",
            "时间要求",
            "完成时间节点",
            "整改时间节点",
        ],
    ),
    (
        Field::LeadUnit,
        &[
            "牵头单位",
            "牵头部门",
            "牵头整改责任单位",
            "牵头责任单位",
            "整改牵头单位",
            "主办单位",
            "主责单位",
            "牵头",
            "主办部门",
            "主责部门",
            "牵头责任部门",
            "牵头科室",
        ],
    ),
    (
        Field::ResponsibleUnits,
        &[
            "责任单位",
            "整改责任单位",
            "责任部门",
            "责任主体",
            "整改单位",
            "承办单位",
            "落实单位",
            "责任科室",
            "责任股室",
            "责任处室",
            "责任乡镇",
            "责任街道",
            "责任镇街",
            "责任村",
            "责任企业",
            "受理单位",
            "问题归属单位",
            "归属单位",
            "归属",
            "主管单位",
            "主管部门",
            "办理单位",
            "处置单位",
            "承办部门",
            "实施单位",
            "整改主体",
            "整改责任主体",
            "属地责任单位",
            "整改部门",
            "责任单位(部门)",
            "整改责任部门",
            "责任单位名称",
            "承担单位",
            "责任区",
            "问题责任单位",
        ],
    ),
    (
        Field::AssistingUnits,
        &[
            "配合单位",
            "配合部门",
            "协办单位",
            "协助单位",
            "协同单位",
            "参与单位",
            "会办单位",
            "协办部门",
            "配合责任单位",
            "协同部门",
            "协同配合单位",
            "配合整改单位",
            "参加单位",
        ],
    ),
    (
        Field::Progress,
        &[
            "整改进展",
            "进展",
            "进展情况",
            "工作进展",
            "整改进展情况",
            "工作进展情况",
            "形象进度",
            "进度",
            "工作进度",
            "整改进度",
            "完成比例",
            "整改成效",
            "整改结果",
            "目前进展",
            "当前进展",
            "最新进展",
            "推进情况",
            "处理结果",
            "整改过程",
            "整改情况说明",
            "实际完成情况",
            "目前进展情况",
            "整改进展及成效",
            "阶段性成效",
        ],
    ),
    (
        Field::StatusText,
        &[
            "状态",
            "整改状态",
            "当前状态",
            "完成状态",
            "销号情况",
            "销号状态",
            "办理状态",
            "办结情况",
            "问题状态",
            "整改结论",
            "验收情况",
            "验收结果",
            "整改完成状态",
            "完成与否",
            "办结状态",
        ],
    ),
    (Field::Remark, &["备注", "说明", "附注", "备注说明", "其他说明", "其它", "备考"]),
];

/// Headers that tell either a status or an account of progress; the first group leans to status.
const OUTCOME_STATUS: &[&str] = &[
    "完成情况",
    "办理情况",
    "处理情况",
    "督办情况",
    "督办方式",
    "处置情况",
    "办理结果",
    "处理方式",
    "整改完成情况",
    "任务完成情况",
    "交办情况",
];
const OUTCOME_PROGRESS: &[&str] =
    &["整改情况", "落实情况", "整改落实情况", "工作情况", "贯彻落实情况", "整改工作情况"];

const BARE_UNIT: &[&str] =
    &["单位", "单位名称", "部门", "部门名称", "部门(单位)", "单位(部门)", "科室", "股室"];
const WEAK_PROBLEM: &[&str] = &[
    "项目",
    "项目名称",
    "工程",
    "工程名称",
    "工作内容",
    "名称",
    "主要内容",
    "意见建议",
    "建议",
    "标题",
    "检查内容",
];

/// Headers that are never one of the fields although a word in them suggests it.
const EXTRA: &[&str] = &[
    "责任领导",
    "牵头领导",
    "分管领导",
    "包案领导",
    "责任人",
    "整改责任人",
    "项目责任人",
    "联系人",
    "责任人员",
    "电话",
    "联系电话",
    "联系方式",
    "督导单位",
    "督查单位",
    "验收单位",
    "验收责任单位",
    "监督单位",
    "督办单位",
    "检查时间",
    "检查方式",
    "检查日期",
    "检查人",
    "检查人员",
    "检查单位",
    "发现时间",
    "发现日期",
    "交办时间",
    "交办日期",
    "反馈时间",
    "立案时间",
    "受理时间",
    "实际完成时间",
    "销号时间",
    "销号日期",
    "销号说明",
    "验收时间",
    "未整改原因",
    "未完成原因",
    "原因",
    "原因分析",
    "产生原因",
    "问题原因",
    "佐证材料",
    "证明材料",
    "附件",
    "照片",
    "整改前",
    "整改后",
    "整改前照片",
    "整改后照片",
    "涉及金额",
    "金额",
    "分值",
    "扣分",
    "得分",
    "评分",
    "是否属实",
    "属实情况",
    "问题性质",
    "定性依据",
    "年度",
    "年份",
    "月份",
    "日期",
    "填报人",
    "审核人",
    "填报时间",
    "数量",
    "个数",
    "问题数",
    "问题数量",
    "办结率",
    "整改率",
    "满意率",
    "总计",
    "合计",
    "小计",
    "指标",
    "督导单位(人)",
    "隐患等级",
    "风险等级",
    "问题级别",
];

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
    // 整改情况(月), 存在问题(10个): what stands in brackets only qualifies.
    if bare != name && !bare.is_empty() {
        if let Some(found) = exact(&bare, 0.94) {
            return Some(found);
        }
    }
    if length > 16 || name.contains(['。', '；', '，', '：', ':']) {
        return None;
    }
    contained(if bare.is_empty() { &name } else { &bare })
}

fn exact(name: &str, confidence: f32) -> Option<Guess> {
    for (field, words) in EXACT {
        if words.contains(&name) {
            return Some(guess(*field, confidence, Nature::Plain));
        }
    }
    if OUTCOME_STATUS.contains(&name) {
        return Some(guess(Field::StatusText, confidence - 0.1, Nature::Outcome));
    }
    if OUTCOME_PROGRESS.contains(&name) {
        return Some(guess(Field::Progress, confidence - 0.1, Nature::Outcome));
    }
    if BARE_UNIT.contains(&name) {
        return Some(guess(Field::ResponsibleUnits, 0.7, Nature::BareUnit));
    }
    if WEAK_PROBLEM.contains(&name) {
        return Some(guess(Field::Problem, 0.6, Nature::WeakProblem));
    }
    EXTRA.contains(&name).then_some(plain(Role::Extra, confidence))
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
    } else if unit && has(&["牵头", "主办", "主责"]) {
        Field::LeadUnit
    } else if unit && has(&["配合", "协办", "协同", "协助", "参与"]) {
        Field::AssistingUnits
    } else if unit && has(&["责任", "整改", "承办", "落实", "办理", "归属", "主管", "实施"]) {
        Field::ResponsibleUnits
    } else {
        return contained_other(name);
    };
    Some(guess(field, 0.85, Nature::Plain))
}

fn contained_other(name: &str) -> Option<Guess> {
    let has = |words: &[&str]| words.iter().any(|w| name.contains(w));
    let ends = |words: &[&str]| words.iter().any(|w| name.ends_with(w));
    let sure = |field| Some(guess(field, 0.8, Nature::Plain));
    if has(&["时限", "期限", "截止", "限期"]) {
        return sure(Field::DeadlineText);
    }
    if has(&["时间", "日期", "节点"]) {
        let planned = has(&["完成", "整改", "办结"]) && !has(&["实际", "已"]);
        return if planned { sure(Field::DeadlineText) } else { Some(plain(Role::Extra, 0.75)) };
    }
    if ends(&["序号", "编号"]) {
        return sure(Field::Seq);
    }
    if has(&["措施", "举措", "整改建议", "整改要求"]) {
        return sure(Field::Measures);
    }
    if has(&["目标"]) {
        return sure(Field::Goal);
    }
    if name.starts_with("是否") || name.ends_with("是否到位") || name.ends_with("是否完成") {
        return Some(guess(Field::StatusText, 0.8, Nature::YesNo));
    }
    if ends(&["状态"]) || has(&["销号"]) {
        return sure(Field::StatusText);
    }
    if has(&["进展", "进度", "成效"]) {
        return sure(Field::Progress);
    }
    if ends(&["情况", "结果"]) && has(&["整改", "完成", "落实", "办理", "处理", "处置", "督办"])
    {
        return Some(guess(Field::Progress, 0.7, Nature::Outcome));
    }
    if ends(&["备注", "说明"]) {
        return sure(Field::Remark);
    }
    if ends(&["类别", "类型", "分类", "来源", "领域"]) {
        return sure(Field::Category);
    }
    if ends(&["问题", "隐患", "任务", "事项", "线索", "诉求", "问题描述", "问题内容", "表现"])
        || has(&["存在问题", "隐患"])
    {
        return sure(Field::Problem);
    }
    if ends(&[
        "地点", "点位", "位置", "路段", "地址", "乡镇", "街道", "社区", "村", "辖区", "场所", "小区", "学校",
    ]) {
        return Some(guess(Field::Place, 0.75, Nature::Plain));
    }
    None
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
        "完成",
    ];
    WORDS.contains(&core)
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

//! The shape of a template: every table and key once, with its limits and its meaning. The check of a file and the JSON
//! schema both come from here; a new kind of entry (required actions, activity kinds, …) is a new shape in this file.

/// What a key holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// Text of at most so many characters.
    Text(usize),
    /// A code: small letters, digits and `-`, beginning with a letter; unique within its list.
    Code,
    /// Whole numbers within these bounds.
    Integer(i64, i64),
    Flag,
    /// A list of at most so many texts of at most so many characters.
    Texts(usize, usize),
    /// A list of words out of these, each once.
    Choices(&'static [&'static str]),
    /// The code of an entry of that list.
    Reference(&'static str),
    /// Codes of entries of that list, at least one and at most so many.
    References(&'static str, usize),
    /// Text with named places in braces out of these.
    Wording(usize, &'static [&'static str]),
    /// One word out of these.
    Choice(&'static [&'static str]),
    /// The text of a report with its fields.
    ReportText(usize),
    Table(&'static Shape),
    /// A list of tables, at least and at most so many.
    Tables(&'static Shape, usize, usize),
}

/// One key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) key: &'static str,
    pub(super) kind: Kind,
    pub(super) required: bool,
    /// What it is, in Chinese.
    pub(super) says: &'static str,
}

/// The keys of one table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) fields: &'static [Field],
}

/// The longest code, in characters.
pub const MAX_CODE_CHARS: usize = 40;
/// The longest name, in characters.
pub const MAX_NAME_CHARS: usize = 60;
/// The longest explanation or wording, in characters.
pub const MAX_TEXT_CHARS: usize = 2_000;
/// The most entries of one list.
pub const MAX_ENTRIES: usize = 200;
/// The most vague words of a template's own.
pub const MAX_WORDS: usize = 500;
/// The longest span of days a template may set.
pub const MAX_DAYS: i64 = 3_660;

const MAX_WORD_CHARS: usize = 30;

/// Named places a slip's wording may hold.
pub const PLACES: [&str; 11] =
    ["编号", "单位", "上级单位", "问题", "诉求", "措施", "时限", "逾期天数", "答复时限", "办公室", "日期"];

pub(super) const LEVELS: [&str; 7] =
    ["nation", "province", "city", "county", "township", "village", "branch"];

pub(super) const fn must(key: &'static str, kind: Kind, says: &'static str) -> Field {
    Field { key, kind, required: true, says }
}

pub(super) const fn may(key: &'static str, kind: Kind, says: &'static str) -> Field {
    Field { key, kind, required: false, says }
}

pub(super) const CODE: Field = must("code", Kind::Code, "代码，小写字母、数字和连字符");
pub(super) const NAME: Field = must("name", Kind::Text(MAX_NAME_CHARS), "名称");
pub(super) const SUMMARY: Field = may("summary", Kind::Text(MAX_TEXT_CHARS), "说明");

const ENTRY: Shape = Shape { fields: &[CODE, NAME, SUMMARY] };

const SOURCE: Shape = Shape {
    fields: &[CODE, NAME, SUMMARY, may("appeals", Kind::Flag, "是否群众诉求，是的督办单按诉求写")],
};

const CATEGORY: Shape = Shape {
    fields: &[CODE, NAME, SUMMARY, may("strand", Kind::Reference("strand"), "所属重点措施的代码")],
};

const SCREENING: Shape = Shape {
    fields: &[
        may("enabled", Kind::Flag, "是否先审核再交办"),
        may("first_step", Kind::Text(MAX_NAME_CHARS), "第一步的名称"),
        may("second_step", Kind::Text(MAX_NAME_CHARS), "第二步的名称"),
    ],
};

const CLOSURE: Shape = Shape {
    fields: &[
        may("notice_days", Kind::Integer(0, MAX_DAYS), "拟销号公示天数，0为不公示"),
        may("look_back_days", Kind::Integer(0, MAX_DAYS), "销号后多少天回头看，0为不安排"),
        may("sample_percent", Kind::Integer(0, 100), "反向核查抽取已销号问题的百分比"),
        may("evidence_min", Kind::Integer(0, 100), "销号至少要有几件佐证"),
    ],
};

const COLOUR: Shape = Shape {
    fields: &[
        may("yellow_days", Kind::Integer(0, MAX_DAYS), "距时限多少天起亮黄"),
        may("red_after_send_backs", Kind::Integer(0, 100), "被退回几次起亮红，0为不按退回亮红"),
    ],
};

/// Points of one checklist at most.
pub const MAX_POINTS: usize = 60;

const CHECKLIST_POINT: Shape = Shape {
    fields: &[
        CODE,
        must("text", Kind::Text(MAX_TEXT_CHARS), "查什么，一句能回答符合或不符合的话"),
        may("how", Kind::Text(MAX_TEXT_CHARS), "怎么查"),
    ],
};

const CHECKLIST: Shape = Shape {
    fields: &[
        CODE,
        NAME,
        SUMMARY,
        must("point", Kind::Tables(&CHECKLIST_POINT, 1, MAX_POINTS), "检查要点，代码在全部清单中不重复"),
    ],
};

const SAMPLING: Shape = Shape {
    fields: &[
        may("after_days", Kind::Integer(0, MAX_DAYS), "销号满多少天的问题可以抽"),
        may("within_days", Kind::Integer(1, MAX_DAYS), "销号不超过多少天的问题可以抽"),
        may("percent", Kind::Integer(1, 100), "每层抽取的百分比"),
        may("at_least", Kind::Integer(0, 100), "每层至少抽几件，不足时全抽"),
        may("strata", Kind::Text(MAX_CODE_CHARS), "怎样分层：unit按单位，category按类别，outcome按结果"),
        may("checklist", Kind::Reference("checklist"), "反向核查用的清单的代码"),
    ],
};

const DEADLINE: Shape = Shape {
    fields: &[
        may("immediate_working_days", Kind::Integer(1, 250), "立行立改给几个工作日"),
        may("recheck_days", Kind::Integer(1, MAX_DAYS), "长期坚持的事项隔多少天复查一次"),
    ],
};

const VAGUENESS: Shape = Shape {
    fields: &[may("words", Kind::Texts(MAX_WORDS, MAX_WORD_CHARS), "本次行动另外要提示的空泛用语")],
};

const SLIP: Shape = Shape {
    fields: &[
        CODE,
        NAME,
        SUMMARY,
        must("wording", Kind::Wording(MAX_TEXT_CHARS, &PLACES), "正文，花括号内是自动填写的内容"),
        may(
            "appeal_wording",
            Kind::Wording(MAX_TEXT_CHARS, &PLACES),
            "督办群众诉求时的正文，不写时用wording",
        ),
        may("answer_working_days", Kind::Integer(0, 250), "几个工作日内答复，0为不要求答复"),
        may("kind", Kind::Choice(&super::ladder::SLIP_KINDS), "类型，不写时按代码认定"),
    ],
};

/// The whole file.
pub(super) const TEMPLATE: Shape = Shape {
    fields: &[
        CODE,
        NAME,
        SUMMARY,
        may("levels", Kind::Choices(&LEVELS), "参加的层级，不写为全部"),
        must("strand", Kind::Tables(&ENTRY, 1, MAX_ENTRIES), "重点措施"),
        must("category", Kind::Tables(&CATEGORY, 1, MAX_ENTRIES), "问题类别"),
        must("source", Kind::Tables(&SOURCE, 1, MAX_ENTRIES), "问题来源"),
        may("screening", Kind::Table(&SCREENING), "审核"),
        may("closure", Kind::Table(&CLOSURE), "销号"),
        may("colour", Kind::Table(&COLOUR), "红黄绿"),
        may("deadline", Kind::Table(&DEADLINE), "时限"),
        may("vagueness", Kind::Table(&VAGUENESS), "空泛用语"),
        may("checklist", Kind::Tables(&CHECKLIST, 0, MAX_ENTRIES), "检查清单"),
        may("sampling", Kind::Table(&SAMPLING), "反向核查抽样"),
        may("slip", Kind::Tables(&SLIP, 0, MAX_ENTRIES), "督办单"),
        may("activity_kind", Kind::Tables(&super::action::ACTIVITY_KIND, 0, MAX_ENTRIES), "活动类别"),
        may("required_action", Kind::Tables(&super::action::REQUIRED_ACTION, 0, MAX_ENTRIES), "规定动作"),
        may("task_kind", Kind::Tables(&super::task::TASK_KIND, 0, MAX_ENTRIES), "任务类别"),
        may("supervision", Kind::Table(&super::ladder::SUPERVISION), "督办"),
        may("ladder", Kind::Tables(&super::ladder::LADDER, 0, super::ladder::LADDER_RULES_MAX), "督办阶梯"),
        may("report", Kind::Tables(&super::report::SHAPE, 0, MAX_ENTRIES), "报告模板"),
    ],
};

/// The `{…}` of a wording that are no known places, or a brace that is not closed.
pub(super) fn wrong_places<'a>(wording: &'a str, known: &[&str]) -> Vec<&'a str> {
    let mut wrong = Vec::new();
    let mut rest = wording;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((place, behind)) = after.split_once('}') else {
            wrong.push(after);
            break;
        };
        if !known.contains(&place) {
            wrong.push(place);
        }
        rest = behind;
    }
    wrong
}

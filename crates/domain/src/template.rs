//! Campaign templates 专项行动模板: what is particular to one kind of campaign, as data in TOML.
//!
//! The engine knows campaigns, problems and slips; names of measures, categories, sources, thresholds and wording come
//! from a template. `shape` lists every key once with its limits; the check of a file (with line numbers) and the JSON
//! schema both follow it.

mod action;
mod check;
mod inspecting;
pub mod ladder;
mod report;
mod schema;
mod shape;
mod syntax;
mod task;

pub use action::{ActionForm, ActivityKind};
pub use inspecting::{Checklist, ChecklistPoint, SamplingRule, SamplingStrata};
pub use report::{FORMS, ReportForm};
pub use schema::schema;
pub use shape::{MAX_CODE_CHARS, MAX_DAYS, MAX_ENTRIES, MAX_NAME_CHARS, MAX_TEXT_CHARS, MAX_WORDS, PLACES};
pub use task::{MilestoneForm, TaskKind};

use serde::{Deserialize, Serialize};

use crate::Coded as _;
use crate::campaign::CampaignRules;
use crate::deadline::DeadlineDefaults;
use crate::slip::{SlipKind, SubjectKind};
use crate::unit::Level;

/// The largest template file, in bytes.
pub const MAX_TEMPLATE_BYTES: usize = 256 * 1024;

/// One thing wrong with a template file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TemplateFault {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Stable code for programs.
    pub code: &'static str,
    /// What is wrong and how to mend it, in Chinese.
    pub sentence: String,
}

impl std::fmt::Display for TemplateFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let stop = if self.sentence.ends_with('？') { "" } else { "。" };
        write!(f, "第{}行第{}列：{}{stop}", self.line, self.column, self.sentence)
    }
}

/// A strand or other named entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Stable code, kept in problems.
    pub code: String,
    /// Name on pages.
    pub name: String,
    /// Explanation.
    #[serde(default)]
    pub summary: String,
}

/// A source of problems.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Stable code, kept in problems.
    pub code: String,
    /// Name on pages.
    pub name: String,
    /// Explanation.
    #[serde(default)]
    pub summary: String,
    /// What comes from it are appeals 诉求 of people, and slips speak of them as such.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub appeals: bool,
}

/// A category of problems.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Stable code, kept in problems.
    pub code: String,
    /// Name on pages.
    pub name: String,
    /// Explanation.
    #[serde(default)]
    pub summary: String,
    /// Code of the strand its problems belong to, where that is fixed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strand: Option<String>,
}

/// How problems are screened before they are assigned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ScreeningRule {
    /// Whether they are.
    pub enabled: bool,
    /// Name of the first step.
    pub first_step: String,
    /// Name of the second step.
    pub second_step: String,
}

impl Default for ScreeningRule {
    fn default() -> Self {
        ScreeningRule {
            enabled: true, first_step: "分管核".to_string(), second_step: "上会审".to_string()
        }
    }
}

/// What closing takes and what follows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClosureRule {
    /// Days a proposed closure is open to objection; 0 for none.
    pub notice_days: i32,
    /// Days after closing until the look-back; 0 for none.
    pub look_back_days: i32,
    /// Share of closed problems that the reverse check draws, 0–100.
    pub sample_percent: u8,
    /// Pieces of evidence a closure needs at least.
    pub evidence_min: i64,
}

impl Default for ClosureRule {
    fn default() -> Self {
        let rules = CampaignRules::default();
        ClosureRule {
            notice_days: rules.notice_days,
            look_back_days: rules.look_back_days,
            sample_percent: 10,
            evidence_min: rules.evidence_min,
        }
    }
}

/// When a problem turns yellow or red before its day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ColourRule {
    /// Days before the deadline from which it is yellow.
    pub yellow_days: i32,
    /// Send-backs from which it is red; 0 for never.
    pub red_after_send_backs: i64,
}

impl Default for ColourRule {
    fn default() -> Self {
        let rules = CampaignRules::default();
        ColourRule { yellow_days: rules.yellow_days, red_after_send_backs: rules.red_after_send_backs }
    }
}

/// What the wording of a deadline leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeadlineRule {
    /// Working days that 立行立改 allows.
    pub immediate_working_days: u32,
    /// Days between two proofs of a standing duty.
    pub recheck_days: u32,
}

impl Default for DeadlineRule {
    fn default() -> Self {
        let DeadlineDefaults { immediate_working_days, recheck_days } = DeadlineDefaults::default();
        DeadlineRule { immediate_working_days, recheck_days }
    }
}

/// Vague wording this campaign points out, beside the common list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VaguenessRule {
    /// Words and phrases.
    pub words: Vec<String>,
}

/// A numbered slip's form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlipForm {
    /// Stable code.
    pub code: String,
    /// Name.
    pub name: String,
    /// When it is used.
    #[serde(default)]
    pub summary: String,
    /// Body with `{单位}` and other `PLACES`.
    pub wording: String,
    /// The same for a slip about an appeal; without it the body serves for those too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal_wording: Option<String>,
    /// Working days to answer in; 0 when no answer is asked.
    #[serde(default)]
    pub answer_working_days: u32,
    /// Its kind, where the code does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<SlipKind>,
}

impl SlipForm {
    /// Its kind: as said, or by the code; a form that calls itself 约谈 is one, whatever its code.
    pub fn kind(&self) -> SlipKind {
        if self.name.contains(ladder::TALK) {
            return SlipKind::Talk;
        }
        self.kind.or_else(|| SlipKind::from_code(&self.code)).unwrap_or(SlipKind::Other)
    }

    /// The body for a slip about such a matter.
    pub fn wording_about(&self, kind: SubjectKind) -> &str {
        match (kind, &self.appeal_wording) {
            (SubjectKind::Appeal, Some(wording)) => wording,
            _ => &self.wording,
        }
    }

    /// The body with its places filled; a place without a value stays visible.
    pub fn filled(&self, values: &[(&str, &str)]) -> String {
        let mut body = self.wording.clone();
        for (place, value) in values {
            body = body.replace(&format!("{{{place}}}"), value);
        }
        body
    }
}

/// A campaign template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Stable code.
    pub code: String,
    /// Name.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub summary: String,
    /// Levels that take part; empty for all.
    #[serde(default)]
    pub levels: Vec<Level>,
    /// 重点措施, in official order.
    #[serde(rename = "strand")]
    pub strands: Vec<Entry>,
    /// Categories of problems, in official order.
    #[serde(rename = "category")]
    pub categories: Vec<Category>,
    /// Sources of problems, in official order.
    #[serde(rename = "source")]
    pub sources: Vec<Source>,
    /// Screening.
    #[serde(default)]
    pub screening: ScreeningRule,
    /// Closing.
    #[serde(default)]
    pub closure: ClosureRule,
    /// Colours.
    #[serde(default)]
    pub colour: ColourRule,
    /// Deadlines.
    #[serde(default)]
    pub deadline: DeadlineRule,
    /// Vague wording.
    #[serde(default)]
    pub vagueness: VaguenessRule,
    /// Kinds of activities.
    #[serde(default, rename = "activity_kind")]
    pub activity_kinds: Vec<ActivityKind>,
    /// Required actions.
    #[serde(default, rename = "required_action")]
    pub required_actions: Vec<ActionForm>,
    /// Checklists of visits and look-backs.
    #[serde(default, rename = "checklist")]
    pub checklists: Vec<Checklist>,
    /// How the reverse check draws.
    #[serde(default)]
    pub sampling: SamplingRule,
    /// Slips.
    #[serde(default, rename = "slip")]
    pub slips: Vec<SlipForm>,
    /// Kinds of tasks, in official order.
    #[serde(default, rename = "task_kind")]
    pub task_kinds: Vec<TaskKind>,
    /// Numbers of supervision.
    #[serde(default)]
    pub supervision: ladder::SupervisionRule,
    /// The rules that send slips, lowest first.
    #[serde(default, rename = "ladder")]
    pub ladder: Vec<crate::ladder::LadderRule>,
    /// Reports.
    #[serde(default, rename = "report")]
    pub reports: Vec<ReportForm>,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// Every fault of the file, in the order of its lines.
    pub fn parse(text: &str) -> Result<Template, Vec<TemplateFault>> {
        if text.len() > MAX_TEMPLATE_BYTES {
            let sentence = format!("模板文件超过{}KB，请拆分或精简", MAX_TEMPLATE_BYTES / 1024);
            return Err(vec![TemplateFault { line: 1, column: 1, code: "too_long", sentence }]);
        }
        let faults = check::check(text);
        if !faults.is_empty() {
            return Err(faults);
        }
        toml::from_str(text).map_err(|error| {
            let (line, column) = check::position(text, error.span().map_or(0, |span| span.start));
            // The check above says what is wrong in words; what it lets pass is a shape it does not know yet.
            let sentence =
                "这里的内容与模板的格式不符，请对照“bihuan template schema”给出的格式修改".to_owned();
            vec![TemplateFault { line, column, code: "wrong_type", sentence }]
        })
    }

    /// Whether what comes from a source, by its code or as a ledger wrote it, is an appeal 诉求.
    pub fn is_appeal(&self, source: &str) -> bool {
        self.source_named(source).is_some_and(|source| source.appeals)
    }

    /// The numbers the rules of problems need.
    pub fn rules(&self) -> CampaignRules {
        CampaignRules {
            screening: self.screening.enabled,
            notice_days: self.closure.notice_days,
            look_back_days: self.closure.look_back_days,
            yellow_days: self.colour.yellow_days,
            red_after_send_backs: self.colour.red_after_send_backs,
            evidence_min: self.closure.evidence_min,
        }
    }

    /// What deadlines are reckoned with.
    pub fn deadline_defaults(&self) -> DeadlineDefaults {
        DeadlineDefaults {
            immediate_working_days: self.deadline.immediate_working_days,
            recheck_days: self.deadline.recheck_days,
        }
    }

    /// The strand of a code.
    pub fn strand(&self, code: &str) -> Option<&Entry> {
        self.strands.iter().find(|entry| entry.code == code)
    }

    /// The source of a code.
    pub fn source(&self, code: &str) -> Option<&Source> {
        self.sources.iter().find(|entry| entry.code == code)
    }

    /// The category of a code.
    pub fn category(&self, code: &str) -> Option<&Category> {
        self.categories.iter().find(|category| category.code == code)
    }

    /// The category a ledger names, by code or name.
    pub fn category_named(&self, written: &str) -> Option<&Category> {
        self.categories.iter().find(|category| category.code == written || category.name == written.trim())
    }

    /// The source a ledger names, by code or name.
    pub fn source_named(&self, written: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.code == written || source.name == written.trim())
    }

    /// The kind of activity of a code.
    pub fn activity_kind(&self, code: &str) -> Option<&ActivityKind> {
        self.activity_kinds.iter().find(|kind| kind.code == code)
    }

    /// The form of a slip.
    pub fn slip(&self, code: &str) -> Option<&SlipForm> {
        self.slips.iter().find(|slip| slip.code == code)
    }
}

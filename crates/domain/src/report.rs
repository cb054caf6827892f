//! Reports 报告: text with named figures, drawn up as drafts, frozen when issued, corrected only by a new edition (M41, M38).

mod basis;
pub mod text;

pub use basis::FiguresAsOf;

use crate::id::{CampaignId, EditionId, PersonId, ReportId, ReportTemplateId, UnitId};
use crate::refusal::{limit_text, require_text};
use crate::{Day, Instant, Refusal};
use serde::{Deserialize, Serialize};

/// Longest title, in characters.
pub const TITLE_CHARS_MAX: usize = 120;
/// Longest text of a report with its fields, in characters.
pub const TEXT_CHARS_MAX: usize = 60_000;
/// Longest single line of the head and the imprint, in characters.
pub const LINE_CHARS_MAX: usize = 300;
/// Longest reason of a correction, in characters.
pub const REASON_CHARS_MAX: usize = 500;
/// Characters above which a report on everything is called too long (N11).
pub const LONG_CHARS: usize = 5_000;
/// Characters above which a report on one matter is called too long (N11).
pub const LONG_SPECIAL_CHARS: usize = 4_000;
/// Longest period of a report, in days.
pub const PERIOD_DAYS_MAX: i32 = 1_100;

crate::coded! {
    /// What kind of document a report is.
    ReportKind ("文种") {
        Progress = "progress", "进展情况汇报";
        Special = "special", "专报";
        Bulletin = "bulletin", "简报";
        Circular = "circular", "通报";
        ProblemList = "problem_list", "问题清单";
        Ledger = "ledger", "整改台账";
        Closures = "closures", "销号表";
        Weekly = "weekly", "周调度表";
        Brief = "brief", "一页简报";
        Minutes = "minutes", "纪要";
        Letter = "letter", "督办函";
    }
}

crate::coded! {
    /// Where an edition stands.
    EditionState ("版次状态") {
        Draft = "draft", "草稿";
        Issued = "issued", "已签发";
    }
}

crate::coded! {
    /// What a document can be had as.
    FileFormat ("文件格式") {
        Docx = "docx", "Word";
        Pdf = "pdf", "PDF";
        Xlsx = "xlsx", "Excel";
    }
}

impl ReportKind {
    /// Characters above which a document of the kind is called too long, and what it is called there (N11).
    pub fn long_chars(self) -> (usize, &'static str) {
        match self {
            ReportKind::Special | ReportKind::Letter => (LONG_SPECIAL_CHARS, "专项文稿"),
            _ => (LONG_CHARS, "综合性文稿"),
        }
    }
}

impl FileFormat {
    /// The media type to serve it with.
    pub fn media_type(self) -> &'static str {
        match self {
            FileFormat::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            FileFormat::Pdf => "application/pdf",
            FileFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// A report on a unit and a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Number.
    pub id: ReportId,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The unit it is about, whose office draws it up.
    pub unit_id: UnitId,
    /// Code of the template of the campaign; empty for a docx of one's own.
    pub template_code: String,
    /// A docx of one's own.
    pub own_template_id: Option<ReportTemplateId>,
    /// Kind.
    pub kind: ReportKind,
    /// First day of the period.
    pub from_day: Day,
    /// Last day of the period; figures stand as of its end, or as of now where it has not passed.
    pub to_day: Day,
    /// Who drew it up.
    pub created_by: PersonId,
    /// When.
    pub created_at: Instant,
    /// Row version.
    pub version: i64,
}

/// One edition of a report: a draft, or what was issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edition {
    /// Number.
    pub id: EditionId,
    /// The report.
    pub report_id: ReportId,
    /// From 1; later ones correct the one before.
    pub number: i64,
    /// State.
    pub state: EditionState,
    /// Title, with fields.
    pub title: String,
    /// To whom, with fields.
    pub addressee: String,
    /// Text with fields.
    pub text: String,
    /// Head, signature and imprint as JSON of [`Trimmings`].
    pub trimmings: String,
    /// 发文字号 once issued; empty where it has none.
    pub document_number: String,
    /// What it corrects and why; empty for the first edition.
    pub reason: String,
    /// Entry its figures are as of; 0 for a draft told as of now.
    pub as_of_seq: i64,
    /// Day its figures are told for; `None` for a draft told as of now.
    pub as_of_day: Option<Day>,
    /// Who issued it.
    pub issued_by: Option<PersonId>,
    /// When.
    pub issued_at: Option<Instant>,
    /// SHA-256 of the document as it was issued, with the rows behind its figures; empty for a draft.
    pub frozen: String,
    /// Row version.
    pub version: i64,
}

/// A figure frozen with an edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EditionFigure {
    /// The edition.
    pub edition_id: EditionId,
    /// Order, from 1.
    pub ordinal: i64,
    /// The short link's code.
    pub code: String,
    /// Its name in the text.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// What is counted.
    pub definition: String,
    /// Out of what.
    pub denominator: String,
    /// What is counted in.
    pub unit: String,
    /// The number; a rate in per mille.
    pub value: i64,
    /// Out of how many.
    pub out_of: Option<i64>,
    /// As it stands in the document.
    pub shown: String,
    /// The page that lists its rows: a question to the ledger, or rows frozen with it.
    pub address: String,
}

/// A file frozen with an edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EditionFile {
    /// The edition.
    pub edition_id: EditionId,
    /// Format.
    pub format: FileFormat,
    /// SHA-256.
    pub digest: String,
    /// Bytes.
    pub size_bytes: i64,
    /// Pages of a PDF; 0 for others.
    pub pages: i64,
    /// Fonts a PDF used; empty for others.
    pub fonts: String,
}

/// The last number given in a series of documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberSeries {
    /// The unit that issues.
    pub unit_id: UnitId,
    /// 机关代字.
    pub prefix: String,
    /// Year.
    pub year: i64,
    /// Last number.
    pub last: i64,
}

/// A docx of one's own with named fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportTemplate {
    /// Number.
    pub id: ReportTemplateId,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The unit whose office uses it.
    pub unit_id: UnitId,
    /// Name.
    pub name: String,
    /// Kind of document.
    pub kind: ReportKind,
    /// The file's name.
    pub file_name: String,
    /// Its SHA-256.
    pub digest: String,
    /// Who brought it in.
    pub created_by: PersonId,
    /// When.
    pub created_at: Instant,
    /// Row version.
    pub version: i64,
}

/// What stands around the text of an official document. Everything may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Trimmings {
    /// 发文机关标志; without it there is no head.
    pub mark: String,
    /// 机关代字 before the year; without it there is no number.
    pub prefix: String,
    /// 内部 or nothing.
    pub marking: String,
    /// 紧急程度.
    pub urgency: String,
    /// 签发人, separated by 、.
    pub signers: String,
    /// 署名.
    pub signature: String,
    /// Room for a seal.
    pub sealed: bool,
    /// 抄送.
    pub copies: String,
    /// 附注.
    pub remark: String,
    /// A list of all figures with their definitions follows as an attachment.
    pub explained: bool,
}

/// What a person writes into a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    /// Title.
    pub title: String,
    /// To whom.
    pub addressee: String,
    /// Text.
    pub text: String,
    /// What stands around it.
    pub trimmings: Trimmings,
}

/// The period of a report.
///
/// # Errors
/// `report_period_turned`, `report_period_future`, `report_period_long`.
pub fn check_period(from: Day, to: Day, today: Day) -> Result<(), Refusal> {
    if from > to {
        return Err(Refusal::of_field(
            "from",
            "report_period_turned",
            "“期间起日”晚于“期间止日”。",
            "请把两个日期对调。",
        ));
    }
    if to > today {
        return Err(Refusal::of_field(
            "to",
            "report_period_future",
            "“期间止日”还没有到。",
            format!("请选择{}或者更早的日期。", today.in_chinese()),
        ));
    }
    if to.minus(from) > PERIOD_DAYS_MAX {
        return Err(Refusal::of_field(
            "from",
            "report_period_long",
            format!("期间有{}天，最长{PERIOD_DAYS_MAX}天。", to.minus(from)),
            "请缩短期间，或者分期出报告。",
        ));
    }
    Ok(())
}

/// Checks what a person wrote; answers with it trimmed.
///
/// # Errors
/// Refusals that name the field; `report_text_fault` with line numbers for fields that cannot be filled;
/// `report_secret_marking` for a marking of state secrets, which the program must not hold.
pub fn check_wording(wording: &Wording) -> Result<Wording, Refusal> {
    let line = |field, label, text: &str| limit_text(field, label, text, LINE_CHARS_MAX);
    let old = &wording.trimmings;
    let marking = line("marking", "标注", &old.marking)?;
    if ["绝密", "机密", "秘密"].iter().any(|secret| marking.contains(secret)) {
        return Err(Refusal::of_field(
            "marking",
            "report_secret_marking",
            "本系统不得处理国家秘密，不能标注密级。",
            "标注只能填“内部”或者留空；涉密文件请在涉密设备上办理。",
        ));
    }
    let checked = Wording {
        title: require_text("title", "标题", &wording.title, TITLE_CHARS_MAX)?,
        addressee: line("addressee", "主送机关", &wording.addressee)?,
        text: limit_text("text", "正文", &wording.text, TEXT_CHARS_MAX)?,
        trimmings: Trimmings {
            mark: line("mark", "发文机关标志", &old.mark)?,
            prefix: line("prefix", "机关代字", &old.prefix)?,
            marking,
            urgency: line("urgency", "紧急程度", &old.urgency)?,
            signers: line("signers", "签发人", &old.signers)?,
            signature: line("signature", "署名", &old.signature)?,
            sealed: old.sealed,
            copies: line("copies", "抄送", &old.copies)?,
            remark: line("remark", "附注", &old.remark)?,
            explained: old.explained,
        },
    };
    for (field, label, text) in
        [("title", "标题", &checked.title), ("addressee", "主送机关", &checked.addressee)]
    {
        if let Err(fault) = text::pieces(text) {
            let sentence = format!("“{label}”：{fault}");
            return Err(Refusal::of_field(field, "report_text_fault", sentence, "请改正后再保存。"));
        }
    }
    if let Err(faults) = text::parse(&checked.text) {
        let all: Vec<String> = faults.iter().take(5).map(ToString::to_string).collect();
        return Err(Refusal::of_field("text", "report_text_fault", all.join(""), "请按行改正后再保存。"));
    }
    Ok(checked)
}

/// A document's number with the year in 六角括号: `云整改办发〔2024〕8号`; empty without a prefix.
pub fn document_number(prefix: &str, year: i64, number: i64) -> String {
    if prefix.is_empty() { String::new() } else { format!("{prefix}〔{year}〕{number}号") }
}

/// Refuses to issue a report that says nothing; one of somebody's own docx has its words there.
///
/// # Errors
/// `report_without_text`.
pub fn require_words(report: &Report, edition: &Edition) -> Result<(), Refusal> {
    if report.own_template_id.is_none() && edition.text.trim().is_empty() {
        return Err(Refusal::of_field(
            "text",
            "report_without_text",
            "“正文”是空的，没有签发，也没有占用文号。",
            "请先写好正文再签发。",
        ));
    }
    Ok(())
}

/// Issues a draft.
///
/// # Errors
/// `report_already_issued`; `report_correction_without_reason`.
pub fn issue(edition: &Edition) -> Result<(), Refusal> {
    if edition.state == EditionState::Issued {
        return Err(Refusal::new(
            "report_already_issued",
            format!("第{}版已经签发，签发后的文件不能再改。", edition.number),
            "要改请作更正，更正会成为新的一版。",
        ));
    }
    if edition.number > 1 && edition.reason.trim().is_empty() {
        return Err(Refusal::of_field(
            "reason",
            "report_correction_without_reason",
            "更正没有写明原因。",
            "请写明更正哪里、为什么。",
        ));
    }
    Ok(())
}

/// A new draft that corrects an issued edition.
///
/// # Errors
/// `report_not_issued`, `text_missing`, `text_too_long`.
pub fn correct(
    issued: &Edition,
    id: EditionId,
    reason: &str,
    figures: FiguresAsOf,
) -> Result<Edition, Refusal> {
    if issued.state != EditionState::Issued {
        return Err(Refusal::new(
            "report_not_issued",
            "还没有签发的报告直接修改草稿就可以，不用更正。",
            "请回到草稿修改。",
        ));
    }
    let reason = require_text("reason", "更正原因", reason, REASON_CHARS_MAX)?;
    let kept = figures == FiguresAsOf::Issued;
    Ok(Edition {
        id,
        number: issued.number + 1,
        state: EditionState::Draft,
        reason,
        as_of_seq: if kept { issued.as_of_seq } else { 0 },
        as_of_day: issued.as_of_day.filter(|_| kept),
        issued_by: None,
        issued_at: None,
        frozen: String::new(),
        version: 1,
        ..issued.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wording(text: &str) -> Wording {
        Wording { title: "汇报".to_owned(), text: text.to_owned(), ..Wording::default() }
    }

    #[test]
    fn a_field_that_cannot_be_filled_is_refused_with_its_line() {
        let refusal = check_wording(&wording("第一行\n共{{问题多少}}件")).expect_err("refused");
        assert_eq!(refusal.code, "report_text_fault");
        assert!(refusal.sentence.contains("第2行"), "{}", refusal.sentence);
    }

    #[test]
    fn a_report_on_one_matter_is_long_sooner_than_one_on_everything_n11() {
        assert_eq!(ReportKind::Special.long_chars().0, 4_000);
        assert_eq!(ReportKind::Progress.long_chars().0, 5_000);
    }

    #[test]
    fn a_marking_of_state_secrets_is_refused() {
        let mut one = wording("正文");
        one.trimmings.marking = "机密★1年".to_owned();
        assert_eq!(check_wording(&one).expect_err("refused").code, "report_secret_marking");
    }

    #[test]
    fn a_number_has_its_year_in_six_cornered_brackets() {
        assert_eq!(document_number("云整改办发", 2024, 8), "云整改办发〔2024〕8号");
        assert_eq!(document_number("", 2024, 8), "");
    }

    #[test]
    fn a_text_at_the_limit_is_taken_and_one_more_is_not() {
        assert!(check_wording(&wording(&"字".repeat(TEXT_CHARS_MAX))).is_ok());
        assert!(check_wording(&wording(&"字".repeat(TEXT_CHARS_MAX + 1))).is_err());
    }

    #[test]
    fn a_period_may_not_be_turned_nor_lie_ahead() {
        let day = |d| Day::from_ymd(2024, 3, d).expect("a day");
        assert!(check_period(day(1), day(5), day(5)).is_ok());
        assert_eq!(check_period(day(5), day(1), day(5)).expect_err("turned").code, "report_period_turned");
        assert_eq!(check_period(day(1), day(6), day(5)).expect_err("ahead").code, "report_period_future");
    }
}

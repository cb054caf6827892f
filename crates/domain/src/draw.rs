//! Random draws 随机抽查、双随机: which units or closed problems are looked at, and by whom, so that anybody can draw again.
//!
//! The list of candidates and a commitment to a secret are published first. Then a public value is entered that nobody
//! could know before. Seed, drawing and examiners follow from these three by SHA-256 alone, as `docs/operating/draw.md`
//! says byte by byte; no number generator is involved, and the order of the list does not matter.

mod file;
mod lot;

pub use file::{DrawFault, DrawFile, FILE_BYTES_MAX, verify};
pub use lot::{Drawn, commitment_of, draw_lots, plan_digest, result_digest, seed_of};

use crate::id::{CampaignId, DrawId, InspectionId, PersonId, UnitId};
use crate::refusal::{Refusal, require_text};
use crate::role::{Actor, Role};
use crate::unit::UnitPath;
use crate::{Day, Instant};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most candidates of one draw.
pub const CANDIDATES_MAX: usize = 5_000;
/// Most strata of one draw.
pub const STRATA_MAX: usize = 200;
/// Most people a draw may choose examiners from.
pub const EXAMINERS_MAX: usize = 500;
/// Most examiners for one candidate.
pub const EXAMINERS_EACH_MAX: u32 = 5;
/// Longest title, in characters.
pub const TITLE_CHARS_MAX: usize = 100;
/// Longest description of the public value, in characters.
pub const SOURCE_CHARS_MAX: usize = 200;
/// Longest public value, in characters.
pub const VALUE_CHARS_MAX: usize = 200;
/// Days from the commitment to the day of opening at most.
pub const SEALED_DAYS_MAX: i32 = 180;

crate::coded! {
    /// What is drawn.
    DrawPurpose ("抽取用途") {
        Visits = "visits", "抽取受检单位";
        /// Closed problems, for the reverse check.
        LookBacks = "look_backs", "抽取已销号问题反向核查";
    }
}

crate::coded! {
    /// Where the public value comes from.
    DrawMethod ("抽取方式") {
        /// Named beforehand, entered when it is known.
        Announced = "announced", "先公布承诺，再填公开数";
        /// The hash of the commitment's own entry in the journal.
        AtOnce = "at_once", "当场抽取";
    }
}

crate::coded! {
    /// How far a draw is.
    DrawState ("抽取状态") {
        Committed = "committed", "已公布承诺";
        Drawn = "drawn", "已抽取，待启封";
        Opened = "opened", "已启封";
        Dropped = "dropped", "已作废";
    }
}

/// A layer of candidates, and how many are drawn from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stratum {
    /// Stable code.
    pub code: String,
    /// Name.
    pub name: String,
    /// How many are drawn.
    pub size: u32,
}

/// Who may examine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Examiner {
    /// The person.
    pub person: i64,
    /// Name.
    pub name: String,
    /// Units of the person's posts with all units above them, ascending.
    pub units: Vec<i64>,
}

/// What may be drawn: a unit, or a closed problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    /// Number of the unit or the problem.
    pub id: i64,
    /// Name, or the problem's number.
    pub name: String,
    /// Code of its stratum.
    pub stratum: String,
    /// Units that did the work, ascending: none of their people may examine it.
    pub doing: Vec<i64>,
    /// People who had a hand in it, ascending: none of them may examine it.
    pub hands: Vec<i64>,
}

/// What a draw is made from, published before the draw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawPlan {
    /// What the draw is for, in words.
    pub title: String,
    /// What is drawn.
    pub purpose: DrawPurpose,
    /// The day from which the list may be read.
    pub open_day: Day,
    /// Examiners for each drawn candidate; 0 when only candidates are drawn.
    pub examiners_each: u32,
    /// Layers, in the order they are drawn.
    pub strata: Vec<Stratum>,
    /// Who may be drawn to examine.
    pub examiners: Vec<Examiner>,
    /// What may be drawn.
    pub candidates: Vec<Candidate>,
}

/// A draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draw {
    /// Number.
    pub id: DrawId,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The unit that draws.
    pub unit_id: UnitId,
    /// What it is for.
    pub title: String,
    /// What is drawn.
    pub purpose: DrawPurpose,
    /// Where the public value comes from.
    pub method: DrawMethod,
    /// The day from which the list may be read.
    pub open_day: Day,
    /// [`DrawPlan`] as JSON.
    pub plan: String,
    /// SHA-256 of the plan's lines.
    pub plan_digest: String,
    /// SHA-256 of the secret's line.
    pub commitment: String,
    /// Which public value will be used, said beforehand.
    pub public_source: String,
    /// The public value; empty until it is drawn.
    pub public_value: String,
    /// The secret; empty until it is opened.
    pub secret: String,
    /// What was drawn, as JSON; empty until it is opened.
    pub result: String,
    /// SHA-256 of the result's lines, known as soon as it is drawn.
    pub result_digest: String,
    /// How far it is.
    pub state: DrawState,
    /// The inspection it serves.
    pub inspection_id: Option<InspectionId>,
    /// Number of the entry that committed it.
    pub committed_seq: i64,
    /// When it was committed.
    pub committed_at: Instant,
    /// By whom.
    pub committed_by: PersonId,
    /// When the public value was entered.
    pub drawn_at: Option<Instant>,
    /// When it was opened.
    pub opened_at: Option<Instant>,
    /// Row version.
    pub version: i64,
}

impl Examiner {
    /// Whether this person must stay away from a candidate 回避.
    pub fn is_barred_from(&self, candidate: &Candidate) -> bool {
        candidate.hands.contains(&self.person) || candidate.doing.iter().any(|unit| self.units.contains(unit))
    }
}

impl DrawPlan {
    /// Candidates of a stratum.
    pub fn of_stratum<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a Candidate> {
        self.candidates.iter().filter(move |candidate| candidate.stratum == code)
    }

    /// Whether the draw can be made: sizes fit, and whatever is drawn finds its examiners.
    ///
    /// # Errors
    /// `draw_without_candidates`, `draw_too_large`, `stratum_too_small`, `stratum_empty`, `too_few_examiners`.
    pub fn check(&self, today: Day) -> Result<(), Refusal> {
        require_text("title", "抽取名称", &self.title, TITLE_CHARS_MAX)?;
        if self.open_day < today || self.open_day > today.plus_days(SEALED_DAYS_MAX) {
            return Err(Refusal::of_field(
                "open_day",
                "open_day_out_of_range",
                format!("启封日期应在今天到{SEALED_DAYS_MAX}天之内。"),
                "请重新选择启封日期。",
            ));
        }
        if self.candidates.is_empty() {
            return Err(Refusal::of_field(
                "strata",
                "draw_without_candidates",
                "没有符合条件的抽取对象。",
                "请放宽范围、层级或者销号日期的条件。",
            ));
        }
        if self.candidates.len() > CANDIDATES_MAX
            || self.strata.len() > STRATA_MAX
            || self.examiners.len() > EXAMINERS_MAX
        {
            return Err(Refusal::of_field(
                "strata",
                "draw_too_large",
                format!("一次抽取最多{CANDIDATES_MAX}个对象、{STRATA_MAX}层、{EXAMINERS_MAX}名检查人员。"),
                "请缩小范围，分几次抽取。",
            ));
        }
        self.check_strata()?;
        self.check_examiners()
    }

    fn check_strata(&self) -> Result<(), Refusal> {
        if self.strata.iter().all(|stratum| stratum.size == 0) {
            return Err(Refusal::of_field(
                "size",
                "draw_of_none",
                "各层抽取数都是0。",
                "请至少在一层抽取1个。",
            ));
        }
        for stratum in &self.strata {
            let have = self.of_stratum(&stratum.code).count();
            if stratum.size as usize > have {
                return Err(Refusal::of_field(
                    "size",
                    "stratum_too_small",
                    format!("“{}”只有{have}个对象，不能抽取{}个。", stratum.name, stratum.size),
                    "请减少这一层的抽取数。",
                ));
            }
        }
        Ok(())
    }

    fn check_examiners(&self) -> Result<(), Refusal> {
        if self.examiners_each > EXAMINERS_EACH_MAX {
            return Err(Refusal::of_field(
                "examiners_each",
                "too_many_examiners",
                format!("每个对象最多{EXAMINERS_EACH_MAX}名检查人员。"),
                "请减少人数。",
            ));
        }
        let drawn: BTreeSet<&str> = self
            .strata
            .iter()
            .filter(|stratum| stratum.size > 0)
            .map(|stratum| stratum.code.as_str())
            .collect();
        for candidate in self.candidates.iter().filter(|c| drawn.contains(c.stratum.as_str())) {
            let free = self.examiners.iter().filter(|examiner| !examiner.is_barred_from(candidate)).count();
            if free < self.examiners_each as usize {
                return Err(Refusal::of_field(
                    "examiners",
                    "too_few_examiners",
                    format!(
                        "“{}”按回避要求只剩{free}名检查人员，不够{}名。",
                        candidate.name, self.examiners_each
                    ),
                    "请增加检查人员，或者减少每个对象的检查人数。",
                ));
            }
        }
        Ok(())
    }
}

/// Whoever may draw for a unit: the office that runs the campaign there, and inspectors.
///
/// # Errors
/// `not_allowed`.
pub fn may_draw(actor: &Actor, path: &UnitPath, step: &str) -> Result<(), Refusal> {
    if actor.holds_any(&[Role::Office, Role::Inspector], path) {
        return Ok(());
    }
    Err(Refusal::not_allowed(step, "工作专班或督导员身份"))
}

impl Draw {
    /// Refuses a step in another state.
    ///
    /// # Errors
    /// `draw_in_another_state`.
    pub fn require_state(&self, step: &str, wanted: DrawState) -> Result<(), Refusal> {
        use crate::Coded as _;
        if self.state == wanted {
            return Ok(());
        }
        Err(Refusal::new(
            "draw_in_another_state",
            format!("本次抽取现在是“{}”，不能{step}。", self.state.label()),
            "请刷新页面查看最新情况。",
        ))
    }

    /// Enters the public value. The secret is the one that was committed to; the result is kept sealed.
    ///
    /// # Errors
    /// `draw_in_another_state`, `draw_secret_differs`, text limits.
    pub fn enter_value(
        &mut self,
        plan: &DrawPlan,
        secret: &str,
        value: &str,
        now: Instant,
    ) -> Result<(), Refusal> {
        self.require_state("填写公开数", DrawState::Committed)?;
        let value = require_text("public_value", "公开数", value, VALUE_CHARS_MAX)?;
        if value.contains(['\n', '\r', '\t']) {
            return Err(Refusal::of_field(
                "public_value",
                "public_value_in_lines",
                "“公开数”只能是一行文字。",
                "请去掉换行和制表符。",
            ));
        }
        if commitment_of(secret) != self.commitment {
            return Err(Refusal::new(
                "draw_secret_differs",
                "保存的密数与公布的承诺不一致。",
                "数据可能被改动过，请作废本次抽取，由审计管理员核查后重新抽取。",
            ));
        }
        let seed = seed_of(secret, &value, &self.plan_digest);
        self.result_digest = result_digest(&draw_lots(plan, &seed));
        self.public_value = value;
        self.state = DrawState::Drawn;
        self.drawn_at = Some(now);
        self.version += 1;
        Ok(())
    }

    /// Opens the list on its day or later; the secret becomes public with it.
    ///
    /// # Errors
    /// `draw_in_another_state`, `draw_is_sealed`.
    pub fn open(&mut self, plan: &DrawPlan, secret: &str, now: Instant) -> Result<Vec<Drawn>, Refusal> {
        self.require_state("启封", DrawState::Drawn)?;
        if now.day_in_china() < self.open_day {
            return Err(Refusal::new(
                "draw_is_sealed",
                format!("名单封存到{}，现在不能启封。", self.open_day.in_chinese()),
                "请在启封日期当天或以后办理。",
            ));
        }
        let drawn = draw_lots(plan, &seed_of(secret, &self.public_value, &self.plan_digest));
        if commitment_of(secret) != self.commitment || result_digest(&drawn) != self.result_digest {
            return Err(Refusal::new(
                "draw_secret_differs",
                "启封的名单与抽取时登记的摘要不一致。",
                "数据可能被改动过，请作废本次抽取，由审计管理员核查后重新抽取。",
            ));
        }
        self.secret = secret.to_owned();
        self.state = DrawState::Opened;
        self.opened_at = Some(now);
        self.version += 1;
        Ok(drawn)
    }
}

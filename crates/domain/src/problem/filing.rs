//! Filing evidence 佐证: who may put which stage's files to a problem, and until when they may be replaced.

use super::{Action, Case, DeedKind, Party, REASON_CHARS_MAX, Scene, State, Step};
use crate::evidence::{CAPTION_CHARS_MAX, EVIDENCE_MAX, Stage};
use crate::id::MeasureId;
use crate::refusal::{Refusal, limit_text, require_text};
use crate::role::Role;

/// A file that is to be filed; the bytes are checked elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    /// What it is for.
    pub stage: Stage,
    /// What it shows.
    pub caption: String,
    /// The measure it belongs to.
    pub measure_id: Option<MeasureId>,
    /// It takes the place of an earlier edition, which is kept.
    pub replaces: bool,
    /// Pieces the problem has, editions counted.
    pub count: usize,
}

/// Whether a file of this stage may be filed now and by this actor; answers with the caption to keep.
///
/// What was handed in for checking stays as it was (政府督查工作条例 Art. 25): the doing unit files only while it works.
///
/// # Errors
/// `wrong_state`, `not_allowed`, `doer_cannot_check`, `too_much_evidence`, `measure_unknown`, text limits.
pub fn file_evidence(case: &mut Case, scene: &Scene<'_>, filing: Filing) -> Result<(Step, String), Refusal> {
    let caption = require_text("caption", "佐证说明", &filing.caption, CAPTION_CHARS_MAX)?;
    if filing.count >= EVIDENCE_MAX {
        return Err(Refusal::of_field(
            "file",
            "too_much_evidence",
            format!("一个问题最多{EVIDENCE_MAX}件佐证（含旧版）。"),
            "请只保留能证明整改结果的材料；同类材料可合并成一个文件。",
        ));
    }
    let round = case.problem.round;
    if filing.measure_id.is_some_and(|id| !case.measures.iter().any(|m| m.id == id && m.round == round)) {
        return Err(Refusal::of_field(
            "measure",
            "measure_unknown",
            "选择的措施不在本轮之中。",
            "请重新选择措施，或不选。",
        ));
    }
    let unit = match filing.stage {
        Stage::Intake => registrar(case, scene)?,
        Stage::Progress | Stage::Closure => {
            case.require_state(
                "上传整改佐证",
                &[State::Assigned, State::Rectifying, State::SentBack, State::HandedUp],
            )?;
            let doer = case.doer(scene.actor, "上传整改佐证")?;
            case.add_deed(scene.actor, doer.unit_id, DeedKind::Did);
            doer.unit_id
        }
        Stage::Verification => {
            case.require_state("上传验收佐证", &[State::Reported])?;
            super::checking::checker(case, scene, "上传验收佐证")?.unit_id
        }
        Stage::LookBack => {
            case.require_state("上传回头看佐证", &[State::Closed])?;
            super::closing::refuse_look_back_by_hands(case, scene)?;
            case.problem.checking_unit_id.unwrap_or(case.problem.home_unit_id)
        }
    };
    if filing.stage == Stage::Closure && !filing.replaces {
        case.closure_evidence += 1;
    }
    case.settle(scene);
    let action = if filing.replaces { Action::EvidenceReplaced } else { Action::EvidenceAdded };
    let note = limit_text("caption", "佐证说明", &caption, REASON_CHARS_MAX)?;
    Ok((Step::new(action, unit, note), caption))
}

fn registrar(case: &Case, scene: &Scene<'_>) -> Result<crate::id::UnitId, Refusal> {
    case.require_state(
        "上传问题佐证",
        &[State::Registered, State::Screened, State::Returned, State::Accepted],
    )?;
    let registering: Option<&Party> = case.units_with(super::PartyRole::Registering).next();
    let path = registering.map_or(&case.problem.home_path, |party| &party.path);
    if scene.actor.holds_any(&[Role::Filler, Role::Office, Role::Inspector, Role::Leader], path) {
        return Ok(case.problem.registered_unit_id);
    }
    Err(Refusal::not_allowed("上传问题佐证", "登记单位的填报员、工作专班、督导员或领导身份"))
}

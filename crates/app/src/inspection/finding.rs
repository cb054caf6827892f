//! Findings of a visit, with photos; each becomes a problem by one action and keeps its origin.

use super::domain;
use super::visit::seen_visit;
use crate::Error;
use crate::context::{self, App, Context, campaign_for};
use crate::evidence::{FileOut, SentFile, accept, kept_name};
use crate::input::inputs;
use crate::problem::{Done, register_draft};
use bihuan_documents::upload::Accepted;
use bihuan_domain::evidence::{Evidence, Stage};
use bihuan_domain::id::{EvidenceId, FindingId, ProblemId, VisitId};
use bihuan_domain::inspection::{Finding, FindingPhoto, Inspection, VisitState};
use bihuan_domain::problem::{Action, Draft, Problem};
use bihuan_domain::refusal::{limit_text, require_text};
use bihuan_domain::{Coded, Refusal};
use bihuan_store::inspection::{self as store, VisitLine};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::{Conn, Fault};

inputs! {
    /// What was found.
    FindingInput { text: one "发现的问题", place: one "地点", item: one "对应检查要点", client_key: one "表单编号" }
    /// How a finding is registered as a problem.
    RaiseInput { category: one "类别", source: one "问题来源", deadline: one "整改时限", goal: one "整改目标" }
}

/// Where a problem came from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The finding.
    pub finding: Finding,
    /// The visit.
    pub line: VisitLine,
    /// Its plan.
    pub inspection: Inspection,
}

impl App {
    /// Adds a finding with its photos. The same form sent again adds nothing and answers with the first one.
    ///
    /// # Errors
    /// `NotFound`, `Invalid` file, `not_of_the_visit`, `too_many_findings`, `too_many_photos`, text limits.
    pub fn add_finding(
        &self,
        ctx: &Context,
        id: VisitId,
        sent: FindingInput,
        photos: Vec<SentFile>,
    ) -> Result<FindingId, Error> {
        // Read before the writer's turn: large files must not keep others waiting.
        let photos: Vec<(String, Accepted)> = photos
            .iter()
            .map(|file| Ok((kept_name(&file.name), accept(file)?)))
            .collect::<Result<_, Error>>()?;
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let (line, plan) = seen_visit(conn, &ctx, id)?;
            let key = limit_text("client_key", "表单编号", &sent.client_key, 64)?;
            if !key.is_empty()
                && let Some(known) = store::finding_of_key(conn, id, &key)?
            {
                return Ok(known);
            }
            let have = check(conn, &ctx, (&line, &plan), photos.len())?;
            let finding = Finding {
                id: FindingId(journal::next_id(conn, "finding", 1)?),
                visit_id: id,
                ordinal: have + 1,
                item: limit_text("item", "对应检查要点", &sent.item, 60)?,
                text: require_text("text", "发现的问题", &sent.text, domain::SUMMARY_CHARS_MAX)?,
                place: limit_text("place", "地点", &sent.place, 200)?,
                problem_id: None,
                client_key: key,
                found_by: ctx.actor.person,
                found_at: ctx.at,
                version: 1,
            };
            let mut writes = vec![Write::insert(&finding)];
            for (name, file) in photos {
                let photo = FindingPhoto {
                    id: journal::next_id(conn, "finding_photo", 1)?,
                    finding_id: finding.id,
                    file_name: name,
                    digest: file.sha256.clone(),
                    media_type: file.kind.media_type().to_owned(),
                    size_bytes: i64::try_from(file.bytes.len()).unwrap_or(i64::MAX),
                };
                writes.push(Write::File {
                    digest: file.sha256,
                    media_type: photo.media_type.clone(),
                    content: file.bytes,
                });
                writes.push(Write::insert(&photo));
            }
            let note = format!("检查发现：{}", finding.text);
            append(conn, &ctx, (&line, &plan), "finding.added", note, writes)?;
            Ok(finding.id)
        })
    }

    /// Registers a finding as a problem, its photos as evidence of the finding.
    ///
    /// # Errors
    /// `NotFound`, `not_allowed`, `raised_already`, refusals of the domain.
    pub fn raise_problem(&self, ctx: &Context, id: FindingId, sent: RaiseInput) -> Result<Done, Error> {
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| {
            let before: Finding = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
            let (line, plan) = seen_visit(conn, &ctx, before.visit_id)?;
            if before.problem_id.is_some() {
                return Err(Refusal::new(
                    "raised_already",
                    "这条发现已经登记为问题。",
                    "请直接打开那个问题办理。",
                )
                .into());
            }
            let campaign = campaign_for(conn, &ctx, plan.campaign_id)?;
            campaign.check_running()?;
            let unit = context::unit(conn, plan.unit_id)?;
            let deadline = match sent.deadline.trim() {
                "" => None,
                text => Some(app.deadline(conn, &campaign, text, ctx.today())?),
            };
            let draft = Draft {
                campaign_id: campaign.id,
                unit_id: unit.id,
                unit_path: unit.path.clone(),
                text: before.text.clone(),
                place: if before.place.is_empty() { line.unit.name.clone() } else { before.place.clone() },
                category: sent.category.trim().to_owned(),
                source: sent.source.trim().to_owned(),
                goal: sent.goal.clone(),
                ground: format!("督导检查“{}”，{}，第{}条发现", plan.title, line.unit.name, before.ordinal),
                deadline,
                ..Draft::default()
            };
            let rules = app.rules(&campaign)?;
            let done = register_draft(conn, &ctx, &rules, draft, None, None)?;
            let after =
                Finding { problem_id: Some(done.problem.id), version: before.version + 1, ..before.clone() };
            let writes = Write::update(&before, &after).into_iter().collect();
            let note = format!("第{}条发现登记为{}问题", before.ordinal, done.problem.citation());
            append(conn, &ctx, (&line, &plan), "finding.raised", note, writes)?;
            evidence(conn, &ctx, &done.problem, &before)?;
            Ok(done)
        })
    }

    /// Hands out a photo of a finding.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn finding_photo(&self, ctx: &Context, id: FindingId, photo: i64) -> Result<FileOut, Error> {
        self.db.read(|conn| {
            let finding: Finding = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
            seen_visit(conn, ctx, finding.visit_id)?;
            let found: FindingPhoto = journal::by_id(conn, photo)?.ok_or(Error::NotFound)?;
            if found.finding_id != id {
                return Err(Error::NotFound);
            }
            let bytes = bihuan_store::problem::file_content(conn, &found.digest)?.ok_or(Error::NotFound)?;
            Ok(FileOut { name: found.file_name, media_type: found.media_type, bytes, digest: found.digest })
        })
    }

    /// The finding a problem came from, as far as the reader may see the visit.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn origin_of_problem(&self, ctx: &Context, id: ProblemId) -> Result<Option<Origin>, Error> {
        self.db.read(|conn| {
            let Some(finding) = store::origin(conn, id)? else { return Ok(None) };
            match seen_visit(conn, ctx, finding.visit_id) {
                Ok((line, inspection)) => Ok(Some(Origin { finding, line, inspection })),
                Err(Error::NotFound) => Ok(None),
                Err(error) => Err(error),
            }
        })
    }
}

/// Whether another finding may be added; answers with how many there are.
fn check(
    conn: &mut Conn,
    ctx: &Context,
    (line, plan): (&VisitLine, &Inspection),
    photos: usize,
) -> Result<i64, Error> {
    let members = store::visit_members(conn, [line.visit.id])?;
    let person = ctx.actor.person;
    let member = members.values().flatten().any(|one| *one == person) || plan.head_id == Some(person);
    if !member {
        return Err(Refusal::not_allowed("记录检查发现", "本次走访的检查人员或组长身份").into());
    }
    let live = plan.state == domain::InspectionState::Issued
        && matches!(line.visit.state, VisitState::Planned | VisitState::Done);
    if !live {
        return Err(Refusal::new(
            "visit_not_live",
            "这次检查没有下发、已结束或者已取消，不能再记录发现。",
            "请在进行中的检查里记录。",
        )
        .into());
    }
    let have = store::findings(conn, line.visit.id)?.len();
    if have >= domain::FINDINGS_MAX {
        let words = format!("一次走访最多记录{}条发现。", domain::FINDINGS_MAX);
        return Err(Refusal::new("too_many_findings", words, "请合并相近的发现。").into());
    }
    if photos > domain::PHOTOS_MAX {
        let words = format!("一条发现最多{}张照片。", domain::PHOTOS_MAX);
        return Err(Refusal::of_field("photos", "too_many_photos", words, "请只留能说明问题的照片。").into());
    }
    Ok(i64::try_from(have).unwrap_or(i64::MAX))
}

fn append(
    conn: &mut Conn,
    ctx: &Context,
    (line, plan): (&VisitLine, &Inspection),
    action: &str,
    note: String,
    writes: Vec<Write>,
) -> Result<(), Error> {
    let mut entry = super::entry_of(plan, (action, note), writes);
    (entry.subject_kind, entry.subject_id) = ("visit", line.visit.id.0);
    journal::append(conn, &ctx.stamp(Some(&line.unit)), vec![entry])?;
    Ok(())
}

/// The photos of a finding as evidence of the problem; the same bytes are not kept twice.
fn evidence(conn: &mut Conn, ctx: &Context, problem: &Problem, finding: &Finding) -> Result<(), Error> {
    let found = store::findings(conn, finding.visit_id)?;
    let photos = found.into_iter().find(|(one, _)| one.id == finding.id).map(|(_, photos)| photos);
    let photos = photos.ok_or_else(|| Fault::corrupt("a finding without its row"))?;
    if photos.is_empty() {
        return Ok(());
    }
    let mut writes = Vec::new();
    for photo in &photos {
        writes.push(Write::insert(&Evidence {
            id: EvidenceId(journal::next_id(conn, "evidence", 1)?),
            problem_id: problem.id,
            round: problem.round,
            measure_id: None,
            stage: Stage::Intake,
            caption: format!("检查现场：{}", photo.file_name),
            file_name: photo.file_name.clone(),
            digest: photo.digest.clone(),
            media_type: photo.media_type.clone(),
            size_bytes: photo.size_bytes,
            edition: 1,
            replaced_by: None,
            filed_by: ctx.actor.person,
            filed_unit_id: problem.home_unit_id,
            filed_at: ctx.at,
        }));
    }
    let entry = NewEntry {
        action: Action::EvidenceAdded.code().to_owned(),
        subject_kind: "problem",
        subject_id: problem.id.0,
        unit: Some(problem.home_unit_id),
        campaign: Some(problem.campaign_id),
        note: format!("检查现场照片{}张", photos.len()),
        writes,
        ..NewEntry::default()
    };
    let unit = context::unit(conn, problem.home_unit_id)?;
    journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
    Ok(())
}

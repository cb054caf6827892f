//! Reports the county's office has issued: one of them corrected, one still a draft.

use super::county::County;
use crate::exit::Failure;
use bihuan_app::App;
use bihuan_app::report::{CorrectInput, DraftInput, ReportInput};
use bihuan_domain::id::{CampaignId, ReportId};
use bihuan_domain::report::FiguresAsOf;
use bihuan_domain::{Coded as _, Instant};

/// What the office does with reports, in the order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The first report upward.
    Progress,
    /// A bulletin for everybody below.
    Bulletin,
    /// The bulletin is found wrong and corrected.
    Correction,
    /// Left on the desk.
    Draft,
}

/// Each step with the days before today on which it is done.
pub const STEPS: [(Step, i32); 4] =
    [(Step::Progress, 40), (Step::Bulletin, 16), (Step::Correction, 12), (Step::Draft, 1)];

/// Takes a step.
///
/// # Errors
/// What the use cases refuse, faults of the database.
pub fn take(
    app: &App,
    county: &mut County,
    campaign: CampaignId,
    step: Step,
    at: Instant,
) -> Result<(), Failure> {
    let unit = county.county;
    let ctx = county.ctx(county.offices[0], at)?;
    let day = at.day_in_china();
    let draw_up = |template: &str, days: i32| {
        let sent = ReportInput {
            campaign: campaign.to_string(),
            unit: unit.to_string(),
            template: template.to_owned(),
            from: day.plus_days(-days).to_string(),
            to: day.to_string(),
        };
        app.draw_up_report(&ctx, &sent)
    };
    match step {
        Step::Progress => {
            let id = draw_up("progress", 30)?;
            dress(app, &ctx, id, "", "")?;
            app.issue_report(&ctx, id, None, None)?;
        }
        Step::Bulletin => {
            let id = draw_up("bulletin", 13)?;
            let words = "\n（一）坚持边查边改。青石镇把问题清单张贴在村务公开栏，群众随时可以看办理到哪一步，先后有4个村主动补报了问题。";
            dress(app, &ctx, id, "各乡镇党委，县直各部门", words)?;
            app.issue_report(&ctx, id, None, None)?;
        }
        Step::Correction => {
            let found = app.reports(&ctx, campaign, 0)?;
            let Some(last) = found.rows.first() else { return Ok(()) };
            let id = last.listed.report.id;
            let sent = CorrectInput {
                reason: "第三部分“4个村”核实为“3个村”，并按最新台账更新数字".to_owned(),
                figures: FiguresAsOf::Now.code().to_owned(),
            };
            app.correct_report(&ctx, id, sent)?;
            let view = app.report(&ctx, id, None)?;
            let mut sent = sent_of(
                &view.edition.title,
                &view.edition.addressee,
                &view.edition.text.replace("4个村", "3个村"),
            );
            "各乡镇党委，县直各部门".clone_into(&mut sent.copies);
            app.save_draft(&ctx, id, None, &sent)?;
            app.issue_report(&ctx, id, None, None)?;
        }
        Step::Draft => {
            draw_up("weekly", 6)?;
        }
    }
    Ok(())
}

fn sent_of(title: &str, addressee: &str, text: &str) -> DraftInput {
    DraftInput {
        title: title.to_owned(),
        addressee: addressee.to_owned(),
        text: text.to_owned(),
        mark: "云溪县整改工作专班文件".to_owned(),
        prefix: "云整改专班".to_owned(),
        signature: "云溪县整改工作专班".to_owned(),
        explained: "1".to_owned(),
        ..DraftInput::default()
    }
}

/// Head, signature and some prose of its own.
fn dress(
    app: &App,
    ctx: &bihuan_app::Context,
    id: ReportId,
    copies: &str,
    words: &str,
) -> Result<(), Failure> {
    let view = app.report(ctx, id, None)?;
    let edition = &view.edition;
    let mut sent =
        sent_of(&edition.title, &edition.addressee, &format!("{}{words}", edition.text.trim_end()));
    copies.clone_into(&mut sent.copies);
    Ok(app.save_draft(ctx, id, Some(edition.version), &sent)?)
}

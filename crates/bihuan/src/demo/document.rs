//! Documents in the county: a speech that is being broken down, and a report that was sent to be checked.

use super::county::County;
use crate::exit::Failure;
use bihuan_app::App;
use bihuan_app::breakdown::{AcceptInput, BreakdownInput, DropInput};
use bihuan_app::office_word::WordInput;
use bihuan_app::text_check::{CheckInput, DecideInput};
use bihuan_domain::Instant;
use bihuan_domain::breakdown::DraftState;
use bihuan_domain::id::{BreakdownId, CampaignId};

const SPEECH: &str = "在全县检视整改工作推进会上的讲话\n同志们：\n前一阶段，各乡镇各部门扎实推进检视整改，取得了阶段性成效。下面，我讲几点意见。\n一、把问题找准\n青岚镇要在本月底前对12个村的灌溉渠道逐条排查，建立问题台账。各乡镇要每月至少召开1次问题会商会。\n二、把整改做实\n县农业农村局要牵头制定渠道管护办法。县住房和城乡建设局要组织1次农村危房复核，形成复核报告。对群众反映集中的问题，要立行立改。\n三、把责任压紧\n各乡镇党委书记每月到村走访不少于2次。县委督查室要每周通报1次进度。\n";
const REPORT: &str = "云溪县检视整改阶段性进展情况汇报\n截至目前，全县共排查问题9999个，其中已销号12个。投入整改资金300万元，其中县级150万元、乡级120万元、村级80万元。\n一、主要做法\n一是抓排查。二是抓整改，，逐条明确责任。四是抓督导。\n三、下步打算\n认真学习“两个清单精神，继续推进整改。\n";

/// Plays it on the county's last day.
///
/// # Errors
/// A use case that refuses what the county does.
pub(super) fn play(
    app: &App,
    county: &mut County,
    campaign: CampaignId,
    now: Instant,
) -> Result<(), Failure> {
    let unit = county.county;
    let office = county.offices[0];
    let today = now.day_in_china();
    let ctx = county.ctx(office, now)?;
    let word = |kind: &str, word: &str, replacement: &str| WordInput {
        unit: unit.to_string(),
        kind: kind.to_owned(),
        word: word.to_owned(),
        replacement: replacement.to_owned(),
    };
    app.keep_word(&ctx, word("phrase", "云溪县检视整改工作专班", ""))?;
    app.keep_word(&ctx, word("wrong", "整改专班办", "检视整改工作专班"))?;
    let speech = BreakdownInput {
        unit: unit.to_string(),
        campaign: campaign.to_string(),
        text: SPEECH.to_owned(),
        day: today.plus_days(-2).to_string(),
        ..BreakdownInput::default()
    };
    let ctx = county.ctx(office, now)?;
    let id = app.break_down(&ctx, speech, None)?;
    take_drafts(app, county, id, now)?;
    let report = CheckInput {
        unit: unit.to_string(),
        campaign: campaign.to_string(),
        text: REPORT.to_owned(),
        day: today.to_string(),
        ..CheckInput::default()
    };
    let check = app.check_text(&county.ctx(office, now)?, report, None)?;
    let ctx = county.ctx(office, now)?;
    let told = app.text_check(&ctx, check)?.told;
    if let Some(first) = told.iter().find(|told| told.finding.expected.is_some()) {
        let sent = DecideInput {
            finding: first.number.to_string(),
            accept: "1".to_owned(),
            replacement: first.finding.expected.clone().unwrap_or_default(),
            ..DecideInput::default()
        };
        app.decide_finding(&ctx, check, None, sent)?;
    }
    Ok(())
}

/// One draft becomes a problem, one a rule, one is dropped; the others wait.
fn take_drafts(app: &App, county: &mut County, id: BreakdownId, now: Instant) -> Result<(), Failure> {
    let (office, today) = (county.offices[0], now.day_in_china());
    let ctx = county.ctx(office, now)?;
    let drafts = app.breakdown(&ctx, id)?.drafts;
    let open = drafts.iter().filter(|draft| draft.state == DraftState::Open);
    for draft in open.clone().filter(|draft| draft.quote.contains("灌溉渠道")).take(1) {
        // 本月底, as the speech says; where that day has gone by since, a new one is set.
        let due = draft.due_day.filter(|due| *due >= today).unwrap_or(today.plus_days(20));
        let sent =
            AcceptInput { unit: "青岚镇".to_owned(), due_day: due.to_string(), ..AcceptInput::default() };
        app.accept_draft(&county.ctx(office, now)?, draft.id, None, sent)?;
    }
    for draft in open.clone().filter(|draft| draft.quote.contains("到村走访")).take(1) {
        let sent = AcceptInput {
            becomes: "required_action".to_owned(),
            unit: "各乡镇".to_owned(),
            activities: vec!["field-visit".to_owned()],
            ..AcceptInput::default()
        };
        app.accept_draft(&county.ctx(office, now)?, draft.id, None, sent)?;
    }
    for draft in open.filter(|draft| draft.quote.contains("立行立改")).take(1) {
        let sent =
            DropInput { reason: "原则性要求，不单列任务。".to_owned(), ..DropInput::default() };
        app.drop_draft(&county.ctx(office, now)?, draft.id, None, sent)?;
    }
    Ok(())
}

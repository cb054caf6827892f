//! A requirement of a list: its own page, and the list on the page of the unit it is asked of.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::breakdown::{Requirement, RequirementView};
use bihuan_domain::{Day, breakdown::BreakdownDraft, id::BreakdownDraftId};
use maud::{Markup, html};

use super::source_card;
use crate::{
    error::Problem,
    frame::Page,
    pages::problem::days_words,
    state::{Session, WebState},
    ui::{self, Column, Row, Table, card, definitions},
};

pub(super) async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let today = ctx.today();
    let seen = web.run(move |app| app.requirement(&ctx, BreakdownDraftId(id))).await?;
    let frame = page.frame("要求清单");
    let frame = match &seen.unit {
        Some(unit) => frame.crumb("单位", "/units").crumb(unit.name.clone(), format!("/units/{}", unit.id)),
        None => frame,
    };
    Ok(page.show(frame, body(&seen, today)))
}

fn body(seen: &RequirementView, today: Day) -> Markup {
    let draft = &seen.draft;
    let unit = seen.unit.as_ref().map_or(draft.subject.as_str(), |unit| unit.name.as_str());
    let facts = definitions()
        .add("责任单位", unit)
        .add("提出单位", &seen.issuer.name)
        .add("专项行动", &seen.campaign.name)
        .add_if("数量", Some(&draft.quantity).filter(|text| !text.is_empty()))
        .add_if("时限", Some(due(draft, today)).filter(|words| !words.is_empty()))
        .add_if("列入日期", draft.decided_at.map(|at| at.day_in_china().in_chinese()));
    html! {
        (ui::heading(&draft.action, Some("文件提出的要求：照此办理，不用在这里填报。"), html! {}))
        (card("要求", html! { (facts) }))
        (source_card(Some(&seen.origin)))
    }
}

/// The limit in the words of the document, and how far away its day is.
fn due(draft: &BreakdownDraft, today: Day) -> String {
    match draft.due_day {
        Some(day) if draft.deadline_text.is_empty() => {
            format!("{}（{}）", day.in_chinese(), days_words(Some(day), today))
        }
        Some(day) => {
            format!("{}（{}，{}）", draft.deadline_text, day.in_chinese(), days_words(Some(day), today))
        }
        None => draft.deadline_text.clone(),
    }
}

/// What documents ask of a unit, on its page.
pub(crate) fn of_unit(all: &[Requirement], today: Day) -> Markup {
    if all.is_empty() {
        return html! {};
    }
    let rows = all.iter().map(|one| {
        Row::new([
            html! { a href={ "/requirements/" (one.draft.id) } { (one.draft.action) } },
            html! { "《" (one.title) "》" },
            html! { (due(&one.draft, today)) },
        ])
    });
    let table = Table::new("requirements", "文件对本单位的要求，新的在前")
        .hide_caption()
        .columns([Column::new("要求").long(), Column::new("文件"), Column::new("时限")])
        .row_head(0)
        .rows(rows)
        .stack();
    html! { (card("文件要求（新的在前）", html! { (table) }).flush()) }
}

//! A slip as an official document: head, number, title, receiver, text, signature, date, copies.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::slip::SlipView;
use bihuan_domain::{Coded as _, Day, id::SlipId, report::FileFormat};
use maud::{Markup, html};

use crate::{
    error::Problem,
    pages::report::handed_out,
    state::{Session, WebState},
    ui::{self, definitions},
};

/// The same as a file.
pub async fn file(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path((id, format)): Path<(i64, String)>,
) -> Result<Response, Problem> {
    let format = FileFormat::from_code(&format).ok_or(Problem::NotFound)?;
    handed_out(web.run(move |app| app.slip_file(&ctx, SlipId(id), format)).await?)
}

/// The paper, the same on the page and in print.
pub fn paper(view: &SlipView) -> Markup {
    let slip = &view.case.slip;
    let to = if view.to_post.is_empty() { &view.line.to } else { &view.to_post };
    html! {
        article .slip-paper aria-label="督办单正文" {
            p .slip-head { (view.line.issuer) }
            p .slip-number { (view.line.citation) @if slip.urgent { "　特急" } }
            h2 .slip-title { (slip.title) }
            (letter(to, &view.text, slip.answer_day))
            p .slip-sign { (view.line.issuer) }
            p .slip-sign { @match slip.issued_day { Some(day) => (day.in_chinese()), None => "（签发日期）" } }
            @if !view.copy.is_empty() { p .slip-copy { "抄送：" (view.copy) } }
        }
    }
}

/// Receiver and text. Wording that names the receiver or the day to answer itself is not said twice.
pub(super) fn letter(to: &str, text: &str, answer_day: Option<Day>) -> Markup {
    let salutation = format!("{to}：");
    let text = text.trim_start().strip_prefix(&salutation).unwrap_or(text);
    let asked = answer_day.map(Day::in_chinese).filter(|day| !text.contains(day.as_str()));
    html! {
        p .slip-to { (salutation) }
        @for line in text.lines().filter(|line| !line.trim().is_empty()) { p .slip-text { (line) } }
        @if let Some(day) = asked { p .slip-text { "请于" (day) "前答复。" } }
    }
}

/// What stands beside it.
pub fn facts(view: &SlipView) -> Markup {
    let slip = &view.case.slip;
    html! {
        (ui::card("督办事项", html! {
            (definitions()
                .add("类型", html! { (slip.form_name) @if slip.form_name != slip.kind.label() { "（" (slip.kind.label()) "）" } })
                .add("事项", html! {
                    (slip.subject_kind.label()) "："
                    @match &view.subject {
                        Some(subject) => a href=(subject.href) { (slip.subject_words) },
                        None => (slip.subject_words),
                    }
                })
                .add("现由", html! { (view.line.holder) @if slip.passes > 0 { "（转办" (slip.passes) "次）" } })
                .add("签收", html! { @match slip.signed_day { Some(day) => (day.in_chinese()), None => span .text-muted { "未签收" } } })
                .add("答复时限", html! { @match slip.answer_day { Some(day) => (day.in_chinese()), None => span .text-muted { "不要求答复" } } })
                .add("发单依据", html! { @if slip.cause.is_empty() { span .text-muted { "由人决定" } } @else { (slip.cause) } }))
            @if let Some(day) = slip.decide_by_day { p { "裁定时限：" strong { (day.in_chinese()) } } }
            @if !slip.answer.is_empty() { p { strong { "答复" } } p .case-words { (slip.answer) } }
        }))
    }
}

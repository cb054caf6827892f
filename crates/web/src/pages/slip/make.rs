//! Making a slip: choices, wording, and a preview exactly as it would go out.

use axum::{extract::State, response::Response};
use bihuan_app::Context;
use bihuan_app::slip::{DraftInput, Preview};
use bihuan_domain::Coded as _;
use bihuan_domain::slip::{DOCUMENT_PREFIX_CHARS_MAX, SLIP_BODY_CHARS_MAX, SLIP_TITLE_CHARS_MAX};
use maud::{Markup, html};

use super::SLIPS_PATH;
use crate::{
    error::Problem,
    form::{FieldErrors, Fields, QueryFields},
    frame::{Again, Page},
    pages::problem::input_of_form,
    route::Route,
    state::{Session, WebState},
    ui::{self, Choice, PostForm, button, button_link, choices, panel},
};

pub(super) fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get("/slips/new", "slip.new", "发督办单页", new),
        Route::post(SLIPS_PATH, "slip.make", "预览、拟稿或签发督办单", make),
    ]
}

async fn preview(web: &WebState, ctx: &Context, fields: &Fields) -> Result<Preview, Problem> {
    let sent = input_of_form::<DraftInput>(fields)?;
    let who = ctx.clone();
    web.run(move |app| app.preview_slip(&who, &sent)).await
}

/// Only what names the subject, so that the page can be shown whatever else was wrong.
fn subject_only(fields: &Fields) -> Fields {
    let keep = |(name, _): &(&str, &str)| {
        matches!(*name, "subject_kind" | "subject" | "subject_unit" | "subject_period")
    };
    Fields::new(fields.pairs().filter(keep).map(|(n, v)| (n.to_owned(), v.to_owned())).collect())
}

async fn new(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let shown = preview(&web, &ctx, &query).await?;
    let body = body(&page, &shown, &query, &FieldErrors::default(), false)?;
    Ok(page.show(page.frame("发督办单").crumb("督办单", SLIPS_PATH), body))
}

async fn make(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    fields: Fields,
) -> Result<Response, Problem> {
    let frame = page.frame("发督办单").crumb("督办单", SLIPS_PATH);
    let step = fields.text("do").to_owned();
    let result = if step == "issue" || step == "draft" {
        let mut sent = input_of_form::<DraftInput>(&fields)?;
        sent.now = if step == "issue" { "1".to_owned() } else { String::new() };
        let who = ctx.clone();
        match web.run(move |app| app.make_slip(&who, sent)).await {
            Ok(done) => {
                let said = if step == "issue" { "督办单已签发。" } else { "已存为待签发。" };
                return Ok(page.go(format!("{SLIPS_PATH}/{}", done.slip.id), said));
            }
            Err(problem) => Err(problem),
        }
    } else {
        preview(&web, &ctx, &fields).await
    };
    match result {
        Ok(shown) => {
            // Another form brings its own wording, unless the person keeps what was typed.
            let fields = if step == "form" {
                without(&fields, &["title", "body", "answer_working_days"])
            } else {
                fields
            };
            let shown = if step == "form" { preview(&web, &ctx, &fields).await? } else { shown };
            Ok(page.show(frame, body(&page, &shown, &fields, &FieldErrors::default(), true)?))
        }
        Err(problem) => {
            let again = Again::of(problem)?;
            let shown = preview(&web, &ctx, &subject_only(&fields)).await?;
            Ok(page.show_again(frame, body(&page, &shown, &fields, &again.errors, false)?, &again))
        }
    }
}

fn without(fields: &Fields, names: &[&str]) -> Fields {
    let keep = |(name, _): &(&str, &str)| !names.contains(name);
    Fields::new(fields.pairs().filter(keep).map(|(n, v)| (n.to_owned(), v.to_owned())).collect())
}

fn addressees(shown: &Preview) -> Vec<Choice> {
    let mut all = vec![Choice::new("unit", format!("承办单位：{}", shown.subject.unit.name))];
    if let Some(superior) = &shown.subject.superior {
        all.push(Choice::new("superior", format!("上级单位：{}", superior.name)));
    }
    if shown.subject.leader_post.is_some() {
        all.push(Choice::new("leader", "包案领导"));
    }
    all.push(Choice::new("other", "其他单位（在下面填写）"));
    all
}

fn body(
    page: &Page,
    shown: &Preview,
    fields: &Fields,
    errors: &FieldErrors,
    previewed: bool,
) -> Result<Markup, Problem> {
    let slip = &shown.slip;
    let lead = format!("{}：{}", shown.subject.kind.label(), shown.subject.words);
    let forms = choices(shown.forms.iter().map(|form| (form.code.clone(), form.name.clone())));
    let form = PostForm::new(SLIPS_PATH, page.csrf()?)
        .hidden("subject_kind", shown.subject.kind.code())
        .hidden("subject", shown.subject.id.to_string())
        .errors(errors);
    let named = shown.subject.named;
    let form = match (named.unit_id, named.period_day) {
        (Some(unit), Some(day)) => {
            form.hidden("subject_unit", unit.to_string()).hidden("subject_period", day.to_string())
        }
        _ => form,
    };
    let places = "花括号中的内容签发时按记录自动填写；可以改写成具体文字。";
    Ok(html! {
        (ui::heading("发督办单", Some(&lead), html! {}))
        @for hint in &shown.hints { p .notice .notice-info role="note" { "◆ " (hint) } }
        @if previewed { (sheet(shown)) }
        (panel(html! {
            (form.body(html! {
                (ui::select("form", "督办单类型", forms).value(slip.form.clone()).refill(fields).errors(errors))
                div .actions { (button("换用这种督办单的用语").small().sends("do", "form")) }
                (ui::radios("addressee", "发给", addressees(shown)).value("unit").refill(fields).errors(errors))
                (ui::text("to", "收单单位").narrow().hint("选“其他单位”时填写名称或代码").refill(fields).errors(errors))
                (ui::checkboxes("copy", "抄送", vec![Choice::new("1", "抄送收单单位的上级")]).refill(fields))
                (ui::text("title", "标题").max_chars(SLIP_TITLE_CHARS_MAX).value(slip.title.clone()).refill(fields).errors(errors))
                (ui::area("body", "正文", 6).max_chars(SLIP_BODY_CHARS_MAX).hint(places).value(slip.body.clone()).refill(fields).errors(errors))
                (ui::number("answer_working_days", "几个工作日内答复").narrow().hint("0为不要求答复，签收即办结")
                    .value(slip.answer_working_days.to_string()).refill(fields).errors(errors))
                (ui::text("document_prefix", "发文代字").max_chars(DOCUMENT_PREFIX_CHARS_MAX).narrow()
                    .hint("需要文号的填写，例如“云整改办督”，文号即“云整改办督〔2024〕5号”")
                    .value(slip.document_prefix.clone()).refill(fields).errors(errors))
                (ui::checkboxes("urgent", "紧急", vec![Choice::new("1", "紧急：签发后立即通知，不等每日摘要")]).refill(fields))
                div .actions {
                    (button("预览").primary().sends("do", "preview"))
                    (button("签发").sends("do", "issue"))
                    (button("存为待签发").sends("do", "draft"))
                    (button_link("取消", shown.subject.href.clone()))
                }
            }))
        }))
    })
}

/// The slip as it would go out now.
fn sheet(shown: &Preview) -> Markup {
    html! {
        article .slip-paper aria-label="预览" {
            p .slip-head { (shown.issuer) }
            p .slip-number { "（签发时编号）" @if shown.slip.urgent { "　特急" } }
            h2 .slip-title { (shown.slip.title) }
            (super::paper::letter(&shown.to, &shown.filled, shown.answer_day))
            p .slip-sign { (shown.issuer) }
        }
    }
}

//! Talks and holding to account: restricted records. For whoever a record does not name, its page does not exist.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::Context;
use bihuan_app::talk::{TalkChoices, TalkInput, TalkVerb, TalkView, TalkWordsInput};
use bihuan_domain::Coded as _;
use bihuan_domain::id::{SlipId, TalkId};
use bihuan_domain::talk::{OBJECTION_DAYS, TALK_CHARS_MAX, TalkKind};
use maud::{Markup, html};

use super::problem::input_of_form;
use crate::{
    error::Problem,
    form::{FieldErrors, Fields, QueryFields},
    frame::{Again, Page},
    page::Frame,
    route::Route,
    state::{Session, WebState},
    ui::{
        self, Choice, Column, Href, PostForm, Row, Table, button, button_link, choices, definitions, panel,
    },
};

const TALKS_PATH: &str = "/talks";

macro_rules! step {
    ($verb:ident, $path:literal, $label:literal) => {
        Route::post(
            concat!("/talks/{id}/", $path),
            concat!("talk.", $path),
            $label,
            async move |State(web): State<WebState>,
                        Session(ctx): Session,
                        page: Page,
                        Path(id): Path<i64>,
                        fields: Fields| {
                take(&web, &ctx, &page, id, TalkVerb::$verb, fields).await
            },
        )
    };
}

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get(TALKS_PATH, "talk.list", "约谈问责记录（本人知悉的）", list),
        Route::get("/talks/new", "talk.new", "记录约谈页", new),
        Route::post(TALKS_PATH, "talk.record", "记录约谈问责决定", record),
        Route::get("/talks/{id}", "talk.show", "约谈问责记录", show),
        step!(State, "state", "本人陈述"),
        step!(Object, "object", "提出申诉"),
        step!(AnswerObjection, "answer-objection", "答复申诉"),
        step!(Conclude, "conclude", "记录约谈结果"),
    ]
}

async fn list(State(web): State<WebState>, Session(ctx): Session, page: Page) -> Result<Response, Problem> {
    let talks = web.run(move |app| app.talks(&ctx)).await?;
    let rows = talks.iter().map(|view| {
        Row::new([
            html! { a href={ (TALKS_PATH) "/" (view.talk.id) } { "第" (view.talk.id) "号" } },
            html! { (view.talk.kind.label()) },
            html! { (view.person) "（" (view.unit) "）" },
            html! { (view.talk.decided_day) },
            html! { (stage(view)) },
        ])
    });
    let table = Table::new("talks", "本人知悉的约谈问责记录")
        .hide_caption()
        .columns([
            Column::new("记录"),
            Column::new("类型"),
            Column::new("对象"),
            Column::new("决定日期").short(),
            Column::new("进展"),
        ])
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(ui::empty(
            "没有您知悉的记录",
            "约谈问责记录只有本人、作出决定的领导和写明的知悉人员能看到，不进入任何统计和检索。",
            None,
        ));
    let lead = "由人决定、限知悉人员。程序不建议、不计分、不排名；本人有权陈述和申诉。";
    let body = html! { (ui::heading("约谈问责记录", Some(lead), html! {})) (table) };
    Ok(page.show(page.frame("约谈问责记录").crumb("督办单", "/slips"), body))
}

fn stage(view: &TalkView) -> &'static str {
    let talk = &view.talk;
    if !talk.objection.is_empty() && talk.objection_answer.is_empty() {
        "申诉待答复"
    } else if !talk.outcome.is_empty() {
        "已有结果"
    } else if talk.statement.is_empty() {
        "等待本人陈述"
    } else {
        "已陈述"
    }
}

async fn choices_of(web: &WebState, ctx: &Context, fields: &Fields) -> Result<TalkChoices, Problem> {
    let slip = SlipId(fields.number("slip").ok_or(Problem::NotFound)?);
    let who = ctx.clone();
    web.run(move |app| app.talk_choices(&who, slip)).await
}

async fn new(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let offered = choices_of(&web, &ctx, &query).await?;
    let body = form(&page, &offered, &query, &FieldErrors::default())?;
    Ok(page.show(page.frame("记录约谈").crumb("约谈问责记录", TALKS_PATH), body))
}

fn form(
    page: &Page,
    offered: &TalkChoices,
    fields: &Fields,
    errors: &FieldErrors,
) -> Result<Markup, Problem> {
    let people = |list: &[(bihuan_domain::id::PersonId, String)]| -> Vec<Choice> {
        choices(list.iter().map(|(id, name)| (id.to_string(), name.clone())))
    };
    let kinds = choices(TalkKind::ALL.iter().map(|kind| (kind.code(), kind.label())));
    let form = PostForm::new(TALKS_PATH, page.csrf()?)
        .hidden("slip", fields.text("slip"))
        .hidden("campaign", offered.campaign_id.to_string())
        .hidden("unit", offered.unit_id.to_string())
        .errors(errors);
    let lead = format!("{}。只有您、本人和下面写明的人能看到这份记录。", offered.unit);
    Ok(html! {
        (ui::heading("记录约谈问责决定", Some(&lead), html! {}))
        (panel(html! { (form.body(html! {
            (ui::select("person", "被约谈人", people(&offered.people)).required().refill(fields).errors(errors))
            (ui::radios("kind", "类型", kinds).required().refill(fields).errors(errors))
            (ui::area("ground", "事由和依据", 5).max_chars(TALK_CHARS_MAX).required()
                .hint("写明事实和所依据的规定").refill(fields).errors(errors))
            @if !offered.readers.is_empty() {
                (ui::checkboxes("readers", "知悉人员", people(&offered.readers)).hint("只选确有必要知悉的人").refill(fields).errors(errors))
            }
            div .actions { (button("记录决定").primary()) (button_link("取消", Href::new("/slips").to_string())) }
        })) }))
    })
}

async fn record(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    fields: Fields,
) -> Result<Response, Problem> {
    let sent = input_of_form::<TalkInput>(&fields)?;
    let who = ctx.clone();
    match web.run(move |app| app.record_talk(&who, sent)).await {
        Ok(view) => Ok(page.go(format!("{TALKS_PATH}/{}", view.talk.id), "决定已记录，请听取本人陈述。")),
        Err(problem) => {
            let again = Again::of(problem)?;
            let offered = choices_of(&web, &ctx, &fields).await?;
            let body = form(&page, &offered, &fields, &again.errors)?;
            Ok(page.show_again(page.frame("记录约谈").crumb("约谈问责记录", TALKS_PATH), body, &again))
        }
    }
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let view = web.run(move |app| app.talk(&ctx, TalkId(id))).await?;
    let (frame, body) = render(&view, &page, None)?;
    Ok(page.show(frame, body))
}

fn render(
    view: &TalkView,
    page: &Page,
    typed: Option<(TalkVerb, &Fields, &FieldErrors)>,
) -> Result<(Frame, Markup), Problem> {
    let talk = &view.talk;
    let title = format!("{}记录第{}号", talk.kind.label(), talk.id);
    let frame = page.frame(title.clone()).crumb("约谈问责记录", TALKS_PATH);
    let or_none = |text: &str| if text.is_empty() { "（尚无）".to_owned() } else { text.to_owned() };
    let csrf = page.csrf()?;
    let body = html! {
        (ui::heading(&title, Some("限知悉人员"), html! { (ui::print_button()) }))
        (panel(html! {
            (definitions()
                .add("对象", html! { (view.person) "（" (view.unit) "）" })
                .add("事由和依据", html! { (talk.ground) })
                .add("决定人", html! { (view.decider) "，" (talk.decided_day.in_chinese()) })
                .add("知悉人员", html! { @if view.reader_names.is_empty() { "只有本人和决定人" } @else { (view.reader_names.join("、")) } })
                .add("本人陈述", html! { (or_none(&talk.statement)) @if let Some(at) = talk.stated_at { "（" (at.in_china()) "）" } })
                .add("结果", html! { (or_none(&talk.outcome)) })
                .add("申诉", html! { (or_none(&talk.objection)) @if let Some(at) = talk.objected_at { "（" (at.in_china()) "）" } })
                .add("申诉答复", html! { (or_none(&talk.objection_answer)) }))
        }))
        @for verb in &view.possible {
            @let (name, label, hint) = field(*verb);
            @let again = typed.filter(|(of, ..)| of == verb);
            @let field = ui::area(name, label, 4).max_chars(TALK_CHARS_MAX).required().hint(hint);
            @let field = match again { Some((_, fields, errors)) => field.refill(fields).errors(errors), None => field };
            details .case-step open {
                summary { (verb.label()) }
                (PostForm::new(format!("{TALKS_PATH}/{}/{}", talk.id, verb.code().replace('_', "-")), csrf)
                    .hidden("version", talk.version.to_string())
                    .body(html! { (field) div .actions { (button(verb.label()).primary()) } }))
            }
        }
    };
    Ok((frame, body))
}

fn field(verb: TalkVerb) -> (&'static str, &'static str, String) {
    match verb {
        TalkVerb::State => ("statement", "陈述", "如实说明情况、困难和打算，结果记录前可以修改".to_owned()),
        TalkVerb::Object => {
            ("objection", "申诉理由", format!("决定之日起{OBJECTION_DAYS}天内可以提出，由另一位领导答复"))
        }
        TalkVerb::AnswerObjection => ("answer", "申诉答复", "作出决定的人不能答复".to_owned()),
        TalkVerb::Conclude => ("outcome", "结果", "听取陈述后记录".to_owned()),
    }
}

async fn take(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    id: i64,
    verb: TalkVerb,
    fields: Fields,
) -> Result<Response, Problem> {
    let sent = input_of_form::<TalkWordsInput>(&fields)?;
    let (who, version) = (ctx.clone(), fields.number("version"));
    match web.run(move |app| app.talk_step(&who, TalkId(id), version, verb, sent)).await {
        Ok(_) => Ok(page.go(format!("{TALKS_PATH}/{id}"), "已记录。")),
        Err(problem) => {
            let again = Again::of(problem)?;
            let who = ctx.clone();
            let view = web.run(move |app| app.talk(&who, TalkId(id))).await?;
            let (frame, mut body) = render(&view, page, Some((verb, &fields, &again.errors)))?;
            if !view.possible.contains(&verb) {
                body = html! { (ui::error_summary(&again.errors)) (body) };
            }
            Ok(page.show_again(frame, body, &again))
        }
    }
}

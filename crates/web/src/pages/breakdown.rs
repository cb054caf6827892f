//! Speeches and notices broken down 文件分解: the document left with what was found marked, the drafts right.

mod forms;
mod removing;
mod requirement;
mod source;

pub(super) use requirement::of_unit;
pub(super) use source::source_card;

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::{
    breakdown::{
        AcceptInput, Accepted, AddInput, BreakdownInput, BreakdownView, DropInput, EditInput, MergeInput,
        reason_words,
    },
    evidence::SentFile,
};
use bihuan_domain::{
    Coded,
    breakdown::{BREAKDOWN_CHARS_MAX, Becomes, BreakdownDraft, DraftState},
    id::{BreakdownDraftId, BreakdownId},
    role::Role,
};
use maud::{Markup, html};
use std::time::Duration;

use super::{check::UPLOAD_BYTES_MAX, copied::copied, problem::input_of_form};
use crate::{
    current::{CampaignWish, current_campaign, no_campaign},
    error::Problem,
    form::{FieldErrors, Fields},
    frame::{Again, Page},
    route::Route,
    state::{Session, WebState},
    ui::{
        self, Choice, Column, PostForm, Row, Stretch, Table, Tone, badge, button, button_link, card, choices,
        marked_text,
    },
    upload::Upload,
};

const PATH: &str = "/breakdowns";
/// Reading a long document takes a while on a slow machine.
const LONG: Duration = Duration::from_secs(300);

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get(PATH, "breakdown.list", "文件分解", list),
        Route::post(PATH, "breakdown.make", "分解一份讲话或通知", make)
            .body_limit(UPLOAD_BYTES_MAX)
            .time_limit(LONG),
        Route::get("/breakdowns/{id}", "breakdown.show", "文件与任务草稿", show),
        Route::get("/requirements/{id}", "requirement.show", "要求清单中的一条要求", requirement::show),
        Route::post("/breakdowns/{id}/remove", "breakdown.remove", "删除分解的文件和草稿", removing::remove),
        Route::post("/breakdowns/{id}/drafts", "breakdown.add_draft", "补充一条任务草稿", add),
        Route::post("/breakdowns/drafts/{id}/accept", "breakdown.accept_draft", "采用一条任务草稿", accept),
        Route::post("/breakdowns/drafts/{id}/edit", "breakdown.edit_draft", "修改一条任务草稿", edit),
        Route::post("/breakdowns/drafts/{id}/drop", "breakdown.drop_draft", "不采用一条任务草稿", drop_draft),
        Route::post("/breakdowns/drafts/{id}/merge", "breakdown.merge_draft", "并入另一条任务草稿", merge),
    ]
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
) -> Result<Response, Problem> {
    let body = list_body(&web, &ctx, &page, &wish, &Fields::default(), &FieldErrors::default()).await?;
    Ok(page.show(page.frame("文件分解"), body))
}

async fn list_body(
    web: &WebState,
    ctx: &bihuan_app::Context,
    page: &Page,
    wish: &CampaignWish,
    fields: &Fields,
    errors: &FieldErrors,
) -> Result<Markup, Problem> {
    let current = current_campaign(web, ctx, wish).await?;
    let Some(campaign) = current.id() else { return Ok(no_campaign("文件分解")) };
    let units = governed(web, ctx).await?;
    let who = ctx.clone();
    let all = web.run(move |app| app.breakdowns(&who)).await?;
    let rows = all.iter().map(|(row, open, drafts)| {
        Row::new([
            html! { a href={ (PATH) "/" (row.id) } { (row.title) } },
            html! { (row.day) },
            html! { (drafts) },
            html! { @if *open > 0 { (badge(Tone::Warning, format!("{open}条待定"))) } @else { (badge(Tone::Good, "已处理完")) } },
        ])
    });
    let table = Table::new("breakdowns", "已分解的文件，新的在前")
        .hide_caption()
        .columns([
            Column::new("标题").long(),
            Column::new("文件日期").short(),
            Column::new("任务草稿").number(),
            Column::new("进度").short(),
        ])
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(ui::empty(
            "还没有分解过文件",
            "把讲话、通知贴进来，布置了什么、谁来办、什么时候办完，会逐条列出，由人确认。",
            None,
        ));
    let campaigns = choices(current.all.iter().map(|head| (head.id.to_string(), head.name.clone())));
    let own = units.first().map(|unit| unit.value.clone()).unwrap_or_default();
    let form = PostForm::new(PATH, page.csrf()?).uploads().warn_unsaved().errors(errors).body(html! {
        (ui::area("text", "文件内容", 8).hint(format!("粘贴全文，最多{BREAKDOWN_CHARS_MAX}个字；也可以不粘贴，选择文件。")).refill(fields).errors(errors))
        (ui::file("file", "文件", ".txt,.docx,.pdf").hint("txt、docx，或带文字层的 pdf。").errors(errors))
        div .columns {
            (ui::text("title", "标题").max_chars(100).hint("不填就用第一行。").refill(fields).errors(errors))
            (ui::date("day", "文件日期").hint("没有写年份的日期按这一天推算；不填就是今天。").refill(fields).errors(errors))
        }
        div .columns {
            (ui::select("unit", "分解单位", units).required().value(own).refill(fields).errors(errors))
            (ui::select("campaign", "专项行动", campaigns).required().value(campaign.to_string()).refill(fields).errors(errors))
        }
        div .actions { (button("分解").primary()) }
    });
    Ok(html! {
        (ui::heading("文件分解", Some("讲话、通知里布置的事逐条列出，找到谁来办、办到什么程度、什么时候办完；规则只提草稿，采用与否由人定。"), html! {
            (button_link("词表", "/words"))
        }))
        @if ctx.actor.holds_anywhere(Role::Office) { (card("分解一份文件", html! { (form) })) }
        (card("已分解的文件", html! { (table) }).flush())
    })
}

/// Units that the actor may break documents down for, the one with the largest subtree first: what a speech asks is
/// asked of the units below.
async fn governed(web: &WebState, ctx: &bihuan_app::Context) -> Result<Vec<Choice>, Problem> {
    let mut grants: Vec<_> = ctx.actor.grants.iter().filter(|grant| grant.role == Role::Office).collect();
    grants.sort_by_key(|grant| grant.path.as_str().len());
    let mut ids: Vec<_> = grants.iter().map(|grant| grant.unit).collect();
    let posts = ctx.actor.posts.iter().filter(|post| ctx.actor.holds(Role::Office, &post.path));
    ids.extend(posts.map(|post| post.unit));
    let mut seen = Vec::new();
    ids.retain(|id| {
        !seen.contains(id) && {
            seen.push(*id);
            true
        }
    });
    let wanted = ids.clone();
    let names = web.run(move |app| app.unit_names(&wanted)).await?;
    Ok(choices(ids.iter().filter_map(|id| Some((id.to_string(), names.get(id)?.clone())))))
}

async fn make(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    upload: Upload,
) -> Result<Response, Problem> {
    let sent = input_of_form::<BreakdownInput>(&upload.fields)?;
    let file =
        upload.file("file").map(|file| SentFile { name: file.name.clone(), bytes: file.bytes.clone() });
    let who = ctx.clone();
    match web.run(move |app| app.break_down(&who, sent, file)).await {
        Ok(id) => Ok(page.go(format!("{PATH}/{id}"), "已分解，请逐条确认。")),
        Err(problem) => {
            let again = Again::of(problem)?;
            let body = list_body(&web, &ctx, &page, &wish, &upload.fields, &again.errors).await?;
            Ok(page.show_again(page.frame("文件分解"), body, &again))
        }
    }
}

/// What was wrong with a form of the page: the draft (0 for the form that adds one), which form, its fields, the errors.
type Wrong<'a> = Option<(i64, &'static str, &'a Fields, &'a FieldErrors)>;

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let seen = web.run(move |app| app.breakdown(&ctx, BreakdownId(id))).await?;
    let body = view(&page, &seen, None)?;
    Ok(page.show(page.frame(seen.breakdown.title.clone()).crumb("文件分解", PATH).wide(), body))
}

fn view(page: &Page, seen: &BreakdownView, wrong: Wrong<'_>) -> Result<Markup, Problem> {
    let drafts: Vec<&BreakdownDraft> =
        seen.drafts.iter().filter(|draft| !listed_already(seen, draft)).collect();
    let of = |state: DraftState| drafts.iter().filter(|draft| draft.state == state).count();
    let lead = format!(
        "{} · {} · {}条草稿：待定{}、已采用{}、不采用{}、并入其他条{}",
        seen.campaign.name,
        seen.breakdown.day.in_chinese(),
        drafts.len(),
        of(DraftState::Open),
        of(DraftState::Accepted),
        of(DraftState::Dropped),
        of(DraftState::Merged)
    );
    let stretches = drafts.iter().map(|draft| Stretch {
        start: usize::try_from(draft.start_at).unwrap_or(0),
        end: usize::try_from(draft.end_at).unwrap_or(0),
        number: draft.id.0,
        shown: number_of(seen, draft),
        class: match draft.state {
            DraftState::Open => "",
            DraftState::Accepted => "span-done",
            DraftState::Dropped | DraftState::Merged => "span-off",
        },
        title: draft.action.clone(),
    });
    let mut shown = Vec::new();
    for draft in &drafts {
        shown.push((draft.id, item(page, seen, draft, wrong)?));
    }
    Ok(html! {
        (ui::heading(&seen.breakdown.title, Some(&lead), removing::form(page, seen)?))
        (copied(&seen.same, "同样的文件已经分解过"))
        (requirements(seen))
        div .text-beside {
            (marked_text(&seen.breakdown.content, stretches.collect()))
            div {
                @if shown.is_empty() {
                    (ui::empty("没有读出布置的任务", "规则没有看出要谁做什么；可以在下面照原文补充。", None))
                }
                ol .text-items { @for (id, markup) in shown { li id={ "item-" (id) } { (markup) } } }
                @if seen.may_decide { (forms::adding(page, seen, wrong)?) }
            }
        }
    })
}

/// Whether a draft is a requirement of another unit by the same words: the list of the document names them all, and one
/// sentence asked of fourteen townships is one draft to the reader.
fn listed_already(seen: &BreakdownView, draft: &BreakdownDraft) -> bool {
    let same = |other: &&BreakdownDraft| {
        other.is_requirement()
            && (other.start_at, other.end_at, &other.action) == (draft.start_at, draft.end_at, &draft.action)
    };
    draft.is_requirement() && seen.drafts.iter().filter(same).any(|other| other.id.0 < draft.id.0)
}

/// The number of a draft within its document: those that came later, however early they stand in the text, have higher
/// ones, so that a number said aloud stays what it was.
fn number_of(seen: &BreakdownView, draft: &BreakdownDraft) -> i64 {
    seen.drafts.iter().filter(|other| other.id.0 <= draft.id.0).map(|_| 1).sum()
}

fn number_of_id(seen: &BreakdownView, id: BreakdownDraftId) -> i64 {
    seen.drafts.iter().find(|draft| draft.id == id).map_or(0, |draft| number_of(seen, draft))
}

/// Accepted as requirements: the list of the document.
fn requirements(seen: &BreakdownView) -> Markup {
    let kept = |draft: &&BreakdownDraft| {
        draft.state == DraftState::Accepted && draft.becomes_kind == Becomes::Requirement.code()
    };
    let rows = seen.drafts.iter().filter(kept).map(|draft| {
        Row::new([
            html! { a href={ "/requirements/" (draft.id) } { (draft.action) } },
            html! { (unit_name(seen, draft)) @if draft.unit_id.is_none() { " " span .text-muted { "（没有对应到单位）" } } },
            html! { (draft.due_day.map(|day| day.to_string()).unwrap_or_else(|| draft.deadline_text.clone())) },
        ])
    });
    let rows: Vec<Row> = rows.collect();
    if rows.is_empty() {
        return html! {};
    }
    let table = Table::new("requirements", "要求清单")
        .hide_caption()
        .columns([Column::new("要求").long(), Column::new("责任单位"), Column::new("时限").short()])
        .rows(rows)
        .stack();
    html! { (card("要求清单", html! { (table) }).flush()) }
}

fn unit_name(seen: &BreakdownView, draft: &BreakdownDraft) -> String {
    let named = draft.unit_id.and_then(|id| seen.names.get(&id)).cloned();
    named.unwrap_or_else(|| draft.subject.clone())
}

fn item(
    page: &Page,
    seen: &BreakdownView,
    draft: &BreakdownDraft,
    wrong: Wrong<'_>,
) -> Result<Markup, Problem> {
    let reasons: Vec<serde_json::Value> = serde_json::from_str(&draft.reasons).unwrap_or_default();
    let facts = [
        ("责任单位", unit_name(seen, draft)),
        ("层级", level_words(&draft.subject_level).to_owned()),
        ("重点措施", seen.strands.get(&draft.strand).cloned().unwrap_or_default()),
        ("数量", draft.quantity.clone()),
        ("频次", cadence_words(&draft.cadence).to_owned()),
        (
            "时限",
            match draft.due_day {
                Some(day) if draft.deadline_text.is_empty() => day.in_chinese(),
                Some(day) => format!("{}（{}）", draft.deadline_text, day.in_chinese()),
                None => draft.deadline_text.clone(),
            },
        ),
    ];
    let tone = match draft.state {
        DraftState::Open => Tone::Warning,
        DraftState::Accepted => Tone::Good,
        _ => Tone::Neutral,
    };
    Ok(html! {
        p {
            a href={ "#span-" (draft.id) } { (number_of(seen, draft)) } " "
            (badge(tone, draft.state.label())) " "
            (badge(if draft.hard { Tone::Info } else { Tone::Neutral }, if draft.hard { "可核查" } else { "原则性" }))
        }
        p { strong { (draft.action) } }
        p { @for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) { span .text-muted { (name) "：" } (value) "　" } }
        @if !draft.unit_doubt.is_empty() && draft.state == DraftState::Open { p .text-muted { (draft.unit_doubt) } }
        @match draft.state {
            DraftState::Accepted if draft.is_requirement() => p { a href={ "/requirements/" (draft.id) } { "打开列入的要求" } },
            DraftState::Accepted => @if let Some(id) = draft.becomes_id { p {
                @match Becomes::from_code(&draft.becomes_kind) {
                    Some(Becomes::Task) => a href={ "/tasks/" (id) } { "打开下达的任务" },
                    Some(Becomes::RequiredAction) => a href={ "/actions/" (id) } { "打开下达的规定动作" },
                    _ => a href={ "/problems/" (id) } { "打开交办的问题" },
                }
            } },
            DraftState::Dropped => p { "理由：" (draft.drop_reason) },
            DraftState::Merged => @if let Some(into) = draft.merged_into { p { a href={ "#item-" (into) } { "并入第" (number_of_id(seen, into)) "条" } } },
            DraftState::Open => {},
        }
        @if !reasons.is_empty() {
            details { summary { "依据" } ul { @for reason in &reasons { li { (reason_words(reason["rule"].as_str().unwrap_or_default(), reason["words"].as_str().unwrap_or_default())) } } } }
        }
        @if seen.may_decide && draft.state == DraftState::Open { (forms::of_draft(page, seen, draft, wrong)?) }
    })
}

/// Level of who is asked.
fn level_words(code: &str) -> &'static str {
    match code {
        "leader" => "领导干部",
        "member" => "党员",
        "branch" => "党支部",
        "office" => "工作专班、工作组",
        "city" => "市级",
        "county" => "县级",
        // A unit is what most drafts name: nothing to tell.
        _ => "",
    }
}

fn cadence_words(code: &str) -> &'static str {
    match code {
        "once" => "一次",
        "weekly" => "每周",
        "monthly" => "每月",
        "quarterly" => "每季度",
        "yearly" => "每年",
        "continuous" => "定期、经常",
        _ => "",
    }
}

/// Shows the page of the draft's document again with what was typed.
async fn again(
    web: &WebState,
    ctx: bihuan_app::Context,
    page: &Page,
    id: i64,
    form: &'static str,
    fields: &Fields,
    problem: Problem,
) -> Result<Response, Problem> {
    let again = Again::of(problem)?;
    let seen = web
        .run(move |app| {
            let of = app.breakdown_of_draft(&ctx, BreakdownDraftId(id))?;
            app.breakdown(&ctx, of)
        })
        .await?;
    let body = view(page, &seen, Some((id, form, fields, &again.errors)))?;
    let frame = page.frame(seen.breakdown.title.clone()).crumb("文件分解", PATH).wide();
    Ok(page.show_again(frame, body, &again))
}

async fn accept(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let sent = input_of_form::<AcceptInput>(&fields)?;
    let (who, version) = (ctx.clone(), fields.number("version"));
    match web.run(move |app| app.accept_draft(&who, BreakdownDraftId(id), version, sent)).await {
        Ok(done) => Ok(page.go(format!("{PATH}/{}#item-{id}", done.breakdown), &made(&done))),
        Err(problem) => again(&web, ctx, &page, id, "accept", &fields, problem).await,
    }
}

/// What was made of a draft.
fn made(done: &Accepted) -> String {
    if done.required_action.is_some() {
        return "已下达为规定动作。".to_owned();
    }
    let told = done.requirements.iter().filter(|(_, unit)| unit.is_some()).count();
    match (done.problems.len(), done.tasks.len(), told) {
        (0, 0, 0) => "已列入要求清单；没有对应到单位，只在本页列出。".to_owned(),
        (0, 0, told) => format!("已列入要求清单，{told}个单位会在待办和单位页看到。"),
        (0, tasks, _) => format!("已下达{tasks}项重点任务。"),
        (problems, ..) => format!("已登记并交办{problems}件问题。"),
    }
}

async fn edit(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let sent = input_of_form::<EditInput>(&fields)?;
    let (who, version) = (ctx.clone(), fields.number("version"));
    match web.run(move |app| app.edit_draft(&who, BreakdownDraftId(id), version, sent)).await {
        Ok(of) => Ok(page.go(format!("{PATH}/{of}#item-{id}"), "已保存修改。")),
        Err(problem) => again(&web, ctx, &page, id, "accept", &fields, problem).await,
    }
}

async fn drop_draft(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let sent = input_of_form::<DropInput>(&fields)?;
    let (who, version) = (ctx.clone(), fields.number("version"));
    match web.run(move |app| app.drop_draft(&who, BreakdownDraftId(id), version, sent)).await {
        Ok(of) => Ok(page.go(format!("{PATH}/{of}#item-{id}"), "已记下不采用。")),
        Err(problem) => again(&web, ctx, &page, id, "drop", &fields, problem).await,
    }
}

async fn merge(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let sent = input_of_form::<MergeInput>(&fields)?;
    let (who, version) = (ctx.clone(), fields.number("version"));
    match web.run(move |app| app.merge_draft(&who, BreakdownDraftId(id), version, sent)).await {
        Ok(of) => Ok(page.go(format!("{PATH}/{of}#item-{id}"), "已并入。")),
        Err(problem) => again(&web, ctx, &page, id, "merge", &fields, problem).await,
    }
}

async fn add(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let sent = input_of_form::<AddInput>(&fields)?;
    let who = ctx.clone();
    match web.run(move |app| app.add_draft(&who, BreakdownId(id), sent)).await {
        Ok(draft) => Ok(page.go(format!("{PATH}/{id}#item-{draft}"), "已补充一条。")),
        Err(problem) => {
            let again = Again::of(problem)?;
            let seen = web.run(move |app| app.breakdown(&ctx, BreakdownId(id))).await?;
            let body = view(&page, &seen, Some((0, "add", &fields, &again.errors)))?;
            let frame = page.frame(seen.breakdown.title.clone()).crumb("文件分解", PATH).wide();
            Ok(page.show_again(frame, body, &again))
        }
    }
}

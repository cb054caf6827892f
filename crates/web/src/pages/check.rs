//! Documents checked 校核: a text in, what is wrong in it beside it, and out again corrected or with remarks.

use axum::{
    extract::{Path, State},
    http::{
        HeaderValue,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use bihuan_app::{
    Context,
    evidence::{EVIDENCE_BYTES_MAX, SentFile},
    text_check::{CheckInput, CheckView, DecideInput, Finding, FindingKind, Told},
};
use bihuan_domain::{
    Coded,
    id::{TextCheckId, UnitId},
    text_check::{CHECK_CHARS_MAX, IGNORE_CHARS_MAX, REPLACEMENT_CHARS_MAX},
};
use maud::{Markup, html};
use std::time::Duration;

use super::{ledger::encoded, problem::input_of_form};
use crate::{
    current::{CampaignWish, CurrentCampaign, current_campaign},
    error::Problem,
    form::{FieldErrors, Fields},
    frame::{Again, Page},
    route::Route,
    state::{Session, WebState},
    ui::{
        self, Choice, Column, Notice, PostForm, Row, Stretch, Table, Tone, badge, button, button_link, card,
        choices, marked_text,
    },
    upload::Upload,
};

const PATH: &str = "/checks";
/// A long document is read and checked in seconds; a slow machine gets more.
pub(crate) const LONG: Duration = Duration::from_secs(300);
/// The largest upload, with room for the pasted text and the rest of the form.
pub(super) const UPLOAD_BYTES_MAX: usize = EVIDENCE_BYTES_MAX + 4 * 1024 * 1024;

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get(PATH, "check.list", "文稿校核", list),
        Route::post(PATH, "check.make", "送校一份文稿", make).body_limit(UPLOAD_BYTES_MAX).time_limit(LONG),
        Route::get("/checks/{id}", "check.show", "校核结果", show),
        Route::post("/checks/{id}/decide", "check.decide", "采纳或不改一条校核意见", decide),
        Route::post("/checks/{id}/remove", "check.remove", "删除一次校核", remove),
        Route::get("/checks/{id}/corrected", "check.corrected", "下载改好的文本", corrected),
        Route::get("/checks/{id}/comments", "check.comments", "下载带批注的文档", comments).time_limit(LONG),
        Route::get("/checks/{id}/revised", "check.revised", "下载带修订的文档", revised).time_limit(LONG),
    ]
}

/// Units for whom the actor may bring documents: the roots of the subtrees read, the largest first, as a document's
/// figures are those of a subtree; then those of the posts.
pub(super) async fn unit_choices(web: &WebState, ctx: &Context) -> Result<Vec<Choice>, Problem> {
    let mut roots = ctx.actor.readable_roots();
    roots.sort_by_key(|(_, path)| path.as_str().len());
    let mut ids: Vec<UnitId> = roots.into_iter().map(|(id, _)| id).collect();
    for post in ctx.actor.posts.iter().filter(|post| ctx.actor.may_read(&post.path)) {
        if !ids.contains(&post.unit) {
            ids.push(post.unit);
        }
    }
    let wanted = ids.clone();
    let names = web.run(move |app| app.unit_names(&wanted)).await?;
    Ok(choices(ids.iter().filter_map(|id| Some((id.to_string(), names.get(id)?.clone())))))
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
) -> Result<Response, Problem> {
    let body = list_body(&web, &ctx, &page, &wish, &Fields::default(), &FieldErrors::default()).await?;
    Ok(page.show(page.frame("文稿校核"), body))
}

async fn list_body(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    wish: &CampaignWish,
    fields: &Fields,
    errors: &FieldErrors,
) -> Result<Markup, Problem> {
    let current = current_campaign(web, ctx, wish).await?;
    let units = unit_choices(web, ctx).await?;
    let who = ctx.clone();
    let checks = web.run(move |app| app.text_checks(&who)).await?;
    let rows = checks.iter().map(|(check, findings)| {
        Row::new([
            html! { a href={ (PATH) "/" (check.id) } { (check.title) } },
            html! { (findings) },
            html! { (check.day) },
            html! { (check.made_at.in_chinese()) },
        ])
    });
    let table = Table::new("checks", "已校核的文稿，新的在前")
        .hide_caption()
        .columns([
            Column::new("标题").long(),
            Column::new("意见").number(),
            Column::new("文稿日期").short(),
            Column::new("校核时间").short(),
        ])
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(ui::empty(
            "还没有校核过的文稿",
            "送一份试试：序号、标点、错字、数字对不上的地方都会指出来。",
            None,
        ));
    Ok(html! {
        (ui::heading("文稿校核", Some("序号、引号、标点、错字、待填内容、数字对不对得上，都先查一遍；认得出口径的数字与台账核对。"), html! {
            (button_link("词表", "/words"))
        }))
        (card("送校", form(page, fields, errors, &units, &current)?))
        (card("校核记录", html! { (table) }).flush())
    })
}

fn form(
    page: &Page,
    fields: &Fields,
    errors: &FieldErrors,
    units: &[Choice],
    current: &CurrentCampaign,
) -> Result<Markup, Problem> {
    let campaigns = choices(current.all.iter().map(|head| (head.id.to_string(), head.name.clone())));
    let chosen = current.id().map(|id| id.to_string()).unwrap_or_default();
    let own = units.first().map(|unit| unit.value.clone()).unwrap_or_default();
    Ok(html! {
        (PostForm::new(PATH, page.csrf()?).uploads().warn_unsaved().errors(errors).body(html! {
            (ui::area("text", "文稿内容", 8).hint(format!("粘贴全文，最多{CHECK_CHARS_MAX}个字；也可以不粘贴，选择文件。表格里的合计和比率也会核算，可以直接从 Excel、WPS 复制粘贴。")).refill(fields).errors(errors))
            (ui::file("file", "文稿文件", ".txt,.docx,.pdf").hint("txt、docx，或带文字层的 pdf；选了文件就以文件为准。").errors(errors))
            div .columns {
                (ui::text("title", "标题").max_chars(100).hint("不填就用第一行。").refill(fields).errors(errors))
                (ui::date("day", "文稿日期").hint("数字与台账按这一天核对；不填就是今天。").refill(fields).errors(errors))
            }
            div .columns {
                (ui::select("unit", "单位", units.to_vec()).required().value(own).refill(fields).errors(errors))
                (ui::select("campaign", "与哪个专项的台账核对", campaigns).prompt("不核对").value(chosen).refill(fields).errors(errors))
            }
            div .actions { (button("校核").primary()) }
        }))
    })
}

async fn make(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    upload: Upload,
) -> Result<Response, Problem> {
    let sent = input_of_form::<CheckInput>(&upload.fields)?;
    let file =
        upload.file("file").map(|file| SentFile { name: file.name.clone(), bytes: file.bytes.clone() });
    let who = ctx.clone();
    match web.run(move |app| app.check_text(&who, sent, file)).await {
        Ok(id) => Ok(page.go(format!("{PATH}/{id}"), "已校核。")),
        Err(problem) => {
            let again = Again::of(problem)?;
            let body = list_body(&web, &ctx, &page, &wish, &upload.fields, &again.errors).await?;
            Ok(page.show_again(page.frame("文稿校核"), body, &again))
        }
    }
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let seen = web.run(move |app| app.text_check(&ctx, TextCheckId(id))).await?;
    let body = view(&page, &seen, None)?;
    Ok(page.show(page.frame(seen.check.title.clone()).crumb("文稿校核", PATH).wide(), body))
}

fn view(
    page: &Page,
    seen: &CheckView,
    wrong: Option<(i64, &Fields, &FieldErrors)>,
) -> Result<Markup, Problem> {
    let open = seen.told.iter().filter(|told| told.decision.is_none()).count();
    let agree = seen.compared.iter().filter(|one| one.agrees).count();
    let lead = format!(
        "{} · {} · {}条意见，{open}条待处理",
        seen.unit.name,
        seen.check.day.in_chinese(),
        seen.told.len()
    );
    let stretches = seen.told.iter().map(|told| Stretch {
        start: told.finding.start,
        end: told.finding.end,
        number: told.number + 1,
        shown: told.number + 1,
        class: match &told.decision {
            None => "",
            Some(decision) if decision.accepted => "span-done",
            Some(_) => "span-off",
        },
        title: told.finding.sort.clone(),
    });
    let here = format!("{PATH}/{}", seen.check.id);
    let accepted = seen.told.iter().any(|told| told.accepted().is_some());
    Ok(html! {
        (ui::heading(&seen.check.title, Some(&lead), html! {
            (button_link("下载改好的文本", format!("{here}/corrected")))
            @if seen.check.is_docx() {
                (button_link("下载带批注的文档", format!("{here}/comments")))
                @if accepted { (button_link("下载带修订的文档", format!("{here}/revised"))) }
            }
            @if seen.may_remove {
                (PostForm::new(format!("{here}/remove"), page.csrf()?).inline()
                    .hidden("version", seen.check.version.to_string())
                    .confirm("确定删除这次校核？文稿和处理意见一并删除，请先下载改好的文本。")
                    .body(html! { (button("删除").danger()) }))
            }
        }))
        @if !seen.compared.is_empty() { (compared(seen, agree)) } @else { (not_compared(seen)) }
        div .text-beside {
            (marked_text(&seen.text, stretches.collect()))
            @if seen.told.is_empty() {
                (ui::empty("没有发现差错", "规则能查的都查过了；提法和事实仍请人看一遍。", None))
            } @else {
                ol .text-items {
                    @for told in &seen.told {
                        li id={ "item-" (told.number + 1) } { (item(page, seen, told, wrong)?) }
                    }
                }
            }
        }
    })
}

/// Nothing is said to agree with the ledger that was not held against it.
fn not_compared(seen: &CheckView) -> Markup {
    html! {
        @if seen.check.campaign_id.is_none() {
            (Notice::info("没有与台账核对").detail(html! { "送校时没有选择专项行动，文中的数字没有与台账核对。" }))
        } @else {
            (Notice::info("没有认出可以与台账核对的数字").detail(html! { "文中的数字没有一个认得出口径，没有与台账核对，请自行核对。" }))
        }
    }
}

fn compared(seen: &CheckView, agree: usize) -> Markup {
    let rows = seen.compared.iter().map(|one| {
        Row::new([
            html! { (one.quote) },
            html! { (one.name) },
            html! { a href=(one.link) { (one.ledger) } },
            html! { (one.day) },
            html! { @if one.agrees { (badge(Tone::Good, "一致")) } @else { (badge(Tone::Danger, "不一致")) } },
        ])
    });
    let table = Table::new("compared", "文中数字与台账")
        .hide_caption()
        .columns([
            Column::new("文中"),
            Column::new("口径"),
            Column::new("台账"),
            Column::new("截至").short(),
            Column::new("核对").short(),
        ])
        .rows(rows)
        .stack();
    html! { (card(format!("认出{}个台账数字，{agree}个一致", seen.compared.len()), html! { (table) }).flush()) }
}

fn item(
    page: &Page,
    seen: &CheckView,
    told: &Told,
    wrong: Option<(i64, &Fields, &FieldErrors)>,
) -> Result<Markup, Problem> {
    let finding = &told.finding;
    let tone = match finding.kind {
        FindingKind::Certain | FindingKind::Ledger => Tone::Danger,
        FindingKind::Fault => Tone::Warning,
        FindingKind::Query => Tone::Info,
    };
    let number = told.number + 1;
    Ok(html! {
        p {
            a href={ "#span-" (number) } { (number) } " "
            (badge(tone, sort_of(finding))) " "
            strong { "“" (finding.quote) "”" }
        }
        p { (finding.reason) @if !finding.reason.ends_with('。') { "。" } }
        @if let Some(expected) = &finding.expected { p { "建议：" ins { (if expected.is_empty() { "删去" } else { expected.as_str() }) } } }
        @if let Some(link) = &finding.link { p { a href=(link) { "打开台账里的这个数" } } }
        @match &told.decision {
            Some(decision) if decision.accepted => p { (badge(Tone::Good, "已采纳")) " 改为“" (decision.replacement) "”" },
            Some(decision) => p { (badge(Tone::Neutral, "不改")) " " (decision.reason) },
            None => {},
        }
        @if seen.may_decide {
            @let (fields, errors) = match wrong { Some((of, fields, errors)) if of == told.number => (fields.clone(), errors.clone()), _ => Default::default() };
            details open[!errors.is_empty()] {
                summary { @if told.decision.is_some() { "改主意" } @else { "采纳或不改" } }
                (decision_forms(page, seen, told, &fields, &errors)?)
            }
        }
    })
}

/// The kind of a finding, and its sort where that says more.
fn sort_of(finding: &Finding) -> String {
    let kind = finding.kind.label();
    if finding.sort == kind { kind.to_owned() } else { format!("{kind}：{}", finding.sort) }
}

fn decision_forms(
    page: &Page,
    seen: &CheckView,
    told: &Told,
    fields: &Fields,
    errors: &FieldErrors,
) -> Result<Markup, Problem> {
    let form = |name: &str| -> Result<PostForm, Problem> {
        Ok(PostForm::new(format!("{PATH}/{}/decide", seen.check.id), page.csrf()?)
            .within(&format!("{name}{}", told.number))
            .hidden("finding", told.number.to_string())
            .hidden("version", seen.check.version.to_string()))
    };
    let within = |name: &str| format!("{name}{}", told.number);
    let proposed = told.finding.expected.clone().unwrap_or_else(|| told.finding.quote.clone());
    Ok(html! {
        (form("yes")?.hidden("accept", "1").body(html! {
            (ui::text("replacement", "改为").max_chars(REPLACEMENT_CHARS_MAX).value(proposed).within(&within("yes")).hint("留空就是删去。"))
            div .actions { (button("采纳").primary().small()) }
        }))
        (form("no")?.errors(errors).body(html! {
            (ui::text("reason", "不改的理由").max_chars(IGNORE_CHARS_MAX).within(&within("no")).refill(fields).errors(errors))
            @if told.finding.kind == FindingKind::Fault {
                (ui::checkboxes("ignore_word", "以后", vec![Choice::new("1", "同样的写法不再提示（记入本单位词表，需专班身份）")]).within(&within("no")))
            }
            div .actions { (button("不改").small()) }
        }))
    })
}

async fn decide(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let sent = input_of_form::<DecideInput>(&fields)?;
    let (who, version) = (ctx.clone(), fields.number("version"));
    let number: i64 = fields.number("finding").unwrap_or(-1);
    match web.run(move |app| app.decide_finding(&who, TextCheckId(id), version, sent)).await {
        Ok(()) => Ok(page.go(format!("{PATH}/{id}#item-{}", number + 1), "已记下。")),
        Err(problem) => {
            let again = Again::of(problem)?;
            let seen = web.run(move |app| app.text_check(&ctx, TextCheckId(id))).await?;
            let body = view(&page, &seen, Some((number, &fields, &again.errors)))?;
            let frame = page.frame(seen.check.title.clone()).crumb("文稿校核", PATH).wide();
            Ok(page.show_again(frame, body, &again))
        }
    }
}

async fn remove(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let version = fields.number("version");
    web.run(move |app| app.remove_check(&ctx, TextCheckId(id), version)).await?;
    Ok(page.go(PATH, "校核已删除。"))
}

/// A file to be saved.
fn saved(file: bihuan_app::evidence::FileOut) -> Result<Response, Problem> {
    let disposition = format!("attachment; filename*=UTF-8''{}", encoded(&file.name));
    let mut response = file.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_str(&file.media_type).map_err(Problem::fault)?);
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).map_err(Problem::fault)?);
    Ok(response)
}

/// The text with what was accepted; the JSON API gives the same file.
pub(crate) async fn corrected(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    saved(web.run(move |app| app.corrected_text(&ctx, TextCheckId(id))).await?)
}

/// The docx with what was accepted as tracked changes; the JSON API gives the same file.
pub(crate) async fn revised(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    saved(web.run(move |app| app.revised_docx(&ctx, TextCheckId(id))).await?)
}

/// The docx with a comment for each finding; the JSON API gives the same file.
pub(crate) async fn comments(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    saved(web.run(move |app| app.commented_docx(&ctx, TextCheckId(id))).await?)
}

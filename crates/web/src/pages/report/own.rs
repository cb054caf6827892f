//! Docx templates of one's own: brought in, looked at with real data, removed.

use axum::{
    extract::{Multipart, Path, State},
    response::Response,
};
use bihuan_app::Context;
use bihuan_app::report::OwnTemplateInput;
use bihuan_domain::Coded as _;
use bihuan_domain::id::{ReportTemplateId, UnitId};
use bihuan_domain::report::{ReportKind, TITLE_CHARS_MAX};
use maud::html;

use super::{REPORTS_PATH, UPLOAD_BYTES_MAX, read_upload};
use crate::{
    current::{CampaignWish, CurrentCampaign, current_campaign, no_campaign},
    error::Problem,
    form::{Fields, QueryFields},
    frame::{Again, Page},
    state::{Session, WebState},
    ui::{self, Column, Href, PostForm, Row, Table, button, button_link, card, choices, panel},
};

const PATH: &str = "/reports/templates";

pub(super) async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    page_of(&web, ctx, &page, &current, &query, None).await
}

async fn page_of(
    web: &WebState,
    ctx: Context,
    page: &Page,
    current: &CurrentCampaign,
    fields: &Fields,
    again: Option<&Again>,
) -> Result<Response, Problem> {
    let frame = page.frame("自有模板").crumb("报告", REPORTS_PATH);
    let Some(campaign) = current.id() else { return Ok(page.show(frame, no_campaign("自有模板"))) };
    let unit = fields.number("unit").map(UnitId);
    let found = web.run(move |app| app.report_choices(&ctx, campaign, unit)).await?;
    let errors = again.map(|again| again.errors.clone()).unwrap_or_default();
    let rows = found.own.iter().map(|one| {
        Row::new([
            html! { a href={ (PATH) "/" (one.id) } { (one.name) } },
            html! { (one.kind.label()) },
            html! { (one.file_name) },
            html! { (one.created_at.in_chinese()) },
        ])
    });
    let table = Table::new("own-templates", "自有模板")
        .hide_caption()
        .stack()
        .row_head(0)
        .columns([
            Column::new("名称"),
            Column::new("文种").short(),
            Column::new("文件"),
            Column::new("上传时间").short(),
        ])
        .rows(rows)
        .empty(ui::empty(
            "还没有自有模板",
            "把单位常用的Word文件里要填数的地方写成 {{问题总数}} 这样的字段，上传后就能自动填数。",
            None,
        ));
    let kinds = choices(ReportKind::ALL.iter().map(|kind| (kind.code(), kind.label())));
    let body = html! {
        (ui::heading("自有模板", Some(&format!("{}的Word模板：版式照旧，只填字段。", found.unit.name)), html! {}))
        (current.switcher(&Href::new(PATH)))
        (table)
        (panel(html! {
            h2 { "上传模板" }
            (PostForm::new(PATH, page.csrf()?).uploads().hidden("campaign", campaign.to_string()).hidden("unit", found.unit.id.to_string())
                .errors(&errors).body(html! {
                (ui::text("name", "模板名称").required().max_chars(TITLE_CHARS_MAX).refill(fields).errors(&errors))
                (ui::select("kind", "文种", kinds).required().refill(fields).errors(&errors))
                (ui::file("file", "Word文件", ".docx").required().errors(&errors)
                    .hint("字段写在两层花括号里，例如 {{单位}}、{{止日}}、{{问题总数}}；{{表 环节}}、{{清单 逾期：5}} 这样的要独占正文的一段，会排成一张表；不认识的字段会指出来。这样的报告生成Word和Excel文件，不生成PDF。"))
                div .actions { (button("上传").primary()) (button_link("返回", REPORTS_PATH)) }
            }))
        }))
    };
    Ok(match again {
        Some(again) => page.show_again(frame, body, again),
        None => page.show(frame, body),
    })
}

pub(super) async fn add(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    upload: Multipart,
) -> Result<Response, Problem> {
    let (fields, file) = read_upload(upload, UPLOAD_BYTES_MAX).await?;
    let sent: OwnTemplateInput = super::super::problem::input_of_form(&fields)?;
    let who = ctx.clone();
    match web.run(move |app| app.add_report_template(&who, &sent, &file)).await {
        Ok(id) => Ok(page.go(format!("{PATH}/{id}"), "模板已上传，下面是用最近七天的数据填好的样子。")),
        Err(problem) => {
            let again = Again::of(problem)?;
            let current = current_campaign(&web, &ctx, &wish.or_of_form(&fields)).await?;
            page_of(&web, ctx, &page, &current, &fields, Some(&again)).await
        }
    }
}

pub(super) async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let found = web.run(move |app| app.preview_report_template(&ctx, ReportTemplateId(id))).await?;
    let rows = found.fields.iter().map(|(name, value)| {
        let shown = value.clone().unwrap_or_else(|| "不认识的字段，会原样留下".to_owned());
        Row::new([html! { code { "{{" (name) "}}" } }, html! { (shown) }])
    });
    let template = &found.template;
    let body = html! {
        (ui::heading(&template.name, Some(&format!("{} · {}", template.kind.label(), template.file_name)), html! {
            (button_link("用它起草报告", "/reports/new").primary())
            @if found.may_remove {
                (PostForm::new(format!("{PATH}/{id}/remove"), page.csrf()?).inline().confirm("确定删除这个模板？")
                    .body(html! { (button("删除").danger()) }))
            }
        }))
        (card("字段和最近七天的数据", html! {
            (Table::new("fields", "字段").hide_caption().row_head(0).columns([Column::new("字段"), Column::new("填成")]).rows(rows))
        }))
        (card("填好的段落", html! { @for text in &found.paragraphs { p { (text) } } }))
    };
    Ok(page.show(page.frame(template.name.clone()).crumb("报告", REPORTS_PATH).crumb("自有模板", PATH), body))
}

pub(super) async fn remove(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    web.run(move |app| app.remove_report_template(&ctx, ReportTemplateId(id))).await?;
    Ok(page.go(PATH, "模板已删除。"))
}

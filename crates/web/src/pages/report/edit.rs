//! The form of a draft: prose with fields, what stands around it, and the fields one may use.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::Context;
use bihuan_app::report::{DraftInput, ReportView};
use bihuan_domain::Coded as _;
use bihuan_domain::id::ReportId;
use bihuan_domain::report::text::{Facet, FigureName, Value, Which};
use bihuan_domain::report::{EditionState, LINE_CHARS_MAX, TITLE_CHARS_MAX, Trimmings};
use maud::{Markup, html};

use super::{REPORTS_PATH, sheet};
use crate::{
    error::Problem,
    form::{FieldErrors, Fields},
    frame::{Again, Page},
    state::{Session, WebState},
    ui::{self, Choice, PostForm, button, button_link, panel},
};

pub(super) async fn edit(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    form_of(&web, ctx, &page, ReportId(id), None).await
}

async fn form_of(
    web: &WebState,
    ctx: Context,
    page: &Page,
    id: ReportId,
    again: Option<(&Again, &Fields)>,
) -> Result<Response, Problem> {
    let view = web.run(move |app| app.report(&ctx, id, None)).await?;
    if !view.may_change || view.edition.state == EditionState::Issued {
        return Err(Problem::NotFound);
    }
    let errors = again.map(|(again, _)| again.errors.clone()).unwrap_or_default();
    let fields = again.map_or_else(|| fields_of(&view), |(_, fields)| fields.clone());
    let at = format!("{REPORTS_PATH}/{id}");
    let lead = match &view.own {
        None => {
            "数字用字段，不手填；正文每段一行，行首写一、（一）1.（1）就是标题；纪要的“出席：”“请假：”“列席：”各成一行。"
        }
        Some(_) => {
            "版式和文字都在自有Word模板里，这里只改报告的名称和机关代字（模板里写 {{文号}} 的地方）；要改文字请另外上传模板。"
        }
    };
    let body = html! {
        (ui::heading("修改报告", Some(lead), html! {}))
        (panel(html! {
            (PostForm::new(format!("{at}/edit"), page.csrf()?).warn_unsaved().errors(&errors)
                .hidden("version", view.edition.version.to_string()).body(html! {
                (ui::text("title", "标题").required().max_chars(TITLE_CHARS_MAX).refill(&fields).errors(&errors))
                @if view.own.is_none() {
                    (ui::text("addressee", "主送机关").max_chars(LINE_CHARS_MAX).refill(&fields).errors(&errors))
                    (ui::area("text", "正文", 24).refill(&fields).errors(&errors))
                    (guide())
                    (around(&fields, &errors))
                } @else {
                    (prefix(&fields, &errors))
                }
                div .actions { (button("保存").primary()) (button_link("取消", at)) }
            }))
        }))
        @if view.own.is_none() {
            h2 { "现在的样子" }
            (sheet::paper(&view.composed.paper, &view.composed.figures))
        }
    };
    let title = view.composed.paper.title_line();
    let frame =
        page.frame("修改报告").crumb("报告", REPORTS_PATH).crumb(title, format!("{REPORTS_PATH}/{id}"));
    Ok(match again {
        Some((again, _)) => page.show_again(frame, body, again),
        None => page.show(frame, body),
    })
}

fn fields_of(view: &ReportView) -> Fields {
    let edition = &view.edition;
    let trimmings: Trimmings = serde_json::from_str(&edition.trimmings).unwrap_or_default();
    let mut pairs = vec![
        ("title", edition.title.clone()),
        ("addressee", edition.addressee.clone()),
        ("text", edition.text.clone()),
        ("mark", trimmings.mark),
        ("prefix", trimmings.prefix),
        ("marking", trimmings.marking),
        ("urgency", trimmings.urgency),
        ("signers", trimmings.signers),
        ("signature", trimmings.signature),
        ("copies", trimmings.copies),
        ("remark", trimmings.remark),
    ];
    if trimmings.sealed {
        pairs.push(("sealed", "1".to_owned()));
    }
    if trimmings.explained {
        pairs.push(("explained", "1".to_owned()));
    }
    Fields::new(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// Head, signature, imprint.
fn around(fields: &Fields, errors: &FieldErrors) -> Markup {
    let line = |name: &str, label: &str| {
        ui::text(name, label).max_chars(LINE_CHARS_MAX).refill(fields).errors(errors)
    };
    html! {
        details .fold open[!errors.is_empty()] {
            summary { span .caret aria-hidden="true" {} "版头、落款和版记" }
            (line("mark", "发文机关标志").hint("例如：云溪县整改办公室文件；不填就没有版头和文号"))
            (prefix(fields, errors))
            (line("marking", "标注").narrow().hint("只能填“内部”；本系统不得处理国家秘密"))
            (line("urgency", "紧急程度").narrow().hint("例如：特急、加急"))
            (line("signers", "签发人").hint("只有上行文填写，几个人之间用顿号隔开"))
            (line("signature", "署名"))
            (ui::checkboxes("sealed", "印章", vec![Choice::new("1", "加盖印章（预留位置）")]).refill(fields))
            (line("copies", "抄送"))
            (line("remark", "附注"))
            (ui::checkboxes("explained", "数字说明", vec![Choice::new("1", "把全部数字的口径作为附件列出")]).refill(fields))
        }
    }
}

fn prefix(fields: &Fields, errors: &FieldErrors) -> Markup {
    let field = ui::text("prefix", "机关代字").max_chars(LINE_CHARS_MAX).refill(fields).errors(errors);
    html! { (field.narrow().hint("例如：云整改办发；签发时自动编号，如〔2026〕3号")) }
}

/// The fields one may use.
fn guide() -> Markup {
    let names = |names: Vec<String>| {
        names.iter().map(|name| format!("{{{{{name}}}}}")).collect::<Vec<_>>().join("　")
    };
    let figures = names(FigureName::all().into_iter().map(FigureName::name).collect());
    let values = names(Value::ALL.iter().map(|one| one.label().to_owned()).collect());
    let labels = |all: Vec<&str>| all.join("、");
    html! {
        details .fold {
            summary { span .caret aria-hidden="true" {} "可以用的字段" }
            p { strong { "文字：" } (values) }
            p { strong { "数字：" } (figures) }
            p { strong { "单独成行的：" }
                code { "{{表 单位：问题总数、在办、逾期}}" } "，" code { "{{图 环节}}" } "，" code { "{{清单 逾期：20}}" } "，"
                code { "{{分页}}" } "，" code { "{{横排}}" } "……" code { "{{竖排}}" }
            }
            p { "表和图可以按：" (labels(Facet::ALL.iter().map(|one| one.label()).collect())) "；清单可以列："
                (labels(Which::ALL.iter().map(|one| one.label()).collect())) "。" }
        }
    }
}

pub(super) async fn save(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let id = ReportId(id);
    let sent: DraftInput = super::super::problem::input_of_form(&fields)?;
    let (version, who) = (fields.number("version"), ctx.clone());
    match web.run(move |app| app.save_draft(&who, id, version, &sent)).await {
        Ok(()) => Ok(page.go(format!("{REPORTS_PATH}/{id}"), "草稿已保存。")),
        Err(problem) => {
            let again = Again::of(problem)?;
            form_of(&web, ctx, &page, id, Some((&again, &fields))).await
        }
    }
}

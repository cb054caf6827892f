//! What a visit found: the list, and the form for one more.

use bihuan_app::inspection::VisitView;
use bihuan_domain::inspection::{Finding, FindingPhoto, PHOTOS_MAX, SUMMARY_CHARS_MAX};
use maud::{Markup, html};

use super::new_key;
use crate::{
    error::Problem,
    frame::Page,
    step::Typed,
    ui::{self, PostForm, button, card, choices},
};

pub(super) fn findings(
    view: &VisitView,
    page: &Page,
    typed: Option<&Typed>,
    template: Option<&bihuan_domain::template::Template>,
) -> Result<Markup, Problem> {
    if view.findings.is_empty() {
        return Ok(html! { div #findings {} });
    }
    let mut items = Vec::new();
    for (finding, photos) in &view.findings {
        items.push(finding_item(view, page, typed, template, (finding, photos))?);
    }
    Ok(html! {
        div #findings { (card(format!("检查发现（{}条）", items.len()), html! { @for item in &items { (item) } })) }
    })
}

fn finding_item(
    view: &VisitView,
    page: &Page,
    typed: Option<&Typed>,
    template: Option<&bihuan_domain::template::Template>,
    (finding, photos): (&Finding, &[FindingPhoto]),
) -> Result<Markup, Problem> {
    let typed = Typed::of_part(typed, "raise_problem", finding.id.0);
    let (have, errors) = (&typed.fields, &typed.errors);
    let within = format!("raise-{}", finding.id);
    let categories = template.map(|t| choices(t.categories.iter().map(|c| (c.code.clone(), c.name.clone()))));
    let sources = template.map(|t| choices(t.sources.iter().map(|s| (s.code.clone(), s.name.clone()))));
    let action = format!("/visits/{}/findings/{}/raise", view.line.visit.id, finding.id);
    let form = PostForm::new(action, page.csrf()?).within(&within).errors(errors);
    Ok(html! {
        section .finding {
            p { strong { (finding.ordinal) ". " } (finding.text) @if !finding.place.is_empty() { span .text-muted { "（" (finding.place) "）" } } }
            @if !photos.is_empty() {
                ul .photos { @for photo in photos { li {
                    a href={ "/findings/" (finding.id) "/photos/" (photo.id) } {
                        img src={ "/findings/" (finding.id) "/photos/" (photo.id) } alt={ "检查照片：" (photo.file_name) } loading="lazy" width="160";
                    }
                } } }
            }
            @match finding.problem_id {
                Some(problem) => p { a href={ "/problems/" (problem) } { "已登记为问题，查看办理情况" } },
                None if view.may_file => {
                    details .fold open[typed.is_refused()] {
                        summary { span .caret aria-hidden="true" {} "登记为问题" }
                        (form.body(html! {
                            @if let Some(options) = categories { (ui::select("category", "类别", options).within(&within).refill(have).errors(errors)) }
                            @if let Some(options) = sources { (ui::select("source", "问题来源", options).within(&within).refill(have).errors(errors)) }
                            (ui::text("deadline", "整改时限").within(&within).hint("如：立行立改、2024年6月底前；可以交办时再定").refill(have).errors(errors))
                            (ui::text("goal", "整改目标").within(&within).refill(have).errors(errors))
                            div .actions { (button("登记为问题").primary()) }
                        }))
                    }
                },
                None => p .text-muted { "尚未登记为问题" },
            }
        }
    })
}

pub(super) fn finding_form(view: &VisitView, page: &Page, typed: Option<&Typed>) -> Result<Markup, Problem> {
    let typed = Typed::of(typed, "finding");
    let (have, errors) = (&typed.fields, &typed.errors);
    let key = match have.filled("client_key") {
        Some(key) => key.to_owned(),
        None => new_key()?,
    };
    let points = view.checklist.iter().flat_map(|list| &list.points);
    let points = choices(points.map(|point| (point.code.clone(), point.text.clone())));
    let form = PostForm::new(format!("/visits/{}/findings", view.line.visit.id), page.csrf()?)
        .within("finding")
        .hidden("client_key", key)
        .errors(errors)
        .uploads();
    Ok(html! {
        div data-offline="finding" {
            (card("记录一条发现", html! {
                (form.body(html! {
                    (ui::area("text", "发现的问题", 3).within("finding").required().max_chars(SUMMARY_CHARS_MAX).hint("哪里、什么事、多少，一条一事").refill(have).errors(errors))
                    (ui::text("place", "地点").within("finding").refill(have).errors(errors))
                    @if !points.is_empty() { (ui::select("item", "对应检查要点", points).prompt("不对应").within("finding").refill(have).errors(errors)) }
                    (ui::file("photos", "照片", "image/jpeg,image/png").several().within("finding").hint(format!("可以不传；最多{PHOTOS_MAX}张，位置信息会去掉")).errors(errors))
                    div .actions { (button("记录发现").primary()) }
                }))
            }))
        }
    })
}

//! Calling units together, and the forms of a muster's page: only those of steps that the reader may take now.

use axum::{extract::State, response::Response};
use bihuan_app::Context;
use bihuan_app::muster::{MusterForm, MusterInput, MusterView};
use bihuan_domain::Coded as _;
use bihuan_domain::id::UnitId;
use bihuan_domain::muster::{CALLED_MAX, MUSTER_WORDS_CHARS_MAX, MusterVerb};
use maud::{Markup, html};

use super::{MUSTERS_PATH, path_of, wanted};
use crate::{
    error::Problem,
    form::{FieldErrors, Fields, QueryFields},
    frame::{Again, Page},
    guard::CsrfToken,
    pages::problem::input_of_form,
    state::{Session, WebState},
    ui::{self, Choice, Field, PostForm, button, button_link, panel},
};

async fn form_of(web: &WebState, ctx: &Context, fields: &Fields) -> Result<MusterForm, Problem> {
    let (who, sent) = (ctx.clone(), wanted(fields));
    web.run(move |app| app.muster_form(&who, &sent)).await
}

pub(super) async fn new(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let shown = form_of(&web, &ctx, &query).await?;
    let body = body(&page, &shown, &query, &FieldErrors::default())?;
    Ok(page.show(page.frame("吹哨").crumb("吹哨报到", MUSTERS_PATH), body))
}

pub(super) async fn call(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    fields: Fields,
) -> Result<Response, Problem> {
    let sent = input_of_form::<MusterInput>(&fields)?;
    let who = ctx.clone();
    match web.run(move |app| app.call_muster(&who, sent)).await {
        Ok(done) => Ok(page.go(format!("{MUSTERS_PATH}/{}", done.muster.id), "已吹哨，等待各单位报到。")),
        Err(problem) => {
            let again = Again::of(problem)?;
            let shown = form_of(&web, &ctx, &fields).await?;
            let body = body(&page, &shown, &fields, &again.errors)?;
            Ok(page.show_again(page.frame("吹哨").crumb("吹哨报到", MUSTERS_PATH), body, &again))
        }
    }
}

fn body(page: &Page, shown: &MusterForm, fields: &Fields, errors: &FieldErrors) -> Result<Markup, Problem> {
    let subject = &shown.subject;
    let lead = format!("{}：{}", subject.kind.label(), subject.words);
    let form = PostForm::new(MUSTERS_PATH, page.csrf()?)
        .hidden("subject_kind", subject.kind.code())
        .hidden("subject", subject.id.to_string())
        .errors(errors);
    let many = format!("填写名称或代码，用顿号分开，最多{CALLED_MAX}个");
    Ok(html! {
        (ui::heading("吹哨：召集几个单位一起办", Some(&lead), html! {}))
        p { "以" strong { (shown.caller.name) } "的名义召集。事项的时限不因吹哨改变。" }
        (panel(html! {
            (form.body(html! {
                (ui::area("needed", "需要解决的事项", 4).required().max_chars(MUSTER_WORDS_CHARS_MAX)
                    .hint("写明卡在哪里、需要各单位做什么").refill(fields).errors(errors))
                (ui::text("units", "召集单位").required().hint(many).refill(fields).errors(errors))
                (ui::text("lead", "牵头单位").required().narrow().hint("召集的单位中的一个").refill(fields).errors(errors))
                (ui::date("due_day", "办结时限").required().refill(fields).errors(errors))
                div .actions { (button("吹哨").primary()) (button_link("取消", subject.href.clone())) }
            }))
        }))
    })
}

/// What the reader may do now. `open` names the form that stands open, `again` is what was typed in a refused one.
pub(super) fn now(view: &MusterView, csrf: &CsrfToken, open: &str, again: (&Fields, &FieldErrors)) -> Markup {
    let mut verbs: Vec<MusterVerb> = view.possible.iter().map(|(verb, _)| *verb).collect();
    verbs.dedup();
    if verbs.is_empty() {
        return html! {};
    }
    let first = verbs.first().copied().filter(|_| open.is_empty());
    html! {
        section .case-now aria-labelledby="now-title" {
            h2 #now-title { "您可以办理" }
            @for verb in verbs {
                @let path = path_of(verb);
                @let is_open = first == Some(verb) || open == path;
                details .case-step #{ "do-" (path) } open[is_open] {
                    summary { (verb.label()) }
                    (form(view, verb, csrf, (open == path).then_some(again)))
                }
            }
        }
    }
}

/// Label of the words of a step, and whether they must be there.
fn words(verb: MusterVerb) -> (&'static str, &'static str, bool) {
    match verb {
        MusterVerb::Call | MusterVerb::ReportIn => {
            ("谁来报到、怎样联系", "例如：李明，分管负责人，办公电话……", true)
        }
        MusterVerb::Did => ("本单位做了什么", "写明做了什么、到了哪一步", true),
        MusterVerb::Release => ("不再需要的原因", "", true),
        MusterVerb::Finish => ("办结情况", "写明各单位合力办成了什么；其他单位都报告以后才能报办结", true),
        MusterVerb::Accept => ("认可意见", "没有要说明的可以不填", false),
        MusterVerb::SendBack => ("还差什么", "", true),
        MusterVerb::Withdraw => ("撤回原因", "", true),
    }
}

fn form(
    view: &MusterView,
    verb: MusterVerb,
    csrf: &CsrfToken,
    again: Option<(&Fields, &FieldErrors)>,
) -> Markup {
    let path = path_of(verb);
    let muster = &view.case.muster;
    let units: Vec<UnitId> =
        view.possible.iter().filter(|(one, _)| *one == verb).map(|(_, unit)| *unit).collect();
    let mut form = PostForm::new(format!("{MUSTERS_PATH}/{}/{path}", muster.id), csrf)
        .hidden("version", muster.version.to_string())
        .within(&path);
    if let Some((_, errors)) = again {
        form = form.errors(errors);
    }
    if verb == MusterVerb::Withdraw {
        form = form.confirm("确定撤回这次吹哨？");
    }
    let filled = |field: Field| {
        let field = field.within(&path);
        match again {
            Some((typed, errors)) => field.refill(typed).errors(errors),
            None => field,
        }
    };
    let name = |id: &UnitId| {
        let line = view.line.called.iter().find(|line| line.called.unit_id == *id);
        line.map(|line| line.name.clone()).unwrap_or_default()
    };
    let of_unit = matches!(verb, MusterVerb::ReportIn | MusterVerb::Did | MusterVerb::Release);
    let (label, hint, required) = words(verb);
    let area = ui::area("words", label, 3).max_chars(MUSTER_WORDS_CHARS_MAX).hint(hint);
    html! {
        (form.body(html! {
            @if of_unit {
                @match units.as_slice() {
                    [one] if verb != MusterVerb::Release => {
                        input type="hidden" name="unit" value=(one);
                        p .text-muted { "代表" (name(one)) }
                    },
                    many => (filled(ui::select("unit", "单位", many.iter().map(|id| Choice::new(id.to_string(), name(id))).collect()).prompt("请选择").required())),
                }
            }
            (filled(if required { area.required() } else { area }))
            div .actions { (button(verb.label()).primary()) }
        }))
    }
}

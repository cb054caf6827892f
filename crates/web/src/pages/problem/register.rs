//! The register form: warnings about vague wording and repeated problems are shown before it is final.

use axum::{extract::State, response::Response};
use bihuan_app::{
    Context,
    problem::{RegisterChoices, RegisterInput, Warnings},
};
use bihuan_domain::{
    Coded,
    deadline::MAX_TEXT_CHARS,
    id::CampaignId,
    problem::{PROBLEM_CHARS_MAX, REASON_CHARS_MAX},
};
use maud::{Markup, html};
use sha2::{Digest, Sha256};

use super::{facts::short, input_of_form};
use crate::{
    current::{CampaignWish, current_campaign, no_campaign},
    error::Problem,
    form::{FieldErrors, Fields, QueryFields},
    frame::{Again, Page},
    state::{Session, WebState},
    ui::{self, Choice, Field, Href, PostForm, Tone, badge, button, button_link},
};

const FORM: &str = "/problems/new";
/// The field that says for which text the warnings were shown.
const SEEN: &str = "seen";

pub(super) async fn new(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let Some(campaign) = current.id() else {
        return Ok(page.show(page.frame("登记问题"), no_campaign("登记问题")));
    };
    let choices = choices_of(&web, &ctx, campaign).await?;
    let body = html! {
        (current.switcher(&Href::new(FORM)))
        (form(&page, &choices, &query, &FieldErrors::default(), None)?)
    };
    Ok(current.remember(&web, page.show(page.frame("登记问题"), body)))
}

async fn choices_of(web: &WebState, ctx: &Context, campaign: CampaignId) -> Result<RegisterChoices, Problem> {
    let ctx = ctx.clone();
    web.run(move |app| app.register_choices(&ctx, campaign)).await
}

pub(super) async fn create(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    fields: Fields,
) -> Result<Response, Problem> {
    let sent = input_of_form::<RegisterInput>(&fields)?;
    let campaign = CampaignId(fields.number("campaign").ok_or(Problem::NotFound)?);
    let (who, form_sent) = (ctx.clone(), sent.clone());
    if let Some(done) = web.run(move |app| app.registered_by_form(&who, &form_sent)).await? {
        return Ok(page.go(format!("/problems/{}", done.problem.id), "问题已登记。"));
    }
    let (who, place, text) = (ctx.clone(), sent.place.clone(), sent.text.clone());
    let warnings = web.run(move |app| app.warnings(&who, campaign, &place, &text)).await?;
    if !warnings.is_empty() && fields.text(SEEN) != digest(&fields) {
        let choices = choices_of(&web, &ctx, campaign).await?;
        let body = form(&page, &choices, &fields, &FieldErrors::default(), Some(&warnings))?;
        return Ok(page.show(page.frame("登记问题"), body));
    }
    let who = ctx.clone();
    match web.run(move |app| app.register(&who, sent)).await {
        Ok(done) => {
            let said = format!("{}问题已登记。", done.problem.citation());
            Ok(page.go(format!("/problems/{}", done.problem.id), &said))
        }
        Err(problem) => {
            let again = Again::of(problem)?;
            let choices = choices_of(&web, &ctx, campaign).await?;
            let shown = Some(&warnings).filter(|warnings| !warnings.is_empty());
            let body = form(&page, &choices, &fields, &again.errors, shown)?;
            Ok(page.show_again(page.frame("登记问题"), body, &again))
        }
    }
}

/// The text the warnings are about: another text is warned of anew.
fn digest(fields: &Fields) -> String {
    let text = format!("{}\n{}", fields.text("place"), fields.text("text"));
    Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// A number of this form, so that a double click registers once.
fn form_key() -> String {
    let mut bytes = [0_u8; 12];
    // Without randomness the day and person still tell requests apart for the ordinary case.
    if getrandom::fill(&mut bytes).is_err() {
        tracing::warn!("the machine gives no random bytes; a register form has no number of its own");
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn form(
    page: &Page,
    choices: &RegisterChoices,
    fields: &Fields,
    errors: &FieldErrors,
    warnings: Option<&Warnings>,
) -> Result<Markup, Problem> {
    if choices.units.is_empty() {
        return Ok(html! {
            (ui::heading("登记问题", Some(&choices.campaign.name), html! {}))
            (ui::empty("您现在不能登记问题", "登记问题需要填报员、工作专班、督导员或领导身份。", None))
        });
    }
    let key = fields.filled("form_key").map_or_else(form_key, str::to_owned);
    let mut form = PostForm::new(FORM, page.csrf()?)
        .hidden("campaign", choices.campaign.id.to_string())
        .hidden("form_key", key)
        .warn_unsaved()
        .errors(errors);
    if warnings.is_some() {
        form = form.hidden(SEEN, digest(fields));
    }
    let again = if warnings.is_some() { "仍然登记" } else { "登记" };
    Ok(html! {
        (ui::heading("登记问题", Some(&choices.campaign.name), html! {}))
        @if let Some(warnings) = warnings { (told(warnings)) }
        (ui::panel(form.body(html! {
            (inputs(choices, fields, errors))
            div .actions { (button(again).primary()) (button_link("取消", "/todo")) }
        }).into_markup()))
    })
}

/// What is vague or repeated, in place of a refusal: the person decides.
fn told(warnings: &Warnings) -> Markup {
    html! {
        section .notice .notice-warning role="status" {
            span .shape aria-hidden="true" { "▲" }
            div {
                p { strong { "还没有登记，请先看一下下面的提示。" } "修改后再提交；确认无误的，可以直接点“仍然登记”。" }
                @if !warnings.vague.is_empty() {
                    ul { @for warning in &warnings.vague { li { (warning.reason) "。建议：" (warning.suggestion) "。" } } }
                }
                @if !warnings.alike.is_empty() || warnings.alike_hidden > 0 {
                    p { "可能与已有问题重复：" }
                    ul {
                        @for one in &warnings.alike { li {
                            a href={ "/problems/" (one.id) } target="_blank" rel="noopener" { (one.citation) } " "
                            (badge(Tone::Warning, format!("相似{}%", one.percent))) " " (one.state.label()) "："
                            (short(&one.text, 60))
                        } }
                        @if warnings.alike_hidden > 0 { li { "另有" (warnings.alike_hidden) "个不在您的查看范围内。" } }
                    }
                }
            }
        }
    }
}

fn inputs(choices: &RegisterChoices, fields: &Fields, errors: &FieldErrors) -> Markup {
    let show = |field: Field| field.refill(fields).errors(errors);
    let own = choices.own.map(|id| id.to_string()).unwrap_or_default();
    let units = choices.units.iter().map(|unit| {
        let depth = unit.path.depth().saturating_sub(choices.units[0].path.depth());
        Choice::new(unit.id.to_string(), format!("{}{}", "　".repeat(depth), unit.name))
    });
    let template = choices.template.as_deref();
    let categories =
        template.map(|t| ui::choices(t.categories.iter().map(|c| (c.code.clone(), c.name.clone()))));
    let strands = template.map(|t| ui::choices(t.strands.iter().map(|s| (s.code.clone(), s.name.clone()))));
    let sources = template.map(|t| ui::choices(t.sources.iter().map(|s| (s.code.clone(), s.name.clone()))));
    let list = |name: &str, label: &str, options: Option<Vec<Choice>>| match options {
        Some(options) => ui::select(name, label, options).prompt("请选择"),
        None => ui::text(name, label).max_chars(100),
    };
    html! {
        (show(ui::area("text", "问题描述", 4).required().max_chars(PROBLEM_CHARS_MAX)
            .hint("一件事一条，写清什么地方、什么事、差在哪里、有多少，例如：三组灌溉渠道破损120米未修，下游60亩水田无法灌溉。")))
        (show(ui::text("place", "地点").max_chars(200)))
        (show(ui::select("unit", "登记单位", units.collect()).required().value(own)))
        div .columns {
            (show(list("category", "类别", categories)))
            (show(list("source", "问题来源", sources)))
        }
        (show(list("strand", "重点措施", strands)))
        (show(ui::text("ground", "依据").max_chars(500).hint("发现它的文件、条款、来信或谈话；没有的不填。")))
        (show(ui::area("goal", "整改目标", 2).max_chars(REASON_CHARS_MAX).hint("改到什么程度算好；也可以在交办时填写。")))
        div .columns {
            (show(ui::text("deadline", "整改时限").max_chars(MAX_TEXT_CHARS).hint("照原文写：2024年6月底前、立行立改、长期坚持；也可以在交办时再定。")))
            (show(ui::date("due_day", "截止日期").hint("原文看不出日期时选定。")))
        }
        (show(ui::area("remark", "备注", 2).max_chars(REASON_CHARS_MAX)))
    }
}

/// Short ways from a component to markup.
trait IntoMarkup: maud::Render + Sized {
    fn into_markup(self) -> Markup {
        self.render()
    }
}

impl IntoMarkup for PostForm {}

/// The names of the form's fields are those of the input.
#[cfg(test)]
mod tests {
    use bihuan_app::{input::Input as _, problem::RegisterInput};

    #[test]
    fn the_form_has_every_field_of_the_input() {
        let names: Vec<&str> = RegisterInput::FIELDS.iter().map(|field| field.name).collect();
        let code = include_str!("register.rs");
        for name in names {
            assert!(code.contains(&format!("\"{name}\"")), "{name} is missing from the form");
        }
    }
}

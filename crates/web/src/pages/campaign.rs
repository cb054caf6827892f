//! Campaigns: the list, and one with its authority, dates and rules in plain words.

mod change;
mod form;
mod template;

pub(crate) use change::TAKE_OVER_TIME;

use axum::{
    extract::{Path, State},
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use bihuan_app::campaign::{CampaignHead, CampaignView};
use bihuan_domain::{
    Coded as _, Day,
    campaign::{Campaign, CampaignState, rules_in_words},
    id::CampaignId,
    template::{Category, Entry, Template},
};
use maud::{Markup, Render as _, html};

use crate::{
    current::CAMPAIGN_PARAMETER,
    error::Problem,
    frame::{Page, as_of},
    route::Route,
    state::{Session, WebState},
    ui::{
        self, Badge, Column, Happening, Href, Notice, Row, Table, Tone, badge, button_link, card,
        definitions, stat, timeline,
    },
};

/// Where the list is.
pub const CAMPAIGNS_PATH: &str = "/campaigns";

pub fn routes() -> Vec<Route<WebState>> {
    let mut routes = vec![
        Route::get(CAMPAIGNS_PATH, "campaign.list", "专项行动列表", list),
        Route::get("/campaigns/{id}", "campaign.show", "专项行动", show),
        Route::get("/campaigns/{id}/template.toml", "campaign.download_template", "下载模板", download),
    ];
    routes.extend(form::routes());
    routes.extend(change::routes());
    routes.extend(template::routes());
    routes
}

/// A campaign's page.
fn address(id: CampaignId) -> String {
    format!("{CAMPAIGNS_PATH}/{id}")
}

/// The state as a mark.
pub fn state_badge(state: CampaignState) -> Badge {
    let tone = match state {
        CampaignState::Preparing => Tone::Warning,
        CampaignState::Running => Tone::Good,
        CampaignState::Ended => Tone::Neutral,
    };
    badge(tone, state.label())
}

/// From when to when.
fn period(starts: Day, ends: Option<Day>) -> String {
    match ends {
        Some(ends) => format!("{}至{}", starts.in_chinese(), ends.in_chinese()),
        None => format!("{}起，未定结束日期", starts.in_chinese()),
    }
}

async fn list(State(web): State<WebState>, Session(ctx): Session, page: Page) -> Result<Response, Problem> {
    let (all, offices, seen) =
        web.run(move |app| Ok((app.campaigns(&ctx)?, app.campaign_offices(&ctx)?, app.as_of()?))).await?;
    let may_create = !offices.is_empty();
    let actions = html! {
        @if may_create { (button_link("建立专项行动", "/campaigns/new").primary()) }
    };
    let lead =
        "一项专项行动覆盖专班所在单位和它的全部下级单位，类别、来源、公示和回头看等规则来自它自己的模板。";
    let nothing = match may_create {
        true => ui::empty(
            "还没有专项行动",
            "从一个现成的模板开始，几分钟就能建好；启动前要写明由谁决定、依据什么文件。",
            Some(("建立专项行动", Href::new("/campaigns/new"))),
        ),
        false => {
            ui::empty("还没有您可以查看的专项行动", "专项行动由工作专班建立，建立之后会出现在这里。", None)
        }
    };
    let table = Table::new("campaigns", "专项行动")
        .hide_caption()
        .columns([
            Column::new("名称").long(),
            Column::new("状态").short(),
            Column::new("专班所在单位"),
            Column::new("起止"),
            Column::new("查看").short(),
        ])
        .row_head(0)
        .rows(all.iter().map(list_row))
        .empty(nothing)
        .stack();
    let body = html! { (ui::heading("专项行动", Some(lead), actions)) (table) };
    Ok(page.show(page.frame("专项行动").as_of(as_of(seen)), body))
}

fn list_row(head: &CampaignHead) -> Row {
    Row::new([
        html! { a href=(address(head.id)) { (head.name) } div .text-muted .mono { (head.code) } },
        html! { (state_badge(head.state)) },
        html! { (head.office_name) },
        html! { (period(head.starts_day, head.ends_day)) },
        html! { (links_to_work(head.id)) },
    ])
}

/// Its overview and its ledger.
fn links_to_work(id: CampaignId) -> Markup {
    html! {
        a href=(Href::new("/overview").with(CAMPAIGN_PARAMETER, id)) { "总览" } " "
        a href=(Href::new("/ledger").with(CAMPAIGN_PARAMETER, id)) { "台账" }
    }
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let id = CampaignId(id);
    let (view, seen) = web.run(move |app| Ok((app.campaign_view(&ctx, id)?, app.as_of()?))).await?;
    let frame = page.frame(&view.campaign.name).crumb("专项行动", CAMPAIGNS_PATH).as_of(as_of(seen));
    Ok(page.show(frame, campaign_body(&view)))
}

fn campaign_body(view: &CampaignView) -> Markup {
    let campaign = &view.campaign;
    html! {
        (ui::heading(&campaign.name, None, actions(view)))
        (missing_notice(view))
        (overlap_notice(view))
        (figures(view))
        (facts(view))
        @match &view.template {
            Some(template) => { (rules(template, campaign.id, view.may_run && campaign.state != CampaignState::Ended)) (lists(view, template)) },
            None => (card("规则", ui::empty(
                "还没有选定模板",
                "模板写明类别、来源、审核、公示、回头看和红黄绿的规则。",
                view.may_run.then(|| ("写模板", Href::new(format!("{}/template", address(campaign.id))))),
            ))),
        }
        (history(view))
    }
}

fn actions(view: &CampaignView) -> Markup {
    let (id, state) = (view.campaign.id, view.campaign.state);
    let here = address(id);
    html! {
        @if state != CampaignState::Preparing {
            (button_link("总览", Href::new("/overview").with(CAMPAIGN_PARAMETER, id).to_string()))
            (button_link("台账", Href::new("/ledger").with(CAMPAIGN_PARAMETER, id).to_string()))
        }
        @if view.may_run && state == CampaignState::Ended && view.followed_by.is_empty() {
            (button_link("建立后续行动", Href::new("/campaigns/new").with("follows", id).to_string()))
        }
        @if view.to_take_over.as_ref().is_some_and(|open| open.total() > 0) {
            (button_link("承接未销号的问题", format!("{here}/take-over")).primary())
        }
        @if view.may_run && state != CampaignState::Ended {
            (button_link("修改", format!("{here}/edit")))
            @if state == CampaignState::Preparing { (button_link("启动", format!("{here}/start")).primary()) }
            (button_link("结束", format!("{here}/end")))
        }
    }
}

fn missing_notice(view: &CampaignView) -> Markup {
    let needed = view.campaign.state == CampaignState::Preparing && !view.missing.is_empty();
    html! {
        @if needed {
            (Notice::warning("启动之前还要补充：").detail(html! {
                ul { @for (field, sentence) in &view.missing {
                    @let page = if *field == "template" { "template".to_owned() } else { format!("edit#f-{field}") };
                    li { @if view.may_run { a href={ (address(view.campaign.id)) "/" (page) } { (sentence) } } @else { (sentence) } }
                } }
            }))
        }
    }
}

fn overlap_notice(view: &CampaignView) -> Markup {
    html! {
        @if !view.overlaps.is_empty() {
            (Notice::warning("同类行动正在覆盖同一批单位，请先协调，避免重复督查：").detail(html! {
                ul { @for head in &view.overlaps {
                    li { a href=(address(head.id)) { (head.name) } "（" (head.office_name) "，" (period(head.starts_day, head.ends_day)) "）" }
                } }
                p .text-muted { "《政府督查工作条例》第十五条：不得重复督查、多头督查、越权督查。" }
            }))
        }
    }
}

fn figures(view: &CampaignView) -> Markup {
    let Some(counts) = view.counts.as_ref().filter(|_| view.campaign.state != CampaignState::Preparing)
    else {
        return html! {};
    };
    let ledger = Href::new("/ledger").with(CAMPAIGN_PARAMETER, view.campaign.id).with("unit", view.root);
    let figure = |label, count: i64, href: Href| {
        stat(label, u64::try_from(count).unwrap_or(0), "件").href(href.to_string())
    };
    let late = figure("逾期", counts.late, ledger.with("late", 1))
        .definition("承办单位应办而未办，整改时限（或任一未完成措施的时限）已过的问题。")
        .tone(if counts.late > 0 { Tone::Danger } else { Tone::Neutral });
    ui::stats(&[
        figure("问题", counts.total(), ledger.clone()),
        figure("没有销号", counts.open(), ledger.with("state", "open")),
        late,
        figure("已销号", counts.closed(), ledger.with("state", "closed")),
    ])
}

fn facts(view: &CampaignView) -> Markup {
    let campaign = &view.campaign;
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    card(
        "立项和起止",
        html! {
            (definitions()
                .add("状态", state_badge(campaign.state))
                .add("代码", html! { span .mono { (campaign.code) } })
                .add("专班所在单位", html! { a href={ "/units/" (view.office.id) } { (view.office.name) } })
                .add("覆盖", html! { a href={ "/units/" (view.root) } { (view.root_name) } "及其全部下级单位" })
                .add("起止", period(campaign.starts_day, campaign.ends_day))
                .add("立项依据", campaign.basis.label())
                .add_some("谁决定的", some(&campaign.authority))
                .add_some("依据文件", some(&campaign.document))
                .add_some("内容和范围", some(&campaign.scope)))
            @if let Some(follows) = &view.follows {
                p { "承接：" a href=(address(follows.id)) { (follows.name) } }
            }
            @for after in &view.followed_by {
                p { "后续行动：" a href=(address(after.id)) { (after.name) } "，没有销号的问题由它承接。" }
            }
        },
    )
    .render()
}

/// Rules in plain words, with the number of the day beside the rule's sentence where a rule has one.
fn rules(template: &Template, id: CampaignId, may_change: bool) -> Markup {
    let lists = ["重点措施", "问题类别", "问题来源", "督办单", "另外提示的空泛用语"];
    let words = rules_in_words(template);
    let terms = words
        .into_iter()
        .filter(|(label, _)| !lists.contains(label))
        .fold(definitions(), |terms, (label, value)| terms.add(label, value));
    card(
        "规则",
        html! {
            @if !template.summary.is_empty() { p { (template.summary) } }
            (terms)
            h3 .rules-title { "说得直白些" }
            (rules_explained(template))
        },
    )
    .aside(html! {
        @if may_change { a href={ (address(id)) "/template" } { "修改模板" } " · " }
        a href={ (address(id)) "/template.toml" } { "下载模板" }
    })
    .render()
}

fn rules_explained(template: &Template) -> Markup {
    let (screening, closure, colour) = (&template.screening, &template.closure, &template.colour);
    html! {
        ul {
            @if screening.enabled {
                li { "问题登记后先由分管负责人" (screening.first_step) "，再" (screening.second_step) "；说不清楚的退回补充，重复的合并。" }
            } @else {
                li { "问题登记后不再审核，直接交办。" }
            }
            li { "承办单位报告完成之后，由另一个单位验收；办的人和他所在的单位都不能验收自己。至少要有 " (closure.evidence_min) " 件佐证。" }
            @if closure.notice_days > 0 {
                li { "验收通过后公示 " (closure.notice_days) " 天，没有异议再销号。" }
            } @else {
                li { "验收通过后即可销号，不再公示。" }
            }
            @if closure.look_back_days > 0 {
                li { "销号 " (closure.look_back_days) " 天后回头看，反弹的重新打开，进入新一轮。" }
            }
            li { "距时限 " (colour.yellow_days) " 天起亮黄，过了时限亮红。"
                @if colour.red_after_send_backs > 0 { "验收退回 " (colour.red_after_send_backs) " 次起，不论时限都亮红。" }
                "需要人工调整颜色的，写明理由和截止日。" }
            li { "写“立行立改”而没有日期的，按 " (template.deadline.immediate_working_days) " 个工作日计算；写“长期坚持”的，每 " (template.deadline.recheck_days) " 天复查一次。" }
        }
    }
}

fn lists(view: &CampaignView, template: &Template) -> Markup {
    let counts = view.counts.as_ref();
    let count =
        |code: &str| counts.and_then(|counts| counts.categories.get(code)).copied().unwrap_or_default();
    html! {
        (card("问题类别", html! { (categories(view, template, &count)) }).flush())
        div .columns {
            (card("重点措施", entries(&template.strands)))
            (card("问题来源", html! {
                dl .entries { @for source in &template.sources { div {
                    dt { (source.name) @if source.appeals { span .text-muted { "，群众诉求" } } }
                    dd { (source.summary) }
                } } }
            }))
        }
        @if !template.slips.is_empty() || !template.vagueness.words.is_empty() {
            (card("督办单和用语提示", html! {
                @if !template.slips.is_empty() {
                    dl .entries { @for slip in &template.slips { div {
                        dt { (slip.name) @if slip.answer_working_days > 0 { span .text-muted { "，" (slip.answer_working_days) " 个工作日内答复" } } }
                        dd { (slip.summary) }
                    } } }
                }
                @if !template.vagueness.words.is_empty() {
                    p { "登记和销号时，遇到下面的说法会提示写具体：" (template.vagueness.words.join("、")) "。" }
                }
            }))
        }
    }
}

fn categories(view: &CampaignView, template: &Template, count: &dyn Fn(&str) -> (i64, i64)) -> Markup {
    let ledger = Href::new("/ledger").with(CAMPAIGN_PARAMETER, view.campaign.id);
    let strand = |category: &Category| {
        let code = category.strand.as_deref().unwrap_or_default();
        template.strand(code).map_or("—", |strand| strand.name.as_str()).to_owned()
    };
    let counted = view.counts.is_some() && view.campaign.state != CampaignState::Preparing;
    let mut columns = vec![Column::new("类别"), Column::new("说明").long(), Column::new("默认归入").short()];
    if counted {
        columns.extend([Column::new("没有销号").number(), Column::new("已销号").number()]);
    }
    let rows = template.categories.iter().map(|category| {
        let (open, closed) = count(&category.code);
        let of = |state: &str| {
            ledger.with("unit", view.root).with("category", &category.code).with("state", state)
        };
        let mut cells =
            vec![html! { (category.name) }, html! { (category.summary) }, html! { (strand(category)) }];
        if counted {
            cells.push(html! { a href=(of("open")) { (open) } });
            cells.push(html! { a href=(of("closed")) { (closed) } });
        }
        Row::new(cells)
    });
    let table =
        Table::new("categories", "问题类别").hide_caption().columns(columns).row_head(0).rows(rows).stack();
    html! { (table) }
}

fn entries(entries: &[Entry]) -> Markup {
    html! {
        dl .entries { @for entry in entries { div { dt { (entry.name) } dd { (entry.summary) } } } }
    }
}

fn history(view: &CampaignView) -> Markup {
    let happened: Vec<Happening> = view
        .history
        .iter()
        .map(|step| {
            Happening::new(step.at.in_chinese(), step.at.to_rfc3339(), step.what).who(step.who.clone()).body(
                html! {
                    @if !step.note.is_empty() { p { (step.note) } }
                    p .text-muted { "第 " (step.seq) " 条记录" }
                },
            )
        })
        .collect();
    html! {
        @if !happened.is_empty() { (card("办理经过", timeline("办理经过，最近的在前", &happened))) }
    }
}

async fn download(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let view = web.run(move |app| app.campaign_view(&ctx, CampaignId(id))).await?;
    let Campaign { code, template_text, .. } = view.campaign;
    let name = format!("attachment; filename=\"{code}.toml\"");
    let headers = [(CONTENT_TYPE, "application/toml; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, template_text).into_response())
}

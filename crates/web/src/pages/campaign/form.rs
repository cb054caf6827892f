//! The form of a campaign: to set one up, and to change what is recorded about one.

use axum::{
    RequestExt as _,
    extract::{FromRequest, Multipart, Path, Request, State},
    http::header::CONTENT_TYPE,
    response::Response,
};
use bihuan_app::campaign::{CampaignInput, Office, built_in};
use bihuan_app::{Context, input::Input as _};
use bihuan_domain::{
    Coded as _,
    campaign::{
        AUTHORITY_CHARS_MAX, AuthorityBasis, CODE_CHARS_MAX, Campaign, CampaignState, NAME_CHARS_MAX,
        REASON_CHARS_MAX, SCOPE_CHARS_MAX,
    },
    id::CampaignId,
};
use maud::{Markup, Render as _, html};

use super::{CAMPAIGNS_PATH, address};
use crate::{
    error::Problem,
    form::{FieldErrors, Fields, QueryFields},
    frame::{Again, Page},
    guard::CsrfToken,
    route::Route,
    state::{Session, WebState},
    ui::{self, Choice, PostForm, button, button_link, card},
};

pub(super) fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get("/campaigns/new", "campaign.new", "建立专项行动页", new),
        Route::post(CAMPAIGNS_PATH, "campaign.create", "建立专项行动", create),
        Route::get("/campaigns/{id}/edit", "campaign.edit", "修改专项行动页", edit),
        Route::post("/campaigns/{id}/edit", "campaign.amend", "修改专项行动", amend),
    ]
}

/// The fields of a form that may carry a template as a file: the file's text becomes the field `template_text`.
pub(super) struct FormWithTemplate(pub(super) Fields);

impl FromRequest<WebState> for FormWithTemplate {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &WebState) -> Result<Self, Problem> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
            return Fields::from_request(request, state).await.map(Self);
        }
        let bad = |error: axum::extract::multipart::MultipartError| Problem::BadRequest(error.status());
        let mut parts: Multipart =
            request.extract().await.map_err(|error: axum::extract::multipart::MultipartRejection| {
                Problem::BadRequest(error.status())
            })?;
        let (mut pairs, mut file) = (Vec::new(), String::new());
        while let Some(part) = parts.next_field().await.map_err(bad)? {
            let name = part.name().unwrap_or_default().to_owned();
            if name == "template_file" {
                let bytes = part.bytes().await.map_err(bad)?;
                file = String::from_utf8(bytes.to_vec()).map_err(|_| {
                    Problem::invalid(
                        "template_file",
                        "模板文件不是 UTF-8 文本，请另存为 UTF-8 编码后再上传。",
                    )
                })?;
            } else {
                pairs.push((name, part.text().await.map_err(bad)?));
            }
        }
        if !file.trim().is_empty() {
            pairs.retain(|(name, _)| name != "template_text");
            pairs.push(("template_text".to_owned(), file.trim_start_matches('\u{feff}').to_owned()));
        }
        Ok(Self(Fields::new(pairs)))
    }
}

/// The input of the form. The template's text keeps its spaces.
fn input_of(fields: &Fields) -> Result<CampaignInput, Problem> {
    let pairs = CampaignInput::FIELDS
        .iter()
        .map(|field| (field.name.to_owned(), serde_json::Value::from(fields.text(field.name))))
        .collect();
    serde_json::from_value(serde_json::Value::Object(pairs)).map_err(Problem::fault)
}

async fn new(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    // A follow-up begins with the template of what it follows.
    let follows = query.filled("follows").map(|id| ("follows".to_owned(), id.to_owned()));
    let template = follows.iter().map(|_| ("template".to_owned(), String::new()));
    let fields = Fields::new(follows.iter().cloned().chain(template).collect());
    show_new(&web, ctx, &page, &fields, None).await
}

async fn show_new(
    web: &WebState,
    ctx: Context,
    page: &Page,
    fields: &Fields,
    again: Option<Again>,
) -> Result<Response, Problem> {
    let today = ctx.today();
    let (offices, campaigns) =
        web.run(move |app| Ok((app.campaign_offices(&ctx)?, app.campaigns(&ctx)?))).await?;
    let earlier: Vec<Choice> =
        campaigns.iter().map(|head| Choice::new(head.id.to_string(), head.name.clone())).collect();
    if offices.is_empty() {
        return Err(Problem::Forbidden);
    }
    let errors = again.as_ref().map(|again| again.errors.clone()).unwrap_or_default();
    let form = PostForm::new(CAMPAIGNS_PATH, page.csrf()?).uploads().warn_unsaved().errors(&errors).body(html! {
        (card("是什么行动", html! {
            (ui::text("name", "名称").required().max_chars(NAME_CHARS_MAX).hint("与文件上的名称一致，例如“2026年度审计整改”。").refill(fields).errors(&errors))
            (ui::text("code", "代码").required().narrow().max_chars(CODE_CHARS_MAX).hint("简短、不重复，例如 sjzg-2026；建立之后不再改。").refill(fields).errors(&errors))
            (office_field(&offices).refill(fields).errors(&errors))
            (dates(today.to_string(), String::new(), fields, &errors))
        }))
        (authority(None, fields, &errors))
        @if !earlier.is_empty() {
            (card("承接", html! {
                (ui::select("follows", "承接哪项行动", earlier).prompt("不承接").hint("例如第二批承接第一批：原行动结束、本行动启动以后，一次接过没有销号的问题和它们的全部经过。不选模板时沿用原行动的模板。").refill(fields).errors(&errors))
            }))
        }
        (template_choice(fields, &errors))
        div .actions { (button("建立").primary()) (button_link("取消", CAMPAIGNS_PATH)) }
        p .text-muted { "建立之后处于“筹备中”，启动以后才能登记问题。" }
    });
    let body = html! {
        (ui::heading("建立专项行动", Some("不确定的可以先空着，启动之前补齐。"), html! {}))
        (form)
    };
    let frame = page.frame("建立专项行动").crumb("专项行动", CAMPAIGNS_PATH);
    Ok(match again {
        Some(again) => page.show_again(frame, body, &again),
        None => page.show(frame, body),
    })
}

fn office_field(offices: &[Office]) -> ui::Field {
    let options: Vec<Choice> = offices
        .iter()
        .map(|office| {
            let group = if office.is_root { "您负责的范围" } else { "其中的下级单位" };
            Choice::new(office.id.to_string(), format!("{}（{}）", office.name, office.level.label()))
                .group(group)
        })
        .collect();
    let field = ui::select("office_unit", "专班所在单位", options)
        .required()
        .hint("行动覆盖这个单位和它的全部下级单位；选专班的，覆盖专班所属的单位。建立之后不再改。");
    match offices {
        [only] => field.value(only.id.to_string()),
        _ => field.prompt("请选择"),
    }
}

fn dates(starts: String, ends: String, fields: &Fields, errors: &FieldErrors) -> Markup {
    html! {
        div .field-row {
            (ui::date("starts_day", "开始日期").required().hint("与方案一致。").value(starts).refill(fields).errors(errors))
            (ui::date("ends_day", "结束日期").hint("没有定的可以不填。").value(ends).refill(fields).errors(errors))
        }
    }
}

fn authority(campaign: Option<&Campaign>, fields: &Fields, errors: &FieldErrors) -> Markup {
    let of = |text: fn(&Campaign) -> &str| campaign.map(text).unwrap_or_default().to_owned();
    let bases = AuthorityBasis::ALL.iter().map(|basis| Choice::new(basis.code(), basis.label())).collect();
    let basis = campaign.map_or(AuthorityBasis::Decision, |campaign| campaign.basis);
    card("谁决定的，依据什么", html! {
        p .text-muted { "《政府督查工作条例》第八条、第十一条、第十五条：督查事项由决定或者批准确定，写明内容、对象和范围，不得擅自扩大。缺一项不能启动。" }
        (ui::radios("basis", "立项依据", bases).required().value(basis.code()).refill(fields).errors(errors))
        (ui::text("authority", "谁决定的").max_chars(AUTHORITY_CHARS_MAX).hint("机关或负责人，会议或批示的日期，例如“县委常委会2026年2月20日会议决定”。").value(of(|c| &c.authority)).refill(fields).errors(errors))
        (ui::text("document", "依据文件").max_chars(AUTHORITY_CHARS_MAX).hint("名称和文号，例如“《某某工作方案》（某办发〔2026〕3号）”。").value(of(|c| &c.document)).refill(fields).errors(errors))
        (ui::area("scope", "内容、对象和范围", 4).max_chars(SCOPE_CHARS_MAX).hint("查什么、涉及哪些单位、哪段时间的事。").value(of(|c| &c.scope)).refill(fields).errors(errors))
    })
    .render()
}

fn template_choice(fields: &Fields, errors: &FieldErrors) -> Markup {
    let mut options: Vec<Choice> = built_in()
        .iter()
        .map(|template| Choice::new(&template.code, &template.name).hint(&template.summary))
        .collect();
    options.push(Choice::new("", "先不选").hint("建立之后再写模板。"));
    let first = built_in().first().map(|template| template.code.clone()).unwrap_or_default();
    let own = fields.filled("template_text").is_some()
        || errors.of("template_text").is_some()
        || errors.of("template_file").is_some();
    card("从哪个模板开始", html! {
        p .text-muted { "模板会复制一份给这项行动，之后改的是自己的这一份。" }
        (ui::radios("template", "现成的模板", options).value(first).refill(fields).errors(errors))
        details .more open[own] {
            summary { "用自己的模板" }
            (ui::file("template_file", "上传模板文件", ".toml,text/plain").hint("UTF-8 编码的 TOML 文件；上传了就以文件为准。").errors(errors))
            (ui::area("template_text", "或者粘贴模板文本", 12).hint("填了就不用上面选的模板。").refill(fields).errors(errors))
        }
    })
    .render()
}

async fn create(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    FormWithTemplate(fields): FormWithTemplate,
) -> Result<Response, Problem> {
    let (who, input) = (ctx.clone(), input_of(&fields)?);
    match web.run(move |app| app.create_campaign(&who, input)).await {
        Ok(done) => Ok(page.go(address(done.campaign.id), "专项行动已建立，启动以后才能登记问题。")),
        Err(problem) => show_new(&web, ctx, &page, &fields, Some(Again::of(problem)?)).await,
    }
}

async fn edit(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    show_edit(&web, ctx, &page, CampaignId(id), &Fields::default(), None).await
}

async fn show_edit(
    web: &WebState,
    ctx: Context,
    page: &Page,
    id: CampaignId,
    fields: &Fields,
    again: Option<Again>,
) -> Result<Response, Problem> {
    let view = web.run(move |app| app.campaign_view(&ctx, id)).await?;
    if !view.may_run {
        return Err(Problem::Forbidden);
    }
    let campaign = &view.campaign;
    let errors = again.as_ref().map(|again| again.errors.clone()).unwrap_or_default();
    let body = html! {
        (ui::heading("修改专项行动", Some(&campaign.name), html! {}))
        (edit_form(campaign, page.csrf()?, fields, &errors))
    };
    let frame = page.frame("修改").crumb("专项行动", CAMPAIGNS_PATH).crumb(&campaign.name, address(id));
    Ok(match again {
        Some(again) => page.show_again(frame, body, &again),
        None => page.show(frame, body),
    })
}

fn edit_form(campaign: &Campaign, csrf: &CsrfToken, fields: &Fields, errors: &FieldErrors) -> Markup {
    let here = address(campaign.id);
    let running = campaign.state == CampaignState::Running;
    let ends = campaign.ends_day.map(|day| day.to_string()).unwrap_or_default();
    let form = PostForm::new(format!("{here}/edit"), csrf)
        .hidden("version", campaign.version.to_string())
        .warn_unsaved()
        .errors(errors)
        .body(html! {
            (card("是什么行动", html! {
                (ui::text("name", "名称").required().max_chars(NAME_CHARS_MAX).value(&campaign.name).refill(fields).errors(errors))
                (dates(campaign.starts_day.to_string(), ends, fields, errors))
            }))
            (authority(Some(campaign), fields, errors))
            @if running {
                (card("为什么修改", html! {
                    (ui::area("reason", "理由", 2).required().max_chars(REASON_CHARS_MAX).hint("行动已经开始，修改的理由会写入记录。").refill(fields).errors(errors))
                }))
            }
            div .actions { (button("保存").primary()) (button_link("取消", here)) }
        });
    html! { (form) }
}

async fn amend(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let id = CampaignId(id);
    let (who, input, version) = (ctx.clone(), input_of(&fields)?, fields.number("version"));
    match web.run(move |app| app.amend_campaign(&who, id, version, input)).await {
        Ok(_) => Ok(page.go(address(id), "已保存修改。")),
        Err(problem) => show_edit(&web, ctx, &page, id, &fields, Some(Again::of(problem)?)).await,
    }
}

/// The text of a field as it was sent: a template may begin or end with blank lines that count.
pub(super) fn untrimmed(fields: &Fields, name: &str) -> String {
    fields.pairs().find(|(have, _)| *have == name).map(|(_, value)| value.to_owned()).unwrap_or_default()
}

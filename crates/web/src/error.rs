//! What is said when a request cannot be answered. One table serves the page and the JSON, so that both say the same.

use std::{error::Error, sync::Arc};

use axum::{
    Json,
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_TYPE, LOCATION, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};
use maud::{Markup, html};
use serde::Serialize;

use crate::{
    counter::Bar,
    ui::{self, Href},
};

/// Why a request was not answered. Handlers return it; [`crate::shell`] turns it into a page or into JSON.
#[derive(Debug, Clone)]
pub enum Problem {
    /// There is no such thing, or the person may not know that there is.
    NotFound,
    /// The rules say no. The code is stable for programs, the sentence and the hint are for people.
    Refused { code: &'static str, sentence: String, hint: Option<String>, field: Option<String> },
    /// Fields that must be corrected, each with a sentence that names the field and the fix.
    Invalid { fields: Vec<(String, String)> },
    /// The person is known, may know that this exists, and lacks the power.
    Forbidden,
    /// An administrator came in a way or from a place that the settings do not allow.
    Barred(Bar),
    /// Somebody else changed the same thing in the meantime.
    Conflict,
    /// Too many tries in a short time.
    TooMany { retry_after_seconds: u64 },
    /// The request body is larger than the route accepts.
    TooLarge { limit_bytes: usize },
    /// Nobody has signed in, or the session is over. Pages lead to the sign-in page and from there back to `next`.
    SignIn { next: Option<String> },
    /// Something else must be done first, such as changing a one-time password; pages lead there.
    First { to: &'static str, what: &'static str },
    /// The form carries no valid token, or the request came from another site.
    Stale,
    /// The handler took longer than its time limit.
    Slow,
    /// The request could not be understood; the status is what the framework said.
    BadRequest(StatusCode),
    /// Something broke. The cause goes to the log and never to the page.
    Fault { cause: Arc<dyn Error + Send + Sync> },
}

/// One row of the table.
#[derive(Debug)]
pub struct Said<'a> {
    pub status: StatusCode,
    /// Stable, in snake case.
    pub code: &'a str,
    pub title: &'a str,
    pub sentence: String,
    pub hint: Option<&'a str>,
    /// Field names with their sentences.
    pub fields: Vec<(&'a str, &'a str)>,
}

impl Problem {
    /// Something broke; the cause is logged once, with the request id, where the answer is made.
    pub fn fault(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Fault { cause: Arc::from(cause.into()) }
    }

    /// One field that must be corrected.
    pub fn invalid(field: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self::Invalid { fields: vec![(field.into(), sentence.into())] }
    }

    /// The row of the table for this problem.
    #[expect(clippy::too_many_lines, reason = "one table, read from top to bottom")]
    pub fn said(&self) -> Said<'_> {
        let row = |status, code, title, sentence: &str, hint| Said {
            status,
            code,
            title,
            sentence: sentence.to_owned(),
            hint: Some(hint),
            fields: Vec::new(),
        };
        match self {
            Self::NotFound => row(
                StatusCode::NOT_FOUND,
                "not_found",
                "没有找到",
                "您要找的内容不存在，或者不在您可以查看的范围内。",
                "请核对网址；如果是别人发来的链接，请向对方确认您是否有权查看。",
            ),
            Self::Refused { code: "not_allowed", sentence, hint, .. } => Said {
                hint: hint.as_deref(),
                ..row(StatusCode::FORBIDDEN, "not_allowed", "没有权限", sentence, "")
            },
            Self::Refused { code, sentence, hint, field } => Said {
                fields: field.iter().map(|field| (field.as_str(), sentence.as_str())).collect(),
                hint: hint.as_deref(),
                ..row(StatusCode::UNPROCESSABLE_ENTITY, code, "现在不能这样办理", sentence, "")
            },
            Self::Invalid { fields } => Said {
                fields: fields.iter().map(|(name, sentence)| (name.as_str(), sentence.as_str())).collect(),
                ..row(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "invalid",
                    "有内容需要修改",
                    "提交的内容没有保存。",
                    "请返回上一页，按下面的提示修改后再提交。",
                )
            },
            Self::Forbidden => row(
                StatusCode::FORBIDDEN,
                "forbidden",
                "没有权限",
                "您的岗位没有办理这件事的权限。",
                "如果工作需要，请联系本单位的安全管理员。",
            ),
            Self::Conflict => row(
                StatusCode::CONFLICT,
                "conflict",
                "内容已被他人更新",
                "您打开页面之后，别人修改了同一内容，您的修改没有保存。",
                "请返回上一页刷新，看过最新内容后再修改。",
            ),
            Self::TooMany { retry_after_seconds } => Said {
                sentence: format!(
                    "短时间内尝试次数过多，请在 {} 后再试。",
                    ui::duration(*retry_after_seconds)
                ),
                ..row(
                    StatusCode::TOO_MANY_REQUESTS,
                    "too_many",
                    "请稍后再试",
                    "",
                    "这样做是为了防止他人猜测密码。",
                )
            },
            Self::TooLarge { limit_bytes } => Said {
                sentence: format!(
                    "提交的内容超过了 {} 的上限，没有保存。",
                    ui::file_size(*limit_bytes as u64)
                ),
                ..row(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "too_large",
                    "内容太大",
                    "",
                    "请缩短文字、压缩图片，或者把文件分几次上传。",
                )
            },
            _ => self.said_of_the_connection(row),
        }
    }

    /// The rows about the session, the request and the program itself.
    fn said_of_the_connection<'a>(
        &self,
        row: impl Fn(StatusCode, &'a str, &'a str, &str, &'a str) -> Said<'a>,
    ) -> Said<'a> {
        match self {
            Self::SignIn { .. } => row(
                StatusCode::UNAUTHORIZED,
                "sign_in",
                "请先登录",
                "您还没有登录，或者登录已经结束。",
                "请登录后再试。",
            ),
            Self::First { what, .. } => {
                row(StatusCode::FORBIDDEN, "first", "请先完成一件事", what, "完成之后即可继续使用。")
            }
            Self::Barred(Bar::PlainHttp) => row(
                StatusCode::FORBIDDEN,
                "plain_http",
                "请用加密连接",
                "管理员须通过加密连接（https）访问，或者在服务器本机操作。",
                "请改用 https 开头的网址；如果已经使用，请系统管理员核对反向代理和 trusted_proxies 的设置。",
            ),
            Self::Barred(Bar::Address) => row(
                StatusCode::FORBIDDEN,
                "address_not_listed",
                "不能从这里访问",
                "管理员只能从规定的地址访问，您现在的地址不在其中。",
                "请到规定的电脑上操作；地址范围由运行维护人员在 admin_networks 中设置。",
            ),
            Self::Stale => row(
                StatusCode::FORBIDDEN,
                "stale",
                "页面已过期",
                "这个页面打开得太久，或者请求不是从本系统的页面发出的，内容没有提交。",
                "请返回上一页，复制好已填写的内容，刷新页面后再提交。",
            ),
            Self::Slow => row(
                StatusCode::SERVICE_UNAVAILABLE,
                "slow",
                "办理时间过长",
                "系统没有在规定时间内办完，这次操作可能没有完成。",
                "请先查看结果，再决定是否重新提交。",
            ),
            Self::BadRequest(status) => row(
                *status,
                "bad_request",
                "请求无法识别",
                "系统看不懂这个请求，没有保存任何内容。",
                "请从系统的页面重新操作；程序调用请核对接口说明。",
            ),
            _ => row(
                StatusCode::INTERNAL_SERVER_ERROR,
                "fault",
                "系统出了问题",
                "这不是您的操作造成的，刚才的操作可能没有完成。",
                "请先查看内容是否已经保存，再决定是否重试；如果还不行，请把下面的请求编号告诉系统管理员。",
            ),
        }
    }

    /// The row for a request that only reads: nothing was to be saved, so saving is not spoken of, but what can be done
    /// to see what was looked for.
    pub fn said_of_reading(&self) -> Said<'_> {
        let said = self.said();
        let (title, sentence, hint) = match self {
            Self::Invalid { .. } => (
                "查询条件需要修改",
                "网址或查询条件里有不能识别的内容，没有查出结果。".to_owned(),
                "请按下面的提示改正条件后再查，或者从系统的页面重新打开。",
            ),
            Self::Refused { code, sentence, hint, .. } if *code != "not_allowed" => {
                ("现在不能查看", sentence.clone(), hint.as_deref().unwrap_or_default())
            }
            Self::Forbidden => (
                said.title,
                "您的岗位没有查看这一页的权限。".to_owned(),
                "如果工作需要，请联系本单位的安全管理员。",
            ),
            Self::Conflict => {
                ("内容刚刚更新", "您查看的内容刚刚被更新。".to_owned(), "请刷新页面，查看最新内容。")
            }
            Self::TooLarge { limit_bytes } => (
                said.title,
                format!("请求的内容超过了 {} 的上限。", ui::file_size(*limit_bytes as u64)),
                "请缩短查询条件后再查。",
            ),
            Self::Slow => (
                "查询时间过长",
                "系统没有在规定时间内查完。".to_owned(),
                "请缩小单位、期间等范围后再查；如果还不行，请把下面的请求编号告诉系统管理员。",
            ),
            Self::BadRequest(_) => (
                said.title,
                "系统看不懂这个网址或其中的条件。".to_owned(),
                "请核对网址，或者从系统的页面重新打开；程序调用请核对接口说明。",
            ),
            Self::Fault { .. } => (
                said.title,
                "这不是您的操作造成的，这一页暂时读不出来。".to_owned(),
                "请稍后刷新；如果还不行，请把下面的请求编号告诉系统管理员。",
            ),
            _ => return said,
        };
        Said { title, sentence, hint: Some(hint).filter(|hint| !hint.is_empty()), ..said }
    }

    /// The row for a request that reads, or for one that changes.
    pub fn said_when(&self, reading: bool) -> Said<'_> {
        if reading { self.said_of_reading() } else { self.said() }
    }

    /// The body of the error page; `reading` when the request was only to read.
    pub fn to_markup(&self, request_id: &str, reading: bool) -> Markup {
        let said = self.said_when(reading);
        html! {
            section .problem aria-labelledby="problem-title" {
                p .problem-code { (said.status.as_u16()) }
                h1 #problem-title { (said.title) }
                p .lead { (said.sentence) }
                @if !said.fields.is_empty() && !matches!(self, Self::Refused { .. }) {
                    ul { @for (_, sentence) in &said.fields { li { (sentence) } } }
                }
                @if let Some(hint) = said.hint { p { (hint) } }
                p .actions {
                    @if let Self::SignIn { next } = self {
                        (ui::button_link("登录", sign_in_address(next.as_deref())).primary())
                    }
                    (ui::button_link("回到首页", "/"))
                }
                p .text-muted { "请求编号：" span .mono { (request_id) } }
            }
        }
    }

    /// The JSON answer, after RFC 9457; `reading` when the request was only to read.
    pub fn to_json(&self, request_id: &str, reading: bool) -> Response {
        let said = self.said_when(reading);
        let body = ProblemJson {
            title: said.title,
            status: said.status.as_u16(),
            code: said.code,
            detail: &said.sentence,
            hint: said.hint,
            errors: said.fields.iter().map(|(field, detail)| FieldJson { field, detail }).collect(),
            request_id,
        };
        let mut response = (said.status, Json(body)).into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        self.add_headers(&mut response);
        response
    }

    /// The headers that belong to a problem in any form.
    pub fn add_headers(&self, response: &mut Response) {
        if let Self::TooMany { retry_after_seconds } = self {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(*retry_after_seconds));
        }
    }

    /// Where a browser is led instead of seeing an error page, if anywhere.
    pub fn redirect(&self) -> Option<Response> {
        let address = match self {
            Self::SignIn { next: Some(next) } => sign_in_address(Some(next)),
            Self::First { to, .. } => (*to).to_owned(),
            _ => return None,
        };
        let location = HeaderValue::from_str(&address).ok()?;
        Some((StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response())
    }
}

/// Where people sign in.
pub const SIGN_IN_PATH: &str = "/sign-in";

fn sign_in_address(next: Option<&str>) -> String {
    Href::new(SIGN_IN_PATH).with_some("next", next).to_string()
}

#[derive(Debug, Serialize)]
struct ProblemJson<'a> {
    title: &'a str,
    status: u16,
    code: &'a str,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldJson<'a>>,
    request_id: &'a str,
}

#[derive(Debug, Serialize)]
struct FieldJson<'a> {
    field: &'a str,
    detail: &'a str,
}

/// What a use case answers, as pages and programs are told.
impl From<bihuan_app::Error> for Problem {
    fn from(error: bihuan_app::Error) -> Self {
        match error {
            bihuan_app::Error::Refused(refusal) => Self::Refused {
                code: refusal.code,
                sentence: refusal.sentence,
                hint: Some(refusal.hint).filter(|hint| !hint.is_empty()),
                field: refusal.field.map(str::to_owned),
            },
            bihuan_app::Error::Invalid(fields) => Self::Invalid { fields },
            bihuan_app::Error::NotFound => Self::NotFound,
            bihuan_app::Error::Conflict(_) => Self::Conflict,
            bihuan_app::Error::Fault(fault) => Self::fault(fault),
        }
    }
}

impl IntoResponse for Problem {
    /// A response that only carries the problem: [`crate::shell`] knows the request and chooses page or JSON.
    fn into_response(self) -> Response {
        let mut response = self.said().status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

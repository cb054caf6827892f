//! What a use case answers when it does not do what was asked.

use bihuan_domain::Refusal;
use bihuan_domain::calendar::CalendarError;
use bihuan_store::Fault;

/// Why a use case did not do what was asked. Mapped once to pages, JSON and exit codes.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule says no.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// Inputs are wrong: field name and Chinese sentence of each.
    #[error("{}", .0.iter().map(|(_, sentence)| sentence.as_str()).collect::<Vec<_>>().join(""))]
    Invalid(Vec<(String, String)>),
    /// There is no such thing, or the actor may not know of it.
    #[error("没有找到，或者您没有查看权限。")]
    NotFound,
    /// Somebody changed it since the form was opened.
    #[error("{0}")]
    Conflict(String),
    /// Something broke.
    #[error("系统故障：{0}")]
    Fault(#[source] Fault),
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Error::Fault(fault)
    }
}

impl From<CalendarError> for Error {
    fn from(error: CalendarError) -> Self {
        Error::Refused(Refusal::new(
            error.code(),
            error.to_string(),
            "请系统管理员在“日历”中补充该年度放假安排。",
        ))
    }
}

impl Error {
    /// One wrong input.
    pub fn invalid(field: impl Into<String>, sentence: impl Into<String>) -> Error {
        Error::Invalid(vec![(field.into(), sentence.into())])
    }

    /// The form is older than the record.
    pub fn stale() -> Error {
        Error::Conflict(
            "在您打开页面之后，别人已经更新了这条记录。请核对最新内容后重新提交，您填写的内容仍在页面上。"
                .to_owned(),
        )
    }

    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Refused(refusal) => refusal.code,
            Error::Invalid(_) => "invalid_input",
            Error::NotFound => "not_found",
            Error::Conflict(_) => "conflict",
            Error::Fault(_) => "fault",
        }
    }
}

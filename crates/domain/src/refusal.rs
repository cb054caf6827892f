//! The rules say no: a stable code, a Chinese sentence that names the matter, and what to do next.

use serde::Serialize;

/// A refusal by a rule. Not a fault: nothing is broken, nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{sentence}")]
pub struct Refusal {
    /// Stable `snake_case` code, for programs.
    pub code: &'static str,
    /// What the rule says, in one Chinese sentence.
    pub sentence: String,
    /// What to do next; empty where the sentence says it all.
    pub hint: String,
    /// The input the refusal is about (form field name), where there is one.
    pub field: Option<&'static str>,
}

impl Refusal {
    /// A refusal without a field.
    pub fn new(code: &'static str, sentence: impl Into<String>, hint: impl Into<String>) -> Self {
        Refusal { code, sentence: sentence.into(), hint: hint.into(), field: None }
    }

    /// A refusal of one input.
    pub fn of_field(
        field: &'static str,
        code: &'static str,
        sentence: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Refusal { code, sentence: sentence.into(), hint: hint.into(), field: Some(field) }
    }

    /// The actor holds no role that allows the step.
    pub fn not_allowed(step: &str, needed: &str) -> Self {
        Refusal::new(
            "not_allowed",
            format!("您没有“{step}”的权限。"),
            format!("需要{needed}；请联系本单位管理人员。"),
        )
    }
}

/// Refuses an empty or overlong text; answers with the trimmed text.
///
/// # Errors
/// `text_missing` or `text_too_long`, both naming `field` by its Chinese `label`.
pub fn require_text(
    field: &'static str,
    label: &str,
    text: &str,
    max_chars: usize,
) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::of_field(
            field,
            "text_missing",
            format!("“{label}”没有填写。"),
            format!("请填写{label}。"),
        ));
    }
    limit_text(field, label, text, max_chars)
}

/// Refuses an overlong text; answers with the trimmed text, which may be empty.
///
/// # Errors
/// `text_too_long`, naming `field` by its Chinese `label`.
pub fn limit_text(field: &'static str, label: &str, text: &str, max_chars: usize) -> Result<String, Refusal> {
    let text = text.trim();
    let chars = text.chars().count();
    if chars > max_chars {
        return Err(Refusal::of_field(
            field,
            "text_too_long",
            format!("“{label}”有{chars}个字，最多{max_chars}个字。"),
            "请精简，详细情况可作为佐证材料上传。",
        ));
    }
    Ok(text.to_owned())
}

//! What people and programs send in: one struct a step, the same for the form and for JSON.
//!
//! Every field is text (or a list of texts), because a form knows nothing else; JSON may also give numbers, `true`,
//! `null`, or one value where a list is meant. The field names are the names in the form and in every error.

use crate::Error;
use bihuan_domain::{Coded, Day};
use serde::{Deserialize, Deserializer};

/// One field of an input, for forms and for the description of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InputField {
    /// Name in forms and JSON.
    pub name: &'static str,
    /// What it is, in Chinese.
    pub label: &'static str,
    /// Takes several values.
    pub many: bool,
}

/// A struct of inputs.
pub trait Input: serde::Serialize + serde::de::DeserializeOwned {
    /// Its fields, in the order of the form.
    const FIELDS: &'static [InputField];
}

/// Declares an input: `name: one "中文"` for a text, `name: many "中文"` for a list.
macro_rules! inputs {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $kind:ident $label:literal),* $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        pub struct $name {
            $(
                #[doc = $label]
                #[serde(deserialize_with = "crate::input::lenient")]
                pub $field: $crate::input::inputs!(@type $kind),
            )*
        }

        impl $crate::input::Input for $name {
            const FIELDS: &'static [$crate::input::InputField] = &[$(
                $crate::input::InputField {
                    name: stringify!($field),
                    label: $label,
                    many: $crate::input::inputs!(@many $kind),
                },
            )*];
        }
    )+};
    (@type one) => { String };
    (@type many) => { Vec<String> };
    (@many one) => { false };
    (@many many) => { true };
}
pub(crate) use inputs;

/// What JSON may give for a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Scalar {
    Text(String),
    Number(serde_json::Number),
    Flag(bool),
    Nothing(()),
}

impl Scalar {
    fn into_text(self) -> String {
        match self {
            Scalar::Text(text) => text,
            Scalar::Number(number) => number.to_string(),
            Scalar::Flag(flag) => if flag { "1" } else { "" }.to_owned(),
            Scalar::Nothing(()) => String::new(),
        }
    }
}

/// A field that reads whatever a form or a program may send for it.
pub(crate) trait Lenient: Sized {
    /// Reads it.
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error>;
}

impl Lenient for String {
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
        Scalar::deserialize(from).map(Scalar::into_text)
    }
}

/// One text may stand for a list; empty ones are left out.
impl Lenient for Vec<String> {
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum OneOrMany {
            Many(Vec<Scalar>),
            One(Scalar),
        }
        let texts: Vec<String> = match OneOrMany::deserialize(from)? {
            OneOrMany::Many(all) => all.into_iter().map(Scalar::into_text).collect(),
            OneOrMany::One(one) => vec![one.into_text()],
        };
        Ok(texts.into_iter().filter(|text| !text.trim().is_empty()).collect())
    }
}

/// Reads a field.
pub(crate) fn lenient<'de, D: Deserializer<'de>, T: Lenient>(from: D) -> Result<T, D::Error> {
    T::read(from)
}

/// A day, or nothing where the text is empty.
///
/// # Errors
/// `Invalid`, naming the field.
pub fn day(field: &str, label: &str, text: &str) -> Result<Option<Day>, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    Day::parse(text)
        .map(Some)
        .map_err(|_| Error::invalid(field, format!("“{label}”不是有效日期，请按 2024-06-30 的格式填写。")))
}

/// A day that must be there.
///
/// # Errors
/// `Invalid`, naming the field.
pub fn required_day(field: &str, label: &str, text: &str) -> Result<Day, Error> {
    day(field, label, text)?.ok_or_else(|| Error::invalid(field, format!("“{label}”没有填写，请选择日期。")))
}

/// A value of a closed list.
///
/// # Errors
/// `Invalid`, naming the field.
pub fn coded<T: Coded>(field: &str, label: &str, text: &str) -> Result<T, Error> {
    T::from_code(text.trim()).ok_or_else(|| Error::invalid(field, format!("请选择“{label}”。")))
}

/// A whole number, or nothing where the text is empty.
///
/// # Errors
/// `Invalid`, naming the field.
pub fn number(field: &str, label: &str, text: &str) -> Result<Option<i64>, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| Error::invalid(field, format!("“{label}”应为数字。")))
}

/// A ticked box or `true`.
pub fn flag(text: &str) -> bool {
    matches!(text.trim(), "1" | "true" | "on" | "yes")
}

#[cfg(test)]
mod tests {
    inputs! {
        /// For the test.
        Sample { name: one "名称", units: many "单位" }
    }

    #[test]
    fn json_may_give_numbers_null_and_single_values() {
        let read = |json: &str| serde_json::from_str::<Sample>(json).unwrap();
        assert_eq!(read("{}"), Sample::default());
        assert_eq!(
            read(r#"{"name":12,"units":"甲"}"#),
            Sample { name: "12".into(), units: vec!["甲".into()] }
        );
        assert_eq!(
            read(r#"{"name":null,"units":[3,"",null]}"#),
            Sample { name: "".into(), units: vec!["3".into()] }
        );
    }
}

//! Closed lists of the field: every value has a stable code for databases and programs and a Chinese label.

/// A closed list whose values have codes and labels.
pub trait Coded: Copy + Sized + 'static {
    /// Every value, in the order pages show them.
    const ALL: &'static [Self];
    /// What the list is called, for error messages.
    const NAME: &'static str;

    /// Stable `snake_case` code.
    fn code(self) -> &'static str;

    /// The name pages show.
    fn label(self) -> &'static str;

    /// The value of a code.
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.code() == code)
    }
}

/// Declares a closed list: `Variant = "code", "中文";`, the doc comment of a variant saying more where needed.
#[macro_export]
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident ($title:literal) {
        $($(#[$variant_doc:meta])* $variant:ident = $code:literal, $label:literal;)+
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = $label] $(#[$variant_doc])* $variant,)+
        }

        impl $crate::coded::Coded for $name {
            const ALL: &'static [Self] = &[$(Self::$variant,)+];
            const NAME: &'static str = $title;
            fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }
            fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str($crate::coded::Coded::code(*self))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let code = <String as serde::Deserialize>::deserialize(from)?;
                <Self as $crate::coded::Coded>::from_code(&code)
                    .ok_or_else(|| serde::de::Error::custom(format!("{}没有“{code}”这一项", $title)))
            }
        }
    };
}

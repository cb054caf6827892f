//! The templates that come with the program. They are the files of `templates/`, checked when the program is tested.

use bihuan_domain::template::Template;
use serde::Serialize;
use std::sync::LazyLock;

/// A template that comes with the program.
#[derive(Clone, Debug, Serialize)]
pub struct BuiltIn {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub summary: String,
    /// The file.
    pub text: &'static str,
}

const TEXTS: [&str; 4] = [
    include_str!("../../../../templates/themed-education.toml"),
    include_str!("../../../../templates/audit-rectification.toml"),
    include_str!("../../../../templates/work-safety.toml"),
    include_str!("../../../../templates/environment-inspection.toml"),
];

static BUILT_IN: LazyLock<Vec<BuiltIn>> = LazyLock::new(|| {
    // A test parses each of them, so that none is left out here.
    let read = |text: &'static str| {
        let Template { code, name, summary, .. } = Template::parse(text).ok()?;
        Some(BuiltIn { code, name, summary, text })
    };
    TEXTS.iter().copied().filter_map(read).collect()
});

/// The templates that come with the program.
pub fn built_in() -> &'static [BuiltIn] {
    &BUILT_IN
}

/// One of them by its code.
pub fn built_in_of(code: &str) -> Option<&'static BuiltIn> {
    BUILT_IN.iter().find(|template| template.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_of_the_house_parses() {
        for text in TEXTS {
            if let Err(faults) = Template::parse(text) {
                panic!("{}: {faults:?}", text.lines().nth(4).unwrap_or_default());
            }
        }
        assert_eq!(built_in().len(), TEXTS.len());
        assert!(built_in_of("work-safety").is_some() && built_in_of("nothing").is_none());
    }
}

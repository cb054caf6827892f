//! Addresses with a query, encoded.

use std::fmt;

use maud::Render;

/// A path with its query. Values are percent-encoded; names and values keep their order.
///
/// ```
/// # use bihuan_web::ui::Href;
/// let href = Href::new("/ledger").with("state", "整改中").with("page", "2");
/// assert_eq!(href.with("page", "3").to_string(), "/ledger?state=%E6%95%B4%E6%94%B9%E4%B8%AD&page=3");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Href {
    path: String,
    pairs: Vec<(String, String)>,
}

impl Href {
    pub fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), pairs: Vec::new() }
    }

    /// Sets a value; an earlier value of the same name is replaced in its place.
    #[must_use]
    pub fn with(&self, name: &str, value: impl fmt::Display) -> Self {
        let mut next = self.clone();
        let value = value.to_string();
        match next.pairs.iter_mut().find(|(have, _)| have == name) {
            Some((_, old)) => *old = value,
            None => next.pairs.push((name.to_owned(), value)),
        }
        next
    }

    /// Sets a value if there is one, else leaves the address as it is.
    #[must_use]
    pub fn with_some(&self, name: &str, value: Option<impl fmt::Display>) -> Self {
        value.map_or_else(|| self.clone(), |value| self.with(name, value))
    }

    /// Adds a value beside earlier ones of the same name.
    #[must_use]
    pub fn and(&self, name: &str, value: impl fmt::Display) -> Self {
        let mut next = self.clone();
        next.pairs.push((name.to_owned(), value.to_string()));
        next
    }

    /// Takes all values of a name away.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        let mut next = self.clone();
        next.pairs.retain(|(have, _)| have != name);
        next
    }

    /// Takes one value away and leaves others of the same name.
    #[must_use]
    pub fn without_value(&self, name: &str, value: &str) -> Self {
        let mut next = self.clone();
        next.pairs.retain(|(have, had)| have != name || had != value);
        next
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }
}

impl fmt::Display for Href {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.path)?;
        for (index, (name, value)) in self.pairs.iter().enumerate() {
            formatter.write_str(if index == 0 { "?" } else { "&" })?;
            encode(formatter, name)?;
            formatter.write_str("=")?;
            encode(formatter, value)?;
        }
        Ok(())
    }
}

impl Render for Href {
    fn render_to(&self, buffer: &mut String) {
        self.to_string().render_to(buffer);
    }
}

impl From<Href> for String {
    fn from(href: Href) -> Self {
        href.to_string()
    }
}

/// Everything but the unreserved characters of RFC 3986.
fn encode(formatter: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            write!(formatter, "{}", char::from(byte))?;
        } else {
            write!(formatter, "%{byte:02X}")?;
        }
    }
    Ok(())
}

//! What came in with a form or a query, as names and values.

use std::convert::Infallible;

use axum::{
    Form, RequestExt as _,
    body::{Body, Bytes},
    extract::{FromRequest, FromRequestParts, Query, Request},
    http::{Method, Uri, header::CONTENT_TYPE, request::Parts},
};

use crate::error::Problem;

/// Name/value pairs of one form. More than this is not a form of ours.
pub const FIELD_COUNT_LIMIT: usize = 5_000;

/// The content type of an ordinary form.
pub const FORM_TYPE: &str = "application/x-www-form-urlencoded";

/// Submitted fields in their order. Values are trimmed when read, because a stray space is never meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The pairs after the `?` of an address. A query that cannot be read counts as empty.
    pub fn of_query(uri: &Uri) -> Self {
        Query::<Vec<(String, String)>>::try_from_uri(uri).map(|Query(pairs)| Self(pairs)).unwrap_or_default()
    }

    /// Reads an ordinary form body.
    pub async fn of_body(bytes: Bytes) -> Result<Self, Problem> {
        let mut request = Request::new(Body::from(bytes));
        *request.method_mut() = Method::POST;
        request.headers_mut().insert(CONTENT_TYPE, axum::http::HeaderValue::from_static(FORM_TYPE));
        let Form(pairs) = Form::<Vec<(String, String)>>::from_request(request, &())
            .await
            .map_err(|rejection| Problem::BadRequest(rejection.status()))?;
        if pairs.len() > FIELD_COUNT_LIMIT {
            return Err(Problem::TooLarge { limit_bytes: crate::route::BODY_LIMIT_BYTES });
        }
        Ok(Self(pairs))
    }

    /// The first value of the name, trimmed; empty if it is missing.
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(have, _)| have == name).map(|(_, value)| value.trim()).unwrap_or_default()
    }

    /// The first value of the name, trimmed; `None` if it is missing or empty.
    pub fn filled(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|value| !value.is_empty())
    }

    /// Whether the box of this name is ticked, or a field of this name was sent at all.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(have, _)| have == name)
    }

    /// All values of the name, trimmed.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(have, _)| have == name).map(|(_, value)| value.trim())
    }

    /// A number, or `None` if the field is missing, empty or not a number.
    pub fn number<N: std::str::FromStr>(&self, name: &str) -> Option<N> {
        self.filled(name)?.parse().ok()
    }

    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// The fields of an ordinary form, or of the query when there is no body.
impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Problem;

    async fn from_request(mut request: Request, _state: &S) -> Result<Self, Problem> {
        // The guard has read the form already to check its token.
        if let Some(fields) = request.extensions_mut().remove::<Self>() {
            return Ok(fields);
        }
        if request.method() == Method::GET || request.method() == Method::HEAD {
            return Ok(Self::of_query(request.uri()));
        }
        let limited = request.with_limited_body();
        let bytes = Bytes::from_request(limited, &())
            .await
            .map_err(|rejection| Problem::BadRequest(rejection.status()))?;
        Self::of_body(bytes).await
    }
}

/// The fields after the `?` of the address, also on a POST.
#[derive(Debug, Clone, Default)]
pub struct QueryFields(pub Fields);

impl<S: Send + Sync> FromRequestParts<S> for QueryFields {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(Fields::of_query(&parts.uri)))
    }
}

/// Sentences about fields that must be corrected, shown beside the field and in the summary above the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<(String, String)>);

impl FieldErrors {
    pub fn add(&mut self, field: impl Into<String>, sentence: impl Into<String>) {
        self.0.push((field.into(), sentence.into()));
    }

    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, sentence)| sentence.as_str())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(field, sentence)| (field.as_str(), sentence.as_str()))
    }

    /// `Ok` if there is nothing to correct.
    pub fn check(self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::Invalid { fields: self.0 }) }
    }
}

impl From<Vec<(String, String)>> for FieldErrors {
    fn from(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }
}

//! Campaign templates.

//! Spreadsheets and documents to plain tables and back; ledgers of any layout.
//!
//! Everything here is a pure function over bytes: no files, no clock, no network. The rooms:
//!
//! - [`sheet`] turns xlsx, csv and docx bytes into a plain [`sheet::Workbook`], under named limits;
//! - [`ledger`] finds the ledger inside a sheet, proposes a mapping and reads problems with their origins;
//! - [`mod@diff`] compares two readings of a ledger, for re-import;
//! - [`export`] gives a user's own layout back with only the changed cells replaced, or writes a plain ledger;
//! - [`paper`] writes official documents as docx and PDF, and fills a user's own docx;
//! - [`text`] gives the running text of txt, docx and pdf, and puts remarks into a docx as comments;
//! - [`upload`] decides by content whether a file may be kept, and removes places from photographs.

pub mod diff;
pub mod error;
pub mod export;
pub mod ledger;
pub mod limits;
pub mod paper;
pub mod sheet;
pub mod text;
pub mod upload;

pub use error::DocumentError;
pub use limits::Limits;

/// The result of every fallible function of this crate.
pub type Result<T> = std::result::Result<T, DocumentError>;

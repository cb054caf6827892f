//! Saved views: filters a person keeps under a name.

use super::LedgerQuery;
use crate::Error;
use crate::context::{App, Context};
use bihuan_domain::Refusal;
use bihuan_domain::refusal::require_text;
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::ledger as store;
use bihuan_store::records::SavedView;

/// Longest name of a view, in characters.
pub const VIEW_NAME_CHARS_MAX: usize = 30;

impl App {
    /// Keeps a filter under a name; the same name again replaces it.
    ///
    /// # Errors
    /// Text limits; `too_many_views`.
    pub fn save_view(&self, ctx: &Context, name: &str, query: &LedgerQuery) -> Result<SavedView, Error> {
        let name = require_text("view", "视图名称", name, VIEW_NAME_CHARS_MAX)?;
        let text = encode(query);
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let person = ctx.actor.person;
            let mine = store::saved_views(conn, person)?;
            let old = mine.iter().find(|view| view.name == name);
            if old.is_none() && mine.len() as i64 >= store::SAVED_VIEWS_MAX {
                return Err(Refusal::of_field(
                    "view",
                    "too_many_views",
                    format!("每人最多保存{}个视图。", store::SAVED_VIEWS_MAX),
                    "请先删除不用的视图。",
                )
                .into());
            }
            let (view, write) = match old {
                Some(old) => {
                    let view = SavedView { query: text, version: old.version + 1, ..old.clone() };
                    (view.clone(), Write::update(old, &view))
                }
                None => {
                    let id = journal::next_id(conn, "saved_view", 1)?;
                    let view = SavedView { id, person_id: person, name, query: text, version: 1 };
                    (view.clone(), Some(Write::insert(&view)))
                }
            };
            let entry = entry("ledger.view_saved", &view, write);
            journal::append(conn, &ctx.stamp(None), vec![entry])?;
            Ok(view)
        })
    }

    /// Forgets a view of one's own.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn drop_view(&self, ctx: &Context, id: i64) -> Result<(), Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let mine = store::saved_views(conn, ctx.actor.person)?;
            let view = mine.iter().find(|view| view.id == id).ok_or(Error::NotFound)?;
            let entry = entry("ledger.view_dropped", view, Some(Write::delete(view)));
            journal::append(conn, &ctx.stamp(None), vec![entry])?;
            Ok(())
        })
    }
}

fn entry(action: &str, view: &SavedView, write: Option<Write>) -> NewEntry {
    NewEntry {
        action: action.to_owned(),
        subject_kind: "saved_view",
        subject_id: view.id,
        writes: write.into_iter().collect(),
        ..NewEntry::default()
    }
}

/// The query as the text after `?`, percent-encoded.
fn encode(query: &LedgerQuery) -> String {
    let mut text = String::new();
    for (name, value) in query.first_page().pairs() {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(name);
        text.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
                text.push(char::from(byte));
            } else {
                text.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    text
}

//! A file between its upload and its confirmation: kept by digest, found again only by who uploaded it.

use super::{ImportOrder, Importer, UnitFile, read_table};
use crate::Error;
use crate::context::{App, Context};
use bihuan_store::journal::{self, EntryFilter, NewEntry, Write};

/// Action of the entry that keeps an uploaded file.
const KEPT: &str = "unit.file_kept";
/// Uploads of one person that are still found.
const KEPT_MAX: i64 = 50;

impl App {
    /// Keeps an uploaded file of units that can be read, when the actor may import there; answers with its digest.
    ///
    /// # Errors
    /// As `plan_units`, and `Invalid` when it is no table of units.
    pub fn keep_unit_file(
        &self,
        ctx: &Context,
        name: &str,
        bytes: Vec<u8>,
        order: &ImportOrder,
    ) -> Result<String, Error> {
        read_table(name, &bytes)?;
        let (ctx, name, order) = (ctx.clone(), name.to_owned(), order.clone());
        self.db.write(move |conn| {
            let target = Importer::Person(ctx.clone()).target(conn, &order)?;
            let digest = bihuan_documents::upload::digest(&bytes);
            let write = Write::File {
                digest: digest.clone(),
                media_type: "application/octet-stream".to_owned(),
                content: bytes,
            };
            let entry = NewEntry {
                action: KEPT.to_owned(),
                subject_kind: "unit",
                subject_id: target.as_ref().map_or(0, |unit| unit.id.0),
                unit: target.as_ref().map(|unit| unit.id),
                note: format!("上传单位文件“{name}”"),
                detail: serde_json::json!({ "digest": digest, "name": name }),
                writes: vec![write],
                ..NewEntry::default()
            };
            journal::append(conn, &ctx.stamp(target.as_ref()), vec![entry])?;
            Ok(digest)
        })
    }

    /// A file the actor uploaded before, with its name.
    ///
    /// # Errors
    /// `NotFound` for what somebody else uploaded.
    pub fn kept_unit_file(&self, ctx: &Context, digest: &str) -> Result<(String, UnitFile), Error> {
        let filter = EntryFilter {
            person: Some(ctx.actor.person),
            action_prefix: KEPT.to_owned(),
            ..EntryFilter::default()
        };
        let (name, bytes) = self.db.read(|conn| -> Result<_, Error> {
            let name = journal::list(conn, &filter, KEPT_MAX)?.iter().find_map(|entry| {
                let body: serde_json::Value = serde_json::from_str(&entry.body).ok()?;
                let detail = &body["detail"];
                (detail["digest"] == digest).then(|| detail["name"].as_str().unwrap_or_default().to_owned())
            });
            let name = name.ok_or(Error::NotFound)?;
            let bytes = bihuan_store::problem::file_content(conn, digest)?.ok_or(Error::NotFound)?;
            Ok((name, bytes))
        })?;
        let file = read_table(&name, &bytes)?;
        Ok((name, file))
    }
}

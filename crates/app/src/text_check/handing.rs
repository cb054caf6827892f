//! Checks handed out: the corrected text, and the docx it came in with remarks or with tracked changes.

use super::Finding;
use super::steps::{CheckView, Told};
use crate::Error;
use crate::context::{App, Context};
use crate::evidence::FileOut;
use bihuan_documents::text::{Comment, Revision, add_comments, revise};
use bihuan_documents::upload::FileKind;
use bihuan_domain::Refusal;
use bihuan_domain::id::TextCheckId;
use bihuan_domain::text_check::CheckDecision;
use bihuan_store::journal::{self, NewEntry};
use bihuan_store::problem;

/// Whose remarks and changes they are, as a word processor names them.
const AUTHOR: &str = "文稿校核";

impl App {
    /// The corrected text as a plain file.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn corrected_text(&self, ctx: &Context, id: TextCheckId) -> Result<FileOut, Error> {
        let seen = self.text_check(ctx, id)?;
        self.note_handed_out(ctx, &seen, "改好的文本")?;
        Ok(FileOut {
            name: format!("{}（已改）.txt", seen.check.title),
            media_type: FileKind::Text.media_type().to_owned(),
            bytes: seen.corrected.into_bytes(),
            digest: String::new(),
        })
    }

    /// The docx it came in, with every finding that was not passed over as a comment.
    ///
    /// # Errors
    /// `NotFound`; `check_not_docx` for a text that came otherwise.
    pub fn commented_docx(&self, ctx: &Context, id: TextCheckId) -> Result<FileOut, Error> {
        let seen = self.text_check(ctx, id)?;
        let bytes = self.docx_of(&seen, "不能加批注")?;
        let at = seen.check.made_at.to_rfc3339();
        let remarks: Vec<Comment> = seen
            .told
            .iter()
            .filter(|told| told.decision.as_ref().is_none_or(|d| d.accepted))
            .map(|told| remark(told, &at))
            .collect();
        let bytes =
            add_comments(&bytes, &remarks).map_err(|error| crate::ledger::export::document_error(&error))?;
        self.note_handed_out(ctx, &seen, "带批注的文档")?;
        Ok(FileOut {
            name: seen.check.file_name.replace(".docx", "（校核批注）.docx"),
            media_type: FileKind::Docx.media_type().to_owned(),
            bytes,
            digest: String::new(),
        })
    }

    /// The docx it came in, with what was accepted as tracked changes.
    ///
    /// # Errors
    /// `NotFound`; `check_not_docx`; `check_nothing_accepted`; `check_not_in_docx` where none of it can be put into the file.
    pub fn revised_docx(&self, ctx: &Context, id: TextCheckId) -> Result<FileOut, Error> {
        let seen = self.text_check(ctx, id)?;
        let bytes = self.docx_of(&seen, "不能写入修订")?;
        let at = seen.check.made_at.to_rfc3339();
        let accepted = |told: &Told| {
            let decision = told.accepted()?;
            Some(Revision {
                start: told.finding.start,
                end: told.finding.end,
                text: decision.replacement.clone(),
                author: AUTHOR.to_owned(),
                at: at.clone(),
            })
        };
        let revisions: Vec<Revision> = seen.told.iter().filter_map(accepted).collect();
        if revisions.is_empty() {
            let sentence = "还没有采纳任何一条意见，没有可以写入的修订。";
            return Err(Refusal::new("check_nothing_accepted", sentence, "请先逐条采纳或者不改。").into());
        }
        let revised =
            revise(&bytes, &revisions).map_err(|error| crate::ledger::export::document_error(&error))?;
        if revised.left == revisions.len() {
            let sentence = "采纳的改动所在的文字带有域、批注引用等内容，不能自动写入。";
            let hint = "请下载带批注的文档，照批注在 Word 或 WPS 里修改。";
            return Err(Refusal::new("check_not_in_docx", sentence, hint).into());
        }
        self.note_handed_out(ctx, &seen, "带修订的文档")?;
        let left = if revised.left > 0 { format!("，{}处未写入", revised.left) } else { String::new() };
        Ok(FileOut {
            name: seen.check.file_name.replace(".docx", &format!("（校核修订{left}）.docx")),
            media_type: FileKind::Docx.media_type().to_owned(),
            bytes: revised.bytes,
            digest: String::new(),
        })
    }

    /// The file a check came in as; `cannot` is what cannot be done with a text that came otherwise.
    fn docx_of(&self, seen: &CheckView, cannot: &str) -> Result<Vec<u8>, Error> {
        if !seen.check.is_docx() {
            let sentence = format!("这份文稿不是从 docx 读入的，{cannot}。");
            return Err(Refusal::new("check_not_docx", sentence, "可以下载改好的文本。").into());
        }
        let found = self.db.read(|conn| problem::file_content(conn, &seen.check.digest))?;
        found.ok_or(Error::NotFound)
    }

    /// A download leaves an entry, and often repeated it raises the alert of mass exports.
    fn note_handed_out(&self, ctx: &Context, seen: &CheckView, what: &str) -> Result<(), Error> {
        let entry = NewEntry {
            action: "text_check.exported".to_owned(),
            subject_kind: "text_check",
            subject_id: seen.check.id.0,
            unit: Some(seen.unit.id),
            campaign: seen.check.campaign_id,
            note: format!("下载“{}”{what}", seen.check.title),
            ..NewEntry::default()
        };
        let (app, ctx, unit) = (self.clone(), ctx.clone(), seen.unit.clone());
        self.db.write(move |conn| {
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            app.watch_export(conn, &ctx, 1).map_err(Error::from)
        })
    }
}

fn remark(told: &Told, at: &str) -> Comment {
    let finding = &told.finding;
    let mut text = format!("【{}】{}", finding.sort, finding.reason);
    match (told.accepted(), &finding.expected) {
        (Some(decision), _) => text.push_str(&format!("\n已采纳，改为：{}", decision.replacement)),
        (None, Some(expected)) => text.push_str(&format!("\n建议改为：{expected}")),
        (None, None) => {}
    }
    Comment { start: finding.start, end: finding.end, author: AUTHOR.to_owned(), at: at.to_owned(), text }
}

/// Puts everything accepted into the text, from its end; of two that overlap the one further back is put in.
pub(super) fn corrected(text: &str, told: &[Told]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let mut limit = chars.len();
    let mut accepted: Vec<(&Finding, &CheckDecision)> =
        told.iter().filter_map(|told| Some((&told.finding, told.accepted()?))).collect();
    accepted.sort_by_key(|(finding, _)| std::cmp::Reverse((finding.start, finding.end)));
    for (finding, decision) in accepted {
        if finding.end <= limit && finding.start <= finding.end {
            chars.splice(finding.start..finding.end, decision.replacement.chars());
            limit = finding.start;
        }
    }
    chars.into_iter().collect()
}

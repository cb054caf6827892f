//! An office's own words: kept on a page, taught by what people drop and pass over.

use crate::Error;
use crate::context::{App, Context, readable_unit};
use crate::input::{self, inputs};
use bihuan_domain::Refusal;
use bihuan_domain::id::{OfficeWordId, UnitId};
use bihuan_domain::office_word::{self as domain, OfficeWord, WORDS_MAX, WordKind};
use bihuan_domain::unit::{Unit, UnitPath};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::{Conn, office_word as store};
use bihuan_text::{OwnTerms, OwnWords};

inputs! {
    /// A word for the list.
    WordInput {
        unit: one "单位",
        kind: one "类别",
        word: one "词语",
        replacement: one "规范写法",
    }
}

/// The words that a unit goes by, sorted by what they are for.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// For checks.
    pub own: OwnWords,
    /// Passed over by checks.
    pub ignored: Vec<String>,
    /// For breakdowns.
    pub terms: OwnTerms,
}

/// The words of a unit and those above it.
///
/// # Errors
/// Faults of the database.
pub fn words_of(conn: &mut Conn, path: &UnitPath) -> Result<Words, Error> {
    let mut words = Words::default();
    for word in store::of_unit(conn, path)? {
        match word.kind {
            WordKind::Phrase => words.own.phrases.push(word.word),
            WordKind::Wrong => words.own.wrong.push((word.word, word.replacement)),
            WordKind::Ignored => words.ignored.push(word.word),
            WordKind::Subject => words.terms.subjects.push(word.word),
            WordKind::Dropped => words.terms.dropped.push(word.word),
        }
    }
    Ok(words)
}

/// Keeps a word inside a transaction, unless the unit has it already.
///
/// # Errors
/// As `domain::check_word`; `words_too_many`.
pub(crate) fn keep(
    conn: &mut Conn,
    ctx: &Context,
    unit: &Unit,
    kind: WordKind,
    (word, replacement, origin): (&str, &str, &str),
) -> Result<Option<OfficeWord>, Error> {
    let (word, replacement) = domain::check_word(&ctx.actor, &unit.path, kind, word, replacement)?;
    let known = store::of_unit(conn, &unit.path)?;
    if known.iter().any(|have| have.kind == kind && have.word == word && have.replacement == replacement) {
        return Ok(None);
    }
    if store::count(conn, unit.id)? >= WORDS_MAX as i64 {
        let refusal =
            Refusal::new("words_too_many", format!("词表最多{WORDS_MAX}条。"), "请先删去不再使用的词语。");
        return Err(refusal.into());
    }
    let id = OfficeWordId(journal::next_id(conn, "office_word", 1)?);
    let row =
        OfficeWord { id, unit_id: unit.id, kind, word, replacement, origin: origin.to_owned(), version: 1 };
    let entry = NewEntry {
        action: "office_word.kept".to_owned(),
        subject_kind: "office_word",
        subject_id: id.0,
        unit: Some(unit.id),
        note: format!("词表“{}”增加“{}”", bihuan_domain::Coded::label(kind), row.word),
        writes: vec![Write::insert(&row)],
        ..NewEntry::default()
    };
    journal::append(conn, &ctx.stamp(Some(unit)), vec![entry])?;
    Ok(Some(row))
}

impl App {
    /// The words that a unit goes by; those of units above it come along.
    ///
    /// # Errors
    /// `NotFound` for a unit out of sight.
    pub fn office_words(&self, ctx: &Context, unit: UnitId) -> Result<(Unit, Vec<OfficeWord>), Error> {
        self.db.read(|conn| {
            let unit = readable_unit(conn, ctx, unit)?;
            let words = store::of_unit(conn, &unit.path)?;
            Ok((unit, words))
        })
    }

    /// Adds a word to a unit's list.
    ///
    /// # Errors
    /// `NotFound`; as `domain::check_word`.
    pub fn keep_word(&self, ctx: &Context, sent: WordInput) -> Result<UnitId, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let unit = input::number("unit", "单位", &sent.unit)?
                .ok_or_else(|| Error::invalid("unit", "请选择“单位”。"))?;
            let unit = readable_unit(conn, &ctx, UnitId(unit))?;
            let kind = input::coded::<WordKind>("kind", "类别", &sent.kind)?;
            keep(conn, &ctx, &unit, kind, (&sent.word, &sent.replacement, "词表页面"))?;
            Ok(unit.id)
        })
    }

    /// Takes a word off the list.
    ///
    /// # Errors
    /// `NotFound`, `not_allowed`.
    pub fn drop_word(&self, ctx: &Context, id: OfficeWordId) -> Result<UnitId, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let row: OfficeWord = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
            let unit = readable_unit(conn, &ctx, row.unit_id)?;
            if !domain::may_keep(&ctx.actor, &unit.path) {
                return Err(Refusal::not_allowed("维护词表", "该单位的工作专班身份").into());
            }
            let entry = NewEntry {
                action: "office_word.dropped".to_owned(),
                subject_kind: "office_word",
                subject_id: id.0,
                unit: Some(unit.id),
                note: format!("词表删去“{}”", row.word),
                writes: vec![Write::delete(&row)],
                ..NewEntry::default()
            };
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            Ok(unit.id)
        })
    }
}

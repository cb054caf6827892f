//! Reading a question as people type it, and showing what was found.

use super::{Right, SOURCES, kind_label, naming};
use crate::Error;
use crate::context::{App, Context, readable_unit};
use crate::input::{self, inputs};
use bihuan_domain::id::UnitId;
use bihuan_domain::{Coded, Day};
use bihuan_store::search::{self as store, Document, Named, Phrase, Query, character_term};
use bihuan_store::{Conn, journal, unit};
pub use bihuan_text::Snippet;
use bihuan_text::bigrams::query_runs;
use bihuan_text::snippet;
use std::collections::HashMap;

/// Longest question, in characters.
pub const SEARCH_CHARS_MAX: usize = 200;
/// Hits on a page.
pub const SEARCH_PAGE: usize = 20;
/// Most hits that can be turned to or downloaded.
pub const SEARCH_DEPTH_MAX: usize = 5_000;
/// Characters of a piece of text around what was found.
const SNIPPET_CHARS: usize = 130;

bihuan_domain::coded! {
    /// The order of what was found.
    SortBy ("排序") {
        Best = "best", "按相关程度";
        Newest = "newest", "按日期，新的在前";
    }
}

inputs! {
    /// A question to the library.
    SearchInput {
        q: one "查找内容",
        kind: one "类别",
        state: one "状态",
        unit: one "单位",
        from: one "起始日期",
        to: one "截止日期",
        sort: one "排序",
        page: one "页码",
    }
}

/// One thing that was found.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Hit {
    /// Kind: `problem`, `evidence`, `unit`, …
    pub kind: String,
    /// The kind in words.
    pub kind_label: &'static str,
    /// Its number.
    pub subject_id: i64,
    /// The unit it is shown under.
    pub unit_id: UnitId,
    /// That unit's name.
    pub unit_name: String,
    /// Code of its state.
    pub state: String,
    /// Its state in words.
    pub state_label: &'static str,
    /// Its day.
    pub day: Option<bihuan_domain::Day>,
    /// The page that shows it.
    pub href: String,
    /// Where its file is; empty where it is none.
    pub file_href: String,
    /// Its title with what to mark.
    pub title: Snippet,
    /// A piece of its text with what to mark.
    pub text: Snippet,
}

/// What was found.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Found {
    /// How many there are that the reader may see.
    pub total: usize,
    /// One page of them.
    pub hits: Vec<Hit>,
    /// The page, from 1.
    pub page: usize,
    /// The journal entry the index is at.
    pub as_of_entry: i64,
    /// The index is being built; some things are not found yet.
    pub building: bool,
}

impl App {
    /// Searches all that the actor may see.
    ///
    /// # Errors
    /// `Invalid` for a question without words and filters; `NotFound` for a unit out of sight.
    pub fn search(&self, ctx: &Context, sent: &SearchInput) -> Result<Found, Error> {
        let page = input::number("page", "页码", &sent.page)?
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or(1)
            .max(1);
        self.search_rows(ctx, sent, (page - 1).saturating_mul(SEARCH_PAGE), SEARCH_PAGE, page)
    }

    /// All that was found, up to [`SEARCH_DEPTH_MAX`], for a download.
    ///
    /// # Errors
    /// As [`App::search`].
    pub fn search_all(&self, ctx: &Context, sent: &SearchInput) -> Result<Found, Error> {
        self.search_rows(ctx, sent, 0, SEARCH_DEPTH_MAX, 1)
    }

    fn search_rows(
        &self,
        ctx: &Context,
        sent: &SearchInput,
        offset: usize,
        limit: usize,
        page: usize,
    ) -> Result<Found, Error> {
        if sent.q.chars().count() > SEARCH_CHARS_MAX {
            return Err(Error::invalid("q", format!("查找内容最多{SEARCH_CHARS_MAX}个字，请只写关键的词。")));
        }
        refuse_unknown(sent)?;
        if offset >= SEARCH_DEPTH_MAX {
            return Err(Error::invalid(
                "page",
                format!("只能翻到第{SEARCH_DEPTH_MAX}条，请增加条件缩小范围。"),
            ));
        }
        let terms = read_question(&sent.q);
        let filtered =
            [&sent.kind, &sent.state, &sent.unit, &sent.from, &sent.to].iter().any(|f| !f.trim().is_empty());
        if terms.iter().all(|term| term.phrases.is_empty()) && !filtered {
            return Err(Error::invalid("q", "请输入要查找的字词，例如“渠道清淤”；也可以只按条件查。"));
        }
        let (from, to) = period(sent)?;
        let mut query = Query {
            roots: ctx.actor.readable_roots().into_iter().map(|(id, _)| id).collect(),
            rights: Right::all_of(&ctx.actor).into_iter().map(Right::term).collect(),
            from,
            to,
            by_date: sent.sort.trim() == "newest",
            offset,
            limit,
            ..Query::default()
        };
        for (letter, value) in [("k", sent.kind.trim()), ("s", sent.state.trim())] {
            if !value.is_empty() {
                query.fields.push(vec![format!("{letter}{value}")]);
            }
        }
        self.db.read(|conn| {
            if let Some(unit) = input::number("unit", "单位", &sent.unit)?.map(UnitId) {
                readable_unit(conn, ctx, unit)?;
                query.fields.push(vec![format!("u{unit}")]);
            }
            let words = name_units(conn, ctx, &terms, &mut query)?;
            let state = store::state(conn)?;
            let found = store::query(conn, &query)?;
            if found.ids.is_empty() && offset > 0 && found.total > 0 {
                let last = found.total.div_ceil(SEARCH_PAGE);
                return Err(Error::invalid("page", format!("一共只有{last}页，没有第{page}页。")));
            }
            let documents = store::documents(conn, &found.ids)?;
            let names = unit::names(conn, documents.iter().map(|document| document.unit_id))?;
            let hits = documents.into_iter().map(|document| hit(document, &words, &names)).collect();
            let at = state.map_or(0, |state| state.seq);
            let building = at < 0 || state.is_none();
            let as_of_entry = if building { journal::head(conn)? } else { at };
            Ok(Found { total: found.total, hits, page, as_of_entry, building })
        })
    }
}

/// Refuses a kind, a state or an order that there is none of: nothing would ever be found by it.
fn refuse_unknown(sent: &SearchInput) -> Result<(), Error> {
    let unknown = |field: &str, label: &str, value: &str| {
        let sentence = format!("“{label}”没有“{value}”这一项，请从列表中选择，或者不填。");
        Err(Error::invalid(field, sentence))
    };
    let (kind, state, sort) = (sent.kind.trim(), sent.state.trim(), sent.sort.trim());
    if !kind.is_empty() && !SOURCES.iter().any(|source| source.kind == kind) {
        return unknown("kind", "类别", kind);
    }
    if !state.is_empty() && !super::states().iter().any(|(code, _)| *code == state) {
        return unknown("state", "状态", state);
    }
    if !sort.is_empty() && SortBy::from_code(sort).is_none() {
        return unknown("sort", "排序", sort);
    }
    Ok(())
}

/// The days asked about, in their order.
fn period(sent: &SearchInput) -> Result<(Option<Day>, Option<Day>), Error> {
    let from = input::day("from", "起始日期", &sent.from)?;
    let to = input::day("to", "截止日期", &sent.to)?;
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err(Error::invalid("to", "“截止日期”早于“起始日期”，请改正其中一个。"));
    }
    Ok((from, to))
}

/// What is marked in what was found: the words as they were typed, and of other names those that stand there.
struct Marked {
    typed: String,
    names: Vec<String>,
}

impl Marked {
    fn in_text(&self, text: &str) -> Snippet {
        let names = self.names.iter().filter(|name| text.contains(name.as_str()));
        let words: Vec<&str> = std::iter::once(&self.typed).chain(names).map(String::as_str).collect();
        snippet(text, &words.join(" "), SNIPPET_CHARS)
    }
}

/// Puts the terms into the query: a name of units finds them under their other names too, and what belongs to them.
fn name_units(conn: &mut Conn, ctx: &Context, terms: &[Term], query: &mut Query) -> Result<Marked, Error> {
    let plain: Vec<&str> =
        terms.iter().filter(|term| !term.as_it_is).map(|term| term.text.as_str()).collect();
    let mut names = naming::names_of(conn, ctx, &plain)?;
    let typed: Vec<&str> = terms.iter().map(|term| term.text.as_str()).collect();
    let mut marked = Marked { typed: typed.join(" "), names: Vec::new() };
    for term in terms {
        match names.remove(&term.text).filter(|_| !term.as_it_is) {
            None => query.phrases.extend(term.phrases.iter().cloned()),
            Some(name) => {
                let others = name.wordings.iter().map(|wording| phrases_of(wording, false));
                query.named.push(Named {
                    wordings: std::iter::once(term.phrases.clone()).chain(others).collect(),
                    fields: name.units.iter().map(|unit| format!("u{unit}")).collect(),
                });
                marked.names.extend(name.wordings);
            }
        }
    }
    Ok(marked)
}

fn hit(document: Document, words: &Marked, names: &HashMap<UnitId, String>) -> Hit {
    let source = SOURCES.iter().find(|source| source.kind == document.kind);
    let states = source.map(|source| (source.states)()).unwrap_or_default();
    Hit {
        kind_label: kind_label(&document.kind),
        subject_id: document.subject_id,
        unit_id: document.unit_id,
        unit_name: names.get(&document.unit_id).cloned().unwrap_or_default(),
        state_label: states.iter().find(|(code, _)| *code == document.state).map_or("", |(_, label)| label),
        day: document.day,
        title: words.in_text(&document.title),
        text: words.in_text(&document.content),
        kind: document.kind,
        state: document.state,
        href: document.href,
        file_href: document.file_href,
    }
}

/// What stands between two blanks or within quotation marks.
struct Term {
    text: String,
    /// Written in quotation marks or with a star: looked for as it is.
    as_it_is: bool,
    phrases: Vec<Phrase>,
}

/// The terms of a question. What stands in quotes is one phrase, blanks part the rest; a star behind letters or digits
/// finds what begins so.
fn read_question(text: &str) -> Vec<Term> {
    let mut terms: Vec<(String, bool)> = Vec::new();
    let mut quoted = false;
    for piece in text.split(['"', '“', '”', '＂', '「', '」']) {
        if quoted {
            terms.push((piece.split_whitespace().collect::<String>(), true));
        } else {
            terms.extend(piece.split_whitespace().map(|term| (term.to_owned(), false)));
        }
        quoted = !quoted;
    }
    let read = |(text, quoted): (String, bool)| {
        let open = text.ends_with(['*', '＊']);
        Term { phrases: phrases_of(&text, open), as_it_is: quoted || open, text }
    };
    terms.into_iter().map(read).collect()
}

/// The phrases of a term; the last one may go on where it is `open`.
fn phrases_of(term: &str, open: bool) -> Vec<Phrase> {
    let runs = query_runs(term);
    let last = runs.len().saturating_sub(1);
    let phrase = |(at, run): (usize, bihuan_text::bigrams::QueryRun)| {
        let tokens = match run.tokens.first().and_then(|(token, _)| token.chars().next()) {
            Some(one) if run.han && run.units == 1 => vec![(character_term(one), 0)],
            _ => run.tokens,
        };
        Phrase { prefix: open && at == last && !run.han, tokens }
    };
    runs.into_iter().enumerate().map(phrase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_read_as_people_type_it() {
        let terms = read_question("渠道清淤 “第3期 通报” ｇｄｐ*");
        let phrases: Vec<Phrase> = terms.iter().flat_map(|term| term.phrases.clone()).collect();
        let tokens: Vec<Vec<&str>> =
            phrases.iter().map(|p| p.tokens.iter().map(|(token, _)| token.as_str()).collect()).collect();
        assert_eq!(tokens[0], ["渠道", "清淤"]);
        assert_eq!(tokens[1], ["第3", "期通", "通报"]);
        assert_eq!((tokens[2].as_slice(), phrases[2].prefix), (["gdp"].as_slice(), true));
        let words: Vec<(&str, bool)> = terms.iter().map(|term| (term.text.as_str(), term.as_it_is)).collect();
        assert_eq!(words, [("渠道清淤", false), ("第3期通报", true), ("ｇｄｐ*", true)]);
        let one = &read_question("县*")[0].phrases[0];
        assert_eq!((one.tokens[0].0.as_str(), one.prefix), (character_term('县').as_str(), false));
        assert!(read_question("，。")[0].phrases.is_empty());
    }
}

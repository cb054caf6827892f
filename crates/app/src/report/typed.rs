//! Numbers that a person typed: where they stand, and by whom, from the journal of the report's texts.

use crate::Error;
use bihuan_documents::paper::{Block, Note, Paper, Run};
use bihuan_domain::Day;
use bihuan_domain::id::{PersonId, ReportId};
use bihuan_domain::report::ReportTemplate;
use bihuan_domain::report::text::typed_numbers;
use bihuan_store::{Conn, problem as problems, report as store};
use std::collections::BTreeMap;

/// A number somebody typed where a figure could stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// Line of the text, from 1.
    pub line: usize,
    /// The number with what follows it.
    pub text: String,
    /// That it was typed, by whom and when, in one sentence.
    pub by: String,
    /// The note that says so: an index into the notes of the document.
    pub(super) note: usize,
}

/// Who typed which number.
#[derive(Clone, Debug, Default)]
pub(super) struct Hands(BTreeMap<String, Vec<(String, Day)>>);

/// The number itself of what was typed: numbers are told apart by what they say, not where they stand.
fn counted(text: &str) -> BTreeMap<String, usize> {
    let mut all = BTreeMap::new();
    for (line, one) in typed_numbers(text).iter().map(|one| (text.lines().nth(one.line - 1), one)) {
        let number = line.and_then(|line| line.get(one.place.clone())).unwrap_or_default();
        *all.entry(number.to_owned()).or_default() += 1;
    }
    all
}

/// Who typed the numbers of a report: whoever saved a text in which a number stood more often than in the one before.
pub(super) fn hands(conn: &mut Conn, id: ReportId) -> Result<Hands, Error> {
    let mut before: Option<BTreeMap<String, usize>> = None;
    let mut found: BTreeMap<String, Vec<(PersonId, Day)>> = BTreeMap::new();
    store::each_text(conn, id, &mut |person, at, text| {
        let now = counted(text);
        if let (Some(before), Some(person)) = (&before, person) {
            for (number, times) in &now {
                if before.get(number).is_none_or(|had| had < times) {
                    found.entry(number.clone()).or_default().push((person, at.day_in_china()));
                }
            }
        }
        found.retain(|number, _| now.contains_key(number));
        before = Some(now);
    })?;
    let people: Vec<PersonId> = found.values().flatten().map(|(person, _)| *person).collect();
    let names = names(conn, &people)?;
    let named = |(person, day): &(PersonId, Day)| (name_of(&names, *person), *day);
    Ok(Hands(found.iter().map(|(number, by)| (number.clone(), by.iter().map(named).collect())).collect()))
}

fn names(conn: &mut Conn, people: &[PersonId]) -> Result<BTreeMap<PersonId, String>, Error> {
    Ok(problems::units::person_names(conn, people)?.into_iter().collect())
}

fn name_of(names: &BTreeMap<PersonId, String>, person: PersonId) -> String {
    names.get(&person).cloned().unwrap_or_else(|| "已不在册的人员".to_owned())
}

/// What is said about a number that stands in a docx as it was brought in.
pub(super) fn typed_in_template(conn: &mut Conn, template: &ReportTemplate) -> Result<String, Error> {
    let names = names(conn, &[template.created_by])?;
    let name = name_of(&names, template.created_by);
    let day = template.created_at.day_in_china().in_chinese();
    Ok(format!("手工填写的数字，没有取数口径；写在自有模板“{}”里，由{name}于{day}上传。", template.name))
}

impl Hands {
    /// What is said about a number.
    fn words(&self, number: &str) -> String {
        let by = self.0.get(number).map_or(&[][..], Vec::as_slice);
        let mut told: Vec<String> =
            by.iter().map(|(name, day)| format!("{name}于{}", day.in_chinese())).collect();
        told.dedup();
        if told.is_empty() {
            return "手工填写的数字，没有取数口径；起草时已在模板的文字里，或者填写较早、未列出填写人。"
                .to_owned();
        }
        format!("手工填写的数字，没有取数口径；由{}填写。", told.join("、"))
    }
}

/// Gives every typed number of a document its note, behind those of its figures, and answers with all of them.
pub(super) fn mark_typed(paper: &mut Paper, text: &str, hands: &Hands) -> Vec<Typed> {
    let mut notes = std::mem::take(&mut paper.notes);
    let first = notes.len();
    each_run(&mut paper.blocks, &mut |run| {
        if run.typed {
            run.note = Some(noted(&mut notes, first, hands.words(&run.text)));
        }
    });
    let mut found = Vec::new();
    for one in typed_numbers(text) {
        let number = text.lines().nth(one.line - 1).and_then(|line| line.get(one.place.clone()));
        let by = hands.words(number.unwrap_or_default());
        let note = noted(&mut notes, first, by.clone());
        found.push(Typed { line: one.line, text: one.text, by, note });
    }
    paper.notes = notes;
    found
}

/// The note of these words; numbers of one person's share it.
fn noted(notes: &mut Vec<Note>, first: usize, text: String) -> usize {
    let known = notes[first..].iter().position(|note| note.text == text).map(|at| first + at);
    known.unwrap_or_else(|| {
        notes.push(Note { text, href: String::new() });
        notes.len() - 1
    })
}

fn each_run(blocks: &mut [Block], change: &mut dyn FnMut(&mut Run)) {
    for block in blocks {
        match block {
            Block::Heading { runs, then, .. } => runs.iter_mut().chain(then).for_each(&mut *change),
            Block::Paragraph(runs) | Block::Centred(runs) => runs.iter_mut().for_each(&mut *change),
            Block::Landscape(inner) => each_run(inner, change),
            Block::Table(_) | Block::Chart(_) | Block::PageBreak => {}
        }
    }
}

//! Scores of documents, matched one to one as the labelled documents are.

use std::fmt::{Display, Formatter, Result};

use bihuan_text::{Certainty, Hardness, Obligation, conflicts, faults, figures, obligations};

use super::Doc;

/// Labels found, all labels, all that was told.
#[derive(Default)]
pub struct Share {
    pub hits: usize,
    pub labels: usize,
    pub told: usize,
}

impl Share {
    pub fn recall(&self) -> f64 {
        if self.labels == 0 { 1.0 } else { self.hits as f64 / self.labels as f64 }
    }

    pub fn f1(&self) -> f64 {
        if self.labels + self.told == 0 {
            1.0
        } else {
            2.0 * self.hits as f64 / (self.labels + self.told) as f64
        }
    }

    pub fn besides(&self) -> usize {
        self.told - self.hits
    }

    fn add(&mut self, other: &Self) {
        self.hits += other.hits;
        self.labels += other.labels;
        self.told += other.told;
    }

    fn one(&mut self, hit: bool) {
        self.hits += usize::from(hit);
        self.labels += 1;
    }
}

impl Display for Share {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{} of {} ({:.3})", self.hits, self.labels, self.recall())
    }
}

#[derive(Default)]
pub struct Score {
    pub asked: Share,
    pub hard: Share,
    pub told_hard: Share,
    pub quantity: Share,
    pub cadence: Share,
    pub deadline: Share,
    pub figures: Share,
    pub conflicts: Share,
    pub faults: Share,
    pub characters: usize,
}

impl Score {
    pub fn add(&mut self, of: &Self) {
        for (mine, other) in [
            (&mut self.asked, &of.asked),
            (&mut self.hard, &of.hard),
            (&mut self.told_hard, &of.told_hard),
            (&mut self.quantity, &of.quantity),
            (&mut self.cadence, &of.cadence),
            (&mut self.deadline, &of.deadline),
            (&mut self.figures, &of.figures),
            (&mut self.conflicts, &of.conflicts),
            (&mut self.faults, &of.faults),
        ] {
            mine.add(other);
        }
        self.characters += of.characters;
    }
}

impl Display for Score {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(f, "obligations {}, {} told, F1 {:.3}", self.asked, self.asked.told, self.asked.f1())?;
        writeln!(f, "hard found {}, told as hard {}", self.hard, self.told_hard)?;
        writeln!(f, "quantity {}, cadence {}, deadline {}", self.quantity, self.cadence, self.deadline)?;
        writeln!(f, "figures {}, {} told, F1 {:.3}", self.figures, self.figures.told, self.figures.f1())?;
        writeln!(f, "certain conflicts {}, {} told", self.conflicts, self.conflicts.told)?;
        writeln!(f, "faults {}, false alarms {} in {}", self.faults, self.faults.besides(), self.characters)
    }
}

/// Reads the documents of a round whose months without a year fall into `year`.
pub fn score(docs: &[Doc], year: i32) -> Score {
    let mut score = Score::default();
    for doc in docs {
        score.characters += doc.text.chars().count();
        if !doc.asked.is_empty() {
            asked(doc, year, &mut score);
        }
        told_figures(doc, &mut score);
        told_conflicts(doc, &mut score);
        told_faults(doc, &mut score);
    }
    score
}

/// How well two spans fit: nothing unless they share most of the shorter and the longer is at most four times as long.
fn fit(a: (usize, usize), b: (usize, usize)) -> usize {
    let shared = a.1.min(b.1).saturating_sub(a.0.max(b.0));
    let (short, long) = ((a.1 - a.0).min(b.1 - b.0), (a.1 - a.0).max(b.1 - b.0));
    let same = shared > 0 && shared * 10 >= short * 6 && long <= 4 * short.max(1);
    if same { shared * 10_000 / long } else { 0 }
}

fn span(text: &str, quote: &str) -> (usize, usize) {
    let at = text.find(quote).unwrap_or_else(|| panic!("{quote}"));
    let start = text[..at].chars().count();
    (start, start + quote.chars().count())
}

/// The draft of every label, the best pairs first.
fn pairs(doc: &Doc, drafts: &[Obligation]) -> Vec<Option<usize>> {
    let mut fits = Vec::new();
    for (label, asked) in doc.asked.iter().enumerate() {
        let at = span(doc.text, asked.0);
        let of = |(i, d): (usize, &Obligation)| (fit((d.start, d.end), at), label, i);
        fits.extend(drafts.iter().enumerate().map(of).filter(|(fit, ..)| *fit > 0));
    }
    fits.sort_unstable_by(|a, b| b.cmp(a));
    let mut found = vec![None; doc.asked.len()];
    for (_, label, draft) in fits {
        if found[label].is_none() && !found.contains(&Some(draft)) {
            found[label] = Some(draft);
        }
    }
    found
}

fn asked(doc: &Doc, year: i32, score: &mut Score) {
    let drafts = obligations(doc.text, Some(year));
    let found = pairs(doc, &drafts);
    score.asked.told += drafts.len();
    for ((quote, hard, quantity, cadence, deadline), found_at) in doc.asked.iter().zip(&found) {
        score.asked.one(found_at.is_some());
        if *hard {
            score.hard.one(found_at.is_some());
        }
        let Some(draft) = found_at.map(|at| &drafts[at]) else {
            println!("{}: not seen{}: {quote}", doc.name, if *hard { ", hard" } else { "" });
            continue;
        };
        if *hard {
            score.told_hard.one(draft.hardness == Hardness::Hard);
        }
        if *hard != (draft.hardness == Hardness::Hard) {
            println!("{}: hard is {hard}: {quote}", doc.name);
        }
        for (share, want, have, name) in [
            (
                &mut score.quantity,
                quantity.map(|q| q.to_string()),
                draft.quantity.map(|q| q.to_string()),
                "quantity",
            ),
            (&mut score.cadence, cadence.map(str::to_owned), draft.cadence.map(str::to_owned), "cadence"),
            (&mut score.deadline, deadline.map(str::to_owned), draft.deadline_resolved.clone(), "deadline"),
        ] {
            let Some(want) = want else { continue };
            share.one(have.as_deref() == Some(&want));
            if have.as_deref() != Some(&want) {
                println!("{}: {name} of {quote}: {have:?}, not {want}", doc.name);
            }
        }
    }
    for (at, draft) in drafts.iter().enumerate().filter(|(at, _)| !found.contains(&Some(*at))) {
        println!("{}: told besides: {} {:?} {at}", doc.name, draft.quote, draft.hardness);
    }
}

fn told_figures(doc: &Doc, score: &mut Score) {
    let mut left = figures(doc.text);
    score.figures.told += left.len();
    for want in doc.figures {
        let at = left.iter().position(|figure| (figure.value - want).abs() < 1e-9);
        score.figures.one(at.is_some());
        match at {
            Some(at) => drop(left.remove(at)),
            None => println!("{}: figure {want} not seen", doc.name),
        }
    }
    for figure in left {
        println!("{}: figure besides: {} {}", doc.name, figure.quote, figure.what);
    }
}

fn told_conflicts(doc: &Doc, score: &mut Score) {
    let seen = conflicts(doc.text);
    for (one, other) in doc.conflicts {
        let there = |quote: &str| seen.iter().any(|c| c.quotes.iter().any(|q| q.contains(quote)));
        score.conflicts.one(there(one) && there(other));
        if !(there(one) && there(other)) {
            println!("{}: conflict {one} with {other} not seen: {seen:?}", doc.name);
        }
    }
    let certain: Vec<_> = seen.iter().filter(|c| c.strength == Certainty::Certain).collect();
    score.conflicts.told += certain.len();
    if certain.len() > doc.conflicts.len() {
        println!("{}: conflicts besides: {certain:?}", doc.name);
    }
}

/// Whether the words of a fault stand, anywhere, within three characters of what was told.
fn near(text: &str, want: &str, told: (usize, usize)) -> bool {
    want.chars().count() > 1
        && text.match_indices(want).any(|(byte, _)| {
            let start = text[..byte].chars().count();
            start < told.1 + 3 && told.0 < start + want.chars().count() + 3
        })
}

fn told_faults(doc: &Doc, score: &mut Score) {
    let mut left = faults(doc.text);
    score.faults.told += left.len();
    for want in doc.faults {
        let at = left.iter().position(|fault| fault.quote.contains(want));
        let at = at.or_else(|| left.iter().position(|fault| near(doc.text, want, (fault.start, fault.end))));
        score.faults.one(at.is_some());
        match at {
            Some(at) => drop(left.remove(at)),
            None => println!("{}: fault {want} not seen", doc.name),
        }
    }
    for fault in left {
        println!("{}: fault besides: {} {}", doc.name, fault.quote, fault.reason);
    }
}

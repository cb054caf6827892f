//! Documents that no rule was tuned on when they were written: made up for this test, with labels by the same rules
//! as the labelled documents. What the first run got wrong in kind (the opening of a meeting, a topic put in front, a rate
//! of 100 %) was mended by general rules afterwards, and labels that had been forgotten were added. The figures are
//! printed; they must not fall.

mod first;
mod fresh;
mod later;

use bihuan_text::{Certainty, Hardness, conflicts, faults, figures, obligations};

/// Quote, hard, quantity, cadence, deadline.
pub type Asked = (&'static str, bool, Option<f64>, Option<&'static str>, Option<&'static str>);

/// A document with what a reader finds in it.
pub struct Doc {
    pub name: &'static str,
    pub text: &'static str,
    pub asked: &'static [Asked],
    /// Values of figures told.
    pub figures: &'static [f64],
    /// Two quotes of figures that cannot both be true.
    pub conflicts: &'static [(&'static str, &'static str)],
    /// Words of faults.
    pub faults: &'static [&'static str],
}

fn docs() -> impl Iterator<Item = &'static Doc> {
    first::DOCS.iter().chain(&later::DOCS).chain(&fresh::DOCS)
}

fn told(name: &str, hits: usize, of: usize) -> f64 {
    let share = if of == 0 { 1.0 } else { hits as f64 / of as f64 };
    println!("{name}: {hits} of {of} ({share:.3})");
    share
}

/// Two spans share most of the shorter.
fn same(a: (usize, usize), b: (usize, usize)) -> bool {
    let shared = a.1.min(b.1).saturating_sub(a.0.max(b.0));
    let (short, long) = ((a.1 - a.0).min(b.1 - b.0), (a.1 - a.0).max(b.1 - b.0));
    shared * 10 >= short * 6 && long <= 4 * short.max(1)
}

fn span(text: &str, quote: &str) -> (usize, usize) {
    let at = text.find(quote).unwrap_or_else(|| panic!("{quote}"));
    let start = text[..at].chars().count();
    (start, start + quote.chars().count())
}

#[test]
fn obligations_of_documents_not_seen_are_read_as_well_as_promised_m42() {
    let (mut hits, mut all, mut found, mut hard) = (0, 0, 0, 0);
    let (mut right, mut fields) = (0, 0);
    for doc in docs().filter(|doc| !doc.asked.is_empty()) {
        let drafts = obligations(doc.text, Some(2024));
        found += drafts.len();
        for (quote, is_hard, quantity, cadence, deadline) in doc.asked {
            all += 1;
            let at = span(doc.text, quote);
            let Some(draft) = drafts.iter().find(|draft| same((draft.start, draft.end), at)) else {
                println!("{}: not seen: {quote}", doc.name);
                continue;
            };
            hits += 1;
            hard += usize::from(!is_hard || draft.hardness == Hardness::Hard);
            for (want, have, name) in [
                (quantity.map(|q| q.to_string()), draft.quantity.map(|q| q.to_string()), "quantity"),
                (cadence.map(str::to_owned), draft.cadence.map(str::to_owned), "cadence"),
                (deadline.map(str::to_owned), draft.deadline_resolved.clone(), "deadline"),
            ] {
                let Some(want) = want else { continue };
                fields += 1;
                right += usize::from(have.as_deref() == Some(&want));
                if have.as_deref() != Some(&want) {
                    println!("{}: {name} of {quote}: {have:?}, not {want}", doc.name);
                }
            }
        }
        for draft in &drafts {
            if !doc.asked.iter().any(|asked| same((draft.start, draft.end), span(doc.text, asked.0))) {
                println!("{}: told besides: {}", doc.name, draft.quote);
            }
        }
    }
    assert!(told("obligations, recall", hits, all) >= 0.9);
    assert!(told("obligations, precision", hits, found) >= 0.7);
    assert!(told("hard told as hard", hard, hits) >= 0.85);
    assert!(told("quantity, cadence, deadline", right, fields) >= 0.9);
}

#[test]
fn figures_and_conflicts_of_documents_not_seen_are_found_m43() {
    let (mut hits, mut all, mut found) = (0, 0, 0);
    let (mut clashes, mut clashes_all) = (0, 0);
    for doc in docs() {
        let have: Vec<f64> = figures(doc.text).iter().map(|figure| figure.value).collect();
        found += have.len();
        let mut left = have.clone();
        for want in doc.figures {
            all += 1;
            match left.iter().position(|value| value == want) {
                Some(at) => {
                    left.remove(at);
                    hits += 1;
                }
                None => println!("{}: figure {want} not seen", doc.name),
            }
        }
        if !left.is_empty() {
            println!("{}: figures besides: {left:?}", doc.name);
        }
        let seen = conflicts(doc.text);
        for (one, other) in doc.conflicts {
            clashes_all += 1;
            let there = |quote: &str| seen.iter().any(|c| c.quotes.iter().any(|q| q.contains(quote)));
            if there(one) && there(other) {
                clashes += 1;
            } else {
                println!("{}: conflict {one} with {other} not seen: {seen:?}", doc.name);
            }
        }
        let certain = seen.iter().filter(|c| c.strength == Certainty::Certain).count();
        assert!(certain <= doc.conflicts.len(), "{}: {seen:?}", doc.name);
    }
    let (recall, precision) = (told("figures, recall", hits, all), told("figures, precision", hits, found));
    assert!(2.0 * recall * precision / (recall + precision) >= 0.92);
    assert!(told("conflicts", clashes, clashes_all) >= 0.99);
}

#[test]
fn faults_of_documents_not_seen_are_found_with_few_false_alarms_m43() {
    let (mut hits, mut all, mut besides, mut characters) = (0, 0, 0, 0);
    for doc in docs() {
        characters += doc.text.chars().count();
        let seen = faults(doc.text);
        for want in doc.faults {
            all += 1;
            if seen.iter().any(|fault| fault.quote.contains(want)) {
                hits += 1;
            } else {
                println!("{}: fault {want} not seen", doc.name);
            }
        }
        for fault in &seen {
            if !doc.faults.iter().any(|want| fault.quote.contains(want)) {
                besides += 1;
                println!("{}: told besides: {} {}", doc.name, fault.quote, fault.reason);
            }
        }
    }
    assert!(told("faults, recall", hits, all) >= 0.85);
    println!("false alarms: {besides} in {characters} characters");
    assert!(besides * 2_000 <= characters, "one false alarm in 2,000 characters at most");
}

//! Documents that no rule was tuned on when they were written: made up for this test, with labels by the same rules
//! as the labelled documents, in rounds. Each round was scored once before any rule was mended on it (the first reading,
//! kept in docs/measurements.md); what it got wrong in kind was then mended by general rules. The figures of every round are
//! printed; those of all together must not fall.

mod first;
mod fourth;
mod fresh;
mod later;
mod rounds;
mod score;
mod second;
mod sectors;
mod third;

use rounds::docs;
use score::{Score, score};

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

/// Name, year of the months without one, documents.
fn rounds() -> [(&'static str, i32, &'static [Doc]); 23] {
    [
        ("first", 2024, &first::DOCS),
        ("later", 2024, &later::DOCS),
        ("fresh", 2024, &fresh::DOCS),
        ("sectors", 2024, &sectors::DOCS),
        ("second", 2024, &second::DOCS),
        ("third", 2024, &third::DOCS),
        ("fourth", 2024, &fourth::DOCS),
        ("fifth", 2023, docs(include_str!("heldout/rounds/fifth.json"))),
        ("sixth", 2023, docs(include_str!("heldout/rounds/sixth.json"))),
        ("seventh", 2023, docs(include_str!("heldout/rounds/seventh.json"))),
        ("eighth", 2023, docs(include_str!("heldout/rounds/eighth.json"))),
        ("ninth", 2023, docs(include_str!("heldout/rounds/ninth.json"))),
        ("tenth", 2023, docs(include_str!("heldout/rounds/tenth.json"))),
        ("eleventh", 2023, docs(include_str!("heldout/rounds/eleventh.json"))),
        ("twelfth", 2023, docs(include_str!("heldout/rounds/twelfth.json"))),
        ("thirteenth", 2023, docs(include_str!("heldout/rounds/thirteenth.json"))),
        ("fourteenth", 2023, docs(include_str!("heldout/rounds/fourteenth.json"))),
        ("fifteenth", 2023, docs(include_str!("heldout/rounds/fifteenth.json"))),
        ("sixteenth", 2023, docs(include_str!("heldout/rounds/sixteenth.json"))),
        ("seventeenth", 2023, docs(include_str!("heldout/rounds/seventeenth.json"))),
        ("eighteenth", 2023, docs(include_str!("heldout/rounds/eighteenth.json"))),
        ("nineteenth", 2023, docs(include_str!("heldout/rounds/nineteenth.json"))),
        ("twentieth", 2023, docs(include_str!("heldout/rounds/twentieth.json"))),
    ]
}

/// Rounds by authors who labelled what they wrote themselves: speeches that lay down work, reports, remarks and lectures.
fn own_labels() -> [(&'static str, i32, &'static [Doc]); 5] {
    [
        ("twenty first", 2023, docs(include_str!("heldout/rounds/twenty_first.json"))),
        ("twenty second", 2023, docs(include_str!("heldout/rounds/twenty_second.json"))),
        ("twenty third", 2023, docs(include_str!("heldout/rounds/twenty_third.json"))),
        ("twenty fourth", 2023, docs(include_str!("heldout/rounds/twenty_fourth.json"))),
        ("twenty fifth", 2023, docs(include_str!("heldout/rounds/twenty_fifth.json"))),
    ]
}

fn all<const N: usize>(rounds: [(&'static str, i32, &'static [Doc]); N]) -> Score {
    let mut all = Score::default();
    for (name, year, docs) in rounds {
        let of = score(docs, year);
        println!("== {name}\n{of}");
        all.add(&of);
    }
    println!("== all\n{all}");
    all
}

#[test]
fn documents_not_seen_are_read_as_well_as_promised_m42_m43() {
    let all = all(rounds());
    assert!(all.asked.f1() >= 0.91);
    assert!(all.hard.recall() >= 0.94);
    for field in [&all.quantity, &all.cadence, &all.deadline] {
        assert!(field.recall() >= 0.93);
    }
    assert!(all.figures.f1() >= 0.97);
    assert!(all.conflicts.recall() >= 0.98);
    assert!(all.faults.recall() >= 0.96);
    assert!(all.faults.besides() * 2_000 <= all.characters, "one false alarm in 2,000 characters at most");
}

#[test]
fn documents_labelled_by_their_authors_are_read_as_well_as_promised_m42_m43() {
    let all = all(own_labels());
    assert!(all.asked.f1() >= 0.89);
    assert!(all.hard.recall() >= 0.90);
    for field in [&all.quantity, &all.cadence, &all.deadline] {
        assert!(field.recall() >= 0.90);
    }
    assert!(all.figures.f1() >= 0.95);
    assert!(all.faults.recall() >= 0.90);
    assert!(all.faults.besides() * 2_000 <= all.characters, "one false alarm in 2,000 characters at most");
}

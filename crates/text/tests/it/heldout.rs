//! Documents that no rule was tuned on when they were written: made up for this test, with labels by the same rules
//! as the labelled documents, in rounds. Each round was scored once before any rule was mended on it (the first reading,
//! kept in docs/measurements.md); what it got wrong in kind was then mended by general rules. The figures of every round are
//! printed; those of all together must not fall.

mod first;
mod fourth;
mod fresh;
mod later;
mod score;
mod second;
mod sectors;
mod third;

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

fn rounds() -> [(&'static str, &'static [Doc]); 7] {
    [
        ("first", &first::DOCS),
        ("later", &later::DOCS),
        ("fresh", &fresh::DOCS),
        ("sectors", &sectors::DOCS),
        ("second", &second::DOCS),
        ("third", &third::DOCS),
        ("fourth", &fourth::DOCS),
    ]
}

fn all() -> Score {
    let mut all = Score::default();
    for (name, docs) in rounds() {
        let of = score(docs);
        println!("== {name}\n{of}");
        all.add(&of);
    }
    println!("== all\n{all}");
    all
}

#[test]
fn documents_not_seen_are_read_as_well_as_promised_m42_m43() {
    let all = all();
    assert!(all.asked.f1() >= 0.88);
    assert!(all.hard.recall() >= 0.93);
    for field in [&all.quantity, &all.cadence, &all.deadline] {
        assert!(field.recall() >= 0.9);
    }
    assert!(all.figures.f1() >= 0.97);
    assert!(all.conflicts.recall() >= 0.99);
    assert!(all.faults.recall() >= 0.95);
    assert!(all.faults.besides() * 2_000 <= all.characters, "one false alarm in 2,000 characters at most");
}

//! Rounds of longer documents, each by another author who had not seen the rules: made-up texts with their labels, kept as
//! data beside this file.

use serde::Deserialize;

use super::{Asked, Doc};

/// A document as it is kept: its lines, and the labels of [`Doc`].
#[derive(Deserialize)]
struct Kept {
    name: String,
    text: Vec<String>,
    asked: Vec<(String, bool, Option<f64>, Option<String>, Option<String>)>,
    figures: Vec<f64>,
    conflicts: Vec<(String, String)>,
    faults: Vec<String>,
}

/// The documents of the round that is kept in this JSON; they live as long as the tests run.
pub fn docs(json: &str) -> &'static [Doc] {
    let kept: Vec<Kept> = serde_json::from_str(json).unwrap();
    Vec::leak(kept.into_iter().map(doc).collect())
}

fn doc(kept: Kept) -> Doc {
    let asked: Vec<Asked> = kept
        .asked
        .into_iter()
        .map(|(quote, hard, quantity, cadence, day)| {
            (word(quote), hard, quantity, cadence.map(word), day.map(word))
        })
        .collect();
    let pairs: Vec<_> = kept.conflicts.into_iter().map(|(one, other)| (word(one), word(other))).collect();
    let faults: Vec<_> = kept.faults.into_iter().map(word).collect();
    Doc {
        name: word(kept.name),
        text: word(kept.text.join("\n")),
        asked: asked.leak(),
        figures: kept.figures.leak(),
        conflicts: pairs.leak(),
        faults: faults.leak(),
    }
}

fn word(text: String) -> &'static str {
    text.leak()
}

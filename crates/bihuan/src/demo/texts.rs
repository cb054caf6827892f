//! Words of the made-up problems: every text is put together from a topic, a place, numbers and a source.

use super::random::Random;
use crate::exit::Failure;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The vocabulary, from `demo/texts.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    openings: BTreeMap<String, Vec<String>>,
    tails: BTreeMap<String, Vec<String>>,
    /// What problems are about.
    pub topic: Vec<Topic>,
}

/// One thing that goes wrong in many ways.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Category code of the template.
    pub category: String,
    /// The department whose line it is.
    pub dept: String,
    /// What it is about, in a word.
    pub thing: String,
    defects: Vec<String>,
    measures: Vec<String>,
    goal: String,
    done: Vec<String>,
}

/// The words of one problem.
#[derive(Debug, Clone)]
pub struct Words {
    /// What is wrong.
    pub problem: String,
    /// Where.
    pub place: String,
    /// Category code.
    pub category: String,
    /// Source code.
    pub source: String,
    /// What it is about.
    pub thing: String,
    /// Department whose line it is.
    pub dept: String,
    /// Goal.
    pub goal: String,
    /// Measures, in order.
    pub measures: Vec<String>,
    /// What the doer says in the end.
    pub statement: String,
}

impl Texts {
    /// Reads the vocabulary.
    ///
    /// # Errors
    /// A fault of the file.
    pub fn read() -> Result<Texts, Failure> {
        toml::from_str(include_str!("../../demo/texts.toml"))
            .map_err(|error| Failure::Fault(format!("demo/texts.toml: {error}")))
    }

    /// The words of a problem at `place`, the `n`th of the county.
    pub fn words(&self, n: usize, place: &str, random: &mut Random) -> Words {
        let topic = &self.topic[n % self.topic.len()];
        let sources: Vec<&String> = self.openings.keys().collect();
        let source = (*random.pick(&sources)).clone();
        let mut fill = Fill { place: place.to_owned(), random };
        let opening = fill.one(self.openings.get(&source).map_or(&[][..], Vec::as_slice));
        let tail = fill.one(self.tails.get(&topic.category).map_or(&[][..], Vec::as_slice));
        let defect = fill.one(&topic.defects);
        let count = fill.random.between(1, 3) as usize;
        let skip = fill.random.between(0, 1) as usize;
        let measures = topic.measures.iter().skip(skip).take(count).map(|text| fill.text(text)).collect();
        Words {
            problem: format!("{opening}{defect}，{tail}"),
            place: place.to_owned(),
            category: topic.category.clone(),
            source,
            thing: topic.thing.clone(),
            dept: topic.dept.clone(),
            goal: fill.text(&topic.goal),
            measures,
            statement: format!("{}。", fill.one(&topic.done)),
        }
    }
}

struct Fill<'a> {
    place: String,
    random: &'a mut Random,
}

impl Fill<'_> {
    fn one(&mut self, list: &[String]) -> String {
        if list.is_empty() {
            return String::new();
        }
        let text = self.random.pick(list).clone();
        self.text(&text)
    }

    /// Every number is drawn anew where it stands.
    fn text(&mut self, text: &str) -> String {
        let mut out = text.replace("{p}", &self.place);
        for (slot, low, high) in [("{a}", 2, 9), ("{b}", 12, 680), ("{m}", 2, 11), ("{y}", 4, 15)] {
            while out.contains(slot) {
                out = out.replacen(slot, &self.random.between(low, high).to_string(), 1);
            }
        }
        out
    }
}

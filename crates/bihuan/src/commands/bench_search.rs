//! `bihuan bench --search`: how fast the library is filled and asked, and how large its index gets.

use crate::exit::Failure;
use crate::progress;
use bihuan_app::search::SearchInput;
use bihuan_app::{App, Context};
use bihuan_domain::Day;
use bihuan_domain::id::{AccountId, GrantId, PersonId, UnitId};
use bihuan_domain::role::{Actor, Grant, Role};
use bihuan_domain::unit::UnitPath;
use bihuan_store::Db;
use bihuan_store::bench::Seeded;
use bihuan_store::search::{self, Document};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Instant;

/// Characters of one made-up document on average.
const DOCUMENT_CHARS: usize = 900;
/// Different characters of the made-up language, from the most to the least frequent.
const CHARACTERS: i64 = 3_500;
/// Its words.
const WORDS: usize = 60_000;
/// Counties below the one city of the made-up tree.
const COUNTIES: i64 = 30;

/// A made-up language: words of one to four characters with frequencies as they fall in real texts.
struct Language {
    words: Vec<String>,
    /// Running sums of the words' frequencies.
    sums: Vec<f64>,
}

impl Language {
    fn new(random: &mut Seeded) -> Language {
        let words: Vec<String> = (0..WORDS)
            .map(|_| {
                let length = [1, 2, 2, 2, 2, 2, 2, 3, 3, 4][random.below(10) as usize];
                (0..length).map(|_| character(random)).collect()
            })
            .collect();
        let mut sum = 0.0;
        let sums = (0..words.len())
            .map(|rank| {
                sum += 1.0 / (rank as f64 + 2.7);
                sum
            })
            .collect();
        Language { words, sums }
    }

    fn word(&self, random: &mut Seeded) -> &str {
        let total = self.sums.last().copied().unwrap_or(1.0);
        let at = random.below(1 << 40) as f64 / (1_u64 << 40) as f64 * total;
        let rank = self.sums.partition_point(|sum| *sum < at).min(self.words.len() - 1);
        &self.words[rank]
    }

    fn text(&self, random: &mut Seeded, characters: usize) -> String {
        let mut text = String::with_capacity(characters * 3 + 32);
        let (mut length, mut clause) = (0, 0);
        while length < characters {
            let word = self.word(random);
            text.push_str(word);
            length += word.chars().count();
            clause += 1;
            if clause > 3 + random.below(8) {
                text.push(if random.below(3) == 0 { '。' } else { '，' });
                (length, clause) = (length + 1, 0);
            }
            if random.below(60) == 0 {
                text.push_str(&format!("{}", random.below(3_000)));
                length += 3;
            }
        }
        text
    }
}

/// Frequent characters come more often.
fn character(random: &mut Seeded) -> char {
    let rank = random.below(CHARACTERS).min(random.below(CHARACTERS));
    char::from_u32(0x4E00 + (rank as u32 * 5)).unwrap_or('一')
}

/// Fills the library with `characters` made-up characters and asks it.
///
/// # Errors
/// Faults of the database.
pub fn run(db: &Db, characters: u64, samples: usize, seed: u64, say: &dyn Fn(&Value)) -> Result<(), Failure> {
    let app = App::new(db.clone());
    db.write(|conn| search::clear(conn, 0))?;
    let mut random = Seeded::new(seed);
    let language = Language::new(&mut random);
    let city = UnitPath::root(UnitId(1));
    let mut kept: Vec<String> = Vec::new();
    let (mut done, mut bytes, mut documents) = (0_u64, 0_u64, 0_i64);
    let bar = progress::bar("写作（千字）", characters / 1000);
    let before = db.read(bihuan_store::dialect::database_size)?;
    // All texts are made up first: writing them is not what is measured.
    let mut library = Vec::new();
    while done < characters {
        documents += 1;
        let length = DOCUMENT_CHARS / 3 + random.below(DOCUMENT_CHARS as i64 * 4 / 3) as usize;
        let content = language.text(&mut random, length);
        (done, bytes) = (done + content.chars().count() as u64, bytes + content.len() as u64);
        if documents % 50 == 0 {
            kept.push(content.clone());
        }
        let county = city.child(UnitId(2 + random.below(COUNTIES)));
        let town = county.child(UnitId(1_000 + random.below(2_000)));
        let day = Day::from_days(19_000 + random.below(1_000) as i32);
        library.push((document(documents, content, day), vec![town]));
        bar.set_position(done / 1000);
    }
    bar.finish_and_clear();
    let start = Instant::now();
    app.index_documents(&mut library.into_iter())?;
    let seconds = start.elapsed().as_secs_f64();
    bihuan_store::bench::analyze(db)?;
    let [_, _, segments, index_bytes] = db.read(search::sizes)?;
    let after = db.read(bihuan_store::dialect::database_size)?;
    say(&json!({
        "what": "search_fill", "engine": format!("{:?}", db.engine()), "documents": documents, "characters": done,
        "text_bytes": bytes, "seconds": round(seconds), "mb_per_s": round(bytes as f64 / 1e6 / seconds),
        "segments": segments, "index_bytes": index_bytes, "index_to_text": round(index_bytes as f64 / bytes as f64),
        "database_bytes_without_text_to_text": round(((after - before) as f64 - bytes as f64) / bytes as f64),
    }));
    ask(&app, &language, &kept, samples, &mut random, say)
}

fn document(number: i64, content: String, day: Option<Day>) -> Document {
    Document {
        kind: "problem".to_owned(),
        subject_id: number,
        unit_id: UnitId(1),
        state: "rectifying".to_owned(),
        day,
        href: format!("/problems/{number}"),
        title: content.chars().take(20).collect(),
        content,
        ..Document::default()
    }
}

fn ask(
    app: &App,
    language: &Language,
    kept: &[String],
    samples: usize,
    random: &mut Seeded,
    say: &dyn Fn(&Value),
) -> Result<(), Failure> {
    let city = UnitPath::root(UnitId(1));
    let readers = [reader(UnitId(1), city.clone()), reader(UnitId(5), city.child(UnitId(5)))];
    let part = |length: usize, random: &mut Seeded| -> String {
        loop {
            let text = &kept[random.below(kept.len() as i64) as usize];
            let at = random.below(text.chars().count() as i64 - length as i64) as usize;
            let found: String = text.chars().skip(at).take(length).collect();
            if found.chars().all(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c)) {
                return found;
            }
        }
    };
    let kinds = [
        "two_characters",
        "four_characters",
        "phrase_of_eight",
        "two_words",
        "newest_first",
        "frequent_word",
    ];
    for kind in kinds {
        for (who, ctx) in [("city", &readers[0]), ("county", &readers[1])] {
            let (mut times, mut hits) = (Vec::with_capacity(samples), 0);
            for _ in 0..samples {
                let q = match kind {
                    "two_characters" | "newest_first" => part(2, random),
                    "four_characters" => part(4, random),
                    "phrase_of_eight" => format!("“{}”", part(8, random)),
                    "two_words" => format!("{} {}", part(2, random), part(2, random)),
                    _ => language.words[random.below(200) as usize].clone(),
                };
                let sort = if kind == "newest_first" { "newest" } else { "" };
                let input = SearchInput { q, sort: sort.to_owned(), ..SearchInput::default() };
                let start = Instant::now();
                let found = app.search(ctx, &input)?;
                times.push(start.elapsed().as_secs_f64() * 1000.0);
                hits += found.total;
            }
            times.sort_by(f64::total_cmp);
            let at = |share: f64| round(times[((times.len() - 1) as f64 * share) as usize]);
            say(&json!({
                "what": "search", "kind": kind, "reader": who, "samples": samples,
                "p50_ms": at(0.5), "p99_ms": at(0.99), "max_ms": at(1.0), "hits_on_average": hits / samples,
            }));
        }
    }
    Ok(())
}

fn reader(unit: UnitId, path: UnitPath) -> Context {
    let actor = Actor {
        account: AccountId(1),
        person: PersonId(1),
        name: "测试".to_owned(),
        posts: Vec::new(),
        grants: vec![Grant { id: GrantId(1), role: Role::Office, unit, path }],
    };
    Context {
        actor: Arc::new(actor),
        at: Day::from_ymd(2024, 9, 2).unwrap_or_default().starts_at(),
        source_address: "console".to_owned(),
    }
}

fn round(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

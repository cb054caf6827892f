//! `bihuan bench --likeness`: how fast a text that was written before is found among very many, and how surely.

use crate::exit::Failure;
use crate::progress;
use bihuan_app::likeness::{alike_texts, keys_of};
use bihuan_domain::Coded;
use bihuan_domain::id::CampaignId;
use bihuan_store::Db;
use bihuan_store::bench::Seeded;
use bihuan_store::likeness::{TextKind, keep_many};
use bihuan_text::likeness::{likeness, signature};
use serde_json::{Value, json};
use std::time::Instant;

/// Texts kept in one transaction.
const TEXTS_AT_ONCE: i64 = 250_000;
/// Words of the made-up texts.
const WORDS: i64 = 4_000;
/// The campaign of all of them.
const CAMPAIGN: CampaignId = CampaignId(1);
/// How alike the changed copies are that are asked for.
const ASKED: f64 = 0.8;

/// A made-up text: as problems are (60 characters on average), as closures and opinions are (180), or as speeches (1,500).
fn text(words: &[String], length: i64, random: &mut Seeded) -> String {
    let mut text = String::new();
    let wanted = length / 2 + random.below(length);
    let mut have = 0;
    while have < wanted {
        // Frequent words come more often, as in real texts.
        let word = &words[random.below(WORDS).min(random.below(WORDS)) as usize];
        text.push_str(word);
        have += word.chars().count() as i64;
        if random.below(9) == 0 {
            text.push('，');
        }
    }
    text
}

/// Changes single characters until a fifth of the text's pairs are gone.
fn changed(text: &str, random: &mut Seeded) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    loop {
        let at = random.below(chars.len() as i64) as usize;
        chars[at] = char::from_u32(0x7000 + random.below(2_000) as u32).unwrap_or('改');
        let now: String = chars.iter().collect();
        if likeness(text, &now) <= ASKED + 0.01 {
            return now;
        }
    }
}

/// Keeps `texts` made-up problems, and fewer texts of the other kinds, and asks for changed copies of some of them.
///
/// # Errors
/// Faults of the database.
pub fn run(db: &Db, texts: i64, samples: usize, seed: u64, say: &dyn Fn(&Value)) -> Result<(), Failure> {
    let mut random = Seeded::new(seed);
    let words: Vec<String> = (0..WORDS)
        .map(|_| {
            let length = 1 + random.below(3);
            (0..length).filter_map(|_| char::from_u32(0x4E00 + random.below(3_000) as u32)).collect()
        })
        .collect();
    let mut kept: Vec<(TextKind, i64, String)> = Vec::new();
    // A question looks at texts of its own kind, so that with the most texts is the hardest.
    let kinds = [
        (TextKind::Problem, 60, texts),
        (TextKind::Closure, 180, texts / 5),
        (TextKind::Minutes, 180, texts / 10),
        (TextKind::Speech, 1_500, texts / 100),
    ];
    let start = Instant::now();
    let all: i64 = kinds.iter().map(|(.., count)| count).sum();
    let bar = progress::bar("写入雷同特征", all as u64);
    let mut done = 0_i64;
    for (kind, length, count) in kinds {
        let mut batch = Vec::new();
        for number in 1..=count {
            let text = text(&words, length, &mut random);
            let print = signature(&text);
            batch.push((number, print.to_bytes(), keys_of(&print, CAMPAIGN)));
            if number % (count / samples.max(1) as i64).max(1) == 0 {
                kept.push((kind, number, text));
            }
            if batch.len() as i64 == TEXTS_AT_ONCE || number == count {
                let some = std::mem::take(&mut batch);
                db.write(move |conn| keep_many(conn, kind, &some))?;
                bar.set_position((done + number) as u64);
            }
        }
        done += count;
    }
    bar.finish_and_clear();
    bihuan_store::bench::analyze(db)?;
    say(&json!({
        "what": "likeness_fill", "engine": format!("{:?}", db.engine()), "texts": done,
        "seconds": (start.elapsed().as_secs_f64() * 10.0).round() / 10.0,
    }));
    for (kind, _, count) in kinds {
        let asked: Vec<_> = kept.iter().filter(|(of, ..)| *of == kind).collect();
        let (mut times, mut found) = (Vec::new(), 0);
        for (_, number, text) in &asked {
            let copy = changed(text, &mut random);
            let start = Instant::now();
            let seen = db.read(|conn| alike_texts(conn, kind, (CAMPAIGN, 0), &copy, ASKED))?;
            times.push(start.elapsed().as_secs_f64() * 1000.0);
            found += usize::from(seen.iter().any(|(id, ..)| id == number));
        }
        times.sort_by(f64::total_cmp);
        let at = |share: f64| (times[((times.len() - 1) as f64 * share) as usize] * 100.0).round() / 100.0;
        if !times.is_empty() {
            say(&json!({
                "what": "likeness", "kind": kind.code(), "texts": count, "samples": times.len(), "p50_ms": at(0.5),
                "p99_ms": at(0.99), "max_ms": at(1.0), "recall": found as f64 / times.len() as f64,
            }));
        }
    }
    Ok(())
}

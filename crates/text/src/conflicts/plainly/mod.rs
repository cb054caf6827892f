//! What stands so close together, or is told so exactly, that no other number of the text explains it away: these rules look at
//! a whole and its parts where they stand and ask nothing of the rest of the text.

mod all_but;
mod all_done;
mod among;
mod apart;
mod balance;
mod both;
mod both_deeds;
mod brackets;
mod compared;
mod days_again;
mod dealt_with;
mod definite;
mod done_again;
mod doubled;
mod drawn_share;
mod existing;
mod funnel;
mod graded;
mod halved;
mod in_words;
mod judged;
pub(super) mod kinds;
mod lasting;
mod left_here;
mod levels;
mod named_again;
mod named_open;
mod not_done;
mod of_plan;
mod of_this_kind;
mod of_those;
mod of_whom;
mod open_again;
pub(super) mod opposed;
mod parties;
mod places_all;
mod points;
mod rated;
mod reckoned;
mod reduced;
mod respectively;
mod reviewed;
mod same_day;
mod same_label;
mod same_object;
mod shown;
mod sides;
mod still_left;
mod summed_open;
mod surveyed;
mod terms;
mod together;
mod totals;
mod years;

use std::collections::HashMap;

use super::reckon::{Range, quantity};
use super::share::truncated;
use super::{Conflict, ConflictKind, Found, rounding};
use crate::figures::Mention;
use crate::lexicon::ending;

/// All that is told plainly in a text.
pub(super) fn document(chars: &[char], mentions: &[Mention]) -> Vec<Conflict> {
    let mut found = Found { chars, conflicts: Vec::new(), by_span: HashMap::new() };
    for i in 0..mentions.len() {
        among::told(&mut found, mentions, i);
        respectively::told(&mut found, mentions, i);
        terms::told(&mut found, mentions, i);
        opposed::rates(&mut found, mentions, i);
        doubled::told(&mut found, mentions, i);
        in_words::told(&mut found, mentions, i);
        levels::told(&mut found, mentions, i);
        points::told(&mut found, mentions, i);
        kinds::told(&mut found, mentions, i);
        lasting::told(&mut found, mentions, i);
        both::told(&mut found, mentions, i);
        funnel::told(&mut found, mentions, i);
        halved::told(&mut found, mentions, i);
        all_but::told(&mut found, mentions, i);
        years::told(&mut found, mentions, i);
        brackets::told(&mut found, mentions, i);
        compared::told(&mut found, mentions, i);
        reviewed::told(&mut found, mentions, i);
        not_done::told(&mut found, mentions, i);
        of_those::told(&mut found, mentions, i);
        of_plan::told(&mut found, mentions, i);
        still_left::told(&mut found, mentions, i);
        of_this_kind::told(&mut found, mentions, i);
        of_whom::told(&mut found, mentions, i);
        dealt_with::told(&mut found, mentions, i);
        judged::told(&mut found, mentions, i);
        existing::told(&mut found, mentions, i);
    }
    terms::years(&mut found);
    surveyed::document(&mut found, mentions);
    graded::document(&mut found, mentions);
    opposed::document(&mut found, mentions);
    totals::document(&mut found, mentions);
    apart::document(&mut found, mentions);
    rated::document(&mut found, mentions);
    all_done::document(&mut found, mentions);
    definite::document(&mut found, mentions);
    together::document(&mut found, mentions);
    shown::document(&mut found, mentions);
    reckoned::document(&mut found, mentions);
    parties::document(&mut found, mentions);
    named_again::document(&mut found, mentions);
    same_day::document(&mut found, mentions);
    left_here::document(&mut found, mentions);
    places_all::document(&mut found, mentions);
    named_open::document(&mut found, mentions);
    open_again::document(&mut found, mentions);
    drawn_share::document(&mut found, mentions);
    both_deeds::document(&mut found, mentions);
    done_again::document(&mut found, mentions);
    balance::document(&mut found, mentions);
    summed_open::document(&mut found, mentions);
    same_object::document(&mut found, mentions);
    days_again::document(&mut found, mentions);
    reduced::document(&mut found, mentions);
    let lists = super::facts::lists(chars, mentions);
    sides::document(&mut found, mentions, &lists);
    same_label::document(&mut found, mentions, &lists);
    found.conflicts
}

/// Puts what is told plainly among what the other rules told, in the place of what they say of the same share.
pub(super) fn join(told: &mut Vec<Conflict>, plainly: &[Conflict]) {
    let share = |c: &Conflict| matches!(c.kind, ConflictKind::Share | ConflictKind::SharesOfWhole);
    for plain in plainly {
        let rate = plain.spans.last();
        let meets = |c: &Conflict| {
            let met =
                |span: &&[usize; 2]| c.spans.iter().any(|other| other[0] < span[1] && span[0] < other[1]);
            plain.spans.iter().filter(met).count()
        };
        // What another rule says as plainly of the same words stays.
        if told.iter().any(|c| stays(c, plain, meets(c))) {
            continue;
        }
        // A rate that cannot be at all is shown with what it is the rate of.
        if let Some(over) = told.iter_mut().find(|c| c.kind == ConflictKind::RateOver100 && meets(c) > 0) {
            (over.spans, over.quotes) = (plain.spans.clone(), plain.quotes.clone());
            (over.start, over.end) = (plain.start, plain.end);
            continue;
        }
        let same = |c: &Conflict| {
            let shared = plain.spans.iter().filter(|span| c.spans.contains(span)).count();
            shared > 1 && shared + 1 >= plain.spans.len().min(c.spans.len())
                || share(plain) && share(c) && rate.is_some_and(|rate| c.spans.contains(rate))
        };
        told.retain(|c| !same(c));
        told.push(plain.clone());
    }
}

/// Whether one that is told already says the same as plainly, in words that meet so many of these.
fn stays(told: &Conflict, plain: &Conflict, met: usize) -> bool {
    match plain.kind {
        ConflictKind::Category => told.kind == plain.kind && met > 1,
        ConflictKind::Duration => told.kind == plain.kind && met > 0,
        _ => false,
    }
}

/// Whether a part is such a share of a whole, rounded or cut off to the digits that are printed.
fn fits(chars: &[char], part: &Mention, whole: &Mention, rate: &Mention) -> bool {
    let share = Range::of(chars, part).over(Range::of(chars, whole)).times(100.0);
    let half = rounding(chars, rate);
    let said = Range { low: rate.number.value - half, high: rate.number.value + half };
    share.meets(said) || truncated(chars, share.low, rate)
}

/// The numbers in front of a place that stand no farther from it than so many code points.
fn before(mentions: &[Mention], at: usize, far: usize) -> &[Mention] {
    let from = mentions.partition_point(|m| m.end + far < at);
    let to = mentions.partition_point(|m| m.start < at);
    &mentions[from.min(to)..to]
}

/// A rate told exactly, in percent.
fn is_rate(chars: &[char], m: &Mention) -> bool {
    m.exact() && !m.quoted && m.plain_unit(chars) == "%"
}

/// A count that stands by itself, printed in digits.
fn counted(m: &Mention) -> bool {
    quantity(m) && !m.number.han
}

/// Whether a number stands directly behind one of these words.
fn behind_one_of(chars: &[char], m: &Mention, words: &[&str]) -> bool {
    words.iter().any(|word| ending(chars, m.start, word).is_some())
}

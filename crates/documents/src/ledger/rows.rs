//! What each row below a header is: a problem, the next line of one, a section, a sum, a note.

use super::evidence::{enumerator, is_count, is_footer, is_han_seq, is_number, is_sample, is_subtotal};
use super::table::Header;
use super::words::{is_status_word, normal};
use super::{Field, Mapping, Role};
use crate::sheet::Sheet;

/// One row below the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// Nothing to read: blank, a repeated header, a sum, a note.
    Skip,
    /// Carries a category, unit or status for the rows below; the column of its text.
    Section(usize),
    /// A problem begins.
    Problem,
    /// One more line of the problem above; whether merged regions say so.
    Continues { certain: bool },
}

/// The columns a row is judged by.
pub(super) struct Shape {
    first_data: usize,
    last_data: usize,
    seq: Option<usize>,
    problem: Option<usize>,
    identity: Vec<usize>,
    read: Vec<usize>,
    seq_is_arabic: bool,
    header: Vec<(usize, String)>,
    /// The lines above the header, which a printed page repeats.
    titles: Vec<String>,
}

impl Shape {
    /// `end` is the row after the table's last.
    pub(super) fn new(sheet: &Sheet, header: &Header, mapping: &Mapping, end: usize) -> Self {
        let column = |field| mapping.columns_of(field).next().map(|c| c.index);
        let seq = column(Field::Seq);
        let identity = [Field::Seq, Field::Category, Field::Place];
        let first_data = header.first_data(sheet);
        let mut shape = Self {
            first_data,
            last_data: first_data,
            seq,
            problem: column(Field::Problem),
            identity: identity.iter().flat_map(|f| mapping.columns_of(*f)).map(|c| c.index).collect(),
            read: mapping.columns.iter().filter(|c| c.role != Role::Extra).map(|c| c.index).collect(),
            seq_is_arabic: false,
            header: sheet
                .filled(header.bottom)
                .map(|c| (c, sheet.text(header.bottom, c).to_owned()))
                .collect(),
            titles: Vec::new(),
        };
        shape.last_data =
            (first_data..end).rev().find(|&row| shape.is_rich(sheet, row)).unwrap_or(first_data);
        if let Some(seq) = seq {
            let texts = (first_data..end).map(|r| sheet.text(r, seq));
            // Chinese numbers head sections and sums are no numbers: neither says how the problems are numbered.
            let counted = texts.filter(|t| !t.is_empty() && !is_han_seq(t) && !is_subtotal(t));
            let (mut arabic, mut all) = (0usize, 0usize);
            for text in counted {
                all += 1;
                arabic += usize::from(text.starts_with(|c: char| c.is_ascii_digit()));
            }
            shape.seq_is_arabic = arabic * 2 > all;
        }
        shape
    }

    pub(super) fn first_data(&self) -> usize {
        self.first_data
    }

    pub(super) fn last_data(&self) -> usize {
        self.last_data
    }

    /// Whether a row certainly belongs to the data, so that lonely rows above it are sections, not footers.
    fn is_rich(&self, sheet: &Sheet, row: usize) -> bool {
        let mut filled = sheet.filled(row);
        let Some(first) = filled.next() else { return false };
        let text = sheet.text(row, first);
        if is_subtotal(text) || is_footer(text) {
            return false;
        }
        let own_problem = self.problem.is_some_and(|p| !sheet.text(row, p).is_empty());
        let second = filled.next();
        let covered = self.identity.iter().any(|&c| sheet.covered_from_above(row, c));
        let wide = sheet.merge_at(row, first).is_some_and(|m| m.width() > 2);
        if covered || own_problem && !wide && second.is_some() {
            return true;
        }
        // Notes and signatures stand at the left edge, or apart; a line of a problem stands under its column.
        let at_left = self.header.first().is_some_and(|(c, _)| first <= *c);
        let joined = row > self.first_data && sheet.filled(row - 1).next().is_some();
        let labelled = sheet.filled(row).any(|c| sheet.text(row, c).contains(['：', ':']));
        match second {
            Some(_) => !labelled || (joined && !at_left),
            None if wide => false,
            None => joined && !at_left || self.read.len() <= 1,
        }
    }

    fn repeats_header(&self, sheet: &Sheet, row: usize) -> bool {
        self.header.len() >= 2 && self.header.iter().all(|(c, text)| sheet.text(row, *c) == text)
    }

    /// With the lines above the sheet's first header, which printed pages repeat.
    pub(super) fn below_titles(mut self, sheet: &Sheet, rows: usize) -> Self {
        let texts = (0..rows).flat_map(|r| sheet.filled(r).map(move |c| normal(sheet.text(r, c))));
        self.titles = texts.collect();
        self
    }

    /// Whether a lonely text is the title again: 问题台账（续）.
    fn repeats_title(&self, text: &str) -> bool {
        let name = normal(text);
        let core = ["(续)", "(续表)", "(接上页)", "(续上表)"].iter().find_map(|end| name.strip_suffix(end));
        self.titles.iter().any(|title| title == core.unwrap_or(&name))
    }

    /// What a row is. `open` tells whether a problem stands above that it could continue.
    pub(super) fn line(&self, sheet: &Sheet, row: usize, open: Option<usize>) -> Line {
        let filled: Vec<usize> = sheet.filled(row).collect();
        let Some(&first) = filled.first() else { return Line::Skip };
        let text = sheet.text(row, first);
        // Further right only the bare word is a sum: 累计三次 may well begin a problem.
        let second_sum = filled.get(1).is_some_and(|&c| {
            let second = sheet.text(row, c);
            is_subtotal(second) && second.chars().count() <= 4
        });
        let sums = is_subtotal(text) || second_sum;
        let sample = self.seq == Some(first) && is_sample(text);
        if sums || sample || self.repeats_header(sheet, row) {
            return Line::Skip;
        }
        let covered = |c: usize| sheet.covered_from_above(row, c);
        let own = |c: Option<usize>| c.is_some_and(|c| !sheet.text(row, c).is_empty());
        if self.problem.is_some_and(covered) && open.is_some() {
            return Line::Continues { certain: true };
        }
        let identity_covered = self.identity.iter().any(|&c| covered(c));
        if let Some(column) = self.section(sheet, row, &filled, identity_covered) {
            let text = sheet.text(row, column);
            if row > self.last_data || is_footer(text) || self.repeats_title(text) {
                return Line::Skip;
            }
            return Line::Section(column);
        }
        if row > self.last_data && is_footer(text) || filled.len() == 1 && is_footer(text) {
            return Line::Skip;
        }
        if own(self.problem) {
            return Line::Problem;
        }
        if own(self.seq) && !(self.seq.is_some_and(covered)) {
            return Line::Problem;
        }
        let has_value = filled.iter().any(|c| self.read.contains(c) && !self.identity.contains(c));
        match open {
            Some(_) if has_value => Line::Continues { certain: self.seq.is_some_and(covered) },
            Some(_) if filled.iter().all(|c| !self.identity.contains(c)) => {
                Line::Continues { certain: false }
            }
            _ => Line::Problem,
        }
    }

    /// The column of a section's text, where the row is one.
    fn section(&self, sheet: &Sheet, row: usize, filled: &[usize], identity_covered: bool) -> Option<usize> {
        let first = *filled.first()?;
        let text = sheet.text(row, first);
        let width = sheet.merge_at(row, first).map_or(1, crate::sheet::Merge::width);
        match filled {
            [_] if width > 2 && width * 2 >= sheet.width() => Some(first),
            [_] if identity_covered => None,
            [_] if Some(first) == self.seq => (!is_number(text)).then_some(first),
            [_] => {
                let numbered =
                    enumerator(text).is_some_and(|(level, _)| level <= super::evidence::Level::HanBracket);
                let leads = first == 0 || self.seq.is_some_and(|s| first == s + 1);
                let speaks =
                    numbered || width > 1 || is_status_word(text) || super::evidence::looks_like_unit(text);
                if Some(first) == self.problem {
                    // A lonely text in the problem column heads what follows only in a numbered table, where the
                    // problems have their numbers and this has none.
                    return (self.seq_is_arabic && leads && speaks).then_some(first);
                }
                (leads && (self.problem.is_some() || speaks)).then_some(first)
            }
            [a, b] => {
                let second = sheet.text(row, *b);
                if Some(*a) == self.seq && self.seq_is_arabic && is_han_seq(text) && !identity_covered {
                    return Some(*b);
                }
                let lonely = Some(*a) != self.seq || !is_number(text);
                (lonely
                    && is_count(second)
                    && !is_number(text)
                    && !identity_covered
                    && Some(*b) != self.problem)
                    .then_some(*a)
            }
            _ => None,
        }
    }
}

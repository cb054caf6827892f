//! Texts of very many figures are read in pieces: what is compared grows with the square of their number.

use crate::figures::Mention;

/// So many figures are held against one another at most. A report of twenty pages has some five hundred of them.
pub const FIGURES_TOGETHER_MAX: usize = 1_000;

/// Where the pieces of a text begin, in code points, each with at most [`FIGURES_TOGETHER_MAX`] figures: the first at 0.
/// They are parted between paragraphs, else between sentences, else between clauses.
pub(super) fn pieces(chars: &[char], mentions: &[Mention]) -> Vec<usize> {
    let mut starts = vec![0];
    let mut from = 0;
    while mentions.len() - from > FIGURES_TOGETHER_MAX {
        // The first that no longer fits; what stands in the second half of the piece may be where it ends.
        let over = &mentions[from + FIGURES_TOGETHER_MAX];
        let half = mentions[from + FIGURES_TOGETHER_MAX / 2].end;
        let behind = |mark: char| (half..over.start).rev().find(|at| chars[*at] == mark).map(|at| at + 1);
        let cut = behind('\n').or_else(|| behind('。')).or_else(|| behind('，')).unwrap_or(over.start);
        from += mentions[from..].partition_point(|m| m.start < cut);
        starts.push(cut);
    }
    starts
}

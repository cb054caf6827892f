//! Joining small segments into larger ones. The new segment is made while others write; only putting it in the place
//! of the old ones takes a transaction.

use super::codec::Builder;
use super::{Page, Segment, add_segment, damaged, keep_state, segments, state};
use crate::{Conn, Fault, vals};
use std::ops::Range;

/// Postings of a segment that is not joined with others any more.
pub const SEGMENT_POSTINGS_MAX: i64 = 16_000_000;
/// Segments that must stand ready before they are joined.
const JOIN_FROM: usize = 4;
/// A full segment is written anew without what is gone from this share of its documents on, in hundredths.
const GONE_PERCENT: i64 = 25;

/// A segment that is to stand in the place of others.
#[derive(Debug)]
pub struct Join {
    /// Numbers of those it replaces.
    replaced: Vec<i64>,
    segment: Segment,
    pages: Vec<Page>,
}

/// Makes one segment of the small ones at the end, or of one from which much is gone; `None` when there is nothing to
/// do. Segments that together hold more than `postings_max` are left alone.
///
/// # Errors
/// Faults of the database.
pub fn prepare_join(conn: &mut Conn, postings_max: i64) -> Result<Option<Join>, Fault> {
    let all = segments(conn, "", &[])?;
    let Some(run) = worth_joining(&all, postings_max) else { return Ok(None) };
    let chosen = &all[run];
    let mut builder = Builder::default();
    let first = chosen[0].first;
    let mut starts = Vec::new();
    let mut places = 0_u32;
    for segment in chosen {
        let by = u32::try_from(segment.first - first).map_err(|_| damaged(segment.id))?;
        let moved = |number: u32, placed: bool| {
            let document = if placed { segment.document_at(number) } else { number };
            let shift = if placed { places } else { by };
            (segment.gone_documents == 0 || !segment.is_gone(document)).then_some(number + shift)
        };
        let sql = "SELECT content FROM search_page WHERE segment_id = $1 ORDER BY first_term, ordinal";
        let mut extent = segment.starts.last().copied().unwrap_or(0);
        conn.each(sql, &vals![segment.id], &mut |row| {
            builder.add_page(&row.bytes(0)?, &moved, &mut extent).ok_or_else(|| damaged(segment.id))
        })?;
        starts.extend(segment.starts.iter().map(|start| start + places));
        places = places.checked_add(extent + super::GAP).ok_or_else(|| damaged(segment.id))?;
    }
    let segment = joined(chosen, starts, builder.postings);
    let replaced = chosen.iter().map(|segment| segment.id).collect();
    Ok(Some(Join { replaced, segment, pages: builder.pages() }))
}

/// Puts a joined segment in its place. Answers `false`, and does nothing, when the old ones are no longer there.
///
/// # Errors
/// Faults of the database.
pub fn apply_join(conn: &mut Conn, join: Join) -> Result<bool, Fault> {
    let list = serde_json::json!(join.replaced).to_string();
    let these = "WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each($1))";
    let now = segments(conn, these, &vals![list])?;
    let Some(state) = state(conn)? else { return Ok(false) };
    if now.len() != join.replaced.len() {
        return Ok(false);
    }
    let mut segment = Segment { id: state.next_segment, ..join.segment };
    // What went meanwhile is still in the lists; it weighs as gone.
    for old in &now {
        let base = (old.first - segment.first) as usize;
        for at in (0..old.documents as u32).filter(|at| old.is_gone(*at)) {
            segment.gone_documents += i64::from(segment.set_gone(base + at as usize));
        }
    }
    for id in join.replaced {
        conn.exec("DELETE FROM search_page WHERE segment_id = $1", &vals![id])?;
        conn.exec("DELETE FROM search_segment WHERE id = $1", &vals![id])?;
    }
    add_segment(conn, segment, join.pages)?;
    keep_state(conn, super::State { next_segment: state.next_segment + 1, ..state })?;
    Ok(true)
}

/// The stretch of numbers of all of them. The numbers of gone documents stay as holes, their bits set; they were left
/// out of the lists, so they no longer weigh.
fn joined(chosen: &[Segment], starts: Vec<u32>, postings: i64) -> Segment {
    let first = chosen[0].first;
    let end = chosen.last().map_or(first, |last| last.first + last.documents);
    let documents = (end - first) as usize;
    let mut whole = Segment {
        id: 0,
        first,
        documents: documents as i64,
        postings,
        gone_documents: 0,
        days: vec![0; documents * 2],
        starts,
        gone: vec![0; documents.div_ceil(8)],
    };
    for segment in chosen {
        let base = (segment.first - first) as usize;
        whole.days[base * 2..base * 2 + segment.days.len()].copy_from_slice(&segment.days);
        for at in (0..segment.documents as u32).filter(|at| segment.is_gone(*at)) {
            whole.set_gone(base + at as usize);
        }
    }
    whole
}

/// The newest segments, as long as each is not much larger than all behind it together; else one that is half empty.
fn worth_joining(all: &[Segment], postings_max: i64) -> Option<Range<usize>> {
    let mut from = all.len();
    let mut sum = 0;
    while from > 0 {
        let next = all[from - 1].postings;
        if sum > 0 && next > 2 * sum || sum + next > postings_max {
            break;
        }
        (from, sum) = (from - 1, sum + next);
    }
    if all.len() - from >= JOIN_FROM {
        return Some(from..all.len());
    }
    let stale =
        |s: &Segment| s.gone_documents * 100 > s.documents * GONE_PERCENT && s.postings <= postings_max;
    all.iter().position(stale).map(|at| at..at + 1)
}

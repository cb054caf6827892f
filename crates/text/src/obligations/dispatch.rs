//! A paragraph that hands out work: several bodies are named, one behind the other, with what each has to do.

use super::clause::{Clause, Role};
use crate::deadline::Sort;

/// From how many clauses that name somebody and what he does on a paragraph hands out work.
const DISPATCHED: usize = 2;

/// Reads the clauses of a paragraph once more, by all of them: what somebody named has to do is asked whatever its verb.
pub(super) fn dispatch(chars: &[char], read: &mut [Vec<Clause>]) {
    let dispatched = dispatches(chars, read);
    for clauses in read {
        for at in 0..clauses.len() {
            let leads_on = clauses.get(at + 1).is_some_and(|next| follows_from(chars, &clauses[at], next));
            clauses[at].owed(chars, dispatched, leads_on);
        }
    }
}

/// Whether the next clause says what is done behind this one: it names nobody, and only one of them says by when.
fn follows_from(chars: &[char], clause: &Clause, next: &Clause) -> bool {
    let limit = |c: &Clause| c.time.as_ref().is_some_and(|t| t.sort > Sort::Open) || c.rhythm.is_some();
    // 对走过场的当面指出: of something else.
    let other = limit(clause) && matches!(chars.get(next.front), Some('对' | '能' | '凡' | '该'));
    next.role == Role::Act
        && next.subject.is_none()
        && !next.modal
        && !other
        && !(limit(clause) && limit(next))
}

/// Whether a paragraph hands out work: several bodies are named with what each does.
fn dispatches(chars: &[char], read: &[Vec<Clause>]) -> bool {
    let does = |c: &Clause| c.role == Role::Act || c.due.is_some() || chars.get(c.head) == Some(&'把');
    let dated = |c: &Clause| c.time.as_ref().is_some_and(|t| t.settled() && t.end <= c.front);
    let charged = |c: &&Clause| c.subject.is_some() && (does(c) || dated(c)) && !c.done(chars);
    read.iter().flatten().filter(charged).count() >= DISPATCHED
}

/// Whether a clause counts what was done, behind one that tells of something done and with nothing asked between them.
pub(super) fn goes_on_telling(chars: &[char], clauses: &[Clause], at: usize) -> bool {
    let clause = &clauses[at];
    let free = |c: &Clause| !c.modal && c.time.is_none() && c.rhythm.is_none();
    let counted = chars[clause.front..clause.end].iter().any(char::is_ascii_digit);
    clause.role == Role::Act
        && clause.subject.is_none()
        && free(clause)
        && counted
        && at > 0
        && free(&clauses[at - 1])
        && clauses[at - 1].done(chars)
}

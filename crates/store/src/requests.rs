//! Requests that were answered of late, as the writer remembers them: a second click is told from memory, and a first
//! one need not be looked for in the journal.

use bihuan_domain::Instant;
use bihuan_domain::id::PersonId;
use std::collections::HashMap;

/// Requests remembered at most; beyond, all are forgotten and the journal is asked again.
pub(crate) const REQUESTS_MAX: usize = 10_000;

/// Entries are stamped before their turn to be written, by clocks that may differ so much.
pub(crate) const CLOCK_MARGIN_SECONDS: i64 = 60;

/// What a person asked: the person, the kind of the subject, the digest of the request.
type Asked = (i64, String, String);

/// An entry that a request left.
#[derive(Clone, Copy, Debug)]
struct Left {
    at: Instant,
    seq: i64,
    subject_id: i64,
}

/// All requests that left an entry from a moment on.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    complete_from: Option<Instant>,
    left: HashMap<Asked, Vec<Left>>,
    count: usize,
}

impl Requests {
    /// An entry was written, with or without a request. The first one begins the memory.
    pub(crate) fn wrote(&mut self, at: Instant) {
        if self.complete_from.is_none() || self.count >= REQUESTS_MAX {
            *self = Requests::default();
            self.complete_from = Some(at.plus_seconds(CLOCK_MARGIN_SECONDS));
        }
    }

    /// A request left an entry on a subject.
    pub(crate) fn left(
        &mut self,
        person: PersonId,
        (kind, subject_id): (&str, i64),
        digest: &str,
        (seq, at): (i64, Instant),
    ) {
        let asked = (person.0, kind.to_owned(), digest.to_owned());
        self.left.entry(asked).or_default().push(Left { at, seq, subject_id });
        self.count += 1;
    }

    /// Every request since then is remembered.
    pub(crate) fn reaches_to(&self, since: Instant) -> bool {
        self.complete_from.is_some_and(|from| from <= since)
    }

    /// The newest entry since then that the same request left on the subject, or with subject 0 on any of the kind:
    /// its number and subject.
    pub(crate) fn find(
        &self,
        person: PersonId,
        (kind, id): (&str, i64),
        digest: &str,
        since: Instant,
    ) -> Option<(i64, i64)> {
        let left = self.left.get(&(person.0, kind.to_owned(), digest.to_owned()))?;
        let same = |left: &&Left| {
            left.at >= since && if id == 0 { left.subject_id != 0 } else { left.subject_id == id }
        };
        left.iter().filter(same).max_by_key(|left| left.seq).map(|left| (left.seq, left.subject_id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: PersonId = PersonId(1);

    fn at(second: i64) -> Instant {
        Instant::from_micros(1_700_000_000_000_000).plus_seconds(second)
    }

    #[test]
    fn only_what_was_written_since_the_memory_began_is_told_from_it() {
        let mut requests = Requests::default();
        assert!(!requests.reaches_to(at(1_000)));
        requests.wrote(at(0));
        requests.left(ANNA, ("problem", 7), "aa", (1, at(0)));
        requests.wrote(at(30));
        assert!(!requests.reaches_to(at(CLOCK_MARGIN_SECONDS - 1)));
        assert!(requests.reaches_to(at(CLOCK_MARGIN_SECONDS)));
    }

    #[test]
    fn a_request_is_the_same_by_person_kind_subject_digest_and_time() {
        let mut requests = Requests::default();
        requests.wrote(at(0));
        requests.left(ANNA, ("problem", 7), "aa", (1, at(100)));
        requests.left(ANNA, ("problem", 8), "aa", (2, at(101)));
        assert_eq!(requests.find(ANNA, ("problem", 7), "aa", at(100)), Some((1, 7)));
        assert_eq!(requests.find(ANNA, ("problem", 0), "aa", at(100)), Some((2, 8)));
        assert_eq!(requests.find(ANNA, ("problem", 7), "aa", at(101)), None);
        assert_eq!(requests.find(ANNA, ("slip", 7), "aa", at(100)), None);
        assert_eq!(requests.find(ANNA, ("problem", 7), "bb", at(100)), None);
        assert_eq!(requests.find(PersonId(2), ("problem", 7), "aa", at(100)), None);
    }

    #[test]
    fn a_full_memory_begins_anew() {
        let mut requests = Requests::default();
        requests.wrote(at(0));
        for n in 0..REQUESTS_MAX as i64 {
            requests.wrote(at(1));
            requests.left(ANNA, ("problem", n + 1), "aa", (n, at(1)));
        }
        assert!(requests.reaches_to(at(100)));
        requests.wrote(at(100));
        assert!(!requests.reaches_to(at(100)));
        assert_eq!(requests.find(ANNA, ("problem", 1), "aa", at(0)), None);
    }
}

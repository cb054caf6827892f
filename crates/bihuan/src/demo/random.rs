//! Chance that comes out the same on every machine.

use bihuan_store::bench::Seeded;

/// A generator of choices.
#[derive(Debug)]
pub struct Random(Seeded);

impl Random {
    /// From a seed.
    pub fn new(seed: u64) -> Random {
        Random(Seeded::new(seed))
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.0.below((high - low + 1).max(1))
    }

    /// True in `percent` of all cases.
    pub fn chance(&mut self, percent: i64) -> bool {
        self.0.below(100) < percent
    }

    /// One of the list.
    ///
    /// # Panics
    /// When the list is empty: the county's data is checked by a test.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.0.below(list.len() as i64) as usize]
    }
}

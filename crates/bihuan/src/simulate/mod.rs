//! A simulated county under supervision: its people sign, work, answer, forget and hand over by chance, through the same
//! use cases as people; a seeded clock moves from day to day. After every run of the ladder three promises are checked:
//! nobody got two digests of a day, no overdue item lacks its slip, and every slip's cause was true when it was sent.

mod figures;
mod life;
mod world;

pub use figures::Figures;

use crate::exit::Failure;
use bihuan_domain::Day;
use bihuan_store::db::{DbOptions, Target};
use bihuan_store::{Db, migrate};
use world::World;

/// What is to be played.
#[derive(Debug, Clone, Copy)]
pub struct Outline {
    /// Days, from 2024-03-04 on.
    pub days: i32,
    /// Units, the county and its office among them.
    pub units: i64,
    /// The seed of everything that is left to chance.
    pub seed: u64,
}

/// Hours of a day at which the program takes its turn; the last lies in the quiet hours.
const TURNS: [i64; 3] = [8, 14, 21];
/// The hour at which people work.
const WORK_HOUR: i64 = 10;

/// Plays all days in a database of its own, which goes afterwards.
///
/// # Errors
/// Faults of the database; a use case that refuses what the play does not expect.
pub fn run(outline: Outline) -> Result<Figures, Failure> {
    let folder = tempfile::tempdir().map_err(|error| Failure::Fault(error.to_string()))?;
    let db = Db::open(&Target::Sqlite(folder.path().join("simulation.db")), &DbOptions::default())?;
    migrate::migrate(&db)?;
    run_in(db, outline)
}

/// Plays all days in an empty, migrated database.
///
/// # Errors
/// As [`run`].
pub fn run_in(db: Db, outline: Outline) -> Result<Figures, Failure> {
    let started = std::time::Instant::now();
    let first = Day::from_ymd(2024, 3, 4).ok_or_else(|| Failure::Fault("no first day".to_owned()))?;
    let mut world = World::found(db, outline, first)?;
    let mut figures =
        Figures { days: outline.days, units: outline.units, seed: outline.seed, ..Figures::default() };
    for offset in 0..outline.days {
        let day = first.plus_days(offset);
        for hour in TURNS {
            let now = day.starts_at().plus_seconds(hour * 3600);
            let turn = world.app.turn(now, "simulation").map_err(Failure::from)?;
            figures.take(&turn);
            if turn.ladder.is_some() {
                figures.check(&world, now)?;
            }
            if hour == TURNS[0] {
                let at = day.starts_at().plus_seconds(WORK_HOUR * 3600);
                life::work(&mut world, at, &mut figures)?;
            }
        }
    }
    figures.count(&world)?;
    figures.seconds = started.elapsed().as_secs_f64();
    Ok(figures)
}

//! What will become of each made-up problem, and when.

use super::random::Random;
use super::texts::Words;
use bihuan_domain::id::{CampaignId, ProblemId};
use bihuan_domain::{Day, Instant};

/// The turn a problem takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// From registration to a closure that holds.
    Plain,
    /// The screening wants it clearer first.
    Returned,
    /// Not taken up.
    Dropped,
    /// The unit gives the assignment back.
    GivenBack,
    /// The checker sends it back this often.
    SentBack(u8),
    /// More time is asked for; granted or not.
    Extension(bool),
    /// A superior is asked, who accepts, refuses or has not answered.
    HandUp(Answer),
    /// Goes into the problem before it.
    Merged,
    /// Becomes two.
    Split,
    /// Handed to somebody outside.
    Transferred,
    /// Never quite over.
    Standing,
    /// Nothing happens after the signature.
    Stalled,
    /// Nobody signs for it.
    Unsigned,
    /// The colour is set by hand.
    Overridden,
    /// Somebody objects to the closure.
    Objected,
    /// It was not true.
    NotTrue,
    /// It could not be solved.
    Unsolved,
    /// The look-back finds it again.
    Rebound,
    /// The office opens it again.
    Reopened,
}

/// A superior's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Accepts,
    Refuses,
    Waits,
}

/// Fates by the number of the problem, again from the start after the last.
pub const FATES: [Fate; 50] = [
    Fate::Plain,
    Fate::Plain,
    Fate::SentBack(1),
    Fate::Standing,
    Fate::Plain,
    Fate::Stalled,
    Fate::Extension(true),
    Fate::Plain,
    Fate::Returned,
    Fate::Plain,
    Fate::Merged,
    Fate::Plain,
    Fate::Rebound,
    Fate::Plain,
    Fate::HandUp(Answer::Accepts),
    Fate::SentBack(1),
    Fate::Plain,
    Fate::Stalled,
    Fate::Plain,
    Fate::NotTrue,
    Fate::Standing,
    Fate::Plain,
    Fate::Extension(false),
    Fate::GivenBack,
    Fate::Plain,
    Fate::Unsigned,
    Fate::SentBack(3),
    Fate::Plain,
    Fate::Objected,
    Fate::Plain,
    Fate::Unsolved,
    Fate::Plain,
    Fate::Overridden,
    Fate::Split,
    Fate::HandUp(Answer::Refuses),
    Fate::Plain,
    Fate::Stalled,
    Fate::Plain,
    Fate::Standing,
    Fate::Reopened,
    Fate::Plain,
    Fate::Dropped,
    Fate::SentBack(2),
    Fate::Plain,
    Fate::Transferred,
    Fate::Plain,
    Fate::HandUp(Answer::Waits),
    Fate::Extension(true),
    Fate::Plain,
    Fate::Rebound,
];

/// The next thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Register,
    ScreenOne,
    Resubmit,
    ScreenTwo,
    Assign,
    GiveBack,
    Sign,
    Plan,
    Progress,
    HandUp,
    AnswerHandUp,
    FinishHandUp,
    AskExtension,
    DecideExtension,
    Override,
    Prove,
    Report,
    Check,
    Object,
    Close,
    LookBack,
    Reopen,
}

/// Where the people of a problem sit: index of a township or of a department.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seat {
    Town(usize),
    Dept(usize),
}

/// One problem's life.
#[derive(Debug)]
pub struct Life {
    /// Its words.
    pub words: Words,
    /// Its turn.
    pub fate: Fate,
    /// Who owes it.
    pub seat: Seat,
    /// The branch that leads, by index, where it is not the unit itself.
    pub branch: Option<usize>,
    /// Index of the checking department.
    pub checker: usize,
    /// Index of the assisting department.
    pub assisting: Option<usize>,
    /// An inspector registers it for the county.
    pub by_inspector: bool,
    /// Its number in the store, once registered.
    pub id: Option<ProblemId>,
    /// Its number in the campaign.
    pub number: i64,
    /// When it is due.
    pub due: Option<Day>,
    /// What happens next.
    pub stage: Stage,
    /// Times a turn was taken: send-backs, objections.
    pub turns: u8,
    /// Rounds begun.
    pub round: u8,
    /// Its own chance.
    pub random: Random,
    /// Another campaign than the county's, with the strand.
    pub elsewhere: Option<(CampaignId, String)>,
}

/// A moment of a working day, `low` to `high` days after `at`.
pub fn later(at: Instant, low: i64, high: i64, random: &mut Random) -> Instant {
    let days = random.between(low, high);
    if days == 0 {
        return at.plus_seconds(random.between(600, 5_400));
    }
    working_moment(at.day_in_china().plus_days(days as i32), random)
}

/// A moment between half past eight and half past five of `day`, or of the Monday after it.
pub fn working_moment(day: Day, random: &mut Random) -> Instant {
    let day = match day.days_after_monday() {
        5 => day.plus_days(2),
        6 => day.plus_days(1),
        _ => day,
    };
    day.starts_at().plus_seconds(8 * 3_600 + 1_800 + random.between(0, 9 * 3_600))
}

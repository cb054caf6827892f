//! Red, yellow, green 红黄绿: derived from dates and returns, never stored as such.

use crate::Day;
use crate::campaign::CampaignRules;
use serde::{Deserialize, Serialize};

crate::coded! {
    /// The colour of an open problem.
    Colour ("颜色") {
        /// Late, or sent back too often.
        Red = "red", "红";
        /// Due soon.
        Yellow = "yellow", "黄";
        /// In time, or without a date by its nature (长期坚持).
        Green = "green", "绿";
    }
}

/// A colour set against the dates: by rule (returns) or by a person, who gives a reason and an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForcedColour {
    /// The colour.
    pub colour: Colour,
    /// Last day it holds; `None` while its cause lasts (returns).
    pub until: Option<Day>,
}

/// The colour of an open problem on `today`.
///
/// Red when `clock_day` (the nearest day on which something of it is due) has passed, yellow from `yellow_days`
/// before it, green otherwise or without a day. A forced colour goes before the dates while it holds.
pub fn colour_on(
    today: Day,
    clock_day: Option<Day>,
    forced: Option<ForcedColour>,
    yellow_days: i32,
) -> Colour {
    if let Some(forced) = forced
        && forced.until.is_none_or(|until| today <= until)
    {
        return forced.colour;
    }
    match clock_day {
        Some(day) if day < today => Colour::Red,
        Some(day) if day <= today.plus_days(yellow_days) => Colour::Yellow,
        _ => Colour::Green,
    }
}

/// The rule in one Chinese sentence, for the page.
pub fn rule_sentence(rules: &CampaignRules) -> String {
    let returns = if rules.red_after_send_backs > 0 {
        format!("，或被退回{}次及以上", rules.red_after_send_backs)
    } else {
        String::new()
    };
    format!(
        "红：整改时限（或任一未完成措施的时限）已过{returns}；黄：距时限不足{}天（含当天）；绿：其余在办问题。\
         人工调整须写明理由和截止日，到期自动恢复。",
        rules.yellow_days
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_arithmetic_on_days() {
        let today = Day::from_ymd(2024, 5, 10).expect("a day");
        let on = |offset: i32| colour_on(today, Some(today.plus_days(offset)), None, 7);
        assert_eq!(on(-1), Colour::Red);
        assert_eq!(on(0), Colour::Yellow);
        assert_eq!(on(7), Colour::Yellow);
        assert_eq!(on(8), Colour::Green);
        assert_eq!(colour_on(today, None, None, 7), Colour::Green);
    }

    #[test]
    fn an_override_ends_by_itself() {
        let today = Day::from_ymd(2024, 5, 10).expect("a day");
        let forced = |until| Some(ForcedColour { colour: Colour::Green, until });
        let late = Some(today.plus_days(-3));
        assert_eq!(colour_on(today, late, forced(Some(today)), 7), Colour::Green);
        assert_eq!(colour_on(today, late, forced(Some(today.plus_days(-1))), 7), Colour::Red);
        assert_eq!(colour_on(today, late, forced(None), 7), Colour::Green);
    }
}

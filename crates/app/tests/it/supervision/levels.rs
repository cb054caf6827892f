//! Spread between levels and between siblings, and numbers that open to their rows (M31).

use super::{day, person, staffed};
use bihuan_app::imbalance::{Aspect, ImbalanceLine};
use bihuan_app::problem::{ReasonInput, VerifyInput};
use bihuan_domain::id::CampaignId;
use bihuan_domain::unit::Level;
use bihuan_testkit::on_each_engine;

fn of(lines: &[ImbalanceLine], level: Level) -> &ImbalanceLine {
    lines.iter().find(|line| line.level == Some(level)).unwrap()
}

#[test]
fn each_level_counts_its_own_units_and_levels_differ_where_work_grows_cold_downwards_m31() {
    on_each_engine(|t| {
        let f = staffed(t);
        for _ in 0..10 {
            f.assigned("YX01", "YX-SL", day(1));
            f.assigned("YX-CZ", "YX-SL", day(35));
        }
        let village = f.assigned("YX0101", "YX-SL", day(1));
        f.report_done(village, day(5));
        let town = f.assigned("YX02", "YX-SL", day(1));
        f.report_done(town, day(5));
        let back = ReasonInput { reason: "现场没有看到".to_owned() };
        f.app.send_back(&person(&f, 7, day(6)), town, None, back).unwrap();
        let seen = || VerifyInput {
            outcome: "closed_unsolved".to_owned(),
            truth: "true".to_owned(),
            note: "已到现场核对，情况与报告一致".to_owned(),
        };
        f.app.verify(&person(&f, 7, day(6)), village, None, seen()).unwrap();
        let found = f.app.imbalance(&person(&f, 1, day(40)), CampaignId(1), Some(f.unit("YX").id)).unwrap();
        let (county, township) = (of(&found.levels, Level::County), of(&found.levels, Level::Township));
        assert_eq!(county.share(Aspect::Late).per_mille(), Some(0));
        let late = township.share(Aspect::Late);
        assert_eq!((late.part, late.whole), (11, 11), "ten and the one that was sent back");
        let spread = found.spread_of_levels(Aspect::Late).unwrap();
        assert_eq!((spread.units, spread.low, spread.middle, spread.high), (2, 0, 500, 1000));
        // A flow is counted at every unit above; each level has only its own.
        let flows = |level| of(&found.levels, level).share(Aspect::SentBack);
        assert_eq!((flows(Level::Township).part, flows(Level::Township).whole), (1, 1));
        assert_eq!((flows(Level::Village).part, flows(Level::Village).whole), (0, 1));
        assert_eq!((flows(Level::County).part, flows(Level::County).whole), (0, 0));
        let opened = found.rows(of(&found.levels, Level::Township), Aspect::SentBack).unwrap();
        assert_eq!(f.app.ledger(&person(&f, 1, day(40)), &opened).unwrap().total, 1);
        let covered = of(&found.levels, Level::Village).share(Aspect::Coverage);
        assert_eq!((covered.part, covered.whole), (0, 3), "every village, none visited");
        assert!(found.spread(Aspect::Rebounds).is_none(), "nothing was looked at");
        let rows =
            f.app.ledger(&person(&f, 1, day(40)), &found.rows(township, Aspect::Late).unwrap()).unwrap();
        assert_eq!(rows.total, 11, "the number of a level opens exactly its rows");
    });
}

#[test]
fn send_backs_are_a_share_of_verdicts_and_never_more_than_all_m31() {
    on_each_engine(|t| {
        let f = staffed(t);
        let town = f.assigned("YX01", "YX-SL", day(1));
        // Reported before the days that count, sent back within them, then once more.
        f.report_done(town, day(5));
        let back = || ReasonInput { reason: "现场没有看到".to_owned() };
        f.app.send_back(&person(&f, 7, day(100)), town, None, back()).unwrap();
        f.report_done(town, day(101));
        f.app.send_back(&person(&f, 7, day(102)), town, None, back()).unwrap();
        let share = |on: i32| {
            let found =
                f.app.imbalance(&person(&f, 1, day(on)), CampaignId(1), Some(f.unit("YX").id)).unwrap();
            let line =
                found.siblings.iter().find(|line| line.unit == Some(f.unit("YX01").id)).unwrap().clone();
            let rows = f.app.ledger(&person(&f, 1, day(on)), &found.rows(&line, Aspect::SentBack).unwrap());
            let share = line.share(Aspect::SentBack);
            assert_eq!(rows.unwrap().total, share.part, "the number opens its rows");
            (share.part, share.whole)
        };
        assert_eq!(share(190), (2, 2), "all verdicts, and not two of one report");
        f.report_done(town, day(200));
        let seen = VerifyInput {
            outcome: "closed_unsolved".to_owned(),
            truth: "true".to_owned(),
            note: "已到现场核对，情况与报告一致".to_owned(),
        };
        f.app.verify(&person(&f, 7, day(201)), town, None, seen).unwrap();
        assert_eq!(share(210), (2, 3));
        assert_eq!(share(281), (1, 2), "half a year later the first is forgotten");
    });
}

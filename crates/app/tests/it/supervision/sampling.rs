//! The sample by rule: stratified, by people without a part; rates with sample size and interval, opened to their items
//! (M23).

use super::{day, person, reverse_check, staffed};
use crate::support::Fixture;
use bihuan_app::draw::DrawInput;
use bihuan_app::look_back::{FileLookBackInput, LOOK_BACK_ROWS, LookBackQuery};
use bihuan_domain::campaign::CampaignRules;
use bihuan_domain::id::{CampaignId, DrawId, LookBackId, ProblemId};
use bihuan_domain::look_back::LookBackResult;
use bihuan_domain::problem::{Draft, ImportedState};
use bihuan_domain::role::Role;
use bihuan_testkit::on_each_engine;

/// Problems of a unit that were closed before the campaign's ledger came in.
fn closed_at(f: &Fixture, code: &str, count: usize) -> Vec<ProblemId> {
    let unit = f.unit(code);
    (0..count)
        .map(|n| {
            let (unit, ctx) = (unit.clone(), f.ctx(Role::Office, "JZ", day(1)));
            f.db.write(move |conn| -> Result<ProblemId, bihuan_app::Error> {
                let draft = Draft {
                    campaign_id: CampaignId(1),
                    unit_id: unit.id,
                    unit_path: unit.path,
                    text: format!("第{n}处井盖缺失"),
                    category: "livelihood".to_owned(),
                    source: "self-check".to_owned(),
                    ..Draft::default()
                };
                let state = Some(ImportedState::ClosedBefore);
                let done = bihuan_app::problem::register_draft(
                    conn,
                    &ctx,
                    &CampaignRules::default(),
                    draft,
                    state,
                    None,
                )?;
                Ok(done.problem.id)
            })
            .unwrap()
        })
        .collect()
}

fn drawn(f: &Fixture, sent: DrawInput) -> DrawId {
    let office = person(f, 1, day(60));
    let id = f.app.commit_draw(&office, sent).unwrap();
    let version = f.app.draw(&office, id).unwrap().draw.version;
    f.app.open_draw(&office, id, version).unwrap();
    id
}

fn at_once() -> DrawInput {
    DrawInput { method: "at_once".to_owned(), public_source: String::new(), ..DrawInput::default() }
}

fn check(f: &Fixture, percent: &str) -> DrawInput {
    DrawInput {
        percent: percent.to_owned(),
        layering: "unit".to_owned(),
        method: at_once().method,
        public_source: String::new(),
        ..reverse_check(f, day(60))
    }
}

fn file(f: &Fixture, who: i64, id: LookBackId, result: &str) {
    let sent =
        FileLookBackInput { result: result.to_owned(), note: "到现场看过".to_owned(), answers: vec![] };
    f.app.file_look_back(&person(f, who, day(60)), id, sent).unwrap();
}

#[test]
fn the_sample_takes_its_share_of_every_layer_after_the_days_of_the_rule_m23() {
    on_each_engine(|t| {
        let f = staffed(t);
        closed_at(&f, "YX01", 12);
        closed_at(&f, "YX02", 3);
        let early = f.app.prepare_draw(&person(&f, 1, day(20)), &check(&f, "25")).unwrap();
        assert_eq!(early.refusal.unwrap().code, "draw_without_candidates", "not closed for 30 days");
        let id = drawn(&f, check(&f, "25"));
        let view = f.app.draw(&person(&f, 1, day(60)), id).unwrap();
        let sizes: Vec<(&str, u32)> =
            view.plan.strata.iter().map(|one| (one.name.as_str(), one.size)).collect();
        assert_eq!(sizes, [("石桥镇", 3), ("柳湾乡", 1)], "a quarter of each layer, rounded up");
        let found = view.drawn.unwrap();
        for stratum in &view.plan.strata {
            let n = found.iter().filter(|one| one.stratum == stratum.code).count();
            assert_eq!(u32::try_from(n).unwrap(), stratum.size, "{}", stratum.name);
        }
        // The inspector who belongs to 石桥镇 never looks at its problems.
        let own = f.unit("YX01").id.0;
        for one in &found {
            let candidate = view.plan.candidates.iter().find(|c| c.id == one.id).unwrap();
            assert!(!candidate.doing.contains(&own) || !one.examiners.contains(&4), "{one:?}");
        }
    });
}

#[test]
fn rates_of_a_unit_come_with_their_sample_and_interval_and_open_to_their_items_m23() {
    on_each_engine(|t| {
        let f = staffed(t);
        closed_at(&f, "YX01", 12);
        closed_at(&f, "YX02", 2);
        drawn(&f, check(&f, "100"));
        let office = person(&f, 1, day(60));
        let ask = |unit: &str, results: Vec<LookBackResult>| {
            let query = LookBackQuery { unit: Some(f.unit(unit).id), results, ..LookBackQuery::default() };
            f.app.look_backs(&office, CampaignId(1), &query).unwrap()
        };
        for (n, line) in ask("YX", vec![LookBackResult::Pending]).lines.iter().enumerate() {
            let who = line.duty.as_ref().unwrap().person_id.0;
            let town = line.problem.home_unit_id == f.unit("YX01").id;
            file(&f, who, line.look_back.id, if town && n < 3 { "slipped_back" } else { "holds" });
        }
        let view = ask("YX", vec![]);
        let line = |code: &str| view.units.iter().find(|line| line.unit.code == code).unwrap().reliability;
        let town = line("YX01");
        assert_eq!((town.checked(), town.slipped_back, town.rebound_per_mille()), (12, 3, Some(250)));
        let held = town.held().unwrap();
        // Wilson's interval of 9 of 12: 46.8 % to 91.1 %.
        assert_eq!((held.share, held.low, held.high), (750, 468, 911));
        assert!(line("YX02").held().is_none(), "two are no sample");
        let rebounds = ask("YX01", vec![LookBackResult::SlippedBack, LookBackResult::NeverTrue]);
        assert_eq!((rebounds.lines.len(), rebounds.total), (3, 3), "the number opens exactly its items");
        f.no_drift();
    });
}

#[test]
fn a_long_list_of_look_backs_comes_in_pages_m23() {
    on_each_engine(|t| {
        let f = staffed(t);
        let rows = usize::try_from(LOOK_BACK_ROWS).unwrap();
        closed_at(&f, "YX01", rows + 3);
        drawn(&f, check(&f, "100"));
        let office = person(&f, 1, day(60));
        let page = |page: i64| {
            let query = LookBackQuery { page, ..LookBackQuery::default() };
            f.app.look_backs(&office, CampaignId(1), &query).unwrap()
        };
        let (first, second) = (page(1), page(2));
        assert_eq!((first.lines.len(), second.lines.len()), (rows, 3));
        assert_eq!((first.total, second.total), (LOOK_BACK_ROWS + 3, LOOK_BACK_ROWS + 3));
        assert!(page(3).lines.is_empty() && page(-1).lines.len() == rows);
        let last = first.lines.last().unwrap().look_back.id;
        assert!(second.lines.iter().all(|line| line.look_back.id > last), "no row stands twice");
    });
}

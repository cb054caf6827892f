//! What the writer remembers and readers keep never outlives what it was read from (M05).

use bihuan_domain::campaign::{AuthorityBasis, Campaign, CampaignState};
use bihuan_domain::id::{CampaignId, PersonId, RequiredActionId, UnitId};
use bihuan_domain::required_action::{Cadence, Part, Proof, QuantityUnit, Rule, SubjectKind};
use bihuan_domain::scope::Scope;
use bihuan_domain::unit::{Level, Unit, UnitKind, UnitPath};
use bihuan_domain::{Day, Instant};
use bihuan_store::db::{Conn, Db, DbOptions};
use bihuan_store::fault::Fault;
use bihuan_store::journal::{self, NewEntry, Stamp, Write};
use bihuan_store::required_action::{
    ActionRow, Asked, VersionRow, ground, holding_for, of_campaign, overview,
};
use bihuan_store::{campaign, unit_tree, vals};
use bihuan_testkit::on_each_engine;

const TOP: UnitId = UnitId(1);
const CAMPAIGN: CampaignId = CampaignId(1);

fn day() -> Day {
    Day::from_ymd(2024, 3, 1).unwrap()
}

fn append(conn: &mut Conn, writes: Vec<Write>) -> Result<i64, Fault> {
    let stamp = Stamp { at: day().starts_at(), source_address: "console".to_owned(), ..Stamp::default() };
    let entry =
        NewEntry { action: "test.written".to_owned(), subject_kind: "test", writes, ..NewEntry::default() };
    journal::append(conn, &stamp, vec![entry])
}

fn unit(name: &str) -> Unit {
    Unit {
        id: TOP,
        code: "1".to_owned(),
        name: name.to_owned(),
        short_names: String::new(),
        kind: UnitKind::Territory,
        level: Level::County,
        sector: String::new(),
        line: String::new(),
        parent_id: None,
        path: UnitPath::root(TOP),
        official_order: 1,
        created_day: day(),
        closed_day: None,
        successor_id: None,
        version: 1,
    }
}

fn running() -> Campaign {
    Campaign {
        id: CAMPAIGN,
        code: "one".to_owned(),
        name: "作风整治".to_owned(),
        office_unit_id: TOP,
        basis: AuthorityBasis::Decision,
        authority: "县委".to_owned(),
        document: "方案".to_owned(),
        scope: "全县".to_owned(),
        state: CampaignState::Running,
        starts_day: day(),
        ends_day: None,
        template_text: String::new(),
        follows_id: None,
        version: 1,
    }
}

fn rule(id: i64) -> Vec<Write> {
    let rule = Rule {
        name: format!("动作{id}"),
        basis: String::new(),
        strand: String::new(),
        subject: SubjectKind::Unit,
        scope: Scope { subtree: Some(TOP), with_root: true, ..Scope::default() },
        posts: Vec::new(),
        leads_only: false,
        kinds: vec!["study".to_owned()],
        each_kind: false,
        part: Part::Any,
        cadence: Cadence::Month,
        from_day: day(),
        to_day: None,
        quantity: 1,
        unit: QuantityUnit::Times,
        proof: Proof::Record,
        grace_working_days: 0,
    };
    let row = ActionRow {
        id: RequiredActionId(id),
        campaign_id: CAMPAIGN,
        code: String::new(),
        owner_unit_id: TOP,
        upper_id: None,
        subject: SubjectKind::Unit,
        ordinal: id,
        version: 1,
    };
    let version = VersionRow {
        rule_id: row.id,
        number: 1,
        from_day: day(),
        until_day: None,
        definition: serde_json::to_string(&rule).unwrap(),
        added: "[]".to_owned(),
        reason: String::new(),
        issued_by: PersonId(1),
        issued_at: Instant::default(),
    };
    vec![Write::insert(&row), Write::insert(&version)]
}

/// What the writer believes, asked as recording does it: with the journal locked.
fn believed(db: &Db) -> (usize, String, String) {
    db.write(|conn| {
        journal::lock_head(conn)?;
        let rules = holding_for(conn, &UnitPath::root(TOP))?.len();
        let unit = ground(conn, TOP)?.unit.clone().map(|unit| unit.name).unwrap_or_default();
        let campaign = campaign::by_id(conn, CAMPAIGN)?.map(|campaign| campaign.name).unwrap_or_default();
        Ok::<_, Fault>((rules, unit, campaign))
    })
    .unwrap()
}

fn planted(db: &Db) {
    db.write(|conn| {
        let mut writes = vec![Write::insert(&unit("云溪县")), Write::insert(&running())];
        writes.extend(rule(1));
        append(conn, writes)
    })
    .unwrap();
}

fn believes(rules: usize, unit: &str, campaign: &str) -> (usize, String, String) {
    (rules, unit.to_owned(), campaign.to_owned())
}

#[test]
fn the_writer_forgets_what_its_own_change_made_untrue() {
    on_each_engine(|t| {
        planted(&t.db);
        assert_eq!(believed(&t.db), believes(1, "云溪县", "作风整治"));
        t.db.write(|conn| append(conn, rule(2))).unwrap();
        assert_eq!(believed(&t.db), believes(2, "云溪县", "作风整治"));
        let renamed = Unit { version: 2, ..unit("新云溪县") };
        t.db.write(move |conn| append(conn, Write::update(&unit("云溪县"), &renamed).into_iter().collect()))
            .unwrap();
        let other = Campaign { name: "安全整治".to_owned(), ..running() };
        t.db.write(move |conn| append(conn, Write::update(&running(), &other).into_iter().collect()))
            .unwrap();
        assert_eq!(believed(&t.db), believes(2, "新云溪县", "安全整治"));
    });
}

#[test]
fn the_writer_forgets_what_was_rolled_back() {
    on_each_engine(|t| {
        planted(&t.db);
        let failed: Result<(), Fault> = t.db.write(|conn| {
            append(conn, rule(2))?;
            journal::lock_head(conn)?;
            assert_eq!(holding_for(conn, &UnitPath::root(TOP))?.len(), 2, "its own change is seen");
            Err(Fault::misuse("not after all"))
        });
        failed.unwrap_err();
        assert_eq!(believed(&t.db).0, 1);
        t.db.write(|conn| {
            let undone: Result<(), Fault> = conn.attempt(|conn| {
                append(conn, rule(2))?;
                holding_for(conn, &UnitPath::root(TOP))?;
                Err(Fault::misuse("not after all"))
            });
            undone.unwrap_err();
            journal::lock_head(conn)?;
            assert_eq!(
                holding_for(conn, &UnitPath::root(TOP))?.len(),
                1,
                "after a savepoint was rolled back"
            );
            Ok::<_, Fault>(())
        })
        .unwrap();
    });
}

#[test]
fn the_writer_forgets_what_another_process_changed() {
    on_each_engine(|t| {
        planted(&t.db);
        let other = Db::open(&t.target, &DbOptions::default()).unwrap();
        assert_eq!(believed(&t.db).0, 1);
        other.write(|conn| append(conn, rule(2))).unwrap();
        assert_eq!(believed(&t.db).0, 2);
        assert_eq!(believed(&other).0, 2);
    });
}

fn town(id: i64) -> Unit {
    let path = UnitPath::root(TOP).child(UnitId(id));
    let level = Level::Township;
    Unit { id: UnitId(id), code: id.to_string(), level, parent_id: Some(TOP), path, ..unit("石桥镇") }
}

fn place(unit: &Unit) -> Write {
    let rows = unit_tree::closure_rows(&unit.path, day());
    Write::Bulk { table: "unit_closure", columns: unit_tree::CLOSURE_COLUMNS.to_vec(), rows }
}

fn add_town(conn: &mut Conn, id: i64) -> Result<(), Fault> {
    let town = town(id);
    append(conn, vec![Write::insert(&town), place(&town)]).map(drop)
}

/// How many units owe the rule, as the overview of the top unit says.
fn owing(conn: &mut Conn) -> Result<i64, Fault> {
    let actions = of_campaign(conn, CAMPAIGN)?;
    let asked: Vec<Asked<'_>> = actions.iter().map(|action| Asked::begun(action, day())).collect();
    let found = overview(conn, &[TOP], &asked, day(), bihuan_domain::calendar::Calendar::china())?;
    Ok(found[&TOP].expected)
}

#[test]
fn what_readers_keep_is_that_of_their_own_state_of_the_database() {
    on_each_engine(|t| {
        planted(&t.db);
        t.db.write(|conn| append(conn, vec![place(&unit("云溪县"))])).unwrap();
        let other = Db::open(&t.target, &DbOptions::default()).unwrap();
        let both = || (t.db.read(owing).unwrap(), other.read(owing).unwrap());
        assert_eq!(both(), (1, 1));
        assert_eq!(both(), (1, 1), "asked again, from what is kept");
        t.db.write(|conn| add_town(conn, 2)).unwrap();
        assert_eq!(both(), (2, 2), "one process added a unit, the other one hears of it");
        let failed: Result<(), Fault> = other.write(|conn| {
            add_town(conn, 3)?;
            assert_eq!(owing(conn)?, 3, "its own change is seen");
            Err(Fault::misuse("not after all"))
        });
        failed.unwrap_err();
        assert_eq!(both(), (2, 2), "what was rolled back is not kept");
        let within = t.db.read(|conn| {
            let before = owing(conn)?;
            other.write(|conn| add_town(conn, 3))?;
            Ok::<_, Fault>((before, owing(conn)?, other.read(owing)?, owing(conn)?))
        });
        assert_eq!(within.unwrap(), (2, 2, 3, 2), "a reader stays with its own state");
        assert_eq!(both(), (3, 3));
        t.db.write(|conn| {
            append(conn, Write::update(&town(3), &closed(town(3))).into_iter().collect()).map(drop)
        })
        .unwrap();
        assert_eq!(both(), (2, 2));
    });
}

fn closed(town: Unit) -> Unit {
    Unit { closed_day: Some(day()), version: town.version + 1, ..town }
}

/// A rule under a number, by a closure that leaves its writing to the commit.
fn with_commit(db: &Db, id: i64) -> Result<i64, Fault> {
    db.write(move |conn| {
        let entry = NewEntry {
            action: "test.written".to_owned(),
            subject_kind: "test",
            writes: rule(id),
            ..NewEntry::default()
        };
        journal::append_with_commit(conn, &Stamp::default(), vec![entry])
    })
}

#[test]
fn what_is_refused_with_the_commit_is_undone_alone() {
    on_each_engine(|t| {
        planted(&t.db);
        assert!(with_commit(&t.db, 1).unwrap_err().is_unique_violation(), "alone");
        assert_eq!(with_commit(&t.db, 2).unwrap(), 2, "no number is lost");
        // While the writer is kept busy the others gather, and share one commit.
        let results = std::thread::scope(|scope| {
            let busy = scope.spawn(|| {
                t.db.write(|_| {
                    std::thread::sleep(std::time::Duration::from_millis(200));
                    Ok::<_, Fault>(())
                })
            });
            let late = |id| {
                std::thread::sleep(std::time::Duration::from_millis(30));
                scope.spawn(move || with_commit(&t.db, id))
            };
            let waiting = [3, 1, 4, 2].map(late);
            busy.join().unwrap().unwrap();
            waiting.map(|one| one.join().unwrap())
        });
        let refused = results.each_ref().map(|one| one.as_ref().is_err_and(Fault::is_unique_violation));
        assert_eq!(refused, [false, true, false, true]);
        assert_eq!(results[0].as_ref().ok().zip(results[2].as_ref().ok()), Some((&3, &4)));
        assert_eq!(believed(&t.db).0, 4);
        assert_eq!(t.db.read(journal::head).unwrap(), 4);
    });
}

#[test]
fn readers_hear_of_a_change_that_shares_its_commit_with_one_refused() {
    on_each_engine(|t| {
        planted(&t.db);
        t.db.write(|conn| append(conn, vec![place(&unit("云溪县"))])).unwrap();
        assert_eq!(t.db.read(owing).unwrap(), 1);
        let soon = || std::thread::sleep(std::time::Duration::from_millis(30));
        std::thread::scope(|scope| {
            let busy = scope.spawn(|| {
                t.db.write(|_| {
                    std::thread::sleep(std::time::Duration::from_millis(200));
                    Ok::<_, Fault>(())
                })
            });
            soon();
            let added = scope.spawn(|| t.db.write(|conn| add_town(conn, 2)));
            soon();
            let refused = scope.spawn(|| with_commit(&t.db, 1));
            busy.join().unwrap().unwrap();
            added.join().unwrap().unwrap();
            assert!(refused.join().unwrap().unwrap_err().is_unique_violation());
        });
        assert_eq!(t.db.read(owing).unwrap(), 2);
    });
}

#[test]
fn a_row_that_is_not_there_fails_the_whole_change_and_names_its_table() {
    on_each_engine(|t| {
        planted(&t.db);
        let missing = Unit { id: UnitId(77), ..unit("没有") };
        let renamed = Unit { name: "还是没有".to_owned(), ..missing.clone() };
        let wrong = t.db.write(move |conn| {
            let mut writes = rule(2);
            writes.extend(Write::update(&missing, &renamed));
            append(conn, writes)
        });
        assert!(wrong.unwrap_err().to_string().contains("unit"), "the table is named");
        assert_eq!(believed(&t.db).0, 1, "nothing of it stays");
    });
}

#[test]
fn questions_asked_together_answer_each_for_itself() {
    on_each_engine(|t| {
        planted(&t.db);
        t.db.write(|conn| {
            let (one, none) = (vals![1], vals![2]);
            let by_id = "SELECT name FROM unit WHERE id = $1";
            let answers = conn.ask_all(&[(by_id, &one), (by_id, &none), ("SELECT 7", &[])])?;
            assert_eq!(answers.iter().map(Vec::len).collect::<Vec<_>>(), [1, 0, 1]);
            assert_eq!(answers[0][0].text(0)?, "云溪县");
            Ok::<_, Fault>(())
        })
        .unwrap();
    });
}

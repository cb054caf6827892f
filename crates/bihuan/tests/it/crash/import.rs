//! The program is killed while it registers an imported ledger: it goes on at the next start, with every row once.

use super::Place;
use super::county::{self, CAMPAIGN};
use crate::support::ran;
use bihuan_app::App;
use bihuan_app::ledger_import::Upload;
use bihuan_documents::export::{PlainColumn, write_plain_ledger};
use bihuan_domain::id::{CampaignId, LedgerImportId, UnitId};
use bihuan_domain::ledger_import::{IMPORT_BATCH_ROWS, ImportState};
use bihuan_domain::problem::Problem;
use bihuan_store::bench::Seeded;
use bihuan_store::journal;
use bihuan_store::record::Record;
use bihuan_store::records::LedgerImport;
use bihuan_testkit::engines;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// Rows of the ledger: several batches, each one transaction.
const ROWS: usize = 4 * IMPORT_BATCH_ROWS + 20;
/// Kills of one import at most.
const KILLS: usize = 16;
/// The longest time from the first word of the server to the first kill, in milliseconds; half as long again after
/// each run that got no further, so that a slow machine is killed part-way too.
const FIRST_WAIT_MS_MAX: i64 = 200;
/// How long the last, undisturbed run may take.
const RUN_LIMIT: Duration = Duration::from_secs(180);
/// How long a start may take.
const START_LIMIT: Duration = Duration::from_secs(30);

fn ledger() -> Vec<u8> {
    let columns =
        [("序号", 6.0), ("存在问题", 40.0), ("整改措施", 30.0), ("责任单位", 20.0), ("整改时限", 16.0)]
            .map(|(header, width)| PlainColumn::new(header, width));
    let row = |n: usize| {
        let problem = format!("通组路第{n}号点位路面破损约{}平方米，没有警示。", 3 + n % 70);
        let due = "2027年6月30日前".to_owned();
        vec![n.to_string(), problem, "挖补破损路面".to_owned(), "青岚镇".to_owned(), due]
    };
    let rows: Vec<Vec<String>> = (1..=ROWS).map(row).collect();
    write_plain_ledger("道路隐患整改台账", &["填报单位：云溪县".to_owned()], &columns, &rows)
        .expect("a ledger")
}

/// Uploads the ledger and starts the import; registering is left to the server.
fn start(place: &Place) -> LedgerImportId {
    place.with_db(|db| {
        let now = bihuan_store::clock::now();
        county::plant(db, now);
        let app = App::new(db.clone());
        let ctx = county::context(&app, "office", now);
        let upload = upload();
        let import = app.begin_import(&ctx, upload).expect("it is uploaded");
        app.start_import(&ctx, import.id, import.version).expect("nothing is doubtful");
        import.id
    })
}

fn upload() -> Upload {
    Upload {
        campaign: CampaignId(CAMPAIGN),
        unit: UnitId(1),
        file_name: "道路隐患.xlsx".to_owned(),
        bytes: ledger(),
        issued: None,
    }
}

/// State of the import, and the texts of all problems.
fn standing(place: &Place, id: LedgerImportId) -> (ImportState, Vec<String>) {
    place.with_db(|db| {
        db.read(|conn| -> Result<_, bihuan_store::Fault> {
            let import: LedgerImport = journal::by_id(conn, id.0)?.expect("the import is there");
            let problems = Problem::load(conn, "ORDER BY id", &[])?;
            Ok((import.state, problems.into_iter().map(|problem| problem.text).collect()))
        })
        .expect("the database answers")
    })
}

fn check(texts: &[String]) {
    let distinct: BTreeSet<&String> = texts.iter().collect();
    assert_eq!(distinct.len(), texts.len(), "a row was registered twice");
    assert!(
        texts.len() == ROWS || texts.len().is_multiple_of(IMPORT_BATCH_ROWS),
        "{} problems: a batch stands by half",
        texts.len()
    );
}

/// Runs the server for so long after it listens, and kills it.
fn serve_for(place: &Place, wait: Duration) {
    let (mut child, address) = place.serve();
    let listens = address.recv_timeout(START_LIMIT);
    std::thread::sleep(wait);
    child.kill().expect("it is killed");
    let ended = ran(child.wait_with_output().expect("it has ended"));
    assert!(listens.is_ok(), "it did not start: {}", ended.err);
}

#[test]
fn an_import_that_is_killed_again_and_again_registers_every_row_once_m20() {
    for engine in engines() {
        let place = Place::new(engine);
        let id = start(&place);
        let mut random = Seeded::new(20_261_121);
        let (mut under_way, mut part_way, mut most, mut known) = (0, 0, FIRST_WAIT_MS_MAX, 0);
        for _ in 0..KILLS {
            serve_for(&place, Duration::from_millis((most / 2 + random.below(most)) as u64));
            let (state, texts) = standing(&place, id);
            check(&texts);
            if texts.len() == known {
                most += most / 2;
            }
            known = texts.len();
            if state == ImportState::Done {
                break;
            }
            under_way += 1;
            part_way += usize::from(!texts.is_empty());
        }
        let began = Instant::now();
        let (mut wait, mut texts) = (Duration::from_secs(4), Vec::new());
        while texts.len() < ROWS && began.elapsed() < RUN_LIMIT {
            serve_for(&place, wait);
            texts = standing(&place, id).1;
            check(&texts);
            wait *= 2;
        }
        println!("{engine:?}: killed {under_way} times while importing, {part_way} of them part-way");
        assert!(part_way > 0, "{engine:?}: no kill met the import part-way");
        assert_eq!(texts.len(), ROWS, "{engine:?}: rows are missing");
        assert_eq!(standing(&place, id).0, ImportState::Done, "{engine:?}");
        let verified = ran(place.command("verify").output().expect("the program starts"));
        assert_eq!(verified.code, 0, "{}{}", verified.out, verified.err);
        place.with_db(|db| {
            let app = App::new(db.clone());
            let ctx = county::context(&app, "office", bihuan_store::clock::now());
            let again = app.begin_import(&ctx, upload()).expect("it is uploaded again");
            let review = app.import_review(&ctx, again.id).expect("it is read");
            assert_eq!((review.comparison.same(), review.comparison.added()), (ROWS, 0), "{engine:?}");
        });
    }
}

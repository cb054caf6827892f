//! A spreadsheet as an office would have it, imported like any other.

use super::county::County;
use super::random::Random;
use super::texts::{Texts, Words};
use crate::exit::Failure;
use bihuan_app::App;
use bihuan_app::ledger_import::Upload;
use bihuan_documents::export::{PlainColumn, write_plain_ledger};
use bihuan_domain::id::{CampaignId, ProblemId};
use bihuan_domain::problem::State;
use bihuan_domain::{Day, Instant};
use bihuan_store::problem::last_id;

/// Problems in the ledger.
const ROWS: usize = 36;

/// A problem that came in by the ledger and waits to be assigned.
pub type Taken = (ProblemId, Words, usize);

/// Imports the county's older ledger; answers the problems that now wait to be assigned, each with its words and the
/// township it belongs to.
///
/// # Errors
/// What the import refuses, faults of the database.
pub fn import(
    app: &App,
    county: &mut County,
    campaign: CampaignId,
    texts: &Texts,
    at: Instant,
) -> Result<Vec<Taken>, Failure> {
    let mut random = Random::new(7_031);
    let unit = county.county;
    let (bytes, rows) = file(county, texts, at.day_in_china(), &mut random, true)?;
    let ctx = county.ctx(county.offices[0], at)?;
    let upload = |bytes, name: &str| Upload {
        campaign,
        unit,
        file_name: name.to_owned(),
        bytes,
        issued: Some(at.day_in_china()),
    };
    let import = app.begin_import(&ctx, upload(bytes, "检视问题整改台账（上年结转）.xlsx"))?;
    app.start_import(&ctx, import.id, import.version)?;
    let before = app.db.read(last_id)?;
    app.run_import(&ctx, import.id, &mut |_| {})?;
    let mut taken = Vec::new();
    for (id, (words, town)) in (before + 1..).zip(rows) {
        if app.case(&ctx, ProblemId(id))?.case.problem.state == State::Accepted {
            taken.push((ProblemId(id), words, town));
        }
    }
    Ok(taken)
}

/// Leaves a file with doubtful units and deadlines on the desk of the office.
///
/// # Errors
/// As [`import`].
pub fn leave(
    app: &App,
    county: &mut County,
    campaign: CampaignId,
    texts: &Texts,
    at: Instant,
) -> Result<(), Failure> {
    let mut random = Random::new(7_032);
    let (bytes, _) = file(county, texts, at.day_in_china(), &mut random, false)?;
    let ctx = county.ctx(county.offices[0], at)?;
    let unit = county.county;
    let file_name = "督导组移交问题清单.xlsx".to_owned();
    app.begin_import(&ctx, Upload { campaign, unit, file_name, bytes, issued: Some(at.day_in_china()) })?;
    Ok(())
}

/// The bytes of a made-up ledger, and the words and the unit of each of its rows.
type LedgerFile = (Vec<u8>, Vec<(Words, usize)>);

fn file(
    county: &County,
    texts: &Texts,
    today: Day,
    random: &mut Random,
    clear: bool,
) -> Result<LedgerFile, Failure> {
    let columns = [
        ("序号", 6.0),
        ("问题类别", 14.0),
        ("存在问题", 48.0),
        ("整改措施", 40.0),
        ("整改时限", 16.0),
        ("责任单位", 20.0),
        ("进展情况", 24.0),
        ("整改状态", 12.0),
    ]
    .map(|(header, width)| PlainColumn::new(header, width));
    let (mut rows, mut told) = (Vec::new(), Vec::new());
    for n in 0..ROWS {
        let town = random.between(0, county.townships.len() as i64 - 1) as usize;
        let desk = &county.townships[town];
        let place = format!("{}{}", desk.name, random.pick(&county.names.places));
        let words = texts.words(n * 5 + 3, &place, random);
        let due = today.plus_days(random.between(20, 150) as i32);
        let (deadline, unit) = if clear || n % 3 == 0 {
            (due.in_chinese(), desk.name.clone())
        } else {
            ("限期整改".to_owned(), format!("{}政府、相关站所", desk.name))
        };
        let status = if n % 4 == 0 { "已完成" } else { "整改中" };
        rows.push(vec![
            (n + 1).to_string(),
            words.thing.clone(),
            words.problem.clone(),
            words.measures.join("；"),
            deadline,
            unit,
            if n % 4 == 0 { words.statement.clone() } else { "正在按措施推进。".to_owned() },
            status.to_owned(),
        ]);
        told.push((words, town));
    }
    let meta = vec!["填报单位：云溪县主题教育专班".to_owned(), format!("填报日期：{}", today.in_chinese())];
    let bytes = write_plain_ledger("云溪县主题教育检视问题整改台账", &meta, &columns, &rows)
        .map_err(|error| Failure::Fault(error.to_string()))?;
    Ok((bytes, told))
}

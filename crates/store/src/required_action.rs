//! Required actions: rules with their versions, what is folded for them, and what is read back.

mod as_of;
mod cell;
mod expected;
mod figures;
pub(crate) mod follow;
mod ground;
mod moment;
mod overview;
mod people;
mod place;
pub(crate) mod recent;
mod subject;

pub use as_of::{AS_OF_UNITS_MAX, cells_on, overview_on, own_cells_on, staff_cells_on};
pub use cell::{Key, credits_at};
pub(crate) use cell::{add_credits, recredit, replace_credits, uncredit};
pub use figures::{Asked, OwnCell, cells, own_cells};
pub use follow::recount;
pub use ground::{Ground, ground};
pub use moment::known_on;
pub use overview::overview;
pub use place::{home_on, owes, path_on, unit_owes};
pub use recent::RECENT_CHANGES_MAX;
pub use subject::{SubjectCell, subject_cell, subject_cells};

use crate::draw::{columns, within};
use crate::record::Record;
use crate::unit::json_list;
use crate::{Conn, Fault, Val, record, vals};
use bihuan_domain::campaign::CampaignState;
use bihuan_domain::id::{CampaignId, ExcuseId, PersonId, RequiredActionId, UnitId};
use bihuan_domain::required_action::{ExcuseState, RequiredAction, Rule, SubjectKind, Version};
use bihuan_domain::unit::{Unit, UnitPath};
use bihuan_domain::{Coded, Day, Instant};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Most excuses that wait which are read at once: as many as a list of what waits shows.
const EXCUSES_ASKED_MAX: usize = 200;

/// The row of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionRow {
    /// Number.
    pub id: RequiredActionId,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// Code of the template's entry; empty for a rule of the office's own.
    pub code: String,
    /// The unit in whose subtree it holds.
    pub owner_unit_id: UnitId,
    /// The upper level's rule that it carries further.
    pub upper_id: Option<RequiredActionId>,
    /// Who owes it; the same in all versions.
    pub subject: SubjectKind,
    /// Order within the campaign.
    pub ordinal: i64,
    /// Row version.
    pub version: i64,
}
record!(ActionRow, "required_action", key [id], personal [], { id, campaign_id, code, owner_unit_id, upper_id, subject, ordinal, version });

/// The row of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRow {
    /// The rule.
    pub rule_id: RequiredActionId,
    /// From 1.
    pub number: i64,
    /// First day it governs.
    pub from_day: Day,
    /// Day after the last.
    pub until_day: Option<Day>,
    /// The rule as JSON.
    pub definition: String,
    /// What it adds to the upper level's rule, as JSON.
    pub added: String,
    /// Why it was issued or changed.
    pub reason: String,
    /// By whom.
    pub issued_by: PersonId,
    /// When.
    pub issued_at: Instant,
}
record!(VersionRow, "required_action_version", key [rule_id, number], personal [], { rule_id, number, from_day, until_day, definition, added, reason, issued_by, issued_at });

/// An excuse from a rule for one subject in one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excuse {
    /// Number.
    pub id: ExcuseId,
    /// The rule.
    pub rule_id: RequiredActionId,
    /// Unit, post or person.
    pub subject_kind: SubjectKind,
    /// Its number.
    pub subject_id: i64,
    /// Last day of the period.
    pub period_day: Day,
    /// The unit that asked.
    pub unit_id: UnitId,
    /// Why.
    pub reason: String,
    /// How far it is.
    pub state: ExcuseState,
    /// Who asked.
    pub asked_by: PersonId,
    /// When.
    pub asked_at: Instant,
    /// The approver.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<Instant>,
    /// What the approver wrote.
    pub decision_reason: String,
    /// Row version.
    pub version: i64,
}
record!(Excuse, "action_excuse", key [id], personal [], { id, rule_id, subject_kind, subject_id, period_day, unit_id, reason, state, asked_by, asked_at, decided_by, decided_at, decision_reason, version });

/// The rule of a version.
///
/// # Errors
/// A definition that does not parse.
pub fn rule_of(row: &VersionRow) -> Result<Rule, Fault> {
    serde_json::from_str(&row.definition)
        .map_err(|error| Fault::corrupt(format!("rule {} does not parse: {error}", row.rule_id)))
}

fn assemble(conn: &mut Conn, rows: Vec<ActionRow>) -> Result<Vec<RequiredAction>, Fault> {
    let list = json_list(rows.iter().map(|row| UnitId(row.id.0)));
    let condition =
        "WHERE rule_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) ORDER BY rule_id, number";
    let versions = VersionRow::load(conn, condition, &vals![list])?;
    joined(rows, versions)
}

fn joined(rows: Vec<ActionRow>, of_rows: Vec<VersionRow>) -> Result<Vec<RequiredAction>, Fault> {
    let mut versions: HashMap<RequiredActionId, Vec<Version>> = HashMap::new();
    for row in of_rows {
        let rule = rule_of(&row)?;
        let version = Version { number: row.number, from_day: row.from_day, until_day: row.until_day, rule };
        versions.entry(row.rule_id).or_default().push(version);
    }
    let whole = |row: ActionRow| RequiredAction {
        id: row.id,
        campaign_id: row.campaign_id,
        owner_unit_id: row.owner_unit_id,
        versions: versions.remove(&row.id).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(whole).collect())
}

/// The rules of a campaign, in order. Readers keep them.
///
/// # Errors
/// Faults of the database.
pub fn of_campaign(conn: &mut Conn, campaign: CampaignId) -> Result<Vec<RequiredAction>, Fault> {
    let key = campaign.to_string();
    if let Some(kept) = conn.kept::<Vec<RequiredAction>>(&key)? {
        return Ok(kept.to_vec());
    }
    let read = Arc::new(read_of_campaign(conn, campaign)?);
    conn.keep(key, &read)?;
    Ok(Arc::unwrap_or_clone(read))
}

fn read_of_campaign(conn: &mut Conn, campaign: CampaignId) -> Result<Vec<RequiredAction>, Fault> {
    let rows = format!("{} {OF_CAMPAIGN}", ActionRow::select());
    let versions = format!(
        "{} WHERE rule_id IN (SELECT id FROM required_action {OF_CAMPAIGN}) ORDER BY rule_id, number",
        VersionRow::select()
    );
    let args = vals![campaign.0];
    let answers = conn.ask_all(&[(&rows, &args), (&versions, &args)])?;
    let rows = answers[0].iter().map(|row| ActionRow::from_row(row, 0)).collect::<Result<_, _>>()?;
    let versions = answers[1].iter().map(|row| VersionRow::from_row(row, 0)).collect::<Result<_, _>>()?;
    joined(rows, versions)
}

const OF_CAMPAIGN: &str = "WHERE campaign_id = $1 ORDER BY ordinal, id LIMIT 500";

/// The rows of a campaign's rules, in order.
///
/// # Errors
/// Faults of the database.
pub fn rows_of(conn: &mut Conn, campaign: CampaignId) -> Result<Vec<ActionRow>, Fault> {
    ActionRow::load(conn, OF_CAMPAIGN, &vals![campaign.0])
}

/// One rule.
///
/// # Errors
/// Faults of the database.
pub fn by_id(conn: &mut Conn, id: RequiredActionId) -> Result<Option<(ActionRow, RequiredAction)>, Fault> {
    let Some(row) = crate::journal::by_id::<ActionRow>(conn, id.0)? else { return Ok(None) };
    Ok(assemble(conn, vec![row.clone()])?.pop().map(|action| (row, action)))
}

/// Rules by number.
///
/// # Errors
/// Faults of the database.
pub fn by_ids(
    conn: &mut Conn,
    ids: impl IntoIterator<Item = RequiredActionId>,
) -> Result<Vec<RequiredAction>, Fault> {
    let list = json_list(ids.into_iter().map(|id| UnitId(id.0)));
    let rows = ActionRow::load(
        conn,
        "WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) ORDER BY ordinal, id",
        &vals![list],
    )?;
    assemble(conn, rows)
}

/// The rules that hold for a unit: owned by it or by a unit above it, in every running campaign.
///
/// # Errors
/// Faults of the database.
pub fn holding_for(
    conn: &mut Conn,
    path: &bihuan_domain::unit::UnitPath,
) -> Result<Vec<RequiredAction>, Fault> {
    holding_where(conn, path, &|_| true)
}

/// Those of [`holding_for`] that take a kind of activity, in any version.
///
/// # Errors
/// Faults of the database.
pub fn holding_for_kind(
    conn: &mut Conn,
    path: &bihuan_domain::unit::UnitPath,
    kind: &str,
) -> Result<Vec<RequiredAction>, Fault> {
    let takes = |version: &Version| version.rule.kinds.iter().any(|taken| taken == kind);
    holding_where(conn, path, &|action| action.versions.iter().any(takes))
}

fn holding_where(
    conn: &mut Conn,
    path: &bihuan_domain::unit::UnitPath,
    wanted: &dyn Fn(&RequiredAction) -> bool,
) -> Result<Vec<RequiredAction>, Fault> {
    let owners = conn.remembered(0, owners)?;
    let mut found: Vec<Owned> = Vec::new();
    for unit in path.units().into_iter().filter(|unit| owners.0.contains(unit)) {
        let owned: Arc<OwnedBy> = conn.remembered(unit.0, |conn| owned_alone(conn, unit))?;
        found.extend(owned.0.iter().filter(|one| wanted(&one.action)).cloned());
    }
    found.sort_by_key(|one| (one.campaign, one.ordinal, one.action.id));
    Ok(found.into_iter().map(|one| one.action).collect())
}

/// Units that own rules of running campaigns.
struct Owners(BTreeSet<UnitId>);

/// Rules of running campaigns that one unit owns.
struct OwnedBy(Vec<Owned>);

#[derive(Clone)]
struct Owned {
    campaign: CampaignId,
    ordinal: i64,
    action: RequiredAction,
}

/// How the rows of rules and campaigns meet.
const OF_RUNNING: &str = "FROM required_action r JOIN campaign c ON c.id = r.campaign_id WHERE c.state = $1";

fn owners(conn: &mut Conn) -> Result<Owners, Fault> {
    let sql = format!("SELECT DISTINCT r.owner_unit_id {OF_RUNNING}");
    let rows = conn.rows(&sql, &vals![CampaignState::Running.code()])?;
    Ok(Owners(rows.iter().map(|row| row.int(0).map(UnitId)).collect::<Result<_, _>>()?))
}

fn owned_alone(conn: &mut Conn, unit: UnitId) -> Result<OwnedBy, Fault> {
    let rows = running_rows(conn, [unit])?;
    let order: HashMap<RequiredActionId, i64> = rows.iter().map(|row| (row.id, row.ordinal)).collect();
    let owned = |action: RequiredAction| Owned {
        campaign: action.campaign_id,
        ordinal: order.get(&action.id).copied().unwrap_or(0),
        action,
    };
    Ok(OwnedBy(assemble(conn, rows)?.into_iter().map(owned).collect()))
}

fn running_rows(conn: &mut Conn, owners: impl IntoIterator<Item = UnitId>) -> Result<Vec<ActionRow>, Fault> {
    let columns: Vec<String> = ActionRow::COLUMNS.iter().map(|column| format!("r.{column}")).collect();
    let sql = format!(
        "SELECT {} {OF_RUNNING} AND r.owner_unit_id IN (SELECT CAST(value AS BIGINT) FROM json_each($2)) \
         ORDER BY r.campaign_id, r.ordinal, r.id",
        columns.join(", ")
    );
    let rows = conn.rows(&sql, &vals![CampaignState::Running.code(), json_list(owners)])?;
    rows.iter().map(|row| ActionRow::from_row(row, 0)).collect()
}

/// The rules that any of these units owns, in every running campaign.
///
/// # Errors
/// Faults of the database.
pub fn owned_by(
    conn: &mut Conn,
    owners: impl IntoIterator<Item = UnitId>,
) -> Result<Vec<RequiredAction>, Fault> {
    let rows = running_rows(conn, owners)?;
    assemble(conn, rows)
}

/// The versions of a rule as rows, oldest first.
///
/// # Errors
/// Faults of the database.
pub fn versions_of(conn: &mut Conn, id: RequiredActionId) -> Result<Vec<VersionRow>, Fault> {
    VersionRow::load(conn, "WHERE rule_id = $1 ORDER BY number", &vals![id.0])
}

/// The excuses of a rule that wait or were decided, newest first; of the units in these subtrees.
///
/// # Errors
/// Faults of the database.
pub fn excuses_of(
    conn: &mut Conn,
    id: RequiredActionId,
    state: Option<ExcuseState>,
) -> Result<Vec<Excuse>, Fault> {
    match state {
        Some(state) => Excuse::load(
            conn,
            "WHERE rule_id = $1 AND state = $2 ORDER BY id DESC LIMIT 500",
            &vals![id.0, state.code()],
        ),
        None => Excuse::load(conn, "WHERE rule_id = $1 ORDER BY id DESC LIMIT 500", &vals![id.0]),
    }
}

/// The excuses that wait for an answer at units of these subtrees, each with its unit, oldest first.
///
/// # Errors
/// Faults of the database.
pub fn excuses_asked(conn: &mut Conn, roots: &[UnitPath]) -> Result<Vec<(Excuse, Unit)>, Fault> {
    let mut args: Vec<Val> = vals![ExcuseState::Asked.code()].to_vec();
    let seen = within(roots, "u.path", &mut args);
    // By the rules, because that is how the index finds the few that wait among all that were answered.
    let sql = format!(
        "SELECT {}, {} FROM action_excuse e JOIN unit u ON u.id = e.unit_id \
         WHERE e.rule_id IN (SELECT id FROM required_action) AND e.state = $1 AND {seen} \
         ORDER BY e.asked_at, e.id LIMIT {EXCUSES_ASKED_MAX}",
        columns::<Excuse>("e"),
        columns::<Unit>("u")
    );
    let at = Excuse::COLUMNS.len();
    conn.rows(&sql, &args)?
        .iter()
        .map(|row| Ok((Excuse::from_row(row, 0)?, Unit::from_row(row, at)?)))
        .collect()
}

/// The excuses of one cell, newest first.
///
/// # Errors
/// Faults of the database.
pub fn excuses_at(conn: &mut Conn, key: &Key) -> Result<Vec<Excuse>, Fault> {
    Excuse::load(
        conn,
        "WHERE subject_kind = $1 AND subject_id = $2 AND rule_id = $3 AND period_day = $4 ORDER BY id DESC LIMIT 50",
        &key.args(),
    )
}

pub(crate) fn day(day: Day) -> i64 {
    i64::from(day.days())
}

pub(crate) fn list(ids: impl IntoIterator<Item = UnitId>) -> Val {
    Val::from(json_list(ids))
}

/// Open units of a subtree that are somebody's to ask (no statistical level), in the order of the tree, and whether
/// they held anything recorded since a day.
///
/// # Errors
/// Faults of the database.
pub fn units_with_records(
    conn: &mut Conn,
    path: &bihuan_domain::unit::UnitPath,
    since: Day,
) -> Result<Vec<(UnitId, String, bool)>, Fault> {
    let valid = "a.day >= $3 AND a.state = 'recorded'";
    let sql = format!(
        "SELECT u.id, u.name, CASE WHEN EXISTS (SELECT 1 FROM activity a WHERE a.unit_id = u.id AND {valid}) \
           OR EXISTS (SELECT 1 FROM activity_unit j JOIN activity a ON a.id = j.activity_id \
             WHERE j.unit_id = u.id AND {valid}) THEN 1 ELSE 0 END FROM unit u \
         WHERE u.path >= $1 AND u.path < $2 AND u.closed_day IS NULL AND u.kind <> 'placeholder' \
         ORDER BY length(u.path), substr(u.path, 1, length(u.path) - 5), u.official_order, u.id LIMIT 10000"
    );
    let rows = conn.rows(&sql, &vals![path.as_str(), path.subtree_end(), day(since)])?;
    rows.iter().map(|row| Ok((UnitId(row.int(0)?), row.text(1)?, row.flag(2)?))).collect()
}

/// A person in a post of today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staffer {
    /// The person.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// Took part in something that was recorded since the day asked for.
    pub recorded: bool,
    /// Name of the post.
    pub post: String,
    /// A leading post.
    pub leads: bool,
    /// Its unit.
    pub unit: UnitId,
    /// Name of the unit.
    pub unit_name: String,
}

/// Everybody with a post of today in a subtree, with all posts of today wherever they are: by the name of the person,
/// the post of the unit a person belongs to first.
///
/// # Errors
/// Faults of the database.
pub fn staffers(
    conn: &mut Conn,
    path: &bihuan_domain::unit::UnitPath,
    since: Day,
    today: Day,
) -> Result<Vec<Staffer>, Fault> {
    let now = |tenure: &str| {
        format!("{tenure}.from_day <= $4 AND ({tenure}.to_day IS NULL OR {tenure}.to_day > $4)")
    };
    let sql = format!(
        "SELECT p.id, p.name, CASE WHEN EXISTS (SELECT 1 FROM activity_person x JOIN activity a ON a.id = x.activity_id \
             WHERE x.person_id = p.id AND a.day >= $3 AND a.state = 'recorded') THEN 1 ELSE 0 END, \
           o.name, o.leads, u.id, u.name FROM tenure t JOIN post o ON o.id = t.post_id \
           JOIN unit u ON u.id = o.unit_id JOIN person p ON p.id = t.person_id \
         WHERE {} AND t.person_id IN (SELECT t2.person_id FROM tenure t2 JOIN post o2 ON o2.id = t2.post_id \
           JOIN unit u2 ON u2.id = o2.unit_id WHERE u2.path >= $1 AND u2.path < $2 AND {}) \
         ORDER BY p.name, p.id, o.leads DESC, t.from_day, t.id",
        now("t"),
        now("t2")
    );
    let args = vals![path.as_str(), path.subtree_end(), day(since), day(today)];
    let mut found = Vec::new();
    conn.each(&sql, &args, &mut |row| {
        found.push(Staffer {
            person: PersonId(row.int(0)?),
            name: row.text(1)?,
            recorded: row.flag(2)?,
            post: row.text(3)?,
            leads: row.flag(4)?,
            unit: UnitId(row.int(5)?),
            unit_name: row.text(6)?,
        });
        Ok(())
    })?;
    Ok(found)
}

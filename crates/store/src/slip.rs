//! Slips: one loaded whole, lists that obey the reader's sight, and what the ladder looks at.

mod told;

pub use told::{SLIPS_TOLD_MAX, steps_of, told, told_on};

use crate::journal::{Write, next_id};
use crate::problem::diff_rows;
use crate::record::{Field, Record};
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::Coded;
use bihuan_domain::Day;
use bihuan_domain::id::{CampaignId, PersonId, PostId, ProblemId, SlipId, UnitId};
use bihuan_domain::problem::Problem;
use bihuan_domain::request::Request;
use bihuan_domain::slip::{RoutingRule, Slip, SlipCase, SlipState, SlipStep, Subject, SubjectKind};
use bihuan_domain::unit::{Level, Unit, UnitPath};

/// Slips on one page of a list.
pub const SLIP_PAGE_ROWS: i64 = 50;

/// Loads a slip with its places and steps.
///
/// # Errors
/// Faults of the database.
pub fn load_case(conn: &mut Conn, id: SlipId) -> Result<Option<SlipCase>, Fault> {
    let Some(slip) = Slip::find(conn, "WHERE id = $1", &vals![id.0])? else { return Ok(None) };
    let path = |conn: &mut Conn, unit: UnitId| -> Result<UnitPath, Fault> {
        let unit = Unit::find(conn, "WHERE id = $1", &vals![unit.0])?;
        unit.map(|unit| unit.path).ok_or_else(|| Fault::corrupt(format!("slip {id} names no unit")))
    };
    let steps = SlipStep::load(conn, "WHERE slip_id = $1 ORDER BY ordinal", &vals![id.0])?;
    let copy_path = slip.copy_unit_id.map(|unit| path(conn, unit)).transpose()?;
    Ok(Some(SlipCase {
        issuer_path: path(conn, slip.issuer_unit_id)?,
        holder_path: path(conn, slip.holder_unit_id)?,
        to_path: path(conn, slip.to_unit_id)?,
        copy_path,
        steps,
        learnt: Vec::new(),
        slip,
    }))
}

/// Gives numbers to a new slip, its steps and what it taught.
///
/// # Errors
/// Faults of the database.
pub fn number_case(conn: &mut Conn, case: &mut SlipCase) -> Result<(), Fault> {
    if case.slip.id.0 == 0 {
        case.slip.id = SlipId(next_id(conn, "slip", 1)?);
    }
    for step in &mut case.steps {
        step.slip_id = case.slip.id;
    }
    for rule in &mut case.learnt {
        rule.slip_id = case.slip.id;
        if rule.id == 0 {
            rule.id = next_id(conn, "routing_rule", 1)?;
        }
    }
    Ok(())
}

/// The next number of an issuing unit, form and year.
///
/// # Errors
/// Faults of the database.
pub fn next_number(conn: &mut Conn, issuer: UnitId, form: &str, year: i32) -> Result<i64, Fault> {
    next_id(conn, &format!("slip_number:{issuer}:{form}:{year}"), 1)
}

/// The prefix of document numbers that a unit used last for a form.
///
/// # Errors
/// Faults of the database.
pub fn last_prefix(conn: &mut Conn, issuer: UnitId, form: &str) -> Result<String, Fault> {
    let sql = "SELECT document_prefix FROM slip WHERE issuer_unit_id = $1 AND form = $2 AND number > 0 \
         ORDER BY id DESC LIMIT 1";
    conn.first(sql, &vals![issuer.0, form])?.map_or(Ok(String::new()), |row| row.text(0))
}

/// What must be written so that `before` becomes `after`.
pub fn difference(before: Option<&SlipCase>, after: &SlipCase) -> Vec<Write> {
    let mut writes = Vec::new();
    let (slips, steps): (&[Slip], &[SlipStep]) = match before {
        Some(case) => (std::slice::from_ref(&case.slip), &case.steps),
        None => (&[], &[]),
    };
    diff_rows(slips, std::slice::from_ref(&after.slip), &mut writes);
    diff_rows(steps, &after.steps, &mut writes);
    writes.extend(after.learnt.iter().map(Write::insert));
    writes
}

/// Who reads, with all that sight and right to act depend on.
#[derive(Clone, Debug, Default)]
pub struct SlipReader {
    /// The person.
    pub person: PersonId,
    /// Posts held.
    pub posts: Vec<PostId>,
    /// Units of these posts.
    pub units: Vec<UnitId>,
    /// These units and all above them.
    pub places: Vec<UnitId>,
    /// Subtrees whose business the person reads.
    pub reads: Vec<UnitPath>,
    /// Subtrees in which the person supervises (office, leader).
    pub decides: Vec<UnitPath>,
    /// Subtrees in which the person records (filler).
    pub fills: Vec<UnitPath>,
    /// Units the person belongs to and leads.
    pub leads: Vec<UnitId>,
    /// Units of the person's own posts that the person leads.
    pub leads_own: Vec<UnitId>,
}

bihuan_domain::coded! {
    /// Which slips to list.
    SlipWish ("督办单筛选") {
        All = "all", "全部";
        ToSign = "to_sign", "待我签收";
        ToAnswer = "to_answer", "待我答复";
        ToIssue = "to_issue", "待签发";
        ToReview = "to_review", "答复待审核";
        Disputed = "disputed", "归属待裁定";
        IssuedByUs = "issued_by_us", "本单位发出";
        Unsigned = "unsigned", "未签收";
        Unanswered = "unanswered", "逾期未答复";
    }
}

/// Which slips to list.
#[derive(Clone, Debug, Default)]
pub struct SlipFilter {
    /// Only of this campaign.
    pub campaign: Option<CampaignId>,
    /// Only these.
    pub wish: Option<SlipWish>,
    /// Only of this kind.
    pub kind: Option<bihuan_domain::slip::SlipKind>,
    /// Only in this state.
    pub state: Option<SlipState>,
    /// Only about this.
    pub subject: Option<Subject>,
    /// Only to this unit, or held by it.
    pub unit: Option<UnitId>,
    /// Only held within this subtree.
    pub within: Option<UnitPath>,
    /// Only held by units of this level.
    pub level: Option<Level>,
    /// The same as `within` by the unit at the top of the subtree.
    pub below: Option<UnitId>,
    /// The first row.
    pub offset: i64,
}

struct Build {
    args: Vec<Val>,
}

impl Build {
    fn arg(&mut self, value: Val) -> String {
        self.args.push(value);
        format!("${}", self.args.len())
    }

    /// Numbers as parameters: the statement reads the same for everybody with as many. Zero is no unit, post or person.
    fn list(&mut self, ids: impl Iterator<Item = i64>) -> String {
        let ids: Vec<i64> = std::iter::once(0).chain(ids).collect();
        ids.into_iter().map(|id| self.arg(Val::Int(id))).collect::<Vec<_>>().join(", ")
    }

    fn within(&mut self, column: &str, paths: &[UnitPath]) -> String {
        let mut parts = vec!["1 = 0".to_owned()];
        for path in paths {
            let (from, to) = (self.arg(path.to_val()), self.arg(Val::from(path.subtree_end())));
            parts.push(format!("{column} >= {from} AND {column} < {to}"));
        }
        format!("({})", parts.join(" OR "))
    }

    /// Says the same as `SlipCase::visible_to`, which a test compares slip by slip.
    fn visible(&mut self, reader: &SlipReader) -> String {
        let me = reader.person.0;
        let posts = list(reader.posts.iter().map(|post| post.0));
        let decider = self.decider(reader);
        let reads: Vec<String> = ["h.path", "t.path", "i.path", "c.path"]
            .map(|column| self.within(column, &reader.reads))
            .to_vec();
        let called = format!(
            "(s.to_post_id IN ({posts}) OR s.to_post_id IS NULL AND s.holder_unit_id IN ({}))",
            list(reader.leads_own.iter().map(|unit| unit.0))
        );
        let hand = format!(
            "{me} IN (COALESCE(s.drafted_by, 0), COALESCE(s.issued_by, 0), COALESCE(s.signed_by, 0), COALESCE(s.answered_by, 0))"
        );
        format!(
            "(CASE WHEN s.kind = 'talk' THEN ({hand} OR {decider} OR s.state NOT IN ('drafted', 'lapsed') AND {called}) \
             WHEN s.state IN ('drafted', 'lapsed') THEN ({} OR {decider}) \
             ELSE ({} OR s.to_post_id IN ({posts})) END)",
            reads[2],
            reads.join(" OR ")
        )
    }

    /// Says the same as `acts_from` of the domain.
    fn acts_from(&mut self, reader: &SlipReader) -> String {
        let units = list(reader.units.iter().map(|unit| unit.0));
        let places = list(reader.places.iter().map(|unit| unit.0));
        let over = self.within("i.path", &reader.decides);
        format!("(s.issuer_unit_id IN ({units}) OR s.issuer_unit_id IN ({places}) AND {over})")
    }

    fn decider(&mut self, reader: &SlipReader) -> String {
        let (from, held) = (self.acts_from(reader), self.within("h.path", &reader.decides));
        format!("({from} AND {held})")
    }

    /// Says the same as `SlipCase::acts_for_holder`.
    fn mine(&mut self, reader: &SlipReader) -> String {
        let posts = list(reader.posts.iter().map(|post| post.0));
        let own = list(reader.leads_own.iter().map(|unit| unit.0));
        let leads = list(reader.leads.iter().map(|unit| unit.0));
        let fills = self.within("h.path", &reader.fills);
        format!(
            "(s.to_post_id IN ({posts}) OR s.to_post_id IS NULL AND \
             (s.kind = 'talk' AND s.holder_unit_id IN ({own}) OR s.kind <> 'talk' AND ({fills} OR s.holder_unit_id IN ({leads}))))"
        )
    }

    fn wish(&mut self, wish: SlipWish, reader: &SlipReader, today: Day) -> Option<String> {
        let answered_by_me = format!("COALESCE(s.answered_by, 0) <> {}", reader.person.0);
        Some(match wish {
            SlipWish::All => return None,
            SlipWish::ToSign => format!("s.state = 'issued' AND {}", self.mine(reader)),
            SlipWish::ToAnswer => format!(
                "s.answer_day IS NOT NULL AND s.state IN ('signed', 'sent_back') AND {}",
                self.mine(reader)
            ),
            SlipWish::ToIssue => format!("s.state = 'drafted' AND {}", self.decider(reader)),
            SlipWish::ToReview => {
                format!("s.state = 'answered' AND {answered_by_me} AND {}", self.decider(reader))
            }
            SlipWish::Disputed => format!("s.state = 'disputed' AND {}", self.decider(reader)),
            SlipWish::IssuedByUs => format!("s.number > 0 AND {}", self.acts_from(reader)),
            SlipWish::Unsigned => "s.state = 'issued'".to_owned(),
            SlipWish::Unanswered => {
                format!("s.state IN ('issued', 'signed', 'sent_back') AND s.answer_day < {}", today.days())
            }
        })
    }

    fn conditions(&mut self, reader: &SlipReader, filter: &SlipFilter, today: Day) -> String {
        let mut parts = vec![self.visible(reader)];
        if let Some(wish) = filter.wish {
            parts.extend(self.wish(wish, reader, today));
        }
        if let Some(campaign) = filter.campaign {
            parts.push(format!("s.campaign_id = {campaign}"));
        }
        if let Some(kind) = filter.kind {
            let kind = self.arg(kind.to_val());
            parts.push(format!("s.kind = {kind}"));
        }
        if let Some(state) = filter.state {
            let state = self.arg(state.to_val());
            parts.push(format!("s.state = {state}"));
        }
        if let Some(subject) = filter.subject {
            let kind = self.arg(subject.kind.to_val());
            parts.push(format!("s.subject_kind = {kind} AND s.subject_id = {}", subject.id));
            if let Some(unit) = subject.unit_id {
                parts.push(format!("s.subject_unit_id = {unit}"));
            }
            if let Some(day) = subject.period_day {
                parts.push(format!("s.subject_day = {}", day.days()));
            }
        }
        if let Some(unit) = filter.unit {
            parts.push(format!("(s.holder_unit_id = {unit} OR s.to_unit_id = {unit})"));
        }
        if let Some(level) = filter.level {
            let level = self.arg(level.to_val());
            parts.push(format!("h.level = {level}"));
        }
        if let Some(unit) = filter.below {
            // Paths have a fixed width a step, so that a prefix is a subtree.
            parts.push(format!(
                "EXISTS (SELECT 1 FROM unit b WHERE b.id = {unit} AND substr(h.path, 1, length(b.path)) = b.path)"
            ));
        }
        if let Some(path) = &filter.within {
            parts.push(self.within("h.path", std::slice::from_ref(path)));
        }
        parts.join(" AND ")
    }
}

/// Whole numbers as an SQL list: they come from typed ids, never from a request. Zero is no unit, post or person.
fn list(ids: impl Iterator<Item = i64>) -> String {
    let mut all = vec!["0".to_owned()];
    all.extend(ids.map(|id| id.to_string()));
    all.join(", ")
}

const FROM: &str = "slip s JOIN unit h ON h.id = s.holder_unit_id JOIN unit t ON t.id = s.to_unit_id \
     JOIN unit i ON i.id = s.issuer_unit_id LEFT JOIN unit c ON c.id = s.copy_unit_id";

/// Whether any slip in course is in the hands of a person: to be signed, answered, issued, reviewed or decided. Driven
/// from the person's own units, so that most people cost three look-ups in an index; what exactly waits is asked then.
///
/// # Errors
/// Faults of the database.
pub fn any_in_hand(conn: &mut Conn, reader: &SlipReader) -> Result<bool, Fault> {
    const OPEN: &str = "s.state IN ('drafted', 'issued', 'signed', 'sent_back', 'answered', 'disputed')";
    let mut build = Build { args: vec![] };
    let posts = build.list(reader.posts.iter().map(|post| post.0));
    let own = build.list(reader.leads_own.iter().chain(&reader.leads).map(|unit| unit.0));
    let fills = build.within("u.path", &reader.fills);
    let places = reader.places.iter().map(|unit| unit.0).filter(|_| !reader.decides.is_empty());
    let issuers = build.list(places);
    let sql = format!(
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM slip s WHERE {OPEN} AND s.to_post_id IN ({posts})) \
           OR EXISTS (SELECT 1 FROM slip s WHERE {OPEN} AND s.holder_unit_id IN ({own})) \
           OR EXISTS (SELECT 1 FROM unit u JOIN slip s ON s.holder_unit_id = u.id WHERE {fills} AND {OPEN}) \
           OR EXISTS (SELECT 1 FROM slip s WHERE {OPEN} AND s.issuer_unit_id IN ({issuers})) \
         THEN 1 ELSE 0 END"
    );
    Ok(conn.first(&sql, &build.args)?.map_or(Ok(0), |row| row.int(0))? == 1)
}

/// One page of the slips a person may see, newest first, with how many there are.
///
/// # Errors
/// Faults of the database.
pub fn seen(
    conn: &mut Conn,
    reader: &SlipReader,
    filter: &SlipFilter,
    today: Day,
) -> Result<(Vec<Slip>, i64), Fault> {
    let total = count(conn, reader, filter, today)?;
    Ok((rows(conn, reader, filter, today)?, total))
}

/// One page of the slips a person may see, newest first.
///
/// # Errors
/// Faults of the database.
pub fn rows(
    conn: &mut Conn,
    reader: &SlipReader,
    filter: &SlipFilter,
    today: Day,
) -> Result<Vec<Slip>, Fault> {
    let mut build = Build { args: vec![] };
    let conditions = build.conditions(reader, filter, today);
    let columns: Vec<String> = Slip::COLUMNS.iter().map(|column| format!("s.{column}")).collect();
    let sql = format!(
        "SELECT {} FROM {FROM} WHERE {conditions} ORDER BY s.id DESC LIMIT {SLIP_PAGE_ROWS} OFFSET {}",
        columns.join(", "),
        filter.offset.max(0)
    );
    conn.rows(&sql, &build.args)?.iter().map(|row| Slip::from_row(row, 0)).collect()
}

/// How many slips a filter finds for a person.
///
/// # Errors
/// Faults of the database.
pub fn count(conn: &mut Conn, reader: &SlipReader, filter: &SlipFilter, today: Day) -> Result<i64, Fault> {
    let mut build = Build { args: vec![] };
    let conditions = build.conditions(reader, filter, today);
    let sql = format!("SELECT COUNT(*) FROM {FROM} WHERE {conditions}");
    conn.first(&sql, &build.args)?.map_or(Ok(0), |row| row.int(0))
}

/// Slips about these records, oldest first, whoever asks: for the ladder.
///
/// # Errors
/// Faults of the database.
pub fn about(conn: &mut Conn, kind: SubjectKind, ids: &[i64]) -> Result<Vec<Slip>, Fault> {
    let list = serde_json::to_string(ids).unwrap_or_default();
    let condition = "WHERE subject_kind = $1 AND subject_id IN (SELECT CAST(value AS BIGINT) FROM json_each($2)) ORDER BY id";
    Slip::load(conn, condition, &vals![kind.code(), list])
}

/// How often slips about these records were returned as not ours.
///
/// # Errors
/// Faults of the database.
pub fn returns_about(conn: &mut Conn, kind: SubjectKind, ids: &[i64]) -> Result<Vec<(i64, i64)>, Fault> {
    let list = serde_json::to_string(ids).unwrap_or_default();
    let sql = "SELECT s.subject_id, COUNT(*) FROM slip s JOIN slip_step p ON p.slip_id = s.id AND p.verb = 'return' \
         WHERE s.subject_kind = $1 AND s.subject_id IN (SELECT CAST(value AS BIGINT) FROM json_each($2)) GROUP BY s.subject_id";
    conn.rows(sql, &vals![kind.code(), list])?.iter().map(|row| Ok((row.int(0)?, row.int(1)?))).collect()
}

/// Drafts of the ladder that wait for a person.
///
/// # Errors
/// Faults of the database.
pub fn waiting_drafts(conn: &mut Conn, campaign: CampaignId) -> Result<Vec<Slip>, Fault> {
    let condition = "WHERE campaign_id = $1 AND state = 'drafted' AND rule <> '' ORDER BY id";
    Slip::load(conn, condition, &vals![campaign.0])
}

/// What earlier decisions say about matters of a category, newest first.
///
/// # Errors
/// Faults of the database.
pub fn routing_hints(
    conn: &mut Conn,
    campaign: CampaignId,
    category: &str,
) -> Result<Vec<RoutingRule>, Fault> {
    let condition = "WHERE campaign_id = $1 AND category = $2 ORDER BY id DESC LIMIT 10";
    RoutingRule::load(conn, condition, &vals![campaign.0, category])
}

/// Open problems behind a number on which a clock runs, in order, for walking through all of a campaign.
///
/// # Errors
/// Faults of the database.
pub fn running_problems(
    conn: &mut Conn,
    campaign: CampaignId,
    after: ProblemId,
    limit: i64,
) -> Result<Vec<Problem>, Fault> {
    let condition = format!(
        "WHERE campaign_id = $1 AND id > $2 AND state IN ('assigned', 'rectifying', 'sent_back', 'handed_up') \
         ORDER BY id LIMIT {limit}"
    );
    Problem::load(conn, &condition, &vals![campaign.0, after.0])
}

/// Running tasks behind a number, in order, for walking through all of a campaign. A task that was broken down runs in
/// its parts.
///
/// # Errors
/// Faults of the database.
pub fn running_tasks(
    conn: &mut Conn,
    campaign: CampaignId,
    after: i64,
    limit: i64,
) -> Result<Vec<bihuan_domain::task::Task>, Fault> {
    let condition = format!(
        "WHERE campaign_id = $1 AND id > $2 AND state = 'running' \
         AND NOT EXISTS (SELECT 1 FROM task part WHERE part.parent_id = task.id) ORDER BY id LIMIT {limit}"
    );
    bihuan_domain::task::Task::load(conn, &condition, &vals![campaign.0, after])
}

/// Calls for a superior that wait for an answer or for help, of these problems, with the moment the unit asked has
/// held the clock since.
///
/// # Errors
/// Faults of the database.
pub fn running_requests(
    conn: &mut Conn,
    problems: &[ProblemId],
) -> Result<Vec<(Request, bihuan_domain::Instant)>, Fault> {
    let list = serde_json::to_string(problems).unwrap_or_default();
    let columns: Vec<String> = Request::COLUMNS.iter().map(|column| format!("r.{column}")).collect();
    let sql = format!(
        "SELECT {}, COALESCE((SELECT MAX(h.from_us) FROM problem_holding h WHERE h.problem_id = r.problem_id \
           AND h.unit_id = r.to_unit_id AND h.to_us IS NULL), r.asked_at) \
         FROM request r WHERE r.kind = 'hand_up' AND r.state IN ('open', 'granted') \
         AND r.problem_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) ORDER BY r.id",
        columns.join(", ")
    );
    let rows = conn.rows(&sql, &vals![list])?;
    rows.iter()
        .map(|row| Ok((Request::from_row(row, 0)?, Field::from_val(row.val(Request::COLUMNS.len())?)?)))
        .collect()
}

/// Late problems of a subtree, over all campaigns.
///
/// # Errors
/// Faults of the database.
pub fn late_within(conn: &mut Conn, path: &UnitPath, today: Day) -> Result<i64, Fault> {
    let sql = "SELECT COUNT(*) FROM problem WHERE home_path >= $1 AND home_path < $2 AND clock_day < $3 \
         AND state IN ('assigned', 'rectifying', 'sent_back')";
    let args = vals![path.as_str(), path.subtree_end(), i64::from(today.days())];
    conn.first(sql, &args)?.map_or(Ok(0), |row| row.int(0))
}

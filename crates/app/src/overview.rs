//! The overview 总览 of a unit: every figure with its definition, its denominator and the rows behind it.

use crate::Error;
use crate::context::{App, Context};
use crate::ledger::{LedgerQuery, Standpoint, standpoint};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::colour::Colour;
use bihuan_domain::figure::{self, Definition, SAMPLE_MIN, per_mille};
use bihuan_domain::id::UnitId;
use bihuan_domain::problem::{Flow, Outcome, State};
use bihuan_domain::unit::Unit;
use bihuan_domain::{Coded, Day};
use bihuan_store::Conn;
use bihuan_store::counts::{self, AGE_GROUPS, Counts, TREND_DAYS};
use bihuan_store::ledger as store;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// Weeks of the trend.
pub const TREND_WEEKS: i32 = TREND_DAYS / 7;
/// Days looked back for "what changed" unless another day is chosen.
pub const CHANGED_DAYS: i32 = 7;
/// Subtrees with more problems than this show states and colours apart, for the two together are counted row by row.
pub const CROSS_ROWS_MAX: i64 = 20_000;

/// One number with what it means and the question that lists its rows.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// What it means.
    #[serde(flatten)]
    pub definition: Definition,
    /// What this one is called where the definition covers several, as a state or a category.
    pub label: String,
    /// The number.
    pub value: i64,
    /// Out of how many, where that says something.
    pub out_of: Option<i64>,
    /// The rows behind it.
    #[serde(serialize_with = "as_pairs")]
    pub query: LedgerQuery,
}

fn as_pairs<S: Serializer>(query: &LedgerQuery, to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(query.pairs())
}

impl Figure {
    /// The rate in per mille, unless the sample is too small to compare.
    pub fn per_mille(&self) -> Option<i64> {
        self.out_of.filter(|all| *all >= SAMPLE_MIN).and_then(|all| per_mille(self.value, all))
    }

    /// There is a denominator, but a small one.
    pub fn is_small_sample(&self) -> bool {
        self.out_of.is_some_and(|all| all < SAMPLE_MIN)
    }
}

/// One line of the children's table: a unit with its subtree, or the unit itself.
#[derive(Clone, Debug, Serialize)]
pub struct ChildLine {
    /// The unit.
    pub unit: UnitId,
    /// Its name on the day.
    pub name: String,
    /// It still exists on the day.
    pub open: bool,
    /// The unit itself without its children 本级.
    pub own: bool,
    /// Total, open, colours, late, closed, solved: always in this order, zero or not.
    pub figures: Vec<Figure>,
}

/// Open and closed of one category, strand or source.
#[derive(Clone, Debug, Serialize)]
pub struct FacetLine {
    /// Its name; empty for those without.
    pub name: String,
    /// Not closed.
    pub open: Figure,
    /// Closed.
    pub closed: Figure,
}

/// One week of the trend.
#[derive(Clone, Debug, Serialize)]
pub struct Week {
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Registered, closed, reopened, sent back.
    pub figures: Vec<Figure>,
}

/// A state with its colours.
#[derive(Clone, Debug, Serialize)]
pub struct StateLine {
    /// The state.
    pub state: State,
    /// How many.
    pub all: Figure,
    /// Red, yellow, green where the doing unit owes; empty otherwise or when the subtree is too large.
    pub colours: Vec<Figure>,
}

/// The overview of a unit.
#[derive(Clone, Debug, Serialize)]
pub struct Overview {
    /// Where it looks from.
    #[serde(skip)]
    pub at: Standpoint,
    /// Campaigns the reader may see.
    #[serde(skip)]
    pub campaigns: Vec<Campaign>,
    /// The unit.
    pub unit: UnitId,
    /// Its name on the day.
    pub unit_name: String,
    /// The day it is told for.
    pub day: Day,
    /// Number of the entry it is exact as of.
    pub as_of_entry: i64,
    /// First day of "what changed".
    pub since: Day,
    /// The numbers at the top.
    pub figures: Vec<Figure>,
    /// States with colours.
    pub states: Vec<StateLine>,
    /// Colours.
    pub colours: Vec<Figure>,
    /// Closed ones by outcome.
    pub outcomes: Vec<Figure>,
    /// Late ones by age.
    pub late_by_age: Vec<Figure>,
    /// By category.
    pub categories: Vec<FacetLine>,
    /// By strand.
    pub strands: Vec<FacetLine>,
    /// By source.
    pub sources: Vec<FacetLine>,
    /// 本级 and the children in official order.
    pub children: Vec<ChildLine>,
    /// Weeks, oldest first.
    pub trend: Vec<Week>,
    /// What changed since the chosen day.
    pub changed: Vec<Figure>,
}

impl App {
    /// The overview of the query's unit; everything but campaign, unit and day of the query is passed over. `since`
    /// is the first day of "what changed", at most [`TREND_DAYS`] back.
    ///
    /// # Errors
    /// `NotFound` for a campaign or unit out of sight.
    pub fn overview(
        &self,
        ctx: &Context,
        query: &LedgerQuery,
        since: Option<Day>,
    ) -> Result<Overview, Error> {
        self.db.read(|conn| {
            let at = standpoint(self, conn, ctx, query)?;
            let (own, children) = count(conn, &at, None)?;
            let units = children_units(conn, &at)?;
            let names = names_of(conn, &at, &units)?;
            let cross = cross(conn, &at, &own)?;
            let oldest = at.day.plus_days(-TREND_DAYS);
            let since = since.unwrap_or_else(|| at.day.plus_days(-CHANGED_DAYS)).max(oldest).min(at.day);
            let campaigns = crate::ledger::seen_campaigns(conn, ctx)?;
            let build = Build { base: base(&at), own: &own };
            Ok(Overview {
                unit: at.unit.id,
                unit_name: at.unit.name.clone(),
                day: at.day,
                as_of_entry: at.seq,
                since,
                figures: build.top(),
                states: build.states(&cross),
                colours: build.colours(),
                outcomes: build.outcomes(),
                late_by_age: build.ages(),
                categories: build.facet(&own.categories, |query, name| query.category = Some(name)),
                strands: build.facet(&own.strands, |query, name| query.strand = Some(name)),
                sources: build.facet(&own.sources, |query, name| query.source = Some(name)),
                children: build.children(&at, &units, &names, &children),
                trend: build.trend(at.day),
                changed: build.changed(since, at.day),
                campaigns,
                at,
            })
        })
    }
}

pub(crate) fn base(at: &Standpoint) -> LedgerQuery {
    LedgerQuery {
        campaign: Some(at.campaign.id),
        unit: Some(at.unit.id),
        as_of: at.as_of.map(|moment| moment.day),
        entry: at.entry,
        ..LedgerQuery::default()
    }
}

/// Counts of the unit and its children, with flows of the last [`TREND_DAYS`] or since `since`.
pub(crate) fn count(
    conn: &mut Conn,
    at: &Standpoint,
    since: Option<Day>,
) -> Result<(Counts, BTreeMap<UnitId, Counts>), Error> {
    let (unit, campaign, yellow) = (at.unit.id, at.campaign.id, at.rules.yellow_days);
    if let Some(moment) = at.as_of {
        return Ok(counts::as_of(conn, unit, campaign, moment, yellow, since)?);
    }
    let own = counts::of_unit(conn, unit, campaign, at.day, yellow, since)?;
    Ok((own, counts::of_children(conn, unit, campaign, at.day, yellow)?))
}

/// Children of the day; a closed one is listed only while something is counted there.
pub(crate) fn children_units(conn: &mut Conn, at: &Standpoint) -> Result<Vec<Unit>, Error> {
    Ok(match at.as_of {
        None => store::children(conn, at.unit.id)?,
        Some(moment) => store::children_on(conn, at.unit.id, moment.day)?,
    })
}

pub(crate) fn names_of(
    conn: &mut Conn,
    at: &Standpoint,
    units: &[Unit],
) -> Result<std::collections::HashMap<UnitId, String>, Error> {
    match at.as_of {
        None => Ok(units.iter().map(|unit| (unit.id, unit.name.clone())).collect()),
        Some(moment) => Ok(store::unit_names_on(conn, units.iter().map(|unit| unit.id), moment.day)?),
    }
}

fn cross(conn: &mut Conn, at: &Standpoint, own: &Counts) -> Result<BTreeMap<(State, Colour), i64>, Error> {
    if own.total() > CROSS_ROWS_MAX {
        return Ok(BTreeMap::new());
    }
    Ok(counts::state_colours(conn, &base(at).filter(at))?)
}

pub(crate) struct Build<'a> {
    pub(crate) base: LedgerQuery,
    pub(crate) own: &'a Counts,
}

impl Build<'_> {
    pub(crate) fn figure(
        &self,
        definition: Definition,
        label: &str,
        value: i64,
        out_of: Option<i64>,
        ask: impl FnOnce(&mut LedgerQuery),
    ) -> Figure {
        let mut query = self.base.clone();
        ask(&mut query);
        let label = if label.is_empty() { definition.name } else { label };
        Figure { definition, label: label.to_owned(), value, out_of, query }
    }

    pub(crate) fn top(&self) -> Vec<Figure> {
        let own = self.own;
        let owing: i64 = Colour::ALL.iter().map(|colour| own.colour(*colour)).sum();
        vec![
            self.figure(figure::TOTAL, "", own.total(), None, |_| {}),
            self.figure(figure::OPEN, "", own.open(), Some(own.total()), open),
            self.figure(figure::LATE, "", own.late, Some(owing), |q| q.late = true),
            self.figure(figure::CLOSED, "", own.closed(), Some(own.total()), |q| {
                q.states = vec![State::Closed]
            }),
            self.figure(figure::SOLVED, "", own.outcome(Outcome::Solved), Some(own.rectifiable()), |q| {
                q.outcome = Some(Outcome::Solved);
            }),
        ]
    }

    pub(crate) fn states(&self, cross: &BTreeMap<(State, Colour), i64>) -> Vec<StateLine> {
        let crossed = self.own.total() <= CROSS_ROWS_MAX;
        let line = |state: &State| {
            let (state, value) = (*state, self.own.state(*state));
            let colours = Colour::ALL.iter().filter(|_| state.doer_owes() && crossed);
            let colours = colours.map(|colour| {
                let n = cross.get(&(state, *colour)).copied().unwrap_or(0);
                self.figure(of_colour(*colour), colour.label(), n, None, |q| {
                    q.states = vec![state];
                    q.colour = Some(*colour);
                })
            });
            StateLine {
                state,
                colours: colours.collect(),
                all: self.figure(figure::STATE, state.label(), value, None, |q| q.states = vec![state]),
            }
        };
        State::ALL.iter().map(line).collect()
    }

    pub(crate) fn colours(&self) -> Vec<Figure> {
        let owing: i64 = Colour::ALL.iter().map(|colour| self.own.colour(*colour)).sum();
        let one = |colour: &Colour| {
            let value = self.own.colour(*colour);
            self.figure(of_colour(*colour), "", value, Some(owing), |q| q.colour = Some(*colour))
        };
        Colour::ALL.iter().map(one).collect()
    }

    pub(crate) fn outcomes(&self) -> Vec<Figure> {
        let closed = self.own.closed();
        let one = |outcome: &Outcome| {
            let value = self.own.outcome(*outcome);
            self.figure(figure::OUTCOME, outcome.label(), value, Some(closed), |q| q.outcome = Some(*outcome))
        };
        Outcome::ALL.iter().map(one).collect()
    }

    pub(crate) fn ages(&self) -> Vec<Figure> {
        let [week, month, quarter] = AGE_GROUPS;
        let labels = [
            format!("{week}天以内"),
            format!("{}至{month}天", week + 1),
            format!("{}至{quarter}天", month + 1),
            format!("{quarter}天以上"),
        ];
        let one = |(age, label): (usize, &String)| {
            let value = self.own.late_by_age[age];
            self.figure(figure::LATE_BY_AGE, label, value, Some(self.own.late), |q| q.late_age = Some(age))
        };
        labels.iter().enumerate().map(one).collect()
    }

    pub(crate) fn facet(
        &self,
        counts: &BTreeMap<String, (i64, i64)>,
        ask: impl Fn(&mut LedgerQuery, String),
    ) -> Vec<FacetLine> {
        let line = |(name, (open_n, closed_n)): (&String, &(i64, i64))| FacetLine {
            name: name.clone(),
            open: self.figure(figure::OPEN, "", *open_n, None, |q| {
                open(q);
                ask(q, name.clone());
            }),
            closed: self.figure(figure::CLOSED, "", *closed_n, None, |q| {
                q.states = vec![State::Closed];
                ask(q, name.clone());
            }),
        };
        let mut lines: Vec<FacetLine> =
            counts.iter().filter(|(_, (a, b))| *a != 0 || *b != 0).map(line).collect();
        lines.sort_by_key(|line| std::cmp::Reverse(line.open.value + line.closed.value));
        lines
    }

    pub(crate) fn children(
        &self,
        at: &Standpoint,
        units: &[Unit],
        names: &std::collections::HashMap<UnitId, String>,
        children: &BTreeMap<UnitId, Counts>,
    ) -> Vec<ChildLine> {
        let nothing = Counts::default();
        let rest = self.own.without(children.values());
        let own = |query: &mut LedgerQuery| query.own = true;
        let mut lines = vec![ChildLine {
            unit: at.unit.id,
            name: format!("{}本级", at.unit.name),
            open: true,
            own: true,
            figures: self.line(&rest, own),
        }];
        for unit in units {
            let counts = children.get(&unit.id).unwrap_or(&nothing);
            let open = unit.is_open_on(at.day);
            if !open && counts.total() == 0 {
                continue;
            }
            lines.push(ChildLine {
                unit: unit.id,
                name: names.get(&unit.id).cloned().unwrap_or_else(|| unit.name.clone()),
                open,
                own: false,
                figures: self.line(counts, |query| query.unit = Some(unit.id)),
            });
        }
        lines
    }

    pub(crate) fn line(&self, counts: &Counts, place: impl Fn(&mut LedgerQuery)) -> Vec<Figure> {
        let at = |definition, value, out_of, ask: &dyn Fn(&mut LedgerQuery)| {
            self.figure(definition, "", value, out_of, |query| {
                place(query);
                ask(query);
            })
        };
        let total = counts.total();
        let mut figures =
            vec![at(figure::TOTAL, total, None, &|_| {}), at(figure::OPEN, counts.open(), None, &open)];
        for colour in Colour::ALL.iter().copied() {
            figures
                .push(at(of_colour(colour), counts.colour(colour), None, &move |q| q.colour = Some(colour)));
        }
        figures.push(at(figure::LATE, counts.late, None, &|q| q.late = true));
        figures.push(at(figure::CLOSED, counts.closed(), None, &|q| q.states = vec![State::Closed]));
        let (solved, all) = (counts.outcome(Outcome::Solved), counts.rectifiable());
        figures.push(at(figure::SOLVED, solved, Some(all), &|q| q.outcome = Some(Outcome::Solved)));
        figures
    }

    fn trend(&self, day: Day) -> Vec<Week> {
        let week = |back: i32| {
            let to = day.plus_days(-7 * back);
            let from = to.plus_days(-6);
            let flows = [Flow::Registered, Flow::Closed, Flow::Reopened, Flow::SentBack];
            let figures = flows.map(|flow| self.moved(flow, from, to)).to_vec();
            Week { from, to, figures }
        };
        (0..TREND_WEEKS).rev().map(week).collect()
    }

    pub(crate) fn moved(&self, flow: Flow, from: Day, to: Day) -> Figure {
        let value = self.own.flow_between(flow, from, to);
        self.figure(figure::MOVED, flow.label(), value, None, |query| {
            query.moved = Some(flow);
            query.from = Some(from);
            query.to = Some(to);
        })
    }

    fn changed(&self, since: Day, day: Day) -> Vec<Figure> {
        let mut figures: Vec<Figure> = Flow::ALL.iter().map(|flow| self.moved(*flow, since, day)).collect();
        let late = self.own.newly_late(since);
        figures.push(self.figure(figure::NEWLY_LATE, "", late, None, |q| q.newly_late = Some(since)));
        figures
    }
}

fn open(query: &mut LedgerQuery) {
    query.states = LedgerQuery::open_states();
}

fn of_colour(colour: Colour) -> Definition {
    match colour {
        Colour::Red => figure::RED,
        Colour::Yellow => figure::YELLOW,
        Colour::Green => figure::GREEN,
    }
}

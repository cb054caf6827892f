//! Figures of a report: each by its name from the counts of its unit and period, with the question that lists its rows.

use super::deeds::{ACTION_COLUMNS, Deeds, Over, Place, RowLine, SLIP_COLUMNS};
use crate::Error;
use crate::context::{App, Context};
use crate::ledger::{FacetNames, LedgerQuery, Standpoint, standpoint};
use crate::overview::{Build, Figure, base, children_units, count, names_of};
use bihuan_domain::colour::Colour;
use bihuan_domain::figure;
use bihuan_domain::id::{CampaignId, RequiredActionId, UnitId};
use bihuan_domain::problem::{Outcome, State};
use bihuan_domain::report::Report;
use bihuan_domain::report::text::{ActionPart, Facet, FigureName, TaskPart, Value, Which};
use bihuan_domain::slip::SlipKind;
use bihuan_domain::unit::Unit;
use bihuan_domain::{Coded, Day};
use bihuan_store::Conn;
use bihuan_store::counts::Counts;
use std::collections::BTreeMap;

/// Everything the fields of a report are filled from.
pub(crate) struct Known {
    pub(crate) at: Standpoint,
    pub(crate) from: Day,
    pub(crate) to: Day,
    pub(crate) parent: String,
    pub(crate) today: Day,
    pub(crate) number: String,
    own: Counts,
    children: BTreeMap<UnitId, Counts>,
    /// The unit itself, without those below it 本级.
    rest: Counts,
    pub(super) units: Vec<(UnitId, String)>,
    /// Rules, tasks and slips; `None` where nothing is told of them.
    pub(super) deeds: Option<Deeds>,
    /// What a correction keeps of the edition it corrects.
    pub(super) kept: Option<super::basis::Kept>,
}

/// What stands behind `@` in the name of a figure of the unit itself.
const OWN: &str = "own";

/// A figure with its name and what it is counted in.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) unit: &'static str,
    pub(crate) figure: Figure,
    pub(crate) shown: String,
    /// The rows that add up to it, where it is not of the ledger.
    pub(crate) rows: Option<Vec<RowLine>>,
}

/// What is counted: a unit in a campaign over a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Scope {
    pub(crate) campaign: CampaignId,
    pub(crate) unit: UnitId,
    pub(crate) from: Day,
    pub(crate) to: Day,
}

/// Counts a report's unit over its period; see [`gather_over`].
pub(crate) fn gather(
    app: &App,
    conn: &mut Conn,
    ctx: &Context,
    report: &Report,
    entry: Option<i64>,
    with_deeds: bool,
) -> Result<Known, Error> {
    let Report { campaign_id: campaign, unit_id: unit, from_day: from, to_day: to, .. } = *report;
    gather_over(app, conn, ctx, Scope { campaign, unit, from, to }, entry, with_deeds)
}

/// Counts a unit over a period: as of the end of the period, or as of `entry` with that same day. Rules, tasks and slips
/// are counted `with_deeds` alone, as they stood at the end of the period or stand now.
pub(crate) fn gather_over(
    app: &App,
    conn: &mut Conn,
    ctx: &Context,
    scope: Scope,
    entry: Option<i64>,
    with_deeds: bool,
) -> Result<Known, Error> {
    let query = LedgerQuery {
        campaign: Some(scope.campaign),
        unit: Some(scope.unit),
        as_of: Some(scope.to),
        entry,
        ..LedgerQuery::default()
    };
    let at = standpoint(app, conn, ctx, &query)?;
    let (own, children) = count(conn, &at, Some(scope.from))?;
    let units = children_units(conn, &at)?;
    let names = names_of(conn, &at, &units)?;
    let parent = match at.unit.parent_id {
        Some(parent) => crate::context::unit(conn, parent)?.name,
        None => String::new(),
    };
    let nothing = Counts::default();
    let shown =
        |unit: &Unit| unit.is_open_on(at.day) || children.get(&unit.id).unwrap_or(&nothing).total() > 0;
    let units = units
        .iter()
        .filter(|unit| shown(unit))
        .map(|unit| (unit.id, names.get(&unit.id).cloned().unwrap_or_else(|| unit.name.clone())))
        .collect::<Vec<_>>();
    let over = Over {
        campaign: &at.campaign,
        unit: &at.unit,
        children: &units,
        from: scope.from,
        to: scope.to.min(ctx.today()),
        past: scope.to < ctx.today(),
    };
    let deeds = if with_deeds { Some(Deeds::load(app, conn, ctx, &over)?) } else { None };
    let rest = own.without(children.values());
    Ok(Known {
        deeds,
        kept: None,
        rest,
        from: scope.from,
        to: scope.to,
        parent,
        today: ctx.today(),
        number: String::new(),
        own,
        children,
        units,
        at,
    })
}

impl Known {
    fn build(&self) -> Build<'_> {
        Build { base: base(&self.at), own: &self.own }
    }

    /// The question behind a figure, fixed to the entry the report is as of.
    fn fixed(&self, mut figure: Figure) -> Figure {
        figure.query.entry = Some(self.at.seq);
        figure.query.as_of = Some(self.at.day);
        figure
    }

    pub(super) fn named(&self, name: String, figure: Figure) -> Named {
        let shown = figure.value.to_string();
        Named { name, unit: "件", figure: self.fixed(figure), shown, rows: None }
    }

    /// A figure by the name it was written with, wherever it stands in a report.
    pub(crate) fn find(&self, name: &str) -> Option<Named> {
        let told = |figure: &FigureName| !figure.is_of_deeds() || self.deeds.is_some();
        if let Some(figure) = FigureName::parse(name) {
            return Some(figure).filter(told).map(|figure| self.figure(figure));
        }
        if let Some((figure, unit)) = name.split_once('@') {
            let figure = FigureName::parse(figure).filter(told)?;
            if unit == OWN {
                return Some(self.of_itself(figure));
            }
            let (id, unit) = self.units.iter().find(|(id, _)| id.to_string() == unit)?;
            return Some(self.of_child(figure, *id, unit));
        }
        let over = Facet::ALL.iter().filter(|facet| **facet != Facet::Units);
        let mut all = over.flat_map(|facet| {
            let lines = self.of_facet(*facet).into_iter().flat_map(|(_, figures)| figures);
            let bars = self.chart_lines(*facet, FigureName::Rate).into_iter().map(|(_, bar)| bar);
            lines.chain(bars)
        });
        all.find(|one| one.name == name)
    }

    /// The bars of a chart: each a figure of its own. Of several columns one is drawn: what is missed of rules, what was
    /// sent of slips, open and closed together of categories and the like.
    pub(crate) fn chart_lines(&self, facet: Facet, figure: FigureName) -> Vec<(String, Named)> {
        if facet == Facet::Units {
            let mut lines = self.of_units(&[figure]);
            lines.pop();
            return lines
                .into_iter()
                .filter_map(|(name, one)| Some((name, one.into_iter().next()?)))
                .collect();
        }
        let missed = ACTION_COLUMNS.iter().position(|part| *part == ActionPart::Missed).unwrap_or(0);
        let lines = self.of_facet(facet).into_iter();
        lines
            .filter_map(|(label, mut figures)| match facet {
                Facet::Categories | Facet::Sources | Facet::Strands => {
                    let closed = figures.get(1)?.figure.value;
                    Some((label.clone(), together(figures.swap_remove(0), &label, closed)))
                }
                Facet::Actions if missed < figures.len() => Some((label, figures.swap_remove(missed))),
                _ => figures.into_iter().next().map(|first| (label, first)),
            })
            .collect()
    }

    /// A word.
    pub(crate) fn value(&self, value: Value) -> String {
        match value {
            Value::Unit => self.at.unit.name.clone(),
            Value::Parent if self.parent.is_empty() => self.at.unit.name.clone(),
            Value::Parent => self.parent.clone(),
            Value::Campaign => self.at.campaign.name.clone(),
            Value::From => self.from.in_chinese(),
            Value::To => self.to.in_chinese(),
            Value::Period => format!("{}至{}", self.from.in_chinese(), self.to.in_chinese()),
            Value::Today => self.today.in_chinese(),
            Value::Entry => self.at.seq.to_string(),
            Value::Number => self.number.clone(),
        }
    }

    /// A figure of the unit.
    pub(crate) fn figure(&self, name: FigureName) -> Named {
        let build = self.build();
        let figure = match name {
            FigureName::Plain(_) | FigureName::Rate => return self.of_unit(name, &self.own, None),
            FigureName::State(state) => {
                build.figure(figure::STATE, state.label(), self.own.state(state), None, |q| {
                    q.states = vec![state];
                })
            }
            FigureName::Outcome(outcome) => {
                let (value, closed) = (self.own.outcome(outcome), self.own.closed());
                build.figure(figure::OUTCOME, outcome.label(), value, Some(closed), |q| {
                    q.outcome = Some(outcome)
                })
            }
            FigureName::Moved(flow) => build.moved(flow, self.from, self.to.min(self.at.day)),
            FigureName::NewlyLate => {
                let value = self.own.newly_late(self.from);
                build.figure(figure::NEWLY_LATE, "本期新逾期", value, None, |q| {
                    q.newly_late = Some(self.from)
                })
            }
            FigureName::Action(_) | FigureName::ActionNow(_) | FigureName::Task(_) | FigureName::Slip(_) => {
                return self.of_deeds(name, Place::Whole);
            }
        };
        self.named(name.name(), figure)
    }

    fn of_deeds(&self, name: FigureName, place: Place) -> Named {
        let found = self.deeds.as_ref().and_then(|deeds| deeds.figure(name, place));
        found.unwrap_or_else(|| {
            let nothing = Figure {
                definition: figure::ACTION_EXPECTED,
                label: name.name(),
                value: 0,
                out_of: None,
                query: LedgerQuery::default(),
            };
            Named {
                name: name.name(),
                unit: "项",
                figure: nothing,
                shown: "0".to_owned(),
                rows: Some(vec![]),
            }
        })
    }

    /// A figure of one unit directly below.
    fn of_child(&self, name: FigureName, id: UnitId, unit: &str) -> Named {
        let nothing = Counts::default();
        if name.is_of_deeds() {
            let mut named = self.of_deeds(name, Place::Below(id));
            named.name = format!("{}@{id}", name.name());
            named.figure.label = format!("{unit}{}", named.figure.label);
            return named;
        }
        self.of_unit(name, self.children.get(&id).unwrap_or(&nothing), Some((id, unit)))
    }

    /// A figure of the unit itself, without those below it.
    fn of_itself(&self, name: FigureName) -> Named {
        let mut named = match name.is_of_deeds() {
            true => self.of_deeds(name, Place::Itself),
            false => self.of_unit(name, &self.rest, None),
        };
        named.figure.query.own = true;
        named.figure.label = format!("{}{}", self.itself(), named.figure.label);
        named.name = format!("{}@{OWN}", name.name());
        named
    }

    /// What the unit itself is called in a table beside those below it.
    pub(super) fn itself(&self) -> String {
        format!("{}本级", self.at.unit.name)
    }

    /// A figure of the unit itself or of one below it.
    fn of_unit(&self, name: FigureName, counts: &Counts, place: Option<(UnitId, &str)>) -> Named {
        let mut query = base(&self.at);
        if let Some((unit, _)) = place {
            query.unit = Some(unit);
        }
        let build = Build { base: query, own: counts };
        let code = match name {
            FigureName::Plain(code) => code,
            _ => figure::SOLVED_RATE.code,
        };
        let owing: i64 = Colour::ALL.iter().map(|colour| counts.colour(*colour)).sum();
        let (solved, all) = (counts.outcome(Outcome::Solved), counts.rectifiable());
        let colour = |colour: Colour, definition| {
            build.figure(definition, "", counts.colour(colour), Some(owing), |q| q.colour = Some(colour))
        };
        let one = match code {
            "open" => build.figure(figure::OPEN, "", counts.open(), Some(counts.total()), |q| {
                q.states = LedgerQuery::open_states();
            }),
            "late" => build.figure(figure::LATE, "", counts.late, Some(owing), |q| q.late = true),
            "closed" => build.figure(figure::CLOSED, "", counts.closed(), Some(counts.total()), |q| {
                q.states = vec![State::Closed];
            }),
            "solved" => {
                build.figure(figure::SOLVED, "", solved, Some(all), |q| q.outcome = Some(Outcome::Solved))
            }
            "solved_rate" => build
                .figure(figure::SOLVED_RATE, "", solved, Some(all), |q| q.outcome = Some(Outcome::Solved)),
            "red" => colour(Colour::Red, figure::RED),
            "yellow" => colour(Colour::Yellow, figure::YELLOW),
            "green" => colour(Colour::Green, figure::GREEN),
            _ => build.figure(figure::TOTAL, "", counts.total(), None, |_| {}),
        };
        let label = match place {
            Some((_, unit)) => format!("{unit}{}", one.label),
            None => one.label.clone(),
        };
        let shown = if name == FigureName::Rate { rate(&one) } else { one.value.to_string() };
        let unit = if name == FigureName::Rate { "‰" } else { "件" };
        let name = match place {
            Some((unit, _)) => format!("{}@{unit}", name.name()),
            None => name.name(),
        };
        let mut named = Named { name, unit, figure: self.fixed(one), shown, rows: None };
        named.figure.label = label;
        if unit == "‰" {
            named.figure.value = named.figure.per_mille().unwrap_or(-1);
        }
        named
    }

    /// The lines of a table over units: the unit itself where it has something of its own, each unit below, and the sum.
    pub(crate) fn of_units(&self, columns: &[FigureName]) -> Vec<(String, Vec<Named>)> {
        let itself: Vec<Named> = columns.iter().map(|column| self.of_itself(*column)).collect();
        let has_own =
            self.rest.total() > 0 || itself.iter().any(|one| one.unit != "‰" && one.figure.value != 0);
        let mut lines: Vec<(String, Vec<Named>)> =
            has_own.then(|| (self.itself(), itself)).into_iter().collect();
        lines.extend(self.units.iter().map(|(id, name)| {
            let cells = columns.iter().map(|column| self.of_child(*column, *id, name));
            (name.clone(), cells.collect())
        }));
        let sum = columns.iter().map(|column| self.figure(*column));
        lines.push(("合计".to_owned(), sum.collect()));
        lines
    }

    /// The lines of a table over anything else: label and figures. Categories and the like have two figures.
    pub(crate) fn of_facet(&self, facet: Facet) -> Vec<(String, Vec<Named>)> {
        let build = self.build();
        let words = &self.at.words;
        let facet_lines = |counts: &BTreeMap<String, (i64, i64)>, names: &[(String, String)], key: &str| {
            let lines = build.facet(counts, |query, name| match key {
                "类别" => query.category = Some(name),
                "来源" => query.source = Some(name),
                _ => query.strand = Some(name),
            });
            lines
                .into_iter()
                .map(|line| {
                    let label = if line.name.is_empty() {
                        "未注明".to_owned()
                    } else {
                        FacetNames::name(names, &line.name).to_owned()
                    };
                    let pair = [("在办", line.open), ("已销号", line.closed)].map(|(column, mut figure)| {
                        figure.label = format!("{label}{column}");
                        self.named(format!("{key}：{}：{column}", line.name), figure)
                    });
                    (label, pair.to_vec())
                })
                .collect()
        };
        let single = |figures: Vec<Figure>, key: &str| -> Vec<(String, Vec<Named>)> {
            figures
                .into_iter()
                .map(|figure| {
                    let label = figure.label.clone();
                    (label.clone(), vec![self.named(format!("{key}：{label}"), figure)])
                })
                .collect()
        };
        match facet {
            Facet::Units => self.of_units(&[FigureName::Plain(figure::TOTAL.code)]),
            Facet::States => {
                let all = State::ALL.iter().map(|state| self.figure(FigureName::State(*state)));
                all.map(|one| (one.figure.label.clone(), vec![one])).collect()
            }
            Facet::Outcomes => single(build.outcomes(), "结果"),
            Facet::Ages => single(build.ages(), "逾期天数"),
            Facet::Flows => bihuan_domain::problem::Flow::ALL
                .iter()
                .map(|flow| self.figure(FigureName::Moved(*flow)))
                .map(|one| (one.figure.label.clone(), vec![one]))
                .collect(),
            Facet::Categories => facet_lines(&self.own.categories, &words.categories, "类别"),
            Facet::Sources => facet_lines(&self.own.sources, &words.sources, "来源"),
            Facet::Strands => facet_lines(&self.own.strands, &words.strands, "重点措施"),
            Facet::Actions | Facet::Tasks | Facet::Slips => self.deed_lines(facet),
        }
    }

    /// Rules one by one, tasks by where they stand, slips by kind.
    fn deed_lines(&self, facet: Facet) -> Vec<(String, Vec<Named>)> {
        let Some(deeds) = &self.deeds else { return Vec::new() };
        let told = |mut one: Named, line: &str| {
            one.figure.label = format!("{line}{}", one.figure.label);
            let (group, part) = one.name.split_once('：').unwrap_or((one.name.as_str(), ""));
            one.name = format!("{group}：{line}：{part}");
            one
        };
        match facet {
            Facet::Actions => {
                let line = |(rule, name): &(RequiredActionId, String)| {
                    let parts = ACTION_COLUMNS.iter();
                    let cells = parts
                        .map(|part| told(deeds.action(*part, false, Place::Whole, Some(*rule)), name))
                        .collect();
                    (name.clone(), cells)
                };
                deeds.rules().iter().map(line).collect()
            }
            Facet::Slips => {
                let line = |kind: &SlipKind| {
                    let parts = SLIP_COLUMNS.iter();
                    let cells =
                        parts.map(|part| told(deeds.slip(*part, Place::Whole, Some(*kind)), kind.label()));
                    (kind.label().to_owned(), cells.collect())
                };
                deeds.slip_kinds().iter().map(line).collect()
            }
            _ => {
                let parts = TaskPart::ALL.iter().filter(|part| **part != TaskPart::Total);
                let line =
                    |part: &TaskPart| (part.label().to_owned(), vec![self.figure(FigureName::Task(*part))]);
                parts.map(line).collect()
            }
        }
    }

    /// The question behind a list of problems.
    pub(crate) fn list_query(&self, which: Which) -> LedgerQuery {
        use bihuan_domain::problem::Flow;
        let mut query = base(&self.at);
        let to = self.to.min(self.at.day);
        let moved = |query: &mut LedgerQuery, flow| {
            query.moved = Some(flow);
            query.from = Some(self.from);
            query.to = Some(to);
        };
        match which {
            Which::All => {}
            Which::Open => query.states = LedgerQuery::open_states(),
            Which::Late => query.late = true,
            Which::Closed => query.states = vec![State::Closed],
            Which::Red => query.colour = Some(Colour::Red),
            Which::NewlyLate => query.newly_late = Some(self.from),
            Which::Registered => moved(&mut query, Flow::Registered),
            Which::ClosedNow => moved(&mut query, Flow::Closed),
            // Lists of rules, tasks and slips ask nothing of the ledger.
            Which::MissedActions | Which::Tasks | Which::BehindTasks | Which::UnansweredSlips => {}
        }
        query
    }
}

/// Open and closed of one line as one figure.
fn together(mut open: Named, label: &str, closed: i64) -> Named {
    open.figure.value += closed;
    open.shown = open.figure.value.to_string();
    open.figure.definition = figure::TOTAL;
    label.clone_into(&mut open.figure.label);
    open.figure.query.states = Vec::new();
    open.figure.out_of = None;
    open.name = format!("{}：合计", open.name.trim_end_matches("：在办"));
    open
}

/// A rate as documents write it; out of few it is written as what it is.
pub(super) fn rate(figure: &Figure) -> String {
    match figure.per_mille() {
        Some(rate) => format!("{}.{}%", rate / 10, rate % 10),
        None => format!("（{}/{}，样本不足）", figure.value, figure.out_of.unwrap_or(0)),
    }
}

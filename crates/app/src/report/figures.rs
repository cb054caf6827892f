//! Figures of a report: each by its name from the counts of its unit and period, with the question that lists its rows.

use crate::Error;
use crate::context::{App, Context};
use crate::ledger::{FacetNames, LedgerQuery, Standpoint, standpoint};
use crate::overview::{Build, Figure, base, children_units, count, names_of};
use bihuan_domain::colour::Colour;
use bihuan_domain::figure;
use bihuan_domain::id::UnitId;
use bihuan_domain::problem::{Outcome, State};
use bihuan_domain::report::Report;
use bihuan_domain::report::text::{Facet, FigureName, Value, Which};
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
    units: Vec<(UnitId, String)>,
}

/// A figure with its name and what it is counted in.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) unit: &'static str,
    pub(crate) figure: Figure,
    pub(crate) shown: String,
}

/// Counts a report's unit over its period: as of the end of the period, or as of `entry` with that same day.
pub(crate) fn gather(
    app: &App,
    conn: &mut Conn,
    ctx: &Context,
    report: &Report,
    entry: Option<i64>,
) -> Result<Known, Error> {
    let query = LedgerQuery {
        campaign: Some(report.campaign_id),
        unit: Some(report.unit_id),
        as_of: Some(report.to_day),
        entry,
        ..LedgerQuery::default()
    };
    let at = standpoint(app, conn, ctx, &query)?;
    let (own, children) = count(conn, &at, Some(report.from_day))?;
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
        .collect();
    Ok(Known {
        from: report.from_day,
        to: report.to_day,
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

    fn named(&self, name: String, figure: Figure) -> Named {
        let shown = figure.value.to_string();
        Named { name, unit: "件", figure: self.fixed(figure), shown }
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
        };
        self.named(name.name(), figure)
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
        let mut named = Named { name, unit, figure: self.fixed(one), shown };
        named.figure.label = label;
        if unit == "‰" {
            named.figure.value = named.figure.per_mille().unwrap_or(-1);
        }
        named
    }

    /// The lines of a table over units: each unit below, and the unit itself as the sum.
    pub(crate) fn of_units(&self, columns: &[FigureName]) -> Vec<(String, Vec<Named>)> {
        let nothing = Counts::default();
        let mut lines: Vec<(String, Vec<Named>)> = self
            .units
            .iter()
            .map(|(id, name)| {
                let counts = self.children.get(id).unwrap_or(&nothing);
                let cells = columns.iter().map(|column| self.of_unit(*column, counts, Some((*id, name))));
                (name.clone(), cells.collect())
            })
            .collect();
        let sum = columns.iter().map(|column| self.of_unit(*column, &self.own, None));
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
        }
        query
    }
}

/// A rate as documents write it; out of few it is written as what it is.
fn rate(figure: &Figure) -> String {
    match figure.per_mille() {
        Some(rate) => format!("{}.{}%", rate / 10, rate % 10),
        None => format!("（{}/{}，样本不足）", figure.value, figure.out_of.unwrap_or(0)),
    }
}

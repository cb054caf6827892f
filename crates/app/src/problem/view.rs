//! A problem as its page and its JSON show it: the case with all names, links, files, likeness, the time line, and
//! what the reader may do next.

use super::{CaseView, Warnings, visible_case};
use crate::breakdown::{Origin, origin_of};
use crate::context::{App, Context, campaign_for};
use crate::likeness::{self, Alike};
use crate::muster::MusterLine;
use crate::slip::SubjectSlips;
use crate::{Error, context};
use bihuan_domain::breakdown::Becomes;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::evidence::Evidence;
use bihuan_domain::id::{CampaignId, PersonId, PostId, ProblemId, UnitId};
use bihuan_domain::label::Label;
use bihuan_domain::problem::{Action, Case, Possible, Problem, State, Verb, possible};
use bihuan_domain::request::RequestKind;
use bihuan_domain::role::Role;
use bihuan_domain::template::Template;
use bihuan_domain::unit::Unit;
use bihuan_domain::{Coded, Instant};
use bihuan_store::journal::{self, EntryFilter};
use bihuan_store::problem::units::{self, LeadingPost};
use bihuan_store::{Conn, label as labels, problem as store};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Most entries of the time line on one page.
pub const LINES_MAX: i64 = 300;
/// Most units offered to choose from; beyond it one types the name.
pub const CHOICES_MAX: i64 = 600;

/// Names of everything a page speaks of.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Units.
    pub units: BTreeMap<UnitId, Unit>,
    /// People.
    pub people: BTreeMap<PersonId, String>,
    /// Posts with who holds them today.
    pub posts: BTreeMap<PostId, LeadingPost>,
}

impl Names {
    /// A unit's name.
    pub fn unit(&self, id: UnitId) -> &str {
        self.units.get(&id).map_or("（未知单位）", |unit| unit.name.as_str())
    }

    /// A person's name.
    pub fn person(&self, id: PersonId) -> &str {
        self.people.get(&id).map_or("（已注销人员）", String::as_str)
    }

    /// A post with its unit and who holds it: "云溪镇党委书记（张明）".
    pub fn post(&self, id: PostId) -> String {
        match self.posts.get(&id) {
            None => "（已撤销岗位）".to_owned(),
            Some(post) if post.holder.is_empty() => format!("{}{}（暂缺）", post.unit_name, post.name),
            Some(post) => format!("{}{}（{}）", post.unit_name, post.name, post.holder),
        }
    }
}

/// Another problem in one line.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Brief {
    /// The problem.
    pub id: ProblemId,
    /// As people cite it.
    pub citation: String,
    /// What is wrong.
    pub text: String,
    /// Where it stands.
    pub state: State,
    /// The unit it is counted at.
    pub unit_id: UnitId,
}

impl Brief {
    fn of(problem: &Problem) -> Brief {
        Brief {
            id: problem.id,
            citation: problem.citation(),
            text: problem.text.clone(),
            state: problem.state,
            unit_id: problem.home_unit_id,
        }
    }
}

/// A piece of evidence with where else its file was filed.
#[derive(Clone, Debug)]
pub struct EvidenceView {
    /// The piece.
    pub evidence: Evidence,
    /// Its label.
    pub label: Label,
    /// The reader may open the file.
    pub may_open: bool,
    /// Problems with the same file that the reader may see.
    pub same: Vec<Brief>,
    /// How many more there are.
    pub same_hidden: usize,
    /// Problems with a picture that shows nearly the same, with how alike in hundredths.
    pub near: Vec<(Brief, u8)>,
    /// How many more there are.
    pub near_hidden: usize,
}

/// One entry of the time line.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Line {
    /// Journal number.
    pub seq: i64,
    /// When it was filed, by the server's clock.
    pub at: Instant,
    /// What.
    pub action: Action,
    /// Who.
    pub person: Option<PersonId>,
    /// Acting from which post.
    pub post: Option<PostId>,
    /// For which unit.
    pub unit: Option<UnitId>,
    /// Words.
    pub note: String,
}

/// A step the reader may take, or would but for one thing.
pub type Doable = Possible;

/// Problems that belong to this one, as far as the reader may see them.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// The problem above that causes it.
    pub root_cause: Option<Brief>,
    /// Problems it causes.
    pub symptoms: Vec<Brief>,
    /// The problem it was merged into.
    pub merged_into: Option<Brief>,
    /// The problem it was split off from or found alike to.
    pub split_from: Option<Brief>,
    /// Problems merged into it.
    pub merged: Vec<Brief>,
    /// Problems split off from it or found alike to it.
    pub split: Vec<Brief>,
    /// How many of these the reader may not see.
    pub hidden: usize,
}

/// What the forms of the page let one choose from.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Units of the campaign, in official order; empty when there are more than [`CHOICES_MAX`].
    pub units: Vec<Unit>,
    /// Leading posts.
    pub posts: Vec<LeadingPost>,
    /// Posts of the units a measure may be given to.
    pub owner_posts: Vec<LeadingPost>,
    /// Units above the doing unit, nearest first.
    pub superiors: Vec<Unit>,
}

/// A problem with everything its page shows.
#[derive(Clone, Debug)]
pub struct ProblemView {
    /// Case, campaign, rules.
    pub base: CaseView,
    /// Names.
    pub names: Names,
    /// Evidence, newest first, old editions too.
    pub evidence: Vec<EvidenceView>,
    /// The time line, newest first.
    pub lines: Vec<Line>,
    /// There are more entries than [`LINES_MAX`].
    pub more_lines: bool,
    /// Linked problems.
    pub links: Links,
    /// Similar problems at other units, and how many more there are.
    pub similar: (Vec<Alike>, usize),
    /// Copied closure statements elsewhere, and how many more there are.
    pub copied: (Vec<Alike>, usize),
    /// Warnings for the screening.
    pub warnings: Warnings,
    /// What the reader may do.
    pub possible: Vec<Doable>,
    /// What forms offer.
    pub choices: Choices,
    /// The campaign's template; `None` for a campaign without one.
    pub template: Option<Arc<Template>>,
    /// Slips about it, and its colour on the ladder.
    pub slips: SubjectSlips,
    /// The sentence of the document it came from.
    pub origin: Option<Origin>,
    /// Musters for it, and whether the reader may call one.
    pub musters: (Vec<MusterLine>, bool),
    /// The journal entry it is exact as of.
    pub as_of: i64,
}

impl ProblemView {
    /// The category's name; the wording where the template knows no such code.
    pub fn category(&self) -> &str {
        let code = self.base.case.problem.category.as_str();
        self.template.as_ref().and_then(|t| t.category(code)).map_or(code, |category| category.name.as_str())
    }

    /// The strand's name.
    pub fn strand(&self) -> &str {
        let code = self.base.case.problem.strand.as_str();
        self.template.as_ref().and_then(|t| t.strand(code)).map_or(code, |strand| strand.name.as_str())
    }

    /// The source's name.
    pub fn source(&self) -> &str {
        let code = self.base.case.problem.source.as_str();
        self.template.as_ref().and_then(|t| t.source(code)).map_or(code, |source| source.name.as_str())
    }

    /// The step, where the reader may take it or is told why not.
    pub fn doable(&self, verb: Verb) -> Option<&Doable> {
        self.possible.iter().find(|possible| possible.verb == verb)
    }

    /// The reader may take the step now.
    pub fn may(&self, verb: Verb) -> bool {
        self.doable(verb).is_some_and(|possible| possible.blocked.is_none())
    }
}

/// What the register form lets one choose from.
#[derive(Clone, Debug)]
pub struct RegisterChoices {
    /// The campaign.
    pub campaign: Campaign,
    /// Its template; `None` for a campaign without one.
    pub template: Option<Arc<Template>>,
    /// Units the actor may register for, in official order: at most [`CHOICES_MAX`].
    pub units: Vec<Unit>,
    /// The unit of the actor's own post, where it is one of them.
    pub own: Option<UnitId>,
}

impl App {
    /// The template of a campaign that has one.
    ///
    /// # Errors
    /// As [`App::template`].
    pub fn template_of(&self, campaign: &Campaign) -> Result<Option<Arc<Template>>, Error> {
        if campaign.template_text.is_empty() { Ok(None) } else { self.template(campaign).map(Some) }
    }

    /// What the register form offers in a campaign.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn register_choices(&self, ctx: &Context, campaign: CampaignId) -> Result<RegisterChoices, Error> {
        self.db.read(|conn| {
            let campaign = campaign_for(conn, ctx, campaign)?;
            let template = self.template_of(&campaign)?;
            let office = context::root_of(conn, &campaign)?.path;
            let roles = [Role::Filler, Role::Office, Role::Inspector, Role::Leader];
            let mut units: Vec<Unit> = Vec::new();
            for grant in ctx.actor.grants.iter().filter(|grant| roles.contains(&grant.role)) {
                let root = if office.is_within(&grant.path) { &office } else { &grant.path };
                let more = units::open_within(conn, root, ctx.today(), CHOICES_MAX)?;
                units.extend(more.into_iter().filter(|unit| unit.path.is_within(&office)));
            }
            units.sort_by(|a, b| a.path.cmp(&b.path));
            units.dedup_by_key(|unit| unit.id);
            units.truncate(CHOICES_MAX as usize);
            let posts = ctx.actor.posts.iter().map(|post| post.unit);
            let own = posts.into_iter().find(|id| units.iter().any(|unit| unit.id == *id));
            Ok(RegisterChoices { campaign, template, units, own })
        })
    }

    /// Reads a problem for its page.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn problem_view(&self, ctx: &Context, id: ProblemId) -> Result<ProblemView, Error> {
        self.db.read(|conn| {
            let (case, campaign) = visible_case(conn, ctx, id)?;
            let rules = self.rules(&campaign)?;
            let decider = match case.open_request(RequestKind::Extension) {
                Some(index) => Some(context::unit(conn, case.requests[index].to_unit_id)?.path),
                None => None,
            };
            let possible = possible(&case, &ctx.scene(&rules), decider.as_ref());
            let evidence = evidence_of(conn, ctx, id)?;
            let (lines, more_lines) = lines_of(conn, id)?;
            let links = links_of(conn, ctx, &case)?;
            let may = |verb: Verb| possible.iter().any(|p| p.verb == verb);
            let similar = likeness::similar_elsewhere(conn, ctx, &case.problem)?;
            let checks = may(Verb::Verify) || case.problem.state == State::Proposed;
            let copied =
                if checks { likeness::copied_closures(conn, ctx, &case.problem)? } else { (vec![], 0) };
            let warnings = if case.problem.state.is_intake() {
                let (place, text) = (&case.problem.place, &case.problem.text);
                let template = self.template_of(&campaign)?;
                let of = (&campaign, template.as_deref());
                super::intake::warnings_in(conn, ctx, of, Some(id), place, text)?
            } else {
                Warnings::default()
            };
            let base = CaseView { case, campaign, rules };
            let choices = choices_for(conn, ctx, &base, &possible)?;
            let as_of = journal::head(conn)?;
            let template = self.template_of(&base.campaign)?;
            let slips = crate::slip::about_problem(self, conn, ctx, &base)?;
            let musters = crate::muster::of_problem(conn, ctx, &base.case.problem)?;
            let mut view = ProblemView {
                base,
                names: Names::default(),
                evidence,
                lines,
                more_lines,
                links,
                similar,
                copied,
                warnings,
                possible,
                choices,
                template,
                slips,
                origin: origin_of(conn, ctx, Becomes::Problem, id.0)?,
                musters,
                as_of,
            };
            view.names = names_of(conn, ctx, &view)?;
            Ok(view)
        })
    }
}

fn evidence_of(conn: &mut Conn, ctx: &Context, id: ProblemId) -> Result<Vec<EvidenceView>, Error> {
    let all = store::evidence_of(conn, id)?;
    let labels = labels::of_problem(conn, id)?;
    let cleared = labels::cleared_to(conn, ctx.actor.person)?;
    let mut same = likeness::same_files(conn, ctx, &all)?;
    let near = likeness::near_pictures(conn, ctx, &all)?;
    let mut views = Vec::with_capacity(all.len());
    for evidence in all {
        let (named, hidden) = same.get(&evidence.digest).cloned().unwrap_or_default();
        let same = named.iter().map(Brief::of).collect();
        let label = labels.iter().find(|row| row.evidence_id == evidence.id);
        let label = label.map_or(Label::Internal, |row| row.label);
        let may_open = evidence.filed_by == ctx.actor.person || cleared.opens(label);
        let (alike, near_hidden) = near.get(&evidence.digest).cloned().unwrap_or_default();
        let near = alike.iter().map(|(problem, percent)| (Brief::of(problem), *percent)).collect();
        views.push(EvidenceView { evidence, label, may_open, same, same_hidden: hidden, near, near_hidden });
    }
    same.clear();
    Ok(views)
}

fn lines_of(conn: &mut Conn, id: ProblemId) -> Result<(Vec<Line>, bool), Error> {
    let filter = EntryFilter { subject: Some(("problem".to_owned(), id.0)), ..EntryFilter::default() };
    let mut entries = journal::list(conn, &filter, LINES_MAX + 1)?;
    let more = entries.len() as i64 > LINES_MAX;
    entries.truncate(LINES_MAX as usize);
    let line = |entry: journal::Entry| {
        Some(Line {
            seq: entry.seq,
            at: entry.at,
            action: Action::from_code(&entry.action)?,
            person: entry.person,
            post: entry.post,
            unit: entry.unit,
            note: entry.note,
        })
    };
    Ok((entries.into_iter().filter_map(line).collect(), more))
}

fn links_of(conn: &mut Conn, ctx: &Context, case: &Case) -> Result<Links, Error> {
    let own = &case.problem;
    let up: Vec<ProblemId> =
        [own.root_cause_id, own.merged_into_id, own.split_from_id].into_iter().flatten().collect();
    let mut all = store::by_ids(conn, &up)?;
    let symptoms = store::symptoms_of(conn, own.id)?;
    let offspring = store::offspring_of(conn, own.id)?;
    all.extend(symptoms.iter().chain(&offspring).cloned());
    let seen = likeness::seen(conn, ctx, &all)?;
    let hidden = all.iter().map(|p| p.id).filter(|id| !seen.contains(id)).collect::<BTreeSet<_>>().len();
    let one = |id: Option<ProblemId>| {
        id.filter(|id| seen.contains(id)).and_then(|id| all.iter().find(|p| p.id == id)).map(Brief::of)
    };
    let many = |list: &[Problem], keep: &dyn Fn(&Problem) -> bool| -> Vec<Brief> {
        list.iter().filter(|p| seen.contains(&p.id) && keep(p)).map(Brief::of).collect()
    };
    Ok(Links {
        root_cause: one(own.root_cause_id),
        merged_into: one(own.merged_into_id),
        split_from: one(own.split_from_id),
        symptoms: many(&symptoms, &|_| true),
        merged: many(&offspring, &|p| p.merged_into_id == Some(own.id)),
        split: many(&offspring, &|p| p.split_from_id == Some(own.id)),
        hidden,
    })
}

fn choices_for(
    conn: &mut Conn,
    ctx: &Context,
    base: &CaseView,
    possible: &[Possible],
) -> Result<Choices, Error> {
    let may = |verbs: &[Verb]| possible.iter().any(|p| verbs.contains(&p.verb) && p.blocked.is_none());
    let mut choices = Choices::default();
    let today = ctx.today();
    let root = context::root_of(conn, &base.campaign)?.path;
    let assigns = may(&[Verb::Assign, Verb::Reassign]);
    if assigns {
        choices.posts = units::leading_posts(conn, &root, today)?;
    }
    if may(&[Verb::AddMeasure]) {
        choices.owner_posts = units::posts_of_units(conn, &base.case.measure_owners(), today)?;
    }
    if assigns || may(&[Verb::AddMeasure]) || ctx.actor.may_read(&root) {
        choices.units = units::open_within(conn, &root, today, CHOICES_MAX + 1)?;
        if choices.units.len() as i64 > CHOICES_MAX {
            choices.units.clear();
        }
    }
    if may(&[Verb::HandUp, Verb::AnswerHandUp]) {
        let request =
            base.case.open_request(RequestKind::HandUp).map(|index| base.case.requests[index].to_unit_id);
        let from = match request {
            Some(unit) => context::unit(conn, unit)?.path,
            None => base.case.problem.home_path.clone(),
        };
        let above = units::by_ids(conn, &from.units())?;
        choices.superiors = super::requests::superiors(&above, &from);
    }
    Ok(choices)
}

fn names_of(conn: &mut Conn, ctx: &Context, view: &ProblemView) -> Result<Names, Error> {
    let case = &view.base.case;
    let problem = &case.problem;
    let mut units_of: BTreeSet<UnitId> = case.parties.iter().map(|p| p.unit_id).collect();
    units_of.extend([problem.registered_unit_id, problem.home_unit_id]);
    units_of.extend([problem.holder_unit_id, problem.deadline_unit_id].into_iter().flatten());
    units_of.extend(case.measures.iter().map(|m| m.owner_unit_id));
    units_of.extend(case.requests.iter().flat_map(|r| [r.asked_unit_id, r.to_unit_id]));
    units_of.extend(case.look_backs.iter().map(|l| l.unit_id));
    units_of.extend(case.holdings.iter().map(|h| h.unit_id));
    units_of.extend(view.evidence.iter().map(|e| e.evidence.filed_unit_id));
    units_of.extend(view.lines.iter().filter_map(|l| l.unit));
    let links = &view.links;
    let briefs = links.symptoms.iter().chain(&links.merged).chain(&links.split);
    let briefs =
        briefs.chain(links.root_cause.iter()).chain(links.merged_into.iter()).chain(links.split_from.iter());
    units_of.extend(briefs.map(|b| b.unit_id));
    units_of.extend(view.evidence.iter().flat_map(|e| e.same.iter().map(|b| b.unit_id)));
    let alike = view.similar.0.iter().chain(&view.copied.0).chain(&view.warnings.alike);
    units_of.extend(alike.map(|a| a.unit));
    let mut people: BTreeSet<PersonId> = view.lines.iter().filter_map(|l| l.person).collect();
    people.insert(problem.registered_by);
    people.extend(case.requests.iter().flat_map(|r| [Some(r.asked_by), r.decided_by]).flatten());
    people.extend(case.look_backs.iter().filter_map(|l| l.done_by));
    people.extend(case.measures.iter().filter_map(|m| m.filed_by));
    people.extend(view.evidence.iter().map(|e| e.evidence.filed_by));
    let mut posts: BTreeSet<PostId> = view.lines.iter().filter_map(|l| l.post).collect();
    posts.extend(problem.leader_post_id);
    posts.extend(case.measures.iter().filter_map(|m| m.owner_post_id));
    let units_of: Vec<UnitId> = units_of.into_iter().collect();
    let people: Vec<PersonId> = people.into_iter().collect();
    let posts: Vec<PostId> = posts.into_iter().collect();
    Ok(Names {
        units: units::by_ids(conn, &units_of)?.into_iter().map(|unit| (unit.id, unit)).collect(),
        people: units::person_names(conn, &people)?.into_iter().collect(),
        posts: units::posts_by_ids(conn, &posts, ctx.today())?.into_iter().map(|p| (p.post, p)).collect(),
    })
}

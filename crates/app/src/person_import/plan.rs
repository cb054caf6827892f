//! What an import of people would do: the rows against the people and posts there are.

use super::{PeopleFile, PersonLine};
use crate::Error;
use crate::table_import::LineError;
use crate::unit_import::{PLAN_ERRORS_MAX, PLAN_SAMPLE_MAX};
use bihuan_domain::Day;
use bihuan_domain::id::{PersonId, PostId, UnitId};
use bihuan_domain::person::{Person, Post};
use bihuan_domain::unit::Unit;
use bihuan_store::person::{Staffing, staffing};
use bihuan_store::unit::{self as units, Branch};
use bihuan_store::{Conn, Fault};
use std::collections::{BTreeSet, HashMap};

/// How many rows of each fate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct PeopleTally {
    /// People registered.
    pub registered: i64,
    /// Posts set up.
    pub posts: i64,
    /// Tenures begun.
    pub appointed: i64,
    /// Telephone numbers corrected.
    pub phones: i64,
    /// Rows that change nothing.
    pub unchanged: i64,
}

/// What becomes of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedRow {
    /// Row of the file.
    pub line: u32,
    /// Name of the person.
    pub name: String,
    /// Name of the unit.
    pub unit: String,
    /// Post.
    pub post: String,
    /// What becomes of it.
    pub words: String,
}

/// What an import would do.
#[derive(Clone, Debug, Default)]
pub struct PeoplePlan {
    /// Rows of the file that could be read.
    pub rows: i64,
    /// Their fates.
    pub tally: PeopleTally,
    /// The first rows that change something.
    pub samples: Vec<PlannedRow>,
    /// The first wrong rows.
    pub errors: Vec<LineError>,
    /// How many wrong rows there are.
    pub error_count: usize,
    /// Headings of columns that are not taken.
    pub ignored: Vec<String>,
}

impl PeoplePlan {
    fn wrong(&mut self, line: u32, sentence: String) {
        self.error_count += 1;
        if self.errors.len() < PLAN_ERRORS_MAX {
            self.errors.push(LineError { line, sentence });
        }
    }

    /// Nothing would be changed.
    pub fn is_empty(&self) -> bool {
        let tally = &self.tally;
        tally.registered + tally.posts + tally.appointed + tally.phones == 0
    }
}

/// Somebody known, or the person of that place among the new ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Who {
    Known(PersonId),
    New(usize),
}

/// A post there is, or the one of that place among the new ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Seat {
    Known(PostId),
    New(usize),
}

/// A person takes a post.
#[derive(Clone, Debug)]
pub(super) struct Taking {
    pub(super) who: Who,
    pub(super) seat: Seat,
    pub(super) day: Day,
}

/// The plan with what carrying it out needs. New people and posts have no number yet.
#[derive(Debug, Default)]
pub(super) struct Decided {
    pub(super) plan: PeoplePlan,
    pub(super) people: Vec<Person>,
    pub(super) phones: Vec<(Person, String)>,
    pub(super) posts: Vec<Post>,
    pub(super) takings: Vec<Taking>,
}

/// What is known while rows are gone through.
struct Roster<'f> {
    /// By name, short name, code, and name after that of the unit above.
    by_name: HashMap<String, BTreeSet<UnitId>>,
    units: HashMap<UnitId, Unit>,
    known: HashMap<PersonId, Person>,
    /// By name and unit.
    of_unit: HashMap<(String, UnitId), Vec<Who>>,
    /// By name and the digits of the telephone number.
    by_phone: HashMap<(String, String), Who>,
    posts: HashMap<(UnitId, String), Seat>,
    known_posts: HashMap<PostId, Post>,
    holders: HashMap<Seat, Vec<Who>>,
    /// How many rows name a post, for a new one that several take is shared.
    rows_of_post: HashMap<(UnitId, &'f str), usize>,
    decided: Decided,
}

/// Decides an import.
pub(super) fn decide(
    conn: &mut Conn,
    file: &PeopleFile,
    target: Option<&Unit>,
    (day, today): (Day, Day),
) -> Result<Decided, Error> {
    let mut roster = Roster::load(conn, target, day)?;
    let plan = &mut roster.decided.plan;
    plan.rows = file.lines.len() as i64;
    plan.ignored.clone_from(&file.ignored);
    file.errors.iter().for_each(|error| plan.wrong(error.line, error.sentence.clone()));
    let mut placed: Vec<(&PersonLine, UnitId)> = Vec::new();
    for line in &file.lines {
        match roster.unit_of(line, target) {
            Ok(unit) => {
                *roster.rows_of_post.entry((unit, line.post.as_str())).or_default() += 1;
                placed.push((line, unit));
            }
            Err(sentence) => roster.decided.plan.wrong(line.line, sentence),
        }
    }
    let ids: BTreeSet<UnitId> = placed.iter().map(|(_, unit)| *unit).collect();
    roster.units = units::by_ids(conn, ids)?.into_iter().map(|unit| (unit.id, unit)).collect();
    for (line, unit) in placed {
        let since = line.day.unwrap_or(day);
        if let Err(sentence) = roster.take(conn, line, unit, (since, today))? {
            roster.decided.plan.wrong(line.line, sentence);
        }
    }
    roster.decided.plan.errors.sort_by_key(|error| error.line);
    Ok(roster.decided)
}

fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

impl<'f> Roster<'f> {
    fn load(conn: &mut Conn, target: Option<&Unit>, day: Day) -> Result<Roster<'f>, Fault> {
        let branch = target.map_or(Branch::Whole, |unit| Branch::Below(unit.path.clone()));
        let tree = units::compact_below(conn, &branch)?;
        let names: HashMap<UnitId, &str> = tree.iter().map(|unit| (unit.id, &*unit.name)).collect();
        let mut by_name: HashMap<String, BTreeSet<UnitId>> = HashMap::new();
        for unit in &tree {
            let above =
                unit.parent_id.and_then(|id| names.get(&id)).map(|above| format!("{above}{}", unit.name));
            let short = unit.short_names.split('、').map(str::to_owned);
            let own = [unit.code.to_string(), unit.name.to_string()];
            for name in own.into_iter().chain(above).chain(short).filter(|name| !name.is_empty()) {
                by_name.entry(name).or_default().insert(unit.id);
            }
        }
        let Staffing { posts, tenures, people } = staffing(conn, target.map(|unit| &unit.path), day)?;
        let known: HashMap<PersonId, Person> = people.into_iter().map(|one| (one.id, one)).collect();
        let mut roster = Roster {
            by_name,
            units: HashMap::new(),
            by_phone: HashMap::new(),
            of_unit: HashMap::new(),
            posts: posts
                .iter()
                .map(|post| ((post.unit_id, post.name.clone()), Seat::Known(post.id)))
                .collect(),
            known_posts: posts.into_iter().map(|post| (post.id, post)).collect(),
            holders: HashMap::new(),
            rows_of_post: HashMap::new(),
            decided: Decided::default(),
            known,
        };
        for tenure in tenures {
            let who = Who::Known(tenure.person_id);
            roster.holders.entry(Seat::Known(tenure.post_id)).or_default().push(who);
            let (Some(person), Some(post)) =
                (roster.known.get(&tenure.person_id), roster.known_posts.get(&tenure.post_id))
            else {
                continue;
            };
            let same = roster.of_unit.entry((person.name.clone(), post.unit_id)).or_default();
            if !same.contains(&who) {
                same.push(who);
            }
        }
        for person in roster.known.values().filter(|person| !digits(&person.phone).is_empty()) {
            let key = (person.name.clone(), digits(&person.phone));
            roster.by_phone.insert(key, Who::Known(person.id));
        }
        Ok(roster)
    }

    fn unit_of(&self, line: &PersonLine, target: Option<&Unit>) -> Result<UnitId, String> {
        let written: String = line.unit.split_whitespace().collect();
        if written.is_empty() {
            return target.map(|unit| unit.id).ok_or_else(|| "没有填写“单位”。".to_owned());
        }
        match self.by_name.get(&written).map(|found| (found.len(), found.first())) {
            Some((1, Some(unit))) => Ok(*unit),
            Some((n, _)) => Err(format!(
                "“单位”写的是“{written}”，导入范围内有{n}个单位叫这个名称，请写上级名称加单位名称，或者写单位代码。"
            )),
            None => Err(format!(
                "“单位”写的是“{written}”，导入范围内没有这个单位，请核对名称，或者先设立、导入这个单位。"
            )),
        }
    }

    /// Goes through one row; the sentence is what is wrong with it.
    fn take(
        &mut self,
        conn: &mut Conn,
        line: &PersonLine,
        unit: UnitId,
        (day, today): (Day, Day),
    ) -> Result<Result<(), String>, Error> {
        let Some(place) = self.units.get(&unit).cloned() else {
            return Ok(Err("单位已撤销。".to_owned()));
        };
        if day > today {
            return Ok(Err(format!("“任职日期”{}还没有到，请填写今天或以前的日期。", day.in_chinese())));
        }
        if day < place.created_day {
            return Ok(Err(format!(
                "“任职日期”{}早于“{}”的设立日期{}，请核对日期。",
                day.in_chinese(),
                place.name,
                place.created_day.in_chinese()
            )));
        }
        let who = match self.who(line, unit) {
            Ok(who) => who,
            Err(sentence) => return Ok(Err(sentence)),
        };
        let seat = self.posts.get(&(unit, line.post.clone())).copied();
        if let Some(seat) = seat
            && self.holders.get(&seat).is_some_and(|held| who.is_some_and(|who| held.contains(&who)))
        {
            self.correct_phone(line, who, &place);
            return Ok(Ok(()));
        }
        if let Some(sentence) = self.taken(line, seat) {
            return Ok(Err(sentence));
        }
        if let (Some(Who::Known(person)), Some(Seat::Known(post))) = (who, seat)
            && let Err(refused) = crate::account::grant::check_tenure(conn, person, post, today)
        {
            return match refused {
                Error::Refused(refusal) => Ok(Err(format!("{}{}", refusal.sentence, refusal.hint))),
                fault => Err(fault),
            };
        }
        self.appoint(line, &place, (who, seat), day);
        Ok(Ok(()))
    }

    /// Who the row means; nobody yet for a new person.
    fn who(&self, line: &PersonLine, unit: UnitId) -> Result<Option<Who>, String> {
        let phone = line.phone.as_deref().map(digits).filter(|digits| !digits.is_empty());
        if let Some(phone) = &phone
            && let Some(who) = self.by_phone.get(&(line.name.clone(), phone.clone()))
        {
            return Ok(Some(*who));
        }
        let same = self.of_unit.get(&(line.name.clone(), unit)).map_or(&[][..], Vec::as_slice);
        // With another number, somebody new of the file is somebody else; who is known has a new number.
        let fits = |who: &&Who| match who {
            Who::Known(_) => true,
            Who::New(at) => phone.is_none() || self.decided.people[*at].phone.is_empty(),
        };
        let fitting: Vec<&Who> = same.iter().filter(fits).collect();
        match fitting[..] {
            [] => Ok(None),
            [one] => Ok(Some(*one)),
            _ => Err(format!(
                "本单位有{}位“{}”，请在“手机”中填写已登记的号码，以便区分是哪一位。",
                fitting.len(),
                line.name
            )),
        }
    }

    /// Why nobody else can take the post.
    fn taken(&self, line: &PersonLine, seat: Option<Seat>) -> Option<String> {
        let Some(Seat::Known(post)) = seat else { return None };
        let holder = self.holders.get(&Seat::Known(post)).and_then(|held| held.first())?;
        let shared = self.known_posts.get(&post).is_some_and(|post| post.shared);
        let name = match holder {
            Who::Known(id) => self.known.get(id).map_or("", |person| &person.name),
            Who::New(at) => &self.decided.people[*at].name,
        };
        (!shared).then(|| {
            format!(
                "岗位“{}”已由“{name}”担任，请在岗位上办理“岗位交接”，或者先免去现任职务；多人担任的请另起岗位名称。",
                line.post
            )
        })
    }

    fn appoint(
        &mut self,
        line: &PersonLine,
        unit: &Unit,
        (who, seat): (Option<Who>, Option<Seat>),
        day: Day,
    ) {
        let mut words = Vec::new();
        let who = who.unwrap_or_else(|| {
            words.push("登记人员");
            self.register(line, unit.id)
        });
        let seat = seat.unwrap_or_else(|| {
            words.push("设置岗位");
            self.set_up(line, unit.id)
        });
        words.push("任职");
        if self.new_number(line, Some(who)) {
            words.push("更正电话");
        }
        self.holders.entry(seat).or_default().push(who);
        let same = self.of_unit.entry((line.name.clone(), unit.id)).or_default();
        if !same.contains(&who) {
            same.push(who);
        }
        self.decided.takings.push(Taking { who, seat, day });
        self.decided.plan.tally.appointed += 1;
        self.tell(line, unit, words.join("、"));
    }

    fn register(&mut self, line: &PersonLine, unit: UnitId) -> Who {
        let phone = line.phone.clone().unwrap_or_default();
        let who = Who::New(self.decided.people.len());
        if !digits(&phone).is_empty() {
            self.by_phone.insert((line.name.clone(), digits(&phone)), who);
        }
        self.of_unit.entry((line.name.clone(), unit)).or_default().push(who);
        self.decided.people.push(Person { id: PersonId(0), name: line.name.clone(), phone, version: 1 });
        self.decided.plan.tally.registered += 1;
        who
    }

    fn set_up(&mut self, line: &PersonLine, unit: UnitId) -> Seat {
        let seat = Seat::New(self.decided.posts.len());
        let rows = self.rows_of_post.get(&(unit, line.post.as_str())).copied().unwrap_or(1);
        self.decided.posts.push(Post {
            id: PostId(0),
            unit_id: unit,
            name: line.post.clone(),
            leads: line.leads,
            shared: rows > 1,
            official_order: i64::from(line.line),
            closed_day: None,
            version: 1,
        });
        self.posts.insert((unit, line.post.clone()), seat);
        self.decided.plan.tally.posts += 1;
        seat
    }

    fn correct_phone(&mut self, line: &PersonLine, who: Option<Who>, unit: &Unit) {
        if self.new_number(line, who) {
            self.tell(line, unit, "更正电话".to_owned());
        } else {
            self.decided.plan.tally.unchanged += 1;
        }
    }

    /// A number that differs from the one that is known.
    fn new_number(&mut self, line: &PersonLine, who: Option<Who>) -> bool {
        let (Some(Who::Known(id)), Some(phone)) = (who, &line.phone) else { return false };
        let Some(person) = self.known.get_mut(&id).filter(|person| digits(&person.phone) != digits(phone))
        else {
            return false;
        };
        let before = person.clone();
        person.phone.clone_from(phone);
        self.decided.phones.push((before, phone.clone()));
        self.decided.plan.tally.phones += 1;
        true
    }

    fn tell(&mut self, line: &PersonLine, unit: &Unit, words: String) {
        let samples = &mut self.decided.plan.samples;
        if samples.len() < PLAN_SAMPLE_MAX {
            samples.push(PlannedRow {
                line: line.line,
                name: line.name.clone(),
                unit: unit.name.clone(),
                post: line.post.clone(),
                words,
            });
        }
    }
}

//! A question to the ledger as it stands in an address: every figure links to one.

use bihuan_domain::colour::Colour;
use bihuan_domain::id::{CampaignId, LedgerImportId, PostId, UnitId};
use bihuan_domain::problem::{Flow, Outcome, State};
use bihuan_domain::unit::Level;
use bihuan_domain::{Coded, Day};
use bihuan_store::problem::{LedgerSort, PAGE_ROWS, PAGE_ROWS_MAX};

/// Rows of a page a reader may choose from.
pub const PAGE_CHOICES: [i64; 4] = [20, PAGE_ROWS, 100, PAGE_ROWS_MAX];

/// What is asked of the ledger. `None` and empty restrict nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerQuery {
    /// The campaign; the first running one otherwise.
    pub campaign: Option<CampaignId>,
    /// The unit; the highest one the reader reads otherwise.
    pub unit: Option<UnitId>,
    /// Only problems counted at the unit itself 本级.
    pub own: bool,
    /// Only problems counted at units of this level.
    pub level: Option<Level>,
    /// States.
    pub states: Vec<State>,
    /// Colour.
    pub colour: Option<Colour>,
    /// Only late ones.
    pub late: bool,
    /// Age group of late ones.
    pub late_age: Option<usize>,
    /// Late ones whose day passed on this day or later.
    pub newly_late: Option<Day>,
    /// Outcome.
    pub outcome: Option<Outcome>,
    /// Category; `Some("")` asks for those without.
    pub category: Option<String>,
    /// Strand.
    pub strand: Option<String>,
    /// Source; `Some("")` asks for those without.
    pub source: Option<String>,
    /// Leader in charge.
    pub leader: Option<PostId>,
    /// From this import.
    pub import: Option<LedgerImportId>,
    /// Words or number.
    pub text: String,
    /// What moved,
    pub moved: Option<Flow>,
    /// from this day
    pub from: Option<Day>,
    /// to this one.
    pub to: Option<Day>,
    /// As of the end of this day.
    pub as_of: Option<Day>,
    /// As of exactly this entry, with the tree of `as_of` or of today.
    pub entry: Option<i64>,
    /// Order.
    pub sort: LedgerSort,
    /// Page, from 1; 0 is 1.
    pub page: i64,
    /// Rows of a page.
    pub per: Option<i64>,
}

/// What a category or source without a name is called in an address.
const NONE_MARK: &str = "(无)";

impl LedgerQuery {
    /// Every state but the last.
    pub fn open_states() -> Vec<State> {
        State::ALL.iter().copied().filter(|state| state.is_open()).collect()
    }

    /// Reads the parts of an address. Unknown names are passed over, for addresses carry other things too.
    ///
    /// # Errors
    /// The field and a Chinese sentence for each value that cannot be read.
    pub fn from_pairs<'a>(
        pairs: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<LedgerQuery, Vec<(String, String)>> {
        let mut query = LedgerQuery::default();
        let mut faults = Vec::new();
        for (name, value) in pairs {
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            if query.read(name, value).is_none() {
                faults
                    .push((name.to_owned(), format!("筛选条件“{name}”的值“{value}”无法识别，请重新选择。")));
            }
        }
        if faults.is_empty() { Ok(query) } else { Err(faults) }
    }

    fn read(&mut self, name: &str, value: &str) -> Option<()> {
        let marked = || Some(if value == NONE_MARK { String::new() } else { value.to_owned() });
        match name {
            "campaign" => self.campaign = Some(value.parse().ok()?),
            "unit" => self.unit = Some(value.parse().ok()?),
            "own" => self.own = value == "1",
            "level" => self.level = Some(Level::from_code(value)?),
            "state" if value == "open" => self.states.extend(Self::open_states()),
            "state" => self.states.push(State::from_code(value)?),
            "colour" => self.colour = Some(Colour::from_code(value)?),
            "late" => self.late = value == "1",
            "late_age" => self.late_age = Some(value.parse().ok().filter(|age| *age < 4)?),
            "newly_late" => self.newly_late = Some(Day::parse(value).ok()?),
            "outcome" => self.outcome = Some(Outcome::from_code(value)?),
            "category" => self.category = marked(),
            "strand" => self.strand = marked(),
            "source" => self.source = marked(),
            "leader" => self.leader = Some(value.parse().ok()?),
            "import" => self.import = Some(value.parse().ok()?),
            "q" => self.text = value.to_owned(),
            "moved" => self.moved = Some(Flow::from_code(value)?),
            "from" => self.from = Some(Day::parse(value).ok()?),
            "to" => self.to = Some(Day::parse(value).ok()?),
            "as_of" => self.as_of = Some(Day::parse(value).ok()?),
            "entry" => self.entry = Some(value.parse().ok().filter(|entry| *entry >= 0)?),
            "sort" => self.sort = sort_of(value)?,
            "page" => self.page = value.parse().ok().filter(|page| *page >= 1)?,
            "per" => self.per = Some(value.parse().ok().filter(|per| (1..=PAGE_ROWS_MAX).contains(per))?),
            _ => {}
        }
        Some(())
    }

    /// The parts of an address that asks this.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs: Vec<(&'static str, String)> = Vec::new();
        let mut add = |name, value: Option<String>| {
            if let Some(value) = value {
                pairs.push((name, value));
            }
        };
        let marked = |text: &Option<String>| {
            text.as_ref().map(|t| if t.is_empty() { NONE_MARK.to_owned() } else { t.clone() })
        };
        add("campaign", self.campaign.map(|id| id.to_string()));
        add("unit", self.unit.map(|id| id.to_string()));
        add("own", self.own.then(|| "1".to_owned()));
        add("level", self.level.map(|level| level.code().to_owned()));
        if self.states == Self::open_states() {
            add("state", Some("open".to_owned()));
        } else {
            self.states.iter().for_each(|state| add("state", Some(state.code().to_owned())));
        }
        add("colour", self.colour.map(|colour| colour.code().to_owned()));
        add("late", self.late.then(|| "1".to_owned()));
        add("late_age", self.late_age.map(|age| age.to_string()));
        add("newly_late", self.newly_late.map(|day| day.to_string()));
        add("outcome", self.outcome.map(|outcome| outcome.code().to_owned()));
        add("category", marked(&self.category));
        add("strand", marked(&self.strand));
        add("source", marked(&self.source));
        add("leader", self.leader.map(|id| id.to_string()));
        add("import", self.import.map(|id| id.to_string()));
        add("q", (!self.text.is_empty()).then(|| self.text.clone()));
        add("moved", self.moved.map(|flow| flow.code().to_owned()));
        add("from", self.from.map(|day| day.to_string()));
        add("to", self.to.map(|day| day.to_string()));
        add("as_of", self.as_of.map(|day| day.to_string()));
        add("entry", self.entry.map(|entry| entry.to_string()));
        add("sort", (self.sort != LedgerSort::default()).then(|| sort_code(self.sort).to_owned()));
        add("page", (self.page > 1).then(|| self.page.to_string()));
        add("per", self.per.map(|per| per.to_string()));
        pairs
    }

    /// The same without page, for links that change the filter.
    #[must_use]
    pub fn first_page(&self) -> LedgerQuery {
        LedgerQuery { page: 0, ..self.clone() }
    }

    /// Only campaign, unit and day: what everything else is asked within.
    #[must_use]
    pub fn base(&self) -> LedgerQuery {
        LedgerQuery {
            campaign: self.campaign,
            unit: self.unit,
            as_of: self.as_of,
            entry: self.entry,
            ..LedgerQuery::default()
        }
    }

    /// Whether anything beyond campaign, unit and day restricts it.
    pub fn is_filtered(&self) -> bool {
        LedgerQuery { sort: LedgerSort::default(), page: 0, per: None, ..self.clone() } != self.base()
    }
}

/// The code of an order in an address.
pub fn sort_code(sort: LedgerSort) -> &'static str {
    match sort {
        LedgerSort::Number => "number",
        LedgerSort::Due => "due",
        LedgerSort::Changed => "changed",
    }
}

fn sort_of(code: &str) -> Option<LedgerSort> {
    [LedgerSort::Number, LedgerSort::Due, LedgerSort::Changed]
        .into_iter()
        .find(|sort| sort_code(*sort) == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_comes_back_as_the_same_question() {
        let query = LedgerQuery {
            campaign: Some(CampaignId(3)),
            unit: Some(UnitId(9)),
            own: true,
            level: Some(Level::Village),
            states: LedgerQuery::open_states(),
            colour: Some(Colour::Red),
            late: true,
            late_age: Some(3),
            newly_late: Day::from_ymd(2024, 1, 2),
            outcome: Some(Outcome::Solved),
            category: Some(String::new()),
            strand: Some("一号".to_owned()),
            source: Some("来信".to_owned()),
            leader: Some(PostId(4)),
            entry: Some(7),
            import: Some(LedgerImportId(5)),
            text: "垃圾".to_owned(),
            moved: Some(Flow::Closed),
            from: Day::from_ymd(2024, 1, 1),
            to: Day::from_ymd(2024, 1, 7),
            as_of: Day::from_ymd(2024, 1, 8),
            sort: LedgerSort::Changed,
            page: 2,
            per: Some(100),
        };
        let pairs = query.pairs();
        let read = LedgerQuery::from_pairs(pairs.iter().map(|(name, value)| (*name, value.as_str())));
        assert_eq!(read, Ok(query));
    }

    #[test]
    fn an_address_that_cannot_be_read_names_the_field() {
        let read = LedgerQuery::from_pairs([("colour", "purple"), ("per", "501")].into_iter());
        let faults = read.expect_err("no such colour");
        assert_eq!(faults.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["colour", "per"]);
    }
}

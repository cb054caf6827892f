//! Rules of the organisation: issued, issued anew, ended.

use super::history::{History, first_day};
use crate::random_history::{CAMPAIGN, ROOT, action_row, version_row};
use bihuan_domain::id::RequiredActionId;
use bihuan_domain::required_action::{Cadence, Part, Proof, QuantityUnit, RequiredAction, Rule, SubjectKind};
use bihuan_domain::scope::Scope;
use bihuan_domain::unit::Level;
use bihuan_domain::{Coded, Day};
use bihuan_store::journal::Write;
use bihuan_store::required_action::{VersionRow, versions_of};

impl History {
    fn rule(&self, n: u16, subject: SubjectKind, from_day: Day) -> Rule {
        let cadence = [Cadence::Window, Cadence::Month, Cadence::Week, Cadence::Quarter][usize::from(n % 4)];
        let levels = vec![Level::County, Level::Township, Level::Village];
        Rule {
            name: "学习".to_owned(),
            basis: String::new(),
            strand: String::new(),
            subject,
            scope: Scope { subtree: Some(ROOT), with_root: n.is_multiple_of(2), levels, ..Scope::default() },
            posts: if n.is_multiple_of(5) { vec!["书记".to_owned()] } else { Vec::new() },
            leads_only: false,
            kinds: if n.is_multiple_of(3) { vec!["study".to_owned()] } else { both() },
            each_kind: n % 7 == 3,
            part: Part::ALL[usize::from(n / 4 % 2)],
            cadence,
            from_day,
            to_day: cadence.is_single().then(|| from_day.plus_days(50 + i32::from(n % 60))),
            quantity: i64::from(n / 6 % 2) + 1,
            unit: QuantityUnit::ALL[usize::from(n / 8 % 2)],
            proof: Proof::ALL[0],
            grace_working_days: i32::from(n % 4),
        }
    }

    pub fn issue(&mut self, n: u16) {
        let subject = [SubjectKind::Unit, SubjectKind::Unit, SubjectKind::Post, SubjectKind::Person];
        let subject = subject[usize::from(n % 4)];
        let id = RequiredActionId(i64::from(n) + 1);
        let new = RequiredAction { id, campaign_id: CAMPAIGN, owner_unit_id: ROOT, versions: Vec::new() };
        let row = action_row(id, subject);
        let new = new.with_version(self.rule(n, subject, first_day()), first_day());
        self.write(vec![Write::insert(&row), Write::insert(&self.row(&new))]);
    }

    fn row(&self, action: &RequiredAction) -> VersionRow {
        version_row(action.newest().unwrap(), action.id, self.today)
    }

    /// Another version of the rule, in the order in which the program writes it.
    pub fn reissue(&mut self, at: usize, n: u16) {
        let old = self.actions()[at].clone();
        let rule = &old.newest().unwrap().rule;
        let rule = Rule { cadence: rule.cadence, ..self.rule(n, rule.subject, rule.from_day) };
        let rule = Rule { to_day: rule.cadence.is_single().then(|| rule.from_day.plus_days(55)), ..rule };
        let before = self.read(|conn| versions_of(conn, old.id)).pop().unwrap();
        if before.until_day.is_some() {
            return;
        }
        let new = old.with_version(rule, self.today);
        let row = self.row(&new);
        let ended = VersionRow { until_day: Some(row.from_day), ..before.clone() };
        let mut writes = vec![Write::Uncredit { rule: new.id, from: row.from_day }];
        writes.extend(Write::update(&before, &ended));
        writes.push(Write::insert(&row));
        writes.push(Write::Recredit { rule: new.id, from: row.from_day });
        self.write(writes);
    }

    pub fn end(&mut self, at: usize) {
        let old = self.actions()[at].clone();
        let before = self.read(|conn| versions_of(conn, old.id)).pop().unwrap();
        if before.until_day.is_some() || old.newest().unwrap().rule.cadence.is_single() {
            return;
        }
        let until = old.next_version_from(self.today).max(self.today);
        let ended = VersionRow { until_day: Some(until), ..before.clone() };
        let mut writes = vec![Write::Uncredit { rule: old.id, from: until }];
        writes.extend(Write::update(&before, &ended));
        writes.push(Write::Recredit { rule: old.id, from: until });
        self.write_as("action.ended", ("required_action", old.id.0), writes);
    }
}

fn both() -> Vec<String> {
    vec!["study".to_owned(), "lecture".to_owned()]
}

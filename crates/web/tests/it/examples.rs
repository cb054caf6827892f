//! One request for each route that changes something, which must succeed in the planted county of `coverage.rs`
//! (campaign 1, problem 1, people and accounts of `support.rs`). Add a line for each new route.

use crate::support::{PASSWORD, TestApp, Upload};
use bihuan_app::account::grant::{Holder, NewGrant};
use bihuan_domain::id::{PersonId, UnitId};
use bihuan_domain::role::Role;

/// A request that succeeds.
pub struct Example {
    /// Name of the route.
    pub route: &'static str,
    /// Who sends it; empty for nobody.
    pub by: &'static str,
    /// The address; empty for the route's own with 1 for every number.
    pub at: &'static str,
    /// Fields of the form.
    pub fields: &'static [(&'static str, &'static str)],
    /// Files of the form.
    pub files: &'static [Upload<'static>],
    /// The body of a JSON route.
    pub json: &'static str,
    /// What must have happened before.
    pub before: fn(&TestApp),
}

const fn form(
    route: &'static str,
    by: &'static str,
    fields: &'static [(&'static str, &'static str)],
) -> Example {
    Example { route, by, at: "", fields, files: &[], json: "", before: |_| {} }
}

impl Example {
    const fn at(mut self, at: &'static str) -> Self {
        self.at = at;
        self
    }

    const fn after(mut self, before: fn(&TestApp)) -> Self {
        self.before = before;
        self
    }
}

const NEW_PASSWORD: &str = "Another-2024-ok";

pub const EXAMPLES: &[Example] = &[
    form("session.sign_in", "", &[("login", "filler"), ("password", PASSWORD)]),
    form("session.sign_out", "filler", &[]),
    form("session.sign_out_elsewhere", "filler", &[]),
    form(
        "account.change_password",
        "filler",
        &[("old", PASSWORD), ("password", NEW_PASSWORD), ("again", NEW_PASSWORD)],
    ),
    form("account.remove_factor", "filler", &[("old", PASSWORD)]),
    form("token.create", "filler", &[("name", "同步"), ("days", "30"), ("scope", "me:read")]),
    form("token.revoke", "filler", &[]).after(make_token),
    form("account.create", "system", &[("person", "new"), ("name", "新来的"), ("login", "xinlai")]),
    form("account.disable_many", "security", &[("account", "3")]),
    form("account.authorise", "security", &[]).at("/admin/accounts/3/authorise").after(disable),
    form("account.disable", "security", &[("reason", "调离")]).at("/admin/accounts/3/disable"),
    form("account.unlock", "security", &[]).at("/admin/accounts/3/unlock"),
    form("account.reset_password", "security", &[]).at("/admin/accounts/3/reset-password"),
    form("role.grant", "security", &[("role", "leader"), ("holder", "person"), ("unit", "石桥镇")])
        .at("/admin/accounts/3/grants"),
    form("role.revoke", "security", &[]).at("/admin/accounts/3/grants/101/revoke").after(grant),
    form("journal.verify", "audit", &[]),
];

/// All examples: those above, and those of each noun with a file of its own.
pub fn all() -> Vec<&'static Example> {
    static OF_PROBLEMS: std::sync::LazyLock<Vec<Example>> =
        std::sync::LazyLock::new(crate::problem_examples::examples);
    EXAMPLES.iter().chain(OF_PROBLEMS.iter()).collect()
}

fn make_token(app: &TestApp) {
    app.app.create_token(&app.ctx("filler"), "同步", &["me:read".to_owned()], 30).unwrap();
}

fn disable(app: &TestApp) {
    let account = bihuan_domain::id::AccountId(3);
    app.app.set_account_state(&app.ctx("security"), account, None, false, "调离").unwrap();
}

fn grant(app: &TestApp) {
    let new = NewGrant {
        holder: Holder::Person(PersonId(3)),
        role: Role::Leader,
        unit: Some(UnitId(2)),
        to_day: None,
    };
    app.app.grant_role(&app.ctx("security"), new).unwrap();
}

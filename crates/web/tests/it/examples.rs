//! One request for each route that changes something, which must succeed in the planted county of `coverage.rs`
//! (campaign 1, problem 1, people and accounts of `support.rs`). Add a line for each new route.

use crate::support::{PASSWORD, TestApp, Upload};
use bihuan_app::account::grant::{Holder, NewGrant};
use bihuan_domain::id::{PersonId, UnitId};
use bihuan_domain::role::Role;
use bihuan_domain::unit::Unit;

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

pub const fn form(
    route: &'static str,
    by: &'static str,
    fields: &'static [(&'static str, &'static str)],
) -> Example {
    Example { route, by, at: "", fields, files: &[], json: "", before: |_| {} }
}

pub const fn json(route: &'static str, by: &'static str, json: &'static str) -> Example {
    Example { route, by, at: "", fields: &[], files: &[], json, before: |_| {} }
}

impl Example {
    pub const fn at(mut self, at: &'static str) -> Self {
        self.at = at;
        self
    }

    pub const fn after(mut self, before: fn(&TestApp)) -> Self {
        self.before = before;
        self
    }
}

pub const fn upload(
    route: &'static str,
    by: &'static str,
    fields: &'static [(&'static str, &'static str)],
    files: &'static [Upload<'static>],
) -> Example {
    Example { files, ..form(route, by, fields) }
}

/// The first day of `support.rs`.
const DAY: &str = "2024-03-05";
/// What the page that asks first adds.
const SURE: (&str, &str) = ("confirmed", "1");
const UNIT: &[(&str, &str)] =
    &[("name", "东坪村"), ("code", "539950"), ("kind", "territory"), ("level", "village"), ("day", DAY)];
const UNIT_SURE: &[(&str, &str)] = &[
    ("name", "东坪乡"),
    ("code", "539950"),
    ("kind", "territory"),
    ("level", "township"),
    ("day", DAY),
    SURE,
];
const UNIT_JSON: &str =
    r#"{"parent":2,"day":"2024-03-05","code":"539950","name":"东坪村","kind":"territory","level":"village"}"#;
const SPLIT_JSON: &str = r#"{"day":"2024-03-05","parts":[{"code":"539950","name":"东坪乡","kind":"territory","level":"township"}]}"#;
const UNITS: &[u8] = "code,name,parent_code\n539960,石桥镇东村,\n".as_bytes();
/// The address of [`UNITS`], by their SHA-256.
const UNITS_AT: &str = "/units/import/2b2e4116fe77a572f09f1c6d60de3e1cec4b7862b9ae4390b9686a8bd13f8719";
const SCOPE: &[(&str, &str)] =
    &[("subtree", "云溪县"), ("levels", "township"), ("name", "各乡镇"), ("owner", "云溪县"), ("do", "save")];
const SCOPE_JSON: &str =
    r#"{"name":"各乡镇","owner":1,"version":1,"scope":{"subtree":1,"levels":["township"]}}"#;

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
    form("erasure.request", "system", ERASE).at("/people/101/data/erasure").after(make_person),
    form("erasure.decide", "security", &[("erasure", "1"), ("decision", "accept"), ("word", "保存期限已满")])
        .at("/people/101/data/erasure/decision")
        .after(ask_to_erase),
    json(
        "erasure.request_json",
        "system",
        r#"{"asked_by":"本人书面申请","asked_day":"2024-03-01","reason":"已离职"}"#,
    )
    .at("/api/v1/people/101/erasure")
    .after(make_person),
    json("erasure.decide_json", "security", r#"{"decision":"refuse","word":"保存期限未满"}"#)
        .after(ask_to_erase),
    form("evidence.label", "office", &[("label", "sensitive"), ("reason", "含个人信息")])
        .after(crate::label::file_one),
    json("evidence.label_json", "office", r#"{"label":"public","reason":"已公示"}"#)
        .after(crate::label::file_one),
    form("account.clear", "security", &[("label", "sensitive"), ("reason", "承办需要")])
        .at("/admin/accounts/3/clearance"),
    json("account.clear_json", "security", r#"{"label":"public","reason":"借调人员"}"#)
        .at("/api/v1/people/3/clearance"),
    form("alert.acknowledge", "audit", &[("word", "已与本人核实")]).after(raise_alert),
    json("alert.acknowledge_json", "security", r#"{"word":"已与本人核实"}"#).after(raise_alert),
    form("campaign.create", "office", NEW_CAMPAIGN),
    form("campaign.amend", "office", CAMPAIGN).at("/campaigns/1/edit"),
    form("campaign.start", "office", &[]).at("/campaigns/2/start").after(make_campaign),
    form("campaign.end", "office", &[("reason", "任务完成")]),
    form(
        "campaign.change_template",
        "office",
        &[
            ("step", "save"),
            ("reason", "改用安全生产模板"),
            ("template_text", include_str!("../../../../templates/work-safety.toml")),
        ],
    ),
    json(
        "campaign.create_json",
        "office",
        r#"{"code":"new","name":"新行动","office_unit":1,"basis":"decision","starts_day":"2024-03-05"}"#,
    ),
    json(
        "campaign.amend_json",
        "office",
        r#"{"version":1,"name":"改名","basis":"decision","authority":"县委","document":"方案","scope":"全县","starts_day":"2024-03-05","reason":"更名"}"#,
    ),
    json("campaign.start_json", "office", "{}").at("/api/v1/campaigns/2/start").after(make_campaign),
    json("campaign.end_json", "office", r#"{"reason":"任务完成"}"#),
    json("campaign.change_template_json", "office", SHORT_TEMPLATE),
    form("calendar.change", "system", &[("notice", NOTICE)]).at("/admin/calendar/2031"),
    json("calendar.change_json", "system", r#"{"notice":"春节：1月18日至2月2日放假。"}"#)
        .at("/api/v1/calendar/2031"),
    form("unit.create", "office", UNIT),
    form("unit.create_first", "system", UNIT).after(close_units),
    form("unit.rename", "office", &[("name", "石桥街道"), ("day", DAY)]).at("/units/2/rename"),
    form("unit.amend", "office", UNIT).at("/units/2/edit"),
    form("unit.reorder", "office", &[("place-3", "1"), ("place-2", "2")]),
    form("unit.move", "office", &[("parent", "柳湾乡"), ("day", DAY), SURE]).at("/units/6/move"),
    form("unit.merge", "office", &[("into", "石桥镇"), ("day", DAY), SURE]).at("/units/3/merge"),
    form("unit.split", "office", UNIT_SURE).at("/units/3/split"),
    form("unit.close", "office", &[("day", DAY), SURE]).at("/units/6/close"),
    upload(
        "unit.import_upload",
        "office",
        &[("below", "石桥镇"), ("day", DAY)],
        &[("file", "units.csv", UNITS)],
    ),
    form("unit.import", "office", &[("below", "2"), ("day", DAY)]).at(UNITS_AT).after(keep_units),
    json("unit.create_json", "office", UNIT_JSON),
    json("unit.amend_json", "office", UNIT_JSON).at("/api/v1/units/2"),
    json("unit.rename_json", "office", r#"{"day":"2024-03-05","name":"石桥街道"}"#)
        .at("/api/v1/units/2/rename"),
    json("unit.move_json", "office", r#"{"day":"2024-03-05","other":3}"#).at("/api/v1/units/6/move"),
    json("unit.merge_json", "office", r#"{"day":"2024-03-05","other":2}"#).at("/api/v1/units/3/merge"),
    json("unit.split_json", "office", SPLIT_JSON).at("/api/v1/units/3/split"),
    json("unit.close_json", "office", r#"{"day":"2024-03-05"}"#).at("/api/v1/units/6/close"),
    json("unit.reorder_json", "office", r#"{"children":[3,2]}"#),
    json("unit.import_json", "office", r#"{"csv":"code,name,parent_code\n539960,石桥镇东村,\n"}"#)
        .at("/api/v1/units/import?below=2"),
    form("person.create", "office", &[("name", "许文")]),
    form(
        "person.import",
        "office",
        &[("below", "2"), ("day", DAY), ("table", "姓名,单位,职务\n许文,石桥镇,驻镇干部\n")],
    ),
    json("person.import_json", "office", r#"{"csv":"姓名,单位,职务\n许文,石桥镇,驻镇干部\n"}"#)
        .at("/api/v1/people/import?below=2"),
    form("person.change", "office", &[("name", "周敏")]),
    form("person.open_phone", "office", &[]),
    json("person.create_json", "office", r#"{"name":"许文"}"#),
    json("person.change_json", "office", r#"{"name":"周敏"}"#),
    json("person.open_phone_json", "office", ""),
    form("post.create", "office", &[("name", "联络员"), ("traits", "shared")]),
    form("post.appoint", "office", &[("person", "陈小燕"), ("day", DAY)])
        .at("/posts/101/appoint")
        .after(make_post),
    form("post.hand_over", "office", &[("tenure", "3"), ("successor", "林涛"), ("day", DAY)])
        .at("/posts/3/hand-over"),
    form("post.relieve", "office", &[("tenure", "3"), ("day", DAY)]).at("/posts/3/relieve"),
    form("post.close", "office", &[("day", DAY)]).at("/posts/3/close"),
    json("post.create_json", "office", r#"{"unit":2,"name":"联络员"}"#),
    json("post.appoint_json", "office", r#"{"day":"2024-03-05","person":3}"#)
        .at("/api/v1/posts/101/appoint")
        .after(make_post),
    json("post.hand_over_json", "office", r#"{"day":"2024-03-05","person":5}"#)
        .at("/api/v1/tenures/3/hand-over"),
    json("post.relieve_json", "office", r#"{"day":"2024-03-05"}"#).at("/api/v1/tenures/3/relieve"),
    json("post.close_json", "office", r#"{"day":"2024-03-05"}"#).at("/api/v1/posts/3/close"),
    form("scope.save", "office", SCOPE),
    form("scope.delete", "office", &[("version", "1")]).after(make_scope),
    json("scope.create_json", "office", SCOPE_JSON),
    json("scope.change_json", "office", SCOPE_JSON).after(make_scope),
    json("scope.delete_json", "office", "").at("/api/v1/scopes/1?version=1").after(make_scope),
];

/// What a form about a campaign sends.
const CAMPAIGN: &[(&str, &str)] = &[
    ("name", "云溪县主题教育整改整治"),
    ("basis", "decision"),
    ("authority", "县委常委会2024年2月20日会议决定"),
    ("document", "《云溪县整改方案》（云办发〔2024〕3号）"),
    ("scope", "全县"),
    ("starts_day", "2024-03-05"),
    ("ends_day", "2024-12-31"),
    ("reason", "县委同意"),
];

const NEW_CAMPAIGN: &[(&str, &str)] = &[
    ("code", "new"),
    ("name", "新行动"),
    ("office_unit", "1"),
    ("basis", "decision"),
    ("starts_day", "2024-03-05"),
    ("template", "work-safety"),
];

const NOTICE: &str = "春节：1月18日至2月2日放假。";

const SHORT_TEMPLATE: &str = r#"{"reason":"简化","template_text":"code = 'short'\nname = '简'\n[[strand]]\ncode = 'one'\nname = '一'\n[[category]]\ncode = 'kind'\nname = '类'\n[[source]]\ncode = 'found'\nname = '检查'\n"}"#;

pub fn make_campaign(app: &TestApp) {
    let input = bihuan_app::campaign::CampaignInput {
        code: "second".to_owned(),
        name: "第二项行动".to_owned(),
        office_unit: "1".to_owned(),
        basis: "decision".to_owned(),
        authority: "县委".to_owned(),
        document: "方案".to_owned(),
        scope: "全县".to_owned(),
        starts_day: "2024-03-05".to_owned(),
        template: "work-safety".to_owned(),
        ..Default::default()
    };
    app.app.create_campaign(&app.ctx("office"), input).unwrap();
}

/// All examples: those above, and those of each noun with a file of its own.
pub fn all() -> Vec<&'static Example> {
    static OF_NOUNS: std::sync::LazyLock<Vec<Example>> = std::sync::LazyLock::new(|| {
        [
            crate::action_examples::examples(),
            crate::document_examples::examples(),
            crate::ledger_examples::examples(),
            crate::muster_examples::examples(),
            crate::problem_examples::examples(),
            crate::report_examples::examples(),
            crate::slip_examples::examples(),
            crate::supervision_examples::examples(),
            crate::task_examples::examples(),
        ]
        .into_iter()
        .flatten()
        .collect()
    });
    EXAMPLES.iter().chain(OF_NOUNS.iter()).collect()
}

const ERASE: &[(&str, &str)] =
    &[("asked_by", "本人书面申请"), ("asked_day", "2024-03-01"), ("reason", "已离职")];

/// Somebody without post, role or account, number 101.
pub fn make_person(app: &TestApp) {
    app.app.create_person(&app.ctx("system"), "离职的人", "0871-5551234").unwrap();
}

/// A request to erase them, number 1.
pub fn ask_to_erase(app: &TestApp) {
    make_person(app);
    let asked = bihuan_domain::erasure::Asked {
        asked_by: "本人书面申请".to_owned(),
        asked_day: Some(crate::support::first_day()),
        reason: "已离职".to_owned(),
    };
    app.app.request_erasure(&app.ctx("system"), PersonId(101), asked).unwrap();
}

/// An alert about the clerk, number 1.
pub fn raise_alert(app: &TestApp) {
    let visit = bihuan_app::Visit { at: app.now(), source_address: "192.0.2.1".to_owned() };
    app.app.raise_denials(&visit, Some(&app.ctx("filler")), 20).unwrap();
}

fn make_token(app: &TestApp) {
    app.app.create_token(&app.ctx("filler"), "同步", &["me:read".to_owned()], 30).unwrap();
}

/// Closes every unit, as if there had never been one.
fn close_units(app: &TestApp) {
    use bihuan_store::journal::{self, NewEntry, Write};
    let ctx = app.ctx("office");
    app.db
        .write(move |conn| -> Result<(), bihuan_app::Error> {
            let open: Vec<Unit> = (1..=20)
                .filter_map(|id| bihuan_store::unit::by_id(conn, UnitId(id)).transpose())
                .collect::<Result<_, _>>()?;
            let closed =
                |unit: &Unit| Write::update(unit, &Unit { closed_day: Some(ctx.today()), ..unit.clone() });
            let entry = NewEntry {
                action: "unit.closed".to_owned(),
                subject_kind: "unit",
                writes: open.iter().filter_map(closed).collect(),
                ..NewEntry::default()
            };
            journal::append(conn, &ctx.stamp(None), vec![entry])?;
            Ok(())
        })
        .unwrap();
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

fn keep_units(app: &TestApp) {
    let day = crate::support::first_day();
    let order = bihuan_app::unit_import::ImportOrder { below: Some(UnitId(2)), day, close_missing: false };
    app.app.keep_unit_file(&app.ctx("office"), "units.csv", UNITS.to_vec(), &order).unwrap();
}

fn make_post(app: &TestApp) {
    let draft = bihuan_domain::person::appointing::PostDraft {
        name: "联络员".to_owned(),
        ..bihuan_domain::person::appointing::PostDraft::default()
    };
    app.app.create_post(&app.ctx("office"), UnitId(2), draft).unwrap();
}

fn make_scope(app: &TestApp) {
    let scope = bihuan_domain::scope::Scope {
        subtree: Some(UnitId(1)),
        levels: vec![bihuan_domain::unit::Level::Township],
        ..bihuan_domain::scope::Scope::default()
    };
    app.app.save_scope(&app.ctx("office"), None, UnitId(1), "各乡镇", scope).unwrap();
}

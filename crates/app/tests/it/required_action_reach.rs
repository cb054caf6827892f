//! Whom a rule reaches: posts and people before and after a change, saved scopes kept within who issues (M02, M05).

use crate::support::{Fixture, first_day, monthly_meeting};
use bihuan_app::Context;
use bihuan_app::required_action::{ActionInput, ActionPlan, KEEP_SCOPE};
use bihuan_domain::Day;
use bihuan_domain::id::{CampaignId, RequiredActionId};
use bihuan_domain::person::appointing::PostDraft;
use bihuan_domain::role::Role;
use bihuan_domain::scope::Scope;
use bihuan_domain::unit::Level;
use bihuan_testkit::on_each_engine;

const ONE: CampaignId = CampaignId(1);

fn day(offset: i32) -> Day {
    first_day().plus_days(offset)
}

fn holder(f: &Fixture, unit: &str, post: &str, name: &str, leads: bool) {
    let office = f.ctx(Role::Office, "YX", day(0));
    let draft = PostDraft { name: post.to_owned(), leads, shared: false, official_order: 1 };
    let post = f.app.create_post(&office, f.unit(unit).id, draft).unwrap().id;
    let person = f.app.create_person(&office, name, "").unwrap().id;
    f.app.appoint(&office, post, person, day(0)).unwrap();
}

fn saved(f: &Fixture, scope: Scope) -> String {
    let office = f.ctx(Role::Office, "YX", day(0));
    f.app.save_scope(&office, None, f.unit("YX").id, "几个单位", scope).unwrap().id.to_string()
}

fn plan(f: &Fixture, ctx: &Context, id: Option<RequiredActionId>, sent: &ActionInput) -> ActionPlan {
    f.app.plan_action(ctx, ONE, id, sent.clone()).unwrap()
}

#[test]
fn a_rule_of_posts_that_widens_says_how_many_posts_it_newly_reaches_m05() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        holder(&f, "YX01", "党委书记", "许文", true);
        holder(&f, "YX01", "组织委员", "柳青", false);
        holder(&f, "YX02", "党委书记", "白露", true);
        holder(&f, "YX0101", "村支书", "赵岭", true);
        let office = f.ctx(Role::Office, "YX", day(1));
        let narrow = ActionInput {
            subject: "post".to_owned(),
            posts: "书记".to_owned(),
            reason: "扩大范围".to_owned(),
            ..monthly_meeting()
        };
        let found = plan(&f, &office, None, &narrow);
        assert_eq!((found.subjects, found.newly.0, found.reach.total), (2, 2, 3));
        let id = f.app.issue_action(&office, ONE, None, narrow.clone()).unwrap().id;
        assert_eq!(plan(&f, &office, Some(id), &narrow).newly, (0, Vec::new()));
        let wide = ActionInput { posts: String::new(), ..narrow.clone() };
        let found = plan(&f, &office, Some(id), &wide);
        assert_eq!((found.subjects, found.newly.clone()), (3, (1, vec!["石桥镇组织委员".to_owned()])));
        let leading = ActionInput { leads_only: "1".to_owned(), ..narrow.clone() };
        assert_eq!(plan(&f, &office, Some(id), &leading).no_longer.0, 0);
        let villages = ActionInput { levels: vec!["village".to_owned()], ..wide };
        let found = plan(&f, &office, Some(id), &villages);
        assert_eq!((found.newly.1, found.no_longer.0), (vec!["青石村村支书".to_owned()], 2));
        // People are counted where they belong.
        let people = ActionInput { subject: "person".to_owned(), posts: String::new(), ..narrow };
        let found = plan(&f, &office, None, &people);
        assert_eq!((found.subjects, found.newly.0), (3, 3));
        assert!(found.newly.1.contains(&"柳青（石桥镇）".to_owned()));
    });
}

#[test]
fn a_saved_scope_that_only_lists_units_reaches_only_them_m02() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(1));
        let listed = vec![f.unit("YX01").id, f.unit("YX0201").id];
        let scope = saved(&f, Scope { listed, ..Scope::default() });
        let sent = ActionInput { scope, levels: Vec::new(), ..monthly_meeting() };
        assert_eq!(plan(&f, &office, None, &sent).subjects, 2);
        // A town may use it only where it lists its own.
        let town = f.ctx(Role::Office, "YX01", day(1));
        let refused = f.app.plan_action(&town, ONE, None, sent.clone()).unwrap_err();
        let refused = refused.to_string();
        assert!(
            refused.contains("选择的范围不存在") || refused.contains("“河湾村”不在下达单位"),
            "{refused}"
        );
        // A change that keeps the scope keeps the list; conditions alone would reach others.
        let id = f.app.issue_action(&office, ONE, None, sent.clone()).unwrap().id;
        let kept = ActionInput {
            scope: KEEP_SCOPE.to_owned(),
            name: "改名".to_owned(),
            reason: "更正名称".to_owned(),
            ..sent.clone()
        };
        let found = plan(&f, &office, Some(id), &kept);
        assert_eq!((found.subjects, found.newly.0, found.no_longer.0), (2, 0, 0));
        let fresh = f.app.plan_action(&office, ONE, None, kept).unwrap_err();
        assert!(fresh.to_string().contains("还没有“原来的范围”"), "{fresh}");
    });
}

#[test]
fn a_rule_of_a_town_by_a_scope_of_the_county_stays_within_the_town_m02() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let county = f.unit("YX").id;
        let villages = Scope { subtree: Some(county), levels: vec![Level::Village], ..Scope::default() };
        // The office of the county, which also holds for the town, issues in the town's name.
        let scope = saved(&f, villages);
        let office = f.ctx(Role::Office, "YX", day(1));
        let owner = f.unit("YX01").id.to_string();
        let sent = ActionInput { scope, owner, levels: Vec::new(), ..monthly_meeting() };
        assert_eq!(plan(&f, &office, None, &sent).subjects, 2);
        let elsewhere = Scope { subtree: Some(f.unit("YX02").id), with_root: true, ..Scope::default() };
        let sent = ActionInput { scope: saved(&f, elsewhere), ..sent };
        let refused = f.app.plan_action(&office, ONE, None, sent).unwrap_err().to_string();
        assert!(refused.contains("“柳湾乡”，不在下达单位“石桥镇”之内"), "{refused}");
    });
}

#[test]
fn several_sectors_reach_the_units_of_each_m02() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(1));
        let of = |sector: &str| {
            let sent = ActionInput { sector: sector.to_owned(), levels: Vec::new(), ..monthly_meeting() };
            plan(&f, &office, None, &sent).subjects
        };
        let (organs, villages) = (of("机关"), of("农村"));
        assert!(organs > 0 && villages > 0);
        assert_eq!(of("机关、农村"), organs + villages);
    });
}

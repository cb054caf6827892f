//! Posts and who holds them 任职: work follows the post, signatures stay with the person.
//!
//! Problems, measures and leaders in charge name a post; deeds and journal entries name a person. So a hand-over
//! changes one row, the tenure, and neither the open work nor what was signed.

use super::{PERSON_NAME_CHARS_MAX, PHONE_CHARS_MAX, POST_NAME_CHARS_MAX, Person, Post, Tenure};
use crate::Day;
use crate::id::{PersonId, PostId, TenureId};
use crate::refusal::{Refusal, limit_text, require_text};
use crate::role::Role;
use crate::unit::reorganise::Desk;
use crate::unit::{Unit, UnitPath};

crate::coded! {
    /// What was done to a person or a post; the journal's action.
    PersonAction ("人员调整") {
        Created = "person.created", "登记人员";
        Changed = "person.changed", "更正人员资料";
        /// Personal data was opened.
        Viewed = "person.viewed", "查看个人信息";
        PostCreated = "post.created", "设置岗位";
        PostChanged = "post.changed", "更正岗位";
        PostClosed = "post.closed", "撤销岗位";
        Appointed = "tenure.started", "任职";
        Relieved = "tenure.ended", "免职";
        HandedOver = "tenure.handed_over", "岗位交接";
    }
}

/// A post as typed into a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostDraft {
    /// Name.
    pub name: String,
    /// A leading post.
    pub leads: bool,
    /// Several holders at once.
    pub shared: bool,
    /// Order within the unit.
    pub official_order: i64,
}

fn require_office(desk: &Desk<'_>, unit: &Unit, step: &str) -> Result<(), Refusal> {
    if desk.actor.holds(Role::Office, &unit.path) {
        return Ok(());
    }
    Err(Refusal::not_allowed(step, "本单位或上级单位的工作专班身份"))
}

fn require_day(desk: &Desk<'_>, unit: &Unit, day: Day) -> Result<(), Refusal> {
    if day > desk.today {
        return Err(Refusal::of_field(
            "day",
            "day_in_future",
            format!("日期{}还没有到。", day.in_chinese()),
            "请在当天或之后登记。",
        ));
    }
    if day < unit.created_day {
        return Err(Refusal::of_field(
            "day",
            "day_before_creation",
            format!(
                "日期{}早于“{}”的设立日期{}。",
                day.in_chinese(),
                unit.name,
                unit.created_day.in_chinese()
            ),
            "请核对日期。",
        ));
    }
    Ok(())
}

/// Checks name and telephone of a person. The system administrator and any office may register people.
///
/// # Errors
/// `not_allowed`, text limits.
pub fn check_person(desk: &Desk<'_>, name: &str, phone: &str) -> Result<Person, Refusal> {
    if ![Role::Office, Role::SystemAdmin].iter().any(|role| desk.actor.holds_anywhere(*role)) {
        return Err(Refusal::not_allowed("登记人员", "工作专班或系统管理员身份"));
    }
    Ok(Person {
        id: PersonId(0),
        name: require_text("name", "姓名", name, PERSON_NAME_CHARS_MAX)?,
        phone: limit_text("phone", "办公电话", phone, PHONE_CHARS_MAX)?,
        version: 1,
    })
}

/// Whoever may import people and posts: the office over the place, and the system administrator before anything was
/// registered. `below` is the place, `None` the whole tree.
///
/// # Errors
/// `not_allowed`, `tree_in_use`.
pub fn require_importer(desk: &Desk<'_>, below: Option<&UnitPath>, in_use: bool) -> Result<(), Refusal> {
    if below.is_some_and(|path| desk.actor.holds(Role::Office, path)) {
        return Ok(());
    }
    if !desk.actor.holds_anywhere(Role::SystemAdmin) {
        let needs = "导入范围上的工作专班身份，并选定“导入范围”（首次导入由系统管理员办理）";
        return Err(Refusal::not_allowed("导入人员", needs));
    }
    if in_use {
        let hint = "请由工作专班在其管辖范围内导入。";
        return Err(Refusal::new("tree_in_use", "已经登记了问题，系统管理员不能再导入人员。", hint));
    }
    Ok(())
}

/// Creates a post of an open unit.
///
/// # Errors
/// `not_allowed`, `unit_closed`, `post_exists`, text limits.
pub fn create_post(
    desk: &Desk<'_>,
    unit: &Unit,
    existing: &[Post],
    draft: PostDraft,
) -> Result<Post, Refusal> {
    require_office(desk, unit, "设置岗位")?;
    if unit.closed_day.is_some() {
        return Err(Refusal::new("unit_closed", format!("“{}”已撤销。", unit.name), "请选择现有单位。"));
    }
    let name = require_text("name", "岗位名称", &draft.name, POST_NAME_CHARS_MAX)?;
    if existing.iter().any(|post| post.closed_day.is_none() && post.name == name) {
        return Err(Refusal::of_field(
            "name",
            "post_exists",
            format!("“{}”已有岗位“{name}”。", unit.name),
            "请换一个名称；多人担任的岗位请勾选“可由多人担任”。",
        ));
    }
    Ok(Post {
        id: PostId(0),
        unit_id: unit.id,
        name,
        leads: draft.leads,
        shared: draft.shared,
        official_order: draft.official_order,
        closed_day: None,
        version: 1,
    })
}

/// Closes a post nobody's open work hangs on; its tenures end the same day.
///
/// # Errors
/// `not_allowed`, `post_closed`, `post_has_work`, and the refusals of the day.
pub fn close_post(
    desk: &Desk<'_>,
    unit: &Unit,
    post: &Post,
    open_work: i64,
    day: Day,
) -> Result<Post, Refusal> {
    require_office(desk, unit, "撤销岗位")?;
    require_post_open(post)?;
    require_day(desk, unit, day)?;
    if open_work > 0 {
        return Err(Refusal::new(
            "post_has_work",
            format!("岗位“{}”还负责{open_work}项未办结的事项。", post.name),
            "工作随岗位走：请先把包案问题、整改措施调整到其他岗位。",
        ));
    }
    Ok(Post { closed_day: Some(day), version: post.version + 1, ..post.clone() })
}

fn require_post_open(post: &Post) -> Result<(), Refusal> {
    if post.closed_day.is_none() {
        return Ok(());
    }
    Err(Refusal::new("post_closed", format!("岗位“{}”已撤销。", post.name), "请选择现有岗位。"))
}

/// Appoints a person to a post from a day on. `tenures` are all of the post.
///
/// # Errors
/// `not_allowed`, `post_closed`, `post_taken`, `already_holds`, and the refusals of the day.
pub fn appoint(
    desk: &Desk<'_>,
    unit: &Unit,
    post: &Post,
    tenures: &[Tenure],
    person: PersonId,
    day: Day,
) -> Result<Tenure, Refusal> {
    require_office(desk, unit, "任职")?;
    require_post_open(post)?;
    require_day(desk, unit, day)?;
    let lasts = |tenure: &&Tenure| tenure.to_day.is_none_or(|end| end > day);
    if tenures.iter().filter(lasts).any(|tenure| tenure.person_id == person) {
        return Err(Refusal::of_field(
            "person",
            "already_holds",
            format!("该同志在{}已担任“{}”。", day.in_chinese(), post.name),
            "请核对人员和日期。",
        ));
    }
    if !post.shared && tenures.iter().filter(lasts).count() > 0 {
        return Err(Refusal::of_field(
            "person",
            "post_taken",
            format!("岗位“{}”在{}已有人担任。", post.name, day.in_chinese()),
            "请办理“岗位交接”，或先免去现任职务。",
        ));
    }
    Ok(Tenure { id: TenureId(0), post_id: post.id, person_id: person, from_day: day, to_day: None })
}

/// Ends a tenure.
///
/// # Errors
/// `not_allowed`, `tenure_ended`, `tenure_end_before_start`, `day_in_future`.
pub fn relieve(desk: &Desk<'_>, unit: &Unit, tenure: &Tenure, day: Day) -> Result<Tenure, Refusal> {
    require_office(desk, unit, "免职")?;
    require_day(desk, unit, day)?;
    if tenure.to_day.is_some() {
        return Err(Refusal::new("tenure_ended", "该任职已经结束。", "请刷新页面查看最新情况。"));
    }
    if day < tenure.from_day {
        return Err(Refusal::of_field(
            "day",
            "tenure_end_before_start",
            format!("免职日期{}早于任职日期{}。", day.in_chinese(), tenure.from_day.in_chinese()),
            "请核对日期。",
        ));
    }
    Ok(Tenure { to_day: Some(day), ..tenure.clone() })
}

/// A successor takes over a post on a day: the present tenure ends and the next begins, with no day between.
///
/// # Errors
/// As [`relieve`] and [`appoint`].
pub fn hand_over(
    desk: &Desk<'_>,
    unit: &Unit,
    post: &Post,
    tenures: &[Tenure],
    leaving: TenureId,
    successor: PersonId,
    day: Day,
) -> Result<(Tenure, Tenure), Refusal> {
    let present = tenures
        .iter()
        .find(|tenure| tenure.id == leaving)
        .ok_or_else(|| Refusal::new("tenure_ended", "该任职已经结束。", "请刷新页面查看最新情况。"))?;
    if present.person_id == successor {
        return Err(Refusal::of_field("person", "already_holds", "接任人就是现任。", "请选择另一位接任人。"));
    }
    let ended = relieve(desk, unit, present, day)?;
    let rest: Vec<Tenure> =
        tenures.iter().map(|t| if t.id == leaving { ended.clone() } else { t.clone() }).collect();
    let started = appoint(desk, unit, post, &rest, successor, day)?;
    Ok((ended, started))
}

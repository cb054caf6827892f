//! The form of a record: kind, date, what, who; the rest only where it is asked.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::Context;
use bihuan_app::activity::{
    ActivityInput, ActivityPage, Counted, CountedAt, Guests, NAMES_CHARS_MAX, RecordForm,
};
use bihuan_app::evidence::SentFile;
use bihuan_domain::activity::{
    Attendance, LINK_CHARS_MAX, MINUTES_CHARS_MAX, REASON_CHARS_MAX, TOPIC_CHARS_MAX,
};
use bihuan_domain::id::{ActivityId, CampaignId, PersonId, UnitId};
use bihuan_domain::required_action::Lack;
use maud::{Markup, html};

use super::ACTIVITIES_PATH;
use crate::{
    current::{CampaignWish, current_campaign, no_campaign},
    error::Problem,
    form::{FieldErrors, Fields, QueryFields},
    frame::{Again, Page},
    pages::problem::input_of_form,
    state::{Session, WebState},
    ui::{self, Choice, Href, PostForm, button, choices},
    upload::Upload,
};

async fn offers(
    web: &WebState,
    ctx: &Context,
    campaign: CampaignId,
    unit: Option<UnitId>,
    guests: Guests,
) -> Result<RecordForm, Problem> {
    let who = ctx.clone();
    web.run(move |app| app.record_form(&who, campaign, unit, &guests)).await
}

/// Whom the form holds or looks for beside the people of the unit.
fn guests_of(fields: &Fields, record: Option<ActivityId>) -> Guests {
    let numbers = |name| fields.all(name).filter_map(|text| text.parse().ok());
    let mut people: Vec<PersonId> = numbers("people").map(PersonId).collect();
    people.extend(numbers("lead").map(PersonId));
    Guests {
        record,
        people,
        units: numbers("units").map(UnitId).collect(),
        people_named: fields.text("other_names").to_owned(),
        units_named: fields.text("unit_names").to_owned(),
    }
}

pub(super) async fn new(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let Some(campaign) = current.id() else {
        return Ok(page.show(page.frame("登记活动"), no_campaign("登记活动")));
    };
    let offers =
        offers(&web, &ctx, campaign, query.number("unit").map(UnitId), guests_of(&query, None)).await?;
    let mut pairs: Vec<(String, String)> =
        query.pairs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    if !query.has("day") {
        pairs.push(("day".to_owned(), ctx.today().to_string()));
        pairs.push(("everyone".to_owned(), "1".to_owned()));
    }
    if !query.has("kind") {
        let first = offers.wanted.first().or(offers.kinds.first().map(|kind| &kind.code));
        pairs.extend(first.map(|kind| ("kind".to_owned(), kind.clone())));
    }
    let body = html! {
        (current.switcher(&Href::new("/activities/new")))
        (form(&page, &offers, None, &Fields::new(pairs), &FieldErrors::default())?)
    };
    let frame = page.frame("登记活动").crumb("活动记录", ACTIVITIES_PATH);
    Ok(current.remember(&web, page.show(frame, body)))
}

fn files_of(upload: &Upload) -> Vec<SentFile> {
    let one =
        |file: &crate::upload::UploadedFile| SentFile { name: file.name.clone(), bytes: file.bytes.clone() };
    upload.files.iter().map(one).collect()
}

pub(super) async fn record(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    upload: Upload,
) -> Result<Response, Problem> {
    let sent = input_of_form::<ActivityInput>(&upload.fields)?;
    let files = files_of(&upload);
    let (who, campaign) = (ctx.clone(), upload.fields.number("campaign").map(CampaignId));
    match web.run(move |app| app.record_activity(&who, sent, files)).await {
        Ok(done) => {
            let said = format!("已登记{}", told(&done.counted));
            Ok(page.go(format!("{ACTIVITIES_PATH}/{}", done.id), &said))
        }
        Err(problem) => {
            let again = Again::of(problem)?;
            let campaign = campaign.ok_or(Problem::NotFound)?;
            let unit = upload.fields.number("unit").map(UnitId);
            let guests = guests_of(&upload.fields, None);
            let offers = offers(&web, &ctx, campaign, unit, guests).await?;
            let body = form(&page, &offers, None, &upload.fields, &again.errors)?;
            let frame = page.frame("登记活动").crumb("活动记录", ACTIVITIES_PATH);
            Ok(page.show_again(frame, body, &again))
        }
    }
}

/// Rules and units that a notice names before it only counts them: a notice travels in a cookie.
const NOTICE_NAMES: usize = 4;

fn some_of(names: impl Iterator<Item = String>, apart: &str, rest: &str) -> String {
    let all: Vec<String> = names.collect();
    let some = all.iter().take(NOTICE_NAMES).cloned().collect::<Vec<_>>().join(apart);
    if all.len() > NOTICE_NAMES { format!("{some}等{}{rest}", all.len()) } else { some }
}

/// For which rules a record counts and at which units, and what others still lack: “，算到：……。”
fn told(lines: &[Counted]) -> String {
    let at = |line: &Counted| some_of(line.at.iter().map(CountedAt::in_words), "、", "个单位");
    let counts = lines.iter().filter(|line| line.lacks.is_none());
    let counts = some_of(counts.map(|line| format!("{}（{}）", line.name, at(line))), "；", "项");
    let short = lines.iter().filter_map(|line| line.lacks.map(|lack| (line, lack)));
    let short = some_of(short.map(|(line, lack)| format!("{}还缺{}", line.name, lack.label())), "；", "项");
    match (counts.is_empty(), short.is_empty()) {
        (true, true) => "。".to_owned(),
        (false, true) => format!("，算到：{counts}。"),
        (true, false) => format!("，还没有算到规定动作：{short}。"),
        (false, false) => format!("，算到：{counts}。{short}。"),
    }
}

fn fields_of(found: &ActivityPage) -> Fields {
    let activity = &found.activity;
    let mut pairs = vec![
        ("kind", activity.kind.clone()),
        ("day", activity.day.to_string()),
        ("topic", activity.topic.clone()),
        ("minutes_text", activity.minutes_text.clone()),
        ("link", activity.link.clone()),
        ("makes_up_day", activity.makes_up_day.map(|day| day.to_string()).unwrap_or_default()),
    ];
    if activity.duration_minutes > 0 {
        pairs.push(("duration", activity.duration_minutes.to_string()));
    }
    for (person, _, how) in &found.people {
        pairs.push(("people", person.to_string()));
        if *how == Attendance::Lead {
            pairs.push(("lead", person.to_string()));
        }
    }
    pairs.extend(found.units.iter().map(|(unit, _)| ("units", unit.to_string())));
    Fields::new(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

pub(super) async fn edit(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let who = ctx.clone();
    let found = web.run(move |app| app.activity_page(&who, ActivityId(id))).await?;
    if !found.may_correct {
        return Err(Problem::NotFound);
    }
    let guests = Guests { record: Some(ActivityId(id)), ..Guests::default() };
    let offers = offers(&web, &ctx, found.campaign.id, Some(found.unit.id), guests).await?;
    let body = form(&page, &offers, Some(&found), &fields_of(&found), &FieldErrors::default())?;
    Ok(page.show(page.frame("更正活动记录").crumb("活动记录", ACTIVITIES_PATH), body))
}

pub(super) async fn correct(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    upload: Upload,
) -> Result<Response, Problem> {
    let sent = input_of_form::<ActivityInput>(&upload.fields)?;
    let (who, version, files) = (ctx.clone(), upload.fields.number("version"), files_of(&upload));
    match web.run(move |app| app.correct_activity(&who, ActivityId(id), version, sent, files)).await {
        Ok(done) => {
            let said = format!("已更正{}原来的内容保留备查。", told(&done.counted));
            Ok(page.go(format!("{ACTIVITIES_PATH}/{id}"), &said))
        }
        Err(problem) => {
            let again = Again::of(problem)?;
            let who = ctx.clone();
            let found = web.run(move |app| app.activity_page(&who, ActivityId(id))).await?;
            let guests = guests_of(&upload.fields, Some(ActivityId(id)));
            let offers = offers(&web, &ctx, found.campaign.id, Some(found.unit.id), guests).await?;
            let body = form(&page, &offers, Some(&found), &upload.fields, &again.errors)?;
            let frame = page.frame("更正活动记录").crumb("活动记录", ACTIVITIES_PATH);
            Ok(page.show_again(frame, body, &again))
        }
    }
}

fn form(
    page: &Page,
    offers: &RecordForm,
    correcting: Option<&ActivityPage>,
    fields: &Fields,
    errors: &FieldErrors,
) -> Result<Markup, Problem> {
    let title = if correcting.is_some() { "更正活动记录" } else { "登记活动" };
    let Some(unit) = &offers.unit else {
        return Ok(html! {
            (ui::heading(title, None, html! {}))
            (ui::empty("您现在不能登记活动", "登记活动需要填报员或工作专班身份。", None))
        });
    };
    let action = match correcting {
        Some(found) => format!("{ACTIVITIES_PATH}/{}/edit", found.activity.id),
        None => ACTIVITIES_PATH.to_owned(),
    };
    let mut form = PostForm::new(action, page.csrf()?)
        .hidden("campaign", offers.campaign.id.to_string())
        .uploads()
        .warn_unsaved()
        .errors(errors);
    form = match correcting {
        Some(found) => form.hidden("version", found.activity.version.to_string()),
        None => form.hidden("unit", unit.id.to_string()),
    };
    let put = |field: ui::Field| field.refill(fields).errors(errors);
    let people = |name: &str, label: &str| {
        let own = offers.people.iter().map(|(id, name, post)| (*id, name, post));
        let others = offers.others.iter().map(|guest| (guest.id, &guest.name, &guest.unit_name));
        let all = own.chain(others.filter(|_| name != "except"));
        let options = all.map(|(id, name, of)| Choice::new(id.to_string(), format!("{name}（{of}）")));
        put(ui::checkboxes(name, label, options.collect()))
    };
    let kinds = choices(offers.kinds.iter().map(|kind| (kind.code.clone(), kind.name.clone())));
    let lead = format!("{} · {}", offers.campaign.name, unit.name);
    Ok(html! {
        (ui::heading(title, Some(&lead), html! {}))
        @if correcting.is_none() && offers.units.len() > 1 { (switch(offers, unit.id)) }
        (form.body(html! {
            (put(ui::select("kind", "活动类别", kinds)).required())
            (put(ui::date("day", "活动日期")).required())
            (put(ui::text("topic", "内容")).hint("学了什么、做了什么，一句话").max_chars(TOPIC_CHARS_MAX).required())
            @if correcting.is_none() && !offers.people.is_empty() {
                (put(ui::checkboxes("everyone", "谁参加了", vec![Choice::new("1", format!("全体（{}人），除下面勾选的", offers.people.len()))])))
                details { summary { "有人没参加" } (people("except", "未参加")) }
            }
            @if !offers.people.is_empty() || !offers.others.is_empty() {
                details open[correcting.is_some() || !offers.others.is_empty()] { summary { "只有部分人参加，逐个选" } (people("people", "参加人员")) }
                details open[correcting.is_some() || asks(offers, Lack::Lead)] { summary { "谁主讲或主持" } (people("lead", "主讲或主持")) }
            }
            (together(offers, fields, errors))
            (put(ui::number("duration", "时长（分钟）")).narrow().hint("按学时计的活动才要填"))
            (proofs(offers))
            details open[correcting.is_some() || errors.of("minutes_text").is_some() || asks(offers, Lack::Minutes) || asks(offers, Lack::Material) || fields.has("makes_up_day")] {
                summary { "记录、附件和补做" }
                (put(ui::area("minutes_text", "记录或纪要", 4)).max_chars(MINUTES_CHARS_MAX).hint("可以在这里写，也可以上传附件，二选一"))
                (ui::file("file", "附件", ".pdf,.doc,.docx,.xls,.xlsx,.jpg,.jpeg,.png").errors(errors))
                (put(ui::checkboxes("file_is_minutes", "附件性质", vec![Choice::new("1", "附件就是记录或纪要")])))
                (put(ui::text("link", "链接")).max_chars(LINK_CHARS_MAX).hint("已公开报道的网址"))
                (put(ui::date("makes_up_day", "补哪一天所在周期的")).hint("补做以前缺的才填；不填就算活动当天所在周期"))
            }
            @if correcting.is_some() { (put(ui::text("reason", "更正理由")).max_chars(REASON_CHARS_MAX).required()) }
            div .actions { (button(if correcting.is_some() { "保存更正" } else { "登记" }).primary()) }
        }))
    })
}

/// People of other units and units that hold it together: closed for those who need neither, and by name, for nobody
/// can pick from all people of a county on a telephone.
fn together(offers: &RecordForm, fields: &Fields, errors: &FieldErrors) -> Markup {
    let put = |field: ui::Field| field.refill(fields).errors(errors);
    let typed = ["other_names", "unit_names", "units"];
    let open = !offers.joint.is_empty() || typed.iter().any(|name| fields.filled(name).is_some());
    let kinds: Vec<&str> =
        offers.kinds.iter().filter(|kind| kind.joint).map(|kind| kind.name.as_str()).collect();
    let units = offers.joint.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone()));
    html! {
        details open[open] {
            summary { "有外单位的人参加，或与别的单位联合开展" }
            (put(ui::text("other_names", "外单位人员姓名")).max_chars(NAMES_CHARS_MAX).hint("写姓名，几个人用顿号隔开；重名时会列出来请您选"))
            @if !kinds.is_empty() || !offers.joint.is_empty() {
                (put(ui::text("unit_names", "联合开展单位名称")).max_chars(NAMES_CHARS_MAX).hint(format!("{}等与别的单位一起开展的才填，几个单位用顿号隔开；对方不用再登记", kinds.join("、"))))
            }
            @if !offers.joint.is_empty() { (put(ui::checkboxes("units", "联合开展单位", units.collect()))) }
        }
    }
}

/// Some rule asks this of some kind of activity.
fn asks(offers: &RecordForm, wanted: Lack) -> bool {
    offers.proofs.iter().any(|(_, lack)| *lack == wanted)
}

/// What some rule asks of the unit beside the record itself: only then must it be given.
fn proofs(offers: &RecordForm) -> Markup {
    let name = |code: &str| {
        offers.kinds.iter().find(|kind| kind.code == code).map_or(code.to_owned(), |k| k.name.clone())
    };
    let what = |lack: Lack| match lack {
        Lack::Lead => "写明谁主讲或主持".to_owned(),
        Lack::Duration => "写明时长".to_owned(),
        other => other.label().to_owned(),
    };
    html! {
        @if !offers.proofs.is_empty() {
            p .form-text {
                "这些活动的规定动作还要求："
                (offers.proofs.iter().map(|(kind, lack)| format!("{}要{}", name(kind), what(*lack))).collect::<Vec<_>>().join("；"))
                "。其他活动不用附材料。"
            }
        }
    }
}

fn switch(offers: &RecordForm, chosen: UnitId) -> Markup {
    html! {
        form .campaign-switch action="/activities/new" method="get" aria-label="换一个单位登记" {
            input type="hidden" name="campaign" value=(offers.campaign.id);
            label for="unit-switch" { "开展单位" }
            select #unit-switch .form-select name="unit" {
                @for unit in &offers.units { option value=(unit.id) selected[unit.id == chosen] { (unit.name) } }
            }
            button .btn .btn-outline-secondary .btn-sm type="submit" { "切换" }
        }
    }
}

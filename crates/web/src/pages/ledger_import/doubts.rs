//! Doubts one by one: units, deadlines, statuses, cells.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::ledger_import::{
    Answers, DeadlineAnswer, DeadlineDoubt, GROUP_CHOICES, Settle, StatusDoubt, UnitAnswer, UnitDoubt,
    Waiting,
};
use bihuan_app::{App, Context, Error};
use bihuan_domain::id::{LedgerImportId, UnitId};
use bihuan_domain::problem::ImportedState;
use bihuan_domain::{Coded as _, Day};
use maud::{Markup, html};

use super::{place, show};
use crate::{
    error::Problem,
    form::{FieldErrors, Fields},
    frame::{Again, Page},
    guard::CsrfToken,
    state::{Session, WebState},
    ui::{self, Choice, PostForm, button, card, choices},
};

/// Wordings of one kind that are asked on one page; the rest follows when these are answered.
const ASKED_MAX: usize = 150;
/// Days between two proofs of a standing duty that a person confirms without saying how often.
const RECHECK_DAYS: u32 = 90;

/// The form with everything that is asked.
pub(super) fn form(waiting: &Waiting, csrf: &CsrfToken, errors: &FieldErrors) -> Markup {
    let import = &waiting.view.import;
    let doubts = &waiting.doubts;
    let (sure, asked): (Vec<&UnitDoubt>, Vec<&UnitDoubt>) =
        doubts.units.iter().partition(|unit| unit.answer.is_none() && !unit.is_open());
    let form = PostForm::new(format!("{}/answers", place(import.id)), csrf)
        .hidden("version", import.version.to_string())
        .errors(errors);
    html! {
        (form.body(html! {
            (card("验收单位和来源", checking(waiting, errors)))
            @if !asked.is_empty() {
                (card(format!("单位的写法（{}种要确认）", asked.iter().filter(|unit| unit.is_open()).count()), html! {
                    p .text-muted { "同一种写法只问一次，下次导入沿用。" }
                    @for (at, unit) in asked.iter().take(ASKED_MAX).enumerate() { (unit_field(waiting, at, unit, errors)) }
                }))
            }
            @if !sure.is_empty() { (sure_units(waiting, &sure)) }
            @if !doubts.deadlines.is_empty() {
                (card(format!("时限的写法（{}种要确认）", doubts.deadlines.iter().filter(|d| d.answer.is_none()).count()), html! {
                    p .text-muted { "没有确认到日期的问题先登记，交办前再明确；不会变成“没有时限”。" }
                    @for (at, deadline) in doubts.deadlines.iter().take(ASKED_MAX).enumerate() { (deadline_field(at, deadline, errors)) }
                }))
            }
            (statuses(&doubts.statuses))
            @if !doubts.cells.is_empty() { (cells(waiting)) }
            div .actions {
                (button("保存答复").primary())
                @if doubts.open() > 0 { (button("其余都按“保留原文、交办时明确”").sends("rest", "1")) }
            }
        }))
    }
}

fn checking(waiting: &Waiting, errors: &FieldErrors) -> Markup {
    let now = waiting.view.answers.checking;
    let mut options: Vec<Choice> =
        waiting.checkers.iter().map(|unit| Choice::new(unit.id.to_string(), unit.name.clone())).collect();
    if let Some(unit) =
        waiting.checking.as_ref().filter(|unit| !waiting.checkers.iter().any(|c| c.id == unit.id))
    {
        options.insert(0, Choice::new(unit.id.to_string(), unit.name.clone()));
    }
    html! {
        (ui::select("checking", "验收单位", options).prompt("暂不选定（问题先登记，等待交办）")
            .value(now.map(|id| id.to_string()).unwrap_or_default()).errors(errors)
            .hint("谁来验收这批问题；不能是承担整改的单位。"))
        (ui::text("checking_name", "或填写其他验收单位的全称").errors(errors))
        @if !waiting.sources.is_empty() {
            (ui::select("source", "问题来源", choices(waiting.sources.iter().map(|(code, name)| (code.clone(), name.clone()))))
                .prompt("未注明").value(waiting.view.answers.source.clone()))
        }
    }
}

fn unit_field(waiting: &Waiting, at: usize, unit: &UnitDoubt, errors: &FieldErrors) -> Markup {
    let mut options: Vec<Choice> = Vec::new();
    let now = match &unit.answer {
        Some(UnitAnswer::Unit(id)) => {
            if !unit.guesses.iter().any(|guess| guess.unit == *id) {
                let name = waiting.doubts.loaded.get(id).map(|unit| unit.name.clone()).unwrap_or_default();
                options.push(Choice::new(format!("unit:{id}"), name));
            }
            format!("unit:{id}")
        }
        Some(UnitAnswer::Keep) => "keep".to_owned(),
        Some(UnitAnswer::Group(_)) => {
            options.push(Choice::new("as_is", format!("一组单位（{}个）", unit.units.len())));
            "as_is".to_owned()
        }
        None => String::new(),
    };
    for guess in &unit.guesses {
        options
            .push(Choice::new(format!("unit:{}", guess.unit), format!("{}（{}）", guess.name, guess.reason)));
    }
    options.push(Choice::new("keep", "保留原文，不对应到单位"));
    for (code, label, _) in GROUP_CHOICES {
        options.push(Choice::new(format!("group:{code}"), label).group("一组单位（按今天的单位展开）"));
    }
    let name = format!("unit.{at}");
    html! {
        fieldset .doubt {
            legend { "“" (unit.written) "” " span .text-muted { (unit.places) "处" } }
            input type="hidden" name={ (name) ".written" } value=(unit.written);
            div .doubt-fields {
                (ui::select(&format!("{name}.answer"), "是哪个单位", options).prompt("请选择").value(now).errors(errors))
                (ui::text(&format!("{name}.name"), "或填写单位全称").errors(errors))
            }
        }
    }
}

fn sure_units(waiting: &Waiting, sure: &[&UnitDoubt]) -> Markup {
    html! {
        details .definitions-box {
            summary { "已认出的单位（" (sure.len()) "种写法）" }
            ul .plain-list {
                @for unit in sure {
                    li {
                        "“" (unit.written) "” → "
                        @match (&unit.sure, &unit.group) {
                            (Some(guess), _) => { (guess.name) " " span .text-muted { (guess.reason) } },
                            (None, Some((_, count))) => { (count) "个单位：" (names(waiting, &unit.units)) },
                            (None, None) => {},
                        }
                    }
                }
            }
        }
    }
}

/// The first few names of a group.
fn names(waiting: &Waiting, units: &[UnitId]) -> String {
    let names: Vec<&str> = units
        .iter()
        .filter_map(|id| waiting.doubts.loaded.get(id))
        .map(|unit| unit.name.as_str())
        .take(6)
        .collect();
    let more = if units.len() > names.len() { "等" } else { "" };
    format!("{}{more}", names.join("、"))
}

fn deadline_field(at: usize, deadline: &DeadlineDoubt, errors: &FieldErrors) -> Markup {
    let name = format!("deadline.{at}");
    let (now, day) = match &deadline.answer {
        Some(DeadlineAnswer::Day(day)) => ("day", Some(*day)),
        Some(DeadlineAnswer::Standing(_)) => ("standing", deadline.guess),
        Some(DeadlineAnswer::Clarify) => ("clarify", deadline.guess),
        None => ("", deadline.guess),
    };
    let written = if deadline.written.is_empty() {
        "（没有填写时限）".to_owned()
    } else {
        format!("“{}”", deadline.written)
    };
    html! {
        fieldset .doubt {
            legend { (written) " " span .text-muted { (deadline.places) "件" } }
            input type="hidden" name={ (name) ".written" } value=(deadline.written);
            p .text-muted { (deadline.reason) }
            div .doubt-fields {
                (ui::select(&format!("{name}.answer"), "怎么定", choices([("day", "就是右边这一天"), ("standing", "长期坚持，定期复核"), ("clarify", "交办时再明确")]))
                    .prompt("请选择").value(now).errors(errors))
                (ui::date(&format!("{name}.day"), "日期").value(day.map(|day| day.to_string()).unwrap_or_default()).errors(errors))
            }
        }
    }
}

fn statuses(doubts: &[StatusDoubt]) -> Markup {
    let field = |at: usize, status: &StatusDoubt| {
        let name = format!("status.{at}");
        let label = if status.written.is_empty() {
            "（没有写状态）".to_owned()
        } else {
            format!("“{}”", status.written)
        };
        let options = choices(ImportedState::ALL.iter().map(|state| (state.code(), state.label())));
        html! {
            input type="hidden" name={ (name) ".written" } value=(status.written);
            (ui::select(&format!("{name}.state"), &format!("{label}（{}件）", status.places), options).value(status.state.code()))
        }
    };
    let unusual = doubts.iter().filter(|status| !status.usual).count();
    html! {
        @if unusual > 0 {
            (card(format!("状态的写法（{unusual}种请看一下）"), html! {
                p .text-muted { "台账里写“完成”的不算已验收：要由另一单位在这里验收；写“已销号”的单独计为“导入前已销号”。" }
                @for (at, status) in doubts.iter().enumerate().take(unusual.min(ASKED_MAX)) { (field(at, status)) }
            }))
        }
        details .definitions-box open[unusual == 0] {
            summary { "常见状态的对应" }
            @for (at, status) in doubts.iter().enumerate().skip(unusual).take(ASKED_MAX) { (field(at, status)) }
        }
    }
}

fn cells(waiting: &Waiting) -> Markup {
    let doubts = &waiting.doubts;
    html! {
        (card(format!("读得不太有把握的单元格（{}处）", doubts.cells_total), html! {
            p .text-muted { "对的不用动；不对的直接改，改动只影响导入，不改您的文件。" }
            @for (at, cell) in doubts.cells.iter().take(ASKED_MAX).enumerate() {
                @let name = format!("cell.{at}");
                fieldset .doubt {
                    legend { (cell.sheet) " " (cell.cell) " · " (cell.field.label()) }
                    input type="hidden" name={ (name) ".key" } value=(Answers::cell_key(&cell.sheet, cell.row, cell.field.key()));
                    input type="hidden" name={ (name) ".was" } value=(cell.text);
                    p .text-muted { (cell.reason) }
                    @if cell.text.contains('\n') { (ui::area(&format!("{name}.text"), "读成", 3).value(cell.text.clone())) }
                    @else { (ui::text(&format!("{name}.text"), "读成").value(cell.text.clone())) }
                }
            }
        }))
    }
}

/// Takes over the answers that were sent; what the form did not show stays.
pub(super) async fn answer(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let id = LedgerImportId(id);
    let (who, sent) = (ctx.clone(), fields.clone());
    let answered = web
        .run(move |app| {
            let version = sent.number("version").unwrap_or(0);
            let answers = answers_of(app, &who, id, &sent)?;
            let settle = Settle { answers: Some(answers), ..Settle::default() };
            app.settle_import(&who, id, version, settle)?;
            Ok(app.import_review(&who, id)?.doubts.open())
        })
        .await;
    match answered {
        Ok(0) => Ok(page.go(place(id), "答复已保存，可以导入了。")),
        Ok(open) => Ok(page.go(place(id), &format!("答复已保存，还有{open}处没有答复。"))),
        Err(problem) => {
            let again = Again::of(problem)?;
            show::page_of(&web, ctx, &page, id, Some(&again)).await
        }
    }
}

fn answers_of(app: &App, ctx: &Context, id: LedgerImportId, sent: &Fields) -> Result<Answers, Error> {
    let view = app.import(ctx, id)?;
    let home = view.import.unit_id;
    let mut answers = view.answers;
    let mut wrong = Vec::new();
    let mut take = |result: Result<(), Error>| match result {
        Err(Error::Invalid(fields)) => {
            wrong.extend(fields);
            Ok(())
        }
        other => other,
    };
    take(take_checking(app, ctx, home, sent, &mut answers))?;
    for at in 0..ASKED_MAX {
        take(take_unit(app, ctx, home, sent, at, &mut answers))?;
        take(take_deadline(sent, at, &mut answers))?;
    }
    for at in 0..sent.pairs().count() {
        let Some(state) = ImportedState::from_code(sent.text(&format!("status.{at}.state"))) else {
            continue;
        };
        answers.statuses.insert(wording(sent, &format!("status.{at}.written")), state);
    }
    for at in 0..ASKED_MAX {
        let key = sent.text(&format!("cell.{at}.key"));
        let (was, text) =
            (wording(sent, &format!("cell.{at}.was")), wording(sent, &format!("cell.{at}.text")));
        if !key.is_empty() && was != text {
            answers.cells.insert(key.to_owned(), text);
        }
    }
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    if sent.has("rest") {
        settle_rest(app, ctx, id, &mut answers)?;
    }
    Ok(answers)
}

/// Everything still open keeps its wording, or waits for the assignment.
fn settle_rest(app: &App, ctx: &Context, id: LedgerImportId, answers: &mut Answers) -> Result<(), Error> {
    let waiting = app.import_review(ctx, id)?;
    for unit in waiting.doubts.units.iter().filter(|unit| unit.is_open()) {
        answers.units.entry(unit.written.clone()).or_insert(UnitAnswer::Keep);
    }
    for deadline in &waiting.doubts.deadlines {
        answers.deadlines.entry(deadline.written.clone()).or_insert(DeadlineAnswer::Clarify);
    }
    Ok(())
}

/// A wording as it was sent: browsers end lines their own way.
fn wording(sent: &Fields, name: &str) -> String {
    sent.text(name).replace("\r\n", "\n")
}

fn take_checking(
    app: &App,
    ctx: &Context,
    home: UnitId,
    sent: &Fields,
    answers: &mut Answers,
) -> Result<(), Error> {
    if sent.has("source") {
        sent.text("source").clone_into(&mut answers.source);
    }
    if let Some(name) = sent.filled("checking_name") {
        answers.checking = Some(app.unit_as_typed(ctx, home, "checking_name", name)?);
    } else if sent.has("checking") {
        answers.checking = sent.number("checking").map(UnitId);
    }
    Ok(())
}

fn take_unit(
    app: &App,
    ctx: &Context,
    home: UnitId,
    sent: &Fields,
    at: usize,
    answers: &mut Answers,
) -> Result<(), Error> {
    let written = wording(sent, &format!("unit.{at}.written"));
    if written.is_empty() {
        return Ok(());
    }
    let (choice, name) = (sent.text(&format!("unit.{at}.answer")), format!("unit.{at}.name"));
    let answer = if let Some(typed) = sent.filled(&name) {
        UnitAnswer::Unit(app.unit_as_typed(ctx, home, &name, typed)?)
    } else if let Some(id) = choice.strip_prefix("unit:").and_then(|id| id.parse().ok()) {
        UnitAnswer::Unit(UnitId(id))
    } else if let Some(code) = choice.strip_prefix("group:") {
        UnitAnswer::Group(app.group_as_chosen(ctx, home, &format!("unit.{at}.answer"), code)?)
    } else if choice == "keep" {
        UnitAnswer::Keep
    } else {
        return Ok(());
    };
    answers.units.insert(written, answer);
    Ok(())
}

fn take_deadline(sent: &Fields, at: usize, answers: &mut Answers) -> Result<(), Error> {
    let name = format!("deadline.{at}.written");
    if !sent.has(&name) {
        return Ok(());
    }
    let day = format!("deadline.{at}.day");
    let answer = match sent.text(&format!("deadline.{at}.answer")) {
        "day" => match Day::parse(sent.text(&day)) {
            Ok(day) => DeadlineAnswer::Day(day),
            Err(_) => return Err(Error::invalid(day, "选了“就是这一天”，请填写日期。")),
        },
        "standing" => DeadlineAnswer::Standing(RECHECK_DAYS),
        "clarify" => DeadlineAnswer::Clarify,
        _ => return Ok(()),
    };
    answers.deadlines.insert(wording(sent, &name), answer);
    Ok(())
}

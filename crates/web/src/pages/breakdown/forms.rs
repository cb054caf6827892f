//! The forms beside a draft: accepted as one thing or another, edited, dropped, merged; and one the rules did not see.

use bihuan_app::breakdown::{BreakdownView, amount_of, rule_cadence, rule_quantity};
use bihuan_domain::{
    Coded,
    breakdown::{ACTION_CHARS_MAX, Becomes, BreakdownDraft, DROP_CHARS_MAX, DraftState},
    office_word::WORD_CHARS_MAX,
    required_action::{Cadence, QuantityUnit, SubjectKind},
    task::MEASURE_WORD_CHARS_MAX,
};
use maud::{Markup, html};

use super::{PATH, Wrong, number_of, unit_name};
use crate::{
    error::Problem,
    form::{FieldErrors, Fields},
    frame::Page,
    ui::{self, Choice, PostForm, button, choices},
};

pub(super) fn of_draft(
    page: &Page,
    seen: &BreakdownView,
    draft: &BreakdownDraft,
    wrong: Wrong<'_>,
) -> Result<Markup, Problem> {
    let no = (Fields::default(), FieldErrors::default());
    let of = |form: &str| match wrong {
        Some((id, which, fields, errors)) if id == draft.id.0 && which == form => {
            (fields.clone(), errors.clone())
        }
        _ => no.clone(),
    };
    let post = |form: &str, errors: &FieldErrors| -> Result<PostForm, Problem> {
        Ok(PostForm::new(format!("{PATH}/drafts/{}/{form}", draft.id), page.csrf()?)
            .within(&format!("{form}{}", draft.id))
            .hidden("version", draft.version.to_string())
            .errors(errors))
    };
    let within = |form: &str| format!("{form}{}", draft.id);
    let (fields, errors) = of("accept");
    let (drop_fields, drop_errors) = of("drop");
    let (merge_fields, merge_errors) = of("merge");
    let show = |field: ui::Field| field.within(&within("accept")).refill(&fields).errors(&errors);
    let others = seen.drafts.iter().filter(|other| other.id != draft.id && other.state == DraftState::Open);
    let others = choices(
        others.map(|other| (other.id.to_string(), format!("{} {}", number_of(seen, other), other.action))),
    );
    let offered =
        Becomes::ALL.iter().filter(|kind| **kind != Becomes::RequiredAction || !seen.kinds.is_empty());
    let kinds = choices(offered.map(|kind| (kind.code(), kind.label())));
    let (amount, measure_word) = amount_of(draft);
    let unit = draft.unit_id.map_or_else(|| draft.subject.clone(), |_| unit_name(seen, draft));
    Ok(html! {
        details open[!errors.is_empty()] {
            summary { "采用" }
            (post("accept", &errors)?.body(html! {
                (show(ui::area("action", "任务内容", 2).required().max_chars(ACTION_CHARS_MAX).value(draft.action.clone())))
                (show(ui::text("unit", "责任单位").value(unit).hint("单位名称，多个用顿号分开；也可以写“各乡镇”，按当天的隶属关系展开，每个单位一件；列入要求清单的，写到的单位都会看到。")))
                div .columns {
                    (show(ui::date("due_day", "截止日期").value(draft.due_day.map(|day| day.to_string()).unwrap_or_default())))
                    (show(ui::text("deadline", "时限原文").value(draft.deadline_text.clone())))
                }
                div .columns {
                    (show(ui::text("amount", "目标数量").value(amount).hint(amount_hint(draft))))
                    (show(ui::text("measure_word", "计量单位").value(measure_word).max_chars(MEASURE_WORD_CHARS_MAX).hint("例如 亩、万亩、户；没有数量就两项都不填。")))
                }
                div .columns {
                    (show(ui::select("becomes", "采用为", kinds)))
                    (show(ui::text("checking", "验收单位").hint("交办问题时由谁验收；不填就是分解单位。")))
                }
                @if !seen.kinds.is_empty() { (as_rule(seen, draft, &show)) } (confirming(&errors, &show))
                div .actions {
                    (button("采用").primary().small())
                    button .btn .btn-outline-secondary .btn-sm type="submit" formaction={ (PATH) "/drafts/" (draft.id) "/edit" } { "只保存修改" }
                }
            }))
        }
        details open[!drop_errors.is_empty()] {
            summary { "不采用" }
            (post("drop", &drop_errors)?.body(html! {
                (ui::text("reason", "不采用的理由").required().max_chars(DROP_CHARS_MAX).within(&within("drop")).refill(&drop_fields).errors(&drop_errors))
                (ui::text("word", "以后遇到这个词不再列出").max_chars(WORD_CHARS_MAX).within(&within("drop")).hint("从原文摘一个词记入本单位词表；不填就只作用于这一条。").refill(&drop_fields).errors(&drop_errors))
                div .actions { (button("不采用").small()) }
            }))
        }
        @if !others.is_empty() {
            details open[!merge_errors.is_empty()] {
                summary { "并入另一条" }
                (post("merge", &merge_errors)?.body(html! {
                    (ui::select("into", "并入条目", others).required().prompt("请选择").within(&within("merge")).refill(&merge_fields).errors(&merge_errors))
                    div .actions { (button("并入").small()) }
                }))
            }
        }
    })
}

/// The tick that is asked for where a class of units would get one each.
fn confirming(errors: &FieldErrors, show: &dyn Fn(ui::Field) -> ui::Field) -> Markup {
    let tick = ui::checkboxes("confirmed", "确认", choices([("1", "确认交办给这些单位")]));
    html! { @if errors.of("confirmed").is_some() { (show(tick)) } }
}

/// What becomes of the number; a limit of the text is no target.
fn amount_hint(draft: &BreakdownDraft) -> String {
    let what = "采用为重点任务时就是任务的目标，每个单位都按这个数；采用为问题或者要求时写进内容。";
    if draft.quantity.starts_with("不超过") {
        format!("原文是“{}”：上限不作任务的目标，写进任务的说明。", draft.quantity)
    } else {
        what.to_owned()
    }
}

/// What a rule needs beside: how often, how much, of whom, and which records count.
fn as_rule(seen: &BreakdownView, draft: &BreakdownDraft, show: &dyn Fn(ui::Field) -> ui::Field) -> Markup {
    let (quantity, unit) = rule_quantity(draft);
    let cadence = rule_cadence(draft).map(|cadence| cadence.code()).unwrap_or_default();
    let words = format!("{}{}", draft.action, draft.quote);
    let meant = seen.kinds.iter().filter(|kind| kind.is_meant_by(&words)).map(|kind| kind.code.clone());
    let kinds = seen.kinds.iter().map(|kind| (kind.code.clone(), kind.name.clone()));
    html! {
        details open[cadence_is_regular(draft)] {
            summary { "采用为规定动作时填写" }
            div .columns {
                (show(ui::select("cadence", "周期", codes::<Cadence>()).prompt("请选择").value(cadence)))
                (show(ui::number("quantity", "每期数量").value(quantity.to_string())))
                (show(ui::select("quantity_unit", "每期数量的单位", codes::<QuantityUnit>()).value(unit.code())))
            }
            div .columns {
                (show(ui::select("subject", "责任对象", codes::<SubjectKind>()).value(SubjectKind::Unit.code())))
                (show(ui::text("posts", "岗位名称含有").hint("责任对象是岗位时填，例如书记、镇长。")))
                (show(ui::date("from_day", "开始日期").hint("不填就从今天起；上面的截止日期是最后一天。")))
            }
            (show(ui::checkboxes("activities", "哪些活动算数", choices(kinds)).values(meant).hint("登记了选中的活动就算完成，不另外报送。")))
        }
    }
}

fn cadence_is_regular(draft: &BreakdownDraft) -> bool {
    matches!(draft.cadence.as_str(), "weekly" | "monthly" | "quarterly" | "yearly")
}

fn codes<T: Coded>() -> Vec<Choice> {
    choices(T::ALL.iter().map(|value| (value.code(), value.label())))
}

pub(super) fn adding(page: &Page, seen: &BreakdownView, wrong: Wrong<'_>) -> Result<Markup, Problem> {
    let (fields, errors) = match wrong {
        Some((0, _, fields, errors)) => (fields.clone(), errors.clone()),
        _ => Default::default(),
    };
    let form = PostForm::new(format!("{PATH}/{}/drafts", seen.breakdown.id), page.csrf()?)
        .within("add")
        .errors(&errors)
        .body(html! {
            (ui::area("quote", "原文", 2).required().max_chars(ACTION_CHARS_MAX).within("add").hint("从左边的原文照抄一段。").refill(&fields).errors(&errors))
            (ui::text("action", "任务内容").max_chars(ACTION_CHARS_MAX).within("add").hint("不填就用原文。").refill(&fields).errors(&errors))
            div .actions { (button("补充").small()) }
        });
    Ok(html! { details open[!errors.is_empty()] { summary { "补充规则没有看出的一条" } (form) } })
}

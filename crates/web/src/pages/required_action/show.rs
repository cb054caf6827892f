//! Lists and matrices.

use bihuan_app::required_action::{ActionLine, ActionPage, ActionsPage, FormLine, MatrixRow, UnitActions};
use bihuan_domain::Coded;
use bihuan_domain::campaign::{Campaign, CampaignState};
use bihuan_domain::id::{RequiredActionId, UnitId};
use bihuan_domain::required_action::{Period, Rule, Status, Tally, Tightening};
use maud::{Markup, html};

use super::ACTIONS_PATH;
use crate::{
    error::Problem,
    frame::Page,
    ui::{self, Choice, Column, Href, PostForm, Row, Table, Tone, badge, button, button_link, card},
};

pub(crate) fn tone(status: Status) -> Tone {
    match status {
        Status::DoneEarly | Status::Done => Tone::Good,
        Status::DoneLate => Tone::Warning,
        Status::Excused => Tone::Neutral,
        Status::NotYetDue => Tone::Info,
        Status::Missed => Tone::Danger,
    }
}

/// How many of those done were done early, and how many late.
pub(super) fn early_and_late(tally: &Tally) -> Markup {
    html! {
        @if tally.done_early > 0 { br; span .text-muted { "其中提前 " (tally.done_early) } }
        @if tally.done_late > 0 { br; span .text-muted { "其中迟做 " (tally.done_late) } }
    }
}

pub(super) fn matrix_at(id: RequiredActionId, unit: UnitId) -> Href {
    Href::new(format!("{ACTIONS_PATH}/{id}")).with("unit", unit)
}

pub(crate) fn cell_at(id: RequiredActionId, unit: UnitId, period: Period) -> Href {
    Href::new(format!("{ACTIONS_PATH}/{id}/cell")).with("unit", unit).with("period", period.last)
}

/// A number that is a link where it is not nothing.
fn number(n: i64, href: &Href) -> Markup {
    html! { @if n == 0 { "0" } @else { a href=(href) { (n) } } }
}

pub(super) fn kinds_words(rule: &Rule, kinds: &[(String, String)]) -> String {
    let known = |code: &String| kinds.iter().find(|(have, _)| have == code).map(|(_, name)| name.clone());
    rule.kinds.iter().map(|code| known(code).unwrap_or_else(|| code.clone())).collect::<Vec<_>>().join("、")
}

pub(super) fn added(lines: &[Tightening]) -> Markup {
    html! {
        @if !lines.is_empty() {
            div .alert .alert-warning {
                strong { "层层加码提示：" } "与上级要求相比，" (lines.iter().map(|line| line.words.as_str()).collect::<Vec<_>>().join("；")) "。"
            }
        }
    }
}

pub(super) fn list(page: &Page, found: &ActionsPage, forms: &[FormLine]) -> Result<Markup, Problem> {
    let lead = format!("{} · {}", found.campaign.name, found.unit.name);
    let table = Table::new("actions", "规定动作及完成情况")
        .hide_caption()
        .row_head(0)
        .columns([
            Column::new("规定动作").long(),
            Column::new("要求"),
            Column::new("本期"),
            Column::new("应做").number(),
            Column::new("已做").number(),
            Column::new("逾期未做").number(),
            Column::new("未到期").number(),
        ])
        .rows(found.lines.iter().map(|line| row(found, line)))
        .stack()
        .empty(ui::empty(
            "还没有下达规定动作",
            "规定动作说明谁、多久、做几次、凭什么算完成；系统据此自动算出应做、已做和逾期，不用层层催报。",
            None,
        ));
    Ok(html! {
        (ui::heading("规定动作", Some(&lead), html! {
            (button_link("登记活动", Href::new("/activities/new").with("campaign", found.campaign.id).to_string()).primary())
            @if found.may_issue_some { (button_link("下达规定动作", "/actions/new")) }
            (button_link("覆盖情况", Href::new("/actions/coverage").with("unit", found.unit.id).to_string()))
            (button_link("本单位各项", format!("/units/{}/actions", found.unit.id)))
        }))
        (ended(&found.campaign))
        (table)
        @if !forms.is_empty() { (adopt(page, found, forms)?) }
    })
}

fn row(found: &ActionsPage, line: &ActionLine) -> Row {
    let at = matrix_at(line.action.id, found.unit.id);
    let tally = &line.tally;
    let now = match &line.now {
        Some((period, now)) => html! {
            a href=(cell_at(line.action.id, found.unit.id, *period)) { (period.label(line.rule.cadence)) }
            br; "已做 " (now.done + now.done_late) " / 应做 " (now.expected)
        },
        None => html! { span .text-muted { "—" } },
    };
    let row = Row::new([
        html! {
            a href=(at) { (line.rule.name) }
            @if let Some(day) = line.ended { " " (badge(Tone::Neutral, format!("{}起停止", day.in_chinese()))) }
            @if !line.added.is_empty() { br; (badge(Tone::Warning, "比上级要求多")) }
            br; span .text-muted { (line.owner.name) "下达 · " (kinds_words(&line.rule, &found.kinds)) }
        },
        html! { (line.rule.subject.label()) br; (line.rule.in_words()) },
        now,
        html! { (tally.expected) },
        html! { (tally.done + tally.done_late) (early_and_late(tally)) },
        html! { (number(tally.missed, &at)) },
        html! { (tally.not_yet_due) },
    ]);
    if tally.missed > 0 { row.tone(Tone::Danger) } else { row }
}

fn adopt(page: &Page, found: &ActionsPage, forms: &[FormLine]) -> Result<Markup, Problem> {
    let options = forms
        .iter()
        .map(|line| {
            Choice::new(
                line.code.clone(),
                format!("{}（{}，{}）", line.rule.name, line.rule.subject.label(), line.rule.in_words()),
            )
            .hint(line.rule.basis.clone())
        })
        .collect();
    let codes = forms.iter().map(|line| line.code.clone());
    let form = PostForm::new("/actions/adopt", page.csrf()?)
        .hidden("campaign", found.campaign.id.to_string())
        .body(html! {
            (ui::checkboxes("codes", "模板中还没有下达的", options).values(codes))
            div .actions { (button("下达选中的").primary()) }
        });
    Ok(html! { (card("按模板下达", html! { (form) })) })
}

pub(crate) fn status_badge(status: Status) -> Markup {
    html! { (badge(tone(status), status.label())) }
}

/// A cell: the unit's own status, or how many of how many.
fn cell(href: &Href, tally: Option<&Tally>, own: Option<Status>, single: bool) -> Markup {
    let Some(tally) = tally else { return html! { span .text-muted { "—" } } };
    let label = if tally.missed > 0 {
        Status::Missed
    } else if tally.not_yet_due > 0 {
        Status::NotYetDue
    } else {
        Status::Done
    };
    html! {
        a href=(href) {
            @match own {
                Some(status) if single => (status_badge(status)),
                _ => {
                    (badge(tone(label), format!("{}/{}", tally.done + tally.done_late, tally.expected)))
                    @if tally.missed > 0 { br; span .text-muted { "逾期 " (tally.missed) } }
                }
            }
        }
    }
}

fn matrix_row(found: &ActionPage, row: &MatrixRow) -> Row {
    let name = html! {
        @if row.deeper && !row.own { a href=(matrix_at(found.row.id, row.unit)) { (row.name) } } @else { (row.name) }
        @if row.statuses.iter().flatten().any(|status| *status == Status::Missed) { br; span .text-muted { "有未报告" } }
    };
    let mut cells = vec![name];
    for (at, column) in found.matrix.columns.iter().enumerate() {
        let href = cell_at(found.row.id, row.unit, column.period);
        let tally = row.cells.get(at).and_then(Option::as_ref);
        let single = tally.is_some_and(|tally| tally.expected == 1);
        cells.push(cell(&href, tally, row.statuses.get(at).copied().flatten(), single));
    }
    Row::new(cells.into_iter().map(|cell| html! { div { (cell) } }))
}

pub(super) fn matrix(page: &Page, found: &ActionPage) -> Result<Markup, Problem> {
    let rule = &found.rule;
    let lead = format!(
        "{} · {}下达 · {}，{}",
        found.campaign.name,
        found.owner.name,
        rule.subject.label(),
        rule.in_words()
    );
    let mut columns = vec![Column::new("单位")];
    columns.extend(found.matrix.columns.iter().map(|column| Column::new(column.label.clone()).short()));
    let mut table = Table::new("matrix", format!("{}：{}各单位各周期的完成情况", rule.name, found.unit.name))
        .columns(columns)
        .row_head(0)
        .rows(found.matrix.rows.iter().map(|row| matrix_row(found, row)))
        .stack()
        .empty(ui::empty(
            "这个范围内现在没有应做的单位",
            "可能还没有到第一个周期，或者范围没有包括这里的单位。",
            None,
        ));
    if !found.matrix.rows.is_empty() {
        let mut sums = vec![html! { "合计" }];
        for (column, sum) in found.matrix.columns.iter().zip(&found.matrix.sums) {
            let href = cell_at(found.row.id, found.unit.id, column.period);
            sums.push(cell(&href, sum.as_ref(), None, false));
        }
        table = table.foot(Row::new(sums.into_iter().map(|cell| html! { div { (cell) } })));
    }
    let newest = found.versions.first();
    Ok(html! {
        (ui::heading(&rule.name, Some(&lead), html! {
            (button_link("登记活动", Href::new("/activities/new").with("campaign", found.campaign.id).with_some("kind", rule.kinds.first()).to_string()).primary())
            @if found.may_change { (button_link("调整", format!("{ACTIONS_PATH}/{}/edit", found.row.id))) }
            (ui::print_button())
        }))
        @if let Some(newest) = newest { (added(&newest.added)) }
        @if !rule.basis.is_empty() { p { "文件要求：" (rule.basis) } }
        p .text-muted {
            "算数的活动：" (kinds_words(rule, &found.kinds)) " · 凭据：" (rule.proof.label())
            @if rule.grace_working_days > 0 { " · 周期结束后" (rule.grace_working_days) "个工作日内可以补登" }
            " · 格子里是“已做/应做”，按单位的法定排序；“未报告”就是还没有一条算数的记录。"
        }
        (ended(&found.campaign))
        (table)
        (periods(found))
        (crate::pages::breakdown::source_card(found.origin.as_ref()))
        (waiting(found))
        (versions(page, found)?)
    })
}

/// Why the figures no longer move, once the campaign was ended.
fn ended(campaign: &Campaign) -> Markup {
    html! {
        @if let (CampaignState::Ended, Some(day)) = (campaign.state, campaign.ends_day) {
            p .text-muted { "专项行动已于" (day.in_chinese()) "结束，应做、逾期和未到期都只算到这一天。" }
        }
    }
}

/// Which of the periods are shown, and the way to the others.
fn periods(found: &ActionPage) -> Markup {
    let matrix = &found.matrix;
    if matrix.periods <= matrix.columns.len() {
        return html! {};
    }
    let at = matrix_at(found.row.id, found.unit.id);
    let link = |label: &str, page: Option<usize>| {
        html! {
            li {
                @match page {
                    Some(page) => a href=(at.with("page", page)) { (label) },
                    None => span .off aria-disabled="true" { (label) },
                }
            }
        }
    };
    let earlier = (matrix.before > 0).then_some(matrix.page + 1);
    let later = matrix.page.checked_sub(1).filter(|page| *page > 0);
    html! {
        nav .pager aria-label="各周期" {
            p {
                "共 " strong { (matrix.periods) } " 个周期，当前第 " (matrix.before + 1) "–" (matrix.before + matrix.columns.len()) " 个"
            }
            ul { (link("更早的周期", earlier)) (link("更近的周期", later)) }
        }
    }
}

fn waiting(found: &ActionPage) -> Markup {
    html! {
        @if !found.waiting.is_empty() {
            (card("待答复的免做申请", html! {
                ul {
                    @for excuse in &found.waiting {
                        @let at = Href::new(format!("{ACTIONS_PATH}/{}/cell", found.row.id)).with("unit", excuse.unit_id).with("period", excuse.period_day);
                        li { a href=(at) { (excuse.period_day.in_chinese()) "结束的周期" } "：" (excuse.reason) }
                    }
                }
            }))
        }
    }
}

fn versions(page: &Page, found: &ActionPage) -> Result<Markup, Problem> {
    let list = html! {
        ol .list-unstyled {
            @for version in &found.versions {
                li {
                    strong { "第" (version.number) "版" } "，自" (version.from_day.in_chinese())
                    @if let Some(day) = version.until_day { "至" (day.plus_days(-1).in_chinese()) }
                    "：" (version.rule.in_words())
                    @if !version.reason.is_empty() { "（" (version.reason) "）" }
                    (added(&version.added))
                }
            }
        }
    };
    let ended = found.versions.first().is_some_and(|version| version.until_day.is_some());
    let end = PostForm::new(format!("{ACTIONS_PATH}/{}/end", found.row.id), page.csrf()?)
        .hidden("version", found.row.version.to_string())
        .within("end")
        .body(html! {
            (ui::date("day", "停止日期").hint("当前周期做完再停；此后不再要求").within("end").required())
            (ui::text("reason", "理由").within("end").required())
            div .actions { (button("停止这项规定动作").danger()) }
        });
    Ok(html! {
        (card("历次要求", list))
        @if found.may_change && !ended { details { summary { "停止这项规定动作" } (end) } }
    })
}

pub(super) fn of_unit(found: &UnitActions) -> Markup {
    html! {
        (ui::heading(&format!("{}的规定动作", found.unit.name), Some(&found.campaign.name), html! {
            (button_link("登记活动", Href::new("/activities/new").with("campaign", found.campaign.id).with("unit", found.unit.id).to_string()).primary())
            (button_link("单位主页", format!("/units/{}", found.unit.id)))
        }))
        @if found.rows.is_empty() {
            (ui::empty("没有规定动作要求到这个单位", "覆盖情况里列出了所有没有要求到的单位。", Some(("看覆盖情况", Href::new("/actions/coverage")))))
        }
        @for row in &found.rows {
            (card(row.rule.name.clone(), html! {
                p .text-muted {
                    (row.rule.subject.label()) "，" (row.rule.in_words())
                    @if row.before > 0 {
                        "；这里是最近" (row.cells.len()) "个周期，"
                        a href=(matrix_at(row.action.id, found.unit.id).with("page", 2)) { "看以前" (row.before) "个" }
                    }
                }
                ul .cell-strip {
                    @for (column, tally, own) in &row.cells {
                        li {
                            span .cell-label { (column.label) }
                            (cell(&cell_at(row.action.id, found.unit.id, column.period), Some(tally), *own, tally.expected == 1))
                        }
                    }
                }
            }).aside(html! { a href=(matrix_at(row.action.id, found.unit.id)) { "下级各单位" } }))
        }
    }
}

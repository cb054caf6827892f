//! Measures and evidence of a problem.

use bihuan_app::problem::{EvidenceView, ProblemView};
use bihuan_domain::{
    Coded,
    evidence::Stage,
    measure::{Measure, MeasureState},
    problem::Verb,
};
use maud::{Markup, html};

use super::forms::Forms;
use crate::ui::{self, Column, Row, Table, Tone, badge};

/// The measures of the present round as a table, earlier ones behind a summary.
pub fn measures(view: &ProblemView, forms: &Forms<'_>) -> Markup {
    let case = &view.base.case;
    let round = case.problem.round;
    let (now, before): (Vec<&Measure>, Vec<&Measure>) = case.measures.iter().partition(|m| m.round == round);
    if case.measures.is_empty() && !view.may(Verb::AddMeasure) {
        return html! {};
    }
    let done = now.iter().filter(|m| m.state == MeasureState::Done).count();
    let live = now.iter().filter(|m| m.state != MeasureState::Dropped).count();
    let aside = html! { @if live > 0 { (live) "条，已完成" (done) "条" } };
    html! {
        div #measures {
            (ui::card("整改措施", html! {
                (measure_table(view, "measures-now", &now, view.may(Verb::AddMeasure)))
                (forms.measure_forms())
                @if !before.is_empty() {
                    details { summary { "以前各轮的措施（" (before.len()) "条）" }
                        (measure_table(view, "measures-before", &before, false)) }
                }
            }).aside(aside))
        }
    }
}

fn measure_table(view: &ProblemView, id: &str, measures: &[&Measure], may_change: bool) -> Markup {
    let mut columns = vec![
        Column::new("措施").long(),
        Column::new("责任").short(),
        Column::new("时限").short(),
        Column::new("状态"),
    ];
    if may_change {
        columns.push(Column::new("办理").short());
    }
    let rows = measures.iter().map(|measure| measure_row(view, measure, may_change));
    Table::new(id, "整改措施")
        .hide_caption()
        .columns(columns)
        .rows(rows)
        .stack()
        .empty(html! { p .text-muted { "还没有制定措施。" } })
        .into_markup()
}

fn measure_row(view: &ProblemView, measure: &Measure, may_change: bool) -> Row {
    let tone = match measure.state {
        MeasureState::Planned => Tone::Info,
        MeasureState::Done => Tone::Good,
        MeasureState::Dropped => Tone::Neutral,
    };
    let id = view.base.case.problem.id;
    let open = measure.state == MeasureState::Planned;
    let mut cells = vec![
        html! {
            span .text-muted { (measure.ordinal) ". " } (measure.text)
            @if !measure.goal.is_empty() { br; span .text-muted { "目标：" (measure.goal) } }
            @if !measure.done_note.is_empty() { br; span .text-muted { (if open { "" } else { measure.state.label() }) "：" (measure.done_note) } }
        },
        html! {
            (view.names.unit(measure.owner_unit_id))
            @if let Some(post) = measure.owner_post_id { br; span .text-muted { (view.names.post(post)) } }
        },
        html! {
            @match measure.due_day {
                Some(day) => (day),
                None if measure.standing => "长期坚持",
                None => span .text-muted { "随问题时限" },
            }
        },
        html! {
            (badge(tone, measure.state.label()))
            @if let Some((claimed, filed)) = measure.claimed_day.zip(measure.filed_day) {
                br; span .text-muted { (claimed) "完成" @if filed != claimed { "，" (filed) "填报" } }
            }
        },
    ];
    if may_change {
        let link = |verb: &str, label: &str| {
            html! { a href={ "/problems/" (id) "?do=" (verb) "-" (measure.id) "#do-" (verb) "-" (measure.id) } { (label) } }
        };
        cells.push(html! { @if open { span .case-links {
            (link("finish", "填报完成")) (link("change", "修改")) (link("drop", "取消"))
        } } });
    }
    // One box a cell: on a phone the cell's head stands beside it.
    Row::new(cells.into_iter().map(|cell| html! { div { (cell) } }))
}

/// Evidence by stage, with what else the same file was filed for.
pub fn evidence(view: &ProblemView, forms: &Forms<'_>) -> Markup {
    let may = [Verb::FileIntake, Verb::FileProgress, Verb::FileVerification, Verb::FileLookBack]
        .into_iter()
        .any(|verb| view.may(verb));
    if view.evidence.is_empty() && !may {
        return html! {};
    }
    let live = view.evidence.iter().filter(|e| e.evidence.replaced_by.is_none()).count();
    html! {
        div #evidence {
            (ui::card("佐证材料", html! {
                @for stage in Stage::ALL {
                    @let of_stage: Vec<&EvidenceView> = view.evidence.iter().filter(|e| e.evidence.stage == *stage).collect();
                    @if !of_stage.is_empty() {
                        h3 .case-stage { (stage.label()) }
                        ul .case-files { @for piece in of_stage { (evidence_item(view, piece)) } }
                    }
                }
                @if view.evidence.is_empty() { p .text-muted { "还没有佐证材料。" } }
                (forms.evidence_forms())
            }).aside(html! { @if live > 0 { (live) "件" } }))
        }
    }
}

fn evidence_item(view: &ProblemView, piece: &EvidenceView) -> Markup {
    let e = &piece.evidence;
    let problem = &view.base.case.problem;
    let replaced = e.replaced_by.is_some();
    let mine = match e.stage {
        Stage::Intake => view.may(Verb::FileIntake),
        Stage::Progress | Stage::Closure => view.may(Verb::FileProgress),
        Stage::Verification => view.may(Verb::FileVerification),
        Stage::LookBack => view.may(Verb::FileLookBack),
    };
    html! {
        li .case-old[replaced] {
            @if piece.may_open { a href={ "/problems/" (problem.id) "/evidence/" (e.id) } { (e.caption) } } @else { (e.caption) }
            @if let Some(label) = crate::pages::label::shown(piece.label) { " " (label) }
            @if e.edition > 1 || replaced { " " (badge(Tone::Neutral, format!("第{}版{}", e.edition, if replaced { "（已被替换，保留备查）" } else { "" }))) }
            @if e.round != problem.round { " " (badge(Tone::Neutral, format!("第{}轮", e.round))) }
            span .case-meta {
                (e.file_name) " · " (ui::file_size(u64::try_from(e.size_bytes).unwrap_or(0))) " · "
                (view.names.person(e.filed_by)) "（" (view.names.unit(e.filed_unit_id)) "）于" (e.filed_at.in_china()) "上传"
                @if let Some(measure) = e.measure_id.and_then(|id| view.base.case.measures.iter().find(|m| m.id == id)) {
                    " · 对应措施" (measure.ordinal)
                }
                @if !piece.may_open { " · 没有查看这类材料的授权" }
                " · " a href={ "/problems/" (problem.id) "/evidence/" (e.id) "/label" } { "信息标签" }
            }
            details .case-digest { summary { "校验值" } code { "SHA-256 " (e.digest) } }
            @if !piece.same.is_empty() || piece.same_hidden > 0 {
                p .case-same {
                    (badge(Tone::Warning, "同一文件还用于"))
                    @for other in &piece.same { " " a href={ "/problems/" (other.id) } { (other.citation) } }
                    @if piece.same_hidden > 0 { " 另有" (piece.same_hidden) "个不在您查看范围内的问题" }
                }
            }
            @if !piece.near.is_empty() || piece.near_hidden > 0 {
                p .case-same {
                    (badge(Tone::Warning, "画面相近的图片还用于"))
                    @for (other, percent) in &piece.near { " " a href={ "/problems/" (other.id) } { (other.citation) } "（相近" (percent) "%）" }
                    @if piece.near_hidden > 0 { " 另有" (piece.near_hidden) "个不在您查看范围内的问题" }
                }
            }
            @if mine && !replaced && e.round == problem.round {
                a .case-meta .case-links href={ "/problems/" (problem.id) "?do=replace-" (e.id) "#do-replace-" (e.id) } { "替换为新版" }
            }
        }
    }
}

/// Short ways from a component to markup.
trait IntoMarkup: maud::Render + Sized {
    fn into_markup(self) -> Markup {
        self.render()
    }
}

impl IntoMarkup for Table {}

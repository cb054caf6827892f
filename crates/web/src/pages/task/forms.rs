//! The forms on a task's page: only those the reader may use now. Each is a `details` that opens without script.

use bihuan_app::task::TaskView;
use bihuan_domain::Coded as _;
use bihuan_domain::evidence::CAPTION_CHARS_MAX;
use bihuan_domain::task::{Milestone, REASON_CHARS_MAX, TEXT_CHARS_MAX, TaskNoteKind, TaskStage};
use maud::{Markup, html};

use super::address;
use crate::{
    guard::CsrfToken,
    pages::problem::Typed,
    ui::{self, Choice, Field, PostForm, button, choices},
};

/// Everything a form needs to know.
#[derive(Debug, Clone)]
pub(super) struct Forms<'a> {
    pub(super) view: &'a TaskView,
    pub(super) csrf: &'a CsrfToken,
    pub(super) today: String,
    /// The form to be opened, as the address asks.
    pub(super) open: &'a str,
    /// The form that was refused.
    pub(super) typed: Option<&'a Typed>,
}

impl Forms<'_> {
    fn refused(&self, form: &str) -> Option<&Typed> {
        self.typed.filter(|typed| typed.form == form)
    }

    fn field(&self, form: &str, field: Field) -> Field {
        let field = field.within(form);
        match self.refused(form) {
            Some(typed) => field.refill(&typed.fields).errors(&typed.errors),
            None => field,
        }
    }

    fn details(&self, form: &str, label: &str, path: &str, open: bool, body: Markup) -> Markup {
        let open = open || self.open == form || self.refused(form).is_some();
        let mut post = PostForm::new(format!("{}/{path}", address(self.view.line.task.id)), self.csrf)
            .hidden("version", self.view.line.task.version.to_string())
            .within(form);
        if form == "evidence" {
            post = post.uploads();
        }
        if let Some(typed) = self.refused(form) {
            post = post.errors(&typed.errors);
        }
        html! {
            details .case-step id={ "do-" (form) } open[open] {
                summary { (label) }
                (post.body(body))
            }
        }
    }

    /// What the reader may do now.
    pub(super) fn now(&self) -> Markup {
        let may = self.view.may;
        if !(may.report || may.check || may.bring_word) {
            return html! {};
        }
        html! {
            section .case-now aria-labelledby="now-title" {
                h2 #now-title { "您可以办理" }
                @if may.check { (self.check()) (self.send_back()) }
                @if may.report { (self.measure()) (self.note(TaskNoteKind::Progress)) (self.evidence()) (self.report()) }
                @if may.bring_word { (self.note(TaskNoteKind::Word)) }
            }
        }
    }

    fn check(&self) -> Markup {
        self.details("check", "认定完成", "accept", true, html! {
            (self.field("check", ui::area("note", "认定意见", 2).required().max_chars(TEXT_CHARS_MAX).hint("核对了什么、怎么核对的，例如“现场看过，长度相符”。")))
            div .actions { (button("认定完成").primary()) }
        })
    }

    fn send_back(&self) -> Markup {
        self.details("send-back", "退回申报", "send-back", false, html! {
            (self.field("send-back", ui::area("reason", "退回理由", 2).required().max_chars(REASON_CHARS_MAX)))
            div .actions { (button("退回").danger()) }
        })
    }

    /// Targets whose figure the parts give are not asked for.
    fn measure(&self) -> Markup {
        let open: Vec<Choice> = self
            .view
            .targets
            .iter()
            .filter(|t| !self.view.progress.iter().any(|p| p.name == t.name && p.given.is_some()))
            .map(|t| Choice::new(t.id.to_string(), format!("{}（{}）", t.name, t.measure_word)))
            .collect();
        if open.is_empty() {
            return html! {};
        }
        self.details("measure", "填报指标数值", "readings", false, html! {
            (self.field("measure", ui::select("target", "指标", open).required()))
            (self.field("measure", ui::text("value", "数值").required().narrow().hint("只填数，例如 12.5；填到这一天为止的累计数。")))
            (self.field("measure", ui::date("day", "日期").value(&self.today).between(None, Some(self.today.clone()))))
            (self.field("measure", ui::text("note", "说明").max_chars(REASON_CHARS_MAX)))
            div .actions { (button("保存").primary()) }
        })
    }

    fn note(&self, kind: TaskNoteKind) -> Markup {
        let form = if kind == TaskNoteKind::Word { "word" } else { "note" };
        let label = if kind == TaskNoteKind::Word { "记录群众评价" } else { "记录进展" };
        let words = if kind == TaskNoteKind::Word { "群众怎么说" } else { "进展情况" };
        self.details(
            form,
            label,
            "notes",
            false,
            html! {
                input type="hidden" name="kind" value=(kind.code());
                (self.field(form, ui::area("note", words, 3).required().max_chars(TEXT_CHARS_MAX)))
                (self.field(form, ui::date("day", "日期").value(&self.today)))
                @if kind == TaskNoteKind::Word {
                    (self.field(form, ui::number("asked", "访问人数").narrow()))
                    (self.field(form, ui::number("satisfied", "其中满意").narrow()))
                }
                div .actions { (button("保存").primary()) }
            },
        )
    }

    fn evidence(&self) -> Markup {
        let stages = choices(TaskStage::ALL.iter().map(|stage| (stage.code(), stage.label())));
        self.details("evidence", "上传佐证", "evidence", false, html! {
            (self.field("evidence", ui::radios("stage", "环节", stages).required()))
            (self.field("evidence", ui::text("caption", "说明").required().max_chars(CAPTION_CHARS_MAX).hint("在哪里、是什么，例如“三组水渠改造前”。")))
            (self.field("evidence", ui::file("file", "文件", "image/*,.pdf,.docx,.xlsx").required()))
            div .actions { (button("上传").primary()) }
        })
    }

    fn report(&self) -> Markup {
        self.details("report", "申报完成", "report", false, html! {
            p .text-muted { "节点全部完成、指标达到后申报，由没有经办的人认定。" @if self.view.line.task.project { "民生实事要有实施前和完成后的佐证。" } }
            (self.field("report", ui::area("statement", "完成情况", 3).required().max_chars(TEXT_CHARS_MAX)))
            (self.field("report", ui::date("claimed_day", "完成日期").value(&self.today).between(None, Some(self.today.clone()))))
            div .actions { (button("申报完成").primary()) }
        })
    }

    /// Beside the course: stop.
    pub(super) fn beside(&self) -> Markup {
        html! {
            @if self.view.may.plan {
                (self.details("stop", "终止任务", "stop", false, html! {
                    (self.field("stop", ui::area("reason", "终止理由", 2).required().max_chars(REASON_CHARS_MAX).hint("终止后不再计入进度，记录保留。")))
                    div .actions { (button("终止").danger()) }
                }))
            }
        }
    }

    /// Reporting one milestone, or taking it back.
    pub(super) fn milestone(&self, milestone: &Milestone) -> Markup {
        if !self.view.may.report {
            return html! {};
        }
        if milestone.done_day.is_some() {
            let form = format!("reopen-{}", milestone.id);
            let path = format!("milestones/{}/reopen", milestone.id);
            return self.details(
                &form,
                "撤回",
                &path,
                false,
                html! {
                    p { "填错了才撤回；原来填报的内容保留在记录里。" }
                    (button("撤回这个节点").danger().small())
                },
            );
        }
        let form = format!("done-{}", milestone.id);
        self.details(&form, "填报完成", &format!("milestones/{}/done", milestone.id), false, html! {
            (self.field(&form, ui::area("note", "完成情况", 2).required().max_chars(TEXT_CHARS_MAX)))
            (self.field(&form, ui::date("done_day", "完成日期").value(&self.today).between(None, Some(self.today.clone()))))
            (button("保存").primary().small())
        })
    }
}

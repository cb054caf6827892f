//! The forms of the page: only those of steps that the reader may take now. Each is a `details` that opens without
//! script; the first of those whose turn it is stands open.

mod fields;

use bihuan_app::{Context, problem::ProblemView};
use bihuan_domain::{
    evidence::Stage,
    id::MeasureId,
    look_back::{LookBack, LookBackResult},
    measure::MeasureState,
    problem::{Possible, Verb},
};
use maud::{Markup, html};

use super::Typed;
use crate::{
    guard::CsrfToken,
    ui::{self, Field, PostForm, button, button_link},
};

/// Everything a form needs to know.
#[derive(Debug, Clone, Copy)]
pub struct Forms<'a> {
    pub view: &'a ProblemView,
    pub ctx: &'a Context,
    pub csrf: &'a CsrfToken,
    /// The form to be opened, as the address asks.
    pub open: &'a str,
    /// The form that was refused.
    pub typed: Option<&'a Typed>,
}

/// Steps of the loop's own course, in the order they are offered; the others stand apart.
const NOW: [Verb; 18] = [
    Verb::DecideExtension,
    Verb::AnswerHandUp,
    Verb::FinishHandUp,
    Verb::Screen,
    Verb::Resubmit,
    Verb::ClarifyDeadline,
    Verb::Assign,
    Verb::Sign,
    Verb::Verify,
    Verb::SendBack,
    Verb::Confirm,
    Verb::LookBack,
    Verb::Progress,
    Verb::Report,
    Verb::AskExtension,
    Verb::HandUp,
    Verb::ReturnAssignment,
    Verb::Object,
];

/// Steps beside the course.
const BESIDE: [Verb; 6] =
    [Verb::Reassign, Verb::OverrideColour, Verb::Merge, Verb::Split, Verb::Transfer, Verb::Reopen];

impl Forms<'_> {
    /// What the reader may do now, and what stands against it where only one thing does.
    pub fn now(&self) -> Markup {
        let offered: Vec<&Possible> = NOW.iter().filter_map(|verb| self.view.doable(*verb)).collect();
        let first = offered
            .iter()
            .find(|p| p.blocked.is_none() && !matches!(p.verb, Verb::Object | Verb::ClarifyDeadline))
            .map(|p| p.verb);
        // A page on which something was refused opens that form, and no other.
        let first = first.filter(|_| self.typed.is_none() && self.open.is_empty());
        html! {
            @if !offered.is_empty() {
                section .case-now aria-labelledby="now-title" {
                    h2 #now-title { "您可以办理" }
                    @for possible in offered {
                        @match &possible.blocked {
                            None => (self.step(possible.verb, first == Some(possible.verb))),
                            Some(refusal) => p .case-blocked {
                                strong { (label(possible.verb)) } "：" (refusal.sentence) (refusal.hint)
                            },
                        }
                    }
                }
            }
        }
    }

    /// Steps beside the course, behind one summary each.
    pub fn beside(&self) -> Markup {
        let offered: Vec<Verb> = BESIDE.into_iter().filter(|verb| self.view.may(*verb)).collect();
        html! {
            @if !offered.is_empty() {
                section .case-now .case-beside aria-labelledby="beside-title" {
                    h2 #beside-title { "其他办理" }
                    @for verb in offered { (self.step(verb, false)) }
                }
            }
        }
    }

    /// A field of a form: filled with what was typed, its error beside it.
    fn field(&self, form: &str, field: Field) -> Field {
        let field = field.within(form);
        match self.typed.filter(|typed| typed.form == form) {
            Some(typed) => field.refill(&typed.fields).errors(&typed.errors),
            None => field,
        }
    }

    /// A form behind its summary. `form` is its name, `path` where it is sent, below the problem's address.
    fn details(&self, form: &str, title: &str, path: &str, open: bool, body: Markup) -> Markup {
        let typed = self.typed.is_some_and(|typed| typed.form == form);
        let open = open || typed || self.open == form;
        html! {
            details .case-step id={ "do-" (form) } open[open] {
                summary { (title) }
                (self.post(form, path).body(body))
            }
        }
    }

    fn post(&self, form: &str, path: &str) -> PostForm {
        let problem = &self.view.base.case.problem;
        let errors = self.typed.filter(|typed| typed.form == form).map(|typed| typed.errors.clone());
        PostForm::new(format!("/problems/{}/{path}", problem.id), self.csrf)
            .hidden("version", problem.version.to_string())
            .within(form)
            .errors(&errors.unwrap_or_default())
    }

    fn step(&self, verb: Verb, open: bool) -> Markup {
        let (form, path) = place(verb);
        // Look-backs and some others are about a part of the problem.
        let (form, path) = match verb {
            Verb::LookBack => match self.pending_look_back() {
                // What was drawn is filed on its own page, with the checklist of the draw.
                Some(drawn) if drawn.person_id.is_some() => {
                    let href = format!("/look-backs/{}", drawn.id);
                    return html! { p { (button_link("按核查清单填报回头看", href).primary()) } };
                }
                Some(look_back) => {
                    (format!("look-back-{}", look_back.id), format!("look-backs/{}", look_back.id))
                }
                None => return html! {},
            },
            _ => (form.to_owned(), path.to_owned()),
        };
        let asked = if verb == Verb::LookBack && self.open == "look-back" { true } else { open };
        self.details(&form, label(verb), &path, asked, html! {
            (self.body(verb, &form))
            div .actions {
                @match verb {
                    Verb::SendBack | Verb::ReturnAssignment | Verb::Merge | Verb::Split | Verb::Transfer => (button(press(verb)).danger()),
                    _ => (button(press(verb)).primary()),
                }
            }
        })
    }

    fn pending_look_back(&self) -> Option<&LookBack> {
        self.view.base.case.look_backs.iter().find(|l| l.result == LookBackResult::Pending)
    }

    /// Adding a measure, and the one that the address asks to finish, change or drop.
    pub fn measure_forms(&self) -> Markup {
        let may = self.view.may(Verb::AddMeasure);
        let open: Vec<MeasureId> = self
            .view
            .base
            .case
            .live_measures()
            .filter(|measure| measure.state == MeasureState::Planned)
            .map(|measure| measure.id)
            .collect();
        let asked = |verb: &str, id: MeasureId| {
            let form = format!("{verb}-{id}");
            self.open == form || self.typed.is_some_and(|typed| typed.form == form)
        };
        html! {
            @if may {
                @for id in open {
                    @if asked("finish", id) { (self.finish_measure(id)) }
                    @if asked("change", id) { (self.change_measure(id)) }
                    @if asked("drop", id) { (self.drop_measure(id)) }
                }
                (self.details("measure", "增加一条措施", "measures", self.wants_measures(), html! {
                    (self.measure_fields("measure", None))
                    div .actions { (button("保存措施").primary()) }
                }))
            }
        }
    }

    /// A problem just signed for has no measure yet: writing them is the next thing to do.
    fn wants_measures(&self) -> bool {
        self.typed.is_none() && self.open.is_empty() && self.view.base.case.live_measures().next().is_none()
    }

    /// Filing evidence, and the piece that the address asks to replace.
    pub fn evidence_forms(&self) -> Markup {
        let stages = self.stages();
        if stages.is_empty() {
            return html! {};
        }
        let replacing = self.view.evidence.iter().map(|piece| &piece.evidence).find(|evidence| {
            let form = format!("replace-{}", evidence.id);
            self.open == form || self.typed.is_some_and(|typed| typed.form == form)
        });
        html! {
            @if let Some(old) = replacing {
                @let form = format!("replace-{}", old.id);
                (self.upload(&form, &format!("替换“{}”", old.caption), html! {
                    input type="hidden" name="replaces" value=(old.id);
                    input type="hidden" name="stage" value=(bihuan_domain::Coded::code(old.stage));
                    (self.file_fields(&form, &old.caption))
                    p .text-muted { "旧版不会删除，保留备查。" }
                }))
            }
            (self.upload("evidence", "上传佐证", self.evidence_fields(&stages)))
        }
    }

    fn upload(&self, form: &str, title: &str, body: Markup) -> Markup {
        let open = self.open == form || self.typed.is_some_and(|typed| typed.form == form);
        html! {
            details .case-step id={ "do-" (form) } open[open] {
                summary { (title) }
                (self.post(form, "evidence").uploads().hidden("form", form).body(html! {
                    (body)
                    div .actions { (button("上传").primary()) }
                }))
            }
        }
    }

    /// The stages the reader may file for now.
    fn stages(&self) -> Vec<Stage> {
        let of = [
            (Verb::FileProgress, &[Stage::Closure, Stage::Progress][..]),
            (Verb::FileIntake, &[Stage::Intake][..]),
            (Verb::FileVerification, &[Stage::Verification][..]),
            (Verb::FileLookBack, &[Stage::LookBack][..]),
        ];
        of.iter()
            .filter(|(verb, _)| self.view.may(*verb))
            .flat_map(|(_, stages)| stages.iter().copied())
            .collect()
    }

    /// Having the same looked for elsewhere; for who may register for other units.
    pub fn elsewhere(&self) -> Markup {
        use bihuan_domain::role::Role;
        let registers = [Role::Office, Role::Inspector, Role::Leader];
        let wide = |grant: &bihuan_domain::role::Grant| {
            let home = &self.view.base.case.problem.home_path;
            registers.contains(&grant.role) && grant.reaches(home) && grant.path != *home
        };
        if !self.ctx.actor.grants.iter().any(wide) {
            return html! {};
        }
        self.details(
            "elsewhere",
            "举一反三：请其他单位核查有没有同样问题",
            "elsewhere",
            false,
            html! {
                (self.elsewhere_fields())
                div .actions { (button("登记核查事项").primary()) }
            },
        )
    }
}

/// The form's name on the page and the end of its address.
fn place(verb: Verb) -> (&'static str, &'static str) {
    match verb {
        Verb::Screen => ("screen", "screen"),
        Verb::Resubmit => ("resubmit", "resubmit"),
        Verb::Assign | Verb::Reassign => ("assign", "assign"),
        Verb::ReturnAssignment => ("return-assignment", "return-assignment"),
        Verb::Sign => ("sign", "sign"),
        Verb::AddMeasure => ("measure", "measures"),
        Verb::Progress => ("progress", "progress"),
        Verb::Report => ("report", "report"),
        Verb::AskExtension => ("extension", "extension"),
        Verb::DecideExtension => ("decide-extension", "extension/decision"),
        Verb::HandUp => ("hand-up", "hand-up"),
        Verb::AnswerHandUp => ("answer-hand-up", "hand-up/answer"),
        Verb::FinishHandUp => ("finish-hand-up", "hand-up/finish"),
        Verb::Verify => ("verify", "verify"),
        Verb::SendBack => ("send-back", "send-back"),
        Verb::Confirm => ("confirm", "confirm"),
        Verb::Object => ("object", "object"),
        Verb::LookBack => ("look-back", "look-backs"),
        Verb::Reopen => ("reopen", "reopen"),
        Verb::ClarifyDeadline => ("clarify", "deadline"),
        Verb::OverrideColour => ("colour", "colour"),
        Verb::Merge => ("merge", "merge"),
        Verb::Split => ("split", "split"),
        Verb::Transfer => ("transfer", "transfer"),
        Verb::FileIntake | Verb::FileProgress | Verb::FileVerification | Verb::FileLookBack => {
            ("evidence", "evidence")
        }
    }
}

fn label(verb: Verb) -> &'static str {
    match verb {
        Verb::Screen => "审核",
        Verb::Confirm => "确认销号",
        Verb::Verify => "验收通过",
        Verb::Report => "报告整改完成",
        Verb::HandUp => "根子在上面：请求上级",
        Verb::ReturnAssignment => "不该由本单位承担：退回交办",
        other => bihuan_domain::Coded::label(other),
    }
}

/// The words on the button.
fn press(verb: Verb) -> &'static str {
    match verb {
        Verb::Screen => "提交审核意见",
        Verb::Resubmit => "重新上报",
        Verb::Assign => "交办",
        Verb::Reassign => "保存调整",
        Verb::ReturnAssignment => "退回工作专班",
        Verb::Sign => "确认签收",
        Verb::Progress => "保存进展",
        Verb::Report => "提交验收",
        Verb::AskExtension => "提交申请",
        Verb::DecideExtension | Verb::AnswerHandUp => "提交答复",
        Verb::HandUp => "请求上级",
        Verb::FinishHandUp => "办结交回",
        Verb::Verify => "验收通过",
        Verb::SendBack => "退回整改",
        Verb::Confirm => "确认销号",
        Verb::Object => "提出异议",
        Verb::LookBack => "保存回头看",
        Verb::Reopen => "重新打开",
        Verb::ClarifyDeadline => "保存时限",
        Verb::OverrideColour => "保存颜色",
        Verb::Merge => "并入并结束本问题",
        Verb::Split => "拆分并结束本问题",
        Verb::Transfer => "移交并结束本问题",
        other => bihuan_domain::Coded::label(other),
    }
}

/// A hidden list of unit names to choose from while typing.
pub fn unit_list(view: &ProblemView) -> Markup {
    html! {
        @if !view.choices.units.is_empty() {
            datalist #units { @for unit in &view.choices.units { option value=(unit.name) {} } }
        }
    }
}

/// The field for one or several units.
pub fn units_field(name: &str, label: &str) -> Field {
    ui::text(name, label).list("units")
}

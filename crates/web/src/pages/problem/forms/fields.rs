//! The fields of each form, filled with what the system knows already.

use bihuan_app::problem::LeadingPost;
use bihuan_domain::{
    Coded,
    colour::Colour,
    deadline::MAX_TEXT_CHARS,
    evidence::{CAPTION_CHARS_MAX, Stage},
    id::MeasureId,
    look_back::LookBackResult,
    measure::{MEASURE_CHARS_MAX, Measure, MeasureState},
    problem::{Outcome, PROBLEM_CHARS_MAX, PartyRole, REASON_CHARS_MAX, Truth, Verb},
    request::RequestKind,
};
use maud::{Markup, html};

use super::{Forms, units_field};
use crate::ui::{self, Choice, Field, button};

/// What a file field takes.
const ACCEPT: &str = ".png,.jpg,.jpeg,.webp,.pdf,.docx,.xlsx,.csv,.txt";

impl Forms<'_> {
    /// A required reason.
    fn reason(&self, form: &str, label: &str, hint: &str) -> Field {
        let field = ui::area("reason", label, 3).required().max_chars(REASON_CHARS_MAX);
        self.field(form, if hint.is_empty() { field } else { field.hint(hint) })
    }

    pub(super) fn body(&self, verb: Verb, form: &str) -> Markup {
        match verb {
            Verb::Screen => self.screen(form),
            Verb::Resubmit => {
                let text = &self.view.base.case.problem.text;
                let area =
                    ui::area("text", "问题描述", 4).required().max_chars(PROBLEM_CHARS_MAX).value(text);
                html! { (self.field(form, area)) }
            }
            Verb::Assign | Verb::Reassign => self.assign(form, verb == Verb::Reassign),
            Verb::ReturnAssignment => {
                html! { (self.reason(form, "退回理由", "写明为什么不该由本单位承担，应由谁承担。")) }
            }
            Verb::Sign => html! {
                p { "签收后由本单位承担整改，时限继续计算。签收人和时间会记入办理经过。" }
            },
            Verb::Progress => {
                let area = ui::area("note", "进展情况", 3).required().max_chars(REASON_CHARS_MAX);
                html! { (self.field(form, area.hint("写做了什么、到了哪一步，例如：已完成渠道清淤 800 米。"))) }
            }
            Verb::Report => self.report(form),
            Verb::AskExtension => self.extension(form),
            Verb::DecideExtension => self.decide_extension(form),
            Verb::HandUp => self.hand_up(form),
            Verb::AnswerHandUp => self.answer_hand_up(form),
            Verb::FinishHandUp => {
                let area = ui::area("note", "办理结果", 3).required().max_chars(REASON_CHARS_MAX);
                html! { (self.field(form, area.hint("上级承担的天数会补回给整改单位。"))) }
            }
            Verb::Verify => self.verify(form),
            Verb::SendBack => html! { (self.reason(form, "退回理由", "逐条写明还差什么、要补什么。")) },
            Verb::Confirm => html! {
                (self.field(form, ui::area("note", "说明", 2).max_chars(REASON_CHARS_MAX).hint("没有要说明的可以不填。")))
            },
            Verb::Object => {
                html! { (self.reason(form, "异议理由", "写明哪里没有解决；问题会回到验收环节。")) }
            }
            Verb::LookBack => self.look_back(form),
            Verb::Reopen => {
                html! { (self.reason(form, "重新打开的理由", "会开始新的一轮，原来一轮的结果保留不变。")) }
            }
            Verb::ClarifyDeadline => self.clarify(form),
            Verb::OverrideColour => self.colour(form),
            Verb::Merge => html! {
                (self.field(form, ui::text("target", "并入的问题编号").required().narrow().hint("例如：12。对方会保留本问题的来源。")))
                (self.reason(form, "合并理由", ""))
            },
            Verb::Split => html! {
                (self.field(form, ui::area("parts", "拆分后的问题", 4).required().hint("每行一个，至少两个。")))
                (self.reason(form, "拆分理由", ""))
            },
            Verb::Transfer => {
                html! { (self.reason(form, "移交去向和理由", "写明移交给哪个机关、依据什么。")) }
            }
            Verb::AddMeasure
            | Verb::FileIntake
            | Verb::FileProgress
            | Verb::FileVerification
            | Verb::FileLookBack => html! {},
        }
    }

    fn screen(&self, form: &str) -> Markup {
        let choices = vec![
            Choice::new("accept", "通过"),
            Choice::new("return", "退回补充").hint("退给登记单位写清楚，须写理由。"),
            Choice::new("drop", "不予立项").hint("问题到此结束，须写理由。"),
        ];
        let reason = ui::area("reason", "理由", 2).max_chars(REASON_CHARS_MAX).hint("通过的可以不填。");
        html! {
            (self.field(form, ui::radios("decision", "审核意见", choices).required()))
            (self.field(form, reason))
            p .text-muted { "与已有问题重复的，请在“其他办理”中选择“并入其他问题”。" }
        }
    }

    fn assign(&self, form: &str, again: bool) -> Markup {
        let case = &self.view.base.case;
        let problem = &case.problem;
        let names = |role: PartyRole| {
            let mut written: Vec<&str> =
                case.units_with(role)
                    .map(|p| {
                        if p.written.is_empty() {
                            self.view.names.unit(p.unit_id)
                        } else {
                            p.written.as_str()
                        }
                    })
                    .collect();
            written.dedup();
            written.join("、")
        };
        let posts = self.view.choices.posts.iter().map(post_choice);
        let leader = problem.leader_post_id.map(|post| post.to_string()).unwrap_or_default();
        html! {
            (super::unit_list(self.view))
            @for hint in &self.view.slips.hints { p .notice .notice-info role="note" { "◆ " (hint) } }
            (self.field(form, units_field("lead", "牵头单位").required().value(names(PartyRole::Lead)).hint("填单位名称。")))
            (self.field(form, units_field("responsible", "责任单位").value(names(PartyRole::Responsible)).hint("多个单位用顿号分开；可以写“各村支部”“各乡镇”，按当天的单位展开。")))
            (self.field(form, units_field("assisting", "配合单位").value(names(PartyRole::Assisting))))
            (self.field(form, units_field("checking", "验收单位").required().value(names(PartyRole::Checking)).hint("不能是承担整改的单位或其下级。")))
            (self.field(form, ui::select("leader_post", "包案领导", posts.collect()).prompt("不指定").value(leader)))
            (self.field(form, ui::text("task_team", "专班").max_chars(500).value(problem.task_team.clone())))
            (self.field(form, ui::area("goal", "整改目标", 2).max_chars(REASON_CHARS_MAX).value(problem.goal.clone())))
            (self.deadline_fields(form, "deadline", "due_day", "整改时限", if again { "" } else { &problem.deadline_text }))
            @if again { (self.reason(form, "调整理由", "牵头单位不变时不能借调整推后时限。")) }
        }
    }

    /// A deadline in words, and a day for what words leave open.
    fn deadline_fields(&self, form: &str, text: &str, day: &str, label: &str, value: &str) -> Markup {
        html! {
            (self.field(form, ui::text(text, label).max_chars(MAX_TEXT_CHARS).value(value)
                .hint("照原文写：2024年6月底前、立行立改、15个工作日内、长期坚持。不改的可以不动。")))
            (self.field(form, ui::date(day, "截止日期").hint("原文看不出日期的，在这里选定；看得出的不用填。")))
        }
    }

    fn clarify(&self, form: &str) -> Markup {
        let written = &self.view.base.case.problem.deadline_text;
        html! {
            @if written.is_empty() { p { "台账没有写整改时限。" } }
            @else { p { "原文“" (written) "”看不出日期。选定日期的，原文照样保留。" } }
            (self.field(form, ui::date("due_day", "截止日期")))
            (self.field(form, ui::text("deadline", "整改时限").max_chars(MAX_TEXT_CHARS)
                .hint("也可以改写成看得出日期的说法，例如：15个工作日内、长期坚持。")))
        }
    }

    fn report(&self, form: &str) -> Markup {
        let case = &self.view.base.case;
        let outcomes = [Outcome::Solved, Outcome::Standing, Outcome::ClosedUnsolved, Outcome::NotTrue];
        let open = case.live_measures().filter(|m| m.state == MeasureState::Planned && !m.standing).count();
        let (have, need) = (case.closure_evidence, self.view.base.rules.evidence_min);
        let choices = outcomes.iter().map(|o| (o.code(), o.label()));
        html! {
            @if open > 0 { p .case-blocked { "还有" (open) "条措施没有完成；报告“已解决”前须逐条填报。" } }
            @if have < need { p .case-blocked { "“整改完成”环节的佐证现有" (have) "件，至少需要" (need) "件。" } }
            (self.field(form, ui::radios("outcome", "整改结果", ui::choices(choices)).required()))
            (self.field(form, ui::area("statement", "整改结果说明", 4).required().max_chars(REASON_CHARS_MAX)
                .hint("写清做了什么、结果是什么、怎样核实，例如：渠道已更换渠板 120 米，6月10日通水。")))
            (self.claimed_day(form))
        }
    }

    fn claimed_day(&self, form: &str) -> Field {
        let today = self.ctx.today().to_string();
        let field =
            ui::date("claimed_day", "实际完成日期").required().value(&today).between(None, Some(today));
        self.field(form, field.hint("系统另外记下填报时间，两个时间都会显示。"))
    }

    fn extension(&self, form: &str) -> Markup {
        let due = self.view.base.case.problem.due_day;
        let first = due.map(|day| day.plus_days(1).to_string());
        html! {
            (self.field(form, ui::date("due_day", "延期至").required().between(first, None)))
            (self.reason(form, "延期理由", "延期由确定时限的单位答复，单独统计，不算逾期。"))
        }
    }

    fn decide_extension(&self, form: &str) -> Markup {
        let case = &self.view.base.case;
        let request = case.open_request(RequestKind::Extension).map(|index| &case.requests[index]);
        let choices = vec![Choice::new("grant", "同意"), Choice::new("refuse", "不同意").hint("须写理由。")];
        html! {
            @if let Some(request) = request {
                p {
                    (self.view.names.unit(request.asked_unit_id)) "申请延期至"
                    @if let Some(day) = request.new_due_day { strong { (day.in_chinese()) } }
                    "，理由：" (request.reason)
                }
            }
            (self.field(form, ui::radios("decision", "答复", choices).required()))
            (self.field(form, ui::area("reason", "意见", 2).max_chars(REASON_CHARS_MAX)))
        }
    }

    fn superior_choices(&self) -> Vec<Choice> {
        self.view
            .choices
            .superiors
            .iter()
            .map(|unit| Choice::new(unit.id.to_string(), unit.name.clone()))
            .collect()
    }

    fn hand_up(&self, form: &str) -> Markup {
        html! {
            p { "问题的根子在上面、本单位解决不了的，可以请求上级。请求后时限由上级承担，交回时把天数补回来。" }
            (self.field(form, ui::select("superior", "请求的上级", self.superior_choices()).required().prompt("请选择")))
            (self.field(form, ui::area("needed", "需要上级解决的事项", 3).required().max_chars(REASON_CHARS_MAX)))
        }
    }

    fn answer_hand_up(&self, form: &str) -> Markup {
        let case = &self.view.base.case;
        let request = case.open_request(RequestKind::HandUp).map(|index| &case.requests[index]);
        let above = self.superior_choices();
        let mut choices = vec![
            Choice::new("grant", "认领").hint("由本单位办理，时限由本单位承担。"),
            Choice::new("refuse", "不予认领").hint("须写理由，时限交回整改单位。"),
        ];
        if !above.is_empty() {
            choices.push(Choice::new("pass", "继续上提").hint("须选择上级并写理由。"));
        }
        html! {
            @if let Some(request) = request {
                p { (self.view.names.unit(request.asked_unit_id)) "请求：" (request.reason) }
            }
            (self.field(form, ui::radios("decision", "答复", choices).required()))
            (self.field(form, ui::area("reason", "意见或理由", 2).max_chars(REASON_CHARS_MAX)))
            (self.field(form, ui::text("root_cause", "上级问题编号").narrow().hint("认领的事项本身也是台账问题的，填它的编号，两级问题会互相关联。")))
            @if !above.is_empty() { (self.field(form, ui::select("superior", "上提至", above).prompt("不上提"))) }
        }
    }

    fn verify(&self, form: &str) -> Markup {
        let outcomes = [
            Outcome::Solved,
            Outcome::Standing,
            Outcome::ClosedUnsolved,
            Outcome::NotTrue,
            Outcome::Transferred,
        ];
        let truths = [Truth::True, Truth::MostlyTrue, Truth::PartlyTrue, Truth::NotTrue];
        let claimed = self.view.base.case.problem.outcome.map(Coded::code).unwrap_or_default();
        html! {
            (self.field(form, ui::radios("outcome", "整改结果", ui::choices(outcomes.map(|o| (o.code(), o.label())))).required().value(claimed)))
            (self.field(form, ui::radios("truth", "属实情况", ui::choices(truths.map(|t| (t.code(), t.label())))).required()
                .hint("问题是不是真的，与有没有解决分开认定。")))
            (self.field(form, ui::area("note", "验收意见", 3).required().max_chars(REASON_CHARS_MAX)
                .hint("写明怎样核查、看到了什么，例如：6月12日现场查看，渠道已通水。")))
        }
    }

    fn look_back(&self, form: &str) -> Markup {
        let results = [LookBackResult::Holds, LookBackResult::SlippedBack, LookBackResult::NeverTrue];
        let hint = |result: LookBackResult| match result {
            LookBackResult::SlippedBack => "问题又出现了；会开始新的一轮。",
            LookBackResult::NeverTrue => "当初就没有真正整改；会开始新的一轮。",
            _ => "",
        };
        let choices = results.iter().map(|result| {
            let choice = Choice::new(result.code(), result.label());
            if hint(*result).is_empty() { choice } else { choice.hint(hint(*result)) }
        });
        html! {
            (self.field(form, ui::radios("result", "回头看结果", choices.collect()).required()))
            (self.field(form, ui::area("note", "回头看情况", 3).required().max_chars(REASON_CHARS_MAX)))
        }
    }

    fn colour(&self, form: &str) -> Markup {
        let today = self.ctx.today();
        let last = today.plus_days(31).to_string();
        let colours = Colour::ALL.iter().map(|colour| (colour.code(), colour.label()));
        html! {
            (self.field(form, ui::select("colour", "颜色", ui::choices(colours)).prompt("恢复自动判定")))
            (self.field(form, ui::date("until", "截止日").between(Some(today.to_string()), Some(last)).hint("最长31天，到期自动恢复。")))
            (self.field(form, ui::area("reason", "调整理由", 2).max_chars(REASON_CHARS_MAX)))
        }
    }

    pub(super) fn measure_fields(&self, form: &str, measure: Option<&Measure>) -> Markup {
        let case = &self.view.base.case;
        let owners = case.measure_owners();
        let owner = measure.map_or(case.problem.home_unit_id, |m| m.owner_unit_id);
        let choices = owners.iter().map(|id| Choice::new(id.to_string(), self.view.names.unit(*id)));
        let posts = self.view.choices.owner_posts.iter().map(post_choice);
        let post = measure.and_then(|m| m.owner_post_id).map(|post| post.to_string()).unwrap_or_default();
        let value = |text: Option<&String>| text.cloned().unwrap_or_default();
        html! {
            (self.field(form, ui::area("measure", "整改措施", 2).required().max_chars(MEASURE_CHARS_MAX)
                .value(value(measure.map(|m| &m.text))).hint("写要做的一件具体事，例如：更换破损渠板120米。")))
            (self.field(form, ui::text("measure_goal", "措施目标").value(value(measure.map(|m| &m.goal)))))
            (self.field(form, ui::select("owner", "责任单位", choices.collect()).value(owner.to_string())))
            (self.field(form, ui::select("owner_post", "责任人（岗位）", posts.collect()).prompt("不指定").value(post)
                .hint("须是上面责任单位的岗位。")))
            (self.field(form, ui::text("measure_deadline", "措施时限").value(value(measure.map(|m| &m.deadline_text))).hint("照原文写；不填随问题时限。")))
            (self.field(form, ui::date("measure_due_day", "截止日期").hint("原文看不出日期时选定。")))
        }
    }

    fn measure(&self, id: MeasureId) -> Option<&Measure> {
        self.view.base.case.measures.iter().find(|measure| measure.id == id)
    }

    pub(super) fn finish_measure(&self, id: MeasureId) -> Markup {
        let form = format!("finish-{id}");
        let title = self.measure(id).map_or_else(String::new, |m| format!("填报完成：{}", m.text));
        self.details(&form, &title, &format!("measures/{id}/finish"), true, html! {
            (self.field(&form, ui::area("done_note", "完成情况", 2).required().max_chars(REASON_CHARS_MAX)))
            (self.claimed_day(&form))
            div .actions { (button("保存").primary()) }
        })
    }

    pub(super) fn change_measure(&self, id: MeasureId) -> Markup {
        let form = format!("change-{id}");
        self.details(
            &form,
            "修改措施",
            &format!("measures/{id}"),
            true,
            html! {
                (self.measure_fields(&form, self.measure(id)))
                div .actions { (button("保存修改").primary()) }
            },
        )
    }

    pub(super) fn drop_measure(&self, id: MeasureId) -> Markup {
        let form = format!("drop-{id}");
        let title = self.measure(id).map_or_else(String::new, |m| format!("取消措施：{}", m.text));
        self.details(
            &form,
            &title,
            &format!("measures/{id}/drop"),
            true,
            html! {
                (self.reason(&form, "取消理由", ""))
                div .actions { (button("取消这条措施").danger()) }
            },
        )
    }

    pub(super) fn file_fields(&self, form: &str, caption: &str) -> Markup {
        html! {
            (self.field(form, ui::file("file", "文件", ACCEPT).required()
                .hint("图片、PDF、Word、Excel 或文本，不超过20 MB。照片里的位置信息会自动去掉；带密级标志的文件不得上传。")))
            (self.field(form, ui::text("caption", "佐证说明").required().max_chars(CAPTION_CHARS_MAX).value(caption)
                .hint("说明它能证明什么，例如：6月10日通水现场。")))
        }
    }

    pub(super) fn evidence_fields(&self, stages: &[Stage]) -> Markup {
        let form = "evidence";
        let choices = ui::choices(stages.iter().map(|stage| (stage.code(), stage.label())));
        let first = stages.first().map(|stage| stage.code()).unwrap_or_default();
        let measures = self.view.base.case.live_measures().map(|m| {
            Choice::new(
                m.id.to_string(),
                format!("{}. {}", m.ordinal, super::super::facts::short(&m.text, 24)),
            )
        });
        let measures: Vec<Choice> = measures.collect();
        html! {
            (self.file_fields(form, ""))
            @if stages.len() > 1 { (self.field(form, ui::radios("stage", "佐证环节", choices).required().value(first))) }
            @else { input type="hidden" name="stage" value=(first); }
            @if !measures.is_empty() { (self.field(form, ui::select("measure", "对应措施", measures).prompt("不对应具体措施"))) }
            (self.field(form, ui::radios("label", "信息标签", crate::pages::label::label_choices()).value("internal")))
        }
    }

    pub(super) fn elsewhere_fields(&self) -> Markup {
        let form = "elsewhere";
        let text = format!("举一反三核查：{}", self.view.base.case.problem.text);
        html! {
            @if !self.view.may(Verb::Assign) && !self.view.may(Verb::Reassign) { (super::unit_list(self.view)) }
            (self.field(form, units_field("units", "核查单位").required().hint("多个单位用顿号分开；可以写“各乡镇”。每个单位登记一条。")))
            (self.field(form, ui::area("text", "核查内容", 3).required().max_chars(PROBLEM_CHARS_MAX).value(text)))
            (self.field(form, ui::text("deadline", "核查时限").hint("例如：15个工作日内。可以在交办时再定。")))
        }
    }
}

/// A post to choose, below its unit, with who holds it.
fn post_choice(post: &LeadingPost) -> Choice {
    let holder = if post.holder.is_empty() { "（暂缺）" } else { post.holder.as_str() };
    Choice::new(post.post.to_string(), format!("{} {}", post.name, holder)).group(post.unit_name.clone())
}

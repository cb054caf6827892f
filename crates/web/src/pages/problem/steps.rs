//! The table of steps: each is one form of the page and one JSON route of the same name.

use axum::{body::Bytes, extract::State};
use bihuan_app::input::Input;
use bihuan_app::problem::{
    AnswerInput, AssignInput, ClarifyInput, ColourInput, ExtensionInput, FinishMeasureInput, HandUpInput,
    LookBackInput, MeasureInput, MergeInput, NoteInput, ReasonInput, ReportInput, ResubmitInput, ScreenInput,
    SplitInput, VerifyInput,
};
use bihuan_domain::id::{LookBackId, MeasureId};
use serde_json::{Value, json};

use super::{
    Act, Target, done_json, input_of_form, input_of_json, leads_to, object_of, show_again, version_of,
};
use crate::{
    form::Fields,
    frame::{Again, Page},
    openapi::schema,
    route::{Access, Route},
    state::{Session, WebState},
};

/// Two routes for a step: the form's and that of JSON.
macro_rules! step {
    ($name:literal, $path:literal, $label:literal, $form:literal, $said:literal, $act:expr) => {
        pair(
            [concat!("/problems/{id}", $path), concat!("/api/v1/problems/{id}", $path)],
            [concat!("problem.", $name), concat!("problem.", $name, "_json")],
            $label,
            $form,
            $said,
            $act,
        )
    };
}

pub(super) fn routes() -> Vec<Route<WebState>> {
    [intake(), doing(), checking(), requests(), restructuring()].into_iter().flatten().flatten().collect()
}

fn intake() -> Vec<[Route<WebState>; 2]> {
    vec![
        step!(
            "screen",
            "/screen",
            "审核问题",
            "screen",
            "审核意见已记录。",
            |app, ctx, t, v, i: ScreenInput| { app.screen(ctx, t.id, v, i) }
        ),
        step!(
            "resubmit",
            "/resubmit",
            "补充后重报",
            "resubmit",
            "已补充重报。",
            |app, ctx, t, v, i: ResubmitInput| { app.resubmit(ctx, t.id, v, i) }
        ),
        step!(
            "assign",
            "/assign",
            "交办或调整交办",
            "assign",
            "已交办。",
            |app, ctx, t, v, i: AssignInput| { app.assign(ctx, t.id, v, i) }
        ),
        step!(
            "return_assignment",
            "/return-assignment",
            "退回交办",
            "return-assignment",
            "已退回工作专班。",
            |app, ctx, t, v, i: ReasonInput| app.return_assignment(ctx, t.id, v, i)
        ),
        step!(
            "clarify_deadline",
            "/deadline",
            "明确整改时限",
            "clarify",
            "时限已明确。",
            |app, ctx, t, v, i: ClarifyInput| app.clarify_deadline(ctx, t.id, v, i)
        ),
        step!(
            "override_colour",
            "/colour",
            "人工调整颜色",
            "colour",
            "颜色已调整。",
            |app, ctx, t, v, i: ColourInput| { app.override_colour(ctx, t.id, v, i) }
        ),
    ]
}

fn doing() -> Vec<[Route<WebState>; 2]> {
    vec![
        step!(
            "sign",
            "/sign",
            "签收",
            "sign",
            "已签收，可以办理了。",
            |app, ctx, t, v, _: NoteInput| { app.sign(ctx, t.id, v) }
        ),
        step!(
            "add_measure",
            "/measures",
            "增加整改措施",
            "measure",
            "措施已保存。",
            |app, ctx, t, v, i: MeasureInput| { app.add_measure(ctx, t.id, v, i) }
        ),
        step!(
            "change_measure",
            "/measures/{part}",
            "修改整改措施",
            "change",
            "措施已修改。",
            |app, ctx, t, v, i: MeasureInput| app.change_measure(ctx, t.id, MeasureId(t.part), v, i)
        ),
        step!(
            "drop_measure",
            "/measures/{part}/drop",
            "取消整改措施",
            "drop",
            "措施已取消。",
            |app, ctx, t, v, i: ReasonInput| app.drop_measure(ctx, t.id, MeasureId(t.part), v, i)
        ),
        step!(
            "finish_measure",
            "/measures/{part}/finish",
            "填报措施完成",
            "finish",
            "措施完成情况已保存。",
            |app, ctx, t, v, i: FinishMeasureInput| app.finish_measure(ctx, t.id, MeasureId(t.part), v, i)
        ),
        step!(
            "note_progress",
            "/progress",
            "填报进展",
            "progress",
            "进展已保存。",
            |app, ctx, t, v, i: NoteInput| { app.note_progress(ctx, t.id, v, i) }
        ),
        step!(
            "report_done",
            "/report",
            "报告完成",
            "report",
            "已报告完成，等待验收。",
            |app, ctx, t, v, i: ReportInput| { app.report_done(ctx, t.id, v, i) }
        ),
    ]
}

fn checking() -> Vec<[Route<WebState>; 2]> {
    vec![
        step!(
            "verify",
            "/verify",
            "验收通过",
            "verify",
            "验收通过，列为拟销号。",
            |app, ctx, t, v, i: VerifyInput| { app.verify(ctx, t.id, v, i) }
        ),
        step!(
            "send_back",
            "/send-back",
            "验收退回",
            "send-back",
            "已退回整改。",
            |app, ctx, t, v, i: ReasonInput| { app.send_back(ctx, t.id, v, i) }
        ),
        step!(
            "confirm",
            "/confirm",
            "确认销号",
            "confirm",
            "已销号。",
            |app, ctx, t, v, i: NoteInput| { app.confirm_closure(ctx, t.id, v, i) }
        ),
        step!(
            "object",
            "/object",
            "提出异议",
            "object",
            "异议已提出，回到验收环节。",
            |app, ctx, t, v, i: ReasonInput| { app.object(ctx, t.id, v, i) }
        ),
        step!(
            "record_look_back",
            "/look-backs/{part}",
            "填报回头看",
            "look-back",
            "回头看情况已保存。",
            |app, ctx, t, v, i: LookBackInput| app.record_look_back(ctx, t.id, LookBackId(t.part), v, i)
        ),
        step!(
            "reopen",
            "/reopen",
            "重新打开",
            "reopen",
            "已重新打开，进入新一轮整改。",
            |app, ctx, t, v, i: ReasonInput| { app.reopen(ctx, t.id, v, i) }
        ),
    ]
}

fn requests() -> Vec<[Route<WebState>; 2]> {
    vec![
        step!(
            "ask_extension",
            "/extension",
            "申请延期",
            "extension",
            "延期申请已提交。",
            |app, ctx, t, v, i: ExtensionInput| app.ask_extension(ctx, t.id, v, i)
        ),
        step!(
            "decide_extension",
            "/extension/decision",
            "答复延期申请",
            "decide-extension",
            "答复已记录。",
            |app, ctx, t, v, i: AnswerInput| app.decide_extension(ctx, t.id, v, i)
        ),
        step!(
            "hand_up",
            "/hand-up",
            "请求上级",
            "hand-up",
            "已请求上级，时限由上级承担。",
            |app, ctx, t, v, i: HandUpInput| { app.hand_up(ctx, t.id, v, i) }
        ),
        step!(
            "answer_hand_up",
            "/hand-up/answer",
            "答复请求上级",
            "answer-hand-up",
            "答复已记录。",
            |app, ctx, t, v, i: AnswerInput| app.answer_hand_up(ctx, t.id, v, i)
        ),
        step!(
            "finish_hand_up",
            "/hand-up/finish",
            "上级办结交回",
            "finish-hand-up",
            "已办结交回。",
            |app, ctx, t, v, i: NoteInput| app.finish_hand_up(ctx, t.id, v, i)
        ),
    ]
}

fn restructuring() -> Vec<[Route<WebState>; 2]> {
    vec![
        step!(
            "merge",
            "/merge",
            "并入其他问题",
            "merge",
            "已并入。",
            |app, ctx, t, v, i: MergeInput| { app.merge_into(ctx, t.id, v, i) }
        ),
        step!("split", "/split", "拆分问题", "split", "已拆分。", |app, ctx, t, v, i: SplitInput| {
            app.split_off(ctx, t.id, v, i)
        }),
        step!(
            "transfer",
            "/transfer",
            "移交",
            "transfer",
            "已移交。",
            |app, ctx, t, v, i: ReasonInput| { app.transfer_out(ctx, t.id, v, i) }
        ),
        step!(
            "check_elsewhere",
            "/elsewhere",
            "举一反三：登记核查事项",
            "elsewhere",
            "已登记核查事项，可在“关联问题”中查看。",
            |app, ctx, t, _, i: bihuan_app::problem::AlikeInput| {
                let done = app.check_elsewhere(ctx, t.id, i)?;
                done.into_iter().next_back().ok_or(bihuan_app::Error::NotFound)
            }
        ),
    ]
}

fn pair<I: Input + Send + 'static>(
    [path, api_path]: [&'static str; 2],
    [name, api_name]: [&'static str; 2],
    label: &'static str,
    form: &'static str,
    said: &'static str,
    act: Act<I>,
) -> [Route<WebState>; 2] {
    let by_form = async move |State(web): State<WebState>,
                              Session(ctx): Session,
                              page: Page,
                              target: Target,
                              fields: Fields| {
        let sent = input_of_form::<I>(&fields)?;
        let (who, version) = (ctx.clone(), fields.number("version"));
        match web.run(move |app| act(app, &who, target, version, sent)).await {
            Ok(_) => Ok(page.go(leads_to(target.id, &fields), said)),
            Err(problem) => {
                let again = Again::of(problem)?;
                let form = if target.part == 0 { form.to_owned() } else { format!("{form}-{}", target.part) };
                show_again(&web, &ctx, &page, target.id, form, fields, again).await
            }
        }
    };
    let by_json =
        async move |State(web): State<WebState>, Session(ctx): Session, target: Target, bytes: Bytes| {
            let value = object_of(&bytes)?;
            let version = version_of(&value);
            let sent = input_of_json::<I>(value)?;
            let done = web.run(move |app| act(app, &ctx, target, version, sent)).await?;
            Ok::<_, crate::error::Problem>(done_json(&done))
        };
    [
        Route::post(path, name, label, by_form),
        Route::post(api_path, api_name, label, by_json)
            .access(Access::Token("problem:write"))
            .request(request_of::<I>)
            .response(done_schema),
    ]
}

/// The JSON schema of a step's input, with the row version it was made from.
pub(crate) fn request_of<I: Input>() -> Value {
    let mut fields: Vec<(&str, Value)> = I::FIELDS
        .iter()
        .map(|field| {
            let text = schema::string(field.label);
            (field.name, if field.many { schema::array(text) } else { text })
        })
        .collect();
    fields.push(("version", schema::integer("问题的行版本；给出时，与现在的版本不同就不办理")));
    schema::input(&fields, &[])
}

/// The JSON schema of what a step answers.
pub(crate) fn done_schema() -> Value {
    let problem = json!({ "type": "object", "description": "办理后的问题" });
    schema::object(&[("problem", problem), ("entry", schema::integer("记录编号"))])
}

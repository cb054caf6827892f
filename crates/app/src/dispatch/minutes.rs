//! Minutes as a document: the same model for the page, for print and for the word processor.

use super::{MeetingView, by_source};
use crate::Error;
use crate::context::{App, Context};
use crate::evidence::FileOut;
use bihuan_documents::paper::{
    Block, Cell, Form, Head, Identity, Imprint, Paper, Profile, Run, Sign, Table, docx,
};
use bihuan_domain::dispatch::{AgendaSource, Decision, DecisionState, DispatchState};
use bihuan_domain::id::DispatchId;
use bihuan_domain::task::TaskState;
use bihuan_domain::{Coded, Day};
use sha2::{Digest, Sha256};

/// Media type of a docx.
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

impl App {
    /// The minutes of a meeting as a docx in the form of official minutes.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn minutes_file(&self, ctx: &Context, id: DispatchId) -> Result<FileOut, Error> {
        let view = self.meeting(ctx, id)?;
        let paper = minutes_paper(&view);
        let bytes = docx::write(&paper, &Profile::default())
            .map_err(|error| crate::ledger::document_error(&error))?;
        Ok(FileOut {
            name: format!("{}.docx", paper.title_line()),
            media_type: DOCX.to_owned(),
            digest: Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
            bytes,
        })
    }
}

fn words(text: impl Into<String>) -> Block {
    Block::Paragraph(vec![Run::new(text)])
}

fn heading(level: u8, text: impl Into<String>) -> Block {
    Block::Heading { level, runs: vec![Run::new(text)], then: vec![] }
}

/// A sentence ends with one stop.
fn stopped(text: &str) -> String {
    format!("{}。", text.trim().trim_end_matches('。'))
}

/// The minutes of a meeting: what became of the last decisions, what was on the agenda, what was decided.
pub fn minutes_paper(view: &MeetingView) -> Paper {
    let (dispatch, series) = (&view.dispatch, &view.series);
    let day = dispatch.held_day.in_chinese();
    let mut blocks = vec![words(opening(view))];
    for line in dispatch.summary.lines().map(str::trim).filter(|line| !line.is_empty()) {
        blocks.push(words(line));
    }
    let mut parts: Vec<(&str, Vec<Block>)> = vec![
        ("上次议定事项的落实", earlier(view)),
        ("会议议题", agenda(view)),
        ("议定事项", decisions(view)),
    ];
    parts.retain(|(_, blocks)| !blocks.is_empty());
    for (number, (title, inner)) in ["一", "二", "三"].into_iter().zip(parts) {
        blocks.push(heading(1, format!("{number}、{title}")));
        blocks.extend(inner);
    }
    if !dispatch.present.trim().is_empty() {
        blocks.push(words(format!("出席：{}", stopped(&dispatch.present.replace('\n', "，")))));
    }
    let closed = dispatch.state == DispatchState::Closed;
    Paper {
        form: Form::Minutes,
        head: Some(Head {
            mark: format!("{}纪要", series.name),
            number: format!("第{}期", dispatch.number),
            ..Head::default()
        }),
        title: vec![format!("{}第{}次会议纪要", series.name, dispatch.number)],
        blocks,
        sign: Some(Sign { unit: view.unit.name.clone(), day: day.clone(), sealed: false }),
        remark: if closed { String::new() } else { "会议还没有散会，本稿未定".to_owned() },
        imprint: Some(Imprint { copies: String::new(), printer: view.unit.name.clone(), day: day.clone() }),
        identity: Identity {
            key: String::new(),
            author: view.unit.name.clone(),
            day: dispatch.held_day.to_string(),
        },
        ..Paper::default()
    }
}

fn opening(view: &MeetingView) -> String {
    let (dispatch, series) = (&view.dispatch, &view.series);
    let mut text = format!(
        "{}，{}召开{}第{}次会议。",
        dispatch.held_day.in_chinese(),
        view.unit.name,
        series.name,
        dispatch.number
    );
    if !dispatch.chair.is_empty() {
        text.push_str(&format!("{}主持会议。", dispatch.chair));
    }
    text
}

fn owner(view: &MeetingView, decision: &Decision) -> String {
    let unit = view.names_then.get(&decision.owner_unit_id).cloned().unwrap_or_default();
    if decision.owner_name.is_empty() { unit } else { format!("{unit}（{}）", decision.owner_name) }
}

/// What became of a decision, in words: the state of its task and what was said of it. Minutes that were closed tell what
/// was so on their day; what came later is told in later ones.
pub(super) fn became(view: &MeetingView, decision: &Decision) -> String {
    let closed = view.dispatch.state == DispatchState::Closed;
    let later = |day: Option<Day>| closed && day.is_some_and(|day| day > view.dispatch.held_day);
    let task = decision.task_id.and_then(|id| view.tasks.get(&id)).filter(|task| !later(task.filed_day));
    let state = if later(decision.done_day) { DecisionState::Open } else { decision.state };
    match state {
        DecisionState::Open if task.is_some_and(|task| task.state == TaskState::Reported) => {
            "已申报完成，待认定".to_owned()
        }
        DecisionState::Open if decision.due_day < view.dispatch.held_day => {
            format!("到期{}天仍未办结", view.dispatch.held_day.minus(decision.due_day))
        }
        DecisionState::Open => "办理中".to_owned(),
        state => {
            let outcome = decision.outcome.trim_end_matches('。');
            if outcome.is_empty() {
                state.label().to_owned()
            } else {
                format!("{}：{outcome}", state.label())
            }
        }
    }
}

fn earlier(view: &MeetingView) -> Vec<Block> {
    let line = |(number, decision): (usize, &Decision)| {
        let text = decision.text.trim_end_matches('。');
        words(format!("{number}. {text}。{}，{}。", owner(view, decision), became(view, decision)))
    };
    (1..).zip(&view.earlier).map(line).collect()
}

fn agenda(view: &MeetingView) -> Vec<Block> {
    let mut blocks = Vec::new();
    let sources = AgendaSource::ALL.iter().filter(|source| **source != AgendaSource::LastDecision);
    let numbers = ["一", "二", "三", "四", "五", "六", "七"];
    let mut at = 0;
    for source in sources {
        let items: Vec<_> = by_source(&view.items, *source).collect();
        if items.is_empty() {
            continue;
        }
        let number = numbers.get(at).copied().unwrap_or_default();
        at += 1;
        blocks.push(heading(2, format!("（{number}）{}（{}项）", source.label(), items.len())));
        for (n, item) in (1..).zip(items) {
            let unit =
                item.unit_id.and_then(|unit| view.names_then.get(&unit)).map(|name| format!("{name}："));
            blocks.push(words(format!("{n}. {}{}", unit.unwrap_or_default(), stopped(&item.text))));
        }
    }
    blocks
}

fn decisions(view: &MeetingView) -> Vec<Block> {
    if view.decisions.is_empty() {
        return vec![words("本次会议没有议定事项。")];
    }
    let head = ["序号", "议定事项", "责任单位和责任人", "完成日期", "任务"];
    let row = |(n, decision): (usize, &Decision)| {
        let task = decision.task_id.and_then(|id| view.tasks.get(&id));
        vec![
            Cell::text(n.to_string()).centred(),
            Cell::text(&decision.text),
            Cell::text(owner(view, decision)),
            Cell::text(decision.due_day.in_chinese()).centred(),
            Cell::text(task.map(bihuan_domain::task::Task::citation).unwrap_or_default()).centred(),
        ]
    };
    vec![Block::Table(Table {
        caption_note: None,
        caption: String::new(),
        unit: String::new(),
        widths: vec![6, 40, 22, 18, 10],
        head: vec![head.map(|name| Cell::text(name).centred()).to_vec()],
        rows: (1..).zip(&view.decisions).map(row).collect(),
    })]
}

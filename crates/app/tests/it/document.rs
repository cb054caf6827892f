//! Checks, breakdowns and word lists (M42, M43).

use crate::county::{BUREAU, COUNTY, OTHER_TOWN, TOWN, TestApp, on_each_app};
use bihuan_app::breakdown::{
    AcceptInput, AddInput, BreakdownInput, BreakdownView, DropInput, EditInput, MergeInput,
};
use bihuan_app::evidence::SentFile;
use bihuan_app::problem::RegisterInput;
use bihuan_app::text_check::{CheckInput, CheckView, DecideInput, FindingKind};
use bihuan_app::todo::TodoKind;
use bihuan_documents::paper::{Block, Cell, Paper, Profile, Run, Table, docx};
use bihuan_domain::breakdown::{Becomes, BreakdownDraft, DraftState};
use bihuan_domain::id::{BreakdownId, TextCheckId};
use bihuan_domain::problem::State;

const REPORT: &str = "关于春季灌溉工作的情况报告\n截至3月5日，全县共排查问题9个，已销号0个。投入资金30万元，其中县级12万元、乡级18万元、村级5万元。\n一、主要做法\n三、下步打算\n";

fn check(t: &TestApp, by: &str, text: &str) -> TextCheckId {
    let sent = CheckInput {
        unit: COUNTY.to_string(),
        campaign: "1".into(),
        text: text.into(),
        ..CheckInput::default()
    };
    t.app.check_text(&t.ctx(by), sent, None).unwrap()
}

fn register(t: &TestApp, text: &str) {
    let sent = RegisterInput {
        campaign: "1".into(),
        unit: TOWN.to_string(),
        text: text.into(),
        ..RegisterInput::default()
    };
    t.app.register(&t.ctx("filler"), sent).unwrap();
}

fn of_kind(view: &CheckView, kind: FindingKind) -> Vec<String> {
    view.told.iter().filter(|told| told.finding.kind == kind).map(|told| told.finding.quote.clone()).collect()
}

#[test]
fn a_check_finds_faults_sums_and_figures_that_differ_from_the_ledger_m43() {
    on_each_app(|t| {
        register(t, "灌渠淤积120米，下游缺水");
        register(t, "村务公开栏三个月未更新");
        let id = check(t, "office", REPORT);
        let seen = t.app.text_check(&t.ctx("office"), id).unwrap();
        assert!(
            !of_kind(&seen, FindingKind::Certain).is_empty(),
            "12 and 18 and 5 are more than 30: {:?}",
            seen.told
        );
        assert!(
            of_kind(&seen, FindingKind::Fault).iter().any(|quote| quote.contains('三')),
            "{:?}",
            seen.told
        );
        assert_eq!(of_kind(&seen, FindingKind::Ledger), ["9个"], "two problems are in the ledger");
        let ledger = seen.told.iter().find(|told| told.finding.kind == FindingKind::Ledger).unwrap();
        assert_eq!(ledger.finding.expected.as_deref(), Some("2个"));
        assert!(ledger.finding.link.as_deref().unwrap().starts_with("/ledger?campaign=1&unit=1"));
        assert!(seen.compared.iter().any(|one| one.agrees && one.name == "已销号"), "{:?}", seen.compared);
    });
}

#[test]
fn what_is_accepted_goes_into_the_text_and_what_is_not_needs_a_reason_m43() {
    on_each_app(|t| {
        let id = check(t, "office", REPORT);
        let seen = t.app.text_check(&t.ctx("office"), id).unwrap();
        let fault = seen.told.iter().find(|told| told.finding.quote.contains("三")).unwrap();
        let decide = |by: &str, sent: DecideInput| t.app.decide_finding(&t.ctx(by), id, None, sent);
        let number = fault.number.to_string();
        let no =
            decide("office", DecideInput { finding: number.clone(), ..DecideInput::default() }).unwrap_err();
        assert_eq!(no.code(), "text_missing");
        let yes = DecideInput {
            finding: number.clone(),
            accept: "1".into(),
            replacement: fault.finding.expected.clone().unwrap(),
            ..DecideInput::default()
        };
        assert_eq!(decide("stranger", yes.clone()).unwrap_err().code(), "not_found");
        // A text sent for checking is a draft: an evaluator neither decides on it nor opens it.
        assert_eq!(decide("evaluator", yes.clone()).unwrap_err().code(), "not_found");
        let evaluator = t.ctx("evaluator");
        assert_eq!(t.app.text_check(&evaluator, id).unwrap_err().code(), "not_found");
        assert_eq!(t.app.corrected_text(&evaluator, id).unwrap_err().code(), "not_found");
        assert!(t.app.text_checks(&evaluator).unwrap().is_empty());
        assert_eq!(t.app.text_checks(&t.ctx("office")).unwrap().len(), 1);
        // What would change nothing is no correction.
        let same = DecideInput { replacement: fault.finding.quote.clone(), ..yes.clone() };
        let refused = decide("office", same).unwrap_err();
        assert!(format!("{refused:?}").contains("没有改动"), "{refused:?}");
        decide("office", yes).unwrap();
        let after = t.app.text_check(&t.ctx("office"), id).unwrap();
        assert!(after.corrected.contains("二、下步打算") && !after.corrected.contains("三、下步打算"));
        let stale =
            DecideInput { finding: number.clone(), reason: "原文如此".into(), ..DecideInput::default() };
        let version = Some(seen.check.version);
        let refused = t.app.decide_finding(&t.ctx("office"), id, version, stale).unwrap_err();
        assert_eq!(refused.code(), "conflict");
        let ignore = DecideInput {
            finding: number,
            reason: "序号按附件".into(),
            ignore_word: "1".into(),
            ..DecideInput::default()
        };
        decide("office", ignore).unwrap();
        assert_eq!(t.app.text_check(&t.ctx("office"), id).unwrap().corrected, REPORT);
        let docx = t.app.commented_docx(&t.ctx("office"), id).unwrap_err();
        assert_eq!(docx.code(), "check_not_docx");
    });
}

#[test]
fn an_empty_marked_or_too_long_document_is_refused_with_the_field_m43() {
    on_each_app(|t| {
        let send = |text: &str, file: Option<SentFile>| {
            let sent = CheckInput { unit: COUNTY.to_string(), text: text.into(), ..CheckInput::default() };
            t.app.check_text(&t.ctx("office"), sent, file).unwrap_err()
        };
        assert_eq!(send(" ", None).code(), "invalid_input");
        assert!(send("机密★1年\n关于某事的报告", None).to_string().contains("国家秘密"));
        let long = "字".repeat(bihuan_domain::text_check::CHECK_CHARS_MAX + 1);
        assert!(send(&long, None).to_string().contains("最多"));
        let scan = SentFile { name: "扫描.pdf".into(), bytes: b"%PDF-1.4\n%%EOF".to_vec() };
        assert_eq!(send("", Some(scan)).code(), "invalid_input");
    });
}

const SPEECH: &str = "在全县春季灌溉工作推进会上的讲话\n同志们：\n一要摸清底数。石桥镇要在3月底前完成灌渠清淤排查，建立问题台账。\n二要压实责任。各乡镇要每月报送1次工作进展。\n三要强化监督。云溪县水利局要在4月15日前开展1次专项检查，形成检查报告。\n";

fn break_down(t: &TestApp) -> BreakdownView {
    let sent = BreakdownInput {
        unit: COUNTY.to_string(),
        campaign: "1".into(),
        text: SPEECH.into(),
        day: "2024-03-05".into(),
        ..BreakdownInput::default()
    };
    let id = t.app.break_down(&t.ctx("office"), sent, None).unwrap();
    t.app.breakdown(&t.ctx("office"), id).unwrap()
}

fn draft<'a>(seen: &'a BreakdownView, words: &str) -> &'a BreakdownDraft {
    seen.drafts
        .iter()
        .find(|draft| draft.quote.contains(words))
        .unwrap_or_else(|| panic!("{words}: {:?}", seen.drafts))
}

#[test]
fn an_accepted_draft_stands_on_the_units_to_do_list_with_its_source_m42() {
    on_each_app(|t| {
        let seen = break_down(t);
        let town = draft(&seen, "灌渠清淤");
        assert_eq!(
            (town.unit_id.map(|id| id.0), town.due_day.map(|day| day.to_string())),
            (Some(TOWN), Some("2024-03-31".into()))
        );
        let id = town.id;
        let sent = || AcceptInput { checking: "云溪县水利局".into(), ..AcceptInput::default() };
        assert_eq!(t.app.accept_draft(&t.ctx("filler"), id, None, sent()).unwrap_err().code(), "not_found");
        let done = t.app.accept_draft(&t.ctx("office"), id, Some(town.version), sent()).unwrap();
        let todo = t.app.todo(&t.ctx("filler"), None).unwrap();
        assert!(todo.counts.contains_key(&TodoKind::Sign), "{:?}", todo.counts);
        let case = t.app.case(&t.ctx("filler"), done.problems[0]).unwrap().case;
        assert_eq!(case.problem.state, State::Assigned);
        assert!(case.problem.ground.contains("推进会上的讲话") && case.problem.ground.contains("灌渠清淤"));
        let origin = |by: &str| t.app.origin(&t.ctx(by), Becomes::Problem, done.problems[0].0);
        let from = origin("office").unwrap().unwrap();
        assert!(from.draft == id && from.opens && from.quotes[0].contains("灌渠清淤"));
        assert!(!origin("filler").unwrap().unwrap().opens, "the township sees its sentence, not the speech");
        assert_eq!(origin("stranger").unwrap_err().code(), "not_found");
        let shown = t.app.problem_view(&t.ctx("filler"), done.problems[0]).unwrap();
        assert_eq!(shown.origin.unwrap().breakdown, seen.breakdown.id);
        let again = t.app.accept_draft(&t.ctx("office"), id, None, sent()).unwrap_err();
        assert_eq!(again.code(), "draft_decided");
    });
}

#[test]
fn a_group_becomes_one_problem_a_unit_and_each_opens_its_source_m42() {
    on_each_app(|t| {
        let seen = break_down(t);
        let towns = draft(&seen, "每月报送");
        let sent = AcceptInput {
            unit: "石桥镇、柳湾乡".into(),
            due_day: "2024-12-31".into(),
            checking: "云溪县整改办".into(),
            ..AcceptInput::default()
        };
        let done = t.app.accept_draft(&t.ctx("office"), towns.id, None, sent).unwrap();
        assert_eq!(done.problems.len(), 2);
        for problem in &done.problems {
            assert!(t.app.origin(&t.ctx("office"), Becomes::Problem, problem.0).unwrap().is_some());
        }
        assert!(t.app.todo(&t.ctx("other_filler"), None).unwrap().counts.contains_key(&TodoKind::Sign));
        let after = t.app.breakdown(&t.ctx("office"), seen.breakdown.id).unwrap();
        let accepted = after.drafts.iter().filter(|draft| draft.state == DraftState::Accepted).count();
        assert_eq!(accepted, 2, "{OTHER_TOWN} has its own");
    });
}

#[test]
fn a_draft_taken_as_a_task_stands_with_the_unit_and_keeps_its_source_m42() {
    on_each_app(|t| {
        let seen = break_down(t);
        let town = draft(&seen, "灌渠清淤").id;
        let sent = AcceptInput { becomes: "task".into(), ..AcceptInput::default() };
        let done = t.app.accept_draft(&t.ctx("office"), town, None, sent).unwrap();
        let task = t.app.task_view(&t.ctx("filler"), done.tasks[0]).unwrap();
        let shown = format!("{task:?}");
        assert!(shown.contains("推进会上的讲话") && done.problems.is_empty());
        let from = task.origin.expect("the task opens its source");
        assert!(from.draft == town && !from.opens && from.quotes[0].contains("灌渠清淤"));
    });
}

#[test]
fn drafts_are_edited_merged_dropped_and_added_and_dropped_words_teach_the_list_m42() {
    on_each_app(|t| {
        let seen = break_down(t);
        let (town, bureau) = (draft(&seen, "灌渠清淤").clone(), draft(&seen, "专项检查").clone());
        assert_eq!(bureau.unit_id.map(|id| id.0), Some(BUREAU));
        let edit = EditInput {
            action: "完成灌渠清淤".into(),
            unit: "柳湾乡".into(),
            due_day: "2024-04-30".into(),
            ..EditInput::default()
        };
        t.app.edit_draft(&t.ctx("office"), town.id, None, edit).unwrap();
        let merge = MergeInput { into: town.id.to_string() };
        t.app.merge_draft(&t.ctx("office"), bureau.id, None, merge).unwrap();
        let after = t.app.breakdown(&t.ctx("office"), seen.breakdown.id).unwrap();
        let kept = after.drafts.iter().find(|draft| draft.id == town.id).unwrap();
        assert!(kept.action.starts_with("完成灌渠清淤；") && kept.unit_id.map(|id| id.0) == Some(OTHER_TOWN));
        let report = draft(&seen, "每月报送").id;
        let wrong = DropInput { reason: "已有制度".into(), word: "没有的词".into() };
        assert_eq!(
            t.app.drop_draft(&t.ctx("office"), report, None, wrong).unwrap_err().code(),
            "invalid_input"
        );
        let drop = DropInput { reason: "已有制度".into(), word: "报送1次工作进展".into() };
        t.app.drop_draft(&t.ctx("office"), report, None, drop).unwrap();
        let again = break_down(t);
        assert!(
            !again.drafts.iter().any(|draft| draft.quote.contains("报送1次工作进展")),
            "{:?}",
            again.drafts
        );
        let add = AddInput { quote: "二要压实责任".into(), action: "压实责任".into() };
        let added = t.app.add_draft(&t.ctx("office"), BreakdownId(again.breakdown.id.0), add).unwrap();
        let sent = AcceptInput { becomes: "requirement".into(), ..AcceptInput::default() };
        assert!(t.app.accept_draft(&t.ctx("office"), added, None, sent).unwrap().problems.is_empty());
        let missing = AddInput { quote: "文件里没有的话".into(), ..AddInput::default() };
        assert_eq!(
            t.app.add_draft(&t.ctx("office"), again.breakdown.id, missing).unwrap_err().code(),
            "invalid_input"
        );
    });
}

/// The report as a docx, sent for checking by the office.
fn check_docx(t: &TestApp) -> TextCheckId {
    let paragraphs = REPORT.lines().map(|line| Block::Paragraph(vec![Run::new(line)])).collect();
    let paper = Paper { blocks: paragraphs, ..Paper::default() };
    let file = SentFile {
        name: "情况报告.docx".into(),
        bytes: docx::write(&paper, &Profile::default()).unwrap(),
    };
    let sent = CheckInput { unit: COUNTY.to_string(), ..CheckInput::default() };
    t.app.check_text(&t.ctx("office"), sent, Some(file)).unwrap()
}

#[test]
fn a_check_is_deleted_by_who_sent_it_and_by_the_office_m43() {
    on_each_app(|t| {
        let sent = CheckInput { unit: TOWN.to_string(), text: REPORT.into(), ..CheckInput::default() };
        let own = t.app.check_text(&t.ctx("filler"), sent.clone(), None).unwrap();
        t.app.remove_check(&t.ctx("filler"), own, None).unwrap();
        let id = t.app.check_text(&t.ctx("office"), sent, None).unwrap();
        let ignore =
            DecideInput { finding: "0".into(), reason: "原文如此".into(), ..DecideInput::default() };
        t.app.decide_finding(&t.ctx("office"), id, None, ignore).unwrap();
        assert_eq!(t.app.remove_check(&t.ctx("evaluator"), id, None).unwrap_err().code(), "not_found");
        assert!(!t.app.text_check(&t.ctx("filler"), id).unwrap().may_remove, "another had it made");
        assert_eq!(t.app.remove_check(&t.ctx("filler"), id, None).unwrap_err().code(), "not_allowed");
        assert_eq!(t.app.remove_check(&t.ctx("office"), id, Some(1)).unwrap_err().code(), "conflict");
        t.app.remove_check(&t.ctx("office"), id, Some(2)).unwrap();
        assert_eq!(t.app.text_check(&t.ctx("office"), id).unwrap_err().code(), "not_found");
        assert!(t.app.text_checks(&t.ctx("office")).unwrap().is_empty());
    });
}

#[test]
fn a_docx_comes_back_with_what_was_accepted_as_tracked_changes_m43() {
    on_each_app(|t| {
        let id = check_docx(t);
        let nothing = t.app.revised_docx(&t.ctx("office"), id).unwrap_err();
        assert_eq!(nothing.code(), "check_nothing_accepted");
        let seen = t.app.text_check(&t.ctx("office"), id).unwrap();
        let fault = &seen.told.iter().find(|told| told.finding.quote.contains('三')).unwrap();
        let accept = DecideInput {
            finding: fault.number.to_string(),
            accept: "1".into(),
            replacement: fault.finding.expected.clone().unwrap(),
            ..DecideInput::default()
        };
        t.app.decide_finding(&t.ctx("office"), id, None, accept).unwrap();
        let out = t.app.revised_docx(&t.ctx("office"), id).unwrap();
        assert_eq!(out.name, "情况报告（校核修订）.docx");
        // What was struck is read no more, what was written instead is: the file says what the corrected text says.
        let read = bihuan_documents::text::read_text(&out.name, &out.bytes).unwrap().text;
        assert_eq!(read, t.app.text_check(&t.ctx("office"), id).unwrap().corrected);
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(out.bytes)).unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut zip.by_name("word/document.xml").unwrap(), &mut text).unwrap();
        assert!(text.contains("<w:delText") && text.contains("<w:ins "), "{text}");
        assert_eq!(t.app.revised_docx(&t.ctx("evaluator"), id).unwrap_err().code(), "not_found");
    });
}

/// Rows of cells as a table; the first row is its head.
fn table(rows: &[&str]) -> Block {
    let cells = |row: &&str| row.split('|').map(Cell::text).collect();
    let (head, rows) = rows.split_at(1);
    Block::Table(Table {
        widths: vec![2, 1, 1],
        head: head.iter().map(cells).collect(),
        rows: rows.iter().map(cells).collect(),
        ..Table::default()
    })
}

#[test]
fn a_wrong_sum_in_a_table_is_found_and_put_right_in_its_cell_m43() {
    on_each_app(|t| {
        let rows = ["乡镇|排查问题|已整改", "青岚镇|12|10", "柳汀镇|9|9", "云溪乡|6|4", "合计|27|24"];
        let title = Block::Paragraph(vec![Run::new("关于春灌检查整改情况的通报")]);
        let paper = Paper { blocks: vec![title, table(&rows)], ..Paper::default() };
        let bytes = docx::write(&paper, &Profile::default()).unwrap();
        let sent = CheckInput { unit: COUNTY.to_string(), ..CheckInput::default() };
        let file = SentFile { name: "通报.docx".into(), bytes };
        let id = t.app.check_text(&t.ctx("office"), sent, Some(file)).unwrap();
        let seen = t.app.text_check(&t.ctx("office"), id).unwrap();
        let wrong: Vec<_> =
            seen.told.iter().filter(|told| told.finding.kind == FindingKind::Certain).collect();
        assert_eq!(wrong.len(), 1);
        let finding = &wrong[0].finding;
        assert_eq!((finding.quote.as_str(), finding.expected.as_deref()), ("24", Some("23")));
        assert!(seen.text.contains("\n青岚镇\t12\t10\n"), "a row is shown in one line: {}", seen.text);
        assert!(
            finding.reason.starts_with("“合计”行“已整改”按3行相加应为23，文中为24"),
            "{}",
            finding.reason
        );
        let accept = DecideInput {
            finding: wrong[0].number.to_string(),
            accept: "1".into(),
            replacement: "23".into(),
            ..DecideInput::default()
        };
        t.app.decide_finding(&t.ctx("office"), id, None, accept).unwrap();
        let out = t.app.revised_docx(&t.ctx("office"), id).unwrap();
        let read = bihuan_documents::text::read_text(&out.name, &out.bytes).unwrap();
        assert!(read.text.trim_end().ends_with("合计\n27\n23"), "{}", read.text);
        assert_eq!(read.tables[0].len(), 15, "the table is still one");

        // Pasted from a spreadsheet, cells are parted by tabs.
        let pasted = format!("春灌检查整改情况\n{}", rows.join("\n").replace('|', "\t"));
        let id = check(t, "office", &pasted);
        let seen = t.app.text_check(&t.ctx("office"), id).unwrap();
        let wrong = seen.told.iter().find(|told| told.finding.expected.as_deref() == Some("23"));
        assert_eq!(wrong.map(|told| told.finding.quote.as_str()), Some("24"));
    });
}

#[test]
fn a_docx_comes_back_with_a_comment_at_each_finding_that_was_not_passed_over_m43() {
    on_each_app(|t| {
        let id = check_docx(t);
        let seen = t.app.text_check(&t.ctx("office"), id).unwrap();
        let number = seen.told.iter().find(|told| told.finding.quote.contains('三')).unwrap().number;
        let ignore =
            DecideInput {
                finding: number.to_string(), reason: "原文如此".into(), ..DecideInput::default()
            };
        t.app.decide_finding(&t.ctx("office"), id, None, ignore).unwrap();
        let out = t.app.commented_docx(&t.ctx("office"), id).unwrap();
        assert_eq!(out.name, "情况报告（校核批注）.docx");
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(out.bytes)).unwrap();
        let mut part = |name: &str| {
            let mut text = String::new();
            std::io::Read::read_to_string(&mut zip.by_name(name).unwrap(), &mut text).unwrap();
            text
        };
        let comments = part("word/comments.xml");
        assert_eq!(comments.matches("<w:comment ").count(), seen.told.len() - 1, "{comments}");
        assert!(comments.contains("数字矛盾") && !comments.contains("序号"), "{comments}");
        let text = part("word/document.xml");
        assert_eq!(text.matches("<w:commentRangeStart ").count(), seen.told.len() - 1);
        assert_eq!(t.app.commented_docx(&t.ctx("stranger"), id).unwrap_err().code(), "not_found");
    });
}

#[test]
fn a_figure_is_compared_with_the_ledger_as_of_the_document_s_day_m43() {
    on_each_app(|t| {
        register(t, "灌渠淤积120米，下游缺水");
        let first = t.ctx("office").today();
        t.days(10);
        register(t, "村务公开栏三个月未更新");
        let check = |day: String, text: &str| {
            let sent = CheckInput {
                unit: COUNTY.to_string(),
                campaign: "1".into(),
                text: text.into(),
                day,
                ..CheckInput::default()
            };
            let id = t.app.check_text(&t.ctx("office"), sent, None).unwrap();
            let seen = t.app.text_check(&t.ctx("office"), id).unwrap();
            seen.compared.iter().map(|one| (one.ledger.clone(), one.agrees, one.day)).collect::<Vec<_>>()
        };
        let then = check(first.to_string(), "情况报告\n全县共排查问题1个。\n");
        assert_eq!(then, [("1个".to_owned(), true, first)], "the second came ten days later");
        let now = check(String::new(), "情况报告\n全县共排查问题1个。\n");
        assert_eq!(now, [("2个".to_owned(), false, first.plus_days(10))]);
        // What a township counts is not the county's, also where a later sentence of its paragraph says no more whose it is.
        for text in [
            "情况报告\n全镇共排查问题19个。已销号问题13个。\n",
            "情况报告\n甲村共排查问题19个。\n",
            "石桥镇关于检视整改的报告\n全县共排查问题19个。\n",
        ] {
            assert_eq!(check(String::new(), text), [], "{text}");
        }
        let town = check(String::new(), "石桥镇关于检视整改的报告\n全镇共排查问题19个。\n");
        assert_eq!(town.len(), 1, "a township's report is held against the township's figures: {town:?}");
    });
}

//! Evidence: checked by content, kept with all its editions, handed out only to who sees the problem.

use crate::county::on_each_app;
use crate::problem::{TEXT, at, file};
use bihuan_app::evidence::{EVIDENCE_BYTES_MAX, EvidenceInput, SentFile, accept};
use bihuan_domain::problem::State;

#[test]
fn a_new_edition_keeps_the_old_one_with_its_digest() {
    on_each_app(|t| {
        let id = at(t, TEXT, State::Rectifying);
        file(t, id, "filler", "closure", "第一版说明").unwrap();
        let old = t.app.problem_view(&t.ctx("filler"), id).unwrap().evidence[0].evidence.clone();
        let sent = EvidenceInput {
            stage: "closure".to_owned(),
            caption: "补充盖章".to_owned(),
            replaces: old.id.to_string(),
            ..EvidenceInput::default()
        };
        let bytes = "第二版说明".as_bytes().to_vec();
        let new = SentFile { name: "..\\..\\盖章<版>.txt".to_owned(), bytes };
        t.app.file_evidence(&t.ctx("filler"), id, None, sent.clone(), new).unwrap();
        let view = t.app.problem_view(&t.ctx("filler"), id).unwrap();
        let (new, old_now) = (&view.evidence[0].evidence, &view.evidence[1].evidence);
        assert_eq!((new.edition, old_now.replaced_by, new.replaced_by), (2, Some(new.id), None));
        assert_eq!((new.file_name.as_str(), old_now.digest.as_str()), ("盖章版.txt", old.digest.as_str()));
        assert_eq!(view.base.case.closure_evidence, 1);
        let bytes = |evidence| t.app.evidence_file(&t.ctx("office"), id, evidence).unwrap().bytes;
        assert_eq!(bytes(old.id), "第一版说明".as_bytes());
        assert_eq!(bytes(new.id), "第二版说明".as_bytes());
        let file = SentFile { name: "三.txt".to_owned(), bytes: b"3".to_vec() };
        let stale = t.app.file_evidence(&t.ctx("filler"), id, None, sent, file).unwrap_err();
        assert_eq!(stale.code(), "conflict", "the edition it replaces was replaced already");
    });
}

#[test]
fn a_file_is_handed_out_only_with_its_problem() {
    on_each_app(|t| {
        let id = at(t, TEXT, State::Rectifying);
        let other = at(t, "柳湾乡集镇污水直排入河，影响300户", State::Rectifying);
        file(t, id, "filler", "progress", "施工记录").unwrap();
        let evidence = t.app.problem_view(&t.ctx("filler"), id).unwrap().evidence[0].evidence.id;
        assert_eq!(t.app.evidence_file(&t.ctx("stranger"), id, evidence).unwrap_err().code(), "not_found");
        assert_eq!(t.app.evidence_file(&t.ctx("office"), other, evidence).unwrap_err().code(), "not_found");
    });
}

#[test]
fn the_same_material_is_filed_at_most_once_for_a_stage() {
    on_each_app(|t| {
        let id = at(t, TEXT, State::Rectifying);
        file(t, id, "filler", "progress", "施工记录").unwrap();
        assert_eq!(
            file(t, id, "filler", "progress", "施工记录").unwrap_err().code(),
            "evidence_filed_already"
        );
        file(t, id, "filler", "closure", "施工记录").unwrap();
    });
}

#[test]
fn what_is_no_evidence_is_refused_in_words() {
    let says = |name: &str, bytes: Vec<u8>| {
        accept(&SentFile { name: name.to_owned(), bytes }).map(|_| ()).map_err(|error| error.to_string())
    };
    assert!(says("a.txt", vec![]).unwrap_err().contains("选择"));
    assert!(says("a.exe", b"MZ\x90\x00".to_vec()).unwrap_err().contains("可执行程序"));
    assert!(says("a.png", "文字".as_bytes().to_vec()).unwrap_err().contains("文件名"));
    assert!(says("机密★5年.txt", b"x".to_vec()).unwrap_err().contains("国家秘密"));
    let edge = |bytes: usize| says("a.txt", vec![b'a'; bytes]);
    assert_eq!(edge(EVIDENCE_BYTES_MAX), Ok(()));
    assert!(edge(EVIDENCE_BYTES_MAX + 1).unwrap_err().contains("超过上限"));
}

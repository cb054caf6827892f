use axum::{body::Body, http::Request, http::StatusCode};
use bihuan_web::{error::Problem, headers::Settings};

use super::{gallery, get, header, send, text};

async fn as_program(path: &str) -> (StatusCode, String) {
    let request = Request::get(path).header("accept", "application/json").body(Body::empty()).unwrap();
    let response = send(gallery(Settings::default()), request).await;
    assert_eq!(header(&response, "content-type"), "application/problem+json");
    (response.status(), text(response).await)
}

#[tokio::test]
async fn a_panic_becomes_a_calm_page_with_the_number_of_the_request_and_no_inner_words() {
    for path in ["/panic", "/broken"] {
        let response = get(path).await;
        assert_eq!(response.status(), 500);
        let id = header(&response, "x-request-id").to_owned();
        assert_eq!(id.len(), 9, "{id}");
        assert_eq!(header(&response, "cache-control"), "no-store");
        let html = text(response).await;
        assert!(html.contains("系统出了问题") && html.contains(&id), "{path}");
        assert!(!html.contains("gallery shows") && !html.contains("disk"), "{path}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_said_on_a_page_and_as_json_in_the_same_words() {
    let page = get("/nothing").await;
    assert_eq!(page.status(), 404);
    let html = text(page).await;
    let (status, json) = as_program("/nothing").await;
    assert_eq!(status, 404);
    let said = Problem::NotFound.said();
    assert!(html.contains(&said.sentence) && json.contains(&said.sentence));
    assert!(json.contains("\"code\":\"not_found\"") && json.contains("\"request_id\":\""));
}

#[tokio::test]
async fn an_address_under_api_and_a_fragment_answer_as_json_without_being_asked() {
    for request in [Request::get("/api/v1/nothing"), Request::get("/broken").header("hx-request", "true")] {
        let response = send(gallery(Settings::default()), request.body(Body::empty()).unwrap()).await;
        assert_eq!(header(&response, "content-type"), "application/problem+json");
    }
}

#[tokio::test]
async fn words_of_the_framework_never_reach_a_person() {
    let bad_number = get("/ledger/seven").await;
    assert_eq!(bad_number.status(), 400);
    assert!(text(bad_number).await.contains("请求无法识别"));
    let wrong_method =
        send(gallery(Settings::default()), Request::put("/overview").body(Body::empty()).unwrap()).await;
    assert_eq!(wrong_method.status(), 405);
    assert!(text(wrong_method).await.contains("请求无法识别"));
}

#[tokio::test]
async fn every_problem_has_words_and_a_stable_code() {
    let problems = [
        Problem::NotFound,
        Problem::Refused {
            code: "doer_closes",
            sentence: "承办单位不能销自己的号。".to_owned(),
            hint: Some("请由验收单位办理。".to_owned()),
            field: Some("unit".to_owned()),
        },
        Problem::invalid("due", "“时限”早于今天，请改为今天以后。"),
        Problem::Forbidden,
        Problem::Conflict,
        Problem::TooMany { retry_after_seconds: 90 },
        Problem::TooLarge { limit_bytes: 20 * 1024 * 1024 },
        Problem::SignIn { next: None },
        Problem::Stale,
        Problem::Slow,
        Problem::BadRequest(StatusCode::BAD_REQUEST),
        Problem::fault("the cause"),
    ];
    let mut codes = std::collections::BTreeSet::new();
    for problem in problems {
        let said = problem.said();
        assert!(codes.insert(said.code.to_owned()), "{}", said.code);
        assert!(said.sentence.ends_with('。') && !said.title.is_empty(), "{problem:?}");
        let html = problem.to_markup("7K3F-9QWM", false).into_string();
        assert!(html.contains(&said.sentence) && html.contains("7K3F-9QWM"));
        let json = problem.to_json("7K3F-9QWM", false);
        assert_eq!(json.status(), said.status);
        let too_many = matches!(problem, Problem::TooMany { .. });
        assert_eq!(header(&json, "retry-after"), if too_many { "90" } else { "" });
        let json = text(json).await;
        assert!(json.contains(&said.sentence) && !json.contains("the cause"), "{json}");
    }
}

#[tokio::test]
async fn fields_to_correct_are_named_for_programs_and_people() {
    let problem = Problem::Invalid {
        fields: vec![
            ("due".to_owned(), "请填写“时限”。".to_owned()),
            ("unit".to_owned(), "请选择“单位”。".to_owned()),
        ],
    };
    assert!(problem.to_markup("x", false).into_string().contains("<li>请选择“单位”。</li>"));
    let json = text(problem.to_json("x", false)).await;
    assert!(json.contains(r#"{"field":"due","detail":"请填写“时限”。"}"#), "{json}");
}

/// Words about saving and handing in, which nobody does who only reads.
const OF_SAVING: [&str; 6] = ["保存", "提交", "办理", "上传", "修改后", "操作可能没有完成"];

#[tokio::test]
async fn a_page_that_was_only_read_does_not_speak_of_saving_and_says_what_can_be_done() {
    let problems = [
        Problem::NotFound,
        Problem::Refused {
            code: "report_not_issued",
            sentence: "这份报告还没有签发。".to_owned(),
            hint: Some("请等签发后再查看。".to_owned()),
            field: None,
        },
        Problem::invalid("as_of", "“截至日期”还没有到，请选择更早的日期。"),
        Problem::Forbidden,
        Problem::Conflict,
        Problem::TooLarge { limit_bytes: 1024 },
        Problem::Slow,
        Problem::BadRequest(StatusCode::BAD_REQUEST),
        Problem::fault("the cause"),
    ];
    for problem in problems {
        let (reading, changing) = (problem.said_of_reading(), problem.said());
        assert_eq!((reading.status, reading.code), (changing.status, changing.code));
        assert!(
            reading.hint.is_some_and(|hint| hint.starts_with('请') || hint.starts_with('如')),
            "{problem:?}"
        );
        let html = problem.to_markup("7K3F-9QWM", true).into_string();
        let json = text(problem.to_json("7K3F-9QWM", true)).await;
        for word in OF_SAVING {
            assert!(!html.contains(word) && !json.contains(word), "{word}: {problem:?}");
        }
        assert!(html.contains(&reading.sentence) && json.contains(&reading.sentence));
    }
    let invalid = Problem::invalid("unit", "请选择“单位”。");
    assert!(invalid.to_markup("x", false).into_string().contains("没有保存"), "a change still says so");
}

#[tokio::test]
async fn the_method_of_the_request_decides_whether_saving_is_spoken_of() {
    let html = text(get("/ledger/seven").await).await;
    assert!(html.contains("系统看不懂这个网址") && !html.contains("没有保存任何内容"), "{html}");
    let put = Request::put("/overview").body(Body::empty()).unwrap();
    let html = text(send(gallery(Settings::default()), put).await).await;
    assert!(html.contains("没有保存任何内容"), "{html}");
    let broken = text(get("/broken").await).await;
    assert!(broken.contains("暂时读不出来") && !broken.contains("已经保存"));
}

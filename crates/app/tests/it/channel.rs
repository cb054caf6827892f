//! Channels against stand-ins on this machine: what each of them is sent, signed and tried again (M46).

use crate::support::{Fixture, context, first_day, refused};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use bihuan_app::Context;
use bihuan_app::channel::ChannelInput;
use bihuan_domain::Instant;
use bihuan_domain::id::ChannelId;
use bihuan_domain::role::Role;
use bihuan_testkit::on_each_engine;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

fn now() -> Instant {
    first_day().plus_days(3).starts_at().plus_seconds(10 * 3600)
}

/// A server that answers `times` connections one after the other and hands on what it heard.
fn stand_in(answers: Vec<&'static str>, speak: fn(TcpStream, &str) -> String) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, heard) = channel();
    std::thread::spawn(move || {
        for answer in answers {
            let Ok((stream, _)) = listener.accept() else { return };
            stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
            if tell.send(speak(stream, answer)).is_err() {
                return;
            }
        }
    });
    (port, heard)
}

/// Hears one HTTP request whole and answers with a body; `400 ` before the body is the status.
fn http(mut stream: TcpStream, answer: &str) -> String {
    let (status, answer) =
        answer.strip_prefix("400 ").map_or(("200 OK", answer), |rest| ("400 Bad Request", rest));
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        head.push_str(&line);
        if line == "\r\n" || line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{answer}",
        answer.len()
    )
    .unwrap();
    format!("{head}{}", String::from_utf8(body).unwrap())
}

/// Speaks enough SMTP to take one mail.
fn smtp(mut stream: TcpStream, _: &str) -> String {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    stream.write_all(b"220 stand-in ESMTP\r\n").unwrap();
    let (mut heard, mut in_data) = (String::new(), false);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return heard;
        }
        heard.push_str(&line);
        let reply: &[u8] = match line.trim_end() {
            "." if in_data => {
                in_data = false;
                b"250 taken\r\n"
            }
            _ if in_data => continue,
            "DATA" => {
                in_data = true;
                b"354 go on\r\n"
            }
            "QUIT" => {
                stream.write_all(b"221 bye\r\n").unwrap();
                return heard;
            }
            _ => b"250 ok\r\n",
        };
        stream.write_all(reply).unwrap();
    }
}

fn admin(f: &Fixture) -> Context {
    Context { at: now(), ..context(50, Role::SystemAdmin, &f.unit("YX"), first_day()) }
}

fn set(f: &Fixture, kind: &str, url: String, secret: &str) -> ChannelId {
    let sent = ChannelInput {
        unit: f.unit("YX").id.to_string(),
        kind: kind.to_owned(),
        name: format!("渠道{kind}"),
        url,
        secret: secret.to_owned(),
        sender: if kind == "email" { "bihuan@example.org".to_owned() } else { String::new() },
        enabled: "1".to_owned(),
        ..ChannelInput::default()
    };
    f.app.save_channel(&admin(f), None, None, sent).unwrap().channel.id
}

fn signature(key: &str, text: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    BASE64_STANDARD.encode(mac.finalize().into_bytes())
}

#[test]
fn group_robots_get_signed_messages_and_their_refusals_are_told_m46() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let ok = r#"{"errcode":0,"errmsg":"ok"}"#;
        let (port, heard) = stand_in(vec![ok, r#"{"errcode":93000,"errmsg":"invalid key"}"#], http);
        let wecom = set(&f, "wecom", format!("http://127.0.0.1:{port}/send?key=SECRET-KEY"), "");
        f.app.test_channel(&admin(&f), wecom, "").unwrap();
        let request = heard.recv().unwrap();
        assert!(
            request.starts_with("POST /send?key=SECRET-KEY ") && request.contains("\"msgtype\":\"text\"")
        );
        let refusal = refused(f.app.test_channel(&admin(&f), wecom, ""));
        assert!(refusal.code == "test_failed" && refusal.sentence.contains("93000"), "{refusal:?}");
        assert!(!refusal.sentence.contains("SECRET-KEY"));

        let (port, heard) = stand_in(vec![ok], http);
        let dingtalk = set(&f, "dingtalk", format!("http://127.0.0.1:{port}/robot?access_token=T"), "SECkey");
        f.app.test_channel(&admin(&f), dingtalk, "").unwrap();
        let millis = now().micros() / 1000;
        let sign = signature("SECkey", &format!("{millis}\nSECkey"));
        let sign = sign.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
        let wanted = format!("POST /robot?access_token=T&timestamp={millis}&sign={sign} ");
        let request = heard.recv().unwrap();
        assert!(request.starts_with(&wanted), "{request}\n{wanted}");

        let (port, heard) = stand_in(vec![r#"{"code":0,"msg":"success"}"#], http);
        let feishu = set(&f, "feishu", format!("http://127.0.0.1:{port}/hook/x"), "fskey");
        f.app.test_channel(&admin(&f), feishu, "").unwrap();
        let request = heard.recv().unwrap();
        let seconds = millis / 1000;
        let body: serde_json::Value =
            serde_json::from_str(request.split("\r\n\r\n").nth(1).unwrap()).unwrap();
        assert_eq!(body["timestamp"], seconds.to_string());
        assert_eq!(body["sign"], signature(&format!("{seconds}\nfskey"), ""));
        assert_eq!(body["msg_type"], "text");
    });
}

#[test]
fn mail_goes_out_by_smtp_m46() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let (port, heard) = stand_in(vec![""], smtp);
        let mail = set(&f, "email", format!("127.0.0.1:{port}"), "");
        assert!(f.app.test_channel(&admin(&f), mail, "not an address").is_err());
        f.app.test_channel(&admin(&f), mail, "clerk@example.org").unwrap();
        let said = heard.recv().unwrap();
        assert!(
            said.contains("MAIL FROM:<bihuan@example.org>") && said.contains("RCPT TO:<clerk@example.org>"),
            "{said}"
        );
        assert!(said.contains("Subject: =?utf-8?"), "{said}");
    });
}

#[test]
fn what_is_secret_of_a_channel_is_given_out_nowhere_m46() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let id =
            set(&f, "dingtalk", "https://oapi.example.org/robot?access_token=TOKEN-1".to_owned(), "SEC-2");
        let views = f.app.channels(&admin(&f)).unwrap();
        let text = format!("{views:?}{}", serde_json::to_string(&views).unwrap());
        assert!(!text.contains("TOKEN-1") && !text.contains("SEC-2"), "{text}");
        let entries = f.db.read(|conn| {
            bihuan_store::journal::list(conn, &bihuan_store::journal::EntryFilter::default(), 100)
        });
        let journal = format!("{:?}", entries.unwrap());
        assert!(!journal.contains("TOKEN-1") && !journal.contains("SEC-2"));
        // Changed without typing the secrets again: they stay.
        let sent = ChannelInput {
            unit: f.unit("YX").id.to_string(),
            kind: "dingtalk".to_owned(),
            name: "改名".to_owned(),
            ..ChannelInput::default()
        };
        let changed = f.app.save_channel(&admin(&f), Some(id), None, sent.clone()).unwrap();
        assert!(changed.secret_set && changed.channel.host == "oapi.example.org" && !changed.channel.enabled);
        let filler = context(51, Role::Filler, &f.unit("YX"), first_day());
        assert_eq!(refused(f.app.channels(&filler)).code, "not_allowed");
        let stranger = context(52, Role::Office, &f.unit("YS"), first_day());
        assert_eq!(f.app.save_channel(&stranger, Some(id), None, sent).unwrap_err().code(), "not_found");
    });
}

#[test]
fn what_does_not_arrive_is_tried_again_later_and_quiet_hours_hold_all_but_the_urgent_m46() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let ok = r#"{"errcode":0}"#;
        let (port, heard) = stand_in(vec![r#"{"errcode":1,"errmsg":"busy"}"#, ok, ok], http);
        let id = set(&f, "wecom", format!("http://127.0.0.1:{port}/send"), "");
        let put = |dedup: &'static str, urgent, at: Instant| {
            f.db.write(move |conn| {
                let words = ("标题", dedup);
                bihuan_store::channel::put_out(conn, id, "", dedup, words, urgent, at)
            })
            .unwrap();
        };
        put("plain", false, now());
        put("plain", false, now());
        let report = f.app.send_messages(now()).unwrap();
        assert_eq!((report.sent, report.retried), (0, 1), "put out twice, sent once");
        assert_eq!(f.app.send_messages(now().plus_seconds(30)).unwrap(), Default::default(), "not yet");
        assert_eq!(f.app.send_messages(now().plus_seconds(61)).unwrap().sent, 1);
        let night = first_day().plus_days(4).starts_at().plus_seconds(22 * 3600);
        put("evening", false, night);
        put("urgent", true, night);
        assert_eq!(f.app.send_messages(night).unwrap().sent, 1);
        let told: Vec<String> = heard.iter().take(3).collect();
        assert!(told[2].contains("urgent"), "{told:?}");
        // What was for yesterday is told no more.
        assert_eq!(f.app.send_messages(night.plus_seconds(12 * 3600)).unwrap(), Default::default());
        let view = f.app.channel(&admin(&f), id).unwrap();
        assert_eq!((view.waiting, view.sent, view.failed), (0, 2, 1));
    });
}

/// An application of a platform: its number, its key, and its secret.
fn set_app(f: &Fixture, kind: &str, port: u16) -> ChannelId {
    let sent = ChannelInput {
        unit: f.unit("YX").id.to_string(),
        kind: kind.to_owned(),
        name: format!("应用{kind}"),
        url: format!("http://127.0.0.1:{port}/"),
        secret: "APP-SECRET".to_owned(),
        sender: if kind == "feishu_app" { String::new() } else { "1000002".to_owned() },
        login: "app-key".to_owned(),
        enabled: "1".to_owned(),
    };
    f.app.save_channel(&admin(f), None, None, sent).unwrap().channel.id
}

const TOKEN: &str = r#"{"errcode":0,"errmsg":"ok","access_token":"T1","expires_in":7200}"#;
const TOKEN_2: &str = r#"{"errcode":0,"errmsg":"ok","access_token":"T2","expires_in":7200}"#;
const TAKEN: &str = r#"{"errcode":0,"errmsg":"ok"}"#;

fn body_of(request: &str) -> serde_json::Value {
    serde_json::from_str(request.split("\r\n\r\n").nth(1).unwrap()).unwrap()
}

fn later(f: &Fixture, seconds: i64) -> Context {
    Context { at: now().plus_seconds(seconds), ..admin(f) }
}

#[test]
fn a_wecom_application_fetches_a_token_keeps_it_and_fetches_anew_when_it_is_refused_or_old_m46() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let refused_token = r#"{"errcode":42001,"errmsg":"access_token expired"}"#;
        let answers = vec![
            TOKEN,
            TAKEN,
            TAKEN, // fetched once, used twice
            refused_token,
            TOKEN_2,
            TAKEN, // refused: fetched anew
            TOKEN,
            TAKEN, // old
            r#"{"errcode":0,"errmsg":"ok","invaliduser":"nobody"}"#,
            r#"{"errcode":60020,"errmsg":"not allow to access from your ip"}"#,
        ];
        let (port, heard) = stand_in(answers, http);
        let id = set_app(&f, "wecom_app", port);
        f.app.test_channel(&admin(&f), id, "zhang.san").unwrap();
        let asked = heard.recv().unwrap();
        assert!(asked.starts_with("GET /cgi-bin/gettoken?corpid=app-key&corpsecret=APP-SECRET "), "{asked}");
        let told = heard.recv().unwrap();
        assert!(told.starts_with("POST /cgi-bin/message/send?access_token=T1 "), "{told}");
        let body = body_of(&told);
        assert_eq!(body["touser"], "zhang.san");
        assert_eq!(body["agentid"], 1_000_002);
        assert!(body["text"]["content"].as_str().unwrap().contains("测试"));
        f.app.test_channel(&later(&f, 60), id, "zhang.san").unwrap();
        assert!(heard.recv().unwrap().starts_with("POST /cgi-bin/message/send?access_token=T1 "));
        f.app.test_channel(&later(&f, 120), id, "zhang.san").unwrap();
        let tries: Vec<String> = heard.iter().take(3).collect();
        assert!(tries[0].contains("access_token=T1 ") && tries[1].contains("gettoken"), "{tries:?}");
        assert!(tries[2].starts_with("POST /cgi-bin/message/send?access_token=T2 "), "{tries:?}");
        f.app.test_channel(&later(&f, 7_300), id, "zhang.san").unwrap();
        assert!(heard.recv().unwrap().contains("gettoken"), "its two hours are over");
        heard.recv().unwrap();
        let refusal = refused(f.app.test_channel(&later(&f, 7_400), id, "nobody"));
        assert!(refusal.sentence.contains("平台上没有这个账号"), "{refusal:?}");
        let refusal = refused(f.app.test_channel(&later(&f, 7_500), id, "zhang.san"));
        assert!(
            refusal.sentence.contains("60020") && !refusal.sentence.contains("APP-SECRET"),
            "{refusal:?}"
        );
        // Without a name nobody is told; a name that means everybody is none.
        for wrong in ["", "@all", "a|b"] {
            assert!(f.app.test_channel(&admin(&f), id, wrong).is_err(), "{wrong}");
        }
    });
}

#[test]
fn a_dingtalk_application_sends_work_notices_and_says_when_its_secret_is_wrong_m46() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let wrong = r#"{"errcode":40089,"errmsg":"不合法的corpid或corpsecret"}"#;
        let (port, heard) = stand_in(vec![wrong, TOKEN, TAKEN], http);
        let id = set_app(&f, "dingtalk_app", port);
        let refusal = refused(f.app.test_channel(&admin(&f), id, "u01"));
        assert!(
            refusal.sentence.contains("40089") && refusal.sentence.contains("应用标识和密钥"),
            "{refusal:?}"
        );
        assert!(heard.recv().unwrap().starts_with("GET /gettoken?appkey=app-key&appsecret=APP-SECRET "));
        f.app.test_channel(&admin(&f), id, "u01").unwrap();
        heard.recv().unwrap();
        let told = heard.recv().unwrap();
        let wanted = "POST /topapi/message/corpconversation/asyncsend_v2?access_token=T1 ";
        assert!(told.starts_with(wanted), "{told}");
        let body = body_of(&told);
        assert_eq!(body["userid_list"], "u01");
        assert_eq!(body["agent_id"], 1_000_002);
        assert_eq!(body["msg"]["msgtype"], "text");
    });
}

#[test]
fn a_feishu_application_bears_its_token_in_the_head_and_is_heard_when_it_answers_400_m46() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let token = r#"{"code":0,"msg":"ok","tenant_access_token":"t-1","expire":7200}"#;
        let gone = r#"400 {"code":99991663,"msg":"Invalid access token"}"#;
        let answers = vec![token, r#"{"code":0,"msg":"success","data":{}}"#, gone, token, gone];
        let (port, heard) = stand_in(answers, http);
        let id = set_app(&f, "feishu_app", port);
        f.app.test_channel(&admin(&f), id, "u_7").unwrap();
        let asked = heard.recv().unwrap();
        assert!(asked.starts_with("POST /open-apis/auth/v3/tenant_access_token/internal "), "{asked}");
        assert_eq!(body_of(&asked)["app_secret"], "APP-SECRET");
        let told = heard.recv().unwrap();
        assert!(told.starts_with("POST /open-apis/im/v1/messages?receive_id_type=user_id "), "{told}");
        assert!(told.to_ascii_lowercase().contains("authorization: bearer t-1"), "{told}");
        let body = body_of(&told);
        assert_eq!(body["receive_id"], "u_7");
        assert_eq!(body["msg_type"], "text");
        let content: serde_json::Value = serde_json::from_str(body["content"].as_str().unwrap()).unwrap();
        assert!(content["text"].as_str().unwrap().contains("测试"));
        // Refused, fetched anew, refused again: said, and not tried for ever.
        let refusal = refused(f.app.test_channel(&later(&f, 60), id, "u_7"));
        assert!(refusal.sentence.contains("访问凭证"), "{refusal:?}");
        assert_eq!(heard.iter().take(3).count(), 3);
    });
}

#[test]
fn an_application_needs_its_key_its_number_and_its_secret_m46() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let good = ChannelInput {
            unit: f.unit("YX").id.to_string(),
            kind: "wecom_app".to_owned(),
            name: "县应用".to_owned(),
            secret: "S".to_owned(),
            sender: "1000002".to_owned(),
            login: "ww1".to_owned(),
            ..ChannelInput::default()
        };
        for (sent, field) in [
            (ChannelInput { sender: String::new(), ..good.clone() }, "sender"),
            (ChannelInput { login: String::new(), ..good.clone() }, "login"),
            (ChannelInput { secret: String::new(), ..good.clone() }, "secret"),
            (ChannelInput { url: "http://qyapi.example.org".to_owned(), ..good.clone() }, "url"),
        ] {
            let found = match f.app.save_channel(&admin(&f), None, None, sent).unwrap_err() {
                bihuan_app::Error::Invalid(fields) => fields[0].0.clone(),
                bihuan_app::Error::Refused(refusal) => refusal.field.unwrap_or_default().to_owned(),
                other => panic!("{other:?}"),
            };
            assert_eq!(found, field);
        }
        let kept = f.app.save_channel(&admin(&f), None, None, good).unwrap();
        assert_eq!(kept.channel.host, "qyapi.weixin.qq.com", "the platform's own address");
    });
}

//! One message to the other side, with a time limit, no redirects, and the signatures each of them asks for.

use super::platform::Tokens;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use bihuan_domain::Instant;
use bihuan_domain::channel::{Channel, ChannelKind, check_mail_server};
use bihuan_store::channel::Secret;
use hmac::{Hmac, KeyInit as _, Mac as _};
use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{Message, SmtpTransport, Transport as _};
use serde_json::{Value, json};
use sha2::Sha256;
use std::time::Duration;

/// Seconds one attempt may take.
pub const SEND_TIMEOUT_SECONDS: u64 = 15;
/// Bytes of an answer that are read.
const ANSWER_BYTES_MAX: u64 = 64 * 1024;
/// Characters of a message to a group; longer ones are cut.
const GROUP_CHARS_MAX: usize = 2_000;
/// The port on which mail is encrypted from the first byte.
const SMTPS_PORT: u16 = 465;

/// A message and where it goes.
#[derive(Clone, Copy, Debug)]
pub struct Sending<'a> {
    /// The channel.
    pub channel: &'a Channel,
    /// Its secrets.
    pub secret: &'a Secret,
    /// The address for e-mail, the account on the platform for an application.
    pub to: &'a str,
    /// Subject.
    pub subject: &'a str,
    /// Text.
    pub body: &'a str,
    /// When; signatures hold for minutes only.
    pub now: Instant,
}

/// Sends it. The error says in words what went wrong, without anything secret.
///
/// # Errors
/// What the other side or the network answered.
pub(crate) fn deliver(sending: &Sending<'_>, tokens: &Tokens) -> Result<(), String> {
    match sending.channel.kind {
        ChannelKind::Email => mail(sending),
        kind if kind.is_app() => super::platform::deliver(sending, tokens),
        _ => {
            let (url, body) = payload(sending)?;
            post(&url, &body)
        }
    }
}

fn signature(key: &str, text: &str) -> Result<String, String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_err(|_| "密钥无法使用".to_owned())?;
    mac.update(text.as_bytes());
    Ok(BASE64_STANDARD.encode(mac.finalize().into_bytes()))
}

pub(super) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// Address and body of a message to a group robot, signed where a key is set.
///
/// # Errors
/// A key that cannot be used.
pub fn payload(sending: &Sending<'_>) -> Result<(String, Value), String> {
    let text: String =
        format!("{}\n{}", sending.subject, sending.body).chars().take(GROUP_CHARS_MAX).collect();
    let (url, key) = (sending.secret.url.clone(), sending.secret.secret.as_str());
    let millis = sending.now.micros() / 1_000;
    match sending.channel.kind {
        ChannelKind::DingTalk => {
            // HMAC of "time\nkey" under the key; the time is in milliseconds.
            let sign = encoded(&signature(key, &format!("{millis}\n{key}"))?);
            let join = if url.contains('?') { '&' } else { '?' };
            let url = format!("{url}{join}timestamp={millis}&sign={sign}");
            Ok((url, json!({ "msgtype": "text", "text": { "content": text } })))
        }
        ChannelKind::Feishu => {
            let mut body = json!({ "msg_type": "text", "content": { "text": text } });
            if !key.is_empty() {
                // HMAC of nothing under "time\nkey"; the time is in seconds.
                let seconds = millis / 1_000;
                body["timestamp"] = json!(seconds.to_string());
                body["sign"] = json!(signature(&format!("{seconds}\n{key}"), "")?);
            }
            Ok((url, body))
        }
        _ => Ok((url, json!({ "msgtype": "text", "text": { "content": text } }))),
    }
}

/// One attempt has its time; nobody is sent elsewhere.
pub(super) fn settings() -> ureq::config::Config {
    ureq::config::Config::builder()
        .timeout_global(Some(Duration::from_secs(SEND_TIMEOUT_SECONDS)))
        .max_redirects(0)
        .http_status_as_error(false)
        .build()
}

/// The JSON of an answer whose status is one of these.
pub(super) fn answer_of(
    mut answer: ureq::http::Response<ureq::Body>,
    statuses: &[u16],
) -> Result<Value, String> {
    let status = answer.status().as_u16();
    if !statuses.contains(&status) {
        return Err(format!("对方返回状态{status}"));
    }
    let text = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_string();
    let text = text.map_err(|_| "对方的回应无法读取".to_owned())?;
    serde_json::from_str(&text).map_err(|_| "对方的回应不是JSON".to_owned())
}

fn post(url: &str, body: &Value) -> Result<(), String> {
    let sent = settings()
        .new_agent()
        .post(url)
        .header("content-type", "application/json; charset=utf-8")
        .send(body.to_string());
    let answer = sent.map_err(|error| match error {
        ureq::Error::Timeout(_) => format!("{SEND_TIMEOUT_SECONDS}秒内没有回应"),
        // The address stands in some errors, and a key stands in the address.
        other => format!("连接失败（{}）", other.to_string().replace(url, "…")),
    })?;
    let answer = answer_of(answer, &[200])?;
    // WeCom and DingTalk say errcode, Feishu says code, all of them 0 for success.
    let code = ["errcode", "code", "StatusCode"].iter().find_map(|name| answer[name].as_i64());
    match code {
        Some(0) => Ok(()),
        Some(code) => {
            let words = answer["errmsg"].as_str().or_else(|| answer["msg"].as_str()).unwrap_or_default();
            let words: String = words.chars().take(100).collect();
            Err(format!("对方返回错误{code} {words}"))
        }
        None => Err("对方的回应中没有结果代码".to_owned()),
    }
}

fn mail(sending: &Sending<'_>) -> Result<(), String> {
    let (host, port) = check_mail_server(&sending.secret.url).map_err(|refusal| refusal.sentence)?;
    let mailbox = |text: &str| text.parse::<Mailbox>().map_err(|_| format!("地址“{text}”无效"));
    let message = Message::builder()
        .from(mailbox(&sending.channel.sender)?)
        .to(mailbox(sending.to)?)
        .subject(sending.subject)
        .header(ContentType::TEXT_PLAIN)
        .body(sending.body.to_owned())
        .map_err(|error| format!("邮件无法生成（{error}）"))?;
    let builder = if matches!(host.as_str(), "127.0.0.1" | "localhost") {
        // A relay on this very machine: nothing leaves it in clear.
        SmtpTransport::builder_dangerous(&host)
    } else if port == SMTPS_PORT {
        SmtpTransport::relay(&host).map_err(|error| format!("无法加密（{error}）"))?
    } else {
        SmtpTransport::starttls_relay(&host).map_err(|error| format!("无法加密（{error}）"))?
    };
    let mut builder = builder.port(port).timeout(Some(Duration::from_secs(SEND_TIMEOUT_SECONDS)));
    if !sending.channel.login.is_empty() {
        let (login, password) = (sending.channel.login.clone(), sending.secret.secret.clone());
        builder = builder.credentials(Credentials::new(login, password));
    }
    builder.build().send(&message).map(|_| ()).map_err(|error| format!("邮件服务器：{error}"))
}

//! Messages to single people by an application of the office's platform: WeCom, DingTalk, Feishu. Each wants a token
//! that is fetched with the application's secret, holds for about two hours, and is asked for again when it is refused.

use super::send::{SEND_TIMEOUT_SECONDS, Sending, answer_of, encoded, settings};
use bihuan_domain::Instant;
use bihuan_domain::channel::ChannelKind;
use bihuan_domain::id::ChannelId;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Mutex;

/// Seconds before its end from which a token is not used any more.
const TOKEN_MARGIN_SECONDS: i64 = 300;
/// Seconds a token holds where the platform does not say.
const TOKEN_SECONDS: i64 = 7_200;
/// Characters of a message to one person; longer ones are cut.
const MESSAGE_CHARS_MAX: usize = 1_000;
/// What the platforms answer when a token is old or was taken back.
const TOKEN_REFUSED: [i64; 6] = [40_001, 40_014, 42_001, 88, 99_991_663, 99_991_668];

/// Tokens in force, by channel: a running state of this process, written nowhere.
#[derive(Default)]
pub(crate) struct Tokens(Mutex<HashMap<ChannelId, (String, Instant)>>);

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens(…)")
    }
}

impl Tokens {
    fn known(&self, id: ChannelId, now: Instant) -> Option<String> {
        let held = self.0.lock().ok()?;
        held.get(&id).filter(|(_, until)| now < *until).map(|(token, _)| token.clone())
    }

    fn keep(&self, id: ChannelId, token: &str, until: Instant) {
        if let Ok(mut held) = self.0.lock() {
            held.insert(id, (token.to_owned(), until));
        }
    }

    /// Forgets a token: it was refused, or the channel was set anew.
    pub(crate) fn forget(&self, id: ChannelId) {
        if let Ok(mut held) = self.0.lock() {
            held.remove(&id);
        }
    }
}

/// Why a message did not arrive.
enum Failed {
    /// The token is no good any more.
    Token,
    Other(String),
}

/// Sends to one person. A token that was refused is fetched anew, once.
///
/// # Errors
/// What the platform or the network answered, in words without anything secret.
pub(super) fn deliver(sending: &Sending<'_>, tokens: &Tokens) -> Result<(), String> {
    let id = sending.channel.id;
    if let Some(token) = tokens.known(id, sending.now) {
        match message(sending, &token) {
            Ok(()) => return Ok(()),
            Err(Failed::Other(why)) => return Err(why),
            Err(Failed::Token) => tokens.forget(id),
        }
    }
    let (token, seconds) = fetch_token(sending)?;
    tokens.keep(id, &token, sending.now.plus_seconds((seconds - TOKEN_MARGIN_SECONDS).max(0)));
    message(sending, &token).map_err(|failed| {
        tokens.forget(id);
        match failed {
            Failed::Token => "平台不认刚取得的访问凭证，请核对应用的权限".to_owned(),
            Failed::Other(why) => why,
        }
    })
}

fn base<'a>(sending: &Sending<'a>) -> &'a str {
    sending.secret.url.trim_end_matches('/')
}

/// A token, and the seconds it holds.
fn fetch_token(sending: &Sending<'_>) -> Result<(String, i64), String> {
    let (base, key, secret) =
        (base(sending), encoded(&sending.channel.login), encoded(&sending.secret.secret));
    let answer = match sending.channel.kind {
        ChannelKind::FeishuApp => {
            let url = format!("{base}/open-apis/auth/v3/tenant_access_token/internal");
            let body = json!({ "app_id": sending.channel.login, "app_secret": sending.secret.secret });
            ask(&url, None, Some(&body))?
        }
        ChannelKind::DingTalkApp => {
            ask(&format!("{base}/gettoken?appkey={key}&appsecret={secret}"), None, None)?
        }
        _ => ask(&format!("{base}/cgi-bin/gettoken?corpid={key}&corpsecret={secret}"), None, None)?,
    };
    refused(&answer).map_or(Ok(()), |(code, words)| {
        Err(format!("取访问凭证时平台返回错误{code} {words}；请核对应用标识和密钥"))
    })?;
    let token = answer["access_token"].as_str().or_else(|| answer["tenant_access_token"].as_str());
    let token = token.filter(|token| !token.is_empty()).ok_or("平台没有给出访问凭证")?;
    let seconds = answer["expires_in"].as_i64().or_else(|| answer["expire"].as_i64());
    Ok((token.to_owned(), seconds.unwrap_or(TOKEN_SECONDS)))
}

fn message(sending: &Sending<'_>, token: &str) -> Result<(), Failed> {
    let text: String =
        format!("{}\n{}", sending.subject, sending.body).chars().take(MESSAGE_CHARS_MAX).collect();
    let (base, in_address) = (base(sending), encoded(token));
    let number: i64 = sending.channel.sender.trim().parse().unwrap_or_default();
    let (url, bearer, body) = match sending.channel.kind {
        ChannelKind::FeishuApp => (
            format!("{base}/open-apis/im/v1/messages?receive_id_type=user_id"),
            Some(token),
            json!({
                "receive_id": sending.to, "msg_type": "text",
                "content": json!({ "text": text }).to_string(),
            }),
        ),
        ChannelKind::DingTalkApp => (
            format!("{base}/topapi/message/corpconversation/asyncsend_v2?access_token={in_address}"),
            None,
            json!({
                "agent_id": number, "userid_list": sending.to,
                "msg": { "msgtype": "text", "text": { "content": text } },
            }),
        ),
        _ => (
            format!("{base}/cgi-bin/message/send?access_token={in_address}"),
            None,
            json!({ "touser": sending.to, "msgtype": "text", "agentid": number, "text": { "content": text } }),
        ),
    };
    let answer = ask(&url, bearer, Some(&body)).map_err(Failed::Other)?;
    match refused(&answer) {
        Some((code, _)) if TOKEN_REFUSED.contains(&code) => Err(Failed::Token),
        Some((code, words)) => Err(Failed::Other(format!("平台返回错误{code} {words}"))),
        // WeCom says yes and names whom it did not reach.
        None if answer["invaliduser"].as_str().is_some_and(|who| !who.is_empty()) => {
            Err(Failed::Other("平台上没有这个账号，或者不在应用的可见范围内".to_owned()))
        }
        None => Ok(()),
    }
}

/// The code and the words of an answer that says no.
fn refused(answer: &Value) -> Option<(i64, String)> {
    let code = ["errcode", "code"].iter().find_map(|name| answer[name].as_i64());
    let words = answer["errmsg"].as_str().or_else(|| answer["msg"].as_str()).unwrap_or_default();
    match code {
        Some(0) => None,
        Some(code) => Some((code, words.chars().take(100).collect())),
        None => Some((-1, "回应中没有结果代码".to_owned())),
    }
}

/// Asks the platform: a GET without a body, a POST with one.
fn ask(url: &str, bearer: Option<&str>, body: Option<&Value>) -> Result<Value, String> {
    let client = settings().new_agent();
    let sent = match body {
        None => client.get(url).call(),
        Some(body) => {
            let mut request = client.post(url).header("content-type", "application/json; charset=utf-8");
            if let Some(token) = bearer {
                request = request.header("authorization", format!("Bearer {token}"));
            }
            request.send(body.to_string())
        }
    };
    let answer = sent.map_err(|error| match error {
        ureq::Error::Timeout(_) => format!("{SEND_TIMEOUT_SECONDS}秒内没有回应"),
        // The address stands in some errors, and a key stands in the address.
        other => format!("连接失败（{}）", other.to_string().replace(url, "…")),
    })?;
    // Feishu says what is wrong in the body of a 400.
    answer_of(answer, &[200, 400])
}

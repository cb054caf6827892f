//! Channels 通知渠道: the ways messages leave the program, as the office set them.

use crate::id::{ChannelId, UnitId};
use crate::refusal::{Refusal, require_text};
use serde::{Deserialize, Serialize};

/// Longest name of a channel, in characters.
pub const CHANNEL_NAME_CHARS_MAX: usize = 40;
/// Longest address or secret of a channel, in characters.
pub const CHANNEL_ADDRESS_CHARS_MAX: usize = 500;
/// Times a message is tried before it counts as failed.
pub const ATTEMPTS_MAX: i64 = 6;
/// Seconds until the first repetition; each further one waits twice as long.
pub const BACKOFF_FIRST_SECONDS: i64 = 60;

crate::coded! {
    /// Kind of a channel.
    ChannelKind ("渠道类型") {
        /// E-mail to each person who gave an address.
        Email = "email", "电子邮件";
        /// A group robot of WeCom.
        WeCom = "wecom", "企业微信群机器人";
        /// A group robot of DingTalk, signed.
        DingTalk = "dingtalk", "钉钉群机器人";
        /// A group robot of Feishu, signed.
        Feishu = "feishu", "飞书群机器人";
        /// An application of WeCom, to single people.
        WeComApp = "wecom_app", "企业微信应用";
        /// An application of DingTalk, to single people.
        DingTalkApp = "dingtalk_app", "钉钉应用";
        /// An application of Feishu, to single people.
        FeishuApp = "feishu_app", "飞书应用";
    }
}

impl ChannelKind {
    /// Messages go to single people by an application of a platform.
    pub fn is_app(self) -> bool {
        matches!(self, ChannelKind::WeComApp | ChannelKind::DingTalkApp | ChannelKind::FeishuApp)
    }

    /// Messages go to single people, not to a group.
    pub fn is_personal(self) -> bool {
        self == ChannelKind::Email || self.is_app()
    }

    /// Where the platform of an application is asked when the office gives no address of its own; empty for others.
    pub fn platform(self) -> &'static str {
        match self {
            ChannelKind::WeComApp => "https://qyapi.weixin.qq.com",
            ChannelKind::DingTalkApp => "https://oapi.dingtalk.com",
            ChannelKind::FeishuApp => "https://open.feishu.cn",
            _ => "",
        }
    }

    /// The application is named by a number beside its key 应用编号 AgentId.
    pub fn has_agent_number(self) -> bool {
        matches!(self, ChannelKind::WeComApp | ChannelKind::DingTalkApp)
    }
}

/// A channel without its secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// Number.
    pub id: ChannelId,
    /// The unit whose business goes out by it.
    pub unit_id: UnitId,
    /// Kind.
    pub kind: ChannelKind,
    /// Name.
    pub name: String,
    /// The server, without what is secret: `smtp.example.org:587`, `oapi.dingtalk.com`.
    pub host: String,
    /// The sender's address, for e-mail; the application's number, for WeCom and DingTalk.
    pub sender: String,
    /// Sign-in name at the mail server, empty for none; the key that names an application (CorpID, AppKey, App ID).
    pub login: String,
    /// In use.
    pub enabled: bool,
    /// Row version.
    pub version: i64,
}

/// Seconds to wait after the `attempts`-th failed attempt.
pub fn backoff_seconds(attempts: i64) -> i64 {
    let doublings = u32::try_from((attempts - 1).clamp(0, ATTEMPTS_MAX)).unwrap_or(0);
    BACKOFF_FIRST_SECONDS << doublings
}

/// Checks the address of a group robot: encrypted, or on this very machine; answers with its host.
///
/// # Errors
/// `address_not_https`, text limits, naming `url`.
pub fn check_webhook(url: &str) -> Result<String, Refusal> {
    let url = require_text("url", "机器人地址", url, CHANNEL_ADDRESS_CHARS_MAX)?;
    let host = |rest: &str| rest.split(['/', '?', '#']).next().unwrap_or_default().to_owned();
    let bad = |sentence: &str| {
        let hint = "请从群机器人的设置页复制完整地址。";
        Err(Refusal::of_field("url", "address_not_https", sentence.to_owned(), hint))
    };
    if url.chars().any(|letter| letter.is_whitespace() || letter == '@') {
        return bad("机器人地址中有空格或“@”。");
    }
    match url.split_once("://") {
        Some(("https", rest)) if !host(rest).is_empty() => Ok(host(rest)),
        Some(("http", rest)) => {
            let host = host(rest);
            let name = host.split(':').next().unwrap_or_default();
            if matches!(name, "127.0.0.1" | "localhost") {
                Ok(host)
            } else {
                bad("机器人地址须以 https:// 开头。")
            }
        }
        _ => bad("机器人地址须以 https:// 开头。"),
    }
}

/// Checks the address of a mail server: `host` or `host:port`; answers with both, 587 where none is given.
///
/// # Errors
/// `mail_server_wrong`, text limits, naming `url`.
pub fn check_mail_server(text: &str) -> Result<(String, u16), Refusal> {
    let text = require_text("url", "邮件服务器", text, CHANNEL_ADDRESS_CHARS_MAX)?;
    let (host, port) = text.split_once(':').unwrap_or((&text, "587"));
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-');
    match port.parse::<u16>() {
        Ok(port) if port > 0 && !host.is_empty() && host.chars().all(plain) => Ok((host.to_owned(), port)),
        _ => Err(Refusal::of_field(
            "url",
            "mail_server_wrong",
            "邮件服务器应写成“主机名:端口”。",
            "例如 smtp.example.org:587。",
        )),
    }
}

/// Checks the number of an application.
///
/// # Errors
/// `agent_number_wrong`, naming `sender`.
pub fn check_agent_number(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    match text.parse::<i64>() {
        Ok(number) if number > 0 => Ok(text.to_owned()),
        _ => Err(Refusal::of_field(
            "sender",
            "agent_number_wrong",
            "“应用编号”应是一个正整数。",
            "请从平台的应用详情页复制 AgentId，例如 1000002。",
        )),
    }
}

/// Checks the account of a person on the office's platform; empty is none.
///
/// # Errors
/// `platform_account_wrong`, naming `field`.
pub fn check_platform_account(field: &'static str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
    if text.chars().count() <= CHANNEL_NAME_CHARS_MAX && text.chars().all(plain) {
        return Ok(text.to_owned());
    }
    Err(Refusal::of_field(
        field,
        "platform_account_wrong",
        format!("“{text}”不是有效的平台账号：只能有字母、数字和 . - _，最多{CHANNEL_NAME_CHARS_MAX}个字。"),
        "请向管理员询问您在企业微信、钉钉或飞书通讯录里的账号（UserID）。",
    ))
}

/// Checks an e-mail address; empty is none.
///
/// # Errors
/// `address_wrong`, naming `field`.
pub fn check_email(field: &'static str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let sound = text.split_once('@').is_some_and(|(name, host)| {
        let plain =
            |letter: char| letter.is_ascii_graphic() && !matches!(letter, '<' | '>' | ',' | ';' | '@' | '"');
        !name.is_empty() && host.contains('.') && name.chars().chain(host.chars()).all(plain)
    });
    if text.is_empty() || sound && text.len() <= CHANNEL_ADDRESS_CHARS_MAX {
        return Ok(text.to_owned());
    }
    Err(Refusal::of_field(
        field,
        "address_wrong",
        format!("“{text}”不是有效的电子邮件地址。"),
        "请按 name@example.org 的格式填写。",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_robots_are_encrypted_or_on_this_machine() {
        assert_eq!(check_webhook("https://oapi.example.org/robot?k=1").as_deref(), Ok("oapi.example.org"));
        assert_eq!(check_webhook("http://127.0.0.1:80/x").as_deref(), Ok("127.0.0.1:80"));
        for bad in ["http://oapi.example.org/x", "http://127.0.0.1@evil.org/", "ftp://x", "https://", ""] {
            assert!(check_webhook(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn mail_servers_and_addresses_are_checked() {
        assert_eq!(check_mail_server("smtp.example.org"), Ok(("smtp.example.org".to_owned(), 587)));
        assert!(check_mail_server("smtp example").is_err() && check_mail_server("a:0").is_err());
        assert!(check_email("email", "a@b.cn").is_ok() && check_email("email", "").is_ok());
        for bad in ["a@b", "a b@c.cn", "a@b.cn\nBcc: x@y.cn", "<a@b.cn>"] {
            assert!(check_email("email", bad).is_err(), "{bad}");
        }
        assert!(check_platform_account("user_id", "zhang.san_01").is_ok());
        for bad in ["a|b", "a b", "张三", "@all"] {
            assert!(check_platform_account("user_id", bad).is_err(), "{bad}");
        }
        assert!(check_agent_number("1000002").is_ok());
        for bad in ["", "0", "-1", "abc"] {
            assert!(check_agent_number(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn each_repetition_waits_twice_as_long() {
        assert_eq!([1, 2, 3].map(backoff_seconds), [60, 120, 240]);
    }
}

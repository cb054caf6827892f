//! Channels: set by the office or the system administrator, tested by sending, used after the commit.

mod platform;
mod send;

pub(crate) use platform::Tokens;
use send::deliver;
pub use send::{SEND_TIMEOUT_SECONDS, Sending, payload};

use crate::context::{App, Context};
use crate::input::{self, inputs};
use crate::{Error, context};
use bihuan_domain::channel::{
    ATTEMPTS_MAX, CHANNEL_ADDRESS_CHARS_MAX, CHANNEL_NAME_CHARS_MAX, Channel, ChannelKind, backoff_seconds,
    check_agent_number, check_email, check_mail_server, check_platform_account, check_webhook,
};
use bihuan_domain::digest::is_quiet;
use bihuan_domain::id::{ChannelId, UnitId};
use bihuan_domain::refusal::{limit_text, require_text};
use bihuan_domain::role::Role;
use bihuan_domain::slip::Slip;
use bihuan_domain::unit::Unit;
use bihuan_domain::{Instant, Refusal};
use bihuan_store::channel::{self as store, Secret};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::records::PersonContact;
use bihuan_store::{Conn, Fault};

/// Seconds a taken message is left alone: longer than one attempt takes.
const LEASE_SECONDS: i64 = 300;

inputs! {
    /// A channel as set. An empty `url` or `secret` leaves what was kept.
    ChannelInput {
        unit: one "所属单位",
        kind: one "渠道类型",
        name: one "名称",
        url: one "地址",
        secret: one "密钥或密码",
        sender: one "发件人地址或应用编号",
        login: one "登录名或应用标识",
        enabled: one "启用",
    }
    /// Where the person wants to be told.
    ContactInput { email: one "电子邮件地址", user_id: one "办公平台账号" }
}

/// A channel as its page shows it: nothing secret.
#[derive(Clone, Debug, serde::Serialize)]
pub struct ChannelView {
    /// The channel.
    #[serde(flatten)]
    pub channel: Channel,
    /// The unit's name.
    pub unit_name: String,
    /// A key or password is kept.
    pub secret_set: bool,
    /// Messages that wait.
    pub waiting: i64,
    /// Messages that arrived.
    pub sent: i64,
    /// Messages given up.
    pub failed: i64,
    /// Why the last one did not arrive; empty when all did.
    pub last_error: String,
}

/// What one round of sending did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct SendReport {
    /// Arrived.
    pub sent: i64,
    /// To be tried again.
    pub retried: i64,
    /// Given up.
    pub failed: i64,
}

fn may_set(ctx: &Context, unit: &Unit) -> bool {
    ctx.actor.holds_anywhere(Role::SystemAdmin) || ctx.actor.holds(Role::Office, &unit.path)
}

fn require_setter(ctx: &Context) -> Result<(), Error> {
    let any = ctx.actor.holds_anywhere(Role::SystemAdmin) || ctx.actor.holds_anywhere(Role::Office);
    if any {
        Ok(())
    } else {
        Err(Refusal::not_allowed("设置通知渠道", "工作专班或系统管理员身份").into())
    }
}

fn seen(conn: &mut Conn, ctx: &Context, id: ChannelId) -> Result<(Channel, Unit), Error> {
    let channel: Channel = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
    let unit = context::unit(conn, channel.unit_id)?;
    if may_set(ctx, &unit) { Ok((channel, unit)) } else { Err(Error::NotFound) }
}

fn view(conn: &mut Conn, channel: Channel, unit: &Unit) -> Result<ChannelView, Error> {
    let (waiting, sent, failed, last_error) = store::tally(conn, channel.id)?;
    let secret_set = !store::secret(conn, channel.id)?.secret.is_empty();
    Ok(ChannelView { unit_name: unit.name.clone(), secret_set, waiting, sent, failed, last_error, channel })
}

/// The channel and its secrets as sent, checked by kind.
fn read(
    sent: &ChannelInput,
    id: ChannelId,
    unit: UnitId,
    kept: (Option<&Channel>, Secret),
) -> Result<(Channel, Secret), Error> {
    let (before, old) = kept;
    let kind: ChannelKind = input::coded("kind", "渠道类型", &sent.kind)?;
    let name = require_text("name", "名称", &sent.name, CHANNEL_NAME_CHARS_MAX)?;
    let same_kind = before.is_some_and(|before| before.kind == kind);
    let url = sent.url.trim();
    let url = match url {
        "" if same_kind => old.url,
        "" => kind.platform().to_owned(),
        url => url.to_owned(),
    };
    let secret = limit_text("secret", "密钥或密码", &sent.secret, CHANNEL_ADDRESS_CHARS_MAX)?;
    let secret = if secret.is_empty() && same_kind { old.secret } else { secret };
    let host = match kind {
        ChannelKind::Email => {
            let (host, port) = check_mail_server(&url)?;
            format!("{host}:{port}")
        }
        _ => check_webhook(&url)?,
    };
    let login = limit_text("login", "登录名或应用标识", &sent.login, CHANNEL_NAME_CHARS_MAX)?;
    let sender = sender_of(kind, &sent.sender)?;
    if kind == ChannelKind::DingTalk && secret.is_empty() {
        return Err(Error::invalid("secret", "钉钉机器人要用“加签”，请填写以 SEC 开头的密钥。"));
    }
    if kind.is_app() && login.is_empty() {
        return Err(Error::invalid(
            "login",
            "“应用标识”没有填写：企业微信填企业ID，钉钉填AppKey，飞书填App ID。",
        ));
    }
    if kind.is_app() && secret.is_empty() {
        return Err(Error::invalid("secret", "“密钥”没有填写，请从平台的应用详情页复制 Secret。"));
    }
    let enabled = input::flag(&sent.enabled);
    let version = before.map_or(1, |before| before.version + 1);
    Ok((
        Channel { id, unit_id: unit, kind, name, host, sender, login, enabled, version },
        Secret { url, secret },
    ))
}

/// The sender's address of a mail channel, the number of an application; nothing for the others.
fn sender_of(kind: ChannelKind, text: &str) -> Result<String, Error> {
    if kind.has_agent_number() {
        return Ok(check_agent_number(text)?);
    }
    if kind != ChannelKind::Email {
        return Ok(String::new());
    }
    let sender = check_email("sender", text)?;
    if sender.is_empty() {
        return Err(Error::invalid("sender", "“发件人地址”没有填写，例如 bihuan@example.org。"));
    }
    Ok(sender)
}

fn entry(channel: &Channel, action: &str, writes: Vec<Write>) -> NewEntry {
    NewEntry {
        action: format!("channel.{action}"),
        subject_kind: "channel",
        subject_id: channel.id.0,
        unit: Some(channel.unit_id),
        note: format!("通知渠道“{}”", channel.name),
        writes,
        ..NewEntry::default()
    }
}

impl App {
    /// The channels the actor may set, with how they fare.
    ///
    /// # Errors
    /// `not_allowed`.
    pub fn channels(&self, ctx: &Context) -> Result<Vec<ChannelView>, Error> {
        require_setter(ctx)?;
        self.db.read(|conn| {
            let mut views = Vec::new();
            for channel in store::all(conn)? {
                let unit = context::unit(conn, channel.unit_id)?;
                if may_set(ctx, &unit) {
                    views.push(view(conn, channel, &unit)?);
                }
            }
            Ok(views)
        })
    }

    /// One channel.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn channel(&self, ctx: &Context, id: ChannelId) -> Result<ChannelView, Error> {
        self.db.read(|conn| {
            let (channel, unit) = seen(conn, ctx, id)?;
            view(conn, channel, &unit)
        })
    }

    /// Sets a channel; `id: None` makes a new one.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `not_allowed`, `Invalid` inputs.
    pub fn save_channel(
        &self,
        ctx: &Context,
        id: Option<ChannelId>,
        version: Option<i64>,
        sent: ChannelInput,
    ) -> Result<ChannelView, Error> {
        require_setter(ctx)?;
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| {
            let before = id.map(|id| seen(conn, &ctx, id)).transpose()?.map(|(channel, _)| channel);
            if before.as_ref().is_some_and(|b| version.is_some_and(|version| version != b.version)) {
                return Err(Error::stale());
            }
            let unit = UnitId(input::number("unit", "所属单位", &sent.unit)?.unwrap_or(0));
            let unit = context::unit(conn, unit).map_err(|_| Error::invalid("unit", "请选择“所属单位”。"))?;
            if !may_set(&ctx, &unit) {
                return Err(Error::invalid("unit", "只能为您管辖范围内的单位设置渠道。"));
            }
            let old = before.as_ref().map_or(Ok(Secret::default()), |b| app.channel_secret(conn, b.id))?;
            let number = before.as_ref().map_or(ChannelId(0), |before| before.id);
            let (mut channel, secret) = read(&sent, number, unit.id, (before.as_ref(), old))?;
            let (action, writes) = match &before {
                None => {
                    channel.id = ChannelId(journal::next_id(conn, "channel", 1)?);
                    ("created", vec![Write::insert(&channel)])
                }
                Some(before) => ("changed", Write::update(before, &channel).into_iter().collect()),
            };
            app.keep_channel_secret(conn, channel.id, &secret)?;
            app.tokens().forget(channel.id);
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry(&channel, action, writes)])?;
            view(conn, channel, &unit)
        })
    }

    /// Takes a channel away, with its secrets and what waited to go out by it.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn delete_channel(&self, ctx: &Context, id: ChannelId) -> Result<(), Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let (channel, unit) = seen(conn, &ctx, id)?;
            store::forget(conn, id)?;
            let writes = vec![Write::delete(&channel)];
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry(&channel, "deleted", writes)])?;
            Ok(())
        })
    }

    /// Sends a test now, and says what the other side answered.
    ///
    /// # Errors
    /// `NotFound`; `test_failed` with the answer; `Invalid` address.
    pub fn test_channel(&self, ctx: &Context, id: ChannelId, to: &str) -> Result<(), Error> {
        let (channel, secret) = self.db.read(|conn| -> Result<_, Error> {
            let (channel, _) = seen(conn, ctx, id)?;
            Ok((channel, self.channel_secret(conn, id)?))
        })?;
        let to =
            if channel.kind.is_app() { check_platform_account("to", to) } else { check_email("to", to) }?;
        if channel.kind == ChannelKind::Email && to.is_empty() {
            return Err(Error::invalid("to", "请填写接收测试邮件的地址。"));
        }
        if channel.kind.is_app() && to.is_empty() {
            return Err(Error::invalid("to", "请填写接收测试消息的平台账号（UserID）。"));
        }
        let body = "这是一条测试消息，收到即说明通知渠道设置正确，无需回复。";
        let sending = Sending {
            channel: &channel,
            secret: &secret,
            to: &to,
            subject: "闭环通知渠道测试",
            body,
            now: ctx.at,
        };
        let result = deliver(&sending, self.tokens());
        let (who, failed) = (ctx.clone(), result.is_err());
        self.db.write(move |conn| -> Result<(), Error> {
            let unit = context::unit(conn, channel.unit_id)?;
            let entry = NewEntry { failed, ..entry(&channel, "tested", vec![]) };
            journal::append(conn, &who.stamp(Some(&unit)), vec![entry])?;
            Ok(())
        })?;
        result.map_err(|why| {
            let hint = "请核对地址、密钥，以及本机能否访问对方服务器。";
            Error::Refused(Refusal::new("test_failed", format!("测试消息没有发出：{why}。"), hint))
        })
    }

    /// Where the actor wants to be told; empty for nowhere but the page.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn contact(&self, ctx: &Context) -> Result<ContactInput, Error> {
        let found = self.db.read(|conn| store::contact(conn, ctx.actor.person))?;
        Ok(found.map_or_else(ContactInput::default, |contact| ContactInput {
            email: contact.email,
            user_id: contact.user_id,
        }))
    }

    /// Keeps where the actor wants to be told.
    ///
    /// # Errors
    /// `address_wrong`, `platform_account_wrong`.
    pub fn save_contact(&self, ctx: &Context, sent: ContactInput) -> Result<(), Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let email = check_email("email", &sent.email)?;
            let user_id = check_platform_account("user_id", &sent.user_id)?;
            let before = store::contact(conn, ctx.actor.person)?;
            let version = before.as_ref().map_or(1, |before| before.version + 1);
            let after = PersonContact { person_id: ctx.actor.person, email, user_id, version };
            let write = match &before {
                None => Some(Write::insert(&after)),
                Some(before) => Write::update(before, &after),
            };
            let entry = NewEntry {
                action: "person.contact_changed".to_owned(),
                subject_kind: "person",
                subject_id: ctx.actor.person.0,
                writes: write.into_iter().collect(),
                ..NewEntry::default()
            };
            journal::append(conn, &ctx.stamp(None), vec![entry])?;
            Ok(())
        })
    }

    /// Sends what waits: after the commit that put it out, not in quiet hours unless urgent, again after a growing
    /// while when the other side does not answer.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn send_messages(&self, now: Instant) -> Result<SendReport, Error> {
        let mut report = SendReport::default();
        let taken = self.db.write(move |conn| -> Result<_, Fault> {
            store::expire(conn, now.day_in_china().starts_at())?;
            store::take(conn, now, is_quiet(now), LEASE_SECONDS)
        })?;
        for message in taken {
            let of = message.channel_id;
            let (channel, secret) = self.db.read(|conn| -> Result<_, Error> {
                Ok((journal::by_id::<Channel>(conn, of.0)?, self.channel_secret(conn, of)?))
            })?;
            let Some(channel) = channel.filter(|channel| channel.enabled) else { continue };
            let sending = Sending {
                channel: &channel,
                secret: &secret,
                to: &message.to_address,
                subject: &message.subject,
                body: &message.body,
                now,
            };
            let result = deliver(&sending, self.tokens());
            let attempts = message.attempts + 1;
            let again = attempts < ATTEMPTS_MAX;
            match &result {
                Ok(()) => report.sent += 1,
                Err(_) if again => report.retried += 1,
                Err(_) => report.failed += 1,
            }
            self.db.write(move |conn| match result {
                Ok(()) => store::sent(conn, message.id, now),
                Err(why) => {
                    let next = again.then(|| now.plus_seconds(backoff_seconds(attempts)));
                    store::failed(conn, message.id, &why, next)
                }
            })?;
        }
        Ok(report)
    }
}

/// The address at which a channel reaches a person; empty where the person gave none.
pub(crate) fn address_by(kind: ChannelKind, contact: &PersonContact) -> &str {
    match kind {
        ChannelKind::Email => &contact.email,
        kind if kind.is_app() => &contact.user_id,
        _ => "",
    }
}

/// Puts an urgent slip out to the groups and people of the unit that has it. A restricted one is told to nobody here.
pub(crate) fn tell_urgent(conn: &mut Conn, ctx: &Context, slip: &Slip) -> Result<(), Error> {
    if !slip.urgent || slip.is_restricted() {
        return Ok(());
    }
    let unit = context::unit(conn, slip.holder_unit_id)?;
    let subject = format!("紧急督办：{}", slip.citation());
    let due = slip.answer_day.map_or(String::new(), |day| format!("，请于{}前答复", day.in_chinese()));
    let body = format!("{}\n收单单位：{}{due}。请登录闭环签收。", slip.title, unit.name);
    for channel in store::all(conn)?.into_iter().filter(|channel| channel.enabled) {
        let above = context::unit(conn, channel.unit_id)?;
        if !unit.path.is_within(&above.path) {
            continue;
        }
        if channel.kind.is_personal() {
            for contact in store::contacts_at(conn, unit.id, ctx.today())? {
                let to = address_by(channel.kind, &contact);
                let dedup = format!("slip:{}:{}", slip.id, contact.person_id);
                if !to.is_empty() {
                    store::put_out(conn, channel.id, to, &dedup, (&subject, &body), true, ctx.at)?;
                }
            }
        } else {
            let dedup = format!("slip:{}", slip.id);
            store::put_out(conn, channel.id, "", &dedup, (&subject, &body), true, ctx.at)?;
        }
    }
    Ok(())
}

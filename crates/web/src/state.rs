//! What every handler can reach, and how a request becomes a call of a use case.

use std::{fmt, net::IpAddr, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{header::AUTHORIZATION, request::Parts},
};
use bihuan_app::{
    App, Context, Visit,
    session::{Duty, Recognised},
};
use bihuan_domain::Instant;

use crate::{
    counter,
    error::Problem,
    guard::{CsrfToken, Doorkeeper, Entrance, Proof, SessionCookie, client_address},
    headers::Settings,
    jobs::Jobs,
    nav,
    page::{KEEP_SESSION_PATH, SIGN_OUT_PATH, Viewer},
    rate::SignInLimiter,
    watch::{Watch, Who},
};

/// Where a password is changed.
pub const PASSWORD_PATH: &str = "/account/password";
/// Where the second factor is set up.
pub const FACTOR_PATH: &str = "/account/factor";

/// The clock of the server; tests put in their own.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Instant + Send + Sync>);

impl Clock {
    /// The machine's clock.
    pub fn of_machine() -> Self {
        Self(Arc::new(bihuan_app::clock::now))
    }

    /// Another clock, such as one that a test turns.
    pub fn new(now: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    pub fn now(&self) -> Instant {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Clock")
    }
}

/// A person of the demonstration, signed in by one click.
#[derive(Debug, Clone)]
pub struct DemoPerson {
    pub login: String,
    pub name: String,
    pub post: String,
    pub unit: String,
    /// What is worth looking at as this person, in one sentence.
    pub what_to_see: String,
}

/// What every handler can reach. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct WebState {
    pub app: App,
    pub settings: Arc<Settings>,
    pub clock: Clock,
    pub limiter: Arc<SignInLimiter>,
    /// Imports being registered.
    pub jobs: Jobs,
    pub watch: Arc<Watch>,
    /// People to sign in by one click; `None` for real use.
    pub demo: Option<Arc<[DemoPerson]>>,
}

impl WebState {
    pub fn new(app: App, settings: Settings) -> Self {
        Self {
            app,
            settings: Arc::new(settings),
            clock: Clock::of_machine(),
            limiter: Arc::default(),
            jobs: Jobs::default(),
            watch: Arc::default(),
            demo: None,
        }
    }

    /// Makes it a demonstration. [`crate::serve`] refuses to serve one to other machines.
    pub fn with_demo(mut self, people: Vec<DemoPerson>) -> Self {
        self.demo = Some(people.into());
        self
    }

    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    pub fn cookie(&self) -> SessionCookie {
        SessionCookie { secure: self.settings.secure }
    }

    /// Calls a use case on a thread that may wait for the database.
    pub async fn run<T, F>(&self, call: F) -> Result<T, Problem>
    where
        F: FnOnce(&App) -> Result<T, bihuan_app::Error> + Send + 'static,
        T: Send + 'static,
    {
        let app = self.app.clone();
        match tokio::task::spawn_blocking(move || call(&app)).await {
            Ok(answer) => answer.map_err(Problem::from),
            Err(broken) => Err(Problem::fault(broken)),
        }
    }

    /// Writes down that an administrator was turned away at the door: the first time, so that nobody fills the journal.
    pub async fn bar(&self, ctx: Context, bar: counter::Bar) -> Result<(), Problem> {
        let count = self.watch.denied(Who::Account(ctx.actor.account), ctx.at, self.watch_seconds());
        let told = count == self.app.policy.alert_denials;
        self.run(move |app| {
            if count == 1 {
                app.note_barred(&ctx, bar.words())?;
            }
            if told {
                let visit = Visit { at: ctx.at, source_address: ctx.source_address.clone() };
                app.raise_denials(&visit, Some(&ctx), count)?;
            }
            Ok(())
        })
        .await
    }

    /// Counts a denial; the last of many in a short time raises an alert.
    pub async fn turned_away(&self, caller: Option<Context>, address: Option<IpAddr>) {
        let who = caller.as_ref().map_or(Who::Address(address), |ctx| Who::Account(ctx.actor.account));
        let visit = Visit {
            at: self.clock.now(),
            source_address: address.map(|address| address.to_string()).unwrap_or_default(),
        };
        let count = self.watch.denied(who, visit.at, self.watch_seconds());
        if count != self.app.policy.alert_denials {
            return;
        }
        let raised = self.run(move |app| app.raise_denials(&visit, caller.as_ref(), count)).await;
        if let Err(problem) = raised {
            // The answer to the request is a denial already; the alert comes with the next window.
            tracing::error!(?problem, "an alert could not be raised");
        }
    }

    fn watch_seconds(&self) -> i64 {
        60 * self.app.policy.alert_minutes
    }

    /// When and from where a request came.
    pub fn visit(&self, head: &Parts) -> Visit {
        let address = client_address(&self.settings, head);
        Visit {
            at: self.clock.now(),
            source_address: address.map(|address| address.to_string()).unwrap_or_default(),
        }
    }
}

/// The signed-in person behind a request, as use cases want it: `Session(ctx): Session`.
#[derive(Debug, Clone)]
pub struct Session(pub Context);

impl<S: Send + Sync> FromRequestParts<S> for Session {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Context>().cloned().map(Self).ok_or(Problem::SignIn { next: None })
    }
}

impl FromRequestParts<WebState> for Visit {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Self::Rejection> {
        Ok(state.visit(parts))
    }
}

/// The secret of the session's cookie, for the handlers that end sessions. Empty when a token was used.
#[derive(Debug, Clone)]
pub struct SessionSecret(pub String);

impl FromRequestParts<WebState> for SessionSecret {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Self::Rejection> {
        Ok(Self(state.cookie().read(&parts.headers).unwrap_or_default().to_owned()))
    }
}

/// Recognises sessions by their cookie and programs by their token.
#[derive(Debug, Clone, Copy)]
pub struct Door;

impl Doorkeeper<WebState> for Door {
    type Caller = Context;

    async fn recognise(&self, state: &WebState, head: &Parts) -> Result<Option<Entrance<Context>>, Problem> {
        let path = head.uri.path();
        // Files of the shell are the same for everybody and are asked for often.
        if path.starts_with("/assets/") || path == "/favicon.ico" {
            return Ok(None);
        }
        let visit = state.visit(head);
        if let Some(shown) = head.headers.get(AUTHORIZATION) {
            return by_token(state, visit, head, shown.to_str().unwrap_or_default()).await.map(Some);
        }
        let Some(secret) = state.cookie().read(&head.headers).map(str::to_owned) else { return Ok(None) };
        let csrf = CsrfToken::of_session(&secret);
        let known = state.run(move |app| app.recognise(&visit, &secret)).await?;
        let Some(known) = known else { return Ok(None) };
        check_counter(state, &known.ctx, head, path).await?;
        if state.demo.is_none() {
            check_duty(known.duty, path)?;
        }
        let viewer = viewer_of(&known, csrf.clone());
        Ok(Some(Entrance { caller: known.ctx, viewer, proof: Proof::Session(csrf) }))
    }

    async fn turned_away(&self, state: &WebState, caller: Option<Context>, address: Option<IpAddr>) {
        state.turned_away(caller, address).await;
    }
}

/// Who calls by a token. Wrong tokens are counted like wrong passwords, so that nobody tries them by the thousand.
async fn by_token(
    state: &WebState,
    visit: Visit,
    head: &Parts,
    shown: &str,
) -> Result<Entrance<Context>, Problem> {
    let text = shown.strip_prefix("Bearer ").unwrap_or_default().trim().to_owned();
    let known = state.run(move |app| app.recognise_token(&visit, &text)).await?;
    let Some(known) = known else {
        let address = client_address(&state.settings, head);
        state.turned_away(None, address).await;
        return Err(match state.limiter.try_once(std::time::Instant::now(), address, "API token") {
            Ok(()) => Problem::SignIn { next: None },
            Err(wait) => Problem::TooMany { retry_after_seconds: wait.as_secs().max(1) },
        });
    };
    check_counter(state, &known.ctx, head, head.uri.path()).await?;
    let viewer = Viewer {
        name: known.ctx.actor.name.clone(),
        post: String::new(),
        unit: known.unit_name,
        csrf: CsrfToken::of_session(""),
        nav: Vec::new(),
        session_seconds: None,
    };
    Ok(Entrance { caller: known.ctx, viewer, proof: Proof::Bearer { scopes: known.scopes } })
}

/// Administrators come by TLS and from the places for them, or they only get out again.
async fn check_counter(state: &WebState, ctx: &Context, head: &Parts, path: &str) -> Result<(), Problem> {
    if !bihuan_app::actor::is_administrator(&ctx.actor) || path == SIGN_OUT_PATH {
        return Ok(());
    }
    let Some(bar) = counter::bar(&state.settings, head) else { return Ok(()) };
    state.bar(ctx.clone(), bar).await?;
    Err(Problem::Barred(bar))
}

/// Whoever has to change a password first can only do that, or leave.
fn check_duty(duty: Option<Duty>, path: &str) -> Result<(), Problem> {
    let (to, what) = match duty {
        None => return Ok(()),
        Some(Duty::ChangePassword) => (PASSWORD_PATH, "您使用的是一次性密码或者密码已到期，请先修改密码。"),
        Some(Duty::SetUpSecondFactor) => (FACTOR_PATH, "管理员须先启用动态口令。"),
    };
    let open = [to, SIGN_OUT_PATH, KEEP_SESSION_PATH, "/preferences/type"];
    if open.contains(&path) { Ok(()) } else { Err(Problem::First { to, what }) }
}

fn viewer_of(known: &Recognised, csrf: CsrfToken) -> Viewer {
    let actor = &known.ctx.actor;
    Viewer {
        name: actor.name.clone(),
        post: actor.posts.first().map(|post| post.name.clone()).unwrap_or_default(),
        unit: known.unit_name.clone(),
        csrf,
        nav: nav::of(actor),
        session_seconds: u32::try_from(known.seconds_left).ok(),
    }
}

//! The table of all routes. The router is built from it, and so are the coverage test and the API description:
//! there is no other way to add a route, so none can be left without a door.

use std::time::Duration;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    http::Method,
    middleware,
    routing::{MethodFilter, MethodRouter, on},
};

use crate::guard::{self, Doorkeeper, Gate};

/// Bytes of a request body, unless the route says otherwise. A long form with many fields stays far below.
pub const BODY_LIMIT_BYTES: usize = 1024 * 1024;
/// How long a handler may take, unless the route says otherwise.
pub const TIME_LIMIT: Duration = Duration::from_secs(60);

/// Who may knock at a route. What a person may see or do behind it is decided by the use case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody, also without an account.
    Public,
    /// A person who has signed in with the browser. API tokens are not accepted.
    SignedIn,
    /// A signed-in person, or an API token that carries this scope, such as `problem:read`.
    Token(&'static str),
}

/// What a program has to know to call a route of the API, besides its path.
#[derive(Debug, Clone, Copy, Default)]
pub struct Docs {
    /// Names after the `?` with Chinese words.
    pub query: &'static [(&'static str, &'static str)],
    /// JSON schema of the request body; see [`crate::openapi::schema`].
    pub request: Option<fn() -> serde_json::Value>,
    /// JSON schema of the answer.
    pub response: Option<fn() -> serde_json::Value>,
}

/// What is known about a route without calling it.
#[derive(Debug, Clone)]
pub struct RouteInfo {
    pub method: Method,
    /// The path in axum's notation: `/problems/{id}`.
    pub path: &'static str,
    /// A unique name, `noun.verb`.
    pub name: &'static str,
    /// One Chinese phrase for people who read the list of routes.
    pub summary: &'static str,
    pub access: Access,
    /// Whether a successful call leaves an entry in the journal.
    pub mutates: bool,
    /// The largest accepted body in bytes.
    pub body_limit: usize,
    pub time_limit: Duration,
    pub docs: Docs,
}

/// One entry of the table, for the application state `S`.
#[derive(Debug)]
pub struct Route<S> {
    pub info: RouteInfo,
    handler: MethodRouter<S>,
}

impl<S: Clone + Send + Sync + 'static> Route<S> {
    /// A route that reads. It is for signed-in people until [`Route::access`] says otherwise.
    pub fn get<H, T>(path: &'static str, name: &'static str, summary: &'static str, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        Self::new(Method::GET, MethodFilter::GET, path, name, summary, handler)
    }

    /// A route that changes something.
    pub fn post<H, T>(path: &'static str, name: &'static str, summary: &'static str, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        Self::new(Method::POST, MethodFilter::POST, path, name, summary, handler)
    }

    /// A route that replaces something; only the API uses it, because forms know GET and POST.
    pub fn put<H, T>(path: &'static str, name: &'static str, summary: &'static str, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        Self::new(Method::PUT, MethodFilter::PUT, path, name, summary, handler)
    }

    /// A route that takes something away; only the API uses it.
    pub fn delete<H, T>(path: &'static str, name: &'static str, summary: &'static str, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        Self::new(Method::DELETE, MethodFilter::DELETE, path, name, summary, handler)
    }

    fn new<H, T>(
        method: Method,
        filter: MethodFilter,
        path: &'static str,
        name: &'static str,
        summary: &'static str,
        handler: H,
    ) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        let mutates = method != Method::GET;
        let info = RouteInfo {
            method,
            path,
            name,
            summary,
            access: Access::SignedIn,
            mutates,
            body_limit: BODY_LIMIT_BYTES,
            time_limit: TIME_LIMIT,
            docs: Docs::default(),
        };
        Self { info, handler: on(filter, handler) }
    }

    pub fn access(mut self, access: Access) -> Self {
        self.info.access = access;
        self
    }

    /// Names that the address may carry after its `?`, with Chinese words.
    pub fn query(mut self, names: &'static [(&'static str, &'static str)]) -> Self {
        self.info.docs.query = names;
        self
    }

    /// The JSON schema of the request body.
    pub fn request(mut self, schema: fn() -> serde_json::Value) -> Self {
        self.info.docs.request = Some(schema);
        self
    }

    /// The JSON schema of the answer.
    pub fn response(mut self, schema: fn() -> serde_json::Value) -> Self {
        self.info.docs.response = Some(schema);
        self
    }

    /// For a POST that leaves no entry in the journal, such as a preview or a preference of the browser.
    pub fn leaves_no_entry(mut self) -> Self {
        self.info.mutates = false;
        self
    }

    /// The largest accepted body in bytes, for uploads.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.info.body_limit = bytes;
        self
    }

    /// How long the handler may take, for uploads and exports.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.info.time_limit = limit;
        self
    }
}

/// Builds the router. Every request passes [`guard::admit`] with the entry of its route before the handler runs.
pub fn router<S, D>(routes: Vec<Route<S>>, gate: &Gate<S, D>) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    D: Doorkeeper<S>,
{
    routes.into_iter().fold(Router::new(), |router, route| {
        let Route { info, handler } = route;
        let path = info.path;
        let limit = DefaultBodyLimit::max(info.body_limit);
        let door = middleware::from_fn_with_state((gate.clone(), info), guard::admit::<S, D>);
        router.route(path, handler.route_layer(limit).route_layer(door))
    })
}

/// Kinds of things that tokens give access to, in words.
const SCOPE_NOUNS: &[(&str, &str)] = &[
    ("me", "账号信息"),
    ("problem", "问题"),
    ("ledger", "台账"),
    ("overview", "总览数据"),
    ("figure", "统计数据"),
    ("unit", "单位"),
    ("person", "人员"),
    ("campaign", "专项"),
    ("evidence", "佐证材料"),
    ("import", "台账导入"),
    ("scope", "范围"),
    ("journal", "日志"),
    ("slip", "督办单"),
    ("talk", "约谈记录"),
    ("muster", "吹哨报到"),
    ("digest", "每日摘要"),
    ("channel", "通知渠道"),
    ("draw", "随机抽查"),
    ("inspection", "督导检查"),
    ("look_back", "回头看"),
    ("dispatch", "调度会"),
    ("week_plan", "周计划"),
    ("help", "帮扶"),
    ("alert", "告警"),
    ("task", "任务与实事"),
    ("plan", "施工图"),
    ("search", "资料库"),
    ("check", "文稿校核"),
    ("breakdown", "文件分解"),
    ("action", "规定动作"),
    ("activity", "活动记录"),
    ("study", "学习"),
    ("report", "报告"),
    ("calendar", "工作日历"),
];

/// The scopes that any route asks of a token, each with Chinese words, in the order of the table.
pub fn token_scopes<S>(routes: &[Route<S>]) -> Vec<(&'static str, String)> {
    let mut scopes: Vec<(&'static str, String)> = Vec::new();
    for route in routes {
        if let Access::Token(scope) = route.info.access
            && !scopes.iter().any(|(have, _)| *have == scope)
        {
            scopes.push((scope, scope_words(scope)));
        }
    }
    scopes
}

fn scope_words(scope: &str) -> String {
    let (noun, verb) = scope.split_once(':').unwrap_or((scope, ""));
    let noun = SCOPE_NOUNS.iter().find(|(have, _)| *have == noun).map_or(noun, |(_, words)| words);
    match verb {
        "read" => format!("读取{noun}"),
        "write" => format!("办理{noun}"),
        _ => scope.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scope_of_a_token_is_said_in_chinese() {
        for (scope, words) in token_scopes(&crate::routes()) {
            assert!(!words.chars().any(|c| c.is_ascii_alphabetic()), "{scope} is shown as {words}");
        }
    }
}

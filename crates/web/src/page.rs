//! The frame around every page: head, navigation, path, notice, and the foot with the state of the records.

use bihuan_app::search::SEARCH_CHARS_MAX;
use maud::{DOCTYPE, Markup, html};

use crate::{
    assets::Asset,
    guard::CsrfToken,
    nav::SEARCH_PATH,
    shell::LargeType,
    ui::{self, Crumb, Notice},
};

/// The name of the product as people see it.
pub const PRODUCT: &str = "闭环";
/// Where help is, on every page in the same place.
pub const HELP_PATH: &str = "/help";
/// Where the script asks to keep a session that is about to end; see [`crate::shell::routes`].
pub const KEEP_SESSION_PATH: &str = "/session/keep";
/// Where a person looks after their own account.
pub const ACCOUNT_PATH: &str = "/account";
/// Where a person signs out, by POST.
pub const SIGN_OUT_PATH: &str = "/sign-out";
/// Settings of htmx that let it live under our content security policy and refuse scripts in answers.
const HTMX_CONFIG: &str = r#"{"includeIndicatorStyles":false,"allowEval":false,"allowScriptTags":false,"selfRequestsOnly":true,"historyCacheSize":0}"#;

/// The person who looks at a page, as far as the page shows them.
#[derive(Debug, Clone)]
pub struct Viewer {
    pub name: String,
    /// The post they act in: `整改办副主任`.
    pub post: String,
    /// The unit of that post: `云溪县教育局`.
    pub unit: String,
    pub csrf: CsrfToken,
    /// What they may open, in order. A group without a label stands as plain links in the bar.
    pub nav: Vec<NavGroup>,
    /// Seconds until the session ends without a further request; the page warns before. `None` shows no warning.
    pub session_seconds: Option<u32>,
}

/// Links of one area of the product.
#[derive(Debug, Clone, Default)]
pub struct NavGroup {
    pub label: String,
    pub items: Vec<NavItem>,
}

#[derive(Debug, Clone)]
pub struct NavItem {
    pub label: String,
    pub href: String,
    /// How many things wait there, shown beside the label.
    pub count: Option<u64>,
}

impl NavGroup {
    /// A group that opens under its label, or plain links if the label is empty.
    pub fn new<'a>(label: &str, items: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let items = items
            .into_iter()
            .map(|(label, href)| NavItem { label: label.to_owned(), href: href.to_owned(), count: None })
            .collect();
        Self { label: label.to_owned(), items }
    }
}

/// The journal entry up to which a page is exact.
#[derive(Debug, Clone)]
pub struct AsOf {
    pub entry: u64,
    /// When that entry was made, ready to be read: `2026年3月5日 14:20`.
    pub at: String,
}

/// A page without its body.
///
/// ```
/// # use bihuan_web::page::Frame;
/// # use maud::html;
/// let page = Frame::new("问题台账").crumb("总览", "/overview").render(html! { p { "正文" } });
/// assert!(page.into_string().contains("<title>问题台账 · 闭环</title>"));
/// ```
#[derive(Debug, Clone)]
pub struct Frame {
    title: String,
    viewer: Option<Viewer>,
    here: String,
    crumbs: Vec<Crumb>,
    notice: Option<Notice>,
    as_of: Option<AsOf>,
    large_type: bool,
    wide: bool,
}

impl Frame {
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            viewer: None,
            here: "/".to_owned(),
            crumbs: Vec::new(),
            notice: None,
            as_of: None,
            large_type: false,
            wide: false,
        }
    }

    pub fn viewer(mut self, viewer: Viewer) -> Self {
        self.viewer = Some(viewer);
        self
    }

    /// The path of this page: marks its place in the navigation, and is where people return to after signing in.
    pub fn here(mut self, path: impl Into<String>) -> Self {
        self.here = path.into();
        self
    }

    /// Another title.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// A page above this one, outermost first. The page itself is added at the end.
    pub fn crumb(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.crumbs.push(Crumb { label: label.into(), href: href.into() });
        self
    }

    /// What became of the last action.
    pub fn notice(mut self, notice: impl Into<Option<Notice>>) -> Self {
        self.notice = notice.into();
        self
    }

    pub fn as_of(mut self, as_of: impl Into<Option<AsOf>>) -> Self {
        self.as_of = as_of.into();
        self
    }

    pub fn large_type(mut self, choice: LargeType) -> Self {
        self.large_type = choice.0;
        self
    }

    /// Uses the whole width of the window, for wide ledgers.
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// The whole page. The body brings its own `h1`, best by [`ui::heading`].
    pub fn render(&self, body: Markup) -> Markup {
        let viewer = self.viewer.as_ref();
        let width = if self.wide { "container-fluid" } else { "container-xl" };
        let csrf = viewer.map(|viewer| viewer.csrf.masked());
        let session = viewer.and_then(|viewer| viewer.session_seconds);
        html! {
            (DOCTYPE)
            html lang="zh-CN" class=[self.large_type.then_some("large-type")] {
                (head(&self.title))
                body data-csrf=[csrf.as_deref()] data-session-seconds=[session]
                    data-session-keep=[session.map(|_| KEEP_SESSION_PATH)] {
                    a .skip-link href="#main" { "跳到正文" }
                    header .head { (self.bar(viewer, csrf.as_deref(), width)) }
                    div #live .visually-hidden role="status" aria-live="polite" {}
                    main #main class=(width) tabindex="-1" {
                        @if !self.crumbs.is_empty() { (ui::breadcrumbs(&self.crumbs, &self.title)) }
                        @if let Some(notice) = &self.notice { (notice) }
                        (body)
                    }
                    (self.foot(width))
                    @if session.is_some() { (session_warning()) }
                }
            }
        }
    }

    fn bar(&self, viewer: Option<&Viewer>, csrf: Option<&str>, width: &str) -> Markup {
        html! {
            div class={ "head-bar " (width) } {
                a .brand href="/" {
                    img src=(Asset::Logo.url()) alt="" width="28" height="28";
                    span { (PRODUCT) }
                }
                @if let Some(viewer) = viewer {
                    nav .nav-wide aria-label="主导航" {
                        ul { @for group in &viewer.nav { (self.wide_group(group)) } }
                    }
                }
                div .head-end {
                    @if viewer.is_some_and(searches) { (self.search_box()) }
                    a .head-link href=(HELP_PATH) { "帮助" }
                    @match viewer {
                        Some(viewer) => (person(viewer, csrf)),
                        None => a .head-link href=(crate::error::SIGN_IN_PATH) { "登录" },
                    }
                    @if let Some(viewer) = viewer { (self.narrow_menu(viewer)) }
                }
            }
        }
    }

    /// Leads to the library with what was typed; on a phone the button alone does.
    fn search_box(&self) -> Markup {
        html! {
            form .head-search action=(SEARCH_PATH) method="get" role="search" aria-label="全站检索" {
                label .visually-hidden for="head-search" { "查找问题、材料、单位" }
                input #head-search .form-control type="search" name="q" maxlength=(SEARCH_CHARS_MAX)
                    placeholder="查找" autocomplete="off" enterkeyhint="search";
                button .head-link type="submit" { "检索" }
            }
        }
    }

    /// A group in the bar of a wide window.
    fn wide_group(&self, group: &NavGroup) -> Markup {
        let holds_here = group.items.iter().any(|item| self.is_here(item));
        html! {
            @if group.label.is_empty() {
                @for item in &group.items { li { (self.nav_link(item)) } }
            } @else {
                li {
                    details .menu data-menu name="head-menu" {
                        summary .head-link .holds-here[holds_here] { (group.label) span .caret aria-hidden="true" {} }
                        ul .menu-list { @for item in &group.items { li { (self.nav_link(item)) } } }
                    }
                }
            }
        }
    }

    /// The same navigation behind one button, for a narrow window; it opens without script.
    fn narrow_menu(&self, viewer: &Viewer) -> Markup {
        html! {
            details .menu .nav-narrow data-menu name="head-menu" {
                summary .head-link { span .burger aria-hidden="true" {} "菜单" }
                nav .menu-list aria-label="主导航" {
                    @for group in &viewer.nav {
                        @if !group.label.is_empty() { p .menu-label { (group.label) } }
                        ul { @for item in &group.items { li { (self.nav_link(item)) } } }
                    }
                }
            }
        }
    }

    fn nav_link(&self, item: &NavItem) -> Markup {
        html! {
            a .head-link href=(item.href) aria-current=[self.is_here(item).then_some("page")] {
                (item.label)
                @if let Some(count) = item.count.filter(|count| *count > 0) {
                    " " span .count { (count) span .visually-hidden { " 件" } }
                }
            }
        }
    }

    /// The page itself or one below it: `/problems/12` lies below `/problems`.
    fn is_here(&self, item: &NavItem) -> bool {
        let here = self.here.split('?').next().unwrap_or_default();
        let below = here.strip_prefix(item.href.as_str());
        item.href != "/" && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            || item.href == here
    }

    fn foot(&self, width: &str) -> Markup {
        let (size, label) =
            if self.large_type { ("normal", "标准字号") } else { ("large", "大字显示") };
        html! {
            footer .foot {
                div class=(width) {
                    @if let Some(as_of) = &self.as_of {
                        p .as-of {
                            "数据截至第 " strong { (ui::thousands(as_of.entry)) } " 条记录（" (as_of.at) "）"
                        }
                    }
                    p .foot-note { (PRODUCT) " · 请勿录入国家秘密" }
                    form .foot-type action="/preferences/type" method="post" {
                        input type="hidden" name=(crate::guard::CSRF_FIELD)
                            value=[self.viewer.as_ref().map(|viewer| viewer.csrf.masked())];
                        input type="hidden" name="back" value=(self.here);
                        input type="hidden" name="type" value=(size);
                        button .link-button type="submit" { (label) }
                    }
                }
            }
        }
    }
}

/// The viewer may search.
fn searches(viewer: &Viewer) -> bool {
    viewer.nav.iter().flat_map(|group| &group.items).any(|item| item.href == SEARCH_PATH)
}

fn head(title: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="format-detection" content="telephone=no";
            meta name="htmx-config" content=(HTMX_CONFIG);
            title { (title) " · " (PRODUCT) }
            link rel="icon" type="image/svg+xml" href=(Asset::Logo.url());
            link rel="stylesheet" href=(Asset::Styles.url());
            script src=(Asset::Htmx.url()) defer {}
            script type="module" src=(Asset::Script.url()) {}
        }
    }
}

/// The menu under the person's name.
fn person(viewer: &Viewer, csrf: Option<&str>) -> Markup {
    html! {
        details .menu .menu-end data-menu name="head-menu" {
            summary .head-link {
                span .person-name { (viewer.name) }
                span .caret aria-hidden="true" {}
            }
            div .menu-list {
                p .menu-person {
                    strong { (viewer.name) }
                    span { (viewer.post) }
                    span { (viewer.unit) }
                }
                ul {
                    li { a .head-link href=(ACCOUNT_PATH) { "我的账号" } }
                    li {
                        form action=(SIGN_OUT_PATH) method="post" {
                            input type="hidden" name=(crate::guard::CSRF_FIELD) value=[csrf];
                            button .head-link type="submit" { "退出登录" }
                        }
                    }
                }
            }
        }
    }
}

/// Shown by the script before the session ends. Without script the server keeps nothing of a half-filled form,
/// which is why the sign-in page leads back to where the person was.
fn session_warning() -> Markup {
    html! {
        dialog #session-warning .dialog aria-labelledby="session-title" {
            h2 #session-title { "登录即将结束" }
            p { "您已有一段时间没有操作。再过 " strong #session-left { "60" } " 秒将自动退出，未提交的内容不会保存。" }
            p #session-over hidden {
                "登录已经结束，您填写的内容还在这个页面上。请"
                a href=(crate::error::SIGN_IN_PATH) target="_blank" rel="noopener" { "在新窗口登录" }
                "，然后回到这里点“继续填写”。"
            }
            p .actions {
                button #session-continue .btn .btn-primary type="button" { "继续填写" }
                button #session-close .btn .btn-outline-secondary type="button" { "关闭提示" }
            }
        }
    }
}

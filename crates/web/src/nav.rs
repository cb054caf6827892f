//! What a person may open, by their roles. Links to pages that do not exist are left out by the table of routes.

use std::{collections::HashSet, sync::LazyLock};

use bihuan_domain::role::{Actor, Role};

use crate::page::{NavGroup, NavItem};

/// Addresses of all pages that can be opened without a number.
static PAGES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    crate::routes()
        .iter()
        .filter(|route| route.info.method == axum::http::Method::GET)
        .map(|route| route.info.path)
        .collect()
});

/// The library; its box stands in the head of every page of those who have it in their navigation.
pub const SEARCH_PATH: &str = "/search";

const WORK: [(&str, &str); 5] = [
    ("待办", "/todo"),
    ("总览", "/overview"),
    ("台账", "/ledger"),
    ("规定动作", "/actions"),
    ("施工图", "/plan"),
];
const SUPERVISION: [(&str, &str); 8] = [
    ("督办单", "/slips"),
    ("吹哨报到", "/musters"),
    ("督导检查", "/inspections"),
    ("随机抽查", "/draws"),
    ("回头看", "/look-backs"),
    ("调度会", "/dispatches"),
    ("温差与帮扶", "/imbalance"),
    ("每日摘要", "/digests"),
];
const DOCUMENTS: [(&str, &str); 3] =
    [("报告", "/reports"), ("文件分解", "/breakdowns"), ("文稿校核", "/checks")];
const MORE: [(&str, &str); 7] = [
    ("资料库检索", SEARCH_PATH),
    ("活动记录", "/activities"),
    ("任务与实事", "/tasks"),
    ("学习", "/study"),
    ("专项", "/campaigns"),
    ("单位", "/units"),
    ("记录", "/journal"),
];
const OFFICE: [(&str, &str); 3] =
    [("登记问题", "/problems/new"), ("导入台账", "/imports"), ("人员", "/people")];

/// The navigation of a person.
pub fn of(actor: &Actor) -> Vec<NavGroup> {
    let has = |role| actor.holds_anywhere(role);
    let mut groups = Vec::new();
    if actor.grants.iter().any(|grant| grant.role.reads_business()) {
        groups.push(group("", &WORK));
        groups.push(group("督办", &SUPERVISION));
        groups.push(group("文书", &DOCUMENTS));
        if has(Role::Office) {
            groups.push(group("专班", &OFFICE));
        }
        groups.push(group("更多", &MORE));
    }
    if has(Role::SystemAdmin) {
        groups.push(group(
            "",
            &[
                ("账号", "/admin/accounts"),
                ("单位", "/units"),
                ("人员", "/people"),
                ("日历", "/admin/calendar"),
                ("个人信息删除", "/admin/erasures"),
                ("通知渠道", "/channels"),
            ],
        ));
    }
    if has(Role::SecurityAdmin) {
        groups.push(group(
            "",
            &[
                ("账号与授权", "/admin/accounts"),
                ("告警", "/admin/alerts"),
                ("人员", "/people"),
                ("个人信息删除", "/admin/erasures"),
                ("审计员操作", "/journal"),
            ],
        ));
    }
    if has(Role::AuditAdmin) {
        groups.push(group("", &[("审计日志", "/journal"), ("告警", "/admin/alerts")]));
    }
    groups.retain(|group| !group.items.is_empty());
    groups
}

fn group(label: &str, items: &[(&str, &str)]) -> NavGroup {
    let open = |(_, href): &&(&str, &str)| PAGES.contains(href);
    let items = items.iter().filter(open).map(|(label, href)| NavItem {
        label: (*label).to_owned(),
        href: (*href).to_owned(),
        count: None,
    });
    NavGroup { label: label.to_owned(), items: items.collect() }
}

/// Where a person begins.
pub fn home(actor: &Actor) -> &'static str {
    let wanted = if actor.grants.iter().any(|grant| grant.role.reads_business()) {
        "/todo"
    } else if actor.holds_anywhere(Role::AuditAdmin) {
        "/journal"
    } else if actor.grants.iter().any(|grant| grant.role.is_administrator()) {
        "/admin/accounts"
    } else {
        crate::page::ACCOUNT_PATH
    };
    if PAGES.contains(wanted) { wanted } else { crate::page::ACCOUNT_PATH }
}

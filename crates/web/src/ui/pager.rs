//! Leaving through a long list.

use maud::{Markup, Render, html};

use super::Href;

/// Links to other pages of a list. The address keeps filters and order.
#[derive(Debug, Clone)]
pub struct Pager {
    href: Href,
    page: u64,
    per_page: u64,
    total: u64,
}

impl Pager {
    /// `page` counts from 1. The number of the page goes into the query as `page`.
    pub fn new(href: Href, page: u64, per_page: u64, total: u64) -> Self {
        let per_page = per_page.max(1);
        let last = total.div_ceil(per_page).max(1);
        Self { href, page: page.clamp(1, last), per_page, total }
    }

    fn last(&self) -> u64 {
        self.total.div_ceil(self.per_page).max(1)
    }

    /// First, last and the neighbours; `None` stands for a gap.
    fn shown(&self) -> Vec<Option<u64>> {
        let last = self.last();
        let near = self.page.saturating_sub(1)..=self.page + 1;
        let wanted: Vec<u64> =
            (1..=last).filter(|page| *page == 1 || *page == last || near.contains(page)).collect();
        let mut shown = Vec::new();
        let mut before = 0;
        for page in wanted {
            match page - before {
                1 => {}
                2 => shown.push(Some(page - 1)),
                _ => shown.push(None),
            }
            shown.push(Some(page));
            before = page;
        }
        shown
    }

    fn link(&self, label: &str, page: u64, open: bool) -> Markup {
        html! {
            @if open {
                li { a href=(self.href.with("page", page)) rel=[(label == "下一页").then_some("next")] { (label) } }
            } @else {
                li { span .off aria-disabled="true" { (label) } }
            }
        }
    }
}

impl Render for Pager {
    fn render(&self) -> Markup {
        let first = (self.page - 1) * self.per_page + 1;
        let until = (self.page * self.per_page).min(self.total);
        html! {
            nav .pager aria-label="分页" {
                p {
                    "共 " strong { (super::thousands(self.total)) } " 条"
                    @if self.total > 0 { "，当前第 " (super::thousands(first)) "–" (super::thousands(until)) " 条" }
                }
                @if self.last() > 1 {
                    ul {
                        (self.link("上一页", self.page - 1, self.page > 1))
                        @for page in self.shown() {
                            @match page {
                                Some(page) if page == self.page => li {
                                    a href=(self.href.with("page", page)) aria-current="page" aria-label={ "第 " (page) " 页" } { (page) }
                                },
                                Some(page) => li {
                                    a href=(self.href.with("page", page)) aria-label={ "第 " (page) " 页" } { (page) }
                                },
                                None => li { span .gap aria-hidden="true" { "…" } },
                            }
                        }
                        (self.link("下一页", self.page + 1, self.page < self.last()))
                    }
                }
            }
        }
    }
}

//! The bar above a list with which it is narrowed. It is a form that reads, so each result has its own address.

use maud::{Markup, Render, html};

use super::{Field, Href};

/// Fields to narrow a list, and what narrows it now.
#[derive(Debug, Clone)]
pub struct Filter {
    base: Href,
    fields: Vec<Field>,
    active: Vec<(String, Href)>,
    keep: Vec<&'static str>,
}

impl Filter {
    /// The present address with its query: it gives the target of the form, and what is kept.
    pub fn new(here: Href) -> Self {
        Self { base: here, fields: Vec::new(), active: Vec::new(), keep: Vec::new() }
    }

    pub fn field(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }

    /// A filter that is set, in words, with the address of the list without it.
    pub fn active(mut self, words: impl Into<String>, without: Href) -> Self {
        self.active.push((words.into(), without));
        self
    }

    /// A value of the present address that is sent along, such as the order.
    pub fn keep(mut self, name: &'static str) -> Self {
        self.keep.push(name);
        self
    }
}

impl Render for Filter {
    fn render(&self) -> Markup {
        html! {
            div .filter {
                details .filter-box {
                    summary { span .caret aria-hidden="true" {} "筛选" }
                }
                form action=(self.base.path()) method="get" role="search" aria-label="筛选列表" {
                    @for (name, value) in self.base.pairs().iter().filter(|(name, _)| self.keep.contains(&name.as_str())) {
                        input type="hidden" name=(name) value=(value);
                    }
                    div .filter-fields { @for field in &self.fields { (field) } }
                    div .filter-buttons {
                        button .btn .btn-primary type="submit" { "查询" }
                        a .btn .btn-outline-secondary href=(self.base.path()) { "清除" }
                    }
                }
                @if !self.active.is_empty() {
                    ul .chips aria-label="已选条件" {
                        @for (words, without) in &self.active {
                            li { a .chip href=(without) { (words) span aria-hidden="true" { " ×" } span .visually-hidden { "，去掉这个条件" } } }
                        }
                    }
                }
            }
        }
    }
}

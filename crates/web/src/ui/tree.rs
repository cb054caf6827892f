//! A tree of units or anything else that has children. It opens and closes without script.

use maud::{Markup, PreEscaped, html};

/// A node with its children.
#[derive(Debug, Clone)]
pub struct Node {
    label: String,
    href: Option<String>,
    aside: Markup,
    open: bool,
    here: bool,
    children: Vec<Node>,
}

impl Node {
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: None,
            aside: PreEscaped(String::new()),
            open: false,
            here: false,
            children: Vec::new(),
        }
    }

    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// What stands after the label: a count, a badge.
    pub fn aside(mut self, aside: Markup) -> Self {
        self.aside = aside;
        self
    }

    /// Shows the children from the start.
    pub fn open(mut self) -> Self {
        self.open = true;
        self
    }

    /// Marks the node that the page is about.
    pub fn here(mut self) -> Self {
        self.here = true;
        self
    }

    pub fn children(mut self, children: impl IntoIterator<Item = Node>) -> Self {
        self.children = children.into_iter().collect();
        self
    }
}

/// The list of top nodes. Depth is that of the data; the caller bounds it.
pub fn tree(label: &str, nodes: &[Node]) -> Markup {
    html! { div .tree role="group" aria-label=(label) { (branch(nodes)) } }
}

fn branch(nodes: &[Node]) -> Markup {
    html! {
        ul {
            @for node in nodes {
                li {
                    @if node.children.is_empty() {
                        div .leaf { (name(node)) }
                    } @else {
                        details open[node.open] {
                            summary { span .caret aria-hidden="true" {} (name(node)) }
                            (branch(&node.children))
                        }
                    }
                }
            }
        }
    }
}

fn name(node: &Node) -> Markup {
    html! {
        @match &node.href {
            Some(href) => a href=(href) aria-current=[node.here.then_some("true")] { (node.label) },
            None => span { (node.label) },
        }
        @if !node.aside.0.is_empty() { span .tree-aside { (node.aside) } }
    }
}

//! Tables: caption, heads in one or several rows, links to sort, cards on a phone.

use maud::{Markup, PreEscaped, Render, html};

use super::{Href, Tone};

/// The order of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Ascending,
    Descending,
}

/// A column with its head.
#[derive(Debug, Clone)]
pub struct Column {
    label: String,
    groups: Vec<String>,
    class: &'static str,
    sort: Option<(Href, Option<Direction>)>,
}

impl Column {
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), groups: Vec::new(), class: "", sort: None }
    }

    /// Numbers stand to the right, with digits of one width.
    pub fn number(mut self) -> Self {
        self.class = "number";
        self
    }

    /// Short text that is not broken: dates, codes, badges.
    pub fn short(mut self) -> Self {
        self.class = "short";
        self
    }

    /// Long text that gets most of the room.
    pub fn long(mut self) -> Self {
        self.class = "long";
        self
    }

    /// Heads above this one, outermost first. Neighbouring columns with the same heads share them.
    pub fn under<G: Into<String>>(mut self, groups: impl IntoIterator<Item = G>) -> Self {
        self.groups = groups.into_iter().map(Into::into).collect();
        self
    }

    /// The head becomes a link that sorts; `now` is the present order by this column.
    pub fn sort(mut self, href: Href, now: Option<Direction>) -> Self {
        self.sort = Some((href, now));
        self
    }

    fn head_content(&self) -> Markup {
        let Some((href, now)) = &self.sort else { return html! { (self.label) } };
        let (arrow, next) = match now {
            None => ("↕", "点击按此列排序"),
            Some(Direction::Ascending) => ("↑", "现为升序，点击改为降序"),
            Some(Direction::Descending) => ("↓", "现为降序，点击改为升序"),
        };
        html! {
            a .sort .sorted[now.is_some()] href=(href) {
                (self.label) span .arrow aria-hidden="true" { (arrow) }
                span .visually-hidden { "，" (next) }
            }
        }
    }

    fn aria_sort(&self) -> Option<&'static str> {
        match self.sort.as_ref()?.1? {
            Direction::Ascending => Some("ascending"),
            Direction::Descending => Some("descending"),
        }
    }
}

/// A row of cells, as many as there are columns.
#[derive(Debug, Clone)]
pub struct Row {
    cells: Vec<Markup>,
    tone: Option<Tone>,
}

impl Row {
    pub fn new(cells: impl IntoIterator<Item = Markup>) -> Self {
        Self { cells: cells.into_iter().collect(), tone: None }
    }

    /// A stripe at the beginning of the row; the words for it must stand in a cell.
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = Some(tone);
        self
    }
}

/// A table. The caption is always there; it can be hidden from the eye where a heading says the same.
#[derive(Debug, Clone)]
pub struct Table {
    id: String,
    caption: String,
    caption_hidden: bool,
    columns: Vec<Column>,
    row_head: Option<usize>,
    rows: Vec<Row>,
    foot: Vec<Row>,
    empty: Markup,
    stack: bool,
    tall: bool,
}

impl Table {
    /// `id` is unique on the page; heads are named after it.
    pub fn new(id: impl Into<String>, caption: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            caption: caption.into(),
            caption_hidden: false,
            columns: Vec::new(),
            row_head: None,
            rows: Vec::new(),
            foot: Vec::new(),
            empty: html! { p .text-muted { "没有内容。" } },
            stack: false,
            tall: false,
        }
    }

    pub fn hide_caption(mut self) -> Self {
        self.caption_hidden = true;
        self
    }

    pub fn columns(mut self, columns: impl IntoIterator<Item = Column>) -> Self {
        self.columns = columns.into_iter().collect();
        self
    }

    /// The column, counted from 0, that names its row.
    pub fn row_head(mut self, column: usize) -> Self {
        self.row_head = Some(column);
        self
    }

    pub fn row(mut self, row: Row) -> Self {
        self.rows.push(row);
        self
    }

    pub fn rows(mut self, rows: impl IntoIterator<Item = Row>) -> Self {
        self.rows.extend(rows);
        self
    }

    /// A row below all others, such as a total.
    pub fn foot(mut self, row: Row) -> Self {
        self.foot.push(row);
        self
    }

    /// What stands there instead of an empty table; see [`super::empty`].
    pub fn empty(mut self, empty: Markup) -> Self {
        self.empty = empty;
        self
    }

    /// On a phone each row becomes a card. Else the table scrolls inside itself.
    pub fn stack(mut self) -> Self {
        self.stack = true;
        self
    }

    /// A long list: it scrolls inside the window, and its head stays in sight.
    pub fn tall(mut self) -> Self {
        self.tall = true;
        self
    }

    fn depth(&self) -> usize {
        self.columns.iter().map(|column| column.groups.len()).max().unwrap_or(0)
    }

    /// The heads above the columns at one level: label, first column, columns, rows it covers.
    fn heads(&self) -> Markup {
        let depth = self.depth();
        html! { @for level in 0..=depth { tr { (self.head_row(level, depth)) } } }
    }

    fn head_row(&self, level: usize, depth: usize) -> Markup {
        let mut cells = PreEscaped(String::new());
        let mut at = 0;
        while at < self.columns.len() {
            let column = &self.columns[at];
            let mut span = 1;
            let cell = if level < column.groups.len() {
                let path = &column.groups[..=level];
                span = self.columns[at..].iter().take_while(|next| next.groups.starts_with(path)).count();
                html! {
                    th id={ (self.id) "-" (level) "-" (at) } scope="colgroup" colspan=(span) { (column.groups[level]) }
                }
            } else if level == column.groups.len() {
                // A column with fewer heads above it than its neighbours reaches down to the body.
                let rows = depth - level + 1;
                html! {
                    th id={ (self.id) "-" (at) } scope="col" class=[some(column.class)]
                        rowspan=[(rows > 1).then_some(rows)] aria-sort=[column.aria_sort()] { (column.head_content()) }
                }
            } else {
                PreEscaped(String::new())
            };
            cells.0.push_str(&cell.0);
            at += span;
        }
        cells
    }

    /// The ids of all heads that apply to a cell; only needed where heads stand in several rows.
    fn heads_of(&self, at: usize) -> Option<String> {
        if self.depth() == 0 {
            return None;
        }
        let column = self.columns.get(at)?;
        let mut ids = Vec::new();
        for level in 0..column.groups.len() {
            let path = &column.groups[..=level];
            let before =
                self.columns[..at].iter().rev().take_while(|other| other.groups.starts_with(path)).count();
            ids.push(format!("{}-{level}-{}", self.id, at - before));
        }
        ids.push(format!("{}-{at}", self.id));
        Some(ids.join(" "))
    }

    fn body_row(&self, row: &Row) -> Markup {
        html! {
            tr class=[row.tone.map(|tone| format!("row-{}", tone.class()))] {
                @for (at, cell) in row.cells.iter().enumerate() {
                    @let column = self.columns.get(at);
                    @let class = column.and_then(|column| some(column.class));
                    @let label = column.map(|column| column.label.as_str()).filter(|_| self.stack);
                    @if self.row_head == Some(at) {
                        th scope="row" class=[class] headers=[self.heads_of(at)] data-label=[label] { (cell) }
                    } @else {
                        td class=[class] headers=[self.heads_of(at)] data-label=[label] { (cell) }
                    }
                }
            }
        }
    }
}

fn some(class: &'static str) -> Option<&'static str> {
    Some(class).filter(|class| !class.is_empty())
}

impl Render for Table {
    fn render(&self) -> Markup {
        if self.rows.is_empty() {
            return html! { section aria-label=(self.caption) { (self.empty) } };
        }
        html! {
            div .table-scroll .table-tall[self.tall] role="region" aria-labelledby={ (self.id) "-caption" } tabindex="0" {
                table .table .table-hover .table-stack[self.stack] id=(self.id) {
                    caption id={ (self.id) "-caption" } .visually-hidden[self.caption_hidden] { (self.caption) }
                    thead { (self.heads()) }
                    tbody { @for row in &self.rows { (self.body_row(row)) } }
                    @if !self.foot.is_empty() { tfoot { @for row in &self.foot { (self.body_row(row)) } } }
                }
            }
        }
    }
}

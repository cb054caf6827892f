//! The figures and tables that stand in a docx of one's own.

use super::compose::Desk;
use crate::Error;
use crate::context::Context;
use bihuan_documents::paper::{Block, Table};
use bihuan_domain::report::text::{Node, OwnField, Piece};
use bihuan_store::Conn;

impl Desk<'_> {
    /// Notes the figures of a docx of one's own and puts its tables together.
    pub(super) fn own_tables(
        &mut self,
        conn: &mut Conn,
        ctx: &Context,
    ) -> Result<Vec<(String, Table)>, Error> {
        let mut tables = Vec::new();
        for (name, field) in &self.making.own {
            match field {
                OwnField::Piece(Piece::Figure(figure)) => drop(self.note(&self.known.told(*figure))),
                OwnField::Piece(_) => {}
                OwnField::Table(node) => {
                    let table = self.own_table(conn, ctx, node, tables.len() + 1)?;
                    tables.extend(table.map(|table| (name.clone(), table)));
                }
            }
        }
        Ok(tables)
    }

    /// The table of one field. What a list leaves out is said in its caption: a field is one table and nothing behind it.
    fn own_table(
        &mut self,
        conn: &mut Conn,
        ctx: &Context,
        node: &Node,
        number: usize,
    ) -> Result<Option<Table>, Error> {
        let made = match node {
            Node::Table { facet, columns } => vec![Block::Table(self.table(*facet, columns, number))],
            Node::List { which, rows } => self.list(conn, ctx, *which, *rows, number)?,
            _ => return Ok(None),
        };
        let mut made = made.into_iter();
        let Some(Block::Table(mut table)) = made.next() else { return Ok(None) };
        if let Some(Block::Paragraph(runs)) = made.next() {
            table.caption.push('。');
            table.caption.extend(runs.iter().map(|run| run.text.as_str()));
        }
        Ok(Some(table))
    }
}

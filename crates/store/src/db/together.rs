//! Statements that wait to be sent, put together: on a wire every statement costs more than most rows do.

use std::borrow::Cow;

use super::Val;
use super::conn::Later;

/// One statement for several that wait.
#[derive(Debug)]
pub(super) struct Together<'a> {
    pub(super) sql: Cow<'a, str>,
    pub(super) args: Cow<'a, [Val]>,
    /// The one whose count of changed rows the statement answers with: the last. Those before it are plain inserts,
    /// which write their rows or fail.
    pub(super) last: &'a Later,
}

/// Inserts into different tables, and one statement after them, become one statement of PostgreSQL. Statements of one
/// table stay apart, for none of those put together sees what another writes.
pub(super) fn together(waiting: &[Later]) -> Vec<Together<'_>> {
    let mut found = Vec::new();
    let mut group: Vec<&Later> = Vec::new();
    for one in waiting {
        let table = table_of(&one.sql);
        let apart = table.is_none() || group.iter().any(|other| table_of(&other.sql) == table);
        if apart || group.last().is_some_and(|last| !is_plain_insert(last)) {
            found.extend(joined(&group));
            group.clear();
        }
        group.push(one);
        if table.is_none() {
            found.extend(joined(&group));
            group.clear();
        }
    }
    found.extend(joined(&group));
    found
}

/// The table of an insert or update whose values are all given; none for anything that reads another.
fn table_of(sql: &str) -> Option<&str> {
    let rest = sql.strip_prefix("INSERT INTO ").or_else(|| sql.strip_prefix("UPDATE "))?;
    rest.split(' ').next().filter(|_| !sql.contains("SELECT"))
}

/// Writes all its rows or fails.
fn is_plain_insert(one: &Later) -> bool {
    one.sql.starts_with("INSERT INTO ")
}

fn joined<'a>(group: &[&'a Later]) -> Option<Together<'a>> {
    let (last, before) = group.split_last()?;
    if before.is_empty() {
        return Some(Together { sql: Cow::Borrowed(&last.sql), args: Cow::Borrowed(&last.args), last });
    }
    let mut sql = String::with_capacity(group.iter().map(|one| one.sql.len() + 16).sum());
    let mut args = Vec::with_capacity(group.iter().map(|one| one.args.len()).sum());
    for (at, one) in before.iter().enumerate() {
        sql.push_str(if at == 0 { "WITH w0 AS (" } else { "), w" });
        if at > 0 {
            sql.push_str(&at.to_string());
            sql.push_str(" AS (");
        }
        renumbered(&one.sql, args.len(), &mut sql);
        args.extend_from_slice(&one.args);
    }
    sql.push_str(") ");
    renumbered(&last.sql, args.len(), &mut sql);
    args.extend_from_slice(&last.args);
    Some(Together { sql: Cow::Owned(sql), args: Cow::Owned(args), last })
}

/// Adds `by` to the number of every `$n`.
fn renumbered(sql: &str, by: usize, into: &mut String) {
    let mut parts = sql.split('$');
    into.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number: usize = part[..digits].parse().unwrap_or(0);
        into.push('$');
        into.push_str(&(number + by).to_string());
        into.push_str(&part[digits..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn later(sql: &'static str, args: &[i64]) -> Later {
        Later { sql: sql.into(), args: args.iter().map(|n| Val::Int(*n)).collect(), one_row_of: None }
    }

    fn shown(waiting: &[Later]) -> Vec<(String, usize)> {
        together(waiting).iter().map(|one| (one.sql.to_string(), one.args.len())).collect()
    }

    #[test]
    fn inserts_into_different_tables_and_one_update_become_one_statement() {
        let waiting = [
            later("INSERT INTO a (x, y) VALUES ($1, $2)", &[1, 2]),
            later("INSERT INTO b (x) VALUES ($1) ON CONFLICT (x) DO UPDATE SET x = b.x + $2", &[3, 4]),
            later("UPDATE c SET x = $1 WHERE y = $2", &[5, 6]),
        ];
        let all = "WITH w0 AS (INSERT INTO a (x, y) VALUES ($1, $2)), \
            w1 AS (INSERT INTO b (x) VALUES ($3) ON CONFLICT (x) DO UPDATE SET x = b.x + $4) \
            UPDATE c SET x = $5 WHERE y = $6";
        assert_eq!(shown(&waiting), [(all.to_owned(), 6)]);
    }

    #[test]
    fn what_is_counted_or_meets_the_same_table_or_reads_another_stays_apart() {
        let update = "UPDATE a SET x = $1";
        let same = [later(update, &[1]), later("INSERT INTO a (x) VALUES ($1)", &[2])];
        assert_eq!(shown(&same).len(), 2);
        let counted = [later(update, &[1]), later("INSERT INTO b (x) VALUES ($1)", &[2])];
        assert_eq!(shown(&counted).len(), 2);
        let twice =
            [later("INSERT INTO b (x) VALUES ($1)", &[1]), later("INSERT INTO b (x) VALUES ($1)", &[2])];
        assert_eq!(shown(&twice).len(), 2);
        let reads = [
            later("INSERT INTO b (x) VALUES ($1)", &[1]),
            later("INSERT INTO c (x) SELECT x FROM b WHERE x = $1", &[2]),
            later("DELETE FROM d WHERE x = $1", &[3]),
        ];
        assert_eq!(shown(&reads).len(), 3);
        assert!(together(&[]).is_empty());
    }
}

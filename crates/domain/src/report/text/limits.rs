//! How much one report holds: rows of lists, tables and charts.

use super::Node;

/// Most rows of all lists of one report together: so many rows of long texts make a file of some 24 MB and thousands of pages.
pub const LISTED_ROWS_MAX: i64 = 6_000;
/// Most tables and charts of one report together.
pub const TABLES_MAX: usize = 100;

/// What is wrong where lists or tables are more than one report holds.
pub fn too_many<'a>(nodes: impl Iterator<Item = &'a Node>) -> Option<String> {
    let (mut rows, mut tables) = (0_i64, 0_usize);
    for node in nodes {
        match node {
            Node::List { rows: more, .. } => rows = rows.saturating_add(*more),
            Node::Table { .. } | Node::Chart { .. } => tables += 1,
            _ => {}
        }
    }
    if rows > LISTED_ROWS_MAX {
        return Some(format!(
            "各个清单的件数加起来是{rows}，一份报告最多列{LISTED_ROWS_MAX}件。请减少清单的件数，或者分成几份报告；整本台账请在“台账”页用“导出 Excel”取得。"
        ));
    }
    (tables > TABLES_MAX)
        .then(|| format!("表和图一共{tables}个，一份报告最多{TABLES_MAX}个。请删去一些，或者分成几份报告。"))
}

#[cfg(test)]
mod tests {
    use super::super::{LIST_ROWS_MAX, parse};
    use super::*;

    #[test]
    fn lists_and_tables_are_bounded_together_and_the_sentence_says_what_to_do() {
        let lists =
            |second: i64| format!("{{{{清单 全部：{LIST_ROWS_MAX}}}}}\n字\n{{{{清单 逾期：{second}}}}}");
        let left = LISTED_ROWS_MAX - LIST_ROWS_MAX;
        assert!(parse(&lists(left)).is_ok());
        let faults = parse(&lists(left + 1)).expect_err("one more");
        assert!(
            faults[0].sentence.contains("6001") && faults[0].sentence.contains("导出 Excel"),
            "{faults:?}"
        );
        let tables = |n: usize| vec!["{{图 环节}}"; n].join("\n");
        assert!(parse(&tables(TABLES_MAX)).is_ok());
        let faults = parse(&tables(TABLES_MAX + 1)).expect_err("one more");
        assert!(faults[0].sentence.contains("最多100个"), "{faults:?}");
    }
}

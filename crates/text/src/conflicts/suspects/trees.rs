//! Trees that weigh a suspect: each asks for one feature after the other and ends in a number; the sum of all is the log odds
//! that somebody who reads the text would mark it. `examples/learn.rs` writes them.

use std::sync::OnceLock;

use super::Family;

/// A place in a tree.
#[derive(Clone, Copy, Debug)]
enum Node {
    /// Below or at the bound go to the first place, above to the second.
    Ask {
        feature: usize,
        bound: f64,
        below: usize,
        above: usize,
    },
    Weight(f64),
}

/// The trees of the families, in the order of [`Family::ALL`].
const LEARNED: &str = include_str!("learned.txt");

/// What a suspect weighs.
pub(super) fn weight(family: Family, features: &[f64]) -> f64 {
    static TREES: OnceLock<Vec<Vec<Vec<Node>>>> = OnceLock::new();
    let of = Family::ALL.iter().position(|f| *f == family).unwrap_or(0);
    TREES
        .get_or_init(|| read(LEARNED))
        .get(of)
        .map_or(f64::MIN, |trees| trees.iter().map(|tree| end(tree, features)).sum())
}

fn end(tree: &[Node], features: &[f64]) -> f64 {
    let mut at = 0;
    loop {
        match tree.get(at) {
            Some(Node::Ask { feature, bound, below, above }) => {
                at = if features.get(*feature).is_some_and(|value| value <= bound) { *below } else { *above };
            }
            Some(Node::Weight(weight)) => return *weight,
            None => return 0.0,
        }
    }
}

/// A line is a tree, its places parted by `;`: `feature bound below above`, or a weight. An empty line ends a family.
fn read(learned: &str) -> Vec<Vec<Vec<Node>>> {
    let family = |lines: &str| lines.lines().map(|line| line.split(';').filter_map(node).collect()).collect();
    learned.trim_end().split("\n\n").map(family).collect()
}

fn node(written: &str) -> Option<Node> {
    let parts: Vec<&str> = written.split_whitespace().collect();
    match parts[..] {
        [weight] => weight.parse().ok().map(Node::Weight),
        [feature, bound, below, above] => Some(Node::Ask {
            feature: feature.parse().ok()?,
            bound: bound.parse().ok()?,
            below: below.parse().ok()?,
            above: above.parse().ok()?,
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Family, LEARNED, Node, end, read};

    #[test]
    fn the_learned_trees_are_whole_and_end() {
        let families = read(LEARNED);
        assert_eq!(families.len(), Family::ALL.len());
        for tree in families.iter().flatten() {
            for (at, node) in tree.iter().enumerate() {
                if let Node::Ask { below, above, .. } = node {
                    assert!(*below > at && *above > at && below.max(above) < &tree.len(), "{tree:?}");
                }
            }
            assert!(end(tree, &[]).is_finite());
        }
    }
}

//! Trees that weigh what may be wrong in a text: each asks for one feature after the other and ends in a number; the sum of all
//! is the log odds that somebody who reads the text would mark it. `examples/learn` writes them.

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

/// Trees that belong together.
#[derive(Debug)]
pub(crate) struct Trees(Vec<Vec<Node>>);

impl Trees {
    /// What has these features weighs.
    pub(crate) fn weight(&self, features: &[f64]) -> f64 {
        self.0.iter().map(|tree| end(tree, features)).sum()
    }

    /// Reads learned trees, group by group: a line is a tree, its places parted by `;`: `feature bound below above`, or a weight.
    /// An empty line ends a group.
    pub(crate) fn read(learned: &str) -> Vec<Self> {
        let group = |lines: &str| lines.lines().map(|line| line.split(';').filter_map(node).collect()).collect();
        learned.trim_end().split("\n\n").map(group).map(Self).collect()
    }

    /// Whether every tree ends, wherever it is asked.
    #[cfg(test)]
    pub(crate) fn whole(&self) -> bool {
        self.0.iter().all(|tree| {
            let onward = |(at, node): (usize, &Node)| match node {
                Node::Ask { below, above, .. } => *below > at && *above > at && below.max(above) < &tree.len(),
                Node::Weight(weight) => weight.is_finite(),
            };
            !tree.is_empty() && tree.iter().enumerate().all(onward)
        })
    }
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

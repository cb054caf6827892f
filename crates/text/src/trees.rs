//! Trees that weigh what may be wrong in a text: each asks for one feature after the other and ends in a number; the sum of all
//! is the log odds that somebody who reads the text would mark it. `examples/learn` writes them.

/// A place in a tree. Millions of them are asked: they are small.
#[derive(Clone, Copy, Debug)]
enum Node {
    /// Below or at the bound go to the first place, above to the second.
    Ask {
        feature: u16,
        below: u8,
        above: u8,
        bound: f64,
    },
    Weight(f64),
}

/// Trees that belong together.
#[derive(Debug)]
pub(crate) struct Trees {
    trees: Vec<Vec<Node>>,
    /// The most that the trees from one on can add.
    most: Vec<f64>,
}

impl Trees {
    /// What has these features weighs.
    pub(crate) fn weight(&self, features: &[f64]) -> f64 {
        self.trees.iter().map(|tree| end(tree, features)).sum()
    }

    /// Whether what has these features weighs so much. Nearly nothing does, and a few trees are enough to know.
    pub(crate) fn reach(&self, features: &[f64], bound: f64) -> bool {
        let mut sum = 0.0;
        for (tree, most) in self.trees.iter().zip(&self.most) {
            if sum + most < bound {
                return false;
            }
            sum += end(tree, features);
        }
        sum >= bound
    }

    fn of(trees: Vec<Vec<Node>>) -> Self {
        let heaviest = |tree: &Vec<Node>| {
            let weights = tree.iter().filter_map(|node| match node {
                Node::Weight(weight) => Some(*weight),
                Node::Ask { .. } => None,
            });
            weights.fold(f64::MIN, f64::max)
        };
        let mut most: Vec<f64> = trees.iter().map(heaviest).collect();
        for at in (1..most.len()).rev() {
            most[at - 1] += most[at];
        }
        Self { trees, most }
    }

    /// Reads learned trees, group by group: a line is a tree, its places parted by `;`: `feature bound below above`, or a weight.
    /// An empty line ends a group.
    pub(crate) fn read(learned: &str) -> Vec<Self> {
        let group =
            |lines: &str| lines.lines().map(|line| line.split(';').filter_map(node).collect()).collect();
        learned.trim_end().split("\n\n").map(group).map(Self::of).collect()
    }

    /// Whether every tree ends, wherever it is asked.
    #[cfg(test)]
    pub(crate) fn whole(&self) -> bool {
        self.trees.iter().all(|tree| {
            let onward = |(at, node): (usize, &Node)| match node {
                Node::Ask { below, above, .. } => {
                    let (below, above) = (usize::from(*below), usize::from(*above));
                    below > at && above > at && below.max(above) < tree.len()
                }
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
                let is_below = features.get(usize::from(*feature)).is_some_and(|value| value <= bound);
                at = usize::from(if is_below { *below } else { *above });
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

#[cfg(test)]
mod tests {
    use super::Trees;

    /// Whether a bound is reached is known by all trees as by the first few.
    #[test]
    fn a_bound_is_reached_as_the_whole_weight_says() {
        let trees = Trees::read("0 1.5 1 2;-3;2\n1 0 1 2;0.5;-1\n0 4 1 2;-0.25;1");
        for (features, weight) in [([0.0, 0.0], -2.75), ([2.0, 1.0], 0.75), ([5.0, -1.0], 3.5)] {
            assert_eq!(trees[0].weight(&features), weight);
            for bound in [-9.0, -2.75, 0.0, 0.75, 3.0, 3.5, 3.6] {
                assert_eq!(trees[0].reach(&features, bound), weight >= bound, "{features:?} {bound}");
            }
        }
    }
}

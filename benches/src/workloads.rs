//! The graphs that are measured, as data: a chain, a fan, and random layers. Seeds are fixed.

/// What the trivial node does with each value it needs: one multiplication that no compiler can foresee.
pub const MIX: u64 = 0x9E37_79B9_7F4A_7C15;

/// More needs than this are taken as a group.
const GROUP: usize = 3;

/// A graph of `u64` nodes: the dependencies of each node, all of them earlier ones.
#[derive(Clone, Debug)]
pub struct Workload {
    /// Its name, which is that of its module.
    pub name: &'static str,
    /// For each node the nodes it needs.
    pub nodes: Vec<Vec<usize>>,
    /// Whether each node also does an amount of work that is set while it runs.
    pub spins: bool,
    /// Whether each node is an `async fn`.
    pub waits: bool,
}

/// All that are written as source, each of about 1,000 nodes.
#[must_use]
pub fn all() -> Vec<Workload> {
    vec![chain(1_000), wide(1_000), layered(50, 20), worked(50, 20)]
}

/// W1: each node needs the one before.
#[must_use]
pub fn chain(length: usize) -> Workload {
    let nodes = (0..length).map(|node: usize| node.checked_sub(1).into_iter().collect()).collect();
    Workload { name: "chain", nodes, spins: false, waits: false }
}

/// W2: one source, many that need it, one sum of them all: the sum takes a group.
#[must_use]
pub fn wide(width: usize) -> Workload {
    let mut nodes = vec![Vec::new()];
    nodes.extend((0..width).map(|_| vec![0]));
    nodes.push((1..=width).collect());
    Workload { name: "wide", nodes, spins: false, waits: false }
}

/// W3: random layers, each node with 2 or 3 dependencies in the layer before; one node at the end needs the last
/// layer.
#[must_use]
pub fn layered(layers: usize, width: usize) -> Workload {
    let mut random = Random(42);
    let mut nodes: Vec<Vec<usize>> = vec![Vec::new(); width];
    for layer in 1..layers {
        for column in 0..width {
            let count = 2 + random.below(2);
            // The node of its own column first, so that every node is needed in the end.
            let mut needs = vec![(layer - 1) * width + column];
            while needs.len() < count {
                let need = (layer - 1) * width + random.below(width);
                if !needs.contains(&need) {
                    needs.push(need);
                }
            }
            nodes.push(needs);
        }
    }
    nodes.push(((layers - 1) * width..layers * width).collect());
    Workload { name: "layered", nodes, spins: false, waits: false }
}

/// W3 whose nodes work as long as [`crate::work`] says; W4 where that is 10 us.
#[must_use]
pub fn worked(layers: usize, width: usize) -> Workload {
    Workload { name: "worked", spins: true, ..layered(layers, width) }
}

/// W3 whose nodes are `async`, and ready at once.
#[must_use]
pub fn awaited() -> Workload {
    Workload { name: "awaited", waits: true, ..layered(50, 20) }
}

/// A fifth of it, for rustc takes long functions of many awaits badly.
#[must_use]
pub fn awaited_part() -> Workload {
    Workload { name: "awaited_part", waits: true, ..layered(10, 20) }
}

impl Workload {
    /// Whether a node needs so many that it takes them as a group, and adds them up.
    #[must_use]
    pub fn is_group(needs: &[usize]) -> bool {
        needs.len() > GROUP
    }
}

/// A generator of numbers that look random and are always the same.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit
    }
}

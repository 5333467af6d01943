//! The graphs that are measured, as source text: a chain, a fan, and random layers. Seeds are fixed.

use std::fmt::Write;

/// A graph of trivial `u64` nodes: the dependencies of each node, all of them earlier ones.
pub struct Workload {
    /// Its name, which is that of its module.
    pub name: &'static str,
    /// For each node the nodes it needs.
    pub nodes: Vec<Vec<usize>>,
}

/// All of them, each of about 1,000 nodes.
#[must_use]
pub fn all() -> Vec<Workload> {
    vec![chain(1_000), wide(1_000), layered(50, 20)]
}

/// Each node needs the one before.
#[must_use]
pub fn chain(length: usize) -> Workload {
    let nodes = (0..length).map(|node: usize| node.checked_sub(1).into_iter().collect()).collect();
    Workload { name: "chain", nodes }
}

/// One source, many that need it, one sum of them all: the sum takes a group.
#[must_use]
pub fn wide(width: usize) -> Workload {
    let mut nodes = vec![Vec::new()];
    nodes.extend((0..width).map(|_| vec![0]));
    nodes.push((1..=width).collect());
    Workload { name: "wide", nodes }
}

/// Random layers, each node with 2 or 3 dependencies in the layer before; one node at the end needs the last layer.
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
    Workload { name: "layered", nodes }
}

impl Workload {
    /// The dataflow as source text. What needs many nodes takes them as a group.
    #[must_use]
    pub fn dataflow(&self) -> String {
        let mut text = format!("#[millstream::dataflow]\npub mod {} {{\n", self.name);
        for index in 0..self.nodes.len() {
            let _ = writeln!(text, "    #[node]\n    {}", self.function(index, true));
        }
        text + "}\n"
    }

    /// The same functions as plain ones, in a module without a macro.
    #[must_use]
    pub fn plain(&self) -> String {
        let mut text = format!("pub mod {} {{\n", self.name);
        for index in 0..self.nodes.len() {
            let _ = writeln!(text, "    {}", self.function(index, false));
        }
        text + "}\n"
    }

    /// A function that makes the calls by hand.
    #[must_use]
    pub fn by_hand(&self) -> String {
        let mut text = format!("#[inline(never)]\npub fn {}_by_hand() -> u64 {{\n", self.name);
        for (index, needs) in self.nodes.iter().enumerate() {
            let arguments: Vec<String> = needs.iter().map(|need| format!("&v{need}")).collect();
            let arguments = if Self::is_group(needs) {
                format!("vec![{}]", arguments.join(", "))
            } else {
                arguments.join(", ")
            };
            let _ = writeln!(text, "    let v{index} = {}::n{index}({arguments});", self.name);
        }
        let _ = writeln!(text, "    v{}\n}}", self.nodes.len() - 1);
        text
    }

    fn is_group(needs: &[usize]) -> bool {
        needs.len() > 3
    }

    fn function(&self, index: usize, attributes: bool) -> String {
        let needs = &self.nodes[index];
        if Self::is_group(needs) {
            let members: Vec<String> = needs.iter().map(|need| format!("n{need}")).collect();
            let group = if attributes { format!("#[group({})] ", members.join(", ")) } else { String::new() };
            return format!(
                "pub fn n{index}({group}all: Vec<&u64>) -> u64 {{ all.iter().fold(0, |sum: u64, one| sum.wrapping_add(**one)) }}"
            );
        }
        let params: Vec<String> = needs.iter().map(|need| format!("n{need}: &u64")).collect();
        let mix: Vec<String> =
            needs.iter().map(|need| format!(" value = (value ^ *n{need}).wrapping_mul(MIX);")).collect();
        // What comes from nowhere must not be known to the compiler, and the operations must not melt into one, or it
        // would do the work by itself.
        let own = if needs.is_empty() {
            format!("std::hint::black_box({index}_u64)")
        } else {
            format!("{index}_u64")
        };
        let mutable = if needs.is_empty() { "" } else { "mut " };
        format!(
            "pub fn n{index}({}) -> u64 {{ let {mutable}value = {own};{} value }}",
            params.join(", "),
            mix.concat().replace("MIX", "0x9E37_79B9_7F4A_7C15")
        )
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

//! Nodes that are not let run for some items, by a hook or by a layer.

use std::collections::HashMap;

use millstream::{BoxedError, DriverBuilder, Hook, HookResult, Layer, NodeCall, NodeEvent, Nodes};

use super::plot::{Node, Plot};
use super::spec::{Ends, Gate};

/// What is said to them.
const SHUT: &str = "shut";

/// For each node for one of how many items.
struct Keeper(HashMap<String, u64>);

impl Gate {
    /// Whether it is shut for an item.
    pub fn is_shut(of: u64, items: &[usize]) -> bool {
        (items.iter().sum::<usize>() as u64).is_multiple_of(of)
    }

    /// What the node is told to have failed with, and after how many attempts, of which there may be so many.
    pub fn failure(self, node: &str, most: u32) -> (String, u32) {
        match self {
            Self::Hook => (format!("hook `Keeper` failed before_node of `{node}`: {SHUT}"), 1),
            Self::Layer => (SHUT.to_owned(), most),
        }
    }

    fn nodes(self, plot: &Plot) -> HashMap<String, u64> {
        let shut = |node: &Node| match node.ends {
            Ends::Refused(gate, of) if gate == self => Some((node.name.clone(), of)),
            _ => None,
        };
        plot.nodes.iter().filter_map(shut).collect()
    }
}

/// Sets up the gates of a plot.
pub fn guard(mut driver: DriverBuilder, plot: &Plot) -> DriverBuilder {
    for gate in [Gate::Hook, Gate::Layer] {
        let nodes = gate.nodes(plot);
        if nodes.is_empty() {
            continue;
        }
        let named = Nodes::named(nodes.keys().cloned());
        driver = match gate {
            Gate::Hook => driver.hook_on(named, Keeper(nodes)),
            Gate::Layer => driver.layer_on(named, Keeper(nodes)),
        };
    }
    driver
}

impl Keeper {
    fn ask(&self, node: &str, items: &[usize]) -> Result<(), BoxedError> {
        if Gate::is_shut(self.0[node], items) { Err(SHUT.into()) } else { Ok(()) }
    }
}

impl Hook for Keeper {
    fn before_node(&self, event: &NodeEvent<'_>) -> HookResult {
        self.ask(event.name(), &event.items())
    }
}

impl Layer for Keeper {
    fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
        self.ask(call.node().name(), &call.items())?;
        Ok(call.proceed()?)
    }
}

//! Which nodes a request cannot do without, where it ends with the first failure that is not put up with.

use crate::descriptor::NONE;
use crate::graph::{GraphData, RoleData};

use super::needs::Needs;
use super::tasks::{Want, deps};

/// For each node whether the run cannot go on without its value, or the list of all its values.
pub(super) struct Must {
    list: Vec<bool>,
}

impl Must {
    pub(super) fn of(graph: &GraphData, outputs: &[u32], needs: &Needs) -> Self {
        // Only of what is in blocks there are lists.
        if graph.deepest == 0 {
            return Self { list: Vec::new() };
        }
        let count = graph.nodes.len();
        let (mut value, mut list) = (vec![false; count], vec![false; count]);
        for output in outputs {
            value[*output as usize] = true;
            list[*output as usize] = true;
        }
        // Who needs a node comes after it.
        for (at, node) in graph.nodes.iter().enumerate().rev() {
            let RoleData::Function(function) = &node.role else { continue };
            let has_part = |part: &u32| *part != NONE && (value[*part as usize] || list[*part as usize]);
            let is_must = value[at] || list[at] || function.parts.iter().any(has_part);
            if !is_must || !needs.runs[at] || needs.given[at] {
                continue;
            }
            let Some(variant) = function.variants.first() else { continue };
            if variant.recovery.fallback.is_some() {
                // It may fail itself.
                if let Some(other) = variant.fallback() {
                    value[other as usize] = true;
                }
                continue;
            }
            let takes = deps(variant).zip(variant.tolerates());
            for ((dep, want), _) in takes.filter(|((dep, _), tolerates)| *dep != NONE && !tolerates) {
                let must = if want == Want::List { &mut list } else { &mut value };
                must[dep as usize] = true;
            }
        }
        Self { list }
    }

    /// Whether there must be the list of the values of a node.
    pub(super) fn has_list(&self, node: u32) -> bool {
        self.list[node as usize]
    }
}

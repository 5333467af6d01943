//! What failed, and which failure is told of: the same one on every executor.

use std::collections::VecDeque;
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::descriptor::NONE;
use crate::error::NodeError;
use crate::fault::Fault;
use crate::graph::GraphData;

use super::needs::Needs;
use super::plan::{Plan, PlannedTask, TaskKind};
use super::policy::Cut;

/// The failures of a run, of which the first counts: those of tasks by rank, then values that panicked when they
/// were dropped.
#[derive(Default)]
pub(crate) struct Failures {
    /// The lowest rank of a task whose failure ends the run.
    pub(crate) cut: Cut,
    first: Mutex<Option<(usize, NodeError)>>,
    /// By node; there once there is one.
    drops: OnceLock<Mutex<Vec<(u32, NodeError)>>>,
}

impl Failures {
    /// A task has failed, and the run ends for it.
    pub(crate) fn end_run(&self, rank: usize, error: NodeError) {
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        let later = match &*first {
            Some((earliest, _)) if *earliest <= rank => Some(error),
            _ => first.replace((rank, error)).map(|(_, error)| error),
        };
        drop(first);
        self.cut.at(rank);
        // An error is of the user's type, so it is dropped without the lock.
        drop(later);
    }

    /// The value of a node could not be dropped. That ends nothing: when a value is dropped depends on the
    /// executor.
    pub(crate) fn of_drop(&self, graph: &GraphData, node: u32, fault: Fault) {
        let fault = match fault {
            Fault::Panic(message) => Fault::Panic(format!("{message} (while its value was dropped)")),
            other => other,
        };
        let error = NodeError::new(graph.name(node), graph.node(node).place, fault);
        let drops = self.drops.get_or_init(Mutex::default);
        drops.lock().unwrap_or_else(PoisonError::into_inner).push((node, error));
    }

    /// The failure that the run ended for, with its rank.
    pub(crate) fn first(&self) -> Option<(usize, NodeError)> {
        if self.cut.end() == 0 {
            return None;
        }
        self.first.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The nodes whose values could not be dropped, in the order of the graph.
    pub(crate) fn drops(&self) -> Vec<(u32, NodeError)> {
        let Some(drops) = self.drops.get() else { return Vec::new() };
        let mut drops = drops.lock().unwrap_or_else(PoisonError::into_inner).clone();
        drops.sort_by_key(|(node, _)| *node);
        drops
    }
}

/// The error of a task: that of the node of a block, and the item, where it was within one.
pub(crate) fn error_at(graph: &GraphData, tasks: &[PlannedTask], rank: usize, fault: Fault) -> NodeError {
    let (mut tasks, mut rank, mut fault) = (tasks, rank, fault);
    let mut items = Vec::new();
    loop {
        match (fault, &tasks[rank].kind) {
            (Fault::Item(inside), TaskKind::Block(block)) => {
                items.push(inside.item);
                rank = block.plan.program().task_of(inside.op);
                tasks = &block.tasks;
                fault = inside.fault;
            }
            (Fault::Known(error), _) => return error,
            (fault, _) => {
                let node = graph.node(tasks[rank].node);
                return NodeError::new(&node.name, node.place, fault).for_items(items);
            }
        }
    }
}

/// An error as that of a run, which tells on the way to which of the outputs the node was needed.
pub(crate) fn serving(
    graph: &GraphData,
    plan: &Plan,
    node: u32,
    outputs: &[u32],
    error: NodeError,
) -> NodeError {
    let names = |nodes: Vec<u32>| nodes.into_iter().map(|node| graph.name(node).to_owned()).collect();
    let served = Served::of(graph, &plan.needs);
    error.serving(names(served.way(node, outputs)), names(served.dependents[node as usize].clone()))
}

/// Whom the nodes of a run serve.
struct Served {
    dependents: Vec<Vec<u32>>,
}

impl Served {
    fn of(graph: &GraphData, needs: &Needs) -> Self {
        let takes_part = |node: &u32| {
            let node = *node as usize;
            (needs.value[node] || needs.runs[node]) && !needs.given[node]
        };
        let mut dependents = graph.dependents();
        for (provider, list) in (0..).zip(&mut dependents) {
            // Who tolerates that it is missing is not what it is missed by.
            list.retain(|node| takes_part(node) && !graph.tolerates(*node, provider));
        }
        Self { dependents }
    }

    /// The shortest way from a node to an output, both included.
    fn way(&self, node: u32, outputs: &[u32]) -> Vec<u32> {
        let mut wanted = vec![false; self.dependents.len()];
        for output in outputs {
            wanted[*output as usize] = true;
        }
        let mut came_from = vec![NONE; self.dependents.len()];
        let mut queue = VecDeque::from([node]);
        while let Some(at) = queue.pop_front() {
            if wanted[at as usize] {
                let mut way = vec![at];
                let mut at = at;
                while at != node {
                    at = came_from[at as usize];
                    way.push(at);
                }
                way.reverse();
                return way;
            }
            for next in &self.dependents[at as usize] {
                if came_from[*next as usize] == NONE && *next != node {
                    came_from[*next as usize] = at;
                    queue.push_back(*next);
                }
            }
        }
        vec![node]
    }
}

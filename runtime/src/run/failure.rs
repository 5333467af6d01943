//! What failed, and which failure is told of: the same one on every executor.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::descriptor::NONE;
use crate::error::NodeFailure;
use crate::fault::Fault;
use crate::graph::GraphData;

use super::needs::Needs;
use super::plan::{Plan, TaskKind};

/// The failures of a run, of which the first counts: those of tasks by rank, then values that panicked when they
/// were dropped.
pub(crate) struct Failures {
    /// The lowest rank of a task that failed. Tasks of lower ranks still run, for one of them may fail too.
    lowest: AtomicUsize,
    first: Mutex<Option<(Order, Fault)>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    Task(usize),
    Value(u32),
}

impl Default for Failures {
    fn default() -> Self {
        Self { lowest: AtomicUsize::new(usize::MAX), first: Mutex::new(None) }
    }
}

impl Failures {
    pub(crate) fn of_task(&self, rank: usize, fault: Fault) {
        self.lowest.fetch_min(rank, Ordering::AcqRel);
        self.note(Order::Task(rank), fault);
    }

    /// The value of a node that could not be dropped. It stops nothing: when a value is dropped depends on the
    /// executor.
    pub(crate) fn of_drop(&self, node: u32, fault: Fault) {
        let fault = match fault {
            Fault::Panic(message) => Fault::Panic(format!("{message} (while its value was dropped)")),
            other => other,
        };
        self.note(Order::Value(node), fault);
    }

    /// Whether a task need not run any more.
    pub(crate) fn stop(&self, rank: usize) -> bool {
        rank > self.lowest.load(Ordering::Acquire)
    }

    fn note(&self, order: Order, fault: Fault) {
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        let later = match &*first {
            Some((earliest, _)) if *earliest <= order => Some(fault),
            _ => first.replace((order, fault)).map(|(_, fault)| fault),
        };
        drop(first);
        // An error is of the user's type, so it is dropped without the lock and with care.
        if let Some(fault) = later {
            let _ = crate::fault::drop_guarded(fault);
        }
    }

    /// The failure that is told of, if there is one.
    pub(crate) fn first(&self, graph: &GraphData, plan: &Plan) -> Option<NodeFailure> {
        let (order, fault) = self.first.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        let (node, outputs) = match order {
            Order::Value(node) => (node, &plan.key.outputs[..]),
            // A value that could not be copied has served all it was to serve.
            Order::Task(rank) if plan.tasks[rank].kind == TaskKind::Copy => (plan.tasks[rank].node, &[][..]),
            Order::Task(rank) => (plan.tasks[rank].node, &plan.key.outputs[..]),
        };
        let names = |nodes: Vec<u32>| nodes.into_iter().map(|node| graph.name(node).to_owned()).collect();
        let served = Served::of(graph, &plan.needs);
        Some(NodeFailure {
            node: graph.name(node).to_owned(),
            place: graph.node(node).place,
            chain: names(served.way(node, outputs)),
            needed_by: names(served.dependents[node as usize].clone()),
            fault,
        })
    }
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
        for list in &mut dependents {
            list.retain(takes_part);
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

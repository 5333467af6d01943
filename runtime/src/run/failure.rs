//! What failed, and which failure is told of: the same one on every executor.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::descriptor::NONE;
use crate::error::NodeFailure;
use crate::fault::Fault;
use crate::graph::GraphData;

use super::needs::Needs;
use super::plan::Plan;

/// The failures of a run, of which the first counts: those of inputs come first, then those of tasks by rank,
/// then values that panicked when they were dropped.
pub(crate) struct Failures {
    /// The lowest rank of a task that failed. Tasks of lower ranks still run, for one of them may fail too.
    lowest: AtomicUsize,
    first: Mutex<Option<(Order, Fault)>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    Input(usize),
    Task(usize),
    Value(usize),
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

    pub(crate) fn of_input(&self, node: usize, fault: Fault) {
        self.note(Order::Input(node), fault);
    }

    /// Noted, but it stops nothing: when a value is dropped depends on the executor.
    pub(crate) fn of_drop(&self, node: usize, fault: Fault) {
        let fault = match fault {
            Fault::Panic(message) => Fault::Panic(format!("{message} (while its value was dropped)")),
            other => other,
        };
        self.of_value(node, fault);
    }

    /// A value that could not be handed out.
    pub(crate) fn of_value(&self, node: usize, fault: Fault) {
        self.note(Order::Value(node), fault);
    }

    /// Whether a task need not run any more.
    pub(crate) fn stop(&self, rank: usize) -> bool {
        rank > self.lowest.load(Ordering::Acquire)
    }

    /// Whether an input or a task has failed.
    pub(crate) fn any(&self) -> bool {
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        matches!(&*first, Some((Order::Input(_) | Order::Task(_), _)))
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

    pub(crate) fn into_first(
        self,
        graph: &GraphData,
        plan: &Plan,
        needs: &Needs,
        outputs: &[u32],
    ) -> Option<NodeFailure> {
        let (order, fault) = self.first.into_inner().unwrap_or_else(PoisonError::into_inner)?;
        let node = match order {
            Order::Input(node) | Order::Value(node) => super::plan::to_u32(node),
            Order::Task(rank) => plan.tasks[rank].node,
        };
        let names = |nodes: Vec<u32>| nodes.into_iter().map(|node| graph.name(node).to_owned()).collect();
        let served = Served::of(graph, needs);
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

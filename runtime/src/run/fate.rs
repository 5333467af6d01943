//! What became of the tasks of a run.

use std::sync::OnceLock;

use crate::error::NodeError;
use crate::graph::GraphData;

use super::plan::{Plan, TaskKind};
use super::report::{NodeReport, Outcome, Report};

/// What became of a task.
#[derive(Debug)]
pub(crate) enum Fate {
    Done,
    Failed(NodeError),
    /// Something it needs is missing: the failure of the lowest rank that is to blame.
    Skipped(usize, NodeError),
    /// The run ended before its turn.
    NotReached,
}

/// What became of each task, by rank; empty where nobody keeps account, and all are done.
#[derive(Default)]
pub(crate) struct Fates(Box<[OnceLock<Fate>]>);

impl Fates {
    pub(crate) fn of(tasks: usize) -> Self {
        Self((0..tasks).map(|_| OnceLock::new()).collect())
    }

    pub(crate) fn set(&self, rank: usize, fate: Fate) {
        if let Some(cell) = self.0.get(rank) {
            let _ = cell.set(fate);
        }
    }

    pub(crate) fn get(&self, rank: usize) -> Option<&Fate> {
        self.0.get(rank).and_then(OnceLock::get)
    }

    /// The failure that is to blame for a task that did not do what it was to do, with its rank.
    pub(crate) fn blame(&self, rank: usize) -> Option<(usize, &NodeError)> {
        match self.get(rank)? {
            Fate::Failed(error) => Some((rank, error)),
            Fate::Skipped(first, error) => Some((*first, error)),
            Fate::Done | Fate::NotReached => None,
        }
    }

    /// The failure that is to blame for it that a task lacks something.
    pub(crate) fn blame_of_needs(&self, plan: &Plan, rank: usize) -> Option<(usize, NodeError)> {
        let makers = plan.program.reads(rank).filter_map(|slot| plan.makers[slot as usize]);
        let blame = makers.filter_map(|maker| self.blame(maker)).min_by_key(|(rank, _)| *rank)?;
        Some((blame.0, blame.1.clone()))
    }

    pub(crate) fn report(&self, graph: &GraphData, plan: &Plan, drops: Vec<NodeError>) -> Report {
        let mut roots: Vec<Vec<u32>> = vec![Vec::new(); plan.tasks.len()];
        let mut places: Vec<Option<usize>> = vec![None; graph.nodes.len()];
        let mut nodes: Vec<NodeReport> = Vec::with_capacity(plan.tasks.len());
        for (rank, task) in plan.tasks.iter().enumerate() {
            let outcome = match self.get(rank) {
                Some(Fate::Failed(error)) => {
                    roots[rank] = vec![task.node];
                    Outcome::Failed(error.clone())
                }
                Some(Fate::Skipped(..)) => {
                    let makers = plan.program.reads(rank).filter_map(|slot| plan.makers[slot as usize]);
                    let mut because: Vec<u32> = makers.flat_map(|maker| roots[maker].clone()).collect();
                    because.sort_unstable();
                    because.dedup();
                    roots[rank].clone_from(&because);
                    let because = because.into_iter().map(|node| graph.name(node).to_owned()).collect();
                    Outcome::Skipped { because }
                }
                Some(Fate::NotReached) => Outcome::NotReached,
                Some(Fate::Done) | None => Outcome::Done,
            };
            match (&task.kind, places[task.node as usize]) {
                // A copy of a value counts where it could not be made.
                (TaskKind::Copy, Some(place)) => {
                    if matches!(outcome, Outcome::Failed(_)) {
                        nodes[place].outcome = outcome;
                    }
                }
                (TaskKind::Copy, None) if !matches!(outcome, Outcome::Failed(_)) => {}
                _ => {
                    places[task.node as usize] = Some(nodes.len());
                    nodes.push(NodeReport { node: graph.name(task.node).to_owned(), outcome });
                }
            }
        }
        Report::new(nodes, drops)
    }
}

//! What became of the tasks of a run.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::NodeError;
use crate::graph::{GraphData, RoleData};
use crate::hook::{Ending, HookError};
use crate::memory::SlotId;

use super::blocks::{Blame, Roots, Within};
use super::plan::{Plan, TaskKind};
use super::report::{NodeReport, Outcome, Report};

/// What became of a task that has not simply done what it was to do.
#[derive(Debug)]
pub(crate) enum Fate {
    /// It has, in the end.
    Done {
        attempts: u32,
    },
    Failed(NodeError),
    /// Something it needs is missing: the failure of the lowest rank that is to blame.
    Skipped(usize, NodeError),
    /// Nothing has failed that it was to stand in for.
    Unneeded,
    /// The run ended before its turn.
    NotReached,
}

/// A task of which it may be asked before it is over.
#[derive(Default)]
struct Account {
    fate: OnceLock<Fate>,
    has_begun: AtomicBool,
}

impl Fate {
    /// How often it was tried.
    pub(crate) fn attempts(&self) -> u32 {
        match self {
            Self::Done { attempts } => *attempts,
            Self::Failed(error) => error.attempts(),
            Self::Skipped(..) | Self::Unneeded | Self::NotReached => 0,
        }
    }

    /// What those who listen are told of a task that has begun: how often it was tried, and how it has ended. It is
    /// done where nothing else is to be said of it.
    pub(crate) fn told(fate: Option<&Self>) -> (u32, Ending<'_>) {
        let ending = match fate {
            None => Ending::Done,
            Some(Self::NotReached) => Ending::GivenUp,
            Some(fate) => Ending::of(fate.error()),
        };
        (fate.map_or(1, |fate| fate.attempts().max(1)), ending)
    }

    /// The failure that is to blame.
    pub(crate) fn error(&self) -> Option<&NodeError> {
        match self {
            Self::Failed(error) | Self::Skipped(_, error) => Some(error),
            Self::Done { .. } | Self::Unneeded | Self::NotReached => None,
        }
    }
}

/// What became of each task, by rank: where nothing is written down, all is done. There is no account before
/// something goes wrong.
#[derive(Default)]
pub(crate) struct Fates {
    by_rank: OnceLock<Box<[Account]>>,
    /// Whether it is written down of each task, also of one that is simply done.
    of_all: bool,
}

impl Fates {
    pub(crate) fn set(&self, plan: &Plan, rank: usize, fate: Fate) {
        let _ = self.account(plan, rank).fate.set(fate);
    }

    /// A task is about to run.
    pub(crate) fn begin(&self, plan: &Plan, rank: usize) {
        self.account(plan, rank).has_begun.store(true, Ordering::Release);
    }

    fn account(&self, plan: &Plan, rank: usize) -> &Account {
        let accounts = || plan.tasks.iter().map(|_| Account::default()).collect();
        &self.by_rank.get_or_init(accounts)[rank]
    }

    /// Of each task it is written down what became of it.
    pub(crate) fn of_all() -> Self {
        Self { of_all: true, ..Self::default() }
    }

    pub(crate) fn get(&self, rank: usize) -> Option<&Fate> {
        self.by_rank.get()?.get(rank)?.fate.get()
    }

    /// The failure that is to blame for a task that did not do what it was to do, with its rank.
    pub(crate) fn blame(&self, rank: usize) -> Option<(usize, &NodeError)> {
        match self.get(rank)? {
            Fate::Failed(error) => Some((rank, error)),
            Fate::Skipped(first, error) => Some((*first, error)),
            Fate::Done { .. } | Fate::Unneeded | Fate::NotReached => None,
        }
    }

    /// The failure that is to blame for it that a task lacks something.
    /// Of a node with a fallback it is both that have failed.
    pub(crate) fn blame_of_needs(
        &self,
        graph: &GraphData,
        plan: &Plan,
        rank: usize,
    ) -> Option<(usize, NodeError)> {
        let task = &plan.tasks[rank];
        let chooses = matches!(task.kind, TaskKind::Choose);
        let is_own = |maker: usize| {
            let made_by = &plan.tasks[maker];
            chooses && made_by.node == task.node && matches!(made_by.kind, TaskKind::Node)
        };
        let makers = plan.program.requires(rank).filter_map(|slot| plan.makers[slot as usize]);
        let mut blamed: Vec<(bool, usize, &NodeError)> = makers
            .filter_map(|maker| self.blame(maker).map(|(rank, error)| (is_own(maker), rank, error)))
            .collect();
        blamed.sort_by_key(|(is_own, rank, _)| (!is_own, *rank));
        match blamed.as_slice() {
            // Where one and the same node is to blame for both there is nothing to be added.
            [(true, rank, error), (_, _, other), ..] if other.node() != error.node() => {
                let both = (*error).clone().and_stand_in(graph.name(task.node), (*other).clone());
                Some((*rank, both))
            }
            [(_, rank, error), ..] => Some((*rank, (*error).clone())),
            [] => None,
        }
    }

    /// What became of each node, where that is known of those `within` blocks.
    pub(crate) fn report(
        &self,
        plan: &Plan,
        mut within: Within<'_>,
        drops: Vec<NodeError>,
        hooks: Vec<HookError>,
    ) -> Report {
        let graph = within.graph;
        let mut roots: Vec<Roots> = vec![Roots::new(); plan.tasks.len()];
        // Where in the report each node is, and the rank of its call.
        let mut places: Vec<Option<(usize, usize)>> = vec![None; graph.nodes.len()];
        let mut nodes: Vec<NodeReport> = Vec::with_capacity(plan.tasks.len());
        for (rank, task) in plan.tasks.iter().enumerate() {
            let outcome = match self.get(rank) {
                Some(Fate::Failed(error)) => {
                    roots[rank] = match task.kind {
                        TaskKind::Gather => within.roots(task.node),
                        // It is one of its nodes.
                        TaskKind::Block(_) => Roots::from([graph.find(error.node()).unwrap_or(task.node)]),
                        // Not that which the error names: an input may have failed in another driver.
                        _ => Roots::from([task.node]),
                    };
                    Outcome::Failed(error.clone())
                }
                Some(Fate::Skipped(..)) => {
                    let makers = plan.program.requires(rank).filter_map(|slot| plan.makers[slot as usize]);
                    roots[rank] = makers.flat_map(|maker| &roots[maker]).copied().collect();
                    if let TaskKind::Gather = task.kind {
                        roots[rank].extend(within.roots(task.node));
                    }
                    let because = roots[rank].iter().map(|node| graph.name(*node).to_owned()).collect();
                    Outcome::Skipped { because }
                }
                Some(Fate::NotReached) => Outcome::NotReached,
                Some(Fate::Unneeded) => Outcome::NotNeeded,
                None if self.of_all => {
                    let account = self.by_rank.get().and_then(|accounts| accounts.get(rank));
                    let has_begun = account.is_some_and(|it| it.has_begun.load(Ordering::Acquire));
                    if has_begun { Outcome::Running } else { Outcome::NotReached }
                }
                Some(Fate::Done { .. }) | None => Outcome::Done,
            };
            let attempts = match self.get(rank) {
                None => u32::from(!self.of_all),
                Some(Fate::Done { attempts }) => *attempts,
                Some(Fate::Failed(error)) => error.attempts(),
                Some(Fate::Skipped(..) | Fate::Unneeded | Fate::NotReached) => 0,
            };
            match (&task.kind, places[task.node as usize]) {
                // A copy of a value counts where it could not be made.
                (TaskKind::Copy, Some((place, _))) => {
                    if matches!(outcome, Outcome::Failed(_)) {
                        nodes[place].outcome = outcome;
                    }
                }
                (TaskKind::Copy, None) if !matches!(outcome, Outcome::Failed(_)) => {}
                (TaskKind::Choose, Some((place, called))) => {
                    let own = &mut nodes[place].outcome;
                    match (outcome, self.blame(called)) {
                        (Outcome::Done, Some((_, error))) => {
                            let (on, error) = (fallback_of(graph, task.node), error.clone());
                            *own = Outcome::FellBack { on, error };
                        }
                        (failed @ Outcome::Failed(_), _) => *own = failed,
                        _ => {}
                    }
                }
                // The node itself says why it has no value of its own, or which of those in its list are missing; and what
                // is given did not run.
                (TaskKind::Constant, Some(_)) | (TaskKind::Gather | TaskKind::Items, _) => {}
                (TaskKind::Block(block), opener) => {
                    let failure = match &outcome {
                        Outcome::Failed(error) if error.node() == graph.name(task.node) => Some((error, 1)),
                        _ => within.failure(task.node),
                    };
                    if let Some((error, failed_items)) = failure {
                        let outcome = Outcome::Failed(error.clone());
                        match opener {
                            Some((place, _)) => {
                                nodes[place].outcome = outcome;
                                nodes[place].failed_items = failed_items;
                            }
                            // It is given, so it did not run.
                            None => {
                                let node = graph.name(task.node).to_owned();
                                nodes.push(NodeReport { node, outcome, attempts: 0, failed_items });
                            }
                        }
                    }
                    let maker = |slot: SlotId| plan.makers[slot as usize];
                    let blame = Blame::of(block, &roots[rank], |slot| Some(&roots[maker(slot)?]));
                    nodes.extend(within.block(block, &outcome, blame));
                }
                _ => {
                    places[task.node as usize] = Some((nodes.len(), rank));
                    let node = graph.name(task.node).to_owned();
                    nodes.push(NodeReport { node, outcome, attempts, failed_items: 0 });
                }
            }
        }
        Report::new(nodes, drops, hooks)
    }
}

/// The node that stands in for another; `None` where that is a constant.
pub(crate) fn fallback_of(graph: &GraphData, node: u32) -> Option<String> {
    let RoleData::Function(function) = &graph.node(node).role else { return None };
    let other = function.variants.first()?.fallback()?;
    Some(graph.name(other).to_owned())
}

//! What is written down of a run while it goes on, and what there is to say of it when it is over.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::context::Metadata;
use crate::driver::Core;
use crate::error::{Error, NodeError, NodeErrorKind};
use crate::fault::Fault;
use crate::hook::{Line, Live};
use crate::memory::{SlotId, Still};

use super::blocks::ItemFates;
use super::failure::{Failures, error_at, serving};
use super::fate::Fates;
use super::plan::{Plan, TaskKind};
use super::policy::{Halt, Retry};
use super::report::Report;
use super::schedule::Schedule;
use super::times::Times;

/// What there is to say of a run before it begins.
pub(crate) struct Begins {
    /// What may end it early.
    pub(crate) halt: Halt,
    pub(crate) line: Line,
    /// Whether the costs of its nodes are of interest.
    pub(crate) look: bool,
}

/// What is written down of a run while it goes on.
pub(crate) struct Log {
    pub(crate) plan: Arc<Plan>,
    pub(crate) failures: Failures,
    pub(crate) fates: Fates,
    /// What is amiss with items of blocks; there once somebody asks.
    items: OnceLock<Arc<ItemFates>>,
    /// Whether what can run does, whatever fails.
    keeps_going: bool,
    /// There where somebody listens, or a node asks for the run it is in.
    pub(crate) live: Option<Arc<Live>>,
    line: Line,
    pub(crate) halt: Halt,
    pub(crate) times: Times,
    /// Whether the caller wants to see them.
    shows_times: bool,
}

impl Log {
    /// That of a run in which nothing has happened yet.
    pub(crate) fn of(core: &Core, plan: Arc<Plan>, keeps_going: bool, begins: Begins) -> Self {
        let Begins { halt, line, look } = begins;
        let is_live = core.hooks.listen() || plan.program.takes_context();
        let listened = is_live.then(|| {
            let halt = (halt.clone(), &core.policies.pace);
            Arc::new(Live::new(&core.hooks, &plan, &core.graph, line.clone(), halt))
        });
        let line = listened.as_ref().map_or(line, |live| live.line().clone());
        let are_wanted = core.settings.timings || look;
        let times = if are_wanted { Times::of(plan.tasks.len()) } else { Times::default() };
        Self {
            plan,
            failures: Failures::default(),
            fates: if halt.has_deadline() { Fates::of_all() } else { Fates::default() },
            items: OnceLock::new(),
            keeps_going,
            live: listened,
            line,
            halt,
            times,
            shows_times: core.settings.timings,
        }
    }

    /// How a task is tried again, if it is.
    pub(crate) fn retry(&self, rank: usize) -> Option<Retry> {
        let task = &self.plan.tasks[rank];
        self.plan.policies.retry(task.node).filter(|_| matches!(task.kind, TaskKind::Node))
    }

    /// Whether it is a node's call whose attempts are counted.
    fn has_attempts(&self, rank: usize) -> bool {
        !matches!(self.plan.tasks[rank].kind, TaskKind::Block(_) | TaskKind::Gather)
    }

    /// Whether the run ends where a task fails.
    pub(super) fn is_fatal(&self, rank: usize) -> bool {
        !self.keeps_going && !self.plan.is_contained(rank)
    }

    pub(crate) fn failed(&self, rank: usize, fault: Fault, attempts: u32) -> NodeError {
        let error = error_at(self.plan.graph.data(), &self.plan.tasks, rank, fault);
        // Whoever is known to have failed within has been counted there.
        let error = if self.has_attempts(rank) { error.after(attempts) } else { error };
        if error.kind() == NodeErrorKind::Cancelled {
            // A run within the node has ended since this one is to end.
            self.halt.is_now();
        }
        if self.is_fatal(rank) {
            self.failures.end_run(rank, error.clone());
            self.halt.wake();
        }
        error
    }

    pub(crate) fn not_dropped(&self, slot: SlotId, fault: Fault) {
        self.failures.of_drop(self.plan.graph.data(), self.plan.nodes[slot as usize], fault);
    }

    /// Why the run as a whole has failed, if it has: the same on every executor. Where it keeps going that is so
    /// if an output is missing, unless that `may_lack` some.
    pub(crate) fn failure(&self, may_lack: bool) -> Option<Error> {
        if self.halt.was_heeded() {
            return Some(Error::cancelled(self.report()));
        }
        if self.halt.has_ended() {
            return Some(Error::given_up(self.report()));
        }
        if self.keeps_going {
            let missing = (0..self.plan.outputs.len()).filter_map(|output| self.blame(output));
            let (rank, output, error) = missing.filter(|_| !may_lack).min_by_key(|(rank, ..)| *rank)?;
            return Some(Error::node(self.serving(rank, &[output], error), Some(self.report())));
        }
        if let Some((rank, error)) = self.failures.first() {
            return Some(Error::node(self.serving(rank, &self.plan.key.outputs, error), None));
        }
        let (node, error) = self.failures.drops().into_iter().next()?;
        let error = serving(self.plan.graph.data(), &self.plan, node, &self.plan.key.outputs, error);
        Some(Error::node(error, None))
    }

    /// That the time of the run was over before it was.
    pub(crate) fn out_of_time(&self, limit: Duration) -> Error {
        Error::out_of_time(limit, self.report())
    }

    /// Why an output is missing, by its position, if it is.
    pub(crate) fn missing(&self, output: usize) -> Option<NodeError> {
        let (rank, node, error) = self.blame(output)?;
        Some(self.serving(rank, &[node], error))
    }

    /// For an output that is missing the rank of what is to blame, its node, and the failure.
    fn blame(&self, output: usize) -> Option<(usize, u32, NodeError)> {
        let rank = self.plan.makers[self.plan.outputs[output] as usize]?;
        let (rank, error) = self.fates.blame(rank)?;
        Some((rank, self.plan.key.outputs[output], error.clone()))
    }

    fn serving(&self, rank: usize, outputs: &[u32], error: NodeError) -> NodeError {
        let task = &self.plan.tasks[rank];
        // A value that could not be copied has served all it was to serve.
        let outputs = if matches!(task.kind, TaskKind::Copy) { &[] } else { outputs };
        let graph = self.plan.graph.data();
        // In a block it is one of its nodes that failed, and where nothing stands in for a node it may be one it needs.
        let is_of_others = matches!(task.kind, TaskKind::Block(_) | TaskKind::Gather | TaskKind::Choose);
        let node = graph.find(error.node()).filter(|_| is_of_others);
        serving(graph, &self.plan, node.unwrap_or(task.node), outputs, error)
    }

    /// What is amiss with items of blocks.
    pub(crate) fn items(&self) -> &Arc<ItemFates> {
        self.items.get_or_init(Arc::default)
    }

    pub(crate) fn report(&self) -> Report {
        let drops = self.failures.drops().into_iter().map(|(_, error)| error).collect();
        let hooks = self.live.as_ref().map(|live| live.problems()).unwrap_or_default();
        self.fates.report(&self.plan, self.items().within(self.plan.graph.data()), drops, hooks)
    }

    pub(crate) fn schedule(&self) -> Schedule {
        let Self { plan, times, shows_times, .. } = self;
        let shown = if *shows_times { 0..plan.tasks.len() } else { 0..0 };
        let timings = shown.map(|rank| times.of_task(rank)).collect();
        let total = times.total().filter(|_| *shows_times);
        Schedule::new(Arc::clone(plan), timings, total)
    }

    pub(crate) fn line(&self) -> &Line {
        &self.line
    }

    /// Tells those who listen how the run has ended.
    pub(crate) async fn ended(&self, still: Option<Still<'_>>, failure: Option<&Error>) {
        if let Some(live) = &self.live {
            live.after_run(still, self, failure).await;
        }
    }

    /// What a node has written about itself, for which items.
    pub(crate) fn metadata(&self, node: &str) -> Vec<(Vec<usize>, Metadata)> {
        let node = self.plan.graph.data().find(node);
        let live = self.live.as_ref();
        node.and_then(|node| Some(live?.written(node))).unwrap_or_default()
    }

    pub(crate) fn end(&self) {
        self.times.end();
    }
}

//! What those who listen see of a run while it goes on.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::context::{Here, Metadata, Notes, RunId};
use crate::error::{Error, NodeError};
use crate::fault::Fault;
use crate::graph::Graph;
use crate::memory::{Claimed, Label, Role, SlotId, Still};
use crate::run::{CancellationToken, Halt, Log, Pace, Plan, in_time};
use crate::value::ValueView;

use super::async_layer::call_async;
use super::event::{ItemEvent, Message, Progress, RunEnd, RunInfo};
use super::layer::Call;
use super::listener::{Answer, Listener};
use super::set::{HookError, Hooks, Named};

/// A run that somebody listens to, or that a node may ask about itself.
pub(crate) struct Live {
    hooks: Arc<Hooks>,
    plan: Arc<Plan>,
    graph: Graph,
    line: Line,
    halt: Halt,
    pace: Pace,
    begin: Option<Instant>,
    /// What nodes have written about themselves, for which items.
    written: Mutex<BTreeMap<(u32, Vec<usize>), Notes>>,
    problems: Mutex<Vec<HookError>>,
}

/// What a run is called, and which run it is part of.
#[derive(Clone, Default)]
pub(crate) struct Line {
    id: OnceLock<RunId>,
    /// The run that it is a part of, and the one that all this is a part of.
    parent: Option<(RunId, RunId)>,
    /// What ends those.
    above: Vec<CancellationToken>,
}

impl Line {
    pub(crate) fn id(&self) -> RunId {
        *self.id.get_or_init(RunId::new)
    }

    pub(crate) fn root(&self) -> RunId {
        self.parent.map_or_else(|| self.id(), |(_, root)| root)
    }

    /// The run that it is a part of.
    pub(crate) fn parent(&self) -> Option<RunId> {
        self.parent.map(|(parent, _)| parent)
    }

    /// What ends the runs that it is a part of.
    pub(crate) fn above(&self) -> &[CancellationToken] {
        &self.above
    }

    /// That of a part of this run.
    pub(crate) fn child(&self) -> Self {
        let parent = Some((self.id(), self.root()));
        Self { id: OnceLock::new(), parent, above: self.above.clone() }
    }
}

/// How something has ended of which hooks were told that it begins.
#[derive(Clone, Copy)]
pub(crate) enum Ending<'e> {
    Done,
    Failed(&'e NodeError),
    /// Nobody has said yet whose fault it is.
    Broken(&'e Fault),
    /// The run ends, and nobody wants it any more.
    GivenUp,
}

impl<'e> Ending<'e> {
    /// Of what has failed if there is an error.
    pub(crate) fn of(error: Option<&'e NodeError>) -> Self {
        error.map_or(Self::Done, Self::Failed)
    }

    /// Of what has ended with a fault.
    pub(crate) fn by(fault: &'e Fault) -> Self {
        match fault.known() {
            Some(error) => Self::Failed(error),
            None if fault.is_stop() => Self::GivenUp,
            None => Self::Broken(fault),
        }
    }
}

impl Live {
    pub(crate) fn new(
        hooks: &Arc<Hooks>,
        plan: &Arc<Plan>,
        graph: &Graph,
        line: Line,
        (halt, pace): (Halt, &Pace),
    ) -> Self {
        line.id();
        Self {
            hooks: Arc::clone(hooks),
            plan: Arc::clone(plan),
            graph: graph.clone(),
            line,
            halt,
            pace: pace.clone(),
            begin: hooks.times.then(Instant::now),
            written: Mutex::default(),
            problems: Mutex::default(),
        }
    }

    pub(crate) fn run(&self) -> RunInfo<'_> {
        RunInfo::new(self)
    }

    pub(crate) fn graph(&self) -> &Graph {
        &self.graph
    }

    pub(crate) fn plan(&self) -> &Plan {
        &self.plan
    }

    pub(crate) fn line(&self) -> &Line {
        &self.line
    }

    pub(crate) fn hooks(&self) -> &Hooks {
        &self.hooks
    }

    /// That of a part of this run, which ends where something `above` does.
    pub(crate) fn child(&self, above: Vec<CancellationToken>) -> Line {
        Line { above, ..self.line.child() }
    }

    /// Waits for a time without a thread.
    pub(crate) async fn wait_async(&self, time: Duration) {
        self.pace.wait(time).await;
    }

    /// Waits for a time, or until the run is called off.
    pub(crate) fn wait(&self, time: Duration) {
        self.pace.sleep(time, self.halt.token());
    }

    /// Keeps what a node has written, for those who ask after the run.
    pub(crate) fn keep(&self, node: u32, items: Vec<usize>, notes: Notes) {
        // Of a node that is tried again, what it wrote last counts.
        self.lock_written().insert((node, items), notes);
    }

    /// What a node has written: in a block once for each item, in their order.
    pub(crate) fn written(&self, node: u32) -> Vec<(Vec<usize>, Metadata)> {
        let written = self.lock_written();
        let of_node = written.range((node, Vec::new())..).take_while(|((of, _), _)| *of == node);
        of_node.map(|((_, items), notes)| (items.clone(), Metadata::of(notes.clone()))).collect()
    }

    /// What it has written for an item.
    pub(super) fn written_for(&self, node: u32, items: Vec<usize>) -> Option<Metadata> {
        self.lock_written().get(&(node, items)).map(|notes| Metadata::of(notes.clone()))
    }

    fn lock_written(&self) -> MutexGuard<'_, BTreeMap<(u32, Vec<usize>), Notes>> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn problems(&self) -> Vec<HookError> {
        self.problems.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, error: HookError) {
        self.problems.lock().unwrap_or_else(PoisonError::into_inner).push(error);
    }

    pub(super) fn note_of(&self, node: u32, error: HookError) {
        self.note(error.of_node(self.graph.data().name(node)));
    }

    /// Tells hooks of something, of which they can change nothing.
    pub(super) async fn tell<'h>(
        &'h self,
        hooks: impl Iterator<Item = &'h Named>,
        point: &'static str,
        node: Option<u32>,
        tell: impl Fn(&'h dyn Listener) -> Answer<'h>,
    ) {
        for hook in hooks.filter(|hook| node.is_none_or(|node| hook.is_told_of(node))) {
            if let Err(error) = hook.tell(point, &tell).await {
                match node {
                    Some(node) => self.note_of(node, error),
                    None => self.note(error),
                }
            }
        }
    }

    /// The same where nobody has to be awaited: no future is made.
    pub(super) fn tell_now<'h>(
        &'h self,
        hooks: impl Iterator<Item = &'h Named>,
        point: &'static str,
        node: u32,
        tell: impl Fn(&'h dyn Listener) -> Answer<'h>,
    ) {
        for hook in hooks.filter(|hook| hook.is_told_of(node)) {
            if let Err(error) = hook.tell_now(point, &tell) {
                self.note_of(node, error);
            }
        }
    }

    pub(crate) fn said(&self, message: &Message<'_>) {
        self.tell_now(self.hooks.message.iter(), "message", message.node, |hook| hook.message(message));
    }

    pub(crate) fn progressed(&self, progress: &Progress<'_>) {
        self.tell_now(self.hooks.message.iter(), "progress", progress.node, |hook| hook.progress(progress));
    }

    /// What hooks have against the inputs.
    pub(crate) async fn check_inputs(&self, instance: Still<'_>) -> Vec<String> {
        let run = RunInfo::beginning(self, instance);
        let mut problems = Vec::new();
        for hook in &self.hooks.inputs {
            if let Err(error) = hook.tell("check_inputs", |hook| hook.check_inputs(&run)).await {
                problems.push(format!("the inputs are refused: {}", error.text()));
            }
        }
        problems
    }

    pub(crate) async fn before_run(&self, instance: Still<'_>) {
        let run = RunInfo::beginning(self, instance);
        self.tell(self.hooks.run.iter(), "before_run", None, |hook| hook.before_run(&run)).await;
    }

    pub(crate) async fn after_run(&self, instance: Option<Still<'_>>, log: &Log, error: Option<&Error>) {
        let end = RunEnd { live: self, instance, log, error, took: self.since_begin() };
        let run = self.run();
        self.tell(self.hooks.run.iter().rev(), "after_run", None, |hook| hook.after_run(&run, &end)).await;
    }

    pub(crate) fn since_begin(&self) -> Option<Duration> {
        self.begin.map(|begin| begin.elapsed())
    }

    pub(super) fn clock(&self) -> Option<Instant> {
        self.hooks.times.then(Instant::now)
    }

    /// Whether a hook has to be awaited before a task, and after it.
    pub(crate) fn waits_at(&self, Label { node, role }: Label) -> bool {
        let hooks = match role {
            Role::Node => &self.hooks.node,
            Role::Block => &self.hooks.block,
            Role::List | Role::Other => return false,
        };
        self.hooks.wait_at_tasks() && hooks.iter().any(|hook| hook.waits() && hook.is_told_of(node))
    }

    /// What is told of something that has ended at a node.
    #[inline]
    pub(super) fn error(&self, node: u32, here: &Here, ending: Ending<'_>) -> Option<NodeError> {
        match ending {
            Ending::Done => None,
            Ending::Failed(error) => Some(error.clone()),
            Ending::Broken(fault) => Some(self.error_by(node, here, fault.again())),
            Ending::GivenUp => Some(self.error_by(node, here, Fault::Stopped)),
        }
    }

    fn error_by(&self, node: u32, here: &Here, fault: Fault) -> NodeError {
        let graph = self.graph.data();
        NodeError::new(graph.name(node), graph.node(node).place, fault).for_items(here.items())
    }

    /// Calls a task once, with all layers round it.
    pub(crate) fn attempt(&self, task: &mut Claimed<'_>, attempt: u32, call: Call<'_>) -> Result<(), Fault> {
        let Label { node, role } = task.label();
        let layers = if role == Role::Node { self.hooks.layers(node) } else { &[] };
        if layers.is_empty() { call(task) } else { super::layer::call(self, task, layers, attempt, call) }
    }

    /// The same without a thread while it waits, for as long as it may take.
    pub(crate) async fn attempt_async(
        &self,
        task: &mut Claimed<'_>,
        attempt: u32,
        limit: Option<Duration>,
    ) -> Result<(), Fault> {
        let Label { node, role } = task.label();
        let layers = if role == Role::Node { self.hooks.layers(node) } else { &[] };
        if layers.is_empty() {
            return in_time(limit, task.run_async()).await;
        }
        call_async(self, task, layers, attempt, limit).await
    }

    pub(crate) async fn before_item(&self, here: &Here, opener: u32) -> Option<Instant> {
        let event = ItemEvent { live: self, here, node: opener, took: None };
        let hooks = self.hooks.item.iter();
        self.tell(hooks, "before_item", Some(opener), |hook| hook.before_item(&event)).await;
        self.clock()
    }

    pub(crate) async fn after_item(&self, here: &Here, opener: u32, at: Option<Instant>, ending: Ending<'_>) {
        if self.hooks.item.is_empty() {
            return;
        }
        let event = ItemEvent { live: self, here, node: opener, took: at.map(|at| at.elapsed()) };
        let error = self.error(opener, here, ending);
        let (hooks, outcome) = (self.hooks.item.iter().rev(), error.as_ref().map_or(Ok(()), Err));
        self.tell(hooks, "after_item", Some(opener), |hook| hook.after_item(&event, outcome)).await;
    }

    /// The values in slots, each with the name of its node.
    pub(crate) fn named<'v>(
        &'v self,
        nodes: &'v [u32],
        values: impl Iterator<Item = (SlotId, ValueView<'v>)>,
    ) -> impl Iterator<Item = (&'v str, ValueView<'v>)> {
        values.map(|(slot, value)| (self.graph.data().name(nodes[slot as usize]), value))
    }
}

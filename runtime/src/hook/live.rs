//! What those who listen see of a run while it goes on.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::context::{Here, Metadata, Notes, RunId};
use crate::error::{Error, NodeError};
use crate::fault::Fault;
use crate::graph::Graph;
use crate::memory::{Claimed, Label, Role, SlotId, Still};
use crate::run::{CancellationToken, Halt, Log, Pace, Plan};
use crate::value::ValueView;

use super::event::{BlockEvent, ItemEvent, Message, NodeEvent, Progress, RunEnd, RunInfo};
use super::layer::Call;
use super::set::{HookError, Hooks, Named};
use super::{BoxedError, HookResult};

/// A run that somebody listens to, or that a node may ask about itself.
pub(crate) struct Live {
    hooks: Arc<Hooks>,
    plan: Arc<Plan>,
    graph: Graph,
    line: Line,
    halt: Halt,
    pace: Pace,
    begin: Option<Instant>,
    written: Mutex<Vec<Written>>,
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

/// What a node has written about itself.
struct Written {
    node: u32,
    items: Vec<usize>,
    notes: Notes,
}

/// That hooks were told that something begins.
pub(crate) struct Begun {
    /// How many.
    told: usize,
    at: Option<Instant>,
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

    /// That of a part of this run, which ends with it.
    pub(crate) fn child(&self) -> Line {
        Line { above: self.halt.tokens(), ..self.line.child() }
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.halt.is_called()
    }

    /// Waits for a time, or until the run is called off.
    pub(crate) fn wait(&self, time: Duration) {
        self.pace.sleep(time, self.halt.token());
    }

    /// Keeps what a node has written, for those who ask after the run.
    pub(crate) fn keep(&self, node: u32, items: Vec<usize>, notes: Notes) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        // Of a node that is tried again, what it wrote last counts.
        written.retain(|other| other.node != node || other.items != items);
        written.push(Written { node, items, notes });
    }

    /// What a node has written: in a block once for each item, in their order.
    pub(crate) fn written(&self, node: u32) -> Vec<Metadata> {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found: Vec<&Written> = written.iter().filter(|one| one.node == node).collect();
        found.sort_by(|one, other| one.items.cmp(&other.items));
        found.into_iter().map(|one| Metadata::of(one.notes.clone())).collect()
    }

    pub(crate) fn problems(&self) -> Vec<HookError> {
        self.problems.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, error: HookError) {
        self.problems.lock().unwrap_or_else(PoisonError::into_inner).push(error);
    }

    /// Tells hooks of something, of which they can change nothing.
    fn tell<'h>(
        &self,
        hooks: impl Iterator<Item = &'h Named>,
        point: &'static str,
        node: Option<u32>,
        tell: impl Fn(&dyn super::Hook) -> HookResult,
    ) {
        for hook in hooks.filter(|hook| node.is_none_or(|node| hook.is_told_of(node))) {
            if let Err(error) = hook.tell(point, &tell) {
                self.note(match node {
                    Some(node) => error.of_node(self.graph.data().name(node)),
                    None => error,
                });
            }
        }
    }

    pub(crate) fn said(&self, message: &Message<'_>) {
        let hooks = self.hooks.message.iter();
        self.tell(hooks, "message", Some(message.node), |hook| hook.message(message));
    }

    pub(crate) fn progressed(&self, progress: &Progress<'_>) {
        let hooks = self.hooks.message.iter();
        self.tell(hooks, "progress", Some(progress.node), |hook| hook.progress(progress));
    }

    /// What hooks have against the inputs.
    pub(crate) fn check_inputs(&self, instance: Still<'_>) -> Vec<String> {
        let run = RunInfo::beginning(self, instance);
        let refused = |hook: &Named| hook.tell("check_inputs", |hook| hook.check_inputs(&run)).err();
        let errors = self.hooks.inputs.iter().filter_map(refused);
        errors.map(|error| format!("the inputs are refused: {}", error.text())).collect()
    }

    pub(crate) fn before_run(&self, instance: Still<'_>) {
        if !self.hooks.run.is_empty() {
            let run = RunInfo::beginning(self, instance);
            self.tell(self.hooks.run.iter(), "before_run", None, |hook| hook.before_run(&run));
        }
    }

    pub(crate) fn after_run(&self, instance: Option<Still<'_>>, log: &Log, error: Option<&Error>) {
        if !self.hooks.run.is_empty() {
            let end = RunEnd { live: self, instance, log, error, took: self.since_begin() };
            let run = self.run();
            self.tell(self.hooks.run.iter().rev(), "after_run", None, |hook| hook.after_run(&run, &end));
        }
    }

    pub(crate) fn since_begin(&self) -> Option<Duration> {
        self.begin.map(|begin| begin.elapsed())
    }

    fn clock(&self) -> Option<Instant> {
        self.hooks.times.then(Instant::now)
    }

    /// Tells that a task is about to run. An error is why it must not.
    pub(crate) fn begin(&self, task: &Claimed<'_>) -> (Begun, Result<(), Fault>) {
        let label = task.label();
        match label.role {
            Role::Node => {
                let event = NodeEvent::new(self, task, None, 1);
                let hooks = self.hooks.node.iter().enumerate();
                for (told, hook) in hooks.filter(|(_, hook)| hook.is_told_of(label.node)) {
                    if let Err(error) = hook.tell("before_node", |hook| hook.before_node(&event)) {
                        let error: BoxedError = Box::new(error.of_node(self.graph.data().name(label.node)));
                        return (Begun { told, at: None }, Err(Fault::Error(error)));
                    }
                }
                (Begun { told: self.hooks.node.len(), at: self.clock() }, Ok(()))
            }
            Role::Block => {
                let event = BlockEvent { live: self, here: task.here(), node: label.node, took: None };
                let hooks = self.hooks.block.iter();
                self.tell(hooks, "before_block", Some(label.node), |hook| hook.before_block(&event));
                (Begun { told: self.hooks.block.len(), at: self.clock() }, Ok(()))
            }
            Role::Other => (Begun { told: 0, at: None }, Ok(())),
        }
    }

    /// Tells that a task has run, or was not let run.
    pub(crate) fn end(&self, task: &Claimed<'_>, begun: &Begun, attempts: u32, error: Option<&NodeError>) {
        let Label { node, role } = task.label();
        if begun.told == 0 {
            return;
        }
        let took = begun.at.map(|at| at.elapsed());
        let outcome = error.map_or(Ok(()), Err);
        match role {
            Role::Node => {
                let event = NodeEvent::new(self, task, took, attempts);
                let hooks = self.hooks.node[..begun.told].iter().rev();
                self.tell(hooks, "after_node", Some(node), |hook| hook.after_node(&event, outcome));
            }
            Role::Block => {
                let event = BlockEvent { live: self, here: task.here(), node, took };
                let hooks = self.hooks.block[..begun.told].iter().rev();
                self.tell(hooks, "after_block", Some(node), |hook| hook.after_block(&event, outcome));
            }
            Role::Other => {}
        }
    }

    /// Calls a task once, with all layers round it.
    pub(crate) fn attempt(&self, task: &mut Claimed<'_>, attempt: u32, call: Call<'_>) -> Result<(), Fault> {
        let Label { node, role } = task.label();
        let layers = if role == Role::Node { self.hooks.layers(node) } else { &[] };
        if layers.is_empty() { call(task) } else { super::layer::call(self, task, layers, attempt, call) }
    }

    pub(crate) fn before_item(&self, here: &Here, opener: u32) -> Option<Instant> {
        if self.hooks.item.is_empty() {
            return None;
        }
        let event = ItemEvent { live: self, here, node: opener, took: None };
        self.tell(self.hooks.item.iter(), "before_item", Some(opener), |hook| hook.before_item(&event));
        self.clock()
    }

    pub(crate) fn after_item(
        &self,
        here: &Here,
        opener: u32,
        at: Option<Instant>,
        error: Option<&NodeError>,
    ) {
        if self.hooks.item.is_empty() {
            return;
        }
        let event = ItemEvent { live: self, here, node: opener, took: at.map(|at| at.elapsed()) };
        let (hooks, outcome) = (self.hooks.item.iter().rev(), error.map_or(Ok(()), Err));
        self.tell(hooks, "after_item", Some(opener), |hook| hook.after_item(&event, outcome));
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

//! Telling hooks of a task: of the call of a node, or of a dynamic block.

use std::time::{Duration, Instant};

use crate::error::NodeError;
use crate::fault::Fault;
use crate::memory::{Claimed, Role};

use super::BoxedError;
use super::event::{BlockEvent, NodeEvent};
use super::listener::{Answer, Listener};
use super::live::{Ending, Live};
use super::set::{HookError, Named};

/// That hooks were told that a task begins.
pub(crate) struct Begun {
    /// How many.
    told: usize,
    at: Option<Instant>,
}

/// What hooks are told of.
enum Event<'e> {
    Node(NodeEvent<'e>),
    Block(BlockEvent<'e>),
}

impl<'e> Event<'e> {
    /// None where a task is no business of theirs.
    fn of(live: &'e Live, task: &'e Claimed<'_>, took: Option<Duration>, attempts: u32) -> Option<Self> {
        let label = task.label();
        match label.role {
            Role::Node => Some(Self::Node(NodeEvent::new(live, task, took, attempts))),
            Role::Block => Some(Self::Block(BlockEvent { live, here: task.here(), node: label.node, took })),
            Role::List | Role::Other => None,
        }
    }

    fn hooks(&self, live: &'e Live) -> &'e [Named] {
        match self {
            Self::Node(_) => &live.hooks().node,
            Self::Block(_) => &live.hooks().block,
        }
    }

    /// What it is before, and what it is after.
    fn points(&self) -> [&'static str; 2] {
        match self {
            Self::Node(_) => ["before_node", "after_node"],
            Self::Block(_) => ["before_block", "after_block"],
        }
    }

    fn before<'h>(&'h self, hook: &'h dyn Listener) -> Answer<'h> {
        match self {
            Self::Node(event) => hook.before_node(event),
            Self::Block(event) => hook.before_block(event),
        }
    }

    fn after<'h>(&'h self, hook: &'h dyn Listener, outcome: Result<(), &'h NodeError>) -> Answer<'h> {
        match self {
            Self::Node(event) => hook.after_node(event, outcome),
            Self::Block(event) => hook.after_block(event, outcome),
        }
    }
}

impl Live {
    /// Tells that a task is about to run. An error is why it must not.
    pub(crate) async fn begin(&self, task: &Claimed<'_>) -> (Begun, Result<(), Fault>) {
        if !self.hooks().wait_at_tasks() {
            return self.begin_now(task);
        }
        let Some(event) = Event::of(self, task, None, 1) else { return self.begun(0) };
        let ([point, _], node, hooks) = (event.points(), task.label().node, event.hooks(self));
        for (told, hook) in hooks.iter().enumerate().filter(|(_, hook)| hook.is_told_of(node)) {
            if let Err(error) = hook.tell(point, |hook| event.before(hook)).await
                && let Err(fault) = self.objected(&event, node, error)
            {
                return (Begun { told, at: None }, Err(fault));
            }
        }
        self.begun(hooks.len())
    }

    /// The same where nobody has to be awaited: no future is made.
    pub(crate) fn begin_now(&self, task: &Claimed<'_>) -> (Begun, Result<(), Fault>) {
        let Some(event) = Event::of(self, task, None, 1) else { return self.begun(0) };
        let ([point, _], node, hooks) = (event.points(), task.label().node, event.hooks(self));
        for (told, hook) in hooks.iter().enumerate().filter(|(_, hook)| hook.is_told_of(node)) {
            if let Err(error) = hook.tell_now(point, |hook| event.before(hook))
                && let Err(fault) = self.objected(&event, node, error)
            {
                return (Begun { told, at: None }, Err(fault));
            }
        }
        self.begun(hooks.len())
    }

    fn begun(&self, told: usize) -> (Begun, Result<(), Fault>) {
        let at = if told > 0 { self.clock() } else { None };
        (Begun { told, at }, Ok(()))
    }

    /// A hook has something against what is about to run. It may say no to a node.
    #[cold]
    fn objected(&self, event: &Event<'_>, node: u32, error: HookError) -> Result<(), Fault> {
        match event {
            Event::Node(_) => {
                let error: BoxedError = Box::new(error.of_node(self.graph().data().name(node)));
                Err(Fault::Error(error))
            }
            Event::Block(_) => {
                self.note_of(node, error);
                Ok(())
            }
        }
    }

    /// Tells that a task has run, or was not let run.
    pub(crate) async fn end(&self, task: &Claimed<'_>, begun: &Begun, attempts: u32, ending: Ending<'_>) {
        if !self.hooks().wait_at_tasks() || begun.told == 0 {
            return self.end_now(task, begun, attempts, ending);
        }
        let Some(event) = Event::of(self, task, begun.took(), attempts) else { return };
        let ([_, point], node) = (event.points(), task.label().node);
        let error = self.error(node, task.here(), ending);
        let outcome = error.as_ref().map_or(Ok(()), Err);
        let hooks = event.hooks(self)[..begun.told].iter().rev();
        self.tell(hooks, point, Some(node), |hook| event.after(hook, outcome)).await;
    }

    /// The same where nobody has to be awaited: no future is made.
    pub(crate) fn end_now(&self, task: &Claimed<'_>, begun: &Begun, attempts: u32, ending: Ending<'_>) {
        if begun.told == 0 {
            return;
        }
        let Some(event) = Event::of(self, task, begun.took(), attempts) else { return };
        let ([_, point], node) = (event.points(), task.label().node);
        let error = self.error(node, task.here(), ending);
        let outcome = error.as_ref().map_or(Ok(()), Err);
        let hooks = event.hooks(self)[..begun.told].iter().rev();
        self.tell_now(hooks, point, node, |hook| event.after(hook, outcome));
    }
}

impl Begun {
    fn took(&self) -> Option<Duration> {
        self.at.map(|at| at.elapsed())
    }
}

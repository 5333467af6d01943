//! One run of a plan: its memory, and what has gone wrong in it.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use crate::driver::Core;
use crate::error::NodeFailure;
use crate::fault::{Fault, drop_guarded};
use crate::graph::Graph;
use crate::memory::{Instance, OpKind, Stop, TaskEnd};
use crate::value::Value;

use super::failure::Failures;
use super::plan::Plan;
use super::schedule::{Schedule, Timing};

/// A run of a plan.
pub(crate) struct Job {
    /// There until it is given back.
    instance: Option<Instance>,
    pub(crate) log: Arc<Log>,
}

/// What is written down of a run while it goes on.
pub(crate) struct Log {
    pub(crate) plan: Arc<Plan>,
    pub(crate) graph: Graph,
    pub(crate) failures: Failures,
    /// When it began, if somebody wants to know.
    begin: Option<Instant>,
    total: OnceLock<Duration>,
    timings: Vec<OnceLock<Timing>>,
}

impl Job {
    pub(crate) fn new(core: &Core, plan: Arc<Plan>) -> Self {
        let instance = plan.instance();
        let begin = core.settings.timings.then(Instant::now);
        let timed = if begin.is_some() { plan.tasks.len() } else { 0 };
        let log = Log {
            plan,
            graph: core.graph.clone(),
            failures: Failures::default(),
            begin,
            total: OnceLock::new(),
            timings: (0..timed).map(|_| OnceLock::new()).collect(),
        };
        Self { instance: Some(instance), log: Arc::new(log) }
    }

    pub(crate) fn plan(&self) -> &Arc<Plan> {
        &self.log.plan
    }

    pub(crate) fn instance(&mut self) -> &mut Instance {
        let plan = &self.log.plan;
        self.instance.get_or_insert_with(|| plan.instance())
    }

    /// Its memory, for tasks to be run one by one.
    pub(crate) fn take_instance(&mut self) -> Instance {
        let plan = &self.log.plan;
        let mut instance = self.instance.take().unwrap_or_else(|| plan.instance());
        instance.by_task();
        instance
    }

    pub(crate) fn give_instance(&mut self, instance: Instance) {
        self.instance = Some(instance);
    }

    /// Puts the given values where they belong. They come in the order of the nodes; of several for one node the
    /// first counts.
    pub(crate) fn supply(&mut self, values: Vec<(u32, Value)>) {
        let log = Arc::clone(&self.log);
        let mut given = log.plan.key.given.iter().zip(&log.plan.inputs).peekable();
        for (node, value) in values {
            let slot = match given.peek() {
                Some((next, slot)) if **next == node => {
                    let slot = **slot;
                    given.next();
                    slot
                }
                _ => None,
            };
            let left = match slot {
                Some(slot) => self.instance().put_boxed(slot, value).err(),
                None => Some(value),
            };
            if let Some(Err(fault)) = left.map(drop_guarded) {
                log.failures.of_drop(node, fault);
            }
        }
    }

    /// Runs one task after another on this thread.
    pub(crate) fn run(&mut self) {
        let log = Arc::clone(&self.log);
        if log.begin.is_some() {
            let instance = self.instance();
            instance.by_task();
            for rank in 0..log.plan.tasks.len() {
                log.run_task(instance, rank);
            }
        } else {
            let instance = self.instance();
            instance.run(|Stop { op, fault }| log.stopped(op, fault));
        }
        log.end();
    }

    /// The failure that is told of, if there is one.
    pub(crate) fn failure(&self) -> Option<NodeFailure> {
        self.log.failures.first(self.log.graph.data(), &self.log.plan)
    }

    pub(crate) fn schedule(&self, graph: &Graph) -> Schedule {
        let timings = self.log.timings.iter().map(|timing| timing.get().copied()).collect();
        Schedule::new(graph.clone(), Arc::clone(&self.log.plan), timings, self.log.total.get().copied())
    }
}

impl Log {
    /// Runs the task of a rank, or lets it go where one of a lower rank has failed.
    pub(crate) fn run_task(&self, instance: &Instance, rank: usize) {
        let dropped = |slot: u32, fault| self.failures.of_drop(self.plan.nodes[slot as usize], fault);
        if self.failures.stop(rank) {
            return instance.skip_task(rank, dropped);
        }
        let start = self.begin.map(|begin| (begin, begin.elapsed()));
        match instance.run_task(rank, dropped) {
            TaskEnd::Done => {}
            TaskEnd::Failed(fault) => self.failures.of_task(rank, fault),
            TaskEnd::NotReady => instance.skip_task(rank, dropped),
        }
        if let Some((begin, start)) = start {
            let duration = begin.elapsed().saturating_sub(start);
            let _ = self.timings[rank].set(Timing { start, duration, thread: rayon::current_thread_index() });
        }
    }

    /// Notes that an operation has failed.
    fn stopped(&self, op: usize, fault: Fault) {
        let program = &self.plan.program;
        match program.kind(op) {
            OpKind::Drop(slot) => self.failures.of_drop(self.plan.nodes[slot as usize], fault),
            OpKind::Call | OpKind::Split | OpKind::Clone => {
                self.failures.of_task(program.task_of(op), fault);
            }
        }
    }

    pub(crate) fn end(&self) {
        if let Some(begin) = self.begin {
            let _ = self.total.set(begin.elapsed());
        }
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        if let Some(mut instance) = self.instance.take() {
            instance.reset();
            self.log.plan.recycle(instance);
        }
    }
}

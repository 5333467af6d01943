//! One run of a plan: its memory, and what is written down of it.

use std::sync::Arc;

use crate::context::Here;
use crate::crew;
use crate::driver::Core;
use crate::error::{Error, ErrorKind};
use crate::fault::drop_guarded;
use crate::memory::{Instance, Left, Rest, Shared, SlotId};
use crate::node::NodeValue;
use crate::sync;
use crate::value::Value;

use super::attempt::Site;
use super::keeper::Keeper;
use super::log::{Begins, Log};
use super::plan::Plan;

/// A run of a plan.
pub(crate) struct Job {
    /// There until it is given back.
    instance: Option<Box<Instance>>,
    /// It, where some are using it still that nobody waits for.
    left: Option<Left>,
    pub(crate) log: Arc<Log>,
}

impl Job {
    pub(crate) fn new(core: &Core, plan: Arc<Plan>, keeps_going: bool, begins: Begins) -> Self {
        let mut instance = plan.instance();
        let log = Arc::new(Log::of(core, plan, keeps_going, begins));
        if log.live.is_some() || log.plan.has_blocks {
            instance.set_here(Here::of(log.live.clone(), Keeper::of(&log, core.settings.executor)));
        }
        Self { instance: Some(instance), left: None, log }
    }

    pub(crate) fn plan(&self) -> &Arc<Plan> {
        &self.log.plan
    }

    pub(crate) fn instance(&mut self) -> &mut Instance {
        self.parts().0
    }

    fn parts(&mut self) -> (&mut Instance, &Log) {
        let Self { instance, log, .. } = self;
        (instance.get_or_insert_with(|| log.plan.instance()), log)
    }

    /// Its memory.
    pub(crate) fn take_instance(&mut self) -> Box<Instance> {
        let plan = &self.log.plan;
        self.instance.take().unwrap_or_else(|| plan.instance())
    }

    /// Its memory, for tasks to be run one by one by those who share it.
    pub(crate) fn share_instance(&mut self) -> sync::Arc<Shared> {
        let mut instance = self.take_instance();
        instance.by_task();
        sync::Arc::new(Shared::new(instance))
    }

    pub(crate) fn give_back(&mut self, rest: Rest) {
        match rest {
            Rest::Own(instance) => self.instance = Some(instance),
            Rest::Left(left) => self.left = Some(left),
        }
    }

    /// Takes a value out of a slot after the run.
    pub(crate) fn take<T: NodeValue>(&mut self, slot: SlotId) -> Option<T> {
        match &mut self.left {
            Some(left) => left.take(slot),
            None => self.instance().take(slot),
        }
    }

    /// The same in a box.
    pub(crate) fn take_boxed(&mut self, slot: SlotId) -> Option<Value> {
        match &mut self.left {
            Some(left) => left.take_boxed(slot),
            None => self.instance().take_boxed(slot),
        }
    }

    /// Puts the given values where they belong. They come in the order of the nodes; of several for one node the
    /// first counts.
    pub(crate) fn supply(&mut self, values: Vec<(u32, Value)>) {
        let (instance, log) = self.parts();
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
                Some(slot) => instance.put_boxed(slot, value).err(),
                None => Some(value),
            };
            if let Some(Err(fault)) = left.map(drop_guarded) {
                log.failures.of_drop(log.plan.graph.data(), node, fault);
            }
        }
    }

    /// Runs one task after another on this thread.
    pub(crate) fn run(&mut self) {
        // The run of a request within a node is not the business of the threads that run the node.
        let _joined = crew::join(None);
        if self.log.plan.program.has_strays() {
            return self.run_detachable();
        }
        let (instance, log) = self.parts();
        let in_order = log.plan.program.is_in_order();
        let next = if !in_order {
            instance.by_task();
            Some(0)
        } else if log.halt.is_possible() || log.times.are_wanted() || log.listens_to_tasks() {
            log.run_in_order(instance)
        } else {
            log.run(instance)
        };
        if let Some(next) = next {
            for rank in next..log.plan.tasks.len() {
                log.run_task(Site::Own(instance), rank);
            }
        }
        log.end();
    }

    /// The same where some tasks may be abandoned.
    fn run_detachable(&mut self) {
        let shared = self.share_instance();
        if let Some(entered) = Shared::enter(&shared) {
            for rank in 0..self.log.plan.tasks.len() {
                self.log.run_task(Site::Shared(&entered), rank);
            }
        }
        shared.close();
        if let Some(rest) = Shared::take(&shared) {
            self.give_back(rest);
        }
        self.log.end();
    }

    /// Tells those who listen that all is ready.
    ///
    /// # Errors
    /// They refuse what was given.
    pub(crate) async fn begun(&mut self) -> Result<(), Error> {
        let Some(live) = self.log.live.clone() else { return Ok(()) };
        let still = self.instance().still();
        let problems = live.check_inputs(still).await;
        if !problems.is_empty() {
            return Err(Error::problems_of(ErrorKind::Request, problems));
        }
        live.before_run(still).await;
        Ok(())
    }

    /// Tells those who listen how it has ended.
    pub(crate) async fn ended(&mut self, failure: Option<Error>) -> Option<Error> {
        let still = self.instance.as_mut().map(|instance| instance.still());
        self.log.ended(still, failure.as_ref()).await;
        failure
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

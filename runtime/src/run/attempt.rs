//! Running tasks on this thread: all in order as long as nothing is amiss, or one by one.

use std::sync::Arc;
use std::time::Duration;

use crate::crew;
use crate::fault::{Fault, drop_guarded};
use crate::hook::Live;
use crate::memory::{Claimed, Entered, Frame, Instance, Stop};

use super::asynchronous::in_time;
use super::fate::Fate;
use super::log::Log;
use super::plan::TaskKind;
use super::policy::Handover;

impl Log {
    /// Runs all in order, until something fails. If there is more to do then, that is to be done task by task: from
    /// which rank on.
    pub(super) fn run(&self, instance: &mut Instance) -> Option<usize> {
        let dropped = |slot, fault| self.not_dropped(slot, fault);
        let Stop { op, fault } = instance.run(dropped)?;
        let rank = self.plan.program.task_of(op);
        // Who listens to the run is told of each task afterwards what became of it.
        if self.retry(rank).is_none() && self.is_fatal(rank) && self.live.is_none() {
            self.failed(rank, fault, 1);
            instance.give_up(dropped);
            return None;
        }
        let mut task = instance.go_on_by_task()?;
        let site = Site::Own(task.instance());
        let fate = self.tried(&mut task, rank, fault, site);
        self.end_task(task, rank, Some(fate));
        Some(rank + 1)
    }

    /// The same for those who want to know of each task.
    pub(super) fn run_in_order(&self, instance: &mut Instance) -> Option<usize> {
        if !instance.begin_in_order() {
            instance.by_task();
            return Some(0);
        }
        // The clock is read once a task: the end of one is the beginning of the next.
        let mut now = self.times.now();
        while let Some(mut task) = instance.next_in_order() {
            let rank = task.rank();
            let site = Site::Own(task.instance());
            match self.fate(&mut task, rank, site) {
                None => task.pass(|slot, fault| self.not_dropped(slot, fault)),
                Some(fate @ Fate::Done { .. }) => {
                    self.fates.set(&self.plan, rank, fate);
                    task.pass(|slot, fault| self.not_dropped(slot, fault));
                }
                Some(fate) => {
                    self.times.note(rank, now);
                    let left = task.leave();
                    self.end_task(instance.go_on_after(&left), rank, Some(fate));
                    return Some(rank + 1);
                }
            }
            now = self.times.note(rank, now);
        }
        instance.end_in_order();
        None
    }

    /// Notes how long a task takes, if somebody wants to know.
    fn timed(&self, rank: usize, run: impl FnOnce() -> Option<Fate>) -> Option<Fate> {
        let start = self.times.now();
        let fate = run();
        self.times.note(rank, start);
        fate
    }

    /// Whether anybody is told of tasks, and so is to be told how they end.
    pub(crate) fn tells_of_tasks(&self) -> bool {
        self.live.as_ref().is_some_and(|live| live.hooks().are_there_for_tasks())
    }

    pub(crate) fn listens_to_tasks(&self) -> bool {
        self.live.as_ref().is_some_and(|live| live.hooks().listen_to_tasks())
    }

    /// Runs the task of a rank, or lets it go where the run has ended for it or something it needs is missing.
    pub(crate) fn run_task(&self, site: Site<'_>, rank: usize) {
        let Some(mut task) = site.instance().claim(rank) else { return };
        let fate = self.timed(rank, || self.fate(&mut task, rank, site));
        self.end_task(task, rank, fate);
    }

    pub(crate) fn end_task(&self, task: Claimed<'_>, rank: usize, fate: Option<Fate>) {
        let error = fate.as_ref().and_then(Fate::error).cloned();
        // What ends later was running when the time was over.
        if let Some(fate) = fate.filter(|_| !self.halt.is_late()) {
            self.fates.set(&self.plan, rank, fate);
        }
        task.end(error.as_ref(), |slot, fault| self.not_dropped(slot, fault));
    }

    /// Runs a task, and says what became of it if it is not simply done.
    fn fate(&self, task: &mut Claimed<'_>, rank: usize, site: Site<'_>) -> Option<Fate> {
        let fate = self.fate_without(task, rank).or_else(|| self.run_told(task, rank, site));
        self.told(fate)
    }

    /// Somebody may want to know of a run that is not over which tasks are.
    pub(crate) fn told(&self, fate: Option<Fate>) -> Option<Fate> {
        fate.or_else(|| self.halt.has_deadline().then_some(Fate::Done { attempts: 1 }))
    }

    /// Whether a task is not to run any more.
    pub(crate) fn is_over(&self, rank: usize) -> bool {
        self.failures.cut.is_behind(rank) || self.halt.is_now()
    }

    /// Whether nobody wants any more what a node comes to that runs.
    pub(crate) fn is_over_for(&self, node: u32) -> bool {
        let is_behind = |rank| self.failures.cut.is_behind(rank);
        self.halt.is_now() || self.failures.cut.end() > 0 && self.plan.rank_of(node).is_some_and(is_behind)
    }

    /// What becomes of a task that is not to run. If it is, it begins.
    pub(crate) fn fate_without(&self, task: &Claimed<'_>, rank: usize) -> Option<Fate> {
        if self.is_over(rank) {
            return Some(Fate::NotReached);
        }
        if task.is_unneeded() {
            return Some(Fate::Unneeded);
        }
        if !task.is_ready() {
            let Some((first, error)) = self.fates.blame_of_needs(self.plan.graph.data(), &self.plan, rank)
            else {
                return Some(Fate::NotReached);
            };
            if self.is_fatal(rank) {
                // What has failed was no reason to stop, as long as something could stand in for it.
                self.failures.end_run(rank, error.clone());
            }
            return Some(Fate::Skipped(first, error));
        }
        if self.halt.has_deadline() {
            self.fates.begin(&self.plan, rank);
        }
        None
    }

    /// Runs a task that can run, while those who listen are told.
    fn run_told(&self, task: &mut Claimed<'_>, rank: usize, site: Site<'_>) -> Option<Fate> {
        let Some(live) = &self.live else { return self.attempts(task, rank, site) };
        let (begun, ready) = live.begin_now(task);
        let fate = match ready {
            Ok(()) => self.attempts(task, rank, site),
            Err(refused) => Some(Fate::Failed(self.failed(rank, refused, 1))),
        };
        let (attempts, ending) = Fate::told(fate.as_ref());
        live.end_now(task, &begun, attempts, ending);
        fate
    }

    /// Whether a hook has to be awaited before a task, and after it.
    pub(crate) fn waits_for_hooks(&self, rank: usize) -> bool {
        self.live.as_ref().is_some_and(|live| live.waits_at(self.plan.program.label(rank)))
    }

    /// Whether hooks have to be awaited in dynamic blocks.
    pub(crate) fn waits_for_hooks_inside(&self) -> bool {
        self.live.as_ref().is_some_and(|live| live.hooks().wait_at_tasks())
    }

    /// Whether layers stand round the call of a task that know only of threads.
    pub(crate) fn needs_a_thread(&self, rank: usize) -> bool {
        let task = &self.plan.tasks[rank];
        let need = |live: &Arc<Live>| live.hooks().need_a_thread(task.node);
        matches!(task.kind, TaskKind::Node) && self.live.as_ref().is_some_and(need)
    }

    /// Runs a task that waits once, with what stands round it, for as long as it may take.
    pub(crate) async fn attempt_async(
        &self,
        task: &mut Claimed<'_>,
        attempt: u32,
        limit: Option<Duration>,
    ) -> Result<(), Fault> {
        match &self.live {
            Some(live) => live.attempt_async(task, attempt, limit).await,
            None => in_time(limit, task.run_async()).await,
        }
    }

    /// Whether the task of a rank runs a block.
    pub(crate) fn is_block(&self, rank: u32) -> bool {
        matches!(self.plan.tasks[rank as usize].kind, TaskKind::Block(_))
    }

    /// How long a task may take, if that is limited.
    pub(crate) fn limit(&self, rank: usize) -> Option<Duration> {
        let planned = &self.plan.tasks[rank];
        self.plan.policies.limit(planned.node).filter(|_| matches!(planned.kind, TaskKind::Node))
    }

    /// Runs a task once, with what stands round it.
    fn attempt(
        &self,
        task: &mut Claimed<'_>,
        rank: usize,
        site: Site<'_>,
        attempt: u32,
    ) -> Result<(), Fault> {
        match &self.live {
            Some(live) if live.hooks().have_layers() => {
                live.attempt(task, attempt, &|task| self.call(task, rank, site))
            }
            _ => self.call(task, rank, site),
        }
    }

    /// Runs a task once, as long as it may take.
    fn call(&self, task: &mut Claimed<'_>, rank: usize, site: Site<'_>) -> Result<(), Fault> {
        let Site::Shared(entered) = site else { return task.run() };
        let Some((limit, frame)) = self.limit(rank).and_then(|limit| Some((limit, task.frame(entered)?)))
        else {
            return task.run();
        };
        limited(task, frame, self.plan.graph.data().name(self.plan.tasks[rank].node), limit)
    }

    /// What becomes of a task of whose beginning those who listen have been told.
    pub(crate) fn fate_told(&self, task: &mut Claimed<'_>, rank: usize, site: Site<'_>) -> Option<Fate> {
        self.timed(rank, || self.attempts(task, rank, site))
    }

    /// Tries a task as often as it may be.
    fn attempts(&self, task: &mut Claimed<'_>, rank: usize, site: Site<'_>) -> Option<Fate> {
        let first = self.attempt(task, rank, site, 1).err()?;
        Some(self.tried(task, rank, first, site))
    }

    /// Tries a task again whose first attempt has failed, as often as it may be.
    fn tried(&self, task: &mut Claimed<'_>, rank: usize, first: Fault, site: Site<'_>) -> Fate {
        if first.is_stop() {
            return Fate::NotReached;
        }
        let (mut fault, mut attempt) = (first, 1);
        while let Some(retry) = self.retry(rank)
            && attempt <= retry.count()
            && task.is_ready()
        {
            let pace = &self.plan.policies.pace;
            pace.sleep(retry.wait(attempt, || pace.throw(rank, attempt)), self.halt.token());
            if self.is_over(rank) {
                break;
            }
            attempt += 1;
            match self.attempt(task, rank, site, attempt) {
                Ok(()) => return Fate::Done { attempts: attempt },
                // An error is of the user's type.
                Err(last) => drop(drop_guarded(std::mem::replace(&mut fault, last))),
            }
        }
        Fate::Failed(self.failed(rank, fault, attempt))
    }
}

/// Where a task runs.
#[derive(Clone, Copy)]
pub(crate) enum Site<'s> {
    /// On an instance that is one's own.
    Own(&'s Instance),
    /// On one that can be left to others.
    Shared(&'s Entered<'s>),
}

impl Site<'_> {
    fn instance(&self) -> &Instance {
        match self {
            Self::Own(instance) => instance,
            Self::Shared(entered) => entered,
        }
    }
}

/// Runs a task on a thread of its own, and waits for it as long as it may take.
fn limited(task: &mut Claimed<'_>, frame: Frame, node: &str, limit: Duration) -> Result<(), Fault> {
    let (here, handover) = (frame.here(), Arc::new(Handover::new()));
    let theirs = Arc::clone(&handover);
    #[cfg(feature = "tracing")]
    let span = tracing::Span::current();
    let thread = std::thread::Builder::new().name(node.to_owned()).spawn(move || {
        #[cfg(feature = "tracing")]
        let _entered = span.enter();
        let mut frame = frame;
        let _joined = crew::join(None);
        let ended = frame.run();
        if let Err((mut frame, ended)) = theirs.give((frame, ended)) {
            frame.abandon();
            let _ = drop_guarded(ended);
            drop(frame);
        }
    });
    if let Err(error) = thread {
        return Err(Fault::Error(Box::new(error)));
    }
    let Ok((frame, ended)) = handover.wait(limit, || task.abandon()) else {
        here.abandon();
        return Err(Fault::TimedOut(limit));
    };
    task.adopt(frame);
    ended
}

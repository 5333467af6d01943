//! One run of a plan: its memory, and what has gone wrong in it.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::context::{Here, Metadata};
use crate::crew;
use crate::driver::Core;
use crate::error::{Error, ErrorKind, NodeError, NodeErrorKind};
use crate::fault::{Fault, drop_guarded};
use crate::hook::{Line, Live};
use crate::memory::{Claimed, Entered, Frame, Instance, Left, Rest, Shared, SlotId, Still, Stop};
use crate::node::NodeValue;
use crate::sync;
use crate::value::Value;

use super::asynchronous::in_time;
use super::blocks::ItemFates;
use super::failure::{Failures, error_at, serving};
use super::fate::{Fate, Fates};
use super::keeper::Keeper;
use super::plan::{Plan, TaskKind};
use super::policy::{Halt, Handover, Retry};
use super::report::Report;
use super::schedule::Schedule;
use super::times::Times;

/// A run of a plan.
pub(crate) struct Job {
    /// There until it is given back.
    instance: Option<Box<Instance>>,
    /// It, where some are using it still that nobody waits for.
    left: Option<Left>,
    pub(crate) log: Arc<Log>,
}

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

impl Job {
    pub(crate) fn new(core: &Core, plan: Arc<Plan>, keeps_going: bool, begins: Begins) -> Self {
        let Begins { halt, line, look } = begins;
        let mut instance = plan.instance();
        let is_live = core.hooks.listen() || plan.program.takes_context();
        let listened = is_live.then(|| {
            let halt = (halt.clone(), &core.policies.pace);
            Arc::new(Live::new(&core.hooks, &plan, &core.graph, line.clone(), halt))
        });
        let line = listened.as_ref().map_or(line, |live| live.line().clone());
        let are_wanted = core.settings.timings || look;
        let times = if are_wanted { Times::of(plan.tasks.len()) } else { Times::default() };
        let log = Arc::new(Log {
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
        });
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

impl Log {
    /// Runs all in order, until something fails. If there is more to do then, that is to be done task by task: from
    /// which rank on.
    fn run(&self, instance: &mut Instance) -> Option<usize> {
        let dropped = |slot, fault| self.not_dropped(slot, fault);
        let Stop { op, fault } = instance.run(dropped)?;
        let rank = self.plan.program.task_of(op);
        if self.retry(rank).is_none() && self.is_fatal(rank) {
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
    fn run_in_order(&self, instance: &mut Instance) -> Option<usize> {
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
    fn is_fatal(&self, rank: usize) -> bool {
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

impl Drop for Job {
    fn drop(&mut self) {
        if let Some(mut instance) = self.instance.take() {
            instance.reset();
            self.log.plan.recycle(instance);
        }
    }
}

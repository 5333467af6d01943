//! Who looks after the tasks of dynamic blocks: they run as often, and as long, as was said of their nodes, and only as
//! long as somebody wants what comes of it.

use std::future::{Future, poll_fn};
use std::iter::successors;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use crate::driver::Executor;
use crate::error::NodeError;
use crate::fault::{Fault, drop_guarded};
use crate::hook::{Ending, Live};
use crate::memory::{Claimed, Label, Role, elsewhere};
use crate::sync::{AtomicWaker, spawn};
use crate::wait::block_on;

use super::asynchronous::{Host, in_time};
use super::blocks::ItemFates;
use super::log::Log;
use super::policy::{CancellationToken, Cut, Listening};

/// Looks after the tasks of a block.
pub(crate) struct Keeper {
    log: Arc<Log>,
    /// The rank of the block in the run, or of the one that it is in; none for the run itself.
    rank: Option<usize>,
    /// Whether what takes its time goes to the pool.
    lends: bool,
    /// Whether others wait on the same thread.
    is_beside_others: bool,
    /// The item whose tasks these are, where several are at work at the same time.
    item: Option<Item>,
    /// What is amiss with the items of the block, or those of the run.
    fates: Arc<ItemFates>,
    /// The same of the block around it, or of the run.
    outer: Option<Arc<ItemFates>>,
}

#[derive(Clone)]
struct Item {
    number: usize,
    /// The first item that has failed.
    cut: Arc<Cut>,
    /// Who looks after all of them.
    block: Arc<Keeper>,
}

impl Keeper {
    /// For the blocks of a run.
    pub(crate) fn of(log: &Arc<Log>, executor: Executor) -> Arc<Self> {
        let lends = executor != Executor::Sequential;
        let (log, fates) = (Arc::clone(log), Arc::clone(log.items()));
        Arc::new(Self { log, rank: None, lends, is_beside_others: false, item: None, fates, outer: None })
    }

    /// For a block that the task of a rank runs.
    pub(crate) fn within(self: &Arc<Self>, rank: usize) -> Arc<Self> {
        Arc::new(Self {
            log: Arc::clone(&self.log),
            rank: self.rank.or(Some(rank)),
            item: self.item.clone(),
            fates: Arc::default(),
            outer: Some(Arc::clone(&self.fates)),
            ..**self
        })
    }

    /// For one of several items: there is no need for it any more once one before it has failed.
    pub(crate) fn of_item(
        self: &Arc<Self>,
        number: usize,
        cut: &Arc<Cut>,
        is_beside_others: bool,
    ) -> Arc<Self> {
        Arc::new(Self {
            log: Arc::clone(&self.log),
            item: Some(Item { number, cut: Arc::clone(cut), block: Arc::clone(self) }),
            fates: Arc::clone(&self.fates),
            outer: self.outer.clone(),
            is_beside_others,
            ..**self
        })
    }

    /// Whether the run may end while it goes on alone, so that it has to be looked for.
    pub(crate) fn may_end(&self) -> bool {
        self.log.halt.is_possible()
    }

    /// Whether nobody wants what would come of it any more.
    pub(crate) fn is_over(&self) -> bool {
        match &self.item {
            Some(item) => item.cut.is_behind(item.number) || item.block.is_over(),
            None => self.log.is_over(self.rank.unwrap_or(0)),
        }
    }

    /// Whether nobody wants any more what a node comes to that asks.
    pub(crate) fn is_over_for(&self, node: u32) -> bool {
        match self.rank {
            Some(_) => self.is_over(),
            None => self.log.is_over_for(node),
        }
    }

    /// What a node is called.
    pub(crate) fn name(&self, node: u32) -> &str {
        self.log.plan.graph.data().name(node)
    }

    /// What ends the runs within a node.
    pub(crate) fn tokens(&self, node: u32) -> Vec<CancellationToken> {
        if let Some(item) = &self.item {
            let mut tokens = item.block.tokens(node);
            tokens.push(item.cut.token(item.number));
            return tokens;
        }
        let mut tokens = self.log.halt.tokens();
        let rank = self.rank.or_else(|| self.log.plan.rank_of(node));
        tokens.extend(rank.map(|rank| self.log.failures.cut.token(rank)));
        tokens
    }

    /// Whether somebody listens to tasks.
    pub(crate) fn listens(&self) -> bool {
        self.live().is_some()
    }

    fn live(&self) -> Option<&Live> {
        self.log.live.as_deref().filter(|live| live.hooks().listen_to_tasks())
    }

    /// Waits on this thread. The future is asked again when the run may have ended, or the item is not wanted.
    pub(crate) fn wait_for<T>(&self, future: impl Future<Output = T> + Send) -> T {
        let waker = Arc::new(AtomicWaker::new());
        let _listening = self.log.halt.listen(&waker);
        let cuts = self.items().map(|item| item.cut.token(item.number));
        let _cuts: Vec<Listening> = cuts.map(|token| Listening::to(&token, &waker)).collect();
        let mut future = pin!(future);
        block_on(poll_fn(|context| {
            waker.register(context.waker());
            future.as_mut().poll(context)
        }))
    }

    /// Runs a task, while those who listen are told.
    pub(crate) async fn run(&self, task: &mut Claimed<'_>) -> Result<(), Fault> {
        if self.is_over() {
            return Err(Fault::Stopped);
        }
        let Some(live) = self.live() else {
            let (attempts, outcome) = self.attempts(task).await;
            return outcome.map_err(|fault| self.said_of(task, fault, attempts));
        };
        let (begun, ready) = live.begin(task).await;
        let (attempts, outcome) = match ready {
            Ok(()) => self.attempts(task).await,
            Err(refused) => (1, Err(refused)),
        };
        let outcome = outcome.map_err(|fault| self.said_of(task, fault, attempts));
        live.end(task, &begun, attempts, outcome.as_ref().map_or_else(Ending::by, |()| Ending::Done)).await;
        outcome
    }

    /// Writes down that a task has failed for an item, while the rest goes on. Where something may stand in for it that
    /// is not known yet.
    pub(crate) fn failed(&self, task: &Claimed<'_>, fault: Fault) -> NodeError {
        let Label { node, role } = task.label();
        let is_known = fault.known().is_some();
        let error = self.error(task, fault);
        match role {
            Role::Block => {
                let failed = self.log.plan.graph.data().find(error.node()).unwrap_or(node);
                self.fates.set_failed(failed, &error);
                self.fates.set_broken(node, failed);
            }
            Role::Other if task.takes_item() => self.fates.set_torn(node, &error),
            // A list lacks something: it has been said of the node that it failed.
            Role::Other if is_known => {}
            Role::Node | Role::Other if task.may_be_stood_in_for() => {}
            Role::Node | Role::List | Role::Other => self.fates.set_failed(node, &error),
        }
        error
    }

    /// Writes down that a task has not run for an item, if it was to put something into a list.
    pub(crate) fn is_missing(&self, Label { node, role }: Label, items: Vec<usize>, error: &NodeError) {
        if role == Role::List {
            self.fates.set_missing(node, items, error);
        }
    }

    /// The error of a node where what was to stand in for it has failed, too.
    pub(crate) fn of_both(&self, task: &Claimed<'_>, own: &NodeError, other: &NodeError) -> NodeError {
        // Where one and the same node is to blame for both there is nothing to be added.
        if own.node() == other.node() {
            return own.clone();
        }
        own.clone().and_stand_in(self.log.plan.graph.data().name(task.label().node), other.clone())
    }

    /// Writes down that something stood in for a node, which lacks its own value.
    pub(crate) fn fell_back(&self, task: &Claimed<'_>, lacks: &NodeError) {
        self.fates.set_fell_back(task.label().node, task.here().items(), lacks);
    }

    /// Writes down that nothing could stand in for a node; its error if it has failed itself.
    pub(crate) fn has_nothing(&self, task: &Claimed<'_>, own: Option<&NodeError>) {
        let node = task.label().node;
        self.is_helpless(node);
        if let Some(error) = own {
            self.fates.set_failed(node, error);
        }
    }

    /// Writes down that nothing can stand in for a node.
    pub(crate) fn is_helpless(&self, node: u32) {
        self.fates.set_helpless(node);
    }

    /// The block has come to its end, whatever is amiss with its items.
    pub(crate) fn has_ended(&self) {
        if let Some(outer) = &self.outer {
            self.fates.tell(outer);
        }
    }

    /// Why a list of the values of a node is not whole, if it is not; `around` are the items around it.
    pub(crate) fn missing_of(&self, node: u32, around: &[usize]) -> Option<NodeError> {
        self.fates.missing_of(node, around)
    }

    /// Writes down that the value of a node could not be dropped.
    pub(crate) fn not_dropped(&self, node: u32, fault: Fault) {
        self.log.failures.of_drop(self.log.plan.graph.data(), node, fault);
    }

    /// The error of a task that has failed.
    fn error(&self, task: &Claimed<'_>, fault: Fault) -> NodeError {
        let (mut items, mut fault) = (task.here().items(), fault);
        // In a block within, it was the source of that.
        while let Fault::Item(inside) = fault {
            items.push(inside.item);
            fault = inside.fault;
        }
        if let Fault::Known(error) = fault {
            return error;
        }
        let (graph, node) = (self.log.plan.graph.data(), task.label().node);
        NodeError::new(graph.name(node), graph.node(node).place, fault).for_items(items)
    }

    /// Says whose a fault is.
    fn said_of(&self, task: &Claimed<'_>, fault: Fault, attempts: u32) -> Fault {
        if task.label().role != Role::Node || matches!(fault, Fault::Stopped) {
            return fault;
        }
        Fault::Known(self.error(task, fault).after(attempts))
    }

    /// Tries a task as often as it may be. Says how often that was.
    async fn attempts(&self, task: &mut Claimed<'_>) -> (u32, Result<(), Fault>) {
        let (Label { node, role }, policies) = (task.label(), &self.log.plan.policies);
        let retry = policies.retry(node).filter(|_| role == Role::Node);
        let mut attempt = 1;
        loop {
            let Err(fault) = self.attempt(task, attempt).await else { return (attempt, Ok(())) };
            let again = !matches!(fault, Fault::Stopped) && task.is_ready();
            let Some(retry) = retry.filter(|retry| again && attempt <= retry.count()) else {
                return (attempt, Err(fault));
            };
            let point = task.here().items().into_iter().fold(node as usize, |point, item| point * 31 + item);
            let time = retry.wait(attempt, || policies.pace.throw(point, attempt));
            if self.unless_over(policies.pace.wait(time)).await.is_none() {
                return (attempt, Err(fault));
            }
            // An error is of the user's type.
            let _ = drop_guarded(fault);
            attempt += 1;
        }
    }

    /// The item, then those around it.
    fn items(&self) -> impl Iterator<Item = &Item> {
        successors(self.item.as_ref(), |item| item.block.item.as_ref())
    }

    /// Runs a task once, with what stands round it.
    async fn attempt(&self, task: &mut Claimed<'_>, attempt: u32) -> Result<(), Fault> {
        let Label { node, role } = task.label();
        if role != Role::Node {
            // A block ends by itself where the run does.
            return task.run_async().await;
        }
        if !task.waits() {
            return self.compute(task, attempt).await;
        }
        let limit = self.log.plan.policies.limit(node);
        if let Some(live) = self.live().filter(|live| live.hooks().need_a_thread(node)) {
            // The others that wait on this thread would be held up.
            let wait = |task: &mut Claimed<'_>| {
                let ended = self.wait_for(self.unless_over(in_time(limit, task.run_async())));
                ended.unwrap_or(Err(Fault::Stopped))
            };
            return elsewhere(|go| Host::Poller.on_a_thread(go), || live.attempt(task, attempt, &wait)).await;
        }
        let ended = self.log.attempt_async(task, attempt, limit);
        if let Some(outcome) = self.unless_over(ended).await {
            return outcome;
        }
        // What a layer has seen made is not wanted.
        let _ = task.unmake();
        Err(Fault::Stopped)
    }

    /// Runs a task that waits for nothing: here, or on the pool, where others wait on this thread that would be held up.
    async fn compute(&self, task: &mut Claimed<'_>, attempt: u32) -> Result<(), Fault> {
        let (node, nodes) = (task.label().node, self.log.plan.graph.data().nodes.len());
        let mut run = || match self.live() {
            Some(live) => live.attempt(task, attempt, &|task| task.run()),
            None => task.run(),
        };
        if !self.is_beside_others || !self.lends {
            return run();
        }
        let cost = self.log.plan.costs.of_item(node, nodes);
        // A thread of the pool would wait for itself.
        if !cost.is_cheap() && rayon::current_thread_index().is_none() {
            return elsewhere(spawn, run).await;
        }
        cost.noted(run)
    }

    /// Waits, as long as somebody wants what comes of it.
    async fn unless_over<F: Future>(&self, future: F) -> Option<F::Output> {
        let mut future = pin!(future);
        poll_fn(|context| {
            if self.is_over() {
                return Poll::Ready(None);
            }
            future.as_mut().poll(context).map(Some)
        })
        .await
    }
}

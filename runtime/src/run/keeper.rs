//! Who looks after the tasks of dynamic blocks: they run as often, and as long, as was said of their nodes, and only as
//! long as somebody wants what comes of it.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;

use crate::driver::Executor;
use crate::error::NodeError;
use crate::fault::{Fault, drop_guarded};
use crate::hook::{Ending, Live};
use crate::memory::{Claimed, Label, Role, elsewhere};
use crate::sync::{AtomicWaker, spawn};
use crate::wait::block_on;

use super::job::Log;
use super::policy::{CancellationToken, Cut};

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
}

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
        Arc::new(Self { log: Arc::clone(log), rank: None, lends, is_beside_others: false, item: None })
    }

    /// For a block that the task of a rank runs.
    pub(crate) fn within(self: &Arc<Self>, rank: usize) -> Arc<Self> {
        match self.rank {
            Some(_) => Arc::clone(self),
            None => {
                let log = Arc::clone(&self.log);
                Arc::new(Self { log, rank: Some(rank), item: None, ..**self })
            }
        }
    }

    /// For one of several items: there is no need for it any more once one before it has failed.
    pub(crate) fn of_item(
        self: &Arc<Self>,
        number: usize,
        cut: &Arc<Cut>,
        is_beside_others: bool,
    ) -> Arc<Self> {
        let item = Item { number, cut: Arc::clone(cut), block: Arc::clone(self) };
        let log = Arc::clone(&self.log);
        Arc::new(Self { log, item: Some(item), is_beside_others, ..**self })
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

    /// Waits on this thread. The future is asked again when the run may have ended.
    pub(crate) fn wait_for<T>(&self, future: impl Future<Output = T> + Send) -> T {
        let waker = Arc::new(AtomicWaker::new());
        let _listening = self.log.halt.listen(&waker);
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

    /// Says whose a fault is.
    fn said_of(&self, task: &Claimed<'_>, fault: Fault, attempts: u32) -> Fault {
        let Label { node, role } = task.label();
        if role != Role::Node || matches!(fault, Fault::Stopped) {
            return fault;
        }
        let graph = self.log.graph.data();
        let error = NodeError::new(graph.name(node), graph.node(node).place, fault);
        Fault::Known(error.for_items(task.here().items()).after(attempts))
    }

    /// Tries a task as often as it may be. Says how often that was.
    async fn attempts(&self, task: &mut Claimed<'_>) -> (u32, Result<(), Fault>) {
        let (Label { node, role }, policies) = (task.label(), &self.log.policies);
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

    /// Runs a task once, with what stands round it.
    async fn attempt(&self, task: &mut Claimed<'_>, attempt: u32) -> Result<(), Fault> {
        let Label { node, role } = task.label();
        if role != Role::Node {
            // A block ends by itself where the run does.
            return task.run_async().await;
        }
        let waits = task.waits();
        if let Some(live) = self.live()
            && (live.hooks().need_a_thread(node) || !waits && !live.hooks().layers(node).is_empty())
        {
            return live.attempt(task, attempt, &|task| task.run());
        }
        if !waits {
            return self.compute(task).await;
        }
        let ended = self.log.attempt_async(task, attempt, self.log.policies.limit(node));
        if let Some(outcome) = self.unless_over(ended).await {
            return outcome;
        }
        // What a layer has seen made is not wanted.
        let _ = task.unmake();
        Err(Fault::Stopped)
    }

    /// Runs a task that waits for nothing: here, or on the pool, where others wait on this thread that would be held up.
    async fn compute(&self, task: &mut Claimed<'_>) -> Result<(), Fault> {
        if !self.is_beside_others || !self.lends {
            return task.run();
        }
        let nodes = self.log.graph.data().nodes.len();
        let cost = self.log.plan.costs.of_item(task.label().node, nodes);
        // A thread of the pool would wait for itself.
        if !cost.is_cheap() && rayon::current_thread_index().is_none() {
            return elsewhere(spawn, || task.run()).await;
        }
        let begin = cost.is_of_interest().then(Instant::now);
        let outcome = task.run();
        if let Some(begin) = begin {
            cost.note(begin.elapsed());
        }
        outcome
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

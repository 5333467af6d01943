//! What the tasks of a plan cost, as far as earlier runs have shown, and what follows for the next one.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use super::critical;
use super::job::Log;
use super::plan::{Plan, TaskKind};

/// What is known of the costs of a plan.
#[derive(Default)]
pub(crate) struct Costs {
    /// How many runs there have been.
    runs: AtomicU32,
    /// Whether one thread has shown to be the best.
    one_is_best: AtomicBool,
    /// How several threads take the tasks, where that is known to be better than in the order of the plan.
    queue: Mutex<Option<Arc<Queue>>>,
    /// For each node of the graph what it takes for an item, in blocks where items wait.
    items: OnceLock<Vec<Estimate>>,
}

/// How many nanoseconds something is likely to take.
pub(crate) struct Estimate {
    nanoseconds: AtomicU32,
    /// How often somebody has asked whether to look.
    asked: AtomicU32,
}

/// What costs no more than this is not worth the way to another thread and back.
const CHEAP: u32 = 20_000;
const SELDOM: u32 = 32;

impl Estimate {
    pub(crate) const fn new(nanoseconds: u32) -> Self {
        Self { nanoseconds: AtomicU32::new(nanoseconds), asked: AtomicU32::new(0) }
    }

    /// Whether it is known to take next to no time.
    pub(crate) fn is_cheap(&self) -> bool {
        self.nanoseconds.load(Ordering::Relaxed) <= CHEAP
    }

    /// Whether to look at the clock: now and then where it is known to be cheap, for that is not.
    pub(crate) fn is_of_interest(&self) -> bool {
        !self.is_cheap() || self.asked.fetch_add(1, Ordering::Relaxed).is_multiple_of(SELDOM)
    }

    /// Notes what it has taken. What was dear once stays so for a while.
    pub(crate) fn note(&self, took: Duration) {
        let took = u32::try_from(took.as_nanos()).unwrap_or(u32::MAX);
        let known = self.nanoseconds.load(Ordering::Relaxed);
        self.nanoseconds.store(took.max(known - known / 4), Ordering::Relaxed);
    }
}

/// In which order tasks are taken, and how many of them at once.
pub(crate) struct Queue {
    pub(crate) ranks: Vec<u32>,
    pub(crate) chunk: usize,
}

/// So much work is taken at once: more would leave others without, less is not worth the way.
const A_CHUNK: Duration = Duration::from_micros(1);
pub(crate) const MOST_AT_ONCE: usize = 8;

/// What a run costs on several threads, besides its nodes: to call the others, and to hand them one task.
const TO_BEGIN: Duration = Duration::from_micros(8);
const A_TASK: Duration = Duration::from_nanos(60);
/// What it costs to read the clock for one task.
const A_CLOCK: Duration = Duration::from_nanos(50);

impl Costs {
    /// Whether to run on several threads, and whether to note how long the tasks take.
    pub(crate) fn decide(&self) -> (bool, bool) {
        let runs = self.runs.fetch_add(1, Ordering::Relaxed);
        // Costs change with the inputs: it is looked at again, more and more rarely.
        let look = runs.is_power_of_two() || runs == 0 || runs.is_multiple_of(1024);
        // Of the first run nothing is known. If it is short, little is lost; if it is long, much is gained.
        (!self.one_is_best.load(Ordering::Relaxed), look)
    }

    /// Learns from a run whose tasks were timed.
    pub(crate) fn learn(&self, plan: &Plan, log: &Log, threads: usize) {
        let took = |rank: usize| log.took(rank).unwrap_or_default().saturating_sub(A_CLOCK);
        let all: Duration = (0..plan.tasks.len()).map(took).sum();
        let tasks = u32::try_from(plan.tasks.len()).unwrap_or(u32::MAX);
        let shared = all / u32::try_from(threads).unwrap_or(1).max(1);
        let work = if plan.has_blocks { shared } else { shared.max(longest_way(plan, took)) };
        let several = TO_BEGIN + A_TASK * tasks + work;
        // Near the border one thread is better: others may want the rest.
        let one_is_best = several * 10 >= all * 9;
        self.one_is_best.store(one_is_best, Ordering::Relaxed);
        if !one_is_best {
            let ranks = critical::order(plan.waits().counts(), |rank| plan.waits().next(rank), took);
            let chunk = A_CHUNK.as_nanos() / (all / tasks).as_nanos().max(1);
            let chunk = usize::try_from(chunk).unwrap_or(usize::MAX).clamp(1, MOST_AT_ONCE);
            *self.lock() = Some(Arc::new(Queue { ranks, chunk }));
        }
    }

    /// What a node takes for an item, of so many nodes.
    pub(crate) fn of_item(&self, node: u32, nodes: usize) -> &Estimate {
        &self.items.get_or_init(|| (0..nodes).map(|_| Estimate::new(0)).collect())[node as usize]
    }

    /// How several threads best take the tasks, if that is known.
    pub(crate) fn queue(&self) -> Option<Arc<Queue>> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arc<Queue>>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long the tasks take that have to wait for each other.
fn longest_way(plan: &Plan, took: impl Fn(usize) -> Duration) -> Duration {
    let mut until = vec![Duration::ZERO; plan.tasks.len()];
    for rank in 0..plan.tasks.len() {
        let makers = plan.program.reads(rank).filter_map(|slot| plan.makers[slot as usize]);
        let begin = makers.map(|maker| until[maker]).max().unwrap_or_default();
        until[rank] = begin + took(rank);
    }
    until.into_iter().max().unwrap_or_default()
}

/// Whether a plan has anything that several threads could do at once.
pub(crate) fn is_wide(plan: &Plan) -> bool {
    plan.has_blocks || plan.tasks.iter().filter(|task| !matches!(task.kind, TaskKind::Default)).count() > 2
}

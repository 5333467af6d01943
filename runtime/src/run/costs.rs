//! What the tasks of a plan cost, as far as earlier runs have shown, and what follows for the next one.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use super::choice::{Choice, Way};
use super::critical::Queue;
use super::log::Log;
use super::plan::{Plan, TaskKind};
use crate::sync::{Instant, current_num_threads};

/// What is known of the costs of a plan.
#[derive(Default)]
pub(crate) struct Costs {
    /// How many runs there have been.
    runs: AtomicU32,
    /// Whether there is so little to share that one thread must be the best.
    one_is_best: AtomicBool,
    /// How many nanoseconds a run takes then.
    usual: AtomicU64,
    sharing: Mutex<Sharing>,
    /// For each node of the graph what it takes for an item, in blocks where items wait.
    items: OnceLock<Vec<Estimate>>,
}

/// What is known of runs that several threads may be worth.
#[derive(Default)]
struct Sharing {
    choice: Choice,
    /// How they take the tasks, where that is known to be better than in the order of the plan.
    queue: Option<Arc<Queue>>,
    /// What a run on one thread takes at least.
    at_least: Duration,
}

/// How a run is made.
pub(crate) struct Approach {
    way: Way,
    pub(crate) queue: Option<Arc<Queue>>,
    /// Whether the tasks are timed.
    pub(crate) looks: bool,
    /// Whether it is of interest how long all of it takes.
    pub(crate) is_timed: bool,
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

    /// Does it, and looks at the clock if that is of interest.
    pub(crate) fn noted<R>(&self, run: impl FnOnce() -> R) -> R {
        let begin = self.is_of_interest().then(Instant::now);
        let result = run();
        if let Some(begin) = begin {
            self.note(begin.elapsed());
        }
        result
    }

    /// Notes what it has taken. What was dear once stays so for a while.
    pub(crate) fn note(&self, took: Duration) {
        let took = u32::try_from(took.as_nanos()).unwrap_or(u32::MAX);
        let known = self.nanoseconds.load(Ordering::Relaxed);
        self.nanoseconds.store(took.max(known - known / 4), Ordering::Relaxed);
    }
}

/// What a run costs on several threads, besides its nodes: to call the others, and to hand them one task.
const TO_BEGIN: Duration = Duration::from_micros(8);
const A_TASK: Duration = Duration::from_nanos(60);
/// What it costs to read the clock for one task.
const A_CLOCK: Duration = Duration::from_nanos(50);

/// Of what is not worth several threads one run in so many is timed: to read the clock costs as much as a small node.
const TIMED: u32 = 16;
/// Beside others a task takes up to so many times as long as alone, where threads share a core or wait for one.
const SLOWED: u32 = 3;

impl Approach {
    /// That of which nothing is to be learned.
    pub(crate) fn fixed(way: Way) -> Self {
        Self { way, queue: None, looks: false, is_timed: false }
    }

    pub(crate) fn is_shared(&self) -> bool {
        self.way == Way::Several
    }
}

impl Costs {
    /// How to make the next run. Of the first one nothing is known: if it is short, little is lost by several threads;
    /// if it is long, much is gained.
    pub(crate) fn approach(&self) -> Approach {
        let runs = self.runs.fetch_add(1, Ordering::Relaxed);
        // Costs change with the inputs: it is looked at again, more and more rarely.
        let looks = runs.is_power_of_two() || runs.is_multiple_of(1024);
        if self.one_is_best.load(Ordering::Relaxed) {
            let is_timed = runs.is_multiple_of(TIMED);
            return Approach { way: Way::One, queue: None, looks, is_timed };
        }
        let sharing = self.lock();
        let way = sharing.choice.next();
        let queue = sharing.queue.clone().filter(|_| way == Way::Several);
        Approach { way, queue, looks, is_timed: true }
    }

    /// Learns from a run that has ended well, and was to take no more than the limit.
    pub(crate) fn learn(
        &self,
        approach: &Approach,
        took: Option<Duration>,
        log: &Log,
        limit: Option<Duration>,
    ) {
        if approach.looks {
            self.look(log, limit);
        } else if let Some(took) = took {
            self.compare(approach.way, took);
        }
    }

    /// Looks at how long the tasks have taken: whether several threads could be faster at all, and how.
    fn look(&self, log: &Log, limit: Option<Duration>) {
        let plan = &log.plan;
        let took = |rank: usize| {
            log.times.of_task(rank).map_or(Duration::ZERO, |timing| timing.duration).saturating_sub(A_CLOCK)
        };
        let all: Duration = (0..plan.tasks.len()).map(took).sum();
        let tasks = u32::try_from(plan.tasks.len()).unwrap_or(u32::MAX);
        let shared = all / u32::try_from(current_num_threads()).unwrap_or(1).max(1);
        let work = if plan.has_blocks { shared } else { shared.max(longest_way(plan, took)) };
        let several = TO_BEGIN + A_TASK * tasks + work;
        // Near the border one thread is better: others may want the rest.
        let one_is_best = several * 10 >= all * 9;
        self.usual.store(u64::try_from(all.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
        self.one_is_best.store(one_is_best, Ordering::Relaxed);
        if !one_is_best {
            let queue = Queue::of(plan.waits().counts(), |rank| plan.waits().next(rank), took);
            let is_sure = log.times.total().is_some_and(|total| total * SLOWED < all);
            let is_tight = limit.is_some_and(|limit| limit < all * 2);
            let mut sharing = self.lock();
            sharing.queue = Some(Arc::new(queue));
            sharing.at_least = match () {
                // No run is to fail for the sake of finding out.
                () if is_tight => Duration::MAX,
                () if is_sure => all / SLOWED,
                () => Duration::ZERO,
            };
        }
    }

    /// Compares what a whole run has taken with others.
    fn compare(&self, way: Way, took: Duration) {
        if self.one_is_best.load(Ordering::Relaxed) {
            let usual = Duration::from_nanos(self.usual.load(Ordering::Relaxed));
            if took > (usual + TO_BEGIN) * 2 {
                // It may be worth several threads now: all that is known is looked at anew.
                self.runs.store(0, Ordering::Relaxed);
            }
        } else {
            let mut sharing = self.lock();
            let at_least = sharing.at_least;
            sharing.choice.learn(way, took, at_least);
        }
    }

    /// What a node takes for an item, of so many nodes.
    pub(crate) fn of_item(&self, node: u32, nodes: usize) -> &Estimate {
        &self.items.get_or_init(|| (0..nodes).map(|_| Estimate::new(0)).collect())[node as usize]
    }

    fn lock(&self) -> MutexGuard<'_, Sharing> {
        self.sharing.lock().unwrap_or_else(PoisonError::into_inner)
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
    let mut calls = plan.tasks.iter().filter(|task| !matches!(task.kind, TaskKind::Default));
    plan.has_blocks || calls.nth(2).is_some()
}

//! What a run does each time it is polled.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll};
use std::time::{self, Duration};

use futures_util::stream::{FuturesUnordered, StreamExt};

use crate::crew;
use crate::driver::Executor;
use crate::fault::{drop_guarded, guard};
use crate::memory::Shared;
use crate::run::attempt::Site;
use crate::run::plan::to_u32;
use crate::run::policy::Listening;
use crate::sync::atomic::{AtomicBool, Ordering};
use crate::sync::{AtomicWaker, Instant, Mutex};

use super::Work;
use super::ahead::Ahead;
use super::place::Place;

/// How long whoever polls a run may be held up.
pub(super) const TURN: Duration = Duration::from_micros(100);
/// After how many steps it is looked at the clock.
pub(super) const STEPS: u32 = 16;

/// A task that waits. It yields its rank.
type Waiting = Pin<Box<dyn Future<Output = u32> + Send>>;

/// Where a run stands.
pub(super) struct Drive {
    work: Arc<Work>,
    /// What the pool tells of.
    pool: Arc<News>,
    /// Whether nothing goes to the pool.
    is_alone: bool,
    /// When it has to be over, until it was seen that it is not.
    until: Option<time::Instant>,
    /// For each task how many have to be over before it can begin.
    counts: Vec<u32>,
    to_await: VecDeque<u32>,
    to_run: VecDeque<u32>,
    waiting: FuturesUnordered<Waiting>,
    /// How many tasks are not over yet.
    left: usize,
    /// What was last seen of whether the run ends early.
    end: (usize, bool),
    _listening: [Option<Listening>; 2],
}

/// What happens on other threads.
#[derive(Default)]
struct News {
    done: Mutex<Vec<u32>>,
    /// Whether there is something in it.
    is_done: AtomicBool,
    waker: Arc<AtomicWaker>,
    /// Whether nobody wants the run any more.
    given_up: AtomicBool,
}

impl Drive {
    /// For a run some of whose tasks may be over.
    pub(super) fn new(
        executor: Executor,
        until: Option<time::Instant>,
        work: Arc<Work>,
        Ahead { over, waits }: Ahead,
    ) -> Self {
        let mut counts = work.waits().counts().to_vec();
        for next in (0..over).flat_map(|rank| work.waits().next(rank)) {
            counts[*next as usize] -= 1;
        }
        let pool = Arc::<News>::default();
        let mut drive = Self {
            _listening: work.log.halt.listen(&pool.waker),
            pool,
            is_alone: executor == Executor::Sequential,
            until,
            left: counts.len() - over,
            to_await: waits.then_some(to_u32(over)).into_iter().collect(),
            to_run: VecDeque::new(),
            waiting: FuturesUnordered::new(),
            end: (0, false),
            counts: Vec::new(),
            work,
        };
        let first = if waits { over + 1 } else { over };
        for rank in (first..counts.len()).filter(|rank| counts[*rank] == 0) {
            drive.work.ready(to_u32(rank), (&mut drive.to_await, &mut drive.to_run));
        }
        drive.counts = counts;
        drive
    }

    fn go_on(&mut self, context: &mut Context<'_>) -> Poll<()> {
        // Whoever polls may belong to a run of its own, which has nothing to do with this one.
        let _joined = crew::join(None);
        // Before looking at what is done: whoever is done afterwards wakes.
        self.pool.waker.register(context.waker());
        let begin = Instant::now();
        let (mut steps, mut has_run) = (0, false);
        let mut all_asleep = false;
        loop {
            self.take_done();
            // What was over when it was polled was over in time, unless somebody has seen that it was not.
            if (self.left > 0 || has_run || self.work.log.halt.has_ended()) && self.is_late() {
                // Whoever polls it looks at the clock now.
                self.until = None;
                break;
            }
            if self.left == 0 {
                return Poll::Ready(());
            }
            if self.ends_earlier() {
                all_asleep = false;
            }
            if let Some(rank) = self.to_await.pop_front() {
                steps += self.begin(rank, context);
                all_asleep = false;
            } else if !all_asleep {
                match self.waiting.poll_next_unpin(context) {
                    Poll::Ready(Some(rank)) => self.ended(rank),
                    Poll::Ready(None) | Poll::Pending => {
                        all_asleep = true;
                        continue;
                    }
                }
            } else if let Some(rank) = self.to_run.pop_front() {
                self.run(rank);
            } else {
                return Poll::Pending;
            }
            has_run = true;
            steps += 1;
            if steps >= STEPS {
                steps = 0;
                if begin.elapsed() > TURN {
                    break;
                }
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }

    /// Whether it takes longer than it may, and nobody knows.
    fn is_late(&self) -> bool {
        self.until.is_some_and(|until| time::Instant::now() >= until)
    }

    /// A task is over.
    fn ended(&mut self, rank: u32) {
        self.left -= 1;
        let Self { work, counts, to_await, to_run, .. } = self;
        for next in work.waits().next(rank as usize) {
            let count = &mut counts[*next as usize];
            *count -= 1;
            if *count == 0 {
                work.ready(*next, (to_await, to_run));
            }
        }
    }

    /// Looks whether the run ends earlier than was known. Then all that wait are asked once more, for they may have to
    /// be given up.
    fn ends_earlier(&mut self) -> bool {
        let log = &self.work.log;
        let end = (log.failures.cut.end(), log.halt.is_called() || log.halt.has_ended());
        let is_new = std::mem::replace(&mut self.end, end) != end;
        if is_new {
            self.waiting = std::mem::take(&mut self.waiting).into_iter().collect();
        }
        is_new
    }

    /// Begins a task that waits. Often its future has nothing to wait for; then the next one that waits takes its place,
    /// for room for a future costs more than such a task. Says how many have begun.
    fn begin(&mut self, rank: u32, context: &mut Context<'_>) -> u32 {
        let is_alone = self.is_alone;
        let task = |work: &Arc<Work>, rank: u32| {
            let work = Arc::clone(work);
            async move {
                work.run_task_async(rank, is_alone).await;
                rank
            }
        };
        let mut waiting = Box::pin(task(&self.work, rank));
        let mut steps = 1;
        while let Poll::Ready(rank) = waiting.as_mut().poll(context) {
            self.ended(rank);
            let goes_on = steps < STEPS && !self.is_late();
            let next = if goes_on { self.to_await.pop_front() } else { None };
            let Some(next) = next else { return steps };
            waiting.set(task(&self.work, next));
            steps += 1;
        }
        self.waiting.push(waiting);
        steps
    }

    /// Runs a task that computes: here, or elsewhere.
    fn run(&mut self, rank: u32) {
        let place = self.work.place(rank, self.is_alone);
        if place == Place::Here {
            self.work.run_task(rank);
            return self.ended(rank);
        }
        let (work, pool) = (Arc::clone(&self.work), Arc::clone(&self.pool));
        self.work.run_in(place, move || {
            if !pool.given_up.load(Ordering::Acquire) {
                work.run_task(rank);
            }
            // Whoever has it last drops all that is left.
            let _ = drop_guarded(work);
            pool.done.lock().unwrap_or_else(PoisonError::into_inner).push(rank);
            pool.is_done.store(true, Ordering::Release);
            // A waker that panics is nobody's concern here.
            let _ = guard(|| pool.waker.wake());
        });
    }

    /// Takes note of what the pool has done.
    fn take_done(&mut self) {
        if !self.pool.is_done.load(Ordering::Acquire) {
            return;
        }
        // Whoever is done after the list has been looked at says so again.
        self.pool.is_done.store(false, Ordering::Relaxed);
        let done = std::mem::take(&mut *self.pool.done.lock().unwrap_or_else(PoisonError::into_inner));
        for rank in done {
            self.ended(rank);
        }
    }
}

impl Future for Drive {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.go_on(context)
    }
}

impl Drop for Drive {
    fn drop(&mut self) {
        self.pool.given_up.store(true, Ordering::Release);
        if self.left > 0 {
            self.work.log.halt.end();
        }
    }
}

impl Work {
    /// A task has all it needs.
    fn ready(&self, rank: u32, (to_await, to_run): (&mut VecDeque<u32>, &mut VecDeque<u32>)) {
        if self.awaits(rank) || self.log.waits_for_hooks(rank as usize) {
            to_await.push_back(rank);
        } else {
            to_run.push_back(rank);
        }
    }

    fn run_task(&self, rank: u32) {
        self.waits().cost(rank).noted(|| {
            if let Some(entered) = Shared::enter(&self.shared) {
                self.log.run_task(Site::Shared(&entered), rank as usize);
            }
        });
    }
}

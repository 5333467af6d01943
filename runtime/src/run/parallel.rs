//! On a rayon pool. The order of the tasks is known, so nobody needs counters: each thread takes the next few tasks
//! of the order, and waits, where it must, for what they need. The task that comes first of those not done yet
//! waits for nobody, so there is always one that goes on.

use std::cell::Cell;
use std::sync::Arc;

use crate::crew::{self, Crew};
use crate::memory::{Entered, Instance, Shared, SlotState};
use crate::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use crate::sync::{self, current_num_threads, thread_local};

use super::asynchronous::Pool;
use super::attempt::Site;
use super::critical::{MOST_AT_ONCE, Queue};
use super::job::Job;
use super::log::Log;

/// A run that several threads work on.
pub(crate) struct Team {
    shared: sync::Arc<Shared>,
    log: Arc<Log>,
    /// The first piece of them that nobody has taken.
    next: AtomicUsize,
    /// How many tasks are over, where the others stay to help with blocks until all are.
    over: AtomicUsize,
    crew: Arc<Crew>,
    /// In which order they are taken, and which at once, if that is known.
    queue: Option<Arc<Queue>>,
    /// How many a thread takes at once otherwise, in the order of the plan.
    chunk: usize,
    has_blocks: bool,
}

thread_local! {
    /// Whether this thread helps with a run already. While the nodes of that one wait for others, rayon may give it
    /// another run to help with; two threads that each wait, in one run, for what the other has left lying in
    /// another would wait for ever. Who runs a request himself never waits for it, so nobody has to help.
    static HELPS: Cell<bool> = const { Cell::new(false) };
}

/// Calls together those of the pool that have nothing else to do.
pub(crate) fn gather(job: &mut Job, queue: Option<Arc<Queue>>) -> Arc<Team> {
    let tasks = job.plan().tasks.len();
    let threads = current_num_threads();
    let team = Arc::new(Team {
        shared: job.share_instance(),
        log: Arc::clone(&job.log),
        next: AtomicUsize::new(0),
        over: AtomicUsize::new(0),
        crew: Arc::new(Crew::default()),
        queue,
        chunk: (tasks / (threads * 8)).clamp(1, MOST_AT_ONCE),
        has_blocks: job.plan().has_blocks,
    });
    let helpers = if team.has_blocks { threads } else { threads.min(tasks) };
    let pool = Pool::here();
    for _ in 1..helpers {
        let team = Arc::clone(&team);
        pool.spawn(move || team.help());
    }
    team
}

/// Runs a job on this thread, together with a team.
pub(crate) fn lead(team: &Arc<Team>, job: &mut Job) {
    team.work();
    team.shared.close();
    team.crew.wait_until(|| team.shared.is_left());
    job.log.end();
    // Who comes late finds it closed, but may still hold it.
    if let Some(rest) = Shared::take(&team.shared) {
        job.give_back(rest);
    }
}

/// Does something on this thread, while those of the pool that have nothing else to do help with the blocks in it.
pub(crate) fn helped(run: impl FnOnce()) {
    let crew = Arc::new(Crew::default());
    let is_over = Arc::new(AtomicBool::new(false));
    let pool = Pool::here();
    for _ in 1..current_num_threads() {
        let (crew, is_over) = (Arc::clone(&crew), Arc::clone(&is_over));
        pool.spawn(move || {
            if !HELPS.with(|helps| helps.replace(true)) {
                let joined = crew::join(Some(Arc::clone(&crew)));
                crew.wait_until(|| is_over.load(Ordering::Acquire));
                drop(joined);
                HELPS.with(|helps| helps.set(false));
            }
        });
    }
    let _joined = crew::join(Some(Arc::clone(&crew)));
    run();
    is_over.store(true, Ordering::Release);
    crew.wake();
}

impl Team {
    /// Helps, unless this thread does already.
    fn help(&self) {
        if !HELPS.with(|helps| helps.replace(true)) {
            self.work();
            HELPS.with(|helps| helps.set(false));
        }
    }

    fn work(&self) {
        let _joined = crew::join(Some(Arc::clone(&self.crew)));
        if let Some(instance) = Shared::enter(&self.shared) {
            let tasks = self.log.plan.tasks.len();
            while self.take_piece(tasks, |rank| self.run(&instance, rank)) {}
            if self.has_blocks {
                self.crew.wait_until(|| self.over.load(Ordering::Acquire) >= tasks);
            }
        }
        self.crew.wake();
    }

    /// Takes the next tasks; says whether there were any.
    fn take_piece(&self, tasks: usize, run: impl FnMut(usize)) -> bool {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        match &self.queue {
            Some(queue) => {
                let piece = queue.piece(number);
                piece.unwrap_or_default().iter().map(|rank| *rank as usize).for_each(run);
                piece.is_some()
            }
            None => {
                let first = number * self.chunk;
                (first..(first + self.chunk).min(tasks)).for_each(run);
                first < tasks
            }
        }
    }

    fn run(&self, instance: &Entered<'_>, rank: usize) {
        self.wait_for_needs(instance, rank);
        self.log.run_task(Site::Shared(instance), rank);
        if self.has_blocks {
            self.over.fetch_add(1, Ordering::Release);
        }
        self.crew.wake();
    }

    /// Waits until the task of a rank has all it needs, or it is known that it will not have it.
    fn wait_for_needs(&self, instance: &Instance, rank: usize) {
        for slot in instance.program().reads(rank) {
            if instance.state(slot) == SlotState::Empty {
                self.crew.wait_until(|| instance.state(slot) != SlotState::Empty);
            }
        }
        for slot in instance.takes(rank) {
            if instance.uses(slot) > 1 {
                self.crew.wait_until(|| instance.uses(slot) <= 1);
            }
        }
    }
}

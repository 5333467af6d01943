//! A block that several threads run at once: each takes a few items that follow each other, runs the block's program
//! for them in memory of its own, and leaves what was made of them, to be put in order at the end.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use crate::context::Here;
use crate::crew::{Crew, Shareable};
use crate::error::NodeError;
use crate::fault::{Fault, ItemFault, guard};
use crate::run::Cut;
use crate::sync::atomic::{AtomicUsize, Ordering};
use crate::sync::{Instant, Mutex, MutexGuard};

use super::block::{BlockPlan, Opened};
use super::instance::Instance;
use super::parcel::Parcel;
use super::program::SlotId;

/// A block while it is run.
pub(super) struct OpenBlock {
    plan: Arc<BlockPlan>,
    /// Lists, sources and imports, as the operation has them.
    places: Vec<*mut u8>,
    here: Here,
    /// What is missing of the imports, and why.
    missing: Arc<[(SlotId, NodeError)]>,
    /// How many are at work, and whether nobody may begin any more.
    users: AtomicUsize,
    state: Mutex<State>,
    /// How many items are taken at once, and how many may be alive.
    chunk: AtomicUsize,
    most: usize,
    /// The first item that has failed.
    cut: Arc<Cut>,
    crew: Arc<Crew>,
}

// SAFETY: of the places lists are used by whoever closes the block alone, sources by one at a time, imports only
// looked at; whoever has opened it keeps them until all have left.
unsafe impl Send for OpenBlock {}
// SAFETY: the same.
unsafe impl Sync for OpenBlock {}

#[derive(Default)]
struct State {
    /// Whether somebody is taking items.
    is_taken: bool,
    has_ended: bool,
    /// How many items are alive.
    alive: usize,
    /// How many chunks, and items, have been taken.
    chunks: usize,
    items: usize,
    /// For each list what the chunks have made.
    made: BTreeMap<usize, Vec<Parcel>>,
    /// The failure of the first item that has failed.
    failure: Option<ItemFault>,
}

const CLOSED: usize = 1 << (usize::BITS - 1);

/// So many items are taken at once if they are cheap, and so long a chunk takes.
const LARGEST_CHUNK: usize = 256;
const LONG: Duration = Duration::from_micros(25);

/// Runs a block on this thread, and on those of its crew that have nothing else to do.
pub(super) fn run(block: &Opened<'_>, crew: &Arc<Crew>) -> Result<(), Fault> {
    let block = Arc::new(OpenBlock {
        plan: Arc::clone(block.plan),
        places: block.places.to_vec(),
        here: block.here.again(),
        missing: Arc::clone(&block.missing),
        users: AtomicUsize::new(0),
        state: Mutex::default(),
        chunk: AtomicUsize::new(1),
        most: block.most().unwrap_or(usize::MAX),
        cut: Arc::default(),
        crew: Arc::clone(crew),
    });
    let shared: Arc<dyn Shareable> = Arc::clone(&block) as Arc<dyn Shareable>;
    // What is done before others could begin is not worth sharing.
    let begin = Instant::now();
    let worked = guard(|| {
        block.work(|| begin.elapsed() < LONG);
        crew.share(&shared);
        block.work(|| true);
    });
    // Whatever has happened: what is at the places is theirs, too, until all have left.
    crew.withdraw(&shared);
    block.users.fetch_or(CLOSED, Ordering::Relaxed);
    crew.wait_only_until(|| block.users.load(Ordering::Acquire) == CLOSED);
    worked.and_then(|()| block.gather())
}

impl Shareable for OpenBlock {
    fn help(&self) {
        let enter = |users: usize| (users & CLOSED == 0).then_some(users + 1);
        if self.users.fetch_update(Ordering::Acquire, Ordering::Relaxed, enter).is_ok() {
            self.work(|| true);
            self.users.fetch_sub(1, Ordering::Release);
            self.crew.wake();
        }
    }
}

impl OpenBlock {
    /// Works on chunk after chunk, as long as there are any and it is to `go_on`.
    fn work(&self, go_on: impl Fn() -> bool) {
        let exports = self.plan.exports().len();
        let mut lists: Vec<Parcel> = self.plan.exports().iter().map(|ops| Parcel::new(ops.raw)).collect();
        let mut sources: Vec<Parcel> = self.plan.feeds().iter().map(|ops| Parcel::new(ops.source)).collect();
        let tools = lists.iter().chain(&sources).map(Parcel::place);
        let imports: Vec<*mut u8> =
            tools.chain(self.places[exports + sources.len()..].iter().copied()).collect();
        // SAFETY: lists and sources are this thread's own, and full whenever it runs; the rest is there as long as
        // the block is open.
        let mut instance = unsafe { Instance::with(Arc::clone(self.plan.program()), &imports) };
        instance.set_here(self.here.beside(&self.cut));
        instance.set_missing(&self.missing);
        instance.may_go_abreast = self.plan.may_go_abreast && self.most == usize::MAX;
        while go_on()
            && !self.ends_early()
            && let Some(taken) = self.take(&mut sources)
        {
            for (list, ops) in lists.iter_mut().zip(self.plan.exports()) {
                // SAFETY: there is room for a list.
                unsafe { (ops.new)(list.place()) };
                list.fill();
            }
            let begin = Instant::now();
            if let Err(failure) = self.plan.run_items(&mut instance, taken.first) {
                self.fail(failure);
            }
            self.adapt(begin.elapsed());
            let made = lists.iter_mut().map(Parcel::take).collect();
            let mut state = self.state();
            state.made.insert(taken.chunk, made);
            state.alive -= taken.count;
            drop(state);
            if self.most < usize::MAX {
                self.crew.wake();
            }
            for source in &mut sources {
                source.clear();
            }
        }
    }

    /// Whether nobody wants any further items.
    fn ends_early(&self) -> bool {
        let is_over = self.here.keeper().is_some_and(|keeper| keeper.is_over());
        if is_over {
            let item = self.state().items;
            self.fail(ItemFault { item, op: 0, fault: Fault::Stopped });
        }
        is_over
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a few items to sources of one's own. The source is the user's: nothing is locked meanwhile.
    fn take(&self, sources: &mut [Parcel]) -> Option<Taken> {
        let most = loop {
            let mut state = self.state();
            if state.has_ended {
                return None;
            }
            if !state.is_taken && state.alive < self.most {
                state.is_taken = true;
                break self.chunk.load(Ordering::Relaxed).min(self.most - state.alive);
            }
            drop(state);
            self.crew.wait_only_until(|| {
                let state = self.state();
                state.has_ended || !state.is_taken && state.alive < self.most
            });
        };
        let pulled = guard(|| self.pull(most, sources));
        let mut state = self.state();
        state.is_taken = false;
        let first = state.items;
        let (taken, failure) = match pulled {
            Ok(0) => (None, None),
            Ok(count) => {
                state.items += count;
                state.alive += count;
                state.chunks += 1;
                (Some(Taken { chunk: state.chunks - 1, first, count }), None)
            }
            Err(fault) => (None, Some(ItemFault { item: first, op: 0, fault })),
        };
        state.has_ended |= taken.is_none();
        drop(state);
        self.crew.wake();
        if let Some(failure) = failure {
            self.fail(failure);
        }
        taken
    }

    /// How many items there were. If not of each source, who runs them finds out at which it is.
    fn pull(&self, most: usize, sources: &mut [Parcel]) -> usize {
        let places = &self.places[self.plan.exports().len()..];
        let mut counts = Vec::with_capacity(sources.len());
        for ((source, from), ops) in sources.iter_mut().zip(places).zip(self.plan.feeds()) {
            // An item that cannot be had is one of the first source: the others have one for it, too.
            let most = counts.first().map_or(most, |first: &usize| (*first).max(1));
            // SAFETY: this is the only one that uses the source, and there is room for another one.
            counts.push(unsafe { (ops.pull_few)(*from, most, source.place()) });
            source.fill();
        }
        counts.into_iter().max().unwrap_or(0)
    }

    /// An item has failed: no further ones are begun. Of several the first counts, as if they came one by one.
    fn fail(&self, failure: ItemFault) {
        self.cut.at(failure.item);
        let mut state = self.state();
        state.has_ended = true;
        let is_first = state.failure.as_ref().is_none_or(|first| failure.item < first.item);
        let other = if is_first { state.failure.replace(failure) } else { Some(failure) };
        drop(state);
        // What is in it is of the user's types.
        let _ = guard(|| drop(other));
    }

    /// Cheap items are taken many at once, heavy ones one by one.
    fn adapt(&self, took: Duration) {
        let chunk = self.chunk.load(Ordering::Relaxed);
        let next = if took < LONG {
            chunk * 2
        } else if took > 4 * LONG {
            chunk / 2
        } else {
            chunk
        };
        self.chunk.store(next.clamp(1, LARGEST_CHUNK), Ordering::Relaxed);
    }

    /// Puts what was made in order.
    fn gather(&self) -> Result<(), Fault> {
        let mut state = self.state();
        let (made, failure) = (std::mem::take(&mut state.made), state.failure.take());
        drop(state);
        if let Some(failure) = failure {
            return Err(Fault::Item(Box::new(failure)));
        }
        for parcels in made.into_values() {
            for ((mut parcel, ops), list) in parcels.into_iter().zip(self.plan.exports()).zip(&self.places) {
                if parcel.empty_out() {
                    // SAFETY: all others have left; what is in the parcel is in the list afterwards.
                    unsafe { (ops.append)(*list, parcel.place()) };
                }
            }
        }
        Ok(())
    }
}

/// Items that one has taken.
struct Taken {
    chunk: usize,
    first: usize,
    count: usize,
}

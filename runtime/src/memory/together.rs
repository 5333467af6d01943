//! The items of a block that wait: many are alive at the same time, on one thread, each in a memory of its own.

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::stream::{FuturesUnordered, StreamExt};

use crate::fault::{Fault, ItemFault, guard};
use crate::run::{Cut, Keeper, in_context, may_wait};

use super::block::Opened;
use super::instance::Instance;
use super::parcel::Parcel;

/// So many items are alive at once if the source does not say how many may be.
const MANY: usize = 64;

/// Runs a block on this thread, which waits for it.
pub(super) fn run_here(block: &Opened<'_>) -> Result<(), Fault> {
    let Some(keeper) = block.here.keeper() else {
        return Err(Fault::Misfit("nobody looks after it".to_owned()));
    };
    keeper.wait_for(run(block, keeper))
}

/// Runs a block.
pub(super) fn run<'b>(
    block: &'b Opened<'b>,
    keeper: &'b Arc<Keeper>,
) -> impl Future<Output = Result<(), Fault>> + Send + use<'b> {
    let mut items = Items {
        block,
        keeper,
        most: block.most().unwrap_or(MANY),
        alive: FuturesUnordered::new(),
        spare: Vec::new(),
        taken: 0,
        has_ended: false,
        was_over: false,
        made: BTreeMap::new(),
        gathered: 0,
        cut: Arc::default(),
        failure: None,
    };
    let mut is_allowed = false;
    poll_fn(move |context| {
        if !is_allowed && let Err(refused) = may_wait() {
            return Poll::Ready(Err(refused));
        }
        is_allowed = true;
        in_context(|| items.poll(context))
    })
}

/// The items of a block while it is run.
struct Items<'b> {
    block: &'b Opened<'b>,
    keeper: &'b Arc<Keeper>,
    most: usize,
    alive: FuturesUnordered<Pin<Box<dyn Future<Output = Ended> + Send + 'b>>>,
    spare: Vec<Room>,
    /// How many items have been taken.
    taken: usize,
    has_ended: bool,
    was_over: bool,
    /// What was made of items that come after one that is not over yet.
    made: BTreeMap<usize, Vec<Parcel>>,
    /// How many are in the lists of the block.
    gathered: usize,
    /// The first item that has failed.
    cut: Arc<Cut>,
    failure: Option<ItemFault>,
}

/// What an item lives in.
struct Room {
    /// It has pointers to the rest, so it comes first.
    instance: Instance,
    lists: Vec<Parcel>,
    sources: Vec<Parcel>,
}

/// An item that is over.
struct Ended {
    item: usize,
    room: Room,
    outcome: Result<(), ItemFault>,
}

impl Items<'_> {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        loop {
            if !self.was_over && self.keeper.is_over() {
                self.was_over = true;
                self.fail(ItemFault { item: self.taken, op: 0, fault: Fault::Stopped });
            }
            if !self.has_ended && self.alive.len() < self.most && self.is_ready(context) {
                self.take();
                continue;
            }
            match self.alive.poll_next_unpin(context) {
                Poll::Ready(Some(ended)) => self.ended(ended),
                Poll::Ready(None) if self.has_ended => {
                    return Poll::Ready(match self.failure.take() {
                        Some(failure) => Err(Fault::Item(Box::new(failure))),
                        None => Ok(()),
                    });
                }
                Poll::Ready(None) | Poll::Pending => return Poll::Pending,
            }
        }
    }

    /// Whether there is an item to be taken, or it is known that there is none.
    fn is_ready(&mut self, context: &mut Context<'_>) -> bool {
        let mut sources = self.block.sources();
        // SAFETY: this is the only one that uses the sources.
        let ready = guard(|| sources.all(|(source, ops)| unsafe { (ops.poll)(source, context) }.is_ready()));
        ready.unwrap_or_else(|fault| {
            self.fail(ItemFault { item: self.taken, op: 0, fault });
            false
        })
    }

    /// Begins with an item, if there is one.
    fn take(&mut self) {
        let mut room = self.spare.pop().unwrap_or_else(|| Room::new(self.block));
        match guard(|| room.take(self.block, self.taken, self.keeper)).unwrap_or_else(Err) {
            Err(fault) => return self.fail(ItemFault { item: self.taken, op: 0, fault }),
            Ok(false) => {
                self.has_ended = true;
                return;
            }
            Ok(true) => {}
        }
        let item = self.taken;
        self.taken += 1;
        let keeper = self.keeper.of_item(item, &self.cut, true);
        room.instance.set_here(self.block.here.kept_by(Some(Arc::clone(&keeper))));
        let plan = self.block.plan;
        self.alive.push(Box::pin(async move {
            let outcome = plan.keep_items(&mut room.instance, item, Some(&keeper)).await;
            Ended { item, room, outcome }
        }));
    }

    fn ended(&mut self, Ended { item, mut room, outcome }: Ended) {
        room.sources.iter_mut().for_each(Parcel::clear);
        match outcome {
            Ok(()) => {
                self.made.insert(item, room.lists.iter_mut().map(Parcel::take).collect());
                self.gather();
            }
            Err(failure) => {
                room.lists.iter_mut().for_each(Parcel::clear);
                self.fail(failure);
            }
        }
        self.spare.push(room);
    }

    /// No further items are begun, and those that come later are given up. Of several failures that of the first item
    /// counts, as if they came one by one.
    fn fail(&mut self, failure: ItemFault) {
        self.has_ended = true;
        let is_first = self.failure.as_ref().is_none_or(|first| failure.item < first.item);
        let is_known = failure.fault.is_stop() && self.failure.is_some();
        let other = if is_first && !is_known {
            self.cut.at(failure.item);
            // Each is asked once more, and sees that it is not wanted.
            self.alive = std::mem::take(&mut self.alive).into_iter().collect();
            self.failure.replace(failure)
        } else {
            Some(failure)
        };
        // What is in it is of the user's types.
        let _ = guard(|| drop(other));
    }

    /// Puts what was made to the lists of the block, as far as it is known what comes first.
    fn gather(&mut self) {
        while let Some(parcels) = self.made.remove(&self.gathered) {
            self.gathered += 1;
            let lists = self.block.plan.exports().iter().zip(self.block.places);
            for (mut parcel, (ops, list)) in parcels.into_iter().zip(lists) {
                if parcel.empty_out() {
                    // SAFETY: the list is there, and what was in the parcel is in it afterwards.
                    unsafe { (ops.append)(*list, parcel.place()) };
                }
            }
        }
    }
}

impl Room {
    fn new(block: &Opened<'_>) -> Self {
        let plan = block.plan;
        let lists: Vec<Parcel> = plan.exports().iter().map(|ops| Parcel::new(ops.raw)).collect();
        let sources: Vec<Parcel> = plan.feeds().iter().map(|ops| Parcel::new(ops.source)).collect();
        let tools = lists.iter().chain(&sources).map(Parcel::place);
        let imports = &block.places[lists.len() + sources.len()..];
        let imports: Vec<*mut u8> = tools.chain(imports.iter().copied()).collect();
        // SAFETY: lists and sources are its own, and full whenever it runs; the rest is there as long as the block is.
        let mut instance = unsafe { Instance::with(Arc::clone(plan.program()), &imports) };
        instance.set_missing(&block.missing);
        Self { instance, lists, sources }
    }

    /// Takes an item, if there is one.
    fn take(&mut self, block: &Opened<'_>, item: usize, keeper: &Keeper) -> Result<bool, Fault> {
        let mut counts = Vec::with_capacity(self.sources.len());
        for (own, (source, ops)) in self.sources.iter_mut().zip(block.sources()) {
            // SAFETY: this is the only one that uses the source, and there is room for another one.
            counts.push(unsafe { (ops.pull_few)(source, 1, own.place()) });
            own.fill();
        }
        let first_of = |count: usize| counts.iter().position(|other| *other == count);
        if let Some(short) = first_of(0) {
            self.sources.iter_mut().for_each(Parcel::clear);
            return match first_of(1) {
                Some(long) => Err(block.plan.miscounted(item, short, long, keeper)),
                None => Ok(false),
            };
        }
        for (list, ops) in self.lists.iter_mut().zip(block.plan.exports()) {
            // SAFETY: there is room for a list.
            unsafe { (ops.new)(list.place()) };
            list.fill();
        }
        Ok(true)
    }
}

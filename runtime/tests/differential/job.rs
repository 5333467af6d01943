//! What the functions of the nodes do: the same for the graph and for the interpreter.

use std::collections::{BTreeMap, HashMap};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use futures_util::{Stream, StreamExt, stream};
use millstream::{CancellationToken, Collect, NodeError, Own, Parallelizable};

use super::fuse::Fuse;
use super::spec::{Ends, Items};
use super::tally::{Counted, Tally};

/// How panics of nodes begin, so that nothing is printed of them.
pub const PANIC: &str = "oh";

/// What an item that cannot be had says.
pub const TORN: &str = "torn";

pub fn mix(first: u64, second: u64) -> u64 {
    first.wrapping_mul(1_000_003).rotate_left(7) ^ second.wrapping_add(0x9E37_79B9_7F4A_7C15)
}

/// What something comes to that is not there.
pub const NOTHING: u64 = 7;

/// What a failure comes to that is tolerated.
pub const FAILURE: u64 = 11;

pub fn in_order(all: impl Iterator<Item = u64>) -> u64 {
    all.fold(3, mix)
}

pub fn by_name<'a>(all: impl Iterator<Item = (&'a str, u64)>) -> u64 {
    all.fold(5, |sum, (name, one)| mix(mix(sum, one), name.len() as u64))
}

/// The two parts of a value.
pub fn parts(whole: u64) -> [u64; 2] {
    [whole & 0xFFFF_FFFF, whole >> 32]
}

impl Items {
    pub fn count(self, number: u64) -> u64 {
        number % (u64::from(self.most) + 1)
    }

    pub fn is_broken(self, item: u64) -> bool {
        self.broken.map(u64::from) == Some(item)
    }
}

impl Ends {
    /// How a call ends that has computed a number: none is a panic.
    pub fn end(self, number: u64) -> Option<Result<u64, String>> {
        match self {
            Self::Fails(of) if number.is_multiple_of(of) => Some(Err(format!("no {number}"))),
            Self::Panics(of) if number.is_multiple_of(of) => None,
            _ => Some(Ok(number)),
        }
    }
}

/// The function of a node.
pub struct Job {
    pub index: usize,
    pub ends: Ends,
    pub waits: u8,
    pub tally: Tally,
    pub desk: Arc<Desk>,
}

/// What the functions of a run write down.
#[derive(Default)]
pub struct Desk {
    attempts: Mutex<HashMap<(usize, u64), u8>>,
    told: Mutex<BTreeMap<usize, Vec<String>>>,
    /// The call, or the item, that calls the run off.
    pub fuse: Fuse,
    pub token: Mutex<CancellationToken>,
}

impl Desk {
    /// The failures that nodes have been given, by node.
    pub fn clear(&self) -> BTreeMap<usize, Vec<String>> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let mut told = std::mem::take(&mut *self.told.lock().unwrap_or_else(PoisonError::into_inner));
        for told in told.values_mut() {
            told.sort();
        }
        told
    }

    /// Calls the run off, if it is time for that.
    fn pass(&self) {
        if self.fuse.blows() {
            let token = self.token.lock().unwrap_or_else(PoisonError::into_inner).clone();
            token.cancel();
        }
    }

    fn attempt(&self, node: usize, number: u64) -> u8 {
        let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        let attempt = attempts.entry((node, number)).or_default();
        *attempt += 1;
        *attempt
    }
}

impl Job {
    pub fn call<A: Argument, B: Argument>(&self, first: A, second: B) -> Result<Counted, String> {
        let number = self.number(&first, &second);
        // What is returned would be lost where one of them panics afterwards.
        drop((first.keep(), second.keep()));
        self.end(number)
    }

    pub fn wait<A: Argument, B: Argument>(
        self: &Arc<Self>,
        first: A,
        second: B,
    ) -> Pin<Box<dyn Future<Output = Result<Counted, String>> + Send>> {
        let (job, number) = (Arc::clone(self), self.number(&first, &second));
        let kept = (first.keep(), second.keep());
        Box::pin(async move {
            pause(job.waits).await;
            drop(kept);
            job.end(number)
        })
    }

    /// The function of a node that opens a block.
    pub fn open<A: Argument>(&self, items: Items, first: A) -> Result<Parallelizable<Counted>, String> {
        let opened = self.call(first, ())?;
        Ok(self.items(items, opened.value))
    }

    pub fn wait_and_open<A: Argument>(
        self: &Arc<Self>,
        items: Items,
        first: A,
    ) -> Pin<Box<dyn Future<Output = Result<Parallelizable<Counted>, String>> + Send>> {
        let (job, opened) = (Arc::clone(self), self.wait(first, ()));
        Box::pin(async move { Ok(job.items(items, opened.await?.value)) })
    }

    /// The items of a block. A stream waits before each.
    fn items(&self, items: Items, number: u64) -> Parallelizable<Counted> {
        let (tally, desk) = (self.tally.clone(), Arc::clone(&self.desk));
        let item = move |item| {
            desk.pass();
            if items.is_broken(item) { Err(TORN) } else { Ok(tally.make(mix(number, item))) }
        };
        let all = (0..items.count(number)).map(item);
        let source = match (items.is_stream, items.broken) {
            (true, Some(_)) => Parallelizable::from_fallible_stream(slowly(all)),
            (true, None) => Parallelizable::from_stream(slowly(all.filter_map(Result::ok))),
            (false, Some(_)) => Parallelizable::fallible(all),
            (false, None) => Parallelizable::new(all.filter_map(Result::ok)),
        };
        match items.at_once {
            Some(count) => source.max_items(count.into()),
            None => source,
        }
    }

    fn number<A: Argument, B: Argument>(&self, first: &A, second: &B) -> u64 {
        self.desk.pass();
        let mut told = Vec::new();
        let number = mix(mix(first.number(&mut told), second.number(&mut told)), self.index as u64);
        if !told.is_empty() {
            let mut all = self.desk.told.lock().unwrap_or_else(PoisonError::into_inner);
            all.entry(self.index).or_default().extend(told);
        }
        number
    }

    fn end(&self, number: u64) -> Result<Counted, String> {
        // It is there while the call ends.
        let value = self.tally.make(number);
        if let Ends::Flaky(times) = self.ends
            && self.desk.attempt(self.index, number) <= times
        {
            return Err(format!("no {number}"));
        }
        match self.ends.end(number) {
            None => panic!("{PANIC} {number}"),
            Some(ended) => ended.map(|_| value),
        }
    }
}

/// Waits before each item.
fn slowly<T: Send>(all: impl Iterator<Item = T> + Send) -> impl Stream<Item = T> + Send {
    stream::iter(all).then(async |item| {
        pause(1).await;
        item
    })
}

/// Is woken at once, so many times.
async fn pause(times: u8) {
    let mut left = times;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// What a function is called with.
pub trait Argument {
    /// What a future has to keep of it.
    type Kept: Send + 'static;

    /// What it comes to. Failures are told of.
    fn number(&self, told: &mut Vec<String>) -> u64;
    fn keep(self) -> Self::Kept;
}

/// One that is looked at.
macro_rules! argument {
    ($ty:ty, |$argument:ident, $told:ident| $number:expr) => {
        impl Argument for $ty {
            type Kept = ();

            fn number(&self, $told: &mut Vec<String>) -> u64 {
                let $argument = self;
                $number
            }

            fn keep(self) {}
        }
    };
}

argument!((), |_it, _told| NOTHING);
argument!(&Counted, |it, _told| it.value);
argument!(Option<&Counted>, |it, _told| it.map_or(NOTHING, |it| it.value));
argument!(Vec<&Counted>, |it, _told| in_order(it.iter().map(|it| it.value)));
argument!(BTreeMap<&str, &Counted>, |it, _told| by_name(it.iter().map(|(name, it)| (*name, it.value))));
argument!(Collect<'_, Counted>, |it, _told| in_order(it.iter().map(|it| it.value)));
argument!(Result<&Counted, &NodeError>, |it, told| result(*it, told));
argument!(Collect<'_, Result<Counted, NodeError>>, |it, told| in_order(
    it.iter().map(|it| result(it.as_ref(), told))
));

fn result(result: Result<&Counted, &NodeError>, told: &mut Vec<String>) -> u64 {
    match result {
        Ok(value) => value.value,
        Err(error) => {
            told.push(format!("{error:?}"));
            FAILURE
        }
    }
}

impl Argument for Own<Counted> {
    type Kept = Counted;

    fn number(&self, _: &mut Vec<String>) -> u64 {
        self.0.value
    }

    fn keep(self) -> Counted {
        self.0
    }
}

impl Argument for Option<Own<Counted>> {
    type Kept = Option<Counted>;

    fn number(&self, _: &mut Vec<String>) -> u64 {
        self.as_ref().map_or(NOTHING, |it| it.0.value)
    }

    fn keep(self) -> Option<Counted> {
        self.map(|it| it.0)
    }
}

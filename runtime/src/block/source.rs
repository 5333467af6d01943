//! Where the items of a block come from.

use std::convert::Infallible;
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_util::{Stream, StreamExt};

use crate::fault::{Fault, drop_guarded, guard};
use crate::node::NodeFault;

use super::stream::Streamed;

/// The items of a dynamic block, made one after another as they are needed.
///
/// A node that returns one opens a block: the nodes that take its items run once for each of them, items
/// independently of each other, up to those that [`Collect`](crate::Collect) what was made of all.
///
/// Items are made as late as possible: heavy ones one at a time as soon as there is somebody to work on them, cheap
/// ones a few at a time, so that fetching them costs nothing.
///
/// ```
/// use millstream::Parallelizable;
///
/// // Any iterator will do, also an endless one.
/// let numbers = Parallelizable::new((0_u64..).take(3));
/// // One whose items may fail says so; a failure is that of its item.
/// let parsed = Parallelizable::fallible(["1", "x"].map(str::parse::<i32>));
/// # drop((numbers, parsed));
/// ```
pub struct Parallelizable<T> {
    is_stream: bool,
    /// How many items may be alive at once, if that is limited.
    most: Option<NonZeroUsize>,
    /// Never contended: whoever has the block has it.
    state: Mutex<State<T>>,
}

struct State<T> {
    /// None once it has panicked: then it is not asked any more.
    items: Option<Box<dyn Items<T> + Send>>,
    /// Items that have been made ahead.
    ahead: std::vec::IntoIter<T>,
    /// What came after them.
    then: Option<Then>,
    /// How many are made at once.
    batch: usize,
    since: Option<Instant>,
}

/// What comes after the items that have been made.
pub(super) enum Then {
    Failure(Fault),
    End,
}

/// Makes items, several at a time: one call by pointer for all of them.
pub(super) trait Items<T> {
    /// Appends up to `most` items, and says what comes then, if that is known.
    fn make(&mut self, most: usize, list: &mut Vec<T>) -> Option<Then>;

    /// Appends an item as soon as there is one, or says what comes in its place.
    fn poll(&mut self, _: &mut Context<'_>, list: &mut Vec<T>) -> Poll<Option<Then>> {
        Poll::Ready(self.make(1, list))
    }
}

struct Plain<I>(I);

impl<T, I: Iterator<Item = T>> Items<T> for Plain<I> {
    fn make(&mut self, most: usize, list: &mut Vec<T>) -> Option<Then> {
        let before = list.len();
        list.extend(self.0.by_ref().take(most));
        (list.len() - before < most).then_some(Then::End)
    }
}

struct Fallible<I>(I);

impl<T, E: NodeFault, I: Iterator<Item = Result<T, E>>> Items<T> for Fallible<I> {
    fn make(&mut self, most: usize, list: &mut Vec<T>) -> Option<Then> {
        for _ in 0..most {
            match self.0.next() {
                Some(Ok(item)) => list.push(item),
                Some(Err(error)) => return Some(Then::Failure(Fault::Error(error.into_fault()))),
                None => return Some(Then::End),
            }
        }
        None
    }
}

/// As many items as are made at once if they are cheap, and how cheap that is, each.
const LARGEST_BATCH: usize = 256;
const CHEAP: Duration = Duration::from_micros(1);

impl<T: Send + 'static> Parallelizable<T> {
    /// The items of an iterator.
    ///
    /// ```
    /// use millstream::Parallelizable;
    ///
    /// let lines = vec!["a".to_owned(), "b".to_owned()];
    /// let items: Parallelizable<String> = Parallelizable::new(lines);
    /// # drop(items);
    /// ```
    #[must_use]
    pub fn new<I>(items: I) -> Self
    where
        I: IntoIterator<Item = T>,
        I::IntoIter: Send + 'static,
    {
        Self::of(Box::new(Plain(items.into_iter())))
    }

    /// The items of an iterator that may fail: each failure is that of one item, and where the run goes on, the next one is
    /// asked for. So an iterator that fails for ever has to be cut off. One that panics is not asked again.
    ///
    /// ```
    /// use millstream::Parallelizable;
    ///
    /// let items: Parallelizable<i32> = Parallelizable::fallible("1 2 x".split(' ').map(str::parse));
    /// # drop(items);
    /// ```
    #[must_use]
    pub fn fallible<I, E>(items: I) -> Self
    where
        I: IntoIterator<Item = Result<T, E>>,
        I::IntoIter: Send + 'static,
        E: NodeFault,
    {
        Self::of(Box::new(Fallible(items.into_iter())))
    }

    /// Items that are there already, and the failure that comes after them.
    pub(crate) fn ready(items: Vec<T>, failure: Option<Fault>) -> Self {
        let mut source = Self::of(Box::new(Plain(std::iter::empty())));
        let state = source.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        state.ahead = items.into_iter();
        state.then = Some(failure.map_or(Then::End, Then::Failure));
        source
    }

    /// The items of a stream. As long as the next one is not there, no thread is held up in a run that is a future; one
    /// that is not, waits. A [compiled entry point](macro@crate::dataflow#compiled-entry-points) awaits them where it is
    /// async, and waits for them on its thread where it is not.
    ///
    /// ```
    /// use futures_util::stream;
    /// use millstream::{Graph, Parallelizable};
    ///
    /// let items: Parallelizable<u8> = Parallelizable::from_stream(stream::iter([1, 2, 3]));
    /// # drop(items);
    /// ```
    #[must_use]
    pub fn from_stream(stream: impl Stream<Item = T> + Send + 'static) -> Self {
        Self { is_stream: true, ..Self::of(Box::new(Streamed::new(stream.map(Ok::<T, Infallible>)))) }
    }

    /// The items of a stream that may fail: each failure is that of one item.
    ///
    /// ```
    /// use futures_util::stream;
    /// use millstream::Parallelizable;
    ///
    /// let numbers = stream::iter(["1", "x"].map(str::parse::<i32>));
    /// let items: Parallelizable<i32> = Parallelizable::from_fallible_stream(numbers);
    /// # drop(items);
    /// ```
    #[must_use]
    pub fn from_fallible_stream<E: NodeFault>(
        stream: impl Stream<Item = Result<T, E>> + Send + 'static,
    ) -> Self {
        Self { is_stream: true, ..Self::of(Box::new(Streamed::new(stream))) }
    }

    /// Lets no more than `count` items be alive at once: none is made before another one has been through the block.
    /// Without it that depends on the number of threads and on how long items take; of those that wait there are up to
    /// 64. A `count` of 0 counts as 1.
    ///
    /// ```
    /// use millstream::prelude::*;
    ///
    /// #[dataflow]
    /// mod pages {
    ///     use millstream::prelude::*;
    ///
    ///     #[node]
    ///     pub fn page() -> Parallelizable<usize> {
    ///         Parallelizable::new(1..=100).max_items(4)
    ///     }
    ///
    ///     #[node]
    ///     pub async fn text(page: &usize) -> String {
    ///         format!("page {page}")
    ///     }
    /// }
    ///
    /// let texts = pages::driver().build()?.execute::<pages::text>(())?.into_values();
    /// assert_eq!(texts[99], "page 100");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn max_items(self, count: usize) -> Self {
        Self { most: NonZeroUsize::new(count).or(Some(NonZeroUsize::MIN)), ..self }
    }

    fn of(items: Box<dyn Items<T> + Send>) -> Self {
        let items = Some(items);
        let state = State { items, ahead: Vec::new().into_iter(), then: None, batch: 1, since: None };
        Self { is_stream: false, most: None, state: Mutex::new(state) }
    }
}

impl<T> Parallelizable<T> {
    /// The next item, or why there is none.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<T, Box<Fault>> {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        match state.ahead.next() {
            Some(item) => Ok(item),
            None => state.refill(self.most.is_some()),
        }
    }

    pub(crate) fn is_stream(&self) -> bool {
        self.is_stream
    }

    pub(crate) fn most(&self) -> Option<usize> {
        self.most.map(NonZeroUsize::get)
    }

    /// Ready when it is known what comes next.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        if state.then.is_some() || !state.ahead.as_slice().is_empty() {
            return Poll::Ready(());
        }
        let mut made = Vec::new();
        let Poll::Ready(then) = state.ask(|items| items.poll(context, &mut made), Poll::Ready) else {
            return Poll::Pending;
        };
        state.then = then;
        state.ahead = made.into_iter();
        Poll::Ready(())
    }
}

impl<T> Parallelizable<T> {
    /// Appends up to `most` items that follow each other, or gives the failure that comes in place of the first.
    pub(crate) fn next_few(&mut self, most: usize, few: &mut Vec<T>) -> Option<Fault> {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        few.extend(state.ahead.by_ref().take(most));
        if few.len() < most && state.then.is_none() {
            let left = most - few.len();
            state.then = state.ask(|items| items.make(left, few), |then| then);
        }
        match state.then.take() {
            Some(Then::Failure(failure)) if few.is_empty() => Some(failure),
            then => {
                state.then = then;
                None
            }
        }
    }
}

impl<T> State<T> {
    /// Asks for items. What has been made before it panics is there.
    fn ask<R>(
        &mut self,
        ask: impl FnOnce(&mut (dyn Items<T> + Send)) -> R,
        answer: impl FnOnce(Option<Then>) -> R,
    ) -> R {
        let Some(items) = &mut self.items else { return answer(Some(Then::End)) };
        guard(|| ask(&mut **items)).unwrap_or_else(|fault| {
            let _ = drop_guarded(self.items.take());
            answer(Some(Then::Failure(fault)))
        })
    }

    #[cold]
    fn refill(&mut self, one_by_one: bool) -> Result<T, Box<Fault>> {
        loop {
            match self.then.take() {
                Some(Then::Failure(fault)) => return Err(Box::new(fault)),
                Some(Then::End) => {
                    self.then = Some(Then::End);
                    return Err(Box::new(Fault::End));
                }
                None => {}
            }
            if !one_by_one {
                self.adapt();
            }
            let mut made = Vec::with_capacity(self.batch);
            let batch = self.batch;
            self.then = self.ask(|items| items.make(batch, &mut made), |then| then);
            self.ahead = made.into_iter();
            if let Some(item) = self.ahead.next() {
                return Ok(item);
            }
        }
    }

    /// Makes more at once as long as what was made was used up at once.
    fn adapt(&mut self) {
        let now = Instant::now();
        let cheap = self.since.replace(now).is_none_or(|since| {
            let items = u32::try_from(self.batch).unwrap_or(u32::MAX);
            now.saturating_duration_since(since) < CHEAP * items
        });
        self.batch = if cheap { (self.batch * 2).min(LARGEST_BATCH) } else { 1 };
    }
}

impl<T: Send + 'static> From<Vec<T>> for Parallelizable<T> {
    fn from(items: Vec<T>) -> Self {
        Self::new(items)
    }
}

impl<T: Send + 'static> FromIterator<T> for Parallelizable<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::new(Vec::from_iter(items))
    }
}

impl<T> fmt::Debug for Parallelizable<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Parallelizable<{}>", std::any::type_name::<T>())
    }
}

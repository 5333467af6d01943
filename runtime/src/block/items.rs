//! The items of a source outside of a run: what text and compiled entry points loop over.

use std::fmt;
use std::future::poll_fn;

use crate::fault::Fault;
use crate::hook::BoxedError;
use crate::run::{in_context, may_wait};

use super::source::Parallelizable;

impl<T> Parallelizable<T> {
    /// The next item, or `None` after the last one: what the async functions of
    /// [`Graph::to_source`](crate::Graph::to_source) loop over. An item of a stream is awaited. A failure is that of one
    /// item.
    ///
    /// ```
    /// use futures_util::stream;
    /// use millstream::Parallelizable;
    ///
    /// # futures_util::future::FutureExt::now_or_never(async {
    /// let mut pages = Parallelizable::from_stream(stream::iter([1, 2]));
    /// while let Some(page) = pages.next_item().await {
    ///     println!("page {}", page?);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
    /// # });
    /// ```
    pub async fn next_item(&mut self) -> Option<Result<T, BoxedError>> {
        if self.is_stream() {
            poll_fn(|context| self.poll(context)).await;
        }
        item(self.next())
    }
}

/// The items of a [`Parallelizable`], one after another: what [`Graph::to_source`](crate::Graph::to_source) writes loops
/// over. A failure is that of one item.
///
/// Those of a stream are waited for on the thread, as [`Driver::execute`](crate::Driver::execute) does: with the feature
/// `tokio` they find a runtime, and in a task of tokio there is an error in place of the first. There,
/// [`next_item`](Parallelizable::next_item) awaits them.
///
/// ```
/// use millstream::Parallelizable;
///
/// let lengths = Parallelizable::fallible(["1", "x", "3"].map(str::parse::<i32>));
/// let found: Vec<Option<i32>> = lengths.into_iter().map(Result::ok).collect();
/// assert_eq!(found, [Some(1), None, Some(3)]);
/// ```
pub struct SourceItems<T> {
    source: Parallelizable<T>,
    /// Whether this thread may wait for them, once that has been asked.
    may_wait: Option<bool>,
}

impl<T> Iterator for SourceItems<T> {
    type Item = Result<T, BoxedError>;

    fn next(&mut self) -> Option<Self::Item> {
        if !self.source.is_stream() {
            return item(self.source.next());
        }
        match self.may_wait {
            Some(true) => item(in_context(|| self.source.next())),
            Some(false) => None,
            None => {
                let may_wait = may_wait().is_ok();
                self.may_wait = Some(may_wait);
                if may_wait { self.next() } else { Some(Err(HELD_UP.into())) }
            }
        }
    }
}

const HELD_UP: &str = "its items come as a stream, and to wait for them here would block an async runtime; call this on a thread that may be blocked (`spawn_blocking`), or make a node of the block async, so that they are awaited";

fn item<T>(next: Result<T, Box<Fault>>) -> Option<Result<T, BoxedError>> {
    match next.map_err(|none| *none) {
        Ok(item) => Some(Ok(item)),
        Err(Fault::End) => None,
        Err(Fault::Error(error)) => Some(Err(error)),
        Err(Fault::Panic(message)) => Some(Err(format!("panicked: {message}").into())),
        // A source fails in no other way.
        Err(other) => Some(Err(format!("{other:?}").into())),
    }
}

impl<T> fmt::Debug for SourceItems<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SourceItems").field(&self.source).finish()
    }
}

impl<T> IntoIterator for Parallelizable<T> {
    type Item = Result<T, BoxedError>;
    type IntoIter = SourceItems<T>;

    fn into_iter(self) -> SourceItems<T> {
        SourceItems { source: self, may_wait: None }
    }
}

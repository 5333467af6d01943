//! Compiled entry points whose blocks take their items from a stream.

#![allow(
    unreachable_pub,
    clippy::needless_pass_by_value,
    clippy::unused_async,
    clippy::unwrap_used,
    reason = "dataflows as users write them"
)]

use std::error::Error as _;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use millstream::prelude::*;

mod source {
    use futures_util::{Stream, stream};
    use millstream::Parallelizable;

    /// Numbers that are there at the second look; one panics.
    pub fn ticks(count: u32, panics: u32) -> Parallelizable<u32> {
        Parallelizable::from_stream(numbers(count, panics))
    }

    fn numbers(count: u32, panics: u32) -> impl Stream<Item = u32> + Send {
        stream::unfold(0, move |number| async move {
            tokio::task::yield_now().await;
            assert_ne!(number, panics, "no such number");
            (number < count).then_some((number, number + 1))
        })
    }
}

#[dataflow(compile(entry = (all, part)))]
mod waiting {
    use super::source::ticks;
    use millstream::{Collect, Parallelizable};

    #[inputs]
    pub struct Inputs {
        pub count: u32,
        pub panics: u32,
    }

    #[node]
    pub fn tick(count: u32, panics: u32) -> Parallelizable<u32> {
        ticks(count, panics)
    }

    /// A block in the block, whose items are there at once.
    #[node]
    pub async fn part(tick: u32) -> Parallelizable<u32> {
        Parallelizable::new(0..tick)
    }

    #[node]
    pub fn parts(part: Collect<'_, u32>) -> u32 {
        part.iter().sum()
    }

    #[node]
    pub fn all(parts: Collect<'_, u32>) -> Vec<u32> {
        parts.to_vec()
    }
}

/// No node of it is async.
#[dataflow(compile(entry = all))]
mod plain {
    use super::source::ticks;
    use millstream::{Collect, Parallelizable};

    #[inputs]
    pub struct Inputs {
        pub count: u32,
        pub panics: u32,
    }

    #[node]
    pub fn tick(count: u32, panics: u32) -> Parallelizable<u32> {
        ticks(count, panics)
    }

    #[node]
    pub fn all(tick: Collect<'_, u32>) -> Vec<u32> {
        tick.to_vec()
    }
}

/// What a future yields, and how often it was not ready.
fn waits<T>(future: impl Future<Output = T> + Send) -> (usize, T) {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for count in 0.. {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return (count, value);
        }
    }
    unreachable!()
}

#[test]
fn an_async_entry_awaits_its_items() {
    let (count, panics) = (4, 9);
    let (waits, all) = waits(waiting::entry(&waiting::EntryInputs { count, panics }));
    let all = all.unwrap();
    // For each of the items, and for the end.
    assert_eq!(waits, 5);
    let of_driver = waiting::driver().build().unwrap();
    let of_driver = of_driver.execute::<(waiting::all, waiting::part)>(waiting::Inputs { count, panics });
    assert_eq!((all.all, all.part), of_driver.unwrap().into_values());
}

#[test]
fn an_entry_that_is_not_async_waits_on_its_thread() {
    assert_eq!(plain::entry(&plain::EntryInputs { count: 3, panics: 9 }).unwrap(), [0, 1, 2]);
}

#[tokio::test]
async fn where_that_would_block_a_runtime_it_is_refused() {
    let error = plain::entry(&plain::EntryInputs { count: 3, panics: 9 }).unwrap_err();
    assert_eq!(
        (error.node(), error.source().unwrap().to_string().as_str()),
        (
            "tick",
            "its items come as a stream, and to wait for them here would block an async runtime; call this on a thread that may be blocked (`spawn_blocking`), or make a node of the block async, so that they are awaited"
        )
    );
    let mut items = source::ticks(3, 9).into_iter();
    assert!(items.next().unwrap().is_err());
    assert!(items.next().is_none());
    let inputs = plain::EntryInputs { count: 3, panics: 9 };
    let elsewhere = tokio::task::spawn_blocking(move || plain::entry(&inputs));
    assert_eq!(elsewhere.await.unwrap().unwrap(), [0, 1, 2]);
}

#[test]
fn a_stream_that_panics_has_failed() {
    let told = |error: millstream::EntryError| format!("{:?}", error.into_cause().to_string());
    let awaited = waits(waiting::entry(&waiting::EntryInputs { count: 3, panics: 1 })).1.err().unwrap();
    let waited = plain::entry(&plain::EntryInputs { count: 3, panics: 1 }).unwrap_err();
    for error in [awaited, waited] {
        assert_eq!(error.node(), "tick");
        let told = told(error);
        assert!(told.starts_with("\"panicked: ") && told.contains("no such number"), "{told}");
    }
}

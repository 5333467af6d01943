//! Layers that know only of threads, round the nodes of blocks that wait: each item has a thread while it does.

#![allow(clippy::unwrap_used, reason = "the functions have the form of nodes")]

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use millstream::prelude::*;
use millstream::{
    BoxedError, CancellationToken, Driver, ErrorKind, ErrorPolicy, Executor, Layer, NodeCall, NodeErrorKind,
    Nodes, Retry,
};
use tokio::sync::{Barrier, Notify};

/// Knows only of threads.
struct Plain;

impl Layer for Plain {
    fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
        Ok(call.proceed()?)
    }
}

const BOTH: [Executor; 2] = [Executor::Sequential, Executor::Auto];

/// The sum of what is asked for each of some items.
fn sums<F>(count: usize, most: usize, ask: impl Fn(usize) -> F + Send + Sync + 'static) -> Graph
where
    F: Future<Output = Result<usize, String>> + Send + 'static,
{
    Graph::builder()
        .expand("item", (), move || Parallelizable::new(0..count).max_items(most))
        .try_async_function("asked", ["item"], move |item: &usize| ask(*item))
        .function("sum", ["asked"], |asked: Collect<'_, usize>| asked.iter().sum::<usize>())
        .build()
        .unwrap()
}

fn driver(graph: &Graph, executor: Executor) -> Driver {
    graph.driver().executor(executor).layer(Plain).build().unwrap()
}

#[tokio::test]
async fn items_wait_together() {
    for executor in BOTH {
        let barrier = Arc::new(Barrier::new(20));
        let graph = sums(20, 20, move |item| {
            let barrier = Arc::clone(&barrier);
            async move {
                // A timer, for which there has to be a runtime.
                tokio::time::sleep(Duration::from_micros(1)).await;
                barrier.wait().await;
                Ok(item)
            }
        });
        let driver = driver(&graph, executor);
        let run = driver.execute_named_async(["sum"], ()).await.unwrap();
        assert_eq!(run.get::<usize>("sum").unwrap(), &190);
        let run =
            tokio::task::spawn_blocking(move || driver.execute_named(["sum"], ())).await.unwrap().unwrap();
        assert_eq!(run.get::<usize>("sum").unwrap(), &190);
    }
}

#[test]
fn no_more_than_may_be_alive() {
    let (alive, most) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let seen = Arc::clone(&most);
    let barrier = Arc::new(Barrier::new(3));
    let graph = sums(12, 3, move |item| {
        let (alive, most, barrier) = (Arc::clone(&alive), Arc::clone(&most), Arc::clone(&barrier));
        async move {
            most.fetch_max(alive.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            barrier.wait().await;
            alive.fetch_sub(1, Ordering::SeqCst);
            Ok(item)
        }
    });
    let run = driver(&graph, Executor::Auto).execute_named(["sum"], ()).unwrap();
    assert_eq!((run.get::<usize>("sum").unwrap(), seen.load(Ordering::SeqCst)), (&66, 3));
}

#[test]
fn what_comes_after_an_item_that_has_failed_is_given_up() {
    for executor in BOTH {
        let others = Arc::<Notify>::default();
        let graph = sums(5, 5, move |item| {
            let others = Arc::clone(&others);
            async move {
                if item == 0 {
                    others.notified().await;
                    return Err("closed".to_owned());
                }
                if item == 4 {
                    others.notify_one();
                }
                pending().await
            }
        });
        let error = driver(&graph, executor).execute_named(["sum"], ()).unwrap_err();
        let failure = error.failure().unwrap();
        assert_eq!((failure.items(), failure.message()), ([0].as_slice(), "closed".to_owned()));
    }
}

#[tokio::test]
async fn a_run_that_is_called_off_gives_them_up() {
    for executor in BOTH {
        let token = CancellationToken::new();
        let caller = token.clone();
        let graph = sums(5, 5, move |item| {
            if item == 4 {
                caller.cancel();
            }
            pending()
        });
        let driver = driver(&graph, executor);
        let run = driver.cancel_with(&token).execute_named_async(["sum"], ());
        assert_eq!(run.await.unwrap_err().kind(), ErrorKind::Cancelled);
    }
}

/// Retries stand round the layer, which stands round the time limit.
#[test]
fn their_time_is_limited() {
    let calls = Arc::<AtomicUsize>::default();
    let counted = Arc::clone(&calls);
    let graph = sums(3, 3, move |item| {
        counted.fetch_add(1, Ordering::SeqCst);
        async move { if item == 1 { pending().await } else { Ok(item) } }
    });
    let driver = graph.driver().on_error(ErrorPolicy::KeepGoing).layer(Plain);
    let driver = driver.retry(Nodes::named(["asked"]), Retry::times(1));
    let driver = driver.timeout(Nodes::named(["asked"]), Duration::from_millis(5)).build().unwrap();
    let error = driver.execute_named(["sum"], ()).unwrap().get::<usize>("sum").unwrap_err();
    let failure = error.failure().unwrap();
    assert_eq!(
        (failure.kind(), failure.items(), failure.attempts()),
        (NodeErrorKind::TimedOut, [1].as_slice(), 2)
    );
    assert_eq!(calls.load(Ordering::SeqCst), 4);
}

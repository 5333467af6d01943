//! `execute` where a graph has async nodes, with the feature `tokio`.
#![allow(
    unreachable_pub,
    clippy::trivially_copy_pass_by_ref,
    clippy::unwrap_used,
    reason = "dataflows as users write them"
)]

use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use millstream::prelude::*;
use millstream::{CancellationToken, ErrorKind, Graph};

#[dataflow]
mod quotes {
    use std::time::Duration;

    #[inputs]
    pub struct Inputs {
        pub symbol: String,
    }

    /// Waits for a timer of tokio.
    #[node]
    pub async fn price(symbol: &str) -> usize {
        tokio::time::sleep(Duration::from_millis(1)).await;
        symbol.len()
    }

    #[node]
    pub fn twice(price: &usize) -> usize {
        price * 2
    }

    #[node]
    pub fn length(symbol: &str) -> usize {
        symbol.len()
    }
}

fn inputs() -> quotes::Inputs {
    quotes::Inputs { symbol: "ABC".to_owned() }
}

#[test]
fn outside_of_a_runtime_it_waits() {
    for executor in [Executor::Sequential, Executor::Rayon] {
        let driver = quotes::driver().executor(executor).build().unwrap();
        for _ in 0..3 {
            assert_eq!(driver.execute::<quotes::twice>(inputs()).unwrap().into_values(), 6);
        }
    }
}

#[tokio::test]
async fn inside_of_a_runtime_it_refuses() {
    let driver = quotes::driver().build().unwrap();
    let error = driver.execute::<quotes::twice>(inputs()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert_eq!(
        error.to_string(),
        "`execute` was called inside an async runtime, which would be blocked while `price` waits; use `execute_async`"
    );
    // What waits for nothing is nobody's trouble.
    assert_eq!(driver.execute::<quotes::length>(inputs()).unwrap().into_values(), 3);
    assert_eq!(driver.execute_async::<quotes::twice>(inputs()).await.unwrap().into_values(), 6);
}

#[test]
fn many_threads_may_wait_at_once() {
    let driver = quotes::driver().build().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(driver.execute::<quotes::twice>(inputs()).unwrap().into_values(), 6));
        }
    });
}

/// A node that computes may itself run a graph that waits.
#[test]
fn a_node_may_run_another_graph() {
    let inner = quotes::driver().build().unwrap();
    let graph = Graph::builder()
        .async_function("wait", (), || tokio::time::sleep(Duration::from_millis(1)))
        .function("inner", ["wait"], move |(): &()| {
            inner.execute::<quotes::twice>(inputs()).unwrap().into_values()
        })
        .build()
        .unwrap();
    let run = graph.driver().build().unwrap().execute_named(["inner"], ()).unwrap();
    assert_eq!(run.get::<usize>("inner").unwrap(), &6);
}

/// A stream that needs a timer, within a block.
#[dataflow]
mod ticks {
    use std::time::Duration;

    use futures_util::stream;
    use millstream::prelude::*;

    #[node]
    pub fn group() -> Parallelizable<u64> {
        Parallelizable::new(0..3)
    }

    #[node]
    pub fn tick(group: &u64) -> Parallelizable<u64> {
        let first = group * 10;
        Parallelizable::from_stream(stream::unfold(0, move |tick| async move {
            tokio::time::sleep(Duration::from_micros(10)).await;
            (tick < 2).then_some((first + tick, tick + 1))
        }))
    }

    #[node]
    pub fn of_group(tick: Collect<'_, u64>) -> Vec<u64> {
        tick.as_slice().to_vec()
    }

    #[node]
    pub fn all(of_group: Collect<'_, Vec<u64>>) -> Vec<u64> {
        of_group.as_slice().concat()
    }
}

struct Listens;

impl millstream::Hook for Listens {}

const TICKS: [u64; 6] = [0, 1, 10, 11, 20, 21];

#[test]
fn streams_have_timers_where_there_is_no_runtime() {
    for executor in [Executor::Sequential, Executor::Rayon, Executor::Auto] {
        for driver in [ticks::driver(), ticks::driver().hook(Listens)] {
            let driver = driver.executor(executor).build().unwrap();
            assert_eq!(driver.execute::<ticks::all>(()).unwrap().into_values(), TICKS);
        }
    }
}

#[tokio::test(flavor = "current_thread")]
async fn streams_do_not_hold_up_a_runtime() {
    for executor in [Executor::Sequential, Executor::Rayon, Executor::Auto] {
        for driver in [ticks::driver(), ticks::driver().hook(Listens)] {
            let driver = driver.executor(executor).build().unwrap();
            assert_eq!(driver.execute_async::<ticks::all>(()).await.unwrap().into_values(), TICKS);
            let error = driver.execute::<ticks::all>(()).unwrap_err();
            assert!(error.to_string().contains("use `execute_async`"), "{error}");
        }
    }
}

/// Notes whether a runtime is there when it is dropped.
struct Dropped(Arc<Mutex<Vec<bool>>>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.lock().unwrap().push(tokio::runtime::Handle::try_current().is_ok());
    }
}

#[test]
fn what_is_given_up_is_dropped_in_the_runtime_it_was_polled_in() {
    for polls in 0..3_u32 {
        let (token, dropped) = (CancellationToken::new(), Arc::<Mutex<Vec<bool>>>::default());
        let (cancels, notes) = (token.clone(), Arc::clone(&dropped));
        let never = move || {
            let (token, dropped, mut left) = (cancels.clone(), Dropped(Arc::clone(&notes)), polls);
            poll_fn(move |context| {
                let _held = &dropped;
                if left == 0 {
                    token.cancel();
                }
                left = left.saturating_sub(1);
                context.waker().wake_by_ref();
                Poll::<i32>::Pending
            })
        };
        let graph = Graph::builder().async_function("never", (), never).build().unwrap();
        let driver = graph.driver().build().unwrap();
        let error = driver.cancel_with(&token).execute_named(["never"], ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
        assert_eq!(*dropped.lock().unwrap(), [true], "{polls} polls before");
    }
}

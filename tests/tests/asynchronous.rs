//! `execute` where a graph has async nodes, with the feature `tokio`.
#![allow(
    unreachable_pub,
    clippy::trivially_copy_pass_by_ref,
    clippy::unwrap_used,
    reason = "dataflows as users write them"
)]

use std::time::Duration;

use millstream::prelude::*;
use millstream::{ErrorKind, Graph};

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

//! Runs that are called off.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use millstream::prelude::*;
use millstream::{CancellationToken, Error, ErrorKind, ErrorPolicy, Nodes, Retry};

use super::support::{BOTH, Counted, Counter, in_pool, short};

#[test]
fn a_node_may_call_off_its_own_run() -> Result<(), Error> {
    for executor in BOTH {
        for policy in [ErrorPolicy::FailFast, ErrorPolicy::KeepGoing] {
            let counter = Counter::default();
            let token = CancellationToken::new();
            let (hand, first, second) = (token.clone(), counter.clone(), counter.clone());
            let graph = Graph::builder()
                .function("a", (), move || first.make(1))
                .function("b", ["a"], move |a: &Counted| {
                    hand.cancel();
                    second.make(a.value)
                })
                .function("c", ["b"], |b: &Counted| b.clone())
                .function("d", ["c", "a"], |c: &Counted, _: &Counted| c.clone())
                .build()?;
            let driver = graph.driver().executor(executor).on_error(policy).build()?;
            let error = in_pool(|| driver.cancel_with(&token).execute_named(["d", "b"], ())).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Cancelled);
            assert_eq!(error.to_string(), "the run was cancelled; 2 of 4 nodes had run");
            assert_eq!(short(error.report().unwrap()), "a done, b done, c not reached, d not reached");
            assert_eq!(counter.live(), 0, "nothing is left");
            // The same token calls off what begins later, too; without it the driver works on.
            assert_eq!(
                driver.cancel_with(&token).execute_named(["a"], ()).unwrap_err().to_string(),
                "the run was cancelled; 0 of 1 nodes had run"
            );
            assert!(driver.execute_named(["d"], ()).is_ok());
            assert_eq!(counter.live(), 0);
        }
    }
    Ok(())
}

#[test]
fn a_run_that_is_over_is_not_called_off() -> Result<(), Error> {
    let graph = Graph::builder().function("a", (), || 1).build()?;
    for executor in BOTH {
        let driver = graph.driver().executor(executor).build()?;
        let token = CancellationToken::new();
        let run = driver.cancel_with(&token).execute_named(["a"], ())?;
        token.cancel();
        assert_eq!(run.get::<i32>("a")?, &1);
        // The last node may use it: there is nothing left to be called off.
        let (token, hand) = {
            let token = CancellationToken::new();
            (token.clone(), token)
        };
        let graph = Graph::builder().function("a", (), move || hand.cancel()).build()?;
        let driver = graph.driver().executor(executor).build()?;
        assert!(driver.cancel_with(&token).execute_named(["a"], ()).is_ok());
    }
    Ok(())
}

#[test]
fn another_thread_may_call_it_off() -> Result<(), Error> {
    for executor in BOTH {
        let (start, started) = mpsc::channel();
        let (go_on, gone_on) = mpsc::channel::<()>();
        let gone_on = std::sync::Mutex::new(gone_on);
        let after = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&after);
        let graph = Graph::builder()
            .function("first", (), move || {
                start.send(()).unwrap();
                gone_on.lock().unwrap().recv().unwrap();
            })
            .function("second", ["first"], move |(): &()| counted.fetch_add(1, Ordering::SeqCst))
            .build()?;
        let driver = graph.driver().executor(executor).build()?;
        let token = CancellationToken::new();
        let error = std::thread::scope(|scope| {
            let run = scope.spawn(|| driver.cancel_with(&token).execute_named(["second"], ()).map(drop));
            started.recv().unwrap();
            token.cancel();
            go_on.send(()).unwrap();
            run.join().unwrap()
        });
        assert_eq!(error.unwrap_err().kind(), ErrorKind::Cancelled);
        assert_eq!(after.load(Ordering::SeqCst), 0);
    }
    Ok(())
}

#[test]
fn it_does_not_wait_for_another_attempt() -> Result<(), Error> {
    for executor in BOTH {
        let token = CancellationToken::new();
        let hand = token.clone();
        let graph = Graph::builder()
            .try_function("fetch", (), move || {
                hand.cancel();
                Err::<i32, _>("no")
            })
            .build()?;
        let retry = Retry::times(3).backoff(Duration::from_hours(1));
        let driver = graph.driver().executor(executor).retry(Nodes::all(), retry).build()?;
        let error = driver.cancel_with(&token).execute_named(["fetch"], ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
        assert_eq!(error.report().unwrap().errors()[0].attempts(), 1);
    }
    Ok(())
}

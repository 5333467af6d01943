//! Runs on a thread of the pool besides that of the caller.

use std::future::Future;
use std::task::{Context, Waker};

use loom::future::block_on;

use crate::{Collect, Executor, Graph, Own, Parallelizable};

use super::{Watched, explore};

/// Two tasks that may run at once; one takes what the other looks at.
fn of_values() -> Graph {
    Graph::builder()
        .function("value", (), || Watched::new(3))
        .function("seen", ["value"], |value: &Watched| Watched::new(value.get() + 1))
        .function("taken", ["value", "seen"], |Own(value): Own<Watched>, seen: &Watched| {
            value.get() * seen.get()
        })
        .build()
        .unwrap()
}

/// The value is there when it is looked at; it is taken when nobody looks any more; nobody waits for ever.
#[test]
fn tasks_wait_for_what_they_need() {
    explore(2, || {
        let driver = of_values().driver().executor(Executor::Rayon).build().unwrap();
        assert_eq!(driver.execute_named(["taken"], ()).unwrap().get::<usize>("taken").unwrap(), &12);
        driver
    });
}

/// A value is dropped by the last of those that look at it.
#[test]
fn what_nobody_needs_is_dropped_by_the_last() {
    explore(2, || {
        let graph = Graph::builder()
            .function("value", (), || Watched::new(3))
            .function("one", ["value"], |value: &Watched| value.get())
            .function("two", ["value"], |value: &Watched| value.get())
            .build()
            .unwrap();
        let driver = graph.driver().executor(Executor::Rayon).build().unwrap();
        let run = driver.execute_named(["one", "two"], ()).unwrap();
        assert_eq!((run.get::<usize>("one").unwrap(), run.get::<usize>("two").unwrap()), (&3, &3));
        driver
    });
}

/// Two threads take items of a block, and leave what they make of them in order.
#[test]
fn items_are_shared() {
    explore(2, || {
        let graph = Graph::builder()
            .expand("item", (), || Parallelizable::new((0..2).map(Watched::new)))
            .function("next", ["item"], |Own(item): Own<Watched>| Watched::new(item.get() + 1))
            .function("all", ["next"], |next: Collect<'_, Watched>| {
                next.iter().map(Watched::get).collect::<Vec<_>>()
            })
            .build()
            .unwrap();
        let driver = graph.driver().executor(Executor::Rayon).build().unwrap();
        assert_eq!(driver.execute_named(["all"], ()).unwrap().get::<Vec<usize>>("all").unwrap(), &[1, 2]);
        driver
    });
}

/// A node that waits, beside one that the pool computes.
fn that_waits() -> Graph {
    Graph::builder()
        .async_function("asked", (), || async { Watched::new(1) })
        .function("computed", (), || Watched::new(2))
        .function("sum", ["asked", "computed"], |asked: &Watched, computed: &Watched| {
            asked.get() + computed.get()
        })
        .build()
        .unwrap()
}

/// Whoever polls a run is woken when the pool has done something.
#[test]
fn the_pool_wakes_the_run() {
    explore(2, || {
        let driver = that_waits().driver().executor(Executor::Rayon).build().unwrap();
        let run = block_on(driver.execute_named_async(["sum"], ())).unwrap();
        assert_eq!(run.get::<usize>("sum").unwrap(), &3);
        driver
    });
}

/// A run that is dropped while the pool computes: whoever comes last drops what is left.
#[test]
fn a_run_may_be_dropped_while_the_pool_computes() {
    explore(2, || {
        let driver = that_waits().driver().executor(Executor::Rayon).build().unwrap();
        let mut run = Box::pin(driver.execute_named_async(["sum"], ()));
        // The pool may have been so fast that it is over.
        let _ = run.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        drop(run);
        driver
    });
}

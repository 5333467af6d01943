//! Blocks with many cheap items, which go through their nodes several abreast: nobody can tell.
#![allow(clippy::trivially_copy_pass_by_ref, clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicIsize, Ordering};

use millstream::prelude::*;
use millstream::{Error, Own};

const EXECUTORS: [Executor; 3] = [Executor::Sequential, Executor::Rayon, Executor::Auto];

/// A value that is counted as long as it is there.
struct Counted(usize, Arc<AtomicIsize>);

impl Counted {
    fn new(number: usize, alive: &Arc<AtomicIsize>) -> Self {
        alive.fetch_add(1, Ordering::SeqCst);
        Self(number, Arc::clone(alive))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        assert!(self.1.fetch_sub(1, Ordering::SeqCst) > 0, "dropped twice");
    }
}

/// Where the nodes of the items fail, if they do.
#[derive(Clone, Copy, Default)]
struct Faults {
    source: Option<usize>,
    first: Option<usize>,
    second: Option<usize>,
    panic: Option<usize>,
}

fn fails(at: Option<usize>, number: usize) -> Result<(), String> {
    if at == Some(number) { Err(format!("no {number}")) } else { Ok(()) }
}

fn graph(alive: &Arc<AtomicIsize>, count: usize, faults: Faults) -> Graph {
    let [a, b, c] = [0; 3].map(|_| Arc::clone(alive));
    Graph::builder()
        .expand("item", (), move || {
            let alive = Arc::clone(&a);
            Parallelizable::fallible(
                (0..count).map(move |item| fails(faults.source, item).map(|()| Counted::new(item, &alive))),
            )
        })
        .try_function("first", ["item"], move |item: &Counted| {
            fails(faults.first, item.0)?;
            Ok::<_, String>(Counted::new(item.0 * 2, &b))
        })
        .try_function("second", ["item", "first"], move |Own(item): Own<Counted>, first: &Counted| {
            fails(faults.second, item.0)?;
            assert!(faults.panic != Some(item.0), "panicked at {}", item.0);
            Ok::<_, String>(Counted::new(item.0 + first.0, &c))
        })
        .function("list", ["second"], |second: Collect<'_, Counted>| {
            second.iter().map(|value| value.0).collect::<Vec<_>>()
        })
        .build()
        .unwrap()
}

fn list(executor: Executor, count: usize, faults: Faults) -> Result<Vec<usize>, Error> {
    let alive = Arc::<AtomicIsize>::default();
    let graph = graph(&alive, count, faults);
    let driver = graph.driver().executor(executor).build().unwrap();
    let list = driver.execute_named(["list"], ()).and_then(|run| Ok(run.get::<Vec<usize>>("list")?.clone()));
    assert_eq!(alive.load(Ordering::SeqCst), 0, "{executor:?}: nothing is left");
    list
}

#[test]
fn there_are_as_many_as_there_were() {
    for executor in EXECUTORS {
        for count in (0..70).chain([1_000, 1_023, 10_000]) {
            let expected: Vec<usize> = (0..count).map(|item| item * 3).collect();
            assert_eq!(list(executor, count, Faults::default()).unwrap(), expected, "{executor:?}");
        }
    }
}

#[test]
fn the_first_item_that_fails_is_told_of() {
    let at = |number| Some(number);
    let cases = [
        (Faults { first: at(500), ..Faults::default() }, "`first` failed for item 500: no 500"),
        (Faults { second: at(500), ..Faults::default() }, "`second` failed for item 500: no 500"),
        (Faults { panic: at(500), ..Faults::default() }, "`second` panicked for item 500: panicked at 500"),
        (Faults { source: at(500), ..Faults::default() }, "`item` failed for item 500: no 500"),
        // Of two in the same lot the first item, whichever node it is at.
        (
            Faults { first: at(503), second: at(501), ..Faults::default() },
            "`second` failed for item 501: no 501",
        ),
        (
            Faults { first: at(501), second: at(503), ..Faults::default() },
            "`first` failed for item 501: no 501",
        ),
        (
            Faults { source: at(503), panic: at(502), ..Faults::default() },
            "`second` panicked for item 502: panicked at 502",
        ),
        (Faults { source: at(3), second: at(2), ..Faults::default() }, "`second` failed for item 2: no 2"),
    ];
    for executor in EXECUTORS {
        for (faults, expected) in cases {
            let text = format!("{:#}", list(executor, 1_000, faults).unwrap_err());
            let (head, tail) = expected.split_once(": ").unwrap();
            assert!(text.contains(head) && text.contains(tail), "{executor:?}: {text}, not {expected}");
        }
    }
}

//! On several threads.

use std::time::{Duration, Instant};

use millstream::prelude::*;
use millstream::{Error, Graph, Own};

use super::support::{Held, Store};

/// A pool that is gone afterwards, so that nothing goes on when the test ends.
fn on_three<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap().install(run)
}

/// What several look at is taken by one when they have done with it.
#[test]
fn values_go_from_thread_to_thread() -> Result<(), Error> {
    let store = Store::default();
    let (a, b) = (store.clone(), store.clone());
    let graph = Graph::builder()
        .function("value", (), move || a.hold("value"))
        .function("other", (), move || b.hold("other"))
        .function("length", ["value", "other"], |value: &Held, other: &Held| {
            value.text.len() + other.text.len()
        })
        .function("both", ["value", "other"], |value: &Held, other: &Held| value.text.clone() + &other.text)
        .function(
            "last",
            ["value", "length", "both"],
            |Own(mut value): Own<Held>, length: &usize, both: &String| {
                value.text = format!("{} {length} {both}", value.text);
                value
            },
        )
        .build()?;
    let made_by_nodes = store.count();
    let driver = graph.driver().executor(Executor::Rayon).build()?;
    for _ in 0..2 {
        let run = on_three(|| driver.execute_named(["last"], ()))?;
        assert_eq!(run.get::<Held>("last")?.text, "value 10 valueother");
        drop(run);
        assert_eq!(store.count(), made_by_nodes);
    }
    Ok(())
}

#[test]
fn items_go_through_a_block_on_all_threads() -> Result<(), Error> {
    for fails in [None, Some("4")] {
        let store = Store::default();
        let for_items = store.clone();
        let graph = Graph::builder()
            .expand("item", (), move || {
                let store = for_items.clone();
                Parallelizable::new((0..8).map(move |item| store.hold(format!("{item}"))))
            })
            .try_function("kept", ["item"], move |Own(item): Own<Held>| {
                if fails == Some(item.text.as_str()) { Err("no") } else { Ok(item) }
            })
            .function("all", ["kept"], |kept: Collect<'_, Held>| {
                kept.iter().map(|held| held.text.as_str()).collect::<String>()
            })
            .build()?;
        let made_by_nodes = store.count();
        let driver = graph.driver().executor(Executor::Rayon).build()?;
        match on_three(|| driver.execute_named(["all"], ())) {
            Ok(run) => assert_eq!(run.get::<String>("all")?, "01234567"),
            Err(error) => assert_eq!(fails, Some("4"), "{error}"),
        }
        assert_eq!(store.count(), made_by_nodes);
    }
    Ok(())
}

/// Items that wait together; what takes its time is lent to the pool.
#[test]
fn items_that_wait_are_lent_to_the_pool() -> Result<(), Error> {
    let store = Store::default();
    let for_items = store.clone();
    let graph = Graph::builder()
        .expand("item", (), move || {
            let store = for_items.clone();
            Parallelizable::new((0..4).map(move |item| store.hold(format!("{item}"))))
        })
        .async_function("asked", ["item"], |item: &Held| {
            let asked = item.clone();
            async move { asked }
        })
        .function("kept", ["item", "asked"], |Own(mut item): Own<Held>, asked: &Held| {
            let begin = Instant::now();
            while begin.elapsed() < Duration::from_micros(50) {}
            item.text.push_str(&asked.text);
            item
        })
        .function("all", ["kept"], |kept: Collect<'_, Held>| {
            kept.iter().map(|held| held.text.as_str()).collect::<Vec<_>>().join(" ")
        })
        .build()?;
    let made_by_nodes = store.count();
    let driver = graph.driver().executor(Executor::Rayon).build()?;
    for _ in 0..2 {
        assert_eq!(driver.execute_named(["all"], ())?.get::<String>("all")?, "00 11 22 33");
        store.wait_for(made_by_nodes);
    }
    Ok(())
}

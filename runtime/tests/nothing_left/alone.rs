//! On one thread.

use millstream::prelude::*;
use millstream::{Error, ErrorPolicy, Graph, Own, value_type};

use super::support::{Held, Store, Wrong, quiet};

/// Values that are looked at, moved, cloned, taken apart and gathered.
#[dataflow]
mod all_ways {
    use std::collections::HashMap;

    use millstream::prelude::*;

    use super::super::support::{Held, Store, Wrong};

    #[inputs]
    pub struct Inputs {
        pub store: Store,
        pub wrong: Wrong,
    }

    #[node]
    pub fn made(store: &Store, wrong: &Wrong) -> Result<Held, String> {
        wrong.check("made")?;
        Ok(store.hold("made"))
    }

    #[node]
    pub fn moved(mut made: Held, wrong: &Wrong) -> Result<Held, String> {
        wrong.check("moved")?;
        made.text.push_str(", moved");
        Ok(made)
    }

    #[node]
    #[extract_fields(left: Held, right: Held)]
    pub fn parts(moved: Held, store: &Store, wrong: &Wrong) -> Result<HashMap<String, Held>, String> {
        wrong.check("parts")?;
        let right = if wrong.check("right").is_ok() { "right" } else { "wrong" };
        Ok(HashMap::from([("left".to_owned(), moved), (right.to_owned(), store.hold(right))]))
    }

    #[node]
    pub fn gathered(#[group(left, right, made)] some: Vec<&Held>, wrong: &Wrong) -> Result<usize, String> {
        wrong.check("gathered")?;
        Ok(some.iter().map(|held| held.text.len()).sum())
    }

    #[node]
    pub fn tolerant(left: Result<&Held, &NodeError>, store: &Store) -> Held {
        store.hold(left.map_or("nothing", |left| &left.text))
    }

    #[node]
    #[fallback(spare)]
    pub fn wanted(right: Held, wrong: &Wrong) -> Result<Held, String> {
        wrong.check("wanted")?;
        Ok(right)
    }

    #[node]
    pub fn spare(store: &Store) -> Held {
        store.hold("spare")
    }
}

#[test]
fn nothing_is_left_of_a_run_wherever_it_fails() -> Result<(), Error> {
    quiet();
    let store = Store::default();
    for policy in [ErrorPolicy::FailFast, ErrorPolicy::KeepGoing] {
        let driver = all_ways::driver().executor(Executor::Sequential).on_error(policy).build()?;
        for wrong in Wrong::everywhere(["made", "moved", "parts", "right", "gathered", "wanted"]) {
            let inputs = || all_ways::Inputs { store: store.clone(), wrong };
            let run = driver.execute::<(all_ways::gathered, all_ways::moved)>(inputs());
            assert_eq!(
                run.is_ok(),
                matches!(wrong, Wrong::Nowhere | Wrong::Fails("wanted") | Wrong::Panics("wanted"))
            );
            drop(run);
            let run = driver.execute::<(all_ways::tolerant, all_ways::wanted)>(inputs())?;
            let (tolerant, wanted) = run.values();
            match wrong {
                Wrong::Nowhere => assert_eq!((&*tolerant.text, &*wanted.text), ("made, moved", "right")),
                Wrong::Fails("made") => assert_eq!((&*tolerant.text, &*wanted.text), ("nothing", "spare")),
                _ => {}
            }
            drop(run);
            assert_eq!(store.count(), 0, "{policy:?} {wrong:?}");
        }
    }
    Ok(())
}

/// A block within a block: each group of each item is collected, and so are the groups.
fn blocks(store: &Store, wrong: Wrong, items: usize) -> Result<Graph, Error> {
    let (for_items, for_members, for_sums) = (store.clone(), store.clone(), store.clone());
    Graph::builder()
        .expand("item", (), move || {
            let store = for_items.clone();
            Parallelizable::new((0..items).map(move |item| store.hold(format!("{item}"))))
        })
        .expand("member", ["item"], move |item: &Held| {
            let (store, text) = (for_members.clone(), item.text.clone());
            Parallelizable::fallible((0..3).map(move |member| {
                wrong.check(&format!("{text}.{member}"))?;
                Ok::<_, String>(store.hold(format!("{text}.{member}")))
            }))
        })
        .try_function("marked", ["member", "item"], move |Own(mut member): Own<Held>, item: &Held| {
            wrong.check("marked").and_then(|()| wrong.check(&format!("marked {}", member.text)))?;
            member.text.push_str(if item.text.is_empty() { "?" } else { "!" });
            Ok::<_, String>(member)
        })
        .function("of_item", ["marked", "item"], move |marked: Collect<'_, Held>, Own(item): Own<Held>| {
            for_sums.hold(marked.iter().fold(item.text, |text, held| text + " " + &held.text))
        })
        .function("of_all", ["of_item"], |of_item: Collect<'_, Held>| {
            of_item.iter().map(|held| held.text.as_str()).collect::<Vec<_>>().join("; ")
        })
        .build()
}

#[test]
fn nothing_is_left_of_a_block_wherever_it_fails() -> Result<(), Error> {
    quiet();
    for wrong in Wrong::everywhere(["marked", "marked 1.1", "1.2", "0.0"]) {
        let store = Store::default();
        let graph = blocks(&store, wrong, 2)?;
        let made_by_nodes = store.count();
        for policy in [ErrorPolicy::FailFast, ErrorPolicy::KeepGoing] {
            let driver = graph.driver().executor(Executor::Sequential).on_error(policy).build()?;
            let all = driver.execute_named(["of_all"], ()).and_then(|mut run| run.take::<String>("of_all"));
            if let Ok(all) = &all {
                assert_eq!(all, "0 0.0! 0.1! 0.2!; 1 1.0! 1.1! 1.2!");
            }
            assert_eq!(all.is_ok(), matches!(wrong, Wrong::Nowhere));
            assert_eq!(store.count(), made_by_nodes, "{policy:?} {wrong:?}");
        }
    }
    Ok(())
}

/// Something may stand in for items: from outside, from the block, or a constant.
#[test]
fn nothing_is_left_where_something_stands_in_for_items() -> Result<(), Error> {
    quiet();
    for wrong in Wrong::everywhere(["outer", "own 1", "last 1"]) {
        let store = Store::default();
        let by_item = |node: &'static str| {
            let store = store.clone();
            move |item: &Held| {
                let text = format!("{node} {}", item.text);
                wrong.check(&text).map(|()| store.hold(text))
            }
        };
        let (of_items, of_spare, of_outer) = (store.clone(), store.clone(), store.clone());
        let graph = Graph::builder()
            .try_function("spare", (), move || wrong.check("spare").map(|()| of_spare.hold("spare")))
            .value_type(value_type!(Held))
            .try_function("outer", (), move || wrong.check("outer").map(|()| of_outer.hold("outer")))
            .expand("item", (), move || {
                let store = of_items.clone();
                Parallelizable::new((0..2).map(move |item| store.hold(format!("{item}"))))
            })
            .try_function("usual", ["item"], by_item("usual"))
            .try_function("own", ["item"], by_item("own"))
            .fallback("usual")
            .try_function("last", ["item"], by_item("last"))
            .fallback("spare")
            .try_function("read", ["item", "outer"], move |item: &Held, outer: &Held| {
                wrong.check(&format!("read {}", item.text)).map(|()| outer.text.len())
            })
            .fallback_value(0_usize)
            .function("all", ["own", "last", "read"], |Own(own): Own<Held>, last: &Held, read: &usize| {
                own.text.len() + last.text.len() + read
            })
            .function("sum", ["all"], |all: Collect<'_, usize>| all.iter().sum::<usize>())
            .build()?;
        let made_by_nodes = store.count();
        for policy in [ErrorPolicy::FailFast, ErrorPolicy::KeepGoing] {
            let driver = graph.driver().executor(Executor::Sequential).on_error(policy).build()?;
            drop(driver.execute_named(["sum", "own"], ()));
            assert_eq!(store.count(), made_by_nodes, "{policy:?} {wrong:?}");
        }
    }
    Ok(())
}

/// So many that they go several abreast.
#[test]
fn nothing_is_left_of_items_abreast_wherever_one_fails() -> Result<(), Error> {
    quiet();
    for wrong in Wrong::everywhere(["item 50", "kept 37"]) {
        let store = Store::default();
        let (for_items, for_lengths) = (store.clone(), store.clone());
        let graph = Graph::builder()
            .expand("item", (), move || {
                let store = for_items.clone();
                Parallelizable::fallible((0..64_usize).map(move |item| {
                    wrong.check(&format!("item {item}"))?;
                    Ok::<_, String>(store.hold(format!("{item}")))
                }))
            })
            .function("length", ["item"], move |item: &Held| for_lengths.hold(item.text.clone()))
            .try_function("kept", ["item", "length"], move |Own(item): Own<Held>, length: &Held| {
                wrong.check(&format!("kept {}", item.text))?;
                assert_eq!(item.text, length.text);
                Ok::<_, String>(item)
            })
            .function("count", ["kept", "length"], |kept: Collect<'_, Held>, length: Collect<'_, Held>| {
                let fits = |(at, held): &(usize, &Held)| held.text == at.to_string();
                (kept.iter().enumerate().filter(fits).count(), length.len())
            })
            .build()?;
        let made_by_nodes = store.count();
        let driver = graph.driver().executor(Executor::Sequential).build()?;
        let run = driver.execute_named(["count"], ());
        match run {
            Ok(run) => assert_eq!(run.get::<(usize, usize)>("count")?, &(64, 64)),
            Err(_) => assert!(!matches!(wrong, Wrong::Nowhere)),
        }
        assert_eq!(store.count(), made_by_nodes, "{wrong:?}");
    }
    Ok(())
}

/// A value whose `drop` runs a graph of its own, on the memory of the same driver.
#[test]
fn a_value_may_run_its_own_graph_when_it_is_dropped() -> Result<(), Error> {
    struct Again(Option<millstream::Driver>, Store);
    impl Drop for Again {
        fn drop(&mut self) {
            if let Some(driver) = self.0.take() {
                let run = driver
                    .override_named("held", Again(None, self.1.clone()))
                    .execute_named(["length"], ())
                    .unwrap();
                assert_eq!(run.get::<usize>("length").unwrap(), &1);
            }
        }
    }
    let store = Store::default();
    let graph = Graph::builder()
        .input::<Again>("held")
        .function("copy", ["held"], |held: &Again| held.1.hold("x"))
        .function("length", ["copy"], |Own(copy): Own<Held>| copy.text.len())
        .build()?;
    let driver = graph.driver().executor(Executor::Sequential).build()?;
    let again = Again(Some(driver.clone()), store.clone());
    let run = driver.override_named("held", again).execute_named(["length"], ())?;
    assert_eq!(run.get::<usize>("length")?, &1);
    assert_eq!(store.count(), 0);
    Ok(())
}

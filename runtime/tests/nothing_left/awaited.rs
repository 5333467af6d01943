//! Runs that are futures, dropped at any time.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use futures_util::stream;
use millstream::prelude::*;
use millstream::{CancellationToken, Error, ErrorKind, Graph, Own};

use super::support::{Held, Store, Wrong, quiet};

/// Nodes that look at values while they wait, or have taken them, also for each item of a block.
#[dataflow]
mod slow {
    use millstream::prelude::*;

    use super::super::support::{Held, Store, Wrong};

    #[inputs]
    pub struct Inputs {
        pub store: Store,
        pub wrong: Wrong,
    }

    #[node]
    pub async fn made(store: &Store, wrong: &Wrong) -> Result<Held, String> {
        let held = store.hold("made");
        store.turn().await;
        wrong.check("made")?;
        Ok(held)
    }

    #[node]
    pub async fn seen(made: &Held, wrong: &Wrong, store: &Store) -> Result<Held, String> {
        let text = &made.text;
        store.turn().await;
        wrong.check("seen")?;
        Ok(store.hold(format!("{text}, seen")))
    }

    #[node]
    pub async fn moved(made: Held, wrong: &Wrong, store: &Store) -> Result<Held, String> {
        store.turn().await;
        wrong.check("moved")?;
        Ok(made)
    }

    #[node]
    pub fn item(made: &Held, store: &Store) -> Parallelizable<Held> {
        let (text, store) = (made.text.clone(), store.clone());
        Parallelizable::new((0..3).map(move |item| store.hold(format!("{text} {item}"))))
    }

    #[node]
    pub async fn asked(item: &Held, made: &Held, wrong: &Wrong, store: &Store) -> Result<Held, String> {
        store.turn().await;
        wrong.check(&item.text)?;
        Ok(store.hold(format!("{} of {}", item.text, made.text)))
    }

    #[node]
    pub async fn answered(item: Held, mut asked: Held, store: &Store) -> Held {
        store.turn().await;
        asked.text = format!("{} as {}", item.text, asked.text);
        asked
    }

    #[node]
    pub fn length(answered: Collect<'_, Held>) -> usize {
        answered.iter().map(|held| held.text.len()).sum()
    }
}

/// Polls a run, at most so many times, and lets one go on each time.
fn polled<T>(store: &Store, run: impl Future<Output = T>, times: usize) -> Option<T> {
    let mut run = pin!(run);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..times {
        if let Poll::Ready(output) = run.as_mut().poll(&mut context) {
            return Some(output);
        }
        store.wake_one();
        // What is on other threads goes on.
        std::thread::yield_now();
    }
    None
}

/// A run that is dropped after each of its first polls, and at last one that comes to its end.
const POLLS: [usize; 10] = [0, 1, 2, 3, 4, 5, 6, 7, 8, usize::MAX];

#[test]
fn nothing_is_left_of_a_run_that_is_dropped_at_any_time() -> Result<(), Error> {
    quiet();
    let store = Store::default();
    let driver = slow::driver().executor(Executor::Sequential).build()?;
    for wrong in Wrong::everywhere(["moved", "made 1"]) {
        for times in POLLS {
            let inputs = slow::Inputs { store: store.clone(), wrong };
            let run = polled(
                &store,
                driver.execute_async::<(slow::seen, slow::moved, slow::length)>(inputs),
                times,
            );
            match (run, wrong) {
                (None, _) => assert!(times < usize::MAX),
                (Some(run), Wrong::Nowhere) => {
                    let (seen, moved, length) = run?.into_values();
                    assert_eq!((&*seen.text, &*moved.text), ("made, seen", "made"));
                    assert_eq!(length, 3 * "made 0 as made 0 of made".len());
                }
                (Some(run), _) => assert!(run.is_err(), "{wrong:?}"),
            }
            store.wait_for(0);
        }
    }
    Ok(())
}

/// What is forgotten stays, with all it looks at.
#[test]
fn a_run_that_is_forgotten_keeps_what_it_looks_at() -> Result<(), Error> {
    let store = Store::default();
    let driver = slow::driver().executor(Executor::Sequential).build()?;
    let inputs = slow::Inputs { store: store.clone(), wrong: Wrong::Nowhere };
    let mut run = Box::pin(driver.execute_async::<(slow::seen, slow::moved)>(inputs));
    let mut context = Context::from_waker(Waker::noop());
    while store.count() < 2 {
        assert!(run.as_mut().poll(&mut context).is_pending());
    }
    drop(driver);
    std::mem::forget(run);
    assert_eq!(store.count(), 2, "the input, and a value");
    Ok(())
}

/// What waits looks at a value once more when it is dropped. What comes before it is over at once.
#[dataflow]
mod looking {
    use millstream::CancellationToken;

    use super::super::support::{Held, Store};

    #[inputs]
    pub struct Inputs {
        pub store: Store,
        pub token: CancellationToken,
        /// Whether it is the first to wait who calls the run off.
        pub gives_up: bool,
    }

    #[node]
    pub async fn early(store: &Store) -> Held {
        store.hold("early")
    }

    #[node]
    pub async fn after(early: &Held, store: &Store) -> Held {
        store.hold(format!("{}, after", early.text))
    }

    struct Look<'l>(&'l Held, Held);

    impl Drop for Look<'_> {
        fn drop(&mut self) {
            assert_eq!((&*self.0.text, &*self.1.text), ("early", "early, after"));
        }
    }

    #[node]
    pub async fn looked(
        early: &Held,
        after: Held,
        store: &Store,
        token: &CancellationToken,
        gives_up: &bool,
    ) -> usize {
        let look = Look(early, after);
        if *gives_up {
            token.cancel();
        }
        store.turn().await;
        look.1.text.len()
    }

    #[node]
    pub async fn beside(early: &Held, store: &Store) -> Held {
        store.turn().await;
        early.clone()
    }
}

#[test]
fn what_waits_is_dropped_before_what_it_looks_at() -> Result<(), Error> {
    let store = Store::default();
    let driver = looking::driver().executor(Executor::Sequential).build()?;
    for (gives_up, times) in
        [false, true].into_iter().flat_map(|gives_up| POLLS.map(|times| (gives_up, times)))
    {
        let token = CancellationToken::new();
        let inputs = looking::Inputs { store: store.clone(), token: token.clone(), gives_up };
        let run = driver.cancel_with(&token).execute_async::<(looking::looked, looking::beside)>(inputs);
        match polled(&store, run, times) {
            None => assert!(times < usize::MAX),
            Some(run) if gives_up => assert_eq!(run.unwrap_err().kind(), ErrorKind::Cancelled),
            Some(run) => assert_eq!(run?.into_values().0, "early, after".len()),
        }
        store.wait_for(0);
    }
    Ok(())
}

/// A block within a block, whose items come as a stream.
fn of_a_stream(store: &Store) -> Result<Graph, Error> {
    let (for_groups, for_members, for_met) = (store.clone(), store.clone(), store.clone());
    Graph::builder()
        .expand("group", (), move || {
            let store = for_groups.clone();
            Parallelizable::from_stream(stream::unfold(0, move |group| {
                let store = store.clone();
                async move {
                    store.turn().await;
                    (group < 2).then(|| (store.hold(format!("{group}")), group + 1))
                }
            }))
        })
        .expand("member", ["group"], move |group: &Held| {
            let (store, text) = (for_members.clone(), group.text.clone());
            Parallelizable::new((0..2).map(move |member| store.hold(format!("{text}.{member}"))))
        })
        .async_function("met", ["member"], move |Own(member): Own<Held>| {
            let store = for_met.clone();
            async move {
                store.turn().await;
                member
            }
        })
        .function("of_group", ["met", "group"], |met: Collect<'_, Held>, Own(group): Own<Held>| {
            met.iter().fold(group.text, |text, held| text + " " + &held.text)
        })
        .function("all", ["of_group"], |all: Collect<'_, String>| all.as_slice().join("; "))
        .build()
}

#[test]
fn nothing_is_left_of_a_stream_that_is_dropped_at_any_time() -> Result<(), Error> {
    let store = Store::default();
    let graph = of_a_stream(&store)?;
    let made_by_nodes = store.count();
    let driver = graph.driver().executor(Executor::Sequential).build()?;
    for times in POLLS {
        if let Some(run) = polled(&store, driver.execute_named_async(["all"], ()), times) {
            assert_eq!(run?.get::<String>("all")?, "0 0.0 0.1; 1 1.0 1.1");
        }
        store.wait_for(made_by_nodes);
    }
    Ok(())
}

//! Dynamic blocks with nodes that wait, and such whose items come as a stream.
#![allow(
    unreachable_pub,
    clippy::trivially_copy_pass_by_ref,
    clippy::needless_pass_by_value,
    clippy::unused_async,
    clippy::unwrap_used,
    reason = "dataflows as users write them"
)]

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::{StreamExt, stream};
use millstream::__private::Pace;
use millstream::prelude::*;
use millstream::{CancellationToken, Error, ErrorKind, Outcome, Retry};
use tokio::sync::{Barrier, Notify, Semaphore, mpsc};

/// What the items of a test have in common.
#[derive(Default)]
pub struct Desk {
    alive: AtomicUsize,
    most: AtomicUsize,
    calls: AtomicUsize,
}

/// An item at work.
pub struct Alive(Arc<Desk>);

impl Desk {
    fn enter(self: &Arc<Self>) -> Alive {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let alive = self.alive.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(alive, Ordering::SeqCst);
        Alive(Arc::clone(self))
    }

    fn count(count: &AtomicUsize) -> usize {
        count.load(Ordering::SeqCst)
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.alive.fetch_sub(1, Ordering::SeqCst);
    }
}

const EXECUTORS: [Executor; 3] = [Executor::Sequential, Executor::Rayon, Executor::Auto];

/// Each page waits for all others.
#[dataflow]
mod pages {
    use std::sync::Arc;

    use millstream::prelude::*;
    use tokio::sync::Barrier;

    #[inputs]
    pub struct Inputs {
        pub count: usize,
        pub all_there: Arc<Barrier>,
    }

    #[node]
    pub fn page(count: &usize) -> Parallelizable<usize> {
        Parallelizable::new(0..*count)
    }

    #[node]
    pub async fn text(page: &usize, all_there: &Barrier) -> String {
        all_there.wait().await;
        format!("text of {page}")
    }

    #[node]
    pub fn length(text: &str) -> usize {
        text.len()
    }

    #[node]
    pub async fn total(length: Collect<'_, usize>) -> usize {
        length.iter().sum()
    }
}

fn forty() -> pages::Inputs {
    pages::Inputs { count: 40, all_there: Arc::new(Barrier::new(40)) }
}

#[tokio::test]
async fn items_wait_at_the_same_time() {
    for executor in EXECUTORS {
        let driver = pages::driver().executor(executor).build().unwrap();
        let (texts, total) =
            driver.execute_async::<(pages::text, pages::total)>(forty()).await.unwrap().into_values();
        assert_eq!(texts.len(), 40, "{executor:?}");
        assert_eq!((texts[0].as_str(), texts[39].as_str()), ("text of 0", "text of 39"));
        assert_eq!(total, 10 * 9 + 30 * 10);
    }
}

#[test]
fn without_a_runtime_as_well() {
    let driver = pages::driver().build().unwrap();
    assert_eq!(driver.execute::<pages::total>(forty()).unwrap().into_values(), 390);
}

#[tokio::test]
async fn what_comes_of_items_is_in_their_order_whoever_is_first() {
    let turns: Arc<Vec<Notify>> = Arc::new((0..=10).map(|_| Notify::new()).collect());
    turns[10].notify_one();
    let graph = Graph::builder()
        .expand("item", (), || Parallelizable::new(0..10_usize))
        .async_function("late", ["item"], {
            let turns = Arc::clone(&turns);
            move |item: &usize| {
                let (item, turns) = (*item, Arc::clone(&turns));
                async move {
                    turns[item + 1].notified().await;
                    turns[item].notify_one();
                    item
                }
            }
        })
        .function("list", ["late"], |late: Collect<'_, usize>| late.as_slice().to_vec())
        .build()
        .unwrap();
    let run = graph.driver().build().unwrap().execute_named_async(["list"], ()).await.unwrap();
    assert_eq!(run.get::<Vec<usize>>("list").unwrap(), &(0..10).collect::<Vec<_>>());
}

/// `max_items` bounds how many are alive, of those that wait and of those that compute.
#[dataflow]
mod bounded {
    use std::sync::Arc;

    use millstream::prelude::*;

    use super::{Alive, Desk};

    #[inputs]
    pub struct Inputs {
        pub desk: Arc<Desk>,
    }

    #[node]
    pub fn slow(desk: &Arc<Desk>) -> Parallelizable<Alive> {
        let desk = Arc::clone(desk);
        Parallelizable::new((0..50).map(move |_| desk.enter())).max_items(3)
    }

    #[node]
    pub async fn answered(slow: Alive) -> usize {
        tokio::task::yield_now().await;
        drop(slow);
        1
    }

    #[node]
    pub fn computed(quick: Alive) -> usize {
        drop(quick);
        1
    }

    #[node]
    pub fn quick(desk: &Arc<Desk>) -> Parallelizable<Alive> {
        let desk = Arc::clone(desk);
        Parallelizable::new((0..500).map(move |_| desk.enter())).max_items(2)
    }
}

#[tokio::test]
async fn no_more_items_are_alive_than_may_be() {
    for executor in EXECUTORS {
        let driver = bounded::driver().executor(executor).build().unwrap();
        let desk = Arc::<Desk>::default();
        let inputs = bounded::Inputs { desk: Arc::clone(&desk) };
        let run = driver.execute_async::<bounded::answered>(inputs).await.unwrap();
        assert_eq!(run.into_values().len(), 50);
        assert_eq!(Desk::count(&desk.most), 3, "{executor:?}");
        let desk = Arc::<Desk>::default();
        let inputs = bounded::Inputs { desk: Arc::clone(&desk) };
        let run = driver.execute_async::<bounded::computed>(inputs).await.unwrap();
        assert_eq!(run.into_values().len(), 500);
        assert!(Desk::count(&desk.most) <= 2, "{executor:?}: {}", Desk::count(&desk.most));
    }
}

#[test]
fn no_more_items_are_alive_than_may_be_on_many_threads() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(8).build().unwrap();
    for _ in 0..20 {
        let desk = Arc::<Desk>::default();
        let inputs = bounded::Inputs { desk: Arc::clone(&desk) };
        let driver = bounded::driver().executor(Executor::Rayon).build().unwrap();
        let run = pool.install(|| driver.execute::<bounded::computed>(inputs)).unwrap();
        assert_eq!(run.into_values().len(), 500);
        assert!(Desk::count(&desk.most) <= 2, "{}", Desk::count(&desk.most));
    }
}

/// The one thread of the runtime has to send what the block waits for.
#[tokio::test(flavor = "current_thread")]
async fn a_stream_is_a_source_that_holds_up_nobody() {
    for executor in EXECUTORS {
        let (sender, receiver) = mpsc::channel::<u64>(1);
        let receiver = Arc::new(std::sync::Mutex::new(Some(receiver)));
        let graph = Graph::builder()
            .expand("number", (), move || {
                let receiver = receiver.lock().unwrap().take().unwrap();
                Parallelizable::from_stream(stream::unfold(receiver, async |mut receiver| {
                    Some((receiver.recv().await?, receiver))
                }))
            })
            .function("square", ["number"], |number: &u64| number * number)
            .function("sum", ["square"], |square: Collect<'_, u64>| square.iter().sum::<u64>())
            .build()
            .unwrap();
        let driver = graph.driver().executor(executor).build().unwrap();
        let run = tokio::spawn(driver.execute_named_async(["sum"], ()));
        for number in 1..=100 {
            sender.send(number).await.unwrap();
        }
        drop(sender);
        assert_eq!(run.await.unwrap().unwrap().get::<u64>("sum").unwrap(), &338_350, "{executor:?}");
    }
}

fn parsed(texts: &'static [&'static str]) -> Graph {
    Graph::builder()
        .expand("number", (), || {
            Parallelizable::from_fallible_stream(stream::iter(texts.iter().map(|text| text.parse::<i32>())))
        })
        .function("sum", ["number"], |number: Collect<'_, i32>| number.iter().sum::<i32>())
        .build()
        .unwrap()
}

#[test]
fn a_stream_may_fail_and_is_waited_for_where_there_is_no_runtime() {
    for executor in EXECUTORS {
        let sum = |texts| {
            let run =
                parsed(texts).driver().executor(executor).build().unwrap().execute_named(["sum"], ())?;
            run.get::<i32>("sum").copied()
        };
        assert_eq!(sum(&["1", "2"]).unwrap(), 3);
        assert_eq!(
            format!("{:#}", sum(&["1", "x", "3"]).unwrap_err()),
            "node `number` failed for item 1; it was needed on the way `number` -> `sum`: invalid digit found in string"
        );
    }
}

/// The only thread of a pool waits for the run, and for the stream in it.
#[test]
fn a_stream_in_a_run_that_waits_is_waited_for_on_a_thread_of_a_pool() {
    let slow = || {
        stream::iter(1..4_i32).then(async |number| {
            tokio::task::yield_now().await;
            number
        })
    };
    let graph = Graph::builder()
        .expand("number", (), move || Parallelizable::from_stream(slow()))
        .function("sum", ["number"], |number: Collect<'_, i32>| number.iter().sum::<i32>())
        .async_function("late", (), || async {
            tokio::task::yield_now().await;
            10
        })
        .function("all", ["sum", "late"], |sum: &i32, late: &i32| sum + late)
        .build()
        .unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    for executor in EXECUTORS {
        let driver = graph.driver().executor(executor).build().unwrap();
        let run = pool.install(|| driver.execute_named(["all"], ())).unwrap();
        assert_eq!(run.get::<i32>("all").unwrap(), &16, "{executor:?}");
    }
}

/// A node fails for the items that are told to.
fn failing(gates: &Arc<Vec<Semaphore>>) -> Graph {
    let gates = Arc::clone(gates);
    Graph::builder()
        .expand("item", (), || Parallelizable::new(0..20_usize))
        .try_async_function("checked", ["item"], move |item: &usize| {
            let (item, gates) = (*item, Arc::clone(&gates));
            async move {
                match item {
                    3 => gates[0].acquire().await.unwrap().forget(),
                    5 => gates[0].add_permits(1),
                    7.. => pending().await,
                    _ => {}
                }
                if [3, 5].contains(&item) { Err(format!("no {item}")) } else { Ok(item) }
            }
        })
        .function("list", ["checked"], |list: Collect<'_, usize>| list.len())
        .build()
        .unwrap()
}

#[tokio::test]
async fn the_first_item_that_fails_is_told_of_and_later_ones_are_given_up() {
    for executor in EXECUTORS {
        let gates = Arc::new(vec![Semaphore::new(0)]);
        let driver = failing(&gates).driver().executor(executor).build().unwrap();
        let error = driver.execute_named_async(["list"], ()).await.unwrap_err();
        assert_eq!(
            format!("{error:#}"),
            "node `checked` failed for item 3; it was needed on the way `checked` -> `list`: no 3"
        );
    }
}

/// Items that fail, or take too long, and are tried again.
#[dataflow]
mod tolerant {
    use std::sync::Arc;

    use millstream::prelude::*;

    use super::Desk;

    #[inputs]
    pub struct Inputs {
        pub desk: Arc<Desk>,
    }

    #[node]
    pub fn item() -> Parallelizable<usize> {
        Parallelizable::new(0..6)
    }

    #[node(timeout = "1ms")]
    pub async fn answered(item: &usize) -> usize {
        if item.is_multiple_of(2) { *item } else { std::future::pending().await }
    }

    #[node]
    pub fn summary(answered: Collect<'_, Result<usize, NodeError>>) -> Vec<String> {
        let text = |result: &Result<usize, NodeError>| match result {
            Ok(item) => item.to_string(),
            Err(error) => error.to_string(),
        };
        answered.iter().map(text).collect()
    }

    #[node(retries = 2)]
    pub fn busy(item: usize, desk: &Arc<Desk>) -> Result<usize, String> {
        let _alive = desk.enter();
        if item == 4 { Err(format!("{item} is busy")) } else { Ok(item) }
    }

    #[node]
    pub fn all(busy: Collect<'_, Result<usize, NodeError>>) -> Vec<(usize, u32)> {
        let attempts = |(item, result): (usize, &Result<usize, NodeError>)| {
            (item, result.as_ref().err().map_or(1, NodeError::attempts))
        };
        busy.iter().enumerate().map(attempts).collect()
    }
}

#[test]
fn time_limits_and_attempts_are_those_of_each_item() {
    for executor in EXECUTORS {
        let desk = Arc::<Desk>::default();
        let inputs = || tolerant::Inputs { desk: Arc::clone(&desk) };
        let driver = tolerant::driver().executor(executor).pace(Pace::of(|_| {}, 1)).build().unwrap();
        let summary = driver.execute::<tolerant::summary>(inputs()).unwrap().into_values();
        assert_eq!(summary[2], "2");
        assert!(summary[3].ends_with("took too long for item 3: more than 1ms"), "{summary:?}");
        let all = driver.execute::<tolerant::all>(inputs()).unwrap().into_values();
        assert_eq!(all, [(0, 1), (1, 1), (2, 1), (3, 1), (4, 3), (5, 1)], "{executor:?}");
        assert_eq!(Desk::count(&desk.calls), 8);
        let error = driver.execute::<tolerant::busy>(inputs()).unwrap_err();
        assert_eq!(error.failure().unwrap().attempts(), 3);
    }
}

#[test]
fn a_node_that_computes_has_no_time_limit_in_a_block() {
    let graph = Graph::builder().expand("item", (), || Parallelizable::new(0..3_u32)).function(
        "slow",
        ["item"],
        |item: &u32| *item,
    );
    let limit = std::time::Duration::from_secs(1);
    assert_eq!(
        graph.timeout(limit).build().unwrap_err().to_string(),
        "node `slow` has a time limit and runs for each item of `item`, where only an async node can be given up; make it `async`, or limit the time of the whole run"
    );
    let graph = Graph::builder()
        .expand("item", (), || Parallelizable::new(0..3_u32))
        .function("slow", ["item"], |item: &u32| *item)
        .build()
        .unwrap();
    let driver = graph.driver().timeout(millstream::Nodes::named(["slow"]), limit).build();
    assert_eq!(
        driver.unwrap_err().to_string(),
        "node `slow` has a time limit and runs for each item of `item`, where only an async node can be given up; make it `async`, or limit the time of the whole run"
    );
}

/// Blocks within blocks, where the inner nodes wait for each other.
#[tokio::test]
async fn blocks_within_blocks_wait_together() {
    let barrier = Arc::new(Barrier::new(12));
    let graph = Graph::builder()
        .expand("group", (), || Parallelizable::new(0..3_usize))
        .expand("member", ["group"], |group: &usize| {
            Parallelizable::new((0..4).map({
                let group = *group;
                move |number| group * 10 + number
            }))
        })
        .async_function("met", ["member"], {
            let barrier = Arc::clone(&barrier);
            move |member: &usize| {
                let (member, barrier) = (*member, Arc::clone(&barrier));
                async move {
                    barrier.wait().await;
                    member
                }
            }
        })
        .function("of_group", ["met"], |met: Collect<'_, usize>| met.as_slice().to_vec())
        .function("all", ["of_group"], |groups: Collect<'_, Vec<usize>>| groups.as_slice().concat())
        .build()
        .unwrap();
    for executor in EXECUTORS {
        let driver = graph.driver().executor(executor).build().unwrap();
        let run = driver.execute_named_async(["all"], ()).await.unwrap();
        assert_eq!(run.get::<Vec<usize>>("all").unwrap(), &[0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23]);
    }
}

fn outcome(error: &Error, node: &str) -> Outcome {
    error.report().unwrap().nodes().iter().find(|report| report.node == node).unwrap().outcome.clone()
}

/// Items that wait for ever, each of which is counted as long as it is there.
fn endless(desk: &Arc<Desk>, started: &Arc<Semaphore>) -> Graph {
    let (desk, started) = (Arc::clone(desk), Arc::clone(started));
    Graph::builder()
        .expand("alive", (), move || {
            let desk = Arc::clone(&desk);
            Parallelizable::new(std::iter::repeat_with(move || desk.enter()))
        })
        .async_function("waits", ["alive"], move |_: &Alive| {
            let started = Arc::clone(&started);
            async move {
                started.add_permits(1);
                pending::<()>().await;
            }
        })
        .function("count", ["waits"], |waits: Collect<'_, ()>| waits.len())
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_token_calls_off_items_that_wait() {
    for executor in EXECUTORS {
        let (desk, started) = (Arc::<Desk>::default(), Arc::new(Semaphore::new(0)));
        let driver = endless(&desk, &started).driver().executor(executor).build().unwrap();
        let token = CancellationToken::new();
        let run = tokio::spawn(driver.cancel_with(&token).execute_named_async(["count"], ()));
        drop(started.acquire_many(64).await.unwrap());
        token.cancel();
        let error = run.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
        assert!(matches!(outcome(&error, "waits"), Outcome::NotReached));
        assert_eq!(Desk::count(&desk.alive), 0, "nothing is left of the items");
    }
}

/// Says when it is dropped.
struct Said(mpsc::UnboundedSender<()>);

impl Drop for Said {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

#[tokio::test]
async fn a_run_that_is_dropped_gives_its_items_up() {
    let (sender, mut dropped) = mpsc::unbounded_channel();
    let started = Arc::new(Semaphore::new(0));
    let seen = Arc::clone(&started);
    let graph = Graph::builder()
        .expand("item", (), || Parallelizable::new(0..10_u32))
        .async_function("waits", ["item"], move |_: &u32| {
            let (said, started) = (Said(sender.clone()), Arc::clone(&seen));
            async move {
                started.add_permits(1);
                pending::<()>().await;
                drop(said);
            }
        })
        .build()
        .unwrap();
    let driver = graph.driver().build().unwrap();
    let run = tokio::spawn(driver.execute_named_async(["waits"], ()));
    drop(started.acquire_many(10).await.unwrap());
    run.abort();
    for _ in 0..10 {
        dropped.recv().await.unwrap();
    }
}

/// Also such as compute, from a source without end.
#[test]
fn a_token_calls_off_a_block_without_end() {
    for executor in EXECUTORS {
        let token = CancellationToken::new();
        let hand = token.clone();
        let graph = Graph::builder()
            .expand("number", (), || Parallelizable::new(0_u64..))
            .function("seen", ["number"], move |number: &u64| {
                if *number == 1_000 {
                    hand.cancel();
                }
                *number
            })
            .function("last", ["seen"], |seen: Collect<'_, u64>| seen.len())
            .build()
            .unwrap();
        let driver = graph.driver().executor(executor).build().unwrap();
        let error = driver.cancel_with(&token).execute_named(["last"], ()).unwrap_err();
        assert_eq!(error.to_string(), "the run was cancelled; 1 of 3 nodes had run", "{executor:?}");
    }
}

/// A run ends early for another node, also where items wait for ever.
#[tokio::test]
async fn what_fails_elsewhere_ends_a_block_that_waits() {
    let started = Arc::new(Semaphore::new(0));
    let seen = Arc::clone(&started);
    let graph = Graph::builder()
        .try_async_function("first", (), move || {
            let started = Arc::clone(&seen);
            async move {
                drop(started.acquire_many(64).await);
                Err::<u8, _>("it failed")
            }
        })
        .expand("alive", (), || Parallelizable::new(std::iter::repeat(1_u8)))
        .async_function("waits", ["alive"], {
            let started = Arc::clone(&started);
            move |_: &u8| {
                let started = Arc::clone(&started);
                async move {
                    started.add_permits(1);
                    pending::<()>().await;
                }
            }
        })
        .function("count", ["waits"], |waits: Collect<'_, ()>| waits.len())
        .build()
        .unwrap();
    let driver = graph.driver().build().unwrap();
    let error: Error = driver.execute_named_async(["first", "count"], ()).await.unwrap_err();
    assert_eq!(format!("{error:#}"), "node `first` failed: it failed");
}

#[test]
fn retries_of_items_come_after_a_while() {
    let waits = Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = Arc::clone(&waits);
    let pace = Pace::of(move |time| seen.lock().unwrap().push(time), 1);
    let graph = Graph::builder()
        .expand("item", (), || Parallelizable::new(0..2_u32))
        .try_function("fails", ["item"], |_: &u32| Err::<u32, _>("no"))
        .build()
        .unwrap();
    let retry = Retry::times(2).backoff(std::time::Duration::from_mins(1)).jitter(false);
    let driver =
        graph.driver().executor(Executor::Sequential).retry(millstream::Nodes::all(), retry).pace(pace);
    let error = driver.build().unwrap().execute_named(["fails"], ()).unwrap_err();
    assert_eq!(error.to_string(), "node `fails` failed for item 0 after 3 attempts");
    assert_eq!(*waits.lock().unwrap(), [60, 120].map(std::time::Duration::from_secs));
}

/// Nodes that compute, after one that waits: the last two wait for each other, so that each needs a thread.
#[tokio::test(flavor = "current_thread")]
async fn what_items_compute_is_shared_among_the_threads() {
    if rayon::current_num_threads() < 2 {
        eprintln!("skipped: there is one thread alone");
        return;
    }
    for executor in [Executor::Rayon, Executor::Auto] {
        let meeting = Arc::new(std::sync::Barrier::new(2));
        let graph = Graph::builder()
            .expand("item", (), || Parallelizable::new(0..20_u64))
            .async_function("fetched", ["item"], |item: &u64| {
                let item = *item;
                async move {
                    tokio::task::yield_now().await;
                    item
                }
            })
            .function("parsed", ["fetched"], move |fetched: &u64| {
                if *fetched >= 18 {
                    meeting.wait();
                }
                let work = (0..300_000_u64).fold(*fetched, |mix, step| mix.rotate_left(5) ^ step);
                std::hint::black_box(work);
                *fetched
            })
            .function("sum", ["parsed"], |parsed: Collect<'_, u64>| parsed.iter().sum::<u64>())
            .build()
            .unwrap();
        let driver = graph.driver().executor(executor).build().unwrap();
        let run = driver.execute_named_async(["sum"], ()).await.unwrap();
        assert_eq!(run.get::<u64>("sum").unwrap(), &190, "{executor:?}");
    }
}

/// The source itself calls the run off: the item that it gives then goes no further, and is dropped.
#[test]
fn an_item_that_comes_after_the_end_is_dropped() {
    for executor in EXECUTORS {
        let (desk, token) = (Arc::<Desk>::default(), CancellationToken::new());
        let (seen, hand) = (Arc::clone(&desk), token.clone());
        let graph = Graph::builder()
            .expand("alive", (), move || {
                let (desk, hand) = (Arc::clone(&seen), hand.clone());
                Parallelizable::new((0..3).map(move |_| {
                    hand.cancel();
                    desk.enter()
                }))
            })
            .function("used", ["alive"], |_: &Alive| 1)
            .retries(1)
            .build()
            .unwrap();
        let driver = graph.driver().executor(executor).build().unwrap();
        let error = driver.cancel_with(&token).execute_named(["used"], ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled, "{executor:?}");
        assert_eq!(Desk::count(&desk.alive), 0, "{executor:?}");
    }
}

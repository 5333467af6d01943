//! The 19 ways in which Hamilton's parallel execution breaks or gives way, and what happens here. Those that are
//! mistakes do not build: see `ui-tests/ui/block`.

#![allow(
    clippy::trivially_copy_pass_by_ref,
    clippy::needless_pass_by_value,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "nodes are written as users write them"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use millstream::prelude::*;
use millstream::{Driver, Error, Executor};

#[dataflow]
mod shop {
    use millstream::{Collect, Parallelizable};

    #[inputs]
    pub struct Inputs {
        #[default(4)]
        pub count: u64,
        #[default(10)]
        pub factor: u64,
    }

    #[node]
    pub fn item(count: u64) -> Parallelizable<u64> {
        Parallelizable::new(0..count)
    }

    #[node]
    #[unpack_fields(double, triple)]
    pub fn both(item: &u64) -> (u64, u64) {
        (item * 2, item * 3)
    }

    #[node]
    pub fn scaled(item: &u64, factor: &u64) -> u64 {
        item * factor
    }

    #[node]
    pub fn total(scaled: Collect<'_, u64>) -> u64 {
        scaled.iter().sum()
    }

    #[node]
    pub fn items(item: Collect<'_, u64>) -> usize {
        item.len()
    }

    #[node]
    pub fn pairs(double: Collect<'_, u64>, triple: Collect<'_, u64>) -> Vec<(u64, u64)> {
        double.iter().copied().zip(triple.iter().copied()).collect()
    }

    /// Collects one block and opens the next.
    #[node]
    pub fn again(scaled: Collect<'_, u64>) -> Parallelizable<u64> {
        Parallelizable::new(scaled.to_vec())
    }

    #[node]
    pub fn again_sum(again: Collect<'_, u64>, factor: &u64) -> u64 {
        again.iter().sum::<u64>() + factor
    }

    /// A block within a block.
    #[node]
    pub fn part(item: &u64) -> Parallelizable<u64> {
        Parallelizable::new(0..*item)
    }

    #[node]
    pub fn square(part: &u64, item: &u64) -> u64 {
        part * part + item
    }

    #[node]
    pub fn squares(square: Collect<'_, u64>) -> u64 {
        square.iter().sum()
    }

    #[node]
    pub fn all_squares(squares: Collect<'_, u64>) -> Vec<u64> {
        squares.to_vec()
    }
}

fn on_each(check: impl Fn(&Driver<shop::Flow>) -> Result<(), Error>) -> Result<(), Error> {
    for executor in [Executor::Sequential, Executor::Rayon] {
        check(&shop::driver().executor(executor).build()?)?;
    }
    Ok(())
}

/// 1: every executor runs blocks.
#[test]
fn a_block_runs_on_every_executor() -> Result<(), Error> {
    on_each(|driver| {
        assert_eq!(driver.execute::<shop::total>(shop::inputs())?.into_values(), 60);
        Ok(())
    })
}

/// 2 and 3: nodes of a block can be asked for, with and without what collects them.
#[test]
fn nodes_of_a_block_are_asked_for_as_lists() -> Result<(), Error> {
    on_each(|driver| {
        let (scaled, total) = driver.execute::<(shop::scaled, shop::total)>(shop::inputs())?.into_values();
        assert_eq!((scaled, total), (vec![0, 10, 20, 30], 60));
        assert_eq!(driver.execute::<shop::double>(shop::inputs())?.into_values(), [0, 2, 4, 6]);
        let run = driver.execute_named(["scaled"], shop::inputs())?;
        assert_eq!(run.get::<Vec<u64>>("scaled")?, &[0, 10, 20, 30]);
        assert_eq!(run.to_json()?.to_string(), r#"{"scaled":[0,10,20,30]}"#);
        Ok(())
    })
}

/// 4: what opens a block can be collected: its items.
#[test]
fn items_are_collected_as_they_are() -> Result<(), Error> {
    on_each(|driver| {
        let run = driver.execute::<(shop::items, shop::item)>(shop::inputs())?;
        assert_eq!(run.into_values(), (4, vec![0, 1, 2, 3]));
        Ok(())
    })
}

/// 5: several nodes collect from one block, one node collects several, and of an extracted value all parts.
#[test]
fn a_block_is_collected_as_often_as_wanted() -> Result<(), Error> {
    on_each(|driver| {
        let run = driver.execute::<(shop::total, shop::items, shop::pairs)>(shop::inputs())?;
        assert_eq!(run.into_values(), (60, 4, vec![(0, 0), (2, 3), (4, 6), (6, 9)]));
        Ok(())
    })
}

/// 6: blocks nest, and an inner node is given the items of both.
#[test]
fn blocks_nest() -> Result<(), Error> {
    on_each(|driver| {
        let all = driver.execute::<shop::all_squares>(shop::inputs())?.into_values();
        assert_eq!(all, [0, 1, 5, 14]);
        let squares = driver.execute::<shop::square>(shop::inputs())?.into_values();
        assert_eq!(squares, [vec![], vec![1], vec![2, 3], vec![3, 4, 7]]);
        Ok(())
    })
}

/// 7: an inner node that is also used outside of its block does not hang: outside, it is collected.
#[test]
fn what_is_used_outside_is_collected() -> Result<(), Error> {
    on_each(|driver| {
        let run = driver.execute::<(shop::total, shop::again_sum)>(shop::inputs())?;
        assert_eq!(run.into_values(), (60, 70));
        Ok(())
    })
}

/// 8: an inner node is overridden with one value for each item.
#[test]
fn nodes_of_a_block_are_overridden_with_lists() -> Result<(), Error> {
    on_each(|driver| {
        let total = driver.override_value::<shop::scaled>(vec![1, 2, 3]).execute::<shop::total>(())?;
        assert_eq!(total.into_values(), 6);
        let request = driver.override_value::<shop::item>(vec![5, 6]);
        let run = request.execute::<(shop::total, shop::items, shop::all_squares)>(shop::inputs())?;
        assert_eq!(run.into_values(), (110, 2, vec![55, 91]));
        let request = driver.override_value::<shop::both>(vec![(1, 1), (2, 2), (3, 3), (4, 4)]);
        let run = request.execute::<(shop::pairs, shop::total)>(shop::inputs())?;
        assert_eq!(run.into_values(), (vec![(1, 1), (2, 2), (3, 3), (4, 4)], 60));
        let request = driver.override_value::<shop::total>(1);
        assert_eq!(request.execute::<shop::total>(())?.into_values(), 1);
        Ok(())
    })
}

/// 10: one function may collect and open.
#[test]
fn a_node_collects_one_block_and_opens_the_next() -> Result<(), Error> {
    on_each(|driver| {
        assert_eq!(driver.execute::<shop::again_sum>(shop::inputs().count(2))?.into_values(), 20);
        Ok(())
    })
}

/// 13: one driver runs as many requests at once as it is asked to.
#[test]
fn a_driver_is_used_from_several_threads() -> Result<(), Error> {
    on_each(|driver| {
        std::thread::scope(|scope| {
            let runs: Vec<_> =
                (0..4_u64).map(|count| (count, scope.spawn(move || sum_of(driver, count)))).collect();
            for (count, run) in runs {
                let expected = 10 * (0..count).sum::<u64>();
                assert_eq!(run.join().unwrap().unwrap(), expected);
            }
        });
        Ok(())
    })
}

fn sum_of(driver: &Driver<shop::Flow>, count: u64) -> Result<u64, Error> {
    Ok(driver.execute::<shop::total>(shop::inputs().count(count))?.into_values())
}

/// 14: many items are no more work each than few.
#[test]
fn many_items_are_run_in_order() -> Result<(), Error> {
    on_each(|driver| {
        let scaled = driver.execute::<shop::scaled>(shop::inputs().count(100_000))?.into_values();
        assert!((0..100_000).map(|item| item * 10).eq(scaled));
        Ok(())
    })
}

#[dataflow]
mod lazy {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use millstream::{Collect, Parallelizable};

    /// Counts itself, and the most of its kind that there were at once.
    pub struct Heavy {
        counts: Arc<Counts>,
    }

    #[derive(Default)]
    pub struct Counts {
        pub made: AtomicUsize,
        pub alive: AtomicUsize,
        pub most: AtomicUsize,
    }

    impl Heavy {
        fn new(counts: &Arc<Counts>) -> Self {
            counts.made.fetch_add(1, Ordering::SeqCst);
            let alive = counts.alive.fetch_add(1, Ordering::SeqCst) + 1;
            counts.most.fetch_max(alive, Ordering::SeqCst);
            Self { counts: Arc::clone(counts) }
        }
    }

    impl Drop for Heavy {
        fn drop(&mut self) {
            self.counts.alive.fetch_sub(1, Ordering::SeqCst);
        }
    }

    #[inputs]
    pub struct Inputs {
        pub counts: Arc<Counts>,
        pub stop_at: usize,
    }

    #[node]
    pub fn heavy(counts: &Arc<Counts>) -> Parallelizable<Heavy> {
        let counts = Arc::clone(counts);
        Parallelizable::new((0..10_000).map(move |_| Heavy::new(&counts)))
    }

    #[node]
    pub fn seen(heavy: Heavy, stop_at: &usize) -> Result<usize, String> {
        let made = heavy.counts.made.load(Ordering::SeqCst);
        if made > *stop_at { Err("enough".to_owned()) } else { Ok(made) }
    }

    #[node]
    pub fn last(seen: Collect<'_, usize>) -> usize {
        seen.len()
    }
}

/// 15 and 18: items are made as they are needed, and dropped when they are not any more.
#[test]
fn items_are_made_late_and_dropped_early() -> Result<(), Error> {
    for executor in [Executor::Sequential, Executor::Rayon] {
        let driver = lazy::driver().executor(executor).build()?;
        let counts = Arc::new(lazy::Counts::default());
        let inputs = lazy::Inputs { counts: Arc::clone(&counts), stop_at: usize::MAX };
        assert_eq!(driver.execute::<lazy::last>(inputs)?.into_values(), 10_000);
        assert_eq!(counts.alive.load(Ordering::SeqCst), 0);
        assert!(counts.most.load(Ordering::SeqCst) < 2_000);
        let counts = Arc::new(lazy::Counts::default());
        let inputs = lazy::Inputs { counts: Arc::clone(&counts), stop_at: 10 };
        let error = driver.execute::<lazy::last>(inputs).unwrap_err();
        assert_eq!(error.failure().unwrap().node(), "seen");
        assert!(counts.made.load(Ordering::SeqCst) < 2_000);
        assert_eq!(counts.alive.load(Ordering::SeqCst), 0);
    }
    Ok(())
}

#[dataflow]
mod picky {
    use millstream::{Collect, Parallelizable};

    #[inputs]
    pub struct Inputs {
        pub bad: Vec<u64>,
        pub broken: Option<u64>,
    }

    #[node]
    pub fn number(broken: Option<&u64>) -> Parallelizable<u64> {
        let broken = broken.copied();
        Parallelizable::fallible(
            (0..1_000).map(move |item| if Some(item) == broken { Err("torn") } else { Ok(item) }),
        )
    }

    #[node]
    pub fn checked(number: &u64, bad: &[u64]) -> Result<String, String> {
        assert!(*number != 999 || bad.is_empty(), "999 is never reached");
        if bad.contains(number) { Err(format!("{number} is bad")) } else { Ok(number.to_string()) }
    }

    #[node]
    pub fn texts(checked: Collect<'_, String>) -> usize {
        checked.len()
    }
}

/// A failure is that of the first item that has failed, on every executor, and names it.
#[test]
fn the_first_item_that_fails_is_told_of() -> Result<(), Error> {
    for executor in [Executor::Sequential, Executor::Rayon] {
        let driver = picky::driver().executor(executor).build()?;
        let inputs = picky::Inputs { bad: vec![700, 30, 31], broken: None };
        let error = driver.execute::<picky::texts>(inputs).unwrap_err();
        let failure = error.failure().unwrap();
        assert_eq!((failure.node(), failure.items()), ("checked", &[30][..]));
        assert_eq!(failure.cause().unwrap().to_string(), "30 is bad");
        assert!(error.to_string().contains("failed for item 30"), "{error}");
        let inputs = picky::Inputs { bad: vec![700], broken: Some(50) };
        let error = driver.execute::<picky::texts>(inputs).unwrap_err();
        let failure = error.failure().unwrap();
        assert_eq!((failure.node(), failure.items()), ("number", &[50][..]));
        assert_eq!(failure.cause().unwrap().to_string(), "torn");
        let inputs = picky::Inputs { bad: Vec::new(), broken: None };
        assert_eq!(driver.execute::<picky::texts>(inputs)?.into_values(), 1_000);
    }
    Ok(())
}

/// Items of one block are run by several threads at once: two of them wait for each other.
#[test]
fn items_run_at_the_same_time() -> Result<(), Error> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let meeting = Arc::new(std::sync::Barrier::new(2));
    let met = Arc::new(AtomicUsize::new(0));
    let inputs = meet::Inputs { meeting: meet::Meeting(meeting), met: Arc::clone(&met) };
    let driver = meet::driver().executor(Executor::Rayon).build()?;
    pool.install(|| driver.execute::<meet::done>(inputs))?;
    assert_eq!(met.load(Ordering::SeqCst), 2);
    Ok(())
}

#[dataflow]
mod meet {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Barrier};

    use millstream::{Collect, Parallelizable};

    pub struct Meeting(pub Arc<Barrier>);

    #[inputs]
    pub struct Inputs {
        pub meeting: Meeting,
        pub met: Arc<AtomicUsize>,
    }

    #[node]
    pub fn guest() -> Parallelizable<u8> {
        Parallelizable::new(0..32)
    }

    /// The first take their time, so that the others have something to share; two of the last wait for each other.
    #[node]
    pub fn met_by(guest: &u8, meeting: &Meeting, met: &Arc<AtomicUsize>) -> u64 {
        if *guest >= 30 {
            meeting.0.wait();
            met.fetch_add(1, Ordering::SeqCst);
        }
        (0..1_000_000_u64).fold(u64::from(*guest), |mix, step| mix.rotate_left(5) ^ step)
    }

    #[node]
    pub fn done(met_by: Collect<'_, u64>) -> usize {
        met_by.len()
    }
}

#[dataflow]
mod tolerant {
    use millstream::{Collect, NodeError, Parallelizable};

    #[inputs]
    pub struct Inputs {
        pub texts: Vec<&'static str>,
    }

    #[node]
    pub fn text(texts: &[&'static str]) -> Parallelizable<String> {
        let texts: Vec<Result<String, &str>> = texts
            .iter()
            .map(|text| if text.is_empty() { Err("nothing") } else { Ok((*text).to_owned()) })
            .collect();
        Parallelizable::fallible(texts)
    }

    #[node]
    pub fn number(text: &str) -> Result<u32, std::num::ParseIntError> {
        text.parse()
    }

    #[node]
    pub fn half(number: &u32, text: String) -> Result<(u32, String), String> {
        if number.is_multiple_of(2) { Ok((number / 2, text)) } else { Err(format!("{number} is odd")) }
    }

    #[node]
    pub fn halves(half: Collect<'_, Result<(u32, String), NodeError>>) -> Vec<String> {
        half.iter().map(|half| half.as_ref().map_or_else(told, |(half, _)| half.to_string())).collect()
    }

    fn told(error: &NodeError) -> String {
        format!("{} {:?}: {}", error.node(), error.items(), error.message())
    }

    #[node]
    pub fn sum(number: Collect<'_, u32>) -> u32 {
        number.iter().sum()
    }
}

/// Whoever collects results sees each failure in its place, also that of a node before; who does not, fails.
#[test]
fn failures_of_items_are_collected_by_those_who_tolerate_them() -> Result<(), Error> {
    for executor in [Executor::Sequential, Executor::Rayon] {
        let driver = tolerant::driver().executor(executor).build()?;
        let inputs = |texts: &[&'static str]| tolerant::Inputs { texts: texts.to_vec() };
        let halves = driver.execute::<tolerant::halves>(inputs(&["4", "x", "5", "", "8"]))?.into_values();
        assert_eq!(
            halves,
            [
                "2",
                "number [1]: invalid digit found in string",
                "half [2]: 5 is odd",
                "text [3]: nothing",
                "4"
            ]
        );
        let (halves, sum) =
            driver.execute::<(tolerant::halves, tolerant::sum)>(inputs(&["4", "5"]))?.into_values();
        assert_eq!((halves, sum), (vec!["2".to_owned(), "half [1]: 5 is odd".to_owned()], 9));
        let error =
            driver.execute::<(tolerant::halves, tolerant::sum)>(inputs(&["4", "5", "x"])).unwrap_err();
        assert_eq!(error.failure().unwrap().node(), "number");
        let given = vec![(1, String::new())];
        let request = driver.override_value::<tolerant::half>(given);
        assert_eq!(request.execute::<tolerant::halves>(())?.into_values(), ["1"]);
    }
    Ok(())
}

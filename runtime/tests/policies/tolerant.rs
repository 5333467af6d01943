//! Nodes that run also where what they need has failed.

use std::path::{Path, PathBuf};

use millstream::prelude::*;
use millstream::{Error, ErrorPolicy};

use super::support::{BOTH, Counted, Counter, in_pool, quiet, short};

#[dataflow]
mod flow {
    use super::*;

    #[inputs]
    pub struct Inputs {
        pub rows: Vec<f64>,
        pub works: bool,
    }

    #[node]
    pub fn scaled(rows: &[f64], works: &bool) -> Result<Vec<f64>, String> {
        if *works { Ok(rows.iter().map(|row| row * 2.0).collect()) } else { Err("no rows".to_owned()) }
    }

    #[node]
    pub fn sum(scaled: &[f64]) -> f64 {
        scaled.iter().sum()
    }

    /// Another type than that of the provider, one that is the same, and one that only rustc knows.
    #[node]
    pub fn report(
        scaled: Result<&[f64], &NodeError>,
        sum: Result<&f64, &NodeError>,
        place: Result<&Path, &NodeError>,
    ) -> String {
        let scaled = scaled.map_or_else(ToString::to_string, |scaled| format!("{} rows", scaled.len()));
        let sum = sum.map_or_else(|error| format!("no sum for {}", error.message()), ToString::to_string);
        let place = place.map_or_else(ToString::to_string, |place| place.display().to_string());
        format!("{scaled}; {sum}; {place}")
    }

    #[node]
    pub fn place() -> PathBuf {
        "here".into()
    }

    #[node]
    pub fn strict(scaled: &[f64], report: &str) -> usize {
        scaled.len() + report.len()
    }
}

#[test]
fn a_tolerant_parameter_is_the_value_or_the_error() -> Result<(), Error> {
    for executor in BOTH {
        for policy in [ErrorPolicy::FailFast, ErrorPolicy::KeepGoing] {
            let driver = flow::driver().executor(executor).on_error(policy).build()?;
            let run = |works| {
                let inputs = flow::Inputs { rows: vec![1.0, 2.0], works };
                in_pool(|| driver.execute::<flow::report>(inputs))
            };
            assert_eq!(run(true)?.into_values(), "2 rows; 6; here");
            let run = run(false)?;
            assert_eq!(short(&run.report()), "scaled failed, sum skipped [scaled], place done, report done");
            let line = run.report().errors()[0].place().unwrap();
            assert_eq!(run.into_values(), format!("node `scaled` ({line}) failed; no sum for no rows; here"));
        }
    }
    Ok(())
}

#[test]
fn a_failure_that_somebody_cannot_do_without_ends_the_run() -> Result<(), Error> {
    for executor in BOTH {
        let driver = flow::driver().executor(executor).build()?;
        let inputs = || flow::Inputs { rows: vec![1.0], works: false };
        let error = in_pool(|| driver.execute::<(flow::report, flow::strict)>(inputs())).unwrap_err();
        assert_eq!(error.failure().unwrap().node(), "scaled");
        // So does one that is asked for itself, or needed for what is asked for.
        assert!(in_pool(|| driver.execute::<(flow::report, flow::scaled)>(inputs())).is_err());
        assert!(in_pool(|| driver.execute::<(flow::report, flow::sum)>(inputs())).is_err());
    }
    Ok(())
}

#[test]
fn closures_and_free_nodes_tolerate_too() -> Result<(), Error> {
    quiet();
    #[node]
    fn shown(bad: Result<&str, &NodeError>) -> String {
        bad.map_or_else(ToString::to_string, ToOwned::to_owned)
    }
    let graph = Graph::builder()
        .function("bad", (), || -> String { panic!("oh") })
        .function("good", (), || 1)
        .node::<shown>()
        .function(
            "both",
            ["bad", "good"],
            |bad: Result<&String, &NodeError>, good: Result<&i32, &NodeError>| bad.is_err() && good.is_ok(),
        )
        .build()?;
    for executor in BOTH {
        let driver = graph.driver().executor(executor).build()?;
        let run = in_pool(|| driver.execute_named(["both", "shown"], ()))?;
        assert_eq!(run.get::<bool>("both")?, &true);
        assert_eq!(run.get::<String>("shown")?, "node `bad` panicked: oh");
    }
    Ok(())
}

#[test]
fn an_error_of_an_earlier_run_is_not_that_of_a_later_one() -> Result<(), Error> {
    for executor in BOTH {
        let driver = flow::driver().executor(executor).build()?;
        for works in [false, true, false, true] {
            let inputs = flow::Inputs { rows: vec![1.0], works };
            let report = in_pool(|| driver.execute::<flow::report>(inputs))?.into_values();
            assert_eq!(report.starts_with("1 rows; 2"), works, "{report}");
        }
    }
    Ok(())
}

#[test]
fn values_that_are_tolerated_are_dropped_once() -> Result<(), Error> {
    quiet();
    let counter = Counter::default();
    let (first, second) = (counter.clone(), counter.clone());
    let graph = Graph::builder()
        .function("a", (), move || first.make(1))
        .function("b", ["a"], |_: &Counted| -> Counted { panic!("oh") })
        .function("c", ["b"], |b: &Counted| b.clone())
        .function(
            "d",
            ["a", "b", "c"],
            move |a: Result<&Counted, &NodeError>,
                  b: Result<&Counted, &NodeError>,
                  c: Result<&Counted, &NodeError>| {
                assert!(b.is_err() && c.is_err());
                second.make(a.map_or(0, |a| a.value + 1))
            },
        )
        .build()?;
    for executor in BOTH {
        let driver = graph.driver().executor(executor).build()?;
        for _ in 0..3 {
            let mut run = in_pool(|| driver.execute_named(["d"], ()))?;
            assert_eq!(counter.live(), 1);
            assert_eq!(run.take::<Counted>("d")?.value, 2);
            assert_eq!(counter.live(), 0);
        }
    }
    Ok(())
}

#[test]
fn parts_of_what_failed_are_missing_too() -> Result<(), Error> {
    let graph = Graph::builder()
        .try_function("pair", (), || Err::<(i32, i32), _>("no"))
        .parts(["low", "high"], |pair: (i32, i32)| pair)
        .function("shown", ["low"], |low: Result<&i32, &NodeError>| low.unwrap_err().to_string())
        .build()?;
    for executor in BOTH {
        let driver = graph.driver().executor(executor).build()?;
        assert_eq!(driver.execute_named(["shown"], ())?.get::<String>("shown")?, "node `pair` failed");
    }
    Ok(())
}

/// Whose failure it is, and for which items.
fn whose(error: &NodeError) -> String {
    format!("{}{:?}: {}", error.node(), error.items(), error.message())
}

#[dataflow]
mod items {
    use super::*;

    #[node]
    pub fn item() -> Parallelizable<u64> {
        Parallelizable::new(0..3)
    }

    #[node]
    pub fn checked(item: u64) -> Result<u64, String> {
        if item == 1 { Err("one".to_owned()) } else { Ok(item) }
    }

    #[node]
    #[fallback(value(77))]
    pub fn count(checked: Collect<'_, u64>) -> usize {
        checked.len()
    }

    #[node]
    pub fn strict(checked: Collect<'_, u64>) -> usize {
        checked.len()
    }

    #[node]
    pub fn told(strict: Result<&usize, &NodeError>) -> String {
        strict.map_or_else(whose, ToString::to_string)
    }

    #[node]
    pub fn good(checked: Collect<'_, Result<u64, NodeError>>) -> usize {
        checked.iter().filter(|item| item.is_ok()).count()
    }

    #[node]
    pub fn last(item: Collect<'_, u64>) -> u64 {
        item[item.len() - 1]
    }
}

/// Who cannot do without what an item lacks, but has something in its place, or is not missed, ends nothing, whoever else
/// needs something of the items.
#[test]
fn lists_are_missing_one_by_one() -> Result<(), Error> {
    quiet();
    for executor in BOTH {
        let driver = items::driver().executor(executor).build()?;
        let run = driver.execute::<(items::count, items::good, items::last, items::told)>(())?;
        let told = "checked[1]: one".to_owned();
        assert_eq!(run.into_values(), (77, 2, 2, told));
        let error = driver.execute::<(items::good, items::strict)>(()).unwrap_err();
        assert_eq!(error.failure().map(|error| (error.node(), error.items())), Some(("checked", &[1][..])));
    }
    Ok(())
}

#[dataflow]
mod nested {
    use super::*;

    #[node]
    pub fn outer() -> Parallelizable<u64> {
        Parallelizable::new(0..3)
    }

    #[node]
    pub fn inner(outer: u64) -> Parallelizable<u64> {
        Parallelizable::new(vec![outer; 2])
    }

    #[node]
    pub fn checked(inner: u64) -> Result<u64, String> {
        if inner == 1 { Err("one".to_owned()) } else { Ok(inner) }
    }

    #[node]
    pub fn count(checked: Collect<'_, u64>) -> usize {
        checked.len()
    }

    #[node]
    pub fn counts(count: Collect<'_, Result<usize, NodeError>>) -> String {
        let shown = |count: &Result<usize, NodeError>| count.as_ref().map_or_else(whose, ToString::to_string);
        count.iter().map(shown).collect::<Vec<_>>().join(", ")
    }
}

#[test]
fn the_node_that_has_failed_in_a_block_within_a_block_is_told_of() -> Result<(), Error> {
    quiet();
    for executor in BOTH {
        let driver = nested::driver().executor(executor).build()?;
        let counts = driver.execute::<nested::counts>(())?.into_values();
        assert_eq!(counts, "2, checked[1, 0]: one, 2", "{executor:?}");
    }
    Ok(())
}

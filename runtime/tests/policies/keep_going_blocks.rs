//! In dynamic blocks, too, what can run does: an item that fails takes away what needs it, and nothing else.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use millstream::prelude::*;
use millstream::{Error, ErrorPolicy, InputMap, Named, NodeError, Run};

use super::support::{BOTH, in_pool, quiet, short};

/// What comes of a run that keeps going, which is the same on every executor.
fn everywhere(
    graph: &Graph,
    names: &[&str],
    inputs: &(dyn Fn() -> InputMap + Sync),
    check: impl Fn(Run<Named>) -> Result<(), Error>,
) -> Result<(), Error> {
    quiet();
    for executor in BOTH {
        let driver = graph.driver().executor(executor).on_error(ErrorPolicy::KeepGoing).build()?;
        for _ in 0..2 {
            check(in_pool(|| driver.execute_named(names.iter().copied(), inputs()))?)?;
        }
    }
    let driver = graph.driver().on_error(ErrorPolicy::KeepGoing).build()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    let run = driver.execute_named_async(names.iter().copied(), inputs());
    check(runtime.block_on(run)?)
}

fn odd(row: &i32) -> Result<i32, String> {
    if row % 2 == 1 { Err(format!("{row} is odd")) } else { Ok(row * 10) }
}

/// Of each row `checked` is needed by `priced` alone; `worth` and `total` need that.
fn rows() -> Result<Graph, Error> {
    Graph::builder()
        .input::<Vec<i32>>("rows")
        .expand("row", ["rows"], |rows: &Vec<i32>| Parallelizable::new(rows.clone()))
        .try_function("checked", ["row"], odd)
        .function("priced", ["checked"], |checked: &i32| checked + 1)
        .function("label", ["row"], |row: &i32| format!("#{row}"))
        .function("total", ["priced"], |priced: Collect<'_, i32>| priced.iter().sum::<i32>())
        .function("labels", ["label"], |label: Collect<'_, String>| label.join(" "))
        .function("good", ["priced"], |priced: Collect<'_, Result<i32, NodeError>>| {
            priced.iter().filter(|priced| priced.is_ok()).count()
        })
        .function("worth", ["total", "labels"], |total: &i32, labels: &String| format!("{total} {labels}"))
        .build()
}

#[test]
fn a_list_that_does_not_need_what_failed_is_there() -> Result<(), Error> {
    let inputs = || InputMap::new().set("rows", vec![2, 4, 5, 6, 7]);
    everywhere(&rows()?, &["total", "labels", "good", "worth", "label", "row"], &inputs, |mut run| {
        assert_eq!(run.get::<String>("labels")?, "#2 #4 #5 #6 #7");
        assert_eq!(run.get::<usize>("good")?, &3);
        assert_eq!(run.get::<Vec<String>>("label")?.len(), 5);
        assert_eq!(run.get::<Vec<i32>>("row")?, &[2, 4, 5, 6, 7]);
        let report = run.report();
        assert_eq!(
            short(&report),
            "row done, checked failed, priced skipped [checked], label done, total skipped [checked], \
             labels done, good done, worth skipped [checked]"
        );
        let told: Vec<String> = report.errors().iter().map(ToString::to_string).collect();
        assert_eq!(told, ["node `checked` failed for item 2"]);
        assert!(report.to_string().contains("checked  failed   for 2 items, first: 5 is odd\n"), "{report}");
        let counts: Vec<usize> = report.nodes().iter().map(|it| it.failed_items).collect();
        assert_eq!(counts, [0, 2, 0, 0, 0, 0, 0, 0]);
        // The first item that failed, by its number, and the way to what was asked for.
        let error = run.take::<i32>("total").unwrap_err();
        assert_eq!(
            format!("{error:#}"),
            "node `checked` failed for item 2; it was needed on the way `checked` -> `priced` -> `total`: 5 is odd"
        );
        Ok(())
    })?;
    everywhere(&rows()?, &["total", "worth"], &|| InputMap::new().set("rows", vec![2, 4]), |run| {
        assert_eq!(run.get::<String>("worth")?, "62 #2 #4");
        assert!(run.report().is_complete());
        Ok(())
    })
}

#[test]
fn a_node_of_a_block_that_failed_for_an_item_has_failed_also_where_that_is_tolerated() -> Result<(), Error> {
    for policy in [ErrorPolicy::FailFast, ErrorPolicy::KeepGoing] {
        for executor in BOTH {
            let driver = rows()?.driver().executor(executor).on_error(policy).build()?;
            let inputs = InputMap::new().set("rows", vec![2, 3, 4, 5]);
            let run = in_pool(|| driver.execute_named(["good"], inputs))?;
            assert_eq!(run.get::<usize>("good")?, &2);
            let report = run.report();
            assert_eq!(short(&report), "row done, checked failed, priced skipped [checked], good done");
            assert_eq!(report.errors()[0].items(), [1]);
        }
    }
    Ok(())
}

#[test]
fn the_first_item_is_told_of_whichever_node_failed_for_it() -> Result<(), Error> {
    let fails_at = |at: i32| move |row: &i32| if *row == at { Err(format!("no {at}")) } else { Ok(*row) };
    let graph = Graph::builder()
        .expand("row", (), || Parallelizable::new(0..300))
        .try_function("first", ["row"], fails_at(250))
        .try_function("second", ["row"], fails_at(70))
        .function("both", ["first", "second"], |first: &i32, second: &i32| first + second)
        .function("sum", ["both"], |both: Collect<'_, i32>| both.iter().sum::<i32>())
        .function("firsts", ["first"], |first: Collect<'_, i32>| first.len())
        .function("last", ["sum"], |sum: &i32| *sum)
        .build()?;
    everywhere(&graph, &["last", "firsts"], &InputMap::new, |mut run| {
        assert_eq!(
            short(&run.report()),
            "row done, first failed, second failed, both skipped [first second], sum skipped [first second], \
             firsts skipped [first], last skipped [first second]"
        );
        let items = |error: Error| error.failure().map(|it| (it.node().to_owned(), it.items().to_vec()));
        assert_eq!(items(run.take::<i32>("last").unwrap_err()), Some(("second".to_owned(), vec![70])));
        assert_eq!(items(run.take::<usize>("firsts").unwrap_err()), Some(("first".to_owned(), vec![250])));
        Ok(())
    })
}

/// Whether there are items or not: `scaled` cannot do without `factor`.
#[test]
fn what_is_missing_outside_is_missing_for_those_who_need_it() -> Result<(), Error> {
    let graph = Graph::builder()
        .input::<Vec<i32>>("rows")
        .try_function("factor", (), || Err::<i32, _>("no rate"))
        .expand("row", ["rows"], |rows: &Vec<i32>| Parallelizable::new(rows.clone()))
        .function("scaled", ["row", "factor"], |row: &i32, factor: &i32| row * factor)
        .function("guessed", ["row", "factor"], |row: &i32, factor: Result<&i32, &NodeError>| {
            row * factor.map_or(1, |factor| *factor)
        })
        .function("total", ["scaled"], |scaled: Collect<'_, i32>| scaled.iter().sum::<i32>())
        .function("guess", ["guessed"], |guessed: Collect<'_, i32>| guessed.iter().sum::<i32>())
        .function("tried", ["scaled"], |scaled: Collect<'_, Result<i32, NodeError>>| scaled.len())
        .build()?;
    for rows in [vec![1, 2, 3], vec![]] {
        let inputs = || InputMap::new().set("rows", rows.clone());
        everywhere(&graph, &["total", "guess", "tried"], &inputs, |mut run| {
            assert_eq!(run.get::<i32>("guess")?, &rows.iter().sum::<i32>());
            assert_eq!(run.get::<usize>("tried")?, &rows.len());
            assert_eq!(run.take::<i32>("total").unwrap_err().failure().unwrap().node(), "factor");
            assert_eq!(
                short(&run.report()),
                "factor failed, row done, scaled skipped [factor], guessed done, total skipped [factor], \
                 guess done, tried done"
            );
            Ok(())
        })?;
    }
    Ok(())
}

#[test]
fn also_in_blocks_within_blocks() -> Result<(), Error> {
    let graph = Graph::builder()
        .expand("order", (), || Parallelizable::new([1, 2, 3]))
        .expand("line", ["order"], |order: &i32| Parallelizable::new(0..*order))
        .try_function("price", ["order", "line"], |order: &i32, line: &i32| {
            if (*order, *line) == (2, 1) { Err("no price") } else { Ok(order * 10 + line) }
        })
        .function("sum", ["price"], |price: Collect<'_, i32>| price.iter().sum::<i32>())
        .function("lines", ["line"], |line: Collect<'_, i32>| line.len())
        .function("sums", ["sum"], |sum: Collect<'_, Result<i32, NodeError>>| {
            sum.iter().map(|sum| *sum.as_ref().unwrap_or(&0)).collect::<Vec<_>>()
        })
        .function("all", ["sum"], |sum: Collect<'_, i32>| sum.len())
        .function("counts", ["lines"], |lines: Collect<'_, usize>| lines.to_vec())
        .build()?;
    everywhere(&graph, &["sums", "all", "counts", "line", "price"], &InputMap::new, |mut run| {
        assert_eq!(run.get::<Vec<i32>>("sums")?, &[10, 0, 93]);
        assert_eq!(run.get::<Vec<usize>>("counts")?, &[1, 2, 3]);
        assert_eq!(run.get::<Vec<Vec<i32>>>("line")?.len(), 3);
        for (name, error) in [
            ("all", run.take::<usize>("all").unwrap_err()),
            ("price", run.take::<Vec<Vec<i32>>>("price").unwrap_err()),
        ] {
            assert_eq!(error.failure().unwrap().items(), [1, 1], "{name}");
        }
        assert_eq!(
            short(&run.report()),
            "order done, line done, price failed, sum skipped [price], lines done, sums done, \
             all skipped [price], counts done"
        );
        Ok(())
    })
}

#[test]
fn an_item_that_cannot_be_had_is_missing_and_the_next_one_is_not() -> Result<(), Error> {
    let graph = Graph::builder()
        .expand("digit", (), || Parallelizable::fallible(["1", "x", "3", "y"].map(str::parse::<i32>)))
        .function("next", ["digit"], |digit: &i32| digit + 1)
        .function("found", ["next"], |next: Collect<'_, Result<i32, NodeError>>| {
            next.iter().map(|next| next.as_ref().ok().copied()).collect::<Vec<_>>()
        })
        .function("sum", ["next"], |next: Collect<'_, i32>| next.iter().sum::<i32>())
        .build()?;
    everywhere(&graph, &["found", "sum"], &InputMap::new, |mut run| {
        assert_eq!(run.get::<Vec<Option<i32>>>("found")?, &[Some(2), None, Some(4), None]);
        let error = run.take::<i32>("sum").unwrap_err();
        assert_eq!(error.failure().map(|it| (it.node(), it.items())), Some(("digit", [1].as_slice())));
        assert_eq!(
            short(&run.report()),
            "digit failed, next skipped [digit], found done, sum skipped [digit]"
        );
        assert_eq!(run.report().nodes()[0].failed_items, 2);
        Ok(())
    })
}

/// That an item of a block within cannot be had is no failure of the items around it.
#[test]
fn who_tolerates_items_that_cannot_be_had_has_not_been_skipped() -> Result<(), Error> {
    let graph = Graph::builder()
        .expand("text", (), || Parallelizable::new(["1 x", "2"]))
        .expand("digit", ["text"], |text: &&'static str| {
            Parallelizable::fallible(text.split(' ').map(str::parse::<i32>))
        })
        .function("found", ["digit"], |digit: Collect<'_, Result<i32, NodeError>>| digit.len())
        .function("sum", ["digit"], |digit: Collect<'_, i32>| digit.iter().sum::<i32>())
        .function("all", ["found"], |found: Collect<'_, usize>| found.to_vec())
        .build()?;
    everywhere(&graph, &["all", "sum"], &InputMap::new, |run| {
        assert_eq!(run.get::<Vec<usize>>("all")?, &[2, 1]);
        assert_eq!(
            short(&run.report()),
            "text done, digit failed, found done, sum skipped [digit], all done"
        );
        Ok(())
    })
}

/// Also where it is given a few at once: the items before it are not lost.
#[test]
fn a_source_that_panics_has_no_further_items() -> Result<(), Error> {
    let graph = Graph::builder()
        .expand("number", (), || {
            Parallelizable::new((0..).map(|number| if number < 200 { number } else { panic!("oh") }))
        })
        .function("next", ["number"], |number: &i32| number + 1)
        .function("found", ["next"], |next: Collect<'_, Result<i32, NodeError>>| {
            (next.len(), next.iter().filter(|next| next.is_ok()).count())
        })
        .build()?;
    everywhere(&graph, &["found"], &InputMap::new, |run| {
        assert_eq!(run.get::<(usize, usize)>("found")?, &(201, 200));
        assert_eq!(run.report().errors()[0].items(), [200]);
        Ok(())
    })
}

/// What is given for an item that cannot be had is not taken for that of the next one.
#[test]
fn given_values_stay_with_their_items() -> Result<(), Error> {
    let graph = Graph::builder()
        .expand("digit", (), || Parallelizable::fallible(["1", "x", "3"].map(str::parse::<i32>)))
        .function("factor", ["digit"], |digit: &i32| digit * 2)
        .function("scaled", ["digit", "factor"], |digit: &i32, factor: &i32| digit * factor)
        .function("found", ["scaled"], |scaled: Collect<'_, Result<i32, NodeError>>| {
            scaled.iter().map(|scaled| scaled.as_ref().ok().copied()).collect::<Vec<_>>()
        })
        .build()?;
    quiet();
    for executor in BOTH {
        let driver = graph.driver().executor(executor).on_error(ErrorPolicy::KeepGoing).build()?;
        let run = in_pool(|| driver.override_named("factor", vec![10, 20, 30]).execute_named(["found"], ()))?;
        assert_eq!(run.get::<Vec<Option<i32>>>("found")?, &[Some(10), None, Some(90)]);
        // What is given did not run.
        assert_eq!(short(&run.report()), "digit failed, scaled skipped [digit], found done");
        let run = in_pool(|| driver.override_named("digit", vec![1, 2]).execute_named(["found"], ()))?;
        assert_eq!(run.get::<Vec<Option<i32>>>("found")?, &[Some(2), Some(8)]);
        assert_eq!(short(&run.report()), "factor done, scaled done, found done");
        let two = driver.override_named("factor", vec![10, 20]);
        let error =
            in_pool(|| two.execute_named(["found"], ()))?.take::<Vec<Option<i32>>>("found").unwrap_err();
        assert!(
            error.to_string().contains("`factor` was given 2 values, but `digit` has more items"),
            "{error}"
        );
        let both = driver.override_named("digit", vec![1, 2]).override_named("factor", vec![10]);
        let report = in_pool(|| both.execute_named(["found"], ()))?.report();
        assert_eq!(
            report.to_string(),
            "digit   failed   `factor` was given 1 value, but `digit` has more items\n\
             scaled  not reached\n\
             found   skipped  because of `digit`\n"
        );
    }
    Ok(())
}

/// Panics when one of them is dropped.
struct Touchy(Arc<AtomicUsize>);

impl Drop for Touchy {
    fn drop(&mut self) {
        assert_ne!(self.0.fetch_add(1, Ordering::Relaxed), 1, "touched");
    }
}

#[test]
fn a_value_that_panics_when_it_is_dropped_takes_no_item_away() -> Result<(), Error> {
    quiet();
    for executor in BOTH {
        let dropped = Arc::<AtomicUsize>::default();
        let theirs = Arc::clone(&dropped);
        let graph = Graph::builder()
            .expand("row", (), || Parallelizable::new(0..4))
            .function("touchy", ["row"], move |_: &i32| Touchy(Arc::clone(&theirs)))
            .function("value", ["touchy", "row"], |_: &Touchy, row: &i32| *row)
            .function("sum", ["value"], |value: Collect<'_, i32>| value.iter().sum::<i32>())
            .build()?;
        let driver = graph.driver().executor(executor).on_error(ErrorPolicy::KeepGoing).build()?;
        let run = in_pool(|| driver.execute_named(["sum"], ()))?;
        assert_eq!(run.get::<i32>("sum")?, &6);
        assert_eq!(dropped.load(Ordering::Relaxed), 4);
        let report = run.report();
        assert_eq!(short(&report), "row done, touchy done, value done, sum done");
        assert_eq!(report.errors()[0].node(), "touchy");
    }
    Ok(())
}

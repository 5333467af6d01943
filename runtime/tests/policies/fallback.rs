//! What stands in for nodes that fail.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use millstream::prelude::*;
use millstream::{Error, ErrorPolicy, GraphBuilder, Nodes, Outcome, Own, Retry};

use super::support::{BOTH, Counted, Counter, in_pool, quiet, short};

const POLICIES: [ErrorPolicy; 2] = [ErrorPolicy::FailFast, ErrorPolicy::KeepGoing];

/// `price` needs `live`, for which `stored` stands in, which needs `file` and `shared`.
fn prices(works: bool, stored: Result<u64, &'static str>, ran: &Arc<AtomicUsize>) -> GraphBuilder {
    let (file, all) = (Arc::clone(ran), Arc::clone(ran));
    Graph::builder()
        .function("shared", (), || 1_u64)
        .function("file", ["shared"], move |shared: &u64| {
            file.fetch_add(1, Ordering::SeqCst);
            *shared + 1
        })
        .try_function("stored", ["file", "shared"], move |file: &u64, shared: &u64| {
            all.fetch_add(1, Ordering::SeqCst);
            stored.map(|stored| stored + file + shared)
        })
        .try_function(
            "live",
            ["shared"],
            move |shared: &u64| if works { Ok(*shared * 100) } else { Err("closed") },
        )
        .fallback("stored")
        .function("price", ["live"], |live: &u64| live * 2)
}

#[test]
fn it_runs_only_where_it_is_needed() -> Result<(), Error> {
    for executor in BOTH {
        for policy in POLICIES {
            let ran = Arc::new(AtomicUsize::new(0));
            let driver = |works| {
                prices(works, Ok(10), &ran).build()?.driver().executor(executor).on_error(policy).build()
            };
            let run = in_pool(|| driver(true)?.execute_named(["price"], ()))?;
            assert_eq!(run.get::<u64>("price")?, &200);
            assert_eq!(ran.load(Ordering::SeqCst), 0);
            let report = run.report();
            assert!(report.is_complete() && report.errors().is_empty());
            assert_eq!(
                short(&report),
                "shared done, live done, file not needed, stored not needed, price done"
            );

            let driver = driver(false)?;
            for _ in 0..2 {
                let run = in_pool(|| driver.execute_named(["price"], ()))?;
                assert_eq!(run.get::<u64>("price")?, &26);
                assert_eq!(ran.swap(0, Ordering::SeqCst), 2);
                let report = run.report();
                assert!(report.is_complete());
                assert_eq!(
                    short(&report),
                    "shared done, live fell back on stored, file done, stored done, price done"
                );
                assert_eq!(report.errors()[0].to_string(), "node `live` failed");
                assert!(
                    report.to_string().contains("live    done     fell back on `stored`: closed\n"),
                    "{report}"
                );
            }
        }
    }
    Ok(())
}

#[test]
fn what_others_need_too_runs_in_any_case() -> Result<(), Error> {
    for executor in BOTH {
        let ran = Arc::new(AtomicUsize::new(0));
        let driver = prices(true, Ok(10), &ran).build()?.driver().executor(executor).build()?;
        let run = in_pool(|| driver.execute_named(["price", "stored"], ()))?;
        assert_eq!((run.get::<u64>("price")?, run.get::<u64>("stored")?), (&200, &13));
        assert_eq!(short(&run.report()), "shared done, file done, stored done, live done, price done");
    }
    Ok(())
}

#[test]
fn where_that_fails_too_the_node_has_failed() -> Result<(), Error> {
    for executor in BOTH {
        let ran = Arc::new(AtomicUsize::new(0));
        let graph = prices(false, Err("no file"), &ran).build()?;
        let driver = graph.driver().executor(executor).build()?;
        let error = in_pool(|| driver.execute_named(["price"], ())).unwrap_err();
        assert_eq!(
            format!("{error:#}"),
            "node `live` failed; so did `stored`, which was to stand in for it (no file); it was needed on the way `live` -> `price`: closed"
        );
        let driver = graph.driver().executor(executor).on_error(ErrorPolicy::KeepGoing).build()?;
        let mut run = in_pool(|| driver.execute_named(["price", "shared"], ()))?;
        assert_eq!(
            short(&run.report()),
            "shared done, live failed, file done, stored failed, price skipped [stored live]"
        );
        assert_eq!(run.take::<u64>("price").unwrap_err().failure().unwrap().node(), "live");
        let errors: Vec<String> = run.report().errors().iter().map(ToString::to_string).collect();
        assert_eq!(errors, ["node `live` failed", "node `stored` failed"]);
    }
    Ok(())
}

#[test]
fn it_stands_in_also_where_something_that_is_needed_has_failed() -> Result<(), Error> {
    quiet();
    let graph = Graph::builder()
        .function("quotes", (), || -> u64 { panic!("no quotes") })
        .function("live", ["quotes"], |quotes: &u64| *quotes)
        .fallback_value(7_u64)
        .function("price", ["live"], |live: &u64| live * 2)
        .build()?;
    for executor in BOTH {
        for policy in POLICIES {
            let driver = graph.driver().executor(executor).on_error(policy).build()?;
            let run = in_pool(|| driver.execute_named(["price", "live"], ()))?;
            assert_eq!(run.get::<u64>("price")?, &14);
            assert_eq!(short(&run.report()), "quotes failed, live fell back, price done");
            assert!(matches!(
                run.report().outcome("live"),
                Some(Outcome::FellBack { on: None, error }) if error.node() == "quotes"
            ));
            assert_eq!(run.report().errors().len(), 1);
        }
    }
    Ok(())
}

#[test]
fn it_may_have_one_itself_and_stand_in_for_several() -> Result<(), Error> {
    for executor in BOTH {
        for (first_works, second_works, expected) in
            [(true, true, (1, 2)), (false, true, (30, 2)), (true, false, (1, 30)), (false, false, (30, 30))]
        {
            let ran = Arc::new(AtomicUsize::new(0));
            let counted = Arc::clone(&ran);
            let graph = Graph::builder()
                .try_function("first", (), move || if first_works { Ok(1) } else { Err("no") })
                .fallback("spare")
                .try_function("second", (), move || if second_works { Ok(2) } else { Err("no") })
                .fallback("spare")
                .try_function("spare", (), move || {
                    counted.fetch_add(1, Ordering::SeqCst);
                    Err::<i32, _>("no")
                })
                .fallback("last")
                .function("last", (), || 30)
                .build()?;
            let driver = graph.driver().executor(executor).build()?;
            let run = in_pool(|| driver.execute_named(["first", "second"], ()))?;
            assert_eq!((*run.get::<i32>("first")?, *run.get::<i32>("second")?), expected);
            assert_eq!(ran.load(Ordering::SeqCst), usize::from(!(first_works && second_works)));
        }
    }
    Ok(())
}

#[test]
fn values_are_moved_or_cloned_and_dropped_once() -> Result<(), Error> {
    quiet();
    for works in [true, false] {
        for (outputs, clones) in [(vec!["used"], 0), (vec!["used", "spare"], 1)] {
            let counter = Counter::default();
            let (first, second) = (counter.clone(), counter.clone());
            let graph = Graph::builder()
                .function("live", (), move || {
                    let value = first.make(1);
                    assert!(works, "oh");
                    value
                })
                .value_type(millstream::value_type!(Counted))
                .fallback("spare")
                .function("spare", (), move || second.make(2))
                .value_type(millstream::value_type!(Counted))
                .function("used", ["live"], |Own(live): Own<Counted>| live)
                .build()?;
            for executor in BOTH {
                let driver = graph.driver().executor(executor).build()?;
                let mut run = in_pool(|| driver.execute_named(&outputs, ()))?;
                assert_eq!(counter.live(), outputs.len(), "{clones}");
                assert_eq!(run.take::<Counted>("used")?.value, if works { 1 } else { 2 });
                drop(run);
                assert_eq!(counter.live(), 0);
            }
        }
    }
    Ok(())
}

#[test]
fn parts_are_those_of_what_stands_in() -> Result<(), Error> {
    let graph = Graph::builder()
        .try_function("pair", (), || Err::<(i32, i32), _>("no"))
        .fallback_value((3, 4))
        .parts(["low", "high"], |pair: (i32, i32)| pair)
        .function("sum", ["low", "high"], |low: &i32, high: &i32| low + high)
        .build();
    // `parts` adds nodes, so it comes last.
    let graph = graph?;
    for executor in BOTH {
        let driver = graph.driver().executor(executor).build()?;
        let run = driver.execute_named(["sum", "low"], ())?;
        assert_eq!((run.get::<i32>("sum")?, run.get::<i32>("low")?), (&7, &3));
    }
    Ok(())
}

#[test]
fn it_comes_after_all_attempts_and_before_who_tolerates() -> Result<(), Error> {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let graph = Graph::builder()
        .try_function("live", (), move || {
            counted.fetch_add(1, Ordering::SeqCst);
            Err::<i32, _>("no")
        })
        .fallback_value(5)
        .function("shown", ["live"], |live: Result<&i32, &NodeError>| live.map_or(-1, |live| *live))
        .build()?;
    for executor in BOTH {
        calls.store(0, Ordering::SeqCst);
        let driver = graph.driver().executor(executor).retry(Nodes::all(), Retry::times(2)).build()?;
        let run = driver.execute_named(["shown"], ())?;
        assert_eq!(run.get::<i32>("shown")?, &5);
        assert_eq!(calls.load(Ordering::SeqCst), 3);
        assert!(run.report().to_string().contains("fell back on a constant: no (after 3 attempts)"));
    }
    Ok(())
}

#[test]
fn a_node_that_is_well_has_not_fallen_back_whatever_has_failed_elsewhere() -> Result<(), Error> {
    let graph = Graph::builder()
        .try_function("spare", (), || Err::<i32, _>("no"))
        .function("live", (), || 1)
        .fallback("spare")
        .build()?;
    for executor in BOTH {
        let driver = graph.driver().executor(executor).on_error(ErrorPolicy::KeepGoing).build()?;
        let run = in_pool(|| driver.execute_named(["live", "spare"], ()))?;
        assert_eq!(short(&run.report()), "spare failed, live done");
    }
    Ok(())
}

/// `shared` stands in for what stands in for the node that needs it, and for a node besides.
#[test]
fn what_stands_in_may_be_needed_by_those_that_it_stands_in_for() -> Result<(), Error> {
    let refused = |_: &i32| Err::<i32, _>("no");
    let graph = Graph::builder()
        .function("start", (), || 1)
        .function("shared", ["start"], |start: &i32| start + 1)
        .try_function("third", ["start"], refused)
        .fallback("shared")
        .try_function("second", ["shared"], refused)
        .fallback("third")
        .try_function("first", ["start"], refused)
        .fallback("second")
        .try_function("after", ["first"], refused)
        .fallback("shared")
        .build()?;
    for executor in BOTH {
        let driver = graph.driver().executor(executor).build()?;
        for (output, report) in [
            ("first", "start done, shared done, third fell back on shared, second fell back on third"),
            ("after", "first fell back on second, after fell back on shared"),
        ] {
            let run = in_pool(|| driver.execute_named([output], ()))?;
            assert_eq!(run.get::<i32>(output)?, &2);
            let all = short(&run.report());
            assert!(report.split(", ").all(|one| all.contains(one)), "{all}");
        }
    }
    Ok(())
}

/// Both collect from one block, which runs as a whole.
#[test]
fn what_stands_in_may_need_nodes_of_a_block_that_runs_in_any_case() -> Result<(), Error> {
    for works in [true, false] {
        let graph =
            Graph::builder()
                .function("offset", (), || 10)
                .expand("row", (), || Parallelizable::new([1, 2, 3]))
                .function("fine", ["row"], |row: &i32| *row)
                .function("rough", ["row", "offset"], |row: &i32, offset: &i32| row + offset)
                .try_function("live", ["fine"], move |fine: Collect<'_, i32>| {
                    if works { Ok(fine.iter().sum::<i32>()) } else { Err("closed") }
                })
                .fallback("stored")
                .function("stored", ["rough"], |rough: Collect<'_, i32>| rough.iter().sum::<i32>())
                .build()?;
        for executor in BOTH {
            let driver = graph.driver().executor(executor).build()?;
            let run = in_pool(|| driver.execute_named(["live"], ()))?;
            assert_eq!(run.get::<i32>("live")?, &if works { 6 } else { 36 });
            let (live, stored) = if works { ("done", "not needed") } else { ("fell back on stored", "done") };
            assert_eq!(
                short(&run.report()),
                format!("offset done, row done, fine done, rough done, live {live}, stored {stored}")
            );
        }
    }
    Ok(())
}

#[test]
fn a_block_that_only_what_stands_in_needs_runs_only_then() -> Result<(), Error> {
    for works in [true, false] {
        let graph = Graph::builder()
            .try_function("live", (), move || if works { Ok(1) } else { Err("closed") })
            .fallback("stored")
            .expand("row", (), || Parallelizable::new([1, 2, 3]))
            .function("double", ["row"], |row: &i32| row * 2)
            .function("stored", ["double"], |double: Collect<'_, i32>| double.iter().sum::<i32>())
            .build()?;
        for executor in BOTH {
            let driver = graph.driver().executor(executor).build()?;
            let run = in_pool(|| driver.execute_named(["live"], ()))?;
            assert_eq!(run.get::<i32>("live")?, &if works { 1 } else { 12 });
            let (live, rest) = if works { ("done", "not needed") } else { ("fell back on stored", "done") };
            assert_eq!(
                short(&run.report()),
                format!("live {live}, row {rest}, double {rest}, stored {rest}")
            );
            // The same where the items are given.
            let given = driver.override_named("row", vec![4]);
            let run = in_pool(|| given.execute_named(["live"], ()))?;
            assert_eq!(run.get::<i32>("live")?, &if works { 1 } else { 8 });
            assert!(short(&run.report()).ends_with(&format!("double {rest}, stored {rest}")));
        }
    }
    Ok(())
}

#[dataflow]
mod flow {
    use std::sync::atomic::{AtomicBool, Ordering};

    pub static WORKS: AtomicBool = AtomicBool::new(false);

    #[inputs]
    pub struct Inputs {
        pub default_rate: f64,
    }

    #[node]
    #[fallback(stored)]
    pub fn live() -> Result<f64, String> {
        if super::flow::WORKS.load(Ordering::SeqCst) { Ok(1.0) } else { Err("closed".to_owned()) }
    }

    #[node]
    #[fallback(default_rate)]
    pub fn stored() -> Result<f64, String> {
        Err("no file".to_owned())
    }

    #[node]
    #[fallback(value(Vec::from([0.5])))]
    pub fn rates(live: &f64) -> Result<Vec<f64>, String> {
        if *live > 2.0 { Err("too high".to_owned()) } else { Ok(vec![*live]) }
    }

    #[node]
    pub fn sum(rates: &[f64]) -> f64 {
        rates.iter().sum()
    }
}

#[test]
fn a_node_says_itself_what_stands_in() -> Result<(), Error> {
    for executor in BOTH {
        let driver = flow::driver().executor(executor).build()?;
        for (works, rate, sum, report) in [
            (true, 9.0, 1.0, "live done, stored not needed, rates done, sum done"),
            (
                false,
                2.0,
                2.0,
                "live fell back on stored, stored fell back on default_rate, rates done, sum done",
            ),
            (
                false,
                9.0,
                0.5,
                "live fell back on stored, stored fell back on default_rate, rates fell back, sum done",
            ),
        ] {
            flow::WORKS.store(works, Ordering::SeqCst);
            let run = in_pool(|| driver.execute::<flow::sum>(flow::Inputs { default_rate: rate }))?;
            assert_eq!(short(&run.report()), report);
            assert_eq!(run.into_values(), sum);
        }
        assert_eq!(
            driver.execute::<flow::sum>(()).unwrap_err().to_string(),
            "input `default_rate` is missing, which `stored` needs; supply a `f64`"
        );
    }
    // In another graph it is found by its name.
    let graph = flow::dataflow().graph().subgraph(|_| true)?;
    assert_eq!(graph.hash(), flow::dataflow().graph().hash());
    flow::WORKS.store(false, Ordering::SeqCst);
    let run = graph
        .driver()
        .build()?
        .execute_named(["live"], millstream::InputMap::new().set("default_rate", 3.0))?;
    assert_eq!(run.get::<f64>("live")?, &3.0);
    Ok(())
}

#[test]
fn what_does_not_fit_is_refused() {
    let error = |builder: GraphBuilder| builder.build().unwrap_err().to_string();
    let live = || Graph::builder().function("live", (), || 1.5);
    assert_eq!(
        error(live().fallback("lvie")),
        "node `live` falls back on `lvie`, which is neither a node nor an input; did you mean `live`?"
    );
    assert_eq!(
        error(live().fallback("text").function("text", (), String::new)),
        "node `live` yields `f64`, but falls back on `text`, which is `String`; name a node of the same type"
    );
    assert_eq!(
        error(live().fallback_value(1_u8)),
        "node `live` yields `f64`, but falls back on a `u8`; give it a `f64`"
    );
    assert_eq!(
        error(Graph::builder().input::<f64>("x").fallback_value(1.5)),
        "`x` does not run, so `fallback_value` means nothing for it; call `fallback_value` after a node"
    );
}

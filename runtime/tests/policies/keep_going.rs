//! What can run does, and each node is accounted for.

use millstream::prelude::*;
use millstream::{Error, ErrorKind, ErrorPolicy, Feed, NodeErrorKind, Own};

use super::support::{BOTH, Counted, Counter, in_pool, quiet, short};

/// `bad` and `worse` fail; of the diamond on `bad` one side is good.
fn diamond() -> Result<Graph, Error> {
    Graph::builder()
        .function("source", (), || 1.0)
        .try_function("bad", ["source"], |_: &f64| Err::<f64, _>("no"))
        .function("worse", ["source"], |_: &f64| -> f64 { panic!("oh") })
        .function("left", ["bad"], |bad: &f64| *bad)
        .function("right", ["source"], |source: &f64| *source)
        .function("join", ["left", "right"], |left: &f64, right: &f64| left + right)
        .function("both", ["left", "worse"], |left: &f64, worse: &f64| left + worse)
        .function("good", ["right"], |right: &f64| right + 1.0)
        .build()
}

#[test]
fn what_can_run_does() -> Result<(), Error> {
    quiet();
    for executor in BOTH {
        let driver = diamond()?.driver().executor(executor).on_error(ErrorPolicy::KeepGoing).build()?;
        let run = in_pool(|| driver.execute_named(["join", "both", "good"], ()))?;
        assert_eq!(run.get::<f64>("good")?, &2.0);
        assert_eq!(run.values().names(), ["good"]);
        assert_eq!(
            short(&run.report()),
            "source done, bad failed, worse failed, left skipped [bad], right done, join skipped [bad], \
             both skipped [bad worse], good done"
        );
        assert!(!run.report().is_complete());
        let errors: Vec<String> = run.report().errors().iter().map(ToString::to_string).collect();
        assert_eq!(errors, ["node `bad` failed", "node `worse` panicked: oh"]);
        assert_eq!(
            run.report().to_string(),
            "\
source  done
bad     failed   no
worse   failed   oh
left    skipped  because of `bad`
right   done
join    skipped  because of `bad`
both    skipped  because of `bad`, `worse`
good    done
"
        );
    }
    Ok(())
}

#[test]
fn what_is_missing_says_why() -> Result<(), Error> {
    quiet();
    for executor in BOTH {
        let driver = diamond()?.driver().executor(executor).on_error(ErrorPolicy::KeepGoing).build()?;
        let mut run = driver.execute_named(["both", "good"], ())?;
        let error = run.take::<f64>("both").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Node);
        // The first of the two, and the way to what was asked for.
        assert_eq!(
            format!("{error:#}"),
            "node `bad` failed; it was needed on the way `bad` -> `left` -> `both`: no"
        );
        assert_eq!(run.take::<f64>("good")?, 2.0);
        assert_eq!(
            run.get::<f64>("good").unwrap_err().to_string(),
            "there is no value `good`; ask for it when the graph is run"
        );
    }
    Ok(())
}

#[test]
fn what_lacks_a_list_says_which_node_of_the_block_has_failed() -> Result<(), Error> {
    let graph = Graph::builder()
        .expand("row", (), || Parallelizable::new([1, 2, 3]))
        .try_function("checked", ["row"], |row: &i32| if *row == 2 { Err("odd") } else { Ok(*row) })
        .function("sum", ["checked"], |checked: Collect<'_, i32>| checked.iter().sum::<i32>())
        .function("count", (), || 1)
        .build()?;
    for executor in BOTH {
        let driver = graph.driver().executor(executor).on_error(ErrorPolicy::KeepGoing).build()?;
        let run = in_pool(|| driver.execute_named(["sum", "count"], ()))?;
        assert_eq!(short(&run.report()), "row done, checked failed, sum skipped [checked], count done");
    }
    Ok(())
}

#[dataflow]
mod prices {
    #[node]
    pub fn quote() -> Result<f64, String> {
        Err("closed".to_owned())
    }

    #[node]
    pub fn price(quote: &f64) -> f64 {
        quote * 1.1
    }

    #[node]
    pub fn fee() -> f64 {
        0.5
    }

    #[node]
    pub fn charge(fee: f64) -> f64 {
        fee * 2.0
    }
}

#[test]
fn typed_outputs_are_all_there_or_the_run_has_failed() -> Result<(), Error> {
    for executor in BOTH {
        let driver = prices::driver().executor(executor).on_error(ErrorPolicy::KeepGoing).build()?;
        let run = driver.execute::<(prices::fee, prices::charge)>(())?;
        assert!(run.report().is_complete());
        assert_eq!(run.into_values(), (0.5, 1.0));

        let error = driver.execute::<(prices::charge, prices::price)>(()).unwrap_err();
        assert_eq!(error.failure().unwrap().chain(), ["quote", "price"]);
        assert_eq!(error.failure().unwrap().needed_by(), ["price"]);
        let report = short(error.report().unwrap());
        assert_eq!(report, "quote failed, price skipped [quote], fee done, charge done");
    }
    Ok(())
}

#[test]
fn a_part_of_the_outputs_can_be_had_whatever_the_driver_does_otherwise() -> Result<(), Error> {
    for executor in BOTH {
        let driver = prices::driver().executor(executor).build()?;
        let run = driver.execute_partial::<(prices::price, prices::charge, prices::quote)>(())?;
        assert_eq!(run.report().errors().len(), 1);
        let (price, charge, quote) = run.into_values();
        assert_eq!(price.unwrap_err().chain(), ["quote", "price"]);
        assert_eq!(charge.ok(), Some(1.0));
        assert_eq!(quote.unwrap_err().kind(), NodeErrorKind::Failed);
        let one = driver.execute_partial::<prices::fee>(())?.into_values();
        assert_eq!(one.ok(), Some(0.5));
        assert!(driver.execute::<prices::price>(()).unwrap_err().report().is_none());
    }
    Ok(())
}

#[test]
fn what_is_wrong_before_anything_runs_is_an_error_under_every_policy() -> Result<(), Error> {
    let graph = Graph::builder().input::<f64>("x").function("y", ["x"], |x: &f64| *x).build()?;
    let driver = graph.driver().on_error(ErrorPolicy::KeepGoing).build()?;
    assert_eq!(driver.execute_named(["y"], ()).unwrap_err().kind(), ErrorKind::Request);
    Ok(())
}

#[test]
fn values_are_dropped_once_whatever_fails() -> Result<(), Error> {
    quiet();
    let counter = Counter::default();
    let (first, second, third) = (counter.clone(), counter.clone(), counter.clone());
    let graph = Graph::builder()
        .function("a", (), move || first.make(1))
        .function("b", (), move || second.make(2))
        .function("c", ["a"], |a: &Counted| a.clone())
        .try_function("takes", ["a", "b"], |_: Own<Counted>, _: &Counted| Err::<Counted, _>("no"))
        .function("panics", ["c"], move |c: &Counted| -> Counted {
            let _own = third.make(c.value);
            panic!("oh")
        })
        .function("lost", ["takes", "b", "c"], |_: &Counted, b: &Counted, _: Own<Counted>| b.clone())
        .function("kept", ["b"], |b: &Counted| b.clone())
        .build()?;
    for executor in BOTH {
        for policy in [ErrorPolicy::FailFast, ErrorPolicy::KeepGoing] {
            let driver = graph.driver().executor(executor).on_error(policy).build()?;
            for _ in 0..3 {
                let run = in_pool(|| driver.execute_named(["lost", "panics", "kept"], ()));
                match run {
                    Ok(mut run) => {
                        assert_eq!(policy, ErrorPolicy::KeepGoing);
                        assert_eq!(counter.live(), 1, "all but what is asked for");
                        assert_eq!(run.take::<Counted>("kept")?.value, 2);
                    }
                    Err(error) => assert_eq!(error.failure().unwrap().node(), "takes"),
                }
                assert_eq!(counter.live(), 0);
            }
        }
    }
    Ok(())
}

/// Panics when it is dropped.
struct Explosive;

impl Drop for Explosive {
    fn drop(&mut self) {
        panic!("it blew up");
    }
}

#[test]
fn a_panic_in_drop_is_reported_and_takes_nothing_away() -> Result<(), Error> {
    quiet();
    let graph = Graph::builder()
        .function("bomb", (), || Explosive)
        .function("uses", ["bomb"], |_: &Explosive| 1)
        .build()?;
    for executor in BOTH {
        let driver = graph.driver().executor(executor).on_error(ErrorPolicy::KeepGoing).build()?;
        let run = in_pool(|| driver.execute_named(["uses"], ()))?;
        assert_eq!(run.get::<i32>("uses")?, &1);
        assert!(!run.report().is_complete());
        assert_eq!(
            run.report().to_string(),
            "bomb  done\nuses  done\nbomb  dropped  it blew up (while its value was dropped)\n"
        );
    }
    Ok(())
}

/// Panics when its error is dropped.
#[derive(Debug)]
struct Touchy;

impl std::fmt::Display for Touchy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("touchy")
    }
}

impl std::error::Error for Touchy {}

impl Drop for Touchy {
    fn drop(&mut self) {
        panic!("touched");
    }
}

#[test]
fn an_error_that_panics_when_it_is_dropped_does_not_get_out() -> Result<(), Error> {
    quiet();
    let graph = Graph::builder()
        .try_function("a", (), || Err::<i32, _>(Touchy))
        .try_function("b", (), || Err::<i32, _>(Touchy))
        .function("both", ["a", "b"], |a: &i32, b: &i32| a + b)
        .build()?;
    for executor in BOTH {
        for policy in [ErrorPolicy::FailFast, ErrorPolicy::KeepGoing] {
            let driver = graph.driver().executor(executor).on_error(policy).build()?;
            drop(in_pool(|| driver.execute_named(["both"], ())));
        }
    }
    Ok(())
}

#[test]
fn a_copy_that_cannot_be_made_leaves_the_value_to_others() -> Result<(), Error> {
    quiet();
    #[derive(Debug)]
    struct Stubborn;
    impl Clone for Stubborn {
        fn clone(&self) -> Self {
            panic!("no clone")
        }
    }
    #[node]
    fn one() -> Stubborn {
        Stubborn
    }
    #[node]
    fn reads(one: &Stubborn) -> u8 {
        let _ = one;
        1
    }
    let graph = Graph::builder().node::<one>().node::<reads>().build()?;
    for executor in BOTH {
        let driver = graph.driver().executor(executor).build()?;
        let run = driver.execute_partial::<(one, one, reads)>(())?;
        assert_eq!(short(&run.report()), "one failed, reads done");
        let (first, second, reads) = run.into_values();
        assert!(first.unwrap_err().panicked());
        assert!(second.is_ok());
        assert_eq!(reads.ok(), Some(1));
    }
    Ok(())
}

#[test]
fn a_default_that_panics_is_in_the_report() -> Result<(), Error> {
    quiet();
    struct Stubborn;
    impl Clone for Stubborn {
        fn clone(&self) -> Self {
            panic!("no clone")
        }
    }
    let graph = Graph::builder()
        .input_or("window", Stubborn)
        .function("a", ["window"], |_: &Stubborn| 1)
        .function("b", (), || 2)
        .function("all", [Feed::group(["b"])], |all: Vec<&i32>| all.len())
        .build()?;
    for executor in BOTH {
        let driver = graph.driver().executor(executor).on_error(ErrorPolicy::KeepGoing).build()?;
        let run = driver.execute_named(["a", "all"], ())?;
        assert_eq!(short(&run.report()), "window failed, a skipped [window], b done, all done");
    }
    Ok(())
}

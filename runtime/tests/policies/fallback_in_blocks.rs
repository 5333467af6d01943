//! In a dynamic block something stands in for a node for each item by itself.

use millstream::prelude::*;
use millstream::{Error, ErrorPolicy, NodeError, Outcome, Own, value_type};

use super::support::{BOTH, Counted, Counter, in_pool, quiet, short};

#[dataflow]
mod shop {
    use millstream::prelude::*;

    #[inputs]
    pub struct Inputs {
        pub names: Vec<String>,
        pub usual: f64,
    }

    #[node]
    pub fn name(names: Vec<String>) -> Parallelizable<String> {
        Parallelizable::new(names)
    }

    /// In the block, and there for each item.
    #[node]
    pub fn guess(name: &str) -> Result<f64, String> {
        if name.is_empty() {
            Err("nothing to guess from".to_owned())
        } else {
            Ok(100.0 + f64::from(u8::try_from(name.len()).unwrap_or(u8::MAX)))
        }
    }

    #[node]
    #[fallback(guess)]
    pub fn price(name: &str) -> Result<f64, std::num::ParseFloatError> {
        name.parse()
    }

    /// What stands in is outside of the block.
    #[node]
    #[fallback(usual)]
    pub fn fee(price: f64) -> f64 {
        assert!(price < 100.0, "too dear");
        price / 2.0
    }

    #[node]
    #[fallback(value(-1.0))]
    pub fn rest(price: &f64, fee: &f64) -> Result<f64, String> {
        if price < fee { Err("nothing left".to_owned()) } else { Ok(price - fee) }
    }

    #[node]
    pub fn total(rest: Collect<'_, f64>) -> f64 {
        rest.iter().sum()
    }
}

fn names(names: &[&str]) -> shop::Inputs {
    shop::Inputs { names: names.iter().map(ToString::to_string).collect(), usual: 7.0 }
}

#[test]
fn another_node_a_value_from_outside_or_a_constant_stands_in_for_an_item() -> Result<(), Error> {
    quiet();
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    for executor in BOTH {
        for policy in [ErrorPolicy::FailFast, ErrorPolicy::KeepGoing] {
            let driver = shop::driver().executor(executor).on_error(policy).build()?;
            for (given, prices, fees, rests) in [
                (
                    &["8", "abc", "-2"][..],
                    vec![8.0, 103.0, -2.0],
                    vec![4.0, 7.0, -1.0],
                    vec![4.0, 96.0, -1.0],
                ),
                (&[], vec![], vec![], vec![]),
            ] {
                type Outputs = (shop::price, shop::fee, shop::rest, shop::total);
                let expected = (prices, fees, rests.clone(), rests.iter().sum());
                let run = in_pool(|| driver.execute::<Outputs>(names(given)))?;
                assert_eq!(run.into_values(), expected);
                let run = runtime.block_on(driver.execute_async::<Outputs>(names(given)))?;
                assert_eq!(run.into_values(), expected);
            }
            let report = in_pool(|| driver.execute::<shop::total>(names(&["8", "abc", "-2"])))?.report();
            assert_eq!(
                short(&report),
                "name done, guess done, price fell back on guess, fee fell back on usual, rest fell back, total done"
            );
            assert!(report.is_complete());
            let errors: Vec<_> = report.errors().iter().map(|it| (it.node(), it.items().to_vec())).collect();
            assert_eq!(errors, [("price", vec![1]), ("fee", vec![1]), ("rest", vec![2])]);
        }
    }
    Ok(())
}

#[test]
fn where_what_stands_in_fails_as_well_the_item_has_failed() -> Result<(), Error> {
    quiet();
    for executor in BOTH {
        let driver = shop::driver().executor(executor).build()?;
        let error = in_pool(|| driver.execute::<shop::price>(names(&["8", "", "x"]))).unwrap_err();
        let failure = error.failure().unwrap();
        assert_eq!((failure.node(), failure.items()), ("price", [1].as_slice()));
        assert_eq!(
            failure.fallback().map(|error| (error.node(), error.items())),
            Some(("guess", [1].as_slice()))
        );

        let run = in_pool(|| {
            driver.execute_partial::<(shop::price, shop::rest, shop::name)>(names(&["8", "", "x"]))
        })?;
        assert_eq!(
            short(&run.report()),
            "name done, guess failed, price failed, fee fell back on usual, rest fell back"
        );
        let (price, rest, name) = run.into_values();
        assert_eq!(
            (price.unwrap_err().items(), rest.unwrap().len(), name.unwrap().len()),
            ([1].as_slice(), 3, 3)
        );
    }
    Ok(())
}

#[test]
fn the_report_tells_of_the_items_for_which_nothing_stood_in() -> Result<(), Error> {
    // Neither the second nor the fifth has a price of its own; the fourth, the fifth and the sixth have no guess.
    let given = ["8", "abc", "2", "", "?", "!"];
    let graph = Graph::builder()
        .expand("name", (), move || Parallelizable::new(given))
        .try_function("price", ["name"], |name: &&str| {
            name.parse::<i32>().map_err(|_| format!("no price of {name}"))
        })
        .fallback("guess")
        .try_function("guess", ["name"], |name: &&str| match name.len() {
            3 => Ok(3),
            _ => Err(format!("nothing like {name}")),
        })
        .function("prices", ["price"], |price: Collect<'_, Result<i32, NodeError>>| {
            price.iter().map(|price| price.as_ref().ok().copied()).collect::<Vec<_>>()
        })
        .function("total", ["price"], |price: Collect<'_, i32>| price.iter().sum::<i32>())
        .build()?;
    for executor in BOTH {
        let driver = graph.driver().executor(executor).on_error(ErrorPolicy::KeepGoing).build()?;
        let run = in_pool(|| driver.execute_named(["prices", "total"], ()))?;
        assert_eq!(run.get::<Vec<Option<i32>>>("prices")?, &[Some(8), Some(3), Some(2), None, None, None]);
        let told = run.get::<i32>("total").unwrap_err();
        let report = run.report();
        let price = report.nodes().iter().find(|it| it.node == "price").unwrap();
        let Outcome::Failed(error) = &price.outcome else { panic!("{report}") };
        assert_eq!((error.items(), error.message().as_str()), ([3].as_slice(), "no price of "));
        assert_eq!(error.fallback().map(NodeError::message), Some("nothing like ".to_owned()));
        assert_eq!(told.failure().map(NodeError::items), Some(error.items()));
        assert_eq!(price.failed_items, 3);
        assert!(
            report.to_string().contains("price   failed   for 3 items, first: no price of \n"),
            "{report}"
        );
    }
    Ok(())
}

#[test]
fn the_report_says_for_how_many_items_something_stood_in() -> Result<(), Error> {
    for executor in BOTH {
        let driver = shop::driver().executor(executor).build()?;
        let report = in_pool(|| driver.execute::<shop::total>(names(&["8", "abc", "de", "f"])))?.report();
        let price = report.nodes().iter().find(|it| it.node == "price").unwrap();
        assert_eq!(price.failed_items, 3);
        let told = "price  done     fell back on `guess` for 3 items, first: invalid float literal\n";
        assert!(report.to_string().contains(told), "{report}");
    }
    Ok(())
}

#[test]
fn what_only_stands_in_may_fail_where_it_is_not_needed() -> Result<(), Error> {
    // Neither is a guess for the first, nor a price for the second.
    let graph = Graph::builder()
        .expand("name", (), || Parallelizable::new(["", "x"]))
        .try_function("price", ["name"], |name: &&str| if name.is_empty() { Ok(1) } else { Err("no price") })
        .fallback("guess")
        .try_function("guess", ["name"], |name: &&str| if name.is_empty() { Err("no guess") } else { Ok(2) })
        .function("total", ["price"], |price: Collect<'_, i32>| price.iter().sum::<i32>())
        .build()?;
    for executor in BOTH {
        let driver = graph.driver().executor(executor).build()?;
        let run = in_pool(|| driver.execute_named(["total"], ()))?;
        assert_eq!(run.get::<i32>("total")?, &3);
        assert_eq!(short(&run.report()), "name done, guess failed, price fell back on guess, total done");
    }
    Ok(())
}

/// Each item is tried three times before something stands in for it; parts are those of what does.
#[test]
fn also_after_retries_and_for_nodes_that_wait() -> Result<(), Error> {
    let graph = Graph::builder()
        .expand("number", (), || Parallelizable::new([1, 2, 3]))
        .try_async_function("asked", ["number"], |number: &i32| {
            let number = *number;
            async move {
                tokio::task::yield_now().await;
                if number == 2 { Err("no answer") } else { Ok((number, number * 10)) }
            }
        })
        .retries(2)
        .fallback_value((0, -1))
        .parts(["one", "ten"], |asked: (i32, i32)| asked)
        .function("both", ["one", "ten"], |one: &i32, ten: &i32| one + ten)
        .function("total", ["both"], |both: Collect<'_, i32>| both.to_vec())
        .build()?;
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for executor in BOTH {
        let driver = graph.driver().executor(executor).build()?;
        let run = runtime.block_on(driver.execute_named_async(["total"], ()))?;
        assert_eq!(run.get::<Vec<i32>>("total")?, &[11, -1, 33]);
        assert_eq!(short(&run.report()), "number done, asked fell back, both done, total done");
        assert_eq!(run.report().errors()[0].attempts(), 3);
    }
    Ok(())
}

#[test]
fn nothing_is_dropped_twice_or_left() -> Result<(), Error> {
    quiet();
    let counter = Counter::default();
    let (first, second, third) = (counter.clone(), counter.clone(), counter.clone());
    let graph = Graph::builder()
        .function("spare", (), move || first.make(100))
        .value_type(value_type!(Counted))
        .expand("item", (), move || {
            let counter = second.clone();
            Parallelizable::new((0..50).map(move |item| counter.make(item)))
        })
        .function("other", ["item"], |item: &Counted| item.clone())
        .try_function("own", ["item"], move |item: Own<Counted>| {
            if item.0.value.is_multiple_of(3) { Err("no") } else { Ok(third.make(item.0.value)) }
        })
        .fallback("other")
        .try_function(
            "last",
            ["own"],
            |own: Own<Counted>| {
                if own.0.value.is_multiple_of(2) { Err("no") } else { Ok(own.0) }
            },
        )
        .fallback("spare")
        .function("sum", ["last"], |last: Collect<'_, Counted>| last.iter().map(|it| it.value).sum::<u64>())
        .build()?;
    let sum: u64 = (0..50).map(|item| if item % 2 == 0 { 100 } else { item }).sum();
    for executor in BOTH {
        for policy in [ErrorPolicy::FailFast, ErrorPolicy::KeepGoing] {
            let driver = graph.driver().executor(executor).on_error(policy).build()?;
            for _ in 0..2 {
                let run = in_pool(|| driver.execute_named(["sum"], ()))?;
                assert_eq!(run.get::<u64>("sum")?, &sum);
                assert_eq!(counter.live(), 0);
            }
        }
    }
    Ok(())
}

#[test]
fn in_blocks_within_blocks() -> Result<(), Error> {
    let graph = Graph::builder()
        .expand("order", (), || Parallelizable::new([1, 2, 3]))
        .function("guess", ["order"], |order: &i32| order * 100)
        .expand("line", ["order"], |order: &i32| Parallelizable::new(0..*order))
        .try_function("price", ["line"], |line: &i32| if *line == 1 { Err("no price") } else { Ok(*line) })
        .fallback("guess")
        .try_function("sum", ["price", "order"], |price: Collect<'_, i32>, order: &i32| {
            if *order == 3 { Err("too much") } else { Ok(price.iter().sum::<i32>()) }
        })
        .fallback_value(-1)
        .function("sums", ["sum"], |sum: Collect<'_, Result<i32, NodeError>>| {
            sum.iter().map(|sum| *sum.as_ref().unwrap()).collect::<Vec<_>>()
        })
        .build()?;
    for executor in BOTH {
        let driver = graph.driver().executor(executor).build()?;
        let run = in_pool(|| driver.execute_named(["sums"], ()))?;
        assert_eq!(run.get::<Vec<i32>>("sums")?, &[0, 200, -1]);
        assert_eq!(
            short(&run.report()),
            "order done, guess done, line done, price fell back on guess, sum fell back, sums done"
        );
        assert_eq!(run.report().errors()[0].items(), [1, 1]);
    }
    Ok(())
}

#[test]
fn nothing_stands_in_for_a_node_that_opens_a_block() {
    let rows = || Graph::builder().expand("row", (), || Parallelizable::new([1, 2]));
    let spare = |builder: millstream::GraphBuilder| builder.function("spare", (), || 1).build().unwrap_err();
    for (error, method) in
        [(spare(rows().fallback("spare")), "fallback"), (spare(rows().fallback_value(3)), "fallback_value")]
    {
        assert_eq!(
            error.to_string(),
            format!(
                "node `row` opens a block, whose items may be in use when it fails, so nothing can stand in for it; \
                 call `{method}` after a node that it needs, or after one in the block"
            )
        );
    }
}

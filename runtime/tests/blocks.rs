//! Dynamic blocks: nodes that run once for each item.
#![allow(
    clippy::trivially_copy_pass_by_ref,
    clippy::needless_pass_by_value,
    clippy::float_cmp,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "nodes as users write them, and results that are exact"
)]

use millstream::prelude::*;
use millstream::{Error, Executor, NodeError};

#[dataflow]
mod shop {
    use millstream::{Collect, Parallelizable};

    #[inputs]
    pub struct Inputs {
        pub prices: Vec<f64>,
        #[default(2.0)]
        pub factor: f64,
        pub label: String,
    }

    #[node]
    pub fn price(prices: Vec<f64>) -> Parallelizable<f64> {
        Parallelizable::new(prices)
    }

    #[node]
    pub fn scaled(price: &f64, factor: &f64) -> f64 {
        price * factor
    }

    #[node]
    pub fn text(scaled: &f64, label: &str) -> String {
        format!("{label}{scaled}")
    }

    #[node]
    pub fn taken(text: String, label: String) -> String {
        text + &label
    }

    #[node]
    pub fn total(scaled: Collect<'_, f64>) -> f64 {
        scaled.iter().sum()
    }

    #[node]
    pub fn list(taken: Collect<'_, String>, price: Collect<'_, f64>) -> String {
        format!("{} of {}", taken.join(" "), price.len())
    }
}

fn inputs(prices: &[f64]) -> shop::Inputs {
    shop::Inputs { prices: prices.to_vec(), factor: 2.0, label: "#".to_owned() }
}

#[test]
fn nodes_of_a_block_run_once_for_each_item() -> Result<(), Error> {
    for executor in [Executor::Sequential, Executor::Rayon] {
        let driver = shop::driver().executor(executor).build()?;
        let run = driver.execute::<(shop::total, shop::list)>(inputs(&[1.0, 2.0, 3.0]))?;
        assert_eq!(run.into_values(), (12.0, "#2# #4# #6# of 3".to_owned()));
        let run = driver.execute::<(shop::total, shop::list)>(inputs(&[]))?;
        assert_eq!(run.into_values(), (0.0, " of 0".to_owned()));
    }
    Ok(())
}

/// What nodes of blocks can do without, two blocks deep.
#[dataflow]
mod raise {
    use millstream::{Collect, Parallelizable};

    #[inputs]
    pub struct Inputs {
        pub sums: Vec<u64>,
        pub rate: u64,
        pub bonus: u64,
    }

    #[node]
    pub fn sum(sums: Vec<u64>) -> Parallelizable<u64> {
        Parallelizable::new(sums)
    }

    #[node]
    pub fn gross(sum: u64, #[default(2)] rate: u64) -> u64 {
        sum * rate
    }

    #[node]
    pub fn coin(gross: &u64, bonus: Option<&u64>) -> Parallelizable<u64> {
        let bonus = bonus.copied().unwrap_or_default();
        Parallelizable::new((0..*gross).map(move |coin| coin + bonus))
    }

    #[node]
    pub async fn paid(coin: u64, bonus: Option<u64>) -> u64 {
        coin + std::future::ready(bonus.unwrap_or(10)).await
    }

    #[node]
    pub fn total(paid: Collect<'_, u64>, bonus: Option<&u64>) -> u64 {
        paid.iter().sum::<u64>() + bonus.copied().unwrap_or(100)
    }
}

#[test]
fn nodes_of_a_block_do_without_inputs_that_are_not_supplied() -> Result<(), Error> {
    for executor in [Executor::Sequential, Executor::Rayon, Executor::Auto] {
        let driver = raise::driver().executor(executor).build()?;
        let bare = || raise::inputs().sums(vec![1, 0]);
        let run = driver.execute::<(raise::gross, raise::paid, raise::total)>(bare())?;
        assert_eq!(run.into_values(), (vec![2, 0], vec![vec![10, 11], vec![]], vec![121, 100]));
        let run = driver.execute::<(raise::paid, raise::total)>(bare().rate(1).bonus(5))?;
        assert_eq!(run.into_values(), (vec![vec![10], vec![]], vec![15, 5]));
    }
    Ok(())
}

#[test]
fn nodes_of_a_block_can_be_asked_for_and_overridden() -> Result<(), Error> {
    for executor in [Executor::Sequential, Executor::Rayon] {
        let driver = shop::driver().executor(executor).build()?;
        let run = driver.execute::<(shop::text, shop::total, shop::price)>(inputs(&[1.0, 2.0]))?;
        let expected = (vec!["#2".to_owned(), "#4".to_owned()], 6.0, vec![1.0, 2.0]);
        assert_eq!(run.into_values(), expected);
        let run = driver
            .override_value::<shop::price>(vec![5.0, 6.0])
            .execute::<shop::total>(shop::inputs().label("x".into()))?;
        assert_eq!(run.into_values(), 22.0);
        let run = driver
            .override_value::<shop::scaled>(vec![5.0, 6.0])
            .execute::<(shop::total, shop::list)>(inputs(&[1.0, 2.0]))?;
        assert_eq!(run.into_values(), (11.0, "#5# #6# of 2".to_owned()));
    }
    Ok(())
}

#[test]
fn it_is_said_of_which_node_there_are_too_few_values_or_too_many() -> Result<(), Error> {
    for executor in [Executor::Sequential, Executor::Rayon] {
        let driver = shop::driver().executor(executor).build()?;
        for (given, problem) in [
            (vec![5.0], "`scaled` was given 1 value, but `price` has more items"),
            (vec![], "`scaled` was given 0 values, but `price` has more items"),
            (vec![5.0; 3], "`price` has 2 items, but `scaled` was given more"),
        ] {
            let request = driver.override_value::<shop::scaled>(given);
            let error = request.execute::<(shop::total, shop::list)>(inputs(&[1.0, 2.0])).unwrap_err();
            assert!(error.to_string().contains(problem), "{executor:?}: {error}");
        }
    }
    Ok(())
}

/// Also where nobody needs what opens the block, and where it waits.
#[test]
fn values_given_for_two_nodes_must_be_as_many() -> Result<(), Error> {
    let begun = || {
        Graph::builder()
            .expand("item", (), || Parallelizable::from(vec![1, 2]))
            .function("left", ["item"], |item: &i32| *item)
            .function("right", ["item"], |item: &i32| *item)
    };
    let computes = begun().function("sum", ["left", "right"], |left: &i32, right: &i32| left + right);
    let waits = begun()
        .async_function("sum", ["left", "right"], |left: &i32, right: &i32| std::future::ready(left + right));
    for graph in [computes, waits] {
        let collected = graph.function("all", ["sum"], |sum: Collect<'_, i32>| sum.len()).build()?;
        for executor in [Executor::Sequential, Executor::Rayon] {
            let driver = collected.driver().executor(executor).build()?;
            for (left, right, problem) in [
                (1, 3, "`left` was given 1 value, but `right` was given more"),
                (3, 2, "`right` was given 2 values, but `left` was given more"),
            ] {
                let request = driver.override_named("left", vec![0; left]);
                let request = request.override_named("right", vec![0; right]);
                let error = request.execute_named(["all"], ()).unwrap_err();
                assert!(error.to_string().contains(problem), "{executor:?}: {error}");
            }
        }
    }
    Ok(())
}

/// However many items are taken at once.
#[test]
fn the_first_item_for_which_there_is_no_value_is_told() -> Result<(), Error> {
    let given: Vec<f64> = (0_u8..90).map(f64::from).collect();
    for executor in [Executor::Sequential, Executor::Rayon] {
        let driver = shop::driver().executor(executor).build()?;
        let request = driver.override_value::<shop::scaled>(given.clone());
        let error = request.execute::<(shop::total, shop::list)>(inputs(&[1.0; 200])).unwrap_err();
        assert_eq!(error.failure().unwrap().items(), [90], "{executor:?}");
    }
    Ok(())
}

/// What opens a block within a block may be collected as it is.
#[test]
fn the_items_of_a_block_within_a_block_are_collected() {
    let graph = Graph::builder()
        .expand("group", (), || Parallelizable::new(1..4_usize))
        .expand("member", ["group"], |group: &usize| {
            Parallelizable::new((0..*group).map({
                let group = *group;
                move |number| group * 10 + number
            }))
        })
        .function("members", ["member", "group"], |member: Collect<'_, usize>, group: &usize| {
            assert_eq!(member.len(), *group);
            member.as_slice().to_vec()
        })
        .function("all", ["members"], |members: Collect<'_, Vec<usize>>| members.as_slice().concat())
        .build()
        .unwrap();
    for executor in [Executor::Sequential, Executor::Rayon, Executor::Auto] {
        let run = graph.driver().executor(executor).build().unwrap().execute_named(["all"], ()).unwrap();
        assert_eq!(run.get::<Vec<usize>>("all").unwrap(), &[10, 20, 21, 30, 31, 32]);
    }
}

/// Closures, too, may collect what has failed.
#[test]
fn a_closure_collects_results() -> Result<(), Error> {
    let graph = Graph::builder()
        .expand("row", (), || Parallelizable::new([1_u32, 2]))
        .expand("cell", ["row"], |row: &u32| {
            Parallelizable::fallible((0..=*row).map(|cell| if cell == 1 { Err("torn") } else { Ok(cell) }))
        })
        .function("cells", ["cell"], |cell: Collect<'_, Result<u32, NodeError>>| {
            cell.iter().map(|cell| cell.as_ref().copied().map_err(NodeError::message)).collect::<Vec<_>>()
        })
        .build()?;
    for executor in [Executor::Sequential, Executor::Rayon] {
        let run = graph.driver().executor(executor).build()?.execute_named(["cells"], ())?;
        let torn = || Err("torn".to_owned());
        let expected = vec![vec![Ok(0), torn()], vec![Ok(0), torn(), Ok(2)]];
        assert_eq!(run.get::<Vec<Vec<Result<u32, String>>>>("cells")?, &expected);
    }
    Ok(())
}

#[test]
fn blocks_that_need_each_other_are_refused() {
    let graph = Graph::builder()
        .expand("a", (), || Parallelizable::new([1, 2]))
        .expand("b", (), || Parallelizable::new([3, 4]))
        .function("of_a", ["a", "b"], |a: &i32, b: Collect<'_, i32>| a + b.iter().sum::<i32>())
        .function("of_b", ["b", "a"], |b: &i32, a: Collect<'_, i32>| b + a.iter().sum::<i32>())
        .function("all", ["of_a", "of_b"], |a: Collect<'_, i32>, b: Collect<'_, i32>| a.len() + b.len())
        .build()
        .unwrap();
    let error = graph.driver().build().unwrap().execute_named(["all"], ()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the blocks that `a` and `b` open need each other: each has a node that needs what the other one makes; collect that in a block of its own"
    );
}

/// Who collects results would do without a value, who collects values would not.
#[test]
fn a_node_that_fails_is_collected_as_a_value_and_as_a_result() -> Result<(), Error> {
    let graph = Graph::builder()
        .expand("row", (), || Parallelizable::new([1, 2, 3]))
        .try_function("text", ["row"], |row: &i32| if *row == 2 { Err("odd") } else { Ok(row.to_string()) })
        .retries(1)
        .function("plain", ["text"], |text: Collect<'_, String>| text.len())
        .function("all", ["text"], |text: Collect<'_, Result<String, NodeError>>| text.len())
        .build()?;
    for executor in [Executor::Sequential, Executor::Rayon, Executor::Auto] {
        let driver = graph.driver().executor(executor).build()?;
        let error = driver.execute_named(["plain", "all"], ()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "node `text` failed for item 1 after 2 attempts; it was needed on the way `text` -> `plain`"
        );
        assert_eq!(driver.execute_named(["all"], ())?.get::<usize>("all")?, &3);
    }
    Ok(())
}

/// The same node collected by one who tolerates failures and by one who does not.
#[test]
fn who_does_not_tolerate_a_failure_fails_beside_who_does() {
    #[dataflow]
    mod parsing {
        use millstream::prelude::*;

        #[inputs]
        pub struct Inputs {
            pub words: Vec<String>,
        }

        #[node]
        pub fn word(words: &[String]) -> Parallelizable<String> {
            Parallelizable::new(words.to_vec())
        }

        #[node]
        pub fn number(word: &str) -> Result<String, std::num::ParseIntError> {
            word.parse::<i64>().map(|number| format!("the number {number}, as text"))
        }

        #[node]
        pub fn all(number: Collect<'_, String>) -> Vec<String> {
            number.to_vec()
        }

        #[node]
        pub fn mistakes(number: Collect<'_, Result<String, NodeError>>) -> usize {
            number.iter().filter(|number| number.is_err()).count()
        }
    }
    for executor in [Executor::Sequential, Executor::Rayon, Executor::Auto] {
        let driver = parsing::driver().executor(executor).build().unwrap();
        for words in [&["1", "two", "3"][..], &["x", "y"], &["one"]] {
            let inputs = || parsing::Inputs { words: words.iter().map(|word| (*word).to_owned()).collect() };
            let error = driver.execute::<(parsing::all, parsing::mistakes)>(inputs()).unwrap_err();
            assert_eq!(error.failure().unwrap().node(), "number", "{executor:?}");
            driver.execute::<(parsing::number, parsing::mistakes)>(inputs()).unwrap_err();
            assert!(driver.execute::<parsing::mistakes>(inputs()).unwrap().into_values() > 0);
        }
        let inputs = parsing::Inputs { words: vec!["1".to_owned()] };
        let run = driver.execute::<(parsing::all, parsing::mistakes)>(inputs).unwrap();
        assert_eq!(run.into_values(), (vec!["the number 1, as text".to_owned()], 0));
    }
}

//! Nodes in blocks within blocks are asked for, and given, as lists of lists: one for each item of the outer block.
#![allow(
    clippy::trivially_copy_pass_by_ref,
    clippy::needless_pass_by_value,
    clippy::unused_async,
    unreachable_pub,
    reason = "nodes are written as users write them"
)]

use millstream::prelude::*;
use millstream::{Driver, Error, ErrorPolicy};

/// Orders of so many lines each.
#[dataflow]
mod orders {
    use millstream::NodeError;
    use millstream::prelude::*;

    /// What can be neither cloned nor shown.
    #[derive(PartialEq)]
    pub struct Parcel(pub u64);

    #[inputs]
    pub struct Inputs {
        pub sizes: Vec<u64>,
        /// The amount that there must not be.
        #[default(u64::MAX)]
        pub bad: u64,
    }

    #[node]
    pub fn order(sizes: Vec<u64>) -> Parallelizable<u64> {
        Parallelizable::new(sizes)
    }

    #[node]
    pub fn discount(order: &u64) -> u64 {
        *order
    }

    #[node]
    pub fn line(order: &u64) -> Parallelizable<u64> {
        Parallelizable::new(0..*order)
    }

    #[node]
    pub fn amount(line: &u64, order: &u64, bad: &u64) -> Result<u64, String> {
        let amount = order * 10 + line;
        if amount == *bad { Err(format!("{amount} is bad")) } else { Ok(amount) }
    }

    #[node]
    #[unpack_fields(gross, net)]
    pub fn prices(amount: &u64, discount: &u64) -> (String, u64) {
        (format!("{amount}"), amount - discount)
    }

    #[node]
    pub fn parcel(line: &u64) -> Parcel {
        Parcel(*line)
    }

    #[node]
    pub async fn sent(net: u64) -> u64 {
        net + 1000
    }

    #[node]
    pub fn sum(net: Collect<'_, u64>) -> u64 {
        net.iter().sum()
    }

    #[node]
    pub fn good(amount: Collect<'_, Result<u64, NodeError>>) -> usize {
        amount.iter().filter(|amount| amount.is_ok()).count()
    }

    #[node]
    pub fn total(sum: Collect<'_, u64>) -> u64 {
        sum.iter().sum()
    }

    #[node]
    pub fn all_good(good: Collect<'_, usize>) -> usize {
        good.iter().sum()
    }
}

fn inputs(sizes: &[u64]) -> orders::Inputs {
    orders::Inputs { sizes: sizes.to_vec(), bad: u64::MAX }
}

fn everywhere(check: impl Fn(&Driver<orders::Flow>) -> Result<(), Error>) -> Result<(), Error> {
    [Executor::Sequential, Executor::Rayon, Executor::Auto]
        .into_iter()
        .try_for_each(|executor| check(&orders::driver().executor(executor).build()?))
}

#[test]
fn they_are_asked_for_as_lists_of_lists() -> Result<(), Error> {
    everywhere(|driver| {
        let run = driver.execute::<(orders::amount, orders::line, orders::total)>(inputs(&[2, 0, 3]))?;
        let amounts = vec![vec![20, 21], vec![], vec![30, 31, 32]];
        assert_eq!(run.into_values(), (amounts, vec![vec![0, 1], vec![], vec![0, 1, 2]], 121));
        let many: Vec<u64> = (0..500).map(|number| number % 4).collect();
        let gross = driver.execute::<orders::gross>(inputs(&many))?.into_values();
        assert_eq!(gross.len(), 500);
        assert!(gross.iter().zip(&many).all(|(lines, size)| lines.len() as u64 == *size));
        assert_eq!(gross[499], ["30", "31", "32"]);
        assert!(driver.execute::<orders::parcel>(inputs(&[]))?.into_values().is_empty());
        Ok(())
    })
}

#[test]
fn they_are_asked_for_by_name() -> Result<(), Error> {
    everywhere(|driver| {
        let mut run = driver.execute_named(["net", "sum", "parcel"], inputs(&[2, 1]))?;
        assert_eq!(run.get::<Vec<Vec<u64>>>("net")?, &[vec![18, 19], vec![9]]);
        assert_eq!(
            run.get::<Vec<u64>>("net").map(Vec::len).unwrap_err().to_string(),
            "`net` is `Vec<Vec<u64>>`, but was asked for as `Vec<u64>`; ask for a `Vec<Vec<u64>>`"
        );
        assert!(run.take::<Vec<Vec<orders::Parcel>>>("parcel")? == [vec![0, 1], vec![0]].map(parcels));
        assert_eq!(run.to_json()?.to_string(), r#"{"net":[[18,19],[9]],"sum":[37,9]}"#);
        assert_eq!(format!("{:?}", run.into_map()["net"]), "[[18, 19], [9]]");
        Ok(())
    })
}

fn parcels(numbers: Vec<u64>) -> Vec<orders::Parcel> {
    numbers.into_iter().map(orders::Parcel).collect()
}

#[test]
fn what_is_asked_for_twice_is_cloned() -> Result<(), Error> {
    everywhere(|driver| {
        let (one, other) = driver.execute::<(orders::gross, orders::gross)>(inputs(&[1, 2]))?.into_values();
        assert_eq!(one, [vec!["10".to_owned()], vec!["20".to_owned(), "21".to_owned()]]);
        assert_eq!(one, other);
        let error = driver.execute::<(orders::parcel, orders::parcel)>(inputs(&[1])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`parcel` is asked for twice, but `Vec<Vec<Parcel>>` cannot be cloned; ask for it once, or derive `Clone` for `Parcel`"
        );
        Ok(())
    })
}

#[test]
fn they_are_given_as_lists_of_lists() -> Result<(), Error> {
    everywhere(|driver| {
        // In place of the node, what takes it by the item and what collects it.
        let run = driver.override_value::<orders::amount>(vec![vec![100, 200], vec![]]).execute::<(
            orders::total,
            orders::gross,
            orders::all_good,
        )>(inputs(
            &[2, 0],
        ))?;
        assert_eq!(run.into_values(), (296, vec![vec!["100".to_owned(), "200".to_owned()], vec![]], 2));
        // The one that opens the inner block.
        let run = driver.override_value::<orders::line>(vec![vec![7], vec![8, 9]]).execute::<(
            orders::amount,
            orders::total,
        )>(inputs(&[
            5, 6,
        ]))?;
        assert_eq!(run.into_values(), (vec![vec![57], vec![68, 69]], 177));
        // Both that open blocks.
        let run = driver
            .override_value::<orders::order>(vec![1, 2])
            .override_value::<orders::line>(vec![vec![3, 4], vec![]])
            .execute::<orders::amount>(orders::inputs())?;
        assert_eq!(run.into_values(), [vec![13, 14], vec![]]);
        // One whose value is taken apart, and a part.
        let run = driver
            .override_value::<orders::prices>(vec![vec![("a".to_owned(), 1)], vec![("b".to_owned(), 2)]])
            .execute::<(orders::gross, orders::total)>(orders::inputs())?;
        assert_eq!(run.into_values(), (vec![vec!["a".to_owned()], vec!["b".to_owned()]], 3));
        let run = driver.override_value::<orders::net>(vec![vec![1, 2], vec![3]]);
        let run = run.execute::<(orders::total, orders::sum)>(orders::inputs())?;
        assert_eq!(run.into_values(), (6, vec![3, 3]));
        Ok(())
    })
}

#[test]
fn what_is_given_can_be_asked_for() -> Result<(), Error> {
    everywhere(|driver| {
        let run = driver.override_value::<orders::amount>(vec![vec![30], vec![]]);
        let run = run.execute::<(orders::amount, orders::total)>(inputs(&[1, 0]))?;
        assert_eq!(run.into_values(), (vec![vec![30], vec![]], 29));
        let run = driver.override_named("parcel", vec![parcels(vec![4])]).execute_named(["parcel"], ())?;
        assert!(run.get::<Vec<Vec<orders::Parcel>>>("parcel")? == &[parcels(vec![4])]);
        let error =
            driver.override_named("net", vec![1_u64]).execute_named(["total"], inputs(&[1])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "node `net` is `Vec<Vec<u64>>`, but was given `Vec<u64>`; give it a `Vec<Vec<u64>>`"
        );
        Ok(())
    })
}

#[test]
fn there_must_be_as_many_of_them_as_there_are_items() -> Result<(), Error> {
    everywhere(|driver| {
        let outer = driver.override_value::<orders::amount>(vec![vec![30]]);
        let error = outer.execute::<orders::total>(inputs(&[1, 1])).unwrap_err().to_string();
        let outer = "for item 1: `amount` was given 1 value, but `order` has more items";
        assert!(error.contains(outer), "{error}");
        // The lines are needed too, and there are two of the second order.
        for (given, miscounted) in [
            (vec![9], "`amount` was given 1 value, but `line` has more items"),
            (vec![9, 9, 9], "`line` has 2 items, but `amount` was given more"),
        ] {
            let inner =
                driver
                    .override_value::<orders::amount>(vec![vec![9], given])
                    .execute::<(orders::total, orders::parcel)>(inputs(&[1, 2]));
            let error = inner.unwrap_err().to_string();
            assert!(error.contains(miscounted) && error.contains("item 1"), "{error}");
        }
        Ok(())
    })
}

#[test]
fn an_item_that_fails_ends_the_run_or_is_left_to_who_tolerates_it() -> Result<(), Error> {
    everywhere(|driver| {
        let bad = || orders::Inputs { sizes: vec![1, 3, 2], bad: 31 };
        let error = driver.execute::<orders::net>(bad()).unwrap_err();
        let node = error.failure().map(|error| (error.node().to_owned(), error.items().to_vec()));
        assert_eq!(node, Some(("amount".to_owned(), vec![1, 1])));
        let run = driver.execute::<(orders::all_good, orders::parcel)>(bad())?;
        let (good, parcels) = run.into_values();
        assert_eq!((good, parcels.iter().map(Vec::len).collect::<Vec<_>>()), (5, vec![1, 3, 2]));
        // Who asks for it does not tolerate that one is missing, whoever else does.
        assert!(driver.execute::<(orders::all_good, orders::amount)>(bad()).is_err());
        Ok(())
    })?;
    let driver = orders::driver().on_error(ErrorPolicy::KeepGoing).build()?;
    let bad = orders::Inputs { sizes: vec![1, 3], bad: 30 };
    let (net, sizes) = driver.execute_partial::<(orders::net, orders::sizes)>(bad)?.into_values();
    assert_eq!((net.unwrap_err().items(), sizes.ok()), ([1, 0].as_slice(), Some(vec![1, 3])));
    Ok(())
}

#[tokio::test]
async fn also_of_nodes_that_wait() -> Result<(), Error> {
    let driver = orders::driver().build()?;
    let sent = driver.execute_async::<orders::sent>(inputs(&[0, 2])).await?.into_values();
    assert_eq!(sent, [vec![], vec![1018, 1019]]);
    let run = driver.override_value::<orders::net>(vec![vec![], vec![1, 2]]);
    let run = run.execute_async::<(orders::sent, orders::total)>(orders::inputs()).await?;
    assert_eq!(run.into_values(), (vec![vec![], vec![1001, 1002]], 3));
    Ok(())
}

/// Blocks within blocks within blocks, and so on.
#[dataflow(compile(deepest = (leaf, top)))]
mod deep {
    use millstream::prelude::*;

    #[inputs]
    pub struct Inputs {
        pub count: u64,
        #[default(u64::MAX)]
        pub bad: u64,
    }

    #[node]
    pub fn a(count: &u64) -> Parallelizable<u64> {
        Parallelizable::new(0..*count)
    }

    #[node]
    pub fn b(a: &u64) -> Parallelizable<u64> {
        Parallelizable::new(0..*a)
    }

    #[node]
    pub fn c(b: &u64, a: &u64) -> Parallelizable<u64> {
        Parallelizable::new([*a, *b])
    }

    #[node]
    pub fn third(c: &u64, bad: &u64) -> Result<String, String> {
        if c == bad { Err(format!("{c} is bad")) } else { Ok(c.to_string()) }
    }

    #[node]
    pub fn d(c: &u64) -> Parallelizable<u64> {
        Parallelizable::new([*c; 2])
    }

    #[node]
    pub fn leaf(d: &u64, third: &str) -> String {
        format!("{third}{d}")
    }

    #[node]
    pub async fn sent(leaf: String) -> usize {
        leaf.len()
    }

    #[node]
    pub fn thirds(third: Collect<'_, String>) -> usize {
        third.len()
    }

    #[node]
    pub fn seconds(thirds: Collect<'_, usize>) -> usize {
        thirds.iter().sum()
    }

    #[node]
    pub fn top(seconds: Collect<'_, usize>) -> usize {
        seconds.iter().sum()
    }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn as_deep_as_may_be() -> Result<(), Error> {
    let inputs = || deep::Inputs { count: 3, bad: u64::MAX };
    let thirds = || vec![vec![], vec![texts(&["1", "0"])], vec![texts(&["2", "0"]), texts(&["2", "1"])]];
    for executor in [Executor::Sequential, Executor::Rayon, Executor::Auto] {
        let driver = deep::driver().executor(executor).build()?;
        let run =
            driver.execute::<(deep::third, deep::leaf, deep::thirds, deep::top, deep::third)>(inputs())?;
        let (third, leaf, counts, top, again) = run.into_values();
        assert_eq!((&third, counts, top), (&thirds(), vec![vec![], vec![2], vec![2, 2]], 6));
        assert_eq!(again, third);
        assert_eq!(leaf[2][1], [texts(&["22", "22"]), texts(&["11", "11"])]);
        assert_eq!((leaf.len(), leaf[0].len(), leaf[1].len()), (3, 0, 1));
        // Given in place of the node, of what opens the innermost block, and of what is within that.
        let given = driver.override_value::<deep::third>(vec![vec![texts(&["x"])], vec![]]);
        assert_eq!(given.execute::<deep::top>(deep::inputs())?.into_values(), 1);
        let run = driver.override_value::<deep::c>(vec![vec![], vec![vec![7]], vec![vec![], vec![8, 9]]]);
        let run = run.execute::<(deep::third, deep::top)>(inputs())?;
        assert_eq!(
            run.into_values(),
            (vec![vec![], vec![texts(&["7"])], vec![vec![], texts(&["8", "9"])]], 3)
        );
        let given = vec![vec![], vec![vec![texts(&["p", "q"]), vec![]]], vec![vec![], vec![]]];
        let run = driver.override_value::<deep::leaf>(given.clone()).execute::<(deep::sent, deep::leaf)>(());
        let (sent, leaf) = run?.into_values();
        assert_eq!((sent, leaf), (vec![vec![], vec![vec![vec![1, 1], vec![]]], vec![vec![], vec![]]], given));
        // One that fails is told of with all its items.
        let bad = deep::Inputs { count: 3, bad: 1 };
        let error = driver.execute::<deep::leaf>(bad).unwrap_err();
        assert_eq!(error.failure().map(|error| error.items().to_vec()), Some(vec![1, 0, 0]));
        // By name, too.
        let run = driver.execute_named(["third"], inputs())?;
        assert_eq!(run.get::<Vec<Vec<Vec<String>>>>("third")?, &thirds());
        assert_eq!(
            serde_json::to_value(run.values().to_json()?).ok(),
            serde_json::to_value(
                [("third", thirds())].into_iter().collect::<std::collections::BTreeMap<_, _>>()
            )
            .ok()
        );
    }
    let outputs = deep::deepest(&deep::DeepestInputs { count: 3, bad: u64::MAX });
    let run = deep::driver().build()?.execute::<(deep::leaf, deep::top)>(inputs())?;
    assert_eq!(outputs.map(|outputs| (outputs.leaf, outputs.top)).ok(), Some(run.into_values()));
    Ok(())
}

/// Of a closure no more is known than is said.
#[test]
fn a_graph_made_by_hand_says_what_is_to_be_known() -> Result<(), Error> {
    let graph = |makes_known: bool| {
        let count = |number: &u64| Parallelizable::new(0..*number);
        let builder = Graph::builder()
            .expand("a", (), || Parallelizable::new(1..3_u64))
            .expand("b", ["a"], count)
            .expand("c", ["b"], count)
            .function("d", ["c"], |c: &u64| *c)
            .value_type(millstream::value_type!(u64));
        let builder =
            if makes_known { builder.value_type(millstream::value_type!(Vec<u64>)) } else { builder };
        builder.function("ds", ["d"], |d: Collect<'_, u64>| d.len()).build()?.driver().build()
    };
    let driver = graph(false)?;
    assert_eq!(driver.execute_named(["ds"], ())?.get::<Vec<Vec<usize>>>("ds")?, &[vec![0], vec![0, 1]]);
    assert_eq!(
        driver.execute_named(["d"], ()).unwrap_err().to_string(),
        "`d` is 3 blocks deep, and the builder does not know lists of `Vec<u64>`; say `value_type(value_type!(Vec<u64>))` after its node"
    );
    // The value is the right one, but nobody knows.
    let given = driver.override_named("d", vec![vec![vec![5_u64]]]);
    assert_eq!(
        given.execute_named(["ds"], ()).unwrap_err().to_string(),
        "`d` is 3 blocks deep, and the builder does not know lists of `Vec<u64>`; say `value_type(value_type!(Vec<u64>))` after its node"
    );
    let run = graph(true)?.execute_named(["d", "d"], ())?;
    assert_eq!(run.get::<Vec<Vec<Vec<u64>>>>("d")?, &vec![vec![vec![]], vec![vec![], vec![0]]]);
    Ok(())
}

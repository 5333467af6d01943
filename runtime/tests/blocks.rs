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
use millstream::{Error, Executor};

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
        let error = driver
            .override_value::<shop::scaled>(vec![5.0])
            .execute::<(shop::total, shop::list)>(inputs(&[1.0, 2.0]))
            .unwrap_err();
        assert!(error.to_string().contains("the values given for its nodes are not as many as its items"));
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

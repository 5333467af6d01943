//! Dataflows that include others: of the same crate, of another one, by two ways at once.

#![allow(
    unreachable_pub,
    clippy::needless_pass_by_value,
    clippy::unwrap_used,
    reason = "dataflows as users write them"
)]

use std::collections::BTreeMap;

use millstream::prelude::*;
use millstream_shared_flows::loans::Interest;

/// Makes what `loans` takes as an input.
#[dataflow]
mod bank {
    #[include]
    use millstream_shared_flows::loans;
    use std::collections::BTreeMap;

    #[inputs]
    pub struct Inputs {
        pub text: String,
        pub currency: String,
    }

    /// Answers for the input of the same name.
    #[node]
    pub fn lent(text: &str) -> BTreeMap<String, f64> {
        text.split(' ')
            .filter_map(|pair| pair.split_once('='))
            .filter_map(|(name, amount)| Some((name.to_owned(), amount.parse().ok()?)))
            .collect()
    }

    #[node]
    pub fn letter(total: f64, customers: usize, owed: &BTreeMap<String, f64>, currency: &str) -> String {
        format!(
            "{customers} customers owe {total:.1} {currency}, the first of them {:.1}",
            owed.values().next().unwrap_or(&0.0)
        )
    }

    /// A group by a tag that an included node has.
    #[node]
    pub fn books(#[group(tag(kind = "book"))] books: Vec<&BTreeMap<String, f64>>) -> usize {
        books.len()
    }
}

fn inputs() -> bank::Inputs {
    bank::Inputs {
        text: "ann=100 bob=50".into(),
        currency: "EUR".into(),
        rate: 0.1,
        years: 2,
        forgiven: None,
    }
}

#[test]
fn a_dataflow_of_another_crate_is_taken_in_with_its_config_and_its_inputs() {
    let driver = bank::driver(bank::Config { interest: Interest::Simple }).build().unwrap();
    let run = driver.execute::<(bank::letter, bank::books, bank::risk)>(inputs()).unwrap();
    let (letter, books, risk) = run.into_values();
    assert_eq!(letter, "2 customers owe 180.0 EUR, the first of them 120.0");
    assert_eq!(books, 1);
    // `risk` needs a node that is private to the other crate.
    assert!((risk - 120.0).abs() < 1e-9, "{risk}");
}

#[test]
fn the_config_selects_variants_of_included_nodes() {
    let driver = bank::driver(bank::Config { interest: Interest::Compound }).build().unwrap();
    let run = driver.execute::<bank::total>(inputs()).unwrap();
    assert!((run.into_values() - 181.5).abs() < 1e-9);
}

#[test]
fn included_nodes_go_by_the_names_of_both_modules() {
    let driver = bank::driver(bank::Config { interest: Interest::Simple }).build().unwrap();
    let by_own = driver.execute::<bank::owed>(inputs()).unwrap().into_values();
    let by_included = driver.execute::<millstream_shared_flows::loans::owed>(inputs()).unwrap().into_values();
    assert_eq!(by_own, by_included);
}

#[test]
fn the_default_of_an_included_input_holds() {
    let driver = bank::driver(bank::Config { interest: Interest::Simple }).build().unwrap();
    let partial = bank::inputs().text("ann=100".into()).years(1);
    assert!((driver.execute::<bank::total>(partial).unwrap().into_values() - 110.0).abs() < 1e-9);
}

#[test]
fn the_optional_input_of_an_included_dataflow_can_be_supplied() {
    let driver = bank::driver(bank::Config { interest: Interest::Simple }).build().unwrap();
    let run = driver.execute::<bank::risk>(bank::Inputs { forgiven: Some(20.0), ..inputs() }).unwrap();
    assert!((run.into_values() - 100.0).abs() < 1e-9);
}

#[test]
fn the_dataflow_can_be_run_by_itself_as_well() {
    use millstream_shared_flows::loans;
    let driver = loans::driver(loans::Config { interest: Interest::Simple }).build().unwrap();
    let lent = BTreeMap::from([("ann".to_owned(), 10.0)]);
    let run = driver.execute::<loans::total>(loans::inputs().lent(lent).years(1)).unwrap();
    assert!((run.into_values() - 11.0).abs() < 1e-9);
}

#[dataflow]
mod load {
    #[inputs]
    pub struct Inputs {
        pub text: String,
    }

    #[node]
    pub fn numbers(text: &str) -> Vec<f64> {
        text.split(' ').filter_map(|number| number.parse().ok()).collect()
    }

    #[node]
    pub fn scale() -> f64 {
        1.0
    }

    #[node]
    #[unpack_fields(first, second)]
    pub fn two(numbers: &[f64], scale: f64) -> (f64, f64) {
        (numbers[0] * scale, numbers[1] * scale)
    }
}

#[dataflow]
mod sums {
    #[include]
    use super::load;

    #[node]
    pub fn sum(numbers: &[f64], scale: f64) -> f64 {
        numbers.iter().sum::<f64>() * scale
    }
}

#[dataflow]
mod products {
    #[include]
    use super::load;

    #[node]
    pub fn product(numbers: &[f64]) -> f64 {
        numbers.iter().product()
    }
}

/// `load` comes in by two ways: its nodes are there once.
#[dataflow]
mod both {
    #[include]
    use super::{products, sums};

    #[node]
    pub fn mean_of_both(sum: f64, product: f64) -> f64 {
        f64::midpoint(sum, product)
    }
}

#[test]
fn what_comes_by_two_ways_is_there_once() {
    let driver = both::driver().build().unwrap();
    let run =
        driver.execute::<(both::mean_of_both, both::numbers)>(both::Inputs { text: "2 3 4".into() }).unwrap();
    assert_eq!(run.into_values(), (16.5, vec![2.0, 3.0, 4.0]));
    let names: Vec<_> = both::dataflow().graph().nodes().map(|node| node.name().to_owned()).collect();
    assert_eq!(names.iter().filter(|name| *name == "numbers").count(), 1);
}

/// A node stands in the place of an included one.
#[dataflow]
mod scaled {
    #[include]
    use super::sums;

    #[node(overrides)]
    pub fn scale() -> f64 {
        10.0
    }

    #[node(overrides)]
    pub fn second(first: f64) -> f64 {
        -first
    }
}

#[test]
fn an_overriding_node_feeds_the_included_ones() {
    let driver = scaled::driver().build().unwrap();
    let run = driver
        .execute::<(scaled::sum, scaled::first, scaled::second)>(scaled::Inputs { text: "2 3".into() })
        .unwrap();
    assert_eq!(run.into_values(), (50.0, 20.0, -20.0));
    // The overridden node by its old name is the new one.
    let run = driver.execute::<load::scale>(scaled::inputs()).unwrap();
    assert_eq!(run.into_values().to_bits(), 10.0_f64.to_bits());
}

#[dataflow]
mod north {
    #[node]
    pub fn rows() -> u8 {
        1
    }

    #[node]
    pub fn in_the_north(rows: u8) -> u8 {
        rows * 10
    }
}

#[dataflow]
mod south {
    #[node]
    pub fn rows() -> u8 {
        2
    }

    #[node]
    pub fn in_the_south(rows: u8) -> u8 {
        rows * 10
    }
}

/// One node stands in the place of two of its name.
#[dataflow]
mod everywhere {
    #[include]
    use super::{north, south};

    #[node(overrides)]
    pub fn rows() -> u8 {
        3
    }
}

#[test]
fn an_overriding_node_stands_for_all_of_its_name() {
    use everywhere::{in_the_north, in_the_south};
    let run = everywhere::driver().build().unwrap().execute::<(in_the_north, in_the_south)>(()).unwrap();
    assert_eq!(run.into_values(), (30, 30));
}

#[dataflow]
mod without_default {
    #[inputs]
    pub struct Inputs {
        pub factor: f64,
    }

    #[node]
    pub fn doubled(factor: f64) -> f64 {
        factor * 2.0
    }
}

#[dataflow]
mod with_default {
    #[inputs]
    pub struct Inputs {
        #[default(4.0)]
        pub factor: f64,
    }

    #[node]
    pub fn tripled(factor: f64) -> f64 {
        factor * 3.0
    }
}

#[dataflow]
mod one_way {
    #[include]
    use super::{with_default, without_default};
}

#[dataflow]
mod other_way {
    #[include]
    use super::with_default;
    #[include]
    use super::without_default;
}

#[test]
fn the_default_of_one_included_input_holds_for_all_of_its_name() {
    let run =
        one_way::driver().build().unwrap().execute::<(one_way::doubled, one_way::tripled)>(one_way::inputs());
    assert_eq!(run.unwrap().into_values(), (8.0, 12.0));
    let run = other_way::driver()
        .build()
        .unwrap()
        .execute::<(other_way::doubled, other_way::tripled)>(other_way::inputs());
    assert_eq!(run.unwrap().into_values(), (8.0, 12.0));
}

#[test]
fn a_node_of_a_dataflow_is_held_to_its_types_in_a_graph_of_ones_own() {
    let right =
        millstream::Graph::builder().function("rows", (), || 4_u8).node::<north::in_the_north>().build();
    let run = right.unwrap().driver().build().unwrap().execute::<north::in_the_north>(()).unwrap();
    assert_eq!(run.into_values(), 40);
    let wrong =
        millstream::Graph::builder().function("rows", (), || 4_u16).node::<north::in_the_north>().build();
    assert_eq!(
        wrong.err().unwrap().problems(),
        ["parameter `rows` of node `in_the_north` is `u8`, but node `rows` yields `u16`"]
    );
}

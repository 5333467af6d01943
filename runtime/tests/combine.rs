//! Which nodes of two graphs are one node when the graphs are combined.

#![allow(
    clippy::trivially_copy_pass_by_ref,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "nodes are written as users write them"
)]

use millstream::prelude::*;
use millstream::{Error, Graph, InputMap};

/// What a graph computes of `name`, as JSON.
fn value(graph: &Graph, name: &str) -> Result<String, Error> {
    Ok(graph.driver().build()?.execute_named([name], ())?.to_json()?[name].to_string())
}

fn two_named(name: &str) -> [String; 1] {
    [format!("two nodes are named `{name}`; rename one")]
}

macro_rules! scaled {
    ($name:ident, $factor:expr) => {
        #[dataflow]
        mod $name {
            #[node]
            pub fn scaled() -> u32 {
                $factor
            }
        }
    };
}
scaled!(twice, 2);
scaled!(thrice, 3);

#[test]
fn two_dataflows_of_one_macro_are_two() -> Result<(), Error> {
    let (two, three) = (twice::dataflow().graph(), thrice::dataflow().graph());
    // What the macro wrote stands at one place, and yields one type.
    assert_eq!(two.node("scaled").unwrap().place(), three.node("scaled").unwrap().place());
    assert_eq!(two.combine(three).unwrap_err().problems(), two_named("scaled"));
    assert_eq!(value(&two.combine_overriding(three)?, "scaled")?, "3");
    assert_eq!(value(&three.combine_overriding(two)?, "scaled")?, "2");
    Ok(())
}

#[dataflow]
mod travel {
    #[config]
    pub struct Config {
        pub fast: bool,
    }

    #[node]
    #[when(fast = true)]
    pub fn speed__fast() -> u32 {
        9
    }

    #[node]
    #[when(fast = false)]
    pub fn speed__slow() -> u32 {
        1
    }

    #[node]
    pub fn distance(speed: &u32) -> u32 {
        speed * 10
    }
}

#[test]
fn two_variants_of_a_node_are_two() -> Result<(), Error> {
    let fast = travel::driver(travel::Config { fast: true }).build()?;
    let slow = travel::driver(travel::Config { fast: false }).build()?;
    assert_eq!(fast.graph().combine(slow.graph()).unwrap_err().problems(), two_named("speed"));
    assert_eq!(value(&fast.graph().combine_overriding(slow.graph())?, "distance")?, "10");
    assert_eq!(value(&slow.graph().combine_overriding(fast.graph())?, "distance")?, "90");
    // With the same variant it is the same graph.
    let again = fast.graph().combine(fast.graph())?;
    assert_eq!(again.hash(), fast.graph().hash());
    assert_eq!(value(&again, "distance")?, "90");
    // One that has yet to be chosen is not the chosen one.
    assert_eq!(travel::dataflow().graph().combine(fast.graph()).unwrap_err().problems(), two_named("speed"));
    Ok(())
}

#[dataflow]
mod base {
    #[node]
    #[extract_fields(low: u32, high: u32)]
    pub fn bounds() -> Bounds {
        Bounds { low: 3, high: 4 }
    }

    #[derive(Clone)]
    pub struct Bounds {
        pub low: u32,
        pub high: u32,
    }

    #[node]
    #[tag(role = "member")]
    pub fn one() -> u32 {
        1
    }

    #[node]
    pub fn sum(#[group(tag(role = "member"))] all: Vec<&u32>) -> u32 {
        all.into_iter().sum()
    }
}

#[dataflow]
mod upper {
    #[include]
    use super::base;

    #[node]
    pub fn over(high: &u32) -> u32 {
        high + 1
    }
}

#[dataflow]
mod lower {
    #[include]
    use super::base;

    #[node]
    pub fn under(low: &u32) -> u32 {
        low - 1
    }
}

#[test]
fn what_both_include_is_one() -> Result<(), Error> {
    for both in [
        upper::dataflow().graph().combine(lower::dataflow().graph())?,
        upper::dataflow().graph().combine_overriding(lower::dataflow().graph())?,
    ] {
        assert_eq!(both.len(), base::dataflow().graph().len() + 2);
        assert_eq!((value(&both, "over")?, value(&both, "under")?), ("5".to_owned(), "2".to_owned()));
    }
    Ok(())
}

#[node]
fn total(left: &u32, right: &u32) -> u32 {
    left + right
}

#[test]
fn a_free_standing_node_is_one_as_long_as_nobody_changes_it() -> Result<(), Error> {
    let graph = || Graph::builder().input::<u32>("left").input_or("right", 2_u32).node::<total>();
    let (plain, changed) = (graph().build()?, graph().version(2).build()?);
    assert_eq!(plain.combine(&graph().build()?)?.hash(), plain.hash());
    assert_eq!(plain.combine(&changed).unwrap_err().problems(), two_named("total"));
    assert_eq!(plain.combine_overriding(&changed)?.hash(), changed.hash());
    Ok(())
}

#[test]
fn the_other_graphs_default_overrides() -> Result<(), Error> {
    let graph = |default: u32| Graph::builder().input_or("limit", default).build();
    let (first, second) = (graph(1)?, graph(2)?);
    assert_eq!(value(&first.combine(&second)?, "limit")?, "1");
    assert_eq!(value(&first.combine_overriding(&second)?, "limit")?, "2");
    // An input without a default takes none away.
    let none = Graph::builder().input::<u32>("limit").build()?;
    assert_eq!(value(&first.combine_overriding(&none)?, "limit")?, "1");
    let run = none
        .combine(&first)?
        .driver()
        .build()?
        .execute_named(["limit"], InputMap::new().set("limit", 7_u32))?;
    assert_eq!(run.get::<u32>("limit")?, &7);
    Ok(())
}

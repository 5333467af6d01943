//! The graph of a plot, made of closures.

use std::collections::BTreeMap;
use std::sync::Arc;

use millstream::{Collect, Error, Feed, Graph, GraphBuilder, NodeError, Own, value_type};

use super::job::{Desk, Job, parts};
use super::plot::{Fed, INPUTS, Node, Plot, StandIn};
use super::spec::{Does, How};
use super::tally::{Counted, Tally};

/// The input that the caller does not supply.
const UNSUPPLIED: &str = "unsupplied";

/// The value of an input.
pub fn input(index: usize) -> u64 {
    100 + index as u64
}

pub fn graph(plot: &Plot, tally: &Tally, desk: &Arc<Desk>) -> Result<Graph, Error> {
    let mut builder = Graph::builder().input::<Counted>(UNSUPPLIED).value_type(value_type!(Counted));
    for index in 0..INPUTS {
        let name = format!("in{index}");
        // One has a default.
        builder = match index {
            0 => builder.input_or(name, tally.make(input(index))),
            _ => builder.input::<Counted>(name).value_type(value_type!(Counted)),
        };
    }
    for (index, node) in plot.nodes.iter().enumerate() {
        let job = Job {
            index,
            ends: node.ends,
            waits: node.waits.unwrap_or(0),
            tally: tally.clone(),
            desk: Arc::clone(desk),
        };
        builder = add(builder, plot, node, Arc::new(job));
    }
    builder.build()
}

/// A macro for the type of a first parameter.
macro_rules! for_first {
    ($how:expr, $then:ident $args:tt) => {
        match $how {
            How::Borrow => $then!($args, &Counted),
            How::Own => $then!($args, Own<Counted>),
            How::Optional | How::Absent | How::Unsupplied => $then!($args, Option<&Counted>),
            How::OptionalOwn => $then!($args, Option<Own<Counted>>),
            How::Tolerant => $then!($args, Result<&Counted, &NodeError>),
            How::Group => $then!($args, Vec<&Counted>),
            How::Map => $then!($args, BTreeMap<&str, &Counted>),
            How::Collect => $then!($args, Collect<'_, Counted>),
            How::CollectResults => $then!($args, Collect<'_, Result<Counted, NodeError>>),
        }
    };
}

/// A node that yields a value: of a first parameter of this type, and perhaps a second one.
macro_rules! value {
    (($builder:ident, $method:ident, $node:ident, $feeds:ident, $job:ident, $call:ident), $first:ty) => {{
        let name = $node.name.clone();
        match $node.params.get(1).map(|fed| fed.how) {
            None => $builder.$method(name, $feeds, move |first: $first| $job.$call(first, ())),
            Some(How::Borrow) => $builder
                .$method(name, $feeds, move |first: $first, second: &Counted| $job.$call(first, second)),
            Some(How::Own) => $builder
                .$method(name, $feeds, move |first: $first, second: Own<Counted>| $job.$call(first, second)),
            Some(How::Unsupplied) => {
                $builder.$method(name, $feeds, move |first: $first, second: Option<Own<Counted>>| {
                    $job.$call(first, second)
                })
            }
            Some(_) => $builder.$method(name, $feeds, move |first: $first, second: Collect<'_, Counted>| {
                $job.$call(first, second)
            }),
        }
    }};
}

/// A node that opens a block.
macro_rules! opener {
    (($builder:ident, $method:ident, $node:ident, $feeds:ident, $job:ident, $call:ident, $items:ident), $first:ty) => {
        $builder.$method($node.name.clone(), $feeds, move |first: $first| $job.$call($items, first))
    };
}

fn add(builder: GraphBuilder, plot: &Plot, node: &Node, job: Arc<Job>) -> GraphBuilder {
    let feeds: Vec<Feed> = node.params.iter().map(|fed| feed(plot, fed)).collect();
    let (first, tally) = (node.params[0].how, job.tally.clone());
    let mut builder = match (node.does, node.waits) {
        (Does::Value | Does::Parts, None) => {
            for_first!(first, value(builder, try_function, node, feeds, job, call))
        }
        (Does::Value | Does::Parts, Some(_)) => {
            for_first!(first, value(builder, try_async_function, node, feeds, job, wait))
        }
        (Does::Open(items), None) => {
            for_first!(first, opener(builder, try_expand, node, feeds, job, open, items))
        }
        (Does::Open(items), Some(_)) => {
            for_first!(first, opener(builder, try_async_expand, node, feeds, job, wait_and_open, items))
        }
    };
    if node.retries > 0 {
        builder = builder.retries(node.retries.into());
    }
    builder = match node.fallback {
        None => builder,
        Some(StandIn::Constant(value)) => builder.fallback_value(tally.make(value)),
        Some(StandIn::Other(other)) => builder.fallback(&plot.places[other].name),
    };
    if let Does::Parts = node.does {
        let (low, high) = (format!("{}_low", node.name), format!("{}_high", node.name));
        builder = builder.parts([low.as_str(), high.as_str()], move |whole: Counted| {
            let [low, high] = parts(whole.value);
            drop(whole);
            (tally.make(low), tally.make(high))
        });
    }
    builder
}

fn feed(plot: &Plot, fed: &Fed) -> Feed {
    let name = |place: &usize| &plot.places[*place].name;
    match fed.how {
        How::Absent => Feed::one("absent"),
        How::Unsupplied => Feed::one(UNSUPPLIED),
        How::Group | How::Map => Feed::group(fed.from.iter().map(name)),
        _ => Feed::one(name(&fed.from[0])),
    }
}

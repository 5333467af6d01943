//! Any graph, cut into drivers one after another at any places, comes to what it comes to as a whole.

#![allow(clippy::unwrap_used, reason = "a failure is a failure of the test")]

use std::collections::BTreeSet;

use millstream::{
    Chain, Driver, ErrorPolicy, Executor, Feed, Graph, GraphBuilder, InputMap, Named, Outcome, Own, Report,
};
use proptest::prelude::*;

/// A node of a random graph.
#[derive(Clone, Debug)]
struct Spec {
    /// Those it needs, all before it.
    needs: Vec<usize>,
    fails: bool,
    /// Whether it takes the first one by value, of several.
    takes: bool,
    /// Whether a driver begins with it.
    begins: bool,
}

fn name(node: usize) -> String {
    format!("n{node}")
}

/// The first ones are inputs.
const INPUTS: usize = 2;

fn add(graph: GraphBuilder, node: usize, spec: &Spec) -> GraphBuilder {
    let fails = spec.fails;
    let value = move |sum: i64| if fails { Err("no") } else { Ok(sum.wrapping_mul(31)) };
    let needs: Vec<String> = spec.needs.iter().copied().map(name).collect();
    match needs.split_first() {
        Some((first, rest)) if spec.takes && !rest.is_empty() => {
            let feeds = (Feed::one(first), Feed::group(rest));
            graph.try_function(name(node), feeds, move |Own(first): Own<i64>, rest: Vec<&i64>| {
                value(rest.into_iter().fold(first, |sum, one| sum.wrapping_add(*one)))
            })
        }
        _ => graph.try_function(name(node), [Feed::group(needs)], move |all: Vec<&i64>| {
            value(all.into_iter().fold(1, |sum, one| sum.wrapping_add(*one)))
        }),
    }
}

/// The graph of some of the nodes, with inputs for what they need of the others.
fn driver(specs: &[Spec], own: &[usize], executor: Executor) -> Driver {
    let needs = own.iter().flat_map(|node| &specs[*node - INPUTS].needs);
    let inputs: BTreeSet<usize> = needs.copied().filter(|need| !own.contains(need)).collect();
    let graph = inputs.into_iter().fold(Graph::builder(), |graph, input| graph.input::<i64>(name(input)));
    let graph = own.iter().fold(graph, |graph, node| add(graph, *node, &specs[*node - INPUTS]));
    let driver = graph.build().unwrap().driver().executor(executor);
    driver.on_error(ErrorPolicy::KeepGoing).build().unwrap()
}

/// The nodes of each driver.
fn cut(specs: &[Spec]) -> Vec<Vec<usize>> {
    let mut parts: Vec<Vec<usize>> = vec![Vec::new()];
    for (node, spec) in (INPUTS..).zip(specs) {
        let last: BTreeSet<usize> = parts.iter().flatten().copied().collect();
        // A driver that takes nothing of those before it is none of a chain.
        let takes_some = spec.needs.iter().any(|need| last.contains(need));
        if spec.begins && takes_some {
            parts.push(Vec::new());
        }
        parts.last_mut().unwrap().push(node);
    }
    parts
}

fn specs() -> impl Strategy<Value = Vec<Spec>> {
    let spec =
        (prop::collection::vec(any::<prop::sample::Index>(), 1..4), 0..10_u8, any::<bool>(), any::<bool>());
    prop::collection::vec(spec, 1..20).prop_map(|specs| {
        let spec =
            |(node, (needs, fails, takes, begins)): (usize, (Vec<prop::sample::Index>, u8, bool, bool))| {
                let needs: BTreeSet<usize> = needs.into_iter().map(|need| need.index(node)).collect();
                Spec { needs: needs.into_iter().collect(), fails: fails == 0, takes, begins }
            };
        (INPUTS..).zip(specs).map(spec).collect()
    })
}

/// The value of each output, or the nodes that are to blame.
fn results(values: &Named, report: &Report, outputs: &[String]) -> Vec<Result<i64, BTreeSet<String>>> {
    let blame = |output: &String| match report.outcome(output) {
        Some(Outcome::Skipped { because }) => because.iter().cloned().collect(),
        _ => BTreeSet::from([output.clone()]),
    };
    outputs.iter().map(|output| values.get::<i64>(output).copied().map_err(|_| blame(output))).collect()
}

proptest! {
    #[test]
    fn a_chain_is_what_the_whole_is(
        specs in specs(),
        asked in prop::collection::vec(any::<prop::sample::Index>(), 1..6),
        overridden in prop::option::of(any::<prop::sample::Index>()),
        several in any::<bool>(),
    ) {
        let executor = if several { Executor::Rayon } else { Executor::Sequential };
        let nodes: Vec<usize> = (INPUTS..INPUTS + specs.len()).collect();
        let outputs: BTreeSet<String> = asked.iter().map(|index| name(*index.get(&nodes))).collect();
        let outputs: Vec<String> = outputs.into_iter().collect();
        let whole = driver(&specs, &nodes, executor);
        let parts: Vec<Driver> = cut(&specs).iter().map(|own| driver(&specs, own, executor)).collect();
        let chain = Chain::of(&parts).unwrap();
        let inputs = |graph: &mut dyn Iterator<Item = String>| {
            graph.fold(InputMap::new(), |inputs, name| inputs.set(name, 7_i64))
        };
        let of_whole = inputs(&mut whole.graph().inputs().map(|input| input.name().to_owned()));
        let of_chain = inputs(&mut chain.inputs().map(|input| input.name().to_owned()));
        let (whole, chain) = match overridden.map(|index| name(*index.get(&nodes))) {
            Some(node) => (
                whole.override_named(&node, 5_i64).execute_named(&outputs, of_whole).unwrap(),
                chain.override_named(&node, 5_i64).execute_named(&outputs, of_chain).unwrap(),
            ),
            None => (
                whole.execute_named(&outputs, of_whole).unwrap(),
                chain.execute_named(&outputs, of_chain).unwrap(),
            ),
        };
        let expected = results(whole.values(), &whole.report(), &outputs);
        prop_assert_eq!(results(chain.values(), &chain.report(), &outputs), expected);
    }
}

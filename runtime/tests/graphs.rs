//! Graphs as values: built, searched, combined, cut, described, hashed.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::float_cmp,
    clippy::items_after_statements,
    clippy::panic,
    clippy::trivially_copy_pass_by_ref,
    clippy::unwrap_used,
    reason = "the numbers are exact, and the functions have the form of nodes"
)]

use millstream::{Error, ErrorKind, Feed, Graph, GraphBuilder, GraphDescription, InputMap, NodeKind, Own};

fn names(nodes: &[millstream::GraphNode<'_>]) -> Vec<String> {
    nodes.iter().map(|node| node.name().to_owned()).collect()
}

fn problems(builder: GraphBuilder) -> Vec<String> {
    let error = builder.build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Graph);
    error.problems()
}

/// a -> b -> d, a -> c -> d, and e alone; b and c are tagged.
fn diamond() -> Result<Graph, Error> {
    Graph::builder()
        .name("diamond")
        .input::<f64>("a")
        .function("b", ["a"], |a: &f64| a + 1.0)
        .tag("side", ["left"])
        .function("c", ["a"], |a: &f64| a + 2.0)
        .tag("side", ["right"])
        .doc("The right side.")
        .function("d", ["b", "c"], |b: &f64, Own(c): Own<f64>| b * c)
        .input_or("e", 1_u8)
        .build()
}

#[test]
fn every_problem_of_a_builder_is_told_at_once() {
    let builder = Graph::builder()
        .doc("of nothing")
        .input::<Vec<i32>>("spend")
        .input::<f64>("signups")
        .function("roas", ["spend", "signupz"], |spend: &[f64], signups: &f64| spend[0] * signups)
        .function("arity", ["spend"], || 1)
        .function("grouped", [Feed::group(["spend", "signups"])], |spend: &Vec<i32>| spend.len())
        .function("signups", (), || 1)
        .function("twice", (), || 1)
        .function("twice", (), || 2)
        .function("alone", (), || 2)
        .overrides()
        .function("empty", [Feed::group([] as [&str; 0])], |all: Vec<&f64>| all.len())
        .function("tagged", [Feed::tagged("stage", "final")], |all: Vec<&f64>| all.len());
    assert_eq!(
        problems(builder),
        [
            "`doc` was called before there was a node; add the node first",
            "the function of node `arity` has 0 parameters, but 1 name is given; name one node or group for each parameter",
            "parameter `spend, signups` of node `grouped` is `&Vec<i32>`, which takes one value, but it is fed by a group; name one node, or take a `Vec` of references",
            "`signups` is both an input and a node; remove the input, or rename one of them",
            "two nodes are named `twice`; rename one",
            "node `alone` overrides nothing: no included dataflow has a node of that name; remove `overrides`",
            "node `roas` needs `signupz`, which is neither a node nor an input; did you mean `signups`?",
            "the group of node `empty` has no members; name at least one node",
            "no node has the tag `stage = \"final\"`; give the tag to the nodes that belong to the group",
            "parameter `spend` of node `roas` is `&[f64]`, but input `spend` is `Vec<i32>`",
        ][..]
    );
}

#[test]
fn a_cycle_is_told_by_names() {
    let builder = Graph::builder()
        .function("a", ["c"], |c: &f64| *c)
        .function("b", ["a"], |a: &f64| *a)
        .function("c", ["b"], |b: &f64| *b);
    assert_eq!(
        problems(builder),
        ["these nodes need each other: `a` -> `c` -> `b` -> `a`; break the cycle at one of them"]
    );
}

#[test]
fn each_kind_of_parameter_is_checked_by_type() {
    let builder = Graph::builder()
        .input::<i32>("x")
        .function("own", ["x"], |Own(x): Own<f64>| x)
        .function("optional", ["x"], |x: Option<&f64>| x.copied().unwrap_or(0.0))
        .function("text", ["x"], |x: &str| x.len())
        .function("many", ["x"], |x: Vec<&f64>| x.len())
        .function("map", ["x"], |x: std::collections::BTreeMap<&str, &f64>| x.len())
        .function("pair", (), || (1, 2))
        .parts(["low", "high"], |pair: (u8, u8)| pair)
        .function("typed", (), || 1)
        .value_type(millstream::value_type!(f64));
    assert_eq!(
        problems(builder),
        [
            "the parts of node `pair` are taken from a `(u8, u8)`, but it yields `(i32, i32)`; take that apart",
            "`value_type` says that `typed` yields `f64`, but it yields `i32`; name that type",
            "parameter `x` of node `own` is `f64`, but input `x` is `i32`",
            "parameter `x` of node `optional` is `Option<&f64>`, but input `x` is `i32`",
            "parameter `x` of node `text` is `&str`, but input `x` is `i32`",
            "parameter `x` of node `many` is `Vec<&f64>`, but input `x` is `i32`",
            "parameter `x` of node `map` is `BTreeMap<&str, &f64>`, but input `x` is `i32`",
        ][..]
    );
}

#[test]
fn groups_keep_their_order_and_their_names() -> Result<(), Error> {
    let graph = Graph::builder()
        .function("late", ["early"], |early: &i32| early + 1)
        .tag("in", ["both"])
        .function("early", (), || 10)
        .tag("in", ["both"])
        .function("by_tag", [Feed::tagged("in", None)], |all: Vec<&i32>| {
            all.into_iter().copied().collect::<Vec<_>>()
        })
        .function("by_name", [Feed::group(["early", "late"])], |all: Vec<&i32>| {
            all.into_iter().copied().collect::<Vec<_>>()
        })
        .function(
            "map",
            (Feed::group(["late", "early"]), "early"),
            |all: std::collections::BTreeMap<&str, &i32>, one: &i32| {
                all.into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
                    + &format!(" {one}")
            },
        )
        .build()?;
    let same = graph.subgraph(|_| true)?;
    for graph in [graph, same] {
        let run = graph.driver().build()?.execute_named(["by_tag", "by_name", "map"], ())?;
        // In the order of declaration, not in that of the graph.
        assert_eq!(run.get::<Vec<i32>>("by_tag")?, &[11, 10]);
        assert_eq!(run.get::<Vec<i32>>("by_name")?, &[10, 11]);
        assert_eq!(run.get::<String>("map")?, "early=10 late=11 10");
    }
    Ok(())
}

#[test]
fn nodes_know_each_other() -> Result<(), Error> {
    let graph = diamond()?;
    assert_eq!(names(&graph.upstream("d")?), ["a", "b", "c"]);
    assert_eq!(names(&graph.downstream("a")?), ["b", "c", "d"]);
    assert_eq!(names(&graph.path("a", "d")?.unwrap_or_default()), ["a", "b", "d"]);
    assert_eq!(graph.path("e", "d")?.map(|way| way.len()), None);
    assert_eq!(names(&graph.path("b", "b")?.unwrap_or_default()), ["b"]);
    let d = graph.node("d").unwrap();
    assert_eq!(names(&d.needs()), ["b", "c"]);
    assert_eq!(names(&graph.node("a").unwrap().needed_by()), ["b", "c"]);
    assert_eq!(names(&graph.tagged("side", None)), ["b", "c"]);
    assert_eq!(names(&graph.tagged("side", "right")), ["c"]);
    assert_eq!(names(&graph.filter(|node| node.kind() == NodeKind::Input)), ["a", "e"]);
    assert_eq!(graph.node("c").unwrap().doc(), "The right side.");
    assert!(graph.node("e").unwrap().has_default() && !graph.node("a").unwrap().has_default());
    assert_eq!(
        graph.upstream("dd").unwrap_err().to_string(),
        "`dd` is neither a node nor an input; did you mean `d`?"
    );
    Ok(())
}

#[test]
fn a_part_of_a_graph_is_a_graph() -> Result<(), Error> {
    let right = diamond()?.subgraph(|node| ["c", "d"].contains(&node.name()))?;
    let inputs: Vec<&str> = right.inputs().map(millstream::GraphNode::name).collect();
    assert_eq!(inputs, ["a", "b"]);
    let inputs = InputMap::new().set("a", 1.0).set("b", 10.0);
    assert_eq!(right.driver().build()?.execute_named(["d"], inputs)?.get::<f64>("d")?, &30.0);

    let parts = Graph::builder()
        .function("pair", (), || (1.0, 2.0))
        .parts(["low", "high"], |pair: (f64, f64)| pair)
        .function("sum", ["low", "high"], |low: &f64, high: &f64| low + high)
        .build()?;
    let without_whole = parts.subgraph(|node| node.name() != "pair")?;
    assert_eq!(without_whole.node("low").unwrap().kind(), NodeKind::Input);
    let without_low = parts.subgraph(|node| node.name() != "low")?;
    let run = without_low.driver().build()?.execute_named(["sum"], InputMap::new().set("low", 5.0))?;
    assert_eq!(run.get::<f64>("sum")?, &7.0);
    Ok(())
}

#[test]
fn graphs_combine() -> Result<(), Error> {
    let load = Graph::builder()
        .function("a", ["path"], |path: &str| path.len() as f64)
        .input::<String>("path")
        .build()?;
    let both = diamond()?.combine(&load)?;
    assert_eq!(both.name(), "diamond");
    assert_eq!(both.node("a").unwrap().kind(), NodeKind::Function);
    let run = both.driver().build()?.execute_named(["d"], InputMap::new().set("path", "xy".to_owned()))?;
    assert_eq!(run.get::<f64>("d")?, &12.0);
    assert_eq!(load.combine(&diamond()?)?.hash(), both.hash());

    let clash = Graph::builder().function("b", (), || 0.5).input::<i32>("e").build()?;
    assert_eq!(
        diamond()?.combine(&clash).unwrap_err().problems(),
        [
            "input `e` is `u8` in one graph and `i32` in the other; give it one type",
            "two nodes are named `b`; rename one",
        ]
    );
    let other_b = clash.subgraph(|node| node.name() == "b")?;
    let overridden = diamond()?.combine_overriding(&other_b)?;
    let run = overridden.driver().build()?.execute_named(["d"], InputMap::new().set("a", 2.0))?;
    assert_eq!(run.get::<f64>("d")?, &2.0);

    let wrong = Graph::builder().function("a", (), || 1_u8).build()?;
    assert_eq!(
        diamond()?.combine(&wrong).unwrap_err().problems(),
        [
            "parameter `a` of node `b` is `&f64`, but node `a` yields `u8`",
            "parameter `a` of node `c` is `&f64`, but node `a` yields `u8`",
        ]
    );
    let round = Graph::builder().function("a", ["d"], |d: &f64| *d).input::<f64>("d").build()?;
    assert_eq!(
        diamond()?.combine(&round).unwrap_err().to_string(),
        "these nodes need each other: `a` -> `d` -> `b` -> `a`; break the cycle at one of them"
    );
    Ok(())
}

#[test]
fn a_description_goes_through_serde() -> Result<(), Error> {
    let description = diamond()?.description();
    let text = serde_json::to_string_pretty(&description).unwrap();
    let read: GraphDescription = serde_json::from_str(&text).unwrap();
    assert_eq!(read, description);
    let d = read.nodes.iter().find(|node| node.name == "d").unwrap();
    let params: Vec<(&str, &str, bool)> =
        d.variants[0].params.iter().map(|param| (&*param.name, &*param.type_name, param.owned)).collect();
    assert_eq!(params, [("b", "&f64", false), ("c", "f64", true)]);
    assert_eq!(d.variants[0].params[1].providers, ["c"]);
    assert_eq!(description.hash, format!("{:032x}", diamond()?.hash()));
    Ok(())
}

#[test]
fn the_hash_changes_when_and_only_when_the_graph_does() -> Result<(), Error> {
    let base = || Graph::builder().input::<f64>("a").input::<f64>("b");
    let hash = |builder: GraphBuilder| builder.build().map(|graph| graph.hash());
    let add = |a: &f64, b: &f64| a + b;

    let of_base = hash(base().function("c", ["a", "b"], add))?;
    let same = [
        hash(Graph::builder().function("c", ["a", "b"], add).input::<f64>("b").input::<f64>("a"))?,
        hash(base().function("c", ["a", "b"], add).doc("Sum.").name("named"))?,
        hash(base().function("c", ["a", "b"], |a: &f64, b: &f64| a - b))?,
        hash(base().function("c", ["a", "b"], add).value_type(millstream::value_type!(f64, "Amount")))?,
    ];
    for (index, hash) in same.into_iter().enumerate() {
        assert_eq!(hash, of_base, "{index}");
    }
    let different = [
        hash(base())?,
        hash(base().function("d", ["a", "b"], add))?,
        hash(base().function("c", ["b", "a"], add))?,
        hash(base().function("c", ["a", "a"], add))?,
        hash(base().function("c", ["a", "b"], |a: &f64, Own(b): Own<f64>| a + b))?,
        hash(base().function("c", ["a", "b"], |a: &f64, b: Option<&f64>| a + b.unwrap_or(a)))?,
        hash(base().function("c", ["a", "b"], |a: &f64, b: Vec<&f64>| a + b[0]))?,
        hash(base().function("c", ["a", "b"], |a: &f64, b: &f64| (a + b) as f32))?,
        hash(base().function("c", ["a", "b"], add).version(1))?,
        hash(base().function("c", ["a", "b"], add).tag("k", ["v"]))?,
        hash(base().function("c", ["a", "b"], add).tag("k", ["w"]))?,
        hash(base().function("c", ["a", "b"], add).tag("kv", [] as [&str; 0]))?,
        hash(base().function("c", ["a", "b"], add).input::<u8>("unused"))?,
        hash(base().function("c", ["a", "b"], add).input_or("unused", 0_u8))?,
        hash(Graph::builder().input::<f64>("a").input_or("b", 1.0).function("c", ["a", "b"], add))?,
        hash(base().function("c", (), || (1.0, 2.0)).parts(["x", "y"], |c: (f64, f64)| c))?,
        hash(base().function("c", (), || (1.0, 2.0)).parts(["y", "x"], |c: (f64, f64)| c))?,
    ];
    let mut all: Vec<u128> = different.into_iter().chain([of_base]).collect();
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count);
    Ok(())
}

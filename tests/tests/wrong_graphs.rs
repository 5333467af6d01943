//! Random graphs, right and wrong, given to the macro and to the procedural builder: both take the right ones, and
//! both refuse the wrong ones with the same words.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

use std::collections::BTreeSet;
use std::fmt::Write;

use millstream::Graph;
use millstream_compiler::syntax::{check, diagnostics::Errors, parse};
use proptest::prelude::*;

/// A graph of `u64` nodes: name, needed names.
type Nodes = Vec<(String, Vec<String>)>;

/// A graph without mistakes: `inputs` inputs, and nodes that need earlier names.
fn right() -> impl Strategy<Value = (usize, Nodes)> {
    (1_usize..4, prop::collection::vec(prop::collection::vec(any::<prop::sample::Index>(), 0..3), 1..9))
        .prop_map(|(inputs, needs)| {
            let mut names: Vec<String> = (0..inputs).map(|input| format!("input_{input}")).collect();
            let mut nodes = Vec::new();
            for (node, needs) in needs.into_iter().enumerate() {
                let needs: BTreeSet<String> =
                    needs.into_iter().map(|need| need.get(&names).clone()).collect();
                nodes.push((format!("node_{node}"), needs.into_iter().collect()));
                names.push(format!("node_{node}"));
            }
            (inputs, nodes)
        })
}

/// One mistake.
#[derive(Clone, Debug)]
enum Mistake {
    Misspelt(prop::sample::Index),
    Cycle(prop::sample::Index, prop::sample::Index),
    Duplicate(prop::sample::Index),
    NodeLikeInput(prop::sample::Index),
}

fn mistake() -> impl Strategy<Value = Mistake> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        index().prop_map(Mistake::Misspelt),
        (index(), index()).prop_map(|(one, other)| Mistake::Cycle(one, other)),
        index().prop_map(Mistake::Duplicate),
        index().prop_map(Mistake::NodeLikeInput),
    ]
}

fn make(mistake: &Mistake, nodes: &mut Nodes) {
    match mistake {
        Mistake::Misspelt(node) => {
            let node = node.index(nodes.len());
            nodes[node].1.push(format!("nod_{node}"));
        }
        Mistake::Cycle(one, other) => {
            let (one, other) = (one.index(nodes.len()), other.index(nodes.len()));
            let (first, last) = (one.min(other), one.max(other));
            // A chain from the one to the other, and back.
            for node in first..last {
                let name = nodes[node].0.clone();
                if !nodes[node + 1].1.contains(&name) {
                    nodes[node + 1].1.push(name);
                }
            }
            let name = nodes[last].0.clone();
            nodes[first].1.push(name);
        }
        Mistake::Duplicate(node) => {
            let name = nodes[node.index(nodes.len())].0.clone();
            nodes.push((name, Vec::new()));
        }
        Mistake::NodeLikeInput(node) => {
            let node = node.index(nodes.len());
            nodes.insert(node, ("input_0".to_owned(), Vec::new()));
        }
    }
}

/// What the macro says of it.
fn macro_says(inputs: usize, nodes: &Nodes) -> BTreeSet<String> {
    let mut source = String::from("mod flow { #[inputs] pub struct Inputs {");
    for input in 0..inputs {
        write!(source, "pub input_{input}: u64,").unwrap();
    }
    source.push('}');
    let mut seen = BTreeSet::new();
    for (name, needs) in nodes {
        let params: Vec<String> = needs.iter().map(|need| format!("{need}: &u64")).collect();
        // Two functions of one name are rustc's to report; two nodes of one name are ours.
        let again = if seen.insert(name) { "" } else { "_again" };
        let params = params.join(", ");
        write!(source, "#[node(name = \"{name}\")] pub fn {name}{again}({params}) -> u64 {{ 0 }}").unwrap();
    }
    source.push('}');
    let mut errors = Errors::default();
    let module = parse::module(proc_macro2::TokenStream::new(), source.parse().unwrap(), &mut errors)
        .expect("a module");
    check::check(&module, &[], &mut errors);
    let messages = errors.messages().map(str::to_owned).collect();
    drop(errors.into_tokens());
    messages
}

/// What the builder says of it.
fn builder_says(inputs: usize, nodes: &Nodes) -> BTreeSet<String> {
    let mut builder = Graph::builder();
    for input in 0..inputs {
        builder = builder.input::<u64>(format!("input_{input}"));
    }
    for (name, needs) in nodes {
        let name = name.clone();
        let mut need = needs.iter().cloned();
        let mut next = || need.next().unwrap();
        builder = match needs.len() {
            0 => builder.function(name, (), || 0_u64),
            1 => builder.function(name, [next()], |_: &u64| 0_u64),
            2 => builder.function(name, [next(), next()], |_: &u64, _: &u64| 0_u64),
            3 => builder.function(name, [next(), next(), next()], |_: &u64, _: &u64, _: &u64| 0_u64),
            _ => builder.function(
                name,
                [next(), next(), next(), next()],
                |_: &u64, _: &u64, _: &u64, _: &u64| 0_u64,
            ),
        };
    }
    builder.build().err().map(|error| error.problems().into_iter().collect()).unwrap_or_default()
}

proptest! {
    #[test]
    fn a_right_graph_is_taken_by_both((inputs, nodes) in right()) {
        prop_assert_eq!(macro_says(inputs, &nodes), BTreeSet::new());
        prop_assert_eq!(builder_says(inputs, &nodes), BTreeSet::new());
    }

    #[test]
    fn a_wrong_graph_is_refused_by_both_with_the_same_words(
        (inputs, mut nodes) in right(),
        mistake in mistake(),
    ) {
        make(&mistake, &mut nodes);
        let said = macro_says(inputs, &nodes);
        prop_assert!(!said.is_empty());
        prop_assert_eq!(builder_says(inputs, &nodes), said);
    }
}

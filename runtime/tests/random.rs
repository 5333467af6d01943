//! Random graphs of all kinds of parameters give on both executors what a naive interpreter gives.

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

use std::collections::{BTreeMap, HashMap};

use millstream::{Driver, Error, Executor, Feed, Graph, GraphBuilder, InputMap, Own};
use proptest::prelude::*;

/// What a node takes for a parameter: positions of earlier values, or one that the graph lacks.
#[derive(Clone, Debug)]
enum Take {
    Borrow(usize),
    Own(usize),
    Optional(Option<usize>),
    OptionalOwn(Option<usize>),
    Group(Vec<usize>),
    Map(Vec<usize>),
    Tagged(u8),
}

/// A node; with parts its value is a pair, and two values are added instead of one.
#[derive(Clone, Debug)]
struct Spec {
    first: Take,
    second: Take,
    parts: bool,
    tag: Option<u8>,
}

fn take() -> impl Strategy<Value = Take> {
    let position = 0..1000_usize;
    let several = proptest::collection::vec(0..1000_usize, 1..4);
    prop_oneof![
        3 => position.clone().prop_map(Take::Borrow),
        3 => position.clone().prop_map(Take::Own),
        1 => proptest::option::of(position.clone()).prop_map(Take::Optional),
        1 => proptest::option::of(position).prop_map(Take::OptionalOwn),
        1 => several.clone().prop_map(Take::Group),
        1 => several.prop_map(Take::Map),
        1 => (0..3_u8).prop_map(Take::Tagged),
    ]
}

fn spec() -> impl Strategy<Value = Spec> {
    (take(), take(), proptest::bool::weighted(0.2), proptest::option::weighted(0.3, 0..3_u8))
        .prop_map(|(first, second, parts, tag)| Spec { first, second, parts, tag })
}

/// A value of the interpreter: its name, its tag, and the positions of its node and part.
type Values = Vec<(String, u64)>;

const INPUTS: usize = 3;

/// The names of all values in order of declaration, and the tags.
fn layout(specs: &[Spec]) -> (Vec<String>, Vec<(usize, u8)>) {
    let mut names: Vec<String> = (0..INPUTS).map(|index| format!("in{index}")).collect();
    let mut tags = Vec::new();
    for (index, spec) in specs.iter().enumerate() {
        if spec.parts {
            names.extend([format!("n{index}_low"), format!("n{index}_high")]);
        } else {
            if let Some(tag) = spec.tag {
                tags.push((names.len(), tag));
            }
            names.push(format!("n{index}"));
        }
    }
    (names, tags)
}

/// The feed of a parameter that may look only at the first `count` values.
fn feed(take: &Take, names: &[String], count: usize, tags: &[(usize, u8)]) -> (Feed, Take) {
    let at = |position: &usize| position % count;
    match take {
        Take::Borrow(one) => (Feed::one(&names[at(one)]), Take::Borrow(at(one))),
        Take::Own(one) => (Feed::one(&names[at(one)]), Take::Own(at(one))),
        Take::Optional(one) => {
            let feed = one.as_ref().map_or_else(|| Feed::one("absent"), |one| Feed::one(&names[at(one)]));
            (feed, Take::Optional(one.as_ref().map(at)))
        }
        Take::OptionalOwn(one) => {
            let feed = one.as_ref().map_or_else(|| Feed::one("absent"), |one| Feed::one(&names[at(one)]));
            (feed, Take::OptionalOwn(one.as_ref().map(at)))
        }
        Take::Group(all) | Take::Map(all) => {
            let all: Vec<usize> = all.iter().map(at).collect();
            let feed = Feed::group(all.iter().map(|one| &names[*one]));
            (feed, if matches!(take, Take::Group(_)) { Take::Group(all) } else { Take::Map(all) })
        }
        // A group by tag sees all nodes, so it is used only where that makes no cycle.
        Take::Tagged(tag) => {
            let members: Vec<usize> =
                tags.iter().filter(|(_, own)| own == tag).map(|(one, _)| *one).collect();
            if members.is_empty() || members.iter().any(|one| *one >= count) {
                (Feed::one(&names[0]), Take::Borrow(0))
            } else {
                (Feed::tagged("group", tag.to_string().as_str()), Take::Group(members))
            }
        }
    }
}

/// What a parameter comes to: the same for the interpreter and in the closures below.
fn number(take: &Take, values: &Values) -> u64 {
    match take {
        Take::Borrow(one) | Take::Own(one) => values[*one].1,
        Take::Optional(one) | Take::OptionalOwn(one) => one.map_or(7, |one| values[one].1),
        Take::Group(all) => in_order(all.iter().map(|one| values[*one].1)),
        Take::Map(all) => {
            let map: BTreeMap<&str, u64> =
                all.iter().map(|one| (values[*one].0.as_str(), values[*one].1)).collect();
            by_name(map.into_iter())
        }
        Take::Tagged(_) => unreachable!("it was resolved"),
    }
}

fn in_order(all: impl Iterator<Item = u64>) -> u64 {
    all.fold(3, |sum: u64, one| sum.wrapping_mul(31).wrapping_add(one))
}

fn by_name<'a>(all: impl Iterator<Item = (&'a str, u64)>) -> u64 {
    all.fold(5, |sum: u64, (name, one)| {
        sum.wrapping_mul(37).wrapping_add(one).wrapping_add(name.len() as u64)
    })
}

fn mix(first: u64, second: u64) -> u64 {
    first.wrapping_mul(1_000_003).rotate_left(7) ^ second
}

/// Values are boxed, so that one moved twice would not go unseen.
type Boxed = Box<u64>;

macro_rules! with_second {
    ($builder:ident, $name:ident, $feeds:ident, $second:ident, $first_type:ty, |$first:pat_param| $first_value:expr) => {
        match $second {
            Take::Borrow(_) => $builder
                .function($name, $feeds, |$first: $first_type, b: &Boxed| mix($first_value, **b).into()),
            Take::Own(_) => $builder.function($name, $feeds, |$first: $first_type, Own(b): Own<Boxed>| {
                mix($first_value, *b).into()
            }),
            Take::Optional(_) => {
                $builder.function($name, $feeds, |$first: $first_type, b: Option<&Boxed>| {
                    mix($first_value, b.map_or(7, |b| **b)).into()
                })
            }
            Take::OptionalOwn(_) => {
                $builder.function($name, $feeds, |$first: $first_type, b: Option<Own<Boxed>>| {
                    mix($first_value, b.map_or(7, |Own(b)| *b)).into()
                })
            }
            Take::Group(_) | Take::Tagged(_) => {
                $builder.function($name, $feeds, |$first: $first_type, b: Vec<&Boxed>| {
                    mix($first_value, in_order(b.into_iter().map(|b| **b))).into()
                })
            }
            Take::Map(_) => {
                $builder.function($name, $feeds, |$first: $first_type, b: BTreeMap<&str, &Boxed>| {
                    mix($first_value, by_name(b.into_iter().map(|(name, b)| (name, **b)))).into()
                })
            }
        }
    };
}

fn add(builder: GraphBuilder, name: String, feeds: Vec<Feed>, first: &Take, second: &Take) -> GraphBuilder {
    /// So that the type of the closures' result is known.
    trait Typed {
        fn function<M, F: millstream::NodeFunction<M, Out = Boxed>>(
            self,
            name: String,
            feeds: Vec<Feed>,
            function: F,
        ) -> GraphBuilder;
    }
    struct Typing(GraphBuilder);
    impl Typed for Typing {
        fn function<M, F: millstream::NodeFunction<M, Out = Boxed>>(
            self,
            name: String,
            feeds: Vec<Feed>,
            function: F,
        ) -> GraphBuilder {
            self.0.function(name, feeds, function).value_type(millstream::value_type!(Boxed))
        }
    }
    let builder = Typing(builder);
    match first {
        Take::Borrow(_) => with_second!(builder, name, feeds, second, &Boxed, |a| **a),
        Take::Own(_) => with_second!(builder, name, feeds, second, Own<Boxed>, |Own(a)| *a),
        Take::Optional(_) => {
            with_second!(builder, name, feeds, second, Option<&Boxed>, |a| a.map_or(7, |a| **a))
        }
        Take::OptionalOwn(_) => {
            with_second!(builder, name, feeds, second, Option<Own<Boxed>>, |a| a.map_or(7, |Own(a)| *a))
        }
        Take::Group(_) | Take::Tagged(_) => {
            with_second!(builder, name, feeds, second, Vec<&Boxed>, |a| in_order(a.into_iter().map(|a| **a)))
        }
        Take::Map(_) => with_second!(builder, name, feeds, second, BTreeMap<&str, &Boxed>, |a| by_name(
            a.into_iter().map(|(name, a)| (name, **a))
        )),
    }
}

/// The graph, and what the naive interpreter makes of it: all values in the order of declaration.
fn build(specs: &[Spec]) -> Result<(Graph, Values), Error> {
    let (names, tags) = layout(specs);
    let mut builder = Graph::builder();
    let mut values: Values = Vec::new();
    for (index, name) in names.iter().take(INPUTS).enumerate() {
        builder = builder.input::<Boxed>(name).value_type(millstream::value_type!(Boxed));
        values.push((name.clone(), index as u64 + 1));
    }
    for (index, spec) in specs.iter().enumerate() {
        let count = values.len();
        let (first_feed, first) = feed(&spec.first, &names, count, &tags);
        let (second_feed, second) = feed(&spec.second, &names, count, &tags);
        let value = mix(number(&first, &values), number(&second, &values));
        let name = format!("n{index}");
        builder = add(builder, name.clone(), vec![first_feed, second_feed], &first, &second);
        if spec.parts {
            let (low, high) = (format!("{name}_low"), format!("{name}_high"));
            builder = builder.parts([low.as_str(), high.as_str()], |whole: Boxed| {
                (Box::new(*whole & 0xFFFF_FFFF), Box::new(*whole >> 32))
            });
            values.push((low, value & 0xFFFF_FFFF));
            values.push((high, value >> 32));
        } else {
            if let Some(tag) = spec.tag {
                builder = builder.tag("group", [tag.to_string()]);
            }
            values.push((name, value));
        }
    }
    Ok((builder.build()?, values))
}

/// The number in the name of a node or a part of it; inputs have none.
fn number_of(name: &str) -> Option<usize> {
    name.strip_prefix('n')?.split('_').next()?.parse().ok()
}

fn inputs() -> InputMap {
    (0..INPUTS)
        .fold(InputMap::new(), |inputs, index| inputs.set(format!("in{index}"), Box::new(index as u64 + 1)))
}

fn outputs(driver: &Driver, names: &[&str]) -> Result<HashMap<String, u64>, Error> {
    let mut run = driver.execute_named(names, inputs())?;
    names.iter().map(|name| Ok(((*name).to_owned(), *run.take::<Boxed>(name)?))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn executors_agree_with_a_naive_interpreter(
        specs in proptest::collection::vec(spec(), 1..40),
        wanted in proptest::collection::vec(0..1000_usize, 1..6),
    ) {
        let (graph, values) = build(&specs).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let mut names: Vec<&str> = wanted.iter().map(|one| values[one % values.len()].0.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let expected: HashMap<String, u64> =
            values.iter().filter(|(name, _)| names.contains(&name.as_str())).cloned().collect();
        let mut schedules = Vec::new();
        for executor in [Executor::Sequential, Executor::Rayon] {
            let driver = graph.driver().executor(executor).build().map_err(|e| TestCaseError::fail(e.to_string()))?;
            let found = outputs(&driver, &names).map_err(|e| TestCaseError::fail(e.to_string()))?;
            prop_assert_eq!(&found, &expected);
            let run = driver.execute_named(&names, inputs()).map_err(|e| TestCaseError::fail(e.to_string()))?;
            schedules.push(run.schedule().to_string());
        }
        prop_assert_eq!(&schedules[0], &schedules[1]);
        // Taken apart and put together again it is the same graph.
        let again = graph.subgraph(|_| true).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(again.hash(), graph.hash());
        let driver = again.driver().build().map_err(|e| TestCaseError::fail(e.to_string()))?;
        let found = outputs(&driver, &names).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(&found, &expected);
    }

    #[test]
    fn a_graph_in_two_modules_is_the_same_when_they_are_combined(
        specs in proptest::collection::vec(spec(), 2..30),
        cut in 0..1000_usize,
        wanted in 0..1000_usize,
    ) {
        let (graph, values) = build(&specs).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let cut = 1 + cut % (specs.len() - 1);
        // Inputs are in both; what is cut off is an input that the other module's node answers for.
        let module = |first: bool| {
            graph.subgraph(|node| number_of(node.name()).is_none_or(|number| (number < cut) == first))
        };
        let first = module(true).map_err(|e| TestCaseError::fail(e.to_string()))?;
        let second = module(false).map_err(|e| TestCaseError::fail(e.to_string()))?;
        let both = first.combine(&second).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(both.hash(), graph.hash());
        let (name, expected) = &values[wanted % values.len()];
        for executor in [Executor::Sequential, Executor::Rayon] {
            let driver = both.driver().executor(executor).build().map_err(|e| TestCaseError::fail(e.to_string()))?;
            let found = outputs(&driver, &[name]).map_err(|e| TestCaseError::fail(e.to_string()))?;
            prop_assert_eq!(found.get(name), Some(expected));
        }
    }

    #[test]
    fn an_override_is_as_if_the_node_had_yielded_it(
        specs in proptest::collection::vec(spec(), 1..30),
        which in 0..1000_usize,
    ) {
        let (graph, values) = build(&specs).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let (name, value) = &values[which % values.len()];
        let (last, expected) = &values[values.len() - 1];
        for executor in [Executor::Sequential, Executor::Rayon] {
            let driver = graph.driver().executor(executor).build().map_err(|e| TestCaseError::fail(e.to_string()))?;
            let mut run = driver
                .override_named(name, Box::new(*value))
                .execute_named([last], inputs())
                .map_err(|e| TestCaseError::fail(e.to_string()))?;
            prop_assert_eq!(*run.take::<Boxed>(last).map_err(|e| TestCaseError::fail(e.to_string()))?, *expected);
        }
    }
}

/// What is done to a graph that is right, so that it is wrong.
#[derive(Clone, Copy, Debug)]
enum Harm {
    Unknown,
    Duplicate,
    InputAndNode,
    Cycle,
    Type,
}

proptest! {
    #[test]
    fn wrong_graphs_are_refused_with_the_words_of_the_rules(
        edges in proptest::collection::vec((0..1000_usize, 0..1000_usize), 2..20),
        harm in prop_oneof![
            Just(Harm::Unknown), Just(Harm::Duplicate), Just(Harm::InputAndNode), Just(Harm::Cycle), Just(Harm::Type)
        ],
    ) {
        let name = |index: usize| format!("node_{index}");
        let mut builder = Graph::builder().input::<u64>("node_0");
        for (index, (a, b)) in (1..).zip(&edges) {
            let feeds = [name(a % index), name(b % index)];
            builder = builder.function(name(index), feeds, |a: &u64, b: &u64| a + b);
        }
        let last = edges.len();
        let (builder, expected) = match harm {
            Harm::Unknown => (
                builder.function("more", ["nobody_has_it"], |a: &u64| *a),
                "node `more` needs `nobody_has_it`, which is neither a node nor an input; write a node of that name, or add it to the inputs".to_owned(),
            ),
            Harm::Duplicate => (
                builder.function(name(last), (), || 1_u64),
                format!("two nodes are named `node_{last}`; rename one"),
            ),
            Harm::InputAndNode => (
                builder.input::<u64>(name(last)),
                format!("`node_{last}` is both an input and a node; remove the input, or rename one of them"),
            ),
            Harm::Cycle => (
                builder
                    .function("more", [name(last), "again".to_owned()], |a: &u64, b: &u64| a + b)
                    .function("again", ["more"], |a: &u64| *a),
                "these nodes need each other: `more` -> `again` -> `more`; break the cycle at one of them".to_owned(),
            ),
            Harm::Type => (
                builder.function("more", [name(last)], |a: &u32| *a),
                format!("parameter `node_{last}` of node `more` is `&u32`, but node `node_{last}` yields `u64`"),
            ),
        };
        let error = builder.build().err().map(|error| error.problems());
        prop_assert_eq!(error, Some(vec![expected]));
    }
}

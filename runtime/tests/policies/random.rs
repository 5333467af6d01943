//! Random graphs with failures: every executor reports, and yields, what a naive interpreter does.

use std::collections::BTreeSet;

use millstream::{Error, ErrorPolicy, Graph, InputMap, Outcome, Own, Report};
use proptest::prelude::*;

use super::support::{BOTH, Counted, Counter, in_pool, quiet};

/// A node: what it needs by position, how it takes it, and whether it fails.
#[derive(Clone, Debug)]
struct Spec {
    first: usize,
    second: usize,
    takes: bool,
    ends: Ends,
}

#[derive(Clone, Copy, Debug)]
enum Ends {
    Well,
    Failing,
    Panicking,
}

fn spec() -> impl Strategy<Value = Spec> {
    let ends = prop_oneof![6 => Just(Ends::Well), 1 => Just(Ends::Failing), 1 => Just(Ends::Panicking)];
    (0..1000_usize, 0..1000_usize, any::<bool>(), ends).prop_map(|(first, second, takes, ends)| Spec {
        first,
        second,
        takes,
        ends,
    })
}

/// What a node comes to: its value, or the nodes that are to blame.
#[derive(Clone, Debug, PartialEq)]
enum Expected {
    Value(u64),
    Failed,
    Skipped(BTreeSet<String>),
}

fn name(index: usize) -> String {
    format!("n{index}")
}

fn mix(first: u64, second: u64) -> u64 {
    first.wrapping_mul(31).rotate_left(5) ^ second
}

fn build(specs: &[Spec], counter: &Counter) -> Result<Graph, Error> {
    let mut builder = Graph::builder().input::<Counted>("n0").value_type(millstream::value_type!(Counted));
    for (index, spec) in (1..).zip(specs) {
        let feeds = [name(spec.first % index), name(spec.second % index)];
        let (counter, ends) = (counter.clone(), spec.ends);
        let make = move |first: u64, second: u64| match ends {
            Ends::Well => Ok(counter.make(mix(first, second))),
            Ends::Failing => Err("no"),
            Ends::Panicking => {
                let _own = counter.make(first);
                panic!("oh")
            }
        };
        builder = if spec.takes {
            builder.try_function(name(index), feeds, move |Own(a): Own<Counted>, b: &Counted| {
                make(a.value, b.value)
            })
        } else {
            builder.try_function(name(index), feeds, move |a: &Counted, b: &Counted| make(a.value, b.value))
        };
        builder = builder.value_type(millstream::value_type!(Counted));
    }
    builder.build()
}

fn interpret(specs: &[Spec]) -> Vec<Expected> {
    let mut all = vec![Expected::Value(7)];
    for (index, spec) in (1..).zip(specs) {
        let (first, second) = (spec.first % index, spec.second % index);
        let mut because = BTreeSet::new();
        for need in [first, second] {
            match &all[need] {
                Expected::Value(_) => {}
                Expected::Failed => {
                    because.insert(name(need));
                }
                Expected::Skipped(roots) => because.extend(roots.clone()),
            }
        }
        all.push(match (&all[first], &all[second], spec.ends) {
            (Expected::Value(first), Expected::Value(second), Ends::Well) => {
                Expected::Value(mix(*first, *second))
            }
            (Expected::Value(_), Expected::Value(_), _) => Expected::Failed,
            _ => Expected::Skipped(because),
        });
    }
    all
}

fn as_reported(report: &Report) -> Vec<(String, Option<BTreeSet<String>>, bool)> {
    let one = |outcome: &Outcome| match outcome {
        Outcome::Skipped { because } => (Some(because.iter().cloned().collect()), false),
        Outcome::Failed(_) => (None, true),
        _ => (None, false),
    };
    let mut all: Vec<_> = report
        .nodes()
        .iter()
        .map(|node| {
            let (because, failed) = one(&node.outcome);
            (node.node.clone(), because, failed)
        })
        .collect();
    all.sort();
    all
}

fn check(specs: &[Spec], wanted: &[usize]) -> Result<(), Error> {
    let counter = Counter::default();
    let graph = build(specs, &counter)?;
    let expected = interpret(specs);
    let mut names: Vec<String> = wanted.iter().map(|one| name(one % expected.len())).collect();
    names.sort();
    names.dedup();
    let mut reports = Vec::new();
    for executor in BOTH {
        let driver = graph.driver().executor(executor).on_error(ErrorPolicy::KeepGoing).build()?;
        let inputs = InputMap::new().set("n0", counter.make(7));
        let mut run = in_pool(|| driver.execute_named(&names, inputs))?;
        for wanted in &names {
            let index: usize = wanted[1..].parse().unwrap();
            match (&expected[index], run.take::<Counted>(wanted)) {
                (Expected::Value(value), Ok(found)) => assert_eq!(found.value, *value),
                (Expected::Failed, Err(error)) => assert_eq!(error.failure().unwrap().node(), wanted),
                (Expected::Skipped(roots), Err(error)) => {
                    assert!(roots.contains(error.failure().unwrap().node()));
                }
                (expected, found) => panic!("{wanted}: {expected:?}, but {}", found.is_ok()),
            }
        }
        let report = run.report();
        for (node, because, failed) in as_reported(&report) {
            let is = match because {
                Some(roots) => Expected::Skipped(roots),
                None if failed => Expected::Failed,
                None => continue,
            };
            let index: usize = node[1..].parse().unwrap();
            assert_eq!(expected[index], is, "{node}");
        }
        reports.push(report.to_string());
        drop(run);
        assert_eq!(counter.live(), 0, "each value is dropped once");
        // Fail fast tells of one failure, of those that there are, and drops all the rest.
        let driver = graph.driver().executor(executor).build()?;
        let inputs = InputMap::new().set("n0", counter.make(7));
        let run = in_pool(|| driver.execute_named(&names, inputs));
        reports.push(run.as_ref().err().map(ToString::to_string).unwrap_or_default());
        assert_eq!(run.is_ok(), report.errors().is_empty());
        drop(run);
        assert_eq!(counter.live(), 0, "each value is dropped once");
    }
    assert_eq!(reports[..2], reports[2..]);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn reports_are_those_of_a_naive_interpreter(
        specs in proptest::collection::vec(spec(), 1..40),
        wanted in proptest::collection::vec(0..1000_usize, 1..6),
    ) {
        quiet();
        check(&specs, &wanted).map_err(|error| TestCaseError::fail(error.to_string()))?;
    }
}

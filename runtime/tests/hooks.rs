//! Those who listen to runs: what they are told, in which order, and what becomes of their errors.

#![allow(
    clippy::items_after_statements,
    clippy::panic,
    clippy::trivially_copy_pass_by_ref,
    clippy::unnecessary_wraps,
    clippy::unwrap_used,
    reason = "the functions have the form of nodes"
)]

use std::sync::{Arc, Mutex};

use millstream::prelude::*;
use millstream::{
    BlockEvent, Collect, ErrorPolicy, GraphNode, Hook, HookResult, ItemEvent, Level, Message, NodeContext,
    NodeError, NodeEvent, Parallelizable, Points, Progress, RunEnd, RunInfo,
};

/// Writes down what it is told.
#[derive(Clone, Default)]
struct Tape(Arc<Mutex<Vec<String>>>);

impl Tape {
    fn write(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

struct Recorder {
    name: &'static str,
    tape: Tape,
    listens: Points,
}

fn recorder(name: &'static str, tape: &Tape) -> Recorder {
    Recorder { name, tape: tape.clone(), listens: Points::ALL }
}

fn shown(outcome: Result<(), &NodeError>) -> String {
    outcome.map_or_else(NodeError::message, |()| "ok".to_owned())
}

impl Recorder {
    fn write(&self, what: &str) -> HookResult {
        self.tape.write(format!("{}: {what}", self.name));
        Ok(())
    }
}

impl Hook for Recorder {
    fn listens(&self) -> Points {
        self.listens
    }

    fn node_built(&self, node: GraphNode<'_>) -> HookResult {
        self.write(&format!("built {}", node.name()))
    }

    fn graph_built(&self, graph: &Graph) -> HookResult {
        self.write(&format!("built {} nodes", graph.len()))
    }

    fn before_run(&self, run: &RunInfo<'_>) -> HookResult {
        self.write(&format!("run {}", run.outputs().join(", ")))
    }

    fn after_run(&self, _: &RunInfo<'_>, end: &RunEnd<'_>) -> HookResult {
        let outputs: Vec<_> = end.outputs().map(|(name, value)| format!("{name}={value:?}")).collect();
        let error =
            end.error().map_or_else(|| "ok".to_owned(), |error| error.failure().unwrap().node().to_owned());
        self.write(&format!("end {error} {}", outputs.join(" ")))
    }

    fn before_node(&self, node: &NodeEvent<'_>) -> HookResult {
        let inputs: Vec<_> = node.inputs().map(|(name, value)| format!("{name}={value:?}")).collect();
        self.write(&format!("> {} {:?} {}", node.name(), node.items(), inputs.join(" ")))
    }

    fn after_node(&self, node: &NodeEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
        let outputs: Vec<_> = node.outputs().map(|(name, value)| format!("{name}={value:?}")).collect();
        self.write(&format!("< {} {:?} {} {}", node.name(), node.items(), outputs.join(" "), shown(outcome)))
    }

    fn before_block(&self, block: &BlockEvent<'_>) -> HookResult {
        self.write(&format!("block {}", block.name()))
    }

    fn after_block(&self, block: &BlockEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
        self.write(&format!("block {} {}", block.name(), shown(outcome)))
    }

    fn before_item(&self, item: &ItemEvent<'_>) -> HookResult {
        self.write(&format!("item {:?}", item.items()))
    }

    fn after_item(&self, item: &ItemEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
        self.write(&format!("item {:?} {}", item.items(), shown(outcome)))
    }

    fn message(&self, message: &Message<'_>) -> HookResult {
        self.write(&format!(
            "{} {:?} {:?}: {}",
            message.name(),
            message.items(),
            message.level(),
            message.text()
        ))
    }

    fn progress(&self, progress: &Progress<'_>) -> HookResult {
        self.write(&format!("{} {}/{}", progress.name(), progress.done(), progress.total()))
    }
}

#[dataflow]
mod numbers {
    use super::*;

    #[inputs]
    pub(crate) struct Inputs {
        pub(crate) most: u32,
    }

    #[node]
    pub(crate) fn number(most: &u32, run: NodeContext<'_>) -> Parallelizable<u32> {
        run.progress(1, 2);
        Parallelizable::new(1..=*most)
    }

    #[node]
    pub(crate) fn half(number: &u32, run: NodeContext<'_>) -> Result<u32, String> {
        run.log(Level::Debug, format_args!("half of {number}"));
        if number.is_multiple_of(5) { Err(format!("{number} is too much")) } else { Ok(number / 2) }
    }

    #[node]
    pub(crate) fn total(half: Collect<'_, u32>) -> u32 {
        half.iter().sum()
    }

    #[node]
    pub(crate) fn text(total: u32) -> String {
        format!("{total}!")
    }
}

#[test]
fn all_points_in_order() {
    let tape = Tape::default();
    let driver = numbers::driver().executor(Executor::Sequential).hook(recorder("a", &tape)).build().unwrap();
    assert_eq!(
        tape.take(),
        [
            "a: built most",
            "a: built number",
            "a: built half",
            "a: built total",
            "a: built text",
            "a: built 5 nodes"
        ]
    );
    driver.execute::<numbers::text>(numbers::Inputs { most: 2 }).unwrap();
    assert_eq!(
        tape.take(),
        [
            "a: run text",
            "a: > number [] most=2",
            "a: number 1/2",
            "a: < number [] number=<Parallelizable<..>> ok",
            "a: block number",
            "a: item [0]",
            "a: > half [0] number=1",
            "a: half [0] Debug: half of 1",
            "a: < half [0] half=0 ok",
            "a: item [0] ok",
            "a: item [1]",
            "a: > half [1] number=2",
            "a: half [1] Debug: half of 2",
            "a: < half [1] half=1 ok",
            "a: item [1] ok",
            "a: block number ok",
            "a: > total [] half=[0, 1]",
            "a: < total [] total=1 ok",
            "a: > text [] total=1",
            "a: < text [] text=\"1!\" ok",
            "a: end ok text=\"1!\"",
        ]
    );
}

#[test]
fn failures_are_told_of_with_their_item() {
    let tape = Tape::default();
    let driver = numbers::driver().executor(Executor::Sequential).hook(recorder("a", &tape)).build().unwrap();
    tape.take();
    let error = driver.execute::<numbers::text>(numbers::Inputs { most: 9 }).unwrap_err();
    assert_eq!(error.failure().unwrap().items(), [4]);
    let told = tape.take();
    assert_eq!(
        told[told.len() - 6..],
        [
            "a: > half [4] number=5",
            "a: half [4] Debug: half of 5",
            "a: < half [4]  5 is too much",
            "a: item [4] 5 is too much",
            "a: block number 5 is too much",
            "a: end half ",
        ]
    );
}

/// Without those within blocks, whose order is not fixed on several threads.
fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

#[test]
fn the_same_on_several_threads() {
    let told = |executor, most| {
        let tape = Tape::default();
        let driver = numbers::driver().executor(executor).hook(recorder("a", &tape)).build().unwrap();
        tape.take();
        let result = driver.execute::<numbers::text>(numbers::Inputs { most });
        (sorted(tape.take()), result.map(millstream::Run::into_values).map_err(|error| error.to_string()))
    };
    assert_eq!(told(Executor::Sequential, 4), told(Executor::Rayon, 4));
    // Which further items have begun when one fails depends on the threads.
    let ((_, one), (_, two)) = (told(Executor::Sequential, 40), told(Executor::Rayon, 40));
    assert_eq!(one, two);
}

#[test]
fn first_added_stands_round_all_others() {
    let tape = Tape::default();
    let listening = |name| Recorder { listens: Points::NODE, ..recorder(name, &tape) };
    let graph = Graph::builder().function("x", (), || 1).build().unwrap();
    let driver =
        graph.driver().hook(listening("a")).hook(listening("b")).hook(listening("c")).build().unwrap();
    tape.take();
    driver.execute_named(["x"], ()).unwrap();
    assert_eq!(
        tape.take(),
        [
            "a: > x [] ",
            "b: > x [] ",
            "c: > x [] ",
            "c: < x [] x=1 ok",
            "b: < x [] x=1 ok",
            "a: < x [] x=1 ok"
        ]
    );
}

/// Fails at the points that are named.
#[derive(Clone, Copy)]
struct Failing(&'static str, bool);

impl Failing {
    fn at(self, point: &str) -> HookResult {
        match self {
            Self(at, _) if at != point => Ok(()),
            Self(_, true) => panic!("the hook is broken"),
            Self(..) => Err("the disk is full".into()),
        }
    }
}

impl Hook for Failing {
    fn node_built(&self, node: GraphNode<'_>) -> HookResult {
        if node.name() == "total" { self.at("node_built") } else { Ok(()) }
    }
    fn graph_built(&self, _: &Graph) -> HookResult {
        self.at("graph_built")
    }
    fn before_run(&self, _: &RunInfo<'_>) -> HookResult {
        self.at("before_run")
    }
    fn after_run(&self, _: &RunInfo<'_>, _: &RunEnd<'_>) -> HookResult {
        self.at("after_run")
    }
    fn before_node(&self, node: &NodeEvent<'_>) -> HookResult {
        if node.name() == "total" { self.at("before_node") } else { Ok(()) }
    }
    fn after_node(&self, node: &NodeEvent<'_>, _: Result<(), &NodeError>) -> HookResult {
        if node.name() == "total" { self.at("after_node") } else { Ok(()) }
    }
    fn before_block(&self, _: &BlockEvent<'_>) -> HookResult {
        self.at("before_block")
    }
    fn after_block(&self, _: &BlockEvent<'_>, _: Result<(), &NodeError>) -> HookResult {
        self.at("after_block")
    }
    fn before_item(&self, _: &ItemEvent<'_>) -> HookResult {
        self.at("before_item")
    }
    fn after_item(&self, _: &ItemEvent<'_>, _: Result<(), &NodeError>) -> HookResult {
        self.at("after_item")
    }
    fn message(&self, _: &Message<'_>) -> HookResult {
        self.at("message")
    }
    fn progress(&self, _: &Progress<'_>) -> HookResult {
        self.at("progress")
    }
}

#[test]
fn errors_and_panics_of_hooks_lose_no_values() {
    let points = [
        "before_run",
        "after_run",
        "after_node",
        "before_block",
        "after_block",
        "before_item",
        "after_item",
        "message",
        "progress",
    ];
    for executor in [Executor::Sequential, Executor::Rayon] {
        for point in points {
            for panics in [false, true] {
                let driver =
                    numbers::driver().executor(executor).hook(Failing(point, panics)).build().unwrap();
                let run = driver.execute::<numbers::text>(numbers::Inputs { most: 1 }).unwrap();
                assert_eq!(run.values(), "0!", "{point}");
                let report = run.report();
                assert_eq!(report.hook_errors()[0].point(), point);
                assert_eq!(report.hook_errors().len(), 1, "{:?}", report.hook_errors());
                let why = if panics { "panicked" } else { "failed" };
                assert!(report.hook_errors()[0].to_string().contains(why));
            }
        }
    }
}

#[test]
fn a_hook_may_refuse_a_node() {
    for executor in [Executor::Sequential, Executor::Rayon] {
        for (panics, why) in [
            (false, "hook `Failing` failed before_node of `total`: the disk is full"),
            (true, "hook `Failing` panicked before_node of `total`: the hook is broken"),
        ] {
            let tape = Tape::default();
            let listening = |name| Recorder { listens: Points::NODE, ..recorder(name, &tape) };
            let driver = numbers::driver()
                .executor(executor)
                .hook(listening("a"))
                .hook(Failing("before_node", panics))
                .hook(listening("b"))
                .build()
                .unwrap();
            tape.take();
            let error = driver.execute::<numbers::text>(numbers::Inputs { most: 1 }).unwrap_err();
            assert_eq!(error.failure().unwrap().node(), "total");
            assert_eq!(error.failure().unwrap().cause().unwrap().to_string(), why);
            // Who was told that it begins is told that it has ended, and nobody else.
            let told: Vec<_> = tape.take().into_iter().filter(|line| line.contains(" total")).collect();
            assert_eq!(told.len(), 2, "{told:?}");
            assert!(told[0].starts_with("a: > total") && told[1].starts_with("a: < total"), "{told:?}");
        }
    }
}

#[test]
fn hooks_may_refuse_a_graph() {
    let driver =
        numbers::driver().hook(Failing("node_built", false)).hook(Failing("graph_built", true)).build();
    let error = driver.unwrap_err();
    assert_eq!(error.kind(), millstream::ErrorKind::Graph);
    assert_eq!(
        error.problems(),
        [
            "node `total` is refused: the disk is full (hook `Failing`)",
            "the graph is refused: hook `Failing` panicked: the hook is broken",
        ]
    );
}

#[test]
fn hooks_see_runs_that_keep_going_and_what_is_skipped_is_not_told_of() {
    for executor in [Executor::Sequential, Executor::Rayon] {
        let tape = Tape::default();
        let graph = Graph::builder()
            .try_function("bad", (), || Err::<u8, _>("no"))
            .function("after", ["bad"], |bad: &u8| *bad)
            .function("good", (), || "yes".to_owned())
            .function("end", ["good"], |good: &str| good.len())
            .build()
            .unwrap();
        let listening = Recorder { listens: Points::NODE, ..recorder("a", &tape) };
        let driver = graph
            .driver()
            .executor(executor)
            .on_error(ErrorPolicy::KeepGoing)
            .hook(listening)
            .build()
            .unwrap();
        tape.take();
        let run = driver.execute_named(["after", "end"], ()).unwrap();
        assert_eq!(run.get::<usize>("end").unwrap(), &3);
        assert_eq!(
            sorted(tape.take()),
            [
                "a: < bad []  no",
                "a: < end [] end=3 ok",
                "a: < good [] good=\"yes\" ok",
                "a: > bad [] ",
                "a: > end [] good=\"yes\"",
                "a: > good [] ",
            ]
        );
    }
}

#[test]
fn what_is_taken_by_value_is_seen_before_the_call_alone() {
    let tape = Tape::default();
    let graph = Graph::builder()
        .function("rows", (), || vec![1, 2])
        .function("sum", ["rows"], |millstream::Own(rows): millstream::Own<Vec<i32>>| {
            rows.iter().sum::<i32>()
        })
        .build()
        .unwrap();
    let listening = Recorder { listens: Points::NODE, ..recorder("a", &tape) };
    let driver = graph.driver().hook(listening).hook(Inputs(tape.clone())).build().unwrap();
    tape.take();
    driver.execute_named(["sum"], ()).unwrap();
    assert_eq!(
        tape.take()[2..],
        ["a: < rows [] rows=[1, 2] ok", "a: > sum [] rows=[1, 2]", "0 inputs of sum", "a: < sum [] sum=3 ok"]
    );
}

struct Inputs(Tape);

impl Hook for Inputs {
    fn after_node(&self, node: &NodeEvent<'_>, _: Result<(), &NodeError>) -> HookResult {
        self.0.write(format!("{} inputs of {}", node.inputs().count(), node.name()));
        Ok(())
    }
}

#[test]
fn parts_and_overridden_nodes() {
    let tape = Tape::default();
    let graph = Graph::builder()
        .function("pair", (), || ("x".to_owned(), 2_usize))
        .parts(["one", "two"], |pair: (String, usize)| pair)
        .function("sum", ["one", "two"], |one: &str, two: &usize| one.len() + two)
        .build()
        .unwrap();
    let listening = Recorder { listens: Points::NODE, ..recorder("a", &tape) };
    let driver = graph.driver().executor(Executor::Sequential).hook(listening).build().unwrap();
    tape.take();
    driver.execute_named(["sum"], ()).unwrap();
    assert_eq!(
        tape.take(),
        [
            "a: > pair [] ",
            "a: < pair [] one=\"x\" two=2 ok",
            "a: > sum [] one=\"x\" two=2",
            "a: < sum [] sum=3 ok"
        ]
    );
    driver.override_named("pair", ("four".to_owned(), 6_usize)).execute_named(["sum"], ()).unwrap();
    assert_eq!(tape.take(), ["a: > sum [] one=\"four\" two=6", "a: < sum [] sum=10 ok"]);
}

#[test]
fn times_are_taken_for_those_who_ask() {
    struct Times(bool, Tape);
    impl Hook for Times {
        fn listens(&self) -> Points {
            if self.0 { Points::ALL | Points::TIMES } else { Points::ALL }
        }
        fn after_run(&self, _: &RunInfo<'_>, end: &RunEnd<'_>) -> HookResult {
            self.1.write(end.took().is_some().to_string());
            Ok(())
        }
        fn after_node(&self, node: &NodeEvent<'_>, _: Result<(), &NodeError>) -> HookResult {
            self.1.write(node.took().is_some().to_string());
            Ok(())
        }
    }
    for wants in [false, true] {
        let tape = Tape::default();
        let graph = Graph::builder().function("x", (), || 1).build().unwrap();
        graph.driver().hook(Times(wants, tape.clone())).build().unwrap().execute_named(["x"], ()).unwrap();
        assert_eq!(tape.take(), [wants.to_string(), wants.to_string()]);
    }
}

#[test]
fn the_end_of_a_run_tells_of_all_nodes_whoever_makes_it_and_whatever_else_is_listened_to() {
    struct End(Tape);
    impl Hook for End {
        fn listens(&self) -> Points {
            Points::RUN
        }
        fn after_run(&self, _: &RunInfo<'_>, end: &RunEnd<'_>) -> HookResult {
            let outputs: Vec<String> =
                end.outputs().map(|(name, value)| format!("{name} = {value:?}")).collect();
            self.0.write(format!("{outputs:?} {}", end.report()));
            Ok(())
        }
    }
    let graph = Graph::builder()
        .function("first", (), || 1)
        .try_function("wrong", ["first"], |_: &i32| Err::<i32, _>("no"))
        .function("never", ["wrong"], |wrong: &i32| wrong + 1)
        .build()
        .unwrap();
    let told = [Executor::Sequential, Executor::Rayon].map(|executor| {
        let tape = Tape::default();
        let driver = graph.driver().executor(executor).hook(End(tape.clone())).build().unwrap();
        driver.execute_named(["first", "never"], ()).unwrap_err();
        tape.take()
    });
    assert_eq!(told[0], ["[\"first = 1\"] first  done\nwrong  failed   no\nnever  not reached\n"]);
    assert_eq!(told[0], told[1]);
}

//! Hooks that wait, beside those that do not.

#![allow(
    clippy::panic,
    clippy::trivially_copy_pass_by_ref,
    clippy::unnecessary_wraps,
    clippy::unused_async,
    clippy::unwrap_used,
    reason = "the functions have the form of nodes"
)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use millstream::prelude::*;
use millstream::{
    AsyncHook, BlockEvent, ErrorKind, Hook, HookResult, ItemEvent, NodeErrorKind, NodeEvent, Nodes, Points,
    Retry, RunEnd, RunInfo, SubDriver,
};
use tokio::sync::Barrier;
use tokio::task::yield_now;

/// What was told to all hooks of a test.
#[derive(Clone, Default)]
struct Tape(Arc<Mutex<Vec<String>>>);

impl Tape {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    fn write(&self, who: &str, what: &str) -> HookResult {
        self.0.lock().unwrap().push(format!("{who} {what}"));
        Ok(())
    }

    /// Writes only after it was polled again, and a timer of tokio has rung.
    async fn write_late(&self, who: &str, what: &str) -> HookResult {
        yield_now().await;
        tokio::time::sleep(Duration::from_micros(1)).await;
        self.write(who, what)
    }
}

fn shown(outcome: Result<(), &NodeError>) -> String {
    outcome.map_or_else(|error| format!("failed: {}", error.message()), |()| "done".to_owned())
}

struct Prompt(&'static str, Tape);
struct Late(&'static str, Tape);

impl Hook for Prompt {
    fn check_inputs(&self, _: &RunInfo<'_>) -> HookResult {
        self.1.write(self.0, "check_inputs")
    }

    fn before_run(&self, _: &RunInfo<'_>) -> HookResult {
        self.1.write(self.0, "> run")
    }

    fn after_run(&self, _: &RunInfo<'_>, end: &RunEnd<'_>) -> HookResult {
        self.1.write(self.0, &format!("< run {:?}", end.outputs().collect::<Vec<_>>()))
    }

    fn before_node(&self, node: &NodeEvent<'_>) -> HookResult {
        self.1.write(self.0, &format!("> {} {:?}", node.name(), node.inputs().collect::<Vec<_>>()))
    }

    fn after_node(&self, node: &NodeEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
        self.1.write(self.0, &format!("< {} {:?} {}", node.name(), node.output(), shown(outcome)))
    }

    fn before_block(&self, block: &BlockEvent<'_>) -> HookResult {
        self.1.write(self.0, &format!("> block of {}", block.name()))
    }

    fn after_block(&self, block: &BlockEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
        self.1.write(self.0, &format!("< block of {} {}", block.name(), shown(outcome)))
    }

    fn before_item(&self, item: &ItemEvent<'_>) -> HookResult {
        self.1.write(self.0, &format!("> item {:?}", item.items()))
    }

    fn after_item(&self, item: &ItemEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
        self.1.write(self.0, &format!("< item {:?} {}", item.items(), shown(outcome)))
    }
}

impl AsyncHook for Late {
    async fn check_inputs(&self, _: &RunInfo<'_>) -> HookResult {
        self.1.write_late(self.0, "check_inputs").await
    }

    async fn before_run(&self, _: &RunInfo<'_>) -> HookResult {
        self.1.write_late(self.0, "> run").await
    }

    async fn after_run(&self, _: &RunInfo<'_>, end: &RunEnd<'_>) -> HookResult {
        self.1.write_late(self.0, &format!("< run {:?}", end.outputs().collect::<Vec<_>>())).await
    }

    async fn before_node(&self, node: &NodeEvent<'_>) -> HookResult {
        let what = format!("> {} {:?}", node.name(), node.inputs().collect::<Vec<_>>());
        self.1.write_late(self.0, &what).await
    }

    async fn after_node(&self, node: &NodeEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
        yield_now().await;
        let what = format!("< {} {:?} {}", node.name(), node.output(), shown(outcome));
        self.1.write_late(self.0, &what).await
    }

    async fn before_block(&self, block: &BlockEvent<'_>) -> HookResult {
        self.1.write_late(self.0, &format!("> block of {}", block.name())).await
    }

    async fn after_block(&self, block: &BlockEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
        self.1.write_late(self.0, &format!("< block of {} {}", block.name(), shown(outcome))).await
    }

    async fn before_item(&self, item: &ItemEvent<'_>) -> HookResult {
        self.1.write_late(self.0, &format!("> item {:?}", item.items())).await
    }

    async fn after_item(&self, item: &ItemEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
        self.1.write_late(self.0, &format!("< item {:?} {}", item.items(), shown(outcome))).await
    }
}

#[dataflow]
mod steps {
    use millstream::{Collect, Parallelizable};

    #[inputs]
    pub(crate) struct Inputs {
        pub(crate) most: u32,
    }

    #[node]
    pub(crate) async fn fetched(most: &u32) -> u32 {
        tokio::task::yield_now().await;
        *most
    }

    #[node]
    pub(crate) fn number(fetched: &u32) -> Parallelizable<u32> {
        Parallelizable::new(0..*fetched).max_items(1)
    }

    #[node]
    pub(crate) fn square(number: &u32) -> u32 {
        number * number
    }

    #[node]
    pub(crate) fn total(square: Collect<'_, u32>) -> u32 {
        square.iter().sum()
    }
}

const EXECUTORS: [Executor; 3] = [Executor::Sequential, Executor::Rayon, Executor::Auto];

/// A hook that waits between two that do not.
fn three(executor: Executor, tape: &Tape) -> Driver<steps::Flow> {
    let builder = steps::driver().executor(executor).hook(Prompt("a", tape.clone()));
    builder.async_hook(Late("b", tape.clone())).hook(Prompt("c", tape.clone())).build().unwrap()
}

fn expected() -> Vec<String> {
    let mut lines = Vec::new();
    let mut told = |what: &str| {
        let mut hooks = ["a", "b", "c"];
        if what.starts_with('<') {
            hooks.reverse();
        }
        lines.extend(hooks.map(|hook| format!("{hook} {what}")));
    };
    told("check_inputs");
    told("> run");
    told(r#"> fetched [("most", 2)]"#);
    told("< fetched Some(2) done");
    told(r#"> number [("fetched", 2)]"#);
    told("< number Some(<Parallelizable<..>>) done");
    told("> block of number");
    for item in 0..2 {
        told(&format!("> item [{item}]"));
        told(&format!(r#"> square [("number", {item})]"#));
        told(&format!("< square Some({}) done", item * item));
        told(&format!("< item [{item}] done"));
    }
    told("< block of number done");
    told(r#"> total [("square", [0, 1])]"#);
    told("< total Some(1) done");
    told(r#"< run [("total", 1)]"#);
    lines
}

#[test]
fn all_points_in_order_where_a_thread_waits() {
    for executor in EXECUTORS {
        let tape = Tape::default();
        let run = three(executor, &tape).execute::<steps::total>(steps::Inputs { most: 2 }).unwrap();
        assert_eq!(tape.take(), expected(), "{executor:?}");
        assert!(run.report().hook_errors().is_empty());
    }
}

#[tokio::test]
async fn all_points_in_order_where_the_run_is_awaited() {
    for executor in EXECUTORS {
        let tape = Tape::default();
        let run = three(executor, &tape).execute_async::<steps::total>(steps::Inputs { most: 2 });
        assert!(run.await.unwrap().report().hook_errors().is_empty());
        assert_eq!(tape.take(), expected(), "{executor:?}");
    }
}

#[tokio::test]
async fn what_would_block_a_runtime_is_refused_before_anybody_is_told() {
    let tape = Tape::default();
    let error = three(Executor::Auto, &tape).execute::<steps::total>(steps::Inputs { most: 2 }).unwrap_err();
    let message = "`execute` was called inside an async runtime, which would be blocked while `fetched` and hooks \
                   wait; use `execute_async`";
    assert_eq!((error.kind(), error.to_string()), (ErrorKind::Request, message.to_owned()));
    assert!(tape.take().is_empty());

    let graph = Graph::builder().function("a", (), || 1).build().unwrap();
    let driver = graph.driver().async_hook(Late("b", tape)).build().unwrap();
    let error = driver.execute_named(["a"], ()).unwrap_err();
    assert!(error.to_string().contains("blocked while hooks wait; use"), "{error}");
}

/// All that it is told of, wait for each other.
struct Meet(Barrier);

impl AsyncHook for Meet {
    fn listens(&self) -> Points {
        Points::NODE
    }

    async fn before_node(&self, _: &NodeEvent<'_>) -> HookResult {
        self.0.wait().await;
        Ok(())
    }

    async fn after_node(&self, _: &NodeEvent<'_>, _: Result<(), &NodeError>) -> HookResult {
        self.0.wait().await;
        Ok(())
    }
}

/// The runtime has one thread, and nodes that compute have another.
#[tokio::test]
async fn no_thread_is_held_up() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    for executor in EXECUTORS {
        let graph = Graph::builder()
            .function("a", (), || 1)
            .async_function("b", (), || async { 2 })
            .function("c", (), || 3)
            .build()
            .unwrap();
        let driver = graph.driver().executor(executor).async_hook(Meet(Barrier::new(3))).build().unwrap();
        let run = pool.install(|| driver.execute_named_async(["a", "b", "c"], ())).await.unwrap();
        assert_eq!(run.get::<i32>("c").unwrap(), &3);
    }
}

/// Refuses one node, and fails at others.
struct Faulty;

impl AsyncHook for Faulty {
    async fn before_run(&self, _: &RunInfo<'_>) -> HookResult {
        yield_now().await;
        panic!("no desk")
    }

    async fn before_node(&self, node: &NodeEvent<'_>) -> HookResult {
        yield_now().await;
        if node.name() == "secret" { Err("nobody may know".into()) } else { Ok(()) }
    }

    async fn after_node(&self, _: &NodeEvent<'_>, _: Result<(), &NodeError>) -> HookResult {
        yield_now().await;
        Err("the disk is full".into())
    }
}

#[test]
fn errors_and_panics_are_those_of_any_hook() {
    let tape = Tape::default();
    let graph = Graph::builder().function("open", (), || 1).function("secret", (), || 2).build().unwrap();
    let driver = graph.driver().hook(Prompt("a", tape.clone())).async_hook(Faulty).build().unwrap();
    let run = driver.execute_named(["open"], ()).unwrap();
    assert_eq!(run.get::<i32>("open").unwrap(), &1);
    let errors: Vec<String> = run.report().hook_errors().iter().map(ToString::to_string).collect();
    let full = "hook `Faulty` failed after_node of `open`: the disk is full";
    assert_eq!(errors, ["hook `Faulty` panicked before_run: no desk", full]);
    tape.take();

    let error = driver.execute_named(["secret"], ()).unwrap_err();
    let refused = "hook `Faulty` failed before_node of `secret`: nobody may know";
    assert_eq!(error.failure().unwrap().message(), refused);
    assert_eq!(tape.take()[2..4], ["a > secret []".to_owned(), format!("a < secret None failed: {refused}")]);
}

struct Refuse;

impl AsyncHook for Refuse {
    async fn check_inputs(&self, run: &RunInfo<'_>) -> HookResult {
        yield_now().await;
        let (name, value) = run.inputs().next().ok_or("nothing is given")?;
        Err(format!("`{name}` is {value:?}").into())
    }
}

#[tokio::test]
async fn inputs_may_be_refused() {
    let driver = steps::driver().async_hook(Refuse).build().unwrap();
    let error = driver.execute_async::<steps::total>(steps::Inputs { most: 9 }).await.unwrap_err();
    assert_eq!(error.to_string(), "the inputs are refused: `most` is 9 (hook `Refuse`)");
}

#[test]
fn nodes_that_are_tried_again_or_take_too_long_are_told_of_once() {
    let tape = Tape::default();
    let graph = Graph::builder()
        .try_function("bad", (), || Err::<i32, _>("closed"))
        .async_function("slow", (), std::future::pending::<i32>)
        .build()
        .unwrap();
    let builder = graph.driver().retry(Nodes::named(["bad"]), Retry::times(2));
    let builder = builder.timeout(Nodes::named(["slow"]), Duration::from_millis(1));
    let driver = builder.async_hook(Late("b", tape.clone())).build().unwrap();
    assert!(driver.execute_named(["bad"], ()).unwrap_err().to_string().ends_with("after 3 attempts"));
    assert_eq!(tape.take()[2..4], ["b > bad []", "b < bad None failed: closed"]);
    assert_eq!(
        driver.execute_named(["slow"], ()).unwrap_err().failure().unwrap().kind(),
        NodeErrorKind::TimedOut
    );
    assert_eq!(tape.take()[2..4], ["b > slow []", "b < slow None failed: it took longer than 1ms"]);
}

#[tokio::test]
async fn hooks_of_sub_drivers_are_awaited_too() {
    let tape = Tape::default();
    let inner = Graph::builder().function("tax", (), || 2).build().unwrap();
    let inner = inner.driver().async_hook(Late("inner", tape.clone())).build().unwrap();
    let outer = Graph::builder()
        .sub_driver("taxes", SubDriver::of(&inner).outputs(["tax"]))
        .function("price", ["tax"], |tax: &i32| tax + 1)
        .build()
        .unwrap();
    let run = outer.driver().build().unwrap().execute_named_async(["price"], ()).await.unwrap();
    assert_eq!(run.get::<i32>("price").unwrap(), &3);
    assert_eq!(tape.take().len(), 5);
}

#[test]
fn a_driver_may_share_one_with_others_and_tell_it_of_some_nodes() {
    let tape = Tape::default();
    let late = Arc::new(Late("b", tape.clone()));
    let graph =
        Graph::builder().function("x", (), || 1).function("y", ["x"], |x: &i32| x + 1).build().unwrap();
    for _ in 0..2 {
        let driver = graph.driver().async_hook_on(Nodes::named(["y"]), Arc::clone(&late)).build().unwrap();
        driver.execute_named(["y"], ()).unwrap();
        let nodes: Vec<String> = tape.take().into_iter().filter(|line| !line.contains("run")).collect();
        assert_eq!(nodes, ["b check_inputs", r#"b > y [("x", 1)]"#, "b < y Some(2) done"]);
    }
}

//! What is given up in the middle ends for those who were told of its beginning, with an error that says so.

#![allow(clippy::unnecessary_wraps, clippy::unwrap_used, reason = "these are tests")]

use std::collections::BTreeSet;
use std::future::pending;
use std::pin::pin;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::time::Duration;

use millstream::prelude::*;
use millstream::{
    AsyncHook, BlockEvent, CancellationToken, Hook, HookResult, ItemEvent, NodeErrorKind, NodeEvent, RunEnd,
    RunInfo,
};
use tokio::task::yield_now;

/// Writes down what begins and how it ends.
#[derive(Clone, Default)]
struct Story {
    lines: Arc<Mutex<Vec<String>>>,
    /// Used when this node begins.
    ends_at: Option<(&'static str, CancellationToken)>,
}

fn shown(outcome: Result<(), &NodeError>) -> String {
    match outcome {
        Ok(()) => "done".to_owned(),
        Err(error) if error.kind() == NodeErrorKind::Cancelled => format!("given up: {}", error.message()),
        Err(error) => format!("failed: {}", error.message()),
    }
}

impl Story {
    fn write(&self, line: String) -> HookResult {
        self.lines.lock().unwrap().push(line);
        Ok(())
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.lines.lock().unwrap())
    }
}

impl Hook for Story {
    fn before_run(&self, _: &RunInfo<'_>) -> HookResult {
        self.write("> run".to_owned())
    }

    fn after_run(&self, _: &RunInfo<'_>, end: &RunEnd<'_>) -> HookResult {
        let error = end.error().map_or_else(String::new, |error| format!("{error:#}"));
        self.write(format!("< run {error}"))
    }

    fn before_node(&self, node: &NodeEvent<'_>) -> HookResult {
        if let Some((_, token)) = self.ends_at.as_ref().filter(|(name, _)| *name == node.name()) {
            token.cancel();
        }
        self.write(format!("> {} {:?}", node.name(), node.items()))
    }

    fn after_node(&self, node: &NodeEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
        assert_eq!(node.output().is_some(), outcome.is_ok());
        self.write(format!("< {} {:?} {}", node.name(), node.items(), shown(outcome)))
    }

    fn before_block(&self, block: &BlockEvent<'_>) -> HookResult {
        self.write(format!("> block of {}", block.name()))
    }

    fn after_block(&self, block: &BlockEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
        self.write(format!("< block of {} {}", block.name(), shown(outcome)))
    }

    fn before_item(&self, item: &ItemEvent<'_>) -> HookResult {
        self.write(format!("> item {:?}", item.items()))
    }

    fn after_item(&self, item: &ItemEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
        self.write(format!("< item {:?} {}", item.items(), shown(outcome)))
    }
}

/// The same, but it waits, and hands over what was told when the run is over.
struct Slow(Story, Sender<Vec<String>>);

impl AsyncHook for Slow {
    async fn before_run(&self, run: &RunInfo<'_>) -> HookResult {
        yield_now().await;
        self.0.before_run(run)
    }

    async fn after_run(&self, run: &RunInfo<'_>, end: &RunEnd<'_>) -> HookResult {
        yield_now().await;
        self.0.after_run(run, end)?;
        Ok(self.1.send(self.0.take())?)
    }

    async fn before_node(&self, node: &NodeEvent<'_>) -> HookResult {
        yield_now().await;
        self.0.before_node(node)
    }

    async fn after_node(&self, node: &NodeEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
        yield_now().await;
        self.0.after_node(node, outcome)
    }
}

/// One that is quick, one that never ends, and one that needs it.
fn graph() -> Graph {
    Graph::builder()
        .async_function("quick", (), || async { 1 })
        .async_function("never", ["quick"], |_: &i32| pending::<i32>())
        .function("last", ["never"], |never: &i32| *never)
        .build()
        .unwrap()
}

/// What is told of its nodes when the run ends in the middle.
const NODES: [&str; 4] =
    ["> quick []", "< quick [] done", "> never []", "< never [] given up: the run has ended before it"];

fn told(end: &str) -> Vec<String> {
    let end = format!("< run {end}");
    ["> run"].iter().chain(&NODES).copied().chain([end.as_str()]).map(str::to_owned).collect()
}

/// Polls a run often enough for it to wait, and drops it.
fn poll_and_drop(driver: &Driver) {
    let mut run = pin!(driver.execute_named_async(["last"], ()));
    for _ in 0..10 {
        assert!(run.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
}

const DROPPED: &str = "the run was given up: its future was dropped; 1 of 3 nodes had run";

#[test]
fn where_the_future_of_the_run_is_dropped() {
    let story = Story::default();
    poll_and_drop(&graph().driver().hook(story.clone()).build().unwrap());
    assert_eq!(story.take(), told(DROPPED));
}

#[test]
fn hooks_that_wait_are_told_in_the_background() {
    let (ended, all) = channel();
    poll_and_drop(&graph().driver().async_hook(Slow(Story::default(), ended)).build().unwrap());
    assert_eq!(all.recv().unwrap(), told(DROPPED));
}

#[test]
fn where_its_time_is_over() {
    let limit = Duration::from_millis(5);
    let late = told("the run was not over within 5ms; 1 of 3 nodes had run, `never` was running");
    let story = Story::default();
    let driver = graph().driver().deadline(limit).hook(story.clone()).build().unwrap();
    driver.execute_named(["last"], ()).unwrap_err();
    let told: BTreeSet<String> = story.take().into_iter().collect();
    assert_eq!(told, late.into_iter().collect());
}

#[tokio::test]
async fn where_it_is_called_off() {
    let token = CancellationToken::new();
    let story = Story { ends_at: Some(("never", token.clone())), ..Story::default() };
    let driver = graph().driver().hook(story.clone()).build().unwrap();
    driver.cancel_with(&token).execute_named_async(["last"], ()).await.unwrap_err();
    assert_eq!(story.take(), told("the run was cancelled; 1 of 3 nodes had run"));
}

#[tokio::test]
async fn where_another_node_has_failed() {
    let graph = Graph::builder()
        .try_async_function("bad", (), || async {
            yield_now().await;
            Err::<i32, _>("closed")
        })
        .async_function("never", (), pending::<i32>)
        .function("last", ["bad", "never"], |bad: &i32, never: &i32| bad + never)
        .build()
        .unwrap();
    let story = Story::default();
    let driver = graph.driver().hook(story.clone()).build().unwrap();
    driver.execute_named_async(["last"], ()).await.unwrap_err();
    let lines = story.take();
    let ends = ["< bad [] failed: closed", "< never [] given up: the run has ended before it"];
    assert_eq!(lines[3..5], ends, "{lines:?}");
}

/// Of three items the second fails if it may, and the last waits for ever.
fn block(fails: bool) -> Graph {
    Graph::builder()
        .expand("number", (), || Parallelizable::new([2, 1, 0]))
        .try_async_function("half", ["number"], move |number: &i32| {
            let number = *number;
            async move {
                yield_now().await;
                match number {
                    0 => pending().await,
                    1 if fails => Err("odd"),
                    _ => Ok(number / 2),
                }
            }
        })
        .function("sum", ["half"], |half: Collect<'_, i32>| half.iter().sum::<i32>())
        .build()
        .unwrap()
}

#[tokio::test]
async fn items_of_blocks_are_given_up_where_one_before_them_fails() {
    let story = Story::default();
    let driver = block(true).driver().hook(story.clone()).build().unwrap();
    driver.execute_named_async(["sum"], ()).await.unwrap_err();
    let lines = story.take();
    let ends: Vec<&str> = lines.iter().map(String::as_str).filter(|line| line.starts_with('<')).collect();
    let expected = [
        "< number [] done",
        "< half [0] done",
        "< item [0] done",
        "< half [1] failed: odd",
        "< item [1] failed: odd",
        "< half [2] given up: the run has ended before it",
        "< item [2] given up: the run has ended before it",
        "< block of number failed: odd",
        "< run node `half` failed for item 1; it was needed on the way `half` -> `sum`: odd",
    ];
    assert_eq!(ends, expected);
}

#[test]
fn blocks_are_given_up_with_all_that_is_in_them() {
    let token = CancellationToken::new();
    let story = Story { ends_at: Some(("half", token.clone())), ..Story::default() };
    let driver = block(false).driver().hook(story.clone()).build().unwrap();
    driver.cancel_with(&token).execute_named(["sum"], ()).unwrap_err();
    let lines = story.take();
    let ends: Vec<&str> = lines.iter().map(String::as_str).filter(|line| line.starts_with('<')).collect();
    let expected = [
        "< number [] done",
        "< half [0] given up: the run has ended before it",
        "< item [0] given up: the run has ended before it",
        "< block of number given up: the run has ended before it",
        "< run the run was cancelled; 1 of 3 nodes had run",
    ];
    assert_eq!(ends, expected);
}

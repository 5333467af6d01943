//! Nodes that ask for the run they are in, and what they write about themselves.

#![allow(
    clippy::items_after_statements,
    clippy::trivially_copy_pass_by_ref,
    clippy::unnecessary_wraps,
    clippy::unwrap_used,
    reason = "the functions have the form of nodes"
)]

use std::sync::{Arc, Mutex};

use millstream::prelude::*;
use millstream::{CancellationToken, Hook, HookResult, Metadata, NodeContext, NodeEvent, RunId};

#[derive(Debug, PartialEq)]
pub(crate) struct Source(&'static str);

#[derive(Debug, PartialEq)]
pub(crate) struct Length(usize);

#[dataflow]
mod words {
    use super::*;
    use millstream::{Collect, Parallelizable};

    #[node]
    pub(crate) fn line(run: NodeContext<'_>) -> Parallelizable<String> {
        run.set(Source("a.txt"));
        Parallelizable::new(["one", "three"].map(String::from))
    }

    #[node]
    pub(crate) fn word(line: &str, run: NodeContext<'_>, of_lines: &Metadata<line>) -> String {
        run.set(Length(line.len()));
        format!("{line}@{}", of_lines.get::<Source>().unwrap().0)
    }

    #[node]
    pub(crate) fn shown(word: &str, of_word: &Metadata<word>, run: NodeContext<'_>) -> String {
        format!("{}{word}:{}", run.items()[0], of_word.get::<Length>().unwrap().0)
    }

    #[node]
    pub(crate) fn all(shown: Collect<'_, String>) -> String {
        shown.iter().cloned().collect::<Vec<_>>().join(" ")
    }

    #[node]
    pub(crate) fn only_metadata(of_lines: &Metadata<line>) -> usize {
        of_lines.iter().count()
    }
}

#[test]
fn metadata_reaches_later_nodes_also_in_blocks() {
    for executor in [Executor::Sequential, Executor::Rayon] {
        let driver = words::driver().executor(executor).build().unwrap();
        let run = driver.execute::<words::all>(()).unwrap();
        assert_eq!(run.values(), "0one@a.txt:3 1three@a.txt:5");
        assert_eq!(run.metadata("line")[0].get::<Source>(), Some(&Source("a.txt")));
        let lengths: Vec<_> =
            run.metadata("word").iter().map(|word| word.get::<Length>().unwrap().0).collect();
        assert_eq!(lengths, [3, 5]);
        assert!(run.metadata("all").is_empty());
        assert!(run.metadata("nobody").is_empty());
    }
}

#[test]
fn metadata_alone_makes_a_node_run() {
    let driver = words::driver().build().unwrap();
    let run = driver.execute::<words::only_metadata>(()).unwrap();
    assert_eq!(run.values(), &1);
    let ran: Vec<&str> = run.schedule().tasks().iter().map(|task| task.node).collect();
    assert_eq!(ran, ["line", "only_metadata"]);
}

#[node]
fn rows(run: NodeContext<'_>) -> Result<Vec<u8>, String> {
    run.set(Source("rows"));
    Ok(vec![1, 2])
}

#[node]
fn note(of_rows: &Metadata<rows>, run: NodeContext<'_>) -> String {
    format!("{} of {:?}", run.node(), of_rows.get::<Source>())
}

fn graph() -> Graph {
    Graph::builder().node::<rows>().node::<note>().build().unwrap()
}

#[test]
fn free_standing_nodes_have_them_too() {
    let driver = graph().driver().build().unwrap();
    assert_eq!(driver.execute::<note>(()).unwrap().values(), "note of Some(Source(\"rows\"))");
}

#[test]
fn what_the_caller_gives_has_written_nothing() {
    let driver = graph().driver().build().unwrap();
    let run = driver.override_value::<rows>(vec![7]).execute::<(note, rows)>(()).unwrap();
    assert_eq!(run.values(), &("note of None".to_owned(), vec![7]));
    assert!(run.metadata("rows").is_empty());
}

#[test]
fn of_a_node_that_is_tried_again_the_last_attempt_counts() {
    use std::sync::atomic::{AtomicU32, Ordering};
    let calls = AtomicU32::new(0);
    let flaky = move |run: NodeContext<'_>| {
        let call = calls.fetch_add(1, Ordering::SeqCst);
        run.set(call);
        if call < 2 { Err("not yet") } else { Ok(call) }
    };
    let graph = Graph::builder().try_function("flaky", (), flaky).build().unwrap();
    let retry = millstream::Retry::times(3);
    let driver = graph.driver().retry(millstream::Nodes::all(), retry).build().unwrap();
    let run = driver.execute_named(["flaky"], ()).unwrap();
    assert_eq!(run.metadata("flaky").len(), 1);
    assert_eq!(format!("{:?}", run.metadata("flaky")[0]), "[2]");
}

#[test]
fn hooks_see_what_a_node_wrote_before_it_failed() {
    struct Seen(Arc<Mutex<Vec<String>>>);
    impl Hook for Seen {
        fn after_node(&self, node: &NodeEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
            let line =
                format!("{} {:?} {:?} {}", node.name(), node.items(), node.metadata(), outcome.is_ok());
            self.0.lock().unwrap().push(line);
            Ok(())
        }
    }
    let seen = Arc::default();
    let half = |item: &u32, run: NodeContext<'_>| {
        run.set(*item);
        if item.is_multiple_of(2) { Ok(item / 2) } else { Err("odd") }
    };
    let graph = Graph::builder()
        .expand("item", (), || Parallelizable::new([4_u32, 7]))
        .try_function("half", ["item"], half)
        .build()
        .unwrap();
    let driver = graph.driver().hook(Seen(Arc::clone(&seen))).executor(Executor::Sequential).build().unwrap();
    driver.execute_named(["half"], ()).unwrap_err();
    let seen = seen.lock().unwrap();
    assert_eq!(seen[1..], ["half [0] [4] true", "half [1] [7] false"], "{seen:?}");
}

#[test]
fn each_run_has_an_id_of_its_own_which_its_nodes_see() {
    let graph = Graph::builder().function("id", (), |run: NodeContext<'_>| run.run_id()).build().unwrap();
    let driver = graph.driver().build().unwrap();
    let ids: Vec<RunId> = (0..3)
        .map(|_| {
            let mut run = driver.execute_named(["id"], ()).unwrap();
            assert_eq!(run.id(), *run.get::<RunId>("id").unwrap());
            run.take("id").unwrap()
        })
        .collect();
    assert!(ids.is_sorted_by(|one, next| one < next));
}

#[test]
fn everything_a_node_writes_is_kept_in_order() {
    let many = |run: NodeContext<'_>| (0..1_000_u32).for_each(|note| run.set(note));
    let graph = Graph::builder().function("many", (), many).build().unwrap();
    let run = graph.driver().build().unwrap().execute_named(["many"], ()).unwrap();
    let metadata = run.metadata("many").remove(0);
    assert!(metadata.iter().map(|note| *note.downcast_ref::<u32>().unwrap()).eq(0..1_000));
    assert_eq!(metadata.get::<u32>(), Some(&999));
}

#[test]
fn a_context_is_no_feed() {
    let error = Graph::builder().function("a", ["b"], |_: NodeContext<'_>| 1).build().unwrap_err();
    assert_eq!(
        error.to_string(),
        "the function of node `a` has 0 parameters, but 1 name is given; name one node or group for each parameter"
    );
}

/// A node that is told that its run was called off may leave things undone: its value is no answer.
#[test]
fn a_node_sees_that_its_run_was_called_off_and_what_it_has_left_undone_is_no_answer() {
    for executor in [millstream::Executor::Sequential, millstream::Executor::Auto] {
        let token = CancellationToken::new();
        let (hand, seen) = (token.clone(), std::sync::Arc::new(std::sync::Mutex::new(None)));
        let see = std::sync::Arc::clone(&seen);
        let stop = move |run: NodeContext<'_>| {
            let before = run.is_cancelled();
            hand.cancel();
            *see.lock().unwrap() = Some((before, run.is_cancelled()));
        };
        let graph = Graph::builder().function("stop", (), stop).build().unwrap();
        let driver = graph.driver().executor(executor).build().unwrap();
        let error = driver.cancel_with(&token).execute_named(["stop"], ()).unwrap_err();
        assert_eq!(error.kind(), millstream::ErrorKind::Cancelled);
        assert_eq!(*seen.lock().unwrap(), Some((false, true)));
    }
}

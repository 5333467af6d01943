//! Layers round async nodes, which wait without a thread.

#![allow(clippy::unused_async, clippy::unwrap_used, reason = "the functions have the form of nodes")]

use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};
use std::time::Duration;

use millstream::hooks::Tracing;
use millstream::layers::{Check, Checks, Inspect, SlowDown};
use millstream::prelude::*;
use millstream::{
    AsyncCall, AsyncLayer, AwaitedLayer, BoxedError, CancellationToken, Hook, HookResult, Layer, NodeCall,
    NodeErrorKind, NodeEvent, Nodes, Retry,
};
use tokio::sync::Barrier;
use tokio::task::yield_now;

/// What layers and nodes of a test have done.
#[derive(Clone, Default)]
struct Tape(Arc<Mutex<Vec<String>>>);

impl Tape {
    fn write(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// Writes down each call. It waits before and after, unless it knows only of threads.
struct Writes {
    name: &'static str,
    tape: Tape,
    awaited: bool,
}

impl Writes {
    fn new(name: &'static str, tape: &Tape, awaited: bool) -> Self {
        Self { name, tape: tape.clone(), awaited }
    }

    fn before(&self, call: &NodeCall<'_>) {
        self.tape.write(format!("> {} {} {}", self.name, call.node().name(), call.attempt()));
    }

    fn after(&self, call: &NodeCall<'_>) {
        let output = call.output().map(|value| format!("{value:?}"));
        self.tape.write(format!("< {} {}", self.name, output.unwrap_or_else(|| "nothing".to_owned())));
    }
}

impl Layer for Writes {
    fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
        self.before(call);
        let outcome = call.proceed();
        self.after(call);
        Ok(outcome?)
    }

    fn awaited(&self) -> Option<AwaitedLayer<'_>> {
        self.awaited.then(|| self.into())
    }
}

impl AsyncLayer for Writes {
    async fn around_async(&self, call: &mut AsyncCall<'_>) -> Result<(), BoxedError> {
        yield_now().await;
        self.before(call);
        let outcome = call.proceed().await;
        yield_now().await;
        self.after(call);
        Ok(outcome?)
    }
}

/// A node that says on which thread it has waited.
fn which_thread() -> Graph {
    Graph::builder()
        .async_function("here", (), || async {
            yield_now().await;
            thread::current().id()
        })
        .build()
        .unwrap()
}

#[tokio::test]
async fn shipped_layers_need_no_thread() {
    let everywhere = Check::new("must be somewhere", |_: &ThreadId| true);
    let driver = which_thread()
        .driver()
        .hook(Tracing::new())
        .hook(Checks::new().all(everywhere))
        .layer(Inspect::new())
        .layer(SlowDown::by(Duration::from_micros(10)))
        .build()
        .unwrap();
    let run = driver.execute_named_async(["here"], ()).await.unwrap();
    assert_eq!(run.get::<ThreadId>("here").unwrap(), &thread::current().id());
}

#[tokio::test]
async fn a_layer_that_knows_only_of_threads_has_one() {
    let tape = Tape::default();
    for (awaited, is_here) in [(true, true), (false, false)] {
        let builder = which_thread().driver().layer(Writes::new("a", &tape, true));
        let driver = builder.layer(Writes::new("b", &tape, awaited)).build().unwrap();
        let run = driver.execute_named_async(["here"], ()).await.unwrap();
        assert_eq!(*run.get::<ThreadId>("here").unwrap() == thread::current().id(), is_here);
        let lines: Vec<String> = tape.take().iter().map(|line| line[..3].to_owned()).collect();
        assert_eq!(lines, ["> a", "> b", "< b", "< a"]);
    }
}

#[tokio::test]
async fn they_are_within_retries_and_round_time_limits() {
    let tape = Tape::default();
    let calls = AtomicUsize::new(0);
    let graph = Graph::builder()
        .async_function("late", (), move || {
            let is_first = calls.fetch_add(1, Ordering::SeqCst) == 0;
            async move { if is_first { pending().await } else { 7 } }
        })
        .build()
        .unwrap();
    let builder = graph.driver().retry(Nodes::all(), Retry::times(1)).layer(Writes::new("a", &tape, true));
    let builder = builder.layer(Writes::new("b", &tape, true));
    let driver = builder.timeout(Nodes::all(), Duration::from_millis(5)).build().unwrap();
    let run = driver.execute_named_async(["late"], ()).await.unwrap();
    assert_eq!(run.get::<i32>("late").unwrap(), &7);
    let lines = tape.take();
    assert_eq!(lines[..4], ["> a late 1", "> b late 1", "< b nothing", "< a nothing"]);
    assert_eq!(lines[4..], ["> a late 2", "> b late 2", "< b 7", "< a 7"]);
}

/// Calls the node twice, and takes the sum.
struct Twice;

impl Layer for Twice {
    fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
        Ok(call.proceed()?)
    }

    fn repeats(&self) -> bool {
        true
    }

    fn awaited(&self) -> Option<AwaitedLayer<'_>> {
        Some(self.into())
    }
}

impl AsyncLayer for Twice {
    async fn around_async(&self, call: &mut AsyncCall<'_>) -> Result<(), BoxedError> {
        let mut sum = 0;
        for _ in 0..2 {
            call.proceed().await?;
            sum += call.output().and_then(|value| value.downcast_ref::<usize>().copied()).unwrap();
        }
        call.set(sum)
    }
}

#[test]
fn they_may_repeat_a_call_that_takes_by_value() {
    let graph = Graph::builder()
        .function("rows", (), || vec![1, 2, 3])
        .async_function("count", ["rows"], |rows: millstream::Own<Vec<i32>>| {
            let rows = rows.0;
            async move { rows.len() }
        })
        .build()
        .unwrap();
    let driver = graph.driver().layer_on(Nodes::named(["count"]), Twice).build().unwrap();
    assert_eq!(driver.execute_named(["count"], ()).unwrap().get::<usize>("count").unwrap(), &6);
}

/// Fails, or panics, instead of a call.
struct Breaks(bool);

impl Layer for Breaks {
    fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
        Ok(call.proceed()?)
    }

    fn awaited(&self) -> Option<AwaitedLayer<'_>> {
        Some(self.into())
    }
}

impl AsyncLayer for Breaks {
    async fn around_async(&self, call: &mut AsyncCall<'_>) -> Result<(), BoxedError> {
        call.proceed().await?;
        yield_now().await;
        assert!(!self.0, "no desk");
        Err("not today".into())
    }
}

#[tokio::test]
async fn their_errors_and_panics_are_those_of_the_node() {
    for (panics, kind, message) in
        [(false, NodeErrorKind::Failed, "not today"), (true, NodeErrorKind::Panicked, "no desk")]
    {
        let graph = Graph::builder().async_function("a", (), || async { 1 }).build().unwrap();
        let driver = graph.driver().layer(Breaks(panics)).build().unwrap();
        let error = driver.execute_named_async(["a"], ()).await.unwrap_err();
        let failure = error.failure().unwrap();
        assert_eq!((failure.kind(), failure.message()), (kind, message.to_owned()));
    }
}

/// Lets all calls wait for each other.
struct Together(Barrier);

impl Layer for Together {
    fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
        Ok(call.proceed()?)
    }

    fn awaited(&self) -> Option<AwaitedLayer<'_>> {
        Some(self.into())
    }
}

impl AsyncLayer for Together {
    async fn around_async(&self, call: &mut AsyncCall<'_>) -> Result<(), BoxedError> {
        self.0.wait().await;
        Ok(call.proceed().await?)
    }
}

#[tokio::test]
async fn items_of_blocks_wait_together() {
    let graph = Graph::builder()
        .expand("number", (), || Parallelizable::new(0..20))
        .async_function("twice", ["number"], |number: &i32| {
            let number = *number;
            async move { number * 2 }
        })
        .function("sum", ["twice"], |twice: Collect<'_, i32>| twice.iter().sum::<i32>())
        .build()
        .unwrap();
    let layer = Together(Barrier::new(20));
    let driver = graph.driver().layer_on(Nodes::named(["twice"]), layer).build().unwrap();
    let run = driver.execute_named_async(["sum"], ()).await.unwrap();
    assert_eq!(run.get::<i32>("sum").unwrap(), &380);
}

/// Calls the run off once there is a value, and never ends.
struct Never(CancellationToken);

impl Layer for Never {
    fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
        Ok(call.proceed()?)
    }

    fn awaited(&self) -> Option<AwaitedLayer<'_>> {
        Some(self.into())
    }
}

impl AsyncLayer for Never {
    async fn around_async(&self, call: &mut AsyncCall<'_>) -> Result<(), BoxedError> {
        call.proceed().await?;
        self.0.cancel();
        pending().await
    }
}

struct Ends(Tape);

impl Hook for Ends {
    fn after_node(&self, node: &NodeEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
        let message = outcome.map_or_else(NodeError::message, |()| "done".to_owned());
        self.0.write(format!("{:?} {message}", node.output()));
        Ok(())
    }
}

#[tokio::test]
async fn what_is_given_up_in_a_layer_has_no_value() {
    let (tape, token) = (Tape::default(), CancellationToken::new());
    let graph = Graph::builder().async_function("a", (), || async { 1 }).build().unwrap();
    let driver = graph.driver().hook(Ends(tape.clone())).layer(Never(token.clone())).build().unwrap();
    driver.cancel_with(&token).execute_named_async(["a"], ()).await.unwrap_err();
    assert_eq!(tape.take(), ["None the run has ended before it"]);
}

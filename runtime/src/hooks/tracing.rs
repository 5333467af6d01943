//! Spans and events of the `tracing` crate.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tracing::field::{debug, display};
use tracing::{Instrument, Span, debug, error, event, info_span};

use crate::context::{Level, RunId};
use crate::hook::{
    AsyncCall, AsyncLayer, AwaitedLayer, BoxedError, CallError, Hook, HookResult, Layer, Message, NodeCall,
    Points, Progress, RunEnd, RunInfo,
};

/// Tells the `tracing` crate of runs: a span `run` for each run and a span `node` for each attempt of a node, within
/// that of its run. A node runs inside its span, an async one whenever it is polled: so what it tells `tracing` itself is in there, too, wherever the node
/// runs. All are of the target `millstream` and the level `INFO`.
///
/// | span | fields |
/// |---|---|
/// | `run` | `graph`, `id`, `outputs` |
/// | `node` | `node`, `attempt`, `place` in the source, `items` in dynamic blocks |
///
/// What nodes [say](crate::NodeContext::log) are events inside their spans, of the level they are said with; what they
/// say of their progress is of the level `DEBUG`. Why an attempt failed, or a run, is an event of the level `ERROR`.
///
/// It brings a [layer](Hook::layer): add it before other layers, and what these do is inside the spans, too.
///
/// ```
/// use millstream::{Graph, hooks::Tracing};
///
/// let graph = Graph::builder().function("a", (), || 1.5).build()?;
/// let driver = graph.driver().hook(Tracing::new()).build()?;
/// assert_eq!(driver.execute_named(["a"], ())?.get::<f64>("a")?, &1.5);
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Tracing {
    spans: Arc<Spans>,
}

/// The spans of the runs that go on.
#[derive(Debug, Default)]
struct Spans {
    runs: Mutex<HashMap<RunId, Span>>,
}

impl Tracing {
    /// For whoever subscribes to `tracing`.
    ///
    /// ```
    /// # use millstream::{Graph, hooks::Tracing};
    /// # let graph = Graph::builder().function("a", (), || 1.5).build()?;
    /// let driver = graph.driver().hook(Tracing::new()).build()?;
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Spans {
    fn runs(&self) -> MutexGuard<'_, HashMap<RunId, Span>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The span of an attempt of a node.
    fn span(&self, call: &NodeCall<'_>) -> Span {
        let run = self.runs().get(&call.run().id()).cloned().unwrap_or_else(Span::current);
        let (node, attempt, items) = (call.node(), call.attempt(), call.items());
        let place = node.place().map(display);
        let items = (!items.is_empty()).then(|| debug(items));
        let node = node.name();
        info_span!(target: "millstream", parent: &run, "node", node, attempt, place, items)
    }
}

impl Hook for Tracing {
    fn listens(&self) -> Points {
        Points::RUN | Points::MESSAGE
    }

    fn layer(&self) -> Option<Arc<dyn Layer>> {
        Some(Arc::clone(&self.spans) as Arc<dyn Layer>)
    }

    fn before_run(&self, run: &RunInfo<'_>) -> HookResult {
        let (graph, id, outputs) = (run.graph().name(), display(run.id()), debug(run.outputs()));
        let span = info_span!(target: "millstream", "run", graph, id, outputs);
        self.spans.runs().insert(run.id(), span);
        Ok(())
    }

    fn after_run(&self, run: &RunInfo<'_>, end: &RunEnd<'_>) -> HookResult {
        let span = self.spans.runs().remove(&run.id());
        if let (Some(span), Some(error)) = (span, end.error()) {
            let error = format!("{error:#}");
            error!(target: "millstream", parent: &span, error, "the run has failed");
        }
        Ok(())
    }

    fn message(&self, message: &Message<'_>) -> HookResult {
        let text = message.text();
        match message.level() {
            Level::Error => event!(target: "millstream", tracing::Level::ERROR, "{text}"),
            Level::Warn => event!(target: "millstream", tracing::Level::WARN, "{text}"),
            Level::Info => event!(target: "millstream", tracing::Level::INFO, "{text}"),
            Level::Debug => event!(target: "millstream", tracing::Level::DEBUG, "{text}"),
            Level::Trace => event!(target: "millstream", tracing::Level::TRACE, "{text}"),
        }
        Ok(())
    }

    fn progress(&self, progress: &Progress<'_>) -> HookResult {
        let (done, total) = (progress.done(), progress.total());
        debug!(target: "millstream", done, total, "progress");
        Ok(())
    }
}

/// Says in its span why an attempt has failed, if it has.
fn ended(span: &Span, outcome: Result<(), CallError>) -> Result<(), BoxedError> {
    if let Err(error) = &outcome {
        let error = display(error);
        error!(target: "millstream", parent: span, error, "the node has failed");
    }
    Ok(outcome?)
}

impl Layer for Spans {
    fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
        let span = self.span(call);
        let outcome = span.in_scope(|| call.proceed());
        ended(&span, outcome)
    }

    fn awaited(&self) -> Option<AwaitedLayer<'_>> {
        Some(self.into())
    }
}

impl AsyncLayer for Spans {
    async fn around_async(&self, call: &mut AsyncCall<'_>) -> Result<(), BoxedError> {
        let span = self.span(call);
        let outcome = call.proceed().instrument(span.clone()).await;
        ended(&span, outcome)
    }
}

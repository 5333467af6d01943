//! Looking at the calls of nodes.

use std::fmt;

use crate::hook::{AsyncCall, AsyncLayer, AwaitedLayer, BoxedError, CallError, Layer, NodeCall};

/// Calls closures before and after nodes, with what goes in and what comes out: a place for a breakpoint, or to print
/// what matters.
///
/// ```
/// use std::sync::Mutex;
/// use std::sync::Arc;
///
/// use millstream::{Graph, Nodes, layers::Inspect};
///
/// let seen = Arc::new(Mutex::new(Vec::new()));
/// let (before, after) = (Arc::clone(&seen), Arc::clone(&seen));
/// let inspect = Inspect::new()
///     .before(move |call| before.lock().unwrap().push(format!("{:?}", call.inputs().collect::<Vec<_>>())))
///     .after(move |call, outcome| after.lock().unwrap().push(format!("{:?} {outcome:?}", call.output())));
///
/// let graph = Graph::builder()
///     .function("a", (), || 1)
///     .function("b", ["a"], |a: &i32| a + 1)
///     .build()?;
/// graph.driver().layer_on(Nodes::named(["b"]), inspect).build()?.execute_named(["b"], ())?;
/// assert_eq!(*seen.lock().unwrap(), [r#"[("a", 1)]"#, "Some(2) Ok(())"]);
/// # Ok::<(), millstream::Error>(())
/// ```
///
/// What it looks at it cannot change; a [`Layer`] of your own can.
#[derive(Default)]
pub struct Inspect {
    before: Option<Before>,
    after: Option<After>,
}

type Before = Box<dyn Fn(&NodeCall<'_>) + Send + Sync>;
type After = Box<dyn Fn(&NodeCall<'_>, Result<(), &CallError>) + Send + Sync>;

impl Inspect {
    /// Looks at nothing yet.
    ///
    /// ```
    /// # use millstream::{Graph, layers::Inspect};
    /// # let graph = Graph::builder().function("a", (), || 1).build()?;
    /// assert!(graph.driver().layer(Inspect::new()).build()?.execute_named(["a"], ()).is_ok());
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Calls a closure before each attempt of a node, in place of one that was given before.
    ///
    /// ```
    /// # use millstream::{Graph, layers::Inspect};
    /// # let graph = Graph::builder().function("a", (), || 1).build()?;
    /// let inspect = Inspect::new().before(|call| println!("{:?} begins", call.node()));
    /// assert!(graph.driver().layer(inspect).build()?.execute_named(["a"], ()).is_ok());
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Panics
    /// A panic of the closure is one of the node.
    #[must_use]
    pub fn before(self, look: impl Fn(&NodeCall<'_>) + Send + Sync + 'static) -> Self {
        Self { before: Some(Box::new(look)), ..self }
    }

    /// Calls a closure after each attempt of a node, in place of one that was given before.
    ///
    /// ```
    /// # use millstream::{Graph, layers::Inspect};
    /// # let graph = Graph::builder().function("a", (), || 1).build()?;
    /// let inspect = Inspect::new().after(|call, outcome| {
    ///     if let Err(error) = outcome {
    ///         eprintln!("{:?} failed with {:?}: {error}", call.node(), call.inputs().collect::<Vec<_>>());
    ///     }
    /// });
    /// assert!(graph.driver().layer(inspect).build()?.execute_named(["a"], ()).is_ok());
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Panics
    /// A panic of the closure is one of the node.
    #[must_use]
    pub fn after(self, look: impl Fn(&NodeCall<'_>, Result<(), &CallError>) + Send + Sync + 'static) -> Self {
        Self { after: Some(Box::new(look)), ..self }
    }
}

impl Inspect {
    fn look_before(&self, call: &NodeCall<'_>) {
        if let Some(before) = &self.before {
            before(call);
        }
    }

    fn look_after(&self, call: &NodeCall<'_>, outcome: Result<(), CallError>) -> Result<(), BoxedError> {
        if let Some(after) = &self.after {
            after(call, outcome.as_ref().copied());
        }
        Ok(outcome?)
    }
}

impl Layer for Inspect {
    fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
        self.look_before(call);
        let outcome = call.proceed();
        self.look_after(call, outcome)
    }

    fn awaited(&self) -> Option<AwaitedLayer<'_>> {
        Some(self.into())
    }
}

impl AsyncLayer for Inspect {
    async fn around_async(&self, call: &mut AsyncCall<'_>) -> Result<(), BoxedError> {
        self.look_before(call);
        let outcome = call.proceed().await;
        self.look_after(call, outcome)
    }
}

impl fmt::Debug for Inspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inspect")
            .field("before", &self.before.is_some())
            .field("after", &self.after.is_some())
            .finish()
    }
}

//! Printing what runs.

use std::fmt;
use std::io::{Write, stdout};

use crate::error::NodeError;
use crate::hook::{Hook, HookResult, Message, NodeEvent, Points, Progress, RunEnd, RunInfo, ValueView};

use super::lines::Lines;
use super::{label, short};

/// Prints runs: each node with what it is called with and what comes of it, and what nodes say. In dynamic blocks the
/// name of a node is followed by the item.
///
/// ```
/// use millstream::{Graph, InputMap, hooks::Print};
/// # #[derive(Clone, Default)]
/// # struct Shared(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);
/// # impl std::io::Write for Shared {
/// #     fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
/// #         self.0.lock().unwrap().write(bytes)
/// #     }
/// #     fn flush(&mut self) -> std::io::Result<()> {
/// #         Ok(())
/// #     }
/// # }
/// # let shared = Shared::default();
/// # let writer = shared.clone();
///
/// let graph = Graph::builder()
///     .input::<f64>("net")
///     .function("tax", ["net"], |net: &f64| net / 4.0)
///     .function("gross", ["net", "tax"], |net: &f64, tax: &f64| net + tax)
///     .build()?;
/// let driver = graph.driver().hook(Print::to(writer)).build()?;
/// driver.execute_named(["gross"], InputMap::new().set("net", 8.0))?;
/// # let printed = String::from_utf8(shared.0.lock().unwrap().clone()).unwrap();
/// assert_eq!(
///     printed,
///     "\
/// run begins: gross (net = 8.0)
/// tax(net = 8.0)
/// tax = 2.0
/// gross(net = 8.0, tax = 2.0)
/// gross = 10.0
/// run is over
/// "
/// );
/// # Ok::<(), millstream::Error>(())
/// ```
///
/// [`DriverBuilder::hook_on`](crate::DriverBuilder::hook_on) makes it print some nodes alone.
pub struct Print {
    lines: Lines,
    shows_values: bool,
    width: usize,
}

impl Print {
    /// Prints to the standard output.
    ///
    /// ```
    /// let graph = millstream::Graph::builder().function("a", (), || 1.5).build()?;
    /// graph.driver().hook(millstream::hooks::Print::new()).build()?.execute_named(["a"], ())?;
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::to(stdout())
    }

    /// Prints to a writer, line by line. What goes wrong with that is in the [report](crate::Report::hook_errors).
    ///
    /// ```
    /// let graph = millstream::Graph::builder().function("a", (), || 1.5).build()?;
    /// graph.driver().hook(millstream::hooks::Print::to(std::io::stderr())).build()?.execute_named(["a"], ())?;
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn to(writer: impl Write + Send + 'static) -> Self {
        Self { lines: Lines::new(writer), shows_values: true, width: 200 }
    }

    /// Whether values are printed, or names alone; they are if nothing is said.
    ///
    /// ```
    /// let graph = millstream::Graph::builder().function("a", (), || 1.5).build()?;
    /// let driver = graph.driver().hook(millstream::hooks::Print::new().values(false)).build()?;
    /// driver.execute_named(["a"], ())?;
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn values(self, shows_values: bool) -> Self {
        Self { shows_values, ..self }
    }

    /// After how many characters values are cut off; 200 if nothing is said.
    ///
    /// ```
    /// let graph = millstream::Graph::builder().function("a", (), || vec![0; 1_000_000]).build()?;
    /// graph.driver().hook(millstream::hooks::Print::new().width(40)).build()?.execute_named(["a"], ())?;
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn width(self, width: usize) -> Self {
        Self { width, ..self }
    }

    fn line(&self, line: &str) -> HookResult {
        Ok(self.lines.write(line)?)
    }

    /// `a = 1, b = 2`; empty where values are not printed.
    fn listed<'v>(&self, values: impl Iterator<Item = (&'v str, ValueView<'v>)>) -> String {
        if !self.shows_values {
            return String::new();
        }
        values
            .map(|(name, value)| format!("{name} = {}", short(value, self.width)))
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// The same in parentheses after something.
    fn with_values<'v>(
        &self,
        what: String,
        values: impl Iterator<Item = (&'v str, ValueView<'v>)>,
    ) -> String {
        match self.listed(values) {
            values if values.is_empty() => what,
            values => format!("{what}({values})"),
        }
    }
}

impl Hook for Print {
    fn listens(&self) -> Points {
        Points::RUN | Points::NODE | Points::MESSAGE
    }

    fn before_run(&self, run: &RunInfo<'_>) -> HookResult {
        let mut line = format!("run begins: {}", run.outputs().join(", "));
        let inputs = self.listed(run.inputs());
        if !inputs.is_empty() {
            line = format!("{line} ({inputs})");
        }
        self.line(&line)
    }

    fn after_run(&self, _: &RunInfo<'_>, end: &RunEnd<'_>) -> HookResult {
        match end.error() {
            None => self.line("run is over"),
            Some(error) => self.line(&format!("run has failed: {error:#}")),
        }
    }

    fn before_node(&self, node: &NodeEvent<'_>) -> HookResult {
        // An error would keep the node from running. If the writer is broken, the line after the call says so.
        let _ = self.line(&self.with_values(label(node.name(), &node.items()), node.inputs()));
        Ok(())
    }

    fn after_node(&self, node: &NodeEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
        let label = label(node.name(), &node.items());
        if let Err(error) = outcome {
            return self.line(&format!("{label} failed: {}", error.message()));
        }
        match node.output().filter(|_| self.shows_values) {
            Some(value) => self.line(&format!("{label} = {}", short(value, self.width))),
            None => self.line(&self.with_values(format!("{label} is done"), node.outputs())),
        }
    }

    fn message(&self, message: &Message<'_>) -> HookResult {
        let label = label(message.name(), &message.items());
        self.line(&format!("{label} {}: {}", message.level(), message.text()))
    }

    fn progress(&self, progress: &Progress<'_>) -> HookResult {
        let label = label(progress.name(), &progress.items());
        self.line(&format!("{label}: {} of {}", progress.done(), progress.total()))
    }
}

impl Default for Print {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Print {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Print")
            .field("values", &self.shows_values)
            .field("width", &self.width)
            .finish_non_exhaustive()
    }
}

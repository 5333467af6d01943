//! Bars in the terminal.

use std::collections::HashMap;
use std::fmt;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use indicatif::{MultiProgress, ProgressBar as Bar, ProgressStyle};

use crate::context::RunId;
use crate::error::{NodeError, NodeErrorKind};
use crate::hook::{BlockEvent, Hook, HookResult, ItemEvent, NodeEvent, Points, Progress, RunEnd, RunInfo};

use super::label;

/// Shows in the terminal how far runs have come: for each run a bar with how many of its nodes are done and which are
/// being run, below it a line for each dynamic block with how many items are done, and a bar for each node that
/// [says](crate::NodeContext::progress) how far it has come.
///
/// ```text
/// weather [=========>                    ] 4/12 rolling, trend
///   station: 37 items
///   trend [===============>              ] 52/100
/// ```
///
/// All is gone after a run that went well. Of one that failed the bar stays, and says why. Several runs at once, also
/// of several drivers, and runs within others have their bars below each other.
///
/// It writes to the standard error, and where that is no terminal it does nothing at all.
///
/// ```
/// use millstream::{Graph, hooks::ProgressBar};
///
/// let graph = Graph::builder().function("a", (), || 1.5).build()?;
/// let driver = graph.driver().hook(ProgressBar::new()).build()?;
/// assert_eq!(driver.execute_named(["a"], ())?.get::<f64>("a")?, &1.5);
/// # Ok::<(), millstream::Error>(())
/// ```
pub struct ProgressBar {
    screen: MultiProgress,
    runs: Mutex<HashMap<RunId, RunBars>>,
}

/// The bars of a run.
struct RunBars {
    nodes: Bar,
    /// The nodes that are being run.
    running: Vec<String>,
    /// The bars of blocks, and of nodes that say how far they have come.
    within: HashMap<(Kind, String), Bar>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Block,
    Node,
}

/// One for all: two that write to the same terminal would write over each other.
static STDERR: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

const RUN: &str = "{prefix} [{bar:30}] {pos}/{len} {wide_msg}";
const BLOCK: &str = "  {prefix}: {pos} items";
const NODE: &str = "  {prefix} [{bar:30}] {pos}/{len}";

impl ProgressBar {
    /// On the standard error.
    ///
    /// ```
    /// # use millstream::{Graph, hooks::ProgressBar};
    /// # let graph = Graph::builder().function("a", (), || 1.5).build()?;
    /// let driver = graph.driver().hook(ProgressBar::new()).build()?;
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::on(STDERR.clone())
    }

    /// On a screen of your own, among bars of your own.
    ///
    /// ```
    /// use millstream::hooks::ProgressBar;
    /// use millstream::hooks::indicatif::MultiProgress;
    /// # let graph = millstream::Graph::builder().function("a", (), || 1.5).build()?;
    ///
    /// let screen = MultiProgress::new();
    /// let driver = graph.driver().hook(ProgressBar::on(screen.clone())).build()?;
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn on(screen: MultiProgress) -> Self {
        Self { screen, runs: Mutex::default() }
    }

    fn runs(&self) -> MutexGuard<'_, HashMap<RunId, RunBars>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows which nodes are being run.
    fn show_running(&self, run: RunId) {
        let now = || self.runs().get(&run).map(|bars| (bars.nodes.clone(), bars.running.join(", ")));
        let Some((bar, mut text)) = now() else { return };
        loop {
            bar.set_message(text.clone());
            // Who came in between may have shown it before.
            match now() {
                Some((_, later)) if later != text => text = later,
                _ => return,
            }
        }
    }

    /// A bar below that of the run, made where there is none.
    fn within(&self, run: RunId, kind: Kind, name: String, template: &str) -> Option<Bar> {
        let known = |bars: &RunBars| bars.within.get(&(kind, name.clone())).cloned();
        let above = {
            let runs = self.runs();
            let bars = runs.get(&run)?;
            match known(bars) {
                Some(bar) => return Some(bar),
                None => bars.nodes.clone(),
            }
        };
        let bar = Bar::no_length().with_style(style(template)).with_prefix(name.clone());
        let bar = self.screen.insert_after(&above, bar);
        if let Some(bars) = self.runs().get_mut(&run) {
            bars.within.insert((kind, name), bar.clone());
        }
        Some(bar)
    }

    fn clear_within(&self, run: RunId, kind: Kind, name: String) {
        let bar = self.runs().get_mut(&run).and_then(|bars| bars.within.remove(&(kind, name)));
        if let Some(bar) = bar {
            self.clear(&bar);
        }
    }

    fn clear(&self, bar: &Bar) {
        bar.finish_and_clear();
        self.screen.remove(bar);
    }
}

fn style(template: &str) -> ProgressStyle {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    style.progress_chars("=> ")
}

impl Hook for ProgressBar {
    fn listens(&self) -> Points {
        if self.screen.is_hidden() { Points::NONE } else { Points::ALL }
    }

    fn before_run(&self, run: &RunInfo<'_>) -> HookResult {
        let name = match run.graph().name() {
            "" => "run",
            name => name,
        };
        let bar = Bar::new(run.nodes().len() as u64).with_style(style(RUN)).with_prefix(name.to_owned());
        let nodes = self.screen.add(bar);
        self.runs().insert(run.id(), RunBars { nodes, running: Vec::new(), within: HashMap::new() });
        Ok(())
    }

    fn after_run(&self, run: &RunInfo<'_>, end: &RunEnd<'_>) -> HookResult {
        let Some(bars) = self.runs().remove(&run.id()) else { return Ok(()) };
        for bar in bars.within.values() {
            self.clear(bar);
        }
        match end.error() {
            // Of runs within others, the outermost tells.
            Some(error) if run.parent().is_none() => bars.nodes.abandon_with_message(error.to_string()),
            _ => self.clear(&bars.nodes),
        }
        Ok(())
    }

    fn before_node(&self, node: &NodeEvent<'_>) -> HookResult {
        let run = node.run().id();
        if node.items().is_empty() {
            if let Some(bars) = self.runs().get_mut(&run) {
                bars.running.push(node.name().to_owned());
            }
            self.show_running(run);
        }
        Ok(())
    }

    fn after_node(&self, node: &NodeEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
        // What was given up in the middle has not come to its end.
        let has_run = outcome.err().is_none_or(|error| error.kind() != NodeErrorKind::Cancelled);
        let (run, items) = (node.run().id(), node.items());
        self.clear_within(run, Kind::Node, label(node.name(), &items));
        if items.is_empty() {
            let bar = self.runs().get_mut(&run).map(|bars| {
                bars.running.retain(|name| name != node.name());
                bars.nodes.clone()
            });
            if let Some(bar) = bar.filter(|_| has_run) {
                bar.inc(1);
            }
            self.show_running(run);
        }
        Ok(())
    }

    fn before_block(&self, block: &BlockEvent<'_>) -> HookResult {
        // Of blocks within others there may be very many.
        if block.items().is_empty() {
            let bar = self.within(block.run().id(), Kind::Block, block.name().to_owned(), BLOCK);
            bar.iter().for_each(Bar::tick);
        }
        Ok(())
    }

    fn after_block(&self, block: &BlockEvent<'_>, _: Result<(), &NodeError>) -> HookResult {
        if block.items().is_empty() {
            self.clear_within(block.run().id(), Kind::Block, block.name().to_owned());
        }
        Ok(())
    }

    fn after_item(&self, item: &ItemEvent<'_>, _: Result<(), &NodeError>) -> HookResult {
        if item.items().len() == 1
            && let Some(bar) = self.within(item.run().id(), Kind::Block, item.name().to_owned(), BLOCK)
        {
            bar.inc(1);
        }
        Ok(())
    }

    fn progress(&self, progress: &Progress<'_>) -> HookResult {
        let name = label(progress.name(), &progress.items());
        if let Some(bar) = self.within(progress.run().id(), Kind::Node, name, NODE) {
            bar.set_length(progress.total());
            bar.set_position(progress.done());
        }
        Ok(())
    }
}

impl Default for ProgressBar {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ProgressBar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProgressBar").field("is_hidden", &self.screen.is_hidden()).finish_non_exhaustive()
    }
}

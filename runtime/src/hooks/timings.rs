//! How long nodes take, over any number of runs.

use std::cmp::Reverse;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustc_hash::FxHashMap;

use crate::error::NodeError;
use crate::hook::{Hook, HookResult, NodeEvent, Points, RunEnd, RunInfo};
use crate::run::shown_duration;

/// Adds up how long nodes take: in all runs of all drivers that it listens to, in dynamic blocks once for each item.
/// Displayed it is a table. Clones are one and the same, so one goes to the driver and another is looked at. What
/// happened when in a single run is in its [`Schedule`](crate::Schedule).
///
/// The time of a node has all its attempts in it, and its layers. A node that runs another graph has in it what that
/// takes, too.
///
/// ```
/// use millstream::{Graph, hooks::Timings};
///
/// let times = Timings::new();
/// let graph = Graph::builder()
///     .function("rows", (), || (1..1_000_000_u64).collect::<Vec<_>>())
///     .function("sum", ["rows"], |rows: &Vec<u64>| rows.iter().sum::<u64>())
///     .build()?;
/// let driver = graph.driver().hook(times.clone()).build()?;
/// for _ in 0..3 {
///     driver.execute_named(["sum"], ())?;
/// }
/// let sum = times.of("sum").unwrap();
/// assert_eq!((sum.count, sum.failed), (3, 0));
/// assert!(sum.min <= sum.mean() && sum.mean() <= sum.max);
/// assert_eq!(times.runs().count, 3);
/// println!("{times}");
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Timings {
    noted: Arc<Mutex<Noted>>,
}

#[derive(Default)]
struct Noted {
    runs: Times,
    nodes: FxHashMap<String, Times>,
}

/// How long something has taken, each time that it was done.
///
/// ```
/// let none = millstream::hooks::Times::default();
/// assert_eq!((none.count, none.mean()), (0, std::time::Duration::ZERO));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Times {
    /// How often it was done.
    pub count: u64,
    /// How often it failed.
    pub failed: u64,
    /// What it took, all times together.
    pub total: Duration,
    /// What it took when it was fastest.
    pub min: Duration,
    /// What it took when it was slowest.
    pub max: Duration,
}

/// How long a node has taken. See [`Timings::nodes`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct NodeTimes {
    /// The node's name.
    pub node: String,
    /// How long its calls have taken.
    pub times: Times,
    /// Its share in the time of all nodes: 0.25 is a quarter.
    pub share: f64,
}

impl Times {
    /// What it took on average; 0 where it was never done.
    ///
    /// ```
    /// # let times = millstream::hooks::Timings::new();
    /// assert_eq!(times.runs().mean(), std::time::Duration::ZERO);
    /// ```
    #[must_use]
    pub fn mean(&self) -> Duration {
        let nanos = self.total.as_nanos().checked_div(u128::from(self.count)).unwrap_or(0);
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }

    fn add(&mut self, took: Duration, failed: bool) {
        self.min = if self.count == 0 { took } else { self.min.min(took) };
        self.max = self.max.max(took);
        self.count += 1;
        self.failed += u64::from(failed);
        self.total = self.total.saturating_add(took);
    }
}

impl Timings {
    /// With nothing noted yet.
    ///
    /// ```
    /// assert!(millstream::hooks::Timings::new().nodes().is_empty());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The nodes that have run, those first that took the longest in all.
    ///
    /// ```
    /// # use millstream::{Graph, hooks::Timings};
    /// let times = Timings::new();
    /// let graph = Graph::builder().function("a", (), || 1.5).build()?;
    /// graph.driver().hook(times.clone()).build()?.execute_named(["a"], ())?;
    /// assert_eq!(times.nodes()[0].node, "a");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn nodes(&self) -> Vec<NodeTimes> {
        self.noted().nodes()
    }

    /// How long a node has taken; `None` where it has not run.
    ///
    /// ```
    /// assert_eq!(millstream::hooks::Timings::new().of("a"), None);
    /// ```
    #[must_use]
    pub fn of(&self, node: &str) -> Option<Times> {
        self.noted().nodes.get(node).copied()
    }

    /// How long whole runs have taken.
    ///
    /// ```
    /// assert_eq!(millstream::hooks::Timings::new().runs().count, 0);
    /// ```
    #[must_use]
    pub fn runs(&self) -> Times {
        self.noted().runs
    }

    /// Forgets everything.
    ///
    /// ```
    /// # use millstream::{Graph, hooks::Timings};
    /// let times = Timings::new();
    /// let graph = Graph::builder().function("a", (), || 1.5).build()?;
    /// graph.driver().hook(times.clone()).build()?.execute_named(["a"], ())?;
    /// times.clear();
    /// assert!(times.nodes().is_empty());
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn clear(&self) {
        *self.noted() = Noted::default();
    }

    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hook for Timings {
    fn listens(&self) -> Points {
        Points::RUN | Points::NODE | Points::TIMES
    }

    fn after_run(&self, _: &RunInfo<'_>, end: &RunEnd<'_>) -> HookResult {
        if let Some(took) = end.took() {
            self.noted().runs.add(took, end.error().is_some());
        }
        Ok(())
    }

    fn after_node(&self, node: &NodeEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
        if let Some(took) = node.took() {
            self.noted().add(node.name(), took, outcome.is_err());
        }
        Ok(())
    }
}

impl Noted {
    fn add(&mut self, node: &str, took: Duration, failed: bool) {
        match self.nodes.get_mut(node) {
            Some(times) => times.add(took, failed),
            None => self.nodes.entry(node.to_owned()).or_default().add(took, failed),
        }
    }

    fn nodes(&self) -> Vec<NodeTimes> {
        let all: Duration = self.nodes.values().map(|times| times.total).sum();
        let share = |times: &Times| if all.is_zero() { 0.0 } else { times.total.div_duration_f64(all) };
        let row = |(node, times): (&String, &Times)| NodeTimes {
            node: node.clone(),
            times: *times,
            share: share(times),
        };
        let mut nodes: Vec<NodeTimes> = self.nodes.iter().map(row).collect();
        nodes.sort_by(|one, other| {
            (Reverse(one.times.total), &one.node).cmp(&(Reverse(other.times.total), &other.node))
        });
        nodes
    }
}

impl fmt::Display for Noted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nodes = self.nodes();
        let width = nodes.iter().map(|node| node.node.chars().count()).max().unwrap_or(0).max("node".len());
        let head = ["calls", "failed", "share", "total", "mean", "min", "max"];
        row(f, width, "node", head.map(str::to_owned))?;
        for NodeTimes { node, times, share } in &nodes {
            row(f, width, node, times.cells(&format!("{:.1} %", share * 100.0)))?;
        }
        row(f, width, "runs", self.runs.cells(""))
    }
}

impl Times {
    fn cells(&self, share: &str) -> [String; 7] {
        let [total, mean, min, max] = [self.total, self.mean(), self.min, self.max].map(shown_duration);
        [self.count.to_string(), self.failed.to_string(), share.to_owned(), total, mean, min, max]
    }
}

fn row(f: &mut fmt::Formatter<'_>, width: usize, name: &str, cells: [String; 7]) -> fmt::Result {
    write!(f, "{name:width$}")?;
    for cell in cells {
        write!(f, " {cell:>8}")?;
    }
    writeln!(f)
}

impl fmt::Display for Timings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.noted().to_string();
        f.write_str(&text)
    }
}

impl fmt::Debug for Timings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timings").field("runs", &self.runs()).field("nodes", &self.nodes()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Noted;

    #[test]
    fn the_table_begins_with_what_took_the_longest() {
        let mut noted = Noted::default();
        for (node, millis, failed) in [("load", 10, false), ("score", 40, false), ("score", 30, true)] {
            noted.add(node, Duration::from_millis(millis), failed);
        }
        noted.runs.add(Duration::from_millis(100), true);
        assert_eq!(
            noted.to_string(),
            "\
node     calls   failed    share    total     mean      min      max
score        2        1   87.5 %   70.0ms   35.0ms   30.0ms   40.0ms
load         1        0   12.5 %   10.0ms   10.0ms   10.0ms   10.0ms
runs         1        1           100.0ms  100.0ms  100.0ms  100.0ms
"
        );
    }
}

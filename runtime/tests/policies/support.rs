//! What the tests of this folder share.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Once};

use millstream::{Executor, Outcome, Report};

pub const BOTH: [Executor; 2] = [Executor::Sequential, Executor::Rayon];

/// Panics are expected here: without their output.
pub fn quiet() {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| ())));
}

/// A pool of several threads, however many cores there are.
pub fn in_pool<R: Send>(run: impl FnOnce() -> R + Send) -> R {
    rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap().install(run)
}

/// What has been made and not dropped, and what has been dropped too often.
#[derive(Clone, Default)]
pub struct Counter {
    live: Arc<AtomicUsize>,
}

/// A value that is counted.
pub struct Counted {
    pub value: u64,
    counter: Counter,
}

impl Counter {
    pub fn make(&self, value: u64) -> Counted {
        self.live.fetch_add(1, Ordering::SeqCst);
        Counted { value, counter: self.clone() }
    }

    /// How many are there; one that was dropped twice makes it a very large number.
    pub fn live(&self) -> usize {
        self.live.load(Ordering::SeqCst)
    }
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        self.counter.make(self.value)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.counter.live.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A report in short: `a done, b failed, c skipped [b]`.
pub fn short(report: &Report) -> String {
    let one = |node: &str, outcome: &Outcome| match outcome {
        Outcome::Done => format!("{node} done"),
        Outcome::Failed(_) => format!("{node} failed"),
        Outcome::Skipped { because } => format!("{node} skipped [{}]", because.join(" ")),
        Outcome::FellBack { on: Some(other), .. } => format!("{node} fell back on {other}"),
        Outcome::FellBack { on: None, .. } => format!("{node} fell back"),
        Outcome::NotNeeded => format!("{node} not needed"),
        Outcome::NotReached => format!("{node} not reached"),
        other => format!("{node} {other:?}"),
    };
    report.nodes().iter().map(|node| one(&node.node, &node.outcome)).collect::<Vec<_>>().join(", ")
}

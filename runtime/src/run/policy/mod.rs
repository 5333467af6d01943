//! What is to be done when a node fails or takes too long: what was said of each node, resolved once for a driver.

mod cancel;
mod cut;
mod handover;
mod pace;
mod retry;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use crate::graph::{GraphData, RoleData};
use crate::sync::AtomicWaker;

pub use cancel::CancellationToken;
pub(crate) use cancel::Listening;
pub(crate) use cut::Cut;
pub(crate) use handover::Handover;
pub use pace::Pace;
pub use retry::Retry;

/// What was said of the nodes of a graph. Lists are empty where nothing was said.
#[derive(Default)]
pub(crate) struct Policies {
    retries: Vec<Option<Retry>>,
    limits: Vec<Option<Duration>>,
    /// Which nodes a layer may call more than once.
    repeated: Vec<bool>,
    pub(crate) pace: Pace,
}

impl Policies {
    /// What the nodes say of themselves.
    pub(crate) fn of(graph: &GraphData, pace: Pace) -> Self {
        let mut policies = Self { pace, ..Self::default() };
        for (index, node) in (0..).zip(&graph.nodes) {
            let RoleData::Function(function) = &node.role else { continue };
            let Some(recovery) = function.variants.first().map(|variant| &variant.recovery) else { continue };
            if let Some(times) = recovery.retries {
                policies.set_retry(graph, &[index], Retry::times(times));
            }
            if let Some(limit) = recovery.timeout {
                policies.set_limit(graph, &[index], limit);
            }
        }
        policies
    }

    pub(crate) fn set_retry(&mut self, graph: &GraphData, nodes: &[u32], retry: Retry) {
        self.retries.resize(graph.nodes.len(), None);
        for node in nodes {
            self.retries[*node as usize] = Some(retry).filter(|retry| retry.count() > 0);
        }
    }

    pub(crate) fn set_limit(&mut self, graph: &GraphData, nodes: &[u32], limit: Duration) {
        self.limits.resize(graph.nodes.len(), None);
        for node in nodes {
            self.limits[*node as usize] = Some(limit);
        }
    }

    /// How long an attempt of a node may take, if that is limited.
    pub(crate) fn limit(&self, node: u32) -> Option<Duration> {
        self.limits.get(node as usize).copied().flatten()
    }

    pub(crate) fn set_repeated(&mut self, graph: &GraphData, nodes: &[u32]) {
        self.repeated.resize(graph.nodes.len(), false);
        for node in nodes {
            self.repeated[*node as usize] = true;
        }
    }

    /// Whether a layer may call a node more than once.
    pub(crate) fn is_repeated(&self, node: u32) -> bool {
        self.repeated.get(node as usize).copied().unwrap_or(false)
    }

    /// How a node is tried again, if it is.
    pub(crate) fn retry(&self, node: u32) -> Option<Retry> {
        self.retries.get(node as usize).copied().flatten()
    }
}

/// What may end a run early.
#[derive(Clone, Default)]
pub(crate) struct Halt {
    token: Option<CancellationToken>,
    /// Whether something was left undone for the token, if there is one.
    heeded: Option<Arc<AtomicBool>>,
    /// Used when its time is over, or nobody waits for it any more.
    end: Option<CancellationToken>,
    /// There where its time is limited: when that is over, where who would see it may be held up by a node.
    until: Option<Arc<OnceLock<Instant>>>,
    is_possible: bool,
}

/// Who may have to be told that a run is over while he waits.
#[derive(Clone, Copy)]
pub(crate) struct Waits {
    /// Whoever wants what comes of the run may leave.
    pub(crate) is_future: bool,
    pub(crate) has_blocks: bool,
}

impl Halt {
    /// By the caller's token, by what ends the runs `above`, of which this is a part, and when its own time is over.
    pub(crate) fn new(
        token: Option<CancellationToken>,
        above: &[CancellationToken],
        deadline: Option<Duration>,
        Waits { is_future, has_blocks }: Waits,
    ) -> Self {
        let token =
            if above.is_empty() { token } else { Some(CancellationToken::any(token.iter().chain(above))) };
        let until = deadline.map(|_| Arc::default());
        let end = (until.is_some() || is_future || has_blocks).then(CancellationToken::new);
        let is_possible = token.is_some() || until.is_some() || is_future;
        let heeded = token.is_some().then(Arc::default);
        Self { token, heeded, end, until, is_possible }
    }

    /// What ends the parts of the run.
    pub(crate) fn tokens(&self) -> Vec<CancellationToken> {
        self.token.iter().chain(&self.end).cloned().collect()
    }

    /// Whether it may be from outside that the run ends early.
    pub(crate) fn is_possible(&self) -> bool {
        self.is_possible
    }

    /// Whether the time of the run is limited.
    pub(crate) fn has_deadline(&self) -> bool {
        self.until.is_some()
    }

    /// Says when its time is over. From then on whoever asks looks at the clock.
    pub(crate) fn set_until(&self, time: Instant) {
        let _ = self.until.as_ref().map(|until| until.set(time));
    }

    /// Whether its time is over by the clock. Who is told so makes nothing that counts, so that ends the run.
    pub(crate) fn is_late(&self) -> bool {
        let until = self.until.as_ref().and_then(|until| until.get());
        let is_late = until.is_some_and(|until| Instant::now() >= *until);
        if is_late && !self.has_ended() {
            self.end();
        }
        is_late
    }

    /// The time of the run is over, or nobody wants what would come of it.
    pub(crate) fn end(&self) {
        if let Some(end) = &self.end {
            end.cancel();
        }
    }

    /// Whether its time is over, or nobody wants what would come of it.
    pub(crate) fn has_ended(&self) -> bool {
        self.end.as_ref().is_some_and(CancellationToken::is_cancelled)
    }

    /// Has those who wait look whether they still have to.
    pub(crate) fn wake(&self) {
        if let Some(end) = &self.end {
            end.wake();
        }
    }

    /// From now on `waker` is woken when the run may have ended, until what is returned is dropped. Whether it has
    /// before is to be looked at afterwards.
    pub(crate) fn listen(&self, waker: &Arc<AtomicWaker>) -> [Option<Listening>; 2] {
        [&self.token, &self.end].map(|token| token.as_ref().map(|token| Listening::to(token, waker)))
    }

    /// Whether somebody has called the run off.
    pub(crate) fn is_called(&self) -> bool {
        self.token.as_ref().is_some_and(CancellationToken::is_cancelled)
    }

    /// Whether the run is to end now, for somebody who would go on.
    pub(crate) fn is_now(&self) -> bool {
        let called_off = self.is_called();
        if called_off && let Some(heeded) = &self.heeded {
            heeded.store(true, Ordering::Release);
        }
        called_off || self.has_ended() || self.is_late()
    }

    /// Whether something was left undone since it was called off.
    pub(crate) fn was_heeded(&self) -> bool {
        self.heeded.as_ref().is_some_and(|heeded| heeded.load(Ordering::Acquire))
    }

    pub(crate) fn token(&self) -> Option<&CancellationToken> {
        self.token.as_ref()
    }
}

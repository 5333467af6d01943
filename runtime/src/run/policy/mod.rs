//! What is to be done when a node fails or takes too long: what was said of each node, resolved once for a driver.

mod cancel;
mod pace;
mod retry;

use std::sync::Arc;

use crate::graph::{GraphData, RoleData};

pub use cancel::CancellationToken;
pub use pace::Pace;
pub use retry::Retry;

/// What was said of the nodes of a graph. Lists are empty where nothing was said.
#[derive(Default)]
pub(crate) struct Policies {
    retries: Vec<Option<Retry>>,
    pub(crate) pace: Pace,
}

impl Policies {
    /// What the nodes say of themselves.
    pub(crate) fn of(graph: &GraphData, pace: Pace) -> Self {
        let mut policies = Self { pace, ..Self::default() };
        for (index, node) in (0..).zip(&graph.nodes) {
            let RoleData::Function(function) = &node.role else { continue };
            let retries = function.variants.first().and_then(|variant| variant.recovery.retries);
            if let Some(times) = retries {
                policies.set_retry(graph, &[index], Retry::times(times));
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

    /// How a node is tried again, if it is.
    pub(crate) fn retry(&self, node: u32) -> Option<Retry> {
        self.retries.get(node as usize).copied().flatten()
    }
}

/// What may end a run early.
#[derive(Clone, Default)]
pub(crate) struct Halt {
    token: Option<CancellationToken>,
    /// Whether something was left undone for it.
    heeded: Arc<std::sync::atomic::AtomicBool>,
}

impl Halt {
    pub(crate) fn new(token: Option<CancellationToken>) -> Self {
        Self { token, heeded: Arc::default() }
    }

    pub(crate) fn is_possible(&self) -> bool {
        self.token.is_some()
    }

    /// Whether the run is to end now, for somebody who would go on.
    pub(crate) fn is_now(&self) -> bool {
        let now = self.token.as_ref().is_some_and(CancellationToken::is_cancelled);
        if now {
            self.heeded.store(true, std::sync::atomic::Ordering::Release);
        }
        now
    }

    /// Whether something was left undone for it.
    pub(crate) fn was_heeded(&self) -> bool {
        self.heeded.load(std::sync::atomic::Ordering::Acquire)
    }

    pub(crate) fn token(&self) -> Option<&CancellationToken> {
        self.token.as_ref()
    }
}

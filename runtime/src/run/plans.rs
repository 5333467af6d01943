//! The plans of a driver, so that a request that comes again is not planned again.

use std::sync::{Arc, PoisonError, RwLock};

use super::plan::{Key, Plan};

/// The plans made last.
#[derive(Default)]
pub(crate) struct Plans {
    known: RwLock<Vec<Arc<Plan>>>,
}

/// More than most programs have kinds of requests.
const MOST: usize = 64;

impl Plans {
    /// The plan of a request, if it has been made.
    pub(crate) fn find(&self, is_asked_for: impl Fn(&Key) -> bool) -> Option<Arc<Plan>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|plan| is_asked_for(&plan.key)).cloned()
    }

    /// Keeps a plan, in place of the oldest one if there are many.
    pub(crate) fn keep(&self, plan: Plan) -> Arc<Plan> {
        let plan = Arc::new(plan);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let oldest = if known.len() >= MOST { Some(known.remove(0)) } else { None };
        known.push(Arc::clone(&plan));
        drop(known);
        // What it owns may be the user's closures.
        drop(oldest);
        plan
    }
}

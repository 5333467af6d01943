//! One task after another, on the calling thread.

use super::schedule::Timing;
use super::store::{Store, dropped};
use super::task::Context;

pub(crate) fn run(context: &Context<'_>, store: &mut Store) -> Vec<Option<Timing>> {
    let mut timings = Vec::new();
    let mut args = Vec::new();
    for rank in 0..context.plan.tasks.len() {
        let Some((made, timing)) = context.run(rank, &mut args, |slot| store.slot_mut(slot).fetch()) else {
            break;
        };
        for (node, value) in made {
            let unused = store.slot_mut(node).keep(value);
            dropped(unused, node as usize, context.failures);
        }
        if context.begin.is_some() {
            timings.push(timing);
        }
    }
    timings
}

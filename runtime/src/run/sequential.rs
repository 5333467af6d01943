//! One task after another, on the calling thread.

use super::schedule::Timing;
use super::store::Store;
use super::task::{Context, Done, Scratch};

pub(crate) fn run(context: &Context<'_>, store: &mut Store) -> Vec<Option<Timing>> {
    let mut timings = Vec::new();
    let mut scratch = Scratch::default();
    for rank in 0..context.plan.tasks.len() {
        let done = context.run(rank, &mut scratch, |slot| store.slot_mut(slot).fetch());
        let Some(Done { timing }) = done else { break };
        for (node, value) in scratch.made.drain(..) {
            store.slot_mut(node).keep(value);
        }
        if context.begin.is_some() {
            timings.push(timing);
        }
    }
    timings
}

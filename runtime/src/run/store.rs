//! Where values are between the task that makes them and those that need them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::fault::{drop_guarded, guard};
use crate::graph::GraphData;
use crate::value::Value;

use super::failure::Failures;
use super::needs::Needs;
use super::plan::Plan;

/// A slot for each node. Nothing of the user's runs while one is locked.
pub(crate) struct Store {
    slots: Vec<Mutex<Slot>>,
}

/// The value of a node, and how many tasks have yet to fetch it.
pub(crate) struct Slot {
    value: Option<Value>,
    left: u32,
    /// It stays, for it is a result.
    requested: bool,
}

impl Slot {
    /// The value for one more argument; for the last one it leaves the slot.
    pub(crate) fn fetch(&mut self) -> Option<Value> {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 && !self.requested {
            self.value.take()
        } else {
            self.value.as_ref().map(Value::share)
        }
    }

    pub(crate) fn keep(&mut self, value: Value) {
        self.value = Some(value);
    }
}

impl Store {
    pub(crate) fn new(plan: &Plan, needs: &Needs, given: Vec<Option<Value>>, failures: &Failures) -> Self {
        let mut slots = Vec::with_capacity(given.len());
        for (index, value) in given.into_iter().enumerate() {
            let (left, requested) = (plan.uses[index], plan.requested[index]);
            let mut slot = Slot { value: None, left, requested };
            match value {
                Some(value) if needs.value[index] => slot.keep(value),
                unneeded => dropped(unneeded, index, failures),
            }
            slots.push(Mutex::new(slot));
        }
        Self { slots }
    }

    /// A slot, for one who has the store to himself.
    pub(crate) fn slot_mut(&mut self, index: u32) -> &mut Slot {
        self.slots[index as usize].get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    /// A slot, locked.
    pub(crate) fn slot(&self, index: u32) -> MutexGuard<'_, Slot> {
        self.slots[index as usize].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The results, in the order asked for; what else is left is dropped, value by value, for a `drop` may panic.
    pub(crate) fn into_outputs(self, graph: &GraphData, outputs: &[u32], failures: &Failures) -> Vec<Value> {
        let mut left: Vec<Option<Value>> = self
            .slots
            .into_iter()
            .map(|slot| slot.into_inner().unwrap_or_else(PoisonError::into_inner).value)
            .collect();
        let mut values = Vec::with_capacity(outputs.len());
        if !failures.any() {
            let mut asked = vec![0_u32; left.len()];
            for output in outputs {
                asked[*output as usize] += 1;
            }
            for output in outputs {
                asked[*output as usize] -= 1;
                let again = asked[*output as usize] > 0;
                let slot = &mut left[*output as usize];
                let clone = graph.node(*output).value.clone.filter(|_| again);
                values.extend(match (clone, &*slot) {
                    (Some(clone), Some(value)) => guard(|| clone(value))
                        .map_err(|fault| failures.of_value(*output as usize, fault))
                        .ok(),
                    _ => slot.take(),
                });
            }
        }
        for (index, value) in left.into_iter().enumerate() {
            dropped(value, index, failures);
        }
        values
    }
}

/// Drops the value of a node.
pub(crate) fn dropped(value: Option<Value>, node: usize, failures: &Failures) {
    if let Some(value) = value
        && let Err(fault) = drop_guarded(value)
    {
        failures.of_drop(node, fault);
    }
}

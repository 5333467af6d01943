//! What the nodes of a workload yield, for whoever builds its graph while the program runs. The source text of
//! [`crate::source`] says the same.

use std::hint::black_box;

use crate::work::spin;
use crate::workloads::{MIX, Workload};

/// What a node is, without what it needs.
#[derive(Clone, Copy, Debug)]
pub struct Kernel {
    index: u64,
    group: bool,
    spins: bool,
}

impl Kernel {
    /// What the node yields of what it needs, in order.
    #[inline]
    #[must_use]
    pub fn value(self, needs: impl Iterator<Item = u64>) -> u64 {
        let value = if self.group {
            needs.fold(0, u64::wrapping_add)
        } else {
            needs.fold(black_box(self.index), |value, need| (value ^ need).wrapping_mul(MIX))
        };
        if self.spins { spin(value) } else { value }
    }
}

impl Workload {
    /// What computes the node `index`.
    #[must_use]
    pub fn kernel(&self, index: usize) -> Kernel {
        let group = Self::is_group(&self.nodes[index]);
        Kernel { index: u64::try_from(index).unwrap_or(0), group, spins: self.spins }
    }

    /// What the last node yields: the plainest interpreter there is.
    #[must_use]
    pub fn value(&self) -> u64 {
        let mut values: Vec<u64> = Vec::with_capacity(self.nodes.len());
        for (index, needs) in self.nodes.iter().enumerate() {
            values.push(self.kernel(index).value(needs.iter().map(|need| values[*need])));
        }
        values.last().copied().unwrap_or(0)
    }
}

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

/// A node for whoever builds a graph while the program runs.
#[derive(Clone, Debug)]
pub struct Task {
    /// The tasks that it needs, all of them earlier ones.
    pub needs: Vec<usize>,
    /// What computes it.
    pub kernel: Kernel,
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

    /// Its nodes as tasks, for who builds the graph while the program runs. A sum of more than `most` becomes several
    /// sums, where no more can be taken at once.
    #[must_use]
    pub fn tasks(&self, most: usize) -> Vec<Task> {
        let sum = Kernel { index: 0, group: true, spins: false };
        let mut tasks: Vec<Task> = Vec::with_capacity(self.nodes.len());
        // Where each node went.
        let mut places: Vec<usize> = Vec::with_capacity(self.nodes.len());
        for (index, needs) in self.nodes.iter().enumerate() {
            let mut needs: Vec<usize> = needs.iter().map(|need| places[*need]).collect();
            while needs.len() > most {
                let parts = needs.chunks(most).map(<[usize]>::to_vec).collect::<Vec<_>>();
                needs = (tasks.len()..tasks.len() + parts.len()).collect();
                tasks.extend(parts.into_iter().map(|needs| Task { needs, kernel: sum }));
            }
            places.push(tasks.len());
            tasks.push(Task { needs, kernel: self.kernel(index) });
        }
        tasks
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

#[cfg(test)]
mod tests {
    use crate::workloads::{chain, layered, wide};

    #[test]
    fn sums_in_several_steps_are_the_same_sums() {
        for workload in [chain(20), wide(100), layered(3, 20)] {
            for most in [3, 8, usize::MAX] {
                let tasks = workload.tasks(most);
                let mut values: Vec<u64> = Vec::new();
                for task in &tasks {
                    assert!(task.needs.len() <= most);
                    values.push(task.kernel.value(task.needs.iter().map(|need| values[*need])));
                }
                assert_eq!(values.last(), Some(&workload.value()));
            }
            assert_eq!(workload.tasks(usize::MAX).len(), workload.nodes.len());
        }
    }
}

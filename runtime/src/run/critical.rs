//! In which order several threads best take the tasks of a plan, once it is known what they cost.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

/// An order in which each task comes after all it waits for, and of those that could begin the one that the most has to
/// wait for: the first of the longest way to the end. `next` are those that wait for a task.
pub(crate) fn order<'n>(
    counts: &[u32],
    next: impl Fn(usize) -> &'n [u32],
    cost: impl Fn(usize) -> Duration,
) -> Vec<u32> {
    // Tasks are numbered in an order in which they can be run.
    let mut way = vec![Duration::ZERO; counts.len()];
    for task in (0..counts.len()).rev() {
        let rest = next(task).iter().map(|next| way[*next as usize]).max().unwrap_or_default();
        way[task] = cost(task) + rest;
    }
    let mut left = counts.to_vec();
    let entry = |task: u32| (way[task as usize], Reverse(task));
    let ready = (0_u32..).zip(counts).filter(|(_, count)| **count == 0);
    let mut ready: BinaryHeap<(Duration, Reverse<u32>)> = ready.map(|(task, _)| entry(task)).collect();
    let mut order = Vec::with_capacity(counts.len());
    while let Some((_, Reverse(task))) = ready.pop() {
        order.push(task);
        for next in next(task as usize) {
            let count = &mut left[*next as usize];
            *count -= 1;
            if *count == 0 {
                ready.push(entry(*next));
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tasks with what they cost, and for each those that wait for it.
    fn order_of(tasks: &[(u64, &'static [u32])]) -> Vec<u32> {
        let mut counts = vec![0; tasks.len()];
        for next in tasks.iter().flat_map(|(_, next)| *next) {
            counts[*next as usize] += 1;
        }
        order(&counts, |task| tasks[task].1, |task| Duration::from_micros(tasks[task].0))
    }

    #[test]
    fn the_longest_way_begins_first() {
        // Three that stand alone, and a chain that comes last in the graph.
        let tasks: &[(u64, &[u32])] = &[(5, &[]), (5, &[]), (6, &[]), (3, &[4]), (3, &[5]), (3, &[])];
        assert_eq!(order_of(tasks), [3, 2, 4, 0, 1, 5]);
    }

    #[test]
    fn what_others_need_comes_before_them_whatever_it_costs() {
        let tasks: &[(u64, &[u32])] = &[(0, &[2]), (1, &[3]), (9, &[3]), (0, &[])];
        assert_eq!(order_of(tasks), [0, 2, 1, 3]);
    }

    #[test]
    fn of_equals_the_order_of_the_graph_counts() {
        let tasks: &[(u64, &[u32])] = &[(1, &[]), (1, &[]), (1, &[])];
        assert_eq!(order_of(tasks), [0, 1, 2]);
        assert!(order_of(&[]).is_empty());
    }
}

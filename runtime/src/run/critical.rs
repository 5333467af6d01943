//! In which order several threads best take the tasks of a plan, once it is known what they cost.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

/// In which order tasks are taken, and which of them at once.
pub(crate) struct Queue {
    ranks: Vec<u32>,
    /// Where each piece ends.
    ends: Vec<u32>,
}

/// So much work is taken at once: more would leave others without, less is not worth the way.
const A_PIECE: Duration = Duration::from_micros(1);
pub(crate) const MOST_AT_ONCE: usize = 8;

impl Queue {
    /// An order in which each task comes after all it waits for, and of those that could begin the one that the most has
    /// to wait for: the first of the longest way to the end. `next` are those that wait for a task. What can only be done
    /// one after another is a chain, which one thread takes as a whole.
    pub(crate) fn of<'n>(
        counts: &[u32],
        next: impl Fn(usize) -> &'n [u32],
        cost: impl Fn(usize) -> Duration,
    ) -> Self {
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
        let mut queue = Self { ranks: Vec::with_capacity(counts.len()), ends: Vec::new() };
        let mut piece = (Duration::ZERO, 0);
        while let Some((_, Reverse(first))) = ready.pop() {
            let mut at = Some(first);
            while let Some(task) = at.take() {
                queue.ranks.push(task);
                piece = (piece.0 + cost(task as usize), piece.1 + 1);
                let next = next(task as usize);
                for next in next {
                    left[*next as usize] -= 1;
                }
                at = match next {
                    [only] if counts[*only as usize] == 1 => Some(*only),
                    _ => None,
                };
                let free = next.iter().filter(|next| at.is_none() && left[**next as usize] == 0);
                ready.extend(free.map(|next| entry(*next)));
            }
            if piece.0 >= A_PIECE || piece.1 >= MOST_AT_ONCE {
                queue.end_piece();
                piece = (Duration::ZERO, 0);
            }
        }
        queue.end_piece();
        queue
    }

    fn end_piece(&mut self) {
        let end = u32::try_from(self.ranks.len()).unwrap_or(u32::MAX);
        if self.ends.last() != Some(&end) {
            self.ends.push(end);
        }
    }

    /// The tasks of a piece, in their order.
    pub(crate) fn piece(&self, number: usize) -> Option<&[u32]> {
        let end = *self.ends.get(number)? as usize;
        let begin = number.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        self.ranks.get(begin..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pieces of tasks with what they cost, in nanoseconds, and for each those that wait for it.
    fn pieces_of(tasks: &[(u64, &'static [u32])]) -> Vec<Vec<u32>> {
        let mut counts = vec![0; tasks.len()];
        for next in tasks.iter().flat_map(|(_, next)| *next) {
            counts[*next as usize] += 1;
        }
        let queue = Queue::of(&counts, |task| tasks[task].1, |task| Duration::from_nanos(tasks[task].0));
        (0..).map_while(|number| queue.piece(number)).map(<[u32]>::to_vec).collect()
    }

    fn order_of(tasks: &[(u64, &'static [u32])]) -> Vec<u32> {
        pieces_of(tasks).concat()
    }

    #[test]
    fn the_longest_way_begins_first() {
        // Three that stand alone, and two that lead to a third.
        let tasks: &[(u64, &[u32])] = &[(5, &[]), (5, &[]), (6, &[]), (3, &[5]), (2, &[5]), (4, &[])];
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

    #[test]
    fn a_chain_is_taken_as_a_whole() {
        // Two chains, longer than what is taken at once otherwise, from one task and to another.
        let tasks: &[(u64, &[u32])] = &[
            (900, &[1, 2]),
            (900, &[3]),
            (800, &[4]),
            (900, &[5]),
            (800, &[6]),
            (900, &[7]),
            (800, &[7]),
            (900, &[]),
        ];
        assert_eq!(pieces_of(tasks), [vec![0, 1, 3, 5], vec![2, 4, 6], vec![7]]);
    }

    #[test]
    fn small_tasks_are_taken_several_at_once_and_large_ones_one_by_one() {
        const NONE: &[u32] = &[];
        let pieces = |costs: &[u64]| {
            let tasks: Vec<(u64, &[u32])> = costs.iter().map(|cost| (*cost, NONE)).collect();
            pieces_of(&tasks).iter().map(Vec::len).collect::<Vec<_>>()
        };
        assert_eq!(pieces(&[5_000; 3]), [1, 1, 1]);
        assert_eq!(pieces(&[400; 5]), [3, 2]);
        assert_eq!(pieces(&[1; 20]), [8, 8, 4]);
    }
}

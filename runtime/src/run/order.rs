//! The order of tasks, and how it is bent so that a value can be moved at its last use.

use std::ops::Range;

use crate::descriptor::NONE;
use crate::graph::{GraphData, RoleData};

use super::plan::{ArgPlan, Task, to_u32};

/// Which tasks wait for which. Tasks are named by their first position here, which is that of the graph.
pub(crate) struct Edges {
    /// The edges along which values pass, those of each task one after another.
    starts: Vec<u32>,
    targets: Vec<u32>,
    /// Edges that only keep an order: first the one that must be done, then the one that waits for it.
    extra: Vec<(u32, u32)>,
    extra_of: std::collections::HashMap<u32, Vec<u32>>,
}

impl Edges {
    pub(crate) fn of(graph: &GraphData, tasks: &[Task], args: &[ArgPlan]) -> Self {
        let producer = producers(graph, tasks);
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for (consumer, task) in (0..).zip(tasks) {
            for arg in &args[task.args.start as usize..task.args.end as usize] {
                if arg.slot != NONE && producer[arg.slot as usize] != NONE {
                    pairs.push((producer[arg.slot as usize], consumer));
                }
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        let (starts, targets) = lists(tasks.len(), &pairs);
        Self { starts, targets, extra: Vec::new(), extra_of: std::collections::HashMap::new() }
    }

    fn targets(&self, task: u32) -> impl Iterator<Item = u32> {
        let own = &self.targets[self.starts[task as usize] as usize..self.starts[task as usize + 1] as usize];
        own.iter().chain(self.extra_of.get(&task).into_iter().flatten()).copied()
    }

    fn add(&mut self, first: u32, then: u32) {
        self.extra.push((first, then));
        self.extra_of.entry(first).or_default().push(then);
    }
}

/// For each node the task that makes its value, or [`NONE`].
fn producers(graph: &GraphData, tasks: &[Task]) -> Vec<u32> {
    let mut producer = vec![NONE; graph.nodes.len()];
    for (index, task) in (0..).zip(tasks) {
        if !task.only_split {
            producer[task.node as usize] = index;
        }
        let RoleData::Function(function) = &graph.node(task.node).role else { continue };
        for (part, wanted) in function.parts.iter().zip(&task.parts) {
            if *wanted {
                producer[*part as usize] = index;
            }
        }
    }
    producer
}

/// Pairs, sorted by the first, as one list with a range for each first.
fn lists(count: usize, pairs: &[(u32, u32)]) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0; count + 1];
    for (first, _) in pairs {
        starts[*first as usize + 1] += 1;
    }
    for index in 0..count {
        starts[index + 1] += starts[index];
    }
    (starts, pairs.iter().map(|(_, then)| *then).collect())
}

/// An order of the tasks in which everything is made before it is needed.
pub(crate) struct Order {
    tasks: Vec<u32>,
    rank: Vec<u32>,
    /// Scratch: whether a task has been reached.
    reached: Vec<bool>,
}

impl Order {
    pub(crate) fn new(count: usize) -> Self {
        let tasks: Vec<u32> = (0..to_u32(count)).collect();
        Self { rank: tasks.clone(), tasks, reached: vec![false; count] }
    }

    pub(crate) fn rank(&self, task: u32) -> u32 {
        self.rank[task as usize]
    }

    /// Makes `last` run after all of `others`, if none of them needs it. Says whether that is so now.
    pub(crate) fn put_last(&mut self, last: u32, others: &[u32], edges: &mut Edges) -> bool {
        let highest = others.iter().map(|other| self.rank(*other)).max().unwrap_or(0);
        if highest > self.rank(last) && !self.move_behind(last, highest, others, edges) {
            return false;
        }
        for other in others {
            edges.add(*other, last);
        }
        true
    }

    /// Moves a task, and what waits for it, behind the rank `highest`; not if that would move one of `others`.
    fn move_behind(&mut self, task: u32, highest: u32, others: &[u32], edges: &Edges) -> bool {
        let region = self.rank(task) as usize..highest as usize + 1;
        let found = self.reach(task, highest, edges);
        let possible = others.iter().all(|other| !self.reached[*other as usize]);
        if possible {
            let (mut stay, go): (Vec<u32>, Vec<u32>) =
                self.tasks[region.clone()].iter().partition(|task| !self.reached[**task as usize]);
            stay.extend(go);
            for (offset, task) in (0..).zip(&stay) {
                self.rank[*task as usize] = to_u32(region.start) + offset;
            }
            self.tasks[region].copy_from_slice(&stay);
        }
        for task in found {
            self.reached[task as usize] = false;
        }
        possible
    }

    /// Marks the task and all that wait for it, up to a rank, and lists them.
    fn reach(&mut self, task: u32, highest: u32, edges: &Edges) -> Vec<u32> {
        self.reached[task as usize] = true;
        let mut found = vec![task];
        let mut next = 0;
        while let Some(task) = found.get(next).copied() {
            next += 1;
            for target in edges.targets(task) {
                if self.rank(target) <= highest
                    && !std::mem::replace(&mut self.reached[target as usize], true)
                {
                    found.push(target);
                }
            }
        }
        found
    }

    /// The tasks in this order, and who waits for whom by rank.
    pub(crate) fn apply(self, tasks: Vec<Task>, edges: &Edges) -> (Vec<Task>, Vec<u32>) {
        let mut pairs: Vec<(u32, u32)> = (0..to_u32(tasks.len()))
            .flat_map(|first| edges.targets(first).map(move |then| (first, then)))
            .map(|(first, then)| (self.rank(first), self.rank(then)))
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        let (starts, waiting) = lists(tasks.len(), &pairs);
        let mut slots: Vec<Option<Task>> = tasks.into_iter().map(Some).collect();
        let mut ordered: Vec<Task> =
            self.tasks.iter().filter_map(|task| slots[*task as usize].take()).collect();
        for (rank, task) in ordered.iter_mut().enumerate() {
            task.waiting = range(&starts, rank);
        }
        for rank in &waiting {
            ordered[*rank as usize].waits += 1;
        }
        (ordered, waiting)
    }
}

fn range(starts: &[u32], index: usize) -> Range<u32> {
    starts[index]..starts[index + 1]
}

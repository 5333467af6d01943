//! The order of tasks, and how it is bent so that a value can be moved at its last use.

use rustc_hash::FxHashMap;

use crate::descriptor::NONE;

use super::plan::to_u32;
use super::tasks::{Region, Task};
use super::values::Values;

/// Which tasks wait for which. Tasks are named by their first position here, which is that of the graph.
pub(crate) struct Edges {
    targets: Lists,
    sources: Lists,
}

/// The ends of the edges of each task.
struct Lists {
    /// Those along which values pass, those of each task one after another.
    starts: Vec<u32>,
    ends: Vec<u32>,
    /// Those that only keep an order.
    extra: FxHashMap<u32, Vec<u32>>,
}

impl Lists {
    /// Of pairs, of which some may be the same.
    fn of(count: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut starts = vec![0; count + 1];
        for (first, _) in pairs.clone() {
            starts[first as usize + 1] += 1;
        }
        for task in 0..count {
            starts[task + 1] += starts[task];
        }
        let mut ends = vec![0; starts[count] as usize];
        let mut next = starts.clone();
        for (first, then) in pairs {
            let place = &mut next[first as usize];
            ends[*place as usize] = then;
            *place += 1;
        }
        let mut kept = 0;
        for task in 0..count {
            let (from, to) =
                (std::mem::replace(&mut starts[task], to_u32(kept)) as usize, next[task] as usize);
            ends[from..to].sort_unstable();
            for place in from..to {
                if place == from || ends[place] != ends[kept - 1] {
                    ends[kept] = ends[place];
                    kept += 1;
                }
            }
        }
        starts[count] = to_u32(kept);
        ends.truncate(kept);
        Self { starts, ends, extra: FxHashMap::default() }
    }

    fn pairs(&self) -> impl Iterator<Item = (u32, u32)> + Clone {
        let own = |task: usize| &self.ends[self.starts[task] as usize..self.starts[task + 1] as usize];
        (0..self.starts.len() - 1).flat_map(move |task| own(task).iter().map(move |end| (to_u32(task), *end)))
    }

    fn ends(&self, task: u32) -> impl Iterator<Item = u32> {
        let own = &self.ends[self.starts[task as usize] as usize..self.starts[task as usize + 1] as usize];
        own.iter().chain(self.extra.get(&task).into_iter().flatten()).copied()
    }
}

impl Edges {
    pub(crate) fn of(values: Values<'_>, region: &Region) -> Self {
        let mut producer = vec![NONE; values.count()];
        for (index, task) in (0..).zip(&region.tasks) {
            for value in task.makes(values) {
                producer[value as usize] = index;
            }
        }
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for (consumer, task) in (0..).zip(&region.tasks) {
            for arg in region.args_of(task) {
                if arg.value != NONE && producer[arg.value as usize] != NONE {
                    pairs.push((producer[arg.value as usize], consumer));
                }
            }
        }
        let count = region.tasks.len();
        let targets = Lists::of(count, pairs.iter().copied());
        let sources = Lists::of(count, targets.pairs().map(|(first, then)| (then, first)));
        Self { targets, sources }
    }

    fn add(&mut self, first: u32, then: u32) {
        self.targets.extra.entry(first).or_default().push(then);
        self.sources.extra.entry(then).or_default().push(first);
    }
}

/// An order of the tasks in which everything is made before it is needed.
pub(crate) struct Order {
    tasks: Vec<u32>,
    rank: Vec<u32>,
    /// Scratch: whether a task has been reached.
    reached: Vec<bool>,
    /// How many steps may still be spent on moving tasks for the sake of values that can be cloned as well.
    steps: usize,
}

/// Where each value has much moved for it, the work would grow with the square of the graph.
const STEPS: usize = 1 << 20;
const STEPS_A_TASK: usize = 64;

impl Order {
    pub(crate) fn new(count: usize) -> Self {
        let tasks: Vec<u32> = (0..to_u32(count)).collect();
        Self {
            rank: tasks.clone(),
            tasks,
            reached: vec![false; count],
            steps: STEPS.max(count.saturating_mul(STEPS_A_TASK)),
        }
    }

    pub(crate) fn rank(&self, task: u32) -> u32 {
        self.rank[task as usize]
    }

    /// Makes `last` run after all of `others`, if none of them needs it. Says whether that is so now. Where it need
    /// not be, it may be too much work.
    pub(crate) fn put_last(&mut self, last: u32, others: &[u32], must: bool, edges: &mut Edges) -> bool {
        let highest = others.iter().map(|other| self.rank(*other)).max().unwrap_or(0);
        if highest > self.rank(last) {
            let worth_it = must || self.steps > 0;
            if !worth_it || !self.move_behind(last, highest, others, edges) {
                return false;
            }
        }
        for other in others {
            edges.add(*other, last);
        }
        true
    }

    /// Puts a task, and what waits for it, behind `others` and what they wait for; not if one of `others` waits
    /// for the task. All others keep their ranks, so the work does not grow with what lies between.
    fn move_behind(&mut self, task: u32, highest: u32, others: &[u32], edges: &Edges) -> bool {
        let lowest = self.rank(task);
        let behind = self.reach(&[task], &edges.targets, |rank| rank <= highest);
        let possible = others.iter().all(|other| !self.reached[*other as usize]);
        self.forget(&behind);
        if possible {
            let late: Vec<u32> = others.iter().copied().filter(|other| self.rank(*other) > lowest).collect();
            let before = self.reach(&late, &edges.sources, |rank| rank > lowest);
            self.forget(&before);
            self.share_ranks(before, behind);
        }
        possible
    }

    /// Gives the ranks that two groups of tasks have to the tasks of the first, then to those of the second. Within
    /// a group the order stays.
    fn share_ranks(&mut self, mut first: Vec<u32>, mut second: Vec<u32>) {
        first.sort_unstable_by_key(|task| self.rank(*task));
        second.sort_unstable_by_key(|task| self.rank(*task));
        first.append(&mut second);
        let mut ranks: Vec<u32> = first.iter().map(|task| self.rank(*task)).collect();
        ranks.sort_unstable();
        for (task, rank) in first.into_iter().zip(ranks) {
            self.rank[task as usize] = rank;
            self.tasks[rank as usize] = task;
        }
    }

    /// Marks the tasks and all that are reached from them, as far as their ranks are `within`, and lists them.
    fn reach(&mut self, from: &[u32], edges: &Lists, within: impl Fn(u32) -> bool) -> Vec<u32> {
        let mut found = from.to_vec();
        for task in from {
            self.reached[*task as usize] = true;
        }
        let mut next = 0;
        while let Some(task) = found.get(next).copied() {
            next += 1;
            for end in edges.ends(task) {
                self.steps = self.steps.saturating_sub(1);
                if within(self.rank(end)) && !std::mem::replace(&mut self.reached[end as usize], true) {
                    found.push(end);
                }
            }
        }
        found
    }

    fn forget(&mut self, reached: &[u32]) {
        for task in reached {
            self.reached[*task as usize] = false;
        }
    }

    /// The tasks in this order.
    pub(crate) fn apply(self, tasks: Vec<Task>) -> Vec<Task> {
        let mut slots: Vec<Option<Task>> = tasks.into_iter().map(Some).collect();
        self.tasks.iter().filter_map(|task| slots[*task as usize].take()).collect()
    }
}

//! Which tasks wait for which, and what they cost: of a plan, for all its runs.

use crate::run::costs::Estimate;
use crate::run::plan::{Plan, TaskKind, to_u32};

/// Of the tasks of a plan, by rank.
pub(crate) struct Waits {
    /// How many have to be over before it can begin.
    counts: Vec<u32>,
    /// Those that wait for each, one list after another.
    starts: Vec<u32>,
    next: Vec<u32>,
    /// Whether its function waits for something outside.
    awaits: Vec<bool>,
    /// Whether it needs a thread that waits for something outside.
    blocks: Vec<bool>,
    /// Whether it is a block with another one within.
    nests: Vec<bool>,
    /// What each is likely to take.
    costs: Vec<Estimate>,
}

/// What something may cost of which nobody knows: it has to be cheap a dozen times before it counts as such.
const UNKNOWN: u32 = 1_000_000;

impl Waits {
    pub(crate) fn of(plan: &Plan) -> Self {
        let count = plan.tasks.len();
        let mut readers: Vec<Vec<u32>> = vec![Vec::new(); plan.makers.len()];
        for rank in 0..count {
            for slot in plan.program.reads(rank) {
                readers[slot as usize].push(to_u32(rank));
            }
        }
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for rank in 0..count {
            let this = to_u32(rank);
            let makers = plan.program.reads(rank).filter_map(|slot| plan.makers[slot as usize]);
            pairs.extend(makers.map(|maker| (to_u32(maker), this)));
            // Who takes a value comes after all who look at it.
            let others = plan.program.takes(rank).flat_map(|slot| &readers[slot as usize]);
            pairs.extend(others.filter(|other| **other != this).map(|other| (*other, this)));
        }
        pairs.sort_unstable();
        pairs.dedup();
        let (mut counts, mut starts) = (vec![0; count], vec![0; count + 1]);
        for (first, then) in &pairs {
            counts[*then as usize] += 1;
            starts[*first as usize + 1] += 1;
        }
        for rank in 0..count {
            starts[rank + 1] += starts[rank];
        }
        let guess = |rank: usize| match plan.tasks[rank].kind {
            TaskKind::Default => 0,
            _ => UNKNOWN,
        };
        Self {
            counts,
            starts,
            next: pairs.into_iter().map(|(_, then)| then).collect(),
            blocks: (0..count).map(|rank| plan.program.waits_inside(rank)).collect(),
            nests: plan.tasks.iter().map(|task| nests(&task.kind)).collect(),
            awaits: (0..count).map(|rank| plan.program.waits(rank)).collect(),
            costs: (0..count).map(|rank| Estimate::new(guess(rank))).collect(),
        }
    }

    /// For how many others each task waits.
    pub(crate) fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// Those that wait for a task.
    pub(crate) fn next(&self, rank: usize) -> &[u32] {
        &self.next[self.starts[rank] as usize..self.starts[rank + 1] as usize]
    }

    pub(super) fn awaits(&self, rank: u32) -> bool {
        self.awaits[rank as usize]
    }

    pub(super) fn blocks(&self, rank: u32) -> bool {
        self.blocks[rank as usize]
    }

    pub(super) fn nests(&self, rank: u32) -> bool {
        self.nests[rank as usize]
    }

    /// What a task is likely to take.
    pub(super) fn cost(&self, rank: u32) -> &Estimate {
        &self.costs[rank as usize]
    }
}

fn nests(kind: &TaskKind) -> bool {
    let TaskKind::Block(block) = kind else { return false };
    block.tasks.iter().any(|task| matches!(task.kind, TaskKind::Block(_)))
}

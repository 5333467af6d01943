//! What became of the nodes of blocks, where what can run does: which have failed for an item, and what follows for others.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::NodeError;
use crate::graph::GraphData;
use crate::memory::{Program, SlotId};
use crate::run::fate::fallback_of;
use crate::run::plan::{PlannedBlock, PlannedTask, TaskKind};
use crate::run::report::{NodeReport, Outcome};

/// What has failed for items of blocks while the rest went on.
#[derive(Default)]
pub(crate) struct ItemFates(Mutex<Amiss>);

#[derive(Default)]
struct Amiss {
    /// For each node the items for which it has failed, and nothing stood in for it.
    failed: BTreeMap<u32, Items>,
    /// For each node that opens a block the items that could not be had.
    torn: BTreeMap<u32, Items>,
    /// For each node that something stood in for the items for which it did.
    fell_back: BTreeMap<u32, Items>,
    /// The nodes for which nothing could stand in for an item.
    helpless: BTreeSet<u32>,
    /// For each block within a block that has failed as a whole, by the node that opens it, the nodes that are to blame.
    broken: BTreeMap<u32, Roots>,
    /// For each list, by its node and the items around it, the first item that is missing, and why.
    missing: BTreeMap<(u32, Vec<usize>), (usize, NodeError)>,
}

/// Of the items for which something is so: the first, as if they came one by one, and how many there are.
#[derive(Clone)]
struct Items {
    first: Vec<usize>,
    error: NodeError,
    count: usize,
}

impl ItemFates {
    /// A node has failed for an item.
    pub(crate) fn set_failed(&self, node: u32, error: &NodeError) {
        let later = add(&mut self.lock().failed, node, Items::of(error));
        // An error is of the user's type, so it is dropped without the lock.
        drop(later);
    }

    /// An item of the block that a node opens could not be had.
    pub(crate) fn set_torn(&self, opener: u32, error: &NodeError) {
        let later = add(&mut self.lock().torn, opener, Items::of(error));
        drop(later);
    }

    /// Something stood in for a node, which has no value of its own for an item.
    pub(crate) fn set_fell_back(&self, node: u32, items: Vec<usize>, error: &NodeError) {
        let item = Items { first: items, error: error.clone(), count: 1 };
        let later = add(&mut self.lock().fell_back, node, item);
        drop(later);
    }

    /// Nothing could stand in for a node.
    pub(crate) fn set_helpless(&self, node: u32) {
        self.lock().helpless.insert(node);
    }

    /// A block within has failed for an item, for a node has.
    pub(crate) fn set_broken(&self, opener: u32, node: u32) {
        self.lock().broken.entry(opener).or_default().insert(node);
    }

    /// A list lacks an item, whose number comes last.
    pub(crate) fn set_missing(&self, node: u32, mut items: Vec<usize>, error: &NodeError) {
        let item = items.pop().unwrap_or_default();
        let later = self.lock().lack((node, items), (item, error.clone()));
        drop(later);
    }

    /// Why a list is not whole, if it is not.
    pub(crate) fn missing_of(&self, node: u32, around: &[usize]) -> Option<NodeError> {
        let amiss = self.lock();
        if amiss.missing.is_empty() {
            return None;
        }
        amiss.missing.get(&(node, around.to_vec())).map(|(_, error)| error.clone())
    }

    /// Tells another one of all that is amiss: the block has come to its end, and the one around it goes on.
    pub(crate) fn tell(&self, outer: &Self) {
        let Amiss { failed, torn, fell_back, helpless, broken, missing } = std::mem::take(&mut *self.lock());
        let nothing = failed.is_empty() && torn.is_empty() && fell_back.is_empty() && helpless.is_empty();
        if nothing && broken.is_empty() && missing.is_empty() {
            return;
        }
        let mut amiss = outer.lock();
        let mut later = Vec::new();
        let Amiss { failed: all_failed, torn: all_torn, fell_back: all_fell_back, .. } = &mut *amiss;
        for (all, items) in [(all_failed, failed), (all_torn, torn), (all_fell_back, fell_back)] {
            later.extend(items.into_iter().filter_map(|(node, items)| add(all, node, items)));
        }
        amiss.helpless.extend(helpless);
        for (opener, roots) in broken {
            amiss.broken.entry(opener).or_default().extend(roots);
        }
        for (list, lack) in missing {
            later.extend(amiss.lack(list, lack).map(|(_, error)| error));
        }
        drop(amiss);
        drop(later);
    }

    /// What became of the nodes of blocks, of which nothing has been told yet.
    pub(crate) fn within<'g>(&self, graph: &'g GraphData) -> Within<'g> {
        let amiss = self.lock();
        Within {
            graph,
            failed: amiss.failed.clone(),
            torn: amiss.torn.clone(),
            fell_back: amiss.fell_back.clone(),
            helpless: amiss.helpless.clone(),
            broken: amiss.broken.clone(),
            roots: BTreeMap::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Amiss> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Items {
    /// The one of a failure.
    fn of(error: &NodeError) -> Self {
        Self { first: error.items().to_vec(), error: error.clone(), count: 1 }
    }
}

/// Adds items to those of a node. The error of the one that is not the first comes back.
fn add(all: &mut BTreeMap<u32, Items>, node: u32, items: Items) -> Option<NodeError> {
    let Some(known) = all.get_mut(&node) else {
        all.insert(node, items);
        return None;
    };
    let count = known.count + items.count;
    let later = if known.first <= items.first { items } else { std::mem::replace(known, items) };
    known.count = count;
    Some(later.error)
}

impl Amiss {
    fn lack(&mut self, list: (u32, Vec<usize>), lack: (usize, NodeError)) -> Option<(usize, NodeError)> {
        match self.missing.get(&list) {
            Some((first, _)) if *first <= lack.0 => Some(lack),
            _ => self.missing.insert(list, lack),
        }
    }
}

/// The nodes whose failure is to blame for something.
pub(crate) type Roots = BTreeSet<u32>;

/// What is to blame for what is missing in a block.
pub(crate) struct Blame {
    /// That it did not run, if it did not.
    of_all: Roots,
    /// For each of its slots that something comes into from outside.
    imports: BTreeMap<SlotId, Roots>,
}

impl Blame {
    pub(crate) fn of<'r>(
        block: &PlannedBlock,
        of_all: &Roots,
        outside: impl Fn(SlotId) -> Option<&'r Roots>,
    ) -> Self {
        let imports = block.imports.iter().filter_map(|(from, to)| Some((*to, outside(*from)?.clone())));
        Self { of_all: of_all.clone(), imports: imports.collect() }
    }
}

/// Tells what became of the nodes of blocks. What is missing of a node for any item is missing for that item of all that
/// need it: so it follows from the order in which they run who was skipped because of whom.
pub(crate) struct Within<'g> {
    pub(crate) graph: &'g GraphData,
    failed: BTreeMap<u32, Items>,
    torn: BTreeMap<u32, Items>,
    fell_back: BTreeMap<u32, Items>,
    helpless: BTreeSet<u32>,
    broken: BTreeMap<u32, Roots>,
    /// For each node what is to blame that it lacks a value for any item.
    roots: BTreeMap<u32, Roots>,
}

impl Within<'_> {
    /// The failure of a node for the first item, or, where it opens a block, that of an item that could not be had; and for
    /// how many it has failed.
    pub(crate) fn failure(&self, node: u32) -> Option<(&NodeError, usize)> {
        let failures = || self.failed.get(&node).into_iter().chain(self.torn.get(&node));
        let first = failures().min_by_key(|items| &items.first)?;
        Some((&first.error, failures().map(|items| items.count).sum()))
    }

    /// What is to blame where a list of the values of a node lacks some.
    pub(crate) fn roots(&self, node: u32) -> Roots {
        self.roots.get(&node).cloned().unwrap_or_default()
    }

    /// What became of the nodes of a block, by their order in the graph, where that became of the block.
    pub(crate) fn block(&mut self, block: &PlannedBlock, outcome: &Outcome, blame: Blame) -> Vec<NodeReport> {
        let mut nodes = BTreeMap::new();
        self.walk(block, outcome, blame, &mut nodes);
        nodes.into_values().collect()
    }

    fn walk(
        &mut self,
        block: &PlannedBlock,
        outcome: &Outcome,
        blame: Blame,
        nodes: &mut BTreeMap<u32, NodeReport>,
    ) {
        let program = block.plan.program();
        let Blame { of_all, imports: mut roots } = blame;
        let choices = block.tasks.iter().filter(|task| matches!(task.kind, TaskKind::Choose));
        let chosen: BTreeSet<u32> = choices.map(|task| task.node).collect();
        for (rank, task) in block.tasks.iter().enumerate() {
            let needs = program.requires(rank).filter_map(|slot| roots.get(&slot));
            let lacks: Roots = of_all.iter().chain(needs.flatten()).copied().collect();
            let missing = match &task.kind {
                TaskKind::Block(inner) => {
                    let broken = self.broken.get(&task.node).cloned();
                    let outcome = if broken.is_some() { &Outcome::NotReached } else { outcome };
                    let blame = Blame::of(inner, &lacks, |slot| roots.get(&slot));
                    self.walk(inner, outcome, blame, nodes);
                    lacks.into_iter().chain(broken.unwrap_or_default()).collect()
                }
                TaskKind::Gather => &lacks | &self.roots(task.node),
                TaskKind::Choose if self.helpless.contains(&task.node) => lacks,
                TaskKind::Choose => {
                    if let (Some(items), Some(report)) =
                        (self.fell_back.get(&task.node), nodes.get_mut(&task.node))
                        && of_all.is_empty()
                    {
                        let (on, error) = (fallback_of(self.graph, task.node), items.error.clone());
                        report.outcome = Outcome::FellBack { on, error };
                        report.failed_items = items.count;
                    }
                    of_all.clone()
                }
                _ => {
                    if let TaskKind::Node = task.kind {
                        nodes.insert(task.node, self.node(task, outcome, &lacks));
                    }
                    // Whether it can be called is another question than whether its items can be had.
                    let takes_items = matches!(task.kind, TaskKind::Items);
                    let failures = if takes_items { &self.torn } else { &self.failed };
                    let own = failures.contains_key(&task.node).then_some(task.node);
                    lacks.into_iter().chain(own).collect()
                }
            };
            // What something may stand in for is not yet the value of the node.
            if !chosen.contains(&task.node) || matches!(task.kind, TaskKind::Choose) {
                self.note(program, rank, &missing);
            }
            roots.extend(program.makes(rank).map(|slot| (slot, missing.clone())));
        }
    }

    /// Notes that the values which a task makes are missing for some item because of these.
    fn note(&mut self, program: &Program, rank: usize, missing: &Roots) {
        if missing.is_empty() {
            return;
        }
        for slot in program.makes(rank) {
            self.roots.entry(program.node_of(slot)).or_default().extend(missing);
        }
    }

    fn node(&self, task: &PlannedTask, outcome: &Outcome, lacks: &Roots) -> NodeReport {
        let node = self.graph.name(task.node).to_owned();
        let failure = self.failure(task.node);
        let (outcome, attempts) = match (failure, outcome) {
            (Some((error, _)), _) => (Outcome::Failed(error.clone()), error.attempts()),
            (None, Outcome::Failed(error)) if error.node() == node => (outcome.clone(), error.attempts()),
            // How far the others have come with other items nobody has written down.
            (None, Outcome::Failed(_)) => (Outcome::NotReached, 0),
            (None, Outcome::Done | Outcome::Skipped { .. }) if !lacks.is_empty() => {
                let because = lacks.iter().map(|node| self.graph.name(*node).to_owned()).collect();
                (Outcome::Skipped { because }, 0)
            }
            (None, Outcome::Done) => (Outcome::Done, 1),
            (None, outcome) => (outcome.clone(), 0),
        };
        // A block that fails as a whole ends at the first item.
        let known = usize::from(matches!(outcome, Outcome::Failed(_)));
        let failed_items = failure.map_or(known, |(_, count)| count);
        NodeReport { node, outcome, attempts, failed_items }
    }
}

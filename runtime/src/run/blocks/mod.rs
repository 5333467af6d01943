//! Dynamic blocks in a plan: what goes into each, what goes out of it, and the tasks within.

mod fates;
mod lower;

use std::collections::BTreeSet;

use crate::descriptor::NONE;

use super::plan::to_u32;
use super::tasks::{Access, Arg, Kept, Planner, Region, Work};
use super::values::{Kind, ValueId, Values};

pub(super) use fates::{Blame, ItemFates, Roots, Within};

/// A dynamic block.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) region: Region,
    /// The values that come in, one for each item. Their sources are the first arguments of the task.
    feeds: Vec<ValueId>,
    /// What is needed from outside. It is the rest of the arguments.
    imports: Vec<ValueId>,
    /// The lists that its values go out to, one for each item.
    exports: Vec<ValueId>,
    /// Those of them that may lack what an item has failed to make.
    lacking: BTreeSet<ValueId>,
    /// Whether it runs for as much as is there of what is needed from outside.
    imports_may_lack: bool,
}

impl Block {
    /// The lists that its values go out to, one for each item.
    pub(crate) fn exports(&self) -> &[ValueId] {
        &self.exports
    }

    /// What it makes: a list that may lack something is handed on by a task of its own.
    pub(super) fn makes(&self, values: Values<'_>) -> impl Iterator<Item = ValueId> {
        self.exports
            .iter()
            .map(move |list| if self.lacking.contains(list) { values.partial_of(*list) } else { *list })
    }

    /// Whether it ends where an item has failed to make what goes into a list.
    fn ends_without(&self, values: Values<'_>, list: ValueId) -> bool {
        values.kind(list) != Kind::Results && !self.lacking.contains(&list)
    }
}

impl Planner<'_> {
    /// The task that runs the block which a node opens, if anything in it is needed.
    pub(super) fn block(&mut self, region: &mut Region, opener: u32) {
        let (graph, values) = (self.graph, self.values);
        let mut scope = graph.node(opener).scope.clone();
        scope.push(opener);
        let items = Items::of(values, opener, &scope);
        let exports = self.exports(&items);
        let exported: Vec<ValueId> = exports.iter().map(|export| values.item_of(*export)).collect();
        let inner = self.region(&scope, &kept(values, &items, &exported));
        if inner.tasks.is_empty() && exports.is_empty() {
            return;
        }
        let made: BTreeSet<ValueId> = inner.tasks.iter().flat_map(|task| task.makes(values)).collect();
        let mut used: BTreeSet<ValueId> =
            inner.args.iter().map(|arg| arg.value).filter(|value| *value != NONE).collect();
        used.extend(&exported);
        let from_outside = used.difference(&made).copied();
        let (feeds, imports): (Vec<ValueId>, Vec<ValueId>) =
            from_outside.partition(|value| items.all.contains(value));
        for feed in feeds.iter().filter(|feed| self.is_given(**feed)) {
            region.feed(Arg { value: values.list_of(*feed), access: Access::Clone });
            region.add(values.node(*feed), Work::Source(*feed));
        }
        let sources = feeds.iter().map(|feed| Arg { value: values.source_of(*feed), access: Access::Clone });
        let rest = imports.iter().map(|value| Arg { value: *value, access: Access::Borrow });
        // It runs as a whole, so any node that runs in it will do.
        let mut runs = items.within.iter().filter(|node| self.needs.runs[**node as usize]);
        let first = runs.next().filter(|_| scope.len() == 1);
        let guards = first.into_iter().flat_map(|first| self.guards(*first));
        sources.chain(rest).chain(guards).for_each(|arg| region.feed(arg));
        let may_lack = |list: &&ValueId| {
            let is_whole = !self.items_may_fail && self.must.has_list(values.node(**list));
            values.kind(**list) != Kind::Results && !is_whole
        };
        let lacking: BTreeSet<ValueId> = exports.iter().filter(may_lack).copied().collect();
        let lists: Vec<ValueId> = exports.iter().filter(may_lack).copied().collect();
        let imports_may_lack = self.items_may_fail;
        let block = Block { region: inner, feeds, imports, exports, lacking, imports_may_lack };
        region.add(opener, Work::Block(Box::new(block)));
        for list in lists {
            region.feed(Arg { value: values.partial_of(list), access: Access::Clone });
            region.add(values.node(list), Work::Gather(list));
        }
    }

    /// The lists that are needed of what there is of each item.
    fn exports(&self, items: &Items) -> Vec<ValueId> {
        let made = items.all.iter().filter(|item| !self.is_given(**item));
        let lists = made.map(|item| self.values.list_of(*item));
        let results = items.nodes.iter().map(|node| self.values.results(*node));
        lists.chain(results).filter(|list| self.lists.has(*list)).collect()
    }

    fn is_given(&self, value: ValueId) -> bool {
        self.needs.given[self.values.node(value) as usize]
    }
}

/// What there may be of each item of a block.
struct Items {
    /// The nodes in it, also those of blocks within it.
    within: Vec<u32>,
    /// Those of the block itself.
    nodes: Vec<u32>,
    /// Their values, and the lists of those of nodes in blocks within it.
    all: BTreeSet<ValueId>,
}

impl Items {
    fn of(values: Values<'_>, opener: u32, scope: &[u32]) -> Self {
        let (mut within, mut nodes, mut all) = (vec![opener], vec![opener], BTreeSet::from([opener]));
        for (node, data) in (0..).zip(&values.graph.nodes).filter(|(_, data)| data.scope.starts_with(scope)) {
            within.push(node);
            // The items of a block within are of that one.
            if data.depth() == scope.len() {
                nodes.push(node);
                all.insert(node);
            } else {
                all.insert(values.lists(node, to_u32(data.depth() - scope.len())));
            }
        }
        Self { within, nodes, all }
    }
}

/// Which values stay when all tasks of a block have run, and why.
fn kept(values: Values<'_>, items: &Items, exported: &[ValueId]) -> Vec<Kept> {
    let mut kept = vec![Kept::ForItems; values.count()];
    // What is within deeper blocks is nobody else's, either.
    for node in items.within.iter().copied() {
        let own = [node, values.own(node), values.constant(node)];
        for value in values.of_blocks(node).chain(own) {
            kept[value as usize] = Kept::No;
        }
    }
    for export in exported {
        kept[*export as usize] = Kept::Wanted;
    }
    kept
}

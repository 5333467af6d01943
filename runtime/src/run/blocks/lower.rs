//! From a planned block to a program of its own, which runs once for each item.

use std::sync::Arc;

use crate::memory::{BlockTools, Export, InnerList, ListOps, Role, SlotId};
use crate::run::lower::Lower;
use crate::run::plan::{PlannedBlock, TaskKind};
use crate::run::tasks::{Arg, Task};
use crate::run::values::{Kind, ValueId};
use crate::value_type::ValueType;

use super::Block;

impl Lower<'_> {
    /// A source of the items that the caller has given.
    pub(in crate::run) fn source(&mut self, item: ValueId, list: SlotId) -> Result<(), String> {
        let source = self.known_slot(self.values.source_of(item));
        if self.values.is_list(item) {
            return self.builder.part_lists(self.elements(item)?, list, source);
        }
        self.builder.source_of(self.values.ty(item), list, source)
    }

    /// A program of its own, and the operation that runs it.
    pub(in crate::run) fn block(&mut self, task: &Task, block: &Block, args: &[Arg]) -> Result<(), String> {
        let values = self.values;
        let kept = block.exports.iter().map(|export| values.item_of(*export));
        let mut inner = Lower::new(values, &block.region, kept);
        let export = |list: &ValueId| Export {
            ty: values.item_type(values.item_of(*list)),
            tolerates: values.kind(*list) == Kind::Results,
            is_needed: block.ends_without(values, *list),
        };
        let exports: Vec<Export> = block.exports.iter().map(export).collect();
        let feeds: Vec<&ValueType> = block.feeds.iter().map(|feed| values.item_type(*feed)).collect();
        let mut tools = BlockTools::new(&mut inner.builder, &exports, &feeds, block.imports_may_lack)?;
        inner.nodes.extend(block.exports.iter().chain(&block.feeds).map(|value| values.node(*value)));
        let within: Vec<SlotId> = block.imports.iter().map(|import| inner.import(*import)).collect();
        inner.items(task.node, block, &mut tools)?;
        let is_kept = block.region.tasks.iter().any(|task| task.is_kept);
        inner.builder.slot_nodes(inner.nodes);
        let program = Arc::new(tools.build(inner.builder, is_kept)?);
        let outside = block.imports.iter().map(|import| self.slot_of(*import));
        let imports = outside.zip(within).collect();
        let planned = PlannedBlock { tasks: inner.tasks, imports, plan: Arc::clone(&program) };
        self.begin(task.node, TaskKind::Block(Arc::new(planned)));
        self.feed(args)?;
        let made: Vec<ValueId> = block.makes(values).collect();
        let lists: Vec<SlotId> = made.iter().map(|list| self.list(*list)).collect();
        let (sources, imports) = self.fed.split_at(block.feeds.len());
        self.builder.block(program, &lists, sources, imports)?;
        let lists_of_lists = made.into_iter().zip(lists);
        for (list, boxed) in lists_of_lists.filter(|(list, _)| values.has_lists(*list)) {
            self.join(list, boxed)?;
        }
        Ok(())
    }

    /// Hands on a list of which nothing may be missing.
    pub(in crate::run) fn gather(&mut self, list: ValueId, some: SlotId) -> Result<(), String> {
        let whole = self.list(list);
        self.builder.gather(self.values.node(list), some, whole)?;
        if self.values.has_lists(list) { self.join(list, whole) } else { Ok(()) }
    }

    /// Takes the lists of a list out of their boxes.
    fn join(&mut self, list: ValueId, boxed: SlotId) -> Result<(), String> {
        let lists = self.known_slot(list);
        self.builder.join_lists(self.elements(self.values.item_of(list))?, boxed, lists)
    }

    /// Room for a list that a block fills: one of lists has these in boxes at first.
    fn list(&mut self, list: ValueId) -> SlotId {
        match InnerList::TYPE.list() {
            Some(boxed) if self.values.has_lists(list) => self.slot_as(list, boxed),
            _ => self.known_slot(list),
        }
    }

    /// What can be done with lists of what is in a list.
    fn elements(&self, list: ValueId) -> Result<&'static ListOps, String> {
        let one = self.values.ty(self.values.item_of(list));
        one.lists().ok_or_else(|| format!("there can be no list of `{}`", one.text()))
    }

    /// What a block does for each item: it comes in, the tasks are run, and what is made of it goes out.
    fn items(&mut self, opener: u32, block: &Block, tools: &mut BlockTools) -> Result<(), String> {
        self.begin(opener, TaskKind::Items);
        self.pull(block, tools)?;
        for feed in &block.feeds {
            if !self.is_needed(*feed) {
                self.drop_value(*feed)?;
            }
        }
        self.builder.end_task();
        self.region(&block.region)?;
        for (number, export) in block.exports.iter().enumerate() {
            // What is missing of one list may be there for another.
            let role = if block.lacking.contains(export) { Role::List } else { Role::Other };
            self.begin_as(role, self.values.node(*export), TaskKind::Items);
            self.push(block, (number, *export), tools)?;
            self.builder.end_task();
        }
        Ok(())
    }

    /// Takes what there is of an item from the sources: first all, for the end must be that of all of them.
    fn pull(&mut self, block: &Block, tools: &BlockTools) -> Result<(), String> {
        let mut packed = Vec::new();
        for (number, feed) in block.feeds.iter().enumerate() {
            let slot = if self.values.is_list(*feed) {
                let slot = self.slot_as(*feed, InnerList::TYPE);
                packed.push((*feed, slot));
                slot
            } else {
                self.known_slot(*feed)
            };
            tools.pull(&mut self.builder, number, slot)?;
        }
        for (feed, boxed) in packed {
            let list = self.known_slot(feed);
            self.builder.unbox_list(self.elements(feed)?, boxed, list)?;
        }
        Ok(())
    }

    /// Puts what was made of an item into a list.
    fn push(
        &mut self,
        block: &Block,
        (number, export): (usize, ValueId),
        tools: &mut BlockTools,
    ) -> Result<(), String> {
        let item = self.values.item_of(export);
        let value = self.slot_of(item);
        // A list and one with errors of the same node: one of them gets a clone.
        let goes_out_again =
            block.exports[number + 1..].iter().any(|other| self.values.item_of(*other) == item);
        let in_place = if goes_out_again {
            Some(self.clone_of(item)?)
        } else if self.values.is_list(item) {
            let boxed = self.slot_as(item, InnerList::TYPE);
            self.builder.box_list(self.elements(item)?, value, boxed)?;
            Some(boxed)
        } else {
            None
        };
        tools.push(&mut self.builder, number, value, in_place)
    }
}

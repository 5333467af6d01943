//! Dynamic blocks as loops.

use crate::run::{Block, Kind, Region, Task, ValueId, Values, Work};

use super::super::layout::Layout;
use super::super::types::raw;
use super::Writer;

impl Writer<'_> {
    /// The calls of a region, those of blocks in loops.
    pub(super) fn tasks(&self, region: &Region, depth: usize, layout: &mut Layout) {
        for task in &region.tasks {
            match &task.work {
                Work::Block(block) => self.iteration(task, block, depth, layout),
                _ => self.task(task, region.args_of(task), depth, layout),
            }
        }
    }

    /// A loop over the items of a block. What others need of all items is kept in lists.
    fn iteration(&self, task: &Task, block: &Block, depth: usize, layout: &mut Layout) {
        let values = Values::new(self.graph);
        for list in block.exports() {
            layout.line(depth, &format!("let mut {} = Vec::new();", self.local(*list)));
        }
        let (item, items) = (self.local(task.node), self.local(values.source_of(task.node)));
        layout.line(
            depth,
            &if self.waits {
                format!("while let Some({item}) = {items}.next_item().await {{")
            } else {
                format!("for {item} in {items} {{")
            },
        );
        layout.line(depth + 1, &format!("let {item} = {item}?;"));
        self.tasks(&block.region, depth + 1, layout);
        for list in block.exports() {
            let pushed = self.local(values.item_of(*list));
            layout.line(depth + 1, &format!("{}.push({pushed});", self.local(*list)));
        }
        layout.line(depth, "}");
    }

    /// All tasks, also those of blocks.
    pub(super) fn all(region: &Region) -> Vec<&Task> {
        let (mut all, mut regions) = (Vec::new(), vec![region]);
        while let Some(region) = regions.pop() {
            for task in &region.tasks {
                all.push(task);
                if let Work::Block(block) = &task.work {
                    regions.push(&block.region);
                }
            }
        }
        all
    }

    /// What a value is called: that of a node like the node, unless it is for all items.
    pub(super) fn local(&self, value: ValueId) -> String {
        let values = Values::new(self.graph);
        let node = self.graph.name(values.node(value));
        let mut name = match values.kind(value) {
            Kind::List(1) => format!("{node}_list"),
            Kind::List(level) => format!("{node}_list_{level}"),
            Kind::Source(_) => format!("{node}_items"),
            _ => return raw(node),
        };
        while self.graph.find(&name).is_some() {
            name.push('_');
        }
        name
    }

    /// The list that a parameter collects.
    pub(super) fn collected(&self, value: ValueId) -> Option<String> {
        let is_list = matches!(Values::new(self.graph).kind(value), Kind::List(_));
        is_list.then(|| format!("millstream::Collect::of(&{})", self.local(value)))
    }
}

//! The values of a run, by number: of each node its value, the list of all its values in a block, the source of a block
//! that it opens, and so on.

use crate::context::Notes;
use crate::graph::GraphData;
use crate::memory::InnerList;
use crate::value_type::{Plain, ValueType};

use super::plan::to_u32;
use super::tasks::Want;

/// A value of a run, by number.
pub(crate) type ValueId = u32;

/// What the numbers mean.
#[derive(Clone, Copy)]
pub(crate) struct Values<'g> {
    pub(crate) graph: &'g GraphData,
}

/// What a number stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The value of a node: in a block, that of one item.
    One,
    /// What a node itself has come to, where something may stand in for it.
    Own,
    /// The constant that stands in for it.
    Constant,
    /// All values of a node in its innermost block, with errors in place of those that are missing.
    Results,
    /// What a node has written about itself.
    Notes,
    /// The source of what a node is for each item: of values, or of lists of so many levels.
    Source(u32),
    /// All values of a node in its innermost block, or in so many: lists of lists.
    List(u32),
    /// As many of them as there are.
    Partial(u32),
}

/// So many kinds are there once; of the others there is one for each level.
const SINGLE: u32 = 5;
const LEVELLED: u32 = 3;

impl<'g> Values<'g> {
    pub(crate) fn new(graph: &'g GraphData) -> Self {
        Self { graph }
    }

    /// How many numbers there are.
    pub(crate) fn count(self) -> usize {
        self.graph.nodes.len() * (SINGLE + LEVELLED * self.levels()) as usize
    }

    /// How many levels lists have at most.
    fn levels(self) -> u32 {
        to_u32(self.graph.deepest).max(1)
    }

    fn number(self, node: u32, kind: Kind) -> ValueId {
        let number = match kind {
            Kind::One => 0,
            Kind::Own => 1,
            Kind::Constant => 2,
            Kind::Results => 3,
            Kind::Notes => 4,
            Kind::Source(level) => SINGLE + LEVELLED * level,
            Kind::List(level) => SINGLE + LEVELLED * (level - 1) + 1,
            Kind::Partial(level) => SINGLE + LEVELLED * (level - 1) + 2,
        };
        node + number * self.nodes()
    }

    /// All values of a node in its innermost block.
    pub(crate) fn list(self, node: u32) -> ValueId {
        self.lists(node, 1)
    }

    /// All values of a node in so many blocks.
    pub(crate) fn lists(self, node: u32, level: u32) -> ValueId {
        if level == 0 { node } else { self.number(node, Kind::List(level)) }
    }

    pub(crate) fn source(self, node: u32) -> ValueId {
        self.number(node, Kind::Source(0))
    }

    pub(crate) fn own(self, node: u32) -> ValueId {
        self.number(node, Kind::Own)
    }

    pub(crate) fn constant(self, node: u32) -> ValueId {
        self.number(node, Kind::Constant)
    }

    pub(crate) fn results(self, node: u32) -> ValueId {
        self.number(node, Kind::Results)
    }

    pub(crate) fn notes(self, node: u32) -> ValueId {
        self.number(node, Kind::Notes)
    }

    /// All that there is of a node because it is in blocks, or opens one.
    pub(crate) fn of_blocks(self, node: u32) -> impl Iterator<Item = ValueId> {
        let kinds = |level| [Kind::Source(level), Kind::List(level + 1), Kind::Partial(level + 1)];
        let levelled = (0..self.levels()).flat_map(kinds);
        levelled.chain([Kind::Results]).map(move |kind| self.number(node, kind))
    }

    /// What a parameter wants of a node.
    pub(crate) fn wanted(self, node: u32, want: Want) -> ValueId {
        match want {
            Want::Value => node,
            Want::List => self.list(node),
            Want::Results => self.results(node),
            Want::Notes => self.notes(node),
        }
    }

    /// The value that the caller sees of a node: all of them, if it is in a block.
    pub(crate) fn outside(self, node: u32) -> ValueId {
        self.lists(node, to_u32(self.graph.node(node).depth()))
    }

    /// What a list gets for each item of a block.
    pub(crate) fn item_of(self, list: ValueId) -> ValueId {
        match self.kind(list) {
            Kind::List(level) | Kind::Partial(level) => self.lists(self.node(list), level - 1),
            _ => self.node(list),
        }
    }

    /// How many levels of lists a value is.
    fn level(self, value: ValueId) -> u32 {
        if let Kind::List(level) = self.kind(value) { level } else { 0 }
    }

    /// Whether a value is a list, which is in a box while it is the item of a block.
    pub(crate) fn is_list(self, item: ValueId) -> bool {
        self.level(item) > 0
    }

    /// Whether a value is a list of lists.
    pub(crate) fn has_lists(self, list: ValueId) -> bool {
        self.level(list) > 1
    }

    /// The list of all that a value is for the items of a block.
    pub(crate) fn list_of(self, item: ValueId) -> ValueId {
        self.lists(self.node(item), self.level(item) + 1)
    }

    /// Where a value comes from for each item of a block.
    pub(crate) fn source_of(self, item: ValueId) -> ValueId {
        self.number(self.node(item), Kind::Source(self.level(item)))
    }

    /// What there is of a list where something of it may be missing.
    pub(crate) fn partial_of(self, list: ValueId) -> ValueId {
        self.number(self.node(list), Kind::Partial(self.level(list)))
    }

    /// The type as which a value comes into a block, and goes out of it: a list is in a box.
    pub(crate) fn item_type(self, item: ValueId) -> &'static ValueType {
        if self.is_list(item) { InnerList::TYPE } else { self.ty(item) }
    }

    pub(crate) fn node(self, value: ValueId) -> u32 {
        value % self.nodes().max(1)
    }

    pub(crate) fn kind(self, value: ValueId) -> Kind {
        let number = value / self.nodes().max(1);
        match number {
            0 => Kind::One,
            1 => Kind::Own,
            2 => Kind::Constant,
            3 => Kind::Results,
            4 => Kind::Notes,
            _ => {
                let level = (number - SINGLE) / LEVELLED;
                match (number - SINGLE) % LEVELLED {
                    0 => Kind::Source(level),
                    1 => Kind::List(level + 1),
                    _ => Kind::Partial(level + 1),
                }
            }
        }
    }

    pub(crate) fn name(self, value: ValueId) -> &'g str {
        self.graph.name(self.node(value))
    }

    /// The type of the value; that of one item where there can be no list.
    pub(crate) fn ty(self, value: ValueId) -> &'static ValueType {
        let one = self.graph.node(self.node(value)).value;
        match self.kind(value) {
            Kind::One | Kind::Own | Kind::Constant => one,
            Kind::Results => one.results().unwrap_or(one),
            Kind::Notes => Plain::<Notes>::TYPE,
            Kind::Source(0) => one.source().unwrap_or(one),
            Kind::Source(_) => InnerList::TYPE.source().unwrap_or(one),
            Kind::List(level) => one.lists_of(level).unwrap_or(one),
            Kind::Partial(1) => one.list().unwrap_or(one),
            Kind::Partial(_) => InnerList::TYPE.list().unwrap_or(one),
        }
    }

    fn nodes(self) -> u32 {
        to_u32(self.graph.nodes.len())
    }
}

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
    /// All values of a node in its innermost block.
    List,
    /// The source of the items of a node.
    Source,
    /// All values of a node in its innermost block, with errors in place of those that are missing.
    Results,
    /// What a node itself has come to, where something may stand in for it.
    Own,
    /// The constant that stands in for it.
    Constant,
    /// What a node has written about itself.
    Notes,
    /// All values of a node in a block within a block: a list for each item of the outer one.
    Lists,
    /// The source of such lists.
    ListSource,
    /// As many of all values of a node in its innermost block as there are.
    Partial,
    /// The same of such lists.
    PartialLists,
}

impl<'g> Values<'g> {
    pub(crate) fn new(graph: &'g GraphData) -> Self {
        Self { graph }
    }

    /// How many numbers there are.
    pub(crate) fn count(self) -> usize {
        self.graph.nodes.len() * 11
    }

    pub(crate) fn list(self, node: u32) -> ValueId {
        node + self.nodes()
    }

    pub(crate) fn source(self, node: u32) -> ValueId {
        node + 2 * self.nodes()
    }

    pub(crate) fn own(self, node: u32) -> ValueId {
        node + 3 * self.nodes()
    }

    pub(crate) fn constant(self, node: u32) -> ValueId {
        node + 4 * self.nodes()
    }

    pub(crate) fn results(self, node: u32) -> ValueId {
        node + 5 * self.nodes()
    }

    pub(crate) fn notes(self, node: u32) -> ValueId {
        node + 6 * self.nodes()
    }

    pub(crate) fn lists(self, node: u32) -> ValueId {
        node + 7 * self.nodes()
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
        match self.graph.node(node).depth() {
            0 => node,
            1 => self.list(node),
            _ => self.lists(node),
        }
    }

    /// What a list gets for each item of a block.
    pub(crate) fn item_of(self, list: ValueId) -> ValueId {
        let node = self.node(list);
        if self.kind(list) == Kind::Lists { self.list(node) } else { node }
    }

    /// The list of all that a value is for the items of a block.
    pub(crate) fn list_of(self, item: ValueId) -> ValueId {
        let node = self.node(item);
        if self.kind(item) == Kind::List { self.lists(node) } else { self.list(node) }
    }

    /// Where a value comes from for each item of a block.
    pub(crate) fn source_of(self, item: ValueId) -> ValueId {
        let node = self.node(item);
        if self.kind(item) == Kind::List { node + 8 * self.nodes() } else { self.source(node) }
    }

    /// What there is of a list where something of it may be missing.
    pub(crate) fn partial_of(self, list: ValueId) -> ValueId {
        let node = self.node(list);
        if self.kind(list) == Kind::Lists { node + 10 * self.nodes() } else { self.partial(node) }
    }

    /// As many of all values of a node as there are.
    pub(crate) fn partial(self, node: u32) -> ValueId {
        node + 9 * self.nodes()
    }

    /// The type as which a value comes into a block, and goes out of it: a list is in a box.
    pub(crate) fn item_type(self, item: ValueId) -> &'static ValueType {
        if self.kind(item) == Kind::List { InnerList::TYPE } else { self.ty(item) }
    }

    pub(crate) fn node(self, value: ValueId) -> u32 {
        value % self.nodes().max(1)
    }

    pub(crate) fn kind(self, value: ValueId) -> Kind {
        match value / self.nodes().max(1) {
            0 => Kind::One,
            1 => Kind::List,
            2 => Kind::Source,
            3 => Kind::Own,
            4 => Kind::Constant,
            5 => Kind::Results,
            6 => Kind::Notes,
            7 => Kind::Lists,
            8 => Kind::ListSource,
            9 => Kind::Partial,
            _ => Kind::PartialLists,
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
            Kind::List | Kind::Partial => one.list().unwrap_or(one),
            Kind::Source => one.source().unwrap_or(one),
            Kind::Results => one.results().unwrap_or(one),
            Kind::Notes => Plain::<Notes>::TYPE,
            Kind::Lists => one.list().and_then(ValueType::list).unwrap_or(one),
            Kind::ListSource => InnerList::TYPE.source().unwrap_or(one),
            Kind::PartialLists => InnerList::TYPE.list().unwrap_or(one),
        }
    }

    fn nodes(self) -> u32 {
        to_u32(self.graph.nodes.len())
    }
}

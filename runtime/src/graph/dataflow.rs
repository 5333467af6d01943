//! A dataflow module as a value.

use std::sync::OnceLock;

use crate::descriptor::{FlowTable, Place};

use super::Graph;
use super::data::GraphData;

/// What a `#[dataflow]` module is: `weather::dataflow()` gives it.
#[derive(Debug)]
pub struct Dataflow {
    table: &'static FlowTable,
    graph: OnceLock<Graph>,
}

impl Dataflow {
    /// The dataflow of a table that a macro has written.
    #[must_use]
    pub const fn new(table: &'static FlowTable) -> Self {
        Self { table, graph: OnceLock::new() }
    }

    /// The module's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.table.name
    }

    /// The module's path.
    #[must_use]
    pub fn module(&self) -> &'static str {
        self.table.module
    }

    /// The module's doc comment.
    #[must_use]
    pub fn doc(&self) -> &'static str {
        self.table.doc
    }

    /// Where the module stands.
    #[must_use]
    pub fn place(&self) -> Place {
        self.table.place
    }

    /// Its graph, with all variants of each node.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        // What the macro wrote is copied here; nothing of the user's runs.
        self.graph.get_or_init(|| Graph::of(GraphData::of_table(self.table)))
    }
}

//! A dataflow module as a value.

use std::sync::OnceLock;

use crate::descriptor::{FlowTable, Place};

use crate::node::Flow;

use super::Graph;
use super::data::GraphData;

/// What a `#[dataflow]` module is: `weather::dataflow()` gives it.
///
/// ```
/// use millstream::Dataflow;
/// use millstream::prelude::*;
///
/// #[dataflow]
/// mod pair {
///     #[node]
///     pub fn one() -> u8 {
///         1
///     }
/// }
///
/// let dataflow: &'static Dataflow = pair::dataflow();
/// assert_eq!(dataflow.graph().len(), 1);
/// ```
#[derive(Debug)]
pub struct Dataflow {
    // A function, so that rustc need not work out the table of a large dataflow where nothing runs, as in
    // `cargo check`.
    table: fn() -> &'static FlowTable,
    graph: OnceLock<Graph>,
}

impl Dataflow {
    /// The dataflow that a macro has written down as `F`.
    #[doc(hidden)]
    #[must_use]
    pub const fn of<F: Flow>() -> Self {
        Self { table: || F::TABLE, graph: OnceLock::new() }
    }

    /// The module's name.
    ///
    /// ```
    /// # use millstream::prelude::*;
    /// # /// Two numbers.
    /// # #[dataflow]
    /// # mod pair {
    /// #     #[node]
    /// #     pub fn one() -> u8 {
    /// #         1
    /// #     }
    /// # }
    /// assert_eq!(pair::dataflow().name(), "pair");
    /// ```
    #[must_use]
    pub fn name(&self) -> &'static str {
        (self.table)().name
    }

    /// The module's path.
    ///
    /// ```
    /// # use millstream::prelude::*;
    /// # /// Two numbers.
    /// # #[dataflow]
    /// # mod pair {
    /// #     #[node]
    /// #     pub fn one() -> u8 {
    /// #         1
    /// #     }
    /// # }
    /// assert!(pair::dataflow().module().ends_with("pair"));
    /// ```
    #[must_use]
    pub fn module(&self) -> &'static str {
        (self.table)().module
    }

    /// The module's doc comment.
    ///
    /// ```
    /// # use millstream::prelude::*;
    /// # /// Two numbers.
    /// # #[dataflow]
    /// # mod pair {
    /// #     #[node]
    /// #     pub fn one() -> u8 {
    /// #         1
    /// #     }
    /// # }
    /// assert_eq!(pair::dataflow().doc(), "Two numbers.");
    /// ```
    #[must_use]
    pub fn doc(&self) -> &'static str {
        (self.table)().doc
    }

    /// Where the module stands.
    ///
    /// ```
    /// # use millstream::prelude::*;
    /// # /// Two numbers.
    /// # #[dataflow]
    /// # mod pair {
    /// #     #[node]
    /// #     pub fn one() -> u8 {
    /// #         1
    /// #     }
    /// # }
    /// assert!(pair::dataflow().place().line > 0);
    /// ```
    #[must_use]
    pub fn place(&self) -> Place {
        (self.table)().place
    }

    /// Its graph, with all variants of each node.
    ///
    /// ```
    /// # use millstream::prelude::*;
    /// # /// Two numbers.
    /// # #[dataflow]
    /// # mod pair {
    /// #     #[node]
    /// #     pub fn one() -> u8 {
    /// #         1
    /// #     }
    /// # }
    /// assert!(pair::dataflow().graph().node("one").is_some());
    /// ```
    #[must_use]
    pub fn graph(&self) -> &Graph {
        // What the macro wrote is copied here; nothing of the user's runs.
        self.graph.get_or_init(|| Graph::of(GraphData::of_table((self.table)())))
    }
}

//! Everything that a module with a dataflow needs: `use millstream::prelude::*;`.
//!
//! ```
//! use millstream::prelude::*;
//!
//! let graph = Graph::builder().input::<f64>("spend").build()?;
//! assert_eq!(graph.inputs().count(), 1);
//! # Ok::<(), millstream::Error>(())
//! ```

#[allow(unused_imports, unreachable_pub, reason = "the attributes")]
pub use millstream_macros::*;

pub use crate::{
    Collect, Dataflow, Driver, Executor, Graph, InputMap, Metadata, NodeContext, NodeError, Parallelizable,
};

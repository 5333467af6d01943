//! Plain functions are nodes, parameter names are edges, and the compiler checks the graph.
//!
//! # A dataflow
//!
//! The functions of a module with [`#[dataflow]`](macro@dataflow) that have [`#[node]`](macro@node) are the nodes of its
//! graph. A parameter takes the value of the node, or the input, that has its name. A graph that is wrong does not build.
//!
//! ```
//! use millstream::prelude::*;
//!
//! #[dataflow(compile(price = cost))]
//! mod campaign {
//!     #[inputs]
//!     pub struct Inputs {
//!         /// Money spent each week.
//!         pub spend: Vec<f64>,
//!         /// People who signed up each week.
//!         pub signups: Vec<f64>,
//!     }
//!
//!     #[node]
//!     pub fn total(spend: &[f64]) -> f64 {
//!         spend.iter().sum()
//!     }
//!
//!     #[node]
//!     pub fn cost(total: f64, signups: &[f64]) -> Result<f64, String> {
//!         let signups: f64 = signups.iter().sum();
//!         if signups > 0.0 { Ok(total / signups) } else { Err("nobody signed up".to_owned()) }
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A driver runs what the requested outputs need.
//! let driver = campaign::driver().build()?;
//! let inputs = campaign::Inputs { spend: vec![10.0, 30.0], signups: vec![1.0, 3.0] };
//! let (total, cost) = driver.execute::<(campaign::total, campaign::cost)>(inputs)?.into_values();
//! assert_eq!((total, cost), (40.0, 10.0));
//!
//! // An entry point is the same calls as straight-line code.
//! let inputs = campaign::PriceInputs { spend: vec![10.0], signups: vec![] };
//! let error = campaign::price(&inputs).unwrap_err();
//! assert_eq!(error.node(), "cost");
//! # Ok(())
//! # }
//! ```
//!
//! # Where to look
//!
//! | To | see |
//! |---|---|
//! | write nodes | [`#[node]`](macro@node) and the other attributes |
//! | run them | [`Driver`], [`DriverBuilder`], [`Executor`]; `async fn` nodes: [`Driver::execute_async`] |
//! | run nodes once for each item | [`Parallelizable`], [`Collect`] |
//! | say what an error does | [`ErrorPolicy`], [`Retry`], [`CancellationToken`], [`Report`] |
//! | watch and change runs | [`Hook`], [`AsyncHook`], [`Layer`], [`NodeContext`], [`Metadata`]; [`hooks`], [`layers`] |
//! | connect drivers | [`Driver::then`], [`GraphBuilder::sub_driver`] |
//! | make graphs at run time | [`Graph::builder`] |
//! | leave | [`Graph::to_source`] |
//!
//! # Graphs at run time
//!
//! A graph can also be put together at run time, by the same rules:
//!
//! ```
//! use millstream::{Graph, InputMap};
//!
//! let graph = Graph::builder()
//!     .input::<Vec<f64>>("spend")
//!     .input::<Vec<f64>>("signups")
//!     .function("total", ["spend"], |spend: &[f64]| spend.iter().sum::<f64>())
//!     .function("cost", ["total", "signups"], |total: &f64, signups: &[f64]| total / signups.iter().sum::<f64>())
//!     .build()?;
//!
//! let inputs = InputMap::new().set("spend", vec![10.0, 30.0]).set("signups", vec![1.0, 3.0]);
//! let run = graph.driver().build()?.execute_named(["cost"], inputs)?;
//! assert_eq!(run.get::<f64>("cost")?, &10.0);
//! # Ok::<(), millstream::Error>(())
//! ```
//!
//! # Features
//!
//! None is on by default.
//!
//! - `tokio`: [`Driver::execute`] runs graphs with async nodes in a runtime of its own, and says so where it is called inside
//!   of one.
//! - `progress`: the hook `hooks::ProgressBar`.
//! - `tracing`: the hook `hooks::Tracing`.

// The macros write `::millstream`, also in our own tests.
extern crate self as millstream;

mod block;
mod builder;
mod chain;
mod context;
mod crew;
mod descriptor;
mod driver;
mod entry;
mod error;
mod fault;
mod fit;
mod graph;
mod hook;
pub mod hooks;
mod known;
pub mod layers;
#[allow(unsafe_code, reason = "the one module with it: see its documentation")]
mod memory;
#[cfg(all(test, millstream_loom))]
mod model;
mod node;
mod park;
pub mod prelude;
mod run;
mod sync;
mod tuples;
mod value;
mod value_type;
mod wait;

#[doc(hidden)]
#[allow(missing_docs, reason = "only generated code may name these")]
#[path = "private.rs"]
pub mod __private;
#[doc(hidden)]
#[allow(missing_docs, reason = "only generated code may name these")]
pub mod edge;

#[allow(unused_imports, unreachable_pub, reason = "the attributes")]
pub use millstream_macros::*;

pub use block::{Collect, Parallelizable, SourceItems};
pub use builder::{Feed, Feeds, FunctionArg, GraphBuilder, NodeFunction, Own, PartTuple, SubDriver};
pub use chain::{Chain, ChainInputs, ChainRequest, ChainRun, ChainValues, Drivers};
pub use context::{Level, Metadata, NodeContext, Note, RunId};
pub use descriptor::{Place, Tag, Takes};
pub use driver::{
    Driver, DriverBuilder, ErrorPolicy, Execution, Executor, InputMap, InputValues, IntoInputs, Named, Nodes,
    Outputs, Request, ResultBuilder, Run,
};
pub use entry::EntryError;
pub use error::{Error, ErrorKind, NodeError, NodeErrorKind};
pub use graph::{
    Dataflow, Graph, GraphDescription, GraphNode, NodeDescription, NodeKind, ParamDescription, ParamSource,
    ParamView, PlaceDescription, VariantDescription,
};
pub use hook::{
    AsyncCall, AsyncHook, AsyncLayer, AwaitedLayer, BlockEvent, BoxedError, CallError, Hook, HookError,
    HookResult, ItemEvent, Layer, Message, NodeCall, NodeEvent, Points, Progress, RunEnd, RunInfo, ValueView,
};
pub use node::{Fallible, Flow, InBlock, Member, Node, NodeFault, NodeValue, Outside, Placement, Whole};
pub use run::{CancellationToken, NodeReport, Outcome, Report, Retry, Schedule, ScheduledTask, Timing};
pub use value::Value;
pub use value_type::ValueType;

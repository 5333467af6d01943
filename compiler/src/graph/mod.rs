//! The rules about graphs: each has its one home here, with its words.
//!
//! A graph is given as [`NodeSpec`]s in the order of declaration. [`check`] either resolves every need to
//! indices and orders the nodes, or returns every [`Problem`] there is, in the order of declaration. A problem
//! names nodes and needs by index, so that a caller who has source places (the macro) can point at them; its
//! [`Display`](std::fmt::Display) is the message, so that a caller who has none (the builder) says the same.
//!
//! ```
//! use millstream_compiler::graph::{NodeSpec, check};
//!
//! let wrong = [NodeSpec::input("spend"), NodeSpec::node("roas").needs("spned")];
//! let problems = check(&wrong).unwrap_err();
//! assert_eq!(
//!     problems[0].to_string(),
//!     "node `roas` needs `spned`, which is neither a node nor an input; did you mean `spend`?"
//! );
//! ```

mod blocks;
mod check;
mod cycle;
mod problem;
mod spec;
mod suggest;

pub use check::{Resolved, check};
pub use problem::{Problem, take_all, take_each_apart, type_mismatch};
pub use spec::{Kind, Need, NodeSpec, Take, What};
pub use suggest::{did_you_mean, nearest};

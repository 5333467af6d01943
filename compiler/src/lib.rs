//! The language of Millstream as an ordinary library.
//!
//! The procedural macros, the procedural builder of the run time and later tools (renderers, the notebook
//! kernel) share one understanding of what a dataflow is. It is built as a pipeline; each step has a room:
//!
//! ```text
//! tokens -> parse -> model -> check -> plan -> expand -> tokens
//!                              |
//!                            graph: the rules, without tokens
//! ```
//!
//! [`graph`] knows nothing of Rust syntax and is all that is left without the feature `syntax`: so the run
//! time checks graphs that are put together by hand with the very rules, and the very words, of the macro.

pub mod graph;

#[cfg(feature = "syntax")]
pub mod syntax;

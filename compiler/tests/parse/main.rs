//! What the parser makes of a module, and what it says is wrong with it.
//!
//! One file for each room of the parser. The tests of messages look at the place as well: the text that the error
//! underlines.

#![allow(clippy::unwrap_used, reason = "helpers of tests, which stop at the first surprise")]

mod bindings;
mod blocks;
mod extraction;
mod fields;
mod items;
mod misplaced;
mod nodes;
mod parameterized;
mod parameters;
mod random;
mod recovery;
mod special;
mod support;

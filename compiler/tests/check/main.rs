//! What a module and what it includes come to: the nodes, what each takes of which, and what is warned of.

#![allow(clippy::unwrap_used, reason = "helpers of tests, which stop at the first surprise")]

mod blocks;
mod fallbacks;
mod special;
mod support;

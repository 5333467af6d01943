//! Every way that values take through the memory of a run, small enough for Miri: see CONTRIBUTING.md. Whatever happens
//! to a run, afterwards nothing of it is left.
#![allow(
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::trivially_copy_pass_by_ref,
    clippy::unused_async,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "nodes are written as users write them, and some panic"
)]

mod abandoned;
mod alone;
mod awaited;
mod support;
mod threads;

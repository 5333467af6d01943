//! What becomes of a run when something fails, takes too long, or is called off.

#![allow(
    clippy::cast_possible_truncation,
    clippy::float_cmp,
    clippy::items_after_statements,
    clippy::panic,
    clippy::trivially_copy_pass_by_ref,
    clippy::unnecessary_wraps,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "the numbers are exact, and the functions have the form of nodes"
)]

mod cancel;
mod fallback;
mod fallback_in_blocks;
mod keep_going;
mod keep_going_blocks;
mod limits;
mod refused;
mod retry;
mod support;
mod tolerant;
mod unwanted;

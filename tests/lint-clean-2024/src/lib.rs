//! Every attribute at work in a crate that denies every lint. `cargo clippy` is the test.
#![deny(
    warnings,
    missing_docs,
    unreachable_pub,
    missing_debug_implementations,
    unused,
    clippy::all,
    clippy::pedantic
)]

pub mod flows;

//! What the benchmarks share: the measured graphs, and how times are taken.

pub mod timing;
pub mod workloads;

/// The measured graphs as dataflows, and as functions that make the same calls by hand.
#[allow(missing_docs, clippy::all, clippy::pedantic, reason = "generated: nothing here is read by people")]
pub mod graphs {
    include!(concat!(env!("OUT_DIR"), "/workloads.rs"));
}

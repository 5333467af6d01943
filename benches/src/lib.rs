//! What the benchmarks share: the measured graphs, how times are taken, and the table that comes out.

pub mod allocator;
pub mod blocks;
pub mod columns;
pub mod interpret;

pub mod measure;
pub mod options;
pub mod small;
pub mod source;
pub mod subjects;
pub mod table;
pub mod work;
pub mod workloads;

/// The measured graphs as dataflows, and as functions that make the same calls by hand.
#[allow(missing_docs, clippy::all, clippy::pedantic, reason = "generated: nothing here is read by people")]
pub mod graphs {
    include!(concat!(env!("OUT_DIR"), "/graphs.rs"));

    /// Bytes of a large value.
    pub const LARGE: usize = 1 << 20;

    fn large_value(byte: u8) -> Vec<u8> {
        vec![byte; LARGE]
    }
}

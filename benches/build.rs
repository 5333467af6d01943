//! Writes the graphs that are measured: as dataflows, and as functions that make the same calls by hand.

use std::path::Path;
use std::{env, fs};

#[path = "src/source.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with the library")]
mod source;
#[path = "src/workloads.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with the library")]
mod workloads;

/// Large values in the graphs that show how much memory a run takes.
const LARGE_VALUES: usize = 32;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=src/source.rs");
    println!("cargo::rerun-if-changed=src/workloads.rs");
    println!("cargo::rerun-if-changed=build.rs");
    let mut text: String = workloads::all()
        .iter()
        .map(|workload| workload.dataflow_with_entry() + &workload.by_hand())
        .collect();
    let part = workloads::awaited_part();
    text += &(workloads::awaited().dataflow() + &part.dataflow_with_entry() + &part.inlined());
    text += &source::large(LARGE_VALUES);
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("graphs.rs"), text)?;
    Ok(())
}

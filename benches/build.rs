//! Writes the graphs that are measured: as dataflows, and as functions that make the same calls by hand.

use std::path::Path;
use std::{env, fs};

#[path = "src/workloads.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with the library")]
mod workloads;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=src/workloads.rs");
    println!("cargo::rerun-if-changed=build.rs");
    let source: String =
        workloads::all().iter().map(|workload| workload.dataflow() + &workload.by_hand()).collect();
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("workloads.rs"), source)?;
    Ok(())
}

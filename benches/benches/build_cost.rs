//! What a dataflow costs to build: CPU time of `cargo check` and of a debug build over the same functions without
//! the macro, in milliseconds a node. `cargo bench -p millstream-benches --bench build_cost`.

use std::fs;
use std::io::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use millstream_benches::measure::median;
use millstream_benches::workloads::{Workload, layered};

const ROUNDS: usize = 5;

fn main() -> Result<(), Error> {
    println!(
        "build cost over the plain functions, ms a node, medians of {ROUNDS} rounds (one core: rustc's time)"
    );
    println!("{:>7} {:>8} {:>10} {:>10} {:>10}", "nodes", "profile", "plain s", "macro s", "ms/node");
    for layers in [50, 250] {
        let workload = layered(layers, 20);
        for profile in ["check", "debug", "release"] {
            measure(&workload, profile)?;
        }
    }
    Ok(())
}

fn measure(workload: &Workload, profile: &str) -> Result<(), Error> {
    let plain = package("plain", &workload.plain())?;
    let dataflow = package("dataflow", &workload.dataflow())?;
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..=ROUNDS {
        for (package, times) in [&plain, &dataflow].into_iter().zip(&mut times) {
            let seconds = build(package, profile)?;
            // The first round builds the dependencies.
            if round > 0 {
                times.push(seconds);
            }
        }
    }
    let [plain, dataflow] = times.map(median);
    let nodes = workload.nodes.len();
    #[allow(clippy::cast_precision_loss, reason = "a count of nodes")]
    let cost = (dataflow - plain) * 1e3 / nodes as f64;
    println!("{nodes:>7} {profile:>8} {plain:>10.3} {dataflow:>10.3} {cost:>10.3}");
    Ok(())
}

/// A package of its own in the target folder, so that nothing of it is kept.
fn package(name: &str, source: &str) -> Result<PathBuf, Error> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("build_cost").join(name);
    fs::create_dir_all(folder.join("src"))?;
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime").canonicalize()?;
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\nmillstream = {{ path = \"{}\" }}\n\n[workspace]\n",
        runtime.display()
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::write(folder.join("src/lib.rs"), source)?;
    Ok(folder)
}

/// Builds the package alone, its dependencies being built; seconds.
fn build(package: &Path, profile: &str) -> Result<f64, Error> {
    let source = package.join("src/lib.rs");
    // A new time stamp is all that makes cargo build it again.
    fs::write(&source, fs::read(&source)?)?;
    let arguments: &[&str] = match profile {
        "check" => &["check", "--quiet"],
        "release" => &["build", "--quiet", "--release"],
        _ => &["build", "--quiet"],
    };
    let start = Instant::now();
    let status = Command::new("cargo")
        .args(arguments)
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_TARGET_DIR", package.join("../target"))
        .current_dir(package)
        .stdout(Stdio::null())
        .status()?;
    let seconds = start.elapsed().as_secs_f64();
    if status.success() {
        Ok(seconds)
    } else {
        Err(Error::other(format!("{} does not build", package.display())))
    }
}

//! What an editor shows of a dataflow, asked of rust-analyzer.
//!
//! One server is started for all of it, since most of the time goes into reading what the fixture depends on; so
//! there is one test, which names everything that is wrong at its end. Without a server there is nothing to test,
//! and the test says so and passes.
#![allow(clippy::expect_used, clippy::panic, reason = "where a test cannot go on, it has failed")]

mod client;
mod fixture;
mod server;
mod session;

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use fixture::{Fixture, Place};
use session::Session;

const OBSERVATIONS: &str = "src/observations.rs";
const FEATURES: &str = "src/features.rs";

/// From a place in the fixture to where "go to definition" must lead: there and, if it is a name of its own, to
/// itself, but nowhere else.
const LEADS_TO: &[(&str, &[&str])] = &[
    // A parameter: to an input, a node, a part of a node, a parameterized node, a node with variants.
    ("use:columns.report", &["def:report"]),
    ("use:advice.comfort", &["def:comfort"]),
    ("use:days.temp_max", &["def:temp_max"]),
    ("use:peak__celsius.max_rolling", &["def:max_rolling"]),
    ("use:peak__fahrenheit.max_rolling", &["def:max_rolling"]),
    ("use:comfort.peak", &["def:peak__celsius"]),
    ("use:comfort.floor", &["def:floor"]),
    ("use:rolling.window", &["def:window"]),
    // A parameter that an attribute binds, to one node or to several.
    ("use:comfort.swing", &["def:range_rolling"]),
    ("use:rolling.series", &["def:temp_max", "def:temp_range"]),
    ("use:report_of_peaks.series", &["def:max_rolling", "def:range_rolling"]),
    ("use:report_of_peaks.ends", &["def:comfort"]),
    // A name in an attribute.
    ("use:when.unit", &["def:unit"]),
    ("use:when.Celsius", &["def:Celsius"]),
    ("def:temp_max", &["def:Columns.temp_max"]),
    ("use:range_rolling.source", &["def:temp_range"]),
    ("use:source.range_rolling", &["def:range_rolling"]),
    ("use:group.max_rolling", &["def:max_rolling"]),
    // What users of the dataflow name.
    ("use:import.advice", &["def:advice"]),
    ("use:execute.advice", &["def:advice"]),
    ("use:execute.max_rolling", &["def:max_rolling"]),
    ("use:inputs.window", &["def:window"]),
    // A node itself, whatever is generated for it.
    ("def:columns", &[]),
    ("def:report_of_peaks", &[]),
    // An included node, in its own file.
    ("use:temp_range.temp_max", &["def:temp_max"]),
    ("use:temp_range.temp_min", &["def:temp_min"]),
    ("use:advice.days", &["def:days"]),
    ("use:max_rolling.source", &["def:temp_max"]),
    ("use:include", &["def:load"]),
];

/// From a node to what "find references" must list, and nothing else of what is marked.
const USED_BY: &[(&str, &[&str])] = &[
    ("def:report", &["use:columns.report"]),
    ("def:window", &["use:rolling.window", "use:inputs.window"]),
    ("def:columns", &[]),
    ("def:days", &["use:advice.days"]),
    ("def:temp_max", &["use:days.temp_max", "use:temp_range.temp_max", "use:max_rolling.source"]),
    (
        "def:max_rolling",
        &[
            "use:peak__celsius.max_rolling",
            "use:peak__fahrenheit.max_rolling",
            "use:group.max_rolling",
            "use:import.max_rolling",
            "use:execute.max_rolling",
        ],
    ),
    ("def:range_rolling", &["use:source.range_rolling", "use:group.range_rolling"]),
    ("def:temp_range", &["use:range_rolling.source"]),
    ("def:comfort", &["use:advice.comfort"]),
    ("def:advice", &["use:import.advice", "use:execute.advice"]),
    ("def:unit", &["use:when.unit", "use:when.other_unit"]),
];

/// What must be shown at a parameter: something that tells of its provider.
const SHOWS: &[(&str, &str)] = &[
    ("use:columns.report", "The input `report`: `String`."),
    ("use:rolling.window", "Days of a rolling mean."),
    ("use:days.temp_max", "Warmest temperature of each day."),
    ("use:temp_range.temp_min", "Coldest temperature of each day."),
    ("use:peak__celsius.max_rolling", "Rolling mean of temp_max."),
    ("use:comfort.peak", "The warmest of all days, in °C."),
    ("use:advice.comfort", "How the warmest day felt."),
    ("use:advice.comfort", "The node `comfort`: `Comfort`."),
    ("use:comfort.swing", "Rolling mean of temp_range."),
];

/// What must be offered where the cursor is at the end of the third text, which stands for the second one. Most of
/// these bodies are not Rust yet, as is usual while somebody writes.
const OFFERS: &[(&str, &str, &str, &[&str])] = &[
    (OBSERVATIONS, "temp_max.len()", "temp_max.", &["iter", "len"]),
    (OBSERVATIONS, "temp_max.len()", "if temp_max.", &["iter", "len"]),
    (OBSERVATIONS, "temp_max.len()", "let both = [temp_max.len(), temp_max.", &["iter", "len"]),
    (OBSERVATIONS, "temp_max.len()\n    }", "temp_max.", &["iter", "len"]),
    (FEATURES, "comfort.is_unpleasant()", "comfort.", &["is_unpleasant", "score"]),
    (FEATURES, "comfort.is_unpleasant()", "known(comfort.", &["is_unpleasant", "score"]),
    (FEATURES, "comfort.is_unpleasant()\n    }", "comfort.", &["is_unpleasant", "score"]),
];

#[test]
fn an_editor_shows_the_graph() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are in the workspace");
    let server = server::find(workspace).unwrap_or_else(|why| panic!("{why}"));
    let Some(server) = server else {
        println!("skipped: there is no rust-analyzer; to have one: {}", server::INSTALL);
        return;
    };
    let folder = workspace.join("tests/fixtures/editor");
    let scratch = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("editor");
    fs::create_dir_all(&scratch).expect("temporary files can be written");
    let lock = workspace.join("Cargo.lock");
    let fixture = Fixture::copy(&folder, &scratch.join("fixture"), &workspace.join("runtime"), &lock);
    // Always given, for a server that finds no library of its own makes rustup install one.
    let library = env::var_os("RUST_SRC_PATH").map_or_else(|| folder.join("library"), PathBuf::from);

    let mut wrong = Vec::new();
    if let Err(why) = ask_everything(&server, fixture, &library, &scratch, &mut wrong) {
        wrong.push(format!("{why}; see {}", scratch.join("rust-analyzer.log").display()));
    }
    assert!(wrong.is_empty(), "with {}:\n{}", server.display(), wrong.join("\n"));
}

fn ask_everything(
    server: &Path,
    fixture: Fixture,
    library: &Path,
    scratch: &Path,
    wrong: &mut Vec<String>,
) -> Result<(), String> {
    let mut session = Session::start(server, fixture, library, scratch)?;
    for (from, expected) in LEADS_TO {
        let found = session.definitions(from)?;
        compare(&session.fixture, "the definition of", from, &found, expected, wrong);
    }
    for (node, expected) in USED_BY {
        let mut found = session.references(node)?;
        // What stands in bodies is not marked, and not ours.
        found.retain(|place| session.fixture.is_marked(place));
        compare(&session.fixture, "the references of", node, &found, expected, wrong);
    }
    for (marker, expected) in SHOWS {
        let shown = session.hover(marker)?;
        if !shown.contains(expected) {
            wrong.push(format!("at `{marker}` is not shown `{expected}`, only:\n{shown}"));
        }
    }
    for (file, instead_of, typed, expected) in OFFERS {
        let offered = session.complete(file, instead_of, typed)?;
        for name in *expected {
            if !offered.iter().any(|label| label == name) {
                wrong.push(format!("after `{typed}` in {file} is not offered `{name}`, only {offered:?}"));
            }
        }
    }
    diagnostics(&mut session, wrong)
}

/// A correct crate has no errors, and a wrong one those that it has.
fn diagnostics(session: &mut Session, wrong: &mut Vec<String>) -> Result<(), String> {
    let files: Vec<String> = session.fixture.files().map(|(file, _)| file.to_owned()).collect();
    for file in &files {
        let found = session.diagnostics(file)?;
        wrong.extend(found.iter().map(|diagnostic| format!("a false diagnostic: {diagnostic}")));
    }
    for (instead_of, typed, expected) in [
        ("temp_max.len()", "temp_max", "expected usize"),
        ("temp_max: &[f64]) -> usize", "temp_mix: &[f64]) -> usize", "node `days` needs `temp_mix`"),
    ] {
        let found = session.diagnostics_with(OBSERVATIONS, instead_of, typed)?;
        if !found.iter().any(|diagnostic| diagnostic.contains(expected)) {
            wrong.push(format!("after the change to `{typed}` it is not said `{expected}`, only {found:?}"));
        }
    }
    Ok(())
}

/// Compares the places found, those asked about left out, with those expected.
fn compare(
    fixture: &Fixture,
    what: &str,
    from: &str,
    found: &[Place],
    expected: &[&str],
    wrong: &mut Vec<String>,
) {
    let describe = |place: &Place| fixture.describe(place);
    let found: BTreeSet<String> = found.iter().map(describe).filter(|place| place != from).collect();
    let expected: BTreeSet<String> = expected.iter().map(|&marker| marker.to_owned()).collect();
    if found != expected {
        wrong.push(format!("{what} `{from}` should be {expected:?}, but is {found:?}"));
    }
}

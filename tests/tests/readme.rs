//! What the README says that the compiler says is what it says.

use std::fs;
use std::path::Path;

#[test]
fn the_wrong_graph_is_answered_as_shown() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let said = fs::read_to_string(root.join("ui-tests/ui/missing/readme.stderr")).unwrap();
    for line in said.lines().map(str::trim).filter(|line| !line.starts_with("-->") && !line.is_empty()) {
        assert!(readme.contains(line), "the README does not have the line `{line}`");
    }
}

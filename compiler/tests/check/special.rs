//! Outcomes, metadata, the context.

use millstream_compiler::graph::Take;
use millstream_compiler::syntax::check::Feed;

use crate::support::{found, found_with, included, look, right, warned, wrong};

const LOAD: &str = "
    #[inputs] pub struct Inputs { pub path: String }
    #[node] pub fn rows(path: &str) -> Result<Vec<u8>, Error> {}
    #[node] pub fn summary(rows: Result<&[u8], &NodeError>, of_rows: &Metadata<rows>, run: NodeContext<'_>) -> u8 {}
";

#[test]
fn edges_and_what_is_none() {
    let found = look(LOAD, &[], |checked| {
        let names: Vec<_> = checked.nodes.iter().map(|node| node.name.text.as_str()).collect();
        assert_eq!(names, ["path", "rows", "summary"]);
        assert_eq!(checked.feeds[2], [[Feed::One(1), Feed::One(1), Feed::Constant]]);
        assert_eq!(checked.nodes[2].takes(), [[Take::Tolerated, Take::Metadata, Take::Value]]);
    });
    assert_eq!(found.errors, [""; 0]);
    assert_eq!(found.warnings, [""; 0]);
}

#[test]
fn metadata_orders_and_is_a_need() {
    let found = right(
        "#[node] pub fn note(of_rows: &Metadata<rows>) -> u8 {}
        #[node] fn rows() -> u8 {}",
    );
    assert_eq!(found.scopes, ["rows: ", "note: "]);
    assert_eq!(found.warnings, [""; 0], "`rows` is needed");
    wrong(
        "#[node] pub fn a(x: &Metadata<b>) -> u8 {} #[node] pub fn b(a: &u8) -> u8 {}",
        [
            "these nodes need each other: `a` -> `b` -> `a`; break the cycle at one of them",
            "these nodes need each other: `a` -> `b` -> `a`; break the cycle at one of them",
        ],
    );
}

#[test]
fn metadata_of_what_writes_none() {
    wrong(
        "#[inputs] pub struct Inputs { pub path: String }
        #[node] pub fn note(a: &Metadata<path>, b: &Metadata<rosw>) -> u8 {}
        #[node] pub fn rows() -> u8 {}",
        [
            "node `note` takes the metadata of `path`, which is an input and writes none; name a node, or remove the parameter",
            "node `note` needs `rosw`, which is neither a node nor an input; did you mean `rows`?",
        ],
    );
}

#[test]
fn metadata_of_a_block_is_of_the_whole() {
    let found = right(
        "#[node] pub fn urls() -> Parallelizable<u8> {}
        #[node] pub fn page(urls: &u8, run: NodeContext<'_>) -> Result<u8, Error> {}
        #[node] pub fn of_urls(note: &Metadata<urls>) -> u8 {}
        #[node] pub fn of_page(note: &Metadata<page>) -> u8 {}
        #[node] pub fn rescued(page: Result<&u8, &NodeError>) -> u8 {}",
    );
    assert_eq!(found.scopes, ["urls: ", "page: urls", "of_urls: ", "of_page: urls", "rescued: urls"]);
}

#[test]
fn an_input_may_fail_in_a_chain() {
    warned(
        "#[inputs] pub struct Inputs { pub path: String }
        #[node] pub fn rows(#[source(path)] from: Result<&str, &NodeError>) -> u8 {}",
        [],
    );
}

#[test]
fn they_come_with_an_included_dataflow() {
    let load = included("load", LOAD);
    let summary = load.nodes.iter().find(|node| node.name.text == "summary").unwrap();
    let takes: Vec<_> = summary.variants[0].iter().map(|slot| (slot.name.as_str(), slot.take)).collect();
    assert_eq!(takes, [("rows", Take::Tolerated), ("rows", Take::Metadata)]);
    let body = "#[include] use super::load; #[node] pub fn note(of: &Metadata<rows>, summary: Result<&u8, &NodeError>) -> u8 {}";
    assert_eq!(found_with(body, std::slice::from_ref(&load)).errors, [""; 0]);
    let body = "#[include] use super::load; #[node] pub fn note(of: &Metadata<path>) -> u8 {}";
    assert_eq!(
        found_with(body, &[load]).errors,
        [
            "node `note` takes the metadata of `path`, which is an input and writes none; name a node, or remove the parameter",
        ]
    );
    assert_eq!(found("").errors, [""; 0]);
}

//! Dynamic blocks.

use millstream_compiler::graph::Take;

use crate::support::{found_with, included, look, right, warned, wrong};

const CRAWL: &str = "
    #[inputs] pub struct Inputs { pub seeds: Vec<String> }
    #[node] pub fn urls(seeds: &[String]) -> Parallelizable<String> {}
    #[node] pub async fn page(urls: &str) -> Result<Page, Error> {}
    #[node] pub fn n_words(page: &Page) -> u64 {}
";

#[test]
fn nodes_of_a_block() {
    let found = right(&format!(
        "{CRAWL}
        #[node] pub fn words(n_words: Collect<'_, u64>, #[source(page)] pages: Collect<'_, Result<Page, NodeError>>) -> u64 {{}}"
    ));
    assert_eq!(found.scopes, ["seeds: ", "urls: ", "page: urls", "n_words: urls", "words: "]);
    assert_eq!(found.warnings, [""; 0]);
}

#[test]
fn what_is_taken_of_each() {
    let found = look(
        &format!(
            "{CRAWL} #[node] pub fn words(n_words: Collect<'_, u64>, seeds: &[String], #[value(2)] k: u8) -> u64 {{}}"
        ),
        &[],
        |checked| {
            let words = &checked.nodes[4];
            assert_eq!(words.takes(), [[Take::Collected, Take::Value, Take::Value]]);
            let urls = &checked.nodes[1];
            assert!(urls.expands() && !urls.is_async() && !words.expands());
            assert!(checked.nodes[2].is_async());
        },
    );
    assert_eq!(found.errors, [""; 0]);
}

#[test]
fn everything_may_be_inside() {
    let found = right(
        "#[config] pub struct Config { pub fast: bool }
        #[node] pub fn days() -> Parallelizable<Day> {}
        #[node] pub fn rows(days: &Day) -> Result<Parallelizable<Row>, Error> {}
        #[node] #[parameterize(low = { k: value(1) }, high = { k: value(2) })] pub fn scaled(rows: &Row, k: u8) -> f64 {}
        #[node] #[extract_fields(left: f64, right: f64)] pub fn pair(rows: &Row) -> Pair {}
        #[node] pub fn all_parts(#[group(left, right, low)] parts: Vec<&f64>, absent: Option<&u8>) -> f64 {}
        #[node] #[when(fast = true)] pub fn mean__fast(all_parts: Collect<'_, f64>) -> f64 {}
        #[node] #[when(fast = false)] pub fn mean__exact(all_parts: Collect<'_, f64>, high: Collect<'_, f64>) -> f64 {}
        #[node] pub fn by_day(mean: &f64, days: &Day) -> f64 {}
        #[node] pub fn chart(by_day: Collect<'_, f64>, mean: Collect<'_, f64>) -> Parallelizable<Point> {}
        #[node] pub fn point(chart: &Point) -> Point {}",
    );
    let scopes: Vec<_> =
        found.scopes.iter().filter(|scope| !scope.ends_with(": ")).map(String::as_str).collect();
    assert_eq!(
        scopes,
        [
            "rows: days",
            "low: days rows",
            "high: days rows",
            "pair: days rows",
            "left: days rows",
            "right: days rows",
            "all_parts: days rows",
            "mean: days",
            "by_day: days",
            "point: chart",
        ]
    );
}

#[test]
fn variants_that_are_different() {
    wrong(
        "#[config] pub struct Config { pub fast: bool }
        #[node] #[when(fast = true)] pub fn rows__fast() -> Parallelizable<u8> {}
        #[node] #[when(fast = false)] pub fn rows__exact() -> u8 {}",
        [
            "the variants of node `rows` are different: `rows__fast` opens a block, and `rows__exact` does not; return `Parallelizable<..>` from all of them, or from none",
        ],
    );
    // One of them is refused already.
    wrong(
        "#[config] pub struct Config { pub fast: bool }
        #[node] #[when(fast = true)] pub fn rows__fast() -> Parallelizable<u8> {}
        #[node] #[when(fast = false)] pub fn rows__exact() -> Option<Parallelizable<u8>> {}
        #[node] pub fn all(rows: Collect<'_, u8>) -> u8 {}",
        [
            "`Parallelizable<..>` inside of another type opens no block; return `Parallelizable<T>` or `Result<Parallelizable<T>, E>`",
        ],
    );
}

#[test]
fn a_mistake_has_no_followers() {
    wrong(
        "#[node] pub fn rows() -> Option<Parallelizable<u8>> {}
        #[node] pub fn twice(rows: &u8) -> u8 {}
        #[node] pub fn all(rows: Collect<'_, u8>, twice: Collect<'_, u8>) -> u8 {}",
        [
            "`Parallelizable<..>` inside of another type opens no block; return `Parallelizable<T>` or `Result<Parallelizable<T>, E>`",
        ],
    );
    // The parameter that would bring it into the block is not understood.
    wrong(
        "#[node] pub fn rows() -> Parallelizable<u8> {}
        #[node] pub fn twice(rows: &mut u8) -> u8 {}
        #[node] pub fn all(twice: Collect<'_, u8>) -> u8 {}",
        ["a node cannot change what it takes; take it by value: `mut x: T` instead of `x: &mut T`"],
    );
}

#[test]
fn a_block_that_nobody_can_see() {
    let unseen = "nothing collects the items of `rows`, and no node of its block is `pub`; collect them with a `Collect<'_, T>`, or make a node `pub` so that it can be asked for";
    warned("#[node] fn rows() -> Parallelizable<u8> {} #[node] fn twice(rows: &u8) -> u8 {}", [unseen]);
    warned("#[node] fn rows() -> Parallelizable<u8> {}", [unseen]);
    // Asked for, it is the list of its values.
    warned("#[node] pub fn rows() -> Parallelizable<u8> {}", []);
    warned("#[node] fn rows() -> Parallelizable<u8> {} #[node] pub fn twice(rows: &u8) -> u8 {}", []);
    warned(
        "#[node] fn rows() -> Parallelizable<u8> {} #[node] pub fn all(rows: Collect<'_, u8>) -> u8 {}",
        [],
    );
    warned("#[node] fn _rows() -> Parallelizable<u8> {}", []);
    // Of an inner one, and not of the outer.
    warned(
        "#[node] pub fn days() -> Parallelizable<u8> {} #[node] fn rows(days: &u8) -> Parallelizable<u8> {}",
        [unseen],
    );
    // Of the others as ever.
    warned(
        "#[node] pub fn rows() -> Parallelizable<u8> {} #[node] fn twice(rows: &u8) -> u8 {}",
        ["nothing needs the private node `twice`; make it `pub` so that it can be asked for, or remove it"],
    );
}

#[test]
fn blocks_of_included_dataflows() {
    let crawl = included("crawl", CRAWL);
    let node = |name: &str| crawl.nodes.iter().find(|node| node.name.text == name).unwrap().clone();
    assert!(node("urls").expands && !node("urls").is_async);
    assert!(node("page").is_async && !node("page").expands);
    let body = "#[include] use super::crawl;
        #[inputs] pub struct Inputs { pub seeds: Vec<String> }
        #[node] pub fn length(page: &Page) -> u64 {}
        #[node] pub fn lengths(length: Collect<'_, u64>) -> u64 {}";
    let found = found_with(body, std::slice::from_ref(&crawl));
    assert_eq!(found.errors, [""; 0]);
    assert_eq!(
        found.scopes,
        ["seeds: ", "urls: ", "page: urls", "n_words: urls", "length: urls", "lengths: "]
    );
}

#[test]
fn an_included_dataflow_in_a_block() {
    let scaled = included(
        "scaled",
        "#[inputs] pub struct Inputs { pub row: f64, pub factor: f64 }
        #[node] fn twice(row: f64) -> f64 {}
        #[node] pub fn product(twice: f64, factor: f64) -> f64 {}",
    );
    let body = "#[include] use super::scaled;
        #[node] pub fn rows() -> Parallelizable<f64> {}
        #[node] pub fn row(rows: f64) -> f64 {}
        #[node] pub fn all(product: Collect<'_, f64>) -> f64 {}";
    let found = found_with(body, std::slice::from_ref(&scaled));
    assert_eq!(found.errors, [""; 0]);
    let mut inside: Vec<_> = found.scopes.iter().filter(|scope| scope.ends_with(": rows")).collect();
    inside.sort();
    assert_eq!(inside, ["product: rows", "row: rows", "twice: rows"]);
    // Both of its inputs from blocks of their own.
    let body = format!(
        "{body} #[node] pub fn factor_of() -> Parallelizable<f64> {{}} #[node] pub fn factor(factor_of: f64) -> f64 {{}}"
    );
    assert_eq!(
        found_with(&body, &[scaled]).errors,
        [
            "node `product` takes `twice` of one item of `rows` and `factor` of one item of `factor_of`, and neither block is inside of the other; collect one of them first, with `Collect<'_, T>`",
        ]
    );
}

#[test]
fn collectors_of_included_dataflows() {
    let total = included(
        "total",
        "#[node] fn rows() -> Parallelizable<f64> {} #[node] pub fn sum(rows: Collect<'_, f64>) -> f64 {}",
    );
    let sum = total.nodes.iter().find(|node| node.name.text == "sum").unwrap();
    assert_eq!(sum.variants[0][0].take, Take::Collected);
    let body = "#[include] use super::total; #[node] pub fn mean(sum: f64) -> f64 {}";
    let found = found_with(body, std::slice::from_ref(&total));
    assert_eq!(found.errors, [""; 0]);
    assert_eq!(found.scopes, ["rows: ", "sum: ", "mean: "]);
    // What stands in its place need not open a block; then nothing is collected.
    let body = "#[include] use super::total; #[node(overrides)] pub fn sum() -> f64 {}";
    assert_eq!(found_with(body, &[total]).errors, [""; 0]);
}

#[test]
fn nothing_is_said_about_blocks_of_a_broken_dataflow() {
    let broken = included(
        "broken",
        "#[node] pub fn rows(no_such: f64) -> Parallelizable<f64> {} #[node] pub fn row(rows: f64) -> f64 {}",
    );
    assert!(broken.broken);
    let body = "#[include] use super::broken; #[node] pub fn all(row: Collect<'_, f64>) -> f64 {}";
    assert_eq!(found_with(body, &[broken]).errors, [""; 0]);
}

#[test]
fn metadata_of_items_stays_in_their_block() {
    wrong(
        "#[node] pub fn urls() -> Parallelizable<u8> {}
        #[node] pub fn page(urls: &u8) -> u8 {}
        #[node] pub fn pages(page: Collect<'_, u8>) -> u8 {}
        #[node] pub fn lineage(pages: &u8, of: &Metadata<page>) -> u8 {}
        #[node] pub fn names() -> Parallelizable<u8> {}
        #[node] pub fn both(names: &u8, of: &Metadata<page>) -> u8 {}",
        [
            "node `lineage` takes the metadata of `page` of one item of `urls` and needs `pages`, for which all of them are collected; metadata of a node in a block is there inside of that block only: take it there, or after the run, by `Run::metadata_of_items`",
            "node `both` takes one item of `names` and the metadata of `page` of one item of `urls`, and neither block is inside of the other; metadata of a node in a block is there inside of that block only: take it there, or after the run, by `Run::metadata_of_items`",
        ],
    );
}

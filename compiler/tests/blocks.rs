//! The rules about dynamic blocks: which node is in which, and what is wrong.

#![allow(clippy::panic, reason = "helpers of tests")]

use millstream_compiler::graph::{NodeSpec, check};

fn node(name: &str) -> NodeSpec {
    NodeSpec::node(name)
}

/// The blocks of each node, by names: `item: urls` and so on.
#[track_caller]
fn scopes(specs: &[NodeSpec]) -> Vec<String> {
    let resolved = match check(specs) {
        Ok(resolved) => resolved,
        Err(problems) => panic!("{problems:?}"),
    };
    let blocks =
        |scope: &[usize]| scope.iter().map(|block| specs[*block].name.as_str()).collect::<Vec<_>>().join(" ");
    specs
        .iter()
        .zip(&resolved.scopes)
        .map(|(spec, scope)| format!("{}: {}", spec.name, blocks(scope)))
        .collect()
}

#[track_caller]
fn wrong<const N: usize>(specs: &[NodeSpec], expected: [&str; N]) {
    let problems = check(specs).map_or_else(|problems| problems, |_| Vec::new());
    let messages: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(messages, expected);
}

#[test]
fn a_user_of_an_item_is_in_the_block_until_somebody_collects() {
    let specs = [
        NodeSpec::input("seeds"),
        node("urls").needs("seeds").expanding(),
        node("page").needs("urls").needs("seeds"),
        node("links").needs("page"),
        node("n_links").collects("links"),
        node("report").needs("n_links").collects("urls").collects("page"),
    ];
    assert_eq!(scopes(&specs), ["seeds: ", "urls: ", "page: urls", "links: urls", "n_links: ", "report: "]);
}

#[test]
fn blocks_nest() {
    let specs = [
        node("days").expanding(),
        node("stations").needs("days").expanding(),
        node("reading").needs("stations").needs("days"),
        node("daily").collects("reading").needs("days"),
        node("of_days").collects("stations"),
        node("all").collects("daily").collects("of_days"),
    ];
    assert_eq!(
        scopes(&specs),
        ["days: ", "stations: days", "reading: days stations", "daily: days", "of_days: days", "all: "]
    );
}

#[test]
fn a_node_may_collect_one_block_and_open_the_next() {
    let specs = [
        node("urls").expanding(),
        node("page").needs("urls"),
        node("ranked").collects("page").expanding(),
        node("summary").needs("ranked"),
        node("digest").collects("summary"),
    ];
    assert_eq!(scopes(&specs), ["urls: ", "page: urls", "ranked: ", "summary: ranked", "digest: "]);
}

#[test]
fn two_blocks_that_are_collected_meet() {
    let specs =
        [node("a").expanding(), node("b").expanding(), node("both").collects("a").collects("b").expanding()];
    assert_eq!(scopes(&specs), ["a: ", "b: ", "both: "]);
}

#[test]
fn collecting_what_is_in_no_block() {
    wrong(
        &[
            NodeSpec::input("prices"),
            node("price").needs("prices"),
            node("total").collects("price"),
            node("sum").collects("prices"),
        ],
        [
            "node `total` collects `price`, which is in no block; take it as `&T`, or let a node that it needs return `Parallelizable<..>`",
            "node `sum` collects `prices`, which is an input and in no block; take it as `&T`, or collect a node that needs a `Parallelizable<..>` of it",
        ],
    );
    // Collected once, it is in no block any more.
    wrong(
        &[node("urls").expanding(), node("list").collects("urls"), node("again").collects("list")],
        [
            "node `again` collects `list`, which is in no block; take it as `&T`, or let a node that it needs return `Parallelizable<..>`",
        ],
    );
}

#[test]
fn items_of_two_blocks() {
    wrong(
        &[
            node("orders").expanding(),
            node("days").expanding(),
            node("price").needs("orders"),
            node("revenue").needs("price").needs("days"),
        ],
        [
            "node `revenue` takes `price` of one item of `orders` and one item of `days`, and neither block is inside of the other; collect one of them first, with `Collect<'_, T>`",
        ],
    );
    // Two blocks in one.
    wrong(
        &[
            node("days").expanding(),
            node("rows").needs("days").expanding(),
            node("columns").needs("days").expanding(),
            node("cell").needs("days").needs("rows").needs("columns"),
        ],
        [
            "node `cell` takes one item of `rows` and one item of `columns`, and neither block is inside of the other; collect one of them first, with `Collect<'_, T>`",
        ],
    );
    // One of them collected is enough.
    assert_eq!(
        scopes(&[
            node("orders").expanding(),
            node("days").expanding(),
            node("revenue").needs("orders").collects("days"),
        ])[2],
        "revenue: orders"
    );
}

#[test]
fn one_item_and_all_items() {
    let block = [node("orders").expanding(), node("price").needs("orders"), node("mean").collects("price")];
    let with = |more: &[NodeSpec]| [&block, more].concat();
    wrong(
        &with(&[node("deviation").needs("price").needs("mean")]),
        [
            "node `deviation` takes `price` of one item of `orders` and needs `mean`, for which all of them are collected; collect `price` as well, in a node that returns `Parallelizable<..>` again",
        ],
    );
    // Through others, and only once: what needs the wrong node is not wrong itself.
    wrong(
        &with(&[
            node("twice").needs("mean"),
            node("deviation").needs("twice").needs("orders"),
            node("worst").collects("deviation"),
            node("other").needs("deviation").needs("worst"),
        ]),
        [
            "node `deviation` takes one item of `orders` and needs `twice`, for which all of them are collected; collect `orders` as well, in a node that returns `Parallelizable<..>` again",
        ],
    );
    wrong(
        &with(&[node("share").needs("price").collects("orders")]),
        [
            "node `share` takes `price` of one item of `orders` and collects `orders` of all of them; collect `price` as well, in a node that returns `Parallelizable<..>` again",
        ],
    );
    // What the message says to do.
    assert_eq!(
        scopes(&with(&[
            node("again").collects("price").needs("mean").expanding(),
            node("deviation").needs("again").needs("mean"),
        ]))[4],
        "deviation: again"
    );
}

#[test]
fn one_item_of_an_inner_block_and_all_of_an_outer_one() {
    wrong(
        &[
            node("days").expanding(),
            node("rows").needs("days").expanding(),
            node("of_day").collects("rows"),
            node("of_all").collects("of_day"),
            node("share").needs("rows").needs("of_all"),
            node("of_its_day").needs("rows").needs("of_day"),
        ],
        [
            "node `share` takes `rows` of one item of `days` and needs `of_all`, for which all of them are collected; collect `rows` as well, in a node that returns `Parallelizable<..>` again",
            "node `of_its_day` takes one item of `rows` and needs `of_day`, for which all of them are collected; collect `rows` as well, in a node that returns `Parallelizable<..>` again",
        ],
    );
}

#[test]
fn nothing_follows_from_another_mistake() {
    // `page` may get into the block by the name that is not known, and so may `text`.
    wrong(
        &[
            node("urls").expanding(),
            node("page").needs("ulrs"),
            node("text").needs("page"),
            node("all").collects("text"),
            node("direct").collects("page"),
        ],
        ["node `page` needs `ulrs`, which is neither a node nor an input; did you mean `urls`?"],
    );
    // A cycle, and what needs it.
    wrong(
        &[node("a").needs("b"), node("b").needs("a"), node("all").collects("a")],
        ["these nodes need each other: `a` -> `b` -> `a`; break the cycle at one of them"],
    );
    // Somebody else knows that it is wrong.
    let unclear = NodeSpec { unclear: true, ..node("urls") };
    assert!(check(&[unclear, node("all").collects("urls"), node("more").collects("all")]).is_ok());
    // Two of one name: nobody knows which is meant.
    wrong(
        &[node("urls").expanding(), node("urls"), node("all").collects("urls")],
        ["two nodes are named `urls`; rename one"],
    );
}

#[test]
fn all_is_said_at_once_in_the_order_of_declaration() {
    wrong(
        &[
            node("all").collects("late"),
            node("late"),
            node("a").expanding(),
            node("b").expanding(),
            node("both").needs("a").needs("b"),
            node("no").needs("such"),
        ],
        [
            "node `no` needs `such`, which is neither a node nor an input; write a node of that name, or add it to the inputs",
            "node `all` collects `late`, which is in no block; take it as `&T`, or let a node that it needs return `Parallelizable<..>`",
            "node `both` takes one item of `a` and one item of `b`, and neither block is inside of the other; collect one of them first, with `Collect<'_, T>`",
        ],
    );
}

#[test]
fn many_blocks_are_checked_in_time() {
    // One after another: more than fit into one word of a set.
    let mut specs = vec![node("n0").expanding()];
    for number in 1..2_000 {
        specs.push(node(&format!("n{number}")).collects(format!("n{}", number - 1)).expanding());
    }
    let resolved = check(&specs).map_err(|problems| problems.len());
    assert!(resolved.is_ok_and(|resolved| resolved.scopes.iter().all(Vec::is_empty)));
    specs.push(node("wrong").needs("n3").needs("n1999"));
    assert_eq!(check(&specs).map_err(|problems| problems.len()).map(|_| ()), Err(1));
}

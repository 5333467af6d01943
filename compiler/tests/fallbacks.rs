//! The rules about fallbacks.

use millstream_compiler::graph::{NodeSpec, check};

fn node(name: &str) -> NodeSpec {
    NodeSpec::node(name)
}

#[track_caller]
fn wrong<const N: usize>(specs: &[NodeSpec], expected: [&str; N]) {
    let problems = check(specs).map_or_else(|problems| problems, |_| Vec::new());
    let messages: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(messages, expected);
}

#[test]
fn a_fallback_comes_first_and_is_no_need() {
    let specs = [
        NodeSpec::input("usual"),
        node("live").falls_back_on("stored"),
        node("report").needs("live"),
        node("stored").falls_back_on("usual"),
    ];
    let resolved = check(&specs).map_err(|problems| problems.len());
    let Ok(resolved) = resolved else { unreachable!("{resolved:?}") };
    assert_eq!(resolved.fallbacks, [None, Some(3), None, Some(0)]);
    assert_eq!(resolved.order, [0, 3, 1, 2]);
    assert!(resolved.needs[1].is_empty());
}

#[test]
fn a_fallback_must_exist() {
    wrong(
        &[node("live").falls_back_on("stred"), node("stored"), node("x").falls_back_on("abcdef")],
        [
            "node `live` falls back on `stred`, which is neither a node nor an input; did you mean `stored`?",
            "node `x` falls back on `abcdef`, which is neither a node nor an input; name a node or an input, or write `value(..)` for a constant",
        ],
    );
}

#[test]
fn a_fallback_does_not_need_what_it_stands_in_for() {
    wrong(&[node("a").falls_back_on("a")], ["node `a` falls back on itself; name another node"]);
    wrong(
        &[
            node("a").falls_back_on("b"),
            node("b").needs("c"),
            node("c").needs("d").needs("a"),
            node("d").needs("a"),
        ],
        ["node `a` falls back on `b`, which needs `a` itself: `b` -> `c` -> `a`; name a node that does not"],
    );
    wrong(
        &[node("a").falls_back_on("b"), node("b").falls_back_on("a")],
        ["node `a` falls back on `b`, which needs `a` itself: `b` -> `a`; name a node that does not"],
    );
    // A cycle of needs is a mistake of its own, and what follows from it is not said.
    wrong(
        &[node("a").needs("b").falls_back_on("b"), node("b").needs("a"), node("c").falls_back_on("c")],
        [
            "these nodes need each other: `a` -> `b` -> `a`; break the cycle at one of them",
            "node `c` falls back on itself; name another node",
        ],
    );
}

#[test]
fn a_fallback_is_there_where_it_is_needed() {
    let block = [
        node("urls").expanding(),
        node("page").needs("urls"),
        node("stored").needs("urls"),
        node("all").collects("page"),
        node("usual"),
    ];
    let with = |more: &[NodeSpec]| [&block, more].concat();
    // In the same block, in an outer one, or the item itself.
    for fallback in ["stored", "usual", "urls"] {
        let specs = with(&[node("text").needs("page").falls_back_on(fallback)]);
        assert!(check(&specs).is_ok(), "{fallback}");
    }
    wrong(
        &with(&[node("first").falls_back_on("page"), node("second").falls_back_on("urls")]),
        [
            "node `first` falls back on `page`, which is there for each item of `urls`, and `first` is not in that block; name a node outside of it",
            "node `second` falls back on `urls`, which is there for each item of `urls`, and `second` is not in that block; name a node outside of it",
        ],
    );
    wrong(
        &with(&[node("text").needs("page").falls_back_on("all")]),
        [
            "node `text` runs for one item of `urls`, but falls back on `all`, for which all of them are collected; name a node that does not need all",
        ],
    );
    // What falls back on what all are collected for comes after them.
    wrong(
        &with(&[node("mean").falls_back_on("all"), node("deviation").needs("page").needs("mean")]),
        [
            "node `deviation` takes `page` of one item of `urls` and needs `mean`, for which all of them are collected; collect `page` as well, in a node that returns `Parallelizable<..>` again",
        ],
    );
}

#[test]
fn what_stands_in_anothers_place_has_its_own_fallback() {
    let theirs = node("live").falls_back_on("stored");
    let ours = NodeSpec { overrides: true, ..node("live") };
    let resolved = check(&[theirs, node("stored").needs("live"), ours]);
    assert!(resolved.is_ok_and(|resolved| resolved.fallbacks == [None, None, None]));
}

//! Parameters that take no value: outcomes, metadata, the run's context.

use crate::support::{first_error, left_to_rustc, right, wrong};

#[test]
fn outcomes_are_borrowed() {
    let message = |name: &str, ty: &str| {
        format!(
            "a parameter only borrows what came of a node, value or error; write `{name}: Result<&{ty}, &NodeError>`"
        )
    };
    wrong(
        "#[node] fn f(
            a: Result<f64, NodeError>, b: Result<f64, &NodeError>, c: Result<&[f64], NodeError>, d: Result<&mut u8, &NodeError>,
        ) {}",
        [
            ("Result<f64, NodeError>", &*message("a", "f64")),
            ("Result<f64, &NodeError>", &*message("b", "f64")),
            ("Result<&[f64], NodeError>", &*message("c", "[f64]")),
            (
                "mut",
                "a node cannot change what it takes; take it by value: `mut x: T` instead of `x: &mut T`",
            ),
        ],
    );
}

#[test]
fn none_of_them_is_borrowed_or_optional() {
    wrong(
        "#[node] fn f(
            a: &NodeContext<'_>, b: Option<NodeContext<'_>>, c: &mut NodeContext,
            d: &Result<&u8, &NodeError>, e: Option<Result<&u8, &NodeError>>, f: Vec<Result<&u8, &NodeError>>,
            g: Option<&Metadata<x>>, h: Metadata<x>, i: &mut Metadata<x>, j: &Metadata<Vec<u8>>, k: &Metadata<&x>,
        ) {}",
        [
            (
                "&NodeContext<'_>",
                "the context is taken by value; drop the `&`: `a: NodeContext<'_>`",
            ),
            ("Option<NodeContext<'_>>", "the context is always there; write `b: NodeContext<'_>`"),
            ("&mut NodeContext", "the context is taken by value; drop the `&`: `c: NodeContext<'_>`"),
            (
                "&Result<&u8, &NodeError>",
                "what came of a node is taken by value; drop the `&`: `d: Result<&T, &NodeError>`",
            ),
            (
                "Option<Result<&u8, &NodeError>>",
                "what came of a node is always there; write `e: Result<&T, &NodeError>`",
            ),
            (
                "Vec<Result<&u8, &NodeError>>",
                "what came of a node is no member of a group; take each by itself: `f: Result<&T, &NodeError>`",
            ),
            (
                "Option<&Metadata<x>>",
                "the metadata of a node is always there; write `g: &Metadata<x>`",
            ),
            ("Metadata<x>", "metadata belongs to the run, and is borrowed; write `h: &Metadata<x>`"),
            (
                "mut",
                "a node cannot change what it takes; take it by value: `mut x: T` instead of `x: &mut T`",
            ),
            ("Vec<u8>", "`Vec<u8>` is no name of a node; write `j: &Metadata<node>`"),
            ("&x", "`&x` is no name of a node; write `k: &Metadata<node>`"),
        ],
    );
}

#[test]
fn nothing_else_feeds_them() {
    wrong(
        "#[node] fn f(
            #[source(x)] a: NodeContext<'_>, #[value(1)] b: &Metadata<x>, #[default(1)] c: NodeContext<'_>,
            #[default(1)] d: Result<&u8, &NodeError>, #[group(x)] e: Result<&u8, &NodeError>, #[value(1)] f: Result<&u8, &NodeError>,
        ) {}
        #[node] #[inject(a = source(x))] fn g(a: &Metadata<y>) {}
        #[node] #[parameterize(i = { a: source(x) })] fn h(a: NodeContext<'_>) {}
        #[node] #[parameterize_values(a, k = 1)] fn j(a: NodeContext<'_>) {}",
        [
            ("#[source(x)]", "parameter `a` is the run's context, which nothing feeds; remove this"),
            (
                "#[value(1)]",
                "parameter `b` takes the metadata of `x`, as its type says; name another node there: `&Metadata<node>`",
            ),
            ("#[default(1)]", "parameter `c` is the run's context, which nothing feeds; remove this"),
            (
                "#[default(1)]",
                "parameter `d` is there in any case, as a value or an error; remove `#[default]`, and say in the body what stands for an error",
            ),
            (
                "[group(x)]",
                "parameter `e` tolerates a failure of one node; take each node with a `Result<&T, &NodeError>` of its own",
            ),
            (
                "1",
                "parameter `f` tolerates a failure of a node, and a constant never fails; name a node, or take the constant as it is: `f: T`",
            ),
            (
                "a",
                "parameter `a` takes the metadata of `y`, as its type says; name another node there: `&Metadata<node>`",
            ),
            ("a", "parameter `a` is the run's context, which nothing feeds; remove this"),
            ("a", "parameter `a` is the run's context, which nothing feeds; remove this"),
        ],
    );
}

#[test]
fn they_stay_as_they_are_in_instances() {
    let module = right(
        "/// {log} of {rows}.
        #[node] #[parameterize(a = { rows: source(x) })] fn f(rows: &u8, log: NodeContext<'_>, of: &Metadata<y>) {}",
    );
    let instances = module.functions[0].parameterized.as_deref().unwrap_or_default();
    assert_eq!(instances[0].doc, "log of x.");
}

#[test]
fn metadata_without_one_argument_is_left_to_rustc() {
    assert!(left_to_rustc("#[node] fn f(a: &Metadata<>) {}").0);
    assert!(left_to_rustc("#[node] fn f(a: &Metadata<x, y>) {}").0);
    right("#[node] fn f(a: &Metadata) {}");
    first_error("#[node] fn f(a: &Metadata<[u8]>) {}", "`[u8]` is no name of a node");
}

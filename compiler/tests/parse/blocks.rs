//! Dynamic blocks: what opens one, and what collects.

use millstream_compiler::syntax::model::{Fails, Output};
use millstream_compiler::syntax::text::text;

use crate::support::{free, function, left_to_rustc, right, wrong};

fn output(signature: &str) -> Output {
    function(&format!("#[node] {signature} {{}}")).output
}

#[test]
fn what_opens_a_block() {
    for (signature, item) in [
        ("fn f() -> Parallelizable<u8>", "u8"),
        ("fn f() -> millstream::Parallelizable<Vec<u8>>", "Vec<u8>"),
        ("async fn f() -> Parallelizable<(A, B)>", "(A, B)"),
        ("fn f() -> Parallelizable<Result<u8, E>>", "Result<u8, E>"),
    ] {
        let output = output(signature);
        assert!(output.expands, "`{signature}`");
        assert!(matches!(output.fails, Fails::Never), "`{signature}`");
        assert_eq!(output.value.as_ref().map(text).as_deref(), Some(item), "`{signature}`");
    }
    let fails = output("async fn f() -> Result<Parallelizable<u8>, E>");
    assert!(fails.expands && matches!(fails.fails, Fails::With(_)));
    assert_eq!(fails.value.as_ref().map(text).as_deref(), Some("u8"));
    assert_eq!(text(&fails.ty), "Result<Parallelizable<u8>, E>");
    let somehow = output("fn f() -> io::Result<Parallelizable<u8>>");
    assert!(somehow.expands && matches!(somehow.fails, Fails::Somehow));
    for plain in ["fn f() -> Vec<u8>", "fn f() -> Parallelizable", "fn f() -> Result<u8, E>"] {
        assert!(!output(plain).expands, "`{plain}`");
    }
}

#[test]
fn async_nodes() {
    let module =
        right("#[node] async fn a() {} #[node] pub async fn b(a: ()) -> u8 { a.await } #[node] fn c() {}");
    let is_async: Vec<_> = module.functions.iter().map(|function| function.is_async).collect();
    assert_eq!(is_async, [true, true, false]);
    let (function, item, errors) = free("", "pub async fn a(x: &u8) -> u8 { *x }");
    assert_eq!((function.map(|function| function.is_async), errors.len()), (Some(true), 0));
    assert!(item.contains("async fn a"));
}

#[test]
fn a_free_node_may_open_a_block_and_collect() {
    let (function, _, errors) = free("", "fn f(a: Collect<'_, u8>) -> Parallelizable<u8> {}");
    assert_eq!(errors, [""; 0]);
    assert!(function.is_some_and(|function| function.output.expands));
}

#[test]
fn what_opens_no_block() {
    let inside = "`Parallelizable<..>` inside of another type opens no block; return `Parallelizable<T>` or `Result<Parallelizable<T>, E>`";
    let module = wrong(
        "#[node] fn a() -> Option<Parallelizable<u8>> {}
        #[node] fn b() -> Vec<Parallelizable::<u8>> {}
        #[node] fn c() -> Result<(u8, Parallelizable<u8>), E> {}
        #[node] fn d() -> Parallelizable<Parallelizable<u8>> {}
        #[node] fn e() -> Parallelizable<&u8> {}
        #[node(fallible)] fn f() -> Parallelizable<u8> {}",
        [
            ("Parallelizable", inside),
            ("Parallelizable", inside),
            ("Parallelizable", inside),
            (
                "Parallelizable",
                "`Parallelizable<..>` inside of another type opens no block; yield items, and let a node that takes one return `Parallelizable<T>` again",
            ),
            ("&", "node `e` returns a reference, which nothing keeps alive; return owned values"),
            (
                "Parallelizable<u8>",
                "node `f` is `fallible`, but returns `Parallelizable<u8>`, which is no result; remove `fallible`, or return a result",
            ),
        ],
    );
    assert!(module.functions.iter().all(|function| function.unclear));
}

#[test]
fn an_input_is_one_value() {
    wrong(
        "#[inputs] struct Inputs { a: Vec<u8>, b: Parallelizable<u8>, c: Option<millstream::Parallelizable<u8>> }",
        [
            (
                "Parallelizable",
                "input `b` is one value, which the caller supplies; make it a `Vec<T>`, and return `Parallelizable<T>` of it from a node",
            ),
            (
                "Parallelizable",
                "input `c` is one value, which the caller supplies; make it a `Vec<T>`, and return `Parallelizable<T>` of it from a node",
            ),
        ],
    );
}

#[test]
fn a_block_is_not_taken_apart() {
    let module = wrong(
        "#[node] #[extract_fields(x, y)] fn f() -> Parallelizable<Point> {}
        #[node] #[unpack_fields(a, b)] fn g() -> Result<Parallelizable<(u8, u8)>, E> {}",
        [
            (
                "#[extract_fields(x, y)]",
                "`#[extract_fields]` takes one value apart, and node `f` returns a block of items; take each apart in a node that takes `f`",
            ),
            (
                "#[unpack_fields(a, b)]",
                "`#[unpack_fields]` takes one value apart, and node `g` returns a block of items; take each apart in a node that takes `g`",
            ),
        ],
    );
    let parts = module.functions.iter().filter_map(|function| function.extract.as_ref());
    assert_eq!(parts.map(|extract| extract.parts.len()).sum::<usize>(), 4, "others may need them");
}

#[test]
fn types_that_collect_nothing() {
    wrong(
        "#[node] fn f(
            a: &Collect<'_, u8>, b: Option<Collect<'_, u8>>, c: Vec<Collect<u8>>, d: Collect<'_, Collect<'_, u8>>,
            e: Collect<'_, &u8>, f: Collect<'_, Result<&u8, &NodeError>>, g: Collect<'_, Result<u8, &NodeError>>,
            h: Collect<'_, Result<&u8, NodeError>>, i: Parallelizable<u8>, j: &[Parallelizable<u8>],
        ) {}",
        [
            ("Collect", "`Collect<..>` is taken by value, for it only borrows; write `a: Collect<'_, T>`"),
            ("Collect", "`Collect<..>` inside of another type collects nothing; write `b: Collect<'_, T>`"),
            ("Collect", "`Collect<..>` inside of another type collects nothing; write `c: Collect<'_, T>`"),
            (
                "Collect",
                "what a node collects is one value an item, and not collected itself; write `d: Collect<'_, T>`",
            ),
            ("&u8", "`Collect<..>` borrows what it collects by itself; write `e: Collect<'_, u8>`"),
            (
                "Result<&u8, &NodeError>",
                "`Collect<..>` borrows what it collects by itself; write `f: Collect<'_, Result<u8, NodeError>>`",
            ),
            (
                "Result<u8, &NodeError>",
                "`Collect<..>` borrows what it collects by itself; write `g: Collect<'_, Result<u8, NodeError>>`",
            ),
            (
                "Result<&u8, NodeError>",
                "`Collect<..>` borrows what it collects by itself; write `h: Collect<'_, Result<u8, NodeError>>`",
            ),
            (
                "Parallelizable",
                "a parameter takes one item of a block, or collects all; write `i: &T` for one, `i: Collect<'_, T>` for all",
            ),
            (
                "Parallelizable",
                "a parameter takes one item of a block, or collects all; write `j: &T` for one, `j: Collect<'_, T>` for all",
            ),
        ],
    );
}

#[test]
fn what_feeds_no_collector() {
    wrong(
        "#[node] fn f(
            #[group(x, y)] a: Collect<'_, u8>, #[value(vec![1])] b: Collect<'_, u8>, #[default(1)] c: Collect<'_, u8>,
        ) {}
        #[node] #[parameterize(h = { a: value(1) }, i = { a: group(tag(x)) }, j = { a: source(x) })]
        fn g(a: Collect<'_, u8>) {}",
        [
            (
                "#[default(1)]",
                "parameter `c` collects a block, which is empty where there are no items; remove `#[default]`",
            ),
            (
                "[group(x, y)]",
                "parameter `a` collects all values of one node; take each node with a `Collect<'_, T>` of its own",
            ),
            (
                "vec![1]",
                "parameter `b` collects all values of a node, and a constant is in no block; name a node, or take the constant as it is: `b: T`",
            ),
            (
                "1",
                "parameter `a` collects all values of a node, and a constant is in no block; name a node, or take the constant as it is: `a: T`",
            ),
            (
                "group",
                "parameter `a` collects all values of one node; take each node with a `Collect<'_, T>` of its own",
            ),
        ],
    );
}

#[test]
fn types_without_an_argument_are_left_to_rustc() {
    for source in [
        "#[node] fn f() -> Parallelizable<> {}",
        "#[node] fn f() -> Parallelizable<A, B> {}",
        "#[node] fn f(a: Collect<'_>) {}",
        "#[node] fn f(a: Collect<A, B>) {}",
    ] {
        let (wrong, module) = left_to_rustc(source);
        assert!(wrong, "`{source}`");
        assert!(module.functions.iter().all(|function| function.unclear), "`{source}`");
    }
}

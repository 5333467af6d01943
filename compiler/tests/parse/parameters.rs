//! How parameters take their values.

use millstream_compiler::syntax::model::{Bind, Mode, Param};
use millstream_compiler::syntax::text::text;

use crate::support::{function, wrong};

fn params(source: &str) -> Vec<Param> {
    function(&format!("#[node] fn f({source}) {{}}")).params
}

fn mode(param: &Param) -> String {
    match &param.mode {
        Mode::Borrow(ty) => format!("borrow {}", text(ty)),
        Mode::Own(ty) => format!("own {}", text(ty)),
        Mode::OptionBorrow(ty) => format!("option borrow {}", text(ty)),
        Mode::OptionOwn(ty) => format!("option own {}", text(ty)),
        Mode::GroupList(ty) => format!("list {}", text(ty)),
        Mode::GroupMap(ty) => format!("map {}", text(ty)),
        Mode::Collect { element, tolerant } => {
            format!("collect {}{}", text(element), if *tolerant { ", tolerant" } else { "" })
        }
        Mode::Tolerant(ty) => format!("tolerant {}", text(ty)),
        Mode::Metadata => "metadata".to_owned(),
        Mode::Context => "context".to_owned(),
    }
}

#[test]
fn the_type_says_how_a_value_is_taken() {
    for (source, expected) in [
        ("a: &f64", "borrow f64"),
        ("a: &'_ [f64]", "borrow [f64]"),
        ("a: &'a str", "borrow str"),
        ("a: &'static str", "own &'static str"),
        ("a: &dyn Fn(&str) -> u8", "borrow dyn Fn(&str) -> u8"),
        ("mut a: Vec<f64>", "own Vec<f64>"),
        ("a: HashMap<String, Vec<(u8, u8)>>", "own HashMap<String, Vec<(u8, u8)>>"),
        ("a: Option<&f64>", "option borrow f64"),
        ("a: std::option::Option<&'_ [f64]>", "option borrow [f64]"),
        ("a: Option<Vec<f64>>", "option own Vec<f64>"),
        ("#[group(b, c)] a: Vec<&f64>", "list &f64"),
        ("#[group(b, c)] a: std::vec::Vec<&[f64]>", "list &[f64]"),
        ("#[group(b, c)] a: BTreeMap<&str, &f64>", "map &f64"),
        ("a: <A as B<C, D>>::E", "own <A as B<C, D>>::E"),
        ("a: fn(u8) -> u8", "own fn(u8) -> u8"),
        ("a: A<B>::C<D>", "own A<B>::C<D>"),
        ("a: &std::fs::Metadata", "borrow std::fs::Metadata"),
        ("a: Collect<'_, f64>", "collect f64"),
        ("a: millstream::Collect<Vec<f64>>", "collect Vec<f64>"),
        ("#[source(b)] a: Collect<'_, &'static str>", "collect &'static str"),
        ("a: Collect<'_, Result<f64, NodeError>>", "collect f64, tolerant"),
        ("a: Collect<'_, Result<f64, io::Error>>", "collect Result<f64, io::Error>"),
        ("a: Collect", "own Collect"),
        ("a: Result<&f64, &NodeError>", "tolerant f64"),
        ("#[source(b)] a: std::result::Result<&'_ [f64], &'_ millstream::NodeError>", "tolerant [f64]"),
        ("a: Result<&f64, io::Error>", "own Result<&f64, io::Error>"),
        ("a: &Metadata<b>", "metadata"),
        ("a: &'_ millstream::Metadata<super::load::b>", "metadata"),
        ("a: NodeContext<'_>", "context"),
        ("mut a: millstream::NodeContext", "context"),
        ("a: &[Collect]", "borrow [Collect]"),
    ] {
        let params = params(source);
        assert_eq!(params.len(), 1, "of `{source}`");
        assert_eq!(params[0].name.text, "a");
        assert_eq!(mode(&params[0]), expected, "of `{source}`");
    }
}

#[test]
fn parameters_are_cut_at_the_right_commas() {
    let params = params("a: HashMap<A, B>, b: fn(A) -> Vec<B>, _c: [u8; 3], r#type: (A, B),");
    let names: Vec<_> = params.iter().map(|param| param.name.text.as_str()).collect();
    assert_eq!(names, ["a", "b", "_c", "type"]);
}

#[test]
fn what_feeds_a_parameter() {
    let params = params(
        "a: &A, #[source(x)] b: &B, #[value(1 + 2)] c: u8, #[group()] d: Vec<&D>, #[group(x, y)] e: Vec<&E>,
        #[group(tag(stage = \"final\"))] f: Vec<&F>, #[group(tag(a.b))] g: Vec<&G>, #[default(7)] #[source(y)] h: u8,
        l: &Metadata<load::r#in>, m: NodeContext<'_>, #[source(x)] n: Result<&N, &NodeError>,
        #[value(|a, b| a + b)] i: fn(u8, u8) -> u8, #[group(tag, x)] j: Vec<&J>, #[value(g::<A, B>())] k: u8",
    );
    let binds: Vec<_> = params
        .iter()
        .map(|param| match &param.bind {
            Bind::Name(name) => name.text.clone(),
            Bind::Value(value) => format!("= {}", value.to_string().replace(' ', "")),
            Bind::Group(names, _) => {
                names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join("&")
            }
            Bind::GroupTag { key, value, .. } => format!("{key}: {value:?}"),
            Bind::Run => "the run".to_owned(),
        })
        .collect();
    assert_eq!(
        binds,
        [
            "a",
            "x",
            "= 1+2",
            "",
            "x&y",
            "stage: Some(\"final\")",
            "a.b: None",
            "y",
            "in",
            "the run",
            "x",
            "= |a,b|a+b",
            "tag&x",
            "= g::<A,B>()",
        ]
    );
    assert_eq!(params[7].default.as_ref().map(text).as_deref(), Some("7"));
}

#[test]
fn parameters_that_are_none() {
    let module = wrong(
        "#[node] fn a(&mut self, x: u8) {}
        #[node] fn b((x, y): (u8, u8), _: u8, Point { x, .. }: Point, ref z: u8) {}
        #[node] fn c(x: &mut u8, y: Option<&mut u8>) {}
        #[node] fn d(x: *const u8) {}
        #[node] fn e(x: impl Fn(), y: Vec<impl Clone>) {}
        #[node] fn f(x: u8, ...) {}
        #[node] fn g(x: u8, y: ...) {}
        #[node] fn h(self: &'a Self) {}",
        [
            (
                "&mut self",
                "node `a` takes `self`, but a node is a function; take what it needs as parameters",
            ),
            (
                "(x, y)",
                "a parameter of node `b` is a pattern, so it names no dependency; write `name: Type`, and `let (x, y) = name;` in the body",
            ),
            ("_", "a parameter of node `b` has no name; give it the name of what it takes, or remove it"),
            (
                "Point { x, .. }",
                "a parameter of node `b` is a pattern, so it names no dependency; write `name: Type`, and `let Point { x, .. } = name;` in the body",
            ),
            (
                "ref z",
                "a parameter of node `b` is a pattern, so it names no dependency; write `name: Type`, and `let ref z = name;` in the body",
            ),
            (
                "mut",
                "a node cannot change what it takes; take it by value: `mut x: T` instead of `x: &mut T`",
            ),
            (
                "mut",
                "a node cannot change what it takes; take it by value: `mut x: T` instead of `x: &mut T`",
            ),
            ("*const u8", "node `d` takes a raw pointer; take a reference: `&T`"),
            (
                "impl",
                "node `e` takes `impl Trait`, which is generic; write the concrete type, or `&dyn Trait`",
            ),
            (
                "impl",
                "node `e` takes `impl Trait`, which is generic; write the concrete type, or `&dyn Trait`",
            ),
            (
                "...",
                "a node is not variadic; take many nodes as one parameter: `#[group(a, b)] all: Vec<&T>`",
            ),
            (
                "...",
                "a node is not variadic; take many nodes as one parameter: `#[group(a, b)] all: Vec<&T>`",
            ),
            ("self", "node `h` takes `self`, but a node is a function; take what it needs as parameters"),
        ],
    );
    assert_eq!(module.functions.len(), 8, "a wrong parameter does not lose the node");
}

#[test]
fn a_variadic_function_is_one_mistake() {
    wrong(
        "#[node] unsafe extern \"C\" fn f(a: u8, ...) {}",
        [("...", "a node is not variadic; take many nodes as one parameter: `#[group(a, b)] all: Vec<&T>`")],
    );
}

#[test]
fn wrong_attributes_of_parameters() {
    wrong(
        "#[node] fn f(
            #[source(a)] #[value(1)] a: u8,
            #[source(a)] #[source(b)] b: u8,
            #[default(1)] #[default(2)] c: u8,
            #[default(1)] d: Option<u8>,
            #[default(1)] #[value(2)] e: u8,
            #[default] f: u8,
            #[default()] g: u8,
            #[value(1, 2)] h: u8,
            #[source] i: u8,
            #[source()] j: u8,
            #[source(\"x\")] k: u8,
            #[source = x] l: u8,
            #[group(a, 3)] m: Vec<&u8>,
            #[group(tag())] n: Vec<&u8>,
            #[group(tag(a = 3))] o: Vec<&u8>,
            #[group(tag(a = [\"x\", \"y\"]))] p: Vec<&u8>,
            #[defualt(3)] q: u8,
            #[tag(a = \"b\")] r: u8,
            #[cache] s: u8,
            #[cfg(unix)] t: u8,
            #[inputs] u: u8,
            #[value(3 +)] v: u8,
            #[cfg_attr(unix, default(1))] w: u8,
        ) {}",
        [
            ("#[value(1)]", "parameter `a` is fed twice, by `#[source]` and by `#[value]`; keep one"),
            ("#[source(b)]", "`#[source]` stands twice on parameter `b`; keep one"),
            ("#[default(2)]", "`#[default]` stands twice on parameter `c`; keep one"),
            (
                "#[default(1)]",
                "parameter `d` is optional, so it is `None` where nothing feeds it; remove `#[default]`, or write `d: T`",
            ),
            ("1", "the default of parameter `e` is never used, as `#[value]` feeds it; remove `#[default]`"),
            ("#[default]", "`#[default]` is empty; write `#[default(30)]`"),
            ("#[default()]", "`#[default]` is empty; write `#[default(30)]`"),
            ("1, 2", "`value` takes one expression; write `value(30)`"),
            ("#[source]", "`#[source]` is empty; write `#[source(name)]`"),
            ("#[source()]", "`#[source]` is empty; write `#[source(name)]`"),
            ("\"x\"", "`source` takes the name of one node or input; write `source(name)`"),
            ("#[source = x]", "`#[source]` takes its argument in parentheses; write `#[source(name)]`"),
            ("3", "`3` is no name; write `group(a, b)` or `group(tag(stage = \"final\"))`"),
            ("tag", "a group has one tag; write `group(tag(stage = \"final\"))` or `group(tag(stage))`"),
            ("3", "the value of tag `a` is no string; write `a = \"3\"`"),
            (
                "a",
                "a group has one value of a tag; write `group(tag(stage = \"final\"))` or `group(tag(stage))`",
            ),
            ("defualt", "`#[defualt]` is no attribute of Millstream; did you mean `#[default]`?"),
            (
                "#[tag(a = \"b\")]",
                "`#[tag]` has no meaning on parameter `r`; it belongs on a function with `#[node]`",
            ),
            (
                "#[cache]",
                "`#[cache]` has no meaning on parameter `s`; it belongs on a function with `#[node]`",
            ),
            (
                "#[cfg(unix)]",
                "`#[cfg]` on parameter `t` is not possible: the graph is checked before `cfg` is decided; use `cfg!(..)` in the body",
            ),
            (
                "#[inputs]",
                "`#[inputs]` has no meaning on parameter `u`; it belongs on a struct with named fields",
            ),
            ("3 +", "`value` takes one expression; write `value(30)`"),
            (
                "#[cfg_attr(unix, default(1))]",
                "`#[cfg_attr]` on parameter `w` is not possible: the graph is checked before `cfg` is decided; use `cfg!(..)` in the body",
            ),
        ],
    );
}

#[test]
fn groups_and_their_types_belong_together() {
    wrong(
        "#[node] fn f(a: Vec<&f64>, b: BTreeMap<&str, &f64>, #[group(x)] c: Vec<f64>, #[group(tag(x))] d: &f64,
            #[value(vec![])] e: Vec<&f64>) {}",
        [
            (
                "Vec<&f64>",
                "a parameter of type `Vec<&T>` takes a group; write `#[group(a, b)]` on it",
            ),
            (
                "BTreeMap<&str, &f64>",
                "a parameter of type `BTreeMap<&str, &T>` takes a group; write `#[group(a, b)]` on it",
            ),
            (
                "[group(x)]",
                "parameter `c` has no type of a group; make it a `Vec<&T>` or a `BTreeMap<&str, &T>`",
            ),
            (
                "[group(tag(x))]",
                "parameter `d` has no type of a group; make it a `Vec<&T>` or a `BTreeMap<&str, &T>`",
            ),
            (
                "Vec<&f64>",
                "a parameter of type `Vec<&T>` takes a group; write `#[group(a, b)]` on it",
            ),
        ],
    );
}

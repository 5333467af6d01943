//! `#[node]` and what stands below it.

use millstream_compiler::syntax::model::{Fails, Tag};
use millstream_compiler::syntax::text::text;

use crate::support::{free, function, right, same, wrong};

#[test]
fn names_come_from_functions() {
    for (ident, name) in [
        ("mean", "mean"),
        ("mean__celsius", "mean"),
        ("mean__a__b", "mean"),
        ("__mean", "__mean"),
        ("__mean__a", "__mean"),
        ("_mean_", "_mean_"),
        ("r#type", "type"),
    ] {
        assert_eq!(function(&format!("#[node] fn {ident}() {{}}")).name.text, name);
    }
}

#[test]
fn options() {
    let node =
        function("#[node(name = \"type\", version = 3, fallible, overrides)] fn f() -> io::Outcome<u8> {}");
    assert_eq!(node.name.text, "type");
    assert_eq!(node.version, Some(3));
    assert!(node.overrides);
    assert!(node.output.value.is_none());
    assert!(matches!(node.output.fails, Fails::Somehow));
}

#[test]
fn wrong_options() {
    wrong(
        "#[node(vesion = 1)] fn a() {}
        #[node(banana)] fn b() {}
        #[node(name = \"a b\")] fn c() {}
        #[node(name = x)] fn d() {}
        #[node(version = \"1\")] fn e() {}
        #[node(version = 1, version = 2)] fn f() {}
        #[node(fallible = true)] fn g() {}
        #[node(fallible)] fn h() {}
        #[node = 1] fn i() {}
        #[node] #[node] fn j() {}
        #[node(name = \"self\")] fn k() {}",
        [
            ("vesion", "`vesion` is no option of `#[node]`; did you mean `version`?"),
            (
                "banana",
                "`banana` is no option of `#[node]`; its options are `name`, `version`, `retries`, `timeout`, `fallible`, `overrides`",
            ),
            ("\"a b\"", "`a b` is no identifier, so nothing can depend on it; write letters, digits and `_`"),
            ("name", "`name` needs a string; write `name = \"other_name\"`"),
            ("version", "`version` needs a whole number; write `version = 2`"),
            ("version", "option `version` stands twice; keep one"),
            ("fallible", "`fallible` takes no value; write `fallible` alone"),
            ("h", "node `h` is `fallible`, but returns nothing; remove `fallible`, or return a result"),
            ("#[node = 1]", "`#[node]` takes its options in parentheses; write `#[node(version = 2)]`"),
            ("#[node]", "`#[node]` stands twice on `j`; keep one"),
            (
                "\"self\"",
                "`self` is no identifier, so nothing can depend on it; write letters, digits and `_`",
            ),
        ],
    );
}

#[test]
fn what_a_node_returns() {
    let output = |source: &str| function(&format!("#[node] fn f() {source} {{}}")).output;
    let nothing = output("");
    assert_eq!(text(&nothing.ty), "()");
    assert!(matches!(nothing.fails, Fails::Never));

    for (source, value, error) in [
        ("-> f64", "f64", None),
        ("-> &'static str", "&'static str", None),
        ("-> Box<dyn Fn(&str) -> &str + Send>", "Box<dyn Fn(&str) -> &str + Send>", None),
        ("-> Result<Vec<f64>, io::Error>", "Vec<f64>", Some("io::Error")),
        ("-> ::std::result::Result::<(u8, u8), E<A, B>>", "(u8, u8)", Some("E<A, B>")),
        ("-> io::Result<u8>", "u8", Some("?")),
    ] {
        let output = output(source);
        assert_eq!(output.value.as_ref().map(text).as_deref(), Some(value), "of `{source}`");
        let fails = match output.fails {
            Fails::Never => None,
            Fails::With(error) => Some(text(&error)),
            Fails::Somehow => Some("?".to_owned()),
        };
        assert_eq!(fails.as_deref(), error, "of `{source}`");
    }
    assert!(output("-> fmt::Result").value.is_none());
}

#[test]
fn what_a_node_cannot_return() {
    wrong(
        "#[node] fn a(x: &f64) -> &f64 {}
        #[node] fn b(x: &f64) -> Vec<&f64> {}
        #[node] fn c() -> Cow<'_, str> {}
        #[node] fn d() -> (u8, impl Iterator) {}
        #[node] fn e() -> ! {}",
        [
            ("&", "node `a` returns a reference, which nothing keeps alive; return an owned value"),
            ("&", "node `b` returns a reference, which nothing keeps alive; return owned values"),
            ("'", "node `c` returns a reference, which nothing keeps alive; return owned values"),
            (
                "impl",
                "node `d` returns `impl Trait`, a type without a name; write its name, or return `Box<dyn Trait>`",
            ),
            ("!", "node `e` never returns, so it has no value; return one, or remove `#[node]`"),
        ],
    );
}

#[test]
fn signatures_that_no_node_has() {
    wrong(
        "#[node] unsafe fn b() {}
        #[node] extern \"C\" fn c() {}
        #[node] fn d<T: Clone>(x: T) where T: Send {}
        #[node] fn e<'a>(x: &'a str) {}
        #[node] fn f() -> u8 where u8: Send {}
        #[node] const fn g() {}",
        [
            (
                "unsafe",
                "node `b` is `unsafe`, but it is called where nobody checks its conditions; write `unsafe` blocks in the body",
            ),
            (
                "extern",
                "node `c` is `extern`, but only Millstream calls it; remove `extern`, or call the `extern` function from a node",
            ),
            (
                "<T: Clone>",
                "node `d` is generic, but a node has one type; write the concrete types, and call a generic helper in the body",
            ),
            (
                "<'a>",
                "node `e` has a lifetime parameter, but the graph has none to give; remove it and write `&T`",
            ),
            ("where u8: Send", "node `f` has a `where` clause, but no generics; remove it"),
        ],
    );
}

#[test]
fn tags() {
    let node = function(
        "#[node] #[tag(stage = \"load\", a.b.type = [\"x\", \"y\"])] #[tag(owner = \"z\")]
        #[tag_outputs(f = { k = \"v\" })] #[tag_outputs(f = { l = \"w\" })] fn f() {}",
    );
    let tag = |key: &str, values: &[&str]| Tag {
        key: key.to_owned(),
        values: values.iter().map(ToString::to_string).collect(),
    };
    assert_eq!(node.tags, [tag("stage", &["load"]), tag("a.b.type", &["x", "y"]), tag("owner", &["z"])]);
    assert_eq!(node.tag_outputs.len(), 1);
    assert_eq!(node.tag_outputs[0].1, [tag("k", &["v"]), tag("l", &["w"])]);
}

#[test]
fn wrong_tags() {
    wrong(
        "#[node] #[tag] #[tag(a = 3, b, c = x, d = \"1\", d = \"2\", e = [], f = , \"g\" = \"h\", millstream.i = \"j\")]
        #[tag(d = \"3\")] #[tag = \"k\"]
        #[tag_outputs(x = \"c\", f = { a = 1 })]
        fn f() {}",
        [
            ("#[tag]", "`#[tag]` is empty; write `#[tag(owner = \"climate\")]`"),
            ("3", "the value of tag `a` is no string; write `a = \"3\"`"),
            ("b", "tag `b` has no value; write `b = \"..\"`"),
            ("x", "the value of tag `c` is no string; write `c = \"x\"`"),
            ("d", "tag `d` stands twice; keep one, or give it several values: `d = [\"a\", \"b\"]`"),
            ("[]", "tag `e` has no value; write `e = [\"a\", \"b\"]`"),
            ("f", "tag `f` has no value; write `f = \"..\"`"),
            ("\"g\" = \"h\"", "`\"g\" = \"h\"` is no tag; write `owner = \"climate\"`"),
            (
                "millstream",
                "tag `millstream.i` is one of ours; choose a key that does not start with `millstream`",
            ),
            ("d", "tag `d` stands twice; keep one, or give it several values: `d = [\"a\", \"b\"]`"),
            (
                "#[tag = \"k\"]",
                "`#[tag]` takes its arguments in parentheses; write `#[tag(owner = \"climate\")]`",
            ),
            (
                "x",
                "`x` needs its tags in braces; write `#[tag_outputs(node = { owner = \"climate\" })]`",
            ),
            ("1", "the value of tag `a` is no string; write `a = \"1\"`"),
        ],
    );
}

#[test]
fn conditions() {
    let node = function(
        "#[node] #[when(unit = Unit::Celsius | Unit::Kelvin, n = 1..=3)] #[when_not(mode = (_, Mode::<A, B>::Fast))]
        fn f__x() {}",
    );
    let conditions: Vec<_> = node
        .conditions
        .iter()
        .map(|condition| (condition.field.text.as_str(), text(&condition.pattern), condition.negated))
        .collect();
    assert_eq!(conditions.len(), 3);
    assert_eq!(conditions[0], ("unit", "Unit::Celsius | Unit::Kelvin".to_owned(), false));
    assert_eq!(conditions[1].0, "n");
    assert_eq!(conditions[2].0, "mode");
    assert!(conditions[2].2);
    same(&node.conditions[2].pattern, "(_, Mode::<A, B>::Fast)");
}

#[test]
fn wrong_conditions() {
    wrong(
        "#[node] #[when] #[when(unit, a = 1, a = 2, \"x\")] #[when_not(b = )] #[when(a = 3)] #[when_not(a = 4)] fn f() {}",
        [
            ("#[when]", "`#[when]` is empty; write `#[when(unit = Unit::Celsius)]`"),
            ("\"x\"", "`\"x\"` does not belong here; write `field = pattern`"),
            ("unit", "config field `unit` has no pattern; write `unit = pattern`"),
            ("a", "config field `a` stands twice in `#[when]`; write alternatives with `|`: `a = a | b`"),
            ("b", "config field `b` has no pattern; write `b = pattern`"),
            ("a", "config field `a` stands twice in `#[when]`; write alternatives with `|`: `a = a | b`"),
        ],
    );
}

#[test]
fn patterns_are_rust() {
    wrong(
        "#[node] #[when(a = 1 | , b = A::{})] fn f() {}",
        [
            ("1 |", "`1 |` is no pattern; write one of Rust's: `a = Value | Other`"),
            ("A::{}", "`A::{ }` is no pattern; write one of Rust's: `b = Value | Other`"),
        ],
    );
}

#[test]
fn what_cfg_may_bring() {
    // Nothing of ours, so the graph does not depend on it.
    let source = "#[cfg_attr(test, allow(x), inline)] #[cfg_attr(docsrs, doc = \"x\")]";
    let module = right(&format!("#[node] {source} fn f() {{}}"));
    crate::support::items(&module, &format!("{source} fn f() {{}}"));

    let message = "`#[cfg_attr]` on a node is not possible: the graph is checked before `cfg` is decided; put it on the whole `#[dataflow]` module, use `cfg!(..)` in the body, or make it a variant with `#[when(..)]`";
    let module = wrong(
        "#[cfg_attr(unix, node)] fn f() {} #[node] #[cfg_attr(unix, inline, millstream::tag(a = \"b\"))] fn g() {}",
        [
            ("#[cfg_attr(unix, node)]", message),
            ("#[cfg_attr(unix, inline, millstream::tag(a = \"b\"))]", message),
        ],
    );
    crate::support::items(&module, "fn f() {} fn g() {}");
    assert_eq!(module.functions.len(), 2);
}

#[test]
fn alternatives_by_cfg_are_one_node() {
    let module = first_error_of_two("#[node] #[cfg(unix)] fn f() {} #[cfg(not(unix))] #[node] fn f() {}");
    assert_eq!(module.functions.len(), 1);
    assert_eq!(module.items.len(), 2);
}

fn first_error_of_two(body: &str) -> millstream_compiler::syntax::model::Module {
    let (module, errors) = crate::support::parsed(body);
    assert_eq!(errors.len(), 2);
    module
}

#[test]
fn cfg_cannot_decide_about_a_node() {
    wrong(
        "#[node] #[cfg(unix)] fn f() {} #[cfg(unix)] fn helper() {}",
        [(
            "#[cfg(unix)]",
            "`#[cfg]` on a node is not possible: the graph is checked before `cfg` is decided; put it on the whole `#[dataflow]` module, use `cfg!(..)` in the body, or make it a variant with `#[when(..)]`",
        )],
    );
}

#[test]
fn docs_are_joined() {
    let node = function("/// One.\n///   Two.\n#[doc = \"Three.\"] #[node] /** Four. */ fn f() {}");
    assert_eq!(node.doc, "One.\n  Two.\nThree.\nFour. ");
}

#[test]
fn free_functions() {
    let (function, item, errors) =
        free("version = 2", "/// Doc.\n#[tag(a = \"b\")] pub fn f(#[default(1)] x: &u64) -> u64 { 1 }");
    assert_eq!(errors, [""; 0]);
    let function = function.unwrap();
    assert_eq!((function.name.text.as_str(), function.version), ("f", Some(2)));
    assert_eq!(function.doc, "Doc.");
    same(&item.parse().unwrap(), "#[doc = \" Doc.\"] pub fn f(x: &u64) -> u64 { 1 }");
}

#[test]
fn wrong_free_functions() {
    let (function, item, errors) = free("", "struct F { #[default(1)] a: u8 }");
    assert!(function.is_none());
    assert_eq!(errors, ["`#[node]` has no meaning on a struct; it belongs on a function"]);
    same(&item.parse().unwrap(), "struct F { #[default(1)] a: u8 }");

    let (function, item, errors) = free("", "#[tag(a = \"b\")] fn f(&self, #[source(x)] y: u8) {}");
    assert!(function.is_none());
    assert_eq!(
        errors,
        [
            "`#[node]` has no meaning on a method; put it on a function, which takes what it needs as parameters"
        ]
    );
    same(&item.parse().unwrap(), "fn f(&self, y: u8) {}");

    let (function, _, errors) = free("", "#[when(a = 1)] #[node] fn f(_: u8) {}");
    assert!(function.is_some());
    assert_eq!(
        errors,
        [
            "`#[node]` stands twice on `f`; keep one",
            "a parameter of node `f` has no name; give it the name of what it takes, or remove it",
            "`#[when]` chooses by the config of a `#[dataflow]` module, and `f` stands in none; move it into one",
        ]
    );
}

#[test]
fn functions_without_our_attributes_are_helpers() {
    let module = right("fn f<T>(self, (a, b): T) -> impl Trait {} #[cached] #[test] fn g() {}");
    assert!(module.functions.is_empty());
}

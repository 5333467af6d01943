//! `#[inputs]`, `#[config]`, `#[include]`.

use millstream_compiler::syntax::text::text;

use crate::support::{items, right, same, wrong};

#[test]
fn inputs_and_config() {
    let module = right(
        "/// Doc.
        #[derive(Clone)] #[inputs] pub struct Inputs {
            /// Where.
            pub path: Vec<HashMap<A, B>>,
            #[default(7)] #[allow(unused)] window: usize,
            #[default(None)] pub(crate) r#type: Option<u8>,
        }
        #[config] struct Config;",
    );
    let inputs = module.inputs.as_ref().unwrap();
    same(
        &inputs.item,
        "#[doc = \" Doc.\"] #[derive(Clone)] pub struct Inputs {
            #[doc = \" Where.\"] pub path: Vec<HashMap<A, B>>, #[allow(unused)] window: usize, pub(crate) r#type: Option<u8>,
        }",
    );
    assert_eq!(inputs.ident, "Inputs");
    let fields: Vec<_> = inputs
        .fields
        .iter()
        .map(|field| {
            let default = field.default.as_ref().map(text).unwrap_or_default();
            format!(
                "{} {}: {} = {default} {}",
                text(&field.visibility),
                field.name.text,
                text(&field.ty),
                field.doc
            )
        })
        .collect();
    assert_eq!(
        fields,
        [
            "pub path: Vec<HashMap<A, B>> =  Where.",
            " window: usize = 7 ",
            "pub(crate) type: Option<u8> = None ",
        ]
    );
    let config = module.config.as_ref().unwrap();
    assert!(config.fields.is_empty());
    same(&config.item, "struct Config;");
    items(&module, "");
}

#[test]
fn wrong_structs() {
    let module = wrong(
        "#[inputs] struct A { a: u8 }
        #[inputs] struct B { b: u8 }
        #[config] struct C(u8);
        #[config(x)] #[inputs] #[config] struct D<T> { #[default(1)] d: T }
        #[inputs] enum E {}
        #[config] fn f() {}
        #[inputs] trait G {}",
        [
            ("B", "`A` is `#[inputs]` already; put all fields into one struct"),
            ("(u8)", "the fields of the `#[config]` struct have no names; write `name: Type` in braces"),
            ("#[config(x)]", "`#[config]` takes no arguments; write `#[config]`"),
            ("#[inputs]", "one struct cannot be both `#[config]` and `#[inputs]`; write two structs"),
            ("#[config]", "`#[config]` stands twice; keep one"),
            (
                "<T>",
                "the `#[config]` struct is generic, but the graph has one type for each field; write the concrete types",
            ),
            ("#[inputs]", "`#[inputs]` has no meaning on an enum; it belongs on a struct with named fields"),
            (
                "#[config]",
                "`#[config]` has no meaning on a function; it belongs on a struct with named fields",
            ),
            ("#[inputs]", "`#[inputs]` has no meaning on a trait; it belongs on a struct with named fields"),
        ],
    );
    items(&module, "struct B { b: u8 } struct C(u8); struct D<T> { d: T } enum E {} fn f() {} trait G {}");
}

#[test]
fn wrong_fields() {
    wrong(
        "#[inputs] #[cfg(unix)] #[tag(a = \"b\")] struct Inputs {
            #[default] a: u8,
            #[default(1)] #[default(2)] b: u8,
            #[defalt(1)] c: u8,
            #[source(x)] d: u8,
            #[cfg(unix)] e: u8,
            #[default()] f: u8,
        }",
        [
            (
                "#[cfg(unix)]",
                "`#[cfg]` on `Inputs` is not possible: the graph is checked before `cfg` is decided; put it on the whole `#[dataflow]` module",
            ),
            (
                "#[tag(a = \"b\")]",
                "`#[tag]` has no meaning on a struct; it belongs on a function with `#[node]`",
            ),
            ("#[default]", "`#[default]` is empty; write `#[default(30)]`"),
            ("#[default(2)]", "`#[default]` stands twice on field `b`; keep one"),
            ("defalt", "`#[defalt]` is no attribute of Millstream; did you mean `#[default]`?"),
            ("#[source(x)]", "`#[source]` has no meaning on field `d`; it belongs on a parameter of a node"),
            (
                "#[cfg(unix)]",
                "`#[cfg]` on `e` is not possible: the graph is checked before `cfg` is decided; put it on the whole `#[dataflow]` module",
            ),
            ("#[default()]", "`#[default]` is empty; write `#[default(30)]`"),
        ],
    );
}

#[test]
fn misspelt_roles_are_read_as_what_was_meant() {
    let module = wrong(
        "#[derive(Clone)] #[input] struct Inputs { a: u8 } #[confg] struct Config { #[defaul(1)] b: u8 } #[inclde] use x;",
        [
            ("input", "`#[input]` is no attribute of Millstream; did you mean `#[inputs]`?"),
            ("confg", "`#[confg]` is no attribute of Millstream; did you mean `#[config]`?"),
            ("defaul", "`#[defaul]` is no attribute of Millstream; did you mean `#[default]`?"),
            (
                "#[defaul(1)]",
                "`#[default]` has no meaning on config field `b`; remove it, the caller builds the whole struct",
            ),
            ("inclde", "`#[inclde]` is no attribute of Millstream; did you mean `#[include]`?"),
        ],
    );
    assert!(module.inputs.is_some() && module.config.is_some());
    same(&module.config.unwrap().item, "struct Config { b: u8 }");
}

#[test]
fn attributes_of_derives_stay() {
    let source = "#[derive(ToSchema)] #[input(a)] struct Inputs { #[schema(x)] #[defualt(1)] a: u8 }";
    items(&right(source), source);
    let module = right(&source.replace("#[input(a)]", "#[inputs]"));
    same(&module.inputs.unwrap().item, &source.replace("#[input(a)]", ""));
}

#[test]
fn includes() {
    let module = right("#[include] pub use crate::flows::features; use x::y; #[include] use loans;");
    let includes: Vec<_> = module.includes.iter().map(|include| include.local.to_string()).collect();
    assert_eq!(includes, ["features", "loans"]);
    items(&module, "pub use crate::flows::features; use x::y; use loans;");
}

#[test]
fn wrong_includes() {
    wrong(
        "#[include] use crate::flows::*;
        #[include] use crate::flows::{a, b as c};
        #[include] use crate::flows::self;
        #[include] #[include] use e;
        #[include(x)] use f;
        #[include] mod g {}
        #[include] #[cfg(unix)] use h;",
        [
            (
                "crate::flows::*",
                "`crate::flows::*` does not say which dataflow is included; write `#[include] use path::to::dataflow;`",
            ),
            (
                "crate::flows::self",
                "`crate::flows::self` does not say which dataflow is included; write `#[include] use path::to::dataflow;`",
            ),
            ("#[include]", "`#[include]` stands twice; keep one"),
            ("#[include(x)]", "`#[include]` takes no arguments; write `#[include]`"),
            (
                "#[include]",
                "`#[include]` has no meaning on a module; it belongs on a `use` that names one dataflow",
            ),
            (
                "#[cfg(unix)]",
                "`#[cfg]` on an included dataflow is not possible: the graph is checked before `cfg` is decided; put it on the whole `#[dataflow]` module",
            ),
        ],
    );
}

#[test]
fn names_that_a_use_takes() {
    let module = right("use a::{b, c as d, e::{self, f as _, g::*}, r#type}; use h; use i::{self as j};");
    let taken: Vec<_> = module.taken.iter().map(|taken| taken.name.text.as_str()).collect();
    assert_eq!(taken, ["b", "d", "type", "e", "h", "j"]);
}

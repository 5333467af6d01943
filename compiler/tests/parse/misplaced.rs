//! Attributes of ours where they have no meaning, misspelt ones, and those of a later version.

use crate::support::{items, right, wrong};

#[test]
fn on_a_function_that_is_no_node() {
    let module = wrong(
        "#[tag(a = \"b\")] #[when(x = 1)] fn f(#[default(1)] a: u8) {}",
        [(
            "#[tag(a = \"b\")]",
            "`#[tag]` has no meaning on a function that is no node; put `#[node]` on `f`",
        )],
    );
    items(&module, "fn f(a: u8) {}");
    assert_eq!(module.functions.len(), 1, "it is read as the node that it was meant to be");
}

#[test]
fn on_other_items() {
    let module = wrong(
        "#[node] struct A; #[tag(a = \"b\")] const B: u8 = 1; #[node] impl C {} #[when(a = 1)] use d; #[node] m! {}",
        [
            ("#[node]", "`#[node]` has no meaning on a struct; it belongs on a function"),
            (
                "#[tag(a = \"b\")]",
                "`#[tag]` has no meaning on a const; it belongs on a function with `#[node]`",
            ),
            ("#[node]", "`#[node]` has no meaning on an `impl`; it belongs on a function"),
            (
                "#[when(a = 1)]",
                "`#[when]` has no meaning on a `use`; it belongs on a function with `#[node]`",
            ),
            ("#[node]", "`#[node]` has no meaning on a macro; it belongs on a function"),
        ],
    );
    items(&module, "struct A; const B: u8 = 1; impl C {} use d; m! {}");
}

#[test]
fn words_of_other_derives_are_left_alone() {
    let source = "#[derive(Args)] #[group(skip)] #[tag(x)] struct A { #[value(1)] a: u8 } #[cache] fn f() {}";
    items(&right(source), source);
}

#[test]
fn on_a_node() {
    let module = wrong(
        "#[node] #[inputs] #[include] #[source(x)] #[default(1)] fn f() {}",
        [
            ("#[inputs]", "`#[inputs]` has no meaning on node `f`; it belongs on a struct with named fields"),
            (
                "#[include]",
                "`#[include]` has no meaning on node `f`; it belongs on a `use` that names one dataflow",
            ),
            ("#[source(x)]", "`#[source]` has no meaning on node `f`; it belongs on a parameter of a node"),
            (
                "#[default(1)]",
                "`#[default]` has no meaning on node `f`; it belongs on a parameter of a node, or on a field of the `#[inputs]` struct",
            ),
        ],
    );
    items(&module, "fn f() {}");
}

#[test]
fn misspelt() {
    let module = wrong(
        "#[node] #[parametrize(a = {})] fn f() {}
        #[nod] fn g() {}
        #[node] #[tags(a = \"b\")] #[instrument] #[other::tags] #[banana] fn h() {}",
        [
            (
                "parametrize",
                "`#[parametrize]` is no attribute of Millstream; did you mean `#[parameterize]`?",
            ),
            ("nod", "`#[nod]` is no attribute of Millstream; did you mean `#[node]`?"),
            ("tags", "`#[tags]` is no attribute of Millstream; did you mean `#[tag]`?"),
        ],
    );
    items(&module, "fn f() {} fn g() {} #[instrument] #[other::tags] #[banana] fn h() {}");
    assert_eq!(module.functions.len(), 3);
    assert_eq!(module.functions[0].parameterized.as_ref().unwrap().len(), 1, "it is read as what was meant");
    assert_eq!(module.functions[2].tags.len(), 1);
}

#[test]
fn attributes_of_rust_are_never_misspelt_ones() {
    right(
        "#[node] #[inline] #[must_use] #[cold] #[doc(hidden)] #[allow(x)] #[expect(x)] #[warn(x)] #[deny(x)] #[test]
        #[deprecated] #[track_caller] #[rustfmt::skip] #[clippy::msrv = \"1\"] #[no_mangle] #[path = \"x\"] fn f() {}",
    );
}

#[test]
fn of_a_later_version() {
    for name in [
        "schema",
        "parameterize_extract_columns",
        "extract_columns",
        "does",
        "resolve",
        "subdag",
        "parameterized_subdag",
        "pipe_input",
        "pipe_output",
        "mutate",
        "with_columns",
        "load_from",
        "save_to",
        "dataloader",
        "datasaver",
        "check_output",
        "check_output_custom",
        "cache",
    ] {
        let source = format!("#[node] #[{name}(x, y = z)] fn f() {{}}");
        let module = crate::support::first_error(&source, &format!("`#[{name}]` is not supported yet; "));
        items(&module, "fn f() {}");
    }
}

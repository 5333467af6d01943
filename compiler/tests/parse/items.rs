//! Splitting, and what comes back of the user's items.

use millstream_compiler::syntax::parse::without_our_attributes;

use crate::support::{dataflow, items, left_to_rustc, right, same, wrong};

#[test]
fn everything_rust_has_comes_back_untouched() {
    let source = r#"
        #![allow(dead_code)]
        //! Inner docs.
        use std::{collections::BTreeMap as Map, fmt::{self, Write as _}};
        extern crate alloc as a;
        const A: usize = 1 < 2 as usize;
        const fn b<const N: usize>() -> [u8; { 1 + 2 }] { [0; 3] }
        const C: fn(&str) -> Result<(), fmt::Error> = |_| Ok(());
        static D: Foo = Foo { x: { 1 } };
        pub(in crate::x) type E<T> = Vec<Option<T>>;
        pub struct F;
        pub struct G<T: Default, const N: usize>(T, [u8; N]) where T: Clone;
        struct H<const N: usize = { 3 }> { a: u8 }
        #[derive(Clone)] enum I { #[default] A, B = 2 }
        union J { a: u8, b: i8 }
        pub unsafe trait K: Send { fn f(&self) -> u8 { 1 } }
        unsafe impl<const N: usize> K for H<{ N }> {}
        impl<T> PartialEq for G<T, 3> where [(); { 3 }]: Sized { fn eq(&self, o: &Self) -> bool { true } }
        extern "C" { fn l(); }
        unsafe extern "C" fn m(x: u8, ...) {}
        async unsafe fn n<F: Fn(A) -> B>(f: F) -> Box<dyn Fn(&str) -> Vec<Vec<u8>>> where F: Send { 1 >> 2; }
        macro_rules! o { ($x:expr) => { $x }; }
        macro_rules! p ( () => () );
        std::thread_local! { static Q: u8 = 1; }
        include!("q.rs");
        #[cfg(test)] mod tests { #[test] fn t() {} }
        mod r;
        #[inline] pub extern fn s() {}
        fn union(default: u8, auto: u8) -> u8 { default + auto }
    "#;
    let module = right(source);
    items(&module, source);
    assert_eq!(module.items.len(), 27);
    let taken: Vec<_> =
        module.taken.iter().map(|taken| format!("{} {}", taken.what, taken.name.text)).collect();
    assert_eq!(
        taken,
        [
            "import Map",
            "import fmt",
            "extern crate a",
            "type alias E",
            "struct F",
            "struct G",
            "struct H",
            "enum I",
            "union J",
            "trait K",
            "module tests",
            "module r",
        ]
    );
}

#[test]
fn our_attributes_are_taken_out_and_others_stay() {
    let module = right(
        "/// Doc.
        #[node] #[must_use] #[tag(a = \"b\")] #[allow(unused)]
        pub fn f(#[default(3)] #[allow(unused)] a: usize, #[source(x)] b: &f64) -> f64 { #[node] fn inner() {} 1.0 }",
    );
    items(
        &module,
        "#[doc = \" Doc.\"] #[must_use] #[allow(unused)]
        pub fn f(#[allow(unused)] a: usize, b: &f64) -> f64 { #[node] fn inner() {} 1.0 }",
    );
}

#[test]
fn attributes_may_be_paths() {
    let module =
        right("#[millstream::node] #[::millstream::tag(a = \"b\")] fn f() {} #[other::node] fn g() {}");
    items(&module, "fn f() {} #[other::node] fn g() {}");
    assert_eq!(module.functions.len(), 1);
    assert_eq!(module.functions[0].tags.len(), 1);
}

#[test]
fn the_lint_about_the_name_is_silenced_on_variants_alone() {
    let module = right("#[node] fn a__x() {} #[node] fn __b() {} fn c__d() {}");
    items(&module, "#[allow(non_snake_case)] fn a__x() {} fn __b() {} fn c__d() {}");
}

#[test]
fn a_module_that_is_being_typed_keeps_what_can_be_read() {
    let module =
        wrong("#[node] fn a() {} #[node] pub fn #[node] fn b(a: &f64) -> f64 { let x = ; a. } use std", []);
    assert_eq!(module.functions.len(), 2);
    items(&module, "fn a() {} pub fn fn b(a: &f64) -> f64 { let x = ; a. } use std");
}

#[test]
fn what_rustc_reports_is_not_reported_again() {
    for source in [
        "#[node] fn a(b) {}",
        "#[node] fn a(b: ) {}",
        "#[node] fn a(b: u8 c: u8) {}",
        "#[node] fn a(b: u8)",
        "#[node] fn a(b: u8) -> u8 #[node] fn c() {}",
        "#[inputs] struct Inputs { a, }",
        "#[inputs] struct Inputs { a: u8 b: u8 }",
    ] {
        assert!(left_to_rustc(source).0, "of `{source}`");
    }
    for source in
        ["#[node] fn a(b: ::std::vec::Vec<A>, c: <A as ::b::C>::D, e: dyn F<A: B>) {}", "fn", "use a"]
    {
        assert!(!left_to_rustc(source).0, "of `{source}`");
    }
}

#[test]
fn a_body_that_is_missing_is_put_in_its_place() {
    let (_, module) = left_to_rustc("#[node] fn a(b: u8) -> u8 #[node] fn c() {}");
    items(&module, "#[allow(unused)] fn a(b: u8) -> u8 { ::core::unreachable!() } fn c() {}");
}

#[test]
fn fragments_of_a_macro_are_opened() {
    // `macro_rules!` hands over `$vis`, `$ty` and `$item` in invisible groups.
    let mut tokens: proc_macro2::TokenStream = "#[node]".parse().unwrap();
    let invisible =
        |source: &str| proc_macro2::Group::new(proc_macro2::Delimiter::None, source.parse().unwrap());
    let (visibility, ty) = (invisible("pub"), invisible("&Option<f64>"));
    tokens.extend(quote::quote!(#visibility fn f(a: #ty) {}));
    let item = invisible(&tokens.to_string());
    let mut errors = millstream_compiler::syntax::diagnostics::Errors::default();
    let module = millstream_compiler::syntax::parse::module(
        proc_macro2::TokenStream::new(),
        quote::quote!(mod m { #item }),
        &mut errors,
    );
    assert_eq!(module.unwrap().functions.len(), 1);

    let body = invisible("{ 1 }");
    let module = millstream_compiler::syntax::parse::module(
        proc_macro2::TokenStream::new(),
        quote::quote!(mod m { #[node] fn f() -> u8 #body #[node] fn g() -> u8 #body }),
        &mut errors,
    );
    assert_eq!(module.unwrap().functions.len(), 2);
    assert!(errors.is_empty());
}

#[test]
fn the_header_is_read() {
    let (module, errors) = dataflow(
        "export, crate = crate::flow",
        "/// Outer.\n#[cfg(unix)] pub(crate) mod weather { #![allow(unused)] //! Inner.\n }",
    );
    let module = module.unwrap();
    assert_eq!(errors, [""; 0]);
    assert_eq!(module.ident, "weather");
    assert_eq!(module.doc, "Outer.\nInner.");
    assert!(module.options.export);
    same(&module.options.krate.unwrap(), "crate::flow");
    same(&module.visibility, "pub(crate)");
    same(&module.attributes, "#[doc = \" Outer.\"] #[cfg(unix)]");
}

#[test]
fn only_inline_modules_are_dataflows() {
    for (item, message) in [
        (
            "pub mod weather;",
            "a `#[dataflow]` module needs its body here; write `#[dataflow] mod weather { .. }` in the file, and `mod` of the file without the attribute",
        ),
        (
            "fn weather() {}",
            "`#[dataflow]` has no meaning on a function; put it on the module around it, or write `#[node]`",
        ),
        (
            "struct Weather;",
            "`#[dataflow]` has no meaning on a struct; it belongs on a module: `#[dataflow] mod name { .. }`",
        ),
        (
            "impl A {}",
            "`#[dataflow]` has no meaning on an `impl`; it belongs on a module: `#[dataflow] mod name { .. }`",
        ),
    ] {
        let (module, errors) = dataflow("", item);
        assert!(module.is_none());
        assert_eq!(errors, [message]);
    }
}

#[test]
fn attributes_on_the_module_itself() {
    let (_, errors) = dataflow("", "#[dataflow] #[node] mod m {}");
    assert_eq!(
        errors,
        [
            "`#[node]` has no meaning on a module; it belongs on a function",
            "`#[dataflow]` stands twice; keep one",
        ]
    );
}

#[test]
fn options_of_the_dataflow() {
    for (options, message) in [
        ("exprot", "`exprot` is no option of `#[dataflow]`; did you mean `export`?"),
        ("banana", "`banana` is no option of `#[dataflow]`; its options are `export`, `crate`, `compile`"),
        ("compile", "`compile` needs the entry points; write `compile(score = (risk, price))`"),
        ("depends_on(a)", "`depends_on` is not supported yet; remove it"),
        ("untracked = \"deny\"", "`untracked` is not supported yet; remove it"),
        ("export, export", "option `export` stands twice; keep one"),
        ("export = true", "`export` takes no value; write `export` alone"),
        ("crate = \"x\"", "`crate` needs a path; write `crate = my::millstream`"),
        ("crate", "`crate` needs a path; write `crate = my::millstream`"),
        ("3", "`3` does not belong here; write `export`, `crate = path` or `compile(score = (risk, price))`"),
    ] {
        let (module, errors) = dataflow(options, "mod m {}");
        assert!(module.is_some());
        assert_eq!(errors, [message], "of `{options}`");
    }
}

#[test]
fn the_fallback_takes_attributes_out_at_any_depth() {
    let source = "
        #[inputs] struct I { #[default(1)] a: u8 }
        #[derive(Default)] enum E { #[default] A }
        #[derive(Parser)] #[group(skip)] struct P { #[value(1)] a: u8 }
        mod a { mod b { #[node] #[cache] fn f(#[default(1)] a: u8) { #[node] fn g() {} } } }
        #[include] use x;
        #[node] broken #[tag(a)]";
    same(
        &without_our_attributes(source.parse().unwrap()),
        "struct I { a: u8 }
        #[derive(Default)] enum E { #[default] A }
        #[derive(Parser)] #[group(skip)] struct P { #[value(1)] a: u8 }
        mod a { mod b { fn f(a: u8) { #[node] fn g() {} } } }
        use x;
        broken",
    );
}

#[test]
fn entries_of_the_dataflow() {
    let (module, errors) =
        dataflow("compile(score = (risk, price), one = risk, same = (risk), tuple = (risk,))", "mod m {}");
    assert!(errors.is_empty(), "{errors:?}");
    let entries = module.unwrap().options.entries;
    let read: Vec<_> = entries
        .iter()
        .map(|entry| {
            let outputs: Vec<&str> = entry.outputs.iter().map(|output| output.text.as_str()).collect();
            (entry.name.text.as_str(), outputs, entry.tuple)
        })
        .collect();
    assert_eq!(
        read,
        [
            ("score", vec!["risk", "price"], true),
            ("one", vec!["risk"], false),
            ("same", vec!["risk"], false),
            ("tuple", vec!["risk"], true)
        ]
    );
}

//! What is done about failures: fallbacks, retries, time limits.

use std::time::Duration;

use millstream_compiler::syntax::model::Fallback;
use millstream_compiler::syntax::text::text;

use crate::support::{free, function, right, wrong};

#[test]
fn fallbacks() {
    let module = right(
        "#[node] #[fallback(other)] fn a() {}
        #[fallback(r#in)] #[node] fn b() {}
        #[node] #[fallback(value(vec![1, 2]))] fn c() {}
        #[node] #[millstream::fallback(other)] #[parameterize(e = { x: value(1) })] fn d(x: u8) {}
        #[node] fn f() {}",
    );
    let fallbacks: Vec<_> = module
        .functions
        .iter()
        .map(|function| match &function.fallback {
            Some(Fallback::Node(name)) => name.text.clone(),
            Some(Fallback::Value(value)) => format!("= {}", text(value)),
            None => String::new(),
        })
        .collect();
    assert_eq!(fallbacks, ["other", "in", "= vec![1, 2]", "other", ""]);
    let (function, item, errors) = free("retries = 1", "#[fallback(other)] fn a() {}");
    assert!(function.is_some_and(|function| function.fallback.is_some() && function.retries == Some(1)));
    assert_eq!((item.contains("fallback"), errors.len()), (false, 0));
}

#[test]
fn what_is_no_fallback() {
    let message = |text: &str, node: &str| {
        format!(
            "`{text}` does not say what stands in for node `{node}`; write `#[fallback(other_node)]` or `#[fallback(value(expr))]`"
        )
    };
    wrong(
        "#[node] #[fallback] fn a() {}
        #[node] #[fallback()] fn b() {}
        #[node] #[fallback = x] fn c() {}
        #[node] #[fallback(x, y)] fn d() {}
        #[node] #[fallback(3.5)] fn e() {}
        #[node] #[fallback(source(x))] fn f() {}
        #[node] #[fallback(value)] fn g() {}
        #[node] #[fallback(value())] fn h() {}
        #[node] #[fallback(x)] #[fallback(y)] fn i() {}
        #[node] #[fallback(x)] fn j() -> Parallelizable<u8> {}
        #[node] fn k(#[fallback(x)] a: u8) {}
        #[fallback(x)] struct S;
        #[node] #[falback(x)] fn l() {}",
        [
            ("#[fallback]", "`#[fallback]` is empty; write `#[fallback(other_node)]`"),
            ("#[fallback()]", "`#[fallback]` is empty; write `#[fallback(other_node)]`"),
            (
                "#[fallback = x]",
                "`#[fallback]` takes its arguments in parentheses; write `#[fallback(other_node)]`",
            ),
            ("x, y", &*message("x, y", "d")),
            ("3.5", &*message("3.5", "e")),
            ("source(x)", &*message("source(x)", "f")),
            ("value", &*message("value", "g")),
            ("value", "`value` needs an expression; write `value(30)`"),
            ("#[fallback(y)]", "`#[fallback]` stands twice on node `i`; keep one"),
            (
                "#[fallback(x)]",
                "node `j` opens a block, whose items may be in use when it fails, so nothing can stand in for it; put `#[fallback(..)]` on a node that it needs, or on one in the block",
            ),
            (
                "#[fallback(x)]",
                "`#[fallback]` has no meaning on parameter `a`; it belongs on a function with `#[node]`",
            ),
            (
                "#[fallback(x)]",
                "`#[fallback]` has no meaning on a struct; it belongs on a function with `#[node]`",
            ),
            ("falback", "`#[falback]` is no attribute of Millstream; did you mean `#[fallback]`?"),
        ],
    );
}

#[test]
fn retries_and_time_limits() {
    let both = function("#[node(retries = 3, timeout = \"500ms\", fallible)] fn f() -> Alias {}");
    assert_eq!((both.retries, both.timeout), (Some(3), Some(Duration::from_millis(500))));
    let none = function("#[node] fn f() {}");
    assert_eq!((none.retries, none.timeout), (None, None));
    assert_eq!(function("#[node(retries = 0)] fn f() {}").retries, Some(0));
    for (text, expected) in [
        ("7ns", Duration::from_nanos(7)),
        ("20us", Duration::from_micros(20)),
        ("1ms", Duration::from_millis(1)),
        ("90s", Duration::from_secs(90)),
        ("5m", Duration::from_mins(5)),
        ("24h", Duration::from_hours(24)),
    ] {
        let limited = function(&format!("#[node(timeout = \"{text}\")] fn f() {{}}"));
        assert_eq!(limited.timeout, Some(expected), "{text}");
    }
}

#[test]
fn what_is_no_number_and_no_duration() {
    let duration = |text: &str| {
        format!(
            "`{text}` is no duration; write a whole number with `ns`, `us`, `ms`, `s`, `m` or `h`: `timeout = \"500ms\"`"
        )
    };
    let whole = "`retries` needs a whole number; write `retries = 3`";
    let quotes = "`timeout` needs a duration in quotes; write `timeout = \"500ms\"`";
    wrong(
        "#[node(retries)] fn a() {}
        #[node(retries = \"3\")] fn b() {}
        #[node(retries = 5000000000)] fn c() {}
        #[node(retries = -1)] fn d() {}
        #[node(timeout)] fn e() {}
        #[node(timeout = 500)] fn f() {}
        #[node(timeout = 5s)] fn g() {}
        #[node(timeout = \"5\")] fn h() {}
        #[node(timeout = \"s\")] fn i() {}
        #[node(timeout = \"1.5s\")] fn j() {}
        #[node(timeout = \"5 sec\")] fn k() {}
        #[node(timeout = \"99999999999999999h\")] fn l() {}
        #[node(timeout = \"0ms\")] fn m() {}
        #[node(retry = 3)] fn n() {}",
        [
            ("retries", whole),
            ("retries", whole),
            ("retries", whole),
            ("retries", whole),
            ("timeout", quotes),
            ("timeout", quotes),
            ("timeout", quotes),
            ("\"5\"", &*duration("5")),
            ("\"s\"", &*duration("s")),
            ("\"1.5s\"", &*duration("1.5s")),
            ("\"5 sec\"", &*duration("5 sec")),
            ("\"99999999999999999h\"", &*duration("99999999999999999h")),
            ("\"0ms\"", "no node can finish in no time; write more, or remove `timeout`"),
            (
                "retry",
                "`retry` is no option of `#[node]`; its options are `name`, `version`, `retries`, `timeout`, `fallible`, `overrides`",
            ),
        ],
    );
}

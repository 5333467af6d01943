//! Fallbacks.

use crate::support::{found_with, included, look, right, warned, wrong};

const LIVE: &str = "
    #[inputs] pub struct Inputs { pub usual: f64 }
    #[node] #[fallback(stored)] pub async fn live() -> Result<f64, Error> {}
    #[node] #[fallback(usual)] fn stored() -> Result<f64, Error> {}
    #[node(retries = 2, timeout = \"1s\")] #[fallback(value(0.0))] pub fn twice(live: f64) -> f64 {}
";

#[test]
fn a_fallback_is_needed_but_no_edge() {
    let found = look(LIVE, &[], |checked| {
        let name = |index: usize| checked.nodes[index].name.text.as_str();
        let fallbacks = checked.fallbacks.iter().enumerate();
        let fallbacks: Vec<_> =
            fallbacks.filter_map(|(node, fallback)| Some((name(node), name((*fallback)?)))).collect();
        assert_eq!(fallbacks, [("stored", "usual"), ("live", "stored")]);
        assert_eq!(checked.feeds.iter().flatten().flatten().count(), 1, "`twice` takes `live`");
    });
    assert_eq!((found.errors.len(), found.warnings.len()), (0, 0), "{:?}", found.warnings);
    warned(
        "#[node] pub fn live() -> f64 {} #[node] fn stored() -> f64 {}",
        ["nothing needs the private node `stored`; make it `pub` so that it can be asked for, or remove it"],
    );
}

#[test]
fn every_instance_falls_back_and_a_mistake_is_said_once() {
    right(
        "#[node] pub fn zero() -> f64 {}
        #[node] #[parameterize(a = { k: value(1) }, b = { k: value(2) })] #[fallback(zero)] pub fn scaled(k: u8) -> f64 {}",
    );
    wrong(
        "#[node] #[parameterize(a = { k: value(1) }, b = { k: value(2) })] #[fallback(zero)] pub fn scaled(k: u8) -> f64 {}",
        [
            "node `a` falls back on `zero`, which is neither a node nor an input; name a node or an input, or write `value(..)` for a constant",
        ],
    );
    // A part comes after its whole.
    wrong(
        "#[node] #[extract_fields(left: f64)] #[fallback(left)] pub fn pair() -> Pair {}",
        [
            "node `pair` falls back on `left`, which needs `pair` itself: `left` -> `pair`; name a node that does not",
        ],
    );
}

#[test]
fn variants_fall_back_on_one_node() {
    let variants = |second: &str| {
        format!(
            "#[config] pub struct Config {{ pub fast: bool }}
            #[node] pub fn zero() -> f64 {{}} #[node] pub fn one() -> f64 {{}}
            #[node] #[when(fast = true)] #[fallback(zero)] pub fn mean__fast() -> f64 {{}}
            #[node] #[when(fast = false)] {second} pub fn mean__exact() -> f64 {{}}"
        )
    };
    right(&variants(""));
    right(&variants("#[fallback(zero)]"));
    right(&variants("#[fallback(value(1.0))]"));
    wrong(
        &variants("#[fallback(one)]"),
        ["the variants of node `mean` fall back on `zero` and on `one`; name one for all"],
    );
}

#[test]
fn fallbacks_come_with_an_included_dataflow() {
    let live = included("live_prices", LIVE);
    let fallbacks: Vec<_> = live.nodes.iter().filter_map(|node| node.fallback.as_deref()).collect();
    assert_eq!(fallbacks, ["usual", "stored"]);
    let body =
        "#[include] use super::live_prices; #[node] #[fallback(twice)] pub fn price(live: f64) -> f64 {}";
    assert_eq!(found_with(body, std::slice::from_ref(&live)).errors, [""; 0]);
    // What feeds its input needs what falls back on it.
    let body = "#[include] use super::live_prices; #[node] pub fn usual(twice: f64) -> f64 {}";
    assert_eq!(
        found_with(body, std::slice::from_ref(&live)).errors,
        [
            "node `stored` falls back on `usual`, which needs `stored` itself: `usual` -> `twice` -> `live` -> `stored`; name a node that does not",
        ]
    );
    let body = "#[include] use super::live_prices; #[node] #[fallback(stored)] pub fn price() -> f64 {}";
    assert_eq!(
        found_with(body, &[live]).errors,
        ["node `stored` of `live_prices` is private; make it `pub` there to use it here"]
    );
}

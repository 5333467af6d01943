//! What each attribute means, seen at run time.
#![allow(
    unreachable_pub,
    clippy::cast_precision_loss,
    clippy::needless_pass_by_value,
    clippy::trivially_copy_pass_by_ref,
    clippy::type_complexity,
    clippy::unnecessary_wraps,
    clippy::unwrap_used,
    reason = "dataflows as users write them, in all forms"
)]

use millstream::prelude::*;

/// All the ways a parameter takes its value.
#[dataflow]
mod parameters {
    use std::collections::BTreeMap;
    use std::fmt::Display;
    use std::path::{Path, PathBuf};
    use std::sync::Arc;

    pub type Series = Vec<f64>;

    #[inputs]
    pub struct Inputs {
        pub series: Vec<f64>,
        pub text: String,
        pub path: PathBuf,
        pub number: f64,
        pub maybe: Option<String>,
        #[default(7)]
        pub window: usize,
        pub shared: Arc<Vec<u8>>,
    }

    #[node]
    pub fn borrowed(series: &[f64], text: &str, path: &Path, number: &f64, shared: &[u8]) -> String {
        format!("{series:?} {text} {} {number} {shared:?}", path.display())
    }

    #[node]
    pub fn by_value(mut series: Vec<f64>, number: f64) -> Series {
        series.push(number);
        series
    }

    /// The provider's type is known by an alias.
    #[node]
    pub fn of_alias(by_value: &[f64]) -> usize {
        by_value.len()
    }

    #[node]
    pub fn any_display(#[source(number)] shown: &dyn Display) -> String {
        shown.to_string()
    }

    #[node]
    pub fn boxed() -> Box<dyn Display + Send + Sync> {
        Box::new(1.5)
    }

    #[node]
    pub fn unboxed(boxed: &(dyn Display + Send + Sync)) -> String {
        boxed.to_string()
    }

    #[node]
    pub fn optional(
        maybe: Option<&str>,
        number: Option<f64>,
        #[source(series)] there: Option<&[f64]>,
        nowhere: Option<&u8>,
    ) -> String {
        format!("{maybe:?} {number:?} {there:?} {nowhere:?}")
    }

    #[node]
    pub fn defaults(window: usize, #[default(3)] nothing: i32, #[default(5.0)] number: f64) -> f64 {
        window as f64 + f64::from(nothing) + number
    }

    #[node]
    pub fn constants(
        #[value("word")] word: &str,
        #[value(vec![1, 2])] list: Vec<u8>,
        #[value(&[0.5])] half: &[f64],
    ) -> String {
        format!("{word} {list:?} {half:?}")
    }

    #[node]
    #[inject(one = source(number), two = value(2.0), all = group(number, defaults))]
    pub fn injected(one: f64, two: f64, all: Vec<&f64>) -> f64 {
        one + two + all.into_iter().sum::<f64>()
    }

    #[node]
    pub fn grouped(
        #[group(number, defaults)] list: Vec<&f64>,
        #[group(text, any_display)] map: BTreeMap<&str, &String>,
    ) -> String {
        format!("{list:?} {map:?}")
    }

    #[node]
    pub fn r#type(r#number: f64) -> f64 {
        r#number
    }
}

fn all() -> parameters::Inputs {
    parameters::Inputs {
        series: vec![1.0, 2.0],
        text: "text".into(),
        path: "a/b".into(),
        number: 4.0,
        maybe: Some("yes".into()),
        window: 7,
        shared: std::sync::Arc::new(vec![9]),
    }
}

#[test]
fn every_form_of_parameter_gets_its_value() {
    use parameters::{
        any_display, borrowed, by_value, constants, defaults, grouped, injected, of_alias, optional, unboxed,
    };
    for executor in [Executor::Sequential, Executor::Rayon] {
        let driver = parameters::driver().executor(executor).build().unwrap();
        let run = driver
            .execute::<(
                borrowed,
                by_value,
                of_alias,
                any_display,
                unboxed,
                optional,
                defaults,
                constants,
                injected,
                grouped,
                parameters::r#type,
            )>(all())
            .unwrap();
        assert_eq!(
            run.into_values(),
            (
                "[1.0, 2.0] text a/b 4 [9]".to_owned(),
                vec![1.0, 2.0, 4.0],
                3,
                "4".to_owned(),
                "1.5".to_owned(),
                r#"Some("yes") Some(4.0) Some([1.0, 2.0]) None"#.to_owned(),
                14.0,
                "word [1, 2] [0.5]".to_owned(),
                4.0 + 2.0 + 4.0 + 14.0,
                r#"[4.0, 14.0] {"any_display": "4", "text": "text"}"#.to_owned(),
                4.0,
            )
        );
    }
}

#[test]
fn what_is_not_supplied_is_absent_or_has_its_default() {
    let driver = parameters::driver().build().unwrap();
    let run = driver.execute::<parameters::optional>(parameters::inputs()).unwrap();
    assert_eq!(run.into_values(), "None None None None");
    let run = driver.execute::<parameters::defaults>(parameters::inputs()).unwrap();
    assert_eq!(run.into_values().to_bits(), 15.0_f64.to_bits());
}

#[test]
fn what_is_missing_is_refused_before_anything_runs_and_all_at_once() {
    let driver = parameters::driver().build().unwrap();
    let error =
        driver.execute::<(parameters::borrowed, parameters::by_value)>(parameters::inputs().number(1.0));
    let problems = error.err().unwrap().problems();
    for name in ["series", "text", "path", "shared"] {
        assert!(
            problems.iter().any(|problem| problem.contains(&format!("`{name}`"))),
            "{name}: {problems:?}"
        );
    }
    assert!(problems.iter().any(|problem| problem.contains("PathBuf")), "{problems:?}");
}

#[test]
fn the_functions_stay_functions() {
    assert_eq!(parameters::by_value(vec![], 1.0), vec![1.0]);
    assert_eq!(parameters::optional(None, Some(1.0), None, None), "None Some(1.0) None None");
}

/// One function, many nodes; one node, many functions.
#[dataflow]
mod shapes {
    use std::collections::{BTreeMap, HashMap};

    #[derive(Clone, Copy, PartialEq)]
    pub enum Unit {
        Metric,
        Imperial,
        Nautical,
    }

    #[config]
    pub struct Config {
        pub unit: Unit,
        pub language: String,
        pub level: u8,
        pub station: Option<String>,
    }

    #[inputs]
    pub struct Inputs {
        pub distance: f64,
    }

    #[node]
    #[when(unit = Unit::Metric)]
    pub fn shown__metric(distance: f64) -> String {
        format!("{distance} km")
    }

    #[node]
    #[when(unit = Unit::Imperial | Unit::Nautical)]
    pub fn shown__other(distance: f64) -> Result<String, std::fmt::Error> {
        Ok(format!("{} mi", distance / 2.0))
    }

    #[node]
    #[when(language = "de", level = 0..=3)]
    pub fn word__german() -> &'static str {
        "Weg"
    }

    #[node]
    #[when(language = _)]
    pub fn word__any() -> &'static str {
        "way"
    }

    #[node]
    #[when(station = Some("north"))]
    pub fn offset__north() -> f64 {
        1.0
    }

    #[node]
    #[when(station = _)]
    pub fn offset__elsewhere() -> f64 {
        0.0
    }

    #[node]
    #[when(unit = Unit::Nautical)]
    pub fn at_sea__yes() -> bool {
        true
    }

    #[node]
    #[when_not(unit = Unit::Nautical)]
    pub fn at_sea__no() -> bool {
        false
    }

    /// {value} to the power {power} is `{output_name}`.
    #[node]
    #[parameterize(
        squared = { value: source(distance), power: value(2) },
        /// Cubed, said otherwise.
        cubed = { value: source(distance), power: value(3) },
    )]
    pub fn power(value: f64, power: i32) -> f64 {
        value.powi(power)
    }

    #[node]
    #[parameterize_sources(sum_of_powers = { one: squared, other: cubed }, twice_squared = { one: squared, other: squared })]
    pub fn sum(one: f64, other: f64) -> f64 {
        one + other
    }

    #[node]
    #[parameterize_values(factor, doubled = 2.0, tripled = 3.0)]
    #[tag(kind = "multiple")]
    pub fn multiple(distance: f64, factor: f64) -> f64 {
        distance * factor
    }

    #[node]
    pub fn multiples(#[group(tag(kind = "multiple"))] all: BTreeMap<&str, &f64>) -> String {
        format!("{all:?}")
    }

    #[derive(Clone)]
    pub struct Parts {
        pub whole: f64,
        pub rest: f64,
    }

    #[node]
    #[extract_fields(whole, rest)]
    pub fn parts(distance: f64) -> Parts {
        Parts { whole: distance.trunc(), rest: distance.fract() }
    }

    #[node]
    #[extract_fields(start: usize, end: usize)]
    pub fn range() -> std::ops::Range<usize> {
        2..5
    }

    #[node]
    #[extract_fields(north, south)]
    pub fn by_name(distance: f64) -> Result<HashMap<String, f64>, std::fmt::Error> {
        Ok(HashMap::from([("north".to_owned(), distance), ("east".to_owned(), 0.0)]))
    }

    #[node]
    #[unpack_fields(left, _, right)]
    pub fn three() -> (u8, bool, String) {
        (1, true, "r".into())
    }

    #[node(name = "renamed", version = 3)]
    pub fn original(left: u8) -> u8 {
        left
    }

    pub type Fallible<T> = Result<T, std::num::ParseIntError>;
    pub type Parsed = Fallible<i32>;

    #[node(fallible)]
    pub fn parsed(right: &str) -> Parsed {
        right.parse()
    }
}

fn shapes(
    unit: shapes::Unit,
    language: &str,
    level: u8,
    station: Option<&str>,
) -> millstream::Driver<shapes::Flow> {
    let config = shapes::Config { unit, language: language.into(), level, station: station.map(Into::into) };
    shapes::driver(config).build().unwrap()
}

#[test]
fn the_config_selects_variants() {
    use shapes::{Unit, at_sea, offset, shown, word};
    let run = |driver: millstream::Driver<shapes::Flow>| {
        driver
            .execute::<(shown, word, offset, at_sea)>(shapes::Inputs { distance: 4.0 })
            .unwrap()
            .into_values()
    };
    assert_eq!(run(shapes(Unit::Metric, "de", 2, Some("north"))), ("4 km".to_owned(), "Weg", 1.0, false));
    assert_eq!(run(shapes(Unit::Imperial, "de", 4, Some("south"))), ("2 mi".to_owned(), "way", 0.0, false));
    assert_eq!(run(shapes(Unit::Nautical, "fr", 0, None)), ("2 mi".to_owned(), "way", 0.0, true));
}

#[test]
fn one_function_makes_many_nodes() {
    use shapes::{cubed, multiples, squared, sum_of_powers, twice_squared};
    let driver = shapes(shapes::Unit::Metric, "", 0, None);
    let run = driver
        .execute::<(squared, cubed, sum_of_powers, twice_squared, multiples)>(shapes::Inputs {
            distance: 2.0,
        })
        .unwrap();
    assert_eq!(run.into_values(), (4.0, 8.0, 12.0, 8.0, r#"{"doubled": 4.0, "tripled": 6.0}"#.to_owned()));
}

#[test]
fn parts_of_a_value_are_nodes() {
    use shapes::{end, left, north, parts, renamed, rest, right, start, whole};
    let driver = shapes(shapes::Unit::Metric, "", 0, None);
    let run = driver
        .execute::<(whole, rest, start, end, left, right, renamed)>(shapes::Inputs { distance: 2.5 })
        .unwrap();
    assert_eq!(run.into_values(), (2.0, 0.5, 2, 5, 1, "r".to_owned(), 1));
    // The whole and its parts at once.
    let run = driver.execute::<(parts, whole)>(shapes::Inputs { distance: 2.5 }).unwrap();
    let (parts, whole) = run.into_values();
    assert_eq!((parts.whole.to_bits(), parts.rest.to_bits()), (whole.to_bits(), 0.5_f64.to_bits()));
    let run = driver.execute::<north>(shapes::Inputs { distance: 2.5 });
    assert_eq!(run.unwrap().into_values().to_bits(), 2.5_f64.to_bits());
}

#[test]
fn a_missing_key_is_the_failure_of_the_node_that_should_have_had_it() {
    let driver = shapes(shapes::Unit::Metric, "", 0, None);
    let error = driver.execute::<shapes::south>(shapes::Inputs { distance: 1.0 }).err().unwrap();
    let text = format!("{error:?}");
    for part in ["by_name", "south", "east", "north"] {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
}

#[test]
fn an_error_behind_an_alias_is_an_error() {
    let driver = shapes(shapes::Unit::Metric, "", 0, None);
    let error = driver.execute::<shapes::parsed>(shapes::inputs()).err().unwrap();
    assert_eq!(error.failure().unwrap().node(), "parsed");
    assert!(format!("{error:?}").contains("invalid digit"), "{error:?}");
}

#[test]
fn the_graph_knows_docs_and_tags() {
    let graph = shapes::dataflow().graph();
    let doc = |name: &str| graph.node(name).unwrap().doc().to_owned();
    assert_eq!(doc("squared"), "distance to the power 2 is `squared`.");
    assert_eq!(doc("cubed"), "Cubed, said otherwise.");
    let tagged: Vec<_> =
        graph.tagged("kind", "multiple").into_iter().map(|node| node.name().to_owned()).collect();
    assert_eq!(tagged, ["doubled", "tripled"]);
}

/// Modules of the same shape, each of which differs from the first in one way.
mod alike {
    use millstream::prelude::*;

    pub struct Ends {
        pub low: usize,
        pub high: usize,
    }

    macro_rules! flow {
        ($name:ident, $input:literal, $param:literal, [$($part:ident)*], $ty:ty) => {
            #[dataflow]
            pub mod $name {
                #[inputs]
                pub struct Inputs {
                    #[default($input)]
                    pub width: usize,
                }

                #[node]
                #[extract_fields($($part: usize),*)]
                pub fn ends(width: $ty, #[default($param)] other: usize) -> super::Ends {
                    super::Ends { low: other, high: *width }
                }
            }
        };
    }

    flow!(first, 1, 2, [low high], &usize);
    flow!(same, 1, 2, [high low], &std::primitive::usize);
    flow!(other_input, 3, 2, [low high], &usize);
    flow!(other_param, 1, 3, [low high], &usize);
    flow!(other_parts, 1, 2, [low], &usize);
}

#[test]
fn the_hash_changes_when_and_only_when_the_graph_does() {
    let hash = |dataflow: &millstream::Dataflow| dataflow.graph().hash();
    let first = hash(alike::first::dataflow());
    assert_eq!(first, hash(alike::same::dataflow()));
    assert_ne!(first, hash(alike::other_input::dataflow()));
    assert_ne!(first, hash(alike::other_param::dataflow()));
    assert_ne!(first, hash(alike::other_parts::dataflow()));
}

#[dataflow]
mod uneven {
    #[config]
    pub struct Config {
        pub strict: bool,
    }

    #[node]
    #[when(strict = false)]
    pub fn half__lenient() -> u8 {
        1
    }

    #[node]
    #[when(strict = true)]
    pub fn half__strict() -> Result<u8, String> {
        Err("three has no half".to_owned())
    }
}

#[test]
fn a_variant_fails_at_its_own_place() {
    let driver = uneven::driver(uneven::Config { strict: true }).build().unwrap();
    let error = driver.execute::<uneven::half>(()).err().unwrap();
    let place = error.failure().unwrap().place().unwrap();
    let source = include_str!("language.rs").lines().nth(place.line as usize - 1).unwrap();
    assert!(source.contains("fn half__strict"), "{place}: {source}");
}

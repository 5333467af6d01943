//! Compiled entry points: the same values as a driver gives, on the same dataflow.

#![allow(
    unreachable_pub,
    clippy::cast_precision_loss,
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::ptr_arg,
    clippy::redundant_allocation,
    clippy::ref_option,
    clippy::trivially_copy_pass_by_ref,
    clippy::unnecessary_wraps,
    clippy::unwrap_used,
    reason = "dataflows as users write them, in all forms"
)]

use std::error::Error as _;
use std::sync::Arc;

use millstream::prelude::*;
use millstream::{Error, ErrorKind};

/// All the ways a parameter takes its value.
#[dataflow(compile(
    all = (
        borrowed, by_value, of_alias, any_display, unboxed, optional, defaults, constants, injected, grouped,
        grouped_aliases, r#type, none_inside, deep, maybe, number
    ),
    of_one = of_alias,
    tuple_of_one = (defaults,),
    an_input = series,
))]
mod parameters {
    use std::collections::BTreeMap;
    use std::fmt::Display;
    use std::path::{Path, PathBuf};
    use std::sync::Arc;

    pub type Series = Vec<f64>;
    pub type Maybe = Option<String>;

    #[inputs]
    pub struct Inputs {
        pub series: Vec<f64>,
        pub text: String,
        pub path: PathBuf,
        pub number: f64,
        pub maybe: Option<String>,
        pub alias: Maybe,
        #[default(7)]
        pub window: usize,
        pub shared: Arc<Vec<u8>>,
        pub not_needed: u8,
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
        #[source(by_value)] as_alias: Option<&[f64]>,
        nowhere: Option<&u8>,
    ) -> String {
        format!("{maybe:?} {number:?} {there:?} {as_alias:?} {nowhere:?}")
    }

    #[node]
    pub fn none_inside(
        alias: Option<&str>,
        #[source(alias)] owned: Option<String>,
        #[source(maybe)] whole: &Option<String>,
        #[source(by_value)] moved: Option<Vec<f64>>,
    ) -> String {
        format!("{alias:?} {owned:?} {whole:?} {moved:?}")
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
    pub fn grouped_aliases(
        #[group(by_value, series)] list: Vec<&[f64]>,
        #[group(by_value, series)] map: BTreeMap<&str, &Vec<f64>>,
    ) -> String {
        format!("{list:?} {map:?}")
    }

    #[node]
    pub fn r#type(r#number: f64) -> f64 {
        r#number
    }

    #[node]
    pub fn not_asked_for(not_needed: u8) -> u8 {
        not_needed
    }

    #[node]
    pub fn nested() -> Arc<Box<Vec<f64>>> {
        Arc::new(Box::new(vec![0.5]))
    }

    #[node]
    pub fn deep(nested: &Vec<f64>) -> usize {
        nested.len()
    }
}

#[test]
fn every_form_of_parameter_gets_its_value() {
    use parameters::{
        any_display, borrowed, by_value, constants, deep, defaults, grouped, grouped_aliases, injected,
        maybe, none_inside, number, of_alias, optional, unboxed,
    };
    for (text, alias) in [(Some("yes"), None), (None, Some("no"))] {
        let (maybe_text, alias) = (text.map(str::to_owned), alias.map(str::to_owned));
        let inputs = parameters::AllInputs {
            series: vec![1.0, 2.0],
            text: "text".into(),
            path: "a/b".into(),
            number: 4.0,
            maybe: maybe_text.clone(),
            alias: alias.clone(),
            window: 7,
            shared: Arc::new(vec![9]),
        };
        let whole = || parameters::Inputs {
            series: vec![1.0, 2.0],
            text: "text".into(),
            path: "a/b".into(),
            number: 4.0,
            maybe: maybe_text.clone(),
            alias: alias.clone(),
            window: 7,
            shared: Arc::new(vec![9]),
            not_needed: 0,
        };
        let driver = parameters::driver().build().unwrap();
        let all = parameters::all(&inputs);
        let run = driver
            .execute::<(borrowed, by_value, of_alias, any_display, unboxed, optional, defaults, constants)>(
                whole(),
            )
            .unwrap();
        assert_eq!(
            run.into_values(),
            (
                all.borrowed,
                all.by_value,
                all.of_alias,
                all.any_display,
                all.unboxed,
                all.optional,
                all.defaults,
                all.constants
            )
        );
        let run = driver
            .execute::<(
                injected,
                grouped,
                grouped_aliases,
                parameters::r#type,
                none_inside,
                deep,
                maybe,
                number,
            )>(whole())
            .unwrap();
        assert_eq!(
            run.into_values(),
            (
                all.injected,
                all.grouped,
                all.grouped_aliases,
                all.r#type,
                all.none_inside,
                all.deep,
                all.maybe,
                all.number
            )
        );
    }
}

#[test]
fn an_entry_takes_the_inputs_it_needs_and_yields_one_value_or_a_struct() {
    let inputs = parameters::OfOneInputs { series: vec![1.0], number: 2.0 };
    let value: usize = parameters::of_one(&inputs);
    assert_eq!(value, 2);
    let parameters::TupleOfOneOutputs { defaults } =
        parameters::tuple_of_one(&parameters::TupleOfOneInputs { number: 1.0, window: 2 });
    assert!((defaults - 6.0).abs() < 1e-12);
    assert_eq!(parameters::an_input(&parameters::AnInputInputs { series: vec![0.5] }), [0.5]);
}

/// Values that count how often they are cloned, and values that cannot be.
mod counted {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[derive(Debug, Default)]
    pub struct Counted(Arc<AtomicUsize>);

    impl Counted {
        pub fn clones(&self) -> usize {
            self.0.load(Ordering::Relaxed)
        }
    }

    impl Clone for Counted {
        fn clone(&self) -> Self {
            self.0.fetch_add(1, Ordering::Relaxed);
            Self(Arc::clone(&self.0))
        }
    }

    #[derive(Debug)]
    pub struct Unique(pub u32);
}

#[dataflow(compile(
    in_order = (taken, looked),
    kept = (made, taken),
    twice = both_ways,
    of_unique = (unique_taken, unique_looked),
))]
mod moves {
    use super::counted::{Counted, Unique};

    #[node]
    pub fn made() -> Counted {
        Counted::default()
    }

    /// Takes the value before others look at it, by the order of the graph.
    #[node]
    pub fn taken(made: Counted) -> Counted {
        made
    }

    #[node]
    pub fn looked(made: &Counted) -> usize {
        made.clones()
    }

    #[node]
    pub fn both_ways(made: Counted, #[source(made)] again: &Counted) -> usize {
        drop(made);
        again.clones()
    }

    #[node]
    pub fn unique() -> Unique {
        Unique(3)
    }

    #[node]
    pub fn unique_taken(unique: Unique) -> u32 {
        unique.0
    }

    #[node]
    pub fn unique_looked(unique: &Unique) -> u32 {
        unique.0 + 1
    }
}

#[test]
fn a_value_is_moved_at_its_last_use_and_others_look_at_it_before() {
    let moves::InOrderOutputs { taken, looked } = moves::in_order();
    assert_eq!((taken.clones(), looked), (0, 0));
    let moves::KeptOutputs { made, taken } = moves::kept();
    assert_eq!((made.clones(), taken.clones()), (1, 1));
    assert_eq!(moves::twice(), 1);
    let moves::OfUniqueOutputs { unique_taken, unique_looked } = moves::of_unique();
    assert_eq!((unique_taken, unique_looked), (3, 4));
}

/// Values that are taken apart.
#[dataflow(compile(
    parts = (sum, mean, first, second, found, whole_and_part),
    of_map = found,
))]
mod apart {
    use super::elsewhere::Elsewhere;
    use std::collections::{BTreeMap, HashMap};

    #[inputs]
    pub struct Inputs {
        pub numbers: Vec<f64>,
        pub key: String,
    }

    pub struct Columns {
        pub high: Vec<f64>,
        /// The low ones.
        pub low: Vec<f64>,
        pub _rest: u8,
    }

    #[node]
    #[extract_fields(high, low)]
    pub fn columns(numbers: &[f64]) -> Columns {
        let (low, high) = numbers.iter().partition(|number| **number < 0.5);
        Columns { high, low, _rest: 0 }
    }

    #[node]
    pub fn sum(high: Vec<f64>) -> f64 {
        high.into_iter().sum()
    }

    #[node]
    pub fn mean(low: &[f64], high: &[f64]) -> f64 {
        (low.iter().sum::<f64>() + high.iter().sum::<f64>()) / (low.len() + high.len()) as f64
    }

    #[node]
    #[unpack_fields(first, _, second)]
    pub fn tuple(numbers: &[f64]) -> (f64, u8, usize) {
        (numbers[0], 0, numbers.len())
    }

    #[node]
    #[extract_fields(red: f64, blue: f64)]
    pub fn map(key: &str, first: f64) -> HashMap<String, f64> {
        HashMap::from([(key.to_owned(), first), ("blue".to_owned(), 2.0)])
    }

    #[node]
    pub fn found(red: f64, blue: f64) -> f64 {
        red + blue
    }

    #[node]
    #[extract_fields(names: BTreeMap<u8, String>, flag: bool)]
    pub fn elsewhere() -> Elsewhere {
        Elsewhere { names: BTreeMap::from([(1, "one".to_owned())]), flag: true }
    }

    /// The value as a whole is needed as well as its parts.
    #[node]
    pub fn whole_and_part(elsewhere: Elsewhere, names: BTreeMap<u8, String>, flag: &bool) -> String {
        format!("{} {names:?} {flag}", elsewhere.names.len())
    }
}

mod elsewhere {
    #[derive(Clone)]
    pub struct Elsewhere {
        pub names: std::collections::BTreeMap<u8, String>,
        pub flag: bool,
    }
}

#[test]
fn values_are_taken_apart() {
    use apart::{first, found, mean, second, sum, whole_and_part};
    let numbers = vec![0.25, 0.75, 1.0];
    let parts = apart::parts(&apart::PartsInputs { numbers: numbers.clone(), key: "red".into() }).unwrap();
    let run = apart::driver()
        .build()
        .unwrap()
        .execute::<(sum, mean, first, second, found, whole_and_part)>(apart::Inputs {
            numbers,
            key: "red".into(),
        })
        .unwrap();
    assert_eq!(
        run.into_values(),
        (parts.sum, parts.mean, parts.first, parts.second, parts.found, parts.whole_and_part)
    );
}

#[test]
fn a_map_without_a_key_is_an_error_of_its_node() {
    let inputs = apart::OfMapInputs { numbers: vec![0.25], key: "green".into() };
    let error = apart::of_map(&inputs).unwrap_err();
    assert_eq!(error.node(), "map");
    let cause = "its value has no key `red`; it has ";
    assert!(error.source().unwrap().to_string().starts_with(cause), "{error:#}");
    let run = apart::driver()
        .build()
        .unwrap()
        .execute::<apart::found>(apart::inputs().numbers(vec![0.25]).key("green".into()));
    let failure = run.err().unwrap();
    assert!(failure.failure().unwrap().cause().unwrap().to_string().starts_with(cause), "{failure:#}");
}

/// Nodes that fail.
#[dataflow(compile(load = total, io = size))]
mod failing {
    use std::io;

    pub type Loaded<T> = Result<T, std::num::ParseFloatError>;

    #[inputs]
    pub struct Inputs {
        pub text: String,
    }

    #[node]
    pub fn rows(text: &str) -> Result<Vec<String>, Box<dyn std::error::Error + Send + Sync>> {
        if text.is_empty() { Err("no text".into()) } else { Ok(text.split(' ').map(str::to_owned).collect()) }
    }

    #[node(fallible)]
    pub fn numbers(rows: &[String]) -> Loaded<Vec<f64>> {
        rows.iter().map(|row| row.parse()).collect()
    }

    #[node]
    pub fn total(numbers: &[f64]) -> f64 {
        numbers.iter().sum()
    }

    #[node]
    pub fn size(text: &str) -> io::Result<usize> {
        if text.is_empty() { Err(io::Error::other("too short")) } else { Ok(text.len()) }
    }
}

#[test]
fn an_error_names_its_node_and_its_place_and_has_the_cause() {
    let load = |text: &str| failing::load(&failing::LoadInputs { text: text.to_owned() });
    assert!((load("1 2.5").unwrap() - 3.5).abs() < 1e-12);
    let error = load("1 two").unwrap_err();
    assert_eq!(error.node(), "numbers");
    assert!(error.source().unwrap().is::<std::num::ParseFloatError>());
    let place = error.place();
    assert_eq!(error.to_string(), format!("node `numbers` ({place}) failed"));
    assert_eq!(format!("{error:#}"), format!("node `numbers` ({place}) failed: invalid float literal"));
    assert_eq!(
        format!("{error:?}"),
        format!("node `numbers` ({place}) failed\n  caused by: invalid float literal")
    );
    // The same as a driver says, but for the way to the output, which an entry does not keep.
    let driver = failing::driver().build().unwrap();
    let failed = driver.execute::<failing::total>(failing::inputs().text("1 two".into())).err().unwrap();
    assert_eq!(failed.failure().unwrap().place(), Some(place));
    let error = Error::from(error);
    assert_eq!(error.kind(), ErrorKind::Node);
    assert_eq!(error.failure().unwrap().node(), "numbers");
    assert_eq!(load("").unwrap_err().into_cause().to_string(), "no text");
    assert_eq!(failing::io(&failing::IoInputs { text: String::new() }).unwrap_err().node(), "size");
}

/// Names that locals could take for their own.
#[dataflow(compile(odd = (config, part, constant, imported, offset)))]
mod names {
    use super::lower_case::imported;

    #[allow(non_upper_case_globals, reason = "names as locals have them")]
    pub const constant: u8 = 7;
    pub static BASE: u8 = 1;

    pub fn offset_of() -> u8 {
        offset_base()
    }

    fn offset_base() -> u8 {
        BASE
    }

    #[config]
    pub struct Config {
        pub inputs: bool,
    }

    #[inputs]
    pub struct Inputs {
        pub first: u8,
    }

    #[node]
    #[when(inputs = true)]
    pub fn config__yes(first: u8) -> u8 {
        first
    }

    #[node]
    #[when(inputs = false)]
    pub fn config__no() -> u8 {
        0
    }

    #[node]
    #[unpack_fields(part, constant, imported)]
    pub fn whole(#[value(constant)] seven: u8, config: u8) -> (u8, u8, u8) {
        (seven, imported + config, 2)
    }

    #[node]
    pub fn offset(part: u8, #[value(offset_of())] base: u8) -> u8 {
        part + base
    }
}

mod lower_case {
    #[allow(non_upper_case_globals, reason = "names as locals have them")]
    pub const imported: u8 = 5;
}

#[test]
fn locals_hide_nothing_of_the_users() {
    let odd = names::odd(&names::Config { inputs: true }, &names::OddInputs { first: 3 });
    assert_eq!((odd.config, odd.part, odd.constant, odd.imported, odd.offset), (3, 7, 8, 2, 8));
}

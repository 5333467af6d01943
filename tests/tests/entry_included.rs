//! Compiled entry points of dataflows that include others, of this crate and of another one.

#![allow(
    unreachable_pub,
    clippy::cast_precision_loss,
    clippy::many_single_char_names,
    clippy::needless_pass_by_value,
    clippy::ptr_arg,
    clippy::too_many_arguments,
    clippy::trivially_copy_pass_by_ref,
    clippy::unwrap_used,
    reason = "dataflows as users write them"
)]

use std::collections::BTreeMap;
use std::error::Error as _;

use millstream::prelude::*;
use millstream_shared_flows::loans::Interest;

/// Makes what `loans` takes as an input.
#[dataflow(compile(letter_of = (letter, books, total, factor), only_total = total))]
mod bank {
    #[include]
    use millstream_shared_flows::loans;
    use std::collections::BTreeMap;

    #[inputs]
    pub struct Inputs {
        pub text: String,
        pub currency: String,
    }

    /// Answers for the input of the same name.
    #[node]
    pub fn lent(text: &str) -> BTreeMap<String, f64> {
        text.split(' ')
            .filter_map(|pair| pair.split_once('='))
            .filter_map(|(name, amount)| Some((name.to_owned(), amount.parse().ok()?)))
            .collect()
    }

    #[node]
    pub fn letter(total: f64, customers: usize, owed: &BTreeMap<String, f64>, currency: &str) -> String {
        format!("{customers} customers owe {total:.1} {currency}: {owed:?}")
    }

    #[node]
    pub fn books(#[group(tag(kind = "book"))] books: Vec<&BTreeMap<String, f64>>) -> usize {
        books.len()
    }
}

#[test]
fn nodes_of_another_crate_are_called() {
    for interest in [Interest::Simple, Interest::Compound] {
        let inputs = bank::LetterOfInputs {
            text: "ann=100 bob=50".into(),
            currency: "EUR".into(),
            rate: 0.1,
            years: 2,
        };
        let entry = bank::letter_of(&bank::Config { interest }, &inputs);
        let run = bank::driver(bank::Config { interest })
            .build()
            .unwrap()
            .execute::<(bank::letter, bank::books, bank::total, bank::factor)>(
                bank::inputs().text("ann=100 bob=50".into()).currency("EUR".into()).rate(0.1).years(2),
            )
            .unwrap();
        assert_eq!(run.into_values(), (entry.letter, entry.books, entry.total, entry.factor));
    }
}

/// What is included, in all forms that a call can have.
#[dataflow]
mod features {
    use std::collections::{BTreeMap, HashMap};
    use std::fmt::Display;
    use std::num::ParseFloatError;

    pub type Series = Vec<f64>;
    type Parsed<T> = Result<T, ParseFloatError>;
    const DAYS: usize = 2;

    #[inputs]
    pub struct Inputs {
        pub text: String,
        pub maybe: Option<String>,
        #[default(3)]
        pub window: usize,
    }

    #[config]
    pub struct Config {
        pub fast: bool,
        pub mode: String,
    }

    #[node(fallible)]
    pub fn numbers(text: &str) -> Parsed<Series> {
        text.split(' ').map(str::parse).collect()
    }

    #[node]
    #[parameterize(
        short = { days: value(1) },
        long = { days: value(DAYS) },
    )]
    pub fn cut(numbers: &[f64], days: usize) -> Vec<f64> {
        numbers.iter().copied().take(days).collect()
    }

    pub struct Pair {
        pub low: f64,
        pub high: Vec<f64>,
    }

    #[node]
    #[extract_fields(low, high)]
    pub fn pair(long: Vec<f64>) -> Pair {
        Pair { low: long[0], high: long }
    }

    #[node]
    #[unpack_fields(one, _, three)]
    pub fn tuple(high: &Vec<f64>) -> (f64, u8, usize) {
        (high[0], 0, high.len())
    }

    #[node]
    #[extract_fields(red: f64, blue: f64)]
    pub fn map(one: f64) -> HashMap<String, f64> {
        HashMap::from([("red".to_owned(), one), ("blue".to_owned(), 0.5)])
    }

    #[node]
    pub fn shown(
        #[source(one)] object: &dyn Display,
        maybe: Option<&str>,
        nowhere: Option<&u8>,
        #[default(4)] absent: u8,
        #[default(5)] window: usize,
        #[group(one, red)] list: Vec<&f64>,
        #[group(one, red)] map: BTreeMap<&str, &f64>,
        #[group(short, numbers)] slices: Vec<&[f64]>,
        three: Option<usize>,
        blue: Option<&f64>,
    ) -> String {
        format!(
            "{object} {maybe:?} {nowhere:?} {absent} {window} {list:?} {map:?} {slices:?} {three:?} {blue:?}"
        )
    }

    #[node]
    #[when(fast = true, mode = "a" | "b")]
    pub fn speed__fast(short: Vec<f64>) -> Result<f64, String> {
        short.first().copied().ok_or_else(|| "empty".to_owned())
    }

    #[node]
    #[when(fast = _)]
    pub fn speed__slow(only_slow: f64) -> Result<f64, String> {
        if only_slow > 9.0 { Err("too high".to_owned()) } else { Ok(only_slow) }
    }

    /// Needed in one arm only.
    #[node]
    pub fn only_slow(numbers: &[f64]) -> f64 {
        numbers.iter().sum()
    }

    /// An argument more than fit without a tuple.
    #[node]
    pub fn many(
        #[source(one)] a: f64,
        #[source(one)] b: f64,
        #[source(one)] c: f64,
        #[source(one)] d: f64,
        #[source(one)] e: f64,
        #[source(one)] f: f64,
        #[source(one)] g: f64,
        #[source(one)] h: f64,
        #[source(red)] i: f64,
    ) -> f64 {
        a + b + c + d + e + f + g + h + i
    }
}

/// Between the two: names are found through it.
#[dataflow]
mod middle {
    #[include]
    use super::features;

    #[node]
    pub fn doubled(speed: f64) -> f64 {
        2.0 * speed
    }
}

#[dataflow(compile(direct = (shown, speed, many, pair_again, low)))]
mod top {
    #[include]
    use super::features;

    #[node]
    pub fn text() -> String {
        "1.5 2.5 4.0".to_owned()
    }

    /// Takes a part by value.
    #[node]
    pub fn pair_again(high: Vec<f64>) -> usize {
        high.len()
    }
}

#[dataflow(compile(through = (shown, doubled, many)))]
mod far {
    #[include]
    use super::middle;
}

#[test]
fn included_nodes_are_called_in_all_forms() {
    use top::{low, many, pair_again, shown, speed};
    for (fast, mode) in [(true, "a"), (true, "c"), (false, "b")] {
        for maybe in [None, Some("word".to_owned())] {
            let config = || top::Config { fast, mode: mode.to_owned() };
            let entry =
                top::direct(&config(), &top::DirectInputs { maybe: maybe.clone(), window: 7 }).unwrap();
            let run = top::driver(config())
                .build()
                .unwrap()
                .execute::<(shown, speed, many, pair_again, low)>(top::Inputs { maybe, window: 7 });
            assert_eq!(
                run.unwrap().into_values(),
                (entry.shown, entry.speed, entry.many, entry.pair_again, entry.low)
            );
        }
    }
}

#[test]
fn what_is_included_by_what_is_included_is_called() {
    use far::{doubled, many, shown};
    for (fast, text) in [(true, "1.5 2.5"), (false, "1.5 2.5"), (false, "10.0 2.5"), (true, "x")] {
        let config = || far::Config { fast, mode: "b".to_owned() };
        let inputs = far::ThroughInputs { text: text.to_owned(), maybe: None, window: 2 };
        let entry = far::through(&config(), &inputs);
        let run = far::driver(config())
            .executor(Executor::Sequential)
            .build()
            .unwrap()
            .execute::<(shown, doubled, many)>(far::Inputs { text: text.to_owned(), maybe: None, window: 2 });
        match (entry, run) {
            (Ok(entry), Ok(run)) => assert_eq!(run.into_values(), (entry.shown, entry.doubled, entry.many)),
            (Err(entry), Err(run)) => {
                let failure = run.failure().unwrap();
                assert_eq!((entry.node(), Some(entry.place())), (failure.node(), failure.place()));
                assert_eq!(entry.source().unwrap().to_string(), failure.cause().unwrap().to_string());
            }
            (entry, run) => assert_eq!(entry.is_ok(), run.is_ok(), "{text}"),
        }
    }
}

#[test]
fn an_entry_asks_only_for_the_inputs_that_are_left() {
    let lent: BTreeMap<String, f64> = BTreeMap::from([("ann".to_owned(), 100.0)]);
    let inputs = bank::OnlyTotalInputs { text: "ann=100".to_owned(), rate: 0.5, years: 1 };
    let total = bank::only_total(&bank::Config { interest: Interest::Simple }, &inputs);
    assert!((total - lent["ann"] * 1.5).abs() < 1e-9);
}

/// Nodes that wait, called by their functions or by their descriptors.
#[dataflow]
mod remote {
    #[inputs]
    pub struct Inputs {
        pub url: String,
    }

    #[node]
    pub async fn page(url: &str) -> Result<String, String> {
        std::future::ready(()).await;
        if url.is_empty() { Err("no address".to_owned()) } else { Ok(format!("page of {url}")) }
    }

    #[node]
    pub async fn words(page: &str, #[value(" ")] of: &str) -> usize {
        std::future::ready(page.split(of).count()).await
    }

    #[node]
    pub async fn length(page: &str) -> usize {
        page.len()
    }
}

#[dataflow(compile(count = (ratio, words)))]
mod reading {
    #[include]
    use crate::remote;

    #[node]
    pub fn ratio(words: usize, length: usize) -> usize {
        length / words
    }
}

#[tokio::test]
async fn included_nodes_are_awaited() {
    let count = |url: &str| reading::CountInputs { url: url.to_owned() };
    let found = reading::count(&count("here")).await.unwrap();
    assert_eq!((found.ratio, found.words), (4, 3));
    assert_eq!(reading::count(&count("")).await.err().unwrap().node(), "page");
}

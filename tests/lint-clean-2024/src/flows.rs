//! The dataflows.

use millstream::prelude::*;

/// Everything that is loaded.
#[dataflow(export, compile(both_ends = (low, high), parsed = numbers))]
pub mod load {
    /// What the caller supplies.
    #[inputs]
    #[derive(Clone, Debug)]
    pub struct Inputs {
        /// Numbers as text.
        pub text: String,
        /// What stands between them.
        #[default(' ')]
        pub separator: char,
        /// What is added to each, if anything.
        pub shift: Option<f64>,
    }

    /// The numbers.
    ///
    /// # Errors
    /// What is no number.
    #[node(version = 2)]
    #[tag(stage = "load", owners = ["a", "b"])]
    pub fn numbers(
        text: &str,
        separator: char,
        shift: Option<&f64>,
    ) -> Result<Vec<f64>, std::num::ParseFloatError> {
        text.split(separator)
            .map(|one| one.parse().map(|number: f64| number + shift.unwrap_or(&0.0)))
            .collect()
    }

    /// Two numbers of a row.
    #[derive(Clone, Debug)]
    pub struct Ends {
        /// The first.
        pub first: f64,
        /// The last.
        pub last: f64,
    }

    /// Both ends.
    #[node]
    #[extract_fields(first, last)]
    #[tag(kind = "end")]
    #[must_use]
    pub fn ends(numbers: &[f64]) -> Ends {
        Ends { first: numbers.first().copied().unwrap_or(0.0), last: numbers.last().copied().unwrap_or(0.0) }
    }

    /// The ends as a tuple.
    #[node]
    #[unpack_fields(low, _, high)]
    #[must_use]
    pub fn low_and_high(first: f64, last: f64) -> (f64, bool, f64) {
        (first.min(last), first < last, first.max(last))
    }
}

/// What is made of it.
#[dataflow(compile(printed = (headline, total, first), only_word = word))]
pub mod report {
    #[include]
    use super::load;
    use std::collections::BTreeMap;

    /// How numbers are written.
    #[derive(Clone, Copy, Debug)]
    pub enum Style {
        /// With all digits.
        Exact,
        /// Without a fraction.
        Round,
    }

    /// What selects variants.
    #[config]
    #[derive(Clone, Debug)]
    pub struct Config {
        /// How numbers are written.
        pub style: Style,
        /// The language of the words.
        pub language: String,
    }

    /// What the caller supplies.
    #[inputs]
    #[derive(Clone, Debug)]
    pub struct Inputs {
        /// The title.
        pub title: String,
    }

    /// `high` as text.
    #[node]
    #[when(style = Style::Exact)]
    #[must_use]
    pub fn written__exact(high: f64) -> String {
        high.to_string()
    }

    /// `high` as text.
    #[node]
    #[when(style = Style::Round)]
    #[must_use]
    pub fn written__round(high: f64) -> String {
        high.round().to_string()
    }

    /// The word for "highest".
    #[node]
    #[when(language = "de")]
    #[must_use]
    pub fn word__german() -> String {
        "hoch".to_owned()
    }

    /// The word for "highest".
    #[node]
    #[when_not(language = "de")]
    #[must_use]
    pub fn word__english() -> String {
        "high".to_owned()
    }

    /// {value} times {factor}.
    #[node]
    #[parameterize(
        first_doubled = { value: source(first) },
        /// The last one, three times.
        last_tripled = { value: source(last), factor: value(3.0) },
    )]
    #[tag_outputs(first_doubled = { kind = "multiple" }, last_tripled = { kind = "multiple" })]
    #[must_use]
    pub fn multiple(value: f64, #[default(2.0)] factor: f64) -> f64 {
        value * factor
    }

    /// Everything at once.
    #[node]
    #[inject(extra = source(low))]
    #[must_use]
    pub fn total(
        #[group(tag(kind = "multiple"))] multiples: Vec<&f64>,
        #[group(first, last)] ends: BTreeMap<&str, &f64>,
        extra: f64,
        #[value("total")] name: &str,
        absent: Option<&bool>,
    ) -> String {
        let sum = multiples.into_iter().sum::<f64>() + ends.into_values().sum::<f64>() + extra;
        format!("{name}: {sum} {absent:?}")
    }

    /// The headline.
    #[node]
    #[must_use]
    pub fn headline(#[source(word)] label: &str, mut written: String, title: &str) -> String {
        written.push_str(label);
        written + title
    }
}

/// A node by itself.
#[node]
#[tag(kind = "sum")]
#[must_use]
pub fn sum_of(column: &[f64], #[default(0.0)] start: f64) -> f64 {
    start + column.iter().sum::<f64>()
}

#[dataflow(compile(three_times = (thrice, twice)))]
mod hidden {
    #[inputs]
    pub(super) struct Inputs {
        pub(super) seed: u64,
    }

    #[node]
    fn twice(seed: u64) -> u64 {
        seed * 2
    }

    #[node]
    pub(super) fn thrice(twice: u64, seed: u64) -> u64 {
        twice + seed
    }
}

/// Runs the private dataflow.
///
/// # Errors
/// None: its nodes cannot fail.
pub fn run_hidden(seed: u64) -> Result<u64, millstream::Error> {
    Ok(hidden::driver().build()?.execute::<hidden::thrice>(hidden::Inputs { seed })?.into_values())
}

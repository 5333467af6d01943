//! Dataflows of another crate: what the tests compose across the crate border.

use millstream::prelude::*;

/// Loans: what comes in, what it costs. The type of its input is known by an alias that only this crate has.
#[dataflow(export)]
pub mod loans {
    use std::collections::BTreeMap as Book;

    /// How interest is counted.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Interest {
        /// On the amount alone.
        Simple,
        /// On the interest of earlier years, too.
        Compound,
    }

    /// Selects how interest is counted.
    #[config]
    pub struct Config {
        /// How interest is counted.
        pub interest: Interest,
    }

    /// What the caller supplies.
    #[inputs]
    pub struct Inputs {
        /// Amount lent to each customer.
        pub lent: Book<String, f64>,
        /// Rate of a year.
        #[default(0.1)]
        pub rate: f64,
        /// Years.
        pub years: u32,
        /// What is forgiven, if anything.
        pub forgiven: Option<f64>,
    }

    /// The factor of simple interest.
    #[node]
    #[must_use]
    #[when(interest = Interest::Simple)]
    pub fn factor__simple(rate: f64, years: u32) -> f64 {
        1.0 + rate * f64::from(years)
    }

    /// The factor of compound interest.
    #[node]
    #[must_use]
    #[when(interest = Interest::Compound)]
    pub fn factor__compound(rate: f64, years: u32) -> f64 {
        (1.0 + rate).powi(i32::try_from(years).unwrap_or(i32::MAX))
    }

    /// What each customer owes.
    #[node]
    #[must_use]
    #[tag(kind = "book")]
    pub fn owed(lent: &Book<String, f64>, factor: f64) -> Book<String, f64> {
        lent.iter().map(|(name, amount)| (name.clone(), amount * factor)).collect()
    }

    /// A node that only this dataflow can name.
    #[node]
    fn largest(owed: &Book<String, f64>) -> f64 {
        owed.values().copied().fold(0.0, f64::max)
    }

    /// What is at risk.
    #[node]
    #[must_use]
    pub fn risk(largest: f64, forgiven: Option<&f64>) -> f64 {
        largest - forgiven.copied().unwrap_or(0.0)
    }

    /// The parts of a summary.
    pub struct Summary {
        /// How many customers there are.
        pub customers: usize,
        /// What all of them owe.
        pub total: f64,
    }

    /// The book in two numbers.
    #[node]
    #[must_use]
    #[extract_fields(customers, total)]
    pub fn summary(owed: &Book<String, f64>) -> Summary {
        Summary { customers: owed.len(), total: owed.values().sum() }
    }
}

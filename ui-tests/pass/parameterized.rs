//! Several nodes of one function.
#![deny(warnings)]
use millstream::prelude::*;

#[dataflow]
pub mod parameterized {
    #[inputs]
    pub struct Inputs {
        pub temp_max: Vec<f64>,
        pub temp_min: Vec<f64>,
        #[default(1)]
        pub window: usize,
    }

    /// Rolling sum of {series} over {window} days.
    #[node]
    #[tag(kind = "rolling")]
    #[parameterize(
        max_rolling = { series: source(temp_max) },
        /// Of the nights.
        min_rolling = { series: source(temp_min), window: value(2), },
    )]
    pub fn rolling(series: &[f64], window: usize) -> Vec<f64> {
        series.windows(window).map(|values| values.iter().sum()).collect()
    }

    #[node]
    #[parameterize_sources(max_last = { series: max_rolling }, min_last = { series: min_rolling })]
    pub fn last(series: &[f64]) -> f64 {
        series.last().copied().unwrap_or(f64::NAN)
    }

    #[node]
    #[parameterize_values(factor, doubled = 2.0, tripled = 1.0 + 2.0)]
    #[inject(x = source(max_last))]
    pub fn times(x: f64, factor: f64) -> f64 {
        x * factor
    }

    #[node]
    #[parameterize_values(map, same = |a: f64, _b: f64| a, other = |_a: f64, b: f64| b)]
    pub fn chosen(map: fn(f64, f64) -> f64, doubled: f64, tripled: f64) -> f64 {
        map(doubled, tripled)
    }

    #[node]
    #[parameterize(all = { members: group(max_last, min_last) }, tagged = { members: group(tag(kind = "none")) })]
    pub fn sum(members: Vec<&f64>) -> f64 {
        members.into_iter().sum()
    }

    #[node]
    #[tag(kind = "none")]
    #[parameterize(single = { n: value(4) })]
    #[unpack_fields(low, high)]
    pub fn pair(n: u32) -> (f64, f64) {
        (f64::from(n), f64::from(n) + 1.0)
    }
}

fn main() -> Result<(), millstream::Error> {
    use parameterized::{all, doubled, max_last, min_last, other, same};
    let inputs = parameterized::Inputs { temp_max: vec![1.0, 2.0], temp_min: vec![0.5, 1.0], window: 1 };
    let run = parameterized::driver()
        .build()?
        .execute::<(max_last, min_last, doubled, same, other, all)>(inputs)?;
    assert_eq!(run.into_values(), (2.0, 1.5, 4.0, 4.0, 6.0, 3.5));
    Ok(())
}

//! W6: ten nodes over columns of `f64`: means, standard deviations, z-scores, ratios, a rolling mean. Once with every
//! column borrowed, once with columns taken by value at their last use and worked on in place, and by hand.
#![allow(clippy::must_use_candidate, reason = "nodes return what they compute")]

use std::sync::Arc;

/// Rows a rolling mean looks back.
const WINDOW: usize = 7;

/// The columns that come in.
#[derive(Clone, Debug)]
pub struct Columns {
    /// Money spent.
    pub spend: Arc<Vec<f64>>,
    /// People who signed up.
    pub signups: Arc<Vec<f64>>,
}

impl Columns {
    /// Columns of so many rows, always the same.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "below 2^20")]
    pub fn new(rows: usize) -> Self {
        let mut state = 1_u64;
        let mut column = |least: f64| {
            let values = (0..rows).map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                least + (state >> 44) as f64 / 1024.0
            });
            Arc::new(values.collect::<Vec<f64>>())
        };
        Self { spend: column(10.0), signups: column(1.0) }
    }
}

macro_rules! pipeline {
    ($(#[$doc:meta])* $name:ident, $column:ty, $rolling:path, $score:path) => {
        $(#[$doc])*
        #[millstream::dataflow]
        pub mod $name {
            use std::sync::Arc;

            /// The columns that come in.
            #[inputs]
            pub struct Inputs {
                /// Money spent.
                pub spend: Arc<Vec<f64>>,
                /// People who signed up.
                pub signups: Arc<Vec<f64>>,
            }

            /// The mean of what was spent.
            #[node]
            pub fn spend_mean(spend: &[f64]) -> f64 {
                super::mean(spend)
            }

            /// Its deviation.
            #[node]
            pub fn spend_deviation(spend: &[f64], spend_mean: f64) -> f64 {
                super::deviation(spend, spend_mean)
            }

            /// What was spent, in deviations.
            #[node]
            pub fn spend_z(spend: &[f64], spend_mean: f64, spend_deviation: f64) -> Vec<f64> {
                super::z_scores(spend, spend_mean, spend_deviation)
            }

            /// The mean of the sign-ups.
            #[node]
            pub fn signups_mean(signups: &[f64]) -> f64 {
                super::mean(signups)
            }

            /// Their deviation.
            #[node]
            pub fn signups_deviation(signups: &[f64], signups_mean: f64) -> f64 {
                super::deviation(signups, signups_mean)
            }

            /// The sign-ups, in deviations.
            #[node]
            pub fn signups_z(signups: &[f64], signups_mean: f64, signups_deviation: f64) -> Vec<f64> {
                super::z_scores(signups, signups_mean, signups_deviation)
            }

            /// What a sign-up cost.
            #[node]
            pub fn cost(spend: &[f64], signups: &[f64]) -> Vec<f64> {
                super::ratios(spend, signups)
            }

            /// What a sign-up cost of late.
            #[node]
            pub fn rolling_cost(cost: $column) -> Vec<f64> {
                $rolling(cost)
            }

            /// A score for each row.
            #[node]
            pub fn score(spend_z: $column, signups_z: &[f64], rolling_cost: &[f64]) -> Vec<f64> {
                $score(spend_z, signups_z, rolling_cost)
            }

            /// The mean score, bit by bit.
            #[node]
            pub fn result(score: &[f64]) -> u64 {
                super::mean(score).to_bits()
            }
        }
    };
}

pipeline!(
    /// Every column is borrowed: each node makes a new one.
    by_reference, &[f64], super::rolling_mean, super::scores
);
pipeline!(
    /// Columns that are needed no more are worked on in place.
    by_value, Vec<f64>, super::rolling_mean_in_place, super::scores_in_place
);

/// By hand, with a new buffer for each column.
#[must_use]
pub fn fresh(columns: &Columns) -> u64 {
    let (spend_z, signups_z, cost) = common(columns);
    let rolling_cost = rolling_mean(&cost);
    drop(cost);
    let score = scores(&spend_z, &signups_z, &rolling_cost);
    mean(&score).to_bits()
}

/// By hand, with the buffers that the dataflow by value takes.
#[must_use]
pub fn in_place(columns: &Columns) -> u64 {
    let (spend_z, signups_z, cost) = common(columns);
    let rolling_cost = rolling_mean_in_place(cost);
    let score = scores_in_place(spend_z, &signups_z, &rolling_cost);
    mean(&score).to_bits()
}

fn common(columns: &Columns) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let z_scores = |column: &[f64]| {
        let mean = mean(column);
        z_scores(column, mean, deviation(column, mean))
    };
    (z_scores(&columns.spend), z_scores(&columns.signups), ratios(&columns.spend, &columns.signups))
}

/// By hand, with buffers that are kept from run to run.
#[derive(Debug, Default)]
pub struct Reused {
    spend_z: Vec<f64>,
    signups_z: Vec<f64>,
    cost: Vec<f64>,
}

impl Reused {
    /// One run.
    pub fn run(&mut self, columns: &Columns) -> u64 {
        for (column, z) in [(&columns.spend, &mut self.spend_z), (&columns.signups, &mut self.signups_z)] {
            let mean = mean(column);
            let deviation = deviation(column, mean);
            z.clear();
            z.extend(column.iter().map(|value| (value - mean) / deviation));
        }
        self.cost.clear();
        self.cost.extend(columns.spend.iter().zip(&**columns.signups).map(|(one, other)| one / other));
        roll(&mut self.cost);
        add_up(&mut self.spend_z, &self.signups_z, &self.cost);
        mean(&self.spend_z).to_bits()
    }
}

/// By hand, the nodes melted into three passes, with no column in between.
#[must_use]
#[allow(clippy::cast_precision_loss, reason = "a count of rows")]
pub fn fused(columns: &Columns) -> u64 {
    let (spend, signups) = (&columns.spend[..], &columns.signups[..]);
    let rows = spend.len() as f64;
    let both = || spend.iter().zip(signups);
    let (spend_sum, signups_sum) =
        both().fold((0.0, 0.0), |(spends, sums), (spend, signups)| (spends + spend, sums + signups));
    let (spend_mean, signups_mean) = (spend_sum / rows, signups_sum / rows);
    let (spend_squares, signups_squares) = both().fold((0.0, 0.0), |(spends, sums), (spend, signups)| {
        (spends + (spend - spend_mean).powi(2), sums + (signups - signups_mean).powi(2))
    });
    let (spend_deviation, signups_deviation) =
        ((spend_squares / rows).sqrt(), (signups_squares / rows).sqrt());
    let mut rolling = Rolling::default();
    let total = both().fold(0.0, |total, (spend, signups)| {
        let spend_z = (spend - spend_mean) / spend_deviation;
        let signups_z = (signups - signups_mean) / signups_deviation;
        total + (spend_z + signups_z - rolling.next(spend / signups))
    });
    (total / rows).to_bits()
}

#[allow(clippy::cast_precision_loss, reason = "a count of rows")]
fn mean(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |sum, value| sum + value) / values.len() as f64
}

#[allow(clippy::cast_precision_loss, reason = "a count of rows")]
fn deviation(values: &[f64], mean: f64) -> f64 {
    (values.iter().fold(0.0, |sum, value| sum + (value - mean).powi(2)) / values.len() as f64).sqrt()
}

fn z_scores(values: &[f64], mean: f64, deviation: f64) -> Vec<f64> {
    values.iter().map(|value| (value - mean) / deviation).collect()
}

fn ratios(ones: &[f64], others: &[f64]) -> Vec<f64> {
    ones.iter().zip(others).map(|(one, other)| one / other).collect()
}

fn rolling_mean(values: &[f64]) -> Vec<f64> {
    let mut rolling = Rolling::default();
    values.iter().map(|value| rolling.next(*value)).collect()
}

fn rolling_mean_in_place(mut values: Vec<f64>) -> Vec<f64> {
    roll(&mut values);
    values
}

fn roll(values: &mut [f64]) {
    let mut rolling = Rolling::default();
    for value in values {
        *value = rolling.next(*value);
    }
}

fn scores(spend_z: &[f64], signups_z: &[f64], rolling: &[f64]) -> Vec<f64> {
    spend_z
        .iter()
        .zip(signups_z)
        .zip(rolling)
        .map(|((spend_z, signups_z), rolling)| spend_z + signups_z - rolling)
        .collect()
}

fn scores_in_place(mut spend_z: Vec<f64>, signups_z: &[f64], rolling: &[f64]) -> Vec<f64> {
    add_up(&mut spend_z, signups_z, rolling);
    spend_z
}

fn add_up(spend_z: &mut [f64], signups_z: &[f64], rolling: &[f64]) {
    for ((spend_z, signups_z), rolling) in spend_z.iter_mut().zip(signups_z).zip(rolling) {
        *spend_z = *spend_z + signups_z - rolling;
    }
}

/// The mean of the last few values.
#[derive(Default)]
struct Rolling {
    last: [f64; WINDOW],
    seen: usize,
    sum: f64,
}

impl Rolling {
    #[inline]
    #[allow(clippy::cast_precision_loss, reason = "at most a few")]
    fn next(&mut self, value: f64) -> f64 {
        let place = self.seen % WINDOW;
        self.sum += value - self.last[place];
        self.last[place] = value;
        self.seen += 1;
        self.sum / self.seen.min(WINDOW) as f64
    }
}

#[cfg(test)]
mod tests {
    use millstream::Error;

    use super::*;

    #[test]
    fn all_compute_the_same_to_the_bit() -> Result<(), Error> {
        let columns = Columns::new(1_000);
        let expected = fresh(&columns);
        let mut reused = Reused::default();
        assert_eq!([in_place(&columns), fused(&columns)], [expected; 2]);
        assert_eq!([reused.run(&columns), reused.run(&columns)], [expected; 2]);
        let Columns { spend, signups } = columns;
        let inputs = by_reference::Inputs { spend: spend.clone(), signups: signups.clone() };
        let run = by_reference::driver().build()?.execute::<by_reference::result>(inputs)?;
        assert_eq!(run.into_values(), expected);
        let run =
            by_value::driver().build()?.execute::<by_value::result>(by_value::Inputs { spend, signups })?;
        assert_eq!(run.into_values(), expected);
        Ok(())
    }

    #[test]
    fn a_rolling_mean_looks_back_a_few_rows() {
        let values: Vec<f64> = (1..=9).map(f64::from).collect();
        assert_eq!(rolling_mean(&values), [1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0]);
    }
}

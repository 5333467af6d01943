//! The little statistics we need.

/// The mean; NaN of no values.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / count(values.len())
}

/// The sample standard deviation; NaN of fewer than two values.
pub fn standard_deviation(values: &[f64]) -> f64 {
    let mean = mean(values);
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (squares / (count(values.len()) - 1.0)).sqrt()
}

/// How many there are, as a number to divide by.
#[expect(clippy::cast_precision_loss, reason = "an f64 counts to 2^53")]
pub fn count(things: usize) -> f64 {
    things as f64
}

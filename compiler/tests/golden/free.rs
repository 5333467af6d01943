#[node]
/// The sum of a column.
#[tag(kind = "sum")]
pub fn total(column: &[f64], scale: Option<&f64>, #[default(0.0)] start: f64, #[value("sum")] name: &str) -> f64 {
    start + column.iter().sum::<f64>() * scale.unwrap_or(&1.0)
}

#[dataflow]
pub mod report {
    #[include]
    pub use super::load;
    #[include]
    use crate::features;

    /// The sum.
    #[node]
    pub fn total(numbers: &[f64]) -> f64 {
        numbers.iter().sum()
    }
}

#[dataflow]
/// What a campaign brought.
pub mod campaign {
    /// What the caller supplies.
    #[inputs]
    pub struct Inputs {
        /// Money spent each week.
        pub spend: Vec<f64>,
        /// Weeks of the moving average.
        #[default(2)]
        pub window: usize,
        /// What is added at the end.
        pub bonus: Option<f64>,
    }

    // A helper is left alone.
    fn mean(numbers: &[f64]) -> f64 {
        numbers.iter().sum::<f64>() / numbers.len() as f64
    }

    /// The moving average of the money spent.
    #[node]
    #[tag(stage = "features", owners = ["a", "b"])]
    #[inline]
    pub fn average(spend: &[f64], window: usize) -> Vec<f64> {
        spend.windows(window).map(mean).collect()
    }

    #[node(version = 2)]
    pub fn last(average: Vec<f64>, bonus: Option<&f64>, absent: Option<&str>) -> Result<f64, String> {
        average.last().map(|last| last + bonus.unwrap_or(&0.0)).ok_or_else(|| "no weeks".to_owned())
    }
}

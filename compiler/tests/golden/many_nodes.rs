#[dataflow]
mod features {
    #[inputs]
    pub struct Inputs {
        pub series: Vec<f64>,
    }

    pub struct Ends {
        /// The first value.
        pub first: f64,
        pub last: f64,
    }

    #[node]
    #[extract_fields(first, last)]
    #[tag(kind = "end")]
    pub fn ends(series: &[f64]) -> Ends {
        Ends { first: series[0], last: series[series.len() - 1] }
    }

    #[node]
    #[unpack_fields(low, _, high)]
    fn spread(series: &[f64]) -> (f64, f64, f64) {
        (0.0, 1.0, 2.0)
    }

    /// {value} times {factor}.
    #[node]
    #[parameterize(
        first_doubled = { value: source(first), factor: value(2.0) },
        /// The last, as it is.
        last_plain = { value: source(last) },
    )]
    pub fn scaled(value: f64, #[default(1.0)] factor: f64) -> f64 {
        value * factor
    }

    #[node]
    pub fn sum(
        #[group(tag(kind = "end"))] ends: Vec<&f64>,
        #[group(low, high)] spread: BTreeMap<&str, &f64>,
        #[source(first_doubled)] more: f64,
    ) -> f64 {
        0.0
    }
}

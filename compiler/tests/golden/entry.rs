#[dataflow(compile(forecast = (warmest, outlook), rolled = rolling_week))]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        /// Where the rows are.
        pub file: String,
        /// Days of the mean.
        #[default(7)]
        pub window: usize,
        pub station: Option<String>,
        pub unused: u8,
    }

    #[config]
    pub struct Config {
        pub unit: Unit,
    }

    #[node]
    pub fn rows(file: &str) -> Result<Vec<Row>, io::Error> {
        read(file)
    }

    #[node]
    #[extract_fields(temp_max, temp_min)]
    pub fn columns(rows: Vec<Row>) -> Columns {
        split(rows)
    }

    pub struct Columns {
        pub temp_max: Vec<f64>,
        /// In degrees.
        pub temp_min: Vec<f64>,
    }

    /// In Celsius, whatever it was.
    #[node]
    #[when(unit = Unit::Celsius)]
    pub fn warmest__celsius(temp_max: &[f64]) -> f64 {
        max(temp_max)
    }

    #[node]
    pub fn freezing() -> f64 {
        32.0
    }

    #[node]
    #[when(unit = Unit::Fahrenheit)]
    pub fn warmest__fahrenheit(temp_max: &[f64], freezing: f64) -> f64 {
        (max(temp_max) - freezing) / 1.8
    }

    #[node]
    #[parameterize(
        rolling_week = { series: source(temp_min) },
        rolling_month = { series: source(temp_min), window: value(30) },
    )]
    pub fn rolling(series: Vec<f64>, window: usize) -> Vec<f64> {
        roll(series, window)
    }

    #[node]
    pub fn outlook(
        #[group(rolling_week, rolling_month)] rolled: Vec<&Vec<f64>>,
        station: Option<&str>,
        warmest: f64,
        #[default(2)] absent: u32,
        missing: Option<&u8>,
    ) -> Series {
        look(rolled)
    }
}

use millstream::prelude::*;

/// The observations of a file, and each of their columns as a node.
#[dataflow]
pub mod load {
    use std::path::{Path, PathBuf};

    use jiff::civil::Date;

    use crate::observation::{self, Observation, ReadError};

    #[inputs]
    pub struct Inputs {
        /// The CSV file that holds an observation a day.
        pub observations_csv: PathBuf,
    }

    /// The observations, day by day.
    ///
    /// A node may fail: what depends on it does not run, and the caller gets this error with the node's name.
    #[node]
    #[tag(stage = "load")]
    pub fn observations(observations_csv: &Path) -> Result<Vec<Observation>, ReadError> {
        observation::read(observations_csv)
    }

    /// Each field becomes a node of its own.
    #[derive(Default)]
    pub struct Columns {
        /// The days.
        pub date: Vec<Date>,
        /// Rain and melted snow of each day, in mm.
        pub precipitation: Vec<f64>,
        /// The highest temperature of each day, in °C.
        pub temp_max_celsius: Vec<f64>,
        /// The lowest temperature of each day, in °C.
        pub temp_min_celsius: Vec<f64>,
        /// The mean wind speed of each day, in m/s.
        pub wind: Vec<f64>,
        /// The weather of each day in a word.
        pub sky: Vec<String>,
    }

    /// The observations by column. It takes them by value: whoever needs them last gets them, and nothing is copied.
    #[node]
    #[tag(stage = "load")]
    #[extract_fields(date, precipitation, temp_max_celsius, temp_min_celsius, wind, sky)]
    pub fn columns(observations: Vec<Observation>) -> Columns {
        let mut columns = Columns::default();
        for day in observations {
            columns.date.push(day.date);
            columns.precipitation.push(day.precipitation);
            columns.temp_max_celsius.push(day.temp_max);
            columns.temp_min_celsius.push(day.temp_min);
            columns.wind.push(day.wind);
            columns.sky.push(day.weather);
        }
        columns
    }
}

use millstream::prelude::*;

/// What can be said of each day, from columns of observations wherever they come from.
#[dataflow]
pub mod features {
    use jiff::civil::Date;

    use crate::statistics::mean;
    use crate::unit::Unit;

    /// Whoever includes this dataflow has nodes of these names, or inputs.
    #[inputs]
    pub struct Inputs {
        /// The days.
        pub date: Vec<Date>,
        /// Rain and melted snow of each day, in mm.
        pub precipitation: Vec<f64>,
        /// The highest temperature of each day, in °C.
        pub temp_max_celsius: Vec<f64>,
        /// The lowest temperature of each day, in °C.
        pub temp_min_celsius: Vec<f64>,
        /// What a day's precipitation must exceed, in mm, for the day to be wet.
        #[default(0.0)]
        pub wet_above: f64,
    }

    /// What selects the variants of nodes when a driver is built.
    #[config]
    pub struct Config {
        /// What temperatures are given in.
        pub unit: Unit,
    }

    /// {celsius}, as it was measured.
    #[node]
    #[when(unit = Unit::Celsius)]
    #[parameterize(
        temp_max = { celsius: source(temp_max_celsius) },
        temp_min = { celsius: source(temp_min_celsius) },
    )]
    #[tag(stage = "feature")]
    pub fn temperature__celsius(celsius: Vec<f64>) -> Vec<f64> {
        celsius
    }

    /// {celsius}, in °F.
    #[node]
    #[when(unit = Unit::Fahrenheit)]
    #[parameterize(
        temp_max = { celsius: source(temp_max_celsius) },
        temp_min = { celsius: source(temp_min_celsius) },
    )]
    #[tag(stage = "feature")]
    pub fn temperature__fahrenheit(celsius: &[f64]) -> Vec<f64> {
        celsius.iter().map(|celsius| Unit::fahrenheit(*celsius)).collect()
    }

    /// By how much each day's temperature rises.
    #[node]
    #[tag(stage = "feature")]
    pub fn temp_range(temp_max: &[f64], temp_min: &[f64]) -> Vec<f64> {
        temp_max.iter().zip(temp_min).map(|(max, min)| max - min).collect()
    }

    /// The middle of each day's temperatures.
    #[node]
    #[tag(stage = "feature")]
    pub fn temp_mean(temp_max: &[f64], temp_min: &[f64]) -> Vec<f64> {
        temp_max.iter().zip(temp_min).map(|(max, min)| f64::midpoint(*max, *min)).collect()
    }

    /// A house is heated on days that are colder than this.
    #[node]
    #[when(unit = Unit::Celsius)]
    #[tag(stage = "feature")]
    pub fn heating_limit__celsius() -> f64 {
        18.0
    }

    /// A house is heated on days that are colder than this.
    #[node]
    #[when(unit = Unit::Fahrenheit)]
    #[tag(stage = "feature")]
    pub fn heating_limit__fahrenheit() -> f64 {
        Unit::fahrenheit(18.0)
    }

    /// By how much each day is too cold for a house that is not heated.
    #[node]
    #[tag(stage = "feature")]
    pub fn heating_degrees(temp_mean: &[f64], heating_limit: f64) -> Vec<f64> {
        temp_mean.iter().map(|mean| (heating_limit - mean).max(0.0)).collect()
    }

    /// Which days are wet.
    #[node]
    #[tag(stage = "feature")]
    pub fn wet(precipitation: &[f64], wet_above: f64) -> Vec<bool> {
        precipitation.iter().map(|millimetres| *millimetres > wet_above).collect()
    }

    /// The year of each day.
    #[node]
    #[tag(stage = "feature")]
    pub fn year(date: &[Date]) -> Vec<i16> {
        date.iter().map(|date| date.year()).collect()
    }

    /// The mean of {series} over {window} days, for each day that has as many up to it.
    #[node]
    #[parameterize(
        temp_max_rolling_7 = { series: source(temp_max), window: value(7) },
        temp_max_rolling_30 = { series: source(temp_max), window: value(30) },
        temp_max_rolling_90 = { series: source(temp_max), window: value(90) },
        precipitation_rolling_30 = { series: source(precipitation), window: value(30) },
    )]
    #[tag(stage = "feature", kind = "rolling")]
    pub fn rolling_mean(series: &[f64], window: usize) -> Vec<f64> {
        series.windows(window).map(mean).collect()
    }
}

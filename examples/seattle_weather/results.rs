use millstream::prelude::*;

/// What the weather was like: the results, from what `load` reads and `features` makes of it.
#[dataflow]
pub mod weather {
    use std::collections::BTreeMap;

    use jiff::civil::Date;
    use serde::Serialize;

    use crate::statistics::{count, mean, standard_deviation};

    // The nodes of both are nodes here. The columns of `load` are the inputs of `features`; what neither provides
    // is left for the caller: the file.
    #[include]
    use crate::features;
    #[include]
    use crate::load;

    /// The days from the first to the last.
    #[derive(Clone, Debug, Serialize)]
    pub struct Period {
        pub first: Option<Date>,
        pub last: Option<Date>,
        pub days: usize,
    }

    /// What the results are about.
    #[node]
    #[tag(stage = "final")]
    pub fn period(date: &[Date]) -> Period {
        Period { first: date.first().copied(), last: date.last().copied(), days: date.len() }
    }

    /// The first day with the greatest {series}.
    #[node]
    #[parameterize(
        warmest_day = { series: source(temp_max) },
        wettest_day = { series: source(precipitation) },
        windiest_day = { series: source(wind) },
    )]
    #[tag(stage = "final")]
    pub fn day_of_greatest(date: &[Date], series: &[f64]) -> Option<Date> {
        // Of equals, `max_by` takes the last.
        let days = date.iter().zip(series).rev();
        days.max_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(date, _)| *date)
    }

    /// The mean of {series} over all days.
    #[node]
    #[parameterize(
        temp_max_mean = { series: source(temp_max) },
        temp_min_mean = { series: source(temp_min) },
        wind_mean = { series: source(wind) },
    )]
    #[tag(stage = "final")]
    pub fn mean_of(series: &[f64]) -> f64 {
        mean(series)
    }

    /// How much the daily rise of the temperature varies.
    #[node]
    #[tag(stage = "final")]
    pub fn temp_range_std(temp_range: &[f64]) -> f64 {
        standard_deviation(temp_range)
    }

    /// The mean of the last 30 days' highest temperatures; none where there are fewer days.
    #[node]
    #[tag(stage = "final")]
    pub fn temp_max_rolling_30_last(temp_max_rolling_30: &[f64]) -> Option<f64> {
        temp_max_rolling_30.last().copied()
    }

    /// The last value of every rolling mean, whichever there are: a new one only needs the tag.
    #[node]
    #[tag(stage = "final")]
    pub fn rolling_last(
        #[group(tag(kind = "rolling"))] rolling: BTreeMap<&str, &Vec<f64>>,
    ) -> BTreeMap<String, Option<f64>> {
        rolling.into_iter().map(|(name, means)| (name.to_owned(), means.last().copied())).collect()
    }

    /// The share of wet days.
    #[node]
    #[tag(stage = "final")]
    pub fn wet_day_fraction(wet: &[bool]) -> f64 {
        let wet_days = wet.iter().filter(|wet| **wet).count();
        count(wet_days) / count(wet.len())
    }

    /// The most days in a row without a wet one.
    #[node]
    #[tag(stage = "final")]
    pub fn longest_dry_spell(wet: &[bool]) -> usize {
        wet.split(|wet| *wet).map(<[bool]>::len).max().unwrap_or(0)
    }

    /// The {series} of each year, added up.
    #[node]
    #[parameterize(
        total_precipitation_by_year = { series: source(precipitation) },
        total_heating_degrees_by_year = { series: source(heating_degrees) },
    )]
    #[tag(stage = "final")]
    pub fn total_by_year(year: &[i16], series: &[f64]) -> BTreeMap<i16, f64> {
        let mut totals = BTreeMap::new();
        for (year, value) in year.iter().zip(series) {
            *totals.entry(*year).or_default() += value;
        }
        totals
    }

    /// The number of wet days of each year.
    #[node]
    #[tag(stage = "final")]
    pub fn wet_days_by_year(year: &[i16], wet: &[bool]) -> BTreeMap<i16, usize> {
        let mut days = BTreeMap::new();
        for (year, wet) in year.iter().zip(wet) {
            *days.entry(*year).or_default() += usize::from(*wet);
        }
        days
    }

    /// The number of days of each kind of weather.
    #[node]
    #[tag(stage = "final")]
    pub fn days_by_sky(sky: &[String]) -> BTreeMap<String, usize> {
        let mut days = BTreeMap::new();
        for sky in sky {
            *days.entry(sky.clone()).or_default() += 1;
        }
        days
    }
}

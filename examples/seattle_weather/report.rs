//! The results as a table for people.

use std::fmt::{Display, Error, Write};

use millstream::Outputs;

use crate::unit::Unit;
use crate::weather::{
    self, longest_dry_spell, period, rolling_last, temp_max_mean, temp_min_mean, temp_range_std,
    total_heating_degrees_by_year, total_precipitation_by_year, warmest_day, wet_day_fraction,
    wet_days_by_year, wettest_day,
};

/// The nodes that the table needs, as types. Only they run, and what they need.
pub type Results = (
    period,
    warmest_day,
    wettest_day,
    temp_max_mean,
    temp_min_mean,
    temp_range_std,
    wet_day_fraction,
    longest_dry_spell,
    rolling_last,
    total_precipitation_by_year,
    wet_days_by_year,
    total_heating_degrees_by_year,
);

/// What they yield, as they yield it.
pub type Values = <Results as Outputs<weather::Flow>>::Values;

/// The table.
pub fn table(values: &Values, unit: Unit) -> Result<String, Error> {
    let (period, warmest, wettest, max_mean, min_mean, range_std, wet, dry, rolling, rain, wet_days, heating) =
        values;
    let mut text = String::new();

    writeln!(text, "Seattle, {} to {}, {} days\n", or_none(period.first), or_none(period.last), period.days)?;
    row(&mut text, "warmest day", &or_none(*warmest))?;
    row(&mut text, "wettest day", &or_none(*wettest))?;
    row(&mut text, "mean of the highest temperatures", &format!("{max_mean:.1} {unit}"))?;
    row(&mut text, "mean of the lowest temperatures", &format!("{min_mean:.1} {unit}"))?;
    row(&mut text, "standard deviation of the daily range", &format!("{range_std:.1} {unit}"))?;
    row(&mut text, "wet days", &format!("{:.1} %", wet * 100.0))?;
    row(&mut text, "longest dry spell", &format!("{dry} days"))?;

    writeln!(text, "\nRolling means on the last day\n")?;
    for (name, mean) in rolling {
        row(&mut text, name, &or_none(mean.map(|mean| format!("{mean:.1}"))))?;
    }

    writeln!(text, "\nYear  Precipitation  Wet days  Heating degree days\n")?;
    for ((year, rain), (wet_days, heating)) in rain.iter().zip(wet_days.values().zip(heating.values())) {
        writeln!(text, "{year:4}  {rain:10.1} mm  {wet_days:8}  {heating:16.1} {unit}")?;
    }
    Ok(text)
}

fn row(text: &mut String, name: &str, value: &str) -> Result<(), Error> {
    writeln!(text, "{name:38} {value:>12}")
}

fn or_none(value: Option<impl Display>) -> String {
    value.map_or_else(|| "none".into(), |value| value.to_string())
}

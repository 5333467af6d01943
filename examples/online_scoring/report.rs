//! What was measured, as a table.

use std::fmt::{Error, Write};
use std::time::Duration;

use crate::load::{Effort, Group, Turn};

/// Medians over the rounds, and beside those by hand the medians of the ratios within each round.
pub fn table(groups: &[Group; 2], effort: Effort, latency: Duration) -> Result<String, Error> {
    let Effort { rounds, turn, connections } = effort;
    let mut text = String::new();
    writeln!(
        text,
        "{connections} connections; medians of {rounds} rounds of {turn:?} for each way; x is how many times that by hand"
    )?;
    let titles =
        ["everything is in the request".to_owned(), format!("a store is asked twice, {latency:?} each")];
    for (title, group) in titles.iter().zip(groups) {
        writeln!(
            text,
            "\n{title:37} {:>9} {:>9} {:>11} {:>8} {:>6} {:>11}",
            "p50 us", "p99 us", "requests/s", "x p50", "x p99", "x requests"
        )?;
        let by_hand = &group[0].turns;
        for (place, contender) in group.iter().enumerate() {
            let turns = &contender.turns;
            let of = |number: fn(&Turn) -> f64| median(turns.iter().map(number));
            let to_hand = |number: fn(&Turn) -> f64| {
                median(turns.iter().zip(by_hand).map(|(own, by_hand)| number(own) / number(by_hand)))
            };
            let (p50, p99, rate) =
                (|turn: &Turn| turn.p50_us, |turn: &Turn| turn.p99_us, |turn: &Turn| turn.per_second);
            write!(text, "  {:35} {:9.1} {:9.1} {:11.0}", contender.name, of(p50), of(p99), of(rate))?;
            if place > 0 {
                write!(text, " {:8.2} {:6.2} {:11.2}", to_hand(p50), to_hand(p99), to_hand(rate))?;
            }
            writeln!(text)?;
        }
    }
    Ok(text)
}

/// The middle one; 0 of none.
fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(0.0)
}

//! Times side by side: contenders take turns, so that what disturbs the machine disturbs all of them.

use std::fmt;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// What went wrong, of ours or of a peer.
pub type Failure = Box<dyn std::error::Error>;

/// Something that is measured: it computes a `T`, which is the same for all that it is measured with.
pub struct Contender<'a, T = u64> {
    /// What the table calls it.
    pub name: String,
    once: Once<'a, T>,
}

enum Once<'a, T> {
    Whole(Box<dyn FnMut() -> Result<T, Failure> + 'a>),
    Timed(Box<dyn FnMut() -> Result<(T, Duration), Failure> + 'a>),
}

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// How often the contenders take turns.
    pub rounds: usize,
    /// How long a contender has the machine in each turn, if one run takes no longer.
    pub turn: Duration,
    /// How long a contender may take in all: a slow one takes part in fewer rounds, at least in three.
    pub limit: Duration,
}

/// The times of a contender: nanoseconds of one run, by round.
#[derive(Clone, Debug)]
pub struct Times {
    /// What the table calls it.
    pub name: String,
    by_round: Vec<Option<f64>>,
}

impl<'a, T> Contender<'a, T> {
    /// All that `run` does counts.
    pub fn new(name: impl Into<String>, run: impl FnMut() -> Result<T, Failure> + 'a) -> Self {
        Self { name: name.into(), once: Once::Whole(Box::new(run)) }
    }

    /// What cannot fail.
    pub fn sure(name: impl Into<String>, mut run: impl FnMut() -> T + 'a) -> Self {
        Self::new(name, move || Ok(run()))
    }

    /// `run` says itself which part of its time counts: for what has to be made anew for each run.
    pub fn timed(name: impl Into<String>, run: impl FnMut() -> Result<(T, Duration), Failure> + 'a) -> Self {
        Self { name: name.into(), once: Once::Timed(Box::new(run)) }
    }

    /// Runs once.
    ///
    /// # Errors
    /// Where it fails.
    pub fn run(&mut self) -> Result<T, Failure> {
        Ok(self.once()?.0)
    }

    fn once(&mut self) -> Result<(T, Duration), Failure> {
        match &mut self.once {
            Once::Whole(run) => {
                let start = Instant::now();
                let value = black_box(run()?);
                Ok((value, start.elapsed()))
            }
            Once::Timed(run) => run(),
        }
    }

    /// The mean time of one of several runs, in nanoseconds.
    fn turn(&mut self, runs: u32) -> Result<f64, Failure> {
        let mut counted = Duration::ZERO;
        match &mut self.once {
            // The clock is read once for all of them: it takes longer than what is short.
            Once::Whole(run) => {
                let start = Instant::now();
                for _ in 0..runs {
                    black_box(run()?);
                }
                counted += start.elapsed();
            }
            Once::Timed(run) => {
                for _ in 0..runs {
                    counted += black_box(run()?).1;
                }
            }
        }
        Ok(nanoseconds(counted) / f64::from(runs))
    }
}

impl<T: PartialEq + fmt::Debug> Contender<'_, T> {
    /// Runs once.
    ///
    /// # Errors
    /// Where it fails, or computes another value.
    pub fn check(&mut self, expected: &T) -> Result<(), Failure> {
        let value = self.run().map_err(|error| format!("{}: {error}", self.name))?;
        if value == *expected {
            Ok(())
        } else {
            Err(format!("{}: {value:?} in place of {expected:?}", self.name).into())
        }
    }
}

/// Measures the contenders side by side, after each has computed what the first of them computes.
///
/// # Errors
/// Where one fails, or computes another value.
pub fn race<T: PartialEq + fmt::Debug>(
    effort: Effort,
    contenders: &mut [Contender<'_, T>],
) -> Result<Vec<Times>, Failure> {
    let Some((first, others)) = contenders.split_first_mut() else { return Ok(Vec::new()) };
    let expected = first.run().map_err(|error| format!("{}: {error}", first.name))?;
    for contender in others {
        contender.check(&expected)?;
    }
    let mut plans = Vec::with_capacity(contenders.len());
    for contender in &mut *contenders {
        // The second run, for the first has paid for what is made once; all of it, also what does not count.
        let start = Instant::now();
        contender.run()?;
        plans.push(Plan::of(effort, start.elapsed()));
    }
    let mut times: Vec<Times> = contenders
        .iter()
        .map(|contender| Times { name: contender.name.clone(), by_round: Vec::with_capacity(effort.rounds) })
        .collect();
    for round in 0..effort.rounds {
        for ((contender, plan), times) in contenders.iter_mut().zip(&plans).zip(&mut times) {
            let takes_part = round.is_multiple_of(plan.every);
            times.by_round.push(if takes_part { Some(contender.turn(plan.runs)?) } else { None });
        }
    }
    Ok(times)
}

/// How often a contender runs in a turn, and in which rounds it takes part.
#[derive(Debug, PartialEq, Eq)]
struct Plan {
    runs: u32,
    every: usize,
}

impl Plan {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small counts")]
    fn of(effort: Effort, once: Duration) -> Self {
        let once = nanoseconds(once).max(1.0);
        let runs = (nanoseconds(effort.turn) / once).clamp(1.0, 100_000.0) as u32;
        let affordable = (nanoseconds(effort.limit) / (once * f64::from(runs))).max(3.0) as usize;
        Self { runs, every: effort.rounds.div_ceil(affordable).max(1) }
    }
}

impl Times {
    /// The time that half of the turns did not reach.
    #[must_use]
    pub fn median(&self) -> f64 {
        median(self.by_round.iter().flatten().copied().collect())
    }

    /// The shortest time.
    #[must_use]
    pub fn best(&self) -> f64 {
        self.by_round.iter().flatten().copied().fold(f64::INFINITY, f64::min)
    }

    /// How many times as long as the other: the median over the rounds in which both took part, so that what was
    /// slow about a round is slow in both.
    #[must_use]
    pub fn ratio_to(&self, other: &Self) -> f64 {
        median(self.beside(other).map(|(own, other)| own / other).collect())
    }

    /// How much longer than the other, in the same way.
    #[must_use]
    pub fn more_than(&self, other: &Self) -> f64 {
        median(self.beside(other).map(|(own, other)| own - other).collect())
    }

    fn beside(&self, other: &Self) -> impl Iterator<Item = (f64, f64)> {
        self.by_round.iter().zip(&other.by_round).filter_map(|(own, other)| Some(((*own)?, (*other)?)))
    }
}

/// The median of some numbers; 0 of none.
#[must_use]
pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    match numbers.get(middle) {
        None => 0.0,
        Some(upper) if numbers.len() % 2 == 1 => *upper,
        Some(upper) => f64::midpoint(numbers[middle - 1], *upper),
    }
}

/// A count as a number to calculate with.
#[must_use]
#[allow(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn count(number: usize) -> f64 {
    number as f64
}

fn nanoseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e9
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "the numbers are exact")]
mod tests {
    use super::*;

    const EFFORT: Effort =
        Effort { rounds: 30, turn: Duration::from_micros(100), limit: Duration::from_millis(3) };

    #[test]
    fn medians() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 3.0, 2.0]), 2.5);
        assert_eq!(median(vec![]), 0.0);
    }

    #[test]
    fn the_quick_run_often_and_the_slow_seldom() {
        assert_eq!(Plan::of(EFFORT, Duration::from_micros(1)), Plan { runs: 100, every: 1 });
        assert_eq!(Plan::of(EFFORT, Duration::from_millis(1)), Plan { runs: 1, every: 10 });
        assert_eq!(Plan::of(EFFORT, Duration::from_secs(1)), Plan { runs: 1, every: 10 });
    }

    #[test]
    fn ratios_are_taken_within_a_round() {
        let times = |by_round: [Option<f64>; 4]| Times { name: String::new(), by_round: by_round.into() };
        let noisy = times([Some(1.0), Some(10.0), Some(100.0), Some(1.0)]);
        let double = times([Some(2.0), None, Some(200.0), Some(2.0)]);
        assert_eq!((double.ratio_to(&noisy), double.more_than(&noisy)), (2.0, 1.0));
        assert_eq!((double.median(), double.best()), (2.0, 2.0));
    }

    #[test]
    fn what_counts_is_what_a_contender_says() {
        let mut contenders = [
            Contender::sure("by hand", || 7),
            Contender::timed("slow to make", || Ok((7, Duration::from_nanos(40)))),
        ];
        let times = race(EFFORT, &mut contenders).unwrap();
        assert_eq!((times[1].median(), times[1].best()), (40.0, 40.0));
    }

    #[test]
    fn another_value_is_refused() {
        let mut contenders = [Contender::sure("by hand", || 7), Contender::sure("wrong", || 8)];
        let error = race(EFFORT, &mut contenders).unwrap_err();
        assert_eq!(error.to_string(), "wrong: 8 in place of 7");
    }
}

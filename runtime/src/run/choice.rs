//! Whether one thread or several run a plan faster, by what whole runs of it have taken: with neighbours on the machine,
//! threads that share a core, or other runs at the same time, its tasks alone do not tell.

use std::time::Duration;

/// How a plan is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    One,
    Several,
}

/// Which way is the faster one. Now and then both are tried, so seldom that it costs next to nothing.
#[derive(Debug)]
pub(crate) struct Choice {
    best: Way,
    /// There while both are tried.
    trial: Option<Trial>,
    /// How many times as long several threads take as one, in the last trials.
    ratio: Option<f64>,
    /// What a run takes in the best way.
    usual: Duration,
    /// Runs since the last trial; after how many the next one comes, and after how many it may come, if need be.
    since: u32,
    interval: u32,
    earliest: u32,
}

/// What runs have taken in each way.
#[derive(Debug, Default)]
struct Trial {
    one: Vec<Duration>,
    several: Vec<Duration>,
}

/// A way is tried so often, or for so long: what takes long is less noisy.
const OFTEN_ENOUGH: usize = 5;
const LONG_ENOUGH: Duration = Duration::from_millis(4);
/// A run counts for up to so many usual ones.
const HELD_UP: u32 = 3;
/// Runs between two trials, at first and at most: the more, the more often they have come to the same.
const FIRST_INTERVAL: u32 = 32;
const LAST_INTERVAL: u32 = 4_096;
/// What the slower way costs in a trial is at most this part of what all runs take.
const PART: f64 = 0.01;
/// Several threads have to be faster by so much: others may want the rest.
const WORTH_IT: f64 = 0.95;

impl Choice {
    /// How to make the next run.
    pub(crate) fn next(&self) -> Way {
        match &self.trial {
            Some(trial) if trial.usual(self.best).is_some() => self.best.other(),
            _ => self.best,
        }
    }

    /// Learns what a run has taken. Of one thread it is known that it takes `at_least` this; where several take less,
    /// it is not tried.
    pub(crate) fn learn(&mut self, way: Way, took: Duration, at_least: Duration) {
        if let Some(trial) = &mut self.trial {
            trial.note(way, took);
            if let Some((one, several)) = trial.result(at_least) {
                self.conclude(one, several);
            }
        } else if way == self.best {
            self.since = self.since.saturating_add(1);
            let is_unusual = took > self.usual * 2 || took * 2 < self.usual;
            if self.since >= self.interval || (is_unusual && self.since >= self.earliest) {
                self.trial = Some(Trial::default());
            }
        }
    }

    fn conclude(&mut self, one: Duration, several: Duration) {
        let trial = self.trial.take().unwrap_or_default();
        let known = if self.best == Way::One { one } else { several };
        let is_as_before = known < self.usual * 2 && known * 2 > self.usual;
        let ratio = (several.as_secs_f64() / one.as_secs_f64()).clamp(0.5, 2.0);
        let before = self.ratio.filter(|_| is_as_before);
        let ratio = before.map_or(ratio, |before| f64::midpoint(before, ratio));
        let (best, usual) = if ratio <= WORTH_IT { (Way::Several, several) } else { (Way::One, one) };
        let is_same = best == self.best;
        self.earliest = trial.paid_back_after(best, usual);
        self.interval =
            if is_same { self.interval * 2 } else { FIRST_INTERVAL }.min(LAST_INTERVAL).max(self.earliest);
        (self.best, self.ratio, self.usual, self.since) = (best, Some(ratio), usual, 0);
    }
}

impl Default for Choice {
    /// With a trial before it.
    fn default() -> Self {
        Self {
            best: Way::Several,
            trial: Some(Trial::default()),
            ratio: None,
            usual: Duration::ZERO,
            since: 0,
            interval: FIRST_INTERVAL,
            earliest: 0,
        }
    }
}

impl Trial {
    fn note(&mut self, way: Way, took: Duration) {
        match way {
            Way::One => self.one.push(took),
            Way::Several => self.several.push(took),
        }
    }

    fn of(&self, way: Way) -> &[Duration] {
        match way {
            Way::One => &self.one,
            Way::Several => &self.several,
        }
    }

    /// What a run usually takes, once it has been tried long enough: the median. Of several threads the mean, for where
    /// one of them is held up now and then, all are; but what is out of all proportion counts for less.
    fn usual(&self, way: Way) -> Option<Duration> {
        let mut times = self.of(way).to_vec();
        times.sort_unstable();
        let median = *times.get(times.len() / 2)?;
        let sum = times.iter().map(|took| *took.min(&(median * HELD_UP))).sum::<Duration>();
        if times.len() < OFTEN_ENOUGH && sum < LONG_ENOUGH {
            return None;
        }
        match way {
            Way::One => Some(median),
            Way::Several => Some(sum / u32::try_from(times.len()).unwrap_or(u32::MAX)),
        }
    }

    /// What a run takes on one thread, and on several.
    fn result(&self, at_least: Duration) -> Option<(Duration, Duration)> {
        let several = self.usual(Way::Several)?;
        let one = self.usual(Way::One).or(Some(at_least).filter(|one| *one > several))?;
        Some((one, several))
    }

    /// How many runs in the best way make little of what it has cost to try the other one.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "of what is no number it makes a limit"
    )]
    fn paid_back_after(&self, best: Way, usual: Duration) -> u32 {
        let more = |took: &Duration| took.as_secs_f64() / usual.as_secs_f64() - 1.0;
        (self.of(best.other()).iter().map(more).sum::<f64>() / PART) as u32
    }
}

impl Way {
    fn other(self) -> Self {
        match self {
            Self::One => Self::Several,
            Self::Several => Self::One,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn us(number: u64) -> Duration {
        Duration::from_micros(number)
    }

    /// Makes runs that take so long; how often several threads ran, and what all took.
    fn run(choice: &mut Choice, runs: usize, took: impl Fn(usize, Way) -> Duration) -> (usize, Duration) {
        let mut made = (0, Duration::ZERO);
        for number in 0..runs {
            let way = choice.next();
            let time = took(number, way);
            choice.learn(way, time, Duration::ZERO);
            made = (made.0 + usize::from(way == Way::Several), made.1 + time);
        }
        made
    }

    /// A machine on which the ways take so many microseconds.
    fn steady(one: u64, several: u64) -> impl Fn(usize, Way) -> Duration {
        move |_, way| us(if way == Way::One { one } else { several })
    }

    #[test]
    fn the_faster_way_is_found_after_a_few_runs_of_each() {
        for (one, several, best) in [(100, 60, Way::Several), (100, 150, Way::One), (100, 99, Way::One)] {
            let mut choice = Choice::default();
            run(&mut choice, 2 * OFTEN_ENOUGH, steady(one, several));
            assert_eq!(choice.next(), best, "{one} {several}");
        }
    }

    #[test]
    fn trials_cost_less_than_two_hundredths_of_all() {
        for (one, several) in [(100, 60), (100, 150), (100, 4_000), (5_000, 100)] {
            let (_, all) = run(&mut Choice::default(), 100_000, steady(one, several));
            let best = us(one.min(several)) * 100_000;
            assert!(all < best.mul_f64(1.02), "{one} {several}: {all:?}");
        }
    }

    #[test]
    fn a_single_slow_run_decides_nothing() {
        let mut choice = Choice::default();
        let times = steady(100, 60);
        let with_hiccup = |number, way| if number == 2 { us(9_000) } else { times(number, way) };
        run(&mut choice, 2 * OFTEN_ENOUGH, with_hiccup);
        assert_eq!(choice.next(), Way::Several);
    }

    #[test]
    fn several_threads_that_are_often_held_up_are_not_worth_it() {
        let mut choice = Choice::default();
        let often = |number: usize, way| match way {
            Way::One => us(100),
            Way::Several => us(if number.is_multiple_of(2) { 4_000 } else { 60 }),
        };
        run(&mut choice, 2 * OFTEN_ENOUGH, often);
        assert_eq!(choice.next(), Way::One);
    }

    #[test]
    fn it_follows_a_machine_that_changes() {
        let mut choice = Choice::default();
        run(&mut choice, 1_000, steady(100, 55));
        assert_eq!(choice.next(), Way::Several);
        // Neighbours come: several threads gain nothing any more.
        let (several, _) = run(&mut choice, 10_000, steady(100, 130));
        assert!(several < 3_000, "{several}");
        assert_eq!(choice.next(), Way::One);
        run(&mut choice, 20_000, steady(100, 55));
        assert_eq!(choice.next(), Way::Several);
    }

    #[test]
    fn what_takes_much_longer_at_once_is_tried_anew() {
        let mut choice = Choice::default();
        run(&mut choice, 5_000, steady(100, 110));
        let (several, _) = run(&mut choice, 100, steady(2_000, 1_100));
        assert!(several > 80, "{several}");
    }

    #[test]
    fn what_takes_long_is_tried_once() {
        let mut choice = Choice::default();
        run(&mut choice, 2, steady(90_000, 50_000));
        assert!(choice.trial.is_none());
        assert_eq!(choice.next(), Way::Several);
    }

    #[test]
    fn one_thread_is_not_tried_where_it_must_be_slower() {
        let mut choice = Choice::default();
        for _ in 0..10_000 {
            assert_eq!(choice.next(), Way::Several);
            choice.learn(Way::Several, us(100), us(700));
        }
    }
}

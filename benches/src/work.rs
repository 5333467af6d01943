//! Work of a known length, as much as is said while the program runs: multiplications in so many lanes that they keep
//! the multiplier busy. With one lane the processor would begin the next node's work before this one's is done, and
//! two nodes would not take twice as long as one.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use crate::workloads::MIX;

static STEPS: AtomicU64 = AtomicU64::new(0);

/// Does the work that has been set, on a value. It is never inlined: a thousand loops in one function are more than
/// rustc's stack holds.
#[inline(never)]
#[must_use]
pub fn spin(value: u64) -> u64 {
    take_steps(value, STEPS.load(Ordering::Relaxed))
}

/// From now on [`spin`] takes this many steps.
pub fn set_steps(steps: u64) {
    STEPS.store(steps, Ordering::Relaxed);
}

/// A multiplication takes as long as this many can be begun in.
const LANES: usize = 6;

#[inline]
fn take_steps(value: u64, steps: u64) -> u64 {
    if steps == 0 {
        return value;
    }
    let mut lanes: [u64; LANES] = [0, 1, 2, 3, 4, 5].map(|lane| value.rotate_left(lane));
    for _ in 0..steps {
        for lane in &mut lanes {
            *lane = (*lane ^ (*lane >> 29)).wrapping_mul(MIX);
        }
    }
    lanes.iter().fold(0, |mixed, lane| mixed ^ lane)
}

/// How long a step takes, measured once: the best of many times, for noise only ever adds.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    nanoseconds_a_step: f64,
}

impl Pace {
    /// Measures it.
    #[must_use]
    pub fn measure() -> Self {
        const SAMPLE: u32 = 20_000;
        let mut best = f64::INFINITY;
        for _ in 0..100 {
            let start = Instant::now();
            black_box(take_steps(black_box(1), SAMPLE.into()));
            best = best.min(start.elapsed().as_secs_f64() * 1e9);
        }
        Self { nanoseconds_a_step: best / f64::from(SAMPLE) }
    }

    /// How many steps take this long.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of steps")]
    pub fn steps(self, nanoseconds: u32) -> u64 {
        (f64::from(nanoseconds) / self.nanoseconds_a_step).round() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_work_takes_more_steps_and_changes_the_value() {
        let pace = Pace { nanoseconds_a_step: 2.0 };
        assert_eq!([0, 100, 1_001].map(|nanoseconds| pace.steps(nanoseconds)), [0, 50, 501]);
        assert!(Pace::measure().nanoseconds_a_step > 0.0);
        assert_eq!(take_steps(7, 0), 7);
        assert_ne!(take_steps(7, 1), 7);
        assert_ne!(take_steps(7, 1), take_steps(7, 2));
    }
}

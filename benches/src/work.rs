//! Work of a known length: steps that depend on each other, as many as is said while the program runs.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use crate::workloads::MIX;

static STEPS: AtomicU64 = AtomicU64::new(0);

/// Does the work that has been set, on a value.
#[inline]
#[must_use]
pub fn spin(value: u64) -> u64 {
    take_steps(value, STEPS.load(Ordering::Relaxed))
}

/// From now on [`spin`] takes this many steps.
pub fn set_steps(steps: u64) {
    STEPS.store(steps, Ordering::Relaxed);
}

#[inline]
fn take_steps(mut value: u64, steps: u64) -> u64 {
    for _ in 0..steps {
        value = (value ^ (value >> 29)).wrapping_mul(MIX);
    }
    value
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
        assert_eq!(take_steps(take_steps(7, 2), 3), take_steps(7, 5));
        assert_ne!(take_steps(7, 1), 7);
    }
}

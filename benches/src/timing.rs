//! Times side by side: contenders take turns, so that what disturbs the machine disturbs all of them.

use std::time::Instant;

/// Something that is measured.
pub struct Contender<'a> {
    /// What the table calls it.
    pub name: &'a str,
    /// Does the work once.
    pub run: Box<dyn FnMut() + 'a>,
}

/// The median time of one run of each contender in nanoseconds, over `rounds` rounds of `repeat` runs.
pub fn medians(contenders: &mut [Contender<'_>], rounds: usize, repeat: u32) -> Vec<f64> {
    let mut times = vec![Vec::with_capacity(rounds); contenders.len()];
    for _ in 0..rounds {
        for (contender, times) in contenders.iter_mut().zip(&mut times) {
            let start = Instant::now();
            for _ in 0..repeat {
                (contender.run)();
            }
            times.push(start.elapsed().as_secs_f64() * 1e9 / f64::from(repeat));
        }
    }
    times.into_iter().map(median).collect()
}

/// The median of some numbers; 0 of none.
#[must_use]
pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(0.0)
}

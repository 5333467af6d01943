//! How time passes between two attempts, so that tests need not wait.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use super::CancellationToken;
use crate::run::asynchronous::timer;

/// How a run waits, and what it throws for jitter.
#[derive(Clone, Default)]
#[allow(unreachable_pub, reason = "tests of ours set it, by a hidden name")]
pub struct Pace {
    sleep: Option<Sleep>,
    seed: Option<u64>,
}

type Sleep = Arc<dyn Fn(Duration) + Send + Sync>;

impl Pace {
    /// One that waits as `sleep` does, and throws always the same.
    pub fn of(sleep: impl Fn(Duration) + Send + Sync + 'static, seed: u64) -> Self {
        Self { sleep: Some(Arc::new(sleep)), seed: Some(seed) }
    }

    /// Waits for a time, or until the token is used.
    pub(crate) fn sleep(&self, time: Duration, token: Option<&CancellationToken>) {
        match (&self.sleep, token) {
            _ if time.is_zero() => {}
            (Some(sleep), _) => sleep(time),
            (None, Some(token)) => token.sleep(time),
            (None, None) => std::thread::sleep(time),
        }
    }

    /// The same without a thread.
    pub(crate) async fn wait(&self, time: Duration) {
        match &self.sleep {
            _ if time.is_zero() => {}
            Some(sleep) => sleep(time),
            None => timer::sleep(time).await,
        }
    }

    /// A number from 0 to less than 1 for an attempt of a task: with a seed the same one on every executor.
    #[allow(clippy::cast_precision_loss, reason = "53 bits are what a float holds")]
    pub(crate) fn throw(&self, rank: usize, attempt: u32) -> f64 {
        let seed = self.seed.unwrap_or_else(|| RandomState::new().hash_one(0_u8));
        // SplitMix64.
        let mut bits =
            seed.wrapping_add((rank as u64) << 32 | u64::from(attempt)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^= bits >> 31;
        (bits >> 11) as f64 / (1_u64 << 53) as f64
    }
}

impl fmt::Debug for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pace").field("seed", &self.seed).finish_non_exhaustive()
    }
}

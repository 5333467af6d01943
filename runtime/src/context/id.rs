//! What a run is called.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// What a run is called: a UUID of version 7, so that later runs have greater ids.
///
/// ```
/// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
/// let (first, second) = (driver.execute_named(["a"], ())?.id(), driver.execute_named(["a"], ())?.id());
/// assert!(first < second);
/// assert_eq!(first.to_string().len(), 36);
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(u128);

/// Milliseconds, and 12 bits that count within one.
static LAST: AtomicU64 = AtomicU64::new(0);

impl RunId {
    pub(crate) fn new() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = u64::try_from(since.as_millis()).unwrap_or(0) << 12;
        let later = |last: u64| Some(if now > last { now } else { last + 1 });
        let last = LAST.fetch_update(Ordering::Relaxed, Ordering::Relaxed, later).unwrap_or(now);
        let time = later(last).unwrap_or(now);
        // The keys of the standard library are random.
        let random = RandomState::new().hash_one(time);
        let (millis, count) = (u128::from(time >> 12), u128::from(time & 0xFFF));
        let random = u128::from(random >> 2);
        Self(millis << 80 | 0x7 << 76 | count << 64 | 0b10 << 62 | random)
    }

    /// The same as a number, by which ids are in the order of their runs.
    ///
    /// ```
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
    /// let id = driver.execute_named(["a"], ())?.id();
    /// assert_eq!(millstream::RunId::from_u128(id.as_u128()), id);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn as_u128(self) -> u128 {
        self.0
    }

    /// The id that was such a number.
    ///
    /// ```
    /// let id = millstream::RunId::from_u128(7);
    /// assert_eq!(id.to_string(), "00000000-0000-0000-0000-000000000007");
    /// ```
    #[must_use]
    pub fn from_u128(number: u128) -> Self {
        Self(number)
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:032x}", self.0);
        let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
        f.write_str(&parts.join("-"))
    }
}

impl fmt::Debug for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RunId({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::RunId;

    #[test]
    fn ids_are_uuids_of_version_7_and_in_order() {
        let ids: Vec<RunId> = (0..10_000).map(|_| RunId::new()).collect();
        assert!(ids.is_sorted_by(|one, next| one < next));
        for id in ids {
            assert_eq!(id.as_u128() >> 76 & 0xF, 7);
            assert_eq!(id.as_u128() >> 62 & 0b11, 0b10);
        }
    }
}

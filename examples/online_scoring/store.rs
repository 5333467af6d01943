//! A store of features, which stands elsewhere, so that asking it takes a while.

use std::time::Duration;

use crate::order::Point;

/// What became of a customer's orders so far. That of a new customer is the default.
#[derive(Clone, Copy, Debug, Default)]
pub struct History {
    pub orders: u32,
    pub late: u32,
}

/// In place of a connection: it makes its answers up, always the same, after the time that a real one would take.
pub struct Store {
    latency: Duration,
}

impl Store {
    pub fn new(latency: Duration) -> Self {
        Self { latency }
    }

    pub async fn history(&self, customer: u32) -> History {
        self.round_trip().await;
        let orders = customer % 60;
        History { orders, late: orders * (customer % 5) / 12 }
    }

    pub async fn traffic(&self, place: Point) -> f64 {
        self.round_trip().await;
        1.0 + 0.5 * (40.0 * (place.latitude + place.longitude)).sin().powi(2)
    }

    /// At least once round the other tasks, as an answer from elsewhere would.
    async fn round_trip(&self) {
        if self.latency.is_zero() {
            tokio::task::yield_now().await;
        } else {
            tokio::time::sleep(self.latency).await;
        }
    }
}

use millstream::prelude::*;

/// The same score with more behind it: what a store knows, asked for while the request waits.
#[dataflow(compile(score = answer))]
pub mod enriched {
    use std::sync::Arc;

    use crate::order::Point;
    // Two of its inputs give way to the nodes of their names below.
    #[include]
    use crate::scoring;
    use crate::store::{History, Store};

    #[inputs]
    pub struct Inputs {
        /// All requests share one.
        pub store: Arc<Store>,
    }

    /// What is known of the customer. A driver waits for this and for the traffic at the same time.
    #[node]
    pub async fn history(customer: u32, store: &Store) -> History {
        store.history(customer).await
    }

    /// How many times as long as usual the streets take.
    #[node]
    pub async fn traffic(kitchen: Point, store: &Store) -> f64 {
        store.traffic(kitchen).await
    }
}

//! The service by itself, without a socket: its nodes as functions, and how a run that waits is called off.

#![allow(clippy::unwrap_used, reason = "where a test cannot go on, it has failed")]
#![allow(dead_code, unreachable_pub, reason = "a part of the example is used here")]

#[path = "../online_scoring/by_hand.rs"]
mod by_hand;
#[path = "../online_scoring/look_up.rs"]
mod look_up;
#[path = "../online_scoring/model.rs"]
mod model;
#[path = "../online_scoring/order.rs"]
mod order;
#[path = "../online_scoring/random.rs"]
mod random;
#[path = "../online_scoring/score_order.rs"]
mod score_order;
#[path = "../online_scoring/service.rs"]
mod service;
#[path = "../online_scoring/store.rs"]
mod store;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use fastrand::Rng;
use jiff::civil::date;
use millstream::CancellationToken;

use crate::look_up::enriched;
use crate::model::{Feature, Fleet, TRAINED};
use crate::order::Point;
use crate::score_order::scoring::{self, Config, Decision, Term};
use crate::service::{Service, enriched_driven};
use crate::store::{History, Store};

#[test]
fn nodes_are_functions() {
    let (equator, pole) = (Point { latitude: 0.0, longitude: 7.0 }, Point { latitude: 90.0, longitude: 0.0 });
    assert!((scoring::distance_km(equator, pole) - 10_007.5).abs() < 0.1);
    let (monday, sunday) = (date(2026, 11, 23).at(19, 0, 0, 0), date(2026, 11, 22).at(12, 30, 0, 0));
    assert_eq!([scoring::is_weekend(monday), scoring::is_weekend(sunday)], [false, true]);
    assert!(scoring::rush(monday, false) > scoring::rush(sunday, true));
    assert!(scoring::late_share(History { orders: 20, late: 9 }) > scoring::late_share(History::default()));
    let decisions = [0.1, 0.5, 0.9].map(|risk| scoring::decision(risk, &TRAINED));
    assert_eq!(decisions, [Decision::Accept, Decision::Warn, Decision::Refuse]);
}

#[test]
fn reasons_are_the_strongest_of_what_speaks_for_it() {
    let term = |feature, adds| Term { feature, adds };
    let terms = [
        term(Feature::Rain, 0.1),
        term(Feature::Slack, -2.0),
        term(Feature::Rush, 0.7),
        term(Feature::Load, 0.2),
        term(Feature::Customer, 0.3),
    ];
    let reasons = scoring::reasons(terms.iter().collect()).into_iter().map(|term| term.feature);
    assert_eq!(reasons.collect::<Vec<_>>(), [Feature::Rush, Feature::Customer, Feature::Load]);
}

#[test]
fn a_part_of_it_is_a_score_of_its_own() -> Result<(), millstream::Error> {
    // A driver for those who have no order at hand: what is given need not be computed.
    let driver = scoring::driver(Config { fleet: Fleet::Cars }).build()?;
    let request = driver.override_value::<scoring::weight_kg>(30.0);
    assert!((request.execute::<scoring::load>(())?.into_values() - 0.5).abs() < 1e-12);
    Ok(())
}

#[tokio::test]
async fn a_run_that_waits_is_called_off_at_the_end() {
    let shutdown = CancellationToken::new();
    // Long enough to be called off, and not so long that a run that is not would seem to hang.
    let store = Store::new(Duration::from_secs(5));
    let service = Service::new(Fleet::Bikes, TRAINED, store, shutdown.clone()).unwrap();
    let body = Bytes::from(serde_json::to_vec(&random::order(&mut Rng::with_seed(1))).unwrap());
    // The second is polled when the first waits for the store.
    let (answer, ()) =
        tokio::join!(enriched_driven(State(Arc::new(service)), body), async { shutdown.cancel() });
    let answer = answer.unwrap_err().into_response();
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
}

//! The calls as one writes them without Millstream: what the other two ways are measured beside.

use crate::enriched;
use crate::model::{Feature, Fleet, Model};
use crate::order::{InvalidOrder, Order};
use crate::scoring::{self, Answer};
use crate::store::{History, Store};

/// What `scoring::score` does.
pub fn score(fleet: Fleet, model: &Model, body: &[u8]) -> Result<Answer, InvalidOrder> {
    let order = scoring::order(body)?;
    Ok(answer(fleet, model, order, History::default(), 1.0))
}

/// What the driver of `enriched` does: both questions are asked at the same time.
pub async fn score_enriched(
    fleet: Fleet,
    model: &Model,
    store: &Store,
    body: &[u8],
) -> Result<Answer, InvalidOrder> {
    let order = scoring::order(body)?;
    let (history, traffic) =
        tokio::join!(enriched::history(order.customer, store), enriched::traffic(order.kitchen, store));
    Ok(answer(fleet, model, order, history, traffic))
}

fn answer(fleet: Fleet, model: &Model, order: Order, history: History, traffic: f64) -> Answer {
    let distance_km = scoring::distance_km(order.kitchen, order.door);
    let (speed_kmh, capacity_kg) = match fleet {
        Fleet::Bikes => (scoring::speed_kmh__bikes(), scoring::capacity_kg__bikes()),
        Fleet::Cars => (scoring::speed_kmh__cars(), scoring::capacity_kg__cars()),
    };
    let ride_minutes = scoring::ride_minutes(distance_km, speed_kmh, traffic);
    let cooking_minutes = scoring::cooking_minutes(&order.dishes);
    let expected_minutes = scoring::expected_minutes(cooking_minutes, ride_minutes);
    let slack_minutes = scoring::slack_minutes(order.promised_minutes, expected_minutes);
    let load = scoring::load(scoring::weight_kg(&order.dishes), capacity_kg);
    let rush = scoring::rush(order.placed_at, scoring::is_weekend(order.placed_at));
    let late_share = scoring::late_share(history);

    let distance_term = scoring::term(model, Feature::Distance, distance_km);
    let load_term = scoring::term(model, Feature::Load, load);
    let slack_term = scoring::term(model, Feature::Slack, slack_minutes);
    let rain_term = scoring::term(model, Feature::Rain, order.rain_mm);
    let rush_term = scoring::term(model, Feature::Rush, rush);
    let customer_term = scoring::term(model, Feature::Customer, late_share);
    let terms = || vec![&distance_term, &load_term, &slack_term, &rain_term, &rush_term, &customer_term];

    let late_risk = scoring::late_risk(model, terms());
    let decision = scoring::decision(late_risk, model);
    let reasons = scoring::reasons(terms());
    scoring::answer(order.number, decision, late_risk, expected_minutes, reasons)
}

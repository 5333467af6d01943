use millstream::prelude::*;

/// How likely an order is late, and what follows from that.
///
/// `compile` makes a plain function of the graph, `scoring::score`, beside the driver.
#[dataflow(compile(score = answer))]
pub mod scoring {
    use std::sync::Arc;

    use axum::body::Bytes;
    use jiff::civil::{DateTime, Weekday};
    use serde::Serialize;

    use crate::model::{Feature, Fleet, Model};
    use crate::order::{Dish, InvalidOrder, Order, Point};
    use crate::store::History;

    #[inputs]
    pub struct Inputs {
        /// The order as JSON: the body of a request.
        pub body: Bytes,
        /// All requests share one.
        pub model: Arc<Model>,
        /// What is known of the customer.
        #[default(History::default())]
        pub history: History,
        /// How many times as long as usual the streets take.
        #[default(1.0)]
        pub traffic: f64,
    }

    /// What selects the variants of nodes when a driver is built, and when the function is called.
    #[config]
    #[derive(Clone, Copy)]
    pub struct Config {
        /// What delivers the orders.
        pub fleet: Fleet,
    }

    /// The order, each of its fields as a node. Whoever asks gets this error where it is none.
    #[node]
    #[extract_fields(
        number: String,
        customer: u32,
        placed_at: DateTime,
        kitchen: Point,
        door: Point,
        dishes: Vec<Dish>,
        promised_minutes: f64,
        rain_mm: f64,
    )]
    pub fn order(body: &[u8]) -> Result<Order, InvalidOrder> {
        Order::parse(body)
    }

    /// From the kitchen to the door, as the crow flies.
    #[node]
    pub fn distance_km(kitchen: Point, door: Point) -> f64 {
        let (from, to) = (kitchen.latitude.to_radians(), door.latitude.to_radians());
        let longitude = (door.longitude - kitchen.longitude).to_radians();
        let haversine =
            ((to - from) / 2.0).sin().powi(2) + from.cos() * to.cos() * (longitude / 2.0).sin().powi(2);
        2.0 * 6371.0 * haversine.sqrt().asin()
    }

    /// Over the day, through a town.
    #[node]
    #[when(fleet = Fleet::Bikes)]
    pub fn speed_kmh__bikes() -> f64 {
        14.0
    }

    /// Over the day, through a town.
    #[node]
    #[when(fleet = Fleet::Cars)]
    pub fn speed_kmh__cars() -> f64 {
        22.0
    }

    /// How long the ride takes: streets are not straight.
    #[node]
    pub fn ride_minutes(distance_km: f64, speed_kmh: f64, traffic: f64) -> f64 {
        1.3 * distance_km / speed_kmh * 60.0 * traffic
    }

    /// How long the kitchen takes: dishes are cooked side by side, but each more delays the others.
    #[node]
    pub fn cooking_minutes(dishes: &[Dish]) -> f64 {
        let longest = dishes.iter().map(|dish| dish.minutes).fold(0.0, f64::max);
        let count: f64 = dishes.iter().map(|dish| f64::from(dish.count)).sum();
        longest + 0.8 * count
    }

    #[node]
    pub fn expected_minutes(cooking_minutes: f64, ride_minutes: f64) -> f64 {
        cooking_minutes + ride_minutes
    }

    /// What is left of the time that the customer was told.
    #[node]
    pub fn slack_minutes(promised_minutes: f64, expected_minutes: f64) -> f64 {
        promised_minutes - expected_minutes
    }

    #[node]
    pub fn weight_kg(dishes: &[Dish]) -> f64 {
        dishes.iter().map(|dish| f64::from(dish.count) * dish.grams / 1000.0).sum()
    }

    #[node]
    #[when(fleet = Fleet::Bikes)]
    pub fn capacity_kg__bikes() -> f64 {
        9.0
    }

    #[node]
    #[when(fleet = Fleet::Cars)]
    pub fn capacity_kg__cars() -> f64 {
        60.0
    }

    /// How full the order makes a vehicle.
    #[node]
    pub fn load(weight_kg: f64, capacity_kg: f64) -> f64 {
        weight_kg / capacity_kg
    }

    #[node]
    pub fn is_weekend(placed_at: DateTime) -> bool {
        matches!(placed_at.weekday(), Weekday::Saturday | Weekday::Sunday)
    }

    /// How near it is to the hours at which everybody orders, from 0 to 1.
    #[node]
    pub fn rush(placed_at: DateTime, is_weekend: bool) -> f64 {
        let hour = f64::from(placed_at.hour()) + f64::from(placed_at.minute()) / 60.0;
        let near = |peak: f64| (-(hour - peak).powi(2)).exp();
        let lunch = if is_weekend { 0.4 } else { 0.8 };
        near(19.0).max(lunch * near(12.5))
    }

    /// The share of the customer's orders that were late; of a new customer, that of all.
    #[node]
    pub fn late_share(history: History) -> f64 {
        (f64::from(history.late) + 1.0) / (f64::from(history.orders) + 10.0)
    }

    /// What one feature adds to the log odds of being late.
    #[derive(Clone, Copy, Debug, PartialEq, Serialize)]
    pub struct Term {
        pub feature: Feature,
        pub adds: f64,
    }

    /// What {value} says.
    #[node]
    #[parameterize(
        distance_term = { feature: value(Feature::Distance), value: source(distance_km) },
        load_term = { feature: value(Feature::Load), value: source(load) },
        slack_term = { feature: value(Feature::Slack), value: source(slack_minutes) },
        rain_term = { feature: value(Feature::Rain), value: source(rain_mm) },
        rush_term = { feature: value(Feature::Rush), value: source(rush) },
        customer_term = { feature: value(Feature::Customer), value: source(late_share) },
    )]
    #[tag(kind = "term")]
    pub fn term(model: &Model, feature: Feature, value: f64) -> Term {
        Term { feature, adds: model.term(feature, value) }
    }

    /// How likely the order is late: a new term only needs the tag.
    #[node]
    pub fn late_risk(model: &Model, #[group(tag(kind = "term"))] terms: Vec<&Term>) -> f64 {
        let log_odds = model.bias + terms.into_iter().map(|term| term.adds).sum::<f64>();
        1.0 / (1.0 + (-log_odds).exp())
    }

    /// What is to be done about it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Decision {
        Accept,
        Warn,
        Refuse,
    }

    #[node]
    pub fn decision(late_risk: f64, model: &Model) -> Decision {
        if late_risk >= model.refuse_from {
            Decision::Refuse
        } else if late_risk >= model.warn_from {
            Decision::Warn
        } else {
            Decision::Accept
        }
    }

    /// What speaks most for the order being late, the strongest first; at most three.
    #[node]
    pub fn reasons(#[group(tag(kind = "term"))] terms: Vec<&Term>) -> Vec<Term> {
        let mut reasons: Vec<Term> = terms.into_iter().copied().filter(|term| term.adds > 0.0).collect();
        reasons.sort_by(|a, b| b.adds.total_cmp(&a.adds));
        reasons.truncate(3);
        reasons
    }

    /// What whoever posted the order is told.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Answer {
        pub number: String,
        pub decision: Decision,
        pub late_risk: f64,
        pub expected_minutes: f64,
        pub reasons: Vec<Term>,
    }

    /// It takes what nobody else needs by value, so nothing is copied.
    #[node]
    pub fn answer(
        number: String,
        decision: Decision,
        late_risk: f64,
        expected_minutes: f64,
        reasons: Vec<Term>,
    ) -> Answer {
        Answer { number, decision, late_risk, expected_minutes, reasons }
    }
}

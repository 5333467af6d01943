//! Orders as a town may post them.

use fastrand::Rng;
use jiff::civil::{DateTime, date};

use crate::order::{Dish, Order, Point};

const DISHES: [&str; 6] = ["dumplings", "falafel", "lasagne", "miso soup", "pizza", "tiramisu"];

/// An order, another one each time.
pub fn order(random: &mut Rng) -> Order {
    let kitchen = point(random, 52.5, 13.4, 0.1);
    Order {
        number: format!("A-{}", random.u32(..)),
        customer: random.u32(..100_000),
        placed_at: placed_at(random),
        kitchen,
        door: point(random, kitchen.latitude, kitchen.longitude, 0.05),
        dishes: (0..random.usize(1..=5)).map(|_| dish(random)).collect(),
        promised_minutes: f64::from(random.u8(20..=75)),
        rain_mm: if random.bool() { 0.0 } else { 6.0 * random.f64() },
    }
}

fn placed_at(random: &mut Rng) -> DateTime {
    date(2026, random.i8(1..=12), random.i8(1..=28)).at(random.i8(11..=22), random.i8(0..=59), 0, 0)
}

fn point(random: &mut Rng, latitude: f64, longitude: f64, spread: f64) -> Point {
    let mut near = |middle: f64| middle + spread * (random.f64() - 0.5);
    Point { latitude: near(latitude), longitude: near(longitude) }
}

fn dish(random: &mut Rng) -> Dish {
    Dish {
        name: DISHES[random.usize(..DISHES.len())].to_owned(),
        count: random.u32(1..=3),
        grams: f64::from(random.u16(150..=900)),
        minutes: f64::from(random.u8(4..=25)),
    }
}

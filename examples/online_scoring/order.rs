//! Orders, as they are posted. Plain Rust: nothing here knows of a dataflow.

use std::{error, fmt};

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// Dishes that a kitchen is to send to a door.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    pub number: String,
    pub customer: u32,
    /// On the clock of the kitchen.
    pub placed_at: DateTime,
    pub kitchen: Point,
    pub door: Point,
    pub dishes: Vec<Dish>,
    /// The time that the customer was told.
    pub promised_minutes: f64,
    /// Rain in an hour.
    pub rain_mm: f64,
}

/// A place on the map, in degrees.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    pub latitude: f64,
    pub longitude: f64,
}

/// So many times the same to eat.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Dish {
    pub name: String,
    pub count: u32,
    /// What one weighs.
    pub grams: f64,
    /// How long one takes to cook.
    pub minutes: f64,
}

impl Order {
    /// Reads JSON, and refuses what no order can be.
    pub fn parse(json: &[u8]) -> Result<Self, InvalidOrder> {
        let order: Self = serde_json::from_slice(json).map_err(InvalidOrder::Json)?;
        order.check()?;
        Ok(order)
    }

    fn check(&self) -> Result<(), InvalidOrder> {
        if self.dishes.is_empty() {
            return Err(InvalidOrder::NoDishes);
        }
        for (name, point) in [("kitchen", self.kitchen), ("door", self.door)] {
            within(format_args!("{name}.latitude"), point.latitude, -90.0, 90.0)?;
            within(format_args!("{name}.longitude"), point.longitude, -180.0, 180.0)?;
        }
        for (index, dish) in self.dishes.iter().enumerate() {
            within(format_args!("dishes[{index}].grams"), dish.grams, 0.0, 100_000.0)?;
            within(format_args!("dishes[{index}].minutes"), dish.minutes, 0.0, 1_000.0)?;
        }
        within(format_args!("promised_minutes"), self.promised_minutes, 0.0, 1_000.0)?;
        within(format_args!("rain_mm"), self.rain_mm, 0.0, 1_000.0)
    }
}

/// The name is only written where it is needed.
fn within(field: fmt::Arguments<'_>, value: f64, least: f64, most: f64) -> Result<(), InvalidOrder> {
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        Err(InvalidOrder::OutOfRange { field: field.to_string(), value, least, most })
    }
}

/// Why an order cannot be scored.
#[derive(Debug)]
pub enum InvalidOrder {
    Json(serde_json::Error),
    NoDishes,
    OutOfRange { field: String, value: f64, least: f64, most: f64 },
}

impl fmt::Display for InvalidOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => write!(f, "the body is not an order: {error}"),
            Self::NoDishes => f.write_str("`dishes` is empty; an order has at least one"),
            Self::OutOfRange { field, value, least, most } => {
                write!(f, "`{field}` is {value}; it must be from {least} to {most}")
            }
        }
    }
}

impl error::Error for InvalidOrder {}

//! The model: how much each feature says about an order being late. Plain Rust.

use serde::Serialize;

/// What delivers the orders. The graph has variants for each: see [`scoring`](crate::scoring).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fleet {
    Bikes,
    Cars,
}

/// What the model looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    Distance,
    Load,
    Slack,
    Rain,
    Rush,
    Customer,
}

/// What it has learnt of a feature.
#[derive(Clone, Copy, Debug)]
pub struct Coefficient {
    pub mean: f64,
    pub deviation: f64,
    pub weight: f64,
}

/// A logistic regression, and where its answers are cut.
#[derive(Clone, Debug)]
pub struct Model {
    pub bias: f64,
    pub distance: Coefficient,
    pub load: Coefficient,
    pub slack: Coefficient,
    pub rain: Coefficient,
    pub rush: Coefficient,
    pub customer: Coefficient,
    /// From this risk on, the customer is told.
    pub warn_from: f64,
    /// From this risk on, the order is not taken.
    pub refuse_from: f64,
}

/// What training has found.
pub const TRAINED: Model = Model {
    bias: -1.1,
    distance: Coefficient { mean: 3.2, deviation: 1.9, weight: 0.35 },
    load: Coefficient { mean: 0.3, deviation: 0.25, weight: 0.4 },
    slack: Coefficient { mean: 6.0, deviation: 12.0, weight: -2.4 },
    rain: Coefficient { mean: 0.6, deviation: 1.4, weight: 0.45 },
    rush: Coefficient { mean: 0.3, deviation: 0.35, weight: 0.7 },
    customer: Coefficient { mean: 0.1, deviation: 0.08, weight: 0.25 },
    warn_from: 0.35,
    refuse_from: 0.8,
};

impl Model {
    /// What the value of a feature adds to the log odds of being late.
    pub fn term(&self, feature: Feature, value: f64) -> f64 {
        let Coefficient { mean, deviation, weight } = self.coefficient(feature);
        weight * (value - mean) / deviation
    }

    fn coefficient(&self, feature: Feature) -> Coefficient {
        match feature {
            Feature::Distance => self.distance,
            Feature::Load => self.load,
            Feature::Slack => self.slack,
            Feature::Rain => self.rain,
            Feature::Rush => self.rush,
            Feature::Customer => self.customer,
        }
    }
}

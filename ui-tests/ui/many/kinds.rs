// Mistakes of all kinds in one module, each reported once.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[inputs]
    pub struct Inputs {
        #[default]
        pub spend: f64,
    }

    #[config]
    pub struct Config {
        pub fast: bool,
    }

    #[node(versoin = 2)]
    pub fn clicks(spnd: f64) -> f64 {
        spnd
    }

    #[node]
    #[when(fsat = true)]
    pub fn costs__fast() -> f64 {
        1.0
    }

    #[node]
    #[when(fast = false)]
    pub fn costs__exact() -> f64 {
        1.5
    }

    #[node]
    pub fn left(right: f64) -> f64 {
        right
    }

    #[node]
    pub fn right(left: f64) -> f64 {
        left
    }

    #[node]
    pub fn spend() -> f64 {
        1.0
    }

    #[node]
    #[tag(owner)]
    pub fn total<T>(#[group()] all: Vec<&f64>) -> f64 {
        all.into_iter().sum()
    }
}

fn main() {
    let driver = marketing::driver(marketing::Config { fast: true }).build().unwrap();
    let _clicks: f64 = driver.execute::<marketing::clicks>(marketing::Inputs { spend: 1.0 }).unwrap().into_values();
}

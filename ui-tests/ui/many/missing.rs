// Every name that nothing has is reported, each at its parameter.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[inputs]
    pub struct Inputs {
        pub spend: Vec<f64>,
        pub signups: Vec<f64>,
    }

    #[node]
    pub fn roas(spned: &[f64], sginups: &[f64]) -> Vec<f64> {
        sginups.iter().zip(spned).map(|(signups, spend)| signups / spend).collect()
    }

    #[node]
    pub fn mean_roas(raos: &[f64]) -> f64 {
        raos.iter().sum::<f64>() / raos.len() as f64
    }
}

fn main() {
    let driver = marketing::driver().build().unwrap();
    let inputs = marketing::Inputs { spend: vec![1.0], signups: vec![2.0] };
    let _mean: f64 = driver.execute::<marketing::mean_roas>(inputs).unwrap().into_values();
}

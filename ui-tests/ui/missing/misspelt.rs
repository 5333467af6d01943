// A parameter is misspelt: `spned` for `spend`.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[inputs]
    pub struct Inputs {
        pub signups: Vec<f64>,
        pub spend: Vec<f64>,
    }

    #[node]
    pub fn roas(spned: &[f64], signups: &[f64]) -> Vec<f64> {
        signups.iter().zip(spned).map(|(signups, spend)| signups / spend).collect()
    }
}

fn main() {
    let driver = marketing::driver().build().unwrap();
    let inputs = marketing::Inputs { signups: vec![1.0], spend: vec![2.0] };
    let _roas: Vec<f64> = driver.execute::<marketing::roas>(inputs).unwrap().into_values();
    let _called: Vec<f64> = marketing::roas(&[1.0], &[2.0]);
}

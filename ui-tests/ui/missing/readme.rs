use millstream::prelude::*;

#[dataflow]
mod campaign {
    #[inputs]
    pub struct Inputs { pub spend: Vec<f64> }

    #[node]
    fn roas(spned: &[f64]) -> f64 {
        spned.iter().sum()
    }
}

fn main() {}

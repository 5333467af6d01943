// Where the graph is wrong the entry is there all the same.
use millstream::prelude::*;

#[dataflow(compile(score = (risk, price)))]
pub mod scoring {
    #[inputs]
    pub struct Inputs {
        pub rate: f64,
        pub other: f64,
    }

    #[node]
    pub fn risk(rate: f64) -> Result<f64, String> {
        Ok(rate)
    }

    #[node]
    pub fn price(risk: f64, rtae: f64) -> f64 {
        risk + rtae
    }
}

fn main() {
    let outputs = scoring::score(&scoring::ScoreInputs { rate: 1.0 });
    let _price: f64 = outputs.unwrap().price;
}

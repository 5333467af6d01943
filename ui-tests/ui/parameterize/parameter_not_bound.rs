// The second node does not say what `series` is.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub temp_max: Vec<f64>,
    }

    #[node]
    #[parameterize(
        weekly = { series: source(temp_max), window: value(7) },
        monthly = { window: value(30) },
    )]
    pub fn rolling(series: &[f64], window: usize) -> Vec<f64> {
        series.windows(window).map(|values| values.iter().sum()).collect()
    }
}

fn main() {
    let _rolling = weather::rolling(&[1.0], 1);
}

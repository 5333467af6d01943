// `impl Trait` is a type without a name.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub fn series() -> impl Iterator<Item = f64> {
        [1.0].into_iter()
    }

    #[node]
    pub fn length(series: &Vec<f64>) -> usize {
        series.len()
    }
}

fn main() {
    let _length = weather::series().count();
}

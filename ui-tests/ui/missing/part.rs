// A field that is not named in `#[extract_fields]` is no node.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    pub struct Columns {
        pub temp_max: Vec<f64>,
        pub wind: Vec<f64>,
    }

    #[node]
    #[extract_fields(temp_max)]
    pub fn columns() -> Columns {
        Columns { temp_max: vec![1.0], wind: vec![2.0] }
    }

    #[node]
    pub fn windiest(wind: &[f64]) -> f64 {
        wind.iter().copied().fold(f64::MIN, f64::max)
    }
}

fn main() {
    let _windiest = weather::windiest(&weather::columns().wind);
}

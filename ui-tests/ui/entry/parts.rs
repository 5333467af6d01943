// Parts that are of another type, and a field that is not there, each reported once.
use millstream::prelude::*;

#[dataflow(compile(score = (total, first)))]
pub mod scoring {
    use super::elsewhere::Columns;

    #[node]
    #[extract_fields(high: Vec<i64>, mean: f64)]
    pub fn columns() -> Columns {
        Columns { high: vec![1.0] }
    }

    #[node]
    pub fn total(high: &[i64], mean: f64) -> f64 {
        high.len() as f64 + mean
    }

    #[node]
    #[unpack_fields(first, second)]
    pub fn pair() -> (f64, f64) {
        (1.0, 2.0)
    }
}

fn main() {
    let _total: f64 = scoring::score().total;
}

mod elsewhere {
    pub struct Columns {
        pub high: Vec<f64>,
    }
}

// Nor if it is optional.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub fn sorted(series: Option<&mut Vec<f64>>) -> usize {
        series.map_or(0, |series| series.len())
    }
}

fn main() {
    let _sorted = weather::sorted(None);
}

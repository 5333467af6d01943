// Two entries whose types would have one name.
use millstream::prelude::*;

#[dataflow(compile(a_b = (risk,), a__b = (risk,)))]
pub mod scoring {
    #[node]
    pub fn risk() -> f64 {
        0.5
    }
}

fn main() {
    let _outputs = scoring::a_b();
}

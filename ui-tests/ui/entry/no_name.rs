// An entry yields nodes by their names.
use millstream::prelude::*;

#[dataflow(compile(score = (risk, 5), "text" = risk, other = "risk"))]
pub mod scoring {
    #[node]
    pub fn risk() -> f64 {
        0.5
    }
}

fn main() {
    let _risk = scoring::risk();
}

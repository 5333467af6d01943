// A node has the name of one of another crate.
use millstream::prelude::*;

#[dataflow]
pub mod reporting {
    #[include]
    use millstream_shared_flows::loans;

    #[node]
    pub fn risk() -> f64 {
        2.0
    }
}

fn main() {
    let _risk = reporting::risk();
}

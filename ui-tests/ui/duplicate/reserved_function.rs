// `driver` is what the dataflow itself is started with.
use millstream::prelude::*;

#[dataflow]
pub mod fleet {
    #[node]
    pub fn driver() -> String {
        "Ada".to_owned()
    }
}

fn main() {
    let _driver = fleet::driver();
}

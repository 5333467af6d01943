// A parameter needs a name.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub fn width(_: f64) -> f64 {
        1.0
    }
}

fn main() {
    let _width = weather::width(1.0);
}

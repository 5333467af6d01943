// `#[dataflow]` on a struct.
use millstream::prelude::*;

#[dataflow]
pub struct Marketing {
    pub spend: f64,
}

fn main() {
    let _marketing = Marketing { spend: 1.0 };
}

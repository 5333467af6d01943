// Above `#[node]`, where nobody reads it.
use millstream::prelude::*;

#[fallback(stored)]
#[node]
fn live() -> f64 {
    1.0
}

fn main() {
    let _live = live();
}

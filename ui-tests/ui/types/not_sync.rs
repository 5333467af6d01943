// Values are looked at from several threads, and a `Cell` cannot.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    use std::cell::Cell;

    #[node]
    pub fn counter() -> Cell<u32> {
        Cell::new(0)
    }
}

fn main() {
    let driver = model::driver().build().unwrap();
    let _counter = driver.execute::<model::counter>(()).unwrap();
}

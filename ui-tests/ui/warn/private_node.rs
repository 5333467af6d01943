// Nothing needs the private node `limit`, and nobody can ask for it.
#![deny(warnings)]
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    fn limit() -> f64 {
        1.0
    }

    #[node]
    pub fn days() -> usize {
        7
    }
}

fn main() {
    let driver = weather::driver().build().unwrap();
    let _days: usize = driver.execute::<weather::days>(()).unwrap().into_values();
}

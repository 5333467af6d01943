// A node that may fail yields its value; who wants to see the failure says so by the type.
use millstream::prelude::*;

#[dataflow]
pub mod fall {
    #[node]
    pub fn speed() -> Result<f64, String> {
        Err("no wind".to_owned())
    }

    #[node]
    pub fn doubled(speed: Result<f64, String>) -> f64 {
        speed.map_or(0.0, |speed| 2.0 * speed)
    }
}

fn main() {
    let _doubled = fall::doubled(fall::speed());
}

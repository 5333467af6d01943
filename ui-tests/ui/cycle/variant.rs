// Only one of the variants closes the cycle; that is enough, for no config may make one.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[inputs]
    pub struct Inputs {
        pub guess: f64,
    }

    #[config]
    pub struct Config {
        pub iterate: bool,
    }

    #[node]
    #[when(iterate = false)]
    pub fn start__given(guess: f64) -> f64 {
        guess
    }

    #[node]
    #[when(iterate = true)]
    pub fn start__again(result: f64) -> f64 {
        result
    }

    #[node]
    pub fn result(start: f64) -> f64 {
        start / 2.0
    }
}

fn main() {
    let _driver = model::driver(model::Config { iterate: false }).build();
}

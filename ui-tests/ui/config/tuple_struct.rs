// Fields of the config have names.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[config]
    pub struct Config(pub bool);

    #[node]
    pub fn mean() -> f64 {
        1.0
    }
}

fn main() {
    let _config = model::Config(true);
}

// A node stands in the place of a private one, whose type nobody here can name.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    #[node]
    fn scale() -> f64 {
        1.0
    }

    #[node]
    pub fn scaled(scale: f64) -> f64 {
        scale
    }
}

#[dataflow]
pub mod report {
    #[include]
    use super::load;

    #[node(overrides)]
    pub fn scale() -> String {
        String::new()
    }
}

fn main() {}

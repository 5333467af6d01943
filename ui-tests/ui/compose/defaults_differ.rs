// Two included dataflows have different defaults for one input.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    #[inputs]
    pub struct Inputs {
        #[default(1.0)]
        pub scale: f64,
    }

    #[node]
    pub fn once(scale: f64) -> f64 {
        scale
    }
}

#[dataflow]
pub mod features {
    #[inputs]
    pub struct Inputs {
        #[default(2.0)]
        pub scale: f64,
    }

    #[node]
    pub fn twice(scale: f64) -> f64 {
        scale * 2.0
    }
}

#[dataflow]
pub mod report {
    #[include]
    use super::load;
    #[include]
    use super::features;
}

fn main() {}

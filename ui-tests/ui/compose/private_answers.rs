// A private node of one included dataflow would answer for an input of another.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    #[node]
    fn scale() -> String {
        String::new()
    }

    #[node]
    pub fn length(scale: &str) -> usize {
        scale.len()
    }
}

#[dataflow]
pub mod features {
    #[inputs]
    pub struct Inputs {
        pub scale: f64,
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
    #[include]
    use super::features;
}

fn main() {}

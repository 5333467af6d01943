// An included node that is private, and one that is an output.
use millstream::prelude::*;

#[dataflow]
pub mod features {
    #[node]
    fn hidden() -> f64 {
        1.0
    }

    #[node]
    pub fn shown(hidden: f64) -> f64 {
        hidden
    }
}

#[dataflow(compile(score = (total, hidden), other = total))]
pub mod scoring {
    #[include]
    use super::features;

    #[node]
    pub fn total(shown: f64) -> f64 {
        shown
    }
}

fn main() {
    let _total: f64 = scoring::other();
}

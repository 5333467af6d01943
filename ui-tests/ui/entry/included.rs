// Included nodes that nobody here can call: a private one, and one whose parts are private fields.
use millstream::prelude::*;

#[dataflow]
pub mod features {
    pub struct Columns {
        high: f64,
    }

    #[node]
    fn hidden() -> f64 {
        1.0
    }

    #[node]
    pub fn shown(hidden: f64) -> f64 {
        hidden
    }

    #[node]
    #[extract_fields(high)]
    pub fn columns() -> Columns {
        Columns { high: 1.0 }
    }
}

#[dataflow(compile(score = (total, hidden), other = total, parts = high))]
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
    let _high: f64 = scoring::parts();
}

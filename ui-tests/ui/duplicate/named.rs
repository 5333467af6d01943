// `name = ".."` gives a node a name that another one has.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[node]
    pub fn spend() -> f64 {
        1.0
    }

    #[node(name = "spend")]
    pub fn sum_of_invoices() -> f64 {
        2.0
    }
}

fn main() {
    let _sum = marketing::spend() + marketing::sum_of_invoices();
}

// A node that returns nothing cannot be marked as fallible.
use millstream::prelude::*;

#[dataflow]
pub mod report {
    #[node(fallible)]
    pub fn printed() {
        println!("done");
    }
}

fn main() {
    report::printed();
}

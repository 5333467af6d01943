// A node without a return type yields `()`.
use millstream::prelude::*;

#[dataflow]
pub mod report {
    #[node]
    pub fn printed() {
        println!("done");
    }

    #[node]
    pub fn length(printed: &str) -> usize {
        printed.len()
    }
}

fn main() {
    report::printed();
    let _length = report::length("done");
}

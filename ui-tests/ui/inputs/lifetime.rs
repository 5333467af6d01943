// Inputs are owned.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[inputs]
    pub struct Inputs<'a> {
        pub name: &'a str,
    }

    #[node]
    pub fn length(name: &str) -> usize {
        name.len()
    }
}

fn main() {
    let _inputs = marketing::Inputs { name: "you" };
}

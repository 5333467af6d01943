// The dataflow has no inputs, but its node needs one.
use millstream::prelude::*;

#[dataflow]
mod greeting {
    #[node]
    pub fn hello(name: &str) -> String {
        format!("hello {name}")
    }
}

fn main() {
    let _hello = greeting::hello("you");
}

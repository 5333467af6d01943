// Taking by value does not turn one type into another.
use millstream::prelude::*;

#[dataflow]
pub mod greeting {
    #[node]
    pub fn name() -> &'static str {
        "you"
    }

    #[node]
    pub fn hello(name: String) -> String {
        format!("hello {name}")
    }
}

fn main() {
    let _hello = greeting::hello(greeting::name().to_owned());
}

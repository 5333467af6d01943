// A node of this name would hide the type `str`.
use millstream::prelude::*;

#[dataflow]
pub mod text {
    #[node]
    pub fn str() -> String {
        "text".to_owned()
    }

    #[node]
    pub fn length(str: &str) -> usize {
        str.len()
    }
}

fn main() {
    let _length = text::length(&text::str());
}

// A type that is no name of a node.
use millstream::prelude::*;

pub struct Metadata<T>(pub std::marker::PhantomData<T>);

#[dataflow]
pub mod load {
    use super::Metadata;

    #[node]
    pub fn rows() -> u32 {
        3
    }

    #[node]
    pub fn note(of_rows: &Metadata<Vec<u32>>) -> usize {
        size_of_val(of_rows)
    }
}

fn main() {
    let _rows = load::rows();
}

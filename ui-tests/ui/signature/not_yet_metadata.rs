// What a node wrote about itself is to come.
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
    pub fn rows_note(rows: &Metadata<u32>) -> usize {
        size_of_val(rows)
    }
}

fn main() {
    let _rows = load::rows();
}

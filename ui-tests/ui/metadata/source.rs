// The type says whose metadata it is.
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
    pub fn note(#[source(rows)] note: &Metadata<rows>) -> usize {
        size_of_val(note)
    }
}

fn main() {
    let _rows = load::rows();
}

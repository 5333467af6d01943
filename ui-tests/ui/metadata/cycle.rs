// Metadata is there after its node has run.
use millstream::prelude::*;

pub struct Metadata<T>(pub std::marker::PhantomData<T>);

#[dataflow]
pub mod load {
    use super::Metadata;

    #[node]
    pub fn rows(note: usize) -> usize {
        note
    }

    #[node]
    pub fn note(of_rows: &Metadata<rows>) -> usize {
        size_of_val(of_rows)
    }
}

fn main() {
    let _rows = load::rows(1);
}

// A node has metadata, be it empty.
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
    pub fn note(of_rows: Option<&Metadata<rows>>) -> usize {
        of_rows.map_or(0, size_of_val)
    }
}

fn main() {
    let _rows = load::rows();
}

// The same wrong name twice.
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
    pub fn note(of_rows: &Metadata<rosw>) -> usize {
        size_of_val(of_rows)
    }

    #[node]
    pub fn other_note(rosw: u32, of_rows: &Metadata<rosw>) -> usize {
        size_of_val(of_rows) + rosw as usize
    }
}

fn main() {
    let _rows = load::rows();
}

// The metadata of a node that is private in another dataflow.
use millstream::prelude::*;

pub struct Metadata<T>(pub std::marker::PhantomData<T>);

#[dataflow]
pub mod load {
    #[node]
    fn rows() -> u32 {
        3
    }

    #[node]
    pub fn twice(rows: u32) -> u32 {
        2 * rows
    }
}

#[dataflow]
pub mod report {
    use super::Metadata;
    #[include]
    use super::load;

    #[node]
    pub fn note(of_rows: &Metadata<rows>) -> usize {
        size_of_val(of_rows)
    }
}

fn main() {
    let _twice = load::twice(1);
}

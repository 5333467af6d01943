// An input writes no metadata.
use millstream::prelude::*;

pub struct Metadata<T>(pub std::marker::PhantomData<T>);

#[dataflow]
pub mod load {
    use super::Metadata;

    #[inputs]
    pub struct Inputs {
        pub path: String,
    }

    #[node]
    pub fn rows(path: &str) -> usize {
        path.len()
    }

    #[node]
    pub fn note(of_path: &Metadata<path>) -> usize {
        size_of_val(of_path)
    }
}

fn main() {
    let _rows = load::rows("");
}

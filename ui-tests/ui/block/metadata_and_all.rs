// What a node wrote for one item is not there after all items.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    use millstream::{Collect, Metadata, Parallelizable};

    #[node]
    pub fn file() -> Parallelizable<u32> {
        Parallelizable::new([1, 2])
    }

    #[node]
    pub fn rows(file: u32) -> u32 {
        file
    }

    #[node]
    pub fn total(rows: Collect<'_, u32>) -> u32 {
        rows.iter().sum()
    }

    #[node]
    pub fn lineage(total: u32, about: &Metadata<rows>) -> String {
        format!("{total} {about:?}")
    }
}

fn main() {
    let _lineage = load::lineage(1, &millstream::Metadata::new());
}

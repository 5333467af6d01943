//! W5: items, mapped and added up; as a dynamic block, and by hand.
#![allow(clippy::must_use_candidate, reason = "nodes return what they compute")]

use std::hint::black_box;

use crate::workloads::MIX;

/// Items, each mapped on its own, and their sum.
#[millstream::dataflow]
pub mod items {
    use millstream::{Collect, Parallelizable};

    /// How many there are.
    #[inputs]
    pub struct Inputs {
        /// The last item: they begin at 1.
        pub count: u64,
    }

    /// Each item.
    #[node]
    pub fn item(count: u64) -> Parallelizable<u64> {
        Parallelizable::new(1..=count)
    }

    /// What becomes of it.
    #[node]
    pub fn mapped(item: u64) -> u64 {
        super::map(item)
    }

    /// All of them.
    #[node]
    pub fn reduced(mapped: Collect<'_, u64>) -> u64 {
        super::reduce(&mapped)
    }
}

/// Large items, each boiled down on its own.
#[millstream::dataflow]
pub mod large_items {
    use millstream::{Collect, Parallelizable};

    /// How many there are.
    #[inputs]
    pub struct Inputs {
        /// The last item: they begin at 1.
        pub count: u64,
    }

    /// Each item.
    #[node]
    pub fn item(count: u64) -> Parallelizable<u64> {
        Parallelizable::new(1..=count)
    }

    /// A large value of it.
    #[node]
    pub fn large(item: u64) -> Vec<u8> {
        vec![item.to_le_bytes()[0]; crate::graphs::LARGE]
    }

    /// And a small one of that.
    #[node]
    pub fn small(large: &[u8]) -> u64 {
        u64::from(large[0])
    }

    /// All of them.
    #[node]
    pub fn result(small: Collect<'_, u64>) -> u64 {
        super::reduce(&small)
    }
}

/// What becomes of an item.
#[inline]
pub fn map(item: u64) -> u64 {
    black_box(item).wrapping_mul(MIX)
}

/// The sum of what became of them.
#[inline]
pub fn reduce(values: &[u64]) -> u64 {
    values.iter().fold(0, |sum, value| sum.wrapping_add(*value))
}

/// By hand.
pub fn collecting(count: u64) -> u64 {
    reduce(&black_box((1..=count).map(map).collect::<Vec<u64>>()))
}

/// By hand, without a place where all of them are.
pub fn folding(count: u64) -> u64 {
    (1..=count).map(map).fold(0, u64::wrapping_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workloads::wide;

    #[test]
    fn a_block_gives_what_the_graph_gives() -> Result<(), millstream::Error> {
        let driver = items::driver().build()?;
        let run = driver.execute::<items::reduced>(items::Inputs { count: 100 })?;
        assert_eq!(run.into_values(), wide(100).value());
        assert_eq!([collecting(100), folding(100)], [wide(100).value(); 2]);
        Ok(())
    }
}

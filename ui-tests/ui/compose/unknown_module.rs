// The path leads nowhere, which rustc says itself.
use millstream::prelude::*;

#[dataflow]
pub mod features {
    #[include]
    use super::laod;

    #[node]
    pub fn doubled(rows: u32) -> u32 {
        2 * rows
    }
}

fn main() {
    let _doubled = features::doubled(1);
}

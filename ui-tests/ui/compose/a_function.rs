// What is included is a function.
use millstream::prelude::*;

pub fn rows() -> u32 {
    1
}

#[dataflow]
pub mod features {
    #[include]
    use super::rows;

    #[node]
    pub fn doubled() -> u32 {
        2 * rows()
    }
}

fn main() {
    let _doubled = features::doubled() + rows();
}

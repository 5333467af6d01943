// A dataflow includes the module that it stands in.
use millstream::prelude::*;

#[dataflow]
pub mod features {
    #[include]
    use super;

    #[node]
    pub fn doubled() -> u32 {
        2
    }
}

fn main() {
    let _doubled = features::doubled();
}

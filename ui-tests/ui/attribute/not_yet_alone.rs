// An attribute that is to come: on a function that is no node it could be anybody's, so rustc says it.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[dataloader]
    pub fn rows() -> u32 {
        3
    }

    #[node]
    pub fn doubled() -> u32 {
        2 * rows()
    }
}

fn main() {
    let _rows = weather::doubled() + weather::rows();
}

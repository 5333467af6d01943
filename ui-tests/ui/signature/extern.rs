// Nothing but Millstream calls a node.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub extern "C" fn days() -> u32 {
        7
    }
}

fn main() {
    let _days = weather::days();
}

// Nor can what stands on it.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[cfg_attr(unix, tag(system = "unix"))]
    pub fn days() -> u32 {
        7
    }
}

fn main() {
    let _days = weather::days();
}

// Two functions of one name, one of them for another system.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[cfg(unix)]
    #[node]
    pub fn days() -> u32 {
        7
    }

    #[cfg(not(unix))]
    #[node]
    pub fn days() -> u32 {
        8
    }
}

fn main() {
    let _days = weather::days();
}

// A node that never returns has no value.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub fn days() -> ! {
        std::process::exit(1)
    }
}

fn main() {
    let _days: fn() -> ! = weather::days;
}

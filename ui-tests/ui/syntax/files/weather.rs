use millstream::prelude::*;

#[node]
pub fn days() -> u32 {
    7
}

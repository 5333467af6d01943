// An error type that does not exist is said once.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub fn days() -> Result<u32, LoadError> {
        Ok(7)
    }
}

fn main() {}

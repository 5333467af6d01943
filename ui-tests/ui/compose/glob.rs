// A glob names no dataflow.
use millstream::prelude::*;

pub mod flows {
    use millstream::prelude::*;

    #[dataflow]
    pub mod load {
        #[node]
        pub fn rows() -> u32 {
            1
        }
    }
}

#[dataflow]
pub mod features {
    #[include]
    use super::flows::*;

    #[node]
    pub fn doubled() -> u32 {
        2
    }
}

fn main() {
    let _driver = features::driver().build();
}

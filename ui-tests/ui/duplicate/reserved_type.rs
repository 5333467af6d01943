// `Flow` is the name of the dataflow as a type.
use millstream::prelude::*;

#[dataflow]
pub mod pipes {
    pub struct Flow {
        pub litres: f64,
    }

    #[node]
    pub fn flow() -> Flow {
        Flow { litres: 3.0 }
    }
}

fn main() {
    let _litres = pipes::flow().litres;
}

// A macro of the user writes two dataflows at one place: their nodes are two. Macro notes are about that macro.
use millstream::prelude::*;

macro_rules! scaled {
    ($factor:expr) => {
        #[dataflow]
        pub mod scaled {
            #[node]
            pub fn scaled() -> f64 {
                $factor
            }
        }
    };
}

mod double {
    use super::*;
    scaled!(2.0);
}

mod triple {
    use super::*;
    scaled!(3.0);
}

#[dataflow]
pub mod both {
    #[include]
    use super::double::scaled;
    #[include]
    use super::triple::scaled as again;

    #[node]
    pub fn sum(scaled: f64) -> f64 {
        scaled
    }
}

fn main() {}

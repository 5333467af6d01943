// The value of a node is taken for another type.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub fn days() -> u32 {
        7
    }

    #[node]
    pub fn title() -> String {
        "days".to_owned()
    }
}

fn main() {
    use weather::{days, title};
    let driver = weather::driver().build().unwrap();
    let (_title, _days): (String, u32) = driver.execute::<(days, title)>(()).unwrap().into_values();
}

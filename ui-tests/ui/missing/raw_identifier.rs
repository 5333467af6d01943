// The message has the name as the user writes it in prose: `type`, not `r#type`.
use millstream::prelude::*;

#[dataflow]
pub mod catalogue {
    #[inputs]
    pub struct Inputs {
        pub kind: String,
    }

    #[node]
    pub fn label(r#type: &str) -> String {
        r#type.to_uppercase()
    }
}

fn main() {
    let _label = catalogue::label("book");
}

// A lifetime that is not even written cannot be seen by the macro.
use millstream::prelude::*;

#[dataflow]
pub mod text {
    pub struct Words<'t>(pub Vec<&'t str>);

    #[inputs]
    pub struct Inputs {
        pub title: String,
    }

    #[node]
    pub fn words(title: &str) -> Words {
        Words(title.split(' ').collect())
    }
}

fn main() {
    let _words = text::words("a title").0;
}

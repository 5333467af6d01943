// Nor behind a lifetime that is left out.
use millstream::prelude::*;

#[dataflow]
pub mod text {
    use std::borrow::Cow;

    #[inputs]
    pub struct Inputs {
        pub title: String,
    }

    #[node]
    pub fn trimmed(title: &str) -> Cow<'_, str> {
        title.trim().into()
    }
}

fn main() {
    let _trimmed = text::trimmed(" title ");
}

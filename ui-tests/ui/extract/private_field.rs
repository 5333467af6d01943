// The field belongs to another module, which rustc says itself.
use millstream::prelude::*;

pub mod table {
    #[derive(Default)]
    pub struct Columns {
        temp_max: Vec<f64>,
    }

    impl Columns {
        pub fn len(&self) -> usize {
            self.temp_max.len()
        }
    }
}

#[dataflow]
pub mod weather {
    use super::table::Columns;

    #[node]
    #[extract_fields(temp_max: Vec<f64>)]
    pub fn columns() -> Columns {
        Columns::default()
    }
}

fn main() {
    let _length = weather::columns().len();
}

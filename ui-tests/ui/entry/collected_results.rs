// What failed is not there to be collected: an entry ends with the first failure.
use millstream::prelude::*;

#[dataflow(compile(mistakes = failed))]
pub mod parsing {
    use millstream::prelude::{Collect, NodeError, Parallelizable};

    #[node]
    pub fn word() -> Parallelizable<String> {
        Parallelizable::new(["1".to_owned(), "two".to_owned()])
    }

    #[node]
    pub fn number(word: &str) -> Result<i64, std::num::ParseIntError> {
        word.parse()
    }

    #[node]
    pub fn failed(number: Collect<'_, Result<i64, NodeError>>) -> usize {
        number.iter().filter(|number| number.is_err()).count()
    }
}

#[dataflow(compile(included = failed))]
pub mod checking {
    #[include]
    use super::parsing;
}

fn main() {
    let _mistakes: usize = parsing::mistakes().unwrap();
    let _included: usize = checking::included().unwrap();
}

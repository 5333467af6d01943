//! Dynamic blocks as loops: `lifted_blocks.rs` is the text, as `lifted.rs` is that of the other dataflow.

use millstream::prelude::*;

mod lifted {
    #![allow(clippy::all, clippy::pedantic, missing_docs, reason = "the text is for others, by their rules")]
    include!("lifted_blocks.rs");
}

#[dataflow]
pub mod library {
    use millstream::{Collect, Parallelizable};

    #[inputs]
    pub struct Inputs {
        pub books: Vec<String>,
        pub prefix: String,
    }

    #[node]
    pub fn book(books: Vec<String>) -> Parallelizable<String> {
        Parallelizable::new(books)
    }

    /// Not every word is a number.
    #[node]
    pub fn word(book: &str) -> Parallelizable<u32> {
        let words: Vec<String> = book.split(' ').map(str::to_owned).collect();
        Parallelizable::fallible(words.into_iter().map(|word| word.parse::<u32>()))
    }

    #[node]
    #[extract_fields(twice, half)]
    pub fn scaled(word: u32) -> Scaled {
        Scaled { twice: word * 2, half: f64::from(word) / 2.0 }
    }

    pub struct Scaled {
        pub twice: u32,
        pub half: f64,
    }

    #[node]
    pub fn label(prefix: String, twice: u32) -> String {
        format!("{prefix}{twice}")
    }

    #[node]
    pub fn labels(label: Collect<'_, String>, book: &str) -> Result<String, String> {
        if label.len() > 3 { Err(format!("{book} is too long")) } else { Ok(label.join("-")) }
    }

    #[node]
    pub fn all(labels: Collect<'_, String>) -> String {
        labels.join("; ")
    }

    #[node]
    pub fn book_list(book: Collect<'_, String>) -> usize {
        book.len()
    }
}

pub(super) fn text() -> String {
    library::dataflow().graph().to_source(["all", "half", "book_list"]).unwrap()
}

#[test]
fn the_text_is_the_one_that_is_compiled_here() {
    super::same_as_compiled("lifted_blocks.rs", &text());
}

#[test]
fn it_computes_what_the_driver_computes() {
    use library::{all, book_list, half};
    for books in [&["1 2", "3"][..], &[], &["1 2 3", "x"], &["1 2 3 4"]] {
        let books: Vec<String> = books.iter().map(|book| (*book).to_owned()).collect();
        let inputs = library::Inputs { books: books.clone(), prefix: "#".to_owned() };
        let run = library::driver().build().unwrap().execute::<(all, half, book_list)>(inputs);
        match (lifted::library(books, "#".to_owned()), run) {
            (Ok(values), Ok(run)) => assert_eq!(values, run.into_values()),
            (Err(error), Err(of_run)) => {
                assert_eq!(error.to_string(), of_run.failure().unwrap().cause().unwrap().to_string());
            }
            (lifted, run) => assert_eq!(lifted.is_ok(), run.is_ok()),
        }
    }
}

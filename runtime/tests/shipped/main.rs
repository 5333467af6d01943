//! The hooks and layers that come with the library.

#![allow(
    clippy::items_after_statements,
    clippy::panic,
    clippy::trivially_copy_pass_by_ref,
    clippy::unnecessary_wraps,
    clippy::unwrap_used,
    reason = "the functions have the form of nodes"
)]

mod checks;
mod inspect;
mod print;
mod slow_down;
mod timings;

use millstream::prelude::*;

const EXECUTORS: [Executor; 2] = [Executor::Sequential, Executor::Rayon];

#[dataflow]
pub(crate) mod numbers {
    use millstream::{Collect, Level, NodeContext, Parallelizable};

    #[inputs]
    pub(crate) struct Inputs {
        pub(crate) most: u32,
    }

    #[node]
    pub(crate) fn number(most: &u32, run: NodeContext<'_>) -> Parallelizable<u32> {
        run.progress(1, 2);
        Parallelizable::new(1..=*most)
    }

    #[node]
    #[tag(unit = "pieces")]
    pub(crate) fn half(number: &u32, run: NodeContext<'_>) -> Result<u32, String> {
        if number.is_multiple_of(2) {
            run.log(Level::Info, format_args!("{number} is even"));
        }
        if *number == 5 { Err("5 is too much".to_owned()) } else { Ok(number / 2) }
    }

    #[node]
    #[tag(unit = "pieces")]
    #[extract_fields(sum: u32, text: String)]
    pub(crate) fn both(half: Collect<'_, u32>) -> Both {
        let sum = half.iter().sum();
        Both { sum, text: format!("{sum}!") }
    }

    pub(crate) struct Both {
        pub(crate) sum: u32,
        pub(crate) text: String,
    }
}

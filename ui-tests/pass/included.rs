//! Dataflows of dataflows, of this crate and of another.
#![deny(warnings)]
use millstream::prelude::*;

pub mod flows {
    use millstream::prelude::*;

    #[dataflow]
    pub mod load {
        #[inputs]
        pub struct Inputs {
            /// Where the rows are.
            pub file: String,
            pub limit: usize,
        }

        #[config]
        pub struct Config {
            pub quick: bool,
        }

        #[node]
        #[when(quick = true)]
        pub fn rows__few(file: &str) -> usize {
            file.len()
        }

        #[node]
        #[when(quick = false)]
        pub fn rows__all(file: &str, limit: usize) -> usize {
            file.len() + limit
        }

        #[node]
        pub fn replaced() -> u32 {
            1
        }

        #[node]
        pub fn after(replaced: u32, rows: usize) -> usize {
            replaced as usize + rows
        }
    }

    #[dataflow]
    pub mod middle {
        #[include]
        use super::load;

        #[node]
        pub fn doubled(rows: usize) -> usize {
            2 * rows
        }
    }
}

// Below the one that includes it, and by two ways.
#[dataflow]
pub mod top {
    #[include]
    use super::flows::middle;
    #[include]
    use crate::flows::load;
    #[include]
    use millstream_shared_flows::loans;

    #[inputs]
    pub struct Inputs {
        pub offset: usize,
    }

    #[config]
    pub struct Config {
        pub quick: bool,
        pub deep: bool,
    }

    /// Answers for an input.
    #[node]
    pub fn limit(offset: usize) -> usize {
        offset + 1
    }

    #[node(overrides)]
    pub fn replaced() -> u32 {
        10
    }

    #[node]
    #[when(deep = true, quick = false)]
    pub fn result__deep(doubled: usize, after: usize) -> usize {
        doubled + after
    }

    #[node]
    #[when(deep = _)]
    pub fn result__flat(doubled: usize) -> usize {
        doubled
    }

    #[node]
    pub fn exposure(risk: f64, offset: usize) -> f64 {
        risk + offset as f64
    }
}

fn main() -> Result<(), millstream::Error> {
    use millstream_shared_flows::loans::Interest;
    let config = top::Config { quick: false, deep: true, interest: Interest::Simple };
    let driver = top::driver(config).build()?;
    let run = driver.execute::<top::result>(top::inputs().file("four".to_owned()).offset(1))?;
    // Rows: 4 + 2; doubled: 12; after: 10 + 6.
    assert_eq!(run.into_values(), 28);
    Ok(())
}

//! Parts of values as nodes.
#![deny(warnings)]
use std::collections::{BTreeMap, HashMap};

use millstream::prelude::*;

pub mod table {
    pub struct Elsewhere {
        pub rain: Vec<f64>,
        pub snow: Vec<f64>,
    }
}

#[dataflow]
pub mod extracted {
    use super::table::Elsewhere;
    use super::{BTreeMap, HashMap};

    #[derive(Clone)]
    pub struct Columns {
        /// Degrees.
        pub temp_max: Vec<f64>,
        pub temp_min: Vec<f64>,
        pub unused: u32,
    }

    #[node]
    #[tag(stage = "load")]
    #[tag_outputs(temp_max = { unit = "celsius", kinds = ["a", "b"] })]
    #[extract_fields(temp_max, temp_min)]
    pub fn columns() -> Columns {
        Columns { temp_max: vec![1.0], temp_min: vec![0.0], unused: 1 }
    }

    #[node]
    #[extract_fields(rain: Vec<f64>, /** Rarely. */ snow: Vec<f64>)]
    pub fn elsewhere() -> Result<Elsewhere, String> {
        Ok(Elsewhere { rain: vec![2.0], snow: Vec::new() })
    }

    #[node]
    #[extract_fields(first, second)]
    pub fn map() -> HashMap<String, f64> {
        HashMap::from([("first".to_owned(), 1.0), ("second".to_owned(), 2.0)])
    }

    #[node]
    #[extract_fields(third)]
    pub fn ordered() -> BTreeMap<&'static str, f64> {
        BTreeMap::from([("third", 3.0)])
    }

    #[node]
    #[unpack_fields(train, _, seed)]
    pub fn split() -> (Vec<f64>, String, u64) {
        (vec![1.0], "unused".to_owned(), 42)
    }

    #[node]
    #[unpack_fields(only)]
    fn single() -> (u32,) {
        (1,)
    }

    #[node]
    pub fn all(temp_max: &[f64], columns: &Columns, rain: &[f64], second: f64, third: f64, seed: u64, only: u32) -> f64 {
        temp_max[0] + columns.temp_min[0] + rain[0] + second + third + seed as f64 + f64::from(only)
    }
}

fn main() -> Result<(), millstream::Error> {
    use extracted::{all, first, seed, snow, train};
    let run = extracted::driver().build()?.execute::<(all, first, seed, snow, train)>(())?;
    assert_eq!(run.into_values(), (51.0, 1.0, 42, Vec::new(), vec![1.0]));
    Ok(())
}

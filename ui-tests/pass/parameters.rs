//! Every form of parameter.
#![deny(warnings)]
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use millstream::prelude::*;

#[dataflow]
pub mod forms {
    use super::{BTreeMap, Path, PathBuf};

    #[inputs]
    pub struct Inputs {
        pub file: PathBuf,
        pub title: String,
        #[default(7)]
        pub window: usize,
        pub limit: Option<f64>,
        pub series: Vec<f64>,
        pub corner: (u32, u32),
        pub cells: [u8; 3],
    }

    #[node]
    #[tag(kind = "length")]
    pub fn file_length(file: &Path) -> usize {
        file.as_os_str().len()
    }

    #[node]
    #[tag(kind = "length")]
    pub fn title_length(title: &str) -> usize {
        title.len()
    }

    #[node]
    pub fn whole_types(file: &PathBuf, title: &String, series: &Vec<f64>) -> usize {
        file.as_os_str().len() + title.len() + series.len()
    }

    #[node]
    pub fn by_value(mut series: Vec<f64>, window: usize, corner: (u32, u32)) -> usize {
        series.truncate(window);
        series.len() + corner.0 as usize
    }

    #[node]
    pub fn arrays(cells: &[u8], whole: &[u8; 3], own: [u8; 3]) -> usize {
        cells.len() + whole.len() + own.len()
    }

    #[node]
    pub fn whole(cells: [u8; 3]) -> [u8; 3] {
        cells
    }

    #[node]
    pub fn own(cells: &[u8; 3]) -> [u8; 3] {
        *cells
    }

    #[node]
    pub fn optional(limit: Option<&f64>, missing: Option<&f64>, title: Option<&str>) -> usize {
        usize::from(limit.is_some()) + usize::from(missing.is_some()) + title.map_or(0, str::len)
    }

    #[node]
    pub fn optional_by_value(limit: Option<f64>, missing: Option<String>, window: Option<usize>) -> usize {
        usize::from(limit.is_some()) + usize::from(missing.is_some()) + window.unwrap_or(0)
    }

    #[node]
    pub fn whole_option(limit: &Option<f64>) -> bool {
        limit.is_some()
    }

    #[node]
    pub fn defaults(#[default(3)] depth: usize, #[default("x".to_owned())] prefix: String) -> usize {
        depth + prefix.len()
    }

    #[node]
    pub fn borrowed_default(#[default("x")] suffix: &str, #[default(&[1.0])] extra: &[f64]) -> usize {
        suffix.len() + extra.len()
    }

    #[node]
    pub fn sources(#[source(series)] values: &[f64], #[source(window)] n: usize) -> usize {
        values.len() + n
    }

    #[node]
    pub fn constants(#[value(30)] days: usize, #[value("km")] unit: &str, #[value(&[1.0, 2.0])] weights: &[f64]) -> usize {
        days + unit.len() + weights.len()
    }

    #[node]
    pub fn listed(#[group(file_length, title_length)] lengths: Vec<&usize>) -> usize {
        lengths.into_iter().sum()
    }

    #[node]
    pub fn mapped(#[group(file_length, title_length)] lengths: BTreeMap<&str, &usize>) -> usize {
        lengths["file_length"] + lengths["title_length"]
    }

    #[node]
    pub fn tagged(#[group(tag(kind = "length"))] lengths: Vec<&usize>) -> usize {
        lengths.into_iter().sum()
    }

    #[node]
    pub fn tagged_somehow(#[group(tag(kind))] lengths: BTreeMap<&str, &usize>) -> usize {
        lengths.len()
    }

    #[node]
    pub fn nothing() {}

    #[node]
    pub fn after_nothing(nothing: &()) -> usize {
        let () = nothing;
        1
    }
}

fn main() -> Result<(), millstream::Error> {
    use forms::{arrays, by_value, constants, listed, mapped, optional, optional_by_value, tagged, tagged_somehow};
    let driver = forms::driver().build()?;
    let inputs = forms::Inputs {
        file: "a.csv".into(),
        title: "four".to_owned(),
        window: 2,
        limit: Some(1.0),
        series: vec![1.0, 2.0, 3.0],
        corner: (5, 6),
        cells: [1, 2, 3],
    };
    let run = driver
        .execute::<(by_value, arrays, optional, optional_by_value, constants, listed, mapped, tagged, tagged_somehow)>(
            inputs,
        )?;
    assert_eq!(run.into_values(), (7, 9, 5, 3, 34, 9, 9, 9, 2));
    Ok(())
}

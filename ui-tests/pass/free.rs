//! Nodes without a module, for the builder.
#![deny(warnings)]
use std::collections::BTreeMap;

use millstream::prelude::*;
use millstream::{Graph, InputMap};

/// Rows of the file.
#[node]
#[tag(stage = "load")]
pub fn rows(file: &str) -> Vec<f64> {
    file.split(',').filter_map(|row| row.parse().ok()).collect()
}

#[millstream::node(version = 2)]
#[inject(factor = value(2.0))]
pub fn scaled(rows: &[f64], factor: f64) -> Vec<f64> {
    rows.iter().map(|row| row * factor).collect()
}

#[node]
pub fn total(scaled: Vec<f64>, limit: Option<f64>, #[default(1.0)] offset: f64) -> f64 {
    scaled.into_iter().sum::<f64>().min(limit.unwrap_or(f64::MAX)) + offset
}

#[node(name = "share")]
pub fn share_of_total(#[source(total)] all: &f64, #[group(rows, scaled)] both: Vec<&Vec<f64>>) -> Result<f64, String> {
    if *all > 0.0 { Ok(both.len() as f64 / all) } else { Err("nothing".to_owned()) }
}

#[node]
fn by_name(#[group(rows, scaled)] both: BTreeMap<&str, &Vec<f64>>) -> usize {
    both["rows"].len() + both["scaled"].len()
}

fn main() -> Result<(), millstream::Error> {
    let graph = Graph::builder()
        .input::<String>("file")
        .node::<rows>()
        .node::<scaled>()
        .node::<total>()
        .node::<share>()
        .node::<by_name>()
        .build()?;
    let driver = graph.driver().build()?;
    let inputs = InputMap::new().set("file", "1,2".to_owned());
    let run = driver.execute::<(total, share, by_name)>(inputs)?;
    assert_eq!(run.into_values(), (7.0, 2.0 / 7.0, 4));
    assert_eq!(total(vec![1.0], None, 0.5), 1.5);
    Ok(())
}

//! Types that the macro cannot see through.
#![deny(warnings)]
use std::collections::HashMap;
use std::sync::Arc;

use millstream::prelude::*;

pub type Series = Vec<f64>;
pub type Loaded<T> = Result<T, std::num::ParseFloatError>;

pub trait Model: Send + Sync {
    fn predict(&self, x: f64) -> f64;
}

pub struct Double;

impl Model for Double {
    fn predict(&self, x: f64) -> f64 {
        2.0 * x
    }
}

/// Neither `Clone` nor `Debug`.
pub struct Connection(pub u32);

#[dataflow]
pub mod types {
    use std::borrow::Cow;

    use super::*;

    type Table = HashMap<String, Series>;

    #[node]
    pub fn series() -> Series {
        vec![1.0, 2.0]
    }

    #[node]
    pub fn of_alias(series: &[f64]) -> usize {
        series.len()
    }

    #[node]
    pub fn by_alias(#[source(vector)] series: &Series) -> usize {
        series.len()
    }

    #[node]
    pub fn vector() -> std::vec::Vec<f64> {
        vec![1.0]
    }

    #[node]
    pub fn own_alias(vector: Series) -> Series {
        vector
    }

    #[node]
    pub fn table(series: &[f64]) -> Table {
        HashMap::from([("a".to_owned(), series.to_vec())])
    }

    #[node]
    pub fn of_table(table: &HashMap<String, Vec<f64>>) -> usize {
        table.len()
    }

    #[node(fallible)]
    pub fn loaded() -> Loaded<f64> {
        "1.5".parse()
    }

    #[node]
    pub fn read() -> std::io::Result<String> {
        Ok("1.5".to_owned())
    }

    #[node]
    pub fn parsed(read: &str) -> Result<f64, Box<dyn std::error::Error + Send + Sync>> {
        Ok(read.parse()?)
    }

    #[node]
    pub fn failed_by_text(parsed: f64) -> Result<f64, String> {
        if parsed > 0.0 { Ok(parsed) } else { Err(format!("{parsed} is not positive")) }
    }

    #[node]
    pub fn after_alias(loaded: f64) -> f64 {
        loaded
    }

    #[node]
    pub fn boxed() -> Box<dyn Model> {
        Box::new(Double)
    }

    #[node]
    pub fn of_boxed(boxed: &dyn Model) -> f64 {
        boxed.predict(1.0)
    }

    #[node]
    pub fn of_box(boxed: &Box<dyn Model>) -> f64 {
        boxed.predict(1.0)
    }

    #[node]
    pub fn concrete() -> Double {
        Double
    }

    #[node]
    pub fn of_concrete(concrete: &dyn Model) -> f64 {
        concrete.predict(1.0)
    }

    #[node]
    pub fn shared() -> Arc<Series> {
        Arc::new(vec![1.0])
    }

    #[node]
    pub fn of_shared(shared: &[f64], #[source(shared)] whole: Arc<Series>) -> usize {
        shared.len() + whole.len()
    }

    #[node]
    pub fn connection() -> Connection {
        Connection(3)
    }

    #[node]
    pub fn of_connection(connection: Connection) -> u32 {
        connection.0
    }

    #[node]
    pub fn cow() -> Cow<'static, str> {
        Cow::Borrowed("cow")
    }

    #[node]
    pub fn of_cow(cow: &str) -> usize {
        cow.len()
    }

    #[node]
    pub fn function() -> fn(f64) -> f64 {
        |x| 2.0 * x
    }

    #[node]
    pub fn of_function(function: fn(f64) -> f64) -> f64 {
        function(2.0)
    }

    #[node]
    pub fn text() -> &'static str {
        "text"
    }

    #[node]
    pub fn of_text(text: &str, #[source(text)] own: &'static str) -> usize {
        text.len() + own.len()
    }

    #[node]
    pub fn nested() -> Vec<Vec<Option<(u32, [f64; 2])>>> {
        vec![vec![None]]
    }

    #[node]
    pub fn of_nested(nested: &[Vec<Option<(u32, [f64; 2])>>]) -> usize {
        nested.len()
    }

    #[node]
    pub fn own_module() -> self::inner::Unit {
        inner::Unit
    }

    #[node]
    pub fn of_own_module(own_module: &inner::Unit) -> bool {
        matches!(own_module, inner::Unit)
    }

    pub mod inner {
        #[derive(Clone, Copy)]
        pub struct Unit;
    }
}

fn main() -> Result<(), millstream::Error> {
    use types::{failed_by_text, of_boxed, of_concrete, of_connection, of_cow, of_function, of_shared, of_text};
    let run = types::driver().build()?.execute::<(
        failed_by_text,
        of_boxed,
        of_concrete,
        of_connection,
        of_cow,
        of_function,
        of_shared,
        of_text,
    )>(())?;
    assert_eq!(run.into_values(), (1.5, 2.0, 2.0, 3, 3, 4.0, 2, 8));
    Ok(())
}

//! Dataflows as Rust text. `lifted.rs` is what `to_source` gives for the dataflow here; it is compiled into this test
//! and must compute what the driver computes. After a change: `GOLDEN=overwrite cargo test -p millstream-tests --test
//! source`, then read what has changed, and run it again.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::cast_precision_loss,
    clippy::needless_pass_by_value,
    clippy::trivially_copy_pass_by_ref,
    clippy::unused_async,
    clippy::unwrap_used,
    reason = "dataflows as users write them"
)]

use std::borrow::Cow;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs, io};

use millstream::prelude::*;
use millstream::{ErrorKind, Graph, SubDriver};

mod blocks;
mod streams;

/// What is the same wherever it runs.
mod lifted {
    #![allow(clippy::all, clippy::pedantic, missing_docs, reason = "the text is for others, by their rules")]
    include!("lifted.rs");
}

mod load {
    use millstream::prelude::*;

    #[dataflow]
    pub mod files {
        use std::io;
        use std::path::{Path, PathBuf};

        #[inputs]
        pub struct Inputs {
            pub file: PathBuf,
        }

        /// Reads the file, as far as it is one.
        #[node]
        pub fn text(file: &Path) -> io::Result<String> {
            match file.to_str() {
                Some(name) if !name.is_empty() => Ok(name.replace('/', " ")),
                _ => Err(io::Error::other("no such file")),
            }
        }
    }
}

/// Everything there is to write.
#[dataflow]
mod everything {
    #[include]
    use super::load::files;
    use std::borrow::Cow;
    use std::collections::{BTreeMap, HashMap};
    use std::fmt::Display;
    use std::sync::Arc;

    #[inputs]
    pub struct Inputs {
        pub scale: f64,
        pub maybe: Option<String>,
        #[default(3)]
        pub window: usize,
        pub r#type: Cow<'static, str>,
    }

    #[config]
    pub struct Config {
        pub long: bool,
    }

    pub struct Columns {
        pub high: Vec<f64>,
        pub low: Vec<f64>,
    }

    #[node]
    pub fn numbers(text: &str) -> Result<Vec<f64>, std::num::ParseFloatError> {
        text.split(' ').filter(|word| word.contains('.')).map(str::parse).collect()
    }

    #[node]
    #[extract_fields(high, low)]
    pub fn columns(numbers: Vec<f64>, scale: f64) -> Columns {
        let (high, low) = numbers.into_iter().map(|number| number * scale).partition(|number| *number > 1.0);
        Columns { high, low }
    }

    #[node]
    #[unpack_fields(first, _, count)]
    pub fn tuple(high: &[f64]) -> (f64, u8, usize) {
        (high[0], 0, high.len())
    }

    #[node]
    #[extract_fields(red: f64, blue: f64)]
    pub fn colours(first: f64) -> HashMap<String, f64> {
        HashMap::from([("red".to_owned(), first), ("blue".to_owned(), 0.5)])
    }

    #[node]
    #[when(long = true)]
    pub fn title__long(maybe: Option<&str>, nothing: Option<&u8>) -> String {
        format!("{maybe:?} {nothing:?} at length")
    }

    #[node]
    #[when(long = false)]
    pub fn title__short() -> String {
        String::new()
    }

    #[node]
    #[parameterize(
        mean_of_high = { series: source(high) },
        mean_of_low = { series: source(low), window: value(1 + 1) },
    )]
    pub fn mean(series: Vec<f64>, window: usize) -> f64 {
        series.iter().take(window).sum::<f64>() / window as f64
    }

    #[node]
    pub fn shared(#[source(first)] shown: &dyn Display, #[default(7)] days: u32) -> Arc<Vec<String>> {
        Arc::new(vec![shown.to_string(), days.to_string()])
    }

    #[node]
    pub fn boxed(shared: &[String]) -> Box<dyn Display + Send + Sync> {
        Box::new(shared.concat())
    }

    #[node]
    pub fn unboxed(boxed: &(dyn Display + Send + Sync)) -> String {
        boxed.to_string()
    }

    #[node]
    pub fn all_of_them(
        #[group(mean_of_high, mean_of_low, red, blue, first, scale)] numbers: Vec<&f64>,
        #[group(title, unboxed)] texts: BTreeMap<&str, &String>,
        #[group(high, low)] slices: Vec<&[f64]>,
        #[source(maybe)] owned: Option<String>,
        #[source(count)] some: Option<usize>,
        r#type: &str,
    ) -> String {
        format!("{numbers:?} {texts:?} {slices:?} {owned:?} {some:?} {type}")
    }
}

fn text() -> String {
    let driver = everything::driver(everything::Config { long: true }).build().unwrap();
    driver.to_source(["all_of_them", "mean_of_low", "text"]).unwrap()
}

/// Compares a text with the file that is compiled into this test, or writes that.
fn same_as_compiled(file: &str, text: &str) {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/source").join(file);
    if env::var("GOLDEN").is_ok_and(|value| value == "overwrite") {
        fs::write(golden, text).unwrap();
    } else {
        assert_eq!(fs::read_to_string(golden).unwrap(), text);
    }
}

#[test]
fn the_text_is_the_one_that_is_compiled_here() {
    same_as_compiled("lifted.rs", &text());
}

#[test]
fn it_computes_what_the_driver_computes() {
    use everything::{all_of_them, mean_of_low};
    let (scale, maybe, window, r#type) = (2.0, Some("word".to_owned()), 3, Cow::Borrowed("four"));
    for file in ["1.5/0.25/x/0.125", "", "1.5/..", "0.1/9.9"] {
        let driver = everything::driver(everything::Config { long: true }).build().unwrap();
        let run = driver.execute::<(all_of_them, mean_of_low, everything::text)>(everything::Inputs {
            file: file.into(),
            scale,
            maybe: maybe.clone(),
            window,
            r#type: r#type.clone(),
        });
        match (lifted::everything(scale, maybe.clone(), window, r#type.clone(), file.into()), run) {
            (Ok(values), Ok(run)) => assert_eq!(values, run.into_values()),
            (Err(error), Err(of_run)) => {
                assert_eq!(error.to_string(), of_run.failure().unwrap().cause().unwrap().to_string());
            }
            (lifted, run) => assert_eq!(lifted.is_ok(), run.is_ok(), "{file}"),
        }
    }
}

#[test]
fn rustfmt_has_nothing_to_add() -> io::Result<()> {
    for text in [text(), blocks::text(), streams::text()] {
        let mut rustfmt = Command::new("rustfmt");
        // By its defaults, wherever this runs.
        rustfmt.args(["--edition", "2024", "--config-path", "/dev/null"]).current_dir(env::temp_dir());
        rustfmt.stdin(Stdio::piped()).stdout(Stdio::piped());
        let Ok(mut child) = rustfmt.spawn() else {
            println!("there is no rustfmt here, so its opinion is not asked");
            return Ok(());
        };
        io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes())?;
        let output = child.wait_with_output()?;
        assert_eq!(String::from_utf8_lossy(&output.stdout), text);
    }
    Ok(())
}

#[test]
fn what_cannot_be_written_is_named() {
    let graph = Graph::builder()
        .input::<f64>("x")
        .function("twice", ["x"], |x: &f64| 2.0 * x)
        .function("range", ["x"], |x: &f64| (*x, *x))
        .parts(["low", "high"], |range: (f64, f64)| range)
        .build()
        .unwrap();
    let error = graph.to_source(["twice", "high"]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert_eq!(
        error.problems(),
        [
            "node `twice` is a closure, of which no text is known; make it a function with `#[node]`",
            "node `range` is a closure, of which no text is known; make it a function with `#[node]`",
            "node `range` is taken apart by a closure, of which no text is known; make it a function with `#[node]`",
        ]
    );
    let everything = everything::dataflow().graph();
    assert_eq!(
        everything.to_source(["all_of_them"]).unwrap_err().to_string(),
        "node `title` has variants, and nothing selects one; ask the driver, which has a config, or its graph"
    );
    assert_eq!(
        everything.to_source(["al_of_them"]).unwrap_err().to_string(),
        "`al_of_them` is neither a node nor an input; did you mean `all_of_them`?"
    );
    let none: [&str; 0] = [];
    assert_eq!(
        everything.to_source(none).unwrap_err().to_string(),
        "no output is asked for; name at least one"
    );
}

#[test]
fn a_sub_driver_is_called_by_its_name() {
    let tax = Graph::builder().input::<f64>("net").function("tax", ["net"], |net: &f64| net * 0.25);
    let tax = SubDriver::of(&tax.build().unwrap().driver().build().unwrap()).outputs(["tax"]);
    let graph = Graph::builder().input::<f64>("net").sub_driver("taxes", tax).build().unwrap();
    assert_eq!(
        graph.to_source(["tax"]).unwrap_err().to_string(),
        "node `taxes` is a sub-driver, which cannot be written; ask its own driver for a text, or take its nodes into this graph with `Graph::combine`"
    );
}

/// A node outside of a dataflow.
#[node]
fn free(x: &f64) -> f64 {
    *x
}

#[test]
fn free_standing_nodes_have_a_path_too() {
    let graph = Graph::builder().input::<f64>("x").node::<free>().build().unwrap();
    let text = graph.to_source(["free"]).unwrap();
    assert!(
        text.contains("pub fn compute(x: f64) -> f64 {\n    let free = crate::free(&x);\n    free\n}"),
        "{text}"
    );
}

#[dataflow]
mod waiting {
    #[node]
    pub async fn price() -> Result<f64, String> {
        Ok(2.0)
    }

    #[node]
    pub fn twice(price: &f64) -> f64 {
        price * 2.0
    }

    #[node(retries = 2, timeout = "1s")]
    pub async fn stock() -> usize {
        3
    }
}

#[test]
fn what_waits_is_awaited() {
    let text = waiting::dataflow().graph().to_source(["twice"]).unwrap();
    assert!(text.contains("pub async fn waiting() -> Result<f64, "), "{text}");
    assert!(text.contains("let price = waiting::price().await?;"), "{text}");
    let error = waiting::dataflow().graph().to_source(["stock"]).unwrap_err();
    assert_eq!(
        error.problems(),
        [
            "node `stock` has retries, which cannot be written yet; ask for other outputs",
            "node `stock` has a time limit, which cannot be written yet; ask for other outputs",
        ]
    );
}

#[dataflow]
mod shops {
    use millstream::{Collect, NodeContext, NodeError, Parallelizable};

    #[node]
    pub fn shop() -> Parallelizable<Vec<u64>> {
        Parallelizable::new([vec![1, 2], vec![3]])
    }

    #[node]
    pub fn price(shop: Vec<u64>) -> Parallelizable<u64> {
        Parallelizable::new(shop)
    }

    #[node(retries = 1)]
    pub fn taxed(price: u64, context: NodeContext<'_>) -> u64 {
        price + u64::from(context.is_cancelled())
    }

    #[node]
    pub fn of_shop(taxed: Collect<'_, u64>) -> u64 {
        taxed.iter().sum()
    }

    #[node]
    pub fn total(of_shop: Collect<'_, u64>) -> u64 {
        of_shop.iter().sum()
    }

    #[node]
    pub fn failed(shop: Collect<'_, Result<Vec<u64>, NodeError>>) -> bool {
        shop.iter().any(Result::is_err)
    }

    #[node]
    pub fn known(total: Result<&u64, &NodeError>) -> bool {
        total.is_ok()
    }

    #[node]
    pub fn noted(about: &millstream::Metadata<total>) -> bool {
        about.is_empty()
    }
}

#[test]
fn what_only_a_run_has_is_no_more_in_a_block() {
    let error = shops::dataflow().graph().to_source(["total"]).unwrap_err();
    assert_eq!(
        error.problems(),
        [
            "node `taxed` has retries, which cannot be written yet; ask for other outputs",
            "parameter `context` of node `taxed` is a `NodeContext<'_>`, which only a run has; ask for other outputs",
        ]
    );
}

#[test]
fn what_only_a_run_has_is_named_however_it_is_written() {
    for (node, param) in [
        ("failed", "parameter `shop` of node `failed` is a `Collect<'_, Result<Vec<u64>, NodeError>>`"),
        ("known", "parameter `total` of node `known` is a `Result<&u64, &NodeError>`"),
        ("noted", "parameter `about` of node `noted` is a `&millstream::Metadata<total>`"),
    ] {
        let error = shops::dataflow().graph().to_source([node]).unwrap_err();
        assert_eq!(
            error.problems().last(),
            Some(&format!("{param}, which only a run has; ask for other outputs"))
        );
    }
}

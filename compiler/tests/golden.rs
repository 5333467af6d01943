//! What comes out of the macros, as people read it. Each `golden/<case>.rs` has its expansion beside it in
//! `golden/<case>.expanded`. After a change: `GOLDEN=overwrite cargo test -p millstream-compiler --test golden`, then
//! read what has changed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::path::{Path, PathBuf};
use std::{env, fs};

use millstream_compiler::syntax;
use proc_macro2::TokenStream;

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    cases.sort();
    cases
}

/// A file holds one item, under `#[dataflow]` or under `#[node]`, or is the input of the second step of a composition.
fn expand(source: &str) -> TokenStream {
    let (first, rest) = source.split_once('\n').unwrap();
    let tokens: TokenStream = rest.parse().unwrap();
    match first {
        "#[dataflow]" => syntax::dataflow(TokenStream::new(), tokens),
        "#[node]" => syntax::free_node(TokenStream::new(), tokens),
        "compose!" => syntax::compose(tokens),
        first if first.starts_with("#[dataflow(") => {
            let options = first.trim_start_matches("#[dataflow(").trim_end_matches(")]");
            syntax::dataflow(options.parse().unwrap(), tokens)
        }
        other => panic!("a case begins with `#[dataflow]`, `#[node]` or `compose!`, not with `{other}`"),
    }
}

/// Pretty where it parses; `macro_rules!` bodies and the like stay as they are.
fn pretty(tokens: &TokenStream) -> String {
    syn::parse2(tokens.clone())
        .map_or_else(|error| panic!("{error} in\n{tokens}"), |file| prettyplease::unparse(&file))
}

#[test]
fn expansions_are_the_expected_ones() {
    let overwrite = env::var("GOLDEN").is_ok_and(|value| value == "overwrite");
    let mut wrong = Vec::new();
    for case in cases() {
        let actual = pretty(&expand(&fs::read_to_string(&case).unwrap()));
        let golden = case.with_extension("expanded");
        if overwrite {
            fs::write(&golden, actual).unwrap();
        } else if fs::read_to_string(&golden).unwrap_or_default() != actual {
            wrong.push(format!("{}: expected {}, got\n{actual}", case.display(), golden.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for case in cases() {
        let source = fs::read_to_string(&case).unwrap();
        assert_eq!(expand(&source).to_string(), expand(&source).to_string());
    }
}

//! Writes the dataflow of `tests/entry_long.rs`, which is too long to be written by hand.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs, io};

/// More than stand in one function of an entry.
const NODES: usize = 1_600;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let folder = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo says where it goes"))?;
    fs::write(Path::new(&folder).join("long.rs"), dataflow())
}

/// Each node needs an earlier one by reference and another by value; some fail, some are chosen by the config, some
/// are taken apart, and some are used again at the very end.
fn dataflow() -> String {
    let last = NODES - 1;
    let mut text = format!(
        "#[millstream::dataflow(compile(long = (n{last}, n7, n1234)))]\n\
         mod flow {{\n\
         #[inputs] pub struct Inputs {{ pub n0: String, pub n1: String, pub limit: u64 }}\n\
         #[config] pub struct Config {{ pub even: bool }}\n"
    );
    for node in 2..NODES {
        let (near, far) = (node - 1, node * 7 % (node - 1));
        let body = format!("format!(\"{{:.8}}{{}}\", n{near}, n{far}.len() + {node})");
        let _ = match node {
            _ if node % 97 == 0 => writeln!(
                text,
                "#[node] pub fn n{node}(n{near}: &str, n{far}: String, limit: u64) -> Result<String, String> {{ \
                 if limit == {node} {{ Err(\"limit\".to_owned()) }} else {{ Ok({body}) }} }}"
            ),
            _ if node % 193 == 0 => writeln!(
                text,
                "#[node] #[when(even = true)] pub fn n{node}__even(n{near}: &str, n{far}: &str) -> String {{ {body} }}\n\
                 #[node] #[when(even = false)] pub fn n{node}__odd(n{near}: String) -> String {{ n{near} + \"odd\" }}"
            ),
            _ if node % 211 == 0 => writeln!(
                text,
                "#[node] #[unpack_fields(n{node}, _)] pub fn pair{node}(n{near}: &str, n{far}: String) -> (String, u8) \
                 {{ ({body}, 0) }}"
            ),
            _ => {
                writeln!(text, "#[node] pub fn n{node}(n{near}: &str, n{far}: String) -> String {{ {body} }}")
            }
        };
    }
    text + "}\n"
}

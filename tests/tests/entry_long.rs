//! A compiled entry point of more calls than rustc takes well in one function.

#![allow(
    unreachable_pub,
    clippy::needless_pass_by_value,
    reason = "a dataflow of sixteen hundred nodes that is written by the build script"
)]

use millstream::Error;
use millstream::prelude::*;

include!(concat!(env!("OUT_DIR"), "/long.rs"));

#[test]
fn a_long_entry_gives_what_the_driver_gives() -> Result<(), Error> {
    for even in [true, false] {
        let (n0, n1, limit) = ("zero".to_owned(), "one".to_owned(), 1);
        let inputs = flow::LongInputs { n0: n0.clone(), n1: n1.clone(), limit };
        let entry = flow::long(&flow::Config { even }, &inputs)?;
        let driver = flow::driver(flow::Config { even }).executor(Executor::Sequential).build()?;
        let run = driver.execute::<(flow::n1599, flow::n7, flow::n1234)>(flow::Inputs { n0, n1, limit })?;
        assert_eq!(run.into_values(), (entry.n1599, entry.n7, entry.n1234));
    }
    Ok(())
}

#[test]
fn it_ends_where_a_node_fails() {
    let inputs = flow::LongInputs { n0: String::new(), n1: String::new(), limit: 970 };
    let error = flow::long(&flow::Config { even: true }, &inputs).err().map(|error| error.node());
    assert_eq!(error, Some("n970"));
}

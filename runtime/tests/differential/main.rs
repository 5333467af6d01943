//! Random graphs with blocks, failures, fallbacks, retries and async nodes give on every executor what a naive
//! interpreter gives.

#![allow(
    clippy::cast_possible_truncation,
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::trivially_copy_pass_by_ref,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "nodes have the form that users write, and the files of one test share what they have"
)]

mod agree;
mod build;
mod compiled;
mod contained;
mod fuse;
mod gate;
mod interpret;
mod job;
mod legs;
mod mishaps;
mod plot;
mod spec;
mod tally;

use proptest::prelude::*;

/// Panics of nodes are expected here: without their output.
fn quiet() {
    static QUIET: std::sync::Once = std::sync::Once::new();
    QUIET.call_once(|| {
        let others = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !panic.payload_as_str().is_some_and(|message| message.starts_with(job::PANIC)) {
                others(panic);
            }
        }));
    });
}

/// So many cases unless the environment says otherwise: `PROPTEST_CASES=100000` takes an hour.
const CASES: u32 = 100;

fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 20_000, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn all_agree_with_a_naive_interpreter(case in spec::case(25)) {
        quiet();
        agree::check(&case)?;
    }

    #[test]
    fn nothing_is_left_whatever_goes_wrong(case in spec::case(15), mishap in mishaps::mishap()) {
        quiet();
        mishaps::check(&case, mishap)?;
    }
}

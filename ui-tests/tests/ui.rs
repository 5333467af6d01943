//! Runs the wrong programs in `ui/<cause>` and the right ones in `pass`.
//!
//! The words of the compiler stand beside each wrong program, in its `.stderr`. A new or a changed one is written by
//! `TRYBUILD=overwrite cargo test -p millstream-ui-tests`; read it before it is committed. It must be the right
//! message at the right token and nothing else. What is not yet said like that waits in `open`, which is not run.

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("pass/*.rs");
    cases.compile_fail("ui/*/*.rs");
}

//! The tests of what users see are in the folder `tests` beside this one. Here the README is tested: every block of
//! code in it is compiled and run as it stands.

#![doc = include_str!("../../README.md")]

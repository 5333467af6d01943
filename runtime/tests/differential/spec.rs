//! What is generated. Any list of these is a graph: positions are taken for one of those that are possible where they
//! stand, so that a case can be made smaller in any way.

use std::fmt;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::plot::Plot;

/// A graph, what is asked of it, and what is given to it.
#[derive(Clone)]
pub struct Case {
    pub specs: Vec<Spec>,
    pub wanted: Vec<usize>,
    /// A node whose value the caller gives.
    pub given: Option<usize>,
}

/// A case that fails is shown as the graph that it comes to.
impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Plot::of(self), f)
    }
}

/// A node.
#[derive(Clone, Debug)]
pub struct Spec {
    pub does: Does,
    pub first: Param,
    pub second: Option<Param>,
    pub ends: Ends,
    /// How often it waits, if it is async.
    pub waits: Option<u8>,
    pub retries: u8,
    pub fallback: Option<Fallback>,
}

/// What becomes of what it has computed.
#[derive(Clone, Copy, Debug)]
pub enum Does {
    Value,
    /// Its value is taken apart into two.
    Parts,
    /// It opens a block.
    Open(Items),
}

/// The items of a block.
#[derive(Clone, Copy, Debug)]
pub struct Items {
    /// The number of items is up to this; which depends on what the node has computed.
    pub most: u8,
    /// An item that cannot be had.
    pub broken: Option<u8>,
    pub is_stream: bool,
    /// How many may be alive at once.
    pub at_once: Option<u8>,
}

/// A parameter, and where its value comes from.
#[derive(Clone, Debug)]
pub struct Param {
    pub how: How,
    pub picks: Vec<usize>,
}

/// How a parameter takes its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum How {
    Borrow,
    Own,
    Optional,
    OptionalOwn,
    /// The graph lacks it.
    Absent,
    /// It is an input that the caller does not supply.
    Unsupplied,
    Tolerant,
    Group,
    Map,
    Collect,
    CollectResults,
}

/// How a call ends, by what it has computed.
#[derive(Clone, Copy, Debug)]
pub enum Ends {
    Well,
    /// One of so many numbers is an error.
    Fails(u64),
    /// One of so many numbers is a panic.
    Panics(u64),
    /// The first so many attempts are errors.
    Flaky(u8),
    /// For one of so many items it is not let run.
    Refused(Gate, u64),
}

/// Who does not let a node run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gate {
    Hook,
    Layer,
}

/// What stands in for a node that has failed.
#[derive(Clone, Copy, Debug)]
pub enum Fallback {
    Constant(u64),
    Other(usize),
}

pub fn case(nodes: usize) -> impl Strategy<Value = Case> {
    (vec(spec(), 1..nodes), vec(0..1000_usize, 1..5), option::weighted(0.2, 0..1000_usize))
        .prop_map(|(specs, wanted, given)| Case { specs, wanted, given })
}

fn spec() -> impl Strategy<Value = Spec> {
    let fallback =
        prop_oneof![any::<u64>().prop_map(Fallback::Constant), (0..1000_usize).prop_map(Fallback::Other)];
    let retries = prop_oneof![6 => Just(0_u8), 1 => 1..3_u8];
    (
        does(),
        first(),
        option::weighted(0.6, second()),
        ends(),
        option::weighted(0.2, 0..3_u8),
        retries,
        option::weighted(0.1, fallback),
    )
        .prop_map(|(does, first, second, ends, waits, retries, fallback)| Spec {
            does,
            first,
            second,
            ends,
            waits,
            retries,
            fallback,
        })
}

fn does() -> impl Strategy<Value = Does> {
    prop_oneof![5 => Just(Does::Value), 1 => Just(Does::Parts), 2 => items().prop_map(Does::Open)]
}

fn items() -> impl Strategy<Value = Items> {
    let most = prop_oneof![1 => Just(0_u8), 12 => 1..4_u8, 1 => 100..200_u8];
    (most, option::weighted(0.1, 0..4_u8), proptest::bool::weighted(0.2), option::weighted(0.2, 1..4_u8))
        .prop_map(|(most, broken, is_stream, at_once)| Items { most, broken, is_stream, at_once })
}

fn first() -> impl Strategy<Value = Param> {
    let how = prop_oneof![
        4 => Just(How::Borrow),
        4 => Just(How::Own),
        1 => Just(How::Optional),
        1 => Just(How::OptionalOwn),
        1 => Just(How::Absent),
        1 => Just(How::Unsupplied),
        2 => Just(How::Tolerant),
        1 => Just(How::Group),
        1 => Just(How::Map),
        4 => Just(How::Collect),
        3 => Just(How::CollectResults),
    ];
    (how, vec(0..1000_usize, 1..4)).prop_map(|(how, picks)| Param { how, picks })
}

fn second() -> impl Strategy<Value = Param> {
    let how = prop_oneof![
        4 => Just(How::Borrow),
        4 => Just(How::Own),
        1 => Just(How::Unsupplied),
        2 => Just(How::Collect),
    ];
    (how, vec(0..1000_usize, 1..2)).prop_map(|(how, picks)| Param { how, picks })
}

fn ends() -> impl Strategy<Value = Ends> {
    let one_of = prop_oneof![Just(1_u64), Just(4), Just(50)];
    prop_oneof![
        8 => Just(Ends::Well),
        2 => one_of.clone().prop_map(Ends::Fails),
        1 => one_of.prop_map(Ends::Panics),
        1 => (1..3_u8).prop_map(Ends::Flaky),
        1 => (prop_oneof![Just(Gate::Hook), Just(Gate::Layer)], 1..4_u64)
            .prop_map(|(gate, of)| Ends::Refused(gate, of)),
    ]
}

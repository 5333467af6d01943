//! Running a request: plan it, run the plan, hand out the values.

mod access;
mod failure;
mod needs;
mod order;
mod parallel;
mod plan;
mod schedule;
mod sequential;
mod store;
mod task;

use std::collections::HashSet;
use std::time::Instant;

use crate::driver::{Core, Executor};
use crate::error::{Error, ErrorKind};
use crate::fault::{drop_guarded, guard};
use crate::graph::RoleData;
use crate::value::Value;

pub use schedule::{Schedule, ScheduledTask, Timing};

use failure::Failures;
use needs::Needs;
use plan::Plan;
use store::Store;
use task::Context;

/// What the caller gives, and what there is to say of it.
pub(crate) struct Given {
    /// By node.
    pub(crate) values: Vec<Option<Value>>,
    /// Values in whose place another was given later, with the nodes that they were for.
    pub(crate) superseded: Vec<(u32, Value)>,
    /// Inputs of which it need not be said that they are missing: something else was said of them.
    pub(crate) excused: Vec<u32>,
    pub(crate) problems: Vec<String>,
}

/// Runs what `outputs` need, with the values that are given.
///
/// # Errors
/// The problems of `given` and all further ones there are before anything has run; then the node that failed.
pub(crate) fn run(core: &Core, outputs: &[u32], given: Given) -> Result<(Vec<Value>, Schedule), Error> {
    let graph = core.graph.data();
    let Given { values: mut given, superseded, excused, mut problems } = given;
    let excused: HashSet<u32> = excused.into_iter().collect();
    let needs = Needs::of(graph, outputs, &given);
    needs.missing_inputs(graph, outputs, |input| excused.contains(&input), &mut problems);
    let plan = Plan::of(graph, outputs, &needs, &mut problems);
    if !problems.is_empty() {
        let superseded = superseded.into_iter().map(|(_, value)| value);
        unwanted(given.into_iter().flatten().chain(superseded));
        return Err(Error::problems_of(ErrorKind::Request, problems));
    }
    let failures = Failures::default();
    for (node, value) in superseded {
        store::dropped(Some(value), node as usize, &failures);
    }
    make_defaults(core, &needs, &mut given, &failures);
    let mut store = Store::new(&plan, &needs, given, &failures);
    let begin = core.settings.timings.then(Instant::now);
    let context = Context { graph, plan: &plan, failures: &failures, begin };
    let timings = if failures.any() {
        Vec::new()
    } else {
        match core.settings.executor {
            // For one task alone the pool is not worth the way there.
            Executor::Rayon if plan.tasks.len() > 1 => parallel::run(&context, &store),
            Executor::Sequential | Executor::Rayon => sequential::run(&context, &mut store),
        }
    };
    let values = store.into_outputs(graph, outputs, &failures);
    if let Some(failure) = failures.into_first(graph, &plan, &needs, outputs) {
        unwanted(values);
        return Err(Error::node(failure));
    }
    let total = begin.map(|begin| begin.elapsed());
    Ok((values, Schedule::new(core.graph.clone(), &plan, timings, total)))
}

/// Drops what nobody gets, since there is an error to be told of, one by one: a panic must not hide the error.
fn unwanted(values: impl IntoIterator<Item = Value>) {
    for value in values {
        let _ = drop_guarded(value);
    }
}

/// Makes the values of inputs that are needed and not supplied. Their expressions are the user's.
fn make_defaults(core: &Core, needs: &Needs, given: &mut [Option<Value>], failures: &Failures) {
    for (index, node) in core.graph.data().nodes.iter().enumerate() {
        let RoleData::Input { default: Some(default) } = &node.role else { continue };
        if needs.value[index] && given[index].is_none() {
            match guard(|| default.make()) {
                Ok(value) => given[index] = Some(value.with_type(node.value)),
                Err(fault) => failures.of_input(index, fault),
            }
        }
    }
}

//! Running one task, the same on every executor.

use std::cell::Cell;
use std::time::{Duration, Instant};

use crate::descriptor::NONE;
use crate::fault::{Fault, guard};
use crate::frame::{Arg, Frame, Outcome};
use crate::graph::{FunctionData, GraphData, NodeData, RoleData};
use crate::parts::Parts;
use crate::value::Value;

use super::failure::Failures;
use super::plan::{Access, Plan, Task};
use super::schedule::Timing;
use super::store::dropped;

/// What all tasks of a run share.
pub(crate) struct Context<'r> {
    pub(crate) graph: &'r GraphData,
    pub(crate) plan: &'r Plan,
    pub(crate) failures: &'r Failures,
    /// When the run began, if somebody wants to know.
    pub(crate) begin: Option<Instant>,
}

/// What a thread uses for one task after another.
#[derive(Default)]
pub(crate) struct Scratch {
    args: Vec<Arg>,
    /// The values that the last task has made, with the nodes whose they are.
    pub(crate) made: Made,
}

type Made = Vec<(u32, Value)>;

/// That a task has succeeded.
pub(crate) struct Done {
    pub(crate) timing: Option<Timing>,
}

impl Context<'_> {
    /// Runs the task of a rank with the values that `fetch` gives it, and says whether it succeeded. What it has
    /// made is then in `scratch`.
    pub(crate) fn run(
        &self,
        rank: usize,
        scratch: &mut Scratch,
        mut fetch: impl FnMut(u32) -> Option<Value>,
    ) -> Option<Done> {
        let Scratch { args, made } = scratch;
        let task = &self.plan.tasks[rank];
        for plan in self.plan.args_of(task) {
            let value = if plan.slot == NONE { None } else { fetch(plan.slot) };
            args.push(match (value, plan.access) {
                (None, _) => Arg::Absent,
                (Some(value), Access::Move) => Arg::Moved(Cell::new(Some(value))),
                (Some(value), Access::Borrow | Access::Clone) => Arg::Shared(value),
            });
        }
        let start = self.begin.map(|begin| begin.elapsed());
        let node = self.graph.node(task.node);
        let outcome = match &node.role {
            RoleData::Function(function) => guard(|| call(self.graph, task, node, function, args, made)),
            RoleData::Input { .. } | RoleData::Part { .. } => Ok(Ok(())),
        };
        let timing = self.begin.zip(start).map(|(begin, start)| timing(begin, start));
        for (arg, plan) in args.drain(..).zip(self.plan.args_of(task)) {
            let value = match arg {
                Arg::Absent => None,
                Arg::Shared(value) => Some(value),
                Arg::Moved(cell) => cell.take(),
            };
            dropped(value, plan.slot as usize, self.failures);
        }
        match outcome {
            Ok(Ok(())) => Some(Done { timing }),
            Ok(Err(fault)) | Err(fault) => {
                for (node, value) in made.drain(..) {
                    dropped(Some(value), node as usize, self.failures);
                }
                self.failures.of_task(rank, fault);
                None
            }
        }
    }
}

fn timing(begin: Instant, start: Duration) -> Timing {
    Timing { start, duration: begin.elapsed().saturating_sub(start), thread: rayon::current_thread_index() }
}

/// Calls the function of a node, and takes apart what it yields.
fn call(
    graph: &GraphData,
    task: &Task,
    node: &NodeData,
    function: &FunctionData,
    args: &[Arg],
    made: &mut Made,
) -> Result<(), Fault> {
    let Some(variant) = function.variants.first() else { return Ok(()) };
    let whole = if task.only_split {
        given_whole(args)
    } else {
        let names = |index: usize| match variant.deps.get(index) {
            Some(dep) if *dep != NONE => graph.name(*dep),
            _ => "",
        };
        let frame = Frame::new(args, variant.starts.as_deref(), &names);
        let Outcome(outcome) = variant.call.call(&frame);
        outcome?
    };
    let Some(whole) = whole.map(|whole| whole.with_type(node.value)) else {
        return Err(Fault::Misfit("it yields nothing".to_owned()));
    };
    if task.parts.is_empty() {
        made.push((task.node, whole));
        return Ok(());
    }
    if !task.keep_whole {
        return split(graph, task, function, whole, made);
    }
    // Put aside first: should its `clone` panic, it is not dropped on the way out of here, where a `drop` that
    // panics as well would be the end of the process.
    made.push((task.node, whole));
    let Some((_, whole)) = made.last() else { return Ok(()) };
    let to_split = copy(whole)?;
    split(graph, task, function, to_split, made)
}

/// The value that the caller has given, to be taken apart: its own if this is the last use, else a copy.
fn given_whole(args: &[Arg]) -> Option<Value> {
    match args.first()? {
        Arg::Absent => None,
        Arg::Shared(value) => copy(value).ok(),
        Arg::Moved(cell) => cell.take(),
    }
}

fn copy(value: &Value) -> Result<Value, Fault> {
    match value.value_type().clone {
        Some(clone) => Ok(clone(value)),
        None => Err(Fault::Misfit(format!("a `{}` cannot be cloned", value.value_type().text()))),
    }
}

fn split(
    graph: &GraphData,
    task: &Task,
    function: &FunctionData,
    whole: Value,
    made: &mut Made,
) -> Result<(), Fault> {
    let Some(split) = &function.split else { return Ok(()) };
    let name = |part: &u32| if *part == NONE { "" } else { graph.name(*part) };
    let names: Option<Vec<&str>> = function.parts_by_name.then(|| function.parts.iter().map(name).collect());
    let parts = Parts::new(whole, &task.parts, names.as_deref());
    let Outcome(outcome) = split.split(&parts);
    outcome?;
    // All are put aside, also if one is missing: whoever drops `made` does so one by one.
    let mut missing = None;
    for (position, value) in parts.into_made().into_iter().enumerate() {
        let part = function.parts[position];
        match value {
            Some(value) => made.push((part, value.with_type(graph.node(part).value))),
            None if task.parts[position] => {
                missing = missing.or(Some(part));
            }
            None => {}
        }
    }
    let fault = |part| Fault::Misfit(format!("it has not made its part `{}`", name(&part)));
    missing.map_or(Ok(()), |part| Err(fault(part)))
}

//! What a request comes to: which tasks run, in which order, and who may move which value.

use std::sync::Mutex;
use std::sync::{Arc, PoisonError};

use crate::descriptor::{NONE, Takes};
use crate::graph::{GraphData, RoleData};
use crate::memory::{Instance, Program, SlotId};

use super::access;
use super::lower;
use super::needs::Needs;
use super::order;

/// Which nodes are asked for, and which the caller gives: what a plan depends on, besides the graph.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    /// As often as they are asked for.
    pub(crate) outputs: Vec<u32>,
    /// In the order of the graph.
    pub(crate) given: Vec<u32>,
}

/// Tasks and everything that running them takes, as indices.
pub(crate) struct Plan {
    pub(crate) key: Key,
    pub(crate) needs: Needs,
    /// In the order in which they run where one runs after another. The position is the rank.
    pub(crate) tasks: Vec<PlannedTask>,
    pub(crate) program: Arc<Program>,
    /// For each node that the caller gives its slot, if the value is needed.
    pub(crate) inputs: Vec<Option<SlotId>>,
    /// For each output where it is left.
    pub(crate) outputs: Vec<SlotId>,
    /// For each slot of the program the node whose value it holds.
    pub(crate) nodes: Vec<u32>,
    /// For each slot the rank of the task that fills it, if one does.
    pub(crate) makers: Vec<Option<usize>>,
    /// Memory that an earlier run has left.
    spare: Mutex<Vec<Instance>>,
}

/// A task as others see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlannedTask {
    pub(crate) node: u32,
    pub(crate) kind: TaskKind,
}

/// What a task does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TaskKind {
    /// Makes the value of an input that the caller has not given.
    Default,
    /// Calls the function of a node, or takes its value apart, or both.
    Node,
    /// Clones a value that is asked for more than once.
    Copy,
}

/// Calls a node's function, takes its value apart, or both.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) node: u32,
    /// Whether the value is given and has only to be taken apart.
    pub(crate) only_split: bool,
    /// Whether anybody needs the value as a whole.
    pub(crate) keep_whole: bool,
    /// The parts that are needed, by position; empty if none is.
    pub(crate) parts: Vec<bool>,
    pub(crate) args: std::ops::Range<u32>,
}

/// One argument of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ArgPlan {
    /// The node whose value it is, or [`NONE`].
    pub(crate) slot: u32,
    pub(crate) access: Access,
}

/// How a task gets at a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// It looks at it, or copies it.
    Borrow,
    /// It takes it by value while others need it too.
    Clone,
    /// It takes it by value, last of all.
    Move,
}

/// Memory that is kept for later runs of a plan: as many as are likely to go on at the same time.
const MOST_SPARE: usize = 8;

impl Plan {
    /// The plan of a request; `problems` if values would have to be cloned that cannot be.
    pub(crate) fn of(graph: &GraphData, key: Key, needs: Needs, problems: &mut Vec<String>) -> Option<Self> {
        let mut requested = vec![false; graph.nodes.len()];
        for output in &key.outputs {
            if std::mem::replace(&mut requested[*output as usize], true)
                && !graph.node(*output).value.can_clone()
            {
                let ty = graph.node(*output).value.text();
                problems.push(format!(
                    "`{}` is asked for twice, but `{ty}` cannot be cloned; ask for it once, or derive `Clone` for `{ty}`",
                    graph.name(*output)
                ));
            }
        }
        let (tasks, args) = arranged(graph, &needs, &requested, problems);
        if !problems.is_empty() {
            return None;
        }
        match lower::lower(graph, &key, &needs, &tasks, &args) {
            Ok(lower::Lowered { program, tasks, inputs, outputs, nodes }) => {
                let (makers, spare) = (program.makers(), Mutex::default());
                let program = Arc::new(program);
                Some(Self { key, needs, tasks, program, inputs, outputs, nodes, makers, spare })
            }
            Err(problem) => {
                problems.push(problem);
                None
            }
        }
    }

    /// Memory for a run.
    pub(crate) fn instance(&self) -> Instance {
        let spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner).pop();
        spare.unwrap_or_else(|| Instance::new(Arc::clone(&self.program)))
    }

    /// Takes memory back that has no values in it any more.
    pub(crate) fn recycle(&self, instance: Instance) {
        let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        if spare.len() < MOST_SPARE {
            spare.push(instance);
        }
    }
}

/// The tasks in the order in which they run one after another, and who may move which value.
pub(crate) fn arranged(
    graph: &GraphData,
    needs: &Needs,
    requested: &[bool],
    problems: &mut Vec<String>,
) -> (Vec<Task>, Vec<ArgPlan>) {
    let (tasks, mut args) = tasks(graph, needs);
    // Before anything is moved, the order of the graph is an order of the tasks.
    let mut edges = order::Edges::of(graph, &tasks, &args);
    let mut order = order::Order::new(tasks.len());
    access::decide(graph, &tasks, &mut args, requested, &mut order, &mut edges, problems);
    (order.apply(tasks), args)
}

/// The tasks in the order of the graph, with their arguments as the parameters take them.
fn tasks(graph: &GraphData, needs: &Needs) -> (Vec<Task>, Vec<ArgPlan>) {
    let mut tasks = Vec::new();
    let mut args: Vec<ArgPlan> = Vec::new();
    let access = |slot: u32, takes: Takes| {
        let owns = takes == Takes::Own && !(slot != NONE && graph.node(slot).value.can_copy());
        if owns { Access::Clone } else { Access::Borrow }
    };
    for (node, data) in (0..).zip(&graph.nodes) {
        let index = node as usize;
        let RoleData::Function(function) = &data.role else { continue };
        if !needs.runs[index] {
            continue;
        }
        let first = to_u32(args.len());
        let only_split = needs.given[index];
        if only_split {
            args.push(ArgPlan { slot: node, access: access(node, Takes::Own) });
        } else if let Some(variant) = function.variants.first() {
            let takes = variant
                .params
                .iter()
                .flat_map(|param| std::iter::repeat_n(param.takes, param.width as usize));
            let plans = variant.deps.iter().zip(takes);
            args.extend(plans.map(|(slot, takes)| ArgPlan { slot: *slot, access: access(*slot, takes) }));
        }
        let needed = |part: u32| part != NONE && needs.value[part as usize] && !needs.given[part as usize];
        let parts: Vec<bool> = function.parts.iter().map(|part| needed(*part)).collect();
        let any = parts.contains(&true);
        tasks.push(Task {
            node,
            only_split,
            keep_whole: needs.value[index] && !only_split,
            parts: if any { parts } else { Vec::new() },
            args: first..to_u32(args.len()),
        });
    }
    (tasks, args)
}

pub(crate) fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(NONE)
}

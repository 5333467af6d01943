//! The plan of a run: tasks in the order in which they run one after another.

use crate::descriptor::{NONE, Takes};
use crate::graph::{GraphData, RoleData};

use super::access;
use super::needs::Needs;
use super::order;

/// Tasks and everything that running them takes, as indices.
pub(crate) struct Plan {
    /// In the order in which they run where one runs after another: the position is the rank.
    pub(crate) tasks: Vec<Task>,
    pub(crate) args: Vec<ArgPlan>,
    /// The ranks of those that wait for a task, in one list for all.
    pub(crate) waiting: Vec<u32>,
    /// For each node how many arguments its value is.
    pub(crate) uses: Vec<u32>,
    /// For each node whether its value is a result of the run.
    pub(crate) requested: Vec<bool>,
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
    pub(crate) waiting: std::ops::Range<u32>,
    /// For how many others it waits.
    pub(crate) waits: u32,
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
    /// It looks at it.
    Borrow,
    /// It takes it by value while others need it too.
    Clone,
    /// It takes it by value, last of all.
    Move,
}

impl Plan {
    /// The plan of a request; `problems` if values would have to be cloned that cannot be.
    pub(crate) fn of(graph: &GraphData, outputs: &[u32], needs: &Needs, problems: &mut Vec<String>) -> Self {
        let mut requested = vec![false; graph.nodes.len()];
        for output in outputs {
            if std::mem::replace(&mut requested[*output as usize], true)
                && graph.node(*output).value.clone.is_none()
            {
                let ty = graph.node(*output).value.text();
                problems.push(format!(
                    "`{}` is asked for twice, but `{ty}` cannot be cloned; ask for it once, or derive `Clone` for `{ty}`",
                    graph.name(*output)
                ));
            }
        }
        let (tasks, mut args) = tasks(graph, needs);
        // Before anything is moved, the order of the graph is an order of the tasks.
        let mut edges = order::Edges::of(graph, &tasks, &args);
        let mut order = order::Order::new(tasks.len());
        access::decide(graph, &tasks, &mut args, &requested, &mut order, &mut edges, problems);
        let mut uses = vec![0; graph.nodes.len()];
        for arg in args.iter().filter(|arg| arg.slot != NONE) {
            uses[arg.slot as usize] += 1;
        }
        let (tasks, waiting) = order.apply(tasks, &edges);
        Self { tasks, args, waiting, uses, requested }
    }

    pub(crate) fn args_of(&self, task: &Task) -> &[ArgPlan] {
        &self.args[task.args.start as usize..task.args.end as usize]
    }

    pub(crate) fn waiting_for(&self, task: &Task) -> &[u32] {
        &self.waiting[task.waiting.start as usize..task.waiting.end as usize]
    }
}

/// The tasks in the order of the graph, with their arguments as the parameters take them.
fn tasks(graph: &GraphData, needs: &Needs) -> (Vec<Task>, Vec<ArgPlan>) {
    let mut tasks = Vec::new();
    let mut args: Vec<ArgPlan> = Vec::new();
    for (node, data) in (0..).zip(&graph.nodes) {
        let index = node as usize;
        let RoleData::Function(function) = &data.role else { continue };
        if !needs.runs[index] {
            continue;
        }
        let first = to_u32(args.len());
        let only_split = needs.given[index];
        if only_split {
            args.push(ArgPlan { slot: node, access: Access::Clone });
        } else if let Some(variant) = function.variants.first() {
            let takes = variant
                .params
                .iter()
                .flat_map(|param| std::iter::repeat_n(param.takes, param.width as usize));
            args.extend(variant.deps.iter().zip(takes).map(|(slot, takes)| ArgPlan {
                slot: *slot,
                access: if takes == Takes::Own { Access::Clone } else { Access::Borrow },
            }));
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
            waiting: 0..0,
            waits: 0,
        });
    }
    (tasks, args)
}

pub(crate) fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(NONE)
}

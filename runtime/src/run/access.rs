//! Who may move a value, and who must clone it. It is decided before anything runs, so it is the same on
//! every executor.

use std::cmp::Reverse;

use crate::descriptor::NONE;
use crate::graph::{GraphData, RoleData};

use super::needs::listed;
use super::order::{Edges, Order};
use super::plan::{Access, ArgPlan, Task};

/// One argument that a value is: of which task, and which of all arguments.
#[derive(Clone, Copy)]
struct Use {
    task: u32,
    arg: usize,
}

/// Lets the last by-value use of each value be a move. Where the order of the graph would have others look at
/// the value later, they are put before it; where they cannot, since they need what is made of it, it is cloned.
/// What can be cloned is cloned also where a large graph has been reordered too often for it.
pub(crate) fn decide(
    graph: &GraphData,
    tasks: &[Task],
    args: &mut [ArgPlan],
    requested: &[bool],
    order: &mut Order,
    edges: &mut Edges,
    problems: &mut Vec<String>,
) {
    let uses = uses_of_owned(graph, tasks, args);
    for (slot, uses) in (0..).zip(uses) {
        if uses.is_empty() {
            continue;
        }
        let must = graph.node(slot).value.cloner().is_none();
        if !requested[slot as usize]
            && let Some(mover) = mover(&uses, args, must, order, edges)
        {
            args[mover].access = Access::Move;
        }
        if must {
            problems.extend(cannot_clone(graph, tasks, args, &uses, slot, requested[slot as usize]));
        }
    }
    for task in tasks {
        if task.keep_whole && !task.parts.is_empty() && graph.node(task.node).value.cloner().is_none() {
            problems.push(whole_and_parts(graph, task));
        }
    }
}

/// For each node all uses of its value, if any of them is by value.
fn uses_of_owned(graph: &GraphData, tasks: &[Task], args: &[ArgPlan]) -> Vec<Vec<Use>> {
    let mut owned = vec![false; graph.nodes.len()];
    for arg in args.iter().filter(|arg| arg.slot != NONE && arg.access != Access::Borrow) {
        owned[arg.slot as usize] = true;
    }
    let mut uses = vec![Vec::new(); graph.nodes.len()];
    for (index, task) in (0..).zip(tasks) {
        let own = task.args.start as usize..task.args.end as usize;
        for (arg, slot) in own.clone().zip(args[own].iter().map(|arg| arg.slot)) {
            if slot != NONE && owned[slot as usize] {
                uses[slot as usize].push(Use { task: index, arg });
            }
        }
    }
    uses
}

/// The argument that may move the value: the latest by-value use that can be the last of all.
fn mover(uses: &[Use], args: &[ArgPlan], must: bool, order: &mut Order, edges: &mut Edges) -> Option<usize> {
    let mut owners: Vec<Use> =
        uses.iter().copied().filter(|it| args[it.arg].access != Access::Borrow).collect();
    owners.sort_by_key(|owner| Reverse(order.rank(owner.task)));
    for owner in owners {
        let mut others: Vec<u32> = uses.iter().filter(|it| it.arg != owner.arg).map(|it| it.task).collect();
        // A task that uses the value twice cannot give it away.
        if others.contains(&owner.task) {
            continue;
        }
        others.sort_unstable();
        others.dedup();
        if order.put_last(owner.task, &others, must, edges) {
            return Some(owner.arg);
        }
    }
    None
}

fn cannot_clone(
    graph: &GraphData,
    tasks: &[Task],
    args: &[ArgPlan],
    uses: &[Use],
    slot: u32,
    requested: bool,
) -> Option<String> {
    let name = |it: &Use| graph.name(tasks[it.task as usize].node);
    let taker = uses.iter().find(|it| args[it.arg].access == Access::Clone)?;
    let mut others: Vec<&str> = uses.iter().filter(|it| it.arg != taker.arg).map(name).collect();
    others.dedup();
    let why = match (others.as_slice(), requested) {
        ([], _) => "it is asked for".to_owned(),
        (others, true) => format!("it is asked for and {} too", need(others)),
        (others, false) => format!("{} too", need(others)),
    };
    let ty = graph.node(slot).value.text();
    Some(format!(
        "the value of `{}` would have to be cloned, but `{ty}` is not `Clone`: `{}` takes it by value, and {why}; derive `Clone` for `{ty}`, or take it by reference",
        graph.name(slot),
        name(taker),
    ))
}

fn need(names: &[&str]) -> String {
    format!("{} {} it", listed(names), if names.len() == 1 { "needs" } else { "need" })
}

fn whole_and_parts(graph: &GraphData, task: &Task) -> String {
    let parts: Vec<&str> = match &graph.node(task.node).role {
        RoleData::Function(function) => {
            let wanted = function.parts.iter().zip(&task.parts).filter(|(_, wanted)| **wanted);
            wanted.map(|(part, _)| graph.name(*part)).collect()
        }
        RoleData::Input { .. } | RoleData::Part { .. } => Vec::new(),
    };
    let ty = graph.node(task.node).value.text();
    format!(
        "the value of `{}` would have to be cloned, but `{ty}` is not `Clone`: it is needed as a whole, and taken apart for {}; derive `Clone` for `{ty}`, or use only one of the two",
        graph.name(task.node),
        listed(&parts),
    )
}

//! Who may move a value, and who must clone it. It is decided before anything runs, so it is the same on
//! every executor.

use std::cmp::Reverse;

use crate::descriptor::NONE;
use crate::graph::RoleData;

use super::needs::listed;
use super::order::{Edges, Order};
use super::tasks::{Access, Arg, Kept, Region};
use super::values::{ValueId, Values};

/// One argument that a value is: of which task, and which of all arguments.
#[derive(Clone, Copy)]
struct Use {
    value: ValueId,
    task: u32,
    arg: usize,
}

/// Lets the last by-value use of each value be a move. Where the order of the graph would have others look at
/// the value later, they are put before it; where they cannot, since they need what is made of it, it is cloned.
/// What can be cloned is cloned also where a large graph has been reordered too often for it.
pub(crate) fn decide(values: Values<'_>, region: &mut Region, kept: &[Kept], problems: &mut Vec<String>) {
    let uses = uses_of_owned(values, region);
    // Most often nothing is taken by value, and the order is that of the graph.
    let mut order = (!uses.is_empty()).then(|| (Order::new(region.tasks.len()), Edges::of(values, region)));
    for uses in uses.chunk_by(|it, next| it.value == next.value) {
        let value = uses[0].value;
        let (must, kept) = (!values.ty(value).can_clone(), kept[value as usize]);
        if kept == Kept::No
            && let Some((order, edges)) = &mut order
            && let Some(mover) = mover(uses, region, must, order, edges)
        {
            region.args[mover].access = Access::Move;
        }
        if must {
            problems.extend(cannot_clone(values, region, uses, value, kept));
        }
    }
    for task in &region.tasks {
        let parts = task.parts();
        if task.keeps_whole() && !parts.is_empty() && !values.ty(task.node).can_clone() {
            problems.push(whole_and_parts(values, task.node, parts));
        }
    }
    if let Some((order, _)) = order {
        region.tasks = order.apply(std::mem::take(&mut region.tasks));
    }
}

/// The uses of all values of which any is by value: those of each value one after another.
fn uses_of_owned(values: Values<'_>, region: &Region) -> Vec<Use> {
    let is_owned = |arg: &&Arg| matches!(arg.access, Access::Clone | Access::Move) && arg.value != NONE;
    let mut owners = region.args.iter().filter(is_owned).peekable();
    if owners.peek().is_none() {
        return Vec::new();
    }
    let mut owned = vec![false; values.count()];
    for arg in owners {
        owned[arg.value as usize] = true;
    }
    let mut uses = Vec::new();
    for (task, data) in (0..).zip(&region.tasks) {
        for (arg, value) in data.range().zip(region.args_of(data).iter().map(|arg| arg.value)) {
            if value != NONE && owned[value as usize] {
                uses.push(Use { value, task, arg });
            }
        }
    }
    uses.sort_by_key(|it| it.value);
    uses
}

/// The argument that may move the value: the latest by-value use that can be the last of all.
fn mover(uses: &[Use], region: &Region, must: bool, order: &mut Order, edges: &mut Edges) -> Option<usize> {
    let owns = |it: &Use| {
        matches!(region.args[it.arg].access, Access::Clone | Access::Move)
            && !region.tasks[it.task as usize].repeats
    };
    let mut owners: Vec<Use> = uses.iter().copied().filter(owns).collect();
    owners.sort_by_key(|owner| Reverse(order.rank(owner.task)));
    for owner in owners {
        let mut others: Vec<u32> = uses.iter().filter(|it| it.arg != owner.arg).map(|it| it.task).collect();
        // A task that uses the value twice cannot give it away.
        if others.contains(&owner.task) {
            continue;
        }
        // One that may be abandoned may look at it for ever.
        if others.iter().any(|other| region.tasks[*other as usize].strays) {
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
    values: Values<'_>,
    region: &Region,
    uses: &[Use],
    value: ValueId,
    kept: Kept,
) -> Option<String> {
    let name = |it: &Use| values.graph.name(region.tasks[it.task as usize].node);
    let taker = uses.iter().find(|it| region.args[it.arg].access == Access::Clone)?;
    let mut others: Vec<&str> = uses.iter().filter(|it| it.arg != taker.arg).map(name).collect();
    others.dedup();
    let stray = uses.iter().find(|it| it.arg != taker.arg && region.tasks[it.task as usize].strays);
    let why = match (others.as_slice(), kept) {
        _ if region.tasks[taker.task as usize].repeats => {
            "it is called again where it fails, with the same".to_owned()
        }
        _ if stray.is_some() => {
            format!("`{}` may still look at it when its time is over", stray.map_or("", name))
        }
        (_, Kept::ForItems) => "it does so for each item of a block".to_owned(),
        ([], _) => "it is asked for".to_owned(),
        (others, Kept::Wanted) => format!("it is asked for and {} too", need(others)),
        (others, Kept::No) => format!("{} too", need(others)),
    };
    let ty = values.ty(value);
    Some(format!(
        "the value of `{}` would have to be cloned, but `{}` is not `Clone`: `{}` takes it by value, and {why}; {}, or take it by reference",
        values.name(value),
        ty.text(),
        name(taker),
        ty.how_to_clone(),
    ))
}

fn need(names: &[&str]) -> String {
    format!("{} {} it", listed(names), if names.len() == 1 { "needs" } else { "need" })
}

fn whole_and_parts(values: Values<'_>, node: u32, parts: &[bool]) -> String {
    let parts: Vec<&str> = match &values.graph.node(node).role {
        RoleData::Function(function) => {
            let wanted = function.parts.iter().zip(parts).filter(|(_, wanted)| **wanted);
            wanted.map(|(part, _)| values.graph.name(*part)).collect()
        }
        RoleData::Input { .. } | RoleData::Part { .. } => Vec::new(),
    };
    let ty = values.ty(node);
    format!(
        "the value of `{}` would have to be cloned, but `{}` is not `Clone`: it is needed as a whole, and taken apart for {}; {}, or use only one of the two",
        values.graph.name(node),
        ty.text(),
        listed(&parts),
        ty.how_to_clone(),
    )
}

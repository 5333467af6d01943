//! Which tasks a request comes to, in which order: those of the graph, and within them those of its blocks.

use std::collections::BinaryHeap;
use std::ops::Range;

use millstream_compiler::graph::Take;

use crate::descriptor::{NONE, Takes};
use crate::graph::{FallbackData, FunctionData, GraphData, ParamData, RoleData, SourceData, VariantData};

use super::access;
use super::blocks::Block;
use super::must::Must;
use super::needs::{Needs, listed};
use super::plan::{Key, to_u32};
use super::policy::Policies;
use super::values::{ValueId, Values};

/// Tasks that are run together, once: those of the graph outside of its blocks, or those of one block.
#[derive(Debug, Default)]
pub(crate) struct Region {
    /// In an order in which all is made before it is needed.
    pub(crate) tasks: Vec<Task>,
    pub(crate) args: Vec<Arg>,
}

/// What a task does, and with what.
#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) node: u32,
    pub(crate) work: Work,
    pub(crate) args: Range<u32>,
    /// Whether it may be called again, so that it must take nothing away.
    pub(crate) repeats: bool,
    /// Whether it may be abandoned, so that what it borrows must stay.
    pub(crate) strays: bool,
    /// Whether more is to be done in a block than to call it.
    pub(crate) is_kept: bool,
}

#[derive(Debug)]
pub(crate) enum Work {
    /// Calls the node's function, and takes its value apart if parts of it are needed.
    Call {
        /// Whether anybody needs the value as a whole.
        keep_whole: bool,
        parts: Vec<bool>,
        /// Whether there must be room for what it writes about itself.
        notes: bool,
    },
    /// Calls the function of a node for which something may stand in.
    Try {
        /// Whether there must be room for what it writes about itself.
        notes: bool,
    },
    /// Makes the constant that stands in for a node.
    Constant,
    /// Takes what a node has come to, or what stands in for it: its two arguments. Takes that apart if parts of it
    /// are needed.
    Choose {
        /// Whether anybody needs the value as a whole.
        keep_whole: bool,
        parts: Vec<bool>,
    },
    /// Takes apart the value that the caller has given.
    Split { parts: Vec<bool> },
    /// Makes a source of the items that the caller has given: of this value.
    Source(ValueId),
    /// Runs the block that the node opens.
    Block(Box<Block>),
    /// Hands on this list, unless something is missing of it.
    Gather(ValueId),
}

/// One argument of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Arg {
    /// Which value, or [`NONE`].
    pub(crate) value: ValueId,
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
    /// It runs only if what was to make it has failed.
    Guard,
}

/// Why a value stays when all tasks of a region have run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    No,
    /// It is asked for, or goes out of its block.
    Wanted,
    /// It is from outside of the block, and needed for other items, too.
    ForItems,
}

/// The tasks of a request.
pub(crate) fn plan(
    graph: &GraphData,
    key: &Key,
    needs: &Needs,
    policies: &Policies,
    problems: &mut Vec<String>,
) -> Region {
    let values = Values::new(graph);
    let mut kept = vec![Kept::No; values.count()];
    for output in &key.outputs {
        kept[values.outside(*output) as usize] = Kept::Wanted;
    }
    let lists = Lists::of(graph, key, needs);
    let items_may_fail = key.items_may_fail;
    let must = Must::of(graph, &key.outputs, needs);
    let mut planner = Planner { graph, values, needs, lists, must, items_may_fail, policies, problems };
    planner.region(&[], &kept)
}

/// What a parameter wants of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    Value,
    List,
    Results,
    Notes,
}

/// Which lists are needed of the values of nodes in blocks: by value.
pub(super) struct Lists(Vec<bool>);

impl Lists {
    fn of(graph: &GraphData, key: &Key, needs: &Needs) -> Self {
        // Only of what is in blocks there are lists.
        if graph.deepest == 0 {
            return Self(Vec::new());
        }
        let values = Values::new(graph);
        let mut lists = vec![false; values.count()];
        for output in &key.outputs {
            for level in 1..=to_u32(graph.node(*output).depth()) {
                lists[values.lists(*output, level) as usize] = true;
            }
        }
        for (index, node) in graph.nodes.iter().enumerate() {
            let RoleData::Function(function) = &node.role else { continue };
            if !needs.runs[index] || needs.given[index] {
                continue;
            }
            let deps = function.variants.first().into_iter().flat_map(deps);
            for (dep, want) in deps.filter(|(dep, _)| *dep != NONE) {
                lists[values.wanted(dep, want) as usize] = true;
            }
        }
        Self(lists)
    }

    pub(super) fn has(&self, value: ValueId) -> bool {
        self.0[value as usize]
    }
}

impl Want {
    pub(super) fn of(param: &ParamData) -> Self {
        match param.take {
            Take::Collected if param.collects_errors() => Self::Results,
            Take::Collected => Self::List,
            Take::Metadata => Self::Notes,
            _ => Self::Value,
        }
    }
}

/// What feeds the parameters of the one variant of a node that is run.
pub(super) fn deps(variant: &VariantData) -> impl Iterator<Item = (u32, Want)> {
    variant.fed().flat_map(|(param, deps)| {
        let want = Want::of(param);
        deps.iter().map(move |dep| (*dep, want))
    })
}

pub(super) struct Planner<'p> {
    pub(super) graph: &'p GraphData,
    pub(super) values: Values<'p>,
    pub(super) needs: &'p Needs,
    pub(super) lists: Lists,
    pub(super) must: Must,
    pub(super) items_may_fail: bool,
    policies: &'p Policies,
    problems: &'p mut Vec<String>,
}

impl Planner<'_> {
    /// The tasks of the nodes of one scope, in an order in which they can run.
    pub(super) fn region(&mut self, scope: &[u32], kept: &[Kept]) -> Region {
        let room = if scope.is_empty() { self.graph.nodes.len() } else { 0 };
        let mut region = Region { tasks: Vec::with_capacity(room), args: Vec::with_capacity(room) };
        for (node, data) in (0..).zip(&self.graph.nodes) {
            // The innermost block says which ones are around it.
            if data.scope.last() != scope.last() {
                continue;
            }
            if let RoleData::Function(function) = &data.role
                && self.needs.runs[node as usize]
            {
                self.function(&mut region, node, function);
            }
            if data.expands {
                self.block(&mut region, node);
            }
        }
        let tangled = sort(self.values, &mut region);
        if !tangled.is_empty() {
            let names: Vec<&str> = tangled.iter().map(|opener| self.graph.name(*opener)).collect();
            self.problems.push(format!(
                "the blocks that {} open need each other: each has a node that needs what the other one makes; collect that in a block of its own",
                listed(&names)
            ));
        }
        access::decide(self.values, &mut region, kept, self.problems);
        region
    }

    fn function(&mut self, region: &mut Region, node: u32, function: &FunctionData) {
        let index = node as usize;
        let needed =
            |part: u32| part != NONE && self.needs.value[part as usize] && !self.needs.given[part as usize];
        let parts: Vec<bool> = function.parts.iter().map(|part| needed(*part)).collect();
        let parts = if parts.contains(&true) { parts } else { Vec::new() };
        // In a block they are those of the block.
        let is_outside = self.graph.node(node).scope.is_empty();
        let guards = is_outside.then(|| self.guards(node)).into_iter().flatten();
        if self.needs.given[index] {
            // In a block it comes in as one of the items.
            region.feed(self.arg(node, Takes::Own));
            guards.for_each(|guard| region.feed(guard));
            region.add(node, Work::Split { parts });
            return;
        }
        let Some(variant) = function.variants.first() else { return };
        for (param, deps) in variant.fed() {
            let want = Want::of(param);
            for dep in deps {
                region.feed(self.fed_by(*dep, want, param.takes));
            }
        }
        guards.for_each(|guard| region.feed(guard));
        let keep_whole = self.needs.value[index];
        let takes_context = variant.params.iter().any(|param| matches!(param.source, SourceData::Run));
        let notes = self.needs.notes[index] || takes_context;
        match &variant.recovery.fallback {
            None => {
                region.add(node, Work::Call { keep_whole, parts, notes });
                self.repeats(region, node);
            }
            Some(fallback) => {
                region.add(node, Work::Try { notes });
                self.repeats(region, node);
                let own = self.values.own(node);
                let other = match fallback {
                    FallbackData::Node { index, .. } => *index,
                    FallbackData::Value { .. } => {
                        region.feed(Arg { value: own, access: Access::Guard });
                        region.add(node, Work::Constant);
                        self.values.constant(node)
                    }
                };
                for value in [own, other] {
                    region.feed(self.arg(value, Takes::Own));
                }
                region.add(node, Work::Choose { keep_whole, parts });
            }
        }
    }

    /// What a parameter is fed with that takes something of a node.
    fn fed_by(&self, dep: u32, want: Want, takes: Takes) -> Arg {
        let value = match want {
            _ if dep == NONE || self.is_absent(dep) => NONE,
            Want::Value => return self.arg(dep, takes),
            Want::Notes => self.notes(dep),
            Want::List | Want::Results => self.values.wanted(dep, want),
        };
        Arg { value, access: Access::Borrow }
    }

    /// The nodes that must have failed for this one to run.
    pub(super) fn guards(&self, node: u32) -> impl Iterator<Item = Arg> {
        let owners = self.needs.guards.get(&node).into_iter().flatten();
        owners.map(|owner| Arg { value: self.values.own(*owner), access: Access::Guard })
    }

    /// Says of the task that was just added whether it may be called again, or be abandoned.
    fn repeats(&self, region: &mut Region, node: u32) {
        let is_outside = self.graph.node(node).scope.is_empty();
        if let Some(task) = region.tasks.last_mut() {
            let (is_limited, is_retried) =
                (self.policies.limit(node).is_some(), self.policies.retry(node).is_some());
            task.strays = is_outside && is_limited;
            task.repeats = is_retried || self.policies.is_repeated(node);
            task.is_kept = is_limited || is_retried;
        }
    }

    /// Whether it is an optional input that the caller has not given.
    fn is_absent(&self, node: u32) -> bool {
        let is_bare = matches!(self.graph.node(node).role, RoleData::Input { default: None });
        is_bare && !self.needs.given[node as usize]
    }

    /// Where a node writes about itself; nowhere, if it is not called.
    fn notes(&self, node: u32) -> ValueId {
        let node = match self.graph.node(node).role {
            RoleData::Part { of, .. } => of,
            RoleData::Input { .. } | RoleData::Function(_) => node,
        };
        if self.needs.given[node as usize] { NONE } else { self.values.notes(node) }
    }

    fn arg(&self, value: ValueId, takes: Takes) -> Arg {
        let owns = takes == Takes::Own && !self.values.ty(value).can_copy();
        Arg { value, access: if owns { Access::Clone } else { Access::Borrow } }
    }
}

impl Region {
    /// An argument of the task that is added next.
    pub(super) fn feed(&mut self, arg: Arg) {
        self.args.push(arg);
    }

    /// A task with the arguments that have been fed since the last one.
    pub(super) fn add(&mut self, node: u32, work: Work) {
        let first = self.tasks.last().map_or(0, |task| task.args.end);
        self.tasks.push(Task {
            node,
            work,
            args: first..to_u32(self.args.len()),
            repeats: false,
            strays: false,
            is_kept: false,
        });
    }

    pub(crate) fn args_of(&self, task: &Task) -> &[Arg] {
        &self.args[task.range()]
    }
}

impl Task {
    pub(crate) fn range(&self) -> Range<usize> {
        self.args.start as usize..self.args.end as usize
    }

    /// The parts that it takes the value of its node apart into, by position; empty if none is needed.
    pub(crate) fn parts(&self) -> &[bool] {
        match &self.work {
            Work::Call { parts, .. } | Work::Choose { parts, .. } | Work::Split { parts } => parts,
            Work::Try { .. } | Work::Constant | Work::Source(_) | Work::Block(_) | Work::Gather(_) => &[],
        }
    }

    /// Whether anybody needs the value as a whole.
    pub(crate) fn keeps_whole(&self) -> bool {
        matches!(self.work, Work::Call { keep_whole: true, .. } | Work::Choose { keep_whole: true, .. })
    }

    /// The values that it makes.
    pub(crate) fn makes(&self, values: Values<'_>) -> impl Iterator<Item = ValueId> {
        let node = values.graph.node(self.node);
        let parts = if let RoleData::Function(function) = &node.role { &function.parts[..] } else { &[] };
        let parts = parts.iter().zip(self.parts()).filter(|(_, wanted)| **wanted).map(|(part, _)| *part);
        let (value, notes) = match &self.work {
            Work::Call { notes, .. } if node.expands => (Some(values.source(self.node)), *notes),
            Work::Call { notes, .. } => (Some(self.node), *notes),
            Work::Try { notes } => (Some(values.own(self.node)), *notes),
            Work::Constant => (Some(values.constant(self.node)), false),
            Work::Choose { .. } => (Some(self.node), false),
            Work::Source(item) => (Some(values.source_of(*item)), false),
            Work::Gather(list) => (Some(*list), false),
            Work::Split { .. } | Work::Block(_) => (None, false),
        };
        let notes = notes.then(|| values.notes(self.node));
        let block = if let Work::Block(block) = &self.work { Some(block.makes(values)) } else { None };
        parts.chain(value).chain(notes).chain(block.into_iter().flatten())
    }
}

/// Brings tasks into an order in which all is made before it is needed, as near as may be to that in which they
/// are: a block stands where its first node does, and what stands in for a node behind that. Blocks that need each
/// other cannot be brought into any order: the nodes that open these are returned.
fn sort(values: Values<'_>, region: &mut Region) -> Vec<u32> {
    if !region.tasks.iter().any(|task| matches!(task.work, Work::Block(_) | Work::Try { .. })) {
        return Vec::new();
    }
    let mut maker = vec![NONE; values.count()];
    for (index, task) in (0..).zip(&region.tasks) {
        for value in task.makes(values) {
            maker[value as usize] = index;
        }
    }
    let count = region.tasks.len();
    let mut waits = vec![0_usize; count];
    let mut dependents = vec![Vec::new(); count];
    for (index, task) in region.tasks.iter().enumerate() {
        let needs = region.args_of(task).iter().filter(|arg| arg.value != NONE);
        for first in needs.map(|arg| maker[arg.value as usize]).filter(|first| *first != NONE) {
            dependents[first as usize].push(index);
            waits[index] += 1;
        }
    }
    let ready = (0..count).filter(|index| waits[*index] == 0).map(std::cmp::Reverse);
    let mut ready: BinaryHeap<_> = ready.collect();
    let mut slots: Vec<Option<Task>> = std::mem::take(&mut region.tasks).into_iter().map(Some).collect();
    while let Some(std::cmp::Reverse(index)) = ready.pop() {
        region.tasks.extend(slots[index].take());
        for dependent in &dependents[index] {
            waits[*dependent] -= 1;
            if waits[*dependent] == 0 {
                ready.push(std::cmp::Reverse(*dependent));
            }
        }
    }
    let tangled = slots.iter().flatten().filter(|task| matches!(task.work, Work::Block(_)));
    let tangled = tangled.map(|task| task.node).collect();
    region.tasks.extend(slots.into_iter().flatten());
    tangled
}

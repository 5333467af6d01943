//! From planned tasks to a program: slots and operations.

use crate::descriptor::NONE;
use crate::graph::{Call, FunctionData, GraphData, NodeData, RoleData, SourceData, VariantData};
use crate::memory::{Operand, Program, ProgramBuilder, ShapeKind, SlotId, SplitPlan};

use super::needs::Needs;
use super::plan::{Access, ArgPlan, Key, PlannedTask, Task, TaskKind};

/// A program, and what its tasks and slots stand for.
pub(crate) struct Lowered {
    pub(crate) program: Program,
    pub(crate) tasks: Vec<PlannedTask>,
    pub(crate) inputs: Vec<Option<SlotId>>,
    pub(crate) outputs: Vec<SlotId>,
    pub(crate) nodes: Vec<u32>,
}

/// The program of tasks in the order given.
///
/// # Errors
/// Where a function does not take what it is fed with, though names and types as written say that it does.
pub(crate) fn lower(
    graph: &GraphData,
    key: &Key,
    needs: &Needs,
    tasks: &[Task],
    args: &[ArgPlan],
) -> Result<Lowered, String> {
    let mut left = vec![0; graph.nodes.len()];
    for arg in tasks.iter().flat_map(|task| args_of(args, task)).filter(|arg| arg.slot != NONE) {
        left[arg.slot as usize] += 1;
    }
    let mut requested = vec![false; graph.nodes.len()];
    for output in &key.outputs {
        requested[*output as usize] = true;
    }
    let slots = vec![NONE; graph.nodes.len()];
    let builder = ProgramBuilder::default();
    let planned = Vec::with_capacity(tasks.len());
    let mut lower = Lower { graph, builder, slots, left, requested, tasks: planned, nodes: Vec::new() };
    let inputs = key.given.iter().map(|node| lower.given(*node, needs)).collect();
    lower.defaults(needs)?;
    for task in tasks {
        let planned = lower.task(task, args_of(args, task));
        let data = graph.node(task.node);
        planned.map_err(|misfit| {
            let place = data.place.map(|place| format!(" ({place})")).unwrap_or_default();
            format!("node `{}`{place} was called with what does not fit it: {misfit}", data.name)
        })?;
    }
    let outputs = lower.outputs(&key.outputs)?;
    let program = lower.builder.build(&outputs)?;
    Ok(Lowered { program, tasks: lower.tasks, inputs, outputs, nodes: lower.nodes })
}

fn args_of<'a>(args: &'a [ArgPlan], task: &Task) -> &'a [ArgPlan] {
    &args[task.args.start as usize..task.args.end as usize]
}

struct Lower<'g> {
    graph: &'g GraphData,
    builder: ProgramBuilder,
    /// For each node its slot, once it has one.
    slots: Vec<SlotId>,
    /// For each node how many arguments its value has still to be.
    left: Vec<u32>,
    requested: Vec<bool>,
    tasks: Vec<PlannedTask>,
    nodes: Vec<u32>,
}

impl Lower<'_> {
    /// A slot for the value of a node.
    fn slot(&mut self, node: u32) -> SlotId {
        self.nodes.push(node);
        self.builder.slot(self.graph.node(node).value)
    }

    /// The slot of a node that others look for.
    fn known_slot(&mut self, node: u32) -> SlotId {
        let slot = self.slot(node);
        self.slots[node as usize] = slot;
        slot
    }

    fn given(&mut self, node: u32, needs: &Needs) -> Option<SlotId> {
        if !needs.value[node as usize] {
            return None;
        }
        let slot = self.known_slot(node);
        self.builder.supplied(slot);
        Some(slot)
    }

    fn begin(&mut self, node: u32, kind: TaskKind) {
        self.tasks.push(PlannedTask { node, kind });
        self.builder.begin_task();
    }

    /// Inputs that are needed and not given.
    fn defaults(&mut self, needs: &Needs) -> Result<(), String> {
        for (index, node) in (0..).zip(&self.graph.nodes) {
            let RoleData::Input { default: Some(default) } = &node.role else { continue };
            if needs.value[index as usize] && !needs.given[index as usize] {
                self.begin(index, TaskKind::Default);
                let slot = self.known_slot(index);
                self.call(&default.call(), &[], slot)?;
                self.builder.end_task();
            }
        }
        Ok(())
    }

    fn task(&mut self, task: &Task, args: &[ArgPlan]) -> Result<(), String> {
        let node = self.graph.node(task.node);
        let RoleData::Function(function) = &node.role else { return Ok(()) };
        self.begin(task.node, TaskKind::Node);
        let mut fed = Vec::with_capacity(args.len());
        for arg in args {
            let slot = if arg.slot == NONE { NONE } else { self.slots[arg.slot as usize] };
            // An optional input that the caller has not given has no slot.
            let clones = slot != NONE && arg.access == Access::Clone;
            fed.push(if clones { self.clone_of(arg.slot)? } else { slot });
        }
        if task.only_split {
            self.split(task, node, function, fed[0])?;
        } else if let Some(variant) = function.variants.first() {
            let whole = if task.keep_whole { self.known_slot(task.node) } else { self.slot(task.node) };
            self.call_variant(variant, &fed, whole)?;
            match (task.parts.is_empty(), task.keep_whole) {
                (true, _) => {}
                (false, false) => self.split(task, node, function, whole)?,
                (false, true) => {
                    let copy = self.clone_of(task.node)?;
                    self.split(task, node, function, copy)?;
                }
            }
        }
        for arg in args.iter().filter(|arg| arg.slot != NONE) {
            let at = arg.slot as usize;
            self.left[at] -= 1;
            let last = self.left[at] == 0 && !self.requested[at] && arg.access != Access::Move;
            if last && self.slots[at] != NONE {
                self.builder.drop_value(self.slots[at])?;
            }
        }
        self.builder.end_task();
        Ok(())
    }

    fn clone_of(&mut self, node: u32) -> Result<SlotId, String> {
        self.nodes.push(node);
        self.builder.clone_of(self.slots[node as usize])
    }

    /// Feeds each parameter with as many slots as its shape takes.
    fn call_variant(&mut self, variant: &VariantData, fed: &[SlotId], out: SlotId) -> Result<(), String> {
        let shapes = variant.call.shapes();
        let mut shapes = shapes.iter().peekable();
        let mut names: Vec<Vec<String>> = Vec::new();
        let mut plan: Vec<(usize, usize, Option<usize>)> = Vec::with_capacity(fed.len());
        let mut at = 0;
        for param in &variant.params {
            let width = (param.width as usize).min(fed.len() - at);
            // A constant, or what the macro has found to be absent, is written into the call.
            let written = match param.source {
                SourceData::Value(_) | SourceData::Absent(_) => true,
                SourceData::Name(_) | SourceData::Group(_) | SourceData::Tag { .. } => false,
            };
            match shapes.peek().filter(|_| !written).map(|shape| shape.kind) {
                None => {}
                Some(ShapeKind::Group | ShapeKind::GroupMap) => {
                    let members = variant.deps[at..at + width].iter();
                    names.push(members.map(|dep| self.graph.name(*dep).to_owned()).collect());
                    plan.push((at, width, Some(names.len() - 1)));
                    shapes.next();
                }
                Some(_) => {
                    plan.extend((at..at + width).map(|one| (one, 1, None)));
                    shapes.by_ref().take(width).for_each(drop);
                }
            }
            at += width;
        }
        let operands: Vec<Operand<'_>> = plan
            .iter()
            .map(|(at, width, group)| match group {
                Some(group) => Operand::Group(&fed[*at..at + width], &names[*group]),
                None if fed[*at] == NONE => Operand::Absent,
                None => Operand::Slot(fed[*at]),
            })
            .collect();
        self.call(&variant.call, &operands, out)
    }

    fn call(&mut self, call: &Call, operands: &[Operand<'_>], out: SlotId) -> Result<(), String> {
        match call {
            Call::Static(call) => self.builder.call(call, operands, out),
            Call::Dynamic(call) => self.builder.shared_call(call, operands, out),
        }
    }

    fn split(
        &mut self,
        task: &Task,
        node: &NodeData,
        function: &FunctionData,
        whole: SlotId,
    ) -> Result<(), String> {
        let Some(split) = &function.split else { return Err(format!("`{}` has no parts", node.name)) };
        let name = |part: &u32| if *part == NONE { String::new() } else { self.graph.name(*part).to_owned() };
        let names = function.parts.iter().map(name).collect();
        let plan = SplitPlan::new(split.function(), names, function.parts_by_name);
        let parts: Vec<Option<SlotId>> = function
            .parts
            .iter()
            .zip(&task.parts)
            .map(|(part, wanted)| wanted.then(|| self.known_slot(*part)))
            .collect();
        self.builder.split(plan, whole, &parts)
    }

    /// Where the outputs are: one that is asked for again is cloned for each time but the last.
    fn outputs(&mut self, outputs: &[u32]) -> Result<Vec<SlotId>, String> {
        let mut asked = vec![0_u32; self.slots.len()];
        for output in outputs {
            asked[*output as usize] += 1;
        }
        let mut slots = Vec::with_capacity(outputs.len());
        for output in outputs {
            let asked = &mut asked[*output as usize];
            *asked -= 1;
            if *asked == 0 {
                slots.push(self.slots[*output as usize]);
            } else {
                self.begin(*output, TaskKind::Copy);
                slots.push(self.clone_of(*output)?);
                self.builder.end_task();
            }
        }
        Ok(slots)
    }
}

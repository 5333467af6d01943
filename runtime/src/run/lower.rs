//! From planned tasks to a program: slots and operations.

use crate::descriptor::NONE;
use crate::graph::{Call, FallbackData, FunctionData, GraphData, RoleData, SourceData, VariantData};
use crate::memory::{Feeding, Label, Operand, Program, ProgramBuilder, Role, ShapeKind, SlotId, SplitPlan};
use crate::value_type::ValueType;

use super::needs::Needs;
use super::plan::{Key, PlannedTask, TaskKind};
use super::tasks::{Access, Arg, Region, Task, Work};
use super::values::{ValueId, Values};

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
pub(crate) fn lower(graph: &GraphData, key: &Key, needs: &Needs, region: &Region) -> Result<Lowered, String> {
    let values = Values::new(graph);
    let kept = key.outputs.iter().map(|output| values.outside(*output));
    let mut lower = Lower::new(values, region, kept);
    let inputs = key.given.iter().map(|node| lower.given(*node, needs)).collect();
    lower.defaults(needs)?;
    lower.region(region)?;
    let outputs = lower.outputs(&key.outputs)?;
    lower.builder.slot_nodes(lower.nodes.clone());
    let program = lower.builder.build(&outputs)?;
    Ok(Lowered { program, tasks: lower.tasks, inputs, outputs, nodes: lower.nodes })
}

pub(super) struct Lower<'g> {
    pub(super) values: Values<'g>,
    pub(super) builder: ProgramBuilder,
    /// For each value its slot, once it has one.
    slots: Vec<SlotId>,
    /// For each value how many arguments it has still to be, and one more if it stays when all has run.
    left: Vec<u32>,
    /// The slots of the arguments of the task at hand.
    pub(super) fed: Vec<SlotId>,
    /// What a task has made that no other one needs.
    unneeded: Vec<SlotId>,
    pub(super) tasks: Vec<PlannedTask>,
    /// For each slot the node whose value it holds.
    pub(super) nodes: Vec<u32>,
}

impl<'g> Lower<'g> {
    /// Of the tasks of a region, when all of which have run some values are to be `kept`.
    pub(super) fn new(values: Values<'g>, region: &Region, kept: impl Iterator<Item = ValueId>) -> Self {
        let mut left = vec![0; values.count()];
        let args = region.args.iter().map(|arg| arg.value).filter(|value| *value != NONE);
        for value in args.chain(kept) {
            left[value as usize] += 1;
        }
        Self {
            values,
            builder: ProgramBuilder::with_room(region.tasks.len(), region.args.len()),
            slots: vec![NONE; values.count()],
            left,
            fed: Vec::new(),
            unneeded: Vec::new(),
            tasks: Vec::with_capacity(region.tasks.len()),
            nodes: Vec::with_capacity(region.tasks.len()),
        }
    }

    /// A slot for a value.
    fn slot(&mut self, value: ValueId) -> SlotId {
        self.slot_as(value, self.values.ty(value))
    }

    /// A slot for a value in another form.
    pub(super) fn slot_as(&mut self, value: ValueId, ty: &'static ValueType) -> SlotId {
        self.nodes.push(self.values.node(value));
        self.builder.slot(ty)
    }

    /// The slot of a value that others look for.
    pub(super) fn known_slot(&mut self, value: ValueId) -> SlotId {
        let slot = self.slot(value);
        self.slots[value as usize] = slot;
        slot
    }

    pub(super) fn slot_of(&self, value: ValueId) -> SlotId {
        self.slots[value as usize]
    }

    /// Whether a task has still to come that needs a value, or it stays.
    pub(super) fn is_needed(&self, value: ValueId) -> bool {
        self.left[value as usize] > 0
    }

    fn given(&mut self, node: u32, needs: &Needs) -> Option<SlotId> {
        if !needs.value[node as usize] {
            return None;
        }
        let slot = self.known_slot(self.values.outside(node));
        self.builder.supplied(slot);
        Some(slot)
    }

    pub(super) fn begin(&mut self, node: u32, kind: TaskKind) {
        let role = if matches!(kind, TaskKind::Block(_)) { Role::Block } else { Role::Other };
        self.begin_as(role, node, kind);
    }

    pub(super) fn begin_as(&mut self, role: Role, node: u32, kind: TaskKind) {
        self.tasks.push(PlannedTask { node, kind });
        self.builder.begin_task(Label { node, role });
    }

    /// Inputs that are needed and not given.
    fn defaults(&mut self, needs: &Needs) -> Result<(), String> {
        for (index, node) in (0..).zip(&self.values.graph.nodes) {
            let RoleData::Input { default: Some(default) } = &node.role else { continue };
            if needs.value[index as usize] && !needs.given[index as usize] {
                self.begin(index, TaskKind::Default);
                let slot = self.known_slot(index);
                self.call(&default.call(), slot).end()?;
                self.builder.end_task();
            }
        }
        Ok(())
    }

    pub(super) fn region(&mut self, region: &Region) -> Result<(), String> {
        for task in &region.tasks {
            self.task(task, region.args_of(task)).map_err(|misfit| {
                let node = self.values.graph.node(task.node);
                let place = node.place.map(|place| format!(" ({place})")).unwrap_or_default();
                format!("node `{}`{place} was called with what does not fit it: {misfit}", node.name)
            })?;
        }
        Ok(())
    }

    fn task(&mut self, task: &Task, args: &[Arg]) -> Result<(), String> {
        match &task.work {
            Work::Block(block) => self.block(task, block, args)?,
            Work::Gather(list) => {
                self.begin(task.node, TaskKind::Gather);
                self.feed(args)?;
                self.gather(*list, self.fed[0])?;
            }
            Work::Source(item) => {
                self.begin(task.node, TaskKind::Items);
                self.feed(args)?;
                self.source(*item, self.fed[0])?;
            }
            Work::Split { parts } => {
                self.begin(task.node, TaskKind::Node);
                self.feed(args)?;
                self.split(task.node, parts, self.fed[0])?;
            }
            Work::Call { keep_whole, parts, notes } => {
                self.begin_as(Role::Node, task.node, TaskKind::Node);
                self.function(task, task.node, (*keep_whole, parts, *notes), args)?;
            }
            Work::Try { notes } => {
                self.begin_as(Role::Node, task.node, TaskKind::Node);
                self.function(task, self.values.own(task.node), (true, &[], *notes), args)?;
            }
            Work::Constant => {
                self.begin(task.node, TaskKind::Constant);
                self.feed(args)?;
                self.constant(task.node)?;
            }
            Work::Choose { keep_whole, parts } => {
                self.begin(task.node, TaskKind::Choose);
                self.choose(task.node, (*keep_whole, parts), args)?;
            }
        }
        if task.strays {
            self.builder.may_stray();
        }
        self.drop_unneeded(args)?;
        for slot in std::mem::take(&mut self.unneeded) {
            self.builder.drop_value(slot)?;
        }
        self.builder.end_task();
        Ok(())
    }

    /// A value that is outside of the block.
    pub(super) fn import(&mut self, value: ValueId) -> SlotId {
        self.nodes.push(self.values.node(value));
        let slot = self.builder.import(self.values.ty(value));
        self.slots[value as usize] = slot;
        slot
    }

    /// Finds the slots of the arguments. What is taken while others need it is cloned first.
    pub(super) fn feed(&mut self, args: &[Arg]) -> Result<(), String> {
        self.fed.clear();
        for arg in args {
            if arg.access == Access::Guard {
                self.builder.guard(self.slot_of(arg.value))?;
                continue;
            }
            let slot = match arg {
                Arg { value: NONE, .. } => NONE,
                Arg { value, access: Access::Clone } => self.clone_of(*value)?,
                Arg { value, .. } => self.slot_of(*value),
            };
            self.fed.push(slot);
        }
        Ok(())
    }

    /// The call of a node's function, which makes a value of this number.
    fn function(
        &mut self,
        task: &Task,
        value: ValueId,
        (keep_whole, parts, notes): (bool, &[bool], bool),
        args: &[Arg],
    ) -> Result<(), String> {
        let node = task.node;
        let data = self.values.graph.node(node);
        let RoleData::Function(function) = &data.role else { return Ok(()) };
        let Some(variant) = function.variants.first() else { return Ok(()) };
        self.feed(args)?;
        let own_notes = self.values.notes(node);
        let notes = notes.then(|| self.known_slot(own_notes));
        if let Some(notes) = notes {
            self.builder.notes(notes)?;
            self.unneeded.extend((!self.is_needed(own_notes)).then_some(notes));
        }
        let made = if data.expands { self.values.source(node) } else { value };
        let whole = if keep_whole { self.known_slot(made) } else { self.slot(made) };
        self.call_variant((node, notes), variant, whole)?;
        if !keep_whole && parts.is_empty() {
            self.unneeded.push(whole);
        }
        self.parts(node, (keep_whole, parts), whole)
    }

    /// The constant that stands in for a node.
    fn constant(&mut self, node: u32) -> Result<(), String> {
        let RoleData::Function(function) = &self.values.graph.node(node).role else { return Ok(()) };
        let recovery = function.variants.first().map(|variant| &variant.recovery);
        let Some(FallbackData::Value { call, .. }) = recovery.and_then(|it| it.fallback.as_ref()) else {
            return Ok(());
        };
        let slot = self.known_slot(self.values.constant(node));
        self.call(call, slot).end()
    }

    /// The value of a node, from what it has come to itself or what stands in for it.
    fn choose(
        &mut self,
        node: u32,
        (keep_whole, parts): (bool, &[bool]),
        args: &[Arg],
    ) -> Result<(), String> {
        let &[own, other] = args else { return Err("it has nothing to choose from".to_owned()) };
        let whole = if keep_whole { self.known_slot(node) } else { self.slot(node) };
        let from = |arg: Arg| (self.slot_of(arg.value), arg.access == Access::Move);
        let (own, other) = (from(own), from(other));
        self.builder.choose(own, other, whole)?;
        self.parts(node, (keep_whole, parts), whole)
    }

    /// Takes a value apart, if parts of it are needed.
    fn parts(
        &mut self,
        node: u32,
        (keep_whole, parts): (bool, &[bool]),
        whole: SlotId,
    ) -> Result<(), String> {
        match (parts.is_empty(), keep_whole) {
            (true, _) => Ok(()),
            (false, false) => self.split(node, parts, whole),
            (false, true) => {
                let copy = self.clone_of(node)?;
                self.split(node, parts, copy)
            }
        }
    }

    /// Drops what is needed no more after a task with these arguments.
    fn drop_unneeded(&mut self, args: &[Arg]) -> Result<(), String> {
        for arg in args.iter().filter(|arg| arg.value != NONE) {
            let left = &mut self.left[arg.value as usize];
            *left -= 1;
            if *left == 0 && arg.access != Access::Move {
                self.drop_value(arg.value)?;
            }
        }
        Ok(())
    }

    pub(super) fn drop_value(&mut self, value: ValueId) -> Result<(), String> {
        let slot = self.slot_of(value);
        if self.builder.is_import(slot) { Ok(()) } else { self.builder.drop_value(slot) }
    }

    pub(super) fn clone_of(&mut self, value: ValueId) -> Result<SlotId, String> {
        self.nodes.push(self.values.node(value));
        self.builder.clone_of(self.slot_of(value))
    }

    /// Feeds each parameter with as many slots as its shape takes.
    fn call_variant(
        &mut self,
        (node, notes): (u32, Option<SlotId>),
        variant: &VariantData,
        out: SlotId,
    ) -> Result<(), String> {
        let graph = self.values.graph;
        let fed = std::mem::take(&mut self.fed);
        let mut left = &fed[..];
        let mut call = self.call(&variant.call, out);
        for (param, deps) in variant.fed() {
            let (slots, others) = left.split_at(left.len().min(deps.len()));
            left = others;
            // A constant, or what the macro has found to be absent, is written into the call.
            if matches!(param.source, SourceData::Value(_) | SourceData::Absent(_)) {
                continue;
            }
            match call.wants() {
                None => {}
                Some(ShapeKind::Run) => call.with(Operand::Run(node, notes))?,
                Some(ShapeKind::Group) => call.with(Operand::Group(slots, &[]))?,
                Some(ShapeKind::GroupMap) => {
                    let names: Vec<String> = deps.iter().map(|dep| graph.name(*dep).to_owned()).collect();
                    call.with(Operand::Group(slots, &names))?;
                }
                Some(_) => {
                    for slot in slots {
                        call.with(if *slot == NONE { Operand::Absent } else { Operand::Slot(*slot) })?;
                    }
                }
            }
        }
        call.end()?;
        self.fed = fed;
        Ok(())
    }

    fn call(&mut self, call: &Call, out: SlotId) -> Feeding<'_> {
        if call.waits() {
            // What it waits for has a slot of its own.
            self.nodes.push(self.nodes[out as usize]);
        }
        match call {
            Call::Static(call) => self.builder.call(call, out),
            Call::Dynamic(call) => self.builder.shared_call(call, out),
        }
    }

    fn split(&mut self, node: u32, parts: &[bool], whole: SlotId) -> Result<(), String> {
        let graph = self.values.graph;
        let RoleData::Function(FunctionData { split: Some(split), parts: all, parts_by_name, .. }) =
            &graph.node(node).role
        else {
            return Err(format!("`{}` has no parts", graph.name(node)));
        };
        let name = |part: &u32| if *part == NONE { String::new() } else { graph.name(*part).to_owned() };
        let plan = SplitPlan::new(split.function(), all.iter().map(name).collect(), *parts_by_name);
        let parts: Vec<Option<SlotId>> =
            all.iter().zip(parts).map(|(part, wanted)| wanted.then(|| self.known_slot(*part))).collect();
        self.builder.split(plan, whole, &parts)
    }

    /// Where the outputs are: one that is asked for again is cloned for each time but the last.
    fn outputs(&mut self, outputs: &[u32]) -> Result<Vec<SlotId>, String> {
        let mut asked = vec![0_u32; self.values.graph.nodes.len()];
        for output in outputs {
            asked[*output as usize] += 1;
        }
        let mut slots = Vec::with_capacity(outputs.len());
        for output in outputs {
            let value = self.values.outside(*output);
            let left = &mut asked[*output as usize];
            *left -= 1;
            if *left == 0 {
                slots.push(self.slot_of(value));
            } else {
                self.begin(*output, TaskKind::Copy);
                slots.push(self.clone_of(value)?);
                self.builder.end_task();
            }
        }
        Ok(slots)
    }
}

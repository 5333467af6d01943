//! Puts a program together, and proves on the way that it can be run.

use std::alloc::Layout;
use std::any::{Any, TypeId};
use std::sync::Arc;

use crate::context::Notes;
use crate::value_type::ValueType;

use super::block::InnerBlock;
use super::call::Run;
use super::ops::{run_clone, run_drop, run_notes, run_nothing};
use super::param::Shape;
use super::parts::SplitPlan;
use super::program::{
    Choice, Effect, Either, Entry, Label, Need, Op, OpKind, Place, Program, Read, Slot, SlotId, Taking,
    TaskOps, id,
};
use super::raw::{Raw, SlotOf};

/// Puts a program together, task by task in the order in which they run one after another.
#[derive(Default)]
pub(crate) struct ProgramBuilder {
    pub(super) slots: Vec<Slot>,
    state: Vec<State>,
    pub(super) entries: Vec<Entry>,
    pub(super) ops: Vec<Op>,
    kinds: Vec<OpKind>,
    effects: Vec<Effect>,
    pub(super) tasks: Vec<TaskOps>,
    pub(super) reads: Vec<Read>,
    /// Scratch: what the parameters of a call take.
    pub(super) shapes: Vec<Shape>,
    supplied: Vec<SlotId>,
    errors: u32,
    pub(super) owners: Vec<Arc<dyn Any + Send + Sync>>,
    pub(super) blocks: Vec<InnerBlock>,
    layout: Option<Layout>,
    imports: usize,
    may_stray: bool,
    labels: Vec<Label>,
    nodes: Vec<u32>,
    pub(super) takes_context: bool,
    too_large: bool,
    no_value: Option<&'static ValueType>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Empty,
    Full,
    Gone,
    /// Not to be looked at: a list or a source that a block works with.
    Tool,
}

impl ProgramBuilder {
    /// With room for so many tasks, with so many arguments in all.
    pub(crate) fn with_room(tasks: usize, args: usize) -> Self {
        Self {
            slots: Vec::with_capacity(tasks),
            state: Vec::with_capacity(tasks),
            entries: Vec::with_capacity(tasks + args),
            ops: Vec::with_capacity(tasks),
            kinds: Vec::with_capacity(tasks),
            effects: Vec::with_capacity(tasks),
            tasks: Vec::with_capacity(tasks),
            reads: Vec::with_capacity(args),
            labels: Vec::with_capacity(tasks),
            ..Self::default()
        }
    }

    /// A new slot, empty at first.
    pub(crate) fn slot(&mut self, ty: &'static ValueType) -> SlotId {
        let raw = ty.raw().unwrap_or_else(|| {
            self.no_value = Some(ty);
            Raw::of(&SlotOf::<()>::new())
        });
        let layout = self.layout.unwrap_or_else(Layout::new::<()>);
        let grown = Layout::from_size_align(raw.size, raw.align).and_then(|value| layout.extend(value));
        let (layout, offset) = grown.unwrap_or_else(|_| {
            self.too_large = true;
            (layout, 0)
        });
        self.layout = Some(layout);
        self.slots.push(Slot { ty, raw, place: Place::Own(offset), uses: 0, error: None });
        self.state.push(State::Empty);
        id(self.slots.len() - 1)
    }

    /// A value that is elsewhere, and stays there: an instance is made with pointers to all that is imported, in
    /// this order.
    pub(crate) fn import(&mut self, ty: &'static ValueType) -> SlotId {
        let slot = self.slot(ty);
        self.slots[slot as usize].place = Place::Import(self.imports);
        self.state[slot as usize] = State::Full;
        self.imports += 1;
        slot
    }

    /// The same, of a list that the program adds to, or a source that it takes from.
    pub(super) fn import_tool(&mut self, ty: &'static ValueType) -> SlotId {
        let slot = self.import(ty);
        self.state[slot as usize] = State::Tool;
        slot
    }

    pub(crate) fn is_import(&self, slot: SlotId) -> bool {
        self.slots[slot as usize].is_import()
    }

    pub(super) fn is_tool(&self, slot: SlotId) -> bool {
        self.state[slot as usize] == State::Tool
    }

    /// The caller fills the slot before the first operation.
    pub(crate) fn supplied(&mut self, slot: SlotId) {
        self.supplied.push(slot);
        self.state[slot as usize] = State::Full;
    }

    /// A task, of which others hear as its label says.
    pub(crate) fn begin_task(&mut self, label: Label) {
        self.labels.push(label);
        let (op, read, effect) = (id(self.ops.len()), id(self.reads.len()), id(self.effects.len()));
        self.tasks.push(TaskOps {
            ops: op..op,
            drops: op,
            reads: read..read,
            effects: effect..effect,
            choice: None,
        });
    }

    /// Clones the value of a slot into a new one.
    pub(crate) fn clone_of(&mut self, slot: SlotId) -> Result<SlotId, String> {
        let ty = self.slots[slot as usize].ty;
        let Some(cloner) = ty.cloner() else { return Err(format!("a `{}` cannot be cloned", ty.text())) };
        self.look(slot)?;
        let op = id(self.ops.len());
        let to = self.slot(ty);
        let at = id(self.entries.len());
        self.entries.extend([Entry::Slot(slot), Entry::Slot(to)]);
        self.push(run_clone, std::ptr::from_ref(cloner).cast(), at, OpKind::Clone);
        self.fill(op, to)?;
        Ok(to)
    }

    /// A task may be abandoned.
    pub(crate) fn may_stray(&mut self) {
        self.may_stray = true;
    }

    /// The task runs only if nothing is in the slot, or in another one of this kind.
    pub(crate) fn guard(&mut self, slot: SlotId) -> Result<(), String> {
        self.is_full(slot)?;
        self.reads.push(Read { slot, takes: false, need: Need::Guard });
        Ok(())
    }

    /// Fills a slot with the value of the first, or else of the second of two others; each is moved or cloned.
    pub(crate) fn choose(
        &mut self,
        first: (SlotId, bool),
        second: (SlotId, bool),
        out: SlotId,
    ) -> Result<(), String> {
        let first = self.option(first, out)?;
        let second = self.option(second, out)?;
        let op = id(self.ops.len());
        let at = id(self.entries.len());
        self.push(run_nothing, std::ptr::null(), at, OpKind::Clone);
        self.fill(op, out)?;
        if let Some(task) = self.tasks.last_mut() {
            task.choice = Some(Choice { first, second, out });
        }
        Ok(())
    }

    fn option(&mut self, (slot, moves): (SlotId, bool), out: SlotId) -> Result<Either, String> {
        self.is_full(slot)?;
        let ty = self.slots[slot as usize].ty;
        self.same_type(out, ty.type_id())?;
        let how = match ty.cloner() {
            _ if ty.can_copy() => Taking::Copy,
            _ if moves => Taking::Move,
            Some(cloner) => Taking::Clone(*cloner),
            None => return Err(format!("a `{}` cannot be cloned", ty.text())),
        };
        let takes = matches!(how, Taking::Move);
        if takes {
            // Which of the two is emptied is found when the task runs.
            self.state[slot as usize] = State::Gone;
        }
        self.reads.push(Read { slot, takes, need: Need::Choice });
        Ok(Either { slot, how })
    }

    /// Takes the value of a slot apart, into one slot for each part that is needed.
    pub(crate) fn split(
        &mut self,
        plan: SplitPlan,
        whole: SlotId,
        parts: &[Option<SlotId>],
    ) -> Result<(), String> {
        let op = id(self.ops.len());
        let at = id(self.entries.len());
        self.take(op, whole)?;
        self.entries.push(Entry::Slot(whole));
        self.entries.extend(parts.iter().map(|part| part.map_or(Entry::Null, Entry::Slot)));
        let of_slot = |slot: SlotId| {
            let Slot { ty, raw, .. } = self.slots[slot as usize];
            (ty, raw)
        };
        let types = parts.iter().map(|part| part.map(of_slot)).collect();
        let plan = Arc::new(plan.of_types(of_slot(whole), types));
        let data = Arc::as_ptr(&plan).cast();
        self.owners.push(plan);
        self.push(super::parts::run_split, data, at, OpKind::Split);
        parts.iter().flatten().try_for_each(|part| self.fill(op, *part))
    }

    /// Drops what is not needed any more, if all runs in order; nothing but drops may follow in a task.
    pub(crate) fn drop_value(&mut self, slot: SlotId) -> Result<(), String> {
        let raw = self.slots[slot as usize].raw;
        if raw.drop.is_none() {
            // Nothing is to be done, and nothing has to be remembered.
            return Ok(());
        }
        let op = id(self.ops.len());
        let at = id(self.entries.len());
        self.empty(op, slot)?;
        self.entries.push(Entry::Slot(slot));
        self.ops.push(Op { run: run_drop, data: std::ptr::from_ref(raw).cast(), at });
        self.kinds.push(OpKind::Drop(slot));
        Ok(())
    }

    pub(crate) fn end_task(&mut self) {
        let (op, effect) = (id(self.ops.len()), id(self.effects.len()));
        let Some(task) = self.tasks.last_mut() else { return };
        task.ops.end = op;
        task.effects.end = effect;
        let own = &self.effects[task.effects.start as usize..];
        let first = task.reads.start as usize;
        // What a task makes for itself alone waits for nobody.
        let is_own = |slot| own.iter().any(|effect| effect.fills && effect.slot == slot);
        self.reads.extract_if(first.., |read| is_own(read.slot)).for_each(drop);
        // Of several for one slot it counts what they ask of it together.
        self.reads[first..].sort_unstable_by_key(|read| (read.slot, read.need));
        let mut last = first;
        for at in first + 1..self.reads.len() {
            let read = self.reads[at];
            if read.slot == self.reads[last].slot {
                self.reads[last].takes |= read.takes;
            } else {
                last += 1;
                self.reads[last] = read;
            }
        }
        self.reads.truncate(last + 1);
        task.reads.end = id(self.reads.len());
    }

    /// For each slot the node whose value it holds.
    pub(crate) fn slot_nodes(&mut self, nodes: Vec<u32>) {
        self.nodes = nodes;
    }

    /// Makes room for what a node will write about itself.
    pub(crate) fn notes(&mut self, slot: SlotId) -> Result<(), String> {
        if self.slots[slot as usize].ty.type_id() != TypeId::of::<Notes>() {
            return Err("there is no room for its metadata".to_owned());
        }
        let (op, at) = (id(self.ops.len()), id(self.entries.len()));
        self.entries.push(Entry::Slot(slot));
        self.push(run_notes, std::ptr::null(), at, OpKind::Notes);
        self.fill(op, slot)
    }

    /// The program; `requested` slots are left to the caller.
    pub(crate) fn build(mut self, requested: &[SlotId]) -> Result<Program, String> {
        if let Some(ty) = self.no_value {
            return Err(format!("a `{}` cannot be the value of a node", ty.text()));
        }
        if self.too_large {
            return Err("the values of the graph are too large for the memory of any machine".to_owned());
        }
        if let Some(missing) = requested.iter().find(|slot| self.state[**slot as usize] != State::Full) {
            return Err(format!("slot {missing} is asked for, but nothing is left in it"));
        }
        let mut counted = vec![false; self.slots.len()];
        for read in self.reads.iter().filter(|read| read.takes) {
            counted[read.slot as usize] = true;
        }
        for (slot, counted) in self.slots.iter().zip(&mut counted) {
            *counted = !slot.is_import() && (*counted || slot.raw.drop.is_some());
        }
        let mut is_requested = vec![false; self.slots.len()];
        for slot in requested {
            is_requested[*slot as usize] = true;
            counted[*slot as usize] = false;
        }
        for read in self.reads.iter().filter(|read| counted[read.slot as usize]) {
            self.slots[read.slot as usize].uses += 1;
        }
        let is_left = |slot: &SlotId| {
            let at = *slot as usize;
            // Of what need not be dropped nobody has to know where it is left.
            self.state[at] == State::Full
                && !self.slots[at].is_import()
                && (is_requested[at] || self.slots[at].raw.drop.is_some())
        };
        let imported = (0..id(self.slots.len()))
            .filter(|slot| self.is_import(*slot) && self.state[*slot as usize] == State::Full)
            .collect();
        let left = (0..id(self.slots.len())).filter(is_left).collect();
        let in_order = self.tasks.iter().all(|task| task.choice.is_none());
        Ok(Program {
            slots: self.slots,
            layout: self.layout.unwrap_or_else(Layout::new::<()>),
            entries: self.entries,
            ops: self.ops,
            kinds: self.kinds,
            effects: self.effects,
            tasks: self.tasks,
            reads: self.reads,
            labels: self.labels,
            nodes: self.nodes,
            takes_context: self.takes_context,
            supplied: self.supplied,
            left,
            imported,
            errors: self.errors,
            in_order,
            may_stray: self.may_stray,
            blocks: self.blocks,
            _owners: self.owners,
        })
    }

    /// The place for the error of what was to fill a slot.
    fn error_of(&mut self, slot: SlotId) -> u32 {
        *self.slots[slot as usize].error.get_or_insert_with(|| {
            self.errors += 1;
            self.errors - 1
        })
    }

    pub(super) fn same_type(&self, slot: SlotId, expected: TypeId) -> Result<(), String> {
        let ty = self.slots[slot as usize].ty;
        if ty.type_id() == expected {
            Ok(())
        } else {
            Err(format!("it was given a `{}`, which it does not take there", ty.text()))
        }
    }

    pub(super) fn look(&mut self, slot: SlotId) -> Result<(), String> {
        self.reads.push(Read { slot, takes: false, need: Need::Must });
        self.is_full(slot)
    }

    /// Looks at a value that may be missing: a pointer to the error follows then.
    pub(super) fn look_or_error(&mut self, slot: SlotId) -> Result<(), String> {
        self.reads.push(Read { slot, takes: false, need: Need::Tolerates });
        let error = self.error_of(slot);
        self.entries.push(Entry::Error(error));
        self.is_full(slot)
    }

    /// Empties a slot; one whose value is `Copy` stays as it is.
    pub(super) fn take(&mut self, op: u32, slot: SlotId) -> Result<(), String> {
        if self.slots[slot as usize].ty.can_copy() {
            return self.look(slot);
        }
        self.reads.push(Read { slot, takes: true, need: Need::Must });
        self.empty(op, slot)
    }

    /// Empties a slot, also one whose value is `Copy`.
    pub(super) fn take_whole(&mut self, op: u32, slot: SlotId) -> Result<(), String> {
        self.reads.push(Read { slot, takes: true, need: Need::Must });
        self.empty(op, slot)
    }

    /// The same, of one whose value may be missing: a pointer to the error follows then.
    pub(super) fn take_or_error(&mut self, op: u32, slot: SlotId) -> Result<(), String> {
        self.reads.push(Read { slot, takes: true, need: Need::Tolerates });
        let error = self.error_of(slot);
        self.entries.push(Entry::Error(error));
        self.empty(op, slot)
    }

    pub(super) fn empty(&mut self, op: u32, slot: SlotId) -> Result<(), String> {
        self.is_full(slot)?;
        if self.slots[slot as usize].is_import() {
            return Err("a value from outside of a block is to be taken inside".to_owned());
        }
        self.state[slot as usize] = State::Gone;
        self.effects.push(Effect { op, slot, fills: false });
        Ok(())
    }

    pub(super) fn fill(&mut self, op: u32, slot: SlotId) -> Result<(), String> {
        if self.state[slot as usize] != State::Empty {
            return Err(format!("slot {slot} is filled twice"));
        }
        self.state[slot as usize] = State::Full;
        self.effects.push(Effect { op, slot, fills: true });
        Ok(())
    }

    fn is_full(&self, slot: SlotId) -> Result<(), String> {
        if self.state[slot as usize] == State::Full {
            Ok(())
        } else {
            Err(format!("slot {slot} is empty where it is needed"))
        }
    }

    pub(super) fn push(&mut self, run: Run, data: *const (), at: u32, kind: OpKind) {
        self.ops.push(Op { run, data, at });
        self.kinds.push(kind);
        if let Some(task) = self.tasks.last_mut() {
            task.drops = id(self.ops.len());
        }
    }
}

//! A call in a program that is put together: one parameter after another is fed with what it takes.

use std::ops::Range;
use std::sync::Arc;

use super::builder::ProgramBuilder;
use super::call::{Call, SharedCall};
use super::param::{Shape, ShapeKind};
use super::program::{Entry, OpKind, SlotId, id};
use super::waiting::{Waiting, run_wait};

/// What feeds one parameter.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operand<'a> {
    Slot(SlotId),
    Absent,
    /// The context of the run, for a node, which writes about itself into the slot.
    Run(u32, Option<SlotId>),
    /// With their names, where these are asked for.
    Group(&'a [SlotId], &'a [String]),
}

/// A call that lacks some of its arguments still.
#[must_use = "there is no call before `end`"]
pub(crate) struct Feeding<'b> {
    program: &'b mut ProgramBuilder,
    call: Call,
    op: u32,
    at: u32,
    /// What it makes: where it waits, what is to be awaited.
    made: SlotId,
    out: SlotId,
    shapes: Vec<Shape>,
    /// How many of them have been fed.
    fed: usize,
    /// For each group where the pointer to its list belongs, and where among what the task needs its slots are.
    groups: Vec<(usize, Range<usize>)>,
    first_read: usize,
}

impl ProgramBuilder {
    /// Calls a function once it has been fed. One that waits takes a slot more, for what it waits for.
    pub(crate) fn call(&mut self, call: &Call, out: SlotId) -> Feeding<'_> {
        let mut shapes = std::mem::take(&mut self.shapes);
        call.list_shapes(&mut shapes);
        self.feed(*call, shapes, out)
    }

    pub(crate) fn shared_call(&mut self, call: &SharedCall, out: SlotId) -> Feeding<'_> {
        let (call, known, owner) = call.parts();
        self.owners.push(owner);
        let mut shapes = std::mem::take(&mut self.shapes);
        shapes.extend_from_slice(known);
        self.feed(call, shapes, out)
    }

    fn feed(&mut self, call: Call, shapes: Vec<Shape>, out: SlotId) -> Feeding<'_> {
        let (op, at, first_read) = (id(self.ops.len()), id(self.entries.len()), self.reads.len());
        let made = if call.waits { self.slot(Waiting::TYPE) } else { out };
        self.entries.push(Entry::Slot(made));
        Feeding { program: self, call, op, at, made, out, shapes, fed: 0, groups: Vec::new(), first_read }
    }

    /// Waits for the result of a call that has begun.
    fn wait(&mut self, begun: SlotId, out: SlotId) -> Result<(), String> {
        let (op, at) = (id(self.ops.len()), id(self.entries.len()));
        self.take_whole(op, begun)?;
        self.entries.extend([Entry::Slot(begun), Entry::Slot(out)]);
        self.push(run_wait, std::ptr::null(), at, OpKind::Wait);
        self.fill(op, out)
    }
}

impl Feeding<'_> {
    /// What the parameter is that is to be fed next.
    pub(crate) fn wants(&self) -> Option<ShapeKind> {
        self.shapes.get(self.fed).map(|shape| shape.kind)
    }

    /// Feeds the next parameter: its pointers, without those of a list.
    pub(crate) fn with(&mut self, operand: Operand<'_>) -> Result<(), String> {
        let shape = self.shapes.get(self.fed).copied();
        self.fed += 1;
        // That there are too many is said at the end.
        let Some(shape) = shape else { return Ok(()) };
        let program = &mut *self.program;
        match (shape.kind, operand) {
            (ShapeKind::Borrow | ShapeKind::OptBorrow, Operand::Slot(slot)) => {
                program.same_type(slot, shape.id)?;
                program.look(slot)?;
                program.entries.push(Entry::Slot(slot));
            }
            (ShapeKind::Take | ShapeKind::OptTake, Operand::Slot(slot)) => {
                program.same_type(slot, shape.id)?;
                program.take(self.op, slot)?;
                program.entries.push(Entry::Slot(slot));
            }
            (ShapeKind::Tolerant, Operand::Slot(slot)) => {
                program.same_type(slot, shape.id)?;
                program.entries.push(Entry::Slot(slot));
                program.look_or_error(slot)?;
            }
            (ShapeKind::OptBorrow | ShapeKind::OptTake, Operand::Absent) => program.entries.push(Entry::Null),
            (ShapeKind::Run, Operand::Run(node, notes)) => {
                program.takes_context = true;
                let notes = notes.map_or(Entry::Null, Entry::Slot);
                program.entries.extend([Entry::Here, Entry::Number(node as usize), notes]);
            }
            (ShapeKind::Group, Operand::Group(slots, _)) => self.group(shape, slots)?,
            (ShapeKind::GroupMap, Operand::Group(slots, names)) => {
                self.group(shape, slots)?;
                if names.len() != slots.len() {
                    return Err("a group has no names".to_owned());
                }
                let names: Arc<Vec<String>> = Arc::new(names.to_vec());
                self.program.entries.push(Entry::Names(names.as_ptr()));
                self.program.owners.push(names);
            }
            _ => return Err("a parameter is not fed by what it takes".to_owned()),
        }
        Ok(())
    }

    /// The pointer to a list, which is not there yet, and how many there are in it.
    fn group(&mut self, shape: Shape, slots: &[SlotId]) -> Result<(), String> {
        let program = &mut *self.program;
        let first = program.reads.len();
        for slot in slots {
            program.same_type(*slot, shape.id)?;
            program.look(*slot)?;
        }
        self.groups.push((program.entries.len(), first..program.reads.len()));
        program.entries.extend([Entry::Null, Entry::Number(slots.len())]);
        Ok(())
    }

    /// All parameters have been fed.
    pub(crate) fn end(mut self) -> Result<(), String> {
        if self.fed != self.shapes.len() {
            return Err(format!("it has {} parameters, but {} are fed", self.shapes.len(), self.fed));
        }
        self.no_slot_is_taken_and_used()?;
        self.lists();
        let Self { program, call, op, at, made, out, mut shapes, .. } = self;
        if program.slots[out as usize].ty.type_id() != call.output {
            return Err(format!("it does not yield a `{}`", program.slots[out as usize].ty.text()));
        }
        shapes.clear();
        program.shapes = shapes;
        program.push(call.run, call.data, at, OpKind::Call);
        program.fill(op, made)?;
        if call.waits { program.wait(made, out) } else { Ok(()) }
    }

    /// The lists of the groups: they come after the pointers of the whole call.
    fn lists(&mut self) {
        let program = &mut *self.program;
        for (place, slots) in self.groups.drain(..) {
            program.entries[place] = Entry::Table(id(program.entries.len()));
            program.entries.extend(program.reads[slots].iter().map(|read| Entry::Slot(read.slot)));
        }
    }

    fn no_slot_is_taken_and_used(&self) -> Result<(), String> {
        let reads = &self.program.reads[self.first_read..];
        let mut taken = reads.iter().filter(|read| read.takes);
        if taken.any(|read| reads.iter().filter(|other| other.slot == read.slot).count() > 1) {
            return Err("it takes a value that it also looks at".to_owned());
        }
        Ok(())
    }
}

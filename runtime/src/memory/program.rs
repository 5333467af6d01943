//! What is to be done with which slots, in which order, and the proof that it can be.

use std::alloc::Layout;
use std::any::Any;
use std::ops::Range;
use std::sync::Arc;

use crate::value_type::ValueType;

use super::block::InnerBlock;
use super::call::Run;
use super::raw::{Cloner, Raw};

/// A slot of a program, by its number.
pub(crate) type SlotId = u32;

/// Slots, and operations on them. See the [module](super) for what holds of it.
pub(crate) struct Program {
    pub(super) slots: Vec<Slot>,
    pub(super) layout: Layout,
    pub(super) entries: Vec<Entry>,
    pub(super) ops: Vec<Op>,
    pub(super) kinds: Vec<OpKind>,
    /// In the order of the operations.
    pub(super) effects: Vec<Effect>,
    pub(super) tasks: Vec<TaskOps>,
    pub(super) reads: Vec<Read>,
    /// What is there before the first operation.
    pub(super) supplied: Vec<SlotId>,
    /// What is there after the last one.
    pub(super) left: Vec<SlotId>,
    /// Where the imported values are to be marked as there.
    pub(super) imported: Vec<SlotId>,
    /// How many slots have a place for an error.
    pub(super) errors: u32,
    pub(super) in_order: bool,
    /// Whether a task may be abandoned.
    pub(super) may_stray: bool,
    /// What the tasks are for.
    pub(super) labels: Vec<Label>,
    /// For each slot the node whose value it holds.
    pub(super) nodes: Vec<u32>,
    /// Whether a node takes the context of its run.
    pub(super) takes_context: bool,
    /// In the order of the tasks.
    pub(super) blocks: Vec<InnerBlock>,
    /// What the operations point to.
    pub(super) _owners: Vec<Arc<dyn Any + Send + Sync>>,
}

// SAFETY: the pointers in it are to functions, and to what it owns: `Send + Sync` all of it.
unsafe impl Send for Program {}
// SAFETY: the same.
unsafe impl Sync for Program {}

/// What a task is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) node: u32,
    pub(crate) role: Role,
}

/// What those who listen hear of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It calls the node.
    Node,
    /// It runs the dynamic block that the node opens.
    Block,
    /// It puts the node's value into a list, which may lack it.
    List,
    /// Nothing.
    Other,
}

pub(super) struct Slot {
    pub(super) ty: &'static ValueType,
    pub(super) raw: &'static Raw,
    pub(super) place: Place,
    /// How many tasks need it, where that decides when it is emptied; 0 where nothing empties it.
    pub(super) uses: u32,
    /// The place for the error of what was to fill it, where somebody takes it for the value.
    pub(super) error: Option<u32>,
}

/// Where the value of a slot is.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// In the memory of the instance.
    Own(usize),
    /// Elsewhere: the how many-th of the pointers that an instance is made with.
    Import(usize),
}

impl Slot {
    pub(super) fn is_import(&self) -> bool {
        matches!(self.place, Place::Import(_))
    }
}

/// An operation: what to call, with what, and where in the table of pointers its arguments begin.
pub(super) struct Op {
    pub(super) run: Run,
    pub(super) data: *const (),
    pub(super) at: u32,
}

/// What an operation does, for those who have to tell of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OpKind {
    Call,
    Split,
    Clone,
    Drop(SlotId),
    /// Waits for the result of a call that the operation before has begun.
    Wait,
    /// Runs a dynamic block.
    Block,
    /// The same where its thread has to wait for futures inside.
    WaitingBlock,
    /// Takes an item from a source.
    Pull,
    /// Puts a value into a list.
    Push,
    /// Makes room for what a node writes about itself.
    Notes,
}

/// A pointer of the table, as it is before the memory is there.
#[derive(Clone, Copy)]
pub(super) enum Entry {
    Null,
    Slot(SlotId),
    /// To the place for an error.
    Error(u32),
    /// To what the memory knows of its run.
    Here,
    /// To another place in the table.
    Table(u32),
    Number(usize),
    Names(*const String),
}

/// That an operation fills or empties a slot. It empties it also where it fails.
#[derive(Clone, Copy)]
pub(super) struct Effect {
    pub(super) op: u32,
    pub(super) slot: SlotId,
    pub(super) fills: bool,
}

/// The operations of a task.
pub(super) struct TaskOps {
    pub(super) ops: Range<u32>,
    /// Where those begin that only drop what is not needed afterwards, if all runs in order.
    pub(super) drops: u32,
    pub(super) reads: Range<u32>,
    pub(super) effects: Range<u32>,
    /// What it does first, if it chooses.
    pub(super) choice: Option<Choice>,
}

/// That a task needs a slot that another one fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) slot: SlotId,
    pub(super) takes: bool,
    pub(super) need: Need,
}

/// How a task needs a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Need {
    /// It cannot do without.
    Must,
    /// One of two will do.
    Choice,
    /// An error does as well.
    Tolerates,
    /// It runs only if nothing is in one of these.
    Guard,
}

/// A value that is one of two: the first, if it is there.
#[derive(Clone, Copy)]
pub(super) struct Choice {
    pub(super) first: Either,
    pub(super) second: Either,
    pub(super) out: SlotId,
}

/// One of the two, and how it is taken.
#[derive(Clone, Copy)]
pub(super) struct Either {
    pub(super) slot: SlotId,
    pub(super) how: Taking,
}

#[derive(Clone, Copy)]
pub(super) enum Taking {
    Move,
    Copy,
    Clone(Cloner),
}

impl Program {
    pub(crate) fn label(&self, rank: usize) -> Label {
        self.labels[rank]
    }

    /// The nodes that are called, in the order of their tasks.
    pub(crate) fn called(&self) -> impl Iterator<Item = u32> {
        self.labels.iter().filter(|label| label.role == Role::Node).map(|label| label.node)
    }

    /// Whether a node takes the context of its run.
    pub(crate) fn takes_context(&self) -> bool {
        self.takes_context
    }

    pub(crate) fn value_type(&self, slot: SlotId) -> &'static ValueType {
        self.slots[slot as usize].ty
    }

    pub(crate) fn kind(&self, op: usize) -> OpKind {
        self.kinds[op]
    }

    /// The task that an operation belongs to, by its rank.
    pub(crate) fn task_of(&self, op: usize) -> usize {
        self.tasks.partition_point(|task| task.ops.end as usize <= op)
    }

    /// The slots that the task of a rank needs.
    pub(crate) fn reads(&self, rank: usize) -> impl Iterator<Item = SlotId> {
        self.reads_of(&self.tasks[rank]).iter().map(|read| read.slot)
    }

    /// Those of them that it cannot do without.
    pub(crate) fn requires(&self, rank: usize) -> impl Iterator<Item = SlotId> {
        let reads = self.reads_of(&self.tasks[rank]).iter();
        reads.filter(|read| matches!(read.need, Need::Must | Need::Choice)).map(|read| read.slot)
    }

    /// Whether a failure need not be the end: errors are handed on as values, or something stands in for others.
    pub(crate) fn is_tolerant(&self) -> bool {
        self.errors > 0 || !self.is_in_order()
    }

    /// Whether a task may be abandoned.
    pub(crate) fn has_strays(&self) -> bool {
        self.may_stray
    }

    /// Whether all tasks run where none fails, so that they can run in order.
    pub(crate) fn is_in_order(&self) -> bool {
        self.in_order
    }

    /// For each task whether all that need what it makes do without, or hand it on to such: then its failure is no
    /// reason to stop. What is `requested` somebody needs.
    pub(crate) fn contained(&self, requested: &[SlotId]) -> Vec<bool> {
        // For each slot whether somebody cannot do without.
        let mut is_needed = vec![false; self.slots.len()];
        for slot in requested {
            is_needed[*slot as usize] = true;
        }
        let mut contained = vec![false; self.tasks.len()];
        for (rank, task) in self.tasks.iter().enumerate().rev() {
            contained[rank] = !self.made_by(task).any(|slot| is_needed[slot as usize]);
            for read in self.reads_of(task).iter().filter(|read| read.need == Need::Must && !contained[rank])
            {
                is_needed[read.slot as usize] = true;
            }
        }
        contained
    }

    /// Those whose values it takes.
    pub(crate) fn takes(&self, rank: usize) -> impl Iterator<Item = SlotId> {
        self.reads_of(&self.tasks[rank]).iter().filter(|read| read.takes).map(|read| read.slot)
    }

    /// Whether the task of a rank has to wait for futures, and needs a thread for it.
    pub(crate) fn waits_inside(&self, rank: usize) -> bool {
        self.has_op(rank, OpKind::WaitingBlock)
    }

    /// Whether any task has to wait for a future.
    pub(crate) fn is_waiting(&self) -> bool {
        self.kinds.iter().any(|kind| matches!(kind, OpKind::Wait | OpKind::WaitingBlock))
    }

    /// Whether the task of a rank has to wait for a future.
    pub(crate) fn waits(&self, rank: usize) -> bool {
        self.has_op(rank, OpKind::Wait)
    }

    /// The first operation of some that may have to wait for a future.
    pub(super) fn wait_in(&self, mut ops: Range<usize>) -> Option<usize> {
        ops.find(|op| matches!(self.kinds[*op], OpKind::Wait | OpKind::Block | OpKind::WaitingBlock))
    }

    fn has_op(&self, rank: usize, kind: OpKind) -> bool {
        let task = &self.tasks[rank];
        self.kinds[task.ops.start as usize..task.drops as usize].contains(&kind)
    }

    /// The slots that the task of a rank fills.
    pub(crate) fn makes(&self, rank: usize) -> impl Iterator<Item = SlotId> {
        self.made_by(&self.tasks[rank])
    }

    /// The node whose value a slot holds.
    pub(crate) fn node_of(&self, slot: SlotId) -> u32 {
        self.nodes[slot as usize]
    }

    /// For each slot the rank of the task that fills it, if one does.
    pub(crate) fn makers(&self) -> Vec<Option<usize>> {
        let mut makers = vec![None; self.slots.len()];
        for (rank, task) in self.tasks.iter().enumerate() {
            for slot in self.made_by(task) {
                makers[slot as usize] = Some(rank);
            }
        }
        makers
    }

    pub(super) fn reads_of(&self, task: &TaskOps) -> &[Read] {
        &self.reads[task.reads.start as usize..task.reads.end as usize]
    }

    pub(super) fn effects_of(&self, task: &TaskOps) -> &[Effect] {
        &self.effects[task.effects.start as usize..task.effects.end as usize]
    }

    /// The slots that are full once a task has run.
    pub(super) fn made_by(&self, task: &TaskOps) -> impl Iterator<Item = SlotId> {
        let drops = task.drops;
        let calls = self.effects_of(task).iter().take_while(move |effect| effect.op < drops);
        calls.clone().filter(|effect| effect.fills).map(|effect| effect.slot).filter(move |slot| {
            // What the task itself has taken again was for itself alone.
            !calls.clone().any(|effect| !effect.fills && effect.slot == *slot)
        })
    }
}

pub(super) fn id(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

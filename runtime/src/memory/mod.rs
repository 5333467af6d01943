//! Where the values of a run are, and how functions get at them: the one module with `unsafe`.
//!
//! A [`Program`] is what a plan comes to: slots, each for one value of one type, and operations on them in the
//! order of the plan. An [`Instance`] is the memory for one run of it. A run costs no allocation of ours: the
//! arguments of a call are pointers into that memory, resolved when the instance is made, and its result is
//! written where those that need it look.
//!
//! # Why it is sound
//!
//! *Types.* A [`Call`] is made only by the functions of [`call`](mod@call), which take a function pointer of a concrete type
//! and note the types of its parameters and result by [`TypeId`](std::any::TypeId). [`ProgramBuilder`] compares
//! them with the types of the slots; a program whose types do not fit is not made. The traits by which arguments
//! are read are sealed, and values get in and out of slots only by functions that compare types.
//!
//! *Time.* The builder follows each slot through the program: it is written when it is empty, looked at, cloned,
//! taken and dropped when it is full. So a run from the first operation to the last ([`Instance::run`]) never
//! reads what is not there. If it stops on the way, the same account tells which slots are full.
//!
//! *Threads.* Out of that order tasks run only by [`Instance::claim`], which looks itself: a task is one thread's; it
//! runs when each slot it needs has been marked as full, with `Release` by the task that filled it and `Acquire` by
//! the one that looks; a slot that is counted is taken, or dropped, only by the last of those that need it. A task
//! that has failed may run again unless it has taken something: what it made is undone, so all is as it was. Values
//! are `Send + Sync + 'static` ([`NodeValue`](crate::NodeValue)), so they may be looked at from any thread, and
//! moved to one.
//!
//! *Errors.* Who tolerates that a value is missing gets a pointer to the slot and one to a cell for the error, and
//! looks at the cell first. Its task runs only when the slot is full, or marked as missing and the cell set, and the
//! cell is set before the slot is marked. The task that was to fill the slot is over then, so the cell does not change.
//!
//! *Strays.* A task that may be abandoned runs as a [`Frame`]: it makes its values in memory of its own, from where
//! they are moved into their slots if it ends in time. If it does not, it counts as one more user of all it looks at,
//! so none of that is dropped, and nobody moves it: the plan lets no other task move what such a task borrows, and
//! what is asked for is cloned while it is looked at. The instance stays as long as there is a frame.
//!
//! *Blocks.* Lists and sources of a block are its operation's alone while that runs, and its task needs what it imports, so
//! nobody takes or drops that. Each memory for items is gone, or has nothing more to do, when the operation ends: whoever
//! runs it waits for others that have begun ([`share`]), items that wait are dropped with the future that polls them
//! ([`together`]), and those abreast are of one thread ([`lanes`]). So it is where a future is dropped in the middle, or
//! something panics. Where the future is forgotten, the instance stays, and nobody goes on.
//!
//! *Lending.* What a task borrows may be computed with on another thread only by somebody who gets it back before it is
//! gone. See [`lent`].
//!
//! *Waiting.* What a function that waits is called with is looked at by its future until that is ready or dropped. See
//! [`waiting`].
//!
//! *Panics.* Arguments are read before the user's function runs, and reading does not panic. What has been taken
//! then belongs to the call, and unwinding drops it; its slot is empty. A result is written after the function has
//! returned.

#![allow(clippy::cast_ptr_alignment, reason = "what is at a pointer has the alignment of its type")]

mod ahead;
mod block;
mod builder;
mod by_value;
mod call;
mod feed;
mod frame;
mod instance;
mod items;
mod lanes;
mod lent;
mod list;
mod listen;
mod nest;
mod ops;
mod param;
mod parcel;
mod parts;
mod program;
mod raw;
mod resume;
mod share;
mod shared;
mod stray;
mod task;
mod together;
mod waiting;

pub use call::*;
pub use list::ListOps;
pub use param::sealed::Read;
pub use param::{
    Collected, CollectedResults, Group, GroupMap, MetadataOf, OptRef, OptTake, Param, Ref, Run, Take,
    Tolerant,
};
pub(crate) use parts::MissingKey;
pub use parts::{Keyed, Parts, Split};
pub use raw::{CloneOf, CopyOf, SlotOf};
pub use waiting::{Awaited, During, awaited};

pub(crate) use block::{BlockPlan, BlockTools, Export};
pub(crate) use builder::ProgramBuilder;
pub(crate) use feed::{Feeding, Operand};
pub(crate) use frame::Frame;
pub(crate) use instance::{Instance, SlotState, Stop};
pub(crate) use lent::elsewhere;
pub(crate) use list::Each;
pub(crate) use listen::Still;
pub(crate) use nest::InnerList;
pub(crate) use param::ShapeKind;
pub(crate) use parts::{SplitFn, SplitPlan};
pub(crate) use program::{Label, Program, Role, SlotId};
pub(crate) use raw::{Boxed, Cloner, Raw};
pub(crate) use shared::{Entered, Left, Rest, Shared};
pub(crate) use task::Claimed;

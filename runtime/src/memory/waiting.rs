//! Calls that take their time: what a function that waits has made, until its result is there.
//!
//! Such a call is two operations. The first calls the function and puts its future into a slot of the program; the
//! second takes the future out, waits, and puts the result where that of any other call would be. So the builder
//! follows a future as it follows every value.
//!
//! # Why it is sound
//!
//! The future borrows values of the run, and nothing in its type says so any more. It is only ever in two places: in
//! its slot, from the first operation to the second; and then with whoever does the second, who holds on to the instance
//! by a reference for as long as he has it. In its slot it stays while there is anything to wait for only where a run in
//! order [leaves it](super::ahead), and the instance drops it before anything else. What it looks at stays where it is, as
//! it does for every call: its task has not ended, so nobody takes or drops it. What it has taken is its own.

use std::fmt;
use std::future::{Future, poll_fn};
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::fault::{Fault, guard};
use crate::node::{Node, NodeFault};
use crate::value_type::{Plain, ValueType};
use crate::wait::block_on;

use super::block::wait_for_block;
use super::call::Ended;
use super::instance::Instance;
use super::program::OpKind;

/// The future of a function of a node, which may look at the values of the run for `'f`.
pub type Awaited<'f, T> = Pin<Box<dyn Future<Output = T> + Send + 'f>>;

/// The future of a function of a node, in a box.
pub fn awaited<'f, F: Future + Send + 'f>(future: F) -> Awaited<'f, F::Output> {
    Box::pin(future)
}

/// How long a function that waits may look at what it is called with.
#[derive(Clone, Copy, Debug, Default)]
pub struct During<'f>(PhantomData<&'f ()>);

/// Room for a future of which only `poll` and `drop` know what it yields: all are as large as this one.
type Erased = MaybeUninit<Awaited<'static, ()>>;

/// A call that has begun.
pub(super) struct Waiting {
    future: Erased,
    poll: unsafe fn(&mut Self, &mut Context<'_>, *mut u8) -> Poll<Ended>,
    drop: unsafe fn(&mut Erased),
    is_over: bool,
}

// SAFETY: nothing can be done with a shared reference to it.
unsafe impl Sync for Waiting {}

/// What becomes of the output of a future.
pub(super) trait Finish: 'static {
    /// What the future yields.
    type From;

    /// # Safety
    /// There is room for the value at `out`.
    unsafe fn finish(from: Self::From, out: *mut u8) -> Ended;
}

/// It is the value.
pub(super) struct Made<R>(PhantomData<R>);
/// It is a value, or the error of the node `N`.
pub(super) struct Tried<N, R>(PhantomData<(N, R)>);
/// It is a value, or what went wrong.
pub(super) struct Checked<R>(PhantomData<R>);

impl<R: 'static> Finish for Made<R> {
    type From = R;

    unsafe fn finish(value: R, out: *mut u8) -> Ended {
        // SAFETY: the caller's promise.
        unsafe { out.cast::<R>().write(value) };
        None
    }
}

impl<N: Node, R: 'static> Finish for Tried<N, R> {
    type From = Result<R, N::Error>;

    unsafe fn finish(result: Self::From, out: *mut u8) -> Ended {
        let result = result.map_err(|error| Fault::Error(error.into_fault()));
        // SAFETY: the caller's promise.
        unsafe { Checked::finish(result, out) }
    }
}

impl<R: 'static> Finish for Checked<R> {
    type From = Result<R, Fault>;

    unsafe fn finish(result: Self::From, out: *mut u8) -> Ended {
        match result {
            // SAFETY: the caller's promise.
            Ok(value) => unsafe { Made::finish(value, out) },
            Err(fault) => Some(Box::new(fault)),
        }
    }
}

impl Waiting {
    /// What is in the slot of a call that has begun.
    pub(super) const TYPE: &'static ValueType = Plain::<Self>::TYPE;

    /// # Safety
    /// It is dropped before `'f` ends, or never.
    pub(super) unsafe fn new<'f, O: Finish>(future: Awaited<'f, O::From>) -> Self {
        const { assert!(size_of::<Awaited<'f, O::From>>() == size_of::<Erased>()) }
        let mut erased = Erased::uninit();
        // SAFETY: there is room for it, as has just been seen, and its alignment is that of a pointer.
        unsafe { erased.as_mut_ptr().cast::<Awaited<'f, O::From>>().write(future) };
        Self { future: erased, poll: poll::<O>, drop: drop_erased::<O>, is_over: false }
    }

    /// Asks whether the result is there. If it is, it is put where it belongs; then the future is gone.
    ///
    /// # Safety
    /// There is room at `out` for what the call makes.
    unsafe fn poll(&mut self, context: &mut Context<'_>, out: *mut u8) -> Poll<Ended> {
        if self.is_over {
            return Poll::Ready(Some(Box::new(Fault::Misfit("it was over before".to_owned()))));
        }
        // SAFETY: the future is there as long as it is not over; the rest is the caller's promise.
        guard(|| unsafe { (self.poll)(self, context, out) })
            .unwrap_or_else(|fault| Poll::Ready(Some(Box::new(fault))))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if !self.is_over {
            // What is dropped in the middle has nobody to complain to.
            // SAFETY: the future is there as long as it is not over.
            let _ = guard(|| unsafe { (self.drop)(&mut self.future) });
        }
    }
}

impl fmt::Debug for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Waiting")
    }
}

/// # Safety
/// The future of an `O` is there, which it is not any more once it is over. There is room at `out` for what it makes.
unsafe fn poll<O: Finish>(waiting: &mut Waiting, context: &mut Context<'_>, out: *mut u8) -> Poll<Ended> {
    let place = waiting.future.as_mut_ptr().cast::<Awaited<'_, O::From>>();
    // SAFETY: the caller's promise.
    let Poll::Ready(output) = unsafe { &mut *place }.as_mut().poll(context) else { return Poll::Pending };
    waiting.is_over = true;
    // SAFETY: it is there, and not looked at any more, now that it is over.
    drop(unsafe { place.read() });
    // SAFETY: the caller's promise.
    Poll::Ready(unsafe { O::finish(output, out) })
}

/// # Safety
/// The future of an `O` is there, and nobody uses it afterwards.
unsafe fn drop_erased<O: Finish>(future: &mut Erased) {
    // SAFETY: the caller's promise.
    unsafe { future.as_mut_ptr().cast::<Awaited<'_, O::From>>().drop_in_place() };
}

/// The second operation of a call that takes its time, where a thread is to wait for it.
///
/// # Safety
/// At the first pointer is what has begun, which nobody uses afterwards; at the second there is room for what it makes.
pub(super) unsafe fn run_wait(_: *const (), at: *const *mut u8) -> Ended {
    // SAFETY: the caller's promise.
    let (mut waiting, out) = unsafe { ((*at).cast::<Waiting>().read(), *at.add(1)) };
    // SAFETY: the same.
    block_on(poll_fn(|context| unsafe { waiting.poll(context, out) }))
}

impl Instance {
    /// What an operation waits for that takes its time.
    ///
    /// # Safety
    /// The operations before it have just been run, by the caller, who has the task for oneself. It is dropped before
    /// the borrow of the instance ends.
    pub(super) unsafe fn waited_at(&self, op: usize) -> Waited<'_> {
        match self.program.kind(op) {
            // SAFETY: the first pointer of the operation is to what has begun.
            OpKind::Wait => Waited::Call(unsafe { self.pointer(op, 0).cast::<Waiting>().read() }),
            OpKind::Block | OpKind::WaitingBlock => {
                let (data, at) = self.arguments(op);
                // SAFETY: data and pointers are those of a block.
                Waited::Block(Box::pin(unsafe { wait_for_block(data, at) }))
            }
            _ => Waited::Nothing,
        }
    }

    /// Does an operation that takes its time, and says how it has ended.
    ///
    /// # Safety
    /// It is [what the operation waits for](Self::waited_at).
    pub(super) unsafe fn wait_for<'i>(
        &'i self,
        op: usize,
        mut waited: Waited<'i>,
    ) -> impl Future<Output = Ended> + Send + use<'i> {
        poll_fn(move |context| match &mut waited {
            // SAFETY: the second pointer is to room for what it makes.
            Waited::Call(waiting) => unsafe { waiting.poll(context, self.pointer(op, 1)) },
            Waited::Block(block) => block.as_mut().poll(context),
            Waited::Nothing => {
                Poll::Ready(Some(Box::new(Fault::Misfit("there is nothing to wait for".to_owned()))))
            }
        })
    }

    /// Asks once whether a call that takes its time is over, and leaves what has begun where it is if it is not.
    ///
    /// # Safety
    /// As for [`waited_at`](Self::waited_at).
    pub(super) unsafe fn poll_at(&self, op: usize, context: &mut Context<'_>) -> Poll<Ended> {
        let waiting = self.pointer(op, 0).cast::<Waiting>();
        // SAFETY: the first pointer of the operation is to what has begun, the second to room for what it makes.
        let poll = unsafe { (*waiting).poll(context, self.pointer(op, 1)) };
        if poll.is_ready() {
            // SAFETY: nobody uses it afterwards.
            unsafe { waiting.drop_in_place() };
        }
        poll
    }
}

/// What an operation waits for.
pub(super) enum Waited<'p> {
    Call(Waiting),
    Block(Pin<Box<dyn Future<Output = Ended> + Send + 'p>>),
    Nothing,
}

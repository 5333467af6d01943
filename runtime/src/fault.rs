//! Why a node's call came to nothing, before anybody has said of which node.

use std::any::Any;
use std::error::Error as StdError;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use crate::error::NodeError;

/// Why a call came to nothing.
#[derive(Debug)]
pub(crate) enum Fault {
    /// It returned an error.
    Error(Box<dyn StdError + Send + Sync>),
    /// It panicked, with this message.
    Panic(String),
    /// What it was called with does not fit it: a descriptor that contradicts itself.
    Misfit(String),
    /// It was not over when its time was.
    TimedOut(Duration),
    /// It was within a dynamic block: at an operation of that, for an item.
    Item(Box<ItemFault>),
    /// It is known whose it is, and those who listen have been told.
    Known(NodeError),
    /// It was given up in the middle: nobody wants it any more. The run says why.
    Stopped,
    /// There is nothing more to be had. It ends a block, and is told to nobody.
    End,
}

/// What went wrong with an item of a dynamic block.
#[derive(Debug)]
pub(crate) struct ItemFault {
    pub(crate) item: usize,
    /// The operation of the block's program.
    pub(crate) op: usize,
    pub(crate) fault: Fault,
}

impl Fault {
    /// The error of the node whose it is, where that is known.
    pub(crate) fn known(&self) -> Option<&NodeError> {
        match self {
            Self::Known(error) => Some(error),
            Self::Item(inside) => inside.fault.known(),
            _ => None,
        }
    }

    /// The same, to be told to somebody else.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Error(error) => Self::Error(error.to_string().into()),
            Self::Panic(message) => Self::Panic(message.clone()),
            Self::Misfit(message) => Self::Misfit(message.clone()),
            Self::TimedOut(limit) => Self::TimedOut(*limit),
            Self::Item(inside) => inside.fault.again(),
            Self::Known(error) => Self::Known(error.clone()),
            Self::Stopped => Self::Stopped,
            Self::End => Self::End,
        }
    }

    /// Whether it was given up in the middle.
    pub(crate) fn is_stop(&self) -> bool {
        match self {
            Self::Stopped => true,
            Self::Item(inside) => inside.fault.is_stop(),
            _ => false,
        }
    }
}

/// What the engine unwinds with when a call does not fit what it was given.
struct Misfit(String);

/// Ends the call of a node from within what the node's generated code calls. It unwinds to [`guard`], past the
/// panic hook: this is not a panic of the user's code.
#[cold]
pub(crate) fn refuse(why: &str) -> ! {
    resume_unwind(Box::new(Misfit(why.to_owned())))
}

/// Calls what the user wrote, and makes a fault of a panic.
pub(crate) fn guard<R>(call: impl FnOnce() -> R) -> Result<R, Fault> {
    // What a call can leave half done is its own arguments, and those are thrown away.
    catch_unwind(AssertUnwindSafe(call)).map_err(from_payload)
}

/// The same with what is to be awaited. What is dropped in the middle has nobody to complain to.
pub(crate) async fn guarded<F: Future + ?Sized>(future: Pin<Box<F>>) -> Result<F::Output, Fault> {
    let mut future = Unfinished(Some(future));
    poll_fn(|context| {
        let Some(unfinished) = &mut future.0 else { return Poll::Pending };
        match guard(|| unfinished.as_mut().poll(context)) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(fault) => Poll::Ready(Err(fault)),
        }
    })
    .await
}

/// What the user wrote, and is dropped with care.
struct Unfinished<F>(Option<F>);

impl<F> Drop for Unfinished<F> {
    fn drop(&mut self) {
        let _ = drop_guarded(self.0.take());
    }
}

fn from_payload(payload: Box<dyn Any + Send>) -> Fault {
    let payload = match payload.downcast::<Misfit>() {
        Ok(misfit) => return Fault::Misfit(misfit.0),
        Err(payload) => payload,
    };
    let payload = match payload.downcast::<String>() {
        Ok(message) => return panicked(*message),
        Err(payload) => payload,
    };
    match payload.downcast::<&'static str>() {
        Ok(message) => panicked((*message).to_owned()),
        Err(payload) => {
            // A payload may panic when it is dropped, even with itself: it is not worth the risk.
            std::mem::forget(payload);
            Fault::Panic("a panic without a message".to_owned())
        }
    }
}

/// With what is to be done where tokio says that it is not there.
fn panicked(message: String) -> Fault {
    if cfg!(feature = "tokio") || !message.starts_with("there is no reactor running") {
        return Fault::Panic(message);
    }
    Fault::Panic(format!(
        "{message}; enable the feature `tokio` of millstream, or await `execute_async` in a runtime of tokio"
    ))
}

/// Drops what may hold values of the user's types, whose `drop` may panic.
pub(crate) fn drop_guarded<T>(value: T) -> Result<(), Fault> {
    guard(move || drop(value))
}

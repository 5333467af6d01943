//! The operations that need nothing but what their pointers are to.

use crate::context::Notes;

use super::call::Ended;
use super::raw::{Cloner, Raw};

/// # Safety
/// There is nothing to be kept to.
pub(super) unsafe fn run_nothing(_: *const (), _: *const *mut u8) -> Ended {
    None
}

/// # Safety
/// There is room for [`Notes`] at the first pointer.
pub(super) unsafe fn run_notes(_: *const (), at: *const *mut u8) -> Ended {
    // SAFETY: the caller's promise.
    unsafe { (*at).cast::<Notes>().write(Notes::default()) };
    None
}

/// # Safety
/// `data` is to a [`Cloner`] of what is at the first pointer; there is room for another one at the second.
pub(super) unsafe fn run_clone(data: *const (), at: *const *mut u8) -> Ended {
    // SAFETY: the caller's promise.
    unsafe {
        let cloner = *data.cast::<Cloner>();
        cloner.clone(*at, *at.add(1));
    }
    None
}

/// # Safety
/// `data` is to the [`Raw`] of what is at the first pointer, which is not used afterwards.
pub(super) unsafe fn run_drop(data: *const (), at: *const *mut u8) -> Ended {
    // SAFETY: the caller's promise.
    unsafe {
        if let Some(drop) = (*data.cast::<Raw>()).drop {
            drop(*at);
        }
    }
    None
}

//! An allocator that counts when it is told to.
#![allow(
    unsafe_code,
    reason = "an allocator is unsafe to write; this one hands every call on to the system's"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Hands everything on to the system's allocator, and counts while [`watch`] runs.
#[derive(Debug)]
pub struct Counting;

static WATCHES: AtomicBool = AtomicBool::new(false);
static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
static CALLS: AtomicUsize = AtomicUsize::new(0);

/// What was allocated while something ran, on all threads.
#[derive(Clone, Copy, Debug)]
pub struct Allocated {
    /// The most bytes that were alive at once.
    pub peak: usize,
    /// How often memory was asked for.
    pub calls: usize,
}

/// Counts while `run` runs; one at a time. What it frees must be its own, or be less than what it allocates.
pub fn watch<T>(run: impl FnOnce() -> T) -> (T, Allocated) {
    for counter in [&LIVE, &PEAK, &CALLS] {
        counter.store(0, Ordering::SeqCst);
    }
    WATCHES.store(true, Ordering::SeqCst);
    let value = run();
    WATCHES.store(false, Ordering::SeqCst);
    (value, Allocated { peak: PEAK.load(Ordering::SeqCst), calls: CALLS.load(Ordering::SeqCst) })
}

fn allocated(bytes: usize) {
    if WATCHES.load(Ordering::Relaxed) {
        CALLS.fetch_add(1, Ordering::Relaxed);
        let live = LIVE.fetch_add(bytes, Ordering::Relaxed) + bytes;
        PEAK.fetch_max(live, Ordering::Relaxed);
    }
}

fn freed(bytes: usize) {
    if WATCHES.load(Ordering::Relaxed) {
        // What was there before may be freed now.
        let _ =
            LIVE.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |live| Some(live.saturating_sub(bytes)));
    }
}

// SAFETY: every call is handed on unchanged, and so is what comes back. Counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        allocated(layout.size());
        // SAFETY: the caller's promises are those that the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        allocated(layout.size());
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        freed(layout.size());
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        freed(layout.size());
        allocated(size);
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

//! A value by itself.

use std::ptr::NonNull;

use crate::fault::guard;

use super::raw::Raw;

/// A value by itself, of a type that is known elsewhere.
pub(super) struct Parcel {
    place: NonNull<u8>,
    raw: &'static Raw,
    is_full: bool,
}

// SAFETY: what slots hold is `Send + Sync`.
unsafe impl Send for Parcel {}

impl Parcel {
    pub(super) fn new(raw: &'static Raw) -> Self {
        Self { place: raw.allocate(), raw, is_full: false }
    }

    pub(super) fn place(&self) -> *mut u8 {
        self.place.as_ptr()
    }

    /// Says that there is a value at its place now.
    pub(super) fn fill(&mut self) {
        self.is_full = true;
    }

    /// Says that there is none any more. Whether there was one.
    pub(super) fn empty_out(&mut self) -> bool {
        std::mem::replace(&mut self.is_full, false)
    }

    /// Drops the value.
    pub(super) fn clear(&mut self) {
        if std::mem::replace(&mut self.is_full, false)
            && let Some(drop) = self.raw.drop
        {
            // SAFETY: the value was here, and is not used afterwards.
            let _ = guard(|| unsafe { drop(self.place()) });
        }
    }

    /// The value in a parcel of its own.
    pub(super) fn take(&mut self) -> Self {
        let mut taken = Self::new(self.raw);
        if std::mem::replace(&mut self.is_full, false) {
            // SAFETY: the value is here, there is room for it there, and it is here no more.
            unsafe { taken.place().copy_from_nonoverlapping(self.place(), self.raw.size) };
            taken.is_full = true;
        }
        taken
    }
}

impl Drop for Parcel {
    fn drop(&mut self) {
        if self.is_full
            && let Some(drop) = self.raw.drop
        {
            // SAFETY: the value is here, and is not used afterwards.
            let _ = guard(|| unsafe { drop(self.place()) });
        }
        // SAFETY: it was allocated for this type, and nobody has it afterwards.
        unsafe { self.raw.deallocate(self.place) };
    }
}

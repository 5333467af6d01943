//! How a function's parameters are read from where a run keeps its values.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::OnceLock;

use crate::context::{Here, Metadata, NodeContext, Notes};
use crate::error::NodeError;

use crate::block::Collect;

/// What a parameter is, as a type: how it takes what kind of value.
///
/// Only the types of this module implement it.
pub trait Param: sealed::Read {}

/// What a parameter asks of the slots that feed it.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub(crate) kind: ShapeKind,
    pub(crate) id: TypeId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShapeKind {
    /// One slot, looked at.
    Borrow,
    /// One slot, emptied or, where the type is `Copy`, copied.
    Take,
    /// The same where there may be none.
    OptBorrow,
    OptTake,
    /// Any number of slots, looked at.
    Group,
    /// The same, with their names.
    GroupMap,
    /// One slot, looked at, or the error of what was to fill it.
    Tolerant,
    /// No slot: what the memory knows of its run.
    Run,
}

/// Where the error is of what was to fill a slot.
pub(super) type ErrorCell = OnceLock<NodeError>;

pub(super) mod sealed {
    use super::Shape;

    /// # Safety
    /// `WIDTH` is the number of pointers that the shapes stand for, and `read` reads as many.
    pub unsafe trait Read {
        /// What the function is called with.
        type Arg<'f>;
        /// How many pointers are read.
        const WIDTH: usize;

        /// What is asked of the slots that feed it.
        fn shapes(list: &mut Vec<Shape>);

        /// # Safety
        /// At `at` are the pointers that the shapes ask for, to values of the types they name, which live for
        /// `'f`; those that are taken are not used afterwards.
        unsafe fn read<'f>(at: *const *mut u8) -> Self::Arg<'f>;
    }
}

use sealed::Read;

macro_rules! leaf {
    ($(#[$doc:meta])* $name:ident, $kind:ident, $width:literal, $slot:ty => $arg:ty, |$at:ident| $read:expr) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name<T>(PhantomData<fn() -> T>);

        impl<T: 'static> Param for $name<T> {}

        // SAFETY: one shape, which asks for as many pointers as are read.
        unsafe impl<T: 'static> Read for $name<T> {
            type Arg<'f> = $arg;
            const WIDTH: usize = $width;

            fn shapes(list: &mut Vec<Shape>) {
                list.push(Shape { kind: ShapeKind::$kind, id: TypeId::of::<$slot>() });
            }

            #[inline]
            unsafe fn read<'f>($at: *const *mut u8) -> Self::Arg<'f> {
                // SAFETY: the caller's promise.
                unsafe { $read }
            }
        }
    };
}

leaf!(
    /// `&T`
    Ref, Borrow, 1, T => &'f T, |at| &*(*at).cast::<T>()
);
leaf!(
    /// `T`
    Take, Take, 1, T => T, |at| (*at).cast::<T>().read()
);
leaf!(
    /// `Option<&T>`; a null pointer is none.
    OptRef, OptBorrow, 1, T => Option<&'f T>, |at| (*at).cast::<T>().cast_const().as_ref()
);
leaf!(
    /// `Option<T>`
    OptTake, OptTake, 1, T => Option<T>, |at| if (*at).is_null() { None } else { Some((*at).cast::<T>().read()) }
);
leaf!(
    /// `Collect<'_, T>`: a list.
    Collected, Borrow, 1, Vec<T> => Collect<'f, T>, |at| Collect::of((*(*at).cast::<Vec<T>>()).as_slice())
);
leaf!(
    /// `Result<&T, &NodeError>`: a pointer to where the value would be, and one to where the error would be, which is
    /// looked for first.
    Tolerant, Tolerant, 2, T => Result<&'f T, &'f NodeError>, |at| {
        match (*(*at.add(1)).cast::<ErrorCell>()).get() {
            Some(error) => Err(error),
            None => Ok(&*(*at).cast::<T>()),
        }
    }
);
leaf!(
    /// `Collect<'_, Result<T, NodeError>>`: a list.
    CollectedResults, Borrow, 1, Vec<Result<T, NodeError>> => Collect<'f, Result<T, NodeError>>,
    |at| Collect::of((*(*at).cast::<Vec<Result<T, NodeError>>>()).as_slice())
);
leaf!(
    /// `Vec<&T>`: a pointer to the pointers, and how many they are.
    Group, Group, 2, T => Vec<&'f T>, |at| members::<T>(at).collect()
);
leaf!(
    /// `BTreeMap<&str, &T>`: the same, and a pointer to the names.
    GroupMap, GroupMap, 3, T => BTreeMap<&'f str, &'f T>, |at| {
        let names = (*at.add(2)).cast::<String>();
        members::<T>(at).enumerate().map(|(k, member)| ((*names.add(k)).as_str(), member)).collect()
    }
);

leaf!(
    /// `&Metadata<node>`; a null pointer is one that nobody has written.
    MetadataOf, OptBorrow, 1, Notes => &'f Metadata<T>, |at| {
        let notes = (*at).cast::<Notes>().cast_const();
        let notes = if notes.is_null() { std::ptr::from_ref(Notes::none()) } else { notes };
        // It is a `Notes` and nothing else.
        &*notes.cast::<Metadata<T>>()
    }
);

/// `NodeContext<'_>`: a pointer to what the memory knows of its run, the number of the node, and a pointer to where it
/// writes about itself.
#[derive(Debug)]
pub struct Run;

impl Param for Run {}

// SAFETY: one shape, which asks for as many pointers as are read.
unsafe impl Read for Run {
    type Arg<'f> = NodeContext<'f>;
    const WIDTH: usize = 3;

    fn shapes(list: &mut Vec<Shape>) {
        list.push(Shape { kind: ShapeKind::Run, id: TypeId::of::<Self>() });
    }

    #[inline]
    unsafe fn read<'f>(at: *const *mut u8) -> Self::Arg<'f> {
        // SAFETY: the caller's promise.
        let (here, node, notes) = unsafe { (&*(*at).cast::<Here>(), (*at.add(1)).addr(), *at.add(2)) };
        // SAFETY: the same.
        let notes = unsafe { notes.cast::<Notes>().cast_const().as_ref() };
        NodeContext::new(here, u32::try_from(node).unwrap_or(u32::MAX), notes)
    }
}

/// # Safety
/// As for reading a [`Group`].
unsafe fn members<'f, T: 'f>(at: *const *mut u8) -> impl Iterator<Item = &'f T> {
    // SAFETY: the caller's promise.
    let (first, count) = unsafe { ((*at).cast::<*mut u8>(), (*at.add(1)).addr()) };
    // SAFETY: the same.
    (0..count).map(move |k| unsafe { &*(*first.add(k)).cast::<T>() })
}

// SAFETY: nothing is asked for, and nothing is read.
unsafe impl Read for () {
    type Arg<'f> = ();
    const WIDTH: usize = 0;

    fn shapes(_: &mut Vec<Shape>) {}

    unsafe fn read<'f>(_: *const *mut u8) -> Self::Arg<'f> {}
}

impl Param for () {}

macro_rules! tuple_param {
    ($($name:ident)*) => {
        impl<$($name: Param),*> Param for ($($name,)*) {}

        // SAFETY: the shapes of the elements one after another, which are read one after another.
        unsafe impl<$($name: Param),*> Read for ($($name,)*) {
            type Arg<'f> = ($($name::Arg<'f>,)*);
            const WIDTH: usize = 0 $(+ $name::WIDTH)*;

            fn shapes(list: &mut Vec<Shape>) {
                $($name::shapes(list);)*
            }

            #[inline]
            #[allow(unused_assignments, reason = "nothing follows the last element")]
            unsafe fn read<'f>(mut at: *const *mut u8) -> Self::Arg<'f> {
                ($({
                    // SAFETY: the caller's promise, and each element reads as many as its width says.
                    let element = unsafe { $name::read(at) };
                    // SAFETY: as many pointers were there to be read.
                    at = unsafe { at.add($name::WIDTH) };
                    element
                },)*)
            }
        }
    };
}
crate::tuples::for_all_tuples!(tuple_param);

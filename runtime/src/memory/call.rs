//! Functions of which only the engine knows how to call them.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::Arc;

use crate::error::NodeError;
use crate::fault::Fault;
use crate::node::{Node, NodeFault};
use crate::value_type::ValueType;

use super::param::{Param, Shape};
use super::waiting::{Awaited, Checked, During, Made, Tried, Waiting};

/// What came of a call. Nothing is said of success: its result is in its slot.
pub(super) type Ended = Option<Box<Fault>>;

/// Calls `data` with what is at the pointers, of which the first says where the result goes.
pub(super) type Run = unsafe fn(data: *const (), at: *const *mut u8) -> Ended;

/// A function with the types of its parameters and its result.
#[derive(Clone, Copy)]
pub struct Call {
    pub(super) run: Run,
    pub(super) data: *const (),
    shapes: fn(&mut Vec<Shape>),
    pub(super) output: TypeId,
    fails: bool,
    /// Whether `run` only begins: what it makes is a [`Waiting`], which will make the output.
    pub(super) waits: bool,
}

// SAFETY: `data` is a function, or points to a closure that is `Send + Sync`.
unsafe impl Send for Call {}
// SAFETY: the same.
unsafe impl Sync for Call {}

impl Call {
    /// Adds what its parameters ask of the slots that feed them.
    pub(super) fn list_shapes(&self, list: &mut Vec<Shape>) {
        (self.shapes)(list);
    }

    /// Whether the function returns a result.
    pub(crate) fn fails(&self) -> bool {
        self.fails
    }

    /// Whether the function returns a future.
    pub(crate) fn waits(&self) -> bool {
        self.waits
    }

    /// Of a closure, which may fail; others know its shapes.
    pub(super) fn shared(run: Run, data: *const (), output: TypeId, waits: bool) -> Self {
        Self { run, data, shapes: |_| {}, output, fails: true, waits }
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Call")
    }
}

macro_rules! calls {
    ($call:ident $try_call:ident $async_call:ident $try_async_call:ident $($name:ident)*) => {
        /// A function that cannot fail.
        #[must_use]
        pub const fn $call<$($name: Param,)* R: 'static>(
            function: for<'f> fn($($name::Arg<'f>),*) -> R,
        ) -> Call {
            #[allow(non_snake_case, unused_mut, unused_variables, unused_assignments, reason = "one body for all arities")]
            unsafe fn run<$($name: Param,)* R: 'static>(data: *const (), at: *const *mut u8) -> Ended {
                // SAFETY: `data` was made of such a function, below.
                let function = unsafe { std::mem::transmute::<*const (), for<'f> fn($($name::Arg<'f>),*) -> R>(data) };
                // SAFETY: the first pointer is that of the result.
                let mut next = unsafe { at.add(1) };
                $(
                    // SAFETY: the program holds what the shapes ask for.
                    let $name = unsafe { $name::read(next) };
                    // SAFETY: as many pointers were there to be read.
                    next = unsafe { next.add($name::WIDTH) };
                )*
                let value = function($($name),*);
                // SAFETY: the first pointer is to room for an `R`.
                unsafe { (*at).cast::<R>().write(value) };
                None
            }
            Call {
                run: run::<$($name,)* R>,
                data: function as *const (),
                shapes: |_list| { $($name::shapes(_list);)* },
                output: TypeId::of::<R>(),
                fails: false,
                waits: false,
            }
        }

        /// The function of the node `N`, which may fail.
        #[must_use]
        pub const fn $try_call<$($name: Param,)* N: Node, R: 'static>(
            function: for<'f> fn($($name::Arg<'f>),*) -> Result<R, N::Error>,
        ) -> Call {
            #[allow(non_snake_case, unused_mut, unused_variables, unused_assignments, reason = "one body for all arities")]
            unsafe fn run<$($name: Param,)* N: Node, R: 'static>(data: *const (), at: *const *mut u8) -> Ended {
                // SAFETY: `data` was made of such a function, below.
                let function = unsafe {
                    std::mem::transmute::<
                        *const (),
                        for<'f> fn($($name::Arg<'f>),*) -> Result<R, N::Error>,
                    >(data)
                };
                // SAFETY: the first pointer is that of the result.
                let mut next = unsafe { at.add(1) };
                $(
                    // SAFETY: the program holds what the shapes ask for.
                    let $name = unsafe { $name::read(next) };
                    // SAFETY: as many pointers were there to be read.
                    next = unsafe { next.add($name::WIDTH) };
                )*
                match function($($name),*) {
                    Ok(value) => {
                        // SAFETY: the first pointer is to room for an `R`.
                        unsafe { (*at).cast::<R>().write(value) };
                        None
                    }
                    Err(error) => Some(Box::new(Fault::Error(error.into_fault()))),
                }
            }
            Call {
                run: run::<$($name,)* N, R>,
                data: function as *const (),
                shapes: |_list| { $($name::shapes(_list);)* },
                output: TypeId::of::<R>(),
                fails: true,
                waits: false,
            }
        }

        /// A function that waits and cannot fail.
        #[must_use]
        pub const fn $async_call<$($name: Param,)* R: 'static>(
            function: for<'f> fn(During<'f>, $($name::Arg<'f>),*) -> Awaited<'f, R>,
        ) -> Call {
            #[allow(non_snake_case, unused_mut, unused_variables, unused_assignments, reason = "one body for all arities")]
            unsafe fn run<$($name: Param,)* R: 'static>(data: *const (), at: *const *mut u8) -> Ended {
                // SAFETY: `data` was made of such a function, below.
                let function = unsafe {
                    std::mem::transmute::<
                        *const (),
                        for<'f> fn(During<'f>, $($name::Arg<'f>),*) -> Awaited<'f, R>,
                    >(data)
                };
                // SAFETY: the first pointer is that of the result.
                let mut next = unsafe { at.add(1) };
                $(
                    // SAFETY: the program holds what the shapes ask for.
                    let $name = unsafe { $name::read(next) };
                    // SAFETY: as many pointers were there to be read.
                    next = unsafe { next.add($name::WIDTH) };
                )*
                let future = function(During::default(), $($name),*);
                // SAFETY: the first pointer is to room for it; it stays within the run.
                unsafe { (*at).cast::<Waiting>().write(Waiting::new::<Made<R>>(future)) };
                None
            }
            Call {
                run: run::<$($name,)* R>,
                data: function as *const (),
                shapes: |_list| { $($name::shapes(_list);)* },
                output: TypeId::of::<R>(),
                fails: false,
                waits: true,
            }
        }

        /// The function of the node `N`, which waits and may fail.
        #[must_use]
        pub const fn $try_async_call<$($name: Param,)* N: Node, R: 'static>(
            function: for<'f> fn(During<'f>, $($name::Arg<'f>),*) -> Awaited<'f, Result<R, N::Error>>,
        ) -> Call {
            #[allow(non_snake_case, unused_mut, unused_variables, unused_assignments, reason = "one body for all arities")]
            unsafe fn run<$($name: Param,)* N: Node, R: 'static>(data: *const (), at: *const *mut u8) -> Ended {
                // SAFETY: `data` was made of such a function, below.
                let function = unsafe {
                    std::mem::transmute::<
                        *const (),
                        for<'f> fn(During<'f>, $($name::Arg<'f>),*) -> Awaited<'f, Result<R, N::Error>>,
                    >(data)
                };
                // SAFETY: the first pointer is that of the result.
                let mut next = unsafe { at.add(1) };
                $(
                    // SAFETY: the program holds what the shapes ask for.
                    let $name = unsafe { $name::read(next) };
                    // SAFETY: as many pointers were there to be read.
                    next = unsafe { next.add($name::WIDTH) };
                )*
                let future = function(During::default(), $($name),*);
                // SAFETY: the first pointer is to room for it; it stays within the run.
                unsafe { (*at).cast::<Waiting>().write(Waiting::new::<Tried<N, R>>(future)) };
                None
            }
            Call {
                run: run::<$($name,)* N, R>,
                data: function as *const (),
                shapes: |_list| { $($name::shapes(_list);)* },
                output: TypeId::of::<R>(),
                fails: true,
                waits: true,
            }
        }
    };
}

calls! { call0 try_call0 async_call0 try_async_call0 }
calls! { call1 try_call1 async_call1 try_async_call1 A }
calls! { call2 try_call2 async_call2 try_async_call2 A B }
calls! { call3 try_call3 async_call3 try_async_call3 A B C }
calls! { call4 try_call4 async_call4 try_async_call4 A B C D }
calls! { call5 try_call5 async_call5 try_async_call5 A B C D E }
calls! { call6 try_call6 async_call6 try_async_call6 A B C D E F }
calls! { call7 try_call7 async_call7 try_async_call7 A B C D E F G }
calls! { call8 try_call8 async_call8 try_async_call8 A B C D E F G H }

/// A closure, and how it is called.
#[derive(Clone)]
pub(crate) struct SharedCall {
    call: Call,
    shapes: Arc<[Shape]>,
    /// What `call` points to.
    owner: Arc<dyn Any + Send + Sync>,
}

impl SharedCall {
    /// A closure that takes its arguments as a tuple.
    pub(crate) fn new<P, R, F>(function: F) -> Self
    where
        P: Param,
        R: 'static,
        F: for<'f> Fn(P::Arg<'f>) -> Result<R, Fault> + Send + Sync + 'static,
    {
        unsafe fn run<P, R, F>(data: *const (), at: *const *mut u8) -> Ended
        where
            P: Param,
            F: for<'f> Fn(P::Arg<'f>) -> Result<R, Fault>,
        {
            // SAFETY: `data` points to such a closure, which whoever runs a program keeps alive.
            let function = unsafe { &*data.cast::<F>() };
            // SAFETY: the program holds what the shapes ask for.
            let args = unsafe { P::read(at.add(1)) };
            match function(args) {
                Ok(value) => {
                    // SAFETY: the first pointer is to room for an `R`.
                    unsafe { (*at).cast::<R>().write(value) };
                    None
                }
                Err(fault) => Some(Box::new(fault)),
            }
        }
        let owner: Arc<F> = Arc::new(function);
        let call = Call::shared(run::<P, R, F>, Arc::as_ptr(&owner).cast(), TypeId::of::<R>(), false);
        Self::of(call, shapes_of::<P>(), owner)
    }

    /// A closure that takes its arguments as a tuple, and returns a future that has nothing to do with them any more.
    pub(crate) fn waiting<P, R, F>(function: F) -> Self
    where
        P: Param,
        R: 'static,
        F: for<'f> Fn(P::Arg<'f>) -> Awaited<'static, Result<R, Fault>> + Send + Sync + 'static,
    {
        unsafe fn run<P, R, F>(data: *const (), at: *const *mut u8) -> Ended
        where
            P: Param,
            R: 'static,
            F: for<'f> Fn(P::Arg<'f>) -> Awaited<'static, Result<R, Fault>>,
        {
            // SAFETY: `data` points to such a closure, which whoever runs a program keeps alive.
            let function = unsafe { &*data.cast::<F>() };
            // SAFETY: the program holds what the shapes ask for.
            let args = unsafe { P::read(at.add(1)) };
            let future = function(args);
            // SAFETY: the first pointer is to room for it, and it borrows nothing.
            unsafe { (*at).cast::<Waiting>().write(Waiting::new::<Checked<R>>(future)) };
            None
        }
        let owner: Arc<F> = Arc::new(function);
        let call = Call::shared(run::<P, R, F>, Arc::as_ptr(&owner).cast(), TypeId::of::<R>(), true);
        Self::of(call, shapes_of::<P>(), owner)
    }

    /// Whether the function returns a future.
    pub(crate) fn waits(&self) -> bool {
        self.call.waits
    }

    /// One that fails with an error, where a value of the type is expected.
    pub(crate) fn failing(ty: &ValueType, error: NodeError) -> Self {
        #[allow(clippy::unnecessary_wraps, reason = "a call may end well")]
        unsafe fn run(data: *const (), _: *const *mut u8) -> Ended {
            // SAFETY: `data` points to the error, which whoever runs a program keeps alive.
            let error = unsafe { &*data.cast::<NodeError>() };
            Some(Box::new(Fault::Known(error.clone())))
        }
        let owner = Arc::new(error);
        let call = Call::shared(run, Arc::as_ptr(&owner).cast(), ty.type_id(), false);
        Self::of(call, Vec::new(), owner)
    }

    /// A call of what `owner` keeps alive.
    pub(super) fn of(call: Call, shapes: Vec<Shape>, owner: Arc<dyn Any + Send + Sync>) -> Self {
        Self { call, shapes: shapes.into(), owner }
    }

    pub(super) fn parts(&self) -> (Call, &[Shape], Arc<dyn Any + Send + Sync>) {
        (self.call, &self.shapes, Arc::clone(&self.owner))
    }
}

fn shapes_of<P: Param>() -> Vec<Shape> {
    let mut list = Vec::new();
    P::shapes(&mut list);
    list
}

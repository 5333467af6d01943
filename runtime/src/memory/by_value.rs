//! Closures whose parameters are known by their [`ValueType`] alone: they take what they are called with in boxes.

use std::any::TypeId;
use std::sync::Arc;

use crate::context::NodeContext;
use crate::fault::Fault;
use crate::node::NodeValue;
use crate::value::Value;
use crate::value_type::ValueType;

use super::call::{Call, Ended, SharedCall};
use super::param::sealed::Read;
use super::param::{Run, Shape, ShapeKind};
use super::waiting::{Awaited, Checked, Waiting};

/// What such a closure is called with: none where the graph has none.
type Args = Vec<Option<Value>>;

/// A closure and its parameters, which come after the run.
struct ByValue<F> {
    function: F,
    params: Vec<&'static ValueType>,
}

impl SharedCall {
    /// A closure that takes the run and values of these types.
    pub(crate) fn by_value<R, F>(params: Vec<&'static ValueType>, function: F) -> Self
    where
        R: NodeValue,
        F: Fn(NodeContext<'_>, Args) -> Result<R, Fault> + Send + Sync + 'static,
    {
        unsafe fn run<R, F>(data: *const (), at: *const *mut u8) -> Ended
        where
            F: Fn(NodeContext<'_>, Args) -> Result<R, Fault>,
        {
            // SAFETY: `data` points to such a closure, which whoever runs a program keeps alive.
            let ByValue { function, params } = unsafe { &*data.cast::<ByValue<F>>() };
            // SAFETY: the program holds what the shapes ask for.
            let (run, args) = unsafe { read(params, at.add(1)) };
            match function(run, args) {
                Ok(value) => {
                    // SAFETY: the first pointer is to room for an `R`.
                    unsafe { (*at).cast::<R>().write(value) };
                    None
                }
                Err(fault) => Some(Box::new(fault)),
            }
        }
        let shapes = shapes(&params);
        let owner = Arc::new(ByValue { function, params });
        let call = Call::shared(run::<R, F>, Arc::as_ptr(&owner).cast(), TypeId::of::<R>(), false);
        Self::of(call, shapes, owner)
    }

    /// The same of one that returns a future.
    pub(crate) fn by_value_waiting<R, F>(params: Vec<&'static ValueType>, function: F) -> Self
    where
        R: NodeValue,
        F: Fn(NodeContext<'_>, Args) -> Awaited<'static, Result<R, Fault>> + Send + Sync + 'static,
    {
        unsafe fn run<R: 'static, F>(data: *const (), at: *const *mut u8) -> Ended
        where
            F: Fn(NodeContext<'_>, Args) -> Awaited<'static, Result<R, Fault>>,
        {
            // SAFETY: `data` points to such a closure, which whoever runs a program keeps alive.
            let ByValue { function, params } = unsafe { &*data.cast::<ByValue<F>>() };
            // SAFETY: the program holds what the shapes ask for.
            let (run, args) = unsafe { read(params, at.add(1)) };
            let future = function(run, args);
            // SAFETY: the first pointer is to room for it, and it borrows nothing.
            unsafe { (*at).cast::<Waiting>().write(Waiting::new::<Checked<R>>(future)) };
            None
        }
        let shapes = shapes(&params);
        let owner = Arc::new(ByValue { function, params });
        let call = Call::shared(run::<R, F>, Arc::as_ptr(&owner).cast(), TypeId::of::<R>(), true);
        Self::of(call, shapes, owner)
    }
}

fn shapes(params: &[&'static ValueType]) -> Vec<Shape> {
    let mut shapes = Vec::with_capacity(1 + params.len());
    Run::shapes(&mut shapes);
    shapes.extend(params.iter().map(|ty| Shape { kind: ShapeKind::OptTake, id: ty.type_id() }));
    shapes
}

/// # Safety
/// At `at` are the pointers that the shapes of these parameters ask for, which live for `'f`; the values are not used
/// afterwards.
unsafe fn read<'f>(params: &[&'static ValueType], at: *const *mut u8) -> (NodeContext<'f>, Args) {
    // SAFETY: the caller's promise.
    let (run, first) = unsafe { (Run::read(at), at.add(Run::WIDTH)) };
    let arg = |(k, ty): (usize, &&'static ValueType)| {
        // SAFETY: there is one for each parameter.
        let place = unsafe { *first.add(k) };
        let raw = ty.raw().filter(|_| !place.is_null())?;
        // SAFETY: a value of this type is there, and nobody uses it afterwards.
        Some(Value::from_parts(unsafe { raw.take(place) }, ty))
    };
    (run, params.iter().enumerate().map(arg).collect())
}

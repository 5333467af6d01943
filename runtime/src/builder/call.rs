//! Calls of the functions that a builder is given: of those that may fail, and of those that wait.

use std::future::Future;

use crate::fault::Fault;
use crate::graph::Call;
use crate::memory::SharedCall;
use crate::node::{Fallible, NodeFault};

use super::NodeFunction;

pub(super) fn plain<M, F>(function: F) -> Call
where
    F: NodeFunction<M>,
    F::Out: 'static,
{
    Call::Dynamic(SharedCall::new::<F::Params, _, _>(move |args| Ok(function.call(args))))
}

pub(super) fn fallible<M, F, T, E>(function: F) -> Call
where
    F: NodeFunction<M>,
    F::Out: Fallible<Value = T, Error = E>,
    T: 'static,
    E: NodeFault,
{
    Call::Dynamic(SharedCall::new::<F::Params, _, _>(move |args| outcome(function.call(args))))
}

pub(super) fn waiting<M, F, T>(function: F) -> Call
where
    F: NodeFunction<M>,
    F::Out: Future<Output = T> + Send + 'static,
    T: 'static,
{
    Call::Dynamic(SharedCall::waiting::<F::Params, _, _>(move |args| {
        let future = function.call(args);
        Box::pin(async move { Ok(future.await) })
    }))
}

pub(super) fn waiting_fallible<M, F, R, T, E>(function: F) -> Call
where
    F: NodeFunction<M>,
    F::Out: Future<Output = R> + Send + 'static,
    R: Fallible<Value = T, Error = E>,
    T: 'static,
    E: NodeFault,
{
    Call::Dynamic(SharedCall::waiting::<F::Params, _, _>(move |args| {
        let future = function.call(args);
        Box::pin(async move { outcome(future.await) })
    }))
}

fn outcome<R: Fallible<Value = T, Error = E>, T, E: NodeFault>(result: R) -> Result<T, Fault> {
    result.into_result().map_err(|error| Fault::Error(error.into_fault()))
}

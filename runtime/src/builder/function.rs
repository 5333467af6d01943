//! Closures and functions as nodes.

use crate::memory::{Param, Read};

use super::arg::{ArgSpec, FunctionArg};

/// A closure or a function that can compute a node: of at most twelve parameters, each a [`FunctionArg`].
///
/// The types of a closure's parameters are to be written out: they say what the node takes.
///
/// ```
/// use millstream::{Graph, Own};
///
/// fn mean(rows: &[f64]) -> f64 {
///     rows.iter().sum::<f64>() / 2.0
/// }
///
/// let factor = 10.0;
/// let graph = Graph::builder()
///     .function("rows", (), || vec![1.0, 2.0])
///     .function("mean", ["rows"], mean)
///     .function("scaled", ["mean"], move |Own(mean): Own<f64>| mean * factor)
///     .build()?;
/// assert_eq!(graph.nodes().count(), 3);
/// # Ok::<(), millstream::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot compute a node; a function or a closure can whose parameters are `&T`, `Own<T>`, `Option<&T>`, `Result<&T, &NodeError>`, `Collect<'_, T>`, `Vec<&T>`, `BTreeMap<&str, &T>` or `NodeContext<'_>`, at most twelve, and that is `Send + Sync + 'static`",
    label = "not the function of a node"
)]
pub trait NodeFunction<Marker>: Send + Sync + 'static {
    /// What it returns.
    type Out;

    #[doc(hidden)]
    type Params: Param;
    #[doc(hidden)]
    fn params() -> Vec<ArgSpec>;
    #[doc(hidden)]
    fn call(&self, args: <Self::Params as Read>::Arg<'_>) -> Self::Out;
}

impl<Func, Out> NodeFunction<fn() -> Out> for Func
where
    Func: Fn() -> Out + Send + Sync + 'static,
{
    type Out = Out;
    type Params = ();

    fn params() -> Vec<ArgSpec> {
        Vec::new()
    }

    fn call(&self, (): ()) -> Out {
        self()
    }
}

macro_rules! node_function {
    ($($arg:ident)*) => {
        // The first `Fn` bound tells the compiler which parameters the closure has, the second that it takes
        // them for any lifetime. They stand on the reference so that neither is taken for the closure's signature.
        impl<Func, Out, $($arg: FunctionArg),*> NodeFunction<fn($($arg),*) -> Out> for Func
        where
            Func: Send + Sync + 'static,
            for<'a> &'a Func: Fn($($arg),*) -> Out + Fn($($arg::Item<'_>),*) -> Out,
        {
            type Out = Out;
            type Params = ($($arg::Param,)*);

            fn params() -> Vec<ArgSpec> {
                vec![$($arg::spec()),*]
            }

            #[allow(non_snake_case, reason = "the type parameters are the variables")]
            #[allow(clippy::too_many_arguments, clippy::many_single_char_names, reason = "as many as the user's function has")]
            fn call(&self, ($($arg,)*): <Self::Params as Read>::Arg<'_>) -> Out {
                fn apply<Out, $($arg),*>(function: impl Fn($($arg),*) -> Out, $($arg: $arg),*) -> Out {
                    function($($arg),*)
                }
                apply(self, $($arg::item($arg)),*)
            }
        }
    };
}
crate::tuples::for_all_tuples!(node_function);

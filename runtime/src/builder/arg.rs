//! The parameters that a closure can have.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use millstream_compiler::graph;

use crate::block::Collect;
use crate::context::NodeContext;
use crate::descriptor::Takes;
use crate::error::NodeError;
use crate::memory::{Collected, Group, GroupMap, OptRef, OptTake, Param, Read, Ref, Run, Take, Tolerant};
use crate::node::NodeValue;
use crate::value_type::{Plain, ValueType};

/// A parameter of a [`NodeFunction`](super::NodeFunction): `&T`, `&[T]` of a `Vec<T>`, `&str` of a `String`, `&Path` of a `PathBuf`,
/// [`Own<T>`](Own) by value, `Option` of `&T` or of `Own<T>` where the graph may lack it, `Result<&T, &NodeError>` where
/// it may fail, [`Collect<'_, T>`](Collect) for what a node of a dynamic block yields for all items, and `Vec<&T>` or
/// `BTreeMap<&str, &T>` for a group. A [`NodeContext<'_>`](NodeContext) is the run itself, which no name feeds.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the parameter of a closure that is a node; write `&T`, `Own<T>`, `Option<&T>`, `Result<&T, &NodeError>`, `Collect<'_, T>`, `Vec<&T>`, `BTreeMap<&str, &T>` or `NodeContext<'_>`",
    label = "not a parameter of a node"
)]
pub trait FunctionArg {
    /// The parameter as the function is called with it.
    type Item<'f>;

    #[doc(hidden)]
    type Param: Param;
    #[doc(hidden)]
    fn spec() -> ArgSpec;
    #[doc(hidden)]
    fn item(arg: <Self::Param as Read>::Arg<'_>) -> Self::Item<'_>;
}

/// What is known of a parameter from its type.
#[doc(hidden)]
#[derive(Debug)]
pub struct ArgSpec {
    pub(super) text: String,
    pub(super) takes: Takes,
    pub(super) optional: bool,
    pub(super) many: bool,
    /// Whether it is the run itself, and nothing feeds it.
    pub(super) run: bool,
    pub(super) take: graph::Take,
    pub(super) expects: &'static ValueType,
}

impl ArgSpec {
    fn one<T: NodeValue>(text: String) -> Self {
        let (takes, take) = (Takes::Borrow, graph::Take::Value);
        Self { text, takes, optional: false, many: false, run: false, take, expects: Plain::<T>::TYPE }
    }
}

impl ArgSpec {
    /// A value of a type that is known at run time, taken.
    pub(super) fn taken(ty: &'static ValueType, optional: bool) -> Self {
        let (takes, take) = (Takes::Own, graph::Take::Value);
        Self { text: ty.text(), takes, optional, many: false, run: false, take, expects: ty }
    }
}

fn name<T: NodeValue>() -> String {
    Plain::<T>::TYPE.text()
}

/// A parameter by value: the value is moved in at its last use in the run, else cloned.
///
/// A type parameter alone would also match references, so a value that is owned says so. Where a value has to be
/// cloned and its type is not a common one, [`value_type`](super::GraphBuilder::value_type) says that it can be.
///
/// ```
/// use millstream::{Graph, Own};
///
/// let graph = Graph::builder()
///     .function("rows", (), || vec![3, 1, 2])
///     .function("sorted", ["rows"], |Own(mut rows): Own<Vec<i32>>| {
///         rows.sort();
///         rows
///     })
///     .build()?;
/// let run = graph.driver().build()?.execute_named(["sorted"], ())?;
/// assert_eq!(run.get::<Vec<i32>>("sorted")?, &[1, 2, 3]);
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Own<T>(pub T);

impl<T: NodeValue> FunctionArg for &'static T {
    type Item<'f> = &'f T;
    type Param = Ref<T>;

    fn spec() -> ArgSpec {
        ArgSpec::one::<T>(format!("&{}", name::<T>()))
    }

    fn item(arg: <Self::Param as Read>::Arg<'_>) -> Self::Item<'_> {
        arg
    }
}

impl<T: Send + Sync + 'static> FunctionArg for &'static [T] {
    type Item<'f> = &'f [T];
    type Param = Ref<Vec<T>>;

    fn spec() -> ArgSpec {
        ArgSpec::one::<Vec<T>>(format!("&[{}]", name::<T>()))
    }

    fn item(arg: <Self::Param as Read>::Arg<'_>) -> Self::Item<'_> {
        arg
    }
}

impl FunctionArg for &'static str {
    type Item<'f> = &'f str;
    type Param = Ref<String>;

    fn spec() -> ArgSpec {
        ArgSpec::one::<String>("&str".to_owned())
    }

    fn item(arg: <Self::Param as Read>::Arg<'_>) -> Self::Item<'_> {
        arg
    }
}

impl FunctionArg for &'static Path {
    type Item<'f> = &'f Path;
    type Param = Ref<PathBuf>;

    fn spec() -> ArgSpec {
        ArgSpec::one::<PathBuf>("&Path".to_owned())
    }

    fn item(arg: <Self::Param as Read>::Arg<'_>) -> Self::Item<'_> {
        arg
    }
}

impl<T: NodeValue> FunctionArg for Own<T> {
    type Item<'f> = Own<T>;
    type Param = Take<T>;

    fn spec() -> ArgSpec {
        ArgSpec { takes: Takes::Own, ..ArgSpec::one::<T>(name::<T>()) }
    }

    fn item(arg: <Self::Param as Read>::Arg<'_>) -> Self::Item<'_> {
        Own(arg)
    }
}

impl<T: NodeValue> FunctionArg for Option<&'static T> {
    type Item<'f> = Option<&'f T>;
    type Param = OptRef<T>;

    fn spec() -> ArgSpec {
        ArgSpec { optional: true, ..ArgSpec::one::<T>(format!("Option<&{}>", name::<T>())) }
    }

    fn item(arg: <Self::Param as Read>::Arg<'_>) -> Self::Item<'_> {
        arg
    }
}

impl<T: NodeValue> FunctionArg for Option<Own<T>> {
    type Item<'f> = Option<Own<T>>;
    type Param = OptTake<T>;

    fn spec() -> ArgSpec {
        let text = format!("Option<{}>", name::<T>());
        ArgSpec { optional: true, takes: Takes::Own, ..ArgSpec::one::<T>(text) }
    }

    fn item(arg: <Self::Param as Read>::Arg<'_>) -> Self::Item<'_> {
        arg.map(Own)
    }
}

impl<T: NodeValue> FunctionArg for Collect<'static, T> {
    type Item<'f> = Collect<'f, T>;
    type Param = Collected<T>;

    fn spec() -> ArgSpec {
        ArgSpec { take: graph::Take::Collected, ..ArgSpec::one::<T>(format!("Collect<'_, {}>", name::<T>())) }
    }

    fn item(arg: <Self::Param as Read>::Arg<'_>) -> Self::Item<'_> {
        arg
    }
}

impl<T: NodeValue> FunctionArg for Result<&'static T, &'static NodeError> {
    type Item<'f> = Result<&'f T, &'f NodeError>;
    type Param = Tolerant<T>;

    fn spec() -> ArgSpec {
        let text = format!("Result<&{}, &NodeError>", name::<T>());
        ArgSpec { take: graph::Take::Tolerated, ..ArgSpec::one::<T>(text) }
    }

    fn item(arg: <Self::Param as Read>::Arg<'_>) -> Self::Item<'_> {
        arg
    }
}

/// Nothing feeds it, so no name stands for it.
impl FunctionArg for NodeContext<'static> {
    type Item<'f> = NodeContext<'f>;
    type Param = Run;

    fn spec() -> ArgSpec {
        ArgSpec { run: true, ..ArgSpec::one::<()>("NodeContext<'_>".to_owned()) }
    }

    fn item(arg: <Self::Param as Read>::Arg<'_>) -> Self::Item<'_> {
        arg
    }
}

impl<T: NodeValue> FunctionArg for Vec<&'static T> {
    type Item<'f> = Vec<&'f T>;
    type Param = Group<T>;

    fn spec() -> ArgSpec {
        ArgSpec { many: true, ..ArgSpec::one::<T>(format!("Vec<&{}>", name::<T>())) }
    }

    fn item(arg: <Self::Param as Read>::Arg<'_>) -> Self::Item<'_> {
        arg
    }
}

impl<T: NodeValue> FunctionArg for BTreeMap<&'static str, &'static T> {
    type Item<'f> = BTreeMap<&'f str, &'f T>;
    type Param = GroupMap<T>;

    fn spec() -> ArgSpec {
        ArgSpec { many: true, ..ArgSpec::one::<T>(format!("BTreeMap<&str, &{}>", name::<T>())) }
    }

    fn item(arg: <Self::Param as Read>::Arg<'_>) -> Self::Item<'_> {
        arg
    }
}

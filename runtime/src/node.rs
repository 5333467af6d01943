//! What a node is to the type system.

use std::any::Any;
use std::error::Error as StdError;
use std::marker::PhantomData;

use crate::descriptor::{FlowTable, NodeDescriptor};
use crate::memory::ListOps;
use crate::value_type::{Plain, ValueType};

/// A node or an input as a type: what stands beside a function that `#[node]` marks.
///
/// The macros implement it; nobody else needs to.
///
/// ```
/// use millstream::Node;
/// use millstream::prelude::*;
///
/// /// Twice `x`.
/// #[node]
/// fn doubled(x: &f64) -> f64 {
///     x * 2.0
/// }
///
/// fn type_of<N: Node>() -> String {
///     N::DESCRIPTOR.value.text()
/// }
///
/// assert_eq!(type_of::<doubled>(), "f64");
/// assert_eq!(doubled(&1.5), 3.0);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a node",
    note = "a node is what `#[node]` makes of a function, or an input or a part of one"
)]
pub trait Node: 'static {
    /// The type of its value.
    type Output: NodeValue;
    /// What it fails with; [`Infallible`](std::convert::Infallible) where it cannot.
    type Error: NodeFault;
    /// Everything else there is to say about it.
    const DESCRIPTOR: &'static NodeDescriptor;
}

/// A node that belongs to the dataflow `F`.
///
/// Every node belongs to a [`Graph`](crate::Graph) as far as the type system knows: there it is looked up by its
/// name when it is asked for.
///
/// ```
/// use millstream::Member;
/// use millstream::prelude::*;
///
/// #[dataflow]
/// mod pair {
///     #[node]
///     pub fn one() -> u8 {
///         1
///     }
/// }
///
/// fn index_in<F, N: Member<F>>() -> u32 {
///     N::INDEX
/// }
///
/// assert_eq!(index_in::<pair::Flow, pair::one>(), 0);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a node of this dataflow",
    label = "not a node of this dataflow"
)]
pub trait Member<F>: Node {
    /// Where it is: [`Outside`] of all dynamic blocks, or [`InBlock`].
    type Place: Placement;
    /// Its position in the dataflow's table.
    const INDEX: u32;
}

/// What the caller gets of a node of the dataflow `F`, or gives in its place: the node's value, or of a node of a
/// dynamic block the list of its values, one for each item; in a block within a block there is such a list for each item
/// of the outer one, and so on.
///
/// ```
/// use millstream::prelude::*;
///
/// #[dataflow]
/// mod squares {
///     use millstream::{Collect, Parallelizable};
///
///     #[node]
///     pub fn number() -> Parallelizable<u64> {
///         Parallelizable::new(1..=3)
///     }
///
///     #[node]
///     pub fn square(number: &u64) -> u64 {
///         number * number
///     }
///
///     #[node]
///     pub fn total(square: Collect<'_, u64>) -> u64 {
///         square.iter().sum()
///     }
/// }
///
/// let squares: millstream::Whole<squares::Flow, squares::square> =
///     squares::driver().build()?.execute::<squares::square>(())?.into_values();
/// assert_eq!(squares, vec![1, 4, 9]);
/// # Ok::<(), millstream::Error>(())
/// ```
pub type Whole<F, N> = <<N as Member<F>>::Place as Placement>::Whole<<N as Node>::Output>;

/// Where a node is, as far as its caller can tell: [`Outside`] or [`InBlock`].
///
/// ```
/// fn whole_of<P: millstream::Placement<Whole<f64> = Vec<f64>>>() {}
///
/// whole_of::<millstream::InBlock>();
/// ```
pub trait Placement {
    /// What the caller gets of a node whose value is a `T`.
    type Whole<T: NodeValue>: NodeValue;

    /// The types of a `T`, of a `Vec<T>` and so on, up to the blocks.
    #[doc(hidden)]
    fn types<T: NodeValue>() -> Vec<&'static ValueType>;
}

/// Outside of all dynamic blocks: there is one value.
///
/// ```
/// fn whole_of<P: millstream::Placement<Whole<f64> = f64>>() {}
///
/// whole_of::<millstream::Outside>();
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Outside {}

/// In a dynamic block: there is a value for each item. In a block within a block there is a list of them for each item of
/// the outer one.
///
/// ```
/// use millstream::InBlock;
///
/// fn whole_of<P: millstream::Placement<Whole<u8> = W>, W>() {}
///
/// whole_of::<InBlock, Vec<u8>>();
/// whole_of::<InBlock<InBlock>, Vec<Vec<u8>>>();
/// ```
#[derive(Clone, Copy, Debug)]
pub struct InBlock<P = Outside> {
    outer: PhantomData<P>,
}

impl Placement for Outside {
    type Whole<T: NodeValue> = T;

    fn types<T: NodeValue>() -> Vec<&'static ValueType> {
        Vec::new()
    }
}

impl<P: Placement> Placement for InBlock<P> {
    type Whole<T: NodeValue> = <P::Whole<T> as NodeValue>::List;

    fn types<T: NodeValue>() -> Vec<&'static ValueType> {
        let mut types = P::types::<T>();
        types.push(Plain::<P::Whole<T>>::TYPE);
        types
    }
}

/// What is known of lists of the values of a node in blocks within blocks.
#[doc(hidden)]
#[must_use]
pub fn types_of<F, N: Member<F>>() -> Vec<&'static ValueType> {
    <N::Place as Placement>::types::<N::Output>()
}

/// A dataflow as a type: what `#[dataflow]` makes of a module.
///
/// ```
/// use millstream::Flow;
/// use millstream::prelude::*;
///
/// #[dataflow]
/// mod pair {
///     #[node]
///     pub fn one() -> u8 {
///         1
///     }
/// }
///
/// fn name_of<F: Flow>() -> &'static str {
///     F::TABLE.name
/// }
///
/// assert_eq!(name_of::<pair::Flow>(), "pair");
/// ```
pub trait Flow: 'static {
    /// The struct of its inputs, `()` where it has none.
    type Inputs;
    /// The struct that selects variants, `()` where it has none.
    type Config;
    /// Its nodes.
    const TABLE: &'static FlowTable;
    /// For each conditional node the variant that `config` selects.
    fn select(config: &Self::Config) -> Vec<u8>;
}

/// What can be the value of a node. Every `Send + Sync + 'static` type can.
///
/// ```
/// fn can_be_a_value<T: millstream::NodeValue>() {}
///
/// can_be_a_value::<Vec<f64>>();
/// ```
///
/// ```compile_fail
/// # fn can_be_a_value<T: millstream::NodeValue>() {}
/// can_be_a_value::<std::rc::Rc<f64>>();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the value of a node; values pass between threads, so they must be `Send + Sync + 'static`",
    label = "not `Send + Sync + 'static`"
)]
pub trait NodeValue: Sized + 'static {
    #[doc(hidden)]
    const LISTS: &'static ListOps;
    #[doc(hidden)]
    type List: NodeValue;
    // `Send` and `Sync` are no supertraits: rustc would then report them, one by one and in its own words, in place of
    // this trait. Who needs them gets at them by these two.
    #[doc(hidden)]
    fn erase(self) -> Box<dyn Any + Send + Sync>;
    #[doc(hidden)]
    fn widen(this: *mut Self) -> *mut (dyn Any + Send + Sync);
    #[doc(hidden)]
    fn restore(any: Box<dyn Any + Send + Sync>) -> Result<Self, Box<dyn Any + Send + Sync>>;
}

#[diagnostic::do_not_recommend]
impl<T: Send + Sync + 'static> NodeValue for T {
    const LISTS: &'static ListOps = ListOps::of::<T>();
    type List = Vec<T>;

    fn erase(self) -> Box<dyn Any + Send + Sync> {
        Box::new(self)
    }

    fn widen(this: *mut Self) -> *mut (dyn Any + Send + Sync) {
        this
    }

    fn restore(any: Box<dyn Any + Send + Sync>) -> Result<Self, Box<dyn Any + Send + Sync>> {
        any.downcast::<Self>().map(|value| *value)
    }
}

/// What a node can fail with: everything that turns into a `Box<dyn Error + Send + Sync>`, so also a `String`.
///
/// ```
/// use millstream::NodeFault;
///
/// assert_eq!("no rows".into_fault().to_string(), "no rows");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the error of a node; errors are passed on as `Box<dyn Error + Send + Sync>`, so they must turn into one",
    label = "does not turn into a `Box<dyn Error + Send + Sync>`"
)]
pub trait NodeFault: 'static {
    /// The error in a box.
    fn into_fault(self) -> Box<dyn StdError + Send + Sync>;
}

#[diagnostic::do_not_recommend]
impl<E: Into<Box<dyn StdError + Send + Sync>> + 'static> NodeFault for E {
    fn into_fault(self) -> Box<dyn StdError + Send + Sync> {
        self.into()
    }
}

/// What a node that may fail returns: a [`Result`], under whatever name.
///
/// ```
/// use millstream::Fallible;
///
/// type Loaded<T> = Result<T, std::io::Error>;
///
/// fn value_of<R: Fallible<Value = f64>>(result: R) -> Option<f64> {
///     result.into_result().ok()
/// }
///
/// let loaded: Loaded<f64> = Ok(1.5);
/// assert_eq!(value_of(loaded), Some(1.5));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `Result`; a node marked `#[node(fallible)]` returns a `Result`",
    label = "not a `Result`"
)]
pub trait Fallible {
    /// The value of the node.
    type Value;
    /// What it fails with.
    type Error;
    /// Itself, as a `Result`.
    ///
    /// # Errors
    /// Its own error, where it is one.
    fn into_result(self) -> Result<Self::Value, Self::Error>;
}

impl<T, E> Fallible for Result<T, E> {
    type Value = T;
    type Error = E;

    fn into_result(self) -> Self {
        self
    }
}

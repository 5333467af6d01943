//! What can be asked for by type.

use std::any::TypeId;

use crate::descriptor::NONE;
use crate::error::NodeError;
use crate::graph::Graph;
use crate::node::{Member, Node, Outside, Whole};
use crate::run::Yield;
use crate::value_type::ValueType;

/// Outputs by type: a node of the dataflow `F`, or a tuple of up to twelve.
///
/// ```
/// use millstream::prelude::*;
///
/// #[dataflow]
/// mod pair {
///     #[node]
///     pub fn one() -> u8 {
///         1
///     }
///
///     #[node]
///     pub fn two(one: &u8) -> u16 {
///         u16::from(*one) * 2
///     }
/// }
///
/// let driver = pair::driver().build()?;
/// let one: u8 = driver.execute::<pair::one>(())?.into_values();
/// let (again, two): (u8, u16) = driver.execute::<(pair::one, pair::two)>(())?.into_values();
/// assert_eq!((one, again, two), (1, 1, 2));
/// # Ok::<(), millstream::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be asked of this dataflow; ask for a node of it, or for a tuple of up to twelve of its nodes",
    label = "neither a node of this dataflow nor a tuple of them"
)]
pub trait Outputs<F> {
    /// The values: what the node yields, or a tuple of what they yield.
    type Values: 'static;
    /// The same, of each output a `Result`.
    type Partial: 'static;

    #[doc(hidden)]
    fn each(tell: &mut dyn FnMut(Wanted));
    #[doc(hidden)]
    fn collect<Y: Yield>(values: &mut Y) -> Option<Self::Values>;
    #[doc(hidden)]
    fn collect_partial<Y: Yield>(values: &mut Y) -> Option<Self::Partial>;
}

/// An output that is asked for by type.
#[doc(hidden)]
#[derive(Debug)]
pub struct Wanted {
    pub(crate) index: u32,
    pub(crate) name: &'static str,
    /// The node itself.
    pub(crate) id: TypeId,
    pub(crate) type_id: TypeId,
    pub(crate) value: &'static ValueType,
}

/// Every node can be asked of a graph that was put together at run time: it is looked up by name.
#[diagnostic::do_not_recommend]
impl<N: Node> Member<Graph> for N {
    type Place = Outside;
    const INDEX: u32 = NONE;
}

#[diagnostic::do_not_recommend]
impl<F, N: Node + Member<F>> Outputs<F> for N {
    type Values = Whole<F, N>;
    type Partial = Result<Whole<F, N>, NodeError>;

    fn each(tell: &mut dyn FnMut(Wanted)) {
        tell(Wanted {
            index: N::INDEX,
            name: N::DESCRIPTOR.name,
            id: N::DESCRIPTOR.id,
            type_id: TypeId::of::<Whole<F, N>>(),
            value: N::DESCRIPTOR.value,
        });
    }

    fn collect<Y: Yield>(values: &mut Y) -> Option<Whole<F, N>> {
        values.next()
    }

    fn collect_partial<Y: Yield>(values: &mut Y) -> Option<Self::Partial> {
        values.next_or_why()
    }
}

macro_rules! tuple_outputs {
    ($($name:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<Flow, $($name: Node + Member<Flow>),*> Outputs<Flow> for ($($name,)*) {
            type Values = ($(Whole<Flow, $name>,)*);
            type Partial = ($(Result<Whole<Flow, $name>, NodeError>,)*);

            fn each(tell: &mut dyn FnMut(Wanted)) {
                $(<$name as Outputs<Flow>>::each(tell);)*
            }

            fn collect<Y: Yield>(values: &mut Y) -> Option<Self::Values> {
                Some(($(<$name as Outputs<Flow>>::collect(values)?,)*))
            }

            fn collect_partial<Y: Yield>(values: &mut Y) -> Option<Self::Partial> {
                Some(($(<$name as Outputs<Flow>>::collect_partial(values)?,)*))
            }
        }
    };
}
crate::tuples::for_all_tuples!(tuple_outputs);

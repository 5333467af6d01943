//! The parts into which a closure takes a value apart.

use crate::memory::Parts;
use crate::node::NodeValue;
use crate::value_type::{Plain, ValueType};

/// A tuple of `N` values that become nodes of their own. See [`parts`](super::GraphBuilder::parts).
///
/// ```
/// fn takes_two_parts<P: millstream::PartTuple<2>>() {}
///
/// takes_two_parts::<(f64, String)>();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tuple of {N} values; a value is taken apart into a tuple of as many as there are names",
    label = "not such a tuple"
)]
pub trait PartTuple<const N: usize> {
    #[doc(hidden)]
    fn types() -> [&'static ValueType; N];
    #[doc(hidden)]
    fn put(self, parts: &Parts<'_>);
}

macro_rules! part_tuple {
    ($($part:ident)*) => {
        impl<$($part: NodeValue),*> PartTuple<{ 0 $(+ one!($part))* }> for ($($part,)*) {
            fn types() -> [&'static ValueType; 0 $(+ one!($part))*] {
                [$(Plain::<$part>::TYPE),*]
            }

            #[allow(non_snake_case, reason = "the type parameters are the variables")]
            #[allow(clippy::many_single_char_names, reason = "the type parameters are the variables")]
            fn put(self, parts: &Parts<'_>) {
                let ($($part,)*) = self;
                let mut position = 0..;
                $(
                    let k = position.next().unwrap_or_default();
                    if parts.wants(k) {
                        parts.put(k, $part);
                    }
                )*
            }
        }
    };
}

macro_rules! one {
    ($name:ident) => {
        1
    };
}

crate::tuples::for_all_tuples!(part_tuple);

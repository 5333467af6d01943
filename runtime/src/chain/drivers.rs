//! The drivers of a chain as a type.

use crate::graph::Graph;

/// The dataflows of the drivers of a chain: a tuple of at most twelve, or [`Graph`] for any number of drivers that have
/// been put together at run time.
///
/// ```
/// fn after<L: millstream::Drivers<With<u16> = (u8, u16)>>() {}
///
/// after::<(u8,)>();
/// ```
#[diagnostic::on_unimplemented(
    message = "a chain of drivers of different dataflows has at most twelve of them",
    label = "too many drivers",
    note = "put some of the dataflows together by `#[include]`, or graphs by `Graph::combine`"
)]
pub trait Drivers {
    /// The same with one that comes after them.
    type With<Next>;
}

impl Drivers for Graph {
    type With<Next> = Self;
}

macro_rules! tuple_drivers {
    ($($name:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($name),*> Drivers for ($($name,)*) {
            type With<Next> = ($($name,)* Next,);
        }
    };
}
crate::tuples::for_all_tuples!(tuple_drivers);

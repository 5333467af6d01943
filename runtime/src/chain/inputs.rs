//! Values for the inputs of a chain.

use std::fmt;

use crate::driver::{Entry, InputMap, IntoInputs};

/// What can supply the inputs of a chain of the drivers `L`: a tuple of the inputs of each, an [`InputMap`] by name, or
/// `()`.
///
/// What is supplied to a driver in a tuple counts for it and, as far as they have the input too, for those after it.
/// A name of a map is given to the first driver that has the input.
///
/// ```
/// use millstream::prelude::*;
///
/// #[dataflow]
/// mod first {
///     #[inputs]
///     pub struct Inputs {
///         pub rows: Vec<f64>,
///     }
///
///     #[node]
///     pub fn sum(rows: &[f64]) -> f64 {
///         rows.iter().sum()
///     }
/// }
///
/// #[dataflow]
/// mod second {
///     #[inputs]
///     pub struct Inputs {
///         pub rows: Vec<f64>,
///         pub sum: f64,
///         pub digits: i32,
///     }
///
///     #[node]
///     pub fn shares(rows: &[f64], sum: f64, digits: i32) -> Vec<f64> {
///         let unit = 10_f64.powi(digits);
///         rows.iter().map(|row| (row / sum * unit).round() / unit).collect()
///     }
/// }
///
/// let chain = first::driver().build()?.then(&second::driver().build()?)?;
/// let inputs = (first::Inputs { rows: vec![1.0, 2.0] }, second::inputs().digits(2));
/// assert_eq!(chain.execute::<second::shares>(inputs)?.into_values(), [0.33, 0.67]);
///
/// let inputs = InputMap::new().set("rows", vec![1.0, 2.0]).set("digits", 1);
/// assert_eq!(chain.execute::<second::shares>(inputs)?.into_values(), [0.3, 0.7]);
/// # Ok::<(), millstream::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not supply the inputs of this chain",
    label = "not inputs of this chain",
    note = "write a tuple with the inputs of each driver, in their order (`()` for none), an `InputMap`, or `()`"
)]
pub trait ChainInputs<L> {
    /// The values.
    fn into_values(self) -> ChainValues;
}

/// The values of some inputs of a chain.
#[derive(Default)]
pub struct ChainValues {
    /// Each with its driver, where that is known.
    pub(super) entries: Vec<(Option<usize>, Entry)>,
}

impl<L> ChainInputs<L> for () {
    fn into_values(self) -> ChainValues {
        ChainValues::default()
    }
}

impl<L> ChainInputs<L> for InputMap {
    fn into_values(self) -> ChainValues {
        ChainValues { entries: self.into_entries().map(|entry| (None, entry)).collect() }
    }
}

macro_rules! tuple_inputs {
    ([$($done:ident)*]) => {};
    ([$($done:ident)*] $flow:ident $given:ident $($rest:ident)*) => {
        tuple_inputs! { one $($done)* $flow $given }
        tuple_inputs! { [$($done)* $flow $given] $($rest)* }
    };
    (one $($flow:ident $given:ident)*) => {
        impl<$($flow, $given: IntoInputs<$flow>),*> ChainInputs<($($flow,)*)> for ($($given,)*) {
            #[allow(non_snake_case, reason = "the type parameters are the variables")]
            fn into_values(self) -> ChainValues {
                let ($($given,)*) = self;
                let mut entries = Vec::new();
                let mut drivers = 0..;
                $(
                    let driver = drivers.next();
                    entries.extend($given.into_inputs().entries.into_iter().map(|entry| (driver, entry)));
                )*
                ChainValues { entries }
            }
        }
    };
}
tuple_inputs! { [A Ia] B Ib C Ic D Id E Ie F If G Ig H Ih I Ii J Ij K Ik L Il }

impl fmt::Debug for ChainValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.entries.iter().map(|(_, entry)| (&entry.name, &entry.value))).finish()
    }
}

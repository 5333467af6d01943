//! Layers that come with the library: checks of values, a closure before and after the call of a node, and slowing
//! nodes down. A driver takes any number of them.
//!
//! ```
//! use millstream::Graph;
//! use millstream::layers::{Check, Checks};
//!
//! let graph = Graph::builder().function("speed", (), || f64::NAN).build()?;
//! let checks = Checks::new().named("speed", Check::new("must be a number", |speed: &f64| !speed.is_nan()));
//! let error = graph.driver().hook(checks).build()?.execute_named(["speed"], ()).unwrap_err();
//! assert_eq!(format!("{error:#}"), "node `speed` failed: `speed` is NaN, but must be a number");
//! # Ok::<(), millstream::Error>(())
//! ```

mod checks;
mod inspect;
mod slow_down;

pub use checks::{Check, Checks};
pub use inspect::Inspect;
pub use slow_down::SlowDown;

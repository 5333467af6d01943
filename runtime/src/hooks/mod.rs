//! Hooks that come with the library: printing and timings, and behind cargo features a progress bar (`progress`) and
//! spans of the `tracing` crate (`tracing`). A driver takes any number of them.
//!
//! ```
//! use millstream::Graph;
//! use millstream::hooks::{Print, Timings};
//!
//! let times = Timings::new();
//! let graph = Graph::builder().input::<f64>("x").function("y", ["x"], |x: &f64| x + 1.0).build()?;
//! let driver = graph.driver().hook(Print::new()).hook(times.clone()).build()?;
//! driver.execute_named(["y"], millstream::InputMap::new().set("x", 1.0))?;
//! assert_eq!(times.of("y").unwrap().count, 1);
//! # Ok::<(), millstream::Error>(())
//! ```

mod label;
mod lines;
mod print;
#[cfg(feature = "progress")]
mod progress_bar;
mod short;
mod timings;
#[cfg(feature = "tracing")]
mod tracing;

#[cfg(feature = "progress")]
pub use indicatif;
pub(crate) use label::label;
pub use print::Print;
#[cfg(feature = "progress")]
pub use progress_bar::ProgressBar;
pub(crate) use short::short;
pub use timings::{NodeTimes, Times, Timings};
#[cfg(feature = "tracing")]
pub use tracing::Tracing;

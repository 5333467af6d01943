//! Dynamic blocks as nodes see them: what opens one, and what collects from it.

mod collect;
mod source;
mod stream;

pub use collect::Collect;
pub use source::Parallelizable;

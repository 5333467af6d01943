//! Dynamic blocks as nodes see them: what opens one, and what collects from it.

mod collect;
mod items;
mod source;
mod stream;

pub use collect::Collect;
pub use items::SourceItems;
pub use source::Parallelizable;

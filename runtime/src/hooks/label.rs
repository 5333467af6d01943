//! Naming the call of a node.

use std::fmt::Write;

/// The name of a node with the items of dynamic blocks: `price[3]`.
pub(crate) fn label(node: &str, items: &[usize]) -> String {
    let mut label = node.to_owned();
    for item in items {
        let _ = write!(label, "[{item}]");
    }
    label
}

//! What cannot be a node, whatever it is joined to.

use crate::graph::{Draft, NodeData, RoleData};

/// What is wrong with a node by itself.
pub(super) fn problem(draft: &Draft) -> Option<String> {
    let node = &draft.node;
    let (kind, name) = (if node.is_input() { "an input" } else { "a node" }, &node.name);
    if name.is_empty() {
        return Some(format!("the name of {kind} is empty; give it one that Rust could have for it"));
    }
    if !is_identifier(name) {
        return Some(format!(
            "`{}` cannot be the name of {kind}; use letters, digits and `_`, and no digit at first",
            name.escape_debug()
        ));
    }
    let ty = node.value.text();
    let is_source = ty.starts_with("Parallelizable<") && node.value.full_name().starts_with("millstream::");
    let (expand, fallible) =
        if waits(node) { ("async_expand", "try_async_expand") } else { ("expand", "try_expand") };
    is_source.then(|| {
        format!("`{name}` is a `{ty}`, which opens a block; add the node with `{expand}`, or `{fallible}` where its function returns a `Result`")
    })
}

fn waits(node: &NodeData) -> bool {
    let RoleData::Function(function) = &node.role else { return false };
    function.variants.iter().any(|variant| variant.call.waits())
}

fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    let begins = chars.next().is_some_and(|first| first == '_' || first.is_alphabetic());
    begins && name != "_" && chars.all(|other| other == '_' || other.is_alphanumeric())
}

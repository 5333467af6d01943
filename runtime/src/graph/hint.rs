//! What may have been meant where a parameter is not of the type that its provider yields.

use millstream_compiler::graph::take_all;

use crate::value_type::ValueType;

use super::data::{Call, NodeData, RoleData};

/// What to do, if it can be told. `opener` opens the innermost block that the provider is in.
pub(super) fn hint(expects: &'static ValueType, provider: &NodeData, opener: Option<&str>) -> Option<String> {
    let value = provider.value;
    let wants_all = value.list().is_some_and(|list| list.type_id() == expects.type_id());
    match opener.filter(|_| wants_all) {
        Some(opener) => Some(take_all(opener, &value.text())),
        None if is_closure(provider) => Some(format!("{} to add `{}`", method_for(value)?, provider.name)),
        None => None,
    }
}

/// The method of the builder that takes apart what a closure returns.
fn method_for(returned: &ValueType) -> Option<&'static str> {
    let name = returned.full_name();
    if name.starts_with("core::result::Result<") {
        Some("use `try_function`")
    } else if name.ends_with("{{closure}}") || name.starts_with("core::pin::Pin<") {
        Some("if that is a future, use `async_function`")
    } else {
        None
    }
}

fn is_closure(node: &NodeData) -> bool {
    let RoleData::Function(function) = &node.role else { return false };
    function.variants.iter().any(|variant| matches!(variant.call, Call::Dynamic(_)))
}

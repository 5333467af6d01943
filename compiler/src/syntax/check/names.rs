//! Names that a descriptor cannot have.
//!
//! A descriptor is a type of the node's name, in the user's module. It must not stand in the way of other types.

use std::collections::BTreeSet;

use super::{Node, Origin};
use crate::syntax::diagnostics::Errors;
use crate::syntax::model::Module;
use crate::syntax::text::name_of;

/// Types and crates that a type of the same name would hide from the user's own code.
pub(super) const HIDDEN: [&str; 23] = [
    "bool",
    "char",
    "str",
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "usize",
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "isize",
    "f32",
    "f64",
    "f16",
    "f128",
    "std",
    "core",
    "alloc",
    "millstream",
];

/// What the expansion itself puts beside the user's functions.
pub(super) const FUNCTIONS: [&str; 3] = ["driver", "inputs", "dataflow"];
pub(super) const TYPES: [&str; 4] = ["Flow", "PartialInputs", "a_dataflow", "__ms"];

/// Reports names that clash with what is not a node. The result holds the names that the expansion must not put
/// out, for they would clash once more.
pub(super) fn check(module: &Module, nodes: &[Node<'_>], errors: &mut Errors) -> BTreeSet<String> {
    let mut withheld = BTreeSet::new();
    for node in nodes.iter().filter(|node| !matches!(node.origin, Origin::Included { .. })) {
        let name = node.name.text.as_str();
        let place = node.name.span;
        if HIDDEN.contains(&name) {
            withheld.insert(name.to_owned());
            errors.at_span(
                place,
                format!(
                    "{} {} named `{name}` would hide `{name}` in this module; give it another name",
                    article(node.kind()),
                    node.kind()
                ),
            );
        } else if TYPES.contains(&name) {
            withheld.insert(name.to_owned());
            errors.at_span(place, reserved(name));
        } else if let Some(taken) = module.taken.iter().find(|taken| taken.name.text == name) {
            // An import may bring in a function only, which clashes with nothing but a function.
            if taken.what != "import" || matches!(node.origin, Origin::Function(_)) {
                withheld.insert(name.to_owned());
                let (kind, what) = (node.kind(), taken.what);
                let (this, other) = (article(kind), article(what));
                let message = format!(
                    "`{name}` is both {this} {kind} and the name of {other} {what}; rename one of them"
                );
                errors.at_span(place, &message);
                errors.at_span(taken.name.span, &message);
            }
        }
    }
    let nodes = module.functions.iter().map(|function| name_of(&function.ident));
    for name in nodes.chain(module.helpers.iter().cloned()) {
        if FUNCTIONS.contains(&name.text.as_str()) {
            withheld.insert(name.text.clone());
            errors.at_span(name.span, reserved(&name.text));
        }
    }
    for taken in module.taken.iter().filter(|taken| TYPES.contains(&taken.name.text.as_str())) {
        withheld.insert(taken.name.text.clone());
        errors.at_span(taken.name.span, reserved(&taken.name.text));
    }
    withheld
}

pub(super) fn reserved(name: &str) -> String {
    format!("`{name}` is what `#[dataflow]` itself adds to the module; give yours another name")
}

pub(super) fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" }
}

//! Groups and the types that take them: one without the other is wrong. What collects a block, or tolerates a failure,
//! takes neither a group nor a constant.

use std::collections::BTreeSet;

use super::binding;
use crate::syntax::diagnostics::Errors;
use crate::syntax::model::{Bind, Instance, Mode, Param};

/// Checks the parameters as they are fed in the end: those of the function, or those of its instances if it has
/// any.
pub(super) fn check(params: &mut [Param], instances: Option<&mut [Instance]>, errors: &mut Errors) {
    let mut reported = BTreeSet::new();
    match instances {
        None => check_params(params, &mut reported, errors),
        Some(instances) => {
            for instance in instances {
                check_params(&mut instance.params, &mut reported, errors);
            }
        }
    }
}

/// `reported`: parameters without a group. The type is at fault, so each is reported once.
fn check_params(params: &mut [Param], reported: &mut BTreeSet<String>, errors: &mut Errors) {
    for param in params {
        let takes_group = matches!(param.mode, Mode::GroupList(_) | Mode::GroupMap(_));
        let name = &param.name.text;
        match &param.bind {
            // Reported where it was read.
            Bind::Value(unreadable) if unreadable.is_empty() => continue,
            Bind::Name(_) | Bind::Value(_) if takes_group => {
                if reported.insert(name.clone()) {
                    let ty = match param.mode {
                        Mode::GroupMap(_) => "BTreeMap<&str, &T>",
                        _ => "Vec<&T>",
                    };
                    errors.at(
                        &param.ty,
                        format!("a parameter of type `{ty}` takes a group; write `#[group(a, b)]` on it"),
                    );
                }
            }
            Bind::Group(_, span) | Bind::GroupTag { span, .. }
                if let Some((what, form, _)) = of_one_node(&param.mode) =>
            {
                errors.at_span(
                    *span,
                    format!("parameter `{name}` {what} one node; take each node with a `{form}` of its own"),
                );
            }
            Bind::Group(_, span) | Bind::GroupTag { span, .. } if !takes_group => {
                errors.at_span(
                    *span,
                    format!("parameter `{name}` has no type of a group; make it a `Vec<&T>` or a `BTreeMap<&str, &T>`"),
                );
            }
            Bind::Value(value) if let Some((what, _, constant)) = of_one_node(&param.mode) => {
                errors.at(
                    value,
                    format!("parameter `{name}` {what} a node, and a constant {constant}; name a node, or take the constant as it is: `{name}: T`"),
                );
            }
            _ => continue,
        }
        // No node of the parameter's name is missing then: the group is.
        param.bind = binding::unreadable();
    }
}

/// What a parameter does that makes sense of one node only, the form of its type, and what a constant is.
fn of_one_node(mode: &Mode) -> Option<(&'static str, &'static str, &'static str)> {
    match mode {
        Mode::Collect { .. } => Some(("collects all values of", "Collect<'_, T>", "is in no block")),
        Mode::Tolerant(_) => Some(("tolerates a failure of", "Result<&T, &NodeError>", "never fails")),
        _ => None,
    }
}

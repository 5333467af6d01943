//! Parameters that take something else than a value: an outcome, what a node wrote about itself, the run.

use super::modes::{Taken, mutable_borrow};
use super::types::Type;
use crate::syntax::diagnostics::Errors;
use crate::syntax::model::{Bind, Mode};
use crate::syntax::text::name_of;

/// It is meant to be one of them, but is wrong, which has been reported.
pub(super) struct Reported;

/// `Result<&T, &NodeError>`, `&Metadata<name>` and `NodeContext<'_>`.
pub(super) fn read(name: &str, ty: &Type, errors: &mut Errors) -> Option<Result<Taken, Reported>> {
    if let Some(reference) = ty.reference() {
        let path = reference.inner.path().filter(|path| path.last == "Metadata" && path.generic)?;
        if let Some(mutable) = reference.mutable {
            mutable_borrow(&mutable, errors);
            return Some(Err(Reported));
        }
        let [node] = path.arguments.as_slice() else {
            errors.leave_to_rustc(); // It has one argument, and lacks it or has more.
            return Some(Err(Reported));
        };
        let Some(node) = node.path().filter(|path| !path.generic) else {
            errors.at(
                &node.stream(),
                format!("`{}` is no name of a node; write `{name}: &Metadata<node>`", node.written()),
            );
            return Some(Err(Reported));
        };
        return Some(Ok(Taken { mode: Mode::Metadata, bind: Some(Bind::Name(name_of(&node.last))) }));
    }
    let path = ty.path()?;
    match (path.last.to_string().as_str(), path.arguments.as_slice()) {
        ("NodeContext", _) => Some(Ok(Taken { mode: Mode::Context, bind: Some(Bind::Run) })),
        ("Result", [value, error]) if is_node_error(error) || is_borrowed_node_error(error) => {
            let Some(reference) = value.reference().filter(|_| is_borrowed_node_error(error)) else {
                let value = value.reference().map_or_else(|| value.written(), |value| value.inner.written());
                errors.at(
                    &ty.stream(),
                    format!("a parameter only borrows what came of a node, value or error; write `{name}: Result<&{value}, &NodeError>`"),
                );
                return Some(Err(Reported));
            };
            if let Some(mutable) = reference.mutable {
                mutable_borrow(&mutable, errors);
                return Some(Err(Reported));
            }
            Some(Ok(Taken { mode: Mode::Tolerant(reference.inner.stream()), bind: None }))
        }
        _ => None,
    }
}

/// Reports one of them that is borrowed, owned or optional where it is not to be.
pub(super) fn is_refused(name: &str, ty: &Type, errors: &mut Errors) -> bool {
    if let Some(path) = ty.path().filter(|path| path.last == "Metadata" && path.generic) {
        let node = path.arguments.first().map_or_else(|| "node".to_owned(), Type::written);
        errors.at(
            &ty.stream(),
            format!("metadata belongs to the run, and is borrowed; write `{name}: &Metadata<{node}>`"),
        );
        return true;
    }
    let (around, inner) = match (ty.reference(), ty.path()) {
        (Some(reference), _) => ("&".to_owned(), reference.inner),
        (None, Some(path)) if path.last == "Option" || path.last == "Vec" => {
            let around = path.last.to_string();
            let Some(inner) = path.arguments.into_iter().next() else { return false };
            (around, inner)
        }
        _ => return false,
    };
    let (what, form) = match (inner.path(), inner.reference().and_then(|reference| reference.inner.path())) {
        (Some(path), _) if path.last == "NodeContext" => ("the context", "NodeContext<'_>".to_owned()),
        (Some(path), _)
            if path.last == "Result" && path.arguments.get(1).is_some_and(is_borrowed_node_error) =>
        {
            ("what came of a node", "Result<&T, &NodeError>".to_owned())
        }
        (_, Some(path)) if path.last == "Metadata" && path.generic && around != "&" => {
            let node = path.arguments.first().map_or_else(|| "node".to_owned(), Type::written);
            ("the metadata of a node", format!("&Metadata<{node}>"))
        }
        _ => return false,
    };
    let message = match around.as_str() {
        "&" => format!("{what} is taken by value; drop the `&`: `{name}: {form}`"),
        "Option" => format!("{what} is always there; write `{name}: {form}`"),
        _ => format!("{what} is no member of a group; take each by itself: `{name}: {form}`"),
    };
    errors.at(&ty.stream(), message);
    true
}

fn is_node_error(ty: &Type) -> bool {
    ty.path().is_some_and(|path| path.last == "NodeError")
}

fn is_borrowed_node_error(ty: &Type) -> bool {
    ty.reference().is_some_and(|error| is_node_error(&error.inner))
}

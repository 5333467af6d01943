//! The types of dynamic blocks: `Collect<'_, T>`, and `Parallelizable<T>` where it opens none.

use super::types::{Type, TypePath};
use crate::syntax::diagnostics::Errors;
use crate::syntax::model::Mode;

/// Reports `Parallelizable<..>`, and `Collect<..>` where it is not the whole type.
pub(super) fn is_refused(name: &str, ty: &Type, errors: &mut Errors) -> bool {
    if let Some(place) = ty.generics_of("Parallelizable").first() {
        errors.at(
            place,
            format!("a parameter takes one item of a block, or collects all; write `{name}: &T` for one, `{name}: Collect<'_, T>` for all"),
        );
        return true;
    }
    let is_whole = ty.path().is_some_and(|path| path.last == "Collect" && path.generic);
    let Some(place) = ty.generics_of("Collect").into_iter().nth(usize::from(is_whole)) else {
        return false;
    };
    let fact = if is_whole {
        "what a node collects is one value an item, and not collected itself"
    } else if ty
        .reference()
        .is_some_and(|reference| reference.inner.path().is_some_and(|path| path.last == place))
    {
        "`Collect<..>` is taken by value, for it only borrows"
    } else {
        "`Collect<..>` inside of another type collects nothing"
    };
    errors.at(&place, format!("{fact}; write `{name}: Collect<'_, T>`"));
    true
}

/// `Collect<'_, T>`, `Collect<'_, Result<T, NodeError>>`.
pub(super) fn collect(name: &str, path: &TypePath, errors: &mut Errors) -> Option<Mode> {
    let [item] = path.arguments.as_slice() else {
        errors.leave_to_rustc(); // It has one argument, and lacks it or has more.
        return None;
    };
    if let Some(reference) = item.reference().filter(|reference| !reference.is_static) {
        errors.at(
            &item.stream(),
            format!(
                "`Collect<..>` borrows what it collects by itself; write `{name}: Collect<'_, {}>`",
                reference.inner.written()
            ),
        );
        return None;
    }
    let result = item.path().filter(|path| path.last == "Result");
    let Some([value, error]) = result.as_ref().map(|path| path.arguments.as_slice()) else {
        return Some(Mode::Collect { element: item.stream(), tolerant: false });
    };
    let is_node_error = |ty: &Type| ty.path().is_some_and(|path| path.last == "NodeError");
    let (value_of, error_of) = (value.reference(), error.reference());
    let value_of = value_of.filter(|reference| !reference.is_static);
    let borrows_error = error_of.is_some_and(|reference| is_node_error(&reference.inner));
    if borrows_error || is_node_error(error) && value_of.is_some() {
        let value = value_of.map_or_else(|| value.written(), |reference| reference.inner.written());
        errors.at(
            &item.stream(),
            format!("`Collect<..>` borrows what it collects by itself; write `{name}: Collect<'_, Result<{value}, NodeError>>`"),
        );
        return None;
    }
    if is_node_error(error) {
        return Some(Mode::Collect { element: value.stream(), tolerant: true });
    }
    Some(Mode::Collect { element: item.stream(), tolerant: false })
}

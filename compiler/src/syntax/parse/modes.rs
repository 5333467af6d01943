//! How a parameter takes its value: what its type says.

use proc_macro2::{Ident, TokenStream, TokenTree};

use super::tokens::is_punct;
use super::types::{Type, TypePath};
use crate::syntax::diagnostics::Errors;
use crate::syntax::model::Mode;

/// How the type of parameter `name` takes its value; `None` where a node cannot take it, which is reported.
pub(super) fn read(node: &str, name: &str, ty: &Type, errors: &mut Errors) -> Option<Mode> {
    if let Some(place) = ty.impl_trait() {
        errors.at(
            &place,
            format!(
                "node `{node}` takes `impl Trait`, which is generic; write the concrete type, or `&dyn Trait`"
            ),
        );
        return None;
    }
    if let [star, TokenTree::Ident(kind), ..] = ty.tokens()
        && is_punct(star, '*')
        && (kind == "const" || kind == "mut")
    {
        errors.at(&ty.stream(), format!("node `{node}` takes a raw pointer; take a reference: `&T`"));
        return None;
    }
    if is_block(name, ty, errors) {
        return None;
    }
    if let Some(reference) = ty.reference() {
        if let Some(mutable) = reference.mutable {
            mutable_borrow(&mutable, errors);
            return None;
        }
        if let Some(path) = reference.inner.path()
            && path.last == "Metadata"
            && path.generic
        {
            not_yet(
                &ty.stream(),
                "`&Metadata<..>`",
                "take the node's value, or remove the parameter",
                errors,
            );
            return None;
        }
        // A run lends no value for ever, so this is a value by itself.
        if reference.is_static {
            return Some(Mode::Own(ty.stream()));
        }
        return Some(Mode::Borrow(reference.inner.stream()));
    }
    let Some(path) = ty.path() else {
        return Some(Mode::Own(ty.stream()));
    };
    let borrowed = |at: usize| path.arguments.get(at).and_then(Type::reference);
    match (path.last.to_string().as_str(), path.arguments.as_slice()) {
        ("Option", [inner]) => {
            let Some(reference) = inner.reference() else {
                return Some(Mode::OptionOwn(inner.stream()));
            };
            if let Some(mutable) = reference.mutable {
                mutable_borrow(&mutable, errors);
                return None;
            }
            if reference.is_static {
                return Some(Mode::OptionOwn(inner.stream()));
            }
            Some(Mode::OptionBorrow(reference.inner.stream()))
        }
        ("Vec", [inner]) if borrowed(0).is_some() => Some(Mode::GroupList(inner.stream())),
        ("BTreeMap", [_, value]) if borrowed(0).is_some() && borrowed(1).is_some() => {
            Some(Mode::GroupMap(value.stream()))
        }
        ("Result", [_, error])
            if error
                .reference()
                .is_some_and(|error| error.inner.path().is_some_and(|path| path.last == "NodeError")) =>
        {
            not_yet(
                &ty.stream(),
                "`Result<&T, &NodeError>`",
                "take `&T`, which runs the node only where the dependency succeeded",
                errors,
            );
            None
        }
        ("NodeContext", _) => {
            not_yet(&ty.stream(), "`NodeContext`", "remove the parameter", errors);
            None
        }
        ("Collect", _) if path.generic => collect(name, &path, errors),
        _ => Some(Mode::Own(ty.stream())),
    }
}

fn mutable_borrow(place: &Ident, errors: &mut Errors) {
    errors
        .at(place, "a node cannot change what it takes; take it by value: `mut x: T` instead of `x: &mut T`");
}

fn not_yet(place: &TokenStream, what: &str, advice: &str, errors: &mut Errors) {
    errors.at(place, format!("a parameter of type {what} is not supported yet; {advice}"));
}

/// Reports `Parallelizable<..>`, and `Collect<..>` where it is not the whole type.
fn is_block(name: &str, ty: &Type, errors: &mut Errors) -> bool {
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
fn collect(name: &str, path: &TypePath, errors: &mut Errors) -> Option<Mode> {
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

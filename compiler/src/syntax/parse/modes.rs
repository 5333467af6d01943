//! How a parameter takes its value: what its type says.

use proc_macro2::{Ident, TokenTree};

use super::tokens::is_punct;
use super::types::Type;
use super::{block, special};
use crate::syntax::diagnostics::Errors;
use crate::syntax::model::{Bind, Mode};

/// What a type says.
pub(super) struct Taken {
    pub(super) mode: Mode,
    /// What feeds the parameter, where that is not what has its name.
    pub(super) bind: Option<Bind>,
}

/// How the type of parameter `name` takes its value; `None` where a node cannot take it, which is reported.
pub(super) fn read(node: &str, name: &str, ty: &Type, errors: &mut Errors) -> Option<Taken> {
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
    if block::is_refused(name, ty, errors) || special::is_refused(name, ty, errors) {
        return None;
    }
    if let Some(taken) = special::read(name, ty, errors) {
        return taken.ok();
    }
    value(name, ty, errors).map(|mode| Taken { mode, bind: None })
}

/// How it takes the value of its provider.
fn value(name: &str, ty: &Type, errors: &mut Errors) -> Option<Mode> {
    if let Some(reference) = ty.reference() {
        if let Some(mutable) = reference.mutable {
            mutable_borrow(&mutable, errors);
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
        ("Collect", _) if path.generic => block::collect(name, &path, errors),
        _ => Some(Mode::Own(ty.stream())),
    }
}

pub(super) fn mutable_borrow(place: &Ident, errors: &mut Errors) {
    errors
        .at(place, "a node cannot change what it takes; take it by value: `mut x: T` instead of `x: &mut T`");
}

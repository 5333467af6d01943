//! The return type of a node.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;

use super::tokens::is_punct;
use super::types::Type;
use crate::syntax::diagnostics::Errors;
use crate::syntax::model::{Fails, Output};

/// Reads the return type of node `node`: the tokens after `->`, or none. `place` is that of the function's name.
pub(super) fn read(
    node: &str,
    tokens: &[TokenTree],
    fallible: bool,
    place: Span,
    errors: &mut Errors,
) -> Output {
    let Some(first) = tokens.first() else {
        return nothing(node, fallible, place, errors);
    };
    let ty = Type::new(tokens.iter().cloned());
    let span = first.span();
    let whole = || tokens.iter().cloned().collect::<TokenStream>();
    refuse(node, &ty, errors);
    let result = ty.path().filter(|path| path.last == "Result");
    let (value, fails) = match result {
        Some(path) => {
            let mut arguments = path.arguments.iter();
            let value = arguments.next().map(Type::stream);
            let error = arguments.next().map(Type::stream);
            (value, error.map_or(Fails::Somehow, Fails::With))
        }
        None if fallible => (None, Fails::Somehow),
        None => (Some(whole()), Fails::Never),
    };
    Output { ty: whole(), value, fails, span }
}

fn nothing(node: &str, fallible: bool, place: Span, errors: &mut Errors) -> Output {
    if fallible {
        errors.at_span(
            place,
            format!(
                "node `{node}` is `fallible`, but returns nothing; remove `fallible`, or return a result"
            ),
        );
    }
    Output { ty: quote!(()), value: Some(quote!(())), fails: Fails::Never, span: place }
}

/// Types that are no value of a node; at most one error.
fn refuse(node: &str, ty: &Type, errors: &mut Errors) {
    if let Some(place) = ty.impl_trait() {
        errors.at(
            &place,
            format!("node `{node}` returns `impl Trait`, a type without a name; write its name, or return `Box<dyn Trait>`"),
        );
    } else if let Some(place) = ty.borrow() {
        let advice = if ty.reference().is_some() { "return an owned value" } else { "return owned values" };
        errors.at(&place, format!("node `{node}` returns a reference, which nothing keeps alive; {advice}"));
    } else if let [never] = ty.tokens()
        && is_punct(never, '!')
    {
        errors.at(
            never,
            format!("node `{node}` never returns, so it has no value; return one, or remove `#[node]`"),
        );
    } else if let Some(path) = ty.path()
        && path.last == "Parallelizable"
        && path.generic
    {
        errors.at(
            &ty.stream(),
            "`Parallelizable<..>` is not supported yet; return a `Vec<T>`, and work on its elements in one node",
        );
    } else if let Some(path) = ty.path()
        && path.last == "Result"
        && let Some(inner) = path.arguments.first().and_then(Type::path)
        && inner.last == "Parallelizable"
        && inner.generic
    {
        errors.at(
            &ty.stream(),
            "`Parallelizable<..>` is not supported yet; return a `Vec<T>`, and work on its elements in one node",
        );
    }
}

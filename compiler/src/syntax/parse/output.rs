//! The return type of a node.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;

use super::tokens::{is_punct, neat};
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
        if fallible {
            errors.at_span(
                place,
                format!(
                    "node `{node}` is `fallible`, but returns nothing; remove `fallible`, or return a result"
                ),
            );
        }
        return nothing(Some(quote!(())), place);
    };
    let ty = Type::new(tokens.iter().cloned());
    let span = first.span();
    let whole = || tokens.iter().cloned().collect::<TokenStream>();
    if is_refused(node, &ty, errors) {
        // Nothing may be generated from such a type: rustc would refuse it once more.
        return nothing(Some(quote!(())), span);
    }
    let result = ty.path().filter(|path| path.last == "Result");
    let (value, fails) = match result {
        Some(path) => {
            let mut arguments = path.arguments.iter();
            let value = arguments.next().map(Type::stream);
            let error = arguments.next().map(Type::stream);
            (value, error.map_or(Fails::Somehow, Fails::With))
        }
        None if fallible && is_surely_no_result(&ty) => {
            errors.at(
                &whole(),
                format!(
                    "node `{node}` is `fallible`, but returns `{}`, which is no result; remove `fallible`, or return a result",
                    neat(ty.tokens())
                ),
            );
            (Some(whole()), Fails::Never)
        }
        None if fallible => (None, Fails::Somehow),
        None => (Some(whole()), Fails::Never),
    };
    let block = value.clone().map(Type::new).filter(opens_block);
    let Some(block) = block else { return Output { ty: whole(), value, expands: false, fails, span } };
    let mut items = block.path().map(|path| path.arguments).unwrap_or_default();
    match (items.pop(), items.pop()) {
        (Some(item), None) => Output { ty: whole(), value: Some(item.stream()), expands: true, fails, span },
        _ => {
            errors.leave_to_rustc(); // It has one argument, and lacks it or has more.
            nothing(None, span)
        }
    }
}

/// `Parallelizable<T>`.
fn opens_block(ty: &Type) -> bool {
    ty.path().is_some_and(|path| path.last == "Parallelizable" && path.generic)
}

/// Whether a type is known not to be a result under another name.
fn is_surely_no_result(ty: &Type) -> bool {
    const KNOWN: [&str; 28] = [
        "Vec",
        "String",
        "Option",
        "Box",
        "Arc",
        "HashMap",
        "BTreeMap",
        "HashSet",
        "BTreeSet",
        "PathBuf",
        "bool",
        "char",
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
        "Cow",
        "Parallelizable",
    ];
    match ty.path() {
        Some(path) => KNOWN.contains(&path.last.to_string().as_str()),
        None => ty.tuple().is_some() || ty.reference().is_some(),
    }
}

fn nothing(value: Option<TokenStream>, span: Span) -> Output {
    Output { ty: quote!(()), value, expands: false, fails: Fails::Never, span }
}

/// Reports a type that is no value of a node, once.
fn is_refused(node: &str, ty: &Type, errors: &mut Errors) -> bool {
    let of_result =
        ty.path().filter(|path| path.last == "Result").and_then(|path| path.arguments.into_iter().next());
    let expands = opens_block(ty) || of_result.is_some_and(|value| opens_block(&value));
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
    } else if let Some(inner) = ty.generics_of("Parallelizable").get(usize::from(expands)) {
        let advice = if expands {
            "yield items, and let a node that takes one return `Parallelizable<T>` again"
        } else {
            "return `Parallelizable<T>` or `Result<Parallelizable<T>, E>`"
        };
        errors.at(inner, format!("`Parallelizable<..>` inside of another type opens no block; {advice}"));
    } else {
        return false;
    }
    true
}

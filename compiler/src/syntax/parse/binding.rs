//! What feeds a parameter: `source(x)`, `value(expr)`, `group(..)`, as attributes of parameters and inside of
//! `#[inject]` and `#[parameterize]`.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

use super::settings::{self, Value};
use super::tokens::{is_punct, split_list};
use super::{rust, tags};
use crate::graph::did_you_mean;
use crate::syntax::diagnostics::Errors;
use crate::syntax::model::Bind;
use crate::syntax::text::name_of;

/// What stands for a binding that could not be read. Its error is reported; as a constant it is no edge, so that
/// no other rule has anything to say about it.
pub(super) fn unreadable() -> Bind {
    Bind::Value(TokenStream::new())
}

/// `source(x)`, `value(expr)` or `group(..)`.
pub(super) fn read(tokens: Vec<TokenTree>, errors: &mut Errors) -> Bind {
    match tokens.as_slice() {
        [TokenTree::Ident(kind), TokenTree::Group(arguments)]
            if arguments.delimiter() == Delimiter::Parenthesis =>
        {
            let kind_text = kind.to_string();
            match kind_text.as_str() {
                "source" => source(kind.span(), arguments, errors),
                "value" => value(kind.span(), arguments, errors),
                "group" => group(kind.span(), arguments, errors),
                wrong => {
                    let advice = did_you_mean(
                        wrong,
                        ["source", "value", "group"],
                        "write `source(name)`, `value(expr)` or `group(a, b)`",
                    );
                    errors.at(kind, format!("`{wrong}` feeds no parameter; {advice}"));
                    unreadable()
                }
            }
        }
        _ => {
            let tokens: TokenStream = tokens.into_iter().collect();
            let text = settings::excerpt(&tokens);
            errors.at(
                &tokens,
                format!(
                    "`{text}` does not say what it is; write `source({text})` for a node, `value({text})` for a constant"
                ),
            );
            unreadable()
        }
    }
}

/// The name in `source(name)`.
pub(super) fn source(place: Span, arguments: &Group, errors: &mut Errors) -> Bind {
    let tokens: Vec<_> = arguments.stream().into_iter().collect();
    if let [TokenTree::Ident(name)] = tokens.as_slice() {
        return Bind::Name(name_of(name));
    }
    if tokens.is_empty() {
        errors.at_span(place, "`source` needs the name of a node or an input; write `source(name)`");
    } else {
        errors.at(&arguments.stream(), "`source` takes the name of one node or input; write `source(name)`");
    }
    unreadable()
}

/// The expression in `value(expr)`.
pub(super) fn value(place: Span, arguments: &Group, errors: &mut Errors) -> Bind {
    expression("value", place, arguments, errors).map_or_else(unreadable, Bind::Value)
}

/// The one expression in the parentheses of `value(..)` and `default(..)`.
pub(super) fn expression(
    owner: &str,
    place: Span,
    arguments: &Group,
    errors: &mut Errors,
) -> Option<TokenStream> {
    let tokens = arguments.stream();
    if tokens.is_empty() {
        errors.at_span(place, format!("`{owner}` needs an expression; write `{owner}(30)`"));
        return None;
    }
    if !is_one_expression(&tokens) {
        errors.at(&tokens, format!("`{owner}` takes one expression; write `{owner}(30)`"));
        return None;
    }
    Some(tokens)
}

/// Something that is an expression; two with a comma between them are none.
pub(super) fn is_one_expression(tokens: &TokenStream) -> bool {
    let comma = |token: Option<TokenTree>| token.is_none_or(|token| is_punct(&token, ','));
    let mut ends = tokens.clone().into_iter();
    !comma(ends.next())
        && !ends.last().is_some_and(|last| is_punct(&last, ','))
        && rust::is_expression(tokens)
}

/// The names in `group(a, b)`, or the tag in `group(tag(stage = "final"))`.
pub(super) fn group(place: Span, arguments: &Group, errors: &mut Errors) -> Bind {
    let tokens: Vec<_> = arguments.stream().into_iter().collect();
    if let [TokenTree::Ident(tag), TokenTree::Group(inner)] = tokens.as_slice()
        && tag == "tag"
        && inner.delimiter() == Delimiter::Parenthesis
    {
        return group_tag(place, tag, inner, errors);
    }
    let n_pieces = split_list(tokens.iter().cloned()).len();
    let names = settings::names(arguments.stream(), "group(a, b)` or `group(tag(stage = \"final\"))", errors);
    if names.len() < n_pieces {
        return unreadable();
    }
    Bind::Group(names, place)
}

fn group_tag(place: Span, tag: &Ident, inner: &Group, errors: &mut Errors) -> Bind {
    const FORM: &str = "group(tag(stage = \"final\"))` or `group(tag(stage))";
    let mut pieces = split_list(inner.stream());
    let (Some(piece), None) = (pieces.pop(), pieces.pop()) else {
        errors.at(tag, format!("a group has one tag; write `{FORM}`"));
        return unreadable();
    };
    let Some((name, value)) = tags::key_and_value(piece, FORM, errors) else {
        return unreadable(); // Reported by `key_and_value`.
    };
    let value = match value {
        Value::None => None,
        Value::Is(tokens) => match tags::strings(&tokens, &name, errors) {
            Some(mut values) if values.len() == 1 => values.pop(),
            Some(_) => {
                errors.at_span(name.span, format!("a group has one value of a tag; write `{FORM}`"));
                return unreadable();
            }
            None => return unreadable(), // Reported by `strings`.
        },
        Value::List(_) => {
            errors.at_span(name.span, format!("tag `{}` takes no arguments; write `{FORM}`", name.text));
            return unreadable();
        }
    };
    Bind::GroupTag { key: name.text, value, span: place }
}

//! The parameters of a node.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::quote;

use super::attributes::{self, Arguments, Attribute, Place};
use super::items::{Item, Kind};
use super::tokens::{Tokens, is_ident, is_punct, neat, split_types};
use super::types::Type;
use super::{binding, modes};
use crate::syntax::diagnostics::Errors;
use crate::syntax::model::{Bind, Mode, Name, Param};
use crate::syntax::text::name_of;

/// Reads the parameters of node `node`. Those that have no name, or are no parameters of a node at all, are
/// reported and left out.
pub(super) fn read(node: &str, params: &Group, errors: &mut Errors) -> Vec<Param> {
    split_types(params.stream()).into_iter().filter_map(|tokens| param(node, tokens, errors)).collect()
}

/// The `self` of a method.
pub(super) fn receiver_of(item: &Item) -> Option<TokenStream> {
    let Kind::Function { params, .. } = item.kind else { return None };
    let Some(TokenTree::Group(params)) = item.tokens.get(params) else { return None };
    let mut tokens = Tokens::new(params.stream());
    attributes::outer(&mut tokens);
    receiver(&tokens)
}

/// The parameters without `self` and `...`, which a free function does not have: rustc would refuse it once more.
/// `None` where there is neither.
pub(super) fn without_refused(params: &Group) -> Option<Vec<Vec<TokenTree>>> {
    let mut found = false;
    let mut kept = split_types(params.stream());
    kept.retain(|tokens| {
        let mut tokens = Tokens::new(tokens.iter().cloned());
        attributes::outer(&mut tokens);
        let start: Vec<_> = (0..3).map_while(|n| tokens.ahead(n)).cloned().collect();
        let refused = receiver(&tokens).is_some() || dots(&start) || {
            while tokens.colon().is_none() && tokens.next().is_some() {}
            dots(&tokens.rest())
        };
        found |= refused;
        !refused
    });
    found.then_some(kept)
}

/// Whether one of them is `...`.
pub(super) fn are_variadic(params: &Group) -> bool {
    params.stream().into_iter().filter(|token| is_punct(token, '.')).count() >= 3
}

fn param(node: &str, tokens: Vec<TokenTree>, errors: &mut Errors) -> Option<Param> {
    let mut tokens = Tokens::new(tokens);
    let mut attributes = attributes::outer(&mut tokens);
    attributes::correct(&mut attributes, Place::Parameter, errors);
    let name = name(node, &mut tokens, errors)?;
    let ty_tokens = tokens.rest();
    if dots(&ty_tokens) {
        variadic(&ty_tokens, errors);
        return None;
    }
    let ty = Type::new(ty_tokens.iter().cloned());
    let taken = if ty.is_whole() {
        modes::read(node, &name.text, &ty, errors)
    } else {
        errors.leave_to_rustc(); // A comma is missing, or the type itself.
        None
    };
    let readable = taken.is_some();
    let (mode, bind) = match taken {
        Some(taken) => (taken.mode, taken.bind.unwrap_or_else(|| Bind::Name(name.clone()))),
        // What is refused is reported: as a constant it needs no node, so no other rule speaks up.
        None => (Mode::Own(ty.stream()), binding::unreadable()),
    };
    let mut param = Param { name, ty: ty_tokens.into_iter().collect(), mode, bind, default: None };
    own_attributes(&mut param, &attributes, readable, errors);
    Some(param)
}

/// Reads up to the colon: `name:` or `mut name:`.
fn name(node: &str, tokens: &mut Tokens, errors: &mut Errors) -> Option<Name> {
    if let Some(receiver) = receiver(tokens) {
        errors.at(
            &receiver,
            format!("node `{node}` takes `self`, but a node is a function; take what it needs as parameters"),
        );
        return None;
    }
    let start: Vec<_> = (0..3).map_while(|n| tokens.ahead(n)).cloned().collect();
    if dots(&start) {
        variadic(&start, errors);
        return None;
    }
    let mut pattern = Vec::new();
    loop {
        if tokens.colon().is_some() {
            break;
        }
        let Some(token) = tokens.next() else {
            errors.leave_to_rustc(); // The type is missing.
            return None;
        };
        pattern.push(token);
    }
    let ident = match pattern.as_slice() {
        [TokenTree::Ident(ident)] => Some(ident),
        [keyword, TokenTree::Ident(ident)] if is_ident(keyword, "mut") => Some(ident),
        _ => None,
    };
    match ident {
        Some(ident) if ident == "_" => {
            errors.at(ident, format!("a parameter of node `{node}` has no name; give it the name of what it takes, or remove it"));
            None
        }
        Some(ident) => Some(name_of(ident)),
        None => {
            let text = neat(&pattern);
            let pattern: TokenStream = pattern.into_iter().collect();
            errors.at(
                &pattern,
                format!(
                    "a parameter of node `{node}` is a pattern, so it names no dependency; write `name: Type`, and `let {text} = name;` in the body"
                ),
            );
            None
        }
    }
}

/// `self` in any of its forms, with what stands before it.
fn receiver(tokens: &Tokens) -> Option<TokenStream> {
    let mut receiver = Vec::new();
    for n in 0.. {
        let token = tokens.ahead(n)?;
        receiver.push(token.clone());
        match token {
            TokenTree::Ident(ident) if ident == "self" => return Some(receiver.into_iter().collect()),
            TokenTree::Ident(ident) if ident == "mut" => {}
            // The name of a lifetime.
            TokenTree::Ident(_)
                if n > 0 && tokens.ahead(n - 1).is_some_and(|token| is_punct(token, '\'')) => {}
            TokenTree::Punct(punct) if matches!(punct.as_char(), '&' | '\'') => {}
            _ => return None,
        }
    }
    None
}

fn dots(tokens: &[TokenTree]) -> bool {
    tokens.len() >= 3 && tokens[..3].iter().all(|token| is_punct(token, '.'))
}

fn variadic(tokens: &[TokenTree], errors: &mut Errors) {
    let tokens: TokenStream = tokens.iter().take(3).cloned().collect();
    errors.at(
        &tokens,
        "a node is not variadic; take many nodes as one parameter: `#[group(a, b)] all: Vec<&T>`",
    );
}

/// `#[source]`, `#[value]`, `#[group]`, `#[default]` and what must not stand on a parameter. `readable`: whether
/// the type was understood; if not, nothing more is said about what feeds it.
fn own_attributes(param: &mut Param, attributes: &[Attribute], readable: bool, errors: &mut Errors) {
    let mut bound: Option<&str> = None;
    let mut has_default = false;
    for attribute in attributes {
        let name = attribute.name.as_str();
        let text = &param.name.text;
        match name {
            "source" | "value" | "group" | "default" if param.mode.says_what_feeds() => {
                errors.at(attribute, fed_by_type(param));
            }
            "source" | "value" | "group" => {
                if let Some(first) = bound {
                    errors.at(attribute, if first == name {
                        format!("`#[{name}]` stands twice on parameter `{text}`; keep one")
                    } else {
                        format!("parameter `{text}` is fed twice, by `#[{first}]` and by `#[{name}]`; keep one")
                    });
                    continue;
                }
                bound = Some(name);
                let bind = bind(attribute, errors);
                if readable {
                    param.bind = bind;
                }
            }
            "default" if has_default => {
                errors.at(attribute, format!("`#[default]` stands twice on parameter `{text}`; keep one"));
            }
            "default" => {
                has_default = true;
                default(param, attribute, errors);
            }
            _ => foreign(text, attribute, errors),
        }
    }
    if let (Some(bound @ ("value" | "group")), Some(default)) = (bound, &param.default) {
        let text = &param.name.text;
        errors.at(default, format!("the default of parameter `{text}` is never used, as `#[{bound}]` feeds it; remove `#[default]`"));
    }
}

/// The words for what feeds a parameter whose type says that already.
pub(super) fn fed_by_type(param: &Param) -> String {
    let name = &param.name.text;
    match &param.bind {
        Bind::Name(node) => format!(
            "parameter `{name}` takes the metadata of `{}`, as its type says; name another node there: `&Metadata<node>`",
            node.text
        ),
        _ => format!("parameter `{name}` is the run's context, which nothing feeds; remove this"),
    }
}

fn bind(attribute: &Attribute, errors: &mut Errors) -> Bind {
    let Some((arguments, place)) = arguments(attribute, errors) else {
        return binding::unreadable(); // Reported by `arguments`.
    };
    match attribute.name.as_str() {
        "source" => binding::source(place, &arguments, errors),
        "value" => binding::value(place, &arguments, errors),
        _ => binding::group(place, &arguments, errors),
    }
}

fn default(param: &mut Param, attribute: &Attribute, errors: &mut Errors) {
    let Some((arguments, place)) = arguments(attribute, errors) else {
        param.default = Some(unread());
        return; // Reported by `arguments`.
    };
    let name = &param.name.text;
    let never_used = match param.mode {
        Mode::OptionBorrow(_) | Mode::OptionOwn(_) => Some(format!(
            "parameter `{name}` is optional, so it is `None` where nothing feeds it; remove `#[default]`, or write `{name}: T`"
        )),
        Mode::Collect { .. } => Some(format!(
            "parameter `{name}` collects a block, which is empty where there are no items; remove `#[default]`"
        )),
        Mode::Tolerant(_) => Some(format!(
            "parameter `{name}` is there in any case, as a value or an error; remove `#[default]`, and say in the body what stands for an error"
        )),
        _ => None,
    };
    if let Some(message) = never_used {
        errors.at(attribute, message);
        return;
    }
    param.default = Some(binding::expression("default", place, &arguments, errors).unwrap_or_else(unread));
}

/// What stands for a default that could not be read: the parameter needs no provider all the same.
fn unread() -> TokenStream {
    quote!(::core::unreachable!())
}

/// The parentheses of an attribute on a parameter or a field, and the place of the attribute.
pub(super) fn arguments(attribute: &Attribute, errors: &mut Errors) -> Option<(Group, proc_macro2::Span)> {
    let name = &attribute.name;
    let empty = match &attribute.arguments {
        // A group of nothing has a name, an error, of its own: see the rules about graphs.
        Arguments::List(group) if name == "group" || !group.stream().is_empty() => {
            return Some((group.clone(), attribute.span()));
        }
        Arguments::List(_) | Arguments::None => true,
        Arguments::Value(_) | Arguments::Other => false,
    };
    let form = match name.as_str() {
        "source" => "source(name)",
        "group" => "group(a, b)",
        "value" => "value(30)",
        _ => "default(30)",
    };
    let fact = if empty { "is empty" } else { "takes its argument in parentheses" };
    errors.at(attribute, format!("`#[{name}]` {fact}; write `#[{form}]`"));
    None
}

/// Attributes that are none of a parameter's.
fn foreign(param: &str, attribute: &Attribute, errors: &mut Errors) {
    let name = &attribute.name;
    if attribute.is_cfg() {
        errors.at(
            attribute,
            format!("`#[{name}]` on parameter `{param}` is not possible: the graph is checked before `cfg` is decided; use `cfg!(..)` in the body"),
        );
    } else if let Some(place) = attribute.place() {
        errors.at(
            attribute,
            format!("`#[{name}]` has no meaning on parameter `{param}`; {}", place.advice(name)),
        );
    } else if attribute.not_yet().is_some() {
        errors.at(
            attribute,
            format!(
                "`#[{name}]` has no meaning on parameter `{param}`; it belongs on a function with `#[node]`"
            ),
        );
    }
}

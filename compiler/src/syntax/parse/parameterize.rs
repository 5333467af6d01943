//! `#[parameterize(..)]`, `#[parameterize_sources(..)]`, `#[parameterize_values(..)]` and `#[inject(..)]`: what
//! feeds the parameters, said for the whole function.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

use super::attributes::{self, Attribute};
use super::settings::{self, Setting, Value};
use super::tokens::{Tokens, is_punct, split_list};
use super::{binding, docs, params};
use crate::graph::did_you_mean;
use crate::syntax::diagnostics::Errors;
use crate::syntax::model::{Bind, Instance, Name, Param};
use crate::syntax::text::name_of;

/// What the attributes need to know of their function.
pub(super) struct Owner<'a> {
    /// The function's name, for messages.
    pub(super) name: &'a str,
    pub(super) doc: &'a str,
    pub(super) params: &'a [Param],
}

/// `#[inject(..)]`: feeds parameters of the function itself.
pub(super) fn inject(
    attribute: &Attribute,
    name: &str,
    params: &mut [Param],
    seen: &mut BTreeSet<String>,
    errors: &mut Errors,
) {
    let Some(group) = settings::list(attribute, "inject(param = source(node))", errors) else {
        return; // Reported by `list`.
    };
    let mut wrong = false;
    for setting in settings::read(group.stream(), "param = source(node)", errors) {
        let Some(param) = find(name, params, &setting.name(), errors) else {
            wrong = true;
            continue; // Reported by `find`.
        };
        if !settings::once(seen, &setting.name(), "parameter", errors) {
            continue; // Reported by `once`.
        }
        let bind = match setting.value {
            Value::Is(tokens) if !tokens.is_empty() => binding::read(tokens, errors),
            _ => {
                needs_binding(&setting.key, errors);
                binding::unreadable()
            }
        };
        let param = &mut params[param];
        match &param.bind {
            Bind::Name(own) if own.text == param.name.text => feed(param, bind),
            Bind::Value(unreadable) if unreadable.is_empty() => {} // Reported where it was read.
            _ => errors.at(
                &setting.key,
                format!(
                    "parameter `{}` is fed twice, by its own attribute and by `#[inject]`; keep one",
                    param.name.text
                ),
            ),
        }
    }
    if wrong {
        lose(params, seen);
    }
}

/// A parameter was named wrongly. Which one was meant is not known, so nothing is to be said about those that
/// nothing else feeds.
fn lose(params: &mut [Param], named: &BTreeSet<String>) {
    for param in params.iter_mut().filter(|param| !named.contains(&param.name.text)) {
        if matches!(&param.bind, Bind::Name(own) if own.text == param.name.text) {
            param.bind = binding::unreadable();
        }
    }
}

/// `#[parameterize(..)]`, `#[parameterize_sources(..)]` or `#[parameterize_values(..)]`: adds its nodes.
pub(super) fn read(
    attribute: &Attribute,
    owner: &Owner<'_>,
    instances: &mut Vec<Instance>,
    errors: &mut Errors,
) {
    let form = form(&attribute.name);
    let Some(group) = settings::list(attribute, form, errors) else {
        return; // Reported by `list`.
    };
    let mut seen = BTreeSet::new();
    let mut new = if attribute.name == "parameterize_values" {
        values(group.stream(), owner, errors)
    } else {
        let sources = attribute.name == "parameterize_sources";
        split_list(group.stream())
            .into_iter()
            .filter_map(|piece| instance(piece, owner, sources, form, errors))
            .collect()
    };
    new.retain(|instance| settings::once(&mut seen, &instance.name, "node", errors));
    instances.append(&mut new);
}

fn form(name: &str) -> &'static str {
    match name {
        "parameterize_sources" => "parameterize_sources(node = { param: other_node })",
        "parameterize_values" => "parameterize_values(param, node = 30)",
        _ => "parameterize(node = { param: source(other_node), param: value(30) })",
    }
}

/// `/// doc` and `node = { .. }`.
fn instance(
    piece: Vec<TokenTree>,
    owner: &Owner<'_>,
    sources: bool,
    form: &str,
    errors: &mut Errors,
) -> Option<Instance> {
    let mut tokens = Tokens::new(piece);
    let attributes = attributes::outer(&mut tokens);
    for attribute in attributes.iter().filter(|attribute| attribute.name != "doc") {
        errors.at(attribute, "only a doc comment can stand here; remove it");
    }
    let rest = tokens.rest();
    if rest.is_empty() {
        return None; // A doc comment at the end: rustc lets it stand, so do we.
    }
    match settings::one(rest) {
        Ok(Setting { key, value: Value::Is(ref value) })
            if let [TokenTree::Group(group)] = value.as_slice()
                && group.delimiter() == Delimiter::Brace =>
        {
            let params = bindings(group.stream(), owner, sources, errors);
            Some(make(name_of(&key), &docs::doc(&attributes), owner, params))
        }
        Ok(Setting { key, .. }) => {
            errors.at(&key, format!("node `{key}` has no braces; write `#[{form}]`"));
            None
        }
        Err(tokens) => {
            let text = settings::excerpt(&tokens);
            errors.at(&tokens, format!("`{text}` is no node; write `#[{form}]`"));
            None
        }
    }
}

/// `{ param: source(x), param: value(30) }`: all parameters of the function, those named here fed so.
fn bindings(tokens: TokenStream, owner: &Owner<'_>, sources: bool, errors: &mut Errors) -> Vec<Param> {
    let mut params = owner.params.to_vec();
    let mut seen = BTreeSet::new();
    let mut wrong = false;
    for piece in split_list(tokens) {
        let mut tokens = Tokens::new(piece.iter().cloned());
        let (Some(key), true) = (tokens.ident(), tokens.colon().is_some() || tokens.equals().is_some())
        else {
            let piece: TokenStream = piece.into_iter().collect();
            let form = if sources { "param: other_node" } else { "param: source(other_node)" };
            errors.at(&piece, format!("`{}` feeds no parameter; write `{form}`", settings::excerpt(&piece)));
            wrong = true;
            continue;
        };
        let name = name_of(&key);
        let Some(param) = find(owner.name, &params, &name, errors) else {
            wrong = true;
            continue; // Reported by `find`.
        };
        if !settings::once(&mut seen, &name, "parameter", errors) {
            continue; // Reported by `once`.
        }
        let tokens = tokens.rest();
        let bind = match tokens.as_slice() {
            [TokenTree::Ident(source)] if sources => Bind::Name(name_of(source)),
            [] => {
                errors.at(
                    &key,
                    format!("parameter `{key}` is fed by nothing; write `{key}: source(other_node)`"),
                );
                binding::unreadable()
            }
            _ if sources => {
                let tokens: TokenStream = tokens.into_iter().collect();
                errors.at(
                    &tokens,
                    format!(
                        "`{}` is no name of a node; write one, or use `#[parameterize]`",
                        settings::excerpt(&tokens)
                    ),
                );
                binding::unreadable()
            }
            _ => binding::read(tokens, errors),
        };
        feed(&mut params[param], bind);
    }
    if wrong {
        lose(&mut params, &seen);
    }
    params
}

/// `param, node = value, node = value`.
fn values(tokens: TokenStream, owner: &Owner<'_>, errors: &mut Errors) -> Vec<Instance> {
    let mut tokens = Tokens::new(tokens);
    let Some(key) = tokens.ident().filter(|_| tokens.punct(',').is_some() || tokens.peek().is_none()) else {
        let rest: TokenStream = tokens.rest().into_iter().collect();
        errors.at(&rest, "the parameter is missing; write `#[parameterize_values(param, node = 30)]`");
        return Vec::new();
    };
    if tokens.peek().is_none() {
        errors.at(&key, format!("no node is named; write `#[parameterize_values({key}, node = 30)]`"));
        return Vec::new();
    }
    // If there is no such parameter, the nodes are there all the same: others may need them.
    let param = find(owner.name, owner.params, &name_of(&key), errors);
    let mut instances = Vec::new();
    while tokens.peek().is_some() {
        let attributes = attributes::outer(&mut tokens);
        let mut piece = Vec::new();
        while let Some(token) = tokens.next() {
            // Any other comma stands within an expression: `|a, b| a + b`.
            if is_punct(&token, ',') && starts_node(&tokens) {
                break;
            }
            piece.push(token);
        }
        match settings::one(piece) {
            Ok(Setting { key, value: Value::Is(value) })
                if binding::is_one_expression(&value.iter().cloned().collect()) =>
            {
                let mut params = owner.params.to_vec();
                match param {
                    Some(param) => feed(&mut params[param], Bind::Value(value.into_iter().collect())),
                    None => params.iter_mut().for_each(|param| param.bind = binding::unreadable()),
                }
                instances.push(make(name_of(&key), &docs::doc(&attributes), owner, params));
            }
            Ok(Setting { key, .. }) => {
                errors.at(&key, format!("node `{key}` needs one value; write `{key} = 30`"));
            }
            Err(tokens) => {
                let text = settings::excerpt(&tokens);
                errors.at(&tokens, format!("`{text}` is no node with its value; write `node = 30`"));
            }
        }
    }
    instances
}

/// Whether the next tokens are doc comments, or a name and `=`, or nothing more.
fn starts_node(tokens: &Tokens) -> bool {
    let assigns = matches!(tokens.ahead(0), Some(TokenTree::Ident(_)))
        && tokens.ahead(1).is_some_and(|token| is_punct(token, '='))
        && !tokens.ahead(2).is_some_and(|token| is_punct(token, '=') || is_punct(token, '>'));
    assigns || attributes::starts_attribute(tokens, 0) || tokens.peek().is_none()
}

fn make(name: Name, own_doc: &str, owner: &Owner<'_>, params: Vec<Param>) -> Instance {
    let template = if own_doc.is_empty() { owner.doc } else { own_doc };
    let doc = docs::fill(template, &name.text, &params);
    Instance { name, doc, params }
}

/// The place of the parameter of that name, if it can be fed.
fn find(owner: &str, params: &[Param], name: &Name, errors: &mut Errors) -> Option<usize> {
    let found = params.iter().position(|param| param.name.text == name.text);
    if found.is_none() {
        let advice = did_you_mean(
            &name.text,
            params.iter().map(|param| param.name.text.as_str()),
            "name one of its parameters",
        );
        errors.at_span(name.span, format!("`{}` is no parameter of `{owner}`; {advice}", name.text));
    }
    let found = found?;
    if params[found].mode.says_what_feeds() {
        errors.at_span(name.span, params::fed_by_type(&params[found]));
        return None;
    }
    Some(found)
}

fn feed(param: &mut Param, bind: Bind) {
    if !matches!(bind, Bind::Name(_)) {
        param.default = None; // A default is for what may be missing.
    }
    param.bind = bind;
}

fn needs_binding(key: &Ident, errors: &mut Errors) {
    errors.at(key, format!("parameter `{key}` is fed by nothing; write `{key} = source(other_node)`"));
}

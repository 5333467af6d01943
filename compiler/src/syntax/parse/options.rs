//! The options of `#[dataflow(..)]` and of `#[node(..)]`.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::quote;
use syn::Lit;
use syn::ext::IdentExt;
use syn::parse::Parser;

use super::duration;
use super::entries;
use super::settings::{self, Setting, Value};
use super::tokens::{is_punct, string};
use crate::graph::did_you_mean;
use crate::syntax::diagnostics::Errors;
use crate::syntax::model::{Name, Options};

/// Reads the options of `#[dataflow(..)]`.
pub(super) fn dataflow(tokens: TokenStream, errors: &mut Errors) -> Options {
    let mut options = Options::default();
    let mut seen = BTreeSet::new();
    for setting in
        settings::read(tokens, "export`, `crate = path` or `compile(score = (risk, price))", errors)
    {
        let name = setting.name();
        if !settings::once(&mut seen, &name, "option", errors) {
            continue; // Reported by `once`.
        }
        match (name.text.as_str(), &setting.value) {
            ("export", Value::None) => options.export = true,
            ("export", _) => takes_nothing(&setting, errors),
            ("crate", Value::Is(path)) if is_path(path) => {
                options.krate = Some(path.iter().cloned().collect());
            }
            ("crate", _) => errors.at(&setting.key, "`crate` needs a path; write `crate = my::millstream`"),
            ("compile", _) => options.entries = entries::read(&setting, errors),
            ("depends_on" | "untracked", _) => {
                errors.at(&setting.key, format!("`{}` is not supported yet; remove it", name.text));
            }
            _ => unknown("dataflow", &setting, &["export", "crate", "compile"], errors),
        }
    }
    options
}

/// What stands in `#[node(..)]`.
#[derive(Default)]
pub(super) struct NodeOptions {
    pub(super) name: Option<Name>,
    pub(super) version: Option<u64>,
    pub(super) fallible: bool,
    pub(super) overrides: bool,
    pub(super) retries: Option<u32>,
    pub(super) timeout: Option<Duration>,
}

/// All options of `#[node(..)]`.
const NODE: [&str; 6] = ["name", "version", "retries", "timeout", "fallible", "overrides"];

/// Reads the options of `#[node(..)]`.
pub(super) fn node(tokens: TokenStream, errors: &mut Errors) -> NodeOptions {
    let mut options = NodeOptions::default();
    let mut seen = BTreeSet::new();
    let forms = "name = \"..\"`, `version = 1`, `retries = 3`, `timeout = \"5s\"`, `fallible` or `overrides";
    for setting in settings::read(tokens, forms, errors) {
        let name = setting.name();
        if !settings::once(&mut seen, &name, "option", errors) {
            continue; // Reported by `once`.
        }
        match (name.text.as_str(), &setting.value) {
            ("fallible", Value::None) => options.fallible = true,
            ("overrides", Value::None) => options.overrides = true,
            ("fallible" | "overrides", _) => takes_nothing(&setting, errors),
            ("name", value) => options.name = node_name(&setting, value, errors),
            ("version", value) => options.version = number(&setting, value, 2, errors),
            ("retries", value) => options.retries = number(&setting, value, 3, errors),
            ("timeout", value) => options.timeout = duration::read(&setting, value, errors),
            _ => unknown("node", &setting, &NODE, errors),
        }
    }
    options
}

fn node_name(setting: &Setting, value: &Value, errors: &mut Errors) -> Option<Name> {
    if let Value::Is(tokens) = value
        && let [token] = tokens.as_slice()
        && let Some(text) = string(token)
    {
        if is_name(&text) {
            return Some(Name { text, span: token.span() });
        }
        errors.at(
            token,
            format!("`{text}` is no identifier, so nothing can depend on it; write letters, digits and `_`"),
        );
    } else {
        errors.at(&setting.key, "`name` needs a string; write `name = \"other_name\"`");
    }
    None
}

/// Whether an identifier can be made of the text, with `r#` if need be.
pub(super) fn is_name(text: &str) -> bool {
    // Looked at first so that the lexer gets nothing but a word or a number.
    let letters = text.chars().all(|character| character == '_' || character.is_alphanumeric());
    letters
        && !matches!(text, "_" | "self" | "Self" | "super" | "crate")
        && syn::Ident::parse_any.parse_str(text).is_ok()
}

/// A whole number that the type holds; `example` is one.
fn number<T: FromStr<Err: Display>>(
    setting: &Setting,
    value: &Value,
    example: u8,
    errors: &mut Errors,
) -> Option<T> {
    let number = match value {
        Value::Is(tokens) => match tokens.as_slice() {
            [TokenTree::Literal(literal)] => integer(literal),
            _ => None,
        },
        _ => None,
    };
    if number.is_none() {
        let key = &setting.key;
        errors.at(key, format!("`{key}` needs a whole number; write `{key} = {example}`"));
    }
    number
}

fn integer<T: FromStr<Err: Display>>(literal: &Literal) -> Option<T> {
    match Lit::new(literal.clone()) {
        Lit::Int(number) => number.base10_parse().ok(),
        _ => None,
    }
}

fn is_path(tokens: &[TokenTree]) -> bool {
    matches!(tokens.last(), Some(TokenTree::Ident(_)))
        && tokens.iter().all(|token| matches!(token, TokenTree::Ident(_)) || is_punct(token, ':'))
        && syn::Path::parse_mod_style.parse2(quote!(#(#tokens)*)).is_ok()
}

fn takes_nothing(setting: &Setting, errors: &mut Errors) {
    let key = &setting.key;
    errors.at(key, format!("`{key}` takes no value; write `{key}` alone"));
}

fn unknown(owner: &str, setting: &Setting, known: &[&str], errors: &mut Errors) {
    let name = setting.name().text;
    let all: Vec<_> = known.iter().map(|option| format!("`{option}`")).collect();
    let advice = did_you_mean(&name, known.iter().copied(), &format!("its options are {}", all.join(", ")));
    errors.at(&setting.key, format!("`{name}` is no option of `#[{owner}]`; {advice}"));
}

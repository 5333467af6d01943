//! Lists of settings: `key`, `key = ..`, `key(..)`, the form of nearly all arguments of our attributes.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

use super::attributes::{Arguments, Attribute};
use super::tokens::{Tokens, split_list};
use crate::syntax::diagnostics::Errors;
use crate::syntax::model::Name;
use crate::syntax::text::name_of;
use crate::syntax::text::text;

/// One setting.
pub(super) struct Setting {
    pub(super) key: Ident,
    pub(super) value: Value,
}

/// What stands behind the key.
pub(super) enum Value {
    /// Nothing.
    None,
    /// `= ..`.
    Is(Vec<TokenTree>),
    /// `(..)`.
    List(Group),
}

impl Setting {
    pub(super) fn name(&self) -> Name {
        name_of(&self.key)
    }
}

/// Reads a list; pieces of another form are reported with `form`, an example.
pub(super) fn read(tokens: TokenStream, form: &str, errors: &mut Errors) -> Vec<Setting> {
    let mut settings = Vec::new();
    for piece in split_list(tokens) {
        match one(piece) {
            Ok(setting) => settings.push(setting),
            Err(piece) => {
                errors.at(&piece, format!("`{}` does not belong here; write `{form}`", excerpt(&piece)));
            }
        }
    }
    settings
}

/// Reads one setting, or gives the tokens back.
pub(super) fn one(piece: Vec<TokenTree>) -> Result<Setting, TokenStream> {
    let mut tokens = Tokens::new(piece.iter().cloned());
    if let Some(key) = tokens.ident()
        && let Some(value) = value(tokens)
    {
        return Ok(Setting { key, value });
    }
    Err(piece.into_iter().collect())
}

/// What stands behind a key, up to the end.
pub(super) fn value(mut tokens: Tokens) -> Option<Value> {
    if tokens.equals().is_some() {
        return Some(Value::Is(tokens.rest()));
    }
    match tokens.next() {
        None => Some(Value::None),
        Some(TokenTree::Group(list))
            if list.delimiter() == Delimiter::Parenthesis && tokens.peek().is_none() =>
        {
            Some(Value::List(list))
        }
        Some(_) => None,
    }
}

/// Reports keys that were there before: `what` a key is, in a message.
pub(super) fn once(seen: &mut BTreeSet<String>, name: &Name, what: &str, errors: &mut Errors) -> bool {
    let new = seen.insert(name.text.clone());
    if !new {
        errors.at_span(name.span, format!("{what} `{}` stands twice; keep one", name.text));
    }
    new
}

/// The tokens in the parentheses of an attribute; anything else, and nothing in them, is reported with `form`.
pub(super) fn list(attribute: &Attribute, form: &str, errors: &mut Errors) -> Option<Group> {
    match &attribute.arguments {
        Arguments::List(group) if !group.stream().is_empty() => Some(group.clone()),
        Arguments::List(_) | Arguments::None => {
            errors.at(attribute, format!("`#[{}]` is empty; write `#[{form}]`", attribute.name));
            None
        }
        Arguments::Value(_) | Arguments::Other => {
            errors.at(
                attribute,
                format!("`#[{}]` takes its arguments in parentheses; write `#[{form}]`", attribute.name),
            );
            None
        }
    }
}

/// A list of names.
pub(super) fn names(tokens: TokenStream, form: &str, errors: &mut Errors) -> Vec<Name> {
    let mut names = Vec::new();
    for piece in split_list(tokens) {
        if let [TokenTree::Ident(ident)] = piece.as_slice() {
            names.push(name_of(ident));
        } else {
            let piece: TokenStream = piece.into_iter().collect();
            errors.at(&piece, format!("`{}` is no name; write `{form}`", excerpt(&piece)));
        }
    }
    names
}

/// The tokens in a message, shortened where they are long.
pub(super) fn excerpt(tokens: &TokenStream) -> String {
    let text = text(tokens);
    if text.chars().count() > 40 {
        let start: String = text.chars().take(38).collect();
        format!("{start}..")
    } else {
        text
    }
}

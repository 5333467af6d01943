//! `compile(score = (risk, price), ..)` of `#[dataflow(..)]`: the compiled entry points.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::options;
use super::settings::{self, Setting, Value};
use super::tokens::is_punct;
use crate::syntax::diagnostics::Errors;
use crate::syntax::model::{Entry, Name};
use crate::syntax::text::{name_of, ungrouped};

const FORM: &str = "score = (risk, price)";

/// The entries in `compile(..)`.
pub(super) fn read(setting: &Setting, errors: &mut Errors) -> Vec<Entry> {
    let Value::List(list) = &setting.value else {
        errors.at(&setting.key, format!("`compile` needs the entry points; write `compile({FORM})`"));
        return Vec::new();
    };
    if list.stream().is_empty() {
        errors.at(&setting.key, format!("`compile` is empty; write `compile({FORM})`"));
    }
    let mut seen = BTreeSet::new();
    let mut entries = Vec::new();
    for entry in settings::read(list.stream(), FORM, errors) {
        let name = entry.name();
        if !options::is_name(&name.text) {
            errors.at_span(
                name.span,
                format!("`{}` cannot be the name of a function; write `{FORM}`", name.text),
            );
        } else if settings::once(&mut seen, &name, "entry", errors) {
            entries.extend(self::entry(name, &entry.value, errors));
        }
    }
    entries
}

fn entry(name: Name, value: &Value, errors: &mut Errors) -> Option<Entry> {
    let outputs = match value {
        Value::Is(tokens) => outputs(tokens),
        Value::None | Value::List(_) => None,
    };
    let text = &name.text;
    match outputs {
        None => {
            errors.at_span(
                name.span,
                format!("entry `{text}` does not say what it yields; write `{text} = node` or `{text} = (node, other)`"),
            );
            None
        }
        Some(Outputs::One(output)) => Some(Entry { name, outputs: vec![output], tuple: false }),
        Some(Outputs::Tuple(list)) if list.stream().is_empty() => {
            errors.at(
                &TokenTree::Group(list),
                format!("entry `{text}` yields nothing; name the nodes that it is to yield: `{text} = (node, other)`"),
            );
            None
        }
        Some(Outputs::Tuple(list)) => {
            let mut outputs: Vec<Name> = Vec::new();
            for output in settings::names(list.stream(), &format!("{text} = (node, other)"), errors) {
                if outputs.iter().any(|known| known.text == output.text) {
                    errors.at_span(
                        output.span,
                        format!("entry `{text}` yields `{}` twice; keep one", output.text),
                    );
                } else {
                    outputs.push(output);
                }
            }
            let tuple = has_comma(&list);
            Some(Entry { name, outputs, tuple })
        }
    }
}

enum Outputs {
    One(Name),
    Tuple(Group),
}

fn outputs(tokens: &[TokenTree]) -> Option<Outputs> {
    let tokens: TokenStream = tokens.iter().cloned().collect();
    let tokens: Vec<TokenTree> = ungrouped(&tokens).into_iter().collect();
    match tokens.as_slice() {
        [TokenTree::Ident(name)] => Some(Outputs::One(name_of(name))),
        [TokenTree::Group(list)] if list.delimiter() == Delimiter::Parenthesis => {
            Some(Outputs::Tuple(list.clone()))
        }
        _ => None,
    }
}

/// In Rust `(a)` is `a`, and `(a,)` a tuple.
fn has_comma(list: &Group) -> bool {
    list.stream().into_iter().any(|token| is_punct(&token, ','))
}

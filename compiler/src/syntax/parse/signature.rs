//! What a node's signature must not have.

use proc_macro2::{TokenStream, TokenTree};

use super::items::Kind;
use super::tokens::{Angles, is_ident, is_punct};
use crate::syntax::diagnostics::Errors;

/// The parts of a function's signature, as places in its tokens.
pub(super) struct Signature<'a> {
    qualifiers: &'a [TokenTree],
    generics: &'a [TokenTree],
    /// The tokens after `->`.
    pub(super) output: &'a [TokenTree],
    conditions: &'a [TokenTree],
    /// `async fn`.
    pub(super) is_async: bool,
    /// The body is not typed yet.
    pub(super) is_without_body: bool,
}

impl<'a> Signature<'a> {
    /// `None` where the item is no function.
    pub(super) fn of(kind: Kind, tokens: &'a [TokenTree]) -> Option<Self> {
        let Kind::Function { keyword, params, end } = kind else {
            return None;
        };
        let after = tokens.get(params + 1..end)?;
        let (output, conditions) = after.split_at(condition(after));
        let output = match output {
            [minus, greater, output @ ..] if is_punct(minus, '-') && is_punct(greater, '>') => output,
            _ => &[],
        };
        let (qualifiers, generics) = (tokens.get(..keyword)?, tokens.get(keyword + 2..params)?);
        let is_async = qualifiers.iter().any(|word| is_ident(word, "async"));
        let is_without_body = end == tokens.len();
        Some(Self { qualifiers, generics, output, conditions, is_async, is_without_body })
    }

    /// Reports what a node cannot have, each at its token.
    pub(super) fn refuse(&self, node: &str, is_variadic: bool, errors: &mut Errors) {
        for qualifier in self.qualifiers {
            let TokenTree::Ident(word) = qualifier else {
                continue; // `"C"` of `extern "C"`, which is reported.
            };
            match word.to_string().as_str() {
                // Only such a function can be variadic, which is reported.
                "unsafe" | "extern" if is_variadic => {}
                "unsafe" => errors.at(
                    word,
                    format!("node `{node}` is `unsafe`, but it is called where nobody checks its conditions; write `unsafe` blocks in the body"),
                ),
                "extern" => errors.at(
                    word,
                    format!("node `{node}` is `extern`, but only Millstream calls it; remove `extern`, or call the `extern` function from a node"),
                ),
                _ => {}
            }
        }
        // Where there are generics, their conditions are part of the same mistake.
        if !self.generics.is_empty() {
            errors.at(&stream(self.generics), generics(node, self.generics));
        } else if !self.conditions.is_empty() {
            errors.at(
                &stream(self.conditions),
                format!("node `{node}` has a `where` clause, but no generics; remove it"),
            );
        }
    }
}

/// Where `where` stands.
fn condition(tokens: &[TokenTree]) -> usize {
    let mut angles = Angles::default();
    tokens
        .iter()
        .position(|token| {
            angles.see(token);
            angles.outside() && is_ident(token, "where")
        })
        .unwrap_or(tokens.len())
}

fn generics(node: &str, generics: &[TokenTree]) -> String {
    let lifetimes = generics.get(1).is_some_and(|token| is_punct(token, '\''));
    if lifetimes {
        format!(
            "node `{node}` has a lifetime parameter, but the graph has none to give; remove it and write `&T`"
        )
    } else {
        format!(
            "node `{node}` is generic, but a node has one type; write the concrete types, and call a generic helper in the body"
        )
    }
}

fn stream(tokens: &[TokenTree]) -> TokenStream {
    tokens.iter().cloned().collect()
}

//! `use`: what it brings in, and `#[include] use`.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

use super::items::{Item, Kind};
use super::tokens::{Tokens, is_ident, is_punct, neat};
use crate::syntax::diagnostics::Errors;
use crate::syntax::model::{Include, Taken};
use crate::syntax::text::{name_of, unraw};

/// Adds the names that an item puts into the type namespace. A `use` may bring in names of other namespaces; that
/// cannot be seen here.
pub(super) fn taken(item: &Item, taken: &mut Vec<Taken>) {
    let (what, at) = match item.kind {
        Kind::Struct { name, .. } => ("struct", name),
        Kind::Named { what: "extern crate", name } => return extern_crate(item, name, taken),
        Kind::Named { what, name } => (what, name),
        Kind::Use => {
            let leaves = leaves(item.tokens.iter().skip(1).cloned());
            let names = leaves.iter().filter_map(|leaf| leaf.name.as_ref());
            taken.extend(names.map(|name| Taken { name: name_of(name), what: "import" }));
            return;
        }
        _ => return,
    };
    if let Some(TokenTree::Ident(name)) = item.tokens.get(at) {
        taken.push(Taken { name: name_of(name), what });
    }
}

/// The name of a constant or a static.
pub(super) fn constant(item: &Item) -> Option<String> {
    if !matches!(item.kind, Kind::Other("a const" | "a static")) {
        return None;
    }
    let mut words = item.tokens.iter().filter_map(|token| match token {
        TokenTree::Ident(word) if word != "mut" => Some(word),
        _ => None,
    });
    words.nth(1).map(unraw)
}

/// `extern crate a;` or `extern crate a as b;`.
fn extern_crate(item: &Item, at: usize, taken: &mut Vec<Taken>) {
    let renamed = item.tokens.get(at + 1).is_some_and(|token| is_ident(token, "as"));
    match item.tokens.get(if renamed { at + 2 } else { at }) {
        Some(TokenTree::Ident(name)) if name != "_" && name != "self" => {
            taken.push(Taken { name: name_of(name), what: "extern crate" });
        }
        _ => {}
    }
}

/// One name that a `use` brings in.
struct Leaf {
    /// `None` for `*` and `as _`.
    name: Option<Ident>,
}

/// Walks through the tree of a `use`, its braces kept in a list, so that no nesting is too deep.
fn leaves(tokens: impl IntoIterator<Item = TokenTree>) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    // With each list, the segment before its braces: what `self` in them means.
    let mut lists: Vec<(Option<Ident>, Vec<TokenTree>)> = vec![(None, tokens.into_iter().collect())];
    while let Some((parent, tokens)) = lists.pop() {
        let mut before = Vec::new();
        for piece in tokens.split(|token| is_punct(token, ',') || is_punct(token, ';')) {
            let mut tokens = Tokens::new(piece.iter().cloned());
            let mut segment = None;
            let mut braces = false;
            let mut renamed = false;
            while let Some(token) = tokens.next() {
                match token {
                    TokenTree::Ident(ident) if ident == "as" => {
                        renamed = true;
                        segment = tokens.ident().filter(|name| name != "_");
                    }
                    TokenTree::Ident(ident) if !renamed => segment = Some(ident),
                    TokenTree::Punct(star) if star.as_char() == '*' => segment = None,
                    TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                        braces = true;
                        before.push((segment.take(), group.stream().into_iter().collect()));
                    }
                    _ => {}
                }
            }
            let name = match segment {
                Some(name) if name == "self" => parent.clone(),
                segment => segment,
            };
            if !braces && !piece.is_empty() {
                leaves.push(Leaf { name });
            }
        }
        lists.extend(before.into_iter().rev());
    }
    leaves
}

/// Reads `#[include] use path::to::dataflow;`: each name that the `use` brings in is a dataflow. What is wrong with
/// it is reported; whether nothing was, comes second.
pub(super) fn include(item: &Item, errors: &mut Errors) -> (Vec<Include>, bool) {
    let path: Vec<_> = item.tokens.iter().skip(1).filter(|token| !is_punct(token, ';')).cloned().collect();
    let mut includes = Vec::new();
    let mut complete = true;
    for leaf in leaves(path.iter().cloned()) {
        match leaf.name {
            Some(local) if local != "self" && local != "crate" && local != "super" => {
                includes.push(Include { local });
            }
            _ => {
                complete = false;
                errors.at(
                    &path.iter().cloned().collect::<TokenStream>(),
                    format!(
                        "`{}` does not say which dataflow is included; write `#[include] use path::to::dataflow;`",
                        neat(&path)
                    ),
                );
            }
        }
    }
    (includes, complete)
}

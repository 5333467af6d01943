//! Taking our attributes out of the user's tokens.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use super::attributes::{self, Attribute, Place};
use super::items::{self, Item, Kind};
use super::tokens::{Tokens, regroup};

/// How deep modules in modules are followed: far more than anyone writes, far less than the stack holds.
const DEPTH: usize = 64;

/// All our attributes taken out: of the items, of the parameters of functions, of the fields of our structs.
pub(super) fn all(tokens: TokenStream) -> TokenStream {
    within(tokens, DEPTH)
}

/// The same of an item whose own attribute of ours is gone already.
pub(super) fn all_below(attribute: &str, item: TokenStream) -> TokenStream {
    let attribute = Ident::new(attribute, Span::call_site());
    let mut tokens = quote!(#[#attribute]);
    tokens.extend(item);
    all(tokens)
}

fn within(tokens: TokenStream, depth: usize) -> TokenStream {
    let mut tokens = Tokens::new(tokens);
    let (mut stripped, _) = attributes::inner(&mut tokens);
    for mut item in items::split(tokens) {
        strip_item(&mut item, depth);
        stripped.extend(item.into_token_stream());
    }
    stripped
}

fn strip_item(item: &mut Item, depth: usize) {
    let ours = item.attributes.iter().any(|attribute| attribute.place() == Some(Place::Struct));
    let node = item.attributes.iter().any(|attribute| attribute.place() == Some(Place::Function));
    item.attributes.retain(|attribute| match item.kind {
        Kind::Function { .. } => !(if node { attribute.is_ours() } else { attribute.place().is_some() }),
        // Words such as `#[group]` may there be those of a derive.
        _ => matches!(attribute.place(), None | Some(Place::Parameter)),
    });
    match item.kind {
        Kind::Function { params, .. } => {
            inside(item, params, |attribute| {
                attribute.is_ours() || attribute.misspelt(Place::Parameter).is_some()
            });
        }
        Kind::Struct { body: Some(body), .. } if ours => fields(item, body),
        Kind::Named { what: "module", .. } if depth > 0 => {
            if let Some(TokenTree::Group(body)) = item.tokens.last_mut() {
                let stripped = within(body.stream(), depth - 1);
                let body = body.clone();
                item.tokens.pop();
                item.tokens.push(regroup(&body, stripped));
            }
        }
        // Not an item: attributes of ours may stand anywhere at its top level.
        Kind::Broken => {
            let tokens: TokenStream = std::mem::take(&mut item.tokens).into_iter().collect();
            let stripped = attributes::without(tokens.clone(), Attribute::is_ours);
            item.tokens = stripped.unwrap_or(tokens).into_iter().collect();
        }
        _ => {}
    }
}

/// Takes our attributes off the parameters of a function, those of a later version and misspelt ones too.
pub(super) fn parameters(item: &mut Item, params: usize) {
    inside(item, params, |attribute| attribute.is_ours() || attribute.misspelt(Place::Parameter).is_some());
}

/// Takes our attributes off the fields of a struct. Those of a derive of others stay.
pub(super) fn fields(item: &mut Item, body: usize) {
    let derives = attributes::has_foreign_derive(&item.attributes);
    inside(item, body, |attribute| {
        attribute.place().is_some()
            || attribute.is_ours_by_cfg()
            || !derives && attribute.misspelt(Place::Parameter).is_some()
    });
}

/// Works on one group of an item, at the top level of the group. A group with nothing to take out stays what it
/// is, places and all.
fn inside(item: &mut Item, at: usize, unwanted: impl Fn(&Attribute) -> bool) {
    if let Some(TokenTree::Group(group)) = item.tokens.get(at)
        && let Some(stripped) = attributes::without(group.stream(), unwanted)
    {
        let group = regroup(group, stripped);
        item.tokens[at] = group;
    }
}

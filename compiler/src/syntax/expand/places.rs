//! What an editor is to find at the user's tokens, where the code that runs does not name it there.
//!
//! "Go to definition" and "find references" follow names with the place of a token. An edge names its provider at
//! the token that says so, which is the parameter's name unless an attribute binds it: then the parameter itself
//! would lead nowhere. The field of a condition would not, either.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Context;
use crate::syntax::check::{Feed, Origin, Variant};
use crate::syntax::model::{Bind, Param};
use crate::syntax::text;

/// Names that mean nothing to rustc.
pub(super) fn places(context: &Context<'_>) -> TokenStream {
    if context.checked.broken {
        return TokenStream::new();
    }
    let mut tokens = TokenStream::new();
    for (index, variant, number) in variants(context) {
        let feeds = context.checked.feeds[index].get(number).into_iter().flatten();
        tokens
            .extend(variant.params().zip(feeds).filter_map(|(param, feed)| providers(context, param, feed)));
    }
    tokens.extend(conditions(context));
    tokens
}

fn variants<'c>(context: &'c Context<'_>) -> impl Iterator<Item = (usize, &'c Variant<'c>, usize)> {
    context.own().flat_map(|(index, node)| {
        let variants = match &node.origin {
            Origin::Function(variants) => variants.as_slice(),
            _ => &[],
        };
        variants.iter().enumerate().map(move |(number, variant)| (index, variant, number))
    })
}

fn providers(context: &Context<'_>, param: &Param, feed: &Feed) -> Option<TokenStream> {
    if matches!(&param.bind, Bind::Name(name) if name.text == param.name.text) {
        return None;
    }
    let providers = match feed {
        Feed::Constant | Feed::Absent => return None,
        Feed::One(provider) => std::slice::from_ref(provider),
        Feed::Many(providers) => providers,
    };
    let paths =
        providers.iter().map(|provider| context.path(&context.checked.nodes[*provider], param.name.span));
    Some(quote! {
        const _: ::core::marker::PhantomData<(#(#paths,)*)> = ::core::marker::PhantomData;
    })
}

fn conditions(context: &Context<'_>) -> Option<TokenStream> {
    let config = context.config_type()?;
    let fields: Vec<Ident> = variants(context)
        .flat_map(|(_, variant, _)| &variant.function.conditions)
        .map(|condition| text::ident(&condition.field))
        .collect();
    (!fields.is_empty()).then(|| {
        quote! {
            const _: fn(&#config) = |__config| {
                #(let _ = &__config.#fields;)*
            };
        }
    })
}

//! What is to be done where a node fails or takes too long, as data.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::Context;
use crate::syntax::check::Node;
use crate::syntax::model::{Fallback, Function};
use crate::syntax::text::{self, text};

/// What the function says of that, if anything.
pub(super) fn of(function: &Function) -> TokenStream {
    let Function { retries, timeout, fallback, .. } = function;
    if retries.is_none() && timeout.is_none() && fallback.is_none() {
        return quote!(__ms::None);
    }
    let retries = optional(retries.map(|retries| {
        let retries = Literal::u32_unsuffixed(retries);
        quote!(#retries)
    }));
    let timeout = optional(timeout.map(|timeout| {
        let seconds = Literal::u64_unsuffixed(timeout.as_secs());
        let rest = Literal::u32_unsuffixed(timeout.subsec_nanos());
        quote!(__ms::Duration::new(#seconds, #rest))
    }));
    let fallback = optional(fallback.as_ref().map(|fallback| match fallback {
        Fallback::Node(name) => {
            let name = &name.text;
            quote!(__ms::Fallback::Node(#name))
        }
        Fallback::Value(value) => {
            let written = text(value);
            let node = text::ident_at(&function.name.text, Span::call_site());
            quote!(__ms::Fallback::Value(__ms::call0::<__ms::Out<#node>>(|| #value), #written))
        }
    }));
    quote! {
        __ms::Some(&__ms::Recovery { retries: #retries, timeout: #timeout, fallback: #fallback })
    }
}

/// Has rustc compare the types of a node and of what stands in for it, at the name of that.
pub(super) fn stands_in(context: &Context<'_>, index: usize, node: &Node<'_>) -> TokenStream {
    let fallback = context.checked.fallbacks.get(index).copied().flatten();
    let (Some(fallback), Some((_, Some(place)))) = (fallback, node.fallback()) else {
        return TokenStream::new();
    };
    let provider = &context.checked.nodes[fallback];
    if !provider.visible_here() {
        // It is refused for that.
        return TokenStream::new();
    }
    let name = text::ident_at(&node.name.text, Span::call_site());
    // All of it is at the name, or rustc would show the attribute of the module.
    let place = place.resolved_at(Span::call_site());
    let other = context.path(provider, place);
    let other = quote_spanned!(place=> __ms::Out<#other>);
    let message = format!(
        "node `{}` yields `{{T}}`, but falls back on `{}`, which is `{{Self}}`; name a node of the same type",
        node.name.text, provider.name.text
    );
    quote! {
        const _: () = {
            #[diagnostic::on_unimplemented(message = #message, label = "is `{Self}`")]
            trait StandsIn<T> {}
            #[diagnostic::do_not_recommend]
            impl<T> StandsIn<T> for T {}
            const fn stands_in<T, Other: StandsIn<T>>() {}
            stands_in::<__ms::Out<#name>, #other>();
        };
    }
}

fn optional(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(__ms::Some(#value)),
        None => quote!(__ms::None),
    }
}

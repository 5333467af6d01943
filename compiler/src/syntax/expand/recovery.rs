//! What is to be done where a node fails or takes too long, as data.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

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
            let node = text::ident_at(&function.name.text, proc_macro2::Span::call_site());
            quote!(__ms::Fallback::Value(__ms::call0::<__ms::Out<#node>>(|| #value), #written))
        }
    }));
    quote! {
        __ms::Some(&__ms::Recovery { retries: #retries, timeout: #timeout, fallback: #fallback })
    }
}

fn optional(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(__ms::Some(#value)),
        None => quote!(__ms::None),
    }
}

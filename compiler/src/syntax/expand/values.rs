//! What is known of the types of values: one constant for each type as written.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

use crate::syntax::text::text;

/// The types met so far.
#[derive(Default)]
pub(super) struct Values {
    known: BTreeMap<String, usize>,
    constants: TokenStream,
}

impl Values {
    /// The constant that describes a type; `path` is a type that names it where it is not written.
    pub(super) fn of(&mut self, ty: &TokenStream) -> Ident {
        let written = text(ty);
        let next = self.known.len();
        let number = *self.known.entry(written.clone()).or_insert(next);
        let name = format_ident!("__VALUE_{number}", span = Span::call_site());
        if number == next {
            self.constants.extend(quote! {
                const #name: &__ms::ValueType = __ms::value_type!(#ty, #written);
            });
        }
        name
    }
}

impl ToTokens for Values {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.constants.to_tokens(tokens);
    }
}

//! The inputs: the struct, and how it becomes values.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::{Context, config};
use crate::syntax::check::{Node, Origin};
use crate::syntax::text;

impl Context<'_> {
    /// The type of the inputs, if there are any.
    pub(super) fn inputs_type(&self) -> Option<Ident> {
        match &self.module.inputs {
            Some(inputs) => Some(inputs.ident.clone()),
            None if self.included_inputs().next().is_some() => Some(Ident::new("Inputs", Span::call_site())),
            None => None,
        }
    }

    /// The visibility of the inputs.
    pub(super) fn inputs_visibility(&self) -> TokenStream {
        self.module.inputs.as_ref().map_or_else(|| quote!(pub), |inputs| inputs.visibility.clone())
    }

    /// All inputs, own and included.
    pub(super) fn all_inputs(&self) -> impl Iterator<Item = &Node<'_>> {
        // One that is private elsewhere has been reported; nothing here could name it.
        self.checked.nodes.iter().filter(|node| node.kind() == "input" && node.visible_here())
    }

    /// Inputs of included dataflows that nothing here answers for.
    fn included_inputs(&self) -> impl Iterator<Item = &Node<'_>> {
        self.all_inputs().filter(|node| matches!(node.origin, Origin::Included { .. }))
    }

    /// The type of an input as this module can write it.
    pub(super) fn input_type(&self, node: &Node<'_>) -> TokenStream {
        match &node.origin {
            Origin::Input(field) => field.ty.clone(),
            _ => {
                let path = self.path(node, Span::call_site());
                let facade = self.facade();
                quote!(<#path as #facade::Node>::Output)
            }
        }
    }
}

/// The inputs struct: the user's, with the inputs of included dataflows that nothing answers for.
pub(super) fn structure(context: &Context<'_>) -> TokenStream {
    let added = context.included_inputs().map(|node| {
        let name = text::ident_at(&node.name.text, Span::call_site());
        let ty = context.input_type(node);
        let doc = if node.doc.is_empty() { format!("The input `{name}`.") } else { node.doc.clone() };
        let doc = text::doc(&doc);
        quote!(#doc pub #name: #ty)
    });
    let added: Vec<TokenStream> = added.collect();
    match &context.module.inputs {
        Some(inputs) => config::with_fields(inputs, &added),
        None if added.is_empty() => TokenStream::new(),
        None => quote! {
            /// What the caller supplies.
            pub struct Inputs { #(#added),* }
        },
    }
}

/// From the struct, and from a part of it, to values.
pub(super) fn conversion(context: &Context<'_>) -> TokenStream {
    let Some(inputs) = context.inputs_type() else { return TokenStream::new() };
    let values = context.all_inputs().map(|node| {
        let path = context.path(node, Span::call_site().resolved_at(node.name.span));
        let field = text::ident_at(&node.name.text, Span::call_site());
        quote!(.with::<#path>(self.#field))
    });
    let partial = (!context.withholds("PartialInputs")).then(|| {
        quote! {
            impl __ms::IntoInputs<Flow> for PartialInputs {
                fn into_inputs(self) -> __ms::InputValues<Flow> {
                    self.0
                }
            }
        }
    });
    quote! {
        impl __ms::IntoInputs<Flow> for #inputs {
            fn into_inputs(self) -> __ms::InputValues<Flow> {
                __ms::InputValues::new()#(#values)*
            }
        }
        #partial
    }
}

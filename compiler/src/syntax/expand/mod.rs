//! The expansion: user's code first and untouched, then thin descriptors that call the run time.
//!
//! Nothing here can fail. What is wrong has been found before; where something was, the expansion still holds
//! every name the user's other code may use, and leaves out what would only lead to more errors.

mod api;
mod call;
mod compose;
mod config;
mod descriptor;
mod edge;
mod entry;
mod flow;
mod free;
mod inputs;
mod interface;
mod leaf;
mod places;
mod recovery;
mod values;

use std::cell::RefCell;
use std::collections::BTreeMap;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use super::check::{Checked, Node, Origin};
use super::diagnostics::Errors;
use super::include::{Included, IncludedCall};
use super::model::{Module, Name, Options};
use super::text;

pub(super) use compose::call_includes;
pub(super) use free::free;

/// What every part of the expansion looks at.
struct Context<'a> {
    module: &'a Module,
    checked: &'a Checked<'a>,
    included: &'a [Included],
    /// For each node how others call its variants.
    calls: RefCell<BTreeMap<usize, Vec<Option<IncludedCall>>>>,
}

impl Context<'_> {
    /// The facade, as this module calls it.
    fn facade(&self) -> TokenStream {
        facade(&self.module.options)
    }

    /// How this module names the descriptor of a node. Only the last name is at `span`: an editor is to find the
    /// node there, and not its module as well.
    fn path(&self, node: &Node<'_>, span: Span) -> TokenStream {
        let name = text::ident_at(&node.name.text, span);
        match node.origin {
            Origin::Included { include, .. } => {
                let mut local = self.included[include].local.clone();
                local.set_span(Span::call_site().resolved_at(local.span()));
                quote!(#local::#name)
            }
            _ => quote!(#name),
        }
    }

    /// Whether a name of the expansion's own is the user's already, which has been reported.
    fn withholds(&self, name: &str) -> bool {
        self.checked.withheld.contains(name)
    }

    /// Nodes that this module itself defines, with their indices.
    fn own(&self) -> impl Iterator<Item = (usize, &Node<'_>)> {
        self.checked
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| !matches!(node.origin, Origin::Included { .. }))
    }
}

fn facade(options: &Options) -> TokenStream {
    options.krate.clone().unwrap_or_else(|| quote!(::millstream))
}

/// The expansion of a module that includes nothing.
pub(super) fn module(module: &Module, checked: &Checked<'_>, mut errors: Errors) -> TokenStream {
    let Module { attributes, visibility, ident, items, .. } = module;
    let added = additions(module, checked, &[]);
    let warnings = errors.take_warnings();
    let errors = errors.into_tokens();
    // rustc's notes about a module point to all of it.
    let item = quote_spanned! {ident.span()=>
        mod #ident {
            #(#items)*
            #added
            #warnings
        }
    };
    quote! {
        #attributes
        #visibility #item
        #errors
    }
}

/// A type that is named as a node and is none.
fn stand_in(name: &Name) -> TokenStream {
    let name = text::ident_at(&name.text, Span::call_site().resolved_at(name.span));
    quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code, unreachable_pub)]
        pub struct #name {}
    }
}

/// Everything that is added to the user's items.
pub(super) fn additions(module: &Module, checked: &Checked<'_>, included: &[Included]) -> TokenStream {
    let context = Context { module, checked, included, calls: RefCell::default() };
    let facade = context.facade();
    let inputs = inputs::structure(&context);
    let config = config::structure(&context);
    let reexports = compose::reexports(&context);
    let types = context.own().map(|(_, node)| descriptor::structure(node, &facade));
    let stand_ins = checked.stand_ins.iter().map(stand_in);
    let types = quote!(#(#types)* #(#stand_ins)*);
    if context.withholds("Flow") {
        // Nothing can be said of the dataflow without its type.
        return quote!(#inputs #config #types);
    }
    let api = api::functions(&context);
    let (entries, of_entries) = entry::entries(&context);
    let mut values = values::Values::default();
    let impls: Vec<TokenStream> =
        context.own().map(|(index, node)| descriptor::node(&context, index, node, &mut values)).collect();
    let members = flow::members(&context);
    let flow = flow::flow(&context);
    let into_inputs = inputs::conversion(&context);
    let checks = compose::checks(&context);
    let places = places::places(&context);
    let interface = interface::interface(&context);
    let file = descriptor::file();
    quote! {
        #inputs
        #config
        #reexports
        #types
        #api
        #entries
        #[allow(deprecated, unused_imports, unused_qualifications, clippy::all, clippy::pedantic, clippy::nursery)]
        const _: () = {
            use #facade::__private as __ms;
            #file
            fn __table() -> &'static __ms::FlowTable {
                <Flow as __ms::Flow>::TABLE
            }
            #values
            #(#impls)*
            #members
            #flow
            #into_inputs
            #checks
            #places
            #of_entries
        };
        #interface
    }
}

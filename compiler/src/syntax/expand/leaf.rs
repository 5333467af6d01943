//! What a call reads from where a run keeps its values: how, of which type, and under which name it is passed on.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use crate::syntax::include::Pass;
use crate::syntax::text;

/// What a call reads, in the order of the parameters.
#[derive(Default)]
pub(super) struct Leaves {
    leaves: Vec<Leaf>,
}

/// One thing that is read, or a tuple of them.
#[derive(Clone)]
struct Leaf {
    /// What an including dataflow passes for it.
    pass: Option<Pass>,
    /// The type of the run time that reads it.
    reader: TokenStream,
    /// The variable that holds it, and its type.
    pattern: TokenStream,
    ty: TokenStream,
}

/// As many as a call of the run time has parameters, and a tuple elements.
const MOST_PARAMETERS: usize = 8;
const MOST_ELEMENTS: usize = 12;

impl Leaves {
    /// Reads the value of the node that `path` names at a place, and gives the variable that holds it.
    pub(super) fn read(&mut self, kind: &str, path: impl Fn(Span) -> TokenStream, place: Span) -> Ident {
        // Only one of the two is where an editor looks for it.
        let (seen, unseen) = (path(place), path(Span::call_site().resolved_at(place)));
        self.read_type(kind, &quote!(__ms::Out<#seen>), &quote!(__ms::Out<#unseen>))
    }

    /// Reads a value of a type, which may be written in two ways.
    pub(super) fn read_type(&mut self, kind: &str, ty: &TokenStream, again: &TokenStream) -> Ident {
        let variable = format_ident!("__arg_{}", self.leaves.len(), span = Span::mixed_site());
        let reader = Ident::new(kind, Span::call_site());
        let passed = match kind {
            "Ref" => quote!(&#again),
            "OptRef" => quote!(::core::option::Option<&#again>),
            "OptTake" => quote!(::core::option::Option<#again>),
            "Tolerant" => quote!(::core::result::Result<&#again, &__ms::NodeError>),
            "Group" => quote!(::std::vec::Vec<&#again>),
            "CollectedResults" => {
                quote!(__ms::Collect<'_, ::core::result::Result<#again, __ms::NodeError>>)
            }
            "Collected" => quote!(__ms::Collect<'_, #again>),
            "GroupMap" => quote!(::std::collections::BTreeMap<&str, &#again>),
            _ => again.clone(),
        };
        let pass = match kind {
            "Ref" => Some(Pass::Borrow),
            "Take" => Some(Pass::Own),
            "OptRef" => Some(Pass::OptionBorrow),
            "OptTake" => Some(Pass::OptionOwn),
            "Group" => Some(Pass::List(0)),
            "GroupMap" => Some(Pass::Map(0)),
            "Collected" => Some(Pass::Collect),
            _ => None,
        };
        self.leaves.push(Leaf {
            pass,
            reader: quote!(__ms::#reader<#ty>),
            pattern: quote!(#variable),
            ty: passed,
        });
        variable
    }

    /// Reads what a node has written about itself: the argument of the type `&Metadata<node>` as the user wrote it.
    pub(super) fn read_metadata(&mut self, ty: &TokenStream) -> Ident {
        let node = text::generic_argument(&text::referent(ty), "Metadata").unwrap_or_else(|| quote!(()));
        self.push(quote!(__ms::MetadataOf<#node>), quote!(&__ms::Metadata<#node>))
    }

    /// Reads the context of the run.
    pub(super) fn read_run(&mut self) -> Ident {
        self.push(quote!(__ms::Run), quote!(__ms::NodeContext<'_>))
    }

    /// Reads what no including dataflow can pass.
    fn push(&mut self, reader: TokenStream, ty: TokenStream) -> Ident {
        let variable = format_ident!("__arg_{}", self.leaves.len(), span = Span::mixed_site());
        self.leaves.push(Leaf { pass: None, reader, pattern: quote!(#variable), ty });
        variable
    }

    /// Says of how many members the group is that was read last.
    pub(super) fn of_members(&mut self, count: usize) {
        if let Some(Leaf { pass: Some(Pass::List(members) | Pass::Map(members)), .. }) =
            self.leaves.last_mut()
        {
            *members = count;
        }
    }

    /// What an including dataflow passes, if it can.
    pub(super) fn passed(&self) -> Option<Vec<Pass>> {
        self.leaves.iter().map(|leaf| leaf.pass).collect()
    }

    /// The parameters of a function that is called with what is read.
    pub(super) fn params(&self) -> TokenStream {
        let folded = self.folded();
        let (patterns, types) = (folded.iter().map(|leaf| &leaf.pattern), folded.iter().map(|leaf| &leaf.ty));
        quote!(#(#patterns: #types),*)
    }

    /// The call of such a function, which is that of the node `fallible` if it may fail.
    pub(super) fn call(&self, fallible: Option<&Ident>, function: &TokenStream) -> TokenStream {
        let folded = self.folded();
        let prefix = if fallible.is_some() { "try_call" } else { "call" };
        let name = format_ident!("{prefix}{}", folded.len(), span = Span::call_site());
        let readers = folded.iter().map(|leaf| &leaf.reader);
        let last = fallible.map_or_else(|| quote!(_), |node| quote!(#node, _));
        quote!(__ms::#name::<#(#readers,)* #last>(#function))
    }

    /// Whether the function has the parameters that the user wrote, and not tuples of them.
    pub(super) fn is_flat(&self) -> bool {
        self.leaves.len() <= MOST_PARAMETERS
    }

    /// The same with tuples where there are too many.
    fn folded(&self) -> Vec<Leaf> {
        let mut folded = self.leaves.clone();
        while folded.len() > MOST_PARAMETERS {
            folded = folded.chunks(MOST_ELEMENTS).map(tuple).collect();
        }
        folded
    }
}

/// The arguments of such a function, in tuples where there are too many.
pub(super) fn folded(mut arguments: Vec<TokenStream>) -> Vec<TokenStream> {
    while arguments.len() > MOST_PARAMETERS {
        arguments = arguments.chunks(MOST_ELEMENTS).map(|some| quote!((#(#some,)*))).collect();
    }
    arguments
}

fn tuple(leaves: &[Leaf]) -> Leaf {
    let readers = leaves.iter().map(|leaf| &leaf.reader);
    let patterns = leaves.iter().map(|leaf| &leaf.pattern);
    let types = leaves.iter().map(|leaf| &leaf.ty);
    Leaf {
        pass: None,
        reader: quote!((#(#readers,)*)),
        pattern: quote!((#(#patterns,)*)),
        ty: quote!((#(#types,)*)),
    }
}

//! What a call reads from where a run keeps its values: how, of which type, and under which name it is passed on.

use proc_macro2::{Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};

use crate::syntax::include::Pass;
use crate::syntax::text;

/// What a call reads, in the order of the parameters.
#[derive(Default)]
pub(super) struct Leaves {
    leaves: Vec<Leaf>,
    /// Nodes that are read together with others.
    members: Vec<TokenStream>,
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
    /// The same type for a future to hold.
    held: TokenStream,
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
        let passed = |life: Option<Lifetime>| match kind {
            "Ref" => quote!(&#life #again),
            "OptRef" => quote!(::core::option::Option<&#life #again>),
            "OptTake" => quote!(::core::option::Option<#again>),
            "Tolerant" => quote!(::core::result::Result<&#life #again, &#life __ms::NodeError>),
            "Group" => quote!(::std::vec::Vec<&#life #again>),
            "Collected" | "CollectedResults" => {
                let life = life.unwrap_or(Lifetime("_"));
                match kind {
                    "Collected" => quote!(__ms::Collect<#life, #again>),
                    _ => quote!(__ms::Collect<#life, ::core::result::Result<#again, __ms::NodeError>>),
                }
            }
            "GroupMap" => quote!(::std::collections::BTreeMap<&#life str, &#life #again>),
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
            ty: passed(None),
            held: passed(Some(HELD)),
        });
        variable
    }

    /// Reads what a node has written about itself: the argument of the type `&Metadata<node>` as the user wrote it.
    pub(super) fn read_metadata(&mut self, ty: &TokenStream) -> Ident {
        let node = text::generic_argument(&text::referent(ty), "Metadata").unwrap_or_else(|| quote!(()));
        let passed = |life: Option<Lifetime>| quote!(&#life __ms::Metadata<#node>);
        self.push(quote!(__ms::MetadataOf<#node>), passed(None), passed(Some(HELD)))
    }

    /// Reads the context of the run.
    pub(super) fn read_run(&mut self) -> Ident {
        self.push(quote!(__ms::Run), quote!(__ms::NodeContext<'_>), quote!(__ms::NodeContext<#HELD>))
    }

    /// Reads what no including dataflow can pass.
    fn push(&mut self, reader: TokenStream, ty: TokenStream, held: TokenStream) -> Ident {
        let variable = format_ident!("__arg_{}", self.leaves.len(), span = Span::mixed_site());
        self.leaves.push(Leaf { pass: None, reader, pattern: quote!(#variable), ty, held });
        variable
    }

    /// Names a node that is read together with others, for the editor to lead to.
    pub(super) fn member(&mut self, path: TokenStream) {
        self.members.push(path);
    }

    /// An item that names such nodes, if there are any.
    pub(super) fn named_members(&self) -> TokenStream {
        let members = &self.members;
        if members.is_empty() {
            return TokenStream::new();
        }
        quote!(const _: __ms::Option<(#(__ms::Out<#members>,)*)> = __ms::None;)
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

    /// The same of a function that makes a future.
    pub(super) fn params_held(&self) -> TokenStream {
        let folded = self.folded();
        let (patterns, types) =
            (folded.iter().map(|leaf| &leaf.pattern), folded.iter().map(|leaf| &leaf.held));
        quote!(_: __ms::During<#HELD>, #(#patterns: #types),*)
    }

    /// The call of such a function, which is that of the node `fallible` if it may fail.
    pub(super) fn call(&self, fallible: Option<&Ident>, waits: bool, function: &TokenStream) -> TokenStream {
        let folded = self.folded();
        let fails = if fallible.is_some() { "try_" } else { "" };
        let waits = if waits { "async_" } else { "" };
        let name = format_ident!("{fails}{waits}call{}", folded.len(), span = Span::call_site());
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

/// A lifetime of our own.
#[derive(Clone, Copy)]
pub(super) struct Lifetime(&'static str);

/// For as long as a future may look at values of the run.
pub(super) const HELD: Lifetime = Lifetime("__f");

impl ToTokens for Lifetime {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend([
            TokenTree::Punct(Punct::new('\'', Spacing::Joint)),
            TokenTree::Ident(Ident::new(self.0, Span::call_site())),
        ]);
    }
}

fn tuple(leaves: &[Leaf]) -> Leaf {
    let readers = leaves.iter().map(|leaf| &leaf.reader);
    let patterns = leaves.iter().map(|leaf| &leaf.pattern);
    let types = leaves.iter().map(|leaf| &leaf.ty);
    let held = leaves.iter().map(|leaf| &leaf.held);
    Leaf {
        pass: None,
        reader: quote!((#(#readers,)*)),
        pattern: quote!((#(#patterns,)*)),
        ty: quote!((#(#types,)*)),
        held: quote!((#(#held,)*)),
    }
}

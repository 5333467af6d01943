//! The dataflow as a whole: its table, and who belongs to it.

use proc_macro2::{Literal, Span, TokenStream};
use quote::quote;

use super::{Context, config, descriptor};
use crate::syntax::check::{Feed, Node, Origin, Visible};
use crate::syntax::model::Extract;
use crate::syntax::text;

/// `impl Member<Flow>` for every node that can be asked for.
pub(super) fn members(context: &Context<'_>) -> TokenStream {
    let own = context.checked.nodes.iter().enumerate().filter_map(|(index, node)| {
        let path = context.path(node, Span::call_site().resolved_at(node.name.span));
        is_nameable(node).then(|| member(context, &path, index))
    });
    // What another one answers for belongs to this dataflow all the same; it may have come by several ways.
    let mut seen: Vec<(&str, &str)> = context
        .checked
        .nodes
        .iter()
        .filter_map(|node| match &node.origin {
            Origin::Included { node, .. } => Some((node.id.as_str(), node.name.text.as_str())),
            _ => None,
        })
        .collect();
    let mut replaced = TokenStream::new();
    for (include, index, by) in &context.checked.replaced {
        let included = &context.included[*include];
        let Some(node) = included.nodes.iter().find(|node| node.index == *index) else { continue };
        let definition = (node.id.as_str(), node.name.text.as_str());
        if node.visible == Visible::Private || seen.contains(&definition) {
            continue;
        }
        seen.push(definition);
        let local = &included.local;
        let name = text::ident_at(&node.name.text, Span::call_site().resolved_at(local.span()));
        replaced.extend(member(context, &quote!(#local::#name), *by));
    }
    own.chain([replaced]).collect()
}

fn member(context: &Context<'_>, path: &TokenStream, index: usize) -> TokenStream {
    let place = match depth(context, index) {
        0 => quote!(__ms::Outside),
        depth => (1..depth).fold(quote!(__ms::InBlock), |outer, _| quote!(__ms::InBlock<#outer>)),
    };
    let index = Literal::usize_unsuffixed(index);
    quote! {
        impl __ms::Member<Flow> for #path {
            type Place = #place;
            const INDEX: u32 = #index;
        }
    }
}

/// In how many blocks, one within another, the values of a node are.
fn depth(context: &Context<'_>, index: usize) -> usize {
    let around = context.checked.scopes.get(index).map_or(0, Vec::len);
    around + usize::from(context.checked.nodes[index].expands())
}

/// The nodes of which the run time has to know more than it does of all: those in more than two blocks.
fn deep(context: &Context<'_>) -> TokenStream {
    let nodes = context.checked.nodes.iter().enumerate();
    let deep = nodes.filter(|(index, node)| depth(context, *index) > 2 && is_nameable(node));
    deep.map(|(index, node)| {
        let path = context.path(node, Span::call_site().resolved_at(node.name.span));
        let index = Literal::usize_unsuffixed(index);
        quote!((#index, __ms::types_of::<Flow, #path>),)
    })
    .collect()
}

fn is_nameable(node: &Node<'_>) -> bool {
    !matches!(node.origin, Origin::Included { .. }) || node.visible() != Visible::Private
}

/// `impl Flow`.
pub(super) fn flow(context: &Context<'_>) -> TokenStream {
    let module = context.module;
    let name = text::unraw(&module.ident);
    let doc = &module.doc;
    let place = descriptor::place(module.ident.span());
    let inputs = match context.inputs_type() {
        Some(ident) => quote!(#ident),
        None => quote!(()),
    };
    let config = match context.config_type() {
        Some(ident) => quote!(#ident),
        None => quote!(()),
    };
    let (nodes, parts, deep, conditional) = if context.checked.broken {
        (TokenStream::new(), TokenStream::new(), TokenStream::new(), Vec::new())
    } else {
        (rows(context), parts(context), deep(context), conditional(context))
    };
    let numbers = conditional.iter().map(|index| Literal::usize_unsuffixed(*index));
    let select = config::select(context);
    quote! {
        impl __ms::Flow for Flow {
            type Inputs = #inputs;
            type Config = #config;
            const TABLE: &'static __ms::FlowTable = &__ms::FlowTable {
                name: #name,
                module: ::core::module_path!(),
                doc: #doc,
                place: #place,
                nodes: &[#nodes],
                parts: &[#parts],
                deep: &[#deep],
                conditional: &[#(#numbers),*],
            };
            #select
        }
    }
}

fn rows(context: &Context<'_>) -> TokenStream {
    context.checked.nodes.iter().enumerate().map(|(index, node)| row(context, index, node)).collect()
}

fn row(context: &Context<'_>, index: usize, node: &Node<'_>) -> TokenStream {
    let descriptor = match &node.origin {
        Origin::Included { include, node } => {
            let local = &context.included[*include].local;
            let index = Literal::u32_unsuffixed(node.index);
            quote!(<#local::Flow as __ms::Flow>::TABLE.nodes[#index].descriptor)
        }
        _ => {
            let name = text::ident_at(&node.name.text, Span::call_site().resolved_at(node.name.span));
            quote!(<#name as __ms::Node>::DESCRIPTOR)
        }
    };
    let part_of = match node.part_of().and_then(|of| position(context, of)) {
        Some(parent) => {
            let parent = Literal::usize_unsuffixed(parent);
            quote!(#parent)
        }
        None => quote!(__ms::NONE),
    };
    let deps = context.checked.feeds[index].iter().map(|feeds| {
        let slots = feeds.iter().flat_map(slots);
        quote!(&[#(#slots),*])
    });
    let scope = context.checked.scopes[index].iter().map(|block| Literal::usize_unsuffixed(*block));
    quote! {
        __ms::FlowNode {
            descriptor: #descriptor,
            part_of: #part_of,
            scope: &[#(#scope),*],
            deps: &[#(#deps),*],
        },
    }
}

/// The slots of one parameter: constants have none, what is optional and absent has an empty one.
fn slots(feed: &Feed) -> Vec<TokenStream> {
    let number = |index: &usize| {
        let index = Literal::usize_unsuffixed(*index);
        quote!(#index)
    };
    match feed {
        Feed::Constant => Vec::new(),
        Feed::Absent => vec![quote!(__ms::NONE)],
        Feed::One(provider) => vec![number(provider)],
        Feed::Many(providers) => providers.iter().map(number).collect(),
    }
}

fn position(context: &Context<'_>, name: &str) -> Option<usize> {
    context.checked.nodes.iter().position(|node| node.name.text == name)
}

/// Nodes with parts, and their parts in the order in which the value is taken apart.
fn parts(context: &Context<'_>) -> TokenStream {
    let mut rows = TokenStream::new();
    for (index, node) in context.checked.nodes.iter().enumerate() {
        let names = part_names(context, node);
        if names.is_empty() {
            continue;
        }
        let index = Literal::usize_unsuffixed(index);
        let parts = names.iter().map(|name| {
            // A part that another node stands for is not asked for here.
            let part = position(context, name)
                .filter(|part| context.checked.nodes[*part].part_of() == Some(node.name.text.as_str()));
            match part {
                Some(part) => {
                    let part = Literal::usize_unsuffixed(part);
                    quote!(#part)
                }
                None => quote!(__ms::NONE),
            }
        });
        rows.extend(quote!((#index, &[#(#parts),*]),));
    }
    rows
}

fn part_names(context: &Context<'_>, node: &Node<'_>) -> Vec<String> {
    let of_extract =
        |extract: &Extract| extract.parts.iter().map(|part| part.name.text.clone()).collect::<Vec<_>>();
    match &node.origin {
        Origin::Function(variants) => {
            let extract = variants.first().and_then(|variant| variant.function.extract.as_ref());
            extract.map(of_extract).unwrap_or_default()
        }
        Origin::Included { include, node } => {
            let mut parts: Vec<_> = context.included[*include]
                .nodes
                .iter()
                .filter(|part| part.part_of() == Some(node.name.text.as_str()))
                .collect();
            parts.sort_by_key(|part| part.part_number());
            parts.iter().map(|part| part.name.text.clone()).collect()
        }
        _ => Vec::new(),
    }
}

/// Nodes with conditions: those whose variant the config selects.
pub(super) fn conditional(context: &Context<'_>) -> Vec<usize> {
    let is_conditional = |node: &Node<'_>| match &node.origin {
        Origin::Function(variants) => variants.iter().any(|variant| !variant.function.conditions.is_empty()),
        Origin::Included { include, node } => {
            context.included[*include].conditional.contains(&node.name.text)
        }
        _ => false,
    };
    context
        .checked
        .nodes
        .iter()
        .enumerate()
        .filter(|(_, node)| is_conditional(node))
        .map(|(index, _)| index)
        .collect()
}

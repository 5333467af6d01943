//! What this dataflow tells one that includes it: a macro that hands on its interface.
//!
//! The macro is called with what is still to be called, what the including module says of itself, and the
//! interfaces gathered so far; it adds its own and calls the next. The last to be called is `compose!`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use xxhash_rust::xxh3::xxh3_64;

use super::{Context, compose, config, descriptor, flow};
use crate::graph::Take;
use crate::syntax::check::{Feed, Node, Origin, Variant, Visible};
use crate::syntax::include::{Included, IncludedCall, IncludedField, IncludedNode, IncludedRole, Slot};
use crate::syntax::model::Name;
use crate::syntax::text;

/// The macro, under the name by which includes look for it.
pub(super) fn interface(context: &Context<'_>) -> TokenStream {
    let interface = describe(context);
    let name = macro_name(context);
    let (attribute, visibility) = if context.module.options.export {
        (quote!(#[macro_export]), quote!(pub))
    } else {
        (TokenStream::new(), quote!(pub(crate)))
    };
    quote! {
        #[doc(hidden)]
        #attribute
        #[allow(unused_macros)]
        macro_rules! #name {
            ([{ $($next:tt)* } $($more:tt)*] $own:tt [$($done:tt)*]) => {
                $($next)* ! { [$($more)*] $own [$($done)* { #interface }] }
            };
        }
        #[doc(hidden)]
        #[allow(unused_imports)]
        #visibility use #name as a_dataflow;
    }
}

/// Exported macros share one name space in a crate, so the name tells the place of the module.
/// It stands at the name of the module, where an editor is led from an include.
fn macro_name(context: &Context<'_>) -> Ident {
    let module = text::unraw(&context.module.ident);
    if context.module.options.export {
        let place = xxh3_64(definition(context.module.ident.span(), &module).as_bytes());
        format_ident!("__millstream_{module}_{}", format!("{place:016x}"), span = context.module.ident.span())
    } else {
        format_ident!("__millstream_{module}", span = context.module.ident.span())
    }
}

/// What tells this dataflow from all others: the crate, the place and the name of its module.
fn definition(span: Span, module: &str) -> String {
    let start = span.start();
    let package = std::env::var("CARGO_CRATE_NAME").unwrap_or_default();
    // Text that is no file has a running number for a name, which would not be the same twice.
    let file = Some(span.file()).filter(|file| !file.starts_with('<')).unwrap_or_default();
    format!("{package} {file} {}:{} {module}", start.line, start.column)
}

fn describe(context: &Context<'_>) -> Included {
    let module = context.module;
    // A macro may write several dataflows at one place; by their nodes they differ, or else by what rustc is asked.
    let names: Vec<&str> = context.own().map(|(_, node)| node.name.text.as_str()).collect();
    let id = definition(module.ident.span(), &text::unraw(&module.ident));
    let id = format!("{id} {:x}", xxh3_64(names.join(" ").as_bytes()));
    let nodes = context.checked.nodes.iter().enumerate();
    let own = module
        .config
        .iter()
        .flat_map(|config| &config.fields)
        .map(|field| IncludedField { name: field.name.clone(), doc: field.doc.clone() });
    let of_includes = context.included.iter().flat_map(|included| &included.config).cloned();
    let mut config: Vec<IncludedField> = Vec::new();
    for field in own.chain(of_includes) {
        if config.iter().all(|known| known.name.text != field.name.text) {
            config.push(field);
        }
    }
    let conditional = if context.checked.broken { Vec::new() } else { flow::conditional(context) };
    Included {
        local: module.ident.clone(),
        id: id.clone(),
        broken: context.checked.broken || context.included.iter().any(|included| included.broken),
        nodes: nodes.map(|(index, node)| entry(context, &id, index, node)).collect(),
        config,
        conditional: conditional
            .iter()
            .map(|index| context.checked.nodes[*index].name.text.clone())
            .collect(),
    }
}

fn entry(context: &Context<'_>, id: &str, index: usize, node: &Node<'_>) -> IncludedNode {
    let Name { text, span } = &node.name;
    let id = match &node.origin {
        Origin::Included { node, .. } => node.id.clone(),
        _ => id.to_owned(),
    };
    IncludedNode {
        name: Name { text: text.clone(), span: *span },
        id,
        index: u32::try_from(index).unwrap_or(u32::MAX),
        visible: node.visible(),
        role: role(node),
        variants: context
            .checked
            .feeds
            .get(index)
            .map(|variants| providers(context, node, variants))
            .unwrap_or_default(),
        expands: node.expands(),
        is_async: node.is_async(),
        fallback: node.fallback().map(|(name, _)| name),
        tags: node.tags.clone(),
        doc: if node.kind() == "input" { node.doc.clone() } else { String::new() },
        calls: calls(context, index, node),
    }
}

/// How compiled entry points of dataflows that include this one call a node: see [`IncludedCall`].
fn calls(context: &Context<'_>, index: usize, node: &Node<'_>) -> Vec<String> {
    let refused = || vec!["!".to_owned()];
    match &node.origin {
        _ if context.checked.broken => Vec::new(),
        Origin::Input(_) => Vec::new(),
        Origin::Function(variants) => {
            let of_a_run = |variant: &Variant<'_>| {
                let function = variant.function;
                function.fallback.is_some() || function.retries.is_some() || function.timeout.is_some()
            };
            if variants.iter().any(of_a_run) {
                return refused();
            }
            let fields = config::selected_by(variants);
            let selected = (variants.len() > 1).then(|| format!("= {}", fields.join(" ")));
            let known = context.calls.borrow();
            let calls = known.get(&index).into_iter().flatten();
            let calls = calls.map(|call| call.as_ref().map_or_else(|| "!".to_owned(), IncludedCall::text));
            selected.into_iter().chain(calls).collect()
        }
        Origin::Part { function, part, .. } => {
            let whole = function.output.value.as_ref().map(text::text).unwrap_or_default();
            let strukt = context.module.structs.iter().find(|strukt| strukt.name == whole);
            let private = strukt.is_some_and(|strukt| strukt.private.contains(&part.name.text));
            if private { refused() } else { vec![descriptor::taken(function, part)] }
        }
        Origin::Included { node, .. } => {
            let hidden = |call: &IncludedCall| {
                let function = call.function.as_ref();
                function.is_some_and(|name| *name != node.name.text && compose::is_taken(context, name))
            };
            match node.included_calls() {
                Some(calls) if calls.iter().any(hidden) => refused(),
                _ => node.calls.clone(),
            }
        }
    }
}

fn role(node: &Node<'_>) -> IncludedRole {
    match &node.origin {
        Origin::Input(field) => {
            let optional = text::generic_argument(&field.ty, "Option").map(|_| "None".to_owned());
            IncludedRole::Input(field.default.as_ref().map(text::text).or(optional).unwrap_or_default())
        }
        Origin::Function(_) => IncludedRole::Function,
        Origin::Part { of, function, part } => {
            let parts = function.extract.iter().flat_map(|extract| &extract.parts);
            let number = parts.into_iter().position(|other| other.name.text == part.name.text);
            IncludedRole::Part(of.clone(), number.unwrap_or(0))
        }
        Origin::Included { node, .. } => node.role.clone(),
    }
}

/// The names behind the slots of each variant. A slot that is empty here stays empty wherever this is included:
/// the call has been written without it.
fn providers(context: &Context<'_>, node: &Node<'_>, variants: &[Vec<Feed>]) -> Vec<Vec<Slot>> {
    let slot = |provider: &usize, take: Take| Slot {
        name: context.checked.nodes[*provider].name.text.clone(),
        optional: false,
        take,
    };
    let slots = |(feed, take): (&Feed, Take)| match feed {
        Feed::Constant => Vec::new(),
        Feed::Absent => vec![Slot { name: "_".to_owned(), optional: true, take }],
        Feed::One(provider) => vec![slot(provider, take)],
        Feed::Many(providers) => providers.iter().map(|provider| slot(provider, take)).collect(),
    };
    let takes = node.takes();
    variants
        .iter()
        .zip(takes)
        .map(|(feeds, takes)| feeds.iter().zip(takes).flat_map(slots).collect())
        .collect()
}

/// The least of two visibilities, as a re-export needs it.
pub(super) fn reexport(visible: Visible) -> Option<TokenStream> {
    match visible {
        Visible::Public => Some(quote!(pub)),
        Visible::Crate => Some(quote!(pub(crate))),
        Visible::Private => None,
    }
}

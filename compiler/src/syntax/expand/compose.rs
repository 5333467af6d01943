//! A dataflow that includes others: asking them what they are, and what is added once they have said it.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use super::{Context, config, edge, facade, interface};
use crate::graph::Problem;
use crate::syntax::check::{Node, Origin, Visible};
use crate::syntax::include::{Included, IncludedNode};
use crate::syntax::model::Module;
use crate::syntax::text;

/// The first expansion of a module with includes: the user's items, and the call that brings the second one. What
/// the module says goes along, bodies left out.
pub(in crate::syntax) fn call_includes(
    module: &Module,
    options: &TokenStream,
    item: TokenStream,
) -> TokenStream {
    let Module { attributes, visibility, ident, items, includes, .. } = module;
    let facade = facade(&module.options);
    let mut locals = includes.iter().map(|include| &include.local);
    let first = locals.next();
    // At the user's token: rustc says there that a module is no dataflow.
    let name = first.map(|first| Ident::new("a_dataflow", first.span()));
    let skeleton = without_bodies(item);
    let call = quote! {
        #first::#name! {
            [#({ #locals::a_dataflow })* { #facade::__private::compose }]
            { { #options } { #skeleton } }
            []
        }
    };
    // rustc's notes about a module point to all of it.
    let item = quote_spanned! {ident.span()=>
        mod #ident {
            #(#items)*
            #call
        }
    };
    quote! {
        #attributes
        #visibility #item
    }
}

/// The module without what only rustc looks at: bodies of functions, and blocks of `impl`s and modules.
fn without_bodies(item: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    if let Some(TokenTree::Group(body)) = tokens.pop() {
        let mut keep = false;
        let inner = body.stream().into_iter().map(|token| match token {
            TokenTree::Ident(word) => {
                // A field of a struct may matter, and the tree of a `use`.
                match word.to_string().as_str() {
                    "struct" | "use" => keep = true,
                    "fn" | "impl" | "mod" | "trait" | "enum" | "union" => keep = false,
                    _ => {}
                }
                TokenTree::Ident(word)
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace && !keep => {
                let mut empty = Group::new(Delimiter::Brace, TokenStream::new());
                empty.set_span(group.span());
                TokenTree::Group(empty)
            }
            other => other,
        });
        let mut body = Group::new(body.delimiter(), inner.collect());
        body.set_span(Span::call_site());
        tokens.push(TokenTree::Group(body));
    }
    tokens.into_iter().collect()
}

/// Names are one flat space: what is included can be named through this module, too.
pub(super) fn reexports(context: &Context<'_>) -> TokenStream {
    let mut tokens = TokenStream::new();
    let mut functions = BTreeSet::new();
    for node in &context.checked.nodes {
        let Origin::Included { include, node: included } = node.origin else { continue };
        if is_taken(context, &node.name.text) {
            continue;
        }
        if let Some(visibility) = interface::reexport(node.visible()) {
            let local = &context.included[include].local;
            for name in called(context, included) {
                if functions.insert(name.to_string()) {
                    tokens.extend(quote! {
                        #[doc(hidden)]
                        #[allow(unused_imports)]
                        #visibility use #local::#name;
                    });
                }
            }
        }
        if let Some(visibility) = interface::reexport(node.visible()) {
            let local = &context.included[include].local;
            let name = text::ident_at(&node.name.text, Span::call_site());
            tokens.extend(quote! {
                #[doc(inline)]
                #[allow(unused_imports)]
                #visibility use #local::#name;
            });
        }
    }
    tokens
}

/// Whether this module has something else under a name.
pub(super) fn is_taken(context: &Context<'_>, name: &str) -> bool {
    let module = context.module;
    module.taken.iter().any(|taken| taken.name.text == name)
        || module.functions.iter().any(|function| function.ident == name)
        || module.helpers.iter().any(|helper| helper.text == name)
        || context.own().any(|(_, node)| node.name.text == name)
}

/// What compiled entry points of dataflows that include this one call for an included node, besides what has its name.
fn called(context: &Context<'_>, node: &IncludedNode) -> Vec<Ident> {
    let calls = node.included_calls().unwrap_or_default();
    let functions = calls.into_iter().filter_map(|call| call.function);
    let others = functions.filter(|name| *name != node.name.text && !is_taken(context, name));
    let mut names: Vec<Ident> = others.map(|name| text::ident_at(&name, Span::call_site())).collect();
    if !node.selected_by().is_empty() {
        names.push(config::selector(&node.name.text));
    }
    names
}

/// Where one node answers for another of its name, both must have one type.
pub(super) fn checks(context: &Context<'_>) -> TokenStream {
    if context.checked.broken {
        return TokenStream::new();
    }
    let answers = context.checked.replaced.iter().filter_map(|(include, index, by)| {
        let included = &context.included[*include];
        let node = included.nodes.iter().find(|node| node.index == *index)?;
        let by = &context.checked.nodes[*by];
        let same = matches!(&by.origin, Origin::Included { node: other, .. } if other.id == node.id);
        (node.visible != Visible::Private && by.visible_here()).then(|| {
            // Of an input only the type counts.
            if same && !node.is_input() {
                return one_definition(context, included, node, by);
            }
            let kind = if node.is_input() { "input" } else { "node" };
            answer(context, included, kind, node, by)
        })
    });
    answers.collect()
}

/// What comes by two ways is known by its place in the source, where a macro may have written two. Only rustc knows
/// whether both are one.
fn one_definition(
    context: &Context<'_>,
    included: &Included,
    node: &IncludedNode,
    by: &Node<'_>,
) -> TokenStream {
    let Included { local, .. } = included;
    let place = local.span();
    let name = text::ident_at(&node.name.text, place);
    let first = text::placed(context.path(by, place), place);
    let message = Problem::Duplicate { first: 0, second: 0, name: node.name.text.clone() }.to_string();
    edge::same_type(&message, (&quote_spanned!(place=> #local::#name), place), (&first, place))
}

fn answer(
    context: &Context<'_>,
    included: &Included,
    kind: &str,
    node: &IncludedNode,
    by: &Node<'_>,
) -> TokenStream {
    let (local, name) = (&included.local, &node.name.text);
    let place = match by.origin {
        Origin::Included { .. } => local.span(),
        _ => by.type_span(),
    };
    // All at one place and in one context, or rustc shows the macro.
    let by_path = context.path(by, place);
    let given = quote_spanned!(place=> <#by_path as __ms::Node>::Output);
    let (flow, ident) = (Ident::new(&local.to_string(), place), text::ident_at(name, place));
    let wanted = quote_spanned!(place=> <#flow::#ident as __ms::Node>::Output);
    let by_kind = by.kind();
    let verb = if by_kind == "input" { "is" } else { "yields" };
    let message =
        format!("{kind} `{name}` of `{local}` is `{{Wanted}}`, but {by_kind} `{name}` {verb} `{{Self}}`");
    edge::same_type(&message, (&given, place), (&wanted, node.name.span.resolved_at(local.span())))
}

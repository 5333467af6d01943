//! Compiled entry points: `#[dataflow(compile(score = (risk, price)))]` becomes a function `score`, which makes the
//! calls one after another, as a person would have written them.
//!
//! `plan` finds out what is called and when, `order` in which order and who may move a value, `together` what is awaited at
//! the same time; `values`, `args`, `split` and `body` write it down.

mod args;
mod body;
mod condition;
mod order;
mod plan;
mod split;
mod together;
mod values;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use self::body::Writer;
use self::plan::{Plan, Step};
use self::together::Natures;
use self::values::{Copies, Names, Values, copies};
use super::{Context, api};
use crate::syntax::check::{self, Entry, Node};
use crate::syntax::model::{Field, Name};
use crate::syntax::text;

/// All entry points of a module, with the types of their inputs and outputs; then what is asserted of their types, and
/// the names in the attribute, so that an editor leads from them to the nodes.
pub(super) fn entries(context: &Context<'_>) -> (TokenStream, TokenStream) {
    let assertions = RefCell::default();
    let entries = context.checked.entries.iter().map(|entry| of(context, entry, &assertions)).collect();
    let mut aside: TokenStream = assertions.into_inner().into_iter().collect();
    aside.extend(places(context));
    (entries, aside)
}

fn of(context: &Context<'_>, entry: &Entry<'_>, assertions: &RefCell<Vec<TokenStream>>) -> TokenStream {
    if !entry.callable {
        return stand_in(context, entry);
    }
    let nodes = &context.checked.nodes;
    let mut plan = Plan::of(context, &entry.outputs);
    let copied = |value: usize| nodes[value].value().is_some_and(|ty| copies(ty) == Copies::Plainly);
    let natures = Natures::of(&plan, nodes);
    order::arrange(&mut plan, copied, &natures);
    let names = Names::of(context, &plan);
    let parts = Cell::new(0);
    let values = Values {
        context,
        plan: &plan,
        names: &names,
        borrowed: BTreeSet::new(),
        entry: &entry.entry.name.text,
        clones: assertions,
    };
    let writer = Writer { values, inputs: type_name(&entry.inputs_type), parts: &parts };
    let body = writer.body();
    let fails = plan.all().any(|(index, step)| body::step_fails(nodes, index, step));
    let outputs: Vec<TokenStream> = entry
        .outputs
        .iter()
        .map(|output| {
            if plan.depth_of(*output) > 0 {
                return writer.values.list(*output);
            }
            let made = plan.producer(*output).is_some();
            writer.values.take(*output, made, || {
                let (entry, name) = (&entry.entry.name, &nodes[*output].name.text);
                let message =
                    format!("entry `{}` only borrows its inputs, so it has to clone `{name}`", entry.text);
                (message, entry.span)
            })
        })
        .collect();
    let value = if entry.entry.tuple {
        let ty = type_name(&entry.outputs_type);
        let fields = entry.outputs.iter().zip(&outputs).map(|(output, value)| {
            let field = text::ident_at(&nodes[*output].name.text, Span::call_site());
            if field == text::text(value) { value.clone() } else { quote!(#field: #value) }
        });
        quote!(#ty { #(#fields),* })
    } else {
        quote!(#(#outputs)*)
    };
    let value = if fails { quote!(::core::result::Result::Ok(#value)) } else { value };
    let selects = plan.all().any(|(_, step)| Step::is_selected(step));
    let parameters = parameters(context, entry, &plan.inputs, selects, Some(&names));
    let facade = context.facade();
    let code = quote! {
        #body
        #value
    };
    let import = text::text(&code).contains("__ms").then(|| quote!(use #facade::__private as __ms;));
    let kind = Kind { fails, awaits: plan.awaits };
    function(context, entry, &plan.inputs, &parameters, kind, &quote!(#import #code))
}

/// What an entry is.
#[derive(Clone, Copy)]
struct Kind {
    fails: bool,
    awaits: bool,
}

/// Where there are errors, other code may still name what it will be: everything but the body.
fn stand_in(context: &Context<'_>, entry: &Entry<'_>) -> TokenStream {
    let nodes = &context.checked.nodes;
    let needed = check::needed(context.checked, &entry.outputs);
    let inputs: Vec<usize> = needed.iter().copied().filter(|index| nodes[*index].kind() == "input").collect();
    let kind = Kind {
        fails: needed.iter().any(|index| body::fails(&nodes[*index], [&nodes[*index]])),
        awaits: needed.iter().any(|index| nodes[*index].is_async()),
    };
    let selects = needed.iter().any(|index| is_conditional(&nodes[*index]));
    let parameters = parameters(context, entry, &inputs, selects, None);
    function(context, entry, &inputs, &parameters, kind, &quote!(::core::unreachable!()))
}

fn is_conditional(node: &Node<'_>) -> bool {
    match &node.origin {
        check::Origin::Function(variants) => variants.len() > 1,
        check::Origin::Included { node, .. } => node.variants.len() > 1,
        check::Origin::Input(_) | check::Origin::Part { .. } => false,
    }
}

fn parameters(
    context: &Context<'_>,
    entry: &Entry<'_>,
    inputs: &[usize],
    selects: bool,
    names: Option<&Names>,
) -> TokenStream {
    let config = context.config_type().filter(|_| selects).map(|ty| {
        let name = names.map_or_else(|| Ident::new("_config", Span::call_site()), Names::config);
        quote!(#name: &#ty,)
    });
    let inputs = (!inputs.is_empty()).then(|| {
        let name = names.map_or_else(|| Ident::new("_inputs", Span::call_site()), Names::inputs);
        let ty = type_name(&entry.inputs_type);
        quote!(#name: &#ty,)
    });
    quote!(#config #inputs)
}

fn function(
    context: &Context<'_>,
    entry: &Entry<'_>,
    inputs: &[usize],
    parameters: &TokenStream,
    Kind { fails, awaits }: Kind,
    body: &TokenStream,
) -> TokenStream {
    let facade = context.facade();
    let visibility = api::least(context);
    let name = text::ident(&entry.entry.name);
    let (inputs, outputs) = (inputs_type(context, entry, inputs), outputs_type(context, entry));
    let yields = if entry.entry.tuple || entry.outputs.is_empty() {
        let ty = type_name(&entry.outputs_type);
        quote!(#ty)
    } else {
        let types = entry.outputs.iter().map(|output| type_of(context, *output));
        quote!(#(#types)*)
    };
    let result = if fails { quote!(::core::result::Result<#yields, #facade::EntryError>) } else { yields };
    // A result and a future say so themselves.
    let must_use = (!fails && !awaits).then(|| quote!(#[must_use]));
    let keyword = awaits.then(|| quote!(async));
    let doc = text::doc(&documentation(context, entry, fails, awaits));
    let item = quote_spanned!(entry.entry.name.span=> #keyword fn #name);
    quote! {
        #inputs
        #outputs
        #doc
        #must_use
        #[allow(
            unreachable_pub,
            dead_code,
            deprecated,
            private_interfaces,
            unreachable_patterns,
            clippy::all,
            clippy::pedantic,
            clippy::nursery
        )]
        #visibility #item(#parameters) -> #result {
            #body
        }
    }
}

fn places(context: &Context<'_>) -> TokenStream {
    let path = |(entry, output): (&Entry<'_>, &Name)| {
        let mut nodes = entry.outputs.iter().map(|index| &context.checked.nodes[*index]);
        let node = nodes.find(|node| node.name.text == output.text).filter(|node| node.visible_here())?;
        Some(context.path(node, output.span))
    };
    let outputs = context
        .checked
        .entries
        .iter()
        .flat_map(|entry| entry.entry.outputs.iter().map(move |output| (entry, output)));
    let paths: Vec<TokenStream> = outputs.filter_map(path).collect();
    if paths.is_empty() {
        return TokenStream::new();
    }
    quote! {
        const _: ::core::marker::PhantomData<(#(#paths,)*)> = ::core::marker::PhantomData;
    }
}

fn documentation(context: &Context<'_>, entry: &Entry<'_>, fails: bool, awaits: bool) -> String {
    let names: Vec<String> = entry
        .outputs
        .iter()
        .map(|output| format!("`{}`", context.checked.nodes[*output].name.text))
        .collect();
    let names = match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    };
    let mut doc = format!(
        "Computes {names} by calling one node after another, without a driver.\n\nA panic of a node is not caught."
    );
    if awaits {
        doc.push_str(" Async nodes that do not need each other are awaited at the same time.");
    }
    if fails {
        doc.push_str("\n\n# Errors\nThat of the first node that fails; the others are not called.");
    }
    doc
}

/// The struct of the inputs that the entry needs.
fn inputs_type(context: &Context<'_>, entry: &Entry<'_>, inputs: &[usize]) -> TokenStream {
    if inputs.is_empty() {
        return TokenStream::new();
    }
    let visibility = context.inputs_visibility();
    let ty = type_name(&entry.inputs_type);
    let doc = text::doc(&format!("What [`{0}`]({0}()) needs.", entry.entry.name.text));
    let fields = inputs.iter().map(|input| {
        let node = &context.checked.nodes[*input];
        let (name, ty) = (text::ident_at(&node.name.text, Span::call_site()), context.input_type(node));
        let doc =
            if node.doc.is_empty() { format!("The input `{}`.", node.name.text) } else { node.doc.clone() };
        let doc = text::doc(&doc);
        let visibility = match &node.origin {
            check::Origin::Input(Field { visibility, .. }) => visibility.clone(),
            _ => quote!(pub),
        };
        quote!(#doc #visibility #name: #ty)
    });
    let lints = lints();
    quote! {
        #doc
        #lints
        #visibility struct #ty {
            #(#fields),*
        }
    }
}

/// The struct of what the entry yields, where it yields one.
fn outputs_type(context: &Context<'_>, entry: &Entry<'_>) -> TokenStream {
    if !entry.entry.tuple && !entry.outputs.is_empty() {
        return TokenStream::new();
    }
    let visibility = api::least(context);
    let ty = type_name(&entry.outputs_type);
    let doc = text::doc(&format!("What [`{0}`]({0}()) yields.", entry.entry.name.text));
    let fields = entry.outputs.iter().map(|output| {
        let node = &context.checked.nodes[*output];
        let (name, ty) = (text::ident_at(&node.name.text, Span::call_site()), type_of(context, *output));
        let doc = if node.doc.is_empty() {
            format!("The value of `{}`.", node.name.text)
        } else {
            node.doc.clone()
        };
        let doc = text::doc(&doc);
        quote!(#doc #visibility #name: #ty)
    });
    let lints = lints();
    quote! {
        #doc
        #lints
        #visibility struct #ty {
            #(#fields),*
        }
    }
}

fn lints() -> TokenStream {
    quote! {
        #[allow(
            unreachable_pub,
            dead_code,
            private_interfaces,
            missing_copy_implementations,
            missing_debug_implementations,
            clippy::all,
            clippy::pedantic,
            clippy::nursery
        )]
    }
}

/// The type of an output as this module can write it: of a value of a block a list, of one in a block within a block a
/// list of lists.
fn type_of(context: &Context<'_>, value: usize) -> TokenStream {
    let node = &context.checked.nodes[value];
    let around = context.checked.scopes.get(value).map_or(0, Vec::len);
    let one = if let Some(ty) = node.value() {
        ty.clone()
    } else {
        let path = context.path(node, Span::call_site());
        let facade = context.facade();
        quote!(<#path as #facade::Node>::Output)
    };
    let depth = around + usize::from(node.expands());
    (0..depth).fold(one, |inner, _| quote!(::std::vec::Vec<#inner>))
}

fn type_name(name: &str) -> Ident {
    text::ident_at(name, Span::call_site())
}

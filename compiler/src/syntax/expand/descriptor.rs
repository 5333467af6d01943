//! Descriptors: a type for each node, and what it says about the node.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::values::Values;
use super::{Context, call, recovery};
use crate::syntax::check::{Feed, Node, Origin, Variant};
use crate::syntax::model::{Bind, Condition, Fails, Function, Mode, Output, Param, Part, Shape, Tag};
use crate::syntax::text::{self, text};

/// The type of a node: no value of it exists.
pub(super) fn structure(node: &Node<'_>, facade: &TokenStream) -> TokenStream {
    let visibility = node.visibility();
    let name = text::ident(&node.name);
    let doc = text::doc(&documentation(node));
    let never = quote!(_never: #facade::__private::Infallible);
    // rustc's notes about a type point to all of it.
    let item = quote_spanned!(node.name.span=> struct #name { #never });
    quote! {
        #doc
        #[allow(
            non_camel_case_types,
            dead_code,
            unreachable_pub,
            missing_copy_implementations,
            missing_debug_implementations,
            clippy::doc_markdown
        )]
        #visibility #item
    }
}

/// The user's words, then the type: an editor shows this at every parameter that the node feeds.
fn documentation(node: &Node<'_>) -> String {
    let (kind, name) = (node.kind(), &node.name.text);
    // The function or field of the same name has the whole text, whose examples are to be tested once.
    let told_elsewhere = match &node.origin {
        Origin::Function(variants) => variants.iter().any(|variant| variant.function.ident == *name),
        Origin::Input(_) => true,
        Origin::Part { .. } | Origin::Included { .. } => false,
    };
    let theirs = node.doc.split("\n\n").next().filter(|_| told_elsewhere).unwrap_or(&node.doc);
    let ours = match node.value() {
        Some(ty) => format!("The {kind} `{name}`: `{}`.", text(ty)),
        None => format!("The {kind} `{name}`."),
    };
    if theirs.is_empty() { ours } else { format!("{theirs}\n\n{ours}") }
}

/// `impl Node` for a node of this module.
pub(super) fn node(context: &Context<'_>, index: usize, node: &Node<'_>, values: &mut Values) -> TokenStream {
    let name = text::ident_at(&node.name.text, Span::call_site().resolved_at(node.name.span));
    let output = output(node);
    let value = match node.value() {
        Some(ty) => values.of(ty),
        // Only rustc knows the type; it is written down once, below.
        None => values.of(&quote!(<#name as __ms::Node>::Output)),
    };
    let error = error(node);
    let mut calls = TokenStream::new();
    let role = if context.checked.broken {
        quote!(__ms::Role::Input { default: __ms::None })
    } else {
        role(context, index, node, &mut calls)
    };
    let record = record(node, &value.into(), &role);
    let associated = quote_spanned!(node.type_span()=> type Output = #output;);
    let stands_in = recovery::stands_in(context, index, node);
    quote! {
        #calls
        #stands_in
        impl __ms::Node for #name {
            #associated
            type Error = #error;
            const DESCRIPTOR: &'static __ms::NodeDescriptor = #record;
        }
    }
}

fn record(node: &Node<'_>, value: &proc_macro2::TokenTree, role: &TokenStream) -> TokenStream {
    let text = &node.name.text;
    let doc = &node.doc;
    let place = place(node.name.span);
    let tags = tags(&node.tags);
    let version = match &node.origin {
        Origin::Function(variants) => variants.iter().find_map(|variant| variant.function.version),
        _ => None,
    };
    let version = Literal::u64_unsuffixed(version.unwrap_or(0));
    quote! {
        &__ms::NodeDescriptor {
            name: #text,
            id: __ms::TypeId::of::<Self>(),
            home: __ms::Home::Flow(__table),
            doc: #doc,
            place: #place,
            tags: #tags,
            version: #version,
            value: #value,
            role: #role,
        }
    }
}

/// The constant that [`place`] refers to.
pub(super) fn file() -> TokenStream {
    quote!(
        const __FILE: &str = ::core::file!();
    )
}

/// A place as data. Line and column are known now; the file is rustc's to name.
pub(super) fn place(span: Span) -> TokenStream {
    let start = span.start();
    let line = Literal::usize_unsuffixed(start.line);
    let column = Literal::usize_unsuffixed(start.column + 1);
    quote!(__ms::Place { file: __FILE, line: #line, column: #column })
}

pub(super) fn tags(tags: &[Tag]) -> TokenStream {
    let tags =
        tags.iter().map(|Tag { key, values }| quote!(__ms::Tag { key: #key, values: &[#(#values),*] }));
    quote!(&[#(#tags),*])
}

/// The type of a node's value, at the user's own tokens.
pub(super) fn output(node: &Node<'_>) -> TokenStream {
    match (node.value(), &node.origin) {
        (Some(ty), _) => ty.clone(),
        (None, Origin::Function(variants)) => variants
            .first()
            .map(|Variant { function, .. }| {
                let ty = &function.output.ty;
                quote_spanned!(function.output.span=> <#ty as __ms::Fallible>::Value)
            })
            .unwrap_or_default(),
        (None, _) => TokenStream::new(),
    }
}

fn error(node: &Node<'_>) -> TokenStream {
    let Origin::Function(variants) = &node.origin else { return quote!(__ms::Infallible) };
    // Variants may fail in different ways, or only some of them.
    let mut failing = variants
        .iter()
        .map(|variant| &variant.function.output)
        .filter(|output| !matches!(output.fails, Fails::Never));
    let Some(first) = failing.next() else { return quote!(__ms::Infallible) };
    let same = |other: &Output| text(&error_of(other)) == text(&error_of(first));
    if failing.all(same) { error_of(first) } else { quote!(__ms::BoxedError) }
}

pub(super) fn error_of(output: &Output) -> TokenStream {
    match &output.fails {
        Fails::Never => quote!(__ms::Infallible),
        Fails::With(error) => error.clone(),
        Fails::Somehow => {
            let ty = &output.ty;
            quote_spanned!(output.span=> <#ty as __ms::Fallible>::Error)
        }
    }
}

fn role(context: &Context<'_>, index: usize, node: &Node<'_>, calls: &mut TokenStream) -> TokenStream {
    match &node.origin {
        Origin::Input(field) => {
            let name = text::ident_at(&node.name.text, Span::call_site());
            let written = field.default.as_ref().map(text).unwrap_or_default();
            let value = field.default.clone().or_else(|| {
                text::generic_argument(&field.ty, "Option").map(|_| quote!(::core::option::Option::None))
            });
            let ty = &field.ty;
            let default = match value {
                Some(value) => quote! {
                    __ms::Some(__ms::InputDefault {
                        make: __ms::call0::<__ms::Out<#name>>(|| {
                            let __value: #ty = #value;
                            __value
                        }),
                        written: #written,
                    })
                },
                None => quote!(__ms::None),
            };
            quote!(__ms::Role::Input { default: #default })
        }
        Origin::Part { of, function, part } => {
            let taken = taken(function, part);
            quote!(__ms::Role::Part { of: #of, taken: #taken })
        }
        Origin::Function(variants) => {
            let feeds = context.checked.feeds[index].iter();
            let variants = variants.iter().zip(feeds).enumerate().map(|(number, (variant, feeds))| {
                let call = call::call(context, node, variant, number, feeds);
                calls.extend(call.function);
                context.calls.borrow_mut().entry(index).or_default().push(call.included);
                variant_record(context, (number, variant), feeds, &call.value)
            });
            // The calls are needed before they are named.
            let variants: Vec<TokenStream> = variants.collect();
            let split = call::split(node);
            let expands = node.expands();
            quote! {
                __ms::Role::Function { variants: &[#(#variants),*], split: #split, expands: #expands }
            }
        }
        Origin::Included { .. } => TokenStream::new(),
    }
}

/// How a part is taken from the whole: `.field`, `.1`, or `[key]`.
pub(super) fn taken(function: &Function, part: &Part) -> String {
    match function.extract.as_ref().map(|extract| extract.shape) {
        Some(Shape::Tuple) => format!(".{}", part.index),
        Some(Shape::Map) => format!("[{}]", part.name.text),
        _ => format!(".{}", part.name.text),
    }
}

fn variant_record(
    context: &Context<'_>,
    (number, variant): (usize, &Variant<'_>),
    feeds: &[Feed],
    call: &TokenStream,
) -> TokenStream {
    let condition = condition(&variant.function.conditions);
    let function = text::unraw(&variant.function.ident);
    let place = match number {
        0 => quote!(__ms::None),
        _ => {
            let place = place(variant.function.name.span);
            quote!(__ms::Some(#place))
        }
    };
    let params = variant.params().zip(feeds).map(|(param, feed)| {
        let source = match feed {
            // What a tag stands for in this graph is known by now.
            Feed::Many(providers) => {
                let names = providers.iter().map(|provider| &context.checked.nodes[*provider].name.text);
                Some(quote!(__ms::Source::Group(&[#(#names),*])))
            }
            _ => None,
        };
        ParamRecord { param, source, value: None }
    });
    let params = param_records(params);
    let recovery = recovery::of(variant.function);
    quote! {
        __ms::Variant {
            condition: #condition,
            function: #function,
            place: #place,
            #params,
            call: #call,
            recovery: #recovery,
        }
    }
}

/// A parameter, with what the expansion knows of it.
pub(super) struct ParamRecord<'p> {
    pub(super) param: &'p Param,
    /// What feeds it, where that is not what the user wrote.
    pub(super) source: Option<TokenStream>,
    /// The constant that describes the type its provider must yield, where the macro has not checked it.
    pub(super) value: Option<Ident>,
}

/// Parameters as data: name and type, and what these two do not say.
pub(super) fn param_records<'p>(params: impl Iterator<Item = ParamRecord<'p>>) -> TokenStream {
    let mut rows = Vec::new();
    let mut bindings = Vec::new();
    for (position, ParamRecord { param, source: known, value }) in params.enumerate() {
        let (name, ty) = (&param.name.text, text(&param.ty));
        rows.push(quote!((#name, #ty)));
        let by_name = matches!(&param.bind, Bind::Name(bound) if bound.text == param.name.text);
        if by_name && param.default.is_none() && value.is_none() {
            continue;
        }
        let optional =
            param.default.is_some() || matches!(param.mode, Mode::OptionBorrow(_) | Mode::OptionOwn(_));
        let source = known.unwrap_or_else(|| source(&param.bind));
        let default = param.default.as_ref().map(text).unwrap_or_default();
        let value = match value {
            Some(value) => quote!(__ms::Some(#value)),
            None => quote!(__ms::None),
        };
        let position = Literal::usize_unsuffixed(position);
        bindings.push(quote! {
            (#position, __ms::Binding {
                source: #source,
                optional: #optional,
                default: #default,
                value: #value,
            })
        });
    }
    quote!(params: &[#(#rows),*], bindings: &[#(#bindings),*])
}

pub(super) fn source(bind: &Bind) -> TokenStream {
    match bind {
        Bind::Name(name) => {
            let name = &name.text;
            quote!(__ms::Source::Name(#name))
        }
        Bind::Value(value) => {
            let value = text(value);
            quote!(__ms::Source::Value(#value))
        }
        Bind::Run => quote!(__ms::Source::Run),
        Bind::Group(names, _) => {
            let names = names.iter().map(|name| &name.text);
            quote!(__ms::Source::Group(&[#(#names),*]))
        }
        Bind::GroupTag { key, value, .. } => {
            let value = match value {
                Some(value) => quote!(__ms::Some(#value)),
                None => quote!(__ms::None),
            };
            quote!(__ms::Source::Tag(#key, #value))
        }
    }
}

/// The conditions of a variant as the user wrote them.
fn condition(conditions: &[Condition]) -> String {
    let one = |condition: &Condition| {
        let equals = if condition.negated { "!=" } else { "=" };
        format!("{} {equals} {}", condition.field.text, text(&condition.pattern))
    };
    conditions.iter().map(one).collect::<Vec<_>>().join(", ")
}

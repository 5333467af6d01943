//! The calls: from what a frame holds to the arguments of the user's function, and back.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote};

use super::{Context, edge};
use crate::syntax::check::{Feed, Node, Origin, Variant};
use crate::syntax::model::{Bind, Extract, Fails, Function, Mode, Param, Part, Shape};
use crate::syntax::text::{self, generic_argument};

/// A function that calls one variant of a node: a function of its own, which rustc checks faster than a closure.
pub(super) struct Call {
    /// Its name.
    pub(super) name: Ident,
    /// The function.
    pub(super) function: TokenStream,
}

/// The function that calls the variant `number` of a node.
pub(super) fn call(
    context: &Context<'_>,
    node: &Node<'_>,
    variant: &Variant<'_>,
    number: usize,
    feeds: &[Feed],
) -> Call {
    let mut slot = 0;
    let mut arguments = Vec::with_capacity(feeds.len());
    for (param, feed) in variant.params().zip(feeds) {
        let argument = Argument { context, node, function: variant.function, param };
        arguments.push(argument.expression(feed, slot));
        slot += slots(feed);
    }
    let function = &variant.function.ident;
    let call = quote!(#function(#(#arguments),*));
    // What is not expanded yet.
    let waits = variant.function.is_async
        || variant.function.output.expands
        || variant.params().any(|param| is_not_expanded(&param.mode));
    let body = if waits { quote!(::core::unimplemented!()) } else { finish(node, variant, &call) };
    let name = match number {
        0 => format_ident!("__call_{}", node.name.text, span = Span::call_site()),
        _ => format_ident!("__call_{}__{number}", node.name.text, span = Span::call_site()),
    };
    let frame = frame();
    let function = quote! {
        fn #name(#frame: &__ms::Frame<'_>) -> __ms::Outcome {
            #body
        }
    };
    Call { name, function }
}

/// What is read and checked, and waits for the run time.
pub(super) fn is_not_expanded(mode: &Mode) -> bool {
    matches!(mode, Mode::Collect { .. } | Mode::Tolerant(_) | Mode::Metadata | Mode::Context)
}

fn finish(node: &Node<'_>, variant: &Variant<'_>, call: &TokenStream) -> TokenStream {
    let frame = frame();
    let name = text::ident_at(&node.name.text, Span::call_site());
    let all_fail_alike = match &node.origin {
        Origin::Function(variants) => {
            let errors = variants
                .iter()
                .filter(|variant| !matches!(variant.function.output.fails, Fails::Never))
                .map(|variant| text::text(&super::descriptor::error_of(&variant.function.output)));
            errors.collect::<std::collections::BTreeSet<_>>().len() < 2
        }
        _ => true,
    };
    let value = Ident::new("__value", Span::mixed_site());
    match (&variant.function.output.fails, all_fail_alike) {
        (Fails::Never, _) => {
            let call = edge::variant_value(node, variant, call).unwrap_or_else(|| call.clone());
            quote!(#frame.finish::<#name>(#call))
        }
        (_, all_fail_alike) => {
            let mut call = call.clone();
            if let Some(converted) = edge::variant_value(node, variant, &quote!(#value)) {
                call = quote!(#call.map(|#value| #converted));
            }
            if !all_fail_alike {
                call = quote!(#call.map_err(::core::convert::Into::into));
            }
            quote!(#frame.finish_result::<#name>(#call))
        }
    }
}

/// How many slots of the frame a parameter takes.
fn slots(feed: &Feed) -> usize {
    match feed {
        Feed::Constant => 0,
        Feed::Absent | Feed::One(_) => 1,
        Feed::Many(providers) => providers.len(),
    }
}

/// A local of the expansion. It is hygienic, and has a name nobody uses besides: a local cannot stand beside a static
/// or a constant of its name.
pub(super) fn frame() -> Ident {
    Ident::new("__frame", Span::mixed_site())
}

/// A parameter of the function of a node.
struct Argument<'a> {
    context: &'a Context<'a>,
    node: &'a Node<'a>,
    function: &'a Function,
    param: &'a Param,
}

impl<'a> Argument<'a> {
    /// The expression that is passed; its slots begin at `slot`.
    fn expression(&self, feed: &Feed, slot: usize) -> TokenStream {
        match feed {
            Feed::Constant => match &self.param.bind {
                Bind::Value(value) => value.clone(),
                _ => TokenStream::new(),
            },
            Feed::Absent => match &self.param.default {
                Some(default) => default.clone(),
                None => quote!(::core::option::Option::None),
            },
            Feed::One(provider) => self.one(&self.context.checked.nodes[*provider], slot),
            Feed::Many(providers) => self.many(providers, slot),
        }
    }

    fn edge(&self, provider: &'a Node<'a>) -> edge::Edge<'a> {
        edge::Edge { node: self.node, function: self.function, param: self.param, provider }
    }

    fn one(&self, provider: &'a Node<'a>, slot: usize) -> TokenStream {
        let param = self.param;
        let place = match &param.bind {
            Bind::Name(name) => name.span,
            _ => param.name.span,
        };
        let frame = frame();
        let path = self.context.path(provider, place);
        let k = Literal::usize_unsuffixed(slot);
        let edge = self.edge(provider);
        // An input may be left out of a run where all that use it have a default.
        let default = param.default.as_ref().filter(|_| provider.kind() == "input");
        match (&param.mode, default) {
            (Mode::Borrow(wanted), None) => edge.borrowed(wanted, quote!(#frame.borrow::<#path>(#k))),
            (Mode::Own(wanted), None) => edge.owned(wanted, quote!(#frame.take::<#path>(#k))),
            (Mode::Borrow(wanted), Some(default)) => {
                let value = edge.borrowed(wanted, quote!(__value));
                let ty = &param.ty;
                quote! {{
                    let __value: #ty = match #frame.supplied::<#path>(#k) {
                        ::core::option::Option::Some(__value) => #value,
                        ::core::option::Option::None => #default,
                    };
                    __value
                }}
            }
            (Mode::Own(wanted), Some(default)) => {
                let value = edge.owned(wanted, quote!(__value));
                let ty = &param.ty;
                quote! {{
                    let __value: #ty = match #frame.take_supplied::<#path>(#k) {
                        ::core::option::Option::Some(__value) => #value,
                        ::core::option::Option::None => #default,
                    };
                    __value
                }}
            }
            (Mode::OptionBorrow(wanted), _) => {
                let supplied = quote!(#frame.supplied::<#path>(#k));
                let inner = provider.value().and_then(|ty| generic_argument(ty, "Option"));
                edge.optional_borrowed(wanted, inner.as_ref(), &supplied)
            }
            (Mode::OptionOwn(wanted), _) => {
                let supplied = quote!(#frame.take_supplied::<#path>(#k));
                let inner = provider.value().and_then(|ty| generic_argument(ty, "Option"));
                edge.optional_owned(wanted, inner.as_ref(), &supplied)
            }
            // Only a group has such a parameter, and a group is never one node.
            (Mode::GroupList(_) | Mode::GroupMap(_), _) => quote!(#frame.borrow::<#path>(#k)),
            (Mode::Collect { .. } | Mode::Tolerant(_) | Mode::Metadata | Mode::Context, _) => {
                TokenStream::new()
            }
        }
    }

    fn many(&self, providers: &[usize], slot: usize) -> TokenStream {
        let param = self.param;
        let frame = frame();
        let element = match &param.mode {
            Mode::GroupList(element) | Mode::GroupMap(element) => element,
            Mode::Borrow(ty)
            | Mode::Own(ty)
            | Mode::OptionBorrow(ty)
            | Mode::OptionOwn(ty)
            | Mode::Tolerant(ty)
            | Mode::Collect { element: ty, .. } => ty,
            Mode::Metadata | Mode::Context => &param.ty,
        };
        let wanted = text::referent(element);
        let count = Literal::usize_unsuffixed(providers.len());
        let members = providers.iter().enumerate().map(|(at, provider)| {
            let provider = &self.context.checked.nodes[*provider];
            let place = match &param.bind {
                Bind::Group(names, span) => names.get(at).map_or(*span, |name| name.span),
                _ => Span::call_site().resolved_at(param.name.span),
            };
            let path = self.context.path(provider, place);
            let k = Literal::usize_unsuffixed(slot + at);
            let value = self.edge(provider).borrowed(&wanted, quote!(#frame.borrow::<#path>(#k)));
            (&provider.name.text, value)
        });
        if matches!(param.mode, Mode::GroupMap(_)) {
            let (names, values): (Vec<_>, Vec<_>) = members.unzip();
            quote!(__ms::map::<&#wanted, #count>([#((#names, #values)),*]))
        } else {
            let values = members.map(|(_, value)| value);
            quote!(__ms::list::<&#wanted, #count>([#(#values),*]))
        }
    }
}

/// The closure that takes a value apart where the node has parts.
pub(super) fn split(node: &Node<'_>) -> TokenStream {
    let Origin::Function(variants) = &node.origin else { return quote!(__ms::None) };
    let Some(extract) = variants.first().and_then(|variant| variant.function.extract.as_ref()) else {
        return quote!(__ms::None);
    };
    let parts = Ident::new("__parts", Span::mixed_site());
    let value = Ident::new("__value", Span::mixed_site());
    let name = text::ident_at(&node.name.text, Span::call_site());
    let mutable = (extract.shape == Shape::Map).then(|| quote!(mut));
    let sets = extract.parts.iter().enumerate().map(|(k, part)| set(extract, part, k, &parts, &value));
    quote! {
        __ms::Some(|#parts| {
            let #mutable #value = #parts.whole::<#name>();
            #(#sets)*
            #parts.done()
        })
    }
}

fn set(extract: &Extract, part: &Part, k: usize, parts: &Ident, value: &Ident) -> TokenStream {
    let k = Literal::usize_unsuffixed(k);
    let part_name = text::ident_at(&part.name.text, Span::call_site());
    match extract.shape {
        Shape::Struct => {
            // At the user's token: a field that does not exist is seen there, and so is one of another type. The
            // variable in between is there, too, so that an editor is not led to one that the user never wrote.
            let field = text::ident(&part.name);
            let ty = &part.ty;
            quote! {
                let #field = #value.#field;
                let part: #ty = #field;
                #parts.set::<#part_name>(#k, part);
            }
        }
        Shape::Tuple => {
            let index = Literal::usize_unsuffixed(part.index);
            quote!(#parts.set::<#part_name>(#k, #value.#index);)
        }
        Shape::Map => {
            let key = &part.name.text;
            let map = text::ident(&part.name);
            quote! {
                let #map = &mut #value;
                #parts.key::<#part_name, _>(#k, #map, #key);
            }
        }
    }
}

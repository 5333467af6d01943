//! The calls: each node's function, with how its parameters are read from where a run keeps its values.
//!
//! Where every parameter is exactly what its provider yields, the user's function itself is named. Where something
//! is to be done on the way (a coercion, a default, a constant), a function of our own calls it.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

use super::leaf::{HELD, Leaves};
use super::{Context, edge};
use crate::syntax::check::{Feed, Node, Origin, Variant};
use crate::syntax::include::IncludedCall;
use crate::syntax::model::{Bind, Extract, Fails, Function, Mode, Param, Part, Shape};
use crate::syntax::text::{self, generic_argument};

/// How one variant of a node is called.
pub(super) struct Call {
    /// The expression that says so.
    pub(super) value: TokenStream,
    /// What it needs besides: a function that calls the user's.
    pub(super) function: TokenStream,
    /// How a dataflow that includes this one calls it, if it can.
    pub(super) included: Option<IncludedCall>,
}

/// How the variant `number` of a node is called.
pub(super) fn call(
    context: &Context<'_>,
    node: &Node<'_>,
    variant: &Variant<'_>,
    number: usize,
    feeds: &[Feed],
) -> Call {
    let mut leaves = Leaves::default();
    let mut arguments = Vec::with_capacity(feeds.len());
    for (param, feed) in variant.params().zip(feeds) {
        let argument = Argument { context, node, function: variant.function, param };
        arguments.push(argument.expression(feed, &mut leaves));
    }
    let direct = arguments.iter().all(|argument| argument.is_plain);
    let user = &variant.function.ident;
    let arguments = arguments.iter().map(|argument| &argument.value);
    let is_async = variant.function.is_async;
    // What is wrong with a future is said at the function.
    let place = if is_async { user.span() } else { Span::call_site() };
    let call = quote_spanned!(place=> #user(#(#arguments),*));
    let ended = is_async.then(|| quote!(#call.await));
    let finish = finish(node, variant, ended.as_ref().unwrap_or(&call));
    let plain = text::ident_at(&node.name.text, Span::call_site());
    let fallible = (!matches!(variant.function.output.fails, Fails::Never)).then_some(&plain);
    let included = |function: Option<&Ident>| {
        let function = function.map(text::unraw);
        let passed = leaves.passed();
        passed.map(|passed| IncludedCall { function, passed, waits: is_async, fails: fallible.is_some() })
    };
    let calls_user = direct && leaves.is_flat() && finish.is_none();
    if calls_user && !is_async {
        let value = leaves.call(fallible, false, &quote!(#user));
        return Call { value, function: leaves.named_members(), included: included(Some(user)) };
    }
    let name = by_descriptor(number);
    let value = if variant.function.output.expands {
        quote!(__ms::Parallelizable<__ms::Out<#plain>>)
    } else {
        quote!(__ms::Out<#plain>)
    };
    let output = match fallible {
        Some(_) => quote!(::core::result::Result<#value, <#plain as __ms::Node>::Error>),
        None => value,
    };
    // A function of the descriptor, so that a dataflow that includes this one can call it, too.
    let visibility = node.visibility();
    let function = if is_async {
        let future = match finish {
            Some(finish) => quote!(async move { #finish }),
            None => call,
        };
        waiting(&name, &leaves, &output, &future)
    } else {
        let (params, body) = (leaves.params(), finish.unwrap_or(call));
        quote! {
            fn #name(#params) -> #output {
                #body
            }
        }
    };
    let members = leaves.named_members();
    let function = quote! {
        #members
        impl #plain {
            #[doc(hidden)]
            #[inline]
            #visibility #function
        }
    };
    let value = leaves.call(fallible, is_async, &quote!(#plain::#name));
    Call { value, function, included: included(calls_user.then_some(user)) }
}

/// A function that makes a future which yields `output`.
pub(super) fn waiting(
    name: &Ident,
    leaves: &Leaves,
    output: &TokenStream,
    future: &TokenStream,
) -> TokenStream {
    let params = leaves.params_held();
    quote! {
        fn #name<#HELD>(#params) -> __ms::Awaited<#HELD, #output> {
            __ms::awaited(#future)
        }
    }
}

/// The function of a descriptor that calls a variant.
pub(super) fn by_descriptor(number: usize) -> Ident {
    match number {
        0 => Ident::new("__call", Span::call_site()),
        _ => format_ident!("__call_{number}", span = Span::call_site()),
    }
}

/// What has to be done with what the function returns, if anything.
fn finish(node: &Node<'_>, variant: &Variant<'_>, call: &TokenStream) -> Option<TokenStream> {
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
    if matches!(variant.function.output.fails, Fails::Never) {
        return edge::variant_value(node, variant, call);
    }
    let value = Ident::new("__value", Span::mixed_site());
    let converted = edge::variant_value(node, variant, &value.to_token_stream());
    if converted.is_none() && all_fail_alike {
        return None;
    }
    let mapped = converted.map(|converted| quote!(.map(|#value| #converted)));
    let failed = (!all_fail_alike).then(|| quote!(.map_err(::core::convert::Into::into)));
    Some(quote!(#call #mapped #failed))
}

/// A parameter of the function of a node.
struct Argument<'a> {
    context: &'a Context<'a>,
    node: &'a Node<'a>,
    function: &'a Function,
    param: &'a Param,
}

/// What is passed for a parameter.
pub(super) struct Passed {
    pub(super) value: TokenStream,
    /// Whether it is just what was read.
    pub(super) is_plain: bool,
}

impl Passed {
    /// What an edge has made of the variable that holds what was read; it need do nothing where the types are
    /// the same.
    fn of(read: &Ident, value: TokenStream, same: bool) -> Self {
        let is_plain = same && *read == value.to_string();
        Self { value, is_plain }
    }

    fn written(value: TokenStream) -> Self {
        Self { value, is_plain: false }
    }
}

impl<'a> Argument<'a> {
    fn expression(&self, feed: &Feed, leaves: &mut Leaves) -> Passed {
        match feed {
            Feed::Constant if matches!(self.param.bind, Bind::Run) => {
                let read = leaves.read_run();
                Passed::of(&read, read.to_token_stream(), true)
            }
            Feed::Constant => Passed::written(match &self.param.bind {
                Bind::Value(value) => value.clone(),
                _ => TokenStream::new(),
            }),
            Feed::Absent => Passed::written(match &self.param.default {
                Some(default) => default.clone(),
                None => quote!(::core::option::Option::None),
            }),
            Feed::One(provider) => self.one(*provider, leaves),
            Feed::Many(providers) => self.many(providers, leaves),
        }
    }

    fn edge(&self, provider: usize) -> edge::Edge<'a> {
        let nodes = &self.context.checked.nodes;
        let blocks = self.context.checked.scopes.get(provider).and_then(|blocks| blocks.last().copied());
        let opener = Some(provider).filter(|provider| nodes[*provider].expands()).or(blocks);
        let opener = opener.map(|opener| nodes[opener].name.text.as_str());
        let provider = &nodes[provider];
        edge::Edge { node: self.node, function: self.function, param: self.param, provider, opener }
    }

    fn one(&self, index: usize, leaves: &mut Leaves) -> Passed {
        let (param, provider) = (self.param, &self.context.checked.nodes[index]);
        if matches!(param.mode, Mode::Metadata) {
            let read = leaves.read_metadata(&param.ty);
            return Passed::of(&read, read.to_token_stream(), true);
        }
        let place = match &param.bind {
            Bind::Name(name) => name.span,
            _ => param.name.span,
        };
        let mut read = |kind| leaves.read(kind, |place| self.context.path(provider, place), place);
        let edge = self.edge(index);
        // An input may be left out of a run where all that use it have a default.
        let default = param.default.as_ref().filter(|_| provider.kind() == "input");
        match (&param.mode, default) {
            (Mode::Borrow(wanted), None) => {
                let read = read("Ref");
                Passed::of(
                    &read,
                    edge.borrowed(wanted, read.to_token_stream()),
                    edge::is_same(wanted, provider),
                )
            }
            (Mode::Own(wanted), None) => {
                let read = read("Take");
                Passed::of(&read, edge.owned(wanted, read.to_token_stream()), edge::is_same(wanted, provider))
            }
            (Mode::Borrow(wanted), Some(default)) => {
                let read = read("OptRef");
                self.or_default(&read, &edge.borrowed(wanted, quote!(__value)), default)
            }
            (Mode::Own(wanted), Some(default)) => {
                let read = read("OptTake");
                self.or_default(&read, &edge.owned(wanted, quote!(__value)), default)
            }
            (Mode::OptionBorrow(wanted), _) => {
                let read = read("OptRef");
                let inner = provider.value().and_then(|ty| generic_argument(ty, "Option"));
                let value = edge.optional_borrowed(wanted, inner.as_ref(), &read.to_token_stream());
                Passed::of(&read, value, edge::is_same(wanted, provider))
            }
            (Mode::OptionOwn(wanted), _) => {
                let read = read("OptTake");
                let inner = provider.value().and_then(|ty| generic_argument(ty, "Option"));
                let value = edge.optional_owned(wanted, inner.as_ref(), &read.to_token_stream());
                Passed::of(&read, value, edge::is_same(wanted, provider))
            }
            (Mode::Collect { element, tolerant: true }, _) => {
                let read = read("CollectedResults");
                let value = edge.collected_results(element, read.to_token_stream());
                Passed::of(&read, value, edge::is_same(element, provider))
            }
            (Mode::Collect { element, tolerant: false }, _) => {
                let read = read("Collected");
                Passed::of(
                    &read,
                    edge.collected(element, read.to_token_stream()),
                    edge::is_same(element, provider),
                )
            }
            (Mode::Tolerant(wanted), _) => {
                let read = read("Tolerant");
                if edge::is_same(wanted, provider) {
                    return Passed::of(&read, read.to_token_stream(), true);
                }
                let value = edge.borrowed(wanted, quote!(__value));
                Passed::written(quote!(#read.map(|__value| -> &#wanted { #value })))
            }
            // Only a group has such a parameter, and a group is never one node.
            (Mode::GroupList(_) | Mode::GroupMap(_) | Mode::Metadata | Mode::Context, _) => {
                Passed::written(read("Ref").to_token_stream())
            }
        }
    }

    fn or_default(&self, read: &Ident, value: &TokenStream, default: &TokenStream) -> Passed {
        let ty = &self.param.ty;
        Passed::written(quote! {{
            let __value: #ty = match #read {
                ::core::option::Option::Some(__value) => #value,
                ::core::option::Option::None => #default,
            };
            __value
        }})
    }

    fn many(&self, providers: &[usize], leaves: &mut Leaves) -> Passed {
        let param = self.param;
        let element = match &param.mode {
            Mode::GroupList(element) | Mode::GroupMap(element) => element,
            Mode::Borrow(ty)
            | Mode::Own(ty)
            | Mode::OptionBorrow(ty)
            | Mode::OptionOwn(ty)
            | Mode::Collect { element: ty, .. }
            | Mode::Tolerant(ty) => ty,
            Mode::Metadata | Mode::Context => &param.ty,
        };
        let wanted = text::referent(element);
        let nodes: Vec<&Node<'_>> =
            providers.iter().map(|provider| &self.context.checked.nodes[*provider]).collect();
        let by_name = matches!(param.mode, Mode::GroupMap(_));
        let place_of = |at: usize| match &param.bind {
            Bind::Group(names, span) => names.get(at).map_or(*span, |name| name.span),
            _ => Span::call_site().resolved_at(param.name.span),
        };
        // What is of one type is read as a whole.
        if let [first, others @ ..] = nodes.as_slice()
            && edge::is_same(&wanted, first)
            && others.iter().all(|other| edge::is_same(&wanted, other))
        {
            let kind = if by_name { "GroupMap" } else { "Group" };
            let read = leaves.read(kind, |place| self.context.path(first, place), place_of(0));
            leaves.of_members(nodes.len());
            if matches!(param.bind, Bind::Group(..)) {
                for (at, other) in (1..).zip(others) {
                    leaves.member(self.context.path(other, place_of(at)));
                }
            }
            return Passed::of(&read, read.to_token_stream(), true);
        }
        let members = nodes.iter().enumerate().map(|(at, provider)| {
            let read = leaves.read("Ref", |place| self.context.path(provider, place), place_of(at));
            (&provider.name.text, self.edge(providers[at]).borrowed(&wanted, read.to_token_stream()))
        });
        let (names, values): (Vec<_>, Vec<_>) = members.unzip();
        let count = Literal::usize_unsuffixed(providers.len());
        Passed::written(if by_name {
            quote!(__ms::map::<&#wanted, #count>([#((#names, #values)),*]))
        } else {
            quote!(__ms::list::<&#wanted, #count>([#(#values),*]))
        })
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

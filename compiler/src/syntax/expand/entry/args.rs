//! The arguments of the calls: values as a person would pass them, as far as the tokens show that they fit.

use proc_macro2::{Span, TokenStream};
use quote::quote;

use super::super::edge::{self, Edge, Fit};
use super::plan::Arg;
use super::values::Values;
use crate::syntax::check::{Feed, Node, Origin, Variant, Visible};
use crate::syntax::include::{IncludedCall, IncludedNode, Pass};
use crate::syntax::model::{Bind, Mode, Param};
use crate::syntax::text::{self, generic_argument};

/// The arguments of a function of this module.
pub(super) fn own(
    values: &Values<'_>,
    node: &Node<'_>,
    variant: &Variant<'_>,
    feeds: &[Feed],
    args: &[Arg],
) -> Vec<TokenStream> {
    let one = |((param, feed), arg): ((&Param, &Feed), &Arg)| {
        let argument = Argument { values, node, variant, param };
        match feed {
            Feed::One(provider) if arg.collected => argument.collected(*provider),
            Feed::Constant => match &param.bind {
                Bind::Value(value) => value.clone(),
                _ => TokenStream::new(),
            },
            Feed::Absent => match &param.default {
                Some(default) => default.clone(),
                None => quote!(::core::option::Option::None),
            },
            Feed::One(provider) => argument.one(*provider, arg.moved),
            Feed::Many(providers) => argument.many(providers),
        }
    };
    variant.params().zip(feeds).zip(args).map(one).collect()
}

/// The arguments of a function of an included dataflow. They are of the very types that it knows of its nodes.
pub(super) fn included(
    values: &Values<'_>,
    (include, node): (usize, &IncludedNode),
    number: usize,
    call: &IncludedCall,
    args: &[Arg],
) -> Vec<TokenStream> {
    let mut slots = node.variants[number].iter().filter(|slot| !slot.optional);
    let mut arguments = Vec::new();
    for (pass, arg) in call.passed.iter().zip(args) {
        let names: Vec<&str> = slots.by_ref().take(pass.width()).map(|slot| slot.name.as_str()).collect();
        let borrow = |at: usize| {
            let borrow = values.borrow(arg.values[at]);
            foreign(values, include, names[at], arg.values[at])
                .map_or_else(|| borrow.clone(), |ty| fitted(&quote!(&#ty), &borrow))
        };
        let take = |at: usize| {
            let why = || {
                let (entry, name) = (values.entry, &values.node(arg.values[at]).name.text);
                let flow = &values.context.included[include].local;
                let message = format!(
                    "entry `{entry}` has to clone the value of `{name}` for node `{}` of `{flow}`",
                    node.name.text
                );
                (message, flow.span())
            };
            let take = values.take(arg.values[at], arg.moved, why);
            foreign(values, include, names[at], arg.values[at])
                .map_or_else(|| take.clone(), |ty| fitted(&ty, &take))
        };
        let members = 0..arg.values.len();
        arguments.push(match pass {
            Pass::Borrow => borrow(0),
            Pass::Own => take(0),
            Pass::Collect => collected(values, arg.values[0]),
            Pass::OptionBorrow => {
                let borrow = borrow(0);
                quote!(::core::option::Option::Some(#borrow))
            }
            Pass::OptionOwn => {
                let take = take(0);
                quote!(::core::option::Option::Some(#take))
            }
            Pass::List(_) => {
                let members = members.map(borrow);
                quote!(::std::vec![#(#members),*])
            }
            Pass::Map(_) => {
                let members = members.map(|at| {
                    let (name, value) = (&names[at], borrow(at));
                    quote!((#name, #value))
                });
                quote!(::std::collections::BTreeMap::from([#(#members),*]))
            }
        });
    }
    arguments
}

/// All that a block has made of a value.
fn collected(values: &Values<'_>, value: usize) -> TokenStream {
    let list = values.names.list(value, 0);
    quote!(__ms::Collect::of(&#list))
}

/// The type that an included dataflow knows of a node, where another node answers for it here: that both are of one
/// type is asserted elsewhere, and is not to be reported twice.
fn foreign(values: &Values<'_>, include: usize, name: &str, value: usize) -> Option<TokenStream> {
    if matches!(values.node(value).origin, Origin::Included { include: same, .. } if same == include) {
        return None;
    }
    let included = &values.context.included[include];
    let known = included.nodes.iter().any(|node| node.name.text == name && node.visible != Visible::Private);
    known.then(|| {
        let (local, name) = (&included.local, text::ident_at(name, Span::call_site()));
        quote!(__ms::Out<#local::#name>)
    })
}

/// A parameter and what it belongs to.
struct Argument<'a> {
    values: &'a Values<'a>,
    node: &'a Node<'a>,
    variant: &'a Variant<'a>,
    param: &'a Param,
}

impl Argument<'_> {
    fn one(&self, value: usize, moved: bool) -> TokenStream {
        let values = self.values;
        let provided = values.node(value).value();
        let inner = provided.and_then(|ty| generic_argument(ty, "Option"));
        match &self.param.mode {
            Mode::Borrow(wanted) => self.borrowed(wanted, value),
            Mode::Own(wanted) => {
                let given = values.take(value, moved, || self.why(value));
                if edge::fit(wanted, provided) == Fit::Same { given } else { fitted(wanted, &given) }
            }
            Mode::OptionBorrow(wanted) => {
                let (borrow, place) = (values.borrow(value), values.receiver(value));
                let wanted_option = quote!(::core::option::Option<&#wanted>);
                match (edge::fit(wanted, inner.as_ref().or(provided)), inner.is_some()) {
                    (Fit::Same, true) => quote!(#place.as_ref()),
                    (Fit::Coerces, true) if !edge::is_dyn(wanted) => quote!(#place.as_deref()),
                    (Fit::Coerces, true) => quote!(#place.as_ref().map(|value| -> &#wanted { value })),
                    (Fit::Unboxes, true) => quote!(#place.as_ref().map(|value| -> &#wanted { &**value })),
                    (Fit::Same | Fit::Coerces, false) => quote!(::core::option::Option::Some(#borrow)),
                    (Fit::Unboxes, false) => quote!(::core::option::Option::Some(&**#borrow)),
                    (Fit::Unknown, _) => {
                        fitted(&wanted_option, &quote!(::core::option::Option::Some(#borrow)))
                    }
                }
            }
            Mode::OptionOwn(wanted) => {
                let given = values.take(value, moved, || self.why(value));
                match (edge::fit(wanted, inner.as_ref().or(provided)), inner.is_some()) {
                    (Fit::Same, true) => given,
                    (Fit::Same, false) => quote!(::core::option::Option::Some(#given)),
                    _ => fitted(
                        &quote!(::core::option::Option<#wanted>),
                        &quote!(::core::option::Option::Some(#given)),
                    ),
                }
            }
            // Only a group has the first two, and is never one node. The others have been refused.
            Mode::GroupList(_)
            | Mode::GroupMap(_)
            | Mode::Collect { .. }
            | Mode::Tolerant(_)
            | Mode::Metadata
            | Mode::Context => values.borrow(value),
        }
    }

    fn collected(&self, value: usize) -> TokenStream {
        let collected = collected(self.values, value);
        match &self.param.mode {
            Mode::Collect { element, .. }
                if edge::fit(element, self.values.node(value).value()) != Fit::Same =>
            {
                fitted(&quote!(__ms::Collect<'_, #element>), &collected)
            }
            _ => collected,
        }
    }

    /// What is said where the value cannot be cloned.
    fn why(&self, value: usize) -> (String, Span) {
        let (entry, node) = (self.values.entry, &self.node.name.text);
        let provider = self.values.node(value);
        let (kind, name) = (provider.kind(), &provider.name.text);
        let message = match kind {
            "input" => format!(
                "entry `{entry}` only borrows its inputs, so it has to clone `{name}` for node `{node}`"
            ),
            _ => format!(
                "entry `{entry}` has to clone the value of `{name}` for node `{node}`, since others need it too"
            ),
        };
        (message, edge::best_span(&self.param.ty, self.param.name.span))
    }

    fn borrowed(&self, wanted: &TokenStream, value: usize) -> TokenStream {
        let borrow = self.values.borrow(value);
        let provider = self.values.node(value);
        let fit = edge::fit(wanted, provider.value());
        let given = if fit == Fit::Unboxes { quote!(&**#borrow) } else { borrow };
        if edge::is_dyn(wanted) {
            // As in the node's own call, so that a trait that is not implemented is reported once.
            let function = self.variant.function;
            Edge { node: self.node, function, param: self.param, provider, opener: None }
                .object(wanted, &given)
        } else if fit == Fit::Unknown {
            fitted(&quote!(&#wanted), &given)
        } else {
            given
        }
    }

    fn many(&self, providers: &[usize]) -> TokenStream {
        let (Mode::GroupList(element) | Mode::GroupMap(element)) = &self.param.mode else {
            return TokenStream::new(); // Nothing else takes a group, which has been checked.
        };
        let wanted = text::referent(element);
        let all_same = providers
            .iter()
            .all(|provider| edge::fit(&wanted, self.values.node(*provider).value()) == Fit::Same);
        let members = providers.iter().map(|provider| self.borrowed(&wanted, *provider));
        if matches!(self.param.mode, Mode::GroupMap(_)) {
            let names = providers.iter().map(|provider| &self.values.node(*provider).name.text);
            let pairs = quote!([#((#names, #members)),*]);
            if all_same {
                quote!(::std::collections::BTreeMap::from(#pairs))
            } else {
                quote!(__ms::map::<&#wanted, _>(#pairs))
            }
        } else if all_same {
            quote!(::std::vec![#(#members),*])
        } else {
            quote!(__ms::list::<&#wanted, _>([#(#members),*]))
        }
    }
}

/// An expression of the wanted type, where only rustc knows whether what is given is of that type. The node's own call
/// reports it if it is not.
pub(super) fn fitted(wanted: &TokenStream, given: &TokenStream) -> TokenStream {
    // Not at the user's tokens: an editor would be led here from them.
    let wanted = text::placed(wanted.clone(), Span::call_site());
    quote!(__ms::fit::<#wanted, _>(#given).give())
}

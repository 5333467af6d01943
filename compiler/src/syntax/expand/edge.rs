//! From what a provider yields to what a parameter wants.
//!
//! Where the tokens show that it fits, the value is passed as it is, and where needed coerced. Where they do not
//! (an alias, a type of another module), method lookup decides: see `edge` in the run time. The message is written
//! here, for the names in it are the user's.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use super::free;
use crate::graph::type_mismatch;
use crate::syntax::check::{Node, Origin, Variant};
use crate::syntax::model::Param;
use crate::syntax::text::{self, generic_argument, text};

/// An edge between a parameter and the node that feeds it.
pub(super) struct Edge<'a> {
    pub(super) node: &'a Node<'a>,
    pub(super) param: &'a Param,
    pub(super) provider: &'a Node<'a>,
}

/// Whether the tokens show that `&Provided` can be passed as `&Wanted`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// One type.
    Same,
    /// Another type that coerces.
    Coerces,
    /// A boxed trait object.
    Unboxes,
    /// Only rustc knows.
    Unknown,
}

fn fit(wanted: &TokenStream, provided: Option<&TokenStream>) -> Fit {
    let Some(provided) = provided else { return Fit::Unknown };
    let (wanted, provided) = (&text::ungrouped(wanted), &text::ungrouped(provided));
    let (wanted_text, provided_text) = (text(wanted), text(provided));
    if wanted_text == provided_text {
        return Fit::Same;
    }
    let pointee = |name: &str| generic_argument(provided, name).map(|inner| text(&inner));
    if wanted_text.starts_with("dyn ") {
        let boxed =
            ["Box", "Arc"].iter().any(|name| pointee(name).is_some_and(|inner| inner.starts_with("dyn ")));
        return if boxed { Fit::Unboxes } else { Fit::Coerces };
    }
    let last = |path: &str| path.rsplit("::").next().unwrap_or_default().to_owned();
    let of_slice = || {
        free::slice_element(wanted).is_some_and(|element| pointee("Vec").as_ref() == Some(&text(&element)))
    };
    let of_text = || {
        matches!(
            (last(&wanted_text).as_str(), last(&provided_text).as_str()),
            ("str", "String") | ("Path", "PathBuf") | ("OsStr", "OsString")
        )
    };
    let of_pointer = || ["Box", "Arc"].iter().any(|name| pointee(name).as_ref() == Some(&wanted_text));
    if of_slice() || of_text() || of_pointer() { Fit::Coerces } else { Fit::Unknown }
}

impl Edge<'_> {
    /// `&Wanted` from an expression of type `&Provided`, where a coercion may happen.
    pub(super) fn borrowed(&self, wanted: &TokenStream, value: TokenStream) -> TokenStream {
        match fit(wanted, self.provider.value()) {
            Fit::Same | Fit::Coerces => value,
            Fit::Unboxes => quote!(&**#value),
            Fit::Unknown if text(wanted).starts_with("dyn ") => value,
            Fit::Unknown => self.probe("borrowed", wanted, &value),
        }
    }

    /// `Wanted` from an expression of type `Provided`.
    pub(super) fn owned(&self, wanted: &TokenStream, value: TokenStream) -> TokenStream {
        match fit(wanted, self.provider.value()) {
            Fit::Same => value,
            _ => self.probe("owned", wanted, &value),
        }
    }

    /// `Option<&Wanted>` from an expression of type `Option<&Provided>`; `inner` is `T` of a provided `Option<T>`.
    pub(super) fn optional_borrowed(
        &self,
        wanted: &TokenStream,
        inner: Option<&TokenStream>,
        value: &TokenStream,
    ) -> TokenStream {
        let ty = text::unplaced(wanted);
        let flat = inner.map(|_| quote!(.and_then(::core::option::Option::as_ref)));
        match fit(wanted, inner.or(self.provider.value())) {
            Fit::Same => quote!(#value #flat),
            Fit::Coerces => quote!(#value #flat.map(|value| -> &#ty { value })),
            Fit::Unboxes => quote!(#value #flat.map(|value| -> &#ty { &**value })),
            Fit::Unknown => self.probe("supplied", wanted, value),
        }
    }

    /// `Option<Wanted>` from an expression of type `Option<Provided>`.
    pub(super) fn optional_owned(
        &self,
        wanted: &TokenStream,
        inner: Option<&TokenStream>,
        value: &TokenStream,
    ) -> TokenStream {
        let flat = inner.map(|_| quote!(.flatten()));
        match fit(wanted, inner.or(self.provider.value())) {
            Fit::Same => quote!(#value #flat),
            _ => self.probe("owned_supplied", wanted, value),
        }
    }

    /// Leaves it to rustc, with our message for the case that it does not fit.
    fn probe(&self, adapter: &str, wanted: &TokenStream, value: &TokenStream) -> TokenStream {
        let adapter = Ident::new(adapter, Span::call_site());
        let ty = text::unplaced(wanted);
        let edge = Ident::new("edge", Span::mixed_site());
        let give = Ident::new("give", best_span(&self.param.ty, self.param.name.span));
        let (message, label) = self.message();
        // The bound stands at the provider's type, where rustc's note then points to.
        let place = match self.provider.origin {
            Origin::Included { .. } => Span::call_site(),
            _ => self.provider.type_span(),
        };
        let bound = quote_spanned!(place=> Feeds);
        quote! {{
            let #edge = __ms::edge::#adapter::<_, #ty>(#value);
            {
                use __ms::edge::levels::*;
                #[diagnostic::on_unimplemented(message = #message, label = #label)]
                trait Feeds {}
                #[diagnostic::do_not_recommend]
                impl Feeds for __ms::edge::Nothing {}
                trait Mismatch: __ms::edge::Edge {
                    fn give(&self) -> Self::Give where Self::Provider: #bound {
                        __ms::edge::never()
                    }
                }
                impl<E: __ms::edge::Edge> Mismatch for E {}
                (&&&&#edge).#give()
            }
        }}
    }

    fn message(&self) -> (String, String) {
        let Param { name, ty, .. } = self.param;
        let provider = &self.provider.name.text;
        let kind = self.provider.kind();
        let given = self.provider.value().map_or_else(|| "{Self}".to_owned(), |ty| escaped(&text(ty)));
        let message =
            type_mismatch(&name.text, &self.node.name.text, &escaped(&text(ty)), kind, provider, &given);
        let verb = if kind == "input" { "is" } else { "yields" };
        (message, format!("{kind} `{provider}` {verb} `{given}`"))
    }
}

/// Braces have a meaning in the texts of `on_unimplemented`.
fn escaped(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

/// The token of a type that says most: a name or a bracket, rather than a `&`.
fn best_span(ty: &TokenStream, otherwise: Span) -> Span {
    text::ungrouped(ty)
        .into_iter()
        .find(|token| !matches!(token, TokenTree::Punct(_)))
        .map_or(otherwise, |token| token.span())
}

/// An assertion that two types are one. In the message `{Self}` is `given`, `{Wanted}` is `wanted`; the error is at
/// `place`.
pub(super) fn same_type(
    message: &str,
    given: &TokenStream,
    wanted: &TokenStream,
    place: Span,
) -> TokenStream {
    let given = text::placed(given.clone(), place);
    quote! {
        const _: () = {
            #[diagnostic::on_unimplemented(message = #message, label = "`{Self}` is not `{Wanted}`")]
            trait SameAs<Wanted: ?Sized> {}
            #[diagnostic::do_not_recommend]
            impl<T: ?Sized> SameAs<T> for T {}
            const fn same<T: SameAs<Wanted>, Wanted>() {}
            same::<#given, #wanted>();
        };
    }
}

/// The variants of a node must yield one type: said at each that differs from the first.
pub(super) fn variants_agree(node: &Node<'_>) -> Option<TokenStream> {
    let Origin::Function(variants) = &node.origin else { return None };
    let (first, rest) = variants.split_first()?;
    let name = &node.name.text;
    let checks: TokenStream = rest
        .iter()
        .filter(|variant| value_text(variant) != value_text(first))
        .map(|variant| {
            let (ours, theirs) = (&variant.function.ident, &first.function.ident);
            let message = format!(
                "the variants of node `{name}` have different types: `{ours}` yields `{{Self}}`, but `{theirs}` yields `{{Wanted}}`"
            );
            let back = format!(
                "the variants of node `{name}` have different types: `{theirs}` yields `{{Self}}`, but `{ours}` yields `{{Wanted}}`"
            );
            let (given, wanted) = (value_type(variant), value_type(first));
            let mut both = same_type(&message, &given, &wanted, variant.function.output.span);
            both.extend(same_type(&back, &wanted, &given, first.function.output.span));
            both
        })
        .collect();
    (!checks.is_empty()).then_some(checks)
}

fn value_text(variant: &Variant<'_>) -> String {
    text(&value_type(variant))
}

fn value_type(variant: &Variant<'_>) -> TokenStream {
    let output = &variant.function.output;
    let ty = &output.ty;
    output.value.clone().unwrap_or_else(|| quote!(<#ty as __ms::Fallible>::Value))
}

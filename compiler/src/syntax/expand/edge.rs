//! From what a provider yields to what a parameter wants.
//!
//! Where the tokens show that it fits, the value is passed as it is, and where needed coerced. Where they do not
//! (an alias, a type of another module), method lookup decides: see `edge` in the run time. The message is written
//! here, for the names in it are the user's.

use std::fmt::Write;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};

use super::free;
use crate::graph::{take_all, type_mismatch};
use crate::syntax::check::{Node, Origin, Variant};
use crate::syntax::model::{Function, Name, Param};
use crate::syntax::text::{self, generic_argument, text};

/// An edge between a parameter and the node that feeds it.
pub(super) struct Edge<'a> {
    pub(super) node: &'a Node<'a>,
    pub(super) function: &'a Function,
    pub(super) param: &'a Param,
    pub(super) provider: &'a Node<'a>,
    /// Who opens the innermost block that the provider's values are in.
    pub(super) opener: Option<&'a str>,
}

/// Whether the tokens show that `&Provided` can be passed as `&Wanted`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// One type.
    Same,
    /// Another type that coerces.
    Coerces,
    /// A boxed trait object.
    Unboxes,
    /// Only rustc knows.
    Unknown,
}

pub(super) fn fit(wanted: &TokenStream, provided: Option<&TokenStream>) -> Fit {
    let Some(provided) = provided else { return Fit::Unknown };
    let (wanted, provided) = (&text::ungrouped(wanted), &text::ungrouped(provided));
    let (wanted_text, provided_text) = (text(wanted), text(provided));
    if wanted_text == provided_text {
        return Fit::Same;
    }
    let pointee = |name: &str| generic_argument(provided, name).map(|inner| text(&inner));
    if is_dyn(wanted) {
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

/// Whether the tokens show that a node yields the very type that is wanted.
pub(super) fn is_same(wanted: &TokenStream, provider: &Node<'_>) -> bool {
    fit(wanted, provider.value()) == Fit::Same
}

impl Edge<'_> {
    /// `&Wanted` from an expression of type `&Provided`, where a coercion may happen.
    pub(super) fn borrowed(&self, wanted: &TokenStream, value: TokenStream) -> TokenStream {
        let fit = fit(wanted, self.provider.value());
        let value = if fit == Fit::Unboxes { quote!(&**#value) } else { value };
        if is_dyn(wanted) {
            self.object(wanted, &value)
        } else if fit == Fit::Unknown {
            self.probe("borrowed", wanted, &value)
        } else {
            value
        }
    }

    /// A coercion to a trait object. A trait that the value does not implement is rustc's to report, at the
    /// parameter's type.
    pub(super) fn object(&self, wanted: &TokenStream, value: &TokenStream) -> TokenStream {
        let at = best_span(&self.param.ty, self.param.name.span);
        let wanted = text::placed(wanted.clone(), at);
        let (given, taken) = (Ident::new("__given", at), Ident::new("__taken", at));
        let coerced = quote_spanned!(at=> let #taken: &#wanted = #given; #taken);
        quote!({ let #given = #value; #coerced })
    }

    /// `Wanted` from an expression of type `Provided`.
    pub(super) fn owned(&self, wanted: &TokenStream, value: TokenStream) -> TokenStream {
        match fit(wanted, self.provider.value()) {
            Fit::Same => value,
            _ => self.probe("owned", wanted, &value),
        }
    }

    /// `Collect<Wanted>` from an expression of type `Collect<Provider>`.
    pub(super) fn collected(&self, wanted: &TokenStream, value: TokenStream) -> TokenStream {
        match fit(wanted, self.provider.value()) {
            Fit::Same => value,
            _ => self.probe("collected", wanted, &value),
        }
    }

    /// The same, of results.
    pub(super) fn collected_results(&self, wanted: &TokenStream, value: TokenStream) -> TokenStream {
        match fit(wanted, self.provider.value()) {
            Fit::Same => value,
            _ => self.probe("collected_results", wanted, &value),
        }
    }

    /// `Option<&Wanted>` from an expression of type `Option<&Provided>`; `inner` is `T` of a provided `Option<T>`.
    pub(super) fn optional_borrowed(
        &self,
        wanted: &TokenStream,
        inner: Option<&TokenStream>,
        value: &TokenStream,
    ) -> TokenStream {
        let flat = inner.map(|_| quote!(.and_then(::core::option::Option::as_ref)));
        match fit(wanted, inner.or(self.provider.value())) {
            Fit::Same => quote!(#value #flat),
            Fit::Coerces => quote!(#value #flat.map(|__value| -> &#wanted { __value })),
            Fit::Unboxes => quote!(#value #flat.map(|__value| -> &#wanted { &**__value })),
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
        let (message, label) = self.message();
        let at = best_span(&self.param.ty, self.param.name.span);
        let provided_at = match self.provider.origin {
            Origin::Included { .. } => self.provider.name.span.resolved_at(at),
            _ => self.provider.type_span(),
        };
        let name = format!("{}_of_{}", self.param.name.text, text::unraw(&self.function.ident));
        Probe { adapter, wanted, name, message, label, at, provided_at }.of(value)
    }

    /// Whether the parameter is a list of what the provider yields.
    fn wants_all(&self) -> bool {
        let Some((element, value)) = element(&self.param.ty).zip(self.provider.value()) else { return false };
        text(&element) == text(value)
    }

    /// Whether the parameter takes what the provider's function returns, not what the node yields.
    fn wants_result(&self) -> bool {
        let is_result = |ty: &TokenStream| generic_argument(ty, "Result").is_some();
        let yields_result = self.provider.value().is_some_and(is_result);
        self.provider.kind() != "input" && is_result(&text::referent(&self.param.ty)) && !yields_result
    }

    /// Whether the provider's type looks like a `Result` under another name, of what the parameter takes.
    fn may_be_a_result(&self) -> bool {
        let (Origin::Function(_), Some(value)) = (&self.provider.origin, self.provider.value()) else {
            return false;
        };
        let inside = text::first_argument(value, |head| !OF_STD.iter().any(|name| head == name));
        inside.is_some_and(|inside| fit(&text::referent(&self.param.ty), Some(&inside)) != Fit::Unknown)
    }

    fn message(&self) -> (String, String) {
        let Param { name, ty, .. } = self.param;
        let provider = &self.provider.name.text;
        let kind = self.provider.kind();
        let given = self.provider.value().map_or_else(|| "{Self}".to_owned(), |ty| escaped(&text(ty)));
        let mut message =
            type_mismatch(&name.text, &self.node.name.text, &escaped(&text(ty)), kind, provider, &given);
        if let Some(opener) = self.opener.filter(|_| self.wants_all()) {
            let _ = write!(message, "; {}", take_all(opener, &given));
        } else if self.wants_result() {
            let outcome = format!("Result<&{given}, &NodeError>");
            let _ = write!(message, "; take `{given}`, or `{outcome}` to see its failure");
        } else if self.may_be_a_result() {
            let _ = write!(
                message,
                "; if `{given}` is a `Result`, say `#[node(fallible)]` at the function that returns it"
            );
        }
        let verb = if kind == "input" { "is" } else { "yields" };
        (message, format!("{kind} `{provider}` {verb} `{given}`"))
    }
}

/// What holds another type and is no alias of a `Result`.
const OF_STD: [&str; 9] =
    ["Vec", "VecDeque", "Option", "Box", "Arc", "BTreeSet", "HashSet", "BTreeMap", "HashMap"];

/// What there is several of, where a type is a list, borrowed or not.
fn element(ty: &TokenStream) -> Option<TokenStream> {
    let ty = text::referent(ty);
    free::slice_element(&ty).or_else(|| generic_argument(&ty, "Vec"))
}

/// An expression that has the wanted type in every case, and is an error in our words where it should not.
struct Probe<'a> {
    /// Which of the run time's edges.
    adapter: &'a str,
    wanted: &'a TokenStream,
    /// What rustc calls it, made of the user's names: unique names are printed without a path.
    name: String,
    message: String,
    label: String,
    /// Where the error is.
    at: Span,
    /// Where the note is.
    provided_at: Span,
}

impl Probe<'_> {
    fn of(&self, value: &TokenStream) -> TokenStream {
        let Self { adapter, wanted, name, message, label, at, provided_at } = self;
        let adapter = Ident::new(adapter, Span::call_site());
        // rustc shows the macro as soon as one token of the failing call is not the user's.
        let edge = Ident::new("__edge", *at);
        let call = quote_spanned!(*at=> (&&&&#edge).__give());
        // The bound stands where rustc's note then points to.
        let give = Ident::new("__give", *provided_at);
        let feeds = format_ident!("feeds_{name}", span = Span::call_site());
        let bound = Ident::new(&feeds.to_string(), *provided_at);
        let mismatch = format_ident!("{name}", span = Span::call_site());
        quote! {{
            let #edge = __ms::edge::#adapter::<_, #wanted>(#value);
            #[allow(non_camel_case_types)]
            {
                use __ms::edge::levels::*;
                #[diagnostic::on_unimplemented(message = #message, label = #label)]
                trait #feeds {}
                #[diagnostic::do_not_recommend]
                impl #feeds for __ms::edge::Nothing {}
                trait #mismatch: __ms::edge::Edge {
                    fn #give(&self) -> Self::Give where Self::Provider: #bound {
                        __ms::edge::never()
                    }
                }
                impl<E: __ms::edge::Edge> #mismatch for E {}
                #call
            }
        }}
    }
}

/// A reference to a config field as a reference to what an included dataflow has under that name.
pub(super) fn config_field(
    name: &Name,
    ty: &TokenStream,
    included: &Ident,
    wanted: &TokenStream,
    value: &TokenStream,
) -> TokenStream {
    let (field, written) = (&name.text, escaped(&text(ty)));
    let probe = Probe {
        adapter: "borrowed",
        wanted,
        name: format!("{field}_of_{included}"),
        message: format!(
            "config field `{field}` is `{written}`, but of another type in `{included}`, which is included; give both one type"
        ),
        label: format!("of another type in `{included}`"),
        at: best_span(ty, name.span),
        provided_at: name.span,
    };
    probe.of(value)
}

/// The same, where two included dataflows have the field and nobody declares it here.
pub(super) fn included_config_field(
    field: &str,
    first: &Ident,
    included: &Ident,
    wanted: &TokenStream,
    value: &TokenStream,
) -> TokenStream {
    let probe = Probe {
        adapter: "borrowed",
        wanted,
        name: format!("{field}_of_{included}"),
        message: format!(
            "config field `{field}` is of different types in `{first}` and `{included}`, which are included; rename one, or give both one type"
        ),
        label: format!("`{{Self}}` in `{first}`, another type in `{included}`"),
        at: included.span(),
        provided_at: first.span(),
    };
    probe.of(value)
}

pub(super) fn is_dyn(ty: &TokenStream) -> bool {
    text(ty).trim_start_matches('(').starts_with("dyn ")
}

/// Braces have a meaning in the texts of `on_unimplemented`.
fn escaped(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

/// The token of a type that says most: a name or a bracket, rather than a `&`.
pub(super) fn best_span(ty: &TokenStream, otherwise: Span) -> Span {
    text::ungrouped(ty)
        .into_iter()
        .find(|token| !matches!(token, TokenTree::Punct(_)))
        .map_or(otherwise, |token| token.span())
}

/// An assertion that two types are one. In the message `{Self}` is `given`, `{Wanted}` is `wanted`; the error is at
/// `place`, with a note at `other`.
pub(super) fn same_type(
    message: &str,
    (given, place): (&TokenStream, Span),
    (wanted, other): (&TokenStream, Span),
) -> TokenStream {
    let function = quote_spanned!(other=> const fn same<T: SameAs<Wanted>, Wanted>() {});
    let call = quote_spanned!(place=> same::<#given, #wanted>(););
    quote! {
        const _: () = {
            #[diagnostic::on_unimplemented(message = #message, label = "`{Self}` is not `{Wanted}`")]
            trait SameAs<Wanted: ?Sized> {}
            #[diagnostic::do_not_recommend]
            impl<T: ?Sized> SameAs<T> for T {}
            #function
            #call
        };
    }
}

/// The value of a variant as the node's value: all variants must yield the type of the first. `None` where the tokens
/// show that they do.
pub(super) fn variant_value(
    node: &Node<'_>,
    variant: &Variant<'_>,
    value: &TokenStream,
) -> Option<TokenStream> {
    let Origin::Function(variants) = &node.origin else { return None };
    let first = variants.first()?;
    let wanted = other_value_type(node, variant)?;
    let name = &node.name.text;
    let (ours, theirs) = (&variant.function.ident, &first.function.ident);
    let message = format!(
        "the variants of node `{name}` have different types: `{ours}` yields `{{Self}}`, but `{theirs}` yields `{}`",
        escaped(&text(&wanted))
    );
    let probe = Probe {
        adapter: "owned",
        wanted: &wanted,
        name: format!("value_of_{}", text::unraw(ours)),
        message,
        label: format!("`{theirs}` yields `{}`", escaped(&text(&wanted))),
        at: best_span(&variant.function.output.ty, variant.function.output.span),
        provided_at: first.function.output.span,
    };
    Some(probe.of(value))
}

/// The type that the value of a variant must have, where the tokens do not show that it has it.
pub(super) fn other_value_type(node: &Node<'_>, variant: &Variant<'_>) -> Option<TokenStream> {
    let Origin::Function(variants) = &node.origin else { return None };
    let first = variants.first()?;
    (value_text(variant) != value_text(first)).then(|| value_type(first))
}

fn value_text(variant: &Variant<'_>) -> String {
    text(&value_type(variant))
}

fn value_type(variant: &Variant<'_>) -> TokenStream {
    let output = &variant.function.output;
    let ty = &output.ty;
    output.value.clone().unwrap_or_else(|| quote!(<#ty as __ms::Fallible>::Value))
}

//! The config struct, and the match by which it selects variants.

use proc_macro2::{Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};

use super::{Context, edge};
use crate::syntax::check::{Origin, Variant};
use crate::syntax::include::IncludedField;
use crate::syntax::model::{Condition, Field, Fields};
use crate::syntax::text::{self, generic_argument, text};

impl Context<'_> {
    /// The type of the config, if there is one.
    pub(super) fn config_type(&self) -> Option<Ident> {
        match &self.module.config {
            Some(config) => Some(config.ident.clone()),
            None if self.included_fields().next().is_some() => Some(Ident::new("Config", Span::call_site())),
            None => None,
        }
    }

    /// The visibility of the config.
    pub(super) fn config_visibility(&self) -> TokenStream {
        self.module.config.as_ref().map_or_else(|| quote!(pub), |config| config.visibility.clone())
    }

    /// Fields that only included dataflows have, each once, with the include it comes from.
    fn included_fields(&self) -> impl Iterator<Item = (usize, &IncludedField)> {
        let own = |name: &str| {
            self.module.config.iter().flat_map(|config| &config.fields).any(|field| field.name.text == name)
        };
        let all = || {
            self.included
                .iter()
                .enumerate()
                .flat_map(|(at, included)| included.config.iter().map(move |field| (at, field)))
        };
        all().enumerate().filter_map(move |(position, (at, field))| {
            let earlier = all().take(position).any(|(_, other)| other.name.text == field.name.text);
            (!own(&field.name.text) && !earlier).then_some((at, field))
        })
    }

    /// All fields of the config, with the type each has as this module can write it.
    fn config_fields(&self) -> Vec<(String, TokenStream)> {
        let own = self.module.config.iter().flat_map(|config| &config.fields).map(|field| {
            let Field { name, ty, .. } = field;
            (name.text.clone(), ty.clone())
        });
        let included = self.included_fields().map(|(at, field)| {
            let local = &self.included[at].local;
            let alias = alias(&field.name.text);
            (field.name.text.clone(), quote!(#local::#alias))
        });
        own.chain(included).collect()
    }
}

fn alias(field: &str) -> Ident {
    format_ident!("__config_{field}", span = Span::call_site())
}

/// The config struct: the user's, with the fields of included dataflows.
pub(super) fn structure(context: &Context<'_>) -> TokenStream {
    let added = context.included_fields().map(|(at, IncludedField { name, doc })| {
        let local = &context.included[at].local;
        let alias = alias(&name.text);
        let name = text::ident(name);
        let doc = if doc.is_empty() { format!("What `{local}` is configured with.") } else { doc.clone() };
        let doc = text::doc(&doc);
        quote!(#doc pub #name: #local::#alias)
    });
    let added: Vec<TokenStream> = added.collect();
    match &context.module.config {
        Some(config) => with_fields(config, &added),
        None if added.is_empty() => TokenStream::new(),
        None => quote! {
            /// What selects variants when a driver is built.
            pub struct Config { #(#added),* }
        },
    }
}

/// The user's struct with more fields at its end.
pub(super) fn with_fields(fields: &Fields, added: &[TokenStream]) -> TokenStream {
    if added.is_empty() {
        return fields.item.clone();
    }
    let mut tokens: Vec<TokenTree> = fields.item.clone().into_iter().collect();
    let Some(TokenTree::Group(body)) = tokens.pop() else { return fields.item.clone() };
    let own = body.stream();
    let ends_with_comma = matches!(
        own.clone().into_iter().last(),
        Some(TokenTree::Punct(punct)) if punct.as_char() == ','
    );
    let comma = (!own.is_empty() && !ends_with_comma).then(|| quote!(,));
    let mut body = Group::new(body.delimiter(), quote!(#own #comma #(#added),*));
    body.set_span(Span::call_site());
    tokens.push(TokenTree::Group(body));
    tokens.into_iter().collect()
}

/// What others need to configure this dataflow as a part of theirs: the types of the fields, and the selection.
pub(super) fn exported(context: &Context<'_>, conditional: &[usize]) -> TokenStream {
    if context.config_type().is_none() {
        return TokenStream::new();
    }
    let visibility = context.config_visibility();
    let fields = context.config_fields();
    let aliases = fields.iter().map(|(name, ty)| {
        let alias = alias(name);
        quote! {
            #[doc(hidden)]
            #[allow(non_camel_case_types, dead_code)]
            #visibility type #alias = #ty;
        }
    });
    let params = fields.iter().map(|(name, _)| {
        let alias = alias(name);
        let name = local(name);
        quote!(#name: &#alias)
    });
    let body =
        if context.checked.broken { quote!(::std::vec::Vec::new()) } else { selection(context, conditional) };
    let selectors = conditional.iter().map(|index| selector_function(context, *index));
    quote! {
        #(#aliases)*
        #(#selectors)*
        #[doc(hidden)]
        #[allow(unused_variables, unused_imports, dead_code, clippy::all, clippy::pedantic)]
        #visibility fn __select(#(#params),*) -> ::std::vec::Vec<u8> {
            #body
        }
    }
}

/// The method of `impl Flow`.
pub(super) fn select(context: &Context<'_>) -> TokenStream {
    if context.config_type().is_none() {
        return quote! {
            fn select(_config: &()) -> ::std::vec::Vec<u8> {
                ::std::vec::Vec::new()
            }
        };
    }
    let fields = context.config_fields();
    let arguments = fields.iter().map(|(name, _)| {
        let name = text::ident_at(name, Span::call_site());
        quote!(&__config.#name)
    });
    quote! {
        fn select(__config: &Self::Config) -> ::std::vec::Vec<u8> {
            __select(#(#arguments),*)
        }
    }
}

/// The variable that holds a field of the config.
fn local(field: &str) -> Ident {
    text::ident_at(field, Span::mixed_site())
}

/// The function that selects a variant of a node.
pub(super) fn selector(node: &str) -> Ident {
    format_ident!("__select_{node}", span = Span::call_site())
}

/// The config fields that select one of the variants.
pub(super) fn selected_by<'v>(variants: &[Variant<'v>]) -> Vec<&'v str> {
    let mut fields: Vec<&str> = Vec::new();
    for condition in variants.iter().flat_map(|variant| &variant.function.conditions) {
        if !fields.contains(&condition.field.text.as_str()) {
            fields.push(&condition.field.text);
        }
    }
    fields
}

/// The selection of one node: a function by itself, for compiled entry points of dataflows that include this one.
fn selector_function(context: &Context<'_>, index: usize) -> TokenStream {
    let node = &context.checked.nodes[index];
    let Origin::Function(variants) = &node.origin else { return TokenStream::new() };
    let visibility = context.config_visibility();
    let name = selector(&node.name.text);
    let params = selected_by(variants).into_iter().map(|field| {
        let (alias, name) = (alias(field), local(field));
        quote!(#name: &#alias)
    });
    let body = match_of(context, node.name.span, variants);
    quote! {
        #[doc(hidden)]
        #[inline]
        #[allow(unused_variables, dead_code, clippy::all, clippy::pedantic)]
        #visibility fn #name(#(#params),*) -> u8 {
            #body
        }
    }
}

fn selection(context: &Context<'_>, conditional: &[usize]) -> TokenStream {
    let mut of_includes = TokenStream::new();
    for included in context.included.iter().filter(|included| !included.config.is_empty()) {
        let local_module = &included.local;
        let variable = format_ident!("of_{local_module}", span = Span::mixed_site());
        let arguments = included.config.iter().map(|field| argument(context, local_module, &field.name.text));
        of_includes.extend(quote!(let #variable = #local_module::__select(#(#arguments),*);));
    }
    let entries = conditional.iter().map(|index| {
        let node = &context.checked.nodes[*index];
        match &node.origin {
            Origin::Function(variants) => {
                let name = selector(&node.name.text);
                let fields = selected_by(variants).into_iter().map(local);
                quote!(#name(#(#fields),*))
            }
            Origin::Included { include, node } => {
                let included = &context.included[*include];
                let variable = format_ident!("of_{}", included.local, span = Span::mixed_site());
                let at = included.conditional.iter().position(|name| *name == node.name.text).unwrap_or(0);
                let at = Literal::usize_unsuffixed(at);
                quote!(#variable[#at])
            }
            _ => quote!(0),
        }
    });
    let facade = (!of_includes.is_empty()).then(|| {
        let facade = context.facade();
        quote!(use #facade::__private as __ms;)
    });
    quote! {
        #facade
        #of_includes
        ::std::vec![#(#entries),*]
    }
}

/// A field of this config for an included dataflow: its type is that of the field declared here, or else that of the
/// first included dataflow that has it, and all must agree.
fn argument(context: &Context<'_>, included: &Ident, name: &str) -> TokenStream {
    let value = local(name);
    let alias = alias(name);
    let wanted = quote!(#included::#alias);
    let mut own = context.module.config.iter().flat_map(|config| &config.fields);
    if let Some(field) = own.find(|field| field.name.text == name) {
        return edge::config_field(&field.name, &field.ty, included, &wanted, &quote!(#value));
    }
    let first = context.included_fields().find(|(_, field)| field.name.text == name);
    match first.map(|(at, _)| &context.included[at].local) {
        Some(first) if first != included => {
            edge::included_config_field(name, first, included, &wanted, &quote!(#value))
        }
        _ => quote!(#value),
    }
}

/// The match that selects a variant of a node, with the user's patterns at the user's places.
pub(super) struct Match<'a> {
    pub(super) context: &'a Context<'a>,
    /// Where the node stands.
    pub(super) place: Span,
    pub(super) variants: &'a [Variant<'a>],
}

impl Match<'_> {
    /// The expression: `field` is a reference to a field of the config, `arm` what a variant stands for, and `rest` the
    /// last arm.
    pub(super) fn tokens(
        &self,
        field: &dyn Fn(&str) -> TokenStream,
        arm: &dyn Fn(usize) -> TokenStream,
        rest: &TokenStream,
    ) -> TokenStream {
        let Self { context, place, variants } = *self;
        let fields = selected_by(variants);
        let types = context.config_fields();
        let several = fields.len() > 1;
        let scrutinees: Vec<TokenStream> = fields
            .iter()
            .map(|field| {
                let ty = types.iter().find(|(name, _)| name == field).map(|(_, ty)| ty);
                scrutinee(field, ty, several, place)
            })
            .collect();
        let scrutinee =
            if several { quote_spanned!(place=> (#(#scrutinees),*)) } else { quote!(#(#scrutinees)*) };
        // What is left over comes last.
        let negated =
            |variant: &&Variant<'_>| variant.function.conditions.iter().any(|condition| condition.negated);
        let ordered =
            variants.iter().filter(|variant| !negated(variant)).chain(variants.iter().filter(negated));
        let arms = ordered.map(|variant| {
            let arm = arm(variants.iter().position(|other| std::ptr::eq(other, variant)).unwrap_or(0));
            let patterns = fields.iter().map(|field| pattern(field, &variant.function.conditions));
            let pattern =
                if several { quote_spanned!(place=> (#(#patterns),*)) } else { quote!(#(#patterns)*) };
            quote_spanned!(place=> #pattern => #arm,)
        });
        let locals = fields.iter().map(|name| {
            let (here, there) = (place_local(name, place), field(name));
            quote!(let #here = #there;)
        });
        quote! {{
            #(#locals)*
            match #scrutinee {
                #(#arms)*
                #[allow(unreachable_patterns)]
                #rest,
            }
        }}
    }
}

/// The match that gives the number of a variant; where a case is missing rustc says so at the node.
fn match_of(context: &Context<'_>, place: Span, variants: &[Variant<'_>]) -> TokenStream {
    let field = |field: &str| {
        let local = local(field);
        quote!(#local)
    };
    let number = |variant: usize| {
        let mut number = Literal::usize_unsuffixed(variant);
        number.set_span(place);
        quote!(#number)
    };
    // A guard does not count for exhaustiveness. The arm is here so that the last two arms come from different places:
    // then rustc does not propose an arm to add, which nobody could add to what is generated.
    Match { context, place, variants }.tokens(&field, &number, &quote!(_ if false => 0))
}

/// The same as [`local`], in the user's context: rustc shows the macro as soon as one token is not the user's.
fn place_local(field: &str, place: Span) -> Ident {
    format_ident!("__{field}", span = place)
}

fn scrutinee(field: &str, ty: Option<&TokenStream>, several: bool, place: Span) -> TokenStream {
    let name = place_local(field, place);
    let is_string = |ty: &TokenStream| matches!(text(ty).rsplit("::").next(), Some("String"));
    let Some(ty) = ty else { return quote!(#name) };
    if is_string(ty) {
        quote_spanned!(place=> #name.as_str())
    } else if generic_argument(ty, "Option").as_ref().is_some_and(is_string) {
        quote_spanned!(place=> #name.as_deref())
    } else if several {
        quote!(#name)
    } else {
        quote_spanned!(place=> *#name)
    }
}

fn pattern(field: &str, conditions: &[Condition]) -> TokenStream {
    let of_field = |condition: &&Condition| condition.field.text == field && !condition.negated;
    match conditions.iter().find(of_field) {
        Some(condition) => {
            let pattern = &condition.pattern;
            quote!(#pattern)
        }
        None => quote!(_),
    }
}

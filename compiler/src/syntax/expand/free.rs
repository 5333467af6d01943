//! A free-standing `#[node]`: a descriptor by itself, for the procedural builder to connect.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::leaf::Leaves;
use super::values::Values;
use super::{call, descriptor, recovery};
use crate::syntax::model::{Bind, Fails, Function, Mode, Param};
use crate::syntax::text::{self, text};

/// The descriptor of a free function.
pub(in crate::syntax) fn free(function: &Function, facade: &TokenStream, broken: bool) -> TokenStream {
    let name = text::ident(&function.name);
    let plain = text::ident_at(&function.name.text, Span::call_site().resolved_at(function.name.span));
    let visibility = &function.visibility;
    let doc = text::doc(&format!("The node `{name}`."));
    let mut values = Values::default();
    let output = output(function);
    let value = values.of(&output);
    let error = descriptor::error_of(&function.output);
    let (text_name, text_doc) = (&function.name.text, &function.doc);
    let place = descriptor::place(function.ident.span());
    let tags = descriptor::tags(&function.tags);
    let version = Literal::u64_unsuffixed(function.version.unwrap_or(0));
    let role =
        if broken { quote!(__ms::Role::Input { default: __ms::None }) } else { role(function, &mut values) };
    let file = descriptor::file();
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
        #visibility struct #name {
            _never: #facade::__private::Infallible,
        }
        #[allow(deprecated, unused_imports, unused_qualifications, clippy::all, clippy::pedantic, clippy::nursery)]
        const _: () = {
            use #facade::__private as __ms;
            #file
            #values
            impl __ms::Node for #plain {
                type Output = #output;
                type Error = #error;
                const DESCRIPTOR: &'static __ms::NodeDescriptor = &__ms::NodeDescriptor {
                    name: #text_name,
                    id: __ms::TypeId::of::<Self>(),
                    home: __ms::Home::Module(::core::module_path!()),
                    doc: #text_doc,
                    place: #place,
                    tags: #tags,
                    version: #version,
                    value: #value,
                    role: #role,
                };
            }
        };
    }
}

fn output(function: &Function) -> TokenStream {
    let ty = &function.output.ty;
    function.output.value.clone().unwrap_or_else(|| quote!(<#ty as __ms::Fallible>::Value))
}

fn role(function: &Function, values: &mut Values) -> TokenStream {
    let name = text::ident_at(&function.name.text, Span::call_site());
    let ident = &function.ident;
    let mut leaves = Leaves::default();
    let mut arguments = Vec::new();
    let mut params = Vec::new();
    for param in &function.params {
        let stored = stored(param);
        let value = match (&param.bind, &stored) {
            (Bind::Value(_), _) | (_, None) => None,
            (_, Some(stored)) => Some(values.of(stored)),
        };
        params.push(descriptor::ParamRecord { param, source: None, value });
        arguments.push(argument(param, &stored.unwrap_or_default(), &mut leaves));
    }
    let fallible = (!matches!(function.output.fails, Fails::Never)).then_some(&name);
    let call = Ident::new("__call", Span::call_site());
    let value = if function.output.expands {
        quote!(__ms::Parallelizable<__ms::Out<#name>>)
    } else {
        quote!(__ms::Out<#name>)
    };
    let output = if fallible.is_some() {
        quote!(::core::result::Result<#value, <#name as __ms::Node>::Error>)
    } else {
        value
    };
    let called = leaves.call(fallible, function.is_async, &quote!(#call));
    let made = quote_spanned!(ident.span()=> #ident(#(#arguments),*));
    let called_by = if function.is_async {
        call::waiting(&call, &leaves, &output, &made)
    } else {
        let signature = leaves.params();
        quote!(fn #call(#signature) -> #output { #made })
    };
    let (function_name, expands) = (text::unraw(ident), function.output.expands);
    let params = descriptor::param_records(params.into_iter());
    let recovery = recovery::of(function);
    quote! {
        __ms::Role::Function {
            variants: &[__ms::Variant {
                condition: "",
                function: #function_name,
                place: __ms::None,
                #params,
                call: {
                    #called_by
                    #called
                },
                recovery: #recovery,
            }],
            split: __ms::None,
            expands: #expands,
        }
    }
}

fn argument(param: &Param, stored: &TokenStream, leaves: &mut Leaves) -> TokenStream {
    if let Bind::Value(value) = &param.bind {
        return value.clone();
    }
    let whole = &param.ty;
    match param.mode {
        Mode::Context => return leaves.read_run().to_token_stream(),
        Mode::Metadata => return leaves.read_metadata(whole).to_token_stream(),
        _ => {}
    }
    let mut read = |kind| leaves.read_type(kind, stored, stored);
    match (&param.mode, &param.default) {
        (Mode::Borrow(_), None) | (Mode::Metadata | Mode::Context, _) => read("Ref").to_token_stream(),
        (Mode::Own(_), None) => read("Take").to_token_stream(),
        (Mode::Borrow(_), Some(default)) => {
            let read = read("OptRef");
            quote! {{
                let __value: #whole = match #read {
                    ::core::option::Option::Some(__value) => __value,
                    ::core::option::Option::None => #default,
                };
                __value
            }}
        }
        (Mode::Own(_), Some(default)) => {
            let read = read("OptTake");
            quote!(#read.unwrap_or_else(|| #default))
        }
        (Mode::OptionBorrow(wanted), _) => {
            let read = read("OptRef");
            quote!(#read.map(|__value| -> &#wanted { __value }))
        }
        (Mode::OptionOwn(_), _) => read("OptTake").to_token_stream(),
        (Mode::Collect { tolerant: true, .. }, _) => read("CollectedResults").to_token_stream(),
        (Mode::Collect { tolerant: false, .. }, _) => read("Collected").to_token_stream(),
        (Mode::Tolerant(wanted), _) => {
            let read = read("Tolerant");
            quote!(#read.map(|__value| -> &#wanted { __value }))
        }
        (Mode::GroupList(element), _) => {
            let (read, wanted) = (read("Group"), text::referent(element));
            quote!(#read.into_iter().map(|__value| -> &#wanted { __value }).collect())
        }
        (Mode::GroupMap(element), _) => {
            let (read, wanted) = (read("GroupMap"), text::referent(element));
            quote!(#read.into_iter().map(|(__name, __value)| -> (&str, &#wanted) { (__name, __value) }).collect())
        }
    }
}

/// The type a provider must yield for a parameter: what borrows as `&[T]` is stored as a `Vec<T>`. `None` for
/// `&dyn Trait`, where nothing says what is stored.
pub(in crate::syntax) fn stored(param: &Param) -> Option<TokenStream> {
    let ty = match &param.mode {
        Mode::Borrow(ty)
        | Mode::Own(ty)
        | Mode::OptionBorrow(ty)
        | Mode::OptionOwn(ty)
        | Mode::Collect { element: ty, .. }
        | Mode::Tolerant(ty) => ty.clone(),
        Mode::Metadata | Mode::Context => return None,
        Mode::GroupList(element) | Mode::GroupMap(element) => text::referent(element),
    };
    let ty = text::ungrouped(&ty);
    let written = text(&ty);
    if written.starts_with("dyn ") {
        return None;
    }
    if let Some(element) = slice_element(&ty) {
        return Some(quote!(::std::vec::Vec<#element>));
    }
    Some(match written.rsplit("::").next() {
        Some("str") => quote!(::std::string::String),
        Some("Path") => quote!(::std::path::PathBuf),
        Some("OsStr") => quote!(::std::ffi::OsString),
        _ => ty,
    })
}

/// `T` of `[T]`, but not of `[T; N]`.
pub(super) fn slice_element(ty: &TokenStream) -> Option<TokenStream> {
    let mut tokens = ty.clone().into_iter();
    let (Some(proc_macro2::TokenTree::Group(group)), None) = (tokens.next(), tokens.next()) else {
        return None;
    };
    let inner = group.stream();
    let array = inner
        .clone()
        .into_iter()
        .any(|token| matches!(token, proc_macro2::TokenTree::Punct(punct) if punct.as_char() == ';'));
    (group.delimiter() == proc_macro2::Delimiter::Bracket && !array).then_some(inner)
}

//! A free-standing `#[node]`: a descriptor by itself, for the procedural builder to connect.

use proc_macro2::{Literal, Span, TokenStream};
use quote::quote;

use super::values::Values;
use super::{call, descriptor};
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
                    flow: __ms::None,
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
    let frame = call::frame();
    let mut slot = 0_usize;
    let mut arguments = Vec::new();
    let mut params = Vec::new();
    for param in &function.params {
        let stored = stored(param);
        let value = match (&param.bind, &stored) {
            (Bind::Value(_) | Bind::Run, _) | (_, None) => None,
            (_, Some(stored)) => Some(values.of(stored)),
        };
        params.push(descriptor::ParamRecord { param, source: None, value });
        arguments.push(argument(param, stored.as_ref(), &mut slot));
    }
    let call = quote!(#ident(#(#arguments),*));
    // What is not expanded yet.
    let waits = function.is_async
        || function.output.expands
        || function.params.iter().any(|param| call::is_not_expanded(&param.mode));
    let finish = match function.output.fails {
        Fails::Never => quote!(finish),
        _ => quote!(finish_result),
    };
    let call = if waits {
        quote!(|_| ::core::unimplemented!())
    } else {
        quote!(|#frame| #frame.#finish::<#name>(#call))
    };
    let function_name = text::unraw(ident);
    let params = descriptor::param_records(params.into_iter());
    quote! {
        __ms::Role::Function {
            variants: &[__ms::Variant {
                condition: "",
                function: #function_name,
                place: __ms::None,
                #params,
                call: #call,
            }],
            split: __ms::None,
        }
    }
}

fn argument(param: &Param, stored: Option<&TokenStream>, slot: &mut usize) -> TokenStream {
    let frame = call::frame();
    if let Bind::Value(value) = &param.bind {
        return value.clone();
    }
    let k = Literal::usize_unsuffixed(*slot);
    let ty = stored;
    let whole = &param.ty;
    *slot += match &param.bind {
        Bind::Group(names, _) => names.len(),
        _ => 1,
    };
    match (&param.mode, &param.default) {
        (Mode::Borrow(_), None) => quote!(#frame.borrow_as::<#ty>(#k)),
        (Mode::Own(_), None) => quote!(#frame.take_as::<#ty>(#k)),
        (Mode::Borrow(_), Some(default)) => quote! {{
            let __value: #whole = match #frame.supplied_as::<#ty>(#k) {
                ::core::option::Option::Some(__value) => __value,
                ::core::option::Option::None => #default,
            };
            __value
        }},
        (Mode::Own(_), Some(default)) => {
            quote!(#frame.take_supplied_as::<#ty>(#k).unwrap_or_else(|| #default))
        }
        (Mode::OptionBorrow(wanted), _) => {
            quote!(#frame.supplied_as::<#ty>(#k).map(|__value| -> &#wanted { __value }))
        }
        (Mode::OptionOwn(_), _) => quote!(#frame.take_supplied_as::<#ty>(#k)),
        (Mode::GroupList(element), _) => {
            let (element, members) = members(param, element, ty, *slot);
            quote!(__ms::list::<#element, _>([#(#members),*]))
        }
        (Mode::Collect { .. } | Mode::Tolerant(_) | Mode::Metadata | Mode::Context, _) => TokenStream::new(),
        (Mode::GroupMap(element), _) => {
            let names = names(param);
            let (element, members) = members(param, element, ty, *slot);
            quote!(__ms::map::<#element, _>([#((#names, #members)),*]))
        }
    }
}

fn names(param: &Param) -> Vec<String> {
    match &param.bind {
        Bind::Group(names, _) => names.iter().map(|name| name.text.clone()).collect(),
        _ => Vec::new(),
    }
}

/// The members of a group; `end` is the slot after the last.
fn members(
    param: &Param,
    element: &TokenStream,
    ty: Option<&TokenStream>,
    end: usize,
) -> (TokenStream, Vec<TokenStream>) {
    let frame = call::frame();
    let count = names(param).len();
    let members = (end - count..end)
        .map(|slot| {
            let k = Literal::usize_unsuffixed(slot);
            quote!(#frame.borrow_as::<#ty>(#k))
        })
        .collect();
    let referent = text::referent(element);
    (quote!(&#referent), members)
}

/// The type a provider must yield for a parameter: what borrows as `&[T]` is stored as a `Vec<T>`. `None` for
/// `&dyn Trait`, where nothing says what is stored.
pub(in crate::syntax) fn stored(param: &Param) -> Option<TokenStream> {
    let ty = match &param.mode {
        Mode::Borrow(ty)
        | Mode::Own(ty)
        | Mode::OptionBorrow(ty)
        | Mode::OptionOwn(ty)
        | Mode::Tolerant(ty)
        | Mode::Collect { element: ty, .. } => ty.clone(),
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

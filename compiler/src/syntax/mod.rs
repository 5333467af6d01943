//! Everything that reads and writes Rust: from the tokens of a `#[dataflow]` module to its expansion.
//!
//! [`dataflow`], [`compose`] and [`free_node`] are what the macros call; none of them fails or panics, errors are
//! part of the tokens they return. The same input gives the same output, byte for byte.

pub mod check;
pub mod diagnostics;
mod expand;
pub mod include;
pub mod model;
pub mod parse;
pub mod text;

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::quote;

use diagnostics::Errors;
use include::Included;

/// `#[dataflow(options)] item`.
///
/// ```
/// use millstream_compiler::syntax::dataflow;
///
/// let module = "mod sums { #[node] pub fn one() -> u64 { 1 } }".parse().unwrap();
/// assert!(dataflow(Default::default(), module).to_string().contains("struct one"));
/// ```
#[must_use]
pub fn dataflow(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let kept = options.clone();
    let Some(module) = parse::module(options, item.clone(), &mut errors) else {
        let item = parse::without_our_attributes(item);
        let errors = errors.into_tokens();
        return quote!(#item #errors);
    };
    if module.includes.is_empty() {
        let checked = check::check(&module, &[], &mut errors);
        expand::module(&module, &checked, errors)
    } else {
        // The second expansion sees the same tokens and reports what is wrong with them, so it is not said here.
        drop(errors.into_tokens());
        expand::call_includes(&module, &kept, item)
    }
}

/// The second expansion of a module with includes: `[] { { options } { module } } [ { interface } .. ]`.
#[must_use]
pub fn compose(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let groups: Vec<Group> = groups(input);
    let [_, own, interfaces] = groups.as_slice() else { return TokenStream::new() };
    let own: Vec<Group> = self::groups(own.stream());
    let [options, item] = own.as_slice() else { return TokenStream::new() };
    let Some(module) = parse::module(options.stream(), item.stream(), &mut errors) else {
        return errors.into_tokens();
    };
    let mut included: Vec<Included> = Vec::new();
    for (interface, include) in self::groups(interfaces.stream()).into_iter().zip(&module.includes) {
        match syn::parse2::<Included>(interface.stream()) {
            Ok(interface) => included.push(Included { local: include.local.clone(), ..interface }),
            Err(error) => errors.syn(&error),
        }
    }
    let checked = check::check(&module, &included, &mut errors);
    let added = expand::additions(&module, &checked, &included);
    let errors = errors.into_tokens();
    quote!(#added #errors)
}

fn groups(tokens: TokenStream) -> Vec<Group> {
    tokens
        .into_iter()
        .filter_map(|token| match token {
            TokenTree::Group(group) => Some(group),
            _ => None,
        })
        .collect()
}

/// `#[node(options)] item` outside of a dataflow.
///
/// ```
/// use millstream_compiler::syntax::free_node;
///
/// let function = "pub fn double(x: &u64) -> u64 { 2 * x }".parse().unwrap();
/// assert!(free_node(Default::default(), function).to_string().contains("struct double"));
/// ```
#[must_use]
pub fn free_node(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let (function, item) = parse::free_function(options, item, &mut errors);
    if let Some(function) = &function {
        check::free(function, &mut errors);
    }
    let broken = !errors.is_empty();
    let added = function.map(|function| expand::free(&function, &quote!(::millstream), broken));
    let errors = errors.into_tokens();
    quote!(#item #added #errors)
}

/// An attribute of ours that stands where nobody reads it: says where it belongs, and keeps the item.
#[must_use]
pub fn misplaced(attribute: &str, belongs: &str, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    // In the user's context, or rustc tells of the macro.
    let user = item.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span());
    errors.at_span(
        Span::call_site().resolved_at(user),
        format!("`#[{attribute}]` has no meaning here; it belongs on {belongs}"),
    );
    let item = parse::without_attributes_of(attribute, item);
    let errors = errors.into_tokens();
    quote!(#item #errors)
}

/// What is left to say after a panic of this library: a mistake of ours, never of the user's.
#[must_use]
pub fn after_panic(item: TokenStream) -> TokenStream {
    let item = parse::without_our_attributes(item);
    let message =
        "Millstream could not read this, which is a mistake in Millstream; please report it with this code";
    quote!(#item ::core::compile_error!(#message);)
}

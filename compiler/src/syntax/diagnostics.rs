//! The list of what is wrong with a module.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::model::Name;
use super::text;

/// Errors and warnings of one expansion. Every pass takes it first and goes on after an error.
///
/// Whoever makes one must ask [`Errors::into_tokens`] for its content in the end; one that is dropped full means
/// that an error would be lost, which stops the tests (and, in a macro, is caught at the entry point).
#[derive(Debug, Default)]
pub struct Errors {
    found: Vec<(Span, Span, String)>,
    warnings: Vec<(Name, String)>,
    left_to_rustc: usize,
}

impl Errors {
    /// An error at all tokens of `place`, from the first to the last.
    pub fn at(&mut self, place: &impl ToTokens, message: impl Display) {
        let tokens = place.to_token_stream();
        let mut spans = tokens.into_iter().map(|token| token.span());
        let first = spans.next().unwrap_or_else(Span::call_site);
        let last = spans.last().unwrap_or(first);
        self.push(first, last, message);
    }

    /// An error at one place.
    pub fn at_span(&mut self, span: Span, message: impl Display) {
        self.push(span, span, message);
    }

    /// An error that syn found.
    pub fn syn(&mut self, error: &syn::Error) {
        for error in error.clone() {
            self.push(error.span(), error.span(), &error);
        }
    }

    /// There is an error that rustc reports itself, so there is nothing to say. It counts as an error all the same:
    /// what is expanded is what a wrong module expands to.
    pub fn leave_to_rustc(&mut self) {
        self.left_to_rustc += 1;
    }

    /// A warning about what has this name, at its place.
    pub fn warn(&mut self, name: &Name, message: impl Display) {
        self.warnings.push((name.clone(), message.to_string()));
    }

    fn push(&mut self, first: Span, last: Span, message: impl Display) {
        let message = message.to_string();
        self.found.push((first, last, message));
    }

    /// Whether there is no error; warnings do not count.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// How many errors there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.found.len() + self.left_to_rustc
    }

    /// The messages, errors only: what tests look at.
    pub fn messages(&self) -> impl Iterator<Item = &str> {
        self.found.iter().map(|(_, _, message)| message.as_str())
    }

    /// The warnings' messages: what tests look at.
    pub fn warning_messages(&self) -> impl Iterator<Item = &str> {
        self.warnings.iter().map(|(_, message)| message.as_str())
    }

    /// What makes rustc warn. It stands in the module, so that an `#[allow(deprecated)]` there silences it.
    #[must_use]
    pub fn take_warnings(&mut self) -> TokenStream {
        let warnings = std::mem::take(&mut self.warnings);
        warnings.iter().map(|(name, message)| warning(name.span, &name.text, message)).collect()
    }

    /// `compile_error!`s for the errors, then the warnings that have not been taken.
    #[must_use]
    pub fn into_tokens(mut self) -> TokenStream {
        let mut tokens = TokenStream::new();
        for (first, last, message) in std::mem::take(&mut self.found) {
            // Two spans: rustc underlines from the macro's path to the end of its argument.
            let path = quote_spanned!(first=> ::core::compile_error!);
            let argument = quote_spanned!(last=> { #message });
            tokens.extend(path);
            tokens.extend(argument);
        }
        tokens.extend(self.take_warnings());
        tokens
    }
}

/// The only way on stable Rust to warn at a user's token: use something deprecated there. rustc prints its name, so it
/// has the name of what the warning is about.
fn warning(span: Span, name: &str, message: &str) -> TokenStream {
    let deprecated = text::ident_at(name, Span::call_site());
    let used = text::ident_at(name, span);
    quote! {
        const _: () = {
            #[allow(non_upper_case_globals)]
            #[deprecated(note = #message)]
            const #deprecated: () = ();
            const _: () = #used;
        };
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        debug_assert!(
            std::thread::panicking() || (self.found.is_empty() && self.warnings.is_empty()),
            "errors were found and not reported: {:?}",
            self.found
        );
    }
}

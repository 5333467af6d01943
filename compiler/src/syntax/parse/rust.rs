//! Rust inside of our attributes: expressions, patterns, types.
//!
//! They go into the expansion as they are. What does not parse must not get there: rustc would give up on all of
//! it, the user's items among it.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::Parser;

/// How many tokens of an expression are looked at: syn goes as deep as they are nested, and the stack has an end.
/// What is longer is taken for right.
const EXPRESSION: usize = 96;

/// The same for types and patterns, which are shorter, and for which syn goes down in larger steps.
const TYPE: usize = 32;

pub(super) fn is_expression(tokens: &TokenStream) -> bool {
    is_longer(tokens, EXPRESSION) || syn::parse2::<syn::Expr>(tokens.clone()).is_ok()
}

pub(super) fn is_pattern(tokens: &TokenStream) -> bool {
    is_longer(tokens, TYPE) || syn::Pat::parse_multi_with_leading_vert.parse2(tokens.clone()).is_ok()
}

pub(super) fn is_type(tokens: &TokenStream) -> bool {
    is_longer(tokens, TYPE) || syn::parse2::<syn::Type>(tokens.clone()).is_ok()
}

/// Counts tokens, those inside of groups too.
fn is_longer(tokens: &TokenStream, limit: usize) -> bool {
    let mut n_tokens = 0;
    let mut streams = vec![tokens.clone()];
    while let Some(stream) = streams.pop() {
        for token in stream {
            n_tokens += 1;
            if n_tokens > limit {
                return true;
            }
            if let TokenTree::Group(group) = token {
                streams.push(group.stream());
            }
        }
    }
    false
}

//! Checking from text.

use millstream_compiler::syntax;
use millstream_compiler::syntax::check::{Checked, check};
use millstream_compiler::syntax::diagnostics::Errors;
use millstream_compiler::syntax::include::Included;
use millstream_compiler::syntax::parse;
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;

/// What is found in `mod m { body }`, together with what it includes.
pub(crate) struct Found {
    /// Each node with the names of the blocks that it is in: `page: urls`.
    pub(crate) scopes: Vec<String>,
    pub(crate) errors: Vec<String>,
    pub(crate) warnings: Vec<String>,
}

pub(crate) fn found(body: &str) -> Found {
    found_with(body, &[])
}

pub(crate) fn found_with(body: &str, included: &[Included]) -> Found {
    look(body, included, |_| ())
}

/// The same, and something else to look at.
pub(crate) fn look(body: &str, included: &[Included], mut look: impl FnMut(&Checked<'_>)) -> Found {
    let tokens = format!("mod m {{ {body} }}").parse().unwrap();
    let mut errors = Errors::default();
    let module = parse::module(TokenStream::new(), tokens, &mut errors).unwrap();
    let checked = check(&module, included, &mut errors);
    look(&checked);
    let scopes = checked.nodes.iter().zip(&checked.scopes).map(|(node, scope)| {
        let blocks: Vec<_> = scope.iter().map(|block| checked.nodes[*block].name.text.as_str()).collect();
        format!("{}: {}", node.name.text, blocks.join(" "))
    });
    let found = Found {
        scopes: scopes.collect(),
        errors: errors.messages().map(str::to_owned).collect(),
        warnings: errors.warning_messages().map(str::to_owned).collect(),
    };
    drop(errors.into_tokens());
    found
}

#[track_caller]
pub(crate) fn right(body: &str) -> Found {
    let found = found(body);
    assert_eq!(found.errors, [""; 0], "in `{body}`");
    found
}

#[track_caller]
pub(crate) fn wrong<const N: usize>(body: &str, expected: [&str; N]) {
    assert_eq!(found(body).errors, expected, "in `{body}`");
}

#[track_caller]
pub(crate) fn warned<const N: usize>(body: &str, expected: [&str; N]) {
    assert_eq!(right(body).warnings, expected, "in `{body}`");
}

/// The dataflow `mod local { body }` as others see it: what its macro hands on.
pub(crate) fn included(local: &str, body: &str) -> Included {
    let module = format!("pub mod {local} {{ {body} }}").parse().unwrap();
    let expanded = syntax::dataflow(TokenStream::new(), module);
    let interface = interface(expanded).unwrap();
    let included: Included = syn::parse2(interface.clone()).unwrap();
    assert_eq!(
        included.to_token_stream().to_string(),
        interface.to_string(),
        "what is read is what was written"
    );
    Included { local: Ident::new(local, Span::call_site()), ..included }
}

/// The last group of `[$($done)* { .. }]`.
fn interface(tokens: TokenStream) -> Option<TokenStream> {
    tokens.into_iter().find_map(|token| {
        let TokenTree::Group(group) = token else { return None };
        let tokens: Vec<_> = group.stream().into_iter().collect();
        if group.delimiter() == Delimiter::Bracket
            && let [_, TokenTree::Group(done), _, TokenTree::Group(interface)] = tokens.as_slice()
            && done.stream().to_string().replace(' ', "") == "$done"
        {
            return Some(interface.stream());
        }
        self::interface(group.stream())
    })
}

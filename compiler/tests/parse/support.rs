//! Parsing from text, and the errors with the text that they underline.

use millstream_compiler::syntax::diagnostics::Errors;
use millstream_compiler::syntax::model::{Function, Module};
use millstream_compiler::syntax::parse;
use proc_macro2::{Span, TokenStream, TokenTree};

/// The module `mod m { body }`, which must be right.
pub(crate) fn right(body: &str) -> Module {
    let (module, errors) = parsed(body);
    assert_eq!(errors, [], "in `{body}`");
    module
}

/// The only function of `mod m { body }`, which must be right.
pub(crate) fn function(body: &str) -> Function {
    let mut module = right(body);
    assert_eq!(module.functions.len(), 1);
    module.functions.remove(0)
}

/// The errors in `mod m { body }` must be these, in this order: the text underlined and the message.
#[track_caller]
pub(crate) fn wrong<const N: usize>(body: &str, expected: [(&str, &str); N]) -> Module {
    let (module, errors) = parsed(body);
    let errors: Vec<_> = errors.iter().map(|(place, message)| (place.as_str(), message.as_str())).collect();
    assert_eq!(errors, expected, "in `{body}`");
    module
}

pub(crate) fn parsed(body: &str) -> (Module, Vec<(String, String)>) {
    let source = format!("mod m {{ {body} }}");
    let tokens: TokenStream = source.parse().unwrap();
    let mut errors = Errors::default();
    let module = parse::module(TokenStream::new(), tokens, &mut errors).unwrap();
    (module, places(&source, errors))
}

/// `#[dataflow(options)] item`.
pub(crate) fn dataflow(options: &str, item: &str) -> (Option<Module>, Vec<String>) {
    let mut errors = Errors::default();
    let module = parse::module(options.parse().unwrap(), item.parse().unwrap(), &mut errors);
    (module, messages(errors))
}

/// `#[node(options)] item`.
pub(crate) fn free(options: &str, item: &str) -> (Option<Function>, String, Vec<String>) {
    let mut errors = Errors::default();
    let (function, item) = parse::free_function(options.parse().unwrap(), item.parse().unwrap(), &mut errors);
    (function, item.to_string(), messages(errors))
}

fn messages(errors: Errors) -> Vec<String> {
    let messages = errors.messages().map(str::to_owned).collect();
    drop(errors.into_tokens());
    messages
}

/// Errors as rustc sees them: what is underlined of the source, and the message.
fn places(source: &str, errors: Errors) -> Vec<(String, String)> {
    let messages: Vec<_> = errors.messages().map(str::to_owned).collect();
    let mut places = Vec::new();
    let mut first: Option<Span> = None;
    for token in errors.into_tokens() {
        match token {
            TokenTree::Group(group) => {
                let last = group.span();
                if let Some(first) = first.take() {
                    // The source is not the first file that was read, so a place is relative to its own.
                    let start = first.byte_range().start;
                    let end = last.byte_range().end;
                    places.push(source.get(start..end).unwrap_or("?").to_owned());
                }
            }
            token => first = first.or(Some(token.span())),
        }
    }
    places.into_iter().zip(messages).collect()
}

/// The text of tokens, for comparison: the spaces of `quote` are the same on both sides.
pub(crate) fn same(tokens: &TokenStream, source: &str) {
    let expected: TokenStream = source.parse().unwrap();
    assert_eq!(tokens.to_string(), expected.to_string());
}

/// All items that are handed back, as one text.
#[track_caller]
pub(crate) fn items(module: &Module, source: &str) {
    same(&module.items.iter().cloned().collect(), source);
}

/// There must be one error, and its message must begin so.
#[track_caller]
pub(crate) fn first_error(body: &str, beginning: &str) -> Module {
    let (module, errors) = parsed(body);
    assert_eq!(errors.len(), 1, "in `{body}`");
    assert!(errors[0].1.starts_with(beginning), "`{}`", errors[0].1);
    module
}

/// Whether `mod m { body }` counts as wrong, without a word of ours: rustc has its own.
pub(crate) fn left_to_rustc(body: &str) -> (bool, Module) {
    let mut errors = Errors::default();
    let tokens = format!("mod m {{ {body} }}").parse().unwrap();
    let module = parse::module(TokenStream::new(), tokens, &mut errors).unwrap();
    assert_eq!(errors.messages().count(), 0);
    (!errors.is_empty(), module)
}

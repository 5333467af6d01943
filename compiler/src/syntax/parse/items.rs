//! Splitting a module into items without reading their bodies.
//!
//! Only as much of Rust's grammar is known here as it takes to find where an item ends. What cannot be split is
//! kept as [`Kind::Broken`] and handed back to rustc, which says what is wrong with it.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;

use super::attributes::{self, Attribute};
use super::tokens::{Angles, Tokens, is_group, is_ident, is_punct};

/// An item of the user.
pub(super) struct Item {
    pub(super) attributes: Vec<Attribute>,
    pub(super) visibility: TokenStream,
    pub(super) kind: Kind,
    /// Everything after the visibility.
    pub(super) tokens: Vec<TokenTree>,
}

/// What an item is; numbers are places in [`Item::tokens`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `end` is where the signature ends: the place of the body, or the number of tokens where there is none.
    Function { keyword: usize, params: usize, end: usize },
    /// `body` is the place of the braces; a struct of another shape has none.
    Struct { name: usize, body: Option<usize> },
    /// Another item that has a name in the type namespace: `enum`, `trait`, ..
    Named { what: &'static str, name: usize },
    /// `use`.
    Use,
    /// An item without a name in the type namespace, with its article: `a const`.
    Other(&'static str),
    /// Something whose end or whose kind could not be found.
    Broken,
}

impl Kind {
    /// The item in a message, with its article.
    pub(super) fn what(self) -> &'static str {
        match self {
            Self::Function { .. } => "a function",
            Self::Struct { .. } => "a struct",
            Self::Named { what: "enum", .. } => "an enum",
            Self::Named { what: "union", .. } => "a union",
            Self::Named { what: "trait", .. } => "a trait",
            Self::Named { what: "module", .. } => "a module",
            Self::Named { what: "type alias", .. } => "a type alias",
            Self::Named { .. } => "an `extern crate`",
            Self::Use => "a `use`",
            Self::Other(what) => what,
            Self::Broken => "this item",
        }
    }
}

impl ToTokens for Item {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for attribute in &self.attributes {
            attribute.to_tokens(tokens);
        }
        tokens.extend(self.visibility.clone());
        tokens.extend(self.tokens.iter().cloned());
    }

    fn into_token_stream(self) -> TokenStream {
        let Self { attributes, visibility, tokens, .. } = self;
        let attributes = attributes.into_iter().flat_map(ToTokens::into_token_stream);
        attributes.chain(visibility).chain(tokens).collect()
    }
}

/// The items of a module.
pub(super) fn split(mut tokens: Tokens) -> Vec<Item> {
    let mut items = Vec::new();
    while tokens.peek().is_some() {
        items.push(next(&mut tokens));
    }
    items
}

/// The next item; takes at least one token if there is one.
pub(super) fn next(tokens: &mut Tokens) -> Item {
    let attributes = attributes::outer(tokens);
    let visibility = visibility(tokens);
    tokens.open();
    let head = head(tokens);
    let (item_tokens, complete) = read(tokens, &head);
    let kind = kind(&head, &item_tokens, complete);
    Item { attributes, visibility, kind, tokens: item_tokens }
}

/// `pub`, `pub(crate)`, `pub(in path)`, or nothing.
pub(super) fn visibility(tokens: &mut Tokens) -> TokenStream {
    tokens.open();
    let mut visibility: TokenStream = tokens.keyword("pub").into_iter().collect();
    if let (false, Some(TokenTree::Group(group))) = (visibility.is_empty(), tokens.peek())
        && group.delimiter() == Delimiter::Parenthesis
        && let Some(TokenTree::Ident(first)) = group.stream().into_iter().next()
        && ["crate", "self", "super", "in"].iter().any(|word| first == word)
    {
        visibility.extend(tokens.next());
    }
    visibility
}

/// What the first tokens say about an item.
struct Head {
    /// How many tokens there are up to the keyword and with it.
    len: usize,
    what: What,
}

#[derive(Clone, Copy)]
enum What {
    Function,
    Struct,
    /// Ends at braces or at `;`.
    Braced(&'static str),
    /// The same, with a name in the type namespace.
    NamedBraced(&'static str),
    /// Ends at `;`.
    Line(&'static str),
    /// The same, with a name in the type namespace.
    NamedLine(&'static str),
    Use,
    /// Ends at braces, or at `;` after another group.
    Macro,
    Unknown,
}

/// Finds the keyword that tells what the item is.
fn head(tokens: &Tokens) -> Head {
    let mut at = 0;
    loop {
        let Some(TokenTree::Ident(word)) = tokens.ahead(at) else {
            return Head { len: at.max(1), what: What::Unknown };
        };
        let next = tokens.ahead(at + 1);
        let next_is_ident = matches!(next, Some(TokenTree::Ident(_)));
        let next_is = |word: &str| next.is_some_and(|token| is_ident(token, word));
        let what = match word.to_string().as_str() {
            "const" if ["fn", "async", "unsafe", "extern"].into_iter().any(next_is) => None,
            "const" => Some(What::Line("a const")),
            "extern" if next_is("crate") => {
                return Head { len: at + 2, what: What::NamedLine("extern crate") };
            }
            "extern" if next.is_some_and(|token| is_group(token, Delimiter::Brace)) => {
                Some(What::Braced("an `extern` block"))
            }
            "extern" if matches!(next, Some(TokenTree::Literal(_))) => {
                at += 1;
                if tokens.ahead(at + 1).is_some_and(|token| is_group(token, Delimiter::Brace)) {
                    Some(What::Braced("an `extern` block"))
                } else {
                    None
                }
            }
            "async" | "unsafe" | "safe" | "default" | "auto" | "extern" if next_is_ident => None,
            "fn" => Some(What::Function),
            "struct" => Some(What::Struct),
            "enum" => Some(What::NamedBraced("enum")),
            "union" if next_is_ident => Some(What::NamedBraced("union")),
            "trait" => Some(What::NamedBraced("trait")),
            "impl" => Some(What::Braced("an `impl`")),
            "mod" => Some(What::NamedBraced("module")),
            "type" => Some(What::NamedLine("type alias")),
            "use" => Some(What::Use),
            "static" => Some(What::Line("a static")),
            _ => Some(if starts_macro(tokens, at) { What::Macro } else { What::Unknown }),
        };
        at += 1;
        if let Some(what) = what {
            return Head { len: at, what };
        }
    }
}

/// Whether the tokens are a path and `!`.
fn starts_macro(tokens: &Tokens, mut at: usize) -> bool {
    loop {
        match tokens.ahead(at) {
            Some(TokenTree::Ident(_)) => at += 1,
            Some(token) if is_punct(token, ':') => at += 1,
            Some(token) => return is_punct(token, '!'),
            None => return false,
        }
    }
}

/// Reads up to the end of the item; whether it was there.
fn read(tokens: &mut Tokens, head: &Head) -> (Vec<TokenTree>, bool) {
    let mut item: Vec<TokenTree> = tokens.take(head.len).collect();
    let mut angles = Angles::default();
    loop {
        // In Rust that parses, no item goes on here: the user is still typing the one before.
        if angles.outside() && attributes::starts_attribute(tokens, 0) || starts_function(tokens) {
            return (item, false);
        }
        let Some(token) = tokens.next() else {
            return (item, false);
        };
        angles.see(&token);
        let semicolon = is_punct(&token, ';');
        let braces = is_braces(&token);
        let group = matches!(token, TokenTree::Group(_));
        item.push(token);
        let ends = match head.what {
            What::Function | What::Struct | What::Braced(_) | What::NamedBraced(_) => {
                semicolon || braces && angles.outside()
            }
            What::Line(_) | What::NamedLine(_) | What::Use => semicolon,
            What::Macro if group && !braces => {
                item.extend(tokens.punct(';'));
                true
            }
            What::Macro | What::Unknown => semicolon || braces,
        };
        if ends {
            return (item, true);
        }
    }
}

/// Braces, or `$body` of a `macro_rules!` that stands for them.
fn is_braces(token: &TokenTree) -> bool {
    let TokenTree::Group(group) = token else {
        return false;
    };
    match group.delimiter() {
        Delimiter::Brace => true,
        Delimiter::None => {
            let mut inner = Tokens::new(group.stream());
            inner.open();
            inner.next().is_some_and(|token| is_group(&token, Delimiter::Brace)) && inner.next().is_none()
        }
        _ => false,
    }
}

/// `fn name`, which stands nowhere but at the beginning of a function; a type has `fn(`.
fn starts_function(tokens: &Tokens) -> bool {
    tokens.ahead(0).is_some_and(|token| is_ident(token, "fn"))
        && matches!(tokens.ahead(1), Some(TokenTree::Ident(_)))
}

fn kind(head: &Head, tokens: &[TokenTree], complete: bool) -> Kind {
    let name = head.len;
    let named = matches!(tokens.get(name), Some(TokenTree::Ident(_)));
    let last_is_braces = tokens.last().is_some_and(|token| is_group(token, Delimiter::Brace));
    match head.what {
        What::Function if named => function(tokens, name, complete),
        What::Struct if named && complete => {
            Kind::Struct { name, body: last_is_braces.then(|| tokens.len() - 1) }
        }
        What::NamedBraced(what) | What::NamedLine(what) if named && complete => Kind::Named { what, name },
        What::Use if complete => Kind::Use,
        What::Braced(what) | What::Line(what) if complete => Kind::Other(what),
        What::Macro if complete => Kind::Other("a macro"),
        _ => Kind::Broken,
    }
}

/// Finds the parameters: the first parentheses outside of `<..>`. A function whose body is not written yet is
/// still a function.
fn function(tokens: &[TokenTree], name: usize, complete: bool) -> Kind {
    let mut angles = Angles::default();
    for (at, token) in tokens.iter().enumerate().skip(name + 1) {
        if angles.outside() && is_group(token, Delimiter::Parenthesis) {
            let end = if complete { tokens.len() - 1 } else { tokens.len() };
            return Kind::Function { keyword: name - 1, params: at, end };
        }
        angles.see(token);
    }
    Kind::Broken
}

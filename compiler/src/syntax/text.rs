//! Tokens as people write them, and names as tokens.

use proc_macro2::{Delimiter, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::ToTokens;

use super::model::Name;

/// Tokens as text, spaced as rustfmt would: types are compared by it and shown with it.
///
/// ```
/// use millstream_compiler::syntax::text::text;
///
/// let tokens: proc_macro2::TokenStream = "Result < Vec < & 'static str > , io :: Error >".parse().unwrap();
/// assert_eq!(text(&tokens), "Result<Vec<&'static str>, io::Error>");
/// ```
#[must_use]
pub fn text(tokens: &impl ToTokens) -> String {
    let mut writer = Writer::default();
    writer.stream(tokens.to_token_stream());
    writer.text
}

#[derive(Default)]
struct Writer {
    text: String,
    /// Whether the last token would melt with a following word.
    word: bool,
}

impl Writer {
    // As deep as the brackets of a type or pattern, which the compiler's own parser has already bounded.
    fn stream(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => {
                    let (open, close) = match group.delimiter() {
                        Delimiter::Parenthesis => ("(", ")"),
                        Delimiter::Bracket => ("[", "]"),
                        Delimiter::Brace => ("{ ", " }"),
                        Delimiter::None => ("", ""),
                    };
                    if group.delimiter() == Delimiter::Brace && self.word {
                        self.text.push(' ');
                    }
                    self.mark(open);
                    self.stream(group.stream());
                    self.mark(close);
                }
                TokenTree::Punct(punct) => {
                    let mut pair = String::from(punct.as_char());
                    // The second half of `->`, `=>`, `::`, `..`, `&&` comes right after the first.
                    let joint = punct.spacing() == Spacing::Joint;
                    match punct.as_char() {
                        ',' | ';' => pair.push(' '),
                        '=' | '+' | '|' if !joint && !self.ends_with_any("=.<>!-+|") => {
                            self.pad();
                            pair.push(' ');
                        }
                        '-' if joint => self.pad(),
                        '>' if self.text.ends_with('-') || self.text.ends_with('=') => pair.push(' '),
                        _ => {}
                    }
                    self.mark(&pair);
                }
                TokenTree::Ident(ident) => self.say(&ident.to_string()),
                TokenTree::Literal(literal) => self.say(&literal.to_string()),
            }
        }
        // Separators at the end separate nothing.
        while self.text.ends_with(' ') || self.text.ends_with(',') {
            self.text.pop();
        }
    }

    fn ends_with_any(&self, chars: &str) -> bool {
        self.text.chars().last().is_some_and(|last| chars.contains(last))
    }

    fn pad(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
    }

    fn mark(&mut self, text: &str) {
        self.text.push_str(text);
        self.word = false;
    }

    fn say(&mut self, text: &str) {
        if self.word {
            self.text.push(' ');
        }
        self.text.push_str(text);
        self.word = true;
    }
}

/// The identifier of a name at its own place, raw where it is a keyword.
#[must_use]
pub fn ident(name: &Name) -> Ident {
    ident_at(&name.text, name.span)
}

/// An identifier at a place, raw where the text is a keyword; `_` where it is no identifier at all.
#[must_use]
pub fn ident_at(text: &str, span: Span) -> Ident {
    syn::parse_str::<Ident>(text).or_else(|_| syn::parse_str::<Ident>(&format!("r#{text}"))).map_or_else(
        |_| Ident::new("_", span),
        |mut ident| {
            ident.set_span(span);
            ident
        },
    )
}

/// The same tokens, all at one place.
#[must_use]
pub fn placed(tokens: TokenStream, span: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|mut token| {
            if let TokenTree::Group(group) = &token {
                let mut inner = proc_macro2::Group::new(group.delimiter(), placed(group.stream(), span));
                inner.set_span(span.resolved_at(group.span()));
                return TokenTree::Group(inner);
            }
            let own = token.span();
            token.set_span(span.resolved_at(own));
            token
        })
        .collect()
}

/// A doc comment of our own making, as the user would have written it.
#[must_use]
pub fn doc(text: &str) -> TokenStream {
    text.lines().map(|line| format!(" {line}")).map(|line| quote::quote!(#[doc = #line])).collect()
}

/// An identifier's text without the raw prefix.
#[must_use]
pub fn unraw(ident: &Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map_or_else(|| text.clone(), str::to_owned)
}

/// The name of an identifier.
#[must_use]
pub fn name_of(ident: &Ident) -> Name {
    Name { text: unraw(ident), span: ident.span() }
}

/// The first generic argument of a type whose last path segment has this name: `T` of `std::option::Option<T>`.
///
/// ```
/// use millstream_compiler::syntax::text::{generic_argument, text};
///
/// let ty: proc_macro2::TokenStream = "std::option::Option<Vec<f64>>".parse().unwrap();
/// assert_eq!(generic_argument(&ty, "Option").map(|inner| text(&inner)).as_deref(), Some("Vec<f64>"));
/// assert!(generic_argument(&ty, "Vec").is_none());
/// ```
#[must_use]
pub fn generic_argument(ty: &TokenStream, name: &str) -> Option<TokenStream> {
    first_argument(ty, |head| head == name)
}

/// The same of a type whose last path segment is such a name.
pub(crate) fn first_argument(ty: &TokenStream, is_head: impl FnOnce(&Ident) -> bool) -> Option<TokenStream> {
    let tokens: Vec<TokenTree> = ungrouped(ty).into_iter().collect();
    let is = |at: usize, mark: char| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == mark);
    let open = (0..tokens.len()).find(|at| is(*at, '<'))?;
    let path = tokens[..open].iter().all(|token| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => punct.as_char() == ':',
        _ => false,
    });
    let named = matches!(tokens[..open].last(), Some(TokenTree::Ident(last)) if is_head(last));
    if !path || !named || !is(tokens.len() - 1, '>') {
        return None;
    }
    let inside = &tokens[open + 1..tokens.len() - 1];
    let mut depth = 0_i32;
    let mut end = inside.len();
    for (at, token) in inside.iter().enumerate() {
        let TokenTree::Punct(punct) = token else { continue };
        let arrow = at > 0 && matches!(&inside[at - 1], TokenTree::Punct(before) if before.as_char() == '-');
        match punct.as_char() {
            '<' => depth += 1,
            '>' if !arrow => depth -= 1,
            ',' if depth == 0 => {
                end = at;
                break;
            }
            _ => {}
        }
    }
    (depth >= 0).then(|| inside[..end].iter().cloned().collect())
}

/// `T` of `&T` or `&'a T`; the type itself where it is no reference.
#[must_use]
pub fn referent(ty: &TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = ungrouped(ty).into_iter().collect();
    let mut rest = tokens.as_slice();
    if !matches!(rest.first(), Some(TokenTree::Punct(punct)) if punct.as_char() == '&') {
        return ty.clone();
    }
    rest = &rest[1..];
    if matches!(rest.first(), Some(TokenTree::Punct(punct)) if punct.as_char() == '\'') {
        rest = rest.get(2..).unwrap_or_default();
    }
    rest.iter().cloned().collect()
}

/// A type that came through `macro_rules!` stands in an invisible group: what is in it.
#[must_use]
pub fn ungrouped(ty: &TokenStream) -> TokenStream {
    let mut tokens = ty.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::None => {
            ungrouped(&group.stream())
        }
        _ => ty.clone(),
    }
}

//! Reading tokens from the front, and cutting lists of them at commas.
//!
//! Nothing here looks into a group before it is asked to: the bodies of functions are never read.

use proc_macro2::{Delimiter, Group, Ident, Spacing, TokenStream, TokenTree};
use syn::Lit;

use crate::syntax::text::text;

/// Tokens that are read once, from the front. Kept in reverse, so that reading moves them instead of copying.
pub(super) struct Tokens {
    reversed: Vec<TokenTree>,
}

impl Tokens {
    pub(super) fn new(tokens: impl IntoIterator<Item = TokenTree>) -> Self {
        let mut reversed: Vec<_> = tokens.into_iter().collect();
        reversed.reverse();
        Self { reversed }
    }

    pub(super) fn peek(&self) -> Option<&TokenTree> {
        self.ahead(0)
    }

    /// The token `n` places ahead; 0 is the next one.
    pub(super) fn ahead(&self, n: usize) -> Option<&TokenTree> {
        self.reversed.len().checked_sub(n + 1).and_then(|at| self.reversed.get(at))
    }

    /// Opens invisible groups at the front: what a `macro_rules!` of the user has put there as one fragment.
    pub(super) fn open(&mut self) {
        while let Some(TokenTree::Group(group)) = self.peek()
            && group.delimiter() == Delimiter::None
        {
            let inner: Vec<_> = group.stream().into_iter().collect();
            self.reversed.pop();
            self.reversed.extend(inner.into_iter().rev());
        }
    }

    pub(super) fn punct(&mut self, wanted: char) -> Option<TokenTree> {
        self.peek().is_some_and(|token| is_punct(token, wanted)).then(|| self.next()).flatten()
    }

    pub(super) fn keyword(&mut self, wanted: &str) -> Option<TokenTree> {
        self.peek().is_some_and(|token| is_ident(token, wanted)).then(|| self.next()).flatten()
    }

    pub(super) fn ident(&mut self) -> Option<Ident> {
        match self.peek() {
            Some(TokenTree::Ident(ident)) => {
                let ident = ident.clone();
                self.reversed.pop();
                Some(ident)
            }
            _ => None,
        }
    }

    /// `=` alone, not the beginning of `==` or `=>`.
    pub(super) fn equals(&mut self) -> Option<TokenTree> {
        let alone = match (self.ahead(0), self.ahead(1)) {
            (Some(TokenTree::Punct(first)), Some(second)) if first.as_char() == '=' => {
                first.spacing() == Spacing::Alone || !(is_punct(second, '=') || is_punct(second, '>'))
            }
            (Some(only), None) => is_punct(only, '='),
            _ => false,
        };
        alone.then(|| self.next()).flatten()
    }

    /// `:` alone, not the beginning of `::`.
    pub(super) fn colon(&mut self) -> Option<TokenTree> {
        match self.peek() {
            Some(TokenTree::Punct(colon)) if colon.as_char() == ':' => {
                let path = colon.spacing() == Spacing::Joint
                    && self.ahead(1).is_some_and(|second| is_punct(second, ':'));
                if path { None } else { self.next() }
            }
            _ => None,
        }
    }

    pub(super) fn rest(self) -> Vec<TokenTree> {
        let mut tokens = self.reversed;
        tokens.reverse();
        tokens
    }
}

impl Iterator for Tokens {
    type Item = TokenTree;

    fn next(&mut self) -> Option<TokenTree> {
        self.reversed.pop()
    }
}

pub(super) fn is_punct(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted)
}

pub(super) fn is_ident(token: &TokenTree, wanted: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == wanted)
}

pub(super) fn is_group(token: &TokenTree, wanted: Delimiter) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == wanted)
}

/// The value of a string literal.
pub(super) fn string(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Literal(literal) => match Lit::new(literal.clone()) {
            Lit::Str(string) => Some(string.value()),
            _ => None,
        },
        // A literal that came through a `macro_rules!` of the user.
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            let mut inner = group.stream().into_iter();
            match (inner.next(), inner.next()) {
                (Some(TokenTree::Literal(literal)), None) => string(&TokenTree::Literal(literal)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The same group around other tokens.
pub(super) fn regroup(group: &Group, tokens: TokenStream) -> TokenTree {
    let mut new = Group::new(group.delimiter(), tokens);
    new.set_span(group.span());
    TokenTree::Group(new)
}

/// How deep in `<..>` a reader of tokens is.
#[derive(Default)]
pub(super) struct Angles {
    depth: usize,
    /// The last token was `-` or `=` and belongs to the next: a `>` is then that of an arrow.
    arrow: bool,
}

impl Angles {
    pub(super) fn see(&mut self, token: &TokenTree) {
        let arrow = std::mem::take(&mut self.arrow);
        if let TokenTree::Punct(punct) = token {
            match punct.as_char() {
                '<' => self.depth += 1,
                '>' if !arrow => self.depth = self.depth.saturating_sub(1),
                '-' | '=' => self.arrow = punct.spacing() == Spacing::Joint,
                _ => {}
            }
        }
    }

    pub(super) fn outside(&self) -> bool {
        self.depth == 0
    }
}

/// Cuts at the commas outside of `<..>`: fields, parameters, arguments of a generic type. No piece is empty.
pub(super) fn split_types(tokens: impl IntoIterator<Item = TokenTree>) -> Vec<Vec<TokenTree>> {
    let mut angles = Angles::default();
    split(tokens, move |token| {
        angles.see(token);
        angles.outside()
    })
}

/// Cuts at the commas of a list of names, patterns or settings, where `<` opens only after `::`. No piece is
/// empty.
pub(super) fn split_list(tokens: impl IntoIterator<Item = TokenTree>) -> Vec<Vec<TokenTree>> {
    let mut angles = Angles::default();
    let mut after_colon = false;
    split(tokens, move |token| {
        let opens = after_colon && is_punct(token, '<');
        if opens || !angles.outside() {
            angles.see(token);
        }
        after_colon = is_punct(token, ':');
        angles.outside()
    })
}

fn split(
    tokens: impl IntoIterator<Item = TokenTree>,
    mut outside: impl FnMut(&TokenTree) -> bool,
) -> Vec<Vec<TokenTree>> {
    let mut pieces = Vec::new();
    let mut piece = Vec::new();
    for token in tokens {
        if outside(&token) && is_punct(&token, ',') {
            if !piece.is_empty() {
                pieces.push(std::mem::take(&mut piece));
            }
        } else {
            piece.push(token);
        }
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

/// The tokens as a person would have written them: for messages and docs.
pub(super) fn neat(tokens: &[TokenTree]) -> String {
    text(&tokens.iter().cloned().collect::<TokenStream>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(source: &str) -> Vec<TokenTree> {
        source.parse::<TokenStream>().unwrap().into_iter().collect()
    }

    #[test]
    fn commas_inside_angles_do_not_cut_types() {
        let pieces = split_types(tokens("a: HashMap<A, Vec<B>>, f: fn(A) -> Option<B>, c: C,"));
        assert_eq!(pieces.len(), 3);
    }

    #[test]
    fn a_comparison_does_not_hide_a_comma() {
        assert_eq!(split_list(tokens("a = 1 < 2, b = Vec::<A, B>::new(), c")).len(), 3);
    }
}

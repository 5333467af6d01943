//! What can be seen of a type from its tokens.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

use super::tokens::{Angles, Tokens, is_ident, is_punct, neat, split_types};

/// A type, opened where it came through a `macro_rules!` of the user as one fragment.
pub(super) struct Type {
    tokens: Vec<TokenTree>,
}

/// `&T`.
pub(super) struct Reference {
    /// `mut`.
    pub(super) mutable: Option<Ident>,
    pub(super) inner: Type,
    /// `'static`: what it points to is there for ever.
    pub(super) is_static: bool,
}

/// `path::to::Last<arguments>`.
pub(super) struct TypePath {
    /// Whether the path is only `Last`.
    pub(super) single: bool,
    pub(super) last: Ident,
    /// The generic arguments that are types; lifetimes are left out.
    pub(super) arguments: Vec<Type>,
    /// Whether there were `<..>`.
    pub(super) generic: bool,
}

impl Type {
    pub(super) fn new(tokens: impl IntoIterator<Item = TokenTree>) -> Self {
        let mut tokens = Tokens::new(tokens);
        let mut opened = Vec::new();
        loop {
            tokens.open();
            match tokens.next() {
                Some(token) => opened.push(token),
                None => return Self { tokens: opened },
            }
        }
    }

    pub(super) fn tokens(&self) -> &[TokenTree] {
        &self.tokens
    }

    pub(super) fn stream(&self) -> TokenStream {
        self.tokens.iter().cloned().collect()
    }

    /// As a person would have written it.
    pub(super) fn written(&self) -> String {
        neat(&self.tokens)
    }

    /// Whether it may be one type: there is something, and no `:` of a next field or parameter in it.
    pub(super) fn is_whole(&self) -> bool {
        let mut tokens = Tokens::new(self.tokens.iter().cloned());
        let mut angles = Angles::default();
        while let Some(token) = tokens.peek() {
            angles.see(token);
            if angles.outside() && tokens.colon().is_some() {
                return false;
            }
            // Both halves of `::`, so that the second is not taken for a `:`.
            if tokens.next().is_some_and(|token| is_punct(&token, ':')) {
                tokens.punct(':');
            }
        }
        !self.tokens.is_empty()
    }

    pub(super) fn reference(&self) -> Option<Reference> {
        let mut tokens = Tokens::new(self.tokens.iter().cloned());
        tokens.punct('&')?;
        let lifetime = tokens.punct('\'').and_then(|_| tokens.ident());
        let is_static = lifetime.is_some_and(|lifetime| lifetime == "static");
        let mutable =
            tokens.peek().is_some_and(|token| is_ident(token, "mut")).then(|| tokens.ident()).flatten();
        Some(Reference { mutable, inner: Self { tokens: tokens.rest() }, is_static })
    }

    pub(super) fn path(&self) -> Option<TypePath> {
        let mut tokens = Tokens::new(self.tokens.iter().cloned());
        let mut n_segments = 0;
        loop {
            while tokens.punct(':').is_some() {
                n_segments += 1; // `::Vec` is no single name either.
            }
            let last = tokens.ident()?;
            match tokens.peek() {
                None => {
                    return Some(TypePath {
                        single: n_segments == 0,
                        last,
                        arguments: Vec::new(),
                        generic: false,
                    });
                }
                Some(token) if is_punct(token, ':') => {
                    // `Vec::<T>` is allowed in types, too.
                    if !tokens.ahead(2).is_some_and(|token| is_punct(token, '<')) {
                        continue;
                    }
                    tokens.punct(':');
                    tokens.punct(':');
                }
                Some(_) => {}
            }
            let inside = angles(tokens.rest())?;
            let arguments = split_types(inside)
                .into_iter()
                .filter(|argument| !argument.first().is_some_and(|token| is_punct(token, '\'')))
                .map(Self::new)
                .collect();
            return Some(TypePath { single: n_segments == 0, last, arguments, generic: true });
        }
    }

    /// The elements of a tuple.
    pub(super) fn tuple(&self) -> Option<Vec<Self>> {
        match self.tokens.as_slice() {
            [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => {
                let tokens: Vec<_> = group.stream().into_iter().collect();
                let comma = tokens.last().is_some_and(|token| is_punct(token, ','));
                let elements = split_types(tokens);
                // `(T)` is `T` in parentheses.
                (comma || elements.len() != 1).then(|| elements.into_iter().map(Self::new).collect())
            }
            _ => None,
        }
    }

    /// The first token anywhere in the type that is the keyword `impl`.
    pub(super) fn impl_trait(&self) -> Option<Ident> {
        find(&self.tokens, |tokens, at| match &tokens[at] {
            TokenTree::Ident(ident) if ident == "impl" => Some(ident.clone()),
            _ => None,
        })
    }

    /// The places where the type or one inside of it is `name<..>`.
    pub(super) fn generics_of(&self, name: &str) -> Vec<Ident> {
        let mut found = Vec::new();
        // Nothing stops the search, so it sees all.
        find::<()>(&self.tokens, |tokens, at| {
            if let TokenTree::Ident(ident) = &tokens[at]
                && ident == name
                && tokens[at + 1..]
                    .iter()
                    .find(|next| !is_punct(next, ':'))
                    .is_some_and(|next| is_punct(next, '<'))
            {
                found.push(ident.clone());
            }
            None
        });
        found
    }

    /// The first borrow that is not `'static`, the arguments of `Fn(&T)` and `fn(&T)` left aside.
    pub(super) fn borrow(&self) -> Option<TokenTree> {
        find(&self.tokens, |tokens, at| {
            let token = &tokens[at];
            let lifetime = match token {
                TokenTree::Punct(punct) if punct.as_char() == '&' => {
                    let quote = tokens.get(at + 1).is_some_and(|next| is_punct(next, '\''));
                    // `fn(&T) -> &T` borrows from its argument.
                    let output = at > 0 && is_punct(&tokens[at - 1], '>');
                    return (!quote && !output).then(|| token.clone());
                }
                TokenTree::Punct(punct) if punct.as_char() == '\'' => tokens.get(at + 1)?,
                _ => return None,
            };
            is_ident(lifetime, "_").then(|| token.clone())
        })
    }
}

/// What stands between `<` at the front and `>` at the end.
fn angles(mut tokens: Vec<TokenTree>) -> Option<Vec<TokenTree>> {
    let whole = tokens.len() >= 2 && is_punct(&tokens[0], '<') && is_punct(&tokens[tokens.len() - 1], '>');
    if !whole {
        return None;
    }
    tokens.pop();
    tokens.remove(0);
    // `A<B>::C<D>` begins and ends so as well, and is no path that we know: its `<` closes too early.
    let mut depth = 1_usize;
    let mut arrow = false;
    for token in &tokens {
        if is_punct(token, '<') {
            depth += 1;
        } else if is_punct(token, '>') && !arrow {
            depth -= 1;
            if depth == 0 {
                return None;
            }
        }
        arrow = is_punct(token, '-') || is_punct(token, '=');
    }
    Some(tokens)
}

/// Looks at every token, inside of groups too, but for the parentheses of `Fn(..)` and for code in braces.
/// Works through a list, so that no depth of groups is too deep.
fn find<T>(tokens: &[TokenTree], mut look: impl FnMut(&[TokenTree], usize) -> Option<T>) -> Option<T> {
    let mut groups = Vec::new();
    let mut found = find_here(tokens, &mut look, &mut groups);
    while let (None, Some(group)) = (&found, groups.pop()) {
        let tokens: Vec<_> = group.stream().into_iter().collect();
        found = find_here(&tokens, &mut look, &mut groups);
    }
    found
}

/// Looks at the tokens outside of groups, and collects the groups.
fn find_here<T>(
    tokens: &[TokenTree],
    look: &mut impl FnMut(&[TokenTree], usize) -> Option<T>,
    groups: &mut Vec<Group>,
) -> Option<T> {
    for (at, token) in tokens.iter().enumerate() {
        if let Some(found) = look(tokens, at) {
            return Some(found);
        }
        if let TokenTree::Group(group) = token
            && group.delimiter() != Delimiter::Brace
            && !(at > 0 && matches!(tokens[at - 1], TokenTree::Ident(_)))
        {
            groups.push(group.clone());
        }
    }
    None
}

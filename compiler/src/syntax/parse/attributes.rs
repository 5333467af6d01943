//! Attributes: which are ours, and where they belong.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;

use super::tokens::{Tokens, is_group, is_punct, split_list};
use crate::graph::nearest;
use crate::syntax::diagnostics::Errors;

/// What an attribute of ours stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Function,
    Parameter,
    Struct,
    Use,
}

impl Place {
    /// The end of a message: where an attribute of this place is to stand.
    pub(super) fn advice(self, name: &str) -> &'static str {
        match self {
            Self::Function if name == "node" => "it belongs on a function",
            Self::Function => "it belongs on a function with `#[node]`",
            Self::Parameter if name == "default" => {
                "it belongs on a parameter of a node, or on a field of the `#[inputs]` struct"
            }
            Self::Parameter => "it belongs on a parameter of a node",
            Self::Struct => "it belongs on a struct with named fields",
            Self::Use => "it belongs on a `use` that names one dataflow",
        }
    }
}

/// Our attributes in the order in which they are suggested.
const OURS: [(&str, Place); 19] = [
    ("node", Place::Function),
    ("when", Place::Function),
    ("when_not", Place::Function),
    ("tag", Place::Function),
    ("tag_outputs", Place::Function),
    ("parameterize", Place::Function),
    ("parameterize_sources", Place::Function),
    ("parameterize_values", Place::Function),
    ("extract_fields", Place::Function),
    ("unpack_fields", Place::Function),
    ("inject", Place::Function),
    ("fallback", Place::Function),
    ("inputs", Place::Struct),
    ("config", Place::Struct),
    ("include", Place::Use),
    ("default", Place::Parameter),
    ("source", Place::Parameter),
    ("value", Place::Parameter),
    ("group", Place::Parameter),
];

/// Attributes that the language has and this version has not, with what to do meanwhile.
const NOT_YET: [(&str, &str); 18] = [
    ("schema", "remove it, and describe the columns in the doc comment"),
    ("parameterize_extract_columns", "write one function with `#[extract_fields(..)]` for each"),
    ("extract_columns", "return a struct of columns and write `#[extract_fields(..)]`"),
    ("does", "call the function in the body"),
    ("resolve", "choose by the config with `#[when(..)]`"),
    ("subdag", "take the dataflow in with `#[include] use ..;`"),
    ("parameterized_subdag", "take the dataflow in with `#[include] use ..;`"),
    ("pipe_input", "call the steps in the body"),
    ("pipe_output", "call the steps in the body"),
    ("mutate", "call the step in the body"),
    ("with_columns", "write a node for each column"),
    ("load_from", "load in the body, or take the value as an input"),
    ("save_to", "save what the run returns"),
    ("dataloader", "remove it, and load in the body"),
    ("datasaver", "remove it, and save what the run returns"),
    ("check_output", "check in the body, and return a `Result`"),
    ("check_output_custom", "check in the body, and return a `Result`"),
    ("cache", "remove it"),
];

/// Attributes of others that may stand on a function: never taken for a misspelt one of ours.
const OTHERS: &str = "allow expect warn deny forbid cfg cfg_attr test bench ignore should_panic derive deprecated must_use \
    doc inline cold naked no_mangle export_name link link_name link_section no_builtins target_feature \
    track_caller instruction_set unsafe used path repr feature coverage optimize diagnostic rustfmt \
    clippy macro_use macro_export non_exhaustive automatically_derived global_allocator proc_macro \
    dataflow cached instrument";

/// Derives without attributes of their own.
const PLAIN_DERIVES: [&str; 9] =
    ["Clone", "Copy", "Debug", "Default", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd"];

/// An attribute as it stands in the user's code.
pub(super) struct Attribute {
    pound: TokenTree,
    brackets: TokenTree,
    /// The last segment of its path, where it may be one of ours: a path of one segment, or one of `millstream`.
    word: Option<Ident>,
    /// The text of `word`; empty for every other attribute.
    pub(super) name: String,
    whose: Whose,
    pub(super) arguments: Arguments,
}

/// Who gives an attribute its meaning.
#[derive(Clone, Copy)]
enum Whose {
    Ours(Place),
    /// A later version of ours; with what to do meanwhile.
    Later(&'static str),
    /// Rust, or someone that is known.
    Known,
    /// Nobody that is known: it may be misspelt.
    Unknown,
}

/// What follows the path of an attribute.
pub(super) enum Arguments {
    None,
    /// `(..)`.
    List(Group),
    /// `= ..`.
    Value(Vec<TokenTree>),
    /// Anything else.
    Other,
}

impl Attribute {
    fn new(pound: TokenTree, brackets: Group) -> Self {
        let mut tokens = Tokens::new(brackets.stream());
        tokens.open();
        let word = path(&mut tokens);
        let name = word.as_ref().map(ToString::to_string).unwrap_or_default();
        let whose = Whose::new(&name);
        let arguments = Arguments::new(tokens);
        Self { pound, brackets: TokenTree::Group(brackets), word, name, whose, arguments }
    }

    /// Where it belongs, if it is one of ours.
    pub(super) fn place(&self) -> Option<Place> {
        match self.whose {
            Whose::Ours(place) => Some(place),
            _ => None,
        }
    }

    /// One place for all of it.
    pub(super) fn span(&self) -> Span {
        self.brackets.span()
    }

    /// Whether it is one of ours, of this version or of a later one.
    pub(super) fn is_ours(&self) -> bool {
        matches!(self.whose, Whose::Ours(_) | Whose::Later(_))
    }

    /// What to do instead of an attribute that is not supported yet.
    pub(super) fn not_yet(&self) -> Option<&'static str> {
        match self.whose {
            Whose::Later(advice) => Some(advice),
            _ => None,
        }
    }

    /// Whether `cfg` decides about what it stands on, or about an attribute of ours: neither can be known here.
    pub(super) fn is_cfg(&self) -> bool {
        self.name == "cfg" || self.is_ours_by_cfg()
    }

    /// Whether it is a `#[cfg_attr(.., node)]`.
    pub(super) fn is_ours_by_cfg(&self) -> bool {
        self.by_cfg()
            .iter()
            .any(|(name, whose)| matches!(whose, Whose::Ours(_)) || name == "cfg" || name == "cfg_attr")
    }

    /// Whether it makes a function a node, or would do so under some `cfg`.
    pub(super) fn marks_node(&self) -> bool {
        self.place() == Some(Place::Function)
            || self.misspelt(Place::Function) == Some("node")
            || self.by_cfg().iter().any(|whose| matches!(whose, (_, Whose::Ours(Place::Function))))
    }

    /// The attributes in a `#[cfg_attr(..)]`.
    fn by_cfg(&self) -> Vec<(String, Whose)> {
        let Arguments::List(group) = &self.arguments else {
            return Vec::new();
        };
        if self.name != "cfg_attr" {
            return Vec::new();
        }
        let attributes = split_list(group.stream()).into_iter().skip(1);
        attributes
            .map(|attribute| {
                let name = path(&mut Tokens::new(attribute)).map(|word| word.to_string()).unwrap_or_default();
                let whose = Whose::new(&name);
                (name, whose)
            })
            .collect()
    }

    /// The one of ours that a misspelt attribute means.
    pub(super) fn misspelt(&self, among: Place) -> Option<&'static str> {
        if !matches!(self.whose, Whose::Unknown) {
            return None;
        }
        let candidates = OURS.iter().filter(|(_, place)| *place == among).map(|(name, _)| *name);
        nearest(&self.name, candidates)
    }
}

/// Reports misspelt attributes, and goes on as if they were spelt right.
pub(super) fn correct(attributes: &mut [Attribute], among: Place, errors: &mut Errors) {
    for attribute in attributes {
        if let Some(meant) = attribute.misspelt(among) {
            let name = &attribute.name;
            let message = format!("`#[{name}]` is no attribute of Millstream; did you mean `#[{meant}]`?");
            errors.at(&attribute.word, message);
            meant.clone_into(&mut attribute.name);
            attribute.whose = Whose::new(meant);
        }
    }
}

/// Whether there is a derive that may have attributes of its own, which may have the names of ours.
pub(super) fn has_foreign_derive(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.arguments {
        Arguments::List(group) if attribute.name == "derive" => {
            group.stream().into_iter().any(|token| match token {
                TokenTree::Ident(ident) => PLAIN_DERIVES.iter().all(|plain| ident != plain),
                _ => false,
            })
        }
        Arguments::List(_) => attribute.by_cfg().iter().any(|(name, _)| name == "derive"),
        _ => false,
    })
}

impl ToTokens for Attribute {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend([self.pound.clone(), self.brackets.clone()]);
    }
}

impl Arguments {
    fn new(mut tokens: Tokens) -> Self {
        match tokens.next() {
            None => Self::None,
            Some(TokenTree::Group(group))
                if group.delimiter() == Delimiter::Parenthesis && tokens.peek().is_none() =>
            {
                Self::List(group)
            }
            Some(token) if is_punct(&token, '=') => Self::Value(tokens.rest()),
            Some(_) => Self::Other,
        }
    }
}

impl Whose {
    fn new(name: &str) -> Self {
        // Most attributes are doc comments.
        if name.is_empty() || name == "doc" {
            return Self::Known;
        }
        if let Some((_, place)) = OURS.iter().find(|(ours, _)| *ours == name) {
            return Self::Ours(*place);
        }
        if let Some((_, advice)) = NOT_YET.iter().find(|(later, _)| *later == name) {
            return Self::Later(advice);
        }
        if OTHERS.split(' ').any(|other| other == name) { Self::Known } else { Self::Unknown }
    }
}

/// Reads a path; gives its last segment where it may be ours.
fn path(tokens: &mut Tokens) -> Option<Ident> {
    while tokens.punct(':').is_some() {}
    let first = tokens.ident()?;
    let mut last = None;
    while tokens.punct(':').is_some() {
        tokens.punct(':');
        last = Some(tokens.ident()?);
    }
    match last {
        None => Some(first),
        Some(last) => (first == "millstream").then_some(last),
    }
}

/// Reads the outer attributes at the front.
pub(super) fn outer(tokens: &mut Tokens) -> Vec<Attribute> {
    let mut attributes = Vec::new();
    loop {
        tokens.open();
        if !starts_attribute(tokens, 0) {
            return attributes;
        }
        if let (Some(pound), Some(TokenTree::Group(brackets))) = (tokens.next(), tokens.next()) {
            attributes.push(Attribute::new(pound, brackets));
        }
    }
}

/// Reads the inner attributes at the front: `#![..]`, `//!`. Gives them as outer ones as well, for their docs.
pub(super) fn inner(tokens: &mut Tokens) -> (TokenStream, Vec<Attribute>) {
    let mut stream = TokenStream::new();
    let mut attributes = Vec::new();
    while tokens.peek().is_some_and(|token| is_punct(token, '#'))
        && tokens.ahead(1).is_some_and(|token| is_punct(token, '!'))
        && tokens.ahead(2).is_some_and(|token| is_group(token, Delimiter::Bracket))
    {
        if let (Some(pound), Some(bang), Some(TokenTree::Group(brackets))) =
            (tokens.next(), tokens.next(), tokens.next())
        {
            stream.extend([pound.clone(), bang, TokenTree::Group(brackets.clone())]);
            attributes.push(Attribute::new(pound, brackets));
        }
    }
    (stream, attributes)
}

/// Whether an outer attribute begins `n` tokens ahead.
pub(super) fn starts_attribute(tokens: &Tokens, n: usize) -> bool {
    tokens.ahead(n).is_some_and(|token| is_punct(token, '#'))
        && tokens.ahead(n + 1).is_some_and(|token| is_group(token, Delimiter::Bracket))
}

/// The tokens without those attributes at their top level which `unwanted` names; `None` where there is none
/// of them, so that the caller can keep what it has.
pub(super) fn without(
    tokens: TokenStream,
    mut unwanted: impl FnMut(&Attribute) -> bool,
) -> Option<TokenStream> {
    let mut tokens = Tokens::new(tokens);
    let mut kept = Vec::new();
    let mut found = false;
    while tokens.peek().is_some() {
        if starts_attribute(&tokens, 0) {
            if let (Some(pound), Some(TokenTree::Group(brackets))) = (tokens.next(), tokens.next()) {
                let attribute = Attribute::new(pound, brackets);
                if unwanted(&attribute) {
                    found = true;
                } else {
                    kept.extend(attribute.into_token_stream());
                }
            }
        } else {
            kept.extend(tokens.next());
        }
    }
    found.then(|| kept.into_iter().collect())
}

/// Reports attributes of ours on an item where they have no meaning, and takes them away.
///
/// `what` is the item with its article: `a struct`.
pub(super) fn refuse_on(what: &str, attributes: &mut Vec<Attribute>, errors: &mut Errors) {
    let derives = has_foreign_derive(attributes);
    attributes.retain(|attribute| match attribute.place() {
        // The derive knows this word, or rustc says that nobody does.
        Some(_) if derives && matches!(attribute.name.as_str(), "tag" | "include" | "inject" | "config") => {
            true
        }
        // The same: `#[group]` and `#[value]` are words of clap, `#[source]` of thiserror.
        None | Some(Place::Parameter) => true,
        Some(place) => {
            let name = &attribute.name;
            errors.at(attribute, format!("`#[{name}]` has no meaning on {what}; {}", place.advice(name)));
            false
        }
    });
}

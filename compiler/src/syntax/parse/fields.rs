//! Structs with named fields: `#[inputs]`, `#[config]`, and those that `#[extract_fields]` looks into.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use super::attributes::{self, Attribute, Place};
use super::items::{self, Item, Kind};
use super::tokens::{Tokens, is_punct, split_types};
use super::types::Type;
use super::{binding, docs, params, strip};
use crate::syntax::diagnostics::Errors;
use crate::syntax::model::{Field, Fields, Struct};
use crate::syntax::text::{name_of, text};

/// Whether the item is a struct with `#[inputs]` or `#[config]`, or with a word that is nearly one of them.
pub(super) fn is_ours(item: &Item) -> bool {
    matches!(item.kind, Kind::Struct { .. })
        && item.attributes.iter().any(|attribute| {
            attribute.place() == Some(Place::Struct)
                || attribute.misspelt(Place::Struct).is_some()
                    && !attributes::has_foreign_derive(&item.attributes)
        })
}

/// Which of the two structs it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Inputs,
    Config,
}

impl Role {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Inputs => "inputs",
            Self::Config => "config",
        }
    }
}

/// Takes `#[inputs]` or `#[config]` off the item; a second one is reported.
pub(super) fn role(item: &mut Item, errors: &mut Errors) -> Option<Role> {
    if !attributes::has_foreign_derive(&item.attributes) {
        attributes::correct(&mut item.attributes, Place::Struct, errors);
    }
    let mut role = None;
    item.attributes.retain(|attribute| {
        let found = match attribute.name.as_str() {
            "inputs" => Role::Inputs,
            "config" => Role::Config,
            _ => return true,
        };
        match role {
            None => role = Some(found),
            Some(first) if first == found => {
                errors.at(attribute, format!("`#[{}]` stands twice; keep one", found.name()));
            }
            Some(first) => errors.at(
                attribute,
                format!(
                    "one struct cannot be both `#[{}]` and `#[{}]`; write two structs",
                    first.name(),
                    found.name()
                ),
            ),
        }
        if !matches!(attribute.arguments, attributes::Arguments::None) {
            let name = found.name();
            errors.at(attribute, format!("`#[{name}]` takes no arguments; write `#[{name}]`"));
        }
        false
    });
    role
}

/// Reads the struct, its role already taken off. Gives the item alone where it has no fields that the graph could
/// use, which is reported.
pub(super) fn read(mut item: Item, role: Role, errors: &mut Errors) -> Result<Fields, TokenStream> {
    let Kind::Struct { name, body } = item.kind else {
        return Err(item.into_token_stream()); // Not called for other items.
    };
    let Some(TokenTree::Ident(ident)) = item.tokens.get(name).cloned() else {
        return Err(item.into_token_stream()); // A struct has a name, or it would not be one.
    };
    for attribute in item.attributes.iter().filter(|attribute| attribute.is_cfg()) {
        errors.at(attribute, cfg(&attribute.name, &ident));
    }
    item.attributes.retain(|attribute| !attribute.is_ours_by_cfg());
    attributes::refuse_on("a struct", &mut item.attributes, errors);
    let derives = attributes::has_foreign_derive(&item.attributes);
    let has_named_fields = has_named_fields(&item, name, role, errors)
        && !body.is_some_and(|body| role == Role::Inputs && has_blocks(&item.tokens[body], errors));
    let fields = match body {
        Some(body) if has_named_fields => fields(&item.tokens[body], role, derives, errors),
        _ => Vec::new(),
    };
    (name + 1..item.tokens.len()).for_each(|at| strip::fields(&mut item, at));
    let visibility = item.visibility.clone();
    let item = item.into_token_stream();
    if has_named_fields { Ok(Fields { item, ident, visibility, fields }) } else { Err(item) }
}

/// Whether nothing stands between the name and the fields, or the `;` of a struct without any. `name` is the place
/// of the name.
fn has_named_fields(item: &Item, name: usize, role: Role, errors: &mut Errors) -> bool {
    let role = role.name();
    let rest = &item.tokens[name + 1..];
    match rest {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Brace => return true,
        [semicolon] if is_punct(semicolon, ';') => return true,
        [tuple @ TokenTree::Group(_), ..] => errors.at(
            tuple,
            format!("the fields of the `#[{role}]` struct have no names; write `name: Type` in braces"),
        ),
        _ => {
            let generics = rest
                .iter()
                .take_while(|token| !matches!(token, TokenTree::Group(_)) && !is_punct(token, ';'));
            errors.at(
                &generics.cloned().collect::<TokenStream>(),
                format!(
                    "the `#[{role}]` struct is generic, but the graph has one type for each field; write the concrete types"
                ),
            );
        }
    }
    false
}

/// Whether an input is a dynamic block, which is reported.
fn has_blocks(body: &TokenTree, errors: &mut Errors) -> bool {
    let before = errors.count();
    for (_, (_, ident, ty)) in pieces(body).into_iter().filter_map(bare_field) {
        if let Some(place) = Type::new(ty).generics_of("Parallelizable").first() {
            errors.at(
                place,
                format!("input `{ident}` is one value, which the caller supplies; make it a `Vec<T>`, and return `Parallelizable<T>` of it from a node"),
            );
        }
    }
    errors.count() > before
}

fn pieces(body: &TokenTree) -> Vec<Vec<TokenTree>> {
    match body {
        TokenTree::Group(group) => split_types(group.stream()),
        _ => Vec::new(), // The place of the braces holds braces.
    }
}

fn cfg(name: &str, what: &Ident) -> String {
    format!(
        "`#[{name}]` on `{what}` is not possible: the graph is checked before `cfg` is decided; put it on the whole `#[dataflow]` module"
    )
}

/// `derives`: attributes that are not ours may be those of a derive.
fn fields(body: &TokenTree, role: Role, derives: bool, errors: &mut Errors) -> Vec<Field> {
    pieces(body).into_iter().filter_map(|piece| field(piece, role, derives, errors)).collect()
}

fn field(piece: Vec<TokenTree>, role: Role, derives: bool, errors: &mut Errors) -> Option<Field> {
    let (mut attributes, field) = bare_field(piece)?;
    let (visibility, ident, mut ty) = field;
    if !Type::new(ty.clone()).is_whole() {
        errors.leave_to_rustc(); // The type is missing, or a comma.
        ty = quote!(());
    }
    if !derives {
        attributes::correct(&mut attributes, Place::Parameter, errors);
    }
    let mut default = None;
    let mut has_default = false;
    for attribute in &attributes {
        match (attribute.name.as_str(), role) {
            ("default", Role::Inputs) if has_default => {
                errors.at(attribute, format!("`#[default]` stands twice on field `{ident}`; keep one"));
            }
            ("default", Role::Inputs) => {
                has_default = true;
                default = params::arguments(attribute, errors)
                    .and_then(|(group, place)| binding::expression("default", place, &group, errors));
            }
            ("default", Role::Config) => errors.at(
                attribute,
                format!("`#[default]` has no meaning on config field `{ident}`; remove it, the caller builds the whole struct"),
            ),
            _ => foreign(&ident, attribute, errors),
        }
    }
    Some(Field { name: name_of(&ident), visibility, ty, doc: docs::doc(&attributes), default })
}

fn foreign(field: &Ident, attribute: &Attribute, errors: &mut Errors) {
    let name = &attribute.name;
    if attribute.is_cfg() {
        errors.at(attribute, cfg(name, field));
    } else if let Some(place) = attribute.place() {
        errors
            .at(attribute, format!("`#[{name}]` has no meaning on field `{field}`; {}", place.advice(name)));
    }
}

/// Visibility, name and type of a field.
type BareField = (TokenStream, Ident, TokenStream);

/// Reads a field: where the type is missing, it is empty.
fn bare_field(piece: Vec<TokenTree>) -> Option<(Vec<Attribute>, BareField)> {
    let mut tokens = Tokens::new(piece);
    let attributes = attributes::outer(&mut tokens);
    let visibility = items::visibility(&mut tokens);
    let ident = tokens.ident()?;
    tokens.colon();
    Some((attributes, (visibility, ident, tokens.collect())))
}

/// A struct that `#[extract_fields]` may look into: with named fields and without generics, whose types mean
/// nothing outside of it.
pub(super) fn known(item: &Item) -> Option<Struct> {
    let Kind::Struct { name, body: Some(body) } = item.kind else {
        return None;
    };
    let (Some(TokenTree::Ident(ident)), true) = (item.tokens.get(name), body == name + 1) else {
        return None;
    };
    let Some(TokenTree::Group(group)) = item.tokens.get(body) else {
        return None;
    };
    let mut private = Vec::new();
    let fields = split_types(group.stream())
        .into_iter()
        .filter_map(|piece| {
            let (attributes, (visibility, ident, ty)) = bare_field(piece)?;
            let name = name_of(&ident).text;
            if text(&visibility) != "pub" {
                private.push(name.clone());
            }
            Some((name, ty, docs::doc(&attributes)))
        })
        .collect();
    Some(Struct { name: name_of(ident).text, fields, private })
}

//! `#[extract_fields(..)]` and `#[unpack_fields(..)]`: parts of a value as nodes of their own.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use super::attributes::{self, Attribute};
use super::tokens::{Tokens, neat, split_types};
use super::types::Type;
use super::{docs, rust, settings};
use crate::graph::did_you_mean;
use crate::syntax::diagnostics::Errors;
use crate::syntax::model::{Extract, Name, Output, Part, Shape, Struct};
use crate::syntax::text::name_of;

/// A name in the attribute.
struct Wanted {
    name: Name,
    doc: String,
    ty: Option<TokenStream>,
}

/// Reads the attribute of node `node`. Every name becomes a part, those with an error too: other nodes may need
/// them.
pub(super) fn read(
    attribute: &Attribute,
    node: &str,
    output: &Output,
    structs: &[Struct],
    errors: &mut Errors,
) -> Option<Extract> {
    let form = if attribute.name == "unpack_fields" { "unpack_fields(a, b)" } else { "extract_fields(a, b)" };
    let group = settings::list(attribute, form, errors)?;
    let wanted: Vec<_> =
        split_types(group.stream()).into_iter().filter_map(|piece| one(piece, form, errors)).collect();
    let value = output.value.clone().map(Type::new);
    let (shape, mut parts) = if attribute.name == "unpack_fields" {
        let parts = tuple(&group.stream(), node, value.as_ref(), wanted, errors);
        (Shape::Tuple, parts)
    } else {
        fields(attribute, node, value.as_ref(), structs, wanted, errors)
    };
    let mut seen = BTreeSet::new();
    parts.retain(|part| settings::once(&mut seen, &part.name, "name", errors));
    if shape != Shape::Tuple {
        // Their order means nothing; two that differ in nothing else are one graph.
        parts.sort_by(|one, other| one.name.text.cmp(&other.name.text));
    }
    Some(Extract { shape, parts })
}

/// `name` or `name: Type`.
fn one(piece: Vec<TokenTree>, form: &str, errors: &mut Errors) -> Option<Wanted> {
    let whole = piece.clone();
    let mut tokens = Tokens::new(piece);
    let attributes = attributes::outer(&mut tokens);
    let doc = docs::doc(&attributes);
    if let Some(ident) = tokens.ident() {
        let name = name_of(&ident);
        if tokens.peek().is_none() {
            return Some(Wanted { name, doc, ty: None });
        }
        if tokens.colon().is_some() {
            let ty: TokenStream = tokens.collect();
            if !ty.is_empty() && rust::is_type(&ty) {
                return Some(Wanted { name, doc, ty: Some(ty) });
            }
            let message = format!("`{}` has no type that Rust reads; write `{}: Type`", name.text, name.text);
            errors.at_span(name.span, message);
            return Some(Wanted { name, doc, ty: Some(quote!(())) });
        }
    }
    let whole: TokenStream = whole.into_iter().collect();
    errors.at(&whole, format!("`{}` is no name; write `#[{form}]`", settings::excerpt(&whole)));
    None
}

/// The parts of a struct or a map.
fn fields(
    attribute: &Attribute,
    node: &str,
    value: Option<&Type>,
    structs: &[Struct],
    wanted: Vec<Wanted>,
    errors: &mut Errors,
) -> (Shape, Vec<Part>) {
    let path = value.and_then(Type::path);
    if let Some(path) = &path
        && matches!(path.last.to_string().as_str(), "HashMap" | "BTreeMap" | "IndexMap")
        && let Some(in_map) = path.arguments.get(1)
    {
        if let Some(key) = path.arguments.first().filter(|key| is_primitive(key)) {
            errors.at(
                &key.stream(),
                format!(
                    "the keys of the map are `{}`, but parts have names; return a map with keys of type `String`",
                    neat(key.tokens())
                ),
            );
        }
        return (Shape::Map, parts(wanted, |wanted| Some((in_map.stream(), wanted.doc.clone()))));
    }
    let known = path.as_ref().filter(|path| path.single && !path.generic).and_then(|path| {
        let name = name_of(&path.last).text;
        structs.iter().find(|strukt| strukt.name == name)
    });
    if let Some(strukt) = known {
        return (Shape::Struct, parts(wanted, |wanted| field(strukt, wanted, errors)));
    }
    if let Some(value) = value
        && value.tuple().is_some()
    {
        errors.at(
            attribute,
            format!("node `{node}` returns a tuple, which has no field names; write `#[unpack_fields(..)]`"),
        );
        return (Shape::Struct, parts(wanted, |_| None));
    }
    let ty = value.map_or_else(|| "the return value".to_owned(), |ty| format!("`{}`", neat(ty.tokens())));
    let parts = parts(wanted, |wanted| {
        if wanted.ty.is_none() {
            let name = &wanted.name;
            errors.at_span(
                name.span,
                format!("the fields of {ty} are not known here; write the type: `{}: Type`", name.text),
            );
        }
        None
    });
    (Shape::Struct, parts)
}

/// Whether a type is surely no text.
fn is_primitive(ty: &Type) -> bool {
    matches!(
        neat(ty.tokens()).as_str(),
        "bool"
            | "char"
            | "u8"
            | "u16"
            | "u32"
            | "u64"
            | "u128"
            | "usize"
            | "i8"
            | "i16"
            | "i32"
            | "i64"
            | "i128"
            | "isize"
    )
}

/// Type and doc comment of a field of a struct in the module.
fn field(strukt: &Struct, wanted: &Wanted, errors: &mut Errors) -> Option<(TokenStream, String)> {
    let name = &wanted.name;
    let found = strukt.fields.iter().find(|(field, _, _)| *field == name.text);
    if found.is_none() {
        let fields = strukt.fields.iter().map(|(field, _, _)| field.as_str());
        let advice = did_you_mean(&name.text, fields, "name one of its fields");
        errors.at_span(name.span, format!("struct `{}` has no field `{}`; {advice}", strukt.name, name.text));
    }
    found.map(|(_, ty, doc)| {
        let doc = if wanted.doc.is_empty() { doc } else { &wanted.doc };
        (ty.clone(), doc.clone())
    })
}

/// The parts of a tuple; `_` stands for an element that is not needed.
fn tuple(
    names: &TokenStream,
    node: &str,
    value: Option<&Type>,
    wanted: Vec<Wanted>,
    errors: &mut Errors,
) -> Vec<Part> {
    let elements = value.and_then(Type::tuple);
    match (&elements, value) {
        (Some(elements), _) if elements.is_empty() => {
            errors.at(names, format!("node `{node}` returns nothing; return a tuple"));
        }
        (Some(elements), _) if elements.len() != wanted.len() => {
            let (n_elements, n_names) = (counted(elements.len(), "element"), counted(wanted.len(), "name"));
            let are = if wanted.len() == 1 { "is" } else { "are" };
            errors.at(
                names,
                format!("the tuple has {n_elements}, but {n_names} {are} given; name all of them, `_` for one that is not needed"),
            );
        }
        (None, Some(value)) => {
            let ty = neat(value.tokens());
            let advice = if ty == "()" { "return a tuple" } else { "write `#[extract_fields(..)]`" };
            errors.at(names, format!("node `{node}` returns `{ty}`, which is no tuple; {advice}"));
        }
        (None, None) if wanted.iter().any(|wanted| wanted.ty.is_none()) => {
            errors.at(
                names,
                format!("what node `{node}` returns is not known here; write the types: `name: Type`"),
            );
        }
        (Some(_), _) | (None, None) => {}
    }
    let elements = elements.unwrap_or_default();
    let mut index = 0;
    let mut parts = parts(wanted, |wanted| {
        let element = elements.get(index).map(|element| (element.stream(), wanted.doc.clone()));
        index += 1;
        element
    });
    parts.retain(|part| part.name.text != "_");
    parts
}

fn counted(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// The type in the attribute wins; `()` stands for one that is not known, which is reported.
fn parts(wanted: Vec<Wanted>, mut known: impl FnMut(&Wanted) -> Option<(TokenStream, String)>) -> Vec<Part> {
    let part = |(index, wanted): (usize, Wanted)| {
        let known = known(&wanted);
        let doc = known.as_ref().map_or_else(|| wanted.doc.clone(), |(_, doc)| doc.clone());
        let ty = wanted.ty.or(known.map(|(ty, _)| ty)).unwrap_or_else(|| quote!(()));
        Part { name: wanted.name, ty, doc, index }
    };
    wanted.into_iter().enumerate().map(part).collect()
}

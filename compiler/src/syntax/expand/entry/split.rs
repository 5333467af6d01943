//! Taking values apart.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use super::args;
use super::body::Writer;
use super::plan::Step;
use super::values::{self, Copies, copies};
use crate::syntax::check::{Node, Origin};
use crate::syntax::model::Shape;
use crate::syntax::text;

impl Writer<'_> {
    /// Takes the value apart. What is needed as a whole too is cloned from.
    pub(super) fn parts_of(&self, index: usize, step: &Step) -> TokenStream {
        let names = self.values.names;
        let local = names.local(index);
        let node_path = self.values.context.path(self.values.node(index), Span::call_site());
        let map = if step.whole { Ident::new("parts", Span::mixed_site()) } else { local.clone() };
        let mut by_key = false;
        let mut parts = TokenStream::new();
        for value in &step.parts {
            let (name, ty) = (names.local(*value), self.values.ty(*value));
            let (taken, at, is_known) = self.taken(*value);
            let place = match taken {
                Taken::Key(key) => {
                    by_key = true;
                    let ty = text::placed(ty, Span::call_site());
                    parts.extend(quote! {
                        let #name = __ms::fit::<__ms::OfMap<#ty>, _>(&mut #map).take::<#node_path>(#key)?;
                    });
                    continue;
                }
                Taken::Field(field) => quote!(#local.#field),
                Taken::Index(index) => quote!(#local.#index),
            };
            let copies = self.values.node(*value).value().map_or(Copies::Unknown, copies);
            let value = match (step.whole, copies) {
                (false, _) | (true, Copies::Plainly) => place,
                (true, Copies::Clone) => quote!(#place.clone()),
                (true, Copies::Unknown) => self.clone_of(&quote!(&#place), &ty, (index, at)),
            };
            let value = if is_known { value } else { args::fitted(&ty, &value) };
            parts.extend(quote!(let #name = #value;));
        }
        let clone = (by_key && step.whole).then(|| {
            let at = self.values.node(index).name.span;
            let clone = self.clone_of(&quote!(&#local), &self.values.ty(index), (index, at));
            quote!(let mut #map = #clone;)
        });
        quote!(#clone #parts)
    }

    /// How a part is taken, where what is wrong with that is to be seen, and whether its type is certain: taken from the
    /// struct or the tuple, and not from what the attribute says.
    fn taken(&self, part: usize) -> (Taken, Span, bool) {
        let node = self.values.node(part);
        match &node.origin {
            Origin::Part { part, function, .. } => {
                let extract = function.extract.as_ref().map_or(Shape::Struct, |extract| extract.shape);
                let whole = function.output.value.as_ref().map(text::text).unwrap_or_default();
                let structs = &self.values.context.module.structs;
                let taken = match extract {
                    Shape::Struct => Taken::Field(text::ident(&part.name)),
                    Shape::Tuple => Taken::Index(Literal::usize_unsuffixed(part.index)),
                    Shape::Map => Taken::Key(part.name.text.clone()),
                };
                let is_known = extract == Shape::Tuple || structs.iter().any(|strukt| strukt.name == whole);
                (taken, part.name.span, is_known)
            }
            Origin::Included { node, include } => {
                let taken = node.calls.first().map_or("", String::as_str);
                let at = self.values.context.included[*include].local.span();
                if let Some(key) = taken.strip_prefix('[').and_then(|key| key.strip_suffix(']')) {
                    return (Taken::Key(key.to_owned()), at, true);
                }
                let field = taken.trim_start_matches('.');
                let taken = match field.parse() {
                    Ok(index) => Taken::Index(Literal::usize_unsuffixed(index)),
                    Err(_) => Taken::Field(text::ident_at(field, Span::call_site())),
                };
                (taken, at, true)
            }
            Origin::Input(_) | Origin::Function(_) => (Taken::Key(String::new()), node.name.span, true), // No part.
        }
    }

    /// Whether parts are taken out of the value itself.
    pub(super) fn is_emptied(&self, step: &Step) -> bool {
        !step.whole && step.parts.iter().any(|part| is_key(self.values.node(*part)))
    }

    /// A clone of what is needed as a part and as a whole.
    fn clone_of(&self, borrowed: &TokenStream, ty: &TokenStream, (whole, at): (usize, Span)) -> TokenStream {
        let (entry, name) = (self.values.entry, &self.values.node(whole).name.text);
        let message = format!(
            "entry `{entry}` needs the value of `{name}` as a whole and in parts, so it has to clone"
        );
        self.values.clones.borrow_mut().push(values::must_be_clone(&message, ty, (at, at)));
        quote!(__ms::given(#borrowed).cloned())
    }
}

/// How a part is taken from the whole.
enum Taken {
    Field(Ident),
    Index(Literal),
    Key(String),
}

/// Whether a part is found by its key, so that it may be missing.
pub(super) fn is_key(part: &Node<'_>) -> bool {
    match &part.origin {
        Origin::Part { function, .. } => {
            function.extract.as_ref().is_some_and(|extract| extract.shape == Shape::Map)
        }
        Origin::Included { node, .. } => node.calls.first().is_some_and(|taken| taken.starts_with('[')),
        Origin::Input(_) | Origin::Function(_) => false,
    }
}

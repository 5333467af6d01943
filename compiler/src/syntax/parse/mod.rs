//! From tokens to the [model](super::model): what the user wrote, and what is wrong with how it is written.
//!
//! The parser is a light one. It splits a module into items and reads the attributes and signatures of nodes, and
//! the fields of structs; the bodies of functions are passed on as they are, unread, so that a module of a
//! thousand functions is read fast and one that is being typed is read at all. It never fails: it gives a model
//! as complete as it can be, and the errors. What is wrong by Rust's own rules is left to rustc.

mod attributes;
mod binding;
mod block;
mod conditions;
mod docs;
mod duration;
mod entries;
mod extract;
mod fallback;
mod fields;
mod groups;
mod imports;
mod items;
mod modes;
mod node;
mod options;
mod output;
mod parameterize;
mod params;
mod rust;
mod settings;
mod signature;
mod special;
mod strip;
mod tags;
mod tokens;
mod types;

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use self::attributes::{Arguments, Attribute, Place};
use self::fields::Role;
use self::items::{Item, Kind};
use self::node::Around;
use self::tokens::{Tokens, is_group};
use super::diagnostics::Errors;
use super::model::{Function, Module};
use super::text::name_of;

/// Parses the module under `#[dataflow(options)]`.
///
/// `None` only where it is no inline module at all: the error is then in `errors`. In every other case the model is
/// as complete as it can be, and errors are in `errors`, each once.
pub fn module(options: TokenStream, item: TokenStream, errors: &mut Errors) -> Option<Module> {
    let options = options::dataflow(options, errors);
    let mut header = items::next(&mut Tokens::new(item));
    let (ident, body) = inline_module(&header, errors)?;

    let mut body = Tokens::new(body.stream());
    let (inner, inner_attributes) = attributes::inner(&mut body);
    let doc = docs::doc(header.attributes.iter().chain(&inner_attributes));
    module_attributes(&mut header, errors);
    let Item { attributes, visibility, .. } = header;
    let mut module = Module {
        attributes: attributes.into_iter().flat_map(ToTokens::into_token_stream).collect(),
        visibility,
        ident,
        options,
        doc,
        items: if inner.is_empty() { Vec::new() } else { vec![inner] },
        functions: Vec::new(),
        inputs: None,
        config: None,
        includes: Vec::new(),
        includes_unknown: false,
        helpers: Vec::new(),
        structs: Vec::new(),
        taken: Vec::new(),
        constants: Vec::new(),
    };
    let items = items::split(body);
    module.structs = items.iter().filter_map(fields::known).collect();
    for item in items {
        imports::taken(&item, &mut module.taken);
        module.constants.extend(imports::constant(&item));
        add(item, &mut module, errors);
    }
    Some(module)
}

/// Parses a free function with `#[node(options)]` and other attributes of ours below it, no dataflow around it.
///
/// Gives the function, and the item without our attributes.
pub fn free_function(
    options: TokenStream,
    item: TokenStream,
    errors: &mut Errors,
) -> (Option<Function>, TokenStream) {
    let mut tokens = Tokens::new(item);
    let item = items::next(&mut tokens);
    if let Some(receiver) = params::receiver_of(&item) {
        errors.at(
            &receiver,
            "`#[node]` has no meaning on a method; put it on a function, which takes what it needs as parameters",
        );
        let mut item = item.into_token_stream();
        item.extend(tokens);
        return (None, without_attributes_of("node", item));
    }
    if matches!(item.kind, Kind::Function { .. }) {
        let (function, mut item) = node::read(item, Around { structs: &[], free: Some(options) }, errors);
        item.extend(tokens);
        return (function, item);
    }
    // What does not parse is left to rustc.
    if item.kind != Kind::Broken {
        let place: TokenStream = item.tokens.iter().take(1).cloned().collect();
        errors.at(
            &place,
            format!("`#[node]` has no meaning on {}; it belongs on a function", item.kind.what()),
        );
    }
    let mut item = item.into_token_stream();
    item.extend(tokens);
    (None, without_our_attributes(item))
}

/// The tokens with our attributes taken out: of items, of the parameters of functions and the fields of our
/// structs, and so in modules within modules; not in bodies.
///
/// The fallback where nothing else can be done.
#[must_use]
pub fn without_our_attributes(item: TokenStream) -> TokenStream {
    strip::all(item)
}

/// The same, of an item whose attribute `attribute` is ours and gone already: it says whose the others are.
#[must_use]
pub fn without_attributes_of(attribute: &str, item: TokenStream) -> TokenStream {
    strip::all_below(attribute, item)
}

/// The name and the braces of an inline module.
fn inline_module(header: &Item, errors: &mut Errors) -> Option<(Ident, Group)> {
    let place: TokenStream = header.tokens.iter().take(1).cloned().collect();
    let Kind::Named { what: "module", name } = header.kind else {
        match header.kind {
            Kind::Function { .. } => errors.at(
                &place,
                "`#[dataflow]` has no meaning on a function; put it on the module around it, or write `#[node]`",
            ),
            kind => errors.at(
                &place,
                format!("`#[dataflow]` has no meaning on {}; it belongs on a module: `#[dataflow] mod name {{ .. }}`", kind.what()),
            ),
        }
        return None;
    };
    match (header.tokens.get(name), header.tokens.last()) {
        (Some(TokenTree::Ident(ident)), Some(TokenTree::Group(body))) => Some((ident.clone(), body.clone())),
        (Some(TokenTree::Ident(ident)), _) => {
            errors.at(
                ident,
                format!("a `#[dataflow]` module needs its body here; write `#[dataflow] mod {ident} {{ .. }}` in the file, and `mod` of the file without the attribute"),
            );
            None
        }
        _ => None, // A module has a name, or it would not be one.
    }
}

/// Attributes of ours on the module itself.
fn module_attributes(header: &mut Item, errors: &mut Errors) {
    attributes::refuse_on("a module", &mut header.attributes, errors);
    header.attributes.retain(|attribute| {
        let again = attribute.name == "dataflow";
        if again {
            errors.at(attribute, "`#[dataflow]` stands twice; keep one");
        }
        !again
    });
}

/// Adds one item to the module.
fn add(mut item: Item, module: &mut Module, errors: &mut Errors) {
    if node::is_node(&item) {
        add_node(item, module, errors);
    } else if fields::is_ours(&item) {
        add_fields(item, module, errors);
    } else if item.kind == Kind::Broken {
        // Rustc says what is wrong with it, if it knows no better than we do.
        module.items.push(without_our_attributes(item.into_token_stream()));
    } else {
        if matches!(item.kind, Kind::Other("an `impl`") | Kind::Named { what: "trait", .. }) {
            refuse_methods(&mut item, errors);
        }
        if item.kind == Kind::Use {
            add_include(&mut item, module, errors);
        }
        if let Kind::Function { keyword, .. } = item.kind
            && let Some(TokenTree::Ident(name)) = item.tokens.get(keyword + 1)
        {
            module.helpers.push(name_of(name));
        }
        attributes::refuse_on(item.kind.what(), &mut item.attributes, errors);
        module.items.push(item.into_token_stream());
    }
}

fn add_node(item: Item, module: &mut Module, errors: &mut Errors) {
    let by_cfg = item.attributes.iter().any(Attribute::is_cfg);
    let around = Around { structs: &module.structs, free: None };
    let (function, item) = node::read(item, around, errors);
    module.items.push(item);
    // The `#[cfg]` is reported. There may be alternatives, of which the first stands for all.
    let again = |function: &Function| {
        by_cfg && module.functions.iter().any(|other| other.name.text == function.name.text)
    };
    let function = function.filter(|function| !again(function));
    module.functions.extend(function);
}

/// Takes our attributes off methods, where they have no meaning.
fn refuse_methods(item: &mut Item, errors: &mut Errors) {
    let Some(TokenTree::Group(body)) = item.tokens.last() else { return };
    let stripped = attributes::without(body.stream(), |attribute| {
        let ours = attribute.place() == Some(Place::Function);
        if ours {
            let name = &attribute.name;
            errors.at(
                attribute,
                format!("`#[{name}]` has no meaning on a method; {}", Place::Function.advice(name)),
            );
        }
        ours
    });
    if let Some(stripped) = stripped {
        let body = body.clone();
        item.tokens.pop();
        item.tokens.push(tokens::regroup(&body, stripped));
    }
}

fn add_fields(mut item: Item, module: &mut Module, errors: &mut Errors) {
    let Some(role) = fields::role(&mut item, errors) else {
        module.items.push(item.into_token_stream());
        return; // Not reached: only called for structs with a role.
    };
    let place = item.tokens.iter().find(|token| !is_group(token, Delimiter::Brace)).cloned();
    let name = item.tokens.get(1).cloned();
    let (fields, slot) = match (fields::read(item, role, errors), role) {
        (Ok(fields), Role::Inputs) => (fields, &mut module.inputs),
        (Ok(fields), Role::Config) => (fields, &mut module.config),
        (Err(item), _) => {
            module.includes_unknown = true;
            module.items.push(item);
            return;
        }
    };
    if let Some(first) = slot {
        let role = role.name();
        errors.at(
            &name.or(place),
            format!("`{}` is `#[{role}]` already; put all fields into one struct", first.ident),
        );
        module.includes_unknown = true;
        module.items.push(fields.item);
    } else {
        *slot = Some(fields);
    }
}

/// Takes `#[include]` off a `use`.
fn add_include(item: &mut Item, module: &mut Module, errors: &mut Errors) {
    attributes::correct(&mut item.attributes, Place::Use, errors);
    let mut found = false;
    item.attributes.retain(|attribute| {
        if attribute.place() != Some(Place::Use) {
            return true;
        }
        if found {
            errors.at(attribute, "`#[include]` stands twice; keep one");
        } else if !matches!(attribute.arguments, Arguments::None) {
            errors.at(attribute, "`#[include]` takes no arguments; write `#[include]`");
        }
        found = true;
        false
    });
    if found {
        for attribute in item.attributes.iter().filter(|attribute| attribute.is_cfg()) {
            errors.at(
                attribute,
                format!("`#[{}]` on an included dataflow is not possible: the graph is checked before `cfg` is decided; put it on the whole `#[dataflow]` module", attribute.name),
            );
        }
        let (includes, complete) = imports::include(item, errors);
        if !complete {
            // What is left of it may be used by nobody, which is no second mistake.
            item.attributes.extend(attributes::outer(&mut Tokens::new(quote!(#[allow(unused_imports)]))));
        }
        module.includes_unknown |= !complete;
        module.includes.extend(includes);
    }
}

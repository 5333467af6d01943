//! A function marked with `#[node]`: its attributes, put together.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use super::attributes::{self, Arguments, Attribute, Place};
use super::items::{Item, Kind};
use super::options::{self, NodeOptions};
use super::parameterize::{self, Owner};
use super::signature::Signature;
use super::tokens::{Tokens, regroup};
use super::{conditions, docs, extract, fallback, groups, output, params, strip, tags};
use crate::graph::take_each_apart;
use crate::syntax::diagnostics::Errors;
use crate::syntax::model::{Condition, Extract, Function, Instance, Mode, Name, Output, Param, Struct, Tag};
use crate::syntax::text::name_of;

/// Where the function stands.
pub(super) struct Around<'a> {
    /// The structs of its module.
    pub(super) structs: &'a [Struct],
    /// What stands in the `#[node(..)]` of a free function, which is no attribute any more.
    pub(super) free: Option<TokenStream>,
}

/// Whether the item is a function that is meant to be a node.
pub(super) fn is_node(item: &Item) -> bool {
    matches!(item.kind, Kind::Function { .. }) && item.attributes.iter().any(Attribute::marks_node)
}

/// Reads the function. The item comes back without our attributes.
pub(super) fn read(
    mut item: Item,
    around: Around<'_>,
    errors: &mut Errors,
) -> (Option<Function>, TokenStream) {
    let Kind::Function { keyword, params, .. } = item.kind else {
        return (None, item.into_token_stream()); // Not called for other items.
    };
    let Some(TokenTree::Ident(ident)) = item.tokens.get(keyword + 1).cloned() else {
        return (None, item.into_token_stream()); // A function has a name, or it would not be one.
    };
    attributes::correct(&mut item.attributes, Place::Function, errors);
    let function = function(&item, &ident, params, around, errors);
    let restored = restored(item, &ident, params);
    // The descriptor of a private node, which the user has never written.
    let takes_metadata = function.iter().flat_map(|function| &function.params);
    let lint = takes_metadata
        .filter(|param| matches!(param.mode, Mode::Metadata))
        .map(|_| quote!(#[allow(private_interfaces)]))
        .next();
    (function, quote!(#lint #restored))
}

fn function(
    item: &Item,
    ident: &Ident,
    params_at: usize,
    around: Around<'_>,
    errors: &mut Errors,
) -> Option<Function> {
    let free = around.free.is_some();
    let before = errors.count();
    let options = node_options(item, ident, around.free, errors);
    let name = options.name.unwrap_or_else(|| node_name(ident));
    let signature = Signature::of(item.kind, &item.tokens)?;
    let Some(TokenTree::Group(params_group)) = item.tokens.get(params_at) else {
        return None; // A function has parameters, or it would not be one.
    };
    signature.refuse(&name.text, params::are_variadic(params_group), errors);
    if signature.is_without_body {
        errors.leave_to_rustc();
    }
    let mut params = params::read(&name.text, params_group, errors);
    let output = output::read(&name.text, signature.output, options.fallible, ident.span(), errors);
    let marks = marks(item, free, &name.text, errors);

    let mut injected = BTreeSet::new();
    for attribute in &marks.inject {
        parameterize::inject(attribute, &name.text, &mut params, &mut injected, errors);
    }
    let doc = docs::doc(&item.attributes);
    let mut parameterized = marks.instances(&name, &doc, &params, errors);
    groups::check(&mut params, parameterized.as_deref_mut(), errors);

    let extract = marks.extract(&name.text, &output, around.structs, parameterized.as_deref(), errors);
    let fallback =
        marks.fallback.and_then(|attribute| fallback::read(attribute, &name.text, &output, errors));
    Some(Function {
        fallback,
        retries: options.retries,
        timeout: options.timeout,
        unclear: errors.count() > before,
        is_async: signature.is_async,
        ident: ident.clone(),
        name,
        visibility: item.visibility.clone(),
        doc,
        version: options.version,
        overrides: options.overrides,
        params,
        output,
        tags: marks.tags,
        tag_outputs: marks.tag_outputs,
        conditions: marks.conditions,
        parameterized,
        extract,
    })
}

/// The options of all `#[node]`s: more than one is reported, and so is none.
fn node_options(item: &Item, ident: &Ident, free: Option<TokenStream>, errors: &mut Errors) -> NodeOptions {
    let mut found = free.map(|tokens| options::node(tokens, errors));
    for attribute in item.attributes.iter().filter(|attribute| attribute.name == "node") {
        if found.is_some() {
            errors.at(attribute, format!("`#[node]` stands twice on `{ident}`; keep one"));
            continue;
        }
        let tokens = match &attribute.arguments {
            Arguments::None => TokenStream::new(),
            Arguments::List(group) => group.stream(),
            Arguments::Value(_) | Arguments::Other => {
                errors.at(
                    attribute,
                    "`#[node]` takes its options in parentheses; write `#[node(version = 2)]`",
                );
                TokenStream::new()
            }
        };
        found = Some(options::node(tokens, errors));
    }
    found.unwrap_or_else(|| {
        // Said once, at the first attribute. The function is read as the node it was meant to be.
        let first = item.attributes.iter().find(|attribute| attribute.place() == Some(Place::Function));
        if let Some(attribute) = first {
            let name = &attribute.name;
            errors.at(
                attribute,
                format!(
                    "`#[{name}]` has no meaning on a function that is no node; put `#[node]` on `{ident}`"
                ),
            );
        }
        NodeOptions::default()
    })
}

/// The function's name without what follows the first `__`; a leading one does not count.
fn node_name(ident: &Ident) -> Name {
    let mut name = name_of(ident);
    if let Some(end) = suffix(&name.text) {
        name.text.truncate(end);
    }
    name
}

/// Where the suffix of a variant begins.
fn suffix(name: &str) -> Option<usize> {
    let leading = name.len() - name.trim_start_matches('_').len();
    name[leading..].find("__").map(|at| leading + at)
}

/// What the attributes below `#[node]` say, each read on its own.
#[derive(Default)]
struct Marks<'a> {
    tags: Vec<Tag>,
    tag_outputs: Vec<(Name, Vec<Tag>)>,
    conditions: Vec<Condition>,
    inject: Vec<&'a Attribute>,
    parameterize: Vec<&'a Attribute>,
    extract: Option<&'a Attribute>,
    fallback: Option<&'a Attribute>,
}

fn marks<'a>(item: &'a Item, free: bool, node: &str, errors: &mut Errors) -> Marks<'a> {
    let mut marks = Marks::default();
    for attribute in &item.attributes {
        let name = attribute.name.as_str();
        match name {
            "node" => {} // Read by `node_options`.
            "tag" => tags::tag(attribute, &mut marks.tags, errors),
            "tag_outputs" => tags::tag_outputs(attribute, &mut marks.tag_outputs, errors),
            "when" | "when_not" if free => errors.at(
                attribute,
                format!("`#[{name}]` chooses by the config of a `#[dataflow]` module, and `{node}` stands in none; move it into one"),
            ),
            "when" | "when_not" => conditions::read(attribute, &mut marks.conditions, errors),
            "inject" => marks.inject.push(attribute),
            "parameterize" | "parameterize_sources" | "parameterize_values" => {
                marks.parameterize.push(attribute);
            }
            "extract_fields" | "unpack_fields" => match marks.extract {
                None => marks.extract = Some(attribute),
                Some(first) if first.name == name => {
                    errors.at(attribute, format!("`#[{name}]` stands twice on node `{node}`; put all names into one"));
                }
                Some(first) => errors.at(
                    attribute,
                    format!("node `{node}` has `#[{}]` already; keep one of the two", first.name),
                ),
            },
            "fallback" if marks.fallback.is_some() => {
                errors.at(attribute, format!("`#[fallback]` stands twice on node `{node}`; keep one"));
            }
            "fallback" => marks.fallback = Some(attribute),
            _ => foreign(node, attribute, errors),
        }
    }
    marks
}

/// Attributes that have no place on a node.
fn foreign(node: &str, attribute: &Attribute, errors: &mut Errors) {
    let name = &attribute.name;
    if attribute.is_cfg() {
        errors.at(
            attribute,
            format!(
                "`#[{name}]` on a node is not possible: the graph is checked before `cfg` is decided; put it on the whole `#[dataflow]` module, use `cfg!(..)` in the body, or make it a variant with `#[when(..)]`"
            ),
        );
    } else if let Some(place) = attribute.place() {
        errors.at(attribute, format!("`#[{name}]` has no meaning on node `{node}`; {}", place.advice(name)));
    } else if let Some(advice) = attribute.not_yet() {
        errors.at(attribute, format!("`#[{name}]` is not supported yet; {advice}"));
    }
}

impl Marks<'_> {
    /// The nodes of `#[parameterize]` and its relatives.
    fn instances(
        &self,
        name: &Name,
        doc: &str,
        params: &[Param],
        errors: &mut Errors,
    ) -> Option<Vec<Instance>> {
        let owner = Owner { name: &name.text, doc, params };
        let mut instances = Vec::new();
        for attribute in &self.parameterize {
            parameterize::read(attribute, &owner, &mut instances, errors);
        }
        (!self.parameterize.is_empty()).then_some(instances)
    }

    fn extract(
        &self,
        node: &str,
        output: &Output,
        structs: &[Struct],
        parameterized: Option<&[Instance]>,
        errors: &mut Errors,
    ) -> Option<Extract> {
        let attribute = self.extract?;
        let name = &attribute.name;
        if output.expands {
            errors.at(attribute, take_each_apart(&format!("#[{name}]"), node));
            // The parts are there all the same: others may need them. What else is wrong with them may follow from this.
            let mut aside = Errors::default();
            let parts = extract::read(attribute, node, output, structs, &mut aside);
            drop(aside.into_tokens());
            return parts;
        }
        if parameterized.is_some_and(|instances| instances.len() > 1) {
            errors.at(
                attribute,
                format!("`#[{name}]` has no meaning with `#[parameterize]` of several nodes: their parts would have one name; write a function for each"),
            );
        } else if !self.conditions.is_empty() {
            errors.at(
                attribute,
                format!("`#[{name}]` with `#[when]` is not supported yet; choose the value in one node, and take it apart in another"),
            );
        }
        extract::read(attribute, node, output, structs, errors)
    }
}

/// The user's function again, without our attributes; and without rustc's lint about the `__` of a variant.
fn restored(mut item: Item, ident: &Ident, params: usize) -> TokenStream {
    item.attributes.retain(|attribute| !attribute.is_ours() && !attribute.is_ours_by_cfg());
    strip::parameters(&mut item, params);
    without_refused(&mut item, params);
    let body = match item.kind {
        // The body is not typed yet. Rustc has said so, and need not stumble over what follows.
        Kind::Function { end, .. } if end == item.tokens.len() => Some(quote!({ ::core::unreachable!() })),
        _ => None,
    };
    let lint = suffix(&name_of(ident).text).map(|_| quote!(#[allow(non_snake_case)]));
    let unused = body.as_ref().map(|_| quote!(#[allow(unused)]));
    let item = item.into_token_stream();
    quote!(#lint #unused #item #body)
}

/// Takes away parameters that a free function cannot have, and the body, which may use them.
fn without_refused(item: &mut Item, params: usize) {
    let Some(TokenTree::Group(group)) = item.tokens.get(params) else { return };
    let Some(kept) = params::without_refused(group) else { return };
    let kept = kept.into_iter().map(|tokens| tokens.into_iter().collect::<TokenStream>());
    item.tokens[params] = regroup(group, quote!(#(#kept),*));
    if let Some(TokenTree::Group(body)) = item.tokens.last().cloned()
        && matches!(item.kind, Kind::Function { end, .. } if end + 1 == item.tokens.len())
    {
        item.tokens.pop();
        item.tokens.push(regroup(&body, quote!(::core::unreachable!())));
        item.attributes.extend(attributes::outer(&mut Tokens::new(quote!(#[allow(unused)]))));
    }
}

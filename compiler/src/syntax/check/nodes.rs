//! The nodes a module makes: one list, whatever attribute they come from.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use proc_macro2::{Span, TokenStream};

use crate::graph::{Need, Take, What, did_you_mean};
use crate::syntax::diagnostics::Errors;
use crate::syntax::include::{Included, IncludedNode};
use crate::syntax::model::{Bind, Fallback, Field, Function, Mode, Module, Name, Param, Part, Tag};

/// A node or input of a dataflow.
#[derive(Debug)]
pub struct Node<'m> {
    /// Its name, where it is written.
    pub name: Name,
    /// Its doc comment.
    pub doc: String,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// Whether it says that it stands in another's place.
    pub overrides: bool,
    /// What it comes from.
    pub origin: Origin<'m>,
}

/// What a node comes from.
#[derive(Debug)]
pub enum Origin<'m> {
    /// A field of `#[inputs]`.
    Input(&'m Field),
    /// A function, or several that are variants of each other.
    Function(Vec<Variant<'m>>),
    /// A part of the value of another node.
    Part {
        /// That node.
        of: String,
        /// The function it belongs to.
        function: &'m Function,
        /// Which part.
        part: &'m Part,
    },
    /// An included dataflow.
    Included {
        /// Which of the includes.
        include: usize,
        /// What it says about the node.
        node: &'m IncludedNode,
    },
}

/// A function as one way to compute a node.
#[derive(Clone, Copy, Debug)]
pub struct Variant<'m> {
    /// The function.
    pub function: &'m Function,
    /// Its parameters, as this node binds them.
    params: &'m [Param],
}

/// Who may name a node from outside its module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Visible {
    /// Its module, and at most the modules around it.
    Private,
    /// Its crate.
    Crate,
    /// Everyone.
    Public,
}

/// What [`collect`] finds.
#[derive(Debug)]
pub(super) struct Collected<'m> {
    /// Inputs, included nodes, own nodes, each in their order; names may be there twice.
    pub(super) nodes: Vec<Node<'m>>,
    /// Included inputs that something else answers for: (which include, its index there, the node).
    pub(super) replaced: Vec<(usize, u32, usize)>,
}

impl<'m> Node<'m> {
    /// The type of its value as written in this module, if it is.
    #[must_use]
    pub fn value(&self) -> Option<&'m TokenStream> {
        match &self.origin {
            Origin::Input(field) => Some(&field.ty),
            Origin::Function(variants) => variants.first()?.function.output.value.as_ref(),
            Origin::Part { part, .. } => Some(&part.ty),
            Origin::Included { .. } => None,
        }
    }

    /// The visibility of its descriptor.
    #[must_use]
    pub fn visibility(&self) -> TokenStream {
        match &self.origin {
            Origin::Input(field) => field.visibility.clone(),
            Origin::Function(variants) => {
                variants.first().map(|variant| variant.function.visibility.clone()).unwrap_or_default()
            }
            Origin::Part { function, .. } => function.visibility.clone(),
            Origin::Included { .. } => TokenStream::new(),
        }
    }

    /// Who may name it from outside.
    #[must_use]
    pub fn visible(&self) -> Visible {
        if let Origin::Included { node, .. } = &self.origin {
            return node.visible;
        }
        match self.visibility().to_string().replace(' ', "").as_str() {
            "pub" => Visible::Public,
            "pub(crate)" | "pub(incrate)" => Visible::Crate,
            _ => Visible::Private,
        }
    }

    /// Whether this module can name its descriptor.
    #[must_use]
    pub fn visible_here(&self) -> bool {
        !matches!(self.origin, Origin::Included { .. }) || self.visible() != Visible::Private
    }

    /// `node` or `input`, for messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.origin {
            Origin::Input(_) => "input",
            Origin::Included { node, .. } if node.is_input() => "input",
            _ => "node",
        }
    }

    /// Whether it opens a dynamic block: what others take of it is an item.
    #[must_use]
    pub fn expands(&self) -> bool {
        match &self.origin {
            Origin::Function(variants) => variants.iter().any(|variant| variant.function.output.expands),
            Origin::Included { node, .. } => node.expands,
            Origin::Input(_) | Origin::Part { .. } => false,
        }
    }

    /// Whether one of its variants is async.
    #[must_use]
    pub fn is_async(&self) -> bool {
        match &self.origin {
            Origin::Function(variants) => variants.iter().any(|variant| variant.function.is_async),
            Origin::Included { node, .. } => node.is_async,
            Origin::Input(_) | Origin::Part { .. } => false,
        }
    }

    /// Whether one of its variants has a time limit and does not await.
    #[must_use]
    pub fn is_limited(&self) -> bool {
        let Origin::Function(variants) = &self.origin else { return false };
        let is_limited = |function: &Function| function.timeout.is_some() && !function.is_async;
        variants.iter().any(|variant| is_limited(variant.function))
    }

    /// The name of the node that stands in for it where it fails, and the place of that name in this module.
    #[must_use]
    pub fn fallback(&self) -> Option<(String, Option<Span>)> {
        match &self.origin {
            Origin::Function(variants) => {
                variants.iter().find_map(|variant| match &variant.function.fallback {
                    Some(Fallback::Node(name)) => Some((name.text.clone(), Some(name.span))),
                    _ => None,
                })
            }
            Origin::Included { node, .. } => node.fallback.clone().map(|name| (name, None)),
            Origin::Input(_) | Origin::Part { .. } => None,
        }
    }

    /// For each variant and each of its [feeds](super::Checked::feeds) what is taken of it.
    #[must_use]
    pub fn takes(&self) -> Vec<Vec<Take>> {
        match &self.origin {
            Origin::Function(variants) => {
                variants.iter().map(|variant| variant.params().map(take).collect()).collect()
            }
            Origin::Included { node, .. } => {
                node.variants.iter().map(|slots| slots.iter().map(|slot| slot.take).collect()).collect()
            }
            Origin::Input(_) | Origin::Part { .. } => Vec::new(),
        }
    }

    /// The node whose value it is a part of.
    #[must_use]
    pub fn part_of(&self) -> Option<&str> {
        match &self.origin {
            Origin::Part { of, .. } => Some(of),
            Origin::Included { node, .. } => node.part_of(),
            Origin::Input(_) | Origin::Function(_) => None,
        }
    }

    /// The place of its type: where a wrong type is to be seen.
    #[must_use]
    pub fn type_span(&self) -> Span {
        match &self.origin {
            Origin::Function(variants) => {
                variants.first().map_or(self.name.span, |variant| variant.function.output.span)
            }
            Origin::Input(Field { ty, .. }) | Origin::Part { part: Part { ty, .. }, .. } => {
                ty.clone().into_iter().next().map_or(self.name.span, |token| token.span())
            }
            Origin::Included { .. } => self.name.span,
        }
    }
}

impl<'m> Variant<'m> {
    /// Its parameters, as this node binds them.
    pub fn params(&self) -> impl Iterator<Item = &'m Param> + use<'m> {
        self.params.iter()
    }
}

/// What a parameter needs of the graph; `None` where a constant or the run feeds it.
pub(super) fn need(param: &Param) -> Option<Need> {
    let optional =
        param.default.is_some() || matches!(param.mode, Mode::OptionBorrow(_) | Mode::OptionOwn(_));
    let what = match &param.bind {
        Bind::Value(_) | Bind::Run => return None,
        Bind::Name(name) => What::Name(name.text.clone()),
        Bind::Group(names, _) => What::Group(names.iter().map(|name| name.text.clone()).collect()),
        Bind::GroupTag { key, value, .. } => What::Tag(key.clone(), value.clone()),
    };
    Some(Need { what, optional, take: take(param) })
}

/// What a parameter takes of what feeds it.
fn take(param: &Param) -> Take {
    match param.mode {
        Mode::Collect { .. } => Take::Collected,
        Mode::Tolerant(_) => Take::Tolerated,
        Mode::Metadata => Take::Metadata,
        _ => Take::Value,
    }
}

/// Lists the nodes of a module and of what it includes.
pub(super) fn collect<'m>(
    module: &'m Module,
    included: &'m [Included],
    errors: &mut Errors,
) -> Collected<'m> {
    let mut nodes: Vec<Node<'m>> = Vec::new();
    for field in module.inputs.iter().flat_map(|inputs| &inputs.fields) {
        nodes.push(Node {
            name: field.name.clone(),
            doc: field.doc.clone(),
            tags: Vec::new(),
            overrides: false,
            origin: Origin::Input(field),
        });
    }
    let mut own = Vec::new();
    for function in &module.functions {
        of_function(function, &mut own, errors);
    }
    let replaced = include(included, &own, &mut nodes, errors);
    let shift = nodes.len();
    nodes.extend(own);
    let replaced =
        replaced.into_iter().map(|(include, index, by)| (include, index, by.resolve(shift))).collect();
    Collected { nodes, replaced }
}

/// A node to come: already in the list, or among the module's own, which follow.
enum Answer {
    Listed(usize),
    Own(usize),
}

impl Answer {
    fn resolve(self, shift: usize) -> usize {
        match self {
            Self::Listed(index) => index,
            Self::Own(index) => shift + index,
        }
    }
}

/// Lists included nodes. An included input gives way to anything else of its name, and a node that has come in
/// before, by another way, is not taken in again.
fn include<'m>(
    included: &'m [Included],
    own: &[Node<'m>],
    nodes: &mut Vec<Node<'m>>,
    errors: &mut Errors,
) -> Vec<(usize, u32, Answer)> {
    let mut replaced = Vec::new();
    let mut defined: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    // First the computed nodes, so that inputs can look for them.
    for (include, flow) in included.iter().enumerate() {
        for node in flow.nodes.iter().filter(|node| !node.is_input()) {
            match defined.entry((&node.id, &node.name.text)) {
                Entry::Occupied(known) => replaced.push((include, node.index, Answer::Listed(*known.get()))),
                Entry::Vacant(new) => {
                    new.insert(nodes.len());
                    nodes.push(of_include(include, node));
                }
            }
        }
    }
    let own: BTreeMap<&str, usize> = first_of_each_name(own.iter().map(|node| node.name.text.as_str()));
    let names: Vec<String> = nodes.iter().map(|node| node.name.text.clone()).collect();
    let mut listed: BTreeMap<&str, usize> = first_of_each_name(names.iter().map(String::as_str));
    for (include, flow) in included.iter().enumerate() {
        for node in flow.nodes.iter().filter(|node| node.is_input()) {
            let name = node.name.text.as_str();
            match (listed.get(name), own.get(name)) {
                (Some(listed), _) => {
                    let (include, index) = one_input(&mut nodes[*listed], include, node, included, errors);
                    replaced.push((include, index, Answer::Listed(*listed)));
                }
                (None, Some(own)) => replaced.push((include, node.index, Answer::Own(*own))),
                (None, None) => {
                    listed.insert(name, nodes.len());
                    nodes.push(of_include(include, node));
                }
            }
        }
    }
    replaced
}

/// Of two included inputs of one name the one with a default is kept, whichever comes first; two different defaults are
/// an error. The result is the one that gives way: which include, and its index there.
fn one_input<'m>(
    known: &mut Node<'m>,
    include: usize,
    node: &'m IncludedNode,
    included: &[Included],
    errors: &mut Errors,
) -> (usize, u32) {
    let Origin::Included { include: first, node: listed } = known.origin else {
        return (include, node.index);
    };
    if !listed.is_input() || node.default().is_empty() || listed.default() == node.default() {
        return (include, node.index);
    }
    if listed.default().is_empty() {
        *known = of_include(include, node);
        return (first, listed.index);
    }
    let (name, local, other) = (&node.name.text, &included[include].local, &included[first].local);
    errors.at_span(
        local.span(),
        format!(
            "`{other}` and `{local}`, which are included, have different defaults for the input `{name}`: `{}` and `{}`; declare it in the inputs here",
            listed.default(),
            node.default()
        ),
    );
    (include, node.index)
}

fn first_of_each_name<'a>(names: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut first = BTreeMap::new();
    for (index, name) in names.enumerate() {
        first.entry(name).or_insert(index);
    }
    first
}

fn of_include(include: usize, node: &IncludedNode) -> Node<'_> {
    Node {
        name: node.name.clone(),
        doc: node.doc.clone(),
        tags: node.tags.clone(),
        overrides: false,
        origin: Origin::Included { include, node },
    }
}

/// The nodes that one function makes: itself, or one for each instance, and the parts.
fn of_function<'m>(function: &'m Function, nodes: &mut Vec<Node<'m>>, errors: &mut Errors) {
    let first = nodes.len();
    match &function.parameterized {
        Some(instances) => {
            for instance in instances {
                let variant = Variant { function, params: &instance.params };
                add_variant(nodes, instance.name.clone(), instance.doc.clone(), variant);
            }
        }
        None => {
            let variant = Variant { function, params: &function.params };
            add_variant(nodes, function.name.clone(), function.doc.clone(), variant);
        }
    }
    if let Some(extract) = &function.extract {
        let of = function.parameterized.as_ref().and_then(|instances| instances.first());
        let of = of.map_or(&function.name, |instance| &instance.name);
        for part in &extract.parts {
            nodes.push(Node {
                name: part.name.clone(),
                doc: part.doc.clone(),
                // As in Hamilton, tags belong to what comes out last: the parts, where there are any.
                tags: function.tags.clone(),
                overrides: function.overrides,
                origin: Origin::Part { of: of.text.clone(), function, part },
            });
        }
    }
    tag_outputs(function, &mut nodes[first..], errors);
}

/// A function with a condition joins the node of its name; any other makes a node of its own.
fn add_variant<'m>(nodes: &mut Vec<Node<'m>>, name: Name, doc: String, variant: Variant<'m>) {
    let function = variant.function;
    let tags = if function.extract.is_some() { Vec::new() } else { function.tags.clone() };
    if !function.conditions.is_empty() {
        let sibling = nodes.iter_mut().find(|node| node.name.text == name.text);
        if let Some(Node { origin: Origin::Function(variants), doc: known, tags: known_tags, .. }) = sibling
            && variants.iter().all(|other| !other.function.conditions.is_empty())
        {
            variants.push(variant);
            if known.is_empty() {
                *known = doc;
            }
            known_tags.extend(tags.into_iter().filter(|tag| !known_tags.contains(tag)).collect::<Vec<_>>());
            return;
        }
    }
    let origin = Origin::Function(vec![variant]);
    nodes.push(Node { name, doc, tags, overrides: function.overrides, origin });
}

/// `#[tag_outputs]`: tags for some of the nodes of a function, by name.
fn tag_outputs(function: &Function, nodes: &mut [Node<'_>], errors: &mut Errors) {
    for (target, tags) in &function.tag_outputs {
        let names: Vec<String> = nodes.iter().map(|node| node.name.text.clone()).collect();
        match nodes.iter_mut().find(|node| node.name.text == target.text) {
            Some(node) => {
                node.tags.retain(|tag| tags.iter().all(|other| other.key != tag.key));
                node.tags.extend(tags.iter().cloned());
            }
            None => errors.at_span(
                target.span,
                format!(
                    "`{}` makes no node `{}`; {}",
                    function.ident,
                    target.text,
                    did_you_mean(
                        &target.text,
                        names.iter().map(String::as_str),
                        &format!("it makes `{}`", names.join("`, `"))
                    )
                ),
            ),
        }
    }
}

//! A graph from nodes that know each other by name: checked by the rules, ordered, joined by index.

use std::collections::HashMap;

use millstream_compiler::graph::{Kind, Need, NodeSpec, Resolved, Take, What, check, type_mismatch};

use crate::descriptor::{NONE, Place};
use crate::value_type::ValueType;

use super::data::{
    FallbackData, FunctionData, GraphData, NodeData, ParamData, RoleData, SourceData, Split, Text,
    VariantData,
};
use super::hint::hint;

/// A node that has yet to be joined to others.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) node: NodeData,
    /// The node whose value it is a part of, and the position where it is known.
    pub(crate) part_of: Option<(Text, Option<u32>)>,
    pub(crate) overrides: bool,
}

/// What a graph is called.
pub(crate) struct Title {
    pub(crate) name: Text,
    pub(crate) doc: Text,
    pub(crate) place: Option<Place>,
}

/// Joins nodes to a graph.
///
/// # Errors
/// Everything that is wrong, in the words of the rules.
pub(crate) fn assemble(title: Title, drafts: Vec<Draft>) -> Result<GraphData, Vec<String>> {
    let specs: Vec<NodeSpec> = drafts.iter().map(spec).collect();
    let checked = check(&specs);
    let mut problems = types(&drafts, checked.as_ref().ok());
    match checked {
        Ok(resolved) if problems.is_empty() => {
            let nodes = join(drafts, &resolved, &mut problems);
            if problems.is_empty() {
                Ok(GraphData::new(title.name, title.doc, title.place, nodes))
            } else {
                Err(problems)
            }
        }
        Ok(_) => Err(problems),
        Err(found) => {
            problems.splice(0..0, found.iter().map(ToString::to_string));
            Err(problems)
        }
    }
}

fn spec(draft: &Draft) -> NodeSpec {
    let node = &draft.node;
    let mut needs = Vec::new();
    if let Some((of, _)) = &draft.part_of {
        needs.push(Need::name(of.to_string()));
    }
    if let RoleData::Function(function) = &node.role {
        let params = function.variants.iter().flat_map(|variant| &variant.params);
        needs.extend(params.filter_map(need));
    }
    NodeSpec {
        kind: if node.is_input() { Kind::Input } else { Kind::Node },
        overrides: draft.overrides,
        expands: node.expands,
        tags: node.tags.iter().map(|(key, values)| (key.to_string(), strings(values))).collect(),
        needs,
        fallback: fallback_of(node).map(ToString::to_string),
        limited: is_limited(node),
        ..NodeSpec::node(node.name.to_string())
    }
}

/// Whether the time of a node is limited that does not await.
fn is_limited(node: &NodeData) -> bool {
    let RoleData::Function(function) = &node.role else { return false };
    let needs_a_thread = |it: &VariantData| it.recovery.timeout.is_some() && !it.call.waits();
    function.variants.iter().any(needs_a_thread)
}

/// The name of what stands in for a node.
fn fallback_of(node: &NodeData) -> Option<&Text> {
    let RoleData::Function(function) = &node.role else { return None };
    function.variants.iter().find_map(|variant| match &variant.recovery.fallback {
        Some(FallbackData::Node { name, .. }) => Some(name),
        _ => None,
    })
}

fn need(param: &ParamData) -> Option<Need> {
    let what = match &param.source {
        SourceData::Value(_) | SourceData::Run | SourceData::Absent(_) => return None,
        SourceData::Name(name) => What::Name(name.to_string()),
        SourceData::Group(names) | SourceData::Tag { members: Some(names), .. } => {
            What::Group(strings(names))
        }
        SourceData::Tag { key, value, members: None } => {
            What::Tag(key.to_string(), value.as_ref().map(ToString::to_string))
        }
    };
    Some(Need { what, optional: param.optional, take: param.take })
}

fn strings(texts: &[Text]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

/// Parameters whose type is not what their provider yields. It is looked at also where other rules are broken,
/// as far as the names tell who provides.
fn types(drafts: &[Draft], resolved: Option<&Resolved>) -> Vec<String> {
    let mut by_name: HashMap<&str, Vec<&Draft>> = HashMap::new();
    for draft in drafts {
        by_name.entry(&draft.node.name).or_default().push(draft);
    }
    // Where two nodes have a name and neither overrides the other, that is reported already.
    let provider = |name: &str| match by_name.get(name)?.as_slice() {
        [one] => Some(&one.node),
        several => several.iter().find(|draft| draft.overrides).map(|draft| &draft.node),
    };
    let opener = |node: &NodeData| {
        let number = drafts.iter().position(|draft| std::ptr::eq(&raw const draft.node, node))?;
        let around = resolved?.scopes[number].last().copied();
        let opener = if node.expands { Some(number) } else { around };
        Some(&*drafts[opener?].node.name)
    };
    let mut problems = Vec::new();
    for draft in drafts {
        let RoleData::Function(function) = &draft.node.role else { continue };
        let node = &draft.node;
        if let Some(other) = fallback_of(node).and_then(|name| provider(name))
            && other.value.type_id() != node.value.type_id()
        {
            problems.push(format!(
                "node `{}` yields `{}`, but falls back on `{}`, which is `{}`; name a node of the same type",
                node.name,
                node.value.text(),
                other.name,
                other.value.text()
            ));
        }
        for param in function.variants.iter().flat_map(|variant| &variant.params) {
            let providers: Vec<&NodeData> = match &param.source {
                SourceData::Value(_) | SourceData::Run | SourceData::Absent(_) => Vec::new(),
                SourceData::Name(name) => provider(name).into_iter().collect(),
                SourceData::Group(names) | SourceData::Tag { members: Some(names), .. } => {
                    names.iter().filter_map(|name| provider(name)).collect()
                }
                SourceData::Tag { key, value, members: None } => {
                    drafts.iter().map(|d| &d.node).filter(|n| n.has_tag(key, value.as_deref())).collect()
                }
            };
            let collected =
                providers.iter().filter(|it| param.take == Take::Collected && opener(it).is_some());
            for unknown in collected.filter(|it| it.value.lists().is_none()) {
                let why = unknown.value.unknown_list();
                problems.push(format!("node `{}` collects `{}`, and {why}", node.name, unknown.name));
            }
            let Some(expects) = param.expects else { continue };
            for wrong in providers.into_iter().filter(|node| !fits(param, expects, node.value)) {
                let problem = type_mismatch(
                    &param.name,
                    &draft.node.name,
                    &param.text,
                    wrong.kind_word(),
                    &wrong.name,
                    &wrong.value.text(),
                );
                problems.push(match hint(expects, wrong, opener(wrong)) {
                    Some(hint) => format!("{problem}; {hint}"),
                    None => problem,
                });
            }
        }
    }
    problems
}

/// Whether a parameter takes values of a type. A closure that collects errors names the `Result` of that type.
fn fits(param: &ParamData, expects: &'static ValueType, value: &'static ValueType) -> bool {
    let id = |list: &ValueType| list.type_id();
    value.type_id() == expects.type_id()
        || param.collects_errors() && value.results().map(id) == expects.list().map(id)
}

/// Puts the nodes in order and gives each the indices of those it needs.
fn join(drafts: Vec<Draft>, resolved: &Resolved, problems: &mut Vec<String>) -> Vec<NodeData> {
    let mut new_index = vec![NONE; drafts.len()];
    for (new, old) in (0..).zip(&resolved.order) {
        new_index[*old] = new;
    }
    let mut slots: Vec<Option<(usize, Draft)>> = drafts.into_iter().enumerate().map(Some).collect();
    let mut nodes: Vec<NodeData> = Vec::with_capacity(resolved.order.len());
    for (new, old) in (0..).zip(&resolved.order) {
        let Some((declared, draft)) = slots[*old].take() else { continue };
        let mut node = draft.node;
        node.declared = u32::try_from(declared).unwrap_or(NONE);
        node.scope = resolved.scopes[*old].iter().map(|block| new_index[*block]).collect();
        let mut needs = resolved.needs[*old].iter();
        let mut next = || -> Vec<u32> {
            let found = needs.next().map_or(&[][..], Vec::as_slice);
            found.iter().map(|provider| provider.map_or(NONE, |old| new_index[old])).collect()
        };
        if let Some((of, position)) = draft.part_of {
            let whole = next().first().copied().unwrap_or(NONE);
            node.role = RoleData::Part { of: whole, position: 0 };
            match nodes.get_mut(whole as usize).map(|whole| &mut whole.role) {
                Some(RoleData::Function(function)) if function.split.is_some() => {
                    let position = add_part(function, new, position);
                    node.role = RoleData::Part { of: whole, position };
                }
                _ => problems.push(format!(
                    "node `{}` is a part of `{of}`, but `{of}` has no parts; remove it, or write a node of that name",
                    node.name
                )),
            }
        }
        if let RoleData::Function(function) = &mut node.role {
            join_variants(function, next);
            let fallback = resolved.fallbacks[*old].map_or(NONE, |old| new_index[old]);
            for variant in &mut function.variants {
                if let Some(FallbackData::Node { index, .. }) = &mut variant.recovery.fallback {
                    *index = fallback;
                }
            }
        }
        nodes.push(node);
    }
    nodes
}

fn add_part(function: &mut FunctionData, part: u32, position: Option<u32>) -> u32 {
    let free = |position: usize| function.parts.get(position).is_none_or(|part| *part == NONE);
    let position = match position {
        Some(position) if free(position as usize) => position as usize,
        _ => function.parts.len(),
    };
    if function.parts.len() <= position {
        function.parts.resize(position + 1, NONE);
    }
    function.parts[position] = part;
    u32::try_from(position).unwrap_or(NONE)
}

fn join_variants(function: &mut FunctionData, mut next: impl FnMut() -> Vec<u32>) {
    // Generated code names the part with each value; a closure knows positions alone.
    function.parts_by_name = matches!(function.split, Some(Split::Static(_)));
    function.parts.clear();
    for variant in &mut function.variants {
        variant.deps.clear();
        for param in &mut variant.params {
            let own = match &param.source {
                SourceData::Value(_) | SourceData::Run => continue,
                SourceData::Absent(_) => vec![NONE],
                _ => next(),
            };
            param.width = u32::try_from(own.len()).unwrap_or(NONE);
            variant.deps.extend(own);
        }
    }
}

impl GraphData {
    pub(crate) fn title(&self) -> Title {
        Title { name: self.name.clone(), doc: self.doc.clone(), place: self.place }
    }

    /// The nodes on their own again, in the order of declaration.
    pub(crate) fn drafts(&self) -> Vec<Draft> {
        let mut drafts: Vec<Draft> = self
            .nodes
            .iter()
            .map(|node| {
                let part_of = match &node.role {
                    RoleData::Part { of, position } => Some((self.node(*of).name.clone(), Some(*position))),
                    _ => None,
                };
                Draft { node: node.clone(), part_of, overrides: false }
            })
            .collect();
        drafts.sort_by_key(|draft| draft.node.declared);
        drafts
    }
}

//! How a graph is kept: nodes in topological order, edges as indices.

use std::any::TypeId;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::descriptor::{
    Binding, Fallback, InputDefault, NONE, NodeDescriptor, Place, Recovery, Role, Source, Takes, Variant,
};
use crate::driver::Named;
use crate::memory::{self, Parts, SharedCall, Split as Made, SplitFn};
use crate::value_type::ValueType;
use millstream_compiler::graph::Take;

pub(crate) type Text = Cow<'static, str>;

#[derive(Clone, Debug, Default)]
pub(crate) struct GraphData {
    pub(crate) name: Text,
    pub(crate) doc: Text,
    pub(crate) place: Option<Place>,
    /// In topological order: what a node needs stands before it.
    pub(crate) nodes: Vec<NodeData>,
    pub(crate) by_name: HashMap<Text, u32>,
    /// How deep in dynamic blocks its nodes are at most.
    pub(crate) deepest: usize,
}

#[derive(Clone, Debug)]
pub(crate) struct NodeData {
    pub(crate) name: Text,
    /// The type that stands for it, where a macro wrote it.
    pub(crate) id: Option<TypeId>,
    /// What the macro wrote.
    pub(crate) written: Option<&'static NodeDescriptor>,
    pub(crate) doc: Text,
    pub(crate) place: Option<Place>,
    pub(crate) tags: Vec<(Text, Vec<Text>)>,
    pub(crate) version: u64,
    pub(crate) value: &'static ValueType,
    /// The position among all declarations; groups by tag keep this order.
    pub(crate) declared: u32,
    /// Whether it opens a dynamic block: then `value` is the type of an item.
    pub(crate) expands: bool,
    /// The blocks it is in, by the nodes that open them, the outermost first. Who opens one is not in it.
    pub(crate) scope: Vec<u32>,
    pub(crate) role: RoleData,
}

#[derive(Clone, Debug)]
pub(crate) enum RoleData {
    Input { default: Option<DefaultValue> },
    Function(FunctionData),
    Part { of: u32, position: u32 },
}

#[derive(Clone, Debug, Default)]
pub(crate) struct FunctionData {
    /// One, or several that a config has yet to choose from.
    pub(crate) variants: Vec<VariantData>,
    pub(crate) split: Option<Split>,
    /// The parts by position; [`NONE`] where a part is not in the graph.
    pub(crate) parts: Vec<u32>,
    /// Whether `split` is to find the parts by their names, since nobody has written down their positions.
    pub(crate) parts_by_name: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct VariantData {
    pub(crate) condition: Text,
    pub(crate) function: Text,
    /// Where it stands, if that is not the place of the node.
    pub(crate) place: Option<Place>,
    pub(crate) params: Vec<ParamData>,
    /// The providers of all parameters but the constants, groups flattened; [`NONE`] where there is none.
    pub(crate) deps: Vec<u32>,
    pub(crate) call: Call,
    pub(crate) recovery: RecoveryData,
}

/// What is to be done where a node fails or takes too long.
#[derive(Clone, Debug, Default)]
pub(crate) struct RecoveryData {
    pub(crate) retries: Option<u32>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) fallback: Option<FallbackData>,
}

/// What stands in for a node.
#[derive(Clone, Debug)]
pub(crate) enum FallbackData {
    /// The value of another one, by name, and by index once it is known.
    Node { name: Text, index: u32 },
    /// A constant, as written; empty where it was given as a value.
    Value { call: Call, written: Text },
}

#[derive(Clone, Debug)]
pub(crate) struct ParamData {
    pub(crate) name: Text,
    pub(crate) text: Text,
    pub(crate) takes: Takes,
    pub(crate) source: SourceData,
    pub(crate) optional: bool,
    /// What stands for it where it has none, as written; empty where nothing does.
    pub(crate) default: Text,
    /// The type that each provider must yield, where it is known.
    pub(crate) expects: Option<&'static ValueType>,
    /// How many of the node's `deps` are its own.
    pub(crate) width: u32,
    /// What of them it takes.
    pub(crate) take: Take,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SourceData {
    Name(Text),
    /// An optional one that the macro has found to be absent: its code does not look for it.
    Absent(Text),
    Value(Text),
    /// The run itself.
    Run,
    Group(Vec<Text>),
    /// The members are known where the macro has already chosen them.
    Tag {
        key: Text,
        value: Option<Text>,
        members: Option<Vec<Text>>,
    },
}

#[derive(Clone)]
pub(crate) enum Call {
    Static(memory::Call),
    Dynamic(SharedCall),
}

#[derive(Clone)]
pub(crate) enum Split {
    Static(fn(&Parts<'_>) -> Made),
    Dynamic(SplitFn),
}

#[derive(Clone)]
pub(crate) enum DefaultValue {
    Static(InputDefault),
    Dynamic(SharedCall),
}

impl Call {
    /// Whether the function returns a future.
    pub(crate) fn waits(&self) -> bool {
        match self {
            Self::Static(call) => call.waits(),
            Self::Dynamic(call) => call.waits(),
        }
    }
}

impl Split {
    pub(crate) fn function(&self) -> SplitFn {
        match self {
            Self::Static(split) => Arc::new(*split),
            Self::Dynamic(split) => Arc::clone(split),
        }
    }
}

impl DefaultValue {
    pub(crate) fn call(&self) -> Call {
        match self {
            Self::Static(default) => Call::Static(default.make),
            Self::Dynamic(make) => Call::Dynamic(make.clone()),
        }
    }

    /// The expression as the user wrote it; empty where it was given as a value.
    pub(crate) fn written(&self) -> &'static str {
        match self {
            Self::Static(default) => default.written,
            Self::Dynamic(_) => "",
        }
    }
}

macro_rules! opaque_debug {
    ($($name:ident)*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    )*};
}
opaque_debug!(Call Split DefaultValue);

impl GraphData {
    pub(crate) fn new(name: Text, doc: Text, place: Option<Place>, nodes: Vec<NodeData>) -> Self {
        let by_name = (0..).zip(&nodes).map(|(index, node)| (node.name.clone(), index)).collect();
        let deepest = nodes.iter().map(NodeData::depth).max().unwrap_or(0);
        Self { name, doc, place, nodes, by_name, deepest }
    }

    pub(crate) fn node(&self, index: u32) -> &NodeData {
        &self.nodes[index as usize]
    }

    pub(crate) fn name(&self, index: u32) -> &str {
        &self.nodes[index as usize].name
    }

    /// The type of what the caller gets of a node: of one in a block a list, of one in a block within a block a list of
    /// lists.
    pub(crate) fn outside(&self, index: u32) -> &'static ValueType {
        let node = self.node(index);
        u32::try_from(node.depth()).ok().and_then(|depth| node.value.lists_of(depth)).unwrap_or(node.value)
    }

    /// What is to be said where the values of a node in blocks are asked for, or given, and it is not known what can be done
    /// with all the lists that these are in.
    pub(crate) fn unknown_lists(&self, index: u32) -> Option<String> {
        let (name, value) = (self.name(index), self.node(index).value);
        let depth = u32::try_from(self.node(index).depth()).unwrap_or(u32::MAX);
        // In two blocks the outer lists are made of boxes.
        let levels = if depth < 2 { 0..depth } else { 0..depth - 1 };
        let list = levels.filter_map(|level| value.lists_of(level)).find(|list| list.lists().is_none())?;
        let blocks = if depth == 1 { "1 block".to_owned() } else { format!("{depth} blocks") };
        Some(format!("`{name}` is {blocks} deep, and {}", list.unknown_list()))
    }

    pub(crate) fn find(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    /// The nodes that hand their value to node `index`, whichever variant is chosen. A node may come more
    /// than once.
    pub(crate) fn providers(&self, index: u32) -> Vec<u32> {
        match &self.node(index).role {
            RoleData::Input { .. } => Vec::new(),
            RoleData::Part { of, .. } => vec![*of],
            RoleData::Function(function) => {
                let all = function.variants.iter();
                let all = all.flat_map(|variant| variant.deps.iter().copied().chain(variant.fallback()));
                all.filter(|dep| *dep != NONE).collect()
            }
        }
    }

    /// Whether a node does without what another one is to hand to it, if need be.
    pub(crate) fn tolerates(&self, node: u32, provider: u32) -> bool {
        let RoleData::Function(function) = &self.node(node).role else { return false };
        let Some(variant) = function.variants.first() else { return false };
        let takes = variant.deps.iter().zip(variant.tolerates());
        let mut takes = takes.filter(|(dep, _)| **dep == provider).peekable();
        takes.peek().is_some() && takes.all(|(_, tolerates)| tolerates)
    }

    /// For each node those that it hands its value to.
    pub(crate) fn dependents(&self) -> Vec<Vec<u32>> {
        let mut dependents = vec![Vec::new(); self.nodes.len()];
        for (index, _) in (0..).zip(&self.nodes) {
            for provider in self.providers(index) {
                let list: &mut Vec<u32> = &mut dependents[provider as usize];
                if list.last() != Some(&index) {
                    list.push(index);
                }
            }
        }
        dependents
    }
}

impl NodeData {
    /// How deep in dynamic blocks its values are: there is one for each item.
    pub(crate) fn depth(&self) -> usize {
        self.scope.len() + usize::from(self.expands)
    }

    pub(crate) fn is_input(&self) -> bool {
        matches!(self.role, RoleData::Input { .. })
    }

    /// Whether it is a request to a driver of its own, whose outputs go by their names.
    pub(crate) fn is_sub_driver(&self) -> bool {
        self.value.type_id() == TypeId::of::<Named>()
    }

    /// How messages call it.
    pub(crate) fn kind_word(&self) -> &'static str {
        if self.is_input() { "input" } else { "node" }
    }

    pub(crate) fn has_tag(&self, key: &str, value: Option<&str>) -> bool {
        self.tags.iter().any(|(tag, values)| {
            tag == key && value.is_none_or(|value| values.iter().any(|candidate| candidate == value))
        })
    }

    /// The node without its edges.
    pub(crate) fn of(descriptor: &'static NodeDescriptor) -> Self {
        let role = match descriptor.role {
            Role::Input { default } => RoleData::Input { default: default.map(DefaultValue::Static) },
            Role::Part { .. } => RoleData::Part { of: NONE, position: 0 },
            Role::Function { variants, split, .. } => RoleData::Function(FunctionData {
                variants: variants.iter().map(VariantData::of).collect(),
                split: split.map(Split::Static),
                parts: Vec::new(),
                parts_by_name: false,
            }),
        };
        Self {
            name: descriptor.name.into(),
            id: Some(descriptor.id),
            written: Some(descriptor),
            doc: descriptor.doc.into(),
            place: Some(descriptor.place),
            tags: descriptor.tags.iter().map(|tag| (tag.key.into(), texts(tag.values))).collect(),
            version: descriptor.version,
            value: descriptor.value,
            declared: 0,
            expands: matches!(descriptor.role, Role::Function { expands: true, .. }),
            scope: Vec::new(),
            role,
        }
    }
}

impl VariantData {
    fn of(variant: &'static Variant) -> Self {
        Self {
            condition: variant.condition.into(),
            function: variant.function.into(),
            place: variant.place,
            params: (0..variant.params.len()).map(|position| ParamData::of(variant, position)).collect(),
            deps: Vec::new(),
            call: Call::Static(variant.call),
            recovery: variant.recovery.map(RecoveryData::of).unwrap_or_default(),
        }
    }
}

impl RecoveryData {
    fn of(recovery: &'static Recovery) -> Self {
        let fallback = recovery.fallback.map(|fallback| match fallback {
            Fallback::Node(name) => FallbackData::Node { name: name.into(), index: NONE },
            Fallback::Value(call, written) => {
                FallbackData::Value { call: Call::Static(call), written: written.into() }
            }
        });
        Self { retries: recovery.retries, timeout: recovery.timeout, fallback }
    }
}

impl VariantData {
    /// Its parameters, each with those of `deps` that are its own.
    pub(crate) fn fed(&self) -> impl Iterator<Item = (&ParamData, &[u32])> {
        let mut left = &self.deps[..];
        self.params.iter().map(move |param| {
            let (own, others) = left.split_at(left.len().min(param.width as usize));
            left = others;
            (param, own)
        })
    }

    /// For each of those that it takes something of, whether it does without, if need be.
    pub(crate) fn tolerates(&self) -> impl Iterator<Item = bool> {
        let is_tolerant = |param: &ParamData| param.take == Take::Tolerated || param.collects_errors();
        self.params
            .iter()
            .flat_map(move |param| std::iter::repeat_n(is_tolerant(param), param.width as usize))
    }

    /// The node that stands in for this one, by index.
    pub(crate) fn fallback(&self) -> Option<u32> {
        match self.recovery.fallback {
            Some(FallbackData::Node { index, .. }) if index != NONE => Some(index),
            _ => None,
        }
    }
}

impl ParamData {
    fn of(variant: &'static Variant, position: usize) -> Self {
        let (name, text) = variant.params[position];
        let borrows = text.starts_with('&');
        // `Option` may have a path before it; what is in it tells how it is taken.
        let option = text.split('<').next().is_some_and(|path| path.trim().ends_with("Option"));
        let plain = Binding { source: Source::Name(name), optional: option, default: "", value: None };
        let binding =
            variant.bindings.iter().find(|(of, _)| *of == position).map_or(plain, |(_, binding)| *binding);
        let source = match binding.source {
            Source::Name(name) => SourceData::Name(name.into()),
            Source::Value(value) => SourceData::Value(value.into()),
            Source::Run => SourceData::Run,
            Source::Group(names) => SourceData::Group(texts(names)),
            Source::Tag(key, value) => {
                SourceData::Tag { key: key.into(), value: value.map(Into::into), members: None }
            }
        };
        let group = matches!(binding.source, Source::Group(_) | Source::Tag(..));
        let collects = take_of(text) == Take::Collected;
        // What is borrowed inside of an option, or of a result, is borrowed.
        let inside = text.contains("<&") && (option || take_of(text) == Take::Tolerated);
        let takes = if collects || borrows || group || inside { Takes::Borrow } else { Takes::Own };
        Self {
            name: name.into(),
            text: text.into(),
            takes,
            source,
            optional: binding.optional,
            default: binding.default.into(),
            expects: binding.value,
            width: 0,
            take: take_of(text),
        }
    }
}

impl ParamData {
    /// Whether it collects errors in place of values that are missing.
    pub(crate) fn collects_errors(&self) -> bool {
        self.take == Take::Collected && self.text.contains("NodeError")
    }
}

/// What a parameter takes, from its type as written.
fn take_of(text: &str) -> Take {
    let path = text.split('<').next().unwrap_or_default().trim();
    let borrowed = path.strip_prefix('&').map(|path| path.trim_start().rsplit(':').next());
    if borrowed == Some(Some("Metadata")) && text.contains('<') {
        return Take::Metadata;
    }
    match path.rsplit(':').next() {
        Some("Collect") => Take::Collected,
        Some("Result") if text.contains("<&") => Take::Tolerated,
        _ => Take::Value,
    }
}

fn texts(all: &'static [&'static str]) -> Vec<Text> {
    all.iter().copied().map(Text::Borrowed).collect()
}

//! A graph as plain data.

use serde::{Deserialize, Serialize};

use crate::descriptor::{NONE, Takes};

use super::data::{GraphData, NodeData, RoleData, SourceData, VariantData};
use super::view::NodeKind;

/// Everything there is to know of a graph, as plain data. See [`Graph::description`](super::Graph::description).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraphDescription {
    /// The graph's name.
    pub name: String,
    /// Its doc comment.
    pub doc: String,
    /// The graph's hash, as 32 hexadecimal digits.
    pub hash: String,
    /// The nodes and inputs, what is needed before those that need it.
    pub nodes: Vec<NodeDescription>,
}

/// A node of a [`GraphDescription`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeDescription {
    /// Its name.
    pub name: String,
    /// How its value comes about.
    pub kind: NodeKind,
    /// The type of its value as written.
    #[serde(rename = "type")]
    pub type_name: String,
    /// Its doc comment.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc: String,
    /// Its tags with their values, in the order written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<(String, Vec<String>)>,
    /// Its version.
    #[serde(default)]
    pub version: u64,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceDescription>,
    /// Whether it is an input that need not be supplied.
    #[serde(default)]
    pub has_default: bool,
    /// The node whose value it is a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of: Option<String>,
    /// Its function, or the variants of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<VariantDescription>,
}

/// Where a node stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceDescription {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

/// One function that can compute a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariantDescription {
    /// The condition as written, empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub condition: String,
    /// The function's name, empty for a closure.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub function: String,
    /// Its parameters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub params: Vec<ParamDescription>,
}

/// A parameter of a node's function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParamDescription {
    /// Its name.
    pub name: String,
    /// Its type as written.
    #[serde(rename = "type")]
    pub type_name: String,
    /// Whether it owns its value, rather than borrow it.
    #[serde(default)]
    pub owned: bool,
    /// Whether the node also runs without it.
    #[serde(default)]
    pub optional: bool,
    /// The nodes that feed it, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub providers: Vec<String>,
    /// The constant it is bound to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constant: Option<String>,
    /// The tag by which the providers are chosen, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}

pub(crate) fn describe(graph: &GraphData) -> GraphDescription {
    GraphDescription {
        name: graph.name.to_string(),
        doc: graph.doc.to_string(),
        hash: format!("{:032x}", super::hash::hash(graph)),
        nodes: graph.nodes.iter().map(|node| describe_node(graph, node)).collect(),
    }
}

fn describe_node(graph: &GraphData, node: &NodeData) -> NodeDescription {
    let (kind, part_of, variants) = match &node.role {
        RoleData::Input { .. } => (NodeKind::Input, None, &[][..]),
        RoleData::Part { of, .. } => (NodeKind::Part, Some(graph.name(*of).to_owned()), &[][..]),
        RoleData::Function(function) => (NodeKind::Function, None, function.variants.as_slice()),
    };
    NodeDescription {
        name: node.name.to_string(),
        kind,
        type_name: node.value.text(),
        doc: node.doc.to_string(),
        tags: node
            .tags
            .iter()
            .map(|(key, values)| (key.to_string(), values.iter().map(ToString::to_string).collect()))
            .collect(),
        version: node.version,
        place: node.place.map(|place| PlaceDescription {
            file: place.file.to_owned(),
            line: place.line,
            column: place.column,
        }),
        has_default: matches!(node.role, RoleData::Input { default: Some(_) }),
        part_of,
        variants: variants.iter().map(|variant| describe_variant(graph, variant)).collect(),
    }
}

fn describe_variant(graph: &GraphData, variant: &VariantData) -> VariantDescription {
    let mut rest = variant.deps.as_slice();
    let params = variant.params.iter().map(|param| {
        let (own, others) = rest.split_at((param.width as usize).min(rest.len()));
        rest = others;
        ParamDescription {
            name: param.name.to_string(),
            type_name: param.text.to_string(),
            owned: param.takes == Takes::Own,
            optional: param.optional,
            providers: own
                .iter()
                .filter(|dep| **dep != NONE)
                .map(|dep| graph.name(*dep).to_owned())
                .collect(),
            constant: match &param.source {
                SourceData::Value(value) => Some(value.to_string()),
                _ => None,
            },
            tag: match &param.source {
                SourceData::Tag { key, value: None, .. } => Some(key.to_string()),
                SourceData::Tag { key, value: Some(value), .. } => Some(format!("{key} = \"{value}\"")),
                _ => None,
            },
        }
    });
    VariantDescription {
        condition: variant.condition.to_string(),
        function: variant.function.to_string(),
        params: params.collect(),
    }
}

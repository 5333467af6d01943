//! The hash of a graph: everything that counts is written to a buffer, unambiguously, and the buffer hashed.

use xxhash_rust::xxh3::xxh3_128;

use crate::descriptor::{NONE, Takes};

use super::data::{FallbackData, GraphData, NodeData, ParamData, RoleData, SourceData, VariantData};

/// To be raised when what is written changes its form.
const FORM: u64 = 2;

pub(crate) fn hash(graph: &GraphData) -> u128 {
    let mut nodes: Vec<&NodeData> = graph.nodes.iter().collect();
    nodes.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    let mut buffer = Buffer::default();
    buffer.number(FORM);
    buffer.list(nodes, |buffer, node| write_node(buffer, graph, node));
    xxh3_128(&buffer.bytes)
}

fn write_node(buffer: &mut Buffer, graph: &GraphData, node: &NodeData) {
    buffer.text(&node.name);
    // Not the text as written: an alias does not make another type.
    buffer.text(node.value.full_name());
    buffer.number(node.version);
    let mut tags: Vec<_> = node.tags.iter().collect();
    tags.sort_unstable();
    buffer.list(tags, |buffer, (key, values)| {
        buffer.text(key);
        let mut values: Vec<_> = values.iter().collect();
        values.sort_unstable();
        buffer.list(values, |buffer, value| buffer.text(value));
    });
    match &node.role {
        RoleData::Input { default } => {
            buffer.number(0);
            buffer.list(default, |buffer, default| buffer.text(default.written()));
        }
        RoleData::Part { of, position } => {
            buffer.number(1);
            buffer.text(graph.name(*of));
            buffer.number(u64::from(*position));
        }
        RoleData::Function(function) => {
            buffer.number(2);
            buffer.number(u64::from(node.expands));
            buffer.list(&function.variants, |buffer, variant| write_variant(buffer, graph, variant));
        }
    }
}

fn write_variant(buffer: &mut Buffer, graph: &GraphData, variant: &VariantData) {
    buffer.text(&variant.condition);
    buffer.text(&variant.function);
    buffer.list(&variant.params, write_param);
    buffer.list(&variant.deps, |buffer, dep| {
        buffer.text(if *dep == NONE { "" } else { graph.name(*dep) });
    });
    buffer.list(&variant.recovery.fallback, |buffer, fallback| match fallback {
        FallbackData::Node { name, .. } => {
            buffer.number(0);
            buffer.text(name);
        }
        FallbackData::Value { written, .. } => {
            buffer.number(1);
            buffer.text(written);
        }
    });
}

fn write_param(buffer: &mut Buffer, param: &ParamData) {
    buffer.text(&param.name);
    // Not the type as written: how it is taken, and what feeds it, is all that counts.
    buffer.text(&param.default);
    buffer.number(u64::from(param.takes == Takes::Own));
    buffer.number(param.take as u64);
    buffer.number(u64::from(param.optional));
    buffer.number(u64::from(param.width));
    match &param.source {
        SourceData::Name(_) | SourceData::Absent(_) => buffer.number(0),
        SourceData::Value(value) => {
            buffer.number(1);
            buffer.text(value);
        }
        SourceData::Group(_) => buffer.number(2),
        SourceData::Run => buffer.number(4),
        SourceData::Tag { key, value, .. } => {
            buffer.number(3);
            buffer.text(key);
            buffer.list(value, |buffer, value| buffer.text(value));
        }
    }
}

/// Bytes in which every piece says how long it is, so that no two lists of pieces are written alike.
#[derive(Default)]
struct Buffer {
    bytes: Vec<u8>,
}

impl Buffer {
    fn number(&mut self, number: u64) {
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn list<T>(&mut self, items: impl IntoIterator<Item = T>, write: impl Fn(&mut Self, T)) {
        let start = self.bytes.len();
        self.number(0);
        let mut count: u64 = 0;
        for item in items {
            write(self, item);
            count += 1;
        }
        self.bytes[start..start + 8].copy_from_slice(&count.to_le_bytes());
    }
}

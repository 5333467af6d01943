//! A graph from what the macro wrote down. It was checked when it was compiled, and is not checked again.

use crate::descriptor::{FlowTable, NONE};

use super::data::{FallbackData, GraphData, NodeData, RoleData, SourceData, Text, VariantData};

impl GraphData {
    pub(crate) fn of_table(table: &'static FlowTable) -> Self {
        let mut nodes: Vec<NodeData> = table.nodes.iter().map(|node| NodeData::of(node.descriptor)).collect();
        for (index, flow_node) in table.nodes.iter().enumerate() {
            nodes[index].declared = u32::try_from(index).unwrap_or(NONE);
            nodes[index].scope = flow_node.scope.to_vec();
            let RoleData::Function(function) = &nodes[index].role else { continue };
            let mut variants = function.variants.clone();
            for (variant, deps) in variants.iter_mut().zip(flow_node.deps) {
                join(variant, deps, table);
            }
            if let RoleData::Function(function) = &mut nodes[index].role {
                function.variants = variants;
            }
        }
        for (whole, parts) in table.parts {
            if let RoleData::Function(function) = &mut nodes[*whole as usize].role {
                function.parts = parts.to_vec();
            }
            for (position, part) in (0..).zip(*parts) {
                if *part != NONE {
                    nodes[*part as usize].role = RoleData::Part { of: *whole, position };
                }
            }
        }
        for (node, types) in table.deep {
            let node = &mut nodes[*node as usize];
            node.value = node.value.with_lists(types().get(1..).unwrap_or_default());
        }
        let mut data = Self::new(table.name.into(), table.doc.into(), Some(table.place), nodes);
        data.find_fallbacks();
        data
    }

    /// Finds the nodes that stand in for others.
    fn find_fallbacks(&mut self) {
        let Self { nodes, by_name, .. } = self;
        for node in nodes {
            let RoleData::Function(function) = &mut node.role else { continue };
            for variant in &mut function.variants {
                if let Some(FallbackData::Node { name, index }) = &mut variant.recovery.fallback {
                    *index = by_name.get(name).copied().unwrap_or(NONE);
                }
            }
        }
    }

    /// The same graph with one variant left of each conditional node: the one that `selection` names for it.
    pub(crate) fn selected(&self, conditional: &[u32], selection: &[u8]) -> Self {
        let mut selected = self.clone();
        for (node, chosen) in conditional.iter().zip(selection) {
            let node = &mut selected.nodes[*node as usize];
            if let RoleData::Function(function) = &mut node.role
                && usize::from(*chosen) < function.variants.len()
            {
                let variant = function.variants.swap_remove(usize::from(*chosen));
                // What goes wrong goes wrong there.
                node.place = variant.place.or(node.place);
                function.variants = vec![variant];
            }
        }
        selected
    }
}

/// Gives the parameters of a variant their providers.
fn join(variant: &mut VariantData, deps: &[u32], table: &'static FlowTable) {
    variant.deps = deps.to_vec();
    let width = |source: &SourceData| match source {
        SourceData::Value(_) | SourceData::Run | SourceData::Tag { .. } => 0,
        SourceData::Name(_) | SourceData::Absent(_) => 1,
        SourceData::Group(members) => members.len(),
    };
    // What is left when all others have theirs belongs to the group by tag, if there is one.
    let left = deps.len().saturating_sub(variant.params.iter().map(|param| width(&param.source)).sum());
    let by_tag = variant.params.iter().filter(|param| matches!(param.source, SourceData::Tag { .. })).count();
    let mut rest = deps;
    for param in &mut variant.params {
        let width = match &param.source {
            SourceData::Tag { .. } if by_tag == 1 => left,
            SourceData::Tag { key, value, .. } => tagged(table, key, value.as_deref()),
            source => width(source),
        };
        let (own, others) = rest.split_at(width.min(rest.len()));
        rest = others;
        param.width = u32::try_from(own.len()).unwrap_or(0);
        if let (SourceData::Name(name), [NONE]) = (&param.source, own) {
            param.source = SourceData::Absent(name.clone());
        }
        let descriptors =
            || own.iter().filter_map(|dep| table.nodes.get(*dep as usize)).map(|n| n.descriptor);
        if let SourceData::Tag { members, .. } = &mut param.source {
            *members = Some(descriptors().map(|descriptor| Text::Borrowed(descriptor.name)).collect());
        }
        if param.expects.is_none() {
            param.expects = descriptors().next().map(|descriptor| descriptor.value);
        }
    }
}

fn tagged(table: &'static FlowTable, key: &str, value: Option<&str>) -> usize {
    let has = |tags: &[crate::descriptor::Tag]| {
        tags.iter().any(|tag| tag.key == key && value.is_none_or(|value| tag.values.contains(&value)))
    };
    table.nodes.iter().filter(|node| has(node.descriptor.tags)).count()
}

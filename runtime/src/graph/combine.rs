//! Two graphs to one, and a graph to a smaller one.

use std::collections::{HashMap, HashSet};

use super::assemble::{Draft, assemble};
use super::data::{
    Call, FallbackData, FunctionData, GraphData, NodeData, RecoveryData, RoleData, Split, VariantData,
};

/// What becomes of a node that both graphs have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clash {
    /// It is an error.
    Refuse,
    /// The second graph's stands for both.
    Override,
}

/// All nodes of both graphs; what one computes feeds the inputs of the other.
pub(crate) fn combine(first: &GraphData, second: &GraphData, clash: Clash) -> Result<GraphData, Vec<String>> {
    let mut drafts = first.drafts();
    let mut by_name: HashMap<String, usize> =
        drafts.iter().enumerate().map(|(index, draft)| (draft.node.name.to_string(), index)).collect();
    let mut problems = Vec::new();
    for mut draft in second.drafts() {
        let Some(&index) = by_name.get(&*draft.node.name) else {
            by_name.insert(draft.node.name.to_string(), drafts.len());
            drafts.push(draft);
            continue;
        };
        let earlier = &drafts[index];
        match (earlier.node.is_input(), draft.node.is_input()) {
            (true, true) => {
                problems.extend(different_inputs(&earlier.node, &draft.node));
                if has_default(&draft.node) && (clash == Clash::Override || !has_default(&earlier.node)) {
                    drafts[index] = draft;
                }
            }
            (true, false) => drafts[index] = draft,
            (false, true) => {}
            (false, false) if same_node(earlier, &draft) => {}
            (false, false) => {
                draft.overrides = clash == Clash::Override;
                drafts.push(draft);
            }
        }
    }
    match assemble(first.title(), drafts) {
        Ok(combined) if problems.is_empty() => Ok(combined),
        Ok(_) => Err(problems),
        Err(found) => {
            problems.extend(found);
            Err(problems)
        }
    }
}

fn has_default(node: &NodeData) -> bool {
    matches!(node.role, RoleData::Input { default: Some(_) })
}

fn different_inputs(first: &NodeData, second: &NodeData) -> Option<String> {
    (first.value.type_id() != second.value.type_id()).then(|| {
        format!(
            "input `{}` is `{}` in one graph and `{}` in the other; give it one type",
            first.name,
            first.value.text(),
            second.value.text()
        )
    })
}

/// Whether two graphs that both include a third have the node from there. In doubt they have not: of two that
/// differ in anything that a run can show, one would vanish without a word.
fn same_node(first: &Draft, second: &Draft) -> bool {
    let ((one, first_whole), (other, second_whole)) =
        ((&first.node, &first.part_of), (&second.node, &second.part_of));
    one.id.is_some()
        && one.id == other.id
        && one.version == other.version
        && one.tags == other.tags
        && first_whole == second_whole
        && match (&one.role, &other.role) {
            (RoleData::Function(one), RoleData::Function(other)) => same_function(one, other),
            (RoleData::Part { .. }, RoleData::Part { .. }) => true,
            _ => false,
        }
}

/// Whether two graphs have left the same of what one node has: its variants, and what feeds them.
fn same_function(first: &FunctionData, second: &FunctionData) -> bool {
    let same_variant = |(one, other): (&VariantData, &VariantData)| {
        one.condition == other.condition
            && one.function == other.function
            && same_recovery(&one.recovery, &other.recovery)
            && one.params.len() == other.params.len()
            && one.params.iter().zip(&other.params).all(|(one, other)| one.source == other.source)
    };
    let same_split = match (&first.split, &second.split) {
        (None, None) | (Some(Split::Static(_)), Some(Split::Static(_))) => true,
        // Two closures cannot be compared.
        _ => false,
    };
    same_split
        && first.variants.len() == second.variants.len()
        && first.variants.iter().zip(&second.variants).all(same_variant)
}

fn same_recovery(one: &RecoveryData, other: &RecoveryData) -> bool {
    (one.retries, one.timeout) == (other.retries, other.timeout)
        && match (&one.fallback, &other.fallback) {
            (None, None) => true,
            (Some(FallbackData::Node { name: one, .. }), Some(FallbackData::Node { name: other, .. })) => {
                one == other
            }
            (
                Some(FallbackData::Value { call: Call::Static(_), written: one }),
                Some(FallbackData::Value { call: Call::Static(_), written: other }),
            ) => one == other,
            _ => false,
        }
}

/// The chosen nodes alone. What they need of the others becomes an input.
pub(crate) fn subgraph(graph: &GraphData, chosen: &HashSet<u32>) -> Result<GraphData, Vec<String>> {
    let mut cut = HashSet::new();
    for index in chosen {
        let mut outside = graph.providers(*index).into_iter().filter(|provider| !chosen.contains(provider));
        match graph.node(*index).role {
            // A part without its whole is itself what the caller has to supply.
            RoleData::Part { .. } if outside.next().is_some() => {
                cut.insert(*index);
            }
            RoleData::Part { .. } => {}
            _ => cut.extend(outside),
        }
    }
    let drafts = graph
        .drafts()
        .into_iter()
        .filter_map(|draft| {
            let index = graph.find(&draft.node.name)?;
            match (cut.contains(&index), chosen.contains(&index)) {
                (true, _) => Some(as_input(draft)),
                (false, true) => Some(draft),
                (false, false) => None,
            }
        })
        .collect();
    assemble(graph.title(), drafts)
}

fn as_input(draft: Draft) -> Draft {
    let default = match draft.node.role {
        RoleData::Input { default } => default,
        _ => None,
    };
    let node = NodeData { role: RoleData::Input { default }, expands: false, ..draft.node };
    Draft { node, part_of: None, overrides: false }
}

//! When a call is made: which variants the config must select for it.

use std::collections::{BTreeMap, BTreeSet};

use crate::syntax::check::{Node, Origin};
use crate::syntax::text::text;

/// Alternatives, each of which asks for one arm of some selectors. In the form that [`reduce`](Condition::reduce)
/// makes, equal conditions are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Condition(BTreeSet<BTreeSet<Selected>>);

/// An arm of a selector.
pub(super) type Selected = (usize, usize);

impl Condition {
    pub(super) fn always() -> Self {
        Self(BTreeSet::from([BTreeSet::new()]))
    }

    pub(super) fn never() -> Self {
        Self(BTreeSet::new())
    }

    pub(super) fn or(&mut self, other: Self) {
        // Most nodes are needed in any case.
        if !self.0.contains(&BTreeSet::new()) {
            self.0.extend(other.0);
        }
    }

    pub(super) fn and(self, selected: Option<Selected>) -> Self {
        let Some((selector, arm)) = selected else { return self };
        let contradicts = |all: &BTreeSet<Selected>| all.iter().any(|one| one.0 == selector && one.1 != arm);
        let with = |mut all: BTreeSet<Selected>| {
            all.insert((selector, arm));
            all
        };
        Self(self.0.into_iter().filter(|all| !contradicts(all)).map(with).collect())
    }

    /// Takes out what others imply, and makes one of alternatives that name all arms of a selector.
    pub(super) fn reduce(&mut self, selectors: &Selectors) {
        loop {
            let all = &self.0;
            if all.contains(&BTreeSet::new()) {
                *self = Self::always();
                return;
            }
            if let Some(implied) =
                all.iter().find(|one| all.iter().any(|other| other != *one && other.is_subset(one))).cloned()
            {
                self.0.remove(&implied);
            } else if let Some(general) = self.covered(selectors) {
                self.0.retain(|one| !general.is_subset(one));
                self.0.insert(general);
            } else {
                return;
            }
        }
    }

    /// What is left of alternatives that only differ in a selector, and name all of its arms.
    fn covered(&self, selectors: &Selectors) -> Option<BTreeSet<Selected>> {
        self.0.iter().flat_map(|one| one.iter().map(move |selected| (one, *selected))).find_map(
            |(one, selected)| {
                let mut rest = one.clone();
                rest.remove(&selected);
                let covered = (0..selectors.arms(selected.0)).all(|arm| {
                    let mut other = rest.clone();
                    other.insert((selected.0, arm));
                    self.0.contains(&other)
                });
                covered.then_some(rest)
            },
        )
    }

    /// The alternatives.
    pub(super) fn alternatives(&self) -> impl Iterator<Item = &BTreeSet<Selected>> {
        self.0.iter()
    }
}

/// The matches over the config, of which those with the same patterns are one.
pub(super) struct Selectors {
    /// For each step with several variants the first one that selects in the same way.
    first: BTreeMap<usize, usize>,
    arms: BTreeMap<usize, usize>,
}

impl Selectors {
    pub(super) fn of(nodes: &[Node<'_>], needed: &BTreeSet<usize>) -> Self {
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        let mut selectors = Self { first: BTreeMap::new(), arms: BTreeMap::new() };
        for index in needed {
            let Some((key, arms)) = key(&nodes[*index]) else { continue };
            let first = *known.entry(key).or_insert(*index);
            selectors.first.insert(*index, first);
            selectors.arms.insert(first, arms);
        }
        selectors
    }

    /// What selects an arm of a step; nothing where it has only one.
    pub(super) fn of_arm(&self, step: usize, arm: usize) -> Option<Selected> {
        self.first.get(&step).map(|first| (*first, arm))
    }

    fn arms(&self, selector: usize) -> usize {
        self.arms.get(&selector).copied().unwrap_or(0)
    }
}

/// What tells one selection from another, and how many arms it has.
fn key(node: &Node<'_>) -> Option<(String, usize)> {
    match &node.origin {
        Origin::Function(variants) if variants.len() > 1 => {
            let of_variant = |variant: &crate::syntax::check::Variant<'_>| {
                let conditions = variant.function.conditions.iter().map(|condition| {
                    format!("{} {} {}", condition.field.text, condition.negated, text(&condition.pattern))
                });
                conditions.collect::<Vec<_>>().join(", ")
            };
            let variants: Vec<String> = variants.iter().map(of_variant).collect();
            Some((variants.join("; "), variants.len()))
        }
        // How it selects is its own dataflow's business.
        Origin::Included { include, node } if node.variants.len() > 1 => {
            Some((format!("{include}::{}", node.name.text), node.variants.len()))
        }
        _ => None,
    }
}

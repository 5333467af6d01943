//! The compiled entry points: whether what they yield exists and can be called from here, and whether their names
//! are free.

use std::collections::{BTreeMap, BTreeSet};

use super::{Checked, Feed, Node, Origin, names, report};
use crate::graph::did_you_mean;
use crate::syntax::diagnostics::Errors;
use crate::syntax::include::Included;
use crate::syntax::model::{self, Bind, Mode, Module, Name};

/// An entry point that can be generated.
#[derive(Debug)]
pub struct Entry<'m> {
    /// What the user wrote.
    pub entry: &'m model::Entry,
    /// What it yields, as indices into [`Checked::nodes`]; what does not exist has been reported and is left out.
    pub outputs: Vec<usize>,
    /// Whether it can have a body; else it only stands in, for other code to name.
    pub callable: bool,
    /// The name of the struct of its inputs.
    pub inputs_type: String,
    /// The name of the struct of its outputs.
    pub outputs_type: String,
}

/// Checks all entries. The result holds those whose names are free.
pub(super) fn check<'m>(
    module: &'m Module,
    checked: &Checked<'m>,
    included: &[Included],
    errors: &mut Errors,
) -> Vec<Entry<'m>> {
    let unknown = module.includes_unknown || included.iter().any(|included| included.broken);
    let mut entries: Vec<Entry<'m>> = Vec::new();
    for entry in &module.options.entries {
        let mut outputs = Vec::new();
        for output in &entry.outputs {
            match checked.nodes.iter().position(|node| node.name.text == output.text) {
                Some(index) if is_private(&checked.nodes[index], output, included, errors) => {}
                Some(index) => outputs.push(index),
                None if unknown || checked.withheld.contains(&output.text) => {} // May be there, or is reported.
                None => unknown_output(module, checked, entry, output, errors),
            }
        }
        let complete = outputs.len() == entry.outputs.len() && !checked.broken;
        let callable = complete && is_callable(checked, included, entry, &outputs, errors);
        let camel = camel_case(&entry.name.text);
        let entry = Entry {
            entry,
            outputs,
            callable,
            inputs_type: format!("{camel}Inputs"),
            outputs_type: format!("{camel}Outputs"),
        };
        if is_free(module, checked, &entries, &entry, errors) {
            entries.push(entry);
        }
    }
    entries
}

fn unknown_output(
    module: &Module,
    checked: &Checked<'_>,
    entry: &model::Entry,
    output: &Name,
    errors: &mut Errors,
) {
    let (name, wanted) = (&entry.name.text, &output.text);
    let candidates = checked.nodes.iter().map(|node| node.name.text.as_str());
    let advice = report::function_advice(module, wanted)
        .unwrap_or_else(|| did_you_mean(wanted, candidates, "add it, or name another"));
    errors.at_span(
        output.span,
        format!("entry `{name}` yields `{wanted}`, which is neither a node nor an input; {advice}"),
    );
}

/// Whether an output is private to another dataflow, which is reported.
fn is_private(node: &Node<'_>, output: &Name, included: &[Included], errors: &mut Errors) -> bool {
    let Origin::Included { include, .. } = node.origin else { return false };
    if node.visible_here() {
        return false;
    }
    let (name, flow) = (&output.text, &included[include].local);
    errors.at_span(
        output.span,
        format!("node `{name}` of `{flow}` is private; make it `pub` there to use it here"),
    );
    true
}

/// Whether all nodes on the way can be called from this module; those that cannot are reported.
fn is_callable(
    checked: &Checked<'_>,
    included: &[Included],
    entry: &model::Entry,
    outputs: &[usize],
    errors: &mut Errors,
) -> bool {
    let mut callable = true;
    for index in needed(checked, outputs) {
        let node = &checked.nodes[index];
        let Some(why) = refused(node, included) else { continue };
        callable = false;
        let (name, needs) = (&entry.name.text, &node.name.text);
        errors.at_span(entry.name.span, format!("entry `{name}` needs node `{needs}`, which {why}"));
    }
    callable
}

/// Why an entry cannot call a node, and what to do.
fn refused(node: &Node<'_>, included: &[Included]) -> Option<String> {
    let why = match &node.origin {
        // Inputs that nobody could supply have been reported.
        Origin::Included { include, .. } if node.kind() == "node" && !node.visible_here() => {
            let flow = &included[*include].local;
            return Some(format!("is private to `{flow}`, so nothing here can call it; make it `pub` there"));
        }
        Origin::Included { include, node }
            if !node.is_input() && node.calls.iter().any(|call| call == "!") =>
        {
            let flow = &included[*include].local;
            return Some(format!(
                "only `{flow}` can call or take apart; give `{flow}` an entry of its own, or run it with a driver"
            ));
        }
        Origin::Function(variants) if variants.iter().any(|variant| variant.function.fallback.is_some()) => {
            "has a `#[fallback(..)]`, and entries have none yet"
        }
        Origin::Function(variants)
            if variants
                .iter()
                .any(|variant| variant.function.retries.is_some() || variant.function.timeout.is_some()) =>
        {
            "has `retries` or a `timeout`, which only a run looks after"
        }
        Origin::Function(variants) => {
            let mut modes = variants.iter().flat_map(super::Variant::params).map(|param| &param.mode);
            modes.find_map(|mode| match mode {
                Mode::Tolerant(_) | Mode::Collect { tolerant: true, .. } => {
                    Some("takes the outcome of another, and an entry ends where a node fails")
                }
                Mode::Metadata => {
                    Some("takes what another wrote about itself in a run, and an entry is none")
                }
                Mode::Context => Some("takes the context of a run, and an entry is none"),
                _ => None,
            })?
        }
        _ => return None,
    };
    Some(format!("{why}; run it with a driver"))
}

/// All that is needed for some nodes, themselves included, in topological order.
pub(in crate::syntax) fn needed(checked: &Checked<'_>, outputs: &[usize]) -> BTreeSet<usize> {
    let by_name: BTreeMap<&str, usize> =
        checked.nodes.iter().enumerate().map(|(index, node)| (node.name.text.as_str(), index)).collect();
    let mut needed = BTreeSet::new();
    let mut stack = outputs.to_vec();
    while let Some(index) = stack.pop() {
        if needed.insert(index) {
            providers(checked, &by_name, index, &mut stack);
        }
    }
    needed
}

fn providers(checked: &Checked<'_>, by_name: &BTreeMap<&str, usize>, index: usize, found: &mut Vec<usize>) {
    let node = &checked.nodes[index];
    if let Some(parent) = node.part_of() {
        found.extend(by_name.get(parent));
        return;
    }
    if let (true, Origin::Function(variants)) = (checked.broken, &node.origin) {
        // The graph has no edges, so this goes by names: as much as can be known is offered all the same.
        for param in variants.iter().flat_map(super::Variant::params) {
            match &param.bind {
                Bind::Name(name) => found.extend(by_name.get(name.text.as_str())),
                Bind::Group(names, _) => {
                    found.extend(names.iter().filter_map(|name| by_name.get(name.text.as_str())));
                }
                Bind::Value(_) | Bind::GroupTag { .. } | Bind::Run => {}
            }
        }
    }
    for feed in checked.feeds.get(index).into_iter().flatten().flatten().filter(|_| !checked.broken) {
        match feed {
            Feed::Constant | Feed::Absent => {}
            Feed::One(provider) => found.push(*provider),
            Feed::Many(providers) => found.extend(providers),
        }
    }
}

/// Whether the names that an entry adds to the module are free; the user's that are not are reported at both places.
fn is_free(
    module: &Module,
    checked: &Checked<'_>,
    entries: &[Entry<'_>],
    entry: &Entry<'_>,
    errors: &mut Errors,
) -> bool {
    let name = &entry.entry.name;
    let text = &name.text;
    if names::FUNCTIONS.contains(&text.as_str()) || names::TYPES.contains(&text.as_str()) {
        errors.at_span(name.span, names::reserved(text));
        return false;
    }
    let function = module.functions.iter().find(|function| function.ident == *text);
    let helper = module.helpers.iter().find(|helper| helper.text == *text);
    let other = checked
        .nodes
        .iter()
        .find(|node| node.name.text == *text)
        .map(|node| (node.kind(), node.name.span))
        .or_else(|| function.map(|function| ("function", function.ident.span())))
        .or_else(|| helper.map(|helper| ("function", helper.span)));
    if let Some((what, place)) = other {
        let message = format!(
            "`{text}` is both an entry and the name of {} {what}; rename one of them",
            names::article(what)
        );
        errors.at_span(name.span, &message);
        errors.at_span(place, &message);
        return false;
    }
    let taken = |ty: &String| {
        let taken = module.taken.iter().find(|taken| taken.name.text == *ty).map(|taken| taken.name.span);
        let node = || checked.nodes.iter().find(|node| node.name.text == *ty).map(|node| node.name.span);
        let other = || {
            let theirs = |other: &&Entry<'_>| other.inputs_type == *ty || other.outputs_type == *ty;
            entries.iter().find(theirs).map(|other| other.entry.name.span)
        };
        taken.or_else(node).or_else(other).map(|place| (ty.clone(), place))
    };
    let Some((ty, place)) = [&entry.inputs_type, &entry.outputs_type].into_iter().find_map(taken) else {
        return true;
    };
    let message = format!("`{ty}` is what entry `{text}` adds to the module; rename one of them");
    errors.at_span(name.span, &message);
    errors.at_span(place, &message);
    false
}

/// `score_all` as the beginning of the name of a type: `ScoreAll`.
fn camel_case(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters).collect::<String>()
    });
    words.collect()
}

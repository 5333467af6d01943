//! What is wrong with a request to a chain, before anything has run.

use std::any::TypeId;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::driver::{Core, Entry, Supplied, Wanted};
use crate::error::{Error, ErrorKind};
use crate::fault::drop_guarded;
use crate::run::{self, Given, Key};

use super::inputs::ChainValues;
use super::names::{At, Names};
use super::route::{Goes, Route, Want};

/// An output that is asked for.
pub(super) enum Output {
    Named(String),
    Typed(Wanted),
}

/// A value for a node, which was named by a type or by its name alone.
pub(super) struct Override {
    pub(super) id: Option<TypeId>,
    pub(super) entry: Entry,
}

/// A request with nothing wrong about it.
pub(super) struct Checked {
    pub(super) wants: Vec<Want>,
    pub(super) route: Route,
    /// By driver.
    pub(super) given: Vec<Given>,
}

/// # Errors
/// Everything that is wrong, in all drivers.
pub(super) fn check(
    parts: &[Arc<Core>],
    asked: &[Output],
    values: ChainValues,
    overrides: Vec<Override>,
) -> Result<Checked, Error> {
    let names = Names::of(parts);
    let mut problems = Vec::new();
    let outputs: Vec<At> =
        asked.iter().filter_map(|output| found(&names, parts, output, &mut problems)).collect();
    let given = supply(&names, parts, values, overrides, &mut problems);
    let nodes: Vec<Vec<u32>> =
        given.iter().map(|given| given.values.iter().map(|(node, _)| *node).collect()).collect();
    let wants = wants(&names, parts, &outputs, &nodes);
    let route = Route::of(parts, &wants, &nodes);
    problems.extend(given.iter().flat_map(|given| given.problems.iter().cloned()));
    plan(parts, &route, &nodes, &given, &mut problems);
    if problems.is_empty() {
        return Ok(Checked { wants, route, given });
    }
    for (_, value) in given.into_iter().flat_map(|given| given.values) {
        // The problems are what is told of, whatever a value does when it is dropped.
        let _ = drop_guarded(value);
    }
    Err(Error::problems_of(ErrorKind::Request, problems))
}

/// Where an output is.
fn found(names: &Names<'_>, parts: &[Arc<Core>], output: &Output, problems: &mut Vec<String>) -> Option<At> {
    let (name, at) = match output {
        Output::Named(name) => (name.as_str(), names.named(name)),
        Output::Typed(wanted) => (wanted.name, names.typed(wanted.id, wanted.name)),
    };
    let Some((part, node)) = at else {
        problems.push(names.unknown(name, "ask for a node of one of the drivers"));
        return None;
    };
    let is = parts[part].graph.data().outside(node);
    match output {
        Output::Typed(wanted) if wanted.type_id != is.type_id() => {
            let (is, asked) = (is.text(), wanted.value.text());
            problems.push(format!(
                "`{name}` is `{is}` in this chain, but was asked for as `{asked}`; ask for it by name"
            ));
            None
        }
        _ => Some(names.origin((part, node))),
    }
}

/// Gives each driver the values that are for it.
fn supply(
    names: &Names<'_>,
    parts: &[Arc<Core>],
    values: ChainValues,
    overrides: Vec<Override>,
    problems: &mut Vec<String>,
) -> Vec<Given> {
    let mut supplied: Vec<Supplied<'_>> = parts.iter().map(|part| Supplied::to(part.graph.data())).collect();
    for (driver, entry) in values.entries {
        match driver.map_or_else(|| names.input(&entry.name).map(|(part, _)| part), Ok) {
            Ok(part) => supplied[part].add(entry, false),
            Err(problem) => {
                problems.push(problem);
                let _ = drop_guarded(entry.value);
            }
        }
    }
    for Override { id, entry } in overrides {
        let at = match id {
            Some(id) => names.typed(id, &entry.name),
            None => names.named(&entry.name),
        };
        match at {
            Some((part, _)) => supplied[part].add(entry, true),
            None => {
                problems.push(names.unknown(&entry.name, "override a node of one of the drivers"));
                let _ = drop_guarded(entry.value);
            }
        }
    }
    supplied.into_iter().map(|supplied| supplied.given).collect()
}

/// What the caller wants, and what of it he gets from what goes along.
fn wants(names: &Names<'_>, parts: &[Arc<Core>], outputs: &[At], given: &[Vec<u32>]) -> Vec<Want> {
    let mut seen = BTreeSet::new();
    let want = |at: &At| {
        let (part, node) = *at;
        let graph = parts[part].graph.data();
        let is_made = !graph.node(node).is_input() || given[part].contains(&node);
        let given_later = |later: usize| {
            let there = parts[later].graph.data().find(graph.name(node));
            there.is_some_and(|node| given[later].contains(&node))
        };
        let is_last = names.named(graph.name(node)) == Some(*at)
            && is_made
            && !(part + 1..parts.len()).any(given_later)
            && seen.insert(*at);
        Want { at: *at, is_last }
    };
    outputs.iter().map(want).collect()
}

/// Plans the run of each driver.
fn plan(
    parts: &[Arc<Core>],
    route: &Route,
    given: &[Vec<u32>],
    supplied: &[Given],
    problems: &mut Vec<String>,
) {
    let name = |part: usize, node: u32| parts[part].graph.data().name(node);
    let excused = supplied
        .iter()
        .enumerate()
        .flat_map(|(part, given)| given.excused.iter().map(move |input| (part, input)));
    let excused: BTreeSet<&str> = excused.map(|(part, input)| name(part, *input)).collect();
    let mut along: BTreeSet<&str> = BTreeSet::new();
    for (part, (leg, given)) in route.legs.iter().zip(given).enumerate() {
        let given = given.iter().copied();
        if !leg.runs() {
            along.extend(given.map(|node| name(part, node)));
            continue;
        }
        let fed = leg.feeds.iter().copied().filter(|feed| along.remove(name(part, *feed)));
        let key = Key::of(leg.outputs.iter().map(|(node, _)| *node).collect(), fed.chain(given));
        run::plan(&parts[part], key, |input| excused.contains(name(part, input)), problems);
        let goes_on = leg.outputs.iter().filter(|(_, goes)| *goes == Goes::On);
        along.extend(goes_on.map(|(node, _)| name(part, *node)));
    }
}

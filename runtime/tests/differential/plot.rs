//! From what is generated to a graph that is right: who is fed by whom, and in which blocks.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::spec::{Case, Does, Ends, Fallback, How, Param, Spec};

pub const INPUTS: usize = 3;
/// Blocks are at most so deep.
const DEEPEST: usize = 3;

/// A graph, and what is asked of it.
pub struct Plot {
    /// Those of the inputs first.
    pub places: Vec<Place>,
    pub nodes: Vec<Node>,
    /// Places.
    pub wanted: Vec<usize>,
    /// A place, if the caller gives its value.
    pub given: Option<usize>,
    /// For each node that opens a block the nodes whose blocks have to end before that block begins.
    before: BTreeMap<usize, BTreeSet<usize>>,
}

/// Somewhere a value comes from: an input, a node, the items of a block, or a part.
pub struct Place {
    pub name: String,
    /// None for an input.
    pub node: Option<usize>,
    /// Which of the two parts.
    pub part: Option<usize>,
    /// The nodes whose blocks the value is in.
    pub scope: Vec<usize>,
    /// The nodes whose blocks have to end before it is there.
    after: BTreeSet<usize>,
    /// Whether it has another value for each item.
    is_unique: bool,
}

pub struct Node {
    pub name: String,
    pub does: Does,
    pub params: Vec<Fed>,
    pub ends: Ends,
    pub waits: Option<u8>,
    pub retries: u8,
    pub fallback: Option<StandIn>,
    pub scope: Vec<usize>,
}

/// A parameter, and the places that it is fed from.
pub struct Fed {
    pub how: How,
    pub from: Vec<usize>,
}

#[derive(Clone, Copy, Debug)]
pub enum StandIn {
    Constant(u64),
    /// A place.
    Other(usize),
}

impl Plot {
    pub fn of(case: &Case) -> Self {
        let input = |index| Place {
            name: format!("in{index}"),
            node: None,
            part: None,
            scope: Vec::new(),
            after: BTreeSet::new(),
            is_unique: true,
        };
        let places = (0..INPUTS).map(input).collect();
        let mut plot =
            Self { places, nodes: Vec::new(), wanted: Vec::new(), given: None, before: BTreeMap::new() };
        for spec in &case.specs {
            plot.add(spec);
        }
        let can_be_asked: Vec<usize> =
            (0..plot.places.len()).filter(|place| plot.places[*place].scope.len() < 2).collect();
        plot.wanted = case.wanted.iter().map(|pick| can_be_asked[pick % can_be_asked.len()]).collect();
        plot.wanted.sort_unstable();
        plot.wanted.dedup();
        plot.given = case.given.and_then(|pick| {
            let nodes = |place: &usize| *place >= INPUTS && plot.places[*place].scope.is_empty();
            one_of((0..plot.places.len()).filter(nodes), pick)
        });
        plot
    }

    fn add(&mut self, spec: &Spec) {
        let index = self.nodes.len();
        let name = format!("n{index}");
        let first = self.first(&spec.first);
        let scope = self.scope_of(&first);
        let mut params = vec![first];
        // A closure for each combination would be too many.
        let second = spec.second.as_ref().filter(|_| !matches!(spec.does, Does::Open(_)));
        params.extend(second.and_then(|param| self.second(param, &scope)));
        let mut after: BTreeSet<usize> = params
            .iter()
            .flat_map(|fed| fed.from.iter().flat_map(|from| self.places[*from].after.clone()))
            .collect();
        for fed in params.iter().filter(|fed| matches!(fed.how, How::Collect | How::CollectResults)) {
            after.extend(fed.from.iter().filter_map(|from| self.places[*from].scope.last()));
        }
        for block in &scope {
            self.before.entry(*block).or_default().extend(&after);
        }
        let is_unique = scope.is_empty() || params.iter().any(|fed| self.tells_items_apart(fed, &scope));
        let does = match spec.does {
            Does::Open(_) if scope.len() == DEEPEST => Does::Value,
            Does::Open(items) if !scope.is_empty() => {
                Does::Open(super::spec::Items { most: items.most.min(3), ..items })
            }
            does => does,
        };
        let ends = if matches!(spec.ends, Ends::Flaky(_)) && !is_unique { Ends::Well } else { spec.ends };
        let fallback =
            spec.fallback.filter(|_| !matches!(does, Does::Open(_))).map(|fallback| match fallback {
                Fallback::Constant(value) => StandIn::Constant(value),
                Fallback::Other(pick) => StandIn::Other(one_of(self.seen_from(&scope), pick).unwrap_or(0)),
            });
        if let Some(StandIn::Other(other)) = fallback {
            after.extend(self.places[other].after.clone());
            for block in &scope {
                self.before.entry(*block).or_default().extend(&after);
            }
        }
        // What stands in may be the same for all items.
        let is_unique = is_unique && (scope.is_empty() || fallback.is_none());
        let place = Place {
            name: name.clone(),
            node: Some(index),
            part: None,
            scope: scope.clone(),
            after,
            is_unique,
        };
        match does {
            Does::Value => self.places.push(place),
            Does::Parts => {
                for (part, suffix) in ["low", "high"].into_iter().enumerate() {
                    let (scope, after) = (scope.clone(), place.after.clone());
                    let (name, part) = (format!("{name}_{suffix}"), Some(part));
                    self.places.push(Place { name, part, node: Some(index), scope, after, is_unique: false });
                }
                self.places.push(place);
            }
            Does::Open(_) => {
                let scope = scope.iter().copied().chain([index]).collect();
                self.places.push(Place { scope, ..place });
            }
        }
        let (waits, retries) = (spec.waits, spec.retries);
        self.nodes.push(Node { name, does, params, ends, waits, retries, fallback, scope });
    }

    /// The first parameter says in which block the node is.
    fn first(&self, param: &Param) -> Fed {
        let all = 0..self.places.len();
        let collectable = || all.clone().filter(|place| !self.places[*place].scope.is_empty());
        match param.how {
            How::Collect | How::CollectResults => match one_of(collectable(), param.picks[0]) {
                Some(place) => Fed { how: param.how, from: vec![place] },
                None => Fed { how: How::Borrow, from: vec![param.picks[0] % INPUTS] },
            },
            How::Absent | How::Unsupplied => Fed { how: param.how, from: Vec::new() },
            How::Group | How::Map => {
                let first = param.picks[0] % self.places.len();
                let scope = &self.places[first].scope;
                let others = param.picks[1..].iter().filter_map(|pick| one_of(self.seen_from(scope), *pick));
                Fed { how: param.how, from: [first].into_iter().chain(others).collect() }
            }
            how => Fed { how, from: vec![param.picks[0] % self.places.len()] },
        }
    }

    /// Others are fed from the same block, or from one around it.
    fn second(&self, param: &Param, scope: &[usize]) -> Option<Fed> {
        let from = match param.how {
            How::Unsupplied => return Some(Fed { how: param.how, from: Vec::new() }),
            How::Collect => {
                let collectable = |place: &usize| {
                    let place = &self.places[*place];
                    place.scope.split_last().is_some_and(|(block, outer)| {
                        let after = place.after.iter().chain([block]);
                        scope.starts_with(outer) && self.may_come_after(scope, after)
                    })
                };
                one_of((0..self.places.len()).filter(collectable), param.picks[0])
            }
            _ => one_of(self.seen_from(scope), param.picks[0]),
        };
        from.map(|from| Fed { how: param.how, from: vec![from] })
    }

    /// What can be had in a block without being collected.
    fn seen_from(&self, scope: &[usize]) -> impl Iterator<Item = usize> + Clone {
        (0..self.places.len()).filter(|place| {
            let place = &self.places[*place];
            scope.starts_with(&place.scope) && self.may_come_after(scope, place.after.iter())
        })
    }

    /// Whether these blocks can end before those of a scope begin.
    fn may_come_after<'a>(&'a self, scope: &[usize], blocks: impl Iterator<Item = &'a usize>) -> bool {
        let mut blocks: Vec<&usize> = blocks.collect();
        while let Some(block) = blocks.pop() {
            if scope.contains(block) {
                return false;
            }
            blocks.extend(self.before.get(block).into_iter().flatten());
        }
        true
    }

    fn scope_of(&self, fed: &Fed) -> Vec<usize> {
        let scope = fed.from.first().map(|from| self.places[*from].scope.clone()).unwrap_or_default();
        match fed.how {
            How::Collect | How::CollectResults => scope[..scope.len() - 1].to_vec(),
            _ => scope,
        }
    }

    fn tells_items_apart(&self, fed: &Fed, scope: &[usize]) -> bool {
        matches!(fed.how, How::Borrow | How::Own | How::Optional | How::OptionalOwn | How::Group)
            && fed.from.iter().any(|from| self.places[*from].scope == scope && self.places[*from].is_unique)
    }
}

/// The graph in short, for the messages of a case that fails: a line for each node.
impl fmt::Display for Plot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |places: &[usize]| {
            places.iter().map(|it| &self.places[*it].name[..]).collect::<Vec<_>>().join(" ")
        };
        for node in &self.nodes {
            let params: Vec<String> =
                node.params.iter().map(|it| format!("{:?} {}", it.how, names(&it.from))).collect();
            write!(f, "\n{}({}) {:?}, ends {:?}", node.name, params.join(", "), node.does, node.ends)?;
            write!(f, ", waits {:?}, retries {}, fallback ", node.waits, node.retries)?;
            match node.fallback {
                Some(StandIn::Other(place)) => write!(f, "{}", self.places[place].name)?,
                other => write!(f, "{other:?}")?,
            }
        }
        write!(f, "\nwanted: {}", names(&self.wanted))?;
        write!(f, "\ngiven: {}", names(self.given.as_slice()))
    }
}

fn one_of(all: impl Iterator<Item = usize> + Clone, pick: usize) -> Option<usize> {
    let count = all.clone().count();
    if count == 0 { None } else { all.into_iter().nth(pick % count) }
}

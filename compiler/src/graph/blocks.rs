//! Dynamic blocks: which node is in which, and what no block can be.
//!
//! A node that expands opens a block; whoever takes its value takes one item, and so runs once for each. That holds
//! for who takes that one's value in turn, until somebody collects. A node is in all the blocks that any of its needs
//! is in: so one need must be in them all, and the others in the outer ones at most.

use super::cycle::Edges;
use super::{Kind, NodeSpec, Problem, Take};

/// A node whose place is known.
#[derive(Default)]
struct Placed {
    /// The blocks that it is in, the outermost first.
    scope: Vec<usize>,
    /// The blocks that must have ended before it runs, by their numbers.
    after: Bits,
}

/// One name of one need.
struct Taken {
    need: usize,
    member: usize,
    provider: usize,
    /// The blocks that the node gets into by it.
    scope: Vec<usize>,
    /// The block that it collects.
    collected: Option<usize>,
}

/// The blocks of each node, where all is well. Nothing is said about what needs a node that is wrong in another way,
/// which may be the cause.
pub(super) fn scopes(
    specs: &[NodeSpec],
    edges: Edges<'_>,
    order: &[usize],
    problems: &mut Vec<Problem>,
) -> Vec<Vec<usize>> {
    let collects = |spec: &NodeSpec| spec.needs.iter().any(|need| need.take == Take::Collected);
    if !specs.iter().any(|spec| spec.expands || collects(spec)) {
        return vec![Vec::new(); specs.len()];
    }
    let mut wrong: Vec<bool> = specs.iter().map(|spec| spec.unclear).collect();
    for node in problems.iter().flat_map(Problem::nodes) {
        wrong[node] = true;
    }
    let mut blocks = Blocks { specs, numbers: numbers(specs), placed: specs.iter().map(|_| None).collect() };
    let mut found = Vec::new();
    for node in order {
        let placed = blocks.place(*node, edges, &mut found);
        blocks.placed[*node] = placed.filter(|_| !wrong[*node]);
    }
    // In the order of declaration.
    found.sort_by_key(|(node, _)| *node);
    problems.extend(found.into_iter().map(|(_, problem)| problem));
    blocks.placed.into_iter().map(|placed| placed.unwrap_or_default().scope).collect()
}

/// Numbers for the nodes that open blocks.
fn numbers(specs: &[NodeSpec]) -> Vec<usize> {
    let mut next = 0;
    specs
        .iter()
        .map(|spec| {
            next += usize::from(spec.expands);
            next - usize::from(spec.expands)
        })
        .collect()
}

struct Blocks<'a> {
    specs: &'a [NodeSpec],
    /// For each node that opens a block the number of that block.
    numbers: Vec<usize>,
    /// The nodes so far; `None` where nothing can be said.
    placed: Vec<Option<Placed>>,
}

impl Blocks<'_> {
    /// `None` where it has no place, or that of a need is not known.
    fn place(&self, node: usize, edges: Edges<'_>, found: &mut Vec<(usize, Problem)>) -> Option<Placed> {
        let before = found.len();
        let mut known = true;
        let mut all: Vec<Taken> = Vec::new();
        let mut after = Bits::default();
        for (need, providers) in edges.needs[node].iter().enumerate() {
            for (member, provider) in providers.iter().enumerate() {
                let Some(provider) = *provider else { continue };
                let Some(placed) = &self.placed[provider] else {
                    known = false;
                    continue;
                };
                after.extend(&placed.after);
                let mut taken =
                    Taken { need, member, provider, scope: placed.scope.clone(), collected: None };
                let take = self.specs[node].needs[need].take;
                // What it wrote about itself it wrote once, and not for each item.
                if self.specs[provider].expands && take != Take::Metadata {
                    taken.scope.push(provider);
                }
                if take == Take::Collected {
                    taken.collected = taken.scope.pop();
                    match taken.collected {
                        Some(block) => after.insert(self.numbers[block]),
                        None => found.push((node, self.nothing_to_collect(node, need, provider))),
                    }
                }
                all.push(taken);
            }
        }
        let innermost = self.innermost(node, &all, found);
        if let Some(innermost) = innermost
            && let Some(problem) = self.item_and_all(node, innermost, &all, &after)
        {
            found.push((node, problem));
        }
        let scope = innermost.map(|taken| taken.scope.clone()).unwrap_or_default();
        if let Some(block) = scope.last().filter(|_| self.specs[node].limited) {
            let (name, block) = (self.name(node), self.name(*block));
            found.push((node, Problem::LimitInBlock { node, name, block }));
        }
        // Where it has no place of its own, its fallback may well have a right one.
        if let Some(fallback) = edges.fallbacks[node]
            && known
            && found.len() == before
        {
            match &self.placed[fallback] {
                Some(placed) => {
                    after.extend(&placed.after);
                    let problem = self.wrong_fallback(node, &scope, fallback, placed);
                    found.extend(problem.map(|problem| (node, problem)));
                }
                None => known = false,
            }
        }
        (known && found.len() == before).then_some(Placed { scope, after })
    }

    /// What puts the node into most blocks. All others must put it into the outer ones of these.
    fn innermost<'t>(
        &self,
        node: usize,
        all: &'t [Taken],
        found: &mut Vec<(usize, Problem)>,
    ) -> Option<&'t Taken> {
        let (first, others) = all.split_first()?;
        let mut innermost = first;
        for taken in others {
            let (longer, shorter) = if taken.scope.len() > innermost.scope.len() {
                (taken, innermost)
            } else {
                (innermost, taken)
            };
            if !longer.scope.starts_with(&shorter.scope) {
                found.push((node, self.mixed(node, innermost, taken)));
                return None;
            }
            innermost = longer;
        }
        Some(innermost)
    }

    fn nothing_to_collect(&self, node: usize, need: usize, provider: usize) -> Problem {
        Problem::NothingToCollect {
            node,
            need,
            name: self.name(node),
            needed: self.name(provider),
            is_input: self.specs[provider].kind == Kind::Input,
        }
    }

    fn mixed(&self, node: usize, first: &Taken, second: &Taken) -> Problem {
        let same = first.scope.iter().zip(&second.scope).take_while(|(one, other)| one == other).count();
        // Neither is the beginning of the other, so both go on where they part.
        let block = |taken: &Taken| taken.scope.get(same).map(|block| self.name(*block)).unwrap_or_default();
        Problem::MixedBlocks {
            node,
            need: second.need,
            member: second.member,
            name: self.name(node),
            taken: [first, second].map(|taken| (self.name(taken.provider), block(taken))),
            metadata: [first, second].map(|taken| self.is_metadata(node, taken)),
        }
    }

    /// A node cannot run for an item, and after all items.
    fn item_and_all(&self, node: usize, innermost: &Taken, all: &[Taken], after: &Bits) -> Option<Problem> {
        let block = *innermost.scope.iter().find(|block| after.contains(self.numbers[**block]))?;
        let needs_all = |taken: &&Taken| {
            let placed = self.placed[taken.provider].as_ref();
            taken.collected == Some(block)
                || placed.is_some_and(|placed| placed.after.contains(self.numbers[block]))
        };
        // What collects by itself says most.
        let collecting = all.iter().find(|taken| taken.collected == Some(block));
        let needed = collecting.or_else(|| all.iter().find(needs_all))?;
        Some(Problem::ItemAndAll {
            node,
            need: needed.need,
            member: needed.member,
            name: self.name(node),
            item: self.name(innermost.provider),
            metadata: self.is_metadata(node, innermost),
            block: self.name(block),
            needed: self.name(needed.provider),
            collects: needed.collected == Some(block),
        })
    }

    /// What stands in for a node must be there where the node is, and when.
    fn wrong_fallback(
        &self,
        node: usize,
        scope: &[usize],
        fallback: usize,
        placed: &Placed,
    ) -> Option<Problem> {
        let own = self.specs[fallback].expands.then_some(&fallback);
        let mut blocks = placed.scope.iter().chain(own).enumerate();
        let outside = blocks.find(|(depth, block)| scope.get(*depth) != Some(*block));
        let all = || scope.iter().find(|block| placed.after.contains(self.numbers[**block]));
        let (block, is_outside) = match outside {
            Some((_, block)) => (block, true),
            None => (all()?, false),
        };
        Some(Problem::FallbackBlock {
            node,
            name: self.name(node),
            fallback: self.name(fallback),
            block: self.name(*block),
            is_outside,
        })
    }

    fn is_metadata(&self, node: usize, taken: &Taken) -> bool {
        self.specs[node].needs[taken.need].take == Take::Metadata
    }

    fn name(&self, node: usize) -> String {
        self.specs[node].name.clone()
    }
}

/// A set of small numbers.
#[derive(Default)]
struct Bits {
    words: Vec<u64>,
}

impl Bits {
    fn insert(&mut self, number: usize) {
        let word = number / 64;
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= 1 << (number % 64);
    }

    fn contains(&self, number: usize) -> bool {
        self.words.get(number / 64).is_some_and(|word| word & (1 << (number % 64)) != 0)
    }

    fn extend(&mut self, other: &Self) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (word, more) in self.words.iter_mut().zip(&other.words) {
            *word |= more;
        }
    }
}

//! What an entry point calls, and under which conditions.
//!
//! A node that only one arm of a `match` needs is called in that arm, so that an entry runs what a driver would run and
//! nothing else. Every arm that calls more than its own function is a scope; the function's body is the outermost one.
//! What several arms need, and not all of them, is made before the first of them `if` one of them is selected.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Context;
use super::condition::{Condition, Selectors};
use crate::syntax::check::{self, Feed, Node, Origin, Variant};
use crate::syntax::include::{IncludedCall, Pass};
use crate::syntax::model::Mode;

/// The calls of an entry point. Steps are named by the index of their node.
pub(super) struct Plan {
    /// What it yields.
    pub(super) outputs: Vec<usize>,
    /// The inputs that it needs.
    pub(super) inputs: Vec<usize>,
    /// Whether one of the nodes is async.
    pub(super) awaits: bool,
    /// The call of each node, where it is called.
    pub(super) steps: Vec<Option<Step>>,
    /// The body, and then the arms that make calls of their own.
    pub(super) scopes: Vec<Scope>,
    pub(super) selectors: Selectors,
    /// For each node the one whose call makes its value; itself, except for parts.
    producers: Vec<usize>,
    /// For each node the dynamic blocks that it is in, the outermost first.
    blocks: Vec<Vec<usize>>,
    /// For each node that opens a block the scope that is run for each item.
    loops: BTreeMap<usize, usize>,
    /// The values of blocks that are kept in lists, and in how many levels.
    lists: BTreeMap<usize, usize>,
    /// For each use, by step, arm and value, the scope at whose end a list takes it, if one does.
    sites: BTreeMap<(usize, usize, usize), Option<usize>>,
}

/// An arm of a step that needs something.
#[derive(Clone, Copy)]
struct User {
    step: usize,
    arm: usize,
}

/// One call.
pub(super) struct Step {
    /// Where it is made.
    pub(super) scope: usize,
    /// When it is made there; `None` where always.
    pub(super) condition: Option<Condition>,
    /// When its function is called at all.
    when: Condition,
    /// One for each variant.
    pub(super) arms: Vec<Arm>,
    /// Whether somebody needs the value itself.
    pub(super) whole: bool,
    /// The parts that somebody needs.
    pub(super) parts: Vec<usize>,
}

/// A variant of a step.
pub(super) struct Arm {
    /// Where the calls are made that only this arm needs: that of the step, if it has no scope of its own.
    pub(super) scope: usize,
    pub(super) args: Vec<Arg>,
}

/// One argument.
pub(super) struct Arg {
    /// None of a constant, several of a group.
    pub(super) values: Vec<usize>,
    /// Whether it is taken by value.
    pub(super) owned: bool,
    /// Whether this is the last use, so that the value can be moved.
    pub(super) moved: bool,
    /// Whether it is the list of all that a block has made of it.
    pub(super) collected: bool,
}

/// A list of calls.
pub(super) struct Scope {
    /// The step whose arm it is; of the body nothing.
    pub(super) step: Option<usize>,
    depth: usize,
    /// When it is entered.
    when: Condition,
    /// The steps in it, in the order of the calls.
    pub(super) order: Vec<usize>,
}

/// The body.
pub(super) const BODY: usize = 0;

/// Arms nest no deeper than this: neither rustc nor a reader likes it.
const DEEPEST: usize = 4;

/// The depth of the first loop: below all arms that are around it.
const LOOP: usize = 1 << 10;

impl Plan {
    pub(super) fn of(context: &Context<'_>, outputs: &[usize]) -> Self {
        let nodes = &context.checked.nodes;
        let needed = check::needed(context.checked, outputs);
        let producers = producers(nodes);
        let mut plan = Self {
            outputs: outputs.to_vec(),
            inputs: needed.iter().copied().filter(|index| nodes[*index].kind() == "input").collect(),
            awaits: needed.iter().any(|index| nodes[*index].is_async()),
            steps: nodes.iter().map(|_| None).collect(),
            scopes: vec![Scope { step: None, depth: 0, when: Condition::always(), order: Vec::new() }],
            selectors: Selectors::of(nodes, &needed),
            producers,
            blocks: context.checked.scopes.clone(),
            loops: BTreeMap::new(),
            lists: BTreeMap::new(),
            sites: BTreeMap::new(),
        };
        let mut parts: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
        for index in needed.iter().copied().filter(|index| plan.producers[*index] != *index) {
            parts[plan.producers[index]].push(index);
        }
        // In the order in which a driver takes them, too.
        for parts in &mut parts {
            parts.sort_by_key(|part| part_number(&nodes[*part]));
        }
        // For each step who needs it: which step, and which of its arms.
        let mut users: Vec<Vec<User>> = vec![Vec::new(); nodes.len()];
        let mut used = vec![false; nodes.len()];
        for output in outputs {
            used[*output] = true;
        }
        for block in needed.iter().copied().filter(|index| nodes[*index].expands()) {
            let depth = LOOP * (1 + plan.blocks[block].len());
            plan.loops.insert(block, plan.scopes.len());
            plan.scopes.push(Scope { step: Some(block), depth, when: Condition::never(), order: Vec::new() });
        }
        plan.list_outputs();
        let calls = plan.sorted(context, needed.iter().copied().filter(|index| is_call(&nodes[*index])));
        for index in calls.iter().rev().copied() {
            let mut step = plan.place(context, index, &users[index]);
            step.whole = used[index];
            step.parts = std::mem::take(&mut parts[index]);
            for (number, arm) in step.arms.iter().enumerate() {
                for arg in &arm.args {
                    for value in arg.values.iter().copied() {
                        used[value] = true;
                        let by = User { step: index, arm: number };
                        let block = plan.block_of(value).filter(|_| arg.collected);
                        if let Some(block) = block {
                            plan.lists.insert(value, 1.max(plan.lists.get(&value).copied().unwrap_or(0)));
                            users[block].push(by);
                        }
                        // The item of a block is no reason to open it.
                        if !nodes[value].expands() {
                            let scope = block.map(|block| plan.loops[&block]);
                            users[plan.producers[value]].push(by);
                            plan.sites.entry((index, number, value)).or_insert(scope);
                        }
                    }
                }
            }
            plan.steps[index] = Some(step);
        }
        plan.finish(&calls);
        plan
    }

    /// The lists that outputs of blocks are, and those that they are lists of.
    fn list_outputs(&mut self) {
        for output in self.outputs.clone() {
            let depth = self.depth_of(output);
            if depth > 0 {
                self.lists.insert(output, depth);
            }
        }
    }

    /// The calls in an order in which each comes after what it needs, and what opens a block after all that is needed
    /// in it from outside.
    fn sorted(&self, context: &Context<'_>, calls: impl Iterator<Item = usize>) -> Vec<usize> {
        let calls: Vec<usize> = calls.collect();
        if self.loops.is_empty() {
            return calls;
        }
        let mut after: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); self.blocks.len()];
        for index in calls.iter().copied() {
            for value in arms(context, index).into_iter().flatten().flat_map(|arg| arg.values) {
                let producer = self.producers[value];
                after[producer].insert(index);
                let inner = self.blocks[index].iter().filter(|block| !self.blocks[producer].contains(block));
                after[producer].extend(inner.filter(|block| **block != producer));
            }
        }
        sorted(&calls, &after)
    }

    /// Says when the steps are made, now that it is known when their scopes are entered.
    fn finish(&mut self, calls: &[usize]) {
        for index in calls.iter().copied() {
            let Some(step) = &mut self.steps[index] else { continue };
            if let Some(scope) = self.loops.get(&index) {
                self.scopes[*scope].when = step.when.clone();
            }
            self.scopes[step.scope].order.push(index);
        }
        for index in calls.iter().copied() {
            let Some(step) = &mut self.steps[index] else { continue };
            step.condition = (step.when != self.scopes[step.scope].when).then(|| step.when.clone());
        }
    }

    /// Finds out where a step belongs; all who need it have been placed.
    fn place(&mut self, context: &Context<'_>, index: usize, users: &[User]) -> Step {
        let mut when = Condition::never();
        let mut scope: Option<usize> = None;
        let asked = |output: &&usize| {
            let output = **output;
            self.producers[output] == index || self.blocks_of(output).any(|block| block == index)
        };
        if self.outputs.iter().any(|output| asked(&output)) {
            when = Condition::always();
            // Within the blocks that it is in itself.
            scope = Some(self.blocks[index].last().map_or(BODY, |block| self.loops[block]));
        }
        for User { step: user, arm } in users {
            let Some(step) = &self.steps[*user] else { continue };
            when.or(step.when.clone().and(self.selectors.of_arm(*user, *arm)));
            let values = step.arms[*arm].args.iter().flat_map(|arg| &arg.values);
            let own = values.filter(|value| self.producers[**value] == index);
            let mut collected = own.filter_map(|value| *self.sites.get(&(*user, *arm, *value))?);
            let at = collected.next().unwrap_or(step.arms[*arm].scope);
            scope = Some(scope.map_or(at, |scope| self.common(scope, at)));
        }
        let scope = scope.unwrap_or(BODY);
        when.reduce(&self.selectors);
        let depth = self.scopes[scope].depth + 1;
        let arms = arms(context, index);
        let own_scopes = arms.len() > 1 && depth % LOOP <= DEEPEST;
        let mut placed = Vec::with_capacity(arms.len());
        for (arm, args) in arms.into_iter().enumerate() {
            if !own_scopes {
                placed.push(Arm { scope, args });
                continue;
            }
            let mut inner = when.clone().and(self.selectors.of_arm(index, arm));
            inner.reduce(&self.selectors);
            placed.push(Arm { scope: self.scopes.len(), args });
            self.scopes.push(Scope { step: Some(index), depth, when: inner, order: Vec::new() });
        }
        Step { scope, condition: None, when, arms: placed, whole: false, parts: Vec::new() }
    }

    /// The blocks that a value is in, as what a node takes of it, the outermost first.
    fn blocks_of(&self, value: usize) -> impl Iterator<Item = usize> {
        let own = self.loops.contains_key(&value).then_some(value);
        self.blocks[value].iter().copied().chain(own)
    }

    /// The innermost block that a value is in.
    pub(super) fn block_of(&self, value: usize) -> Option<usize> {
        self.blocks_of(value).last()
    }

    /// In how many blocks a value is.
    pub(super) fn depth_of(&self, value: usize) -> usize {
        self.blocks_of(value).count()
    }

    /// The steps that run once for each item of a block.
    pub(super) fn loop_of(&self, block: usize) -> Option<&Scope> {
        self.loops.get(&block).map(|scope| &self.scopes[*scope])
    }

    /// The lists that are made of what is in a block: of which value, and of how many levels down.
    pub(super) fn lists_of(&self, block: usize) -> Vec<(usize, usize)> {
        let of_block = |(value, levels): (&usize, &usize)| {
            let blocks: Vec<usize> = self.blocks_of(*value).collect();
            let level = blocks.iter().rev().position(|it| *it == block)?;
            (level < *levels).then_some((*value, level))
        };
        self.lists.iter().filter_map(of_block).collect()
    }

    /// Whether a value is kept in a list, at the end of the block that it is in.
    pub(super) fn is_listed(&self, value: usize) -> bool {
        self.lists.contains_key(&value)
    }

    pub(super) fn has_blocks(&self) -> bool {
        !self.loops.is_empty()
    }

    /// The innermost scope around two.
    fn common(&self, mut one: usize, mut other: usize) -> usize {
        while one != other {
            if self.scopes[one].depth >= self.scopes[other].depth {
                one = self.around(one);
            } else {
                other = self.around(other);
            }
        }
        one
    }

    fn around(&self, scope: usize) -> usize {
        self.scopes[scope].step.and_then(|step| self.steps[step].as_ref()).map_or(BODY, |step| step.scope)
    }

    pub(super) fn step(&self, index: usize) -> Option<&Step> {
        self.steps.get(index).and_then(Option::as_ref)
    }

    /// The step that makes a value; none makes an input.
    pub(super) fn producer(&self, value: usize) -> Option<usize> {
        let producer = self.producers[value];
        self.step(producer).map(|_| producer)
    }

    /// Whether a value is only made under a condition, and so kept in an `Option`. The item of a block is there in all
    /// of the loop, whether or not there is one.
    pub(super) fn is_conditional(&self, value: usize) -> bool {
        let producer = self.producers[value];
        self.loop_of(producer).is_none() && self.step(producer).is_some_and(|step| step.condition.is_some())
    }

    /// The step of `scope` in which an arm is called; `None` where it is the arm that has the scope.
    pub(super) fn unit(&self, scope: usize, (step, arm): (usize, usize)) -> Option<usize> {
        let mut unit = step;
        let mut at = self.step(step)?;
        if at.arms[arm].scope == scope && at.scope != scope {
            return None;
        }
        while at.scope != scope {
            unit = self.scopes[at.scope].step?;
            at = self.step(unit)?;
        }
        Some(unit)
    }

    /// The steps of a list, and those in their arms.
    pub(super) fn deep(&self, steps: &[usize]) -> Vec<usize> {
        let mut all = Vec::new();
        let mut stack: Vec<usize> = steps.iter().rev().copied().collect();
        while let Some(index) = stack.pop() {
            let Some(step) = self.step(index) else { continue };
            all.push(index);
            if let Some(inner) = self.loop_of(index) {
                stack.extend(inner.order.iter().rev());
            }
            for arm in step.arms.iter().filter(|arm| arm.scope != step.scope) {
                stack.extend(self.scopes[arm.scope].order.iter().rev());
            }
        }
        all
    }

    /// All calls, in no order that means anything.
    pub(super) fn all(&self) -> impl Iterator<Item = (usize, &Step)> {
        self.steps.iter().enumerate().filter_map(|(index, step)| Some((index, step.as_ref()?)))
    }
}

/// Some steps in an order in which each comes before those that must come after it; of those that can come next the
/// first one does.
pub(super) fn sorted(steps: &[usize], after: &[BTreeSet<usize>]) -> Vec<usize> {
    let places: BTreeMap<usize, usize> =
        steps.iter().enumerate().map(|(place, step)| (*step, place)).collect();
    let mut waits: BTreeMap<usize, usize> = BTreeMap::new();
    for step in steps {
        for next in after[*step].iter().filter(|next| places.contains_key(*next)) {
            *waits.entry(*next).or_default() += 1;
        }
    }
    let mut ready: BTreeSet<(usize, usize)> = places
        .iter()
        .filter(|(step, _)| !waits.contains_key(*step))
        .map(|(step, place)| (*place, *step))
        .collect();
    let mut order = Vec::with_capacity(steps.len());
    while let Some((_, step)) = ready.pop_first() {
        order.push(step);
        for next in &after[step] {
            let (Some(place), Some(left)) = (places.get(next), waits.get_mut(next)) else { continue };
            *left -= 1;
            if *left == 0 {
                ready.insert((*place, *next));
            }
        }
    }
    order
}

/// The values that a step takes, with the arm that takes each.
pub(super) fn uses(step: &Step) -> impl Iterator<Item = (usize, usize)> {
    step.arms
        .iter()
        .enumerate()
        .flat_map(|(arm, it)| it.args.iter().flat_map(|arg| &arg.values).map(move |value| (arm, *value)))
}

fn producers(nodes: &[Node<'_>]) -> Vec<usize> {
    let by_name: BTreeMap<&str, usize> =
        nodes.iter().enumerate().map(|(index, node)| (node.name.text.as_str(), index)).collect();
    let parent = |node: &Node<'_>| node.part_of().and_then(|of| by_name.get(of).copied());
    nodes.iter().enumerate().map(|(index, node)| parent(node).unwrap_or(index)).collect()
}

fn part_number(node: &Node<'_>) -> usize {
    match &node.origin {
        Origin::Part { function, part, .. } => {
            let mut parts = function.extract.iter().flat_map(|extract| &extract.parts);
            parts.position(|other| other.name.text == part.name.text).unwrap_or(0)
        }
        Origin::Included { node, .. } => node.part_number(),
        Origin::Input(_) | Origin::Function(_) => 0,
    }
}

fn is_call(node: &Node<'_>) -> bool {
    node.kind() == "node" && node.part_of().is_none()
}

/// The arguments of each variant.
fn arms(context: &Context<'_>, index: usize) -> Vec<Vec<Arg>> {
    let feeds = &context.checked.feeds[index];
    match &context.checked.nodes[index].origin {
        Origin::Function(variants) => variants.iter().zip(feeds).map(own).collect(),
        Origin::Included { node, .. } => {
            let calls = node.included_calls().unwrap_or_default();
            calls.iter().zip(feeds).map(included).collect()
        }
        _ => Vec::new(),
    }
}

/// What is absent in an included dataflow is not passed, and stays absent.
fn included((call, feeds): (&IncludedCall, &Vec<Feed>)) -> Vec<Arg> {
    let mut providers = feeds.iter().filter_map(|feed| match feed {
        Feed::One(provider) => Some(*provider),
        _ => None,
    });
    let arg = |pass: &Pass| Arg {
        values: providers.by_ref().take(pass.width()).collect(),
        owned: matches!(pass, Pass::Own | Pass::OptionOwn),
        moved: false,
        collected: *pass == Pass::Collect,
    };
    call.passed.iter().map(arg).collect()
}

fn own((variant, feeds): (&Variant<'_>, &Vec<Feed>)) -> Vec<Arg> {
    let arg = |(param, feed): (&crate::syntax::model::Param, &Feed)| {
        let values = match feed {
            Feed::Constant | Feed::Absent => Vec::new(),
            Feed::One(provider) => vec![*provider],
            Feed::Many(providers) => providers.clone(),
        };
        let owned = matches!(param.mode, Mode::Own(_) | Mode::OptionOwn(_)) && values.len() == 1;
        Arg { values, owned, moved: false, collected: matches!(param.mode, Mode::Collect { .. }) }
    };
    variant.params().zip(feeds).map(arg).collect()
}

//! The order of the calls, and who may move a value.
//!
//! A value is moved at its last use, and cloned before. Where the order of the graph would have others look at it
//! later, they are put before the one that takes it, as far as they do not need what that one makes.

use std::collections::BTreeSet;

use super::plan::{Plan, sorted};
use super::together::Natures;

/// A use of a value: the argument of an arm of a step.
#[derive(Clone, Copy)]
struct Use {
    step: usize,
    arm: usize,
    arg: usize,
    owned: bool,
}

/// How much may be spent on putting calls into another order: where each value has many moved for it, the work would
/// grow with the square of the graph. A value can be cloned as well.
const STEPS: usize = 1 << 20;

/// Arranges the calls of all scopes and marks the moves; `copied` are values that need none.
pub(super) fn arrange(plan: &mut Plan, copied: impl Fn(usize) -> bool, natures: &Natures) {
    let mut order = Order::of(plan);
    let uses = uses_by_value(plan);
    let mut taken = Vec::new();
    for (value, uses) in uses.iter().enumerate() {
        let Some(producer) = plan.producer(value) else { continue };
        let kept = plan.outputs.contains(&value) || plan.is_listed(value);
        if uses.iter().all(|it| !it.owned) || kept || copied(value) {
            continue;
        }
        let Some(scope) = plan.step(producer).map(|step| step.scope) else { continue };
        order.favour(plan, scope, uses);
        taken.push((scope, uses));
    }
    order.gather(plan, natures);
    let mut moves = Vec::new();
    for (scope, uses) in taken {
        last_uses(plan, &order.rank, scope, uses, &mut moves);
    }
    for Use { step, arm, arg, .. } in moves {
        if let Some(step) = &mut plan.steps[step] {
            step.arms[arm].args[arg].moved = true;
        }
    }
}

fn uses_by_value(plan: &Plan) -> Vec<Vec<Use>> {
    let mut uses: Vec<Vec<Use>> = vec![Vec::new(); plan.steps.len()];
    for (index, step) in plan.all() {
        for (number, arm) in step.arms.iter().enumerate() {
            for (at, arg) in arm.args.iter().enumerate().filter(|(_, arg)| !arg.collected) {
                for value in &arg.values {
                    uses[*value].push(Use { step: index, arm: number, arg: at, owned: arg.owned });
                }
            }
        }
    }
    uses
}

/// Adds the uses after which the value is not looked at any more, in whichever arm.
fn last_uses(plan: &Plan, rank: &[usize], scope: usize, uses: &[Use], moves: &mut Vec<Use>) {
    let unit = |it: &Use| plan.unit(scope, (it.step, it.arm));
    // The arm whose scope this is comes after all that is called in it.
    let mut last: Vec<Use> = uses.iter().copied().filter(|it| unit(it).is_none()).collect();
    if !last.is_empty() {
        if let [only] = last.as_slice()
            && only.owned
        {
            moves.push(*only);
        }
        return;
    }
    let Some(latest) = uses.iter().filter_map(unit).max_by_key(|unit| rank[*unit]) else { return };
    last.extend(uses.iter().filter(|it| unit(it) == Some(latest)));
    let Some(step) = plan.step(latest) else { return };
    // What is used for each item cannot be moved for one.
    if plan.loop_of(latest).is_some() && last.iter().any(|it| it.step != latest) {
        return;
    }
    for (number, arm) in step.arms.iter().enumerate() {
        let own: Vec<Use> = last.iter().copied().filter(|it| it.step == latest && it.arm == number).collect();
        match own.as_slice() {
            [only] if only.owned => moves.push(*only),
            [] if arm.scope != step.scope => {
                let within = |it: &Use| it.step != latest && is_within(plan, arm.scope, it);
                let inner: Vec<Use> = last.iter().copied().filter(within).collect();
                last_uses(plan, rank, arm.scope, &inner, moves);
            }
            _ => {}
        }
    }
}

fn is_within(plan: &Plan, scope: usize, it: &Use) -> bool {
    let mut at = plan.step(it.step).map(|step| step.scope);
    while let Some(inner) = at {
        if inner == scope {
            return true;
        }
        at = plan.scopes[inner].step.and_then(|step| plan.step(step)).map(|step| step.scope);
    }
    false
}

/// An order of the steps of each scope in which everything is made before it is needed.
struct Order {
    /// The place of each step in its scope.
    rank: Vec<usize>,
    /// For each step those of its scope that must come after it.
    after: Vec<BTreeSet<usize>>,
    spent: usize,
}

impl Order {
    fn of(plan: &mut Plan) -> Self {
        let mut rank = vec![0; plan.steps.len()];
        for scope in &plan.scopes {
            for (place, step) in scope.order.iter().enumerate() {
                rank[*step] = place;
            }
        }
        let mut after = vec![BTreeSet::new(); plan.steps.len()];
        for (index, step) in plan.all() {
            for (number, arm) in step.arms.iter().enumerate() {
                for (arg, value) in
                    arm.args.iter().flat_map(|arg| arg.values.iter().map(move |value| (arg, value)))
                {
                    // A list is made by the whole loop.
                    let collected = plan.block_of(*value).filter(|_| arg.collected);
                    let Some(producer) = collected.or_else(|| plan.producer(*value)) else { continue };
                    let Some(scope) = plan.step(producer).map(|step| step.scope) else { continue };
                    let unit = plan.unit(scope, (index, number)).filter(|unit| *unit != producer);
                    after[producer].extend(unit);
                }
            }
        }
        if plan.has_blocks() {
            for scope in &mut plan.scopes {
                scope.order = sorted(&scope.order, &after);
                for (place, step) in scope.order.iter().enumerate() {
                    rank[*step] = place;
                }
            }
        }
        Self { rank, after, spent: 0 }
    }

    /// Puts the last of those who take a value behind all others who look at it, if that can be.
    fn favour(&mut self, plan: &mut Plan, scope: usize, uses: &[Use]) {
        let units: Vec<Option<usize>> = uses.iter().map(|it| plan.unit(scope, (it.step, it.arm))).collect();
        if units.contains(&None) {
            return; // The arm itself takes it, and comes last in any case.
        }
        let units: Vec<usize> = units.into_iter().flatten().collect();
        let all: BTreeSet<usize> = units.iter().copied().collect();
        let mut takers: Vec<usize> =
            units.iter().zip(uses).filter(|(_, it)| it.owned).map(|(unit, _)| *unit).collect();
        takers.sort_by_key(|taker| std::cmp::Reverse(self.rank[*taker]));
        takers.dedup();
        for taker in takers {
            let single = plan.step(taker).is_some_and(|step| step.arms.len() == 1);
            // A call that uses the value twice cannot take it away.
            if single && units.iter().filter(|unit| **unit == taker).count() > 1 {
                continue;
            }
            let mut others = all.clone();
            others.remove(&taker);
            if self.put_last(&mut plan.scopes[scope].order, taker, &others) {
                for other in others {
                    self.after[other].insert(taker);
                }
                return;
            }
        }
    }

    /// Puts steps that wait beside each other.
    fn gather(&mut self, plan: &mut Plan, natures: &Natures) {
        for scope in &mut plan.scopes {
            natures.gather(&mut scope.order, &self.after);
            for (place, step) in scope.order.iter().enumerate() {
                self.rank[*step] = place;
            }
        }
    }

    /// Moves a step, and what waits for it, behind all of `others`, unless one of them waits for it.
    fn put_last(&mut self, order: &mut [usize], step: usize, others: &BTreeSet<usize>) -> bool {
        let first = self.rank[step];
        let last = others.iter().map(|other| self.rank[*other]).max().unwrap_or(0);
        if last < first {
            return true;
        }
        if self.spent > STEPS {
            return false;
        }
        let mut behind = BTreeSet::from([step]);
        let mut stack = vec![step];
        while let Some(step) = stack.pop() {
            self.spent += 1;
            for next in self.after[step].iter().copied() {
                if self.rank[next] <= last && behind.insert(next) {
                    stack.push(next);
                }
            }
        }
        if others.iter().any(|other| behind.contains(other)) {
            return false;
        }
        let window = &mut order[first..=last];
        self.spent += window.len();
        let (mut before, after): (Vec<usize>, Vec<usize>) =
            window.iter().partition(|step| !behind.contains(*step));
        before.extend(after);
        window.copy_from_slice(&before);
        for (place, step) in before.into_iter().enumerate() {
            self.rank[step] = first + place;
        }
        true
    }
}

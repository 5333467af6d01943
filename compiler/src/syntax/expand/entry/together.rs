//! Async nodes that do not need each other are awaited at the same time.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::body::{Writer, fails, step_fails};
use super::plan::{Plan, uses};
use crate::syntax::check::Node;

/// What the steps of a plan do, as far as it matters for when they do it.
pub(super) struct Natures(Vec<Nature>);

#[derive(Clone, Copy)]
struct Nature {
    /// Whether it can be awaited together with others.
    waits: bool,
    fails: bool,
}

impl Natures {
    pub(super) fn of(plan: &Plan, nodes: &[Node<'_>]) -> Self {
        let fails = |index: &usize| plan.step(*index).is_some_and(|step| step_fails(nodes, *index, step));
        let nature = |index: usize| Nature {
            waits: nodes[index].is_async() && plan.is_plain(index),
            fails: plan.deep(&[index]).iter().any(fails),
        };
        Self((0..nodes.len()).map(nature).collect())
    }

    /// Puts steps of a scope that wait beside each other, as far as that can be; `after` are for each step those that
    /// need it. Those that fail stay in their order: of several errors the first one is told.
    pub(super) fn gather(&self, steps: &mut [usize], after: &[BTreeSet<usize>]) {
        if steps.iter().filter(|step| self.0[**step].waits).count() < 2 {
            return;
        }
        let mut queue = Queue::of(steps, after, steps.iter().map(|step| self.0[*step]).collect());
        let mut order = Vec::with_capacity(steps.len());
        loop {
            let next = queue.next();
            if next.is_empty() {
                break;
            }
            for place in next {
                queue.end(place);
                order.push(steps[place]);
            }
        }
        steps.copy_from_slice(&order);
    }
}

/// Who can come next. Steps are named by their places.
struct Queue {
    natures: Vec<Nature>,
    after: Vec<Vec<usize>>,
    /// For how many each has to wait.
    needs: Vec<usize>,
    /// Those that wait for nobody: that only compute, and others.
    computing: BTreeSet<usize>,
    waiting: BTreeSet<usize>,
    /// Those that fail, in their order.
    failing: VecDeque<usize>,
}

impl Queue {
    fn of(steps: &[usize], after: &[BTreeSet<usize>], natures: Vec<Nature>) -> Self {
        let places: BTreeMap<usize, usize> =
            steps.iter().enumerate().map(|(place, step)| (*step, place)).collect();
        let after: Vec<Vec<usize>> = steps
            .iter()
            .map(|step| after[*step].iter().filter_map(|next| places.get(next).copied()).collect())
            .collect();
        let mut needs = vec![0; steps.len()];
        for next in after.iter().flatten() {
            needs[*next] += 1;
        }
        let failing = (0..steps.len()).filter(|place| natures[*place].fails).collect();
        let (computing, waiting) = (BTreeSet::new(), BTreeSet::new());
        let mut queue = Self { natures, after, needs, computing, waiting, failing };
        for place in 0..steps.len() {
            queue.begin(place);
        }
        queue
    }

    fn begin(&mut self, place: usize) {
        if self.needs[place] == 0 {
            let Nature { waits, .. } = self.natures[place];
            let ready = if waits { &mut self.waiting } else { &mut self.computing };
            ready.insert(place);
        }
    }

    fn end(&mut self, place: usize) {
        for next in std::mem::take(&mut self.after[place]) {
            self.needs[next] -= 1;
            self.begin(next);
        }
    }

    /// One that computes, or else all that can be awaited together.
    fn next(&mut self) -> Vec<usize> {
        let fails = |place: &&usize| self.natures[**place].fails;
        let turn = self.failing.front();
        let first = self.computing.iter().find(|place| !fails(place) || Some(*place) == turn).copied();
        if let Some(place) = first {
            self.computing.remove(&place);
            self.failing.pop_front_if(|front| *front == place);
            return vec![place];
        }
        let mut together: Vec<usize> = self.waiting.iter().filter(|place| !fails(place)).copied().collect();
        while let Some(place) = self.failing.pop_front_if(|front| self.waiting.contains(front)) {
            together.push(place);
        }
        self.waiting.retain(|place| !together.contains(place));
        together.sort_unstable();
        together
    }
}

impl Plan {
    /// How many of the next steps of a list can be awaited together: one, where the first cannot.
    fn together(&self, steps: &[usize], waits: impl Fn(usize) -> bool) -> usize {
        let (mut made, mut used, mut moved) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let joins = |index: &&usize| {
            let Some(step) = self.step(**index).filter(|_| waits(**index)) else { return false };
            let takes = step.arms.iter().flat_map(|arm| &arm.args).filter(|arg| arg.moved);
            let takes: Vec<usize> = takes.flat_map(|arg| arg.values.iter().copied()).collect();
            let needs: Vec<usize> = uses(step).map(|(_, value)| value).collect();
            // What one of them takes away no other one can look at.
            let apart = needs.iter().any(|value| {
                moved.contains(value) || self.producer(*value).is_some_and(|maker| made.contains(&maker))
            });
            if apart || takes.iter().any(|value| used.contains(value)) {
                return false;
            }
            made.insert(**index);
            used.extend(needs);
            moved.extend(takes);
            true
        };
        steps.iter().take_while(joins).count().max(1)
    }

    /// Whether a step can be awaited together with others: it is one call, and made in any case.
    pub(super) fn is_plain(&self, index: usize) -> bool {
        self.loop_of(index).is_none()
            && self.step(index).is_some_and(|step| step.arms.len() == 1 && step.condition.is_none())
    }
}

impl Writer<'_> {
    /// Calls one after another, but for those that are awaited together.
    pub(super) fn statements(&self, steps: &[usize]) -> TokenStream {
        let waits = |index: usize| self.values.node(index).is_async() && self.values.plan.is_plain(index);
        let mut tokens = TokenStream::new();
        let mut rest = steps;
        while let [first, ..] = rest {
            let (now, later) = rest.split_at(self.values.plan.together(rest, waits));
            tokens.extend(if now.len() == 1 { self.statement(*first) } else { self.awaited(now) });
            rest = later;
        }
        tokens
    }

    /// Calls that are awaited together. All of them come to their end, and the first error is told.
    fn awaited(&self, steps: &[usize]) -> TokenStream {
        let (mut begun, mut ended, mut locals) = (TokenStream::new(), TokenStream::new(), Vec::new());
        for index in steps.iter().copied() {
            let Some(step) = self.values.plan.step(index) else { continue };
            let (local, call) = (self.values.names.local(index), self.value(index, step));
            let fails = fails(self.values.node(index), []);
            let call =
                if fails { quote!(::core::result::Result::<_, __ms::EntryError>::Ok(#call)) } else { call };
            begun.extend(quote!(let mut #local = ::core::pin::pin!(__ms::maybe_done(async { #call }));));
            let mutable = self.is_emptied(step).then(|| quote!(mut));
            let (ask, parts) = (fails.then(|| quote!(?)), self.parts_of(index, step));
            ended.extend(quote!(let #mutable #local = __ms::output(#local) #ask; #parts));
            locals.push(local);
        }
        let context = Ident::new("__context", Span::mixed_site());
        quote! {
            #begun
            __ms::all(|#context| [#(__ms::is_over(&mut #locals, #context)),*]).await;
            #ended
        }
    }
}

//! The values of a request on their way through the drivers of a chain.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::driver::{Core, ErrorPolicy, Run};
use crate::error::{Error, NodeError};
use crate::fault::drop_guarded;
use crate::graph::{DefaultValue, Graph, RoleData};
use crate::hook::Line;
use crate::memory::SharedCall;
use crate::node::NodeValue;
use crate::run::{Asked, CancellationToken, Finished, Given, Plans, Report, Yield};
use crate::value::Value;

use super::check::Checked;
use super::route::{Goes, Leg, Want};

/// How the request is to be run.
pub(super) struct Goal {
    /// Whether all drivers keep going.
    pub(super) is_partial: bool,
    pub(super) token: Option<CancellationToken>,
    pub(super) line: Line,
}

/// A value, or why it is missing.
type Arrival = Result<Value, NodeError>;

pub(super) struct Journey {
    parts: Arc<[Arc<Core>]>,
    goal: Goal,
    wants: Vec<Want>,
    legs: Vec<Leg>,
    given: Vec<Given>,
    /// The driver that is next.
    next: usize,
    /// What goes along, by name.
    along: BTreeMap<String, Arrival>,
    /// What has gone out, by what was asked for.
    out: Vec<Option<Arrival>>,
    done: Done,
    /// What the driver that runs lacks.
    lacking: Vec<(String, NodeError)>,
}

/// The run of one driver.
pub(super) struct Step {
    pub(super) core: Arc<Core>,
    pub(super) asked: Asked,
    pub(super) given: Given,
}

impl Journey {
    pub(super) fn new(parts: Arc<[Arc<Core>]>, checked: Checked, goal: Goal) -> Self {
        let Checked { wants, route, given } = checked;
        let out = wants.iter().map(|_| None).collect();
        let done = Done::default();
        let (along, lacking) = (BTreeMap::new(), Vec::new());
        Self { parts, goal, wants, legs: route.legs, given, next: 0, along, out, done, lacking }
    }

    /// The next driver that has something to do.
    pub(super) fn next(&mut self) -> Option<Step> {
        loop {
            let leg = self.legs.get(self.next)?;
            let core = &self.parts[self.next];
            let values = std::mem::take(&mut self.given[self.next].values);
            self.next += 1;
            if leg.runs() {
                return Some(self.step(values));
            }
            let graph = core.graph.data();
            for (node, value) in values {
                // The graph knows more of the type than who has given the value.
                let value = Value::from_parts(value.into_parts().0, graph.outside(node));
                self.along.insert(graph.name(node).to_owned(), Ok(value));
            }
        }
    }

    /// The run of the driver before the next, with the values that were given for it.
    fn step(&mut self, mut values: Vec<(u32, Value)>) -> Step {
        let (leg, core) = (&self.legs[self.next - 1], &self.parts[self.next - 1]);
        let mut lacking = Vec::new();
        for feed in &leg.feeds {
            match self.along.remove(core.graph.data().name(*feed)) {
                Some(Ok(value)) => values.push((*feed, value)),
                Some(Err(error)) => lacking.push((*feed, error)),
                // What nobody has is a default.
                None => {}
            }
        }
        let name =
            |(node, error): &(u32, NodeError)| (core.graph.data().name(*node).to_owned(), error.clone());
        self.lacking = lacking.iter().map(name).collect();
        let core =
            if lacking.is_empty() { Arc::clone(core) } else { Arc::new(core_that_lacks(core, lacking)) };
        let asked = Asked {
            outputs: leg.outputs.iter().map(|(node, _)| *node).collect(),
            keeps_going: self.goal.is_partial || core.settings.on_error == ErrorPolicy::KeepGoing,
            may_lack: true,
            token: self.goal.token.clone(),
            line: self.goal.line.child(),
        };
        Step { core, asked, given: Given { values, excused: Vec::new(), problems: Vec::new() } }
    }

    /// A driver has run.
    pub(super) fn arrived(&mut self, mut finished: Finished) {
        let part = self.next - 1;
        let graph = self.parts[part].graph.data();
        for (node, goes) in &self.legs[part].outputs {
            let arrival = finished.next_boxed();
            match goes {
                Goes::On => self.along.extend(arrival.map(|arrival| (graph.name(*node).to_owned(), arrival))),
                Goes::Out(want) => self.out[*want] = arrival,
            }
        }
        let lacking = std::mem::take(&mut self.lacking);
        self.done.runs.push(Part { run: Run::new((), &finished), lacking });
    }

    /// The run of a driver has ended all.
    pub(super) fn ended(self, error: Error) -> Error {
        let done = &self.done;
        error.with_report(|report| done.report().and(report, &self.lacking))
    }

    /// All drivers have run.
    pub(super) fn over(mut self) -> Arrived {
        for (want, out) in self.wants.iter().zip(&mut self.out).filter(|(want, _)| want.is_last) {
            let (part, node) = want.at;
            *out = self.along.remove(self.parts[part].graph.data().name(node));
        }
        let values = std::mem::take(&mut self.out).into_iter();
        let done = std::mem::take(&mut self.done);
        Arrived { values, done, line: self.goal.line.clone() }
    }
}

/// A value that nobody took may be of a type whose `drop` panics.
impl Drop for Journey {
    fn drop(&mut self) {
        let left = std::mem::take(&mut self.along).into_values().chain(self.out.drain(..).flatten());
        for arrival in left {
            let _ = drop_guarded(arrival);
        }
    }
}

/// The same driver for a run in which inputs are missing: each is a node that has failed.
fn core_that_lacks(core: &Core, lacking: Vec<(u32, NodeError)>) -> Core {
    let mut graph = core.graph.data().clone();
    for (input, error) in lacking {
        let node = &mut graph.nodes[input as usize];
        let fails = SharedCall::failing(node.value, error);
        node.role = RoleData::Input { default: Some(DefaultValue::Dynamic(fails)) };
    }
    Core {
        graph: Graph::of(graph),
        settings: core.settings,
        policies: Arc::clone(&core.policies),
        hooks: Arc::clone(&core.hooks),
        plans: Plans::default(),
    }
}

/// The runs of the drivers, as far as they have ended well.
#[derive(Default)]
pub(super) struct Done {
    pub(super) runs: Vec<Part>,
}

/// The run of a driver.
pub(super) struct Part {
    pub(super) run: Run<()>,
    /// The inputs that it lacked, and why.
    lacking: Vec<(String, NodeError)>,
}

impl Done {
    pub(super) fn report(&self) -> Report {
        self.runs.iter().fold(Report::default(), |all, part| all.and(part.run.report(), &part.lacking))
    }
}

/// What a request has come to.
pub(super) struct Arrived {
    values: std::vec::IntoIter<Option<Arrival>>,
    pub(super) done: Done,
    pub(super) line: Line,
}

impl Arrived {
    /// The next output, in the order in which they were asked for.
    pub(super) fn next_boxed(&mut self) -> Option<Arrival> {
        self.values.next().flatten()
    }

    /// # Errors
    /// An output is missing.
    pub(super) fn complete(&self) -> Result<(), Error> {
        let missing = self.values.as_slice().iter().flatten().find_map(|arrival| arrival.as_ref().err());
        missing.map_or(Ok(()), |error| Err(Error::node(error.clone(), Some(self.done.report()))))
    }
}

impl Yield for Arrived {
    fn next<T: NodeValue>(&mut self) -> Option<T> {
        self.next_boxed()?.ok()?.into_inner().ok()
    }

    fn next_or_why<T: NodeValue>(&mut self) -> Option<Result<T, NodeError>> {
        match self.next_boxed()? {
            Ok(value) => value.into_inner().ok().map(Ok),
            Err(error) => Some(Err(error)),
        }
    }
}

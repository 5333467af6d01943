//! Runs a case in all ways, and compares what comes of it: with each other, and with the interpreter.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use millstream::{Error, ErrorPolicy, Named, NodeError, NodeReport, Outcome, Report, Run};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use super::build;
use super::contained::stand_in;
use super::interpret::{Came, Ended, Failure, Failures, Frame, Interpreter, Missing};
use super::job::Desk;
use super::legs::LEGS;
use super::plot::Plot;
use super::spec::{Case, Does};
use super::tally::{Counted, Tally};

/// What is seen of a run from outside. It is the same on every leg.
#[derive(Debug, PartialEq)]
pub struct Seen {
    /// Of each output, or why there are none.
    outputs: Result<Vec<Result<Vec<u64>, String>>, String>,
    /// What was told to nodes that tolerate failures.
    told: BTreeMap<usize, Vec<String>>,
    report: String,
}

/// Runs a case.
pub fn check(case: &Case) -> TestCaseResult {
    let plot = &Plot::of(case);
    let (tally, desk) = (Tally::default(), Arc::<Desk>::default());
    let graph = build::graph(plot, &tally, &desk).map_err(|error| failed(&error))?;
    let kept = tally.live();
    for policy in [ErrorPolicy::KeepGoing, ErrorPolicy::FailFast] {
        let expected = Expected::of(plot, policy);
        let mut first: Option<Seen> = None;
        for leg in LEGS {
            let driver = leg.driver(&graph, plot, policy).build().map_err(|error| failed(&error))?;
            for _ in 0..2 {
                desk.clear();
                let seen = expected.look(leg.run(&driver, plot, &tally, None), &desk)?;
                prop_assert_eq!(tally.live(), kept, "what is left after {:?}, {:?}", leg, policy);
                match &first {
                    None => first = Some(seen),
                    Some(first) => prop_assert_eq!(first, &seen, "{:?}, {:?}", leg, policy),
                }
            }
        }
    }
    Ok(())
}

/// What the interpreter has found.
pub struct Expected<'p> {
    plot: &'p Plot,
    policy: ErrorPolicy,
    interpreter: Interpreter<'p>,
    frame: Frame<'p>,
}

impl<'p> Expected<'p> {
    pub fn of(plot: &'p Plot, policy: ErrorPolicy) -> Self {
        let keeps_going = policy == ErrorPolicy::KeepGoing;
        let (interpreter, frame) = (Interpreter::new(plot, keeps_going), Frame::outermost());
        interpreter.run(&frame);
        Self { plot, policy, interpreter, frame }
    }

    /// Looks at a run, and whether it is as it should be.
    pub fn look(&self, run: Result<Run<Named>, Error>, desk: &Desk) -> Result<Seen, TestCaseError> {
        let mut told = desk.clear();
        if self.policy == ErrorPolicy::FailFast {
            // Of items after one that has failed it is not said whether they run.
            told.retain(|node, _| self.plot.nodes[*node].scope.is_empty());
        }
        let mut run = match run {
            Ok(run) => run,
            Err(error) => {
                self.check_end(&error)?;
                let outputs = Err(format!("{error:#}"));
                return Ok(Seen { outputs, told: BTreeMap::new(), report: String::new() });
            }
        };
        let report = run.report();
        self.check_report(&report)?;
        let mut outputs = Vec::new();
        for place in &self.plot.wanted {
            let value = take(self.plot, *place, &mut run);
            self.check_output(*place, &value, &report)?;
            outputs.push(value.map_err(|error| format!("{error:#}")));
        }
        Ok(Seen { outputs: Ok(outputs), told, report: report.to_string() })
    }

    /// The failure that a run has ended for.
    fn check_end(&self, error: &Error) -> TestCaseResult {
        let fatal = self.interpreter.fatal(&self.frame);
        prop_assert!(blames(error, fatal.iter().flatten()), "{error:?}, but {fatal:?}");
        Ok(())
    }

    /// An output is the value, or the list, or a failure that is to blame.
    fn check_output(&self, place: usize, found: &Result<Vec<u64>, Error>, report: &Report) -> TestCaseResult {
        let name = &self.plot.places[place].name;
        match (self.output(place), found) {
            (Ok(expected), Ok(found)) => prop_assert_eq!(&expected, found, "{}", name),
            (Err(missing), Err(error)) => {
                // Of a list it is told of any of those that are to blame for it.
                let is_list = !self.plot.places[place].scope.is_empty();
                let told = if is_list { &missing.roots } else { &missing.told };
                prop_assert!(blames(error, told.iter().flatten()), "{name}: {error:?}, but {missing:?}");
                // Who hands on that a list is not whole stands later in the order than whose fault it is.
                let has_lists = self.plot.nodes.iter().any(|node| !node.scope.is_empty());
                if let Some(first) = first_of(&missing.told, report).filter(|_| !has_lists) {
                    prop_assert_eq!(Some(first), error.failure().map(NodeError::node), "{}", name);
                }
            }
            (expected, found) => prop_assert!(false, "{name}: {found:?}, but {expected:?}"),
        }
        Ok(())
    }

    fn output(&self, place: usize) -> Result<Vec<u64>, Missing> {
        let one = |came: Came| match came {
            Came::Value(value) => Ok(value),
            Came::Missing(missing) => Err(missing),
        };
        if self.plot.places[place].scope.is_empty() {
            return Ok(vec![one(self.interpreter.place(&self.frame, place))?]);
        }
        self.interpreter.whole_list(&self.frame, place)
    }

    /// Each node is accounted for.
    fn check_report(&self, report: &Report) -> TestCaseResult {
        let with_part: BTreeSet<&str> = (0..self.plot.nodes.len())
            .filter(|node| self.interpreter.has_part[*node])
            .map(|node| self.plot.nodes[node].name.as_str())
            .collect();
        // What is given is told of where it is taken apart.
        let given = self.plot.given.map_or("", |place| &self.plot.places[place].name);
        let is_called = |name: &&str| *name != "in0" && *name != given;
        let reported: Vec<&str> =
            report.nodes().iter().map(|it| it.node.as_str()).filter(is_called).collect();
        prop_assert_eq!(reported.len(), with_part.len(), "each once: {}", report);
        prop_assert_eq!(reported.into_iter().collect::<BTreeSet<_>>(), with_part, "{}", report);
        for (index, node) in
            self.plot.nodes.iter().enumerate().filter(|(node, _)| self.interpreter.has_part[*node])
        {
            let Some(found) = report.nodes().iter().find(|it| it.node == node.name) else { continue };
            let is_right = match (node.scope.first(), self.frame.node(index)) {
                (Some(opener), _) => self.is_right_within(*opener, index, found),
                (None, None) => {
                    self.interpreter.is_shared[index] || matches!(found.outcome, Outcome::NotNeeded)
                }
                (None, Some(ended)) => self.is_right(index, &ended, found),
            };
            prop_assert!(is_right, "{}: {:?}", node.name, report);
        }
        Ok(())
    }

    fn is_right(&self, node: usize, ended: &Ended, found: &NodeReport) -> bool {
        let block = match self.plot.nodes[node].does {
            Does::Open(_) => self.frame.block(node),
            Does::Value | Does::Parts => None,
        };
        match (&found.outcome, &ended.own, &ended.came, block) {
            (Outcome::Failed(error), _, Came::Value(_), Some(Err(missing))) => {
                is_one_of(error, missing.roots.iter().flatten())
            }
            (Outcome::Failed(error), _, Came::Value(_), Some(Ok(_))) => {
                let within = self.interpreter.within.borrow();
                let torn = within.torn.get(&node).into_iter().flatten();
                found.failed_items == torn.clone().count() && is_one_of(error, torn.take(1))
            }
            (Outcome::Done, Came::Value(_), _, Some(Ok(_)))
                if self.interpreter.within.borrow().torn.contains_key(&node) =>
            {
                false
            }
            (Outcome::Done, Came::Value(_), ..) => found.attempts == ended.attempts,
            (Outcome::Failed(error), Came::Missing(own), Came::Missing(_), _) => {
                own.is_own && is_one_of(error, own.roots.iter().flatten())
            }
            (Outcome::Skipped { because }, Came::Missing(own), Came::Missing(_), _) => {
                !own.is_own && is_because(because, &own.roots)
            }
            (Outcome::FellBack { on, error }, Came::Missing(own), Came::Value(_), _) => {
                *on == stand_in(self.plot, node) && is_one_of(error, own.roots.iter().flatten())
            }
            _ => false,
        }
    }

    fn is_right_within(&self, opener: usize, node: usize, found: &NodeReport) -> bool {
        match (&found.outcome, self.frame.block(opener)) {
            (Outcome::NotNeeded, None) => true,
            (_, None) => self.interpreter.is_shared[opener],
            (_, Some(Ok(_))) => self.is_right_for_items(node, found),
            (Outcome::Skipped { because }, Some(Err(missing))) => {
                !missing.is_own && is_because(because, &missing.roots)
            }
            (Outcome::NotReached, Some(Err(missing))) => missing.is_own,
            (Outcome::Failed(error), Some(Err(missing))) => {
                missing.is_own && is_one_of(error, missing.roots.iter().flatten())
            }
            _ => false,
        }
    }

    /// What became of a node of a block that has come to its end.
    fn is_right_for_items(&self, node: usize, found: &NodeReport) -> bool {
        let NodeReport { outcome, failed_items, .. } = found;
        let within = self.interpreter.within.borrow();
        let for_items = || within.ended.get(&node).into_iter().flatten();
        let without = || within.without_items.get(&node).into_iter().flatten();
        let ended = || for_items().map(|(_, ended)| ended).chain(without());
        let missing = ended().filter_map(|ended| match &ended.own {
            Came::Missing(missing) => Some(missing),
            Came::Value(_) => None,
        });
        let missing: Vec<_> = missing.collect();
        // Where something stood in for it an item has not failed.
        let has_fallback = self.plot.nodes[node].fallback.is_some();
        let lost = ended().filter(|ended| !has_fallback || ended.came.missing().is_some());
        let own: Vec<Missing> = lost.filter_map(|it| it.own.missing()).filter(|it| it.is_own).collect();
        let failures = own.iter().flat_map(|missing| missing.roots.iter().flatten());
        let failures = failures.chain(within.torn.get(&node).into_iter().flatten());
        let first = failures.clone().min_by_key(|failure| &failure.items);
        // Of a block within that has failed as a whole nothing else is said.
        if self.plot.nodes[node].scope.iter().any(|opener| within.broken.contains(opener)) {
            return match outcome {
                Outcome::NotReached => true,
                Outcome::Failed(error) => is_one_of(error, failures),
                _ => false,
            };
        }
        let barred = self.plot.nodes[node].scope.iter().filter_map(|opener| within.barred.get(opener));
        let barred: BTreeSet<Failures> = barred.flatten().cloned().collect();
        if has_fallback && barred.is_empty() && !ended().any(|ended| ended.came.missing().is_some()) {
            let all = || for_items().filter_map(|(items, ended)| Some((items, ended.own.missing()?)));
            if let Some((_, own)) = all().min_by_key(|(items, _)| *items) {
                return matches!(outcome, Outcome::FellBack { on, error }
                    if *on == stand_in(self.plot, node)
                        && is_one_of(error, own.told.iter().flatten())
                        && *failed_items == all().count());
            }
        }
        match outcome {
            Outcome::Failed(error) => {
                is_one_of(error, first.into_iter()) && *failed_items == failures.count()
            }
            Outcome::Skipped { because } => {
                let roots = missing.iter().flat_map(|missing| missing.roots.clone()).chain(barred).collect();
                first.is_none() && is_because(because, &roots)
            }
            Outcome::Done => missing.is_empty() && barred.is_empty() && first.is_none(),
            _ => false,
        }
    }
}

pub fn failed(error: &Error) -> TestCaseError {
    TestCaseError::fail(format!("{error:?}"))
}

/// Takes an output out of a run: one value, or one for each item.
fn take(plot: &Plot, place: usize, run: &mut Run<Named>) -> Result<Vec<u64>, Error> {
    let at = &plot.places[place];
    if at.scope.is_empty() {
        return Ok(vec![run.take::<Counted>(&at.name)?.value]);
    }
    Ok(run.take::<Vec<Counted>>(&at.name)?.iter().map(|it| it.value).collect())
}

fn blames<'a>(error: &Error, failures: impl Iterator<Item = &'a Failure>) -> bool {
    error.failure().is_some_and(|error| is_one_of(error, failures))
}

fn is_one_of<'a>(error: &NodeError, mut failures: impl Iterator<Item = &'a Failure>) -> bool {
    failures.any(|it| {
        it.node == error.node()
            && it.items == error.items()
            && it.attempts == error.attempts()
            && it.message == error.message()
    })
}

/// Whether the nodes that are to blame are these: of each root one.
fn is_because(because: &[String], roots: &BTreeSet<Failures>) -> bool {
    let is_in = |name: &String, root: &Failures| root.iter().any(|it| it.node == *name);
    because.iter().all(|name| roots.iter().any(|root| is_in(name, root)))
        && roots.iter().all(|root| because.iter().any(|name| is_in(name, root)))
}

/// The node that comes first of several that are to blame, where that is known: outside of blocks in the order of the
/// report.
fn first_of<'r>(roots: &BTreeSet<Failures>, report: &'r Report) -> Option<&'r str> {
    let is_simple = |root: &Failures| root.len() == 1 && root.iter().all(|it| it.items.is_empty());
    let is_root = |name: &str| roots.iter().flatten().any(|it| it.node == name);
    let mut order = report.nodes().iter().map(|it| it.node.as_str());
    if roots.iter().all(is_simple) { order.find(|name| is_root(name)) } else { None }
}

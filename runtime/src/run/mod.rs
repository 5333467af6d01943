//! Running a request: plan it, run the plan, hand out the values.

mod access;
mod asynchronous;
mod attempt;
mod blocks;
mod choice;
mod costs;
mod critical;
mod deadline;
mod failure;
mod fate;
mod job;
mod keeper;
mod log;
mod lower;
mod must;
mod needs;
mod order;
mod parallel;
mod plan;
mod plans;
pub(crate) mod policy;
mod report;
mod schedule;
mod tasks;
mod times;
mod values;

use std::pin::pin;
use std::sync::Arc;
use std::time::Instant;

use crate::driver::{Core, Executor};
use crate::error::{Error, ErrorKind, NodeError};
use crate::fault::drop_guarded;
use crate::hook::Line;
use crate::node::NodeValue;
use crate::sync::current_num_threads;
use crate::value::Value;
use crate::wait::at_once;

pub(crate) use asynchronous::{in_context, in_time, may_wait};
pub(crate) use blocks::Block;
pub(crate) use keeper::Keeper;
pub(crate) use needs::{Needs, listed};
pub(crate) use plan::{Key, Plan};
pub(crate) use plans::Plans;
pub use policy::{CancellationToken, Pace, Retry};
pub(crate) use policy::{Cut, Halt, Policies};
pub use report::{NodeReport, Outcome, Report};
pub(crate) use schedule::shown_duration;
pub use schedule::{Schedule, ScheduledTask, Timing};
pub(crate) use tasks::{Access, Arg, Region, Task, Work, plan as tasks_of};
pub(crate) use values::{Kind, ValueId, Values};

pub(crate) use log::Log;

use asynchronous::{Host, Tended};
use choice::Way;
use costs::Approach;
use job::Job;
use log::Begins;

/// What the caller gives, and what there is to say of it.
#[derive(Default)]
pub(crate) struct Given {
    /// With the nodes that they are for, in the order in which they came.
    pub(crate) values: Vec<(u32, Value)>,
    /// Inputs of which it need not be said that they are missing: something else was said of them.
    pub(crate) excused: Vec<u32>,
    pub(crate) problems: Vec<String>,
}

/// Gives out the values that were asked for, in that order.
#[allow(unreachable_pub, reason = "hidden methods of a public trait name it")]
pub trait Yield {
    /// The next one.
    fn next<T: NodeValue>(&mut self) -> Option<T>;
    /// The same, or why it is missing.
    fn next_or_why<T: NodeValue>(&mut self) -> Option<Result<T, NodeError>>;
}

/// The values of a run, as far as they have not been taken.
pub(crate) struct Finished {
    job: Job,
    next: usize,
}

/// What is asked for.
pub(crate) struct Asked {
    pub(crate) outputs: Vec<u32>,
    /// Whether what can run does, whatever fails.
    pub(crate) keeps_going: bool,
    /// Whether the caller does with what there is of the outputs then.
    pub(crate) may_lack: bool,
    /// What calls the run off.
    pub(crate) token: Option<CancellationToken>,
    /// What the run is called, and which run it is part of.
    pub(crate) line: Line,
}

/// Runs what the outputs need, with the values that are given.
///
/// # Errors
/// The problems of `given` and all further ones there are before anything has run; then the node that failed.
pub(crate) fn run(core: &Core, asked: Asked, given: Given) -> Result<Finished, Error> {
    let checked = check(core, asked, given)?;
    if checked.plan.is_waiting() || core.hooks.wait() {
        let (halt, plan) = (checked.halt(core, true), Arc::clone(&checked.plan));
        return asynchronous::wait_for(core, &plan, run_checked(core, checked, halt, Host::Ours))?;
    }
    let mut approach = approach(core.settings.executor, &checked.plan);
    let (halt, may_lack) = (checked.halt(core, false), checked.may_lack);
    let mut job = checked.job(core, halt, approach.looks);
    at_once(job.begun())?;
    let begin = approach.is_timed.then(Instant::now);
    let team = approach.is_shared().then(|| parallel::gather(&mut job, approach.queue.take()));
    let go = move |mut job: Job| {
        match team {
            Some(team) => parallel::lead(&team, &mut job),
            None => job.run(),
        }
        job
    };
    let job = match core.settings.deadline {
        None => go(job),
        Some(limit) => {
            let log = Arc::clone(&job.log);
            deadline::within(limit, job, go).inspect_err(|error| at_once(log.ended(None, Some(error))))?
        }
    };
    let took = begin.map(|begin| begin.elapsed());
    let finished = at_once(end(job, may_lack))?;
    finished.job.plan().costs.learn(&approach, took, &finished.job.log, core.settings.deadline);
    Ok(finished)
}

/// On how many threads to make a run.
fn approach(executor: Executor, plan: &Plan) -> Approach {
    // To ask how many threads there are starts them.
    match executor {
        Executor::Rayon if plan.tasks.len() > 1 && current_num_threads() > 1 => Approach::fixed(Way::Several),
        Executor::Auto if costs::is_wide(plan) && current_num_threads() > 1 => plan.costs.approach(),
        Executor::Rayon | Executor::Sequential | Executor::Auto => Approach::fixed(Way::One),
    }
}

/// The same as a future.
///
/// # Errors
/// The same.
pub(crate) async fn run_async(core: Arc<Core>, asked: Asked, given: Given) -> Result<Finished, Error> {
    let checked = check(&core, asked, given)?;
    let (is_told, halt) = (core.hooks.are_there(), checked.halt(&core, true));
    let ends = halt.clone();
    let run = async move { run_checked(&core, checked, halt, Host::Poller).await };
    if is_told { Tended::new(ends, Box::pin(run)).await } else { run.await }
}

/// Runs what may have to wait.
async fn run_checked(core: &Core, checked: Checked, halt: Halt, host: Host) -> Result<Finished, Error> {
    let may_lack = checked.may_lack;
    let begun = async {
        let mut job = checked.job(core, halt, false);
        job.begun().await.map(|()| job)
    };
    let job = host.polls(pin!(begun)).await?;
    let log = Arc::clone(&job.log);
    match asynchronous::run(core.settings, host, job).await {
        Ok(job) => host.polls(pin!(end(job, may_lack))).await,
        Err(error) => {
            host.polls(pin!(log.ended(None, Some(&error)))).await;
            Err(error)
        }
    }
}

/// A request with nothing wrong about it.
struct Checked {
    plan: Arc<Plan>,
    values: Vec<(u32, Value)>,
    keeps_going: bool,
    may_lack: bool,
    token: Option<CancellationToken>,
    line: Line,
}

impl Checked {
    /// What may end its run early.
    fn halt(&self, core: &Core, is_future: bool) -> Halt {
        let waits = policy::Waits { is_future, has_blocks: self.plan.has_blocks };
        Halt::new(self.token.clone(), self.line.above(), core.settings.deadline, waits)
    }

    /// A run of it, of which the costs of its nodes may be of interest.
    fn job(self, core: &Core, halt: Halt, look: bool) -> Job {
        let Self { plan, values, keeps_going, line, .. } = self;
        let mut job = Job::new(core, plan, keeps_going, Begins { halt, line, look });
        job.supply(values);
        job
    }
}

fn check(core: &Core, asked: Asked, given: Given) -> Result<Checked, Error> {
    let Asked { outputs, keeps_going, may_lack, token, line } = asked;
    let Given { mut values, excused, mut problems } = given;
    // The last one given counts.
    values.reverse();
    values.sort_by_key(|(node, _)| *node);
    // Only in blocks that is a plan of its own.
    let items_may_fail = keeps_going && core.graph.data().deepest > 0;
    let is_asked_for = |key: &Key| key.is(&outputs, &values, items_may_fail);
    let known = if problems.is_empty() { core.plans.find(is_asked_for) } else { None };
    let plan = known.or_else(|| {
        let key = Key { items_may_fail, ..Key::of(outputs, values.iter().map(|(node, _)| *node)) };
        new_plan(core, key, |input| excused.contains(&input), &mut problems)
    });
    let Some(plan) = plan else {
        unwanted(values.into_iter().map(|(_, value)| value));
        return Err(Error::problems_of(ErrorKind::Request, problems));
    };
    Ok(Checked { plan, values, keeps_going, may_lack, token, line })
}

async fn end(mut job: Job, may_lack: bool) -> Result<Finished, Error> {
    let failure = job.log.failure(may_lack);
    match job.ended(failure).await {
        Some(error) => Err(error),
        None => Ok(Finished { job, next: 0 }),
    }
}

/// The plan of a request, or everything that is wrong with it, besides the problems that are known.
pub(crate) fn plan(
    core: &Core,
    key: Key,
    excused: impl Fn(u32) -> bool,
    problems: &mut Vec<String>,
) -> Option<Arc<Plan>> {
    let known = if problems.is_empty() { core.plans.find(|known| *known == key) } else { None };
    known.or_else(|| new_plan(core, key, excused, problems))
}

fn new_plan(
    core: &Core,
    key: Key,
    excused: impl Fn(u32) -> bool,
    problems: &mut Vec<String>,
) -> Option<Arc<Plan>> {
    let graph = core.graph.data();
    let needs = Needs::of(graph, &key.outputs, &key.given);
    let missing = needs.missing_inputs(graph, &key.outputs, excused);
    problems.extend(missing.iter().map(|(input, names)| needs::is_missing(graph.node(*input), names)));
    let plan = Plan::of(core, key, needs, problems)?;
    Some(core.plans.keep(plan))
}

impl Finished {
    pub(crate) fn log(&self) -> Arc<Log> {
        Arc::clone(&self.job.log)
    }

    /// The next output in a box, or why it is missing.
    pub(crate) fn next_boxed(&mut self) -> Option<Result<Value, NodeError>> {
        let slot = *self.job.plan().outputs.get(self.next)?;
        let missing = self.job.log.missing(self.next);
        self.next += 1;
        match missing {
            Some(error) => Some(Err(error)),
            None => self.job.take_boxed(slot).map(Ok),
        }
    }
}

impl Yield for Finished {
    fn next<T: NodeValue>(&mut self) -> Option<T> {
        let slot = *self.job.plan().outputs.get(self.next)?;
        self.next += 1;
        self.job.take(slot)
    }

    fn next_or_why<T: NodeValue>(&mut self) -> Option<Result<T, NodeError>> {
        match self.job.log.missing(self.next) {
            Some(error) => {
                self.next += 1;
                Some(Err(error))
            }
            None => self.next().map(Ok),
        }
    }
}

/// Drops what nobody gets, since there is an error to be told of, one by one: a panic must not hide the error.
fn unwanted(values: impl IntoIterator<Item = Value>) {
    for value in values {
        let _ = drop_guarded(value);
    }
}

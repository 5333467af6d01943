//! All the ways to run a graph.

use std::sync::OnceLock;

use millstream::{
    CancellationToken, Driver, DriverBuilder, Error, ErrorPolicy, Execution, Executor, Graph, InputMap,
    Named, Request, Run,
};
use rayon::{ThreadPool, ThreadPoolBuilder};
use tokio::runtime::{Builder, Runtime};

use super::build::input;
use super::gate;
use super::interpret::GIVEN;
use super::plot::Plot;
use super::tally::Tally;

/// A way to run a graph.
#[derive(Clone, Copy, Debug)]
pub enum Leg {
    /// On a pool of so many threads.
    Pool(Executor, usize),
    /// As a future, on a runtime with one thread.
    Current(Executor),
    /// As a future, on a runtime with several.
    Multi(Executor),
}

pub const LEGS: [Leg; 8] = [
    Leg::Pool(Executor::Sequential, 1),
    Leg::Pool(Executor::Rayon, 1),
    Leg::Pool(Executor::Rayon, 2),
    Leg::Pool(Executor::Rayon, 8),
    Leg::Pool(Executor::Auto, 8),
    Leg::Current(Executor::Sequential),
    Leg::Current(Executor::Auto),
    Leg::Multi(Executor::Rayon),
];

impl Leg {
    pub fn driver(self, graph: &Graph, plot: &Plot, policy: ErrorPolicy) -> DriverBuilder {
        let (Self::Pool(executor, _) | Self::Current(executor) | Self::Multi(executor)) = self;
        gate::guard(graph.driver().executor(executor).on_error(policy), plot)
    }

    /// Asks a driver for what is wanted of a plot. The token may call it off.
    pub fn run(
        self,
        driver: &Driver,
        plot: &Plot,
        tally: &Tally,
        token: Option<&CancellationToken>,
    ) -> Result<Run<Named>, Error> {
        let Self::Pool(_, threads) = self else {
            let run = future(driver, plot, tally, token);
            return match self {
                Self::Multi(_) => multi().block_on(async { multi().spawn(run).await.unwrap() }),
                _ => current().block_on(run),
            };
        };
        let (names, inputs) = (names(plot), inputs(tally));
        pool(threads).install(|| match request(driver, plot, tally, token) {
            Some(request) => request.execute_named(names, inputs),
            None => driver.execute_named(names, inputs),
        })
    }
}

/// The same as a future.
pub fn future(
    driver: &Driver,
    plot: &Plot,
    tally: &Tally,
    token: Option<&CancellationToken>,
) -> Execution<Run<Named>> {
    match request(driver, plot, tally, token) {
        Some(request) => request.execute_named_async(names(plot), inputs(tally)),
        None => driver.execute_named_async(names(plot), inputs(tally)),
    }
}

fn names(plot: &Plot) -> Vec<&str> {
    plot.wanted.iter().map(|place| plot.places[*place].name.as_str()).collect()
}

fn inputs(tally: &Tally) -> InputMap {
    [1, 2]
        .into_iter()
        .fold(InputMap::new(), |inputs, index| inputs.set(format!("in{index}"), tally.make(input(index))))
}

/// A request with what there is to say besides what is wanted; none if there is nothing.
fn request<'d>(
    driver: &'d Driver,
    plot: &Plot,
    tally: &Tally,
    token: Option<&CancellationToken>,
) -> Option<Request<'d, Graph>> {
    let given = plot.given.map(|place| driver.override_named(&plot.places[place].name, tally.make(GIVEN)));
    match (given, token) {
        (Some(request), Some(token)) => Some(request.cancel_with(token)),
        (None, Some(token)) => Some(driver.cancel_with(token)),
        (given, None) => given,
    }
}

/// A pool of so many threads, however many cores there are.
pub fn pool(threads: usize) -> &'static ThreadPool {
    static POOLS: [OnceLock<ThreadPool>; 9] = [const { OnceLock::new() }; 9];
    POOLS[threads].get_or_init(|| ThreadPoolBuilder::new().num_threads(threads).build().unwrap())
}

fn current() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn multi() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Builder::new_multi_thread().worker_threads(3).enable_all().build().unwrap())
}

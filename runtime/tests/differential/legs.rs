//! All the ways to run a graph.

use std::sync::OnceLock;

use millstream::{Driver, Error, ErrorPolicy, Executor, Graph, InputMap, Named, Run};
use rayon::{ThreadPool, ThreadPoolBuilder};
use tokio::runtime::{Builder, Runtime};

use super::build::input;
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
    pub fn driver(self, graph: &Graph, policy: ErrorPolicy) -> Result<Driver, Error> {
        let (Self::Pool(executor, _) | Self::Current(executor) | Self::Multi(executor)) = self;
        graph.driver().executor(executor).on_error(policy).build()
    }

    /// Asks a driver for what is wanted of a plot.
    pub fn run(self, driver: &Driver, plot: &Plot, tally: &Tally) -> Result<Run<Named>, Error> {
        let names: Vec<&str> = plot.wanted.iter().map(|place| plot.places[*place].name.as_str()).collect();
        let inputs = [1, 2].into_iter().fold(InputMap::new(), |inputs, index| {
            inputs.set(format!("in{index}"), tally.make(input(index)))
        });
        let given = plot.given.map(|place| plot.places[place].name.clone());
        let given = given.map(|name| driver.override_named(name, tally.make(GIVEN)));
        match self {
            Self::Pool(_, threads) => pool(threads).install(|| match given {
                Some(request) => request.execute_named(names, inputs),
                None => driver.execute_named(names, inputs),
            }),
            Self::Current(_) | Self::Multi(_) => {
                let run = match given {
                    Some(request) => request.execute_named_async(names, inputs),
                    None => driver.execute_named_async(names, inputs),
                };
                match self {
                    Self::Multi(_) => multi().block_on(async { multi().spawn(run).await.unwrap() }),
                    _ => current().block_on(run),
                }
            }
        }
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

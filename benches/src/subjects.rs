//! Our own ways to run the workloads, under one name each. A new one is a [`Kind`] and its arm in
//! [`Subject::contender`].

use millstream::hooks::Timings;
use millstream::{Executor, Hook, Points};

use crate::graphs::{
    chain, chain_by_calls, chain_by_hand, layered, layered_by_calls, layered_by_hand, wide, wide_by_calls,
    wide_by_hand, worked, worked_by_calls, worked_by_hand,
};
use crate::measure::{Contender, Failure};
use crate::work::spin;
use crate::workloads::{self, Workload};

/// What building a driver and running it once is called.
pub const FIRST_RUN: &str = "driver and first run";

/// A way to run a workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The calls by hand, which the compiler may inline.
    ByHand,
    /// The calls by hand, as calls.
    ByCalls,
    /// The compiled entry point.
    Entry,
    /// The driver on the calling thread.
    Sequential,
    /// The driver on rayon.
    Rayon,
    /// The driver that finds out which of the two is faster.
    Auto,
    /// The driver on the calling thread, noting when each node ran.
    Timings,
    /// The driver on the calling thread, with a hook that listens to nothing.
    Deaf,
    /// The same with one that is told of each node, and does nothing.
    Listener,
    /// The same with the one that adds up what each node takes.
    TimingsHook,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::ByHand,
        Self::ByCalls,
        Self::Entry,
        Self::Sequential,
        Self::Rayon,
        Self::Auto,
        Self::Timings,
        Self::Deaf,
        Self::Listener,
        Self::TimingsHook,
    ];

    /// What the table calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ByHand => "by hand, inlined",
            Self::ByCalls => "by hand, calls",
            Self::Entry => "compiled entry",
            Self::Sequential => "driver, sequential",
            Self::Rayon => "driver, rayon",
            Self::Auto => "driver, auto",
            Self::Timings => "driver, sequential, timings",
            Self::Deaf => "driver, sequential, a hook that listens to nothing",
            Self::Listener => "driver, sequential, a hook that does nothing",
            Self::TimingsHook => "driver, sequential, the hook `Timings`",
        }
    }
}

/// How a driver is built.
#[derive(Clone, Copy)]
struct Setup {
    executor: Executor,
    kind: Kind,
}

/// A hook that does nothing at the points it is told of.
struct Idle(Points);

impl Hook for Idle {
    fn listens(&self) -> Points {
        self.0
    }
}

type Once = Box<dyn FnMut() -> Result<u64, Failure>>;

/// A workload that is there as source.
#[derive(Clone)]
pub struct Subject {
    /// `W1`.
    pub number: &'static str,
    /// What is run.
    pub workload: Workload,
    by_hand: fn() -> u64,
    by_calls: fn() -> u64,
    entry: fn() -> u64,
    driver: fn(Setup) -> Result<Once, Failure>,
    build: fn() -> Result<(), Failure>,
    first_run: fn() -> Result<u64, Failure>,
}

macro_rules! subject {
    ($number:literal, $workload:expr, $flow:ident, $last:ident, $by_hand:ident, $by_calls:ident) => {
        Subject {
            number: $number,
            workload: $workload,
            by_hand: $by_hand,
            by_calls: $by_calls,
            entry: $flow::entry,
            driver: |setup| {
                let driver = $flow::driver().executor(setup.executor);
                let driver = match setup.kind {
                    Kind::Timings => driver.timings(true),
                    Kind::Deaf => driver.hook(Idle(Points::NONE)),
                    Kind::Listener => driver.hook(Idle(Points::NODE)),
                    Kind::TimingsHook => driver.hook(Timings::new()),
                    _ => driver,
                };
                let driver = driver.build()?;
                Ok(Box::new(move || Ok(driver.execute::<$flow::$last>(())?.into_values())))
            },
            build: || {
                std::hint::black_box($flow::driver().build()?);
                Ok(())
            },
            first_run: || {
                let driver = $flow::driver().executor(Executor::Sequential).build()?;
                Ok(driver.execute::<$flow::$last>(())?.into_values())
            },
        }
    };
}

/// W1, W2, W3 and W4, whose nodes do nothing before [`crate::work::set_steps`] says otherwise.
#[must_use]
pub fn all() -> Vec<Subject> {
    vec![
        subject!("W1", workloads::chain(1_000), chain, n999, chain_by_hand, chain_by_calls),
        subject!("W2", workloads::wide(1_000), wide, n1001, wide_by_hand, wide_by_calls),
        subject!("W3", workloads::layered(50, 20), layered, n1000, layered_by_hand, layered_by_calls),
        subject!("W4", workloads::worked(50, 20), worked, n1000, worked_by_hand, worked_by_calls),
    ]
}

/// The one of this number.
#[must_use]
pub fn find(number: &str) -> Option<Subject> {
    all().into_iter().find(|subject| subject.number == number)
}

impl Subject {
    /// Whoever runs it in this way.
    ///
    /// # Errors
    /// Where its driver cannot be built.
    pub fn contender(&self, kind: Kind) -> Result<Contender<'static>, Failure> {
        let driven = |executor| {
            let once = (self.driver)(Setup { executor, kind })?;
            Ok(Contender::new(kind.name(), once))
        };
        match kind {
            Kind::ByHand => Ok(Contender::sure(kind.name(), self.by_hand)),
            Kind::ByCalls => Ok(Contender::sure(kind.name(), self.by_calls)),
            Kind::Entry => Ok(Contender::sure(kind.name(), self.entry)),
            Kind::Rayon => driven(Executor::Rayon),
            Kind::Auto => driven(Executor::Auto),
            Kind::Sequential | Kind::Timings | Kind::Deaf | Kind::Listener | Kind::TimingsHook => {
                driven(Executor::Sequential)
            }
        }
    }

    /// Several ways, in this order.
    ///
    /// # Errors
    /// Where a driver cannot be built.
    pub fn contenders(&self, kinds: &[Kind]) -> Result<Vec<Contender<'static>>, Failure> {
        kinds.iter().map(|kind| self.contender(*kind)).collect()
    }

    /// The work of all nodes on two threads, without a graph: what the machine has to give at the moment.
    #[must_use]
    pub fn two_bare_threads(&self, value: u64) -> Contender<'static> {
        let nodes = self.workload.nodes.len();
        let work = |nodes: usize| (0..nodes).fold(1, |value, _| std::hint::black_box(spin(value)));
        Contender::sure("two bare threads", move || {
            rayon::join(|| work(nodes / 2), || work(nodes - nodes / 2));
            value
        })
    }

    /// Builds a driver, and drops it.
    #[must_use]
    pub fn build(&self) -> Contender<'static, ()> {
        Contender::new("building a driver", self.build)
    }

    /// Builds a driver, runs it once, and drops it.
    #[must_use]
    pub fn first_run(&self) -> Contender<'static> {
        Contender::new(FIRST_RUN, self.first_run)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_gives_what_the_graph_says() {
        for subject in all() {
            let expected = subject.workload.value();
            for kind in Kind::ALL {
                subject.contender(kind).unwrap().check(&expected).unwrap();
            }
        }
    }
}

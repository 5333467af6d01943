//! Goal 6: building a driver, and a small graph from request to answer.

use std::hint::black_box;

use millstream::{Driver, Executor};
use millstream_benches::measure::{Contender, Failure, count, race};
use millstream_benches::small::{self, basket};
use millstream_benches::subjects::{self, Kind};
use millstream_benches::table::Goal;

use crate::Bench;

pub(crate) fn run(bench: &mut Bench) -> Result<(), Failure> {
    if !bench.options.wants("6") {
        return Ok(());
    }
    bench.table.section("6", "Building a driver and choosing outputs", "ns a node");
    for number in ["W1", "W2", "W3"] {
        let Some(subject) = subjects::find(number) else { continue };
        let nodes = count(subject.workload.nodes.len());
        let [build] = &race(bench.options.effort, &mut [subject.build()])?[..] else { continue };
        // What is put off to the first run is part of it.
        let mut contenders = [subject.contender(Kind::Sequential)?, subject.first_run()];
        let [later, first] = &race(bench.options.effort, &mut contenders)?[..] else { continue };
        bench.table.row(&format!("{number} the driver alone"), build.median() / nodes);
        let more = (first.median() - later.median()) / nodes;
        bench.table.goal(
            &format!("{number} driver and first run, less a later run"),
            Goal::AtMost(20.0),
            more,
        );
    }
    bench.table.section("6", "A graph of ten nodes, from request to answer", "ns a run");
    let goals = [None, None, Some(Goal::AtMost(500.0)), Some(Goal::AtMost(500.0))];
    for (goal, times) in goals.into_iter().zip(race(bench.options.effort, &mut ten_nodes()?)?) {
        match goal {
            Some(goal) => bench.table.goal(&times.name, goal, times.median()),
            None => bench.table.row(&times.name, times.median()),
        }
    }
    Ok(())
}

/// By hand, compiled, and two drivers.
pub(crate) fn ten_nodes() -> Result<[Contender<'static>; 4], Failure> {
    let request = || (black_box(250), black_box(12));
    let driven = |name, driver: Driver<basket::Flow>| {
        Contender::new(name, move || {
            let (price, quantity) = request();
            let run = driver.execute::<basket::total>(basket::Inputs { price, quantity })?;
            Ok(run.into_values())
        })
    };
    let by_hand = Contender::sure("by hand", move || {
        let (price, quantity) = request();
        small::by_hand(price, quantity)
    });
    let entry = Contender::sure("compiled entry", move || {
        let (price, quantity) = request();
        basket::pay(&basket::PayInputs { price, quantity })
    });
    let sequential = basket::driver().executor(Executor::Sequential).build()?;
    let usual = basket::driver().build()?;
    Ok([
        by_hand,
        entry,
        driven("driver, sequential", sequential),
        driven("driver, as it is if nothing is said", usual),
    ])
}

//! Goal 8: nodes that await.

use std::hint::black_box;
use std::time::Duration;

use millstream::{Feed, Graph};
use millstream_benches::graphs::{awaited, awaited_part, awaited_part_by_hand, layered};
use millstream_benches::measure::{Contender, Failure, count, race};
use millstream_benches::small::{asking, by_hand_asking};
use millstream_benches::table::{Goal, Number};
use millstream_benches::workloads;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::{Bench, peers};

/// Nodes that sleep at the same time.
const SLEEPERS: u32 = 1_000;
/// How long the last of them does.
const LONGEST: Duration = Duration::from_millis(100);

pub(crate) fn run(bench: &mut Bench) -> Result<(), Failure> {
    if !bench.options.wants("8") {
        return Ok(());
    }
    ready(bench)?;
    compiled(bench)?;
    sleeping(bench)?;
    request(bench)
}

/// W3 of nodes that need not be waited for, beside peers whose nodes are futures anyway.
fn ready(bench: &mut Bench) -> Result<(), Failure> {
    bench.table.section("8", "Nodes that await, all of them ready, W3", "ns a node");
    let workload = workloads::awaited();
    let nodes = workload.nodes.len();
    let (awaiting, computed) = (runtime()?, runtime()?);
    let (waiting, waited) = (awaited::driver().build()?, awaited::driver().build()?);
    let computing = layered::driver().build()?;
    let mut contenders = vec![
        Contender::new("driver, `execute_async`", move || {
            Ok(awaiting.block_on(waiting.execute_async::<awaited::n1000>(()))?.into_values())
        }),
        Contender::new("driver, `execute`", move || Ok(waited.execute::<awaited::n1000>(())?.into_values())),
        Contender::new("driver, `execute_async`, nodes that compute", move || {
            Ok(computed.block_on(computing.execute_async::<layered::n1000>(()))?.into_values())
        }),
    ];
    let (rivals, left_out) = peers::on(&workload, workload.value());
    let own = contenders.len();
    let mut of_each = vec![nodes; own];
    for peer in rivals {
        contenders.push(peer.contender);
        of_each.push(peer.nodes);
    }
    let times = race(bench.options.effort, &mut contenders)?;
    let a_node = |at: usize| times[at].median() / count(of_each[at]);
    for (at, times) in times.iter().enumerate() {
        if at < own {
            bench.table.goal(&times.name, Goal::AtMost(200.0), a_node(at));
        } else {
            let remark = format!("{} times ours", Number(a_node(at) / a_node(0)));
            bench.table.goal_with(&times.name, Goal::AtLeast(a_node(0)), a_node(at), &remark);
        }
    }
    for line in left_out {
        bench.table.note(&line);
    }
    Ok(())
}

/// The same without a driver, as far as rustc takes it.
fn compiled(bench: &mut Bench) -> Result<(), Failure> {
    let nodes = count(workloads::awaited_part().nodes.len());
    let (hand, entry) = (runtime()?, runtime()?);
    let mut contenders = [
        Contender::sure("a fifth of it by hand, one await after another", move || {
            hand.block_on(awaited_part_by_hand())
        }),
        Contender::sure("a fifth of it, compiled entry", move || entry.block_on(awaited_part::entry())),
    ];
    for times in race(bench.options.effort, &mut contenders)? {
        bench.table.row(&times.name, times.median() / nodes);
    }
    Ok(())
}

/// Many nodes that sleep, each for another time, and one that adds up what they yield.
fn sleeping(bench: &mut Bench) -> Result<(), Failure> {
    let longest = if bench.options.quick { LONGEST / 10 } else { LONGEST };
    let time = move |sleeper: u32| longest.mul_f64(1.0 - f64::from(sleeper) / f64::from(2 * SLEEPERS));
    let names: Vec<String> = (0..SLEEPERS).map(|sleeper| format!("s{sleeper}")).collect();
    let mut graph = Graph::builder();
    for (sleeper, name) in (0..).zip(&names) {
        graph = graph.async_function(name.clone(), (), move || async move {
            sleep(time(sleeper)).await;
            1_u64
        });
    }
    let sum = |all: Vec<&u64>| all.into_iter().sum::<u64>();
    let graph = graph.function("sum", [Feed::group(names)], sum).build()?;
    let driver = graph.driver().build()?;
    let (alone, together, awaiting) = (runtime()?, runtime()?, runtime()?);
    let mut contenders = [
        Contender::sure("the longest alone", move || {
            alone.block_on(async { sleep(longest).await });
            u64::from(SLEEPERS)
        }),
        Contender::sure("tasks of tokio", move || {
            together.block_on(async {
                let mut tasks = JoinSet::new();
                (0..SLEEPERS).for_each(|sleeper| drop(tasks.spawn(sleep(time(sleeper)))));
                count_of(tasks.join_all().await.len())
            })
        }),
        Contender::new("driver", move || {
            let run = awaiting.block_on(driver.execute_named_async(["sum"], ()))?;
            Ok(*run.get::<u64>("sum")?)
        }),
    ];
    bench.table.section("8", "1,000 nodes that sleep, up to 100 ms each", "of longest");
    let times = race(bench.options.effort, &mut contenders)?;
    let [alone, tasks, driver] = &times[..] else { return Ok(()) };
    bench.table.row(&tasks.name, tasks.ratio_to(alone));
    bench.table.goal(&driver.name, Goal::AtMost(1.05), driver.ratio_to(alone));
    Ok(())
}

/// A small graph, as a service awaits it for each request.
fn request(bench: &mut Bench) -> Result<(), Failure> {
    let request = || (black_box(242), black_box(12));
    let (hand, entry, awaiting) = (runtime()?, runtime()?, runtime()?);
    let driver = asking::driver().build()?;
    let mut contenders = [
        Contender::sure("by hand", move || {
            let (item, quantity) = request();
            hand.block_on(by_hand_asking(item, quantity))
        }),
        Contender::sure("compiled entry", move || {
            let (item, quantity) = request();
            let inputs = asking::PayInputs { item, quantity };
            entry.block_on(asking::pay(&inputs))
        }),
        Contender::new("driver", move || {
            let (item, quantity) = request();
            let inputs = asking::inputs().item(item).quantity(quantity);
            Ok(awaiting.block_on(driver.execute_async::<asking::total>(inputs))?.into_values())
        }),
    ];
    bench.table.section("8", "Ten nodes and one that awaits, from request to answer", "ns a run");
    for times in race(bench.options.effort, &mut contenders)? {
        bench.table.row(&times.name, times.median());
    }
    Ok(())
}

fn runtime() -> Result<Runtime, Failure> {
    Ok(Builder::new_current_thread().enable_time().build()?)
}

fn count_of(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

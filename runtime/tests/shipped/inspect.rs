//! Closures before and after nodes.

use std::sync::{Arc, Mutex};

use millstream::layers::Inspect;
use millstream::{Graph, Nodes, Own, Retry};

use super::EXECUTORS;

#[test]
fn inputs_before_and_outcomes_after_each_attempt() {
    for executor in EXECUTORS {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (before, after) = (Arc::clone(&seen), Arc::clone(&seen));
        let inspect = Inspect::new()
            .before(move |call| {
                let inputs: Vec<String> =
                    call.inputs().map(|(name, value)| format!("{name}={value:?}")).collect();
                before.lock().unwrap().push(format!("{} {} {inputs:?}", call.node().name(), call.attempt()));
            })
            .after(move |call, outcome| {
                let outcome =
                    outcome.map(|()| format!("{:?}", call.output().unwrap())).map_err(ToString::to_string);
                after.lock().unwrap().push(format!("{outcome:?}"));
            });
        let tries = std::sync::atomic::AtomicU32::new(0);
        let graph = Graph::builder()
            .function("rows", (), || vec![1, 2])
            .try_function("sum", ["rows"], move |Own(rows): Own<Vec<i32>>| {
                match tries.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
                    0 => Err("not yet"),
                    _ => Ok(rows.iter().sum::<i32>()),
                }
            })
            .build()
            .unwrap();
        let driver = graph
            .driver()
            .executor(executor)
            .retry(Nodes::named(["sum"]), Retry::times(1))
            .layer_on(Nodes::named(["sum"]), inspect)
            .build()
            .unwrap();
        driver.execute_named(["sum"], ()).unwrap();
        assert_eq!(
            *seen.lock().unwrap(),
            ["sum 1 [\"rows=[1, 2]\"]", "Err(\"not yet\")", "sum 2 [\"rows=[1, 2]\"]", "Ok(\"3\")"]
        );
    }
}

#[test]
fn what_panics_is_told_of_as_the_nodes_panic() {
    let graph = Graph::builder().function("a", (), || 1).build().unwrap();
    let driver = graph.driver().layer(Inspect::new().before(|_| panic!("stop here"))).build().unwrap();
    let error = driver.execute_named(["a"], ()).unwrap_err();
    assert_eq!(format!("{error:#}"), "node `a` panicked: stop here");
}

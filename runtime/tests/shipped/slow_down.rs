//! Nodes that are slowed down.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use millstream::__private::Pace;
use millstream::layers::{Inspect, SlowDown};
use millstream::{CancellationToken, ErrorKind, Graph, Nodes};

use super::EXECUTORS;

fn graph() -> Graph {
    Graph::builder().function("a", (), || 1).function("b", ["a"], |a: &i32| a + 1).build().unwrap()
}

#[test]
fn each_call_waits_as_long_as_was_said() {
    for executor in EXECUTORS {
        let waits = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&waits);
        let driver = graph()
            .driver()
            .executor(executor)
            .pace(Pace::of(move |time| noted.lock().unwrap().push(time), 0))
            .layer(SlowDown::by(Duration::from_hours(1)))
            .layer_on(Nodes::named(["b"]), SlowDown::by(Duration::from_mins(1)))
            .build()
            .unwrap();
        assert_eq!(driver.execute_named(["b"], ()).unwrap().get::<i32>("b").unwrap(), &2);
        assert_eq!(*waits.lock().unwrap(), [60, 60, 1].map(Duration::from_mins));
    }
}

#[test]
fn a_run_that_is_called_off_does_not_wait() {
    for executor in EXECUTORS {
        let token = CancellationToken::new();
        let hand = token.clone();
        let driver = graph()
            .driver()
            .executor(executor)
            .layer(Inspect::new().before(move |_| hand.cancel()))
            .layer(SlowDown::by(Duration::from_hours(1_000)))
            .build()
            .unwrap();
        let error = driver.cancel_with(&token).execute_named(["b"], ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
    }
}

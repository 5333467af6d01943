//! Timings over many runs.

use std::time::Duration;

use millstream::hooks::Timings;

use super::EXECUTORS;
use super::numbers::{self, Inputs};

#[test]
fn calls_and_failures_are_counted_over_items_and_runs() {
    for executor in EXECUTORS {
        let times = Timings::new();
        let driver = numbers::driver().executor(executor).hook(times.clone()).build().unwrap();
        driver.execute::<numbers::sum>(Inputs { most: 4 }).unwrap();
        driver.execute::<numbers::sum>(Inputs { most: 3 }).unwrap();
        driver.override_value::<numbers::number>(vec![5]).execute::<numbers::sum>(()).unwrap_err();
        let count = |node: &str| times.of(node).map(|times| (times.count, times.failed));
        assert_eq!(
            [count("number"), count("half"), count("both")],
            [Some((2, 0)), Some((8, 1)), Some((2, 0))]
        );
        assert_eq!((times.runs().count, times.runs().failed), (3, 1));
        assert_eq!(times.of("most"), None);
    }
}

#[test]
fn numbers_add_up() {
    let times = Timings::new();
    let driver = numbers::driver().hook(times.clone()).build().unwrap();
    driver.override_value::<numbers::number>(vec![1; 1000]).execute::<numbers::sum>(()).unwrap();
    let nodes = times.nodes();
    assert!(nodes.is_sorted_by(|one, next| one.times.total >= next.times.total));
    assert!((nodes.iter().map(|node| node.share).sum::<f64>() - 1.0).abs() < 1e-9);
    for node in nodes {
        let times = node.times;
        assert!(times.min <= times.mean() && times.mean() <= times.max, "{times:?}");
        assert!(times.max <= times.total && times.min * u32::try_from(times.count).unwrap() <= times.total);
    }
    assert!(times.runs().total > Duration::ZERO);
}

#[test]
fn a_table_for_people() {
    let times = Timings::new();
    let driver = numbers::driver().hook(times.clone()).build().unwrap();
    driver.execute::<numbers::sum>(Inputs { most: 3 }).unwrap();
    let table = times.to_string();
    let first: Vec<&str> = table.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!((first.len(), first[0], first[4]), (5, "node", "runs"));
    let half = table.lines().find(|line| line.starts_with("half")).unwrap();
    assert_eq!(half.split_whitespace().nth(1), Some("3"));

    times.clear();
    assert!(times.nodes().is_empty() && times.runs().count == 0);
}

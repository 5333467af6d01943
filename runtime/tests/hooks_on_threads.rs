//! Those who listen to runs on several threads: each item of a block is told of once, in order, wherever it runs.

#![allow(
    clippy::trivially_copy_pass_by_ref,
    clippy::unnecessary_wraps,
    clippy::unwrap_used,
    reason = "the functions have the form of nodes"
)]

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Barrier, Mutex};
use std::thread::ThreadId;

use millstream::prelude::*;
use millstream::{BlockEvent, Hook, HookResult, ItemEvent, NodeEvent};

/// What was told of each item, and on which threads.
#[derive(Clone, Default)]
struct Told {
    by_items: Arc<Mutex<BTreeMap<Vec<usize>, Vec<String>>>>,
    threads: Arc<Mutex<HashSet<ThreadId>>>,
}

impl Told {
    fn write(&self, items: Vec<usize>, what: String) -> HookResult {
        self.threads.lock().unwrap().insert(std::thread::current().id());
        self.by_items.lock().unwrap().entry(items).or_default().push(what);
        Ok(())
    }
}

impl Hook for Told {
    fn before_node(&self, node: &NodeEvent<'_>) -> HookResult {
        let inputs: Vec<String> = node.inputs().map(|(name, value)| format!("{name} = {value:?}")).collect();
        self.write(node.items(), format!("> {} {inputs:?}", node.name()))
    }

    fn after_node(&self, node: &NodeEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
        self.write(node.items(), format!("< {} {:?} {}", node.name(), node.output(), outcome.is_ok()))
    }

    fn before_block(&self, block: &BlockEvent<'_>) -> HookResult {
        self.write(block.items(), format!("block {}", block.name()))
    }

    fn after_block(&self, block: &BlockEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
        self.write(block.items(), format!("end of block {} {}", block.name(), outcome.is_ok()))
    }

    fn before_item(&self, item: &ItemEvent<'_>) -> HookResult {
        self.write(item.items(), format!("item of {}", item.name()))
    }

    fn after_item(&self, item: &ItemEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
        self.write(item.items(), format!("end of item of {} {}", item.name(), outcome.is_ok()))
    }
}

#[dataflow]
mod table {
    use std::sync::{Arc, Barrier};

    use millstream::{Collect, Parallelizable};

    pub(crate) struct Meeting(pub(crate) Option<Arc<Barrier>>);

    #[inputs]
    pub(crate) struct Inputs {
        pub(crate) meeting: Meeting,
    }

    #[node]
    pub(crate) fn row() -> Parallelizable<u64> {
        Parallelizable::new(0..16)
    }

    /// The first take their time, so that the others have something to share; the last two wait for each other.
    #[node]
    pub(crate) fn busy(row: &u64, meeting: &Meeting) -> u64 {
        if let (14.., Some(meeting)) = (*row, &meeting.0) {
            meeting.wait();
        }
        let work = (0..300_000_u64).fold(*row, |mix, step| mix.rotate_left(5) ^ step);
        std::hint::black_box(work);
        *row
    }

    #[node]
    pub(crate) fn cell(busy: &u64) -> Parallelizable<u64> {
        Parallelizable::new(*busy..busy + 3)
    }

    #[node]
    pub(crate) fn square(cell: &u64) -> u64 {
        cell * cell
    }

    #[node]
    pub(crate) fn line(square: Collect<'_, u64>) -> u64 {
        square.iter().sum()
    }

    #[node]
    pub(crate) fn total(line: Collect<'_, u64>) -> u64 {
        line.iter().sum()
    }
}

fn told(executor: Executor, threads: usize) -> Told {
    let told = Told::default();
    let driver = table::driver().executor(executor).hook(told.clone()).build().unwrap();
    let meeting = table::Meeting((threads > 1).then(|| Arc::new(Barrier::new(2))));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let run = pool.install(|| driver.execute::<table::total>(table::Inputs { meeting })).unwrap();
    assert!(run.report().hook_errors().is_empty());
    let total: u64 = (0..16).flat_map(|row| row..row + 3).map(|cell| cell * cell).sum();
    assert_eq!(run.into_values(), total);
    told
}

#[test]
fn each_item_is_told_of_once_and_in_order_on_any_number_of_threads() {
    let one = told(Executor::Sequential, 1);
    let expected = one.by_items.lock().unwrap();
    assert_eq!(
        expected[&vec![15, 2]],
        ["item of cell", "> square [\"cell = 17\"]", "< square Some(289) true", "end of item of cell true",]
    );
    assert_eq!(
        expected[&vec![15]],
        [
            "item of row",
            "> busy [\"row = 15\", \"meeting = <Meeting>\"]",
            "< busy Some(15) true",
            "> cell [\"busy = 15\"]",
            "< cell Some(<Parallelizable<..>>) true",
            "block cell",
            "end of block cell true",
            "> line [\"square = [225, 256, 289]\"]",
            "< line Some(770) true",
            "end of item of row true",
        ]
    );
    assert_eq!(expected.len(), 1 + 16 + 16 * 3);
    for threads in [1, 2, 8] {
        let several = told(Executor::Rayon, threads);
        assert_eq!(*several.by_items.lock().unwrap(), *expected, "{threads} threads");
        assert!(several.threads.lock().unwrap().len() >= threads.min(2));
    }
}

//! Goals 7 and 8: dynamic blocks, and nodes that await.

use std::hint::black_box;

use millstream_benches::measure::{Contender, Failure, count, race};
use millstream_benches::workloads::{self, MIX};
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use crate::Bench;

/// Items of W5.
pub(crate) const ITEMS: usize = 10_000;

pub(crate) fn run(bench: &mut Bench) -> Result<(), Failure> {
    if bench.options.wants("7") {
        bench.table.section("7", "Dynamic blocks, W5", "ns an item");
        // As a graph W5 is a node an item: what peers without dynamic blocks are given.
        let graph = workloads::wide(ITEMS);
        let mut contenders = [
            Contender::sure("by hand, without collecting", || items().map(map).fold(0, u64::wrapping_add)),
            Contender::sure("by hand, collecting", || {
                reduce(&black_box(items().map(map).collect::<Vec<u64>>()))
            }),
            Contender::sure("rayon, collecting", || {
                let mut values = Vec::new();
                (0..ITEMS).into_par_iter().map(|item| map(item as u64 + 1)).collect_into_vec(&mut values);
                reduce(&black_box(values))
            }),
            Contender::sure("an interpreter of the graph", || graph.value()),
        ];
        for times in race(bench.options.effort, &mut contenders)? {
            bench.table.row(&times.name, times.median() / count(ITEMS));
        }
        bench.table.open("7", "dynamic blocks: at most 5 ns an item, on one thread and on two");
    }
    if bench.options.wants("8") {
        bench.table.section("8", "Nodes that await", "");
        bench
            .table
            .open("8", "at most 200 ns a node when all are ready; 1,000 that sleep, within 5 % of one");
    }
    Ok(())
}

fn items() -> impl Iterator<Item = u64> {
    1..=ITEMS as u64
}

fn map(item: u64) -> u64 {
    black_box(item).wrapping_mul(MIX)
}

fn reduce(values: &[u64]) -> u64 {
    values.iter().fold(0, |sum, value| sum.wrapping_add(*value))
}

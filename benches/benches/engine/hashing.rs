//! W7: how fast bytes are hashed; what the fingerprints of values can reach.

use std::hint::black_box;

use millstream_benches::measure::{Contender, Failure, count, race};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use crate::Bench;

pub(crate) fn run(bench: &mut Bench) -> Result<(), Failure> {
    if !bench.options.wants("hashing") {
        return Ok(());
    }
    bench.table.section("hashing", "Hashing, W7", "GB/s");
    let most = if bench.options.quick { 1_000_000 } else { 100_000_000 };
    for size in [1_000_000, most] {
        let bytes: Vec<u8> = (0..size).map(|index: usize| index.to_le_bytes()[0]).collect();
        let bytes = &bytes[..];
        let mut contenders = [
            Contender::sure("read only", || read(bytes)),
            Contender::sure("xxh3, 64 bits", || done(xxh3_64(black_box(bytes)))),
            Contender::sure("xxh3, 128 bits", || done(xxh3_128(black_box(bytes)))),
        ];
        for times in race(bench.options.effort, &mut contenders)? {
            let what = format!("{} MB, {}", size / 1_000_000, times.name);
            bench.table.row(&what, count(size) / times.median());
        }
    }
    Ok(())
}

fn read(bytes: &[u8]) {
    let words = black_box(bytes).chunks_exact(8).map(|word| word.try_into().map_or(0, u64::from_le_bytes));
    black_box(words.fold(0_u64, u64::wrapping_add));
}

/// Hashes differ, so that none is compared with another.
fn done<T>(hash: T) {
    black_box(hash);
}

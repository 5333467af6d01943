//! What the driver costs a node: the same graph by hand, sequentially and on rayon, ns a node.
//! `cargo bench -p millstream-benches --bench driver`.

use std::hint::black_box;

use millstream::Executor;
use millstream_benches::graphs::{chain, chain_by_hand, layered, layered_by_hand, wide, wide_by_hand};
use millstream_benches::timing::{Contender, medians};
use millstream_benches::workloads;

const ROUNDS: usize = 31;
const REPEAT: u32 = 50;

macro_rules! measure {
    ($name:ident, $by_hand:ident, $last:ident, $nodes:expr) => {{
        let sequential = $name::driver().executor(Executor::Sequential).build()?;
        let rayon = $name::driver().executor(Executor::Rayon).build()?;
        let expected = $by_hand();
        let run = |driver: &millstream::Driver<$name::Flow>| -> Result<u64, millstream::Error> {
            Ok(driver.execute::<$name::$last>(())?.into_values())
        };
        assert_eq!((run(&sequential)?, run(&rayon)?), (expected, expected));
        let mut contenders = [
            Contender { name: "by hand", run: Box::new(|| _ = black_box($by_hand())) },
            Contender { name: "sequential", run: Box::new(|| _ = black_box(run(&sequential))) },
            Contender { name: "rayon", run: Box::new(|| _ = black_box(run(&rayon))) },
        ];
        report(stringify!($name), $nodes, &mut contenders);
    }};
}

fn main() -> Result<(), millstream::Error> {
    let nodes: Vec<usize> = workloads::all().iter().map(|workload| workload.nodes.len()).collect();
    println!(
        "ns a node, medians of {ROUNDS} interleaved rounds of {REPEAT} runs; in brackets the ratio to the calls by hand"
    );
    measure!(chain, chain_by_hand, n999, nodes[0]);
    measure!(wide, wide_by_hand, n1001, nodes[1]);
    measure!(layered, layered_by_hand, n1000, nodes[2]);
    Ok(())
}

fn report(workload: &str, nodes: usize, contenders: &mut [Contender<'_>]) {
    let times = medians(contenders, ROUNDS, REPEAT);
    print!("{workload:>8}");
    for (contender, time) in contenders.iter().zip(&times) {
        #[allow(clippy::cast_precision_loss, reason = "a count of nodes")]
        let per_node = time / nodes as f64;
        print!("   {}: {per_node:>8.1} ({:.1})", contender.name, time / times[0]);
    }
    println!();
}

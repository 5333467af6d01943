//! `dagex`: closures over maps by name, layer by layer, without its cache.

use std::collections::HashMap;

use dagex::{CacheOptions, Graph, GraphData};
use millstream_benches::measure::{Contender, Failure};
use millstream_benches::workloads::Workload;

use super::Peer;
use crate::THREADS;

pub(super) fn sequential(workload: &Workload) -> Result<Option<Peer>, Failure> {
    enter(workload, false)
}

pub(super) fn parallel(workload: &Workload) -> Result<Option<Peer>, Failure> {
    enter(workload, true)
}

fn enter(workload: &Workload, parallel: bool) -> Result<Option<Peer>, Failure> {
    let tasks = workload.tasks(usize::MAX);
    let mut graph = Graph::new();
    for (index, task) in tasks.iter().enumerate() {
        let names: Vec<String> = task.needs.iter().map(|need| format!("n{need}")).collect();
        let (kernel, own) = (task.kernel, format!("n{index}"));
        let function = {
            let (names, own) = (names.clone(), own.clone());
            move |inputs: &HashMap<String, GraphData>| {
                let needs = names.iter().filter_map(|name| inputs.get(name)?.as_int());
                let value = kernel.value(needs.map(i64::cast_unsigned));
                HashMap::from([(own.clone(), GraphData::int(value.cast_signed()))])
            }
        };
        let inputs = names.iter().map(|name| (name.as_str(), name.as_str())).collect();
        graph.add(function, Some(&own), Some(inputs), Some(vec![(&own, &own)]));
    }
    let dag = graph.build();
    let last = format!("n{}", tasks.len() - 1);
    let contender = Contender::new("", move || {
        let context = dag.execute_with_options(parallel, Some(THREADS), CacheOptions::disabled());
        let value = context.get(&last).and_then(GraphData::as_int).ok_or("no value")?;
        Ok(value.cast_unsigned())
    });
    Ok(Some(Peer::new(&tasks, contender)))
}

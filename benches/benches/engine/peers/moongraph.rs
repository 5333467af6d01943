//! `moongraph`: systems over resources by type; order by name, values in one resource.

use millstream_benches::measure::{Contender, Failure};
use millstream_benches::workloads::Workload;
use moongraph::{Graph, GraphError, NoDefault, View};

use super::Peer;
use super::support::Slots;

/// It searches for a schedule, which of more edges than these takes minutes.
const MOST_EDGES: usize = 1_000;

pub(super) fn enter(workload: &Workload) -> Result<Option<Peer>, Failure> {
    let tasks = workload.tasks(usize::MAX);
    if tasks.iter().map(|task| task.needs.len()).sum::<usize>() > MOST_EDGES {
        return Ok(None);
    }
    let mut graph = Graph::default().with_resource(Slots::of(&tasks));
    for (index, task) in tasks.iter().enumerate() {
        let own = task.clone();
        let run = move |slots: View<Slots, NoDefault>| -> Result<(), GraphError> {
            slots.run(index, &own);
            Ok(())
        };
        let mut node = Graph::node(run).with_name(format!("n{index}"));
        for need in &task.needs {
            node = node.run_after(format!("n{need}"));
        }
        graph.add_node(node);
    }
    graph.reschedule()?;
    let contender = Contender::new("", move || {
        graph.run()?;
        Ok(graph.get_resource::<Slots>()?.ok_or("no slots")?.last())
    });
    Ok(Some(Peer::new(&tasks, contender)))
}

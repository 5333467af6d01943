//! `dagrs`: async actions that send values through channels, on tokio.

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use dagrs::{
    Action, Content, DefaultNode, EnvVar, Graph, InChannels, Node, NodeId, NodeTable, OutChannels, Output,
};
use millstream_benches::interpret::Kernel;
use millstream_benches::measure::{Contender, Failure};
use millstream_benches::workloads::Workload;

use super::Peer;
use super::support::tokio_runtime;

struct Compute {
    kernel: Kernel,
    needs: Vec<NodeId>,
}

#[async_trait]
impl Action for Compute {
    async fn run(&self, inputs: &mut InChannels, outputs: &mut OutChannels, _: Arc<EnvVar>) -> Output {
        let mut values = Vec::with_capacity(self.needs.len());
        for need in &self.needs {
            let content = inputs.recv_from(need).await.ok();
            match content.and_then(Content::into_inner::<u64>) {
                Some(value) => values.push(*value),
                None => return Output::Out(None),
            }
        }
        let value = self.kernel.value(values.into_iter());
        outputs.broadcast(Content::new(value)).await;
        Output::Out(Some(Content::new(value)))
    }
}

pub(super) fn enter(workload: &Workload) -> Result<Option<Peer>, Failure> {
    let tasks = workload.tasks(usize::MAX);
    let runtime = tokio_runtime()?;
    let (mut graph, mut table) = (Graph::new(), NodeTable::default());
    let mut ids: Vec<NodeId> = Vec::with_capacity(tasks.len());
    let mut dependents = vec![Vec::new(); tasks.len()];
    for (index, task) in tasks.iter().enumerate() {
        let needs = task.needs.iter().map(|need| ids[*need]).collect();
        let action = Compute { kernel: task.kernel, needs };
        let node = DefaultNode::with_action(format!("n{index}"), action, &mut table);
        ids.push(node.id());
        graph.add_node(node)?;
        for need in &task.needs {
            dependents[*need].push(ids[index]);
        }
    }
    for (index, dependents) in dependents.into_iter().enumerate() {
        if !dependents.is_empty() {
            graph.add_edge(ids[index], dependents)?;
        }
    }
    graph.set_env(EnvVar::new(table));
    let last = ids.pop().ok_or("no nodes")?;
    let contender = Contender::timed("", move || {
        let start = Instant::now();
        runtime.block_on(graph.async_start())?;
        let elapsed = start.elapsed();
        let value = graph.get_results::<u64>().remove(&last).flatten().ok_or("no value")?;
        runtime.block_on(graph.reset())?;
        Ok((*value, elapsed))
    });
    Ok(Some(Peer::new(&tasks, contender)))
}

//! What a request comes to: which tasks run, in which order, and who may move which value.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::context::Here;
use crate::descriptor::NONE;
use crate::driver::Core;
use crate::graph::{Graph, GraphData};
use crate::memory::{BlockPlan, Instance, Program, SlotId};
use crate::value::Value;

use super::asynchronous::Waits;
use super::costs::Costs;
use super::needs::Needs;
use super::policy::Policies;
use super::tasks::{Access, Region};
use super::values::Values;
use super::{lower, tasks};

/// Which nodes are asked for, and which the caller gives: what a plan depends on, besides the graph.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    /// As often as they are asked for.
    pub(crate) outputs: Vec<u32>,
    /// In the order of the graph.
    pub(crate) given: Vec<u32>,
    /// Whether an item of a block may fail, and only what needs it does.
    pub(crate) items_may_fail: bool,
}

impl Key {
    pub(crate) fn of(outputs: Vec<u32>, given: impl Iterator<Item = u32>) -> Self {
        let mut given: Vec<u32> = given.collect();
        given.sort_unstable();
        given.dedup();
        Self { outputs, given, items_may_fail: false }
    }

    /// Whether it is that of a request for some outputs, with values in the order of the graph.
    pub(crate) fn is(&self, outputs: &[u32], values: &[(u32, Value)], items_may_fail: bool) -> bool {
        let given = values.chunk_by(|(node, _), (next, _)| node == next).map(|same| same[0].0);
        self.items_may_fail == items_may_fail
            && self.outputs == outputs
            && given.eq(self.given.iter().copied())
    }
}

/// Tasks and everything that running them takes, as indices.
pub(crate) struct Plan {
    pub(crate) graph: Graph,
    pub(crate) policies: Arc<Policies>,
    pub(crate) key: Key,
    pub(crate) needs: Needs,
    /// In the order in which they run where one runs after another. The position is the rank.
    pub(crate) tasks: Vec<PlannedTask>,
    pub(crate) program: Arc<Program>,
    /// For each node that the caller gives its slot, if the value is needed.
    pub(crate) inputs: Vec<Option<SlotId>>,
    /// For each output where it is left.
    pub(crate) outputs: Vec<SlotId>,
    /// For each slot of the program the node whose value it holds.
    pub(crate) nodes: Vec<u32>,
    /// For each slot the rank of the task that fills it, if one does.
    pub(crate) makers: Vec<Option<usize>>,
    /// For each task whether its failure is no reason for the run to stop; empty where every failure is one.
    contained: Vec<bool>,
    pub(crate) has_blocks: bool,
    is_waiting: bool,
    pub(crate) costs: Costs,
    /// Which tasks wait for which, for runs that are futures.
    waits: OnceLock<Waits>,
    /// Memory that an earlier run has left.
    #[allow(clippy::vec_box, reason = "runs pass them on, and they are large")]
    spare: Mutex<Vec<Box<Instance>>>,
}

/// A task as others see it.
#[derive(Clone)]
pub(crate) struct PlannedTask {
    pub(crate) node: u32,
    pub(crate) kind: TaskKind,
}

/// What a task does.
#[derive(Clone)]
pub(crate) enum TaskKind {
    /// Makes the value of an input that the caller has not given.
    Default,
    /// Calls the function of a node, or takes its value apart, or both.
    Node,
    /// Makes the constant that stands in for a node.
    Constant,
    /// Takes what a node has come to, or what stands in for it.
    Choose,
    /// Runs the dynamic block that a node opens.
    Block(Arc<PlannedBlock>),
    /// Hands on a list that a block has filled, unless something is missing of it.
    Gather,
    /// Hands on the items of a block: those that are given, one that comes in, those that are done.
    Items,
    /// Clones a value that is asked for more than once.
    Copy,
}

/// The tasks of a dynamic block.
pub(crate) struct PlannedBlock {
    pub(crate) tasks: Vec<PlannedTask>,
    /// The slots of what comes in from outside besides the items: there, and in the block.
    pub(crate) imports: Vec<(SlotId, SlotId)>,
    pub(crate) plan: Arc<BlockPlan>,
}

/// Memory that is kept for later runs of a plan: as many as are likely to go on at the same time.
const MOST_SPARE: usize = 8;

impl Plan {
    /// The plan of a request; `problems` if values would have to be cloned that cannot be.
    pub(crate) fn of(core: &Core, key: Key, needs: Needs, problems: &mut Vec<String>) -> Option<Self> {
        let (graph, policies) = (core.graph.data(), &core.policies);
        let mut requested = vec![false; graph.nodes.len()];
        for output in &key.outputs {
            let ty = Values::new(graph).ty(Values::new(graph).outside(*output));
            if std::mem::replace(&mut requested[*output as usize], true) && !ty.can_clone() {
                problems.push(format!(
                    "`{}` is asked for twice, but `{}` cannot be cloned; ask for it once, or {}",
                    graph.name(*output),
                    ty.text(),
                    ty.how_to_clone()
                ));
            }
        }
        problems.extend(key.outputs.iter().chain(&key.given).filter_map(|node| graph.unknown_lists(*node)));
        let tasks = tasks::plan(graph, &key, &needs, policies, problems);
        problems.extend(kept_by_strays(graph, &key, &tasks));
        if !problems.is_empty() {
            return None;
        }
        match lower::lower(graph, &key, &needs, &tasks) {
            Ok(lower::Lowered { program, tasks, inputs, outputs, nodes }) => {
                let makers = program.makers();
                let contained = if program.is_tolerant() { program.contained(&outputs) } else { Vec::new() };
                let is_waiting = program.is_waiting();
                let has_blocks = tasks.iter().any(|task| matches!(task.kind, TaskKind::Block(_)));
                Some(Self {
                    graph: core.graph.clone(),
                    policies: Arc::clone(policies),
                    key,
                    needs,
                    tasks,
                    program: Arc::new(program),
                    inputs,
                    outputs,
                    nodes,
                    makers,
                    contained,
                    has_blocks,
                    is_waiting,
                    costs: Costs::default(),
                    waits: OnceLock::new(),
                    spare: Mutex::default(),
                })
            }
            Err(problem) => {
                problems.push(problem);
                None
            }
        }
    }

    /// Whether all that need what a task makes do without it, if need be.
    pub(crate) fn is_contained(&self, rank: usize) -> bool {
        self.contained.get(rank).copied().unwrap_or(false)
    }

    /// The rank of the task that calls the function of a node.
    pub(crate) fn rank_of(&self, node: u32) -> Option<usize> {
        self.tasks.iter().position(|task| task.node == node && matches!(task.kind, TaskKind::Node))
    }

    /// Which tasks wait for which.
    pub(crate) fn waits(&self) -> &Waits {
        self.waits.get_or_init(|| Waits::of(self))
    }

    /// Whether any task waits for a future.
    pub(crate) fn is_waiting(&self) -> bool {
        self.is_waiting
    }

    /// Memory for a run.
    pub(crate) fn instance(&self) -> Box<Instance> {
        let spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner).pop();
        spare.unwrap_or_else(|| Box::new(Instance::new(Arc::clone(&self.program))))
    }

    /// Takes memory back that has no values in it any more.
    pub(crate) fn recycle(&self, mut instance: Box<Instance>) {
        // It knows a run, and a run knows the plan.
        instance.set_here(Here::default());
        let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        if spare.len() < MOST_SPARE {
            spare.push(instance);
        }
    }
}

/// What is asked for must be cloned where a task that has been abandoned may still look at it.
fn kept_by_strays(graph: &GraphData, key: &Key, region: &Region) -> Vec<String> {
    let values = Values::new(graph);
    let mut problems = Vec::new();
    for task in region.tasks.iter().filter(|task| task.strays) {
        for arg in region.args_of(task).iter().filter(|arg| arg.access == Access::Borrow && arg.value != NONE)
        {
            let ty = values.ty(arg.value);
            if key.outputs.iter().any(|output| values.outside(*output) == arg.value) && !ty.can_clone() {
                problems.push(format!(
                    "`{}` is asked for, and `{}` may still look at it when its time is over, but `{}` cannot be cloned; {}, or ask for something else",
                    values.name(arg.value),
                    graph.name(task.node),
                    ty.text(),
                    ty.how_to_clone()
                ));
            }
        }
    }
    problems
}

pub(crate) fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(NONE)
}

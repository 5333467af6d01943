//! The hooks and layers of a driver.

use std::any::type_name;
use std::fmt;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::sync::Arc;

use futures_util::future::Either;

use crate::driver::Nodes;
use crate::fault::{Fault, guard, guarded};
use crate::graph::{Graph, GraphData};
use crate::value_type::type_called;
use crate::wait::at_once;

use super::listener::{Answer, Awaited, Listener, Plain};
use super::{AsyncHook, BoxedError, Hook, HookResult, Layer, Points};

/// A hook with its name, for those who are told what went wrong with it.
#[derive(Clone)]
pub(crate) struct Named {
    hook: Arc<dyn Listener>,
    name: &'static str,
    /// Which nodes it is told of; all if nothing is said.
    nodes: Option<Arc<[bool]>>,
}

/// What has come of telling a hook something.
pub(super) type Told<'h> = Either<Ready<Said>, Pin<Box<dyn Future<Output = Said> + Send + 'h>>>;
type Said = Result<(), HookError>;

/// The hooks and layers of a driver, sorted by what they listen to, and by node.
#[derive(Default)]
pub(crate) struct Hooks {
    all: Vec<Named>,
    pub(crate) inputs: Vec<Named>,
    pub(crate) run: Vec<Named>,
    pub(crate) node: Vec<Named>,
    pub(crate) block: Vec<Named>,
    pub(crate) item: Vec<Named>,
    pub(crate) message: Vec<Named>,
    pub(crate) times: bool,
    /// Whether any of them has to be awaited; and whether any that is told of tasks.
    waits: bool,
    waits_at_tasks: bool,
    /// With the names of their types.
    layers: Vec<(String, Arc<dyn Layer>)>,
    /// For each node the layers round it, the outermost first; empty where no node has any.
    by_node: Vec<Vec<u32>>,
}

/// The same while a driver is being built.
#[derive(Default)]
pub(crate) struct HooksBuilder {
    hooks: Vec<(Option<Nodes>, Named)>,
}

impl HooksBuilder {
    /// Adds one that is told of some nodes; of all if nothing is said.
    pub(crate) fn add<H: Hook>(&mut self, nodes: Option<Nodes>, hook: H) {
        self.push(nodes, type_name::<H>(), Arc::new(Plain(hook)));
    }

    /// The same of one that has to be awaited.
    pub(crate) fn add_async<H: AsyncHook>(&mut self, nodes: Option<Nodes>, hook: H) {
        self.push(nodes, type_name::<H>(), Arc::new(Awaited(hook)));
    }

    fn push(&mut self, nodes: Option<Nodes>, name: &'static str, hook: Arc<dyn Listener>) {
        self.hooks.push((nodes, Named { hook, name, nodes: None }));
    }

    pub(crate) fn build(self, graph: &GraphData, problems: &mut Vec<String>) -> Hooks {
        let mut all = Vec::with_capacity(self.hooks.len());
        for (nodes, mut hook) in self.hooks {
            if let Some(nodes) = nodes {
                let mut is_told = vec![false; graph.nodes.len()];
                let setting = format!("hook `{}`", type_called(hook.name));
                for node in nodes.find(graph, &setting, problems) {
                    is_told[node as usize] = true;
                }
                hook.nodes = Some(is_told.into());
            }
            all.push(hook);
        }
        let listening = |point: Points| {
            let listens = |it: &&Named| it.hook.listens().contains(point);
            all.iter().filter(listens).cloned().collect::<Vec<_>>()
        };
        let waits = |points: &[Points]| {
            let awaited = all.iter().filter(|it| it.hook.waits());
            awaited.into_iter().any(|it| points.iter().any(|point| it.hook.listens().contains(*point)))
        };
        let at_tasks = [Points::NODE, Points::BLOCK, Points::ITEM];
        Hooks {
            waits_at_tasks: waits(&at_tasks),
            waits: waits(&at_tasks) || waits(&[Points::RUN, Points::INPUTS]),
            inputs: listening(Points::INPUTS),
            run: listening(Points::RUN),
            node: listening(Points::NODE),
            block: listening(Points::BLOCK),
            item: listening(Points::ITEM),
            message: listening(Points::MESSAGE),
            times: !listening(Points::TIMES).is_empty(),
            all,
            layers: Vec::new(),
            by_node: Vec::new(),
        }
    }
}

impl Named {
    /// Whether it is told of a node.
    pub(crate) fn is_told_of(&self, node: u32) -> bool {
        self.nodes.as_ref().is_none_or(|nodes| nodes[node as usize])
    }

    /// Whether it may have to be awaited.
    pub(super) fn waits(&self) -> bool {
        self.hook.waits()
    }

    /// Tells it something, at once. Only where it has to be awaited there is anything to wait for.
    pub(super) fn tell<'h>(
        &'h self,
        point: &'static str,
        tell: impl FnOnce(&'h dyn Listener) -> Answer<'h>,
    ) -> Told<'h> {
        let answer = match guard(|| tell(&*self.hook)) {
            Ok(Answer::Later(answer)) => {
                return Either::Right(Box::pin(async move { self.said(point, guarded(answer).await) }));
            }
            Ok(Answer::Now(answer)) => Ok(answer),
            Err(fault) => Err(fault),
        };
        Either::Left(ready(self.said(point, answer)))
    }

    /// The same where nobody has to be awaited: no future is made.
    pub(super) fn tell_now<'h>(
        &'h self,
        point: &'static str,
        tell: impl FnOnce(&'h dyn Listener) -> Answer<'h>,
    ) -> Said {
        let answer = match guard(|| tell(&*self.hook)) {
            Ok(Answer::Now(answer)) => Ok(answer),
            Ok(Answer::Later(answer)) => at_once(guarded(answer)),
            Err(fault) => Err(fault),
        };
        self.said(point, answer)
    }

    #[inline]
    fn said(&self, point: &'static str, answer: Result<HookResult, Fault>) -> Said {
        match answer {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(self.error(point, Why::Error(error))),
            Err(Fault::Panic(message)) => Err(self.error(point, Why::Panic(message))),
            Err(_) => Err(self.error(point, Why::Panic(String::new()))),
        }
    }

    #[cold]
    fn error(&self, point: &'static str, why: Why) -> HookError {
        HookError { inner: Arc::new(Inner { hook: self.name, point, node: None, why }) }
    }
}

impl Hooks {
    /// What they have against a graph.
    pub(crate) fn problems(&self, graph: &Graph) -> Vec<String> {
        let mut problems = Vec::new();
        for node in graph.all() {
            for hook in self.all.iter().filter(|hook| hook.is_told_of(node.index())) {
                let refused = hook.tell_now("node_built", |hook| hook.node_built(node)).err();
                problems.extend(refused.map(|error| {
                    format!(
                        "{} `{}` is refused: {}",
                        node_word(graph.data(), node.name()),
                        node.name(),
                        error.text()
                    )
                }));
            }
        }
        for hook in &self.all {
            let refused = hook.tell_now("graph_built", |hook| hook.graph_built(graph)).err();
            problems.extend(refused.map(|error| format!("the graph is refused: {}", error.text())));
        }
        problems
    }

    pub(crate) fn add_layer(
        &mut self,
        graph: &GraphData,
        nodes: &[u32],
        name: String,
        layer: Arc<dyn Layer>,
    ) {
        let number = u32::try_from(self.layers.len()).unwrap_or(u32::MAX);
        self.layers.push((name, layer));
        self.by_node.resize(graph.nodes.len(), Vec::new());
        for node in nodes {
            self.by_node[*node as usize].push(number);
        }
    }

    /// Whether there are any layers.
    pub(crate) fn have_layers(&self) -> bool {
        !self.layers.is_empty()
    }

    /// The layers round a node, the outermost first.
    pub(crate) fn layers(&self, node: u32) -> &[u32] {
        self.by_node.get(node as usize).map_or(&[], Vec::as_slice)
    }

    /// Whether there are any, of which one knows only of threads.
    pub(crate) fn need_a_thread(&self, node: u32) -> bool {
        let knows = |number: &u32| self.layer(*number).is_some_and(|layer| layer.awaited().is_some());
        !self.layers(node).iter().all(knows)
    }

    pub(crate) fn layer(&self, number: u32) -> Option<&dyn Layer> {
        self.layers.get(number as usize).map(|(_, layer)| &**layer)
    }

    /// The name of its type.
    pub(crate) fn layer_name(&self, number: u32) -> &str {
        self.layers.get(number as usize).map_or("", |(name, _)| name)
    }

    /// Whether a run has to wait for any of them.
    pub(crate) fn wait(&self) -> bool {
        self.waits
    }

    /// Whether its tasks have to.
    pub(crate) fn wait_at_tasks(&self) -> bool {
        self.waits_at_tasks
    }

    /// Whether anybody is told of what begins, and so is to be told how it ends.
    pub(crate) fn are_there(&self) -> bool {
        !self.run.is_empty() || self.are_there_for_tasks()
    }

    /// Whether anybody is told of tasks.
    pub(crate) fn are_there_for_tasks(&self) -> bool {
        [&self.node, &self.block, &self.item].iter().any(|list| !list.is_empty())
    }

    /// Whether a run is of interest to anybody.
    pub(crate) fn listen(&self) -> bool {
        !self.inputs.is_empty() || self.are_there() || self.have_layers()
    }

    /// Whether each task of a run is.
    pub(crate) fn listen_to_tasks(&self) -> bool {
        self.are_there_for_tasks() || self.have_layers()
    }
}

fn node_word(graph: &GraphData, name: &str) -> &'static str {
    graph.find(name).map_or("node", |index| graph.node(index).kind_word())
}

/// That a hook has failed: which, at which point, and why. Cloning it is cheap.
///
/// ```
/// use millstream::{Graph, Hook, HookResult, RunInfo};
///
/// struct Full;
/// impl Hook for Full {
///     fn before_run(&self, _: &RunInfo<'_>) -> HookResult {
///         Err("the disk is full".into())
///     }
/// }
///
/// let driver = Graph::builder().function("a", (), || 1.5).build()?.driver().hook(Full).build()?;
/// let report = driver.execute_named(["a"], ())?.report();
/// assert_eq!(report.hook_errors()[0].to_string(), "hook `Full` failed before_run: the disk is full");
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone)]
pub struct HookError {
    inner: Arc<Inner>,
}

struct Inner {
    hook: &'static str,
    point: &'static str,
    node: Option<String>,
    why: Why,
}

enum Why {
    Error(BoxedError),
    Panic(String),
}

impl HookError {
    /// The same, told of a node.
    pub(crate) fn of_node(self, name: &str) -> Self {
        match Arc::try_unwrap(self.inner) {
            Ok(inner) => Self { inner: Arc::new(Inner { node: Some(name.to_owned()), ..inner }) },
            Err(inner) => Self { inner },
        }
    }

    /// The name of the hook's type, without the paths.
    ///
    /// ```
    /// # use millstream::{Graph, Hook, HookResult, RunInfo};
    /// # struct Full;
    /// # impl Hook for Full {
    /// #     fn before_run(&self, _: &RunInfo<'_>) -> HookResult {
    /// #         Err("the disk is full".into())
    /// #     }
    /// # }
    /// # let driver = Graph::builder().function("a", (), || 1.5).build()?.driver().hook(Full).build()?;
    /// # let report = driver.execute_named(["a"], ())?.report();
    /// assert_eq!(report.hook_errors()[0].hook(), "Full");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn hook(&self) -> String {
        crate::value_type::short_name(self.inner.hook)
    }

    /// The point at which it failed: the name of the method.
    ///
    /// ```
    /// # use millstream::{Graph, Hook, HookResult, RunInfo};
    /// # struct Full;
    /// # impl Hook for Full {
    /// #     fn before_run(&self, _: &RunInfo<'_>) -> HookResult {
    /// #         Err("the disk is full".into())
    /// #     }
    /// # }
    /// # let driver = Graph::builder().function("a", (), || 1.5).build()?.driver().hook(Full).build()?;
    /// # let report = driver.execute_named(["a"], ())?.report();
    /// assert_eq!(report.hook_errors()[0].point(), "before_run");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn point(&self) -> &'static str {
        self.inner.point
    }

    /// The node it was told of, if it was one.
    ///
    /// ```
    /// # use millstream::{Graph, Hook, HookResult, RunInfo};
    /// # struct Full;
    /// # impl Hook for Full {
    /// #     fn before_run(&self, _: &RunInfo<'_>) -> HookResult {
    /// #         Err("the disk is full".into())
    /// #     }
    /// # }
    /// # let driver = Graph::builder().function("a", (), || 1.5).build()?.driver().hook(Full).build()?;
    /// # let report = driver.execute_named(["a"], ())?.report();
    /// assert_eq!(report.hook_errors()[0].node(), None);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn node(&self) -> Option<&str> {
        self.inner.node.as_deref()
    }

    pub(super) fn text(&self) -> String {
        let hook = self.hook();
        match &self.inner.why {
            Why::Error(error) => format!("{error} (hook `{hook}`)"),
            Why::Panic(message) => format!("hook `{hook}` panicked: {message}"),
        }
    }
}

impl fmt::Display for HookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, why) = match &self.inner.why {
            Why::Error(error) => ("failed", error.to_string()),
            Why::Panic(message) => ("panicked", message.clone()),
        };
        write!(f, "hook `{}` {what} {}", self.hook(), self.inner.point)?;
        if let Some(node) = &self.inner.node {
            write!(f, " of `{node}`")?;
        }
        write!(f, ": {why}")
    }
}

impl fmt::Debug for HookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl std::error::Error for HookError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.inner.why {
            Why::Error(error) => error.source(),
            Why::Panic(_) => None,
        }
    }
}
